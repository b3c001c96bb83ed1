"""A spreadsheet as people save it (CSV of any kind, or .xlsx) as a header and rows of text, each with its line."""

from __future__ import annotations

import codecs
import contextlib
import csv
import itertools
import re
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from handouts.findings import Finding, Findings

# More than 100,000 schools with everything that can be said of them.
MOST_BYTES = 50_000_000
# The longest cell that a program for spreadsheets lets one type is 32,767 characters.
_LONGEST_CELL = 131_072
# Texts longer than this are kept in a file while they are read; and so much of a text is read at once.
_FELT, _PIECE = 500_000, 65_536
_DELIMITERS = ",;\t"
_AS_CSV = "save the spreadsheet as .xlsx or CSV, and name that file"
# How files begin that are often taken for a spreadsheet, or named like one.
_FOREIGN = {
    b"%PDF": "is a PDF, not a spreadsheet",
    b"\xd0\xcf\x11\xe0": "is a workbook of an old kind (.xls), or one with a password",
    b"\x89PNG": "is a picture, not a spreadsheet",
    b"\xff\xd8\xff": "is a picture, not a spreadsheet",
    b"{\\rtf": "is a letter (RTF), not a spreadsheet",
}
Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True)
class Table:
    """A header and what stands below it.

    `line` is the header's line, as an editor counts lines, or its row in a workbook. `rows` reads the table anew each
    time: a row is the line that it begins on, and its cells, which may be fewer or more than the header has.

    *Why anew:* thousands of rows are never in memory at once.
    """

    file: str
    line: int
    header: tuple[str, ...]
    rows: Callable[[], Rows]


def read_table(data: bytes, file: str) -> Table:
    """The table in the bytes of a file; Findings where there is none.

    UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252; commas, semicolons or tabs, whichever
    the header has most of. Rows without any text are left out.
    """
    if len(data) > MOST_BYTES:
        message = f"is {len(data) / 1e6:.0f} MB long, more than the {MOST_BYTES // 1_000_000} MB that are read"
        raise Findings([Finding(file, 0, message, "check that it is the right file, or split it")])
    for start, message in _FOREIGN.items():
        if data.startswith(start):
            raise Findings([Finding(file, 0, message, _AS_CSV)])
    if data.startswith(b"PK\x03\x04"):
        from handouts.editions.workbook import Workbook

        read: Callable[[], Rows] = Workbook(data, file).rows
    else:
        read = _text_rows(data, file)

    def filled() -> Rows:
        return ((line, cells) for line, cells in read() if any(map(str.strip, cells)))

    first = next(filled(), None)
    if first is None:
        message, hint = "this file is empty", "give it a row of column names, and a row for each edition"
        raise Findings([Finding(file, 1, message, hint)])
    if next(itertools.islice(filled(), 1, None), None) is None:
        message = "there is no row below the column names"
        raise Findings([Finding(file, first[0], message, "add a row for each edition")])
    header = tuple(" ".join(cell.split()) for cell in first[1])
    return Table(file, first[0], header, lambda: itertools.islice(filled(), 1, None))


def _text_rows(data: bytes, file: str) -> Callable[[], Rows]:
    text = _encoded(data, file)
    if b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    skipped = 0
    delimiter = ""
    if stated := re.match(r"sep=(.)\r?\n", next(_lines(BytesIO(text)), "")):
        # A line by which a program for spreadsheets is told the delimiter; it shows no row for it.
        skipped, delimiter, text = 1, stated[1], text[text.index(b"\n") + 1 :]
    if not delimiter:
        head = next((line for line in _lines(BytesIO(text)) if line.strip(" \t\r\n,;")), "")
        head = re.sub(r'"[^"]*"?', "", head)
        delimiter = max(_DELIMITERS, key=head.count)
    kept = _kept(text)

    def rows() -> Rows:
        return _parsed(kept, delimiter, file, skipped)

    weakref.finalize(rows, kept.close)
    return rows


def _encoded(data: bytes, file: str) -> bytes:
    """The text in UTF-8. *Why not as a string:* one letter such as "ł" makes it take two bytes for every letter."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace").encode()
    if (place := data.find(b"\0")) >= 0:
        message = "holds a NUL byte, which no text has"
        raise Findings([Finding(file, data.count(b"\n", 0, place) + 1, message, _AS_CSV)])
    try:
        data.decode()
    except UnicodeDecodeError:
        # What it does not know becomes U+FFFD, which the check of the rows names with its line.
        return data.decode("cp1252", errors="replace").encode()
    return data.removeprefix(codecs.BOM_UTF8)


def _kept(text: bytes) -> BinaryIO:
    """A text to be read more than once: in memory, or, where that would be felt, in a file without a name."""
    if len(text) > _FELT:
        import tempfile

        # Where no such file can be made, it stays in memory.
        with contextlib.suppress(OSError):
            file = tempfile.TemporaryFile()  # noqa: SIM115
            file.write(text)
            return file
    return BytesIO(text)


def _lines(text: BinaryIO) -> Iterator[str]:
    """The lines of a text, one at a time; it may be read from its start again before that is done."""
    place = 0
    while True:
        text.seek(place)
        lines = text.readlines(_PIECE)
        if not lines:
            return
        for line in lines:
            place += len(line)
            yield line.decode()


def _parsed(text: BinaryIO, delimiter: str, file: str, skipped: int) -> Rows:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Findings([Finding(file, line, *_mistake(str(error), delimiter))]) from error
        yield line, cells


def _mistake(said: str, delimiter: str) -> tuple[str, str]:
    """What the reader of CSV says, in words for people."""
    if "expected after" in said:
        message = "text follows a closing quotation mark"
        return message, 'put the whole cell between quotation marks, and double those inside it: "the ""new"" school"'
    if "end of data" in said or "field limit" in said:
        return "a quotation mark that begins in this row is never closed", 'close it, or delete it: "…"'
    return f"cannot be read as CSV: {said}", _AS_CSV
