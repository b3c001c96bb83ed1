"""What a merge leaves beside its PDFs: the list of them (manifest.csv), an archive for each row, and no litter."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

NAME = "manifest.csv"
ONE_FILE = "editions.pdf"
NOT_BUILT = "not built"
# Programs for spreadsheets run a cell that begins so as a formula.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
# Programs for spreadsheets take a CSV without it for Windows-1252.
_MARK = "\ufeff"
# The earliest date that an archive can hold: the same rows give the same bytes on every day.
_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
# How a file is called while it is being written: project.put_in_place.
_TEMPORARY = re.compile(r"\..+\.(\d{1,9})-[0-9a-f]{8}")


@dataclass(frozen=True)
class Record:
    """One line of the manifest: a PDF of an edition.

    `file` is its path from the manifest's folder. `state` is "fast" where the finished page was given the row's
    values, "full: why" where it was laid out anew, "not built" where there is no file, and then all but `id` is empty.
    """

    id: str
    file: str = ""
    pages: int = 0
    sha256: str = ""
    revision: str = ""
    state: str = NOT_BUILT


COLUMNS = tuple(field.name for field in fields(Record))


def lines(records: Iterable[Record]) -> bytes:
    """Records as lines of the manifest."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerows([_safe(str(value or "")) for value in astuple(record)] for record in records)
    return told.getvalue().encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def manifest(parts: Iterable[bytes]) -> bytes:
    """The whole manifest of parts that `lines` made: UTF-8 with a byte order mark, so that every program reads it."""
    return b"".join([f"{_MARK}{','.join(COLUMNS)}\r\n".encode(), *parts])


def read_records(part: bytes) -> list[Record]:
    """The records in what `lines` made."""
    return [
        Record(name.removeprefix("'") if name[1:].startswith(_FORMULAS) else name, file, int(pages or 0), *rest)
        for name, file, pages, *rest in csv.reader(io.StringIO(part.decode(), newline=""))
    ]


def archive(files: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP file of names and contents, the same bytes for the same files. Not packed: a PDF is packed already."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as packed:
        for name, data in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.external_attr, entry.create_system = _READABLE, 3
            packed.writestr(entry, data)
    return written.getvalue()


def sweep(folder: Path) -> None:
    """Remove what writers that were cut off left in a folder: temporary files of processes that are no more.

    A folder that is not there, or not ours, is left alone: whoever writes to it says what is wrong.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if (left := _TEMPORARY.fullmatch(entry.name)) and not _runs(int(left[1])):
                Path(entry.path).unlink(missing_ok=True)


def _runs(process: int) -> bool:
    """Whether there is such a process; on Windows, where asking would end it, every one is taken to be there.

    One that was killed is listed until somebody asks how it ended, which may be never. It runs no program.
    """
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
        if sys.platform == "linux":
            os.readlink(f"/proc/{process}/exe")
    except (ProcessLookupError, FileNotFoundError):
        return False
    except (PermissionError, OverflowError):
        return True
    return True
