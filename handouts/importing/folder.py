"""A folder of other people's files: the texts in it, its pictures, and what is passed by."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from handouts.findings import Finding, Findings
from handouts.importing.leavings import Leavings
from handouts.project import read_named

TEXTS = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg"})
# Folders that programs fill, and nobody writes in.
_FILLED = frozenset({"node_modules", "__pycache__", "bower_components"})
# A text that is longer is no handout; a project refuses it too.
_LONGEST = 1_000_000
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True)
class Foreign:
    """A Markdown file of the folder: its path from there, with slashes, and its text with plain line ends."""

    name: str
    text: str


def folder_here(source: Path) -> Path:
    """The folder that is named on the command line, without links; Findings where there is none."""
    real = Path(os.path.realpath(source))
    if not os.path.lexists(real):
        raise Findings([Finding(str(source), 0, "this folder is not there", "check its name")])
    if not os.path.isdir(real):
        hint = "name the folder that it lies in"
        raise Findings([Finding(str(source), 0, "this is a file, not a folder", hint)])
    return real


def names_in(folder: Path, without: Path, left: Leavings) -> list[str]:
    """Paths of all files in a folder and below, from there and sorted, so that a README comes before what it leads to.

    Hidden ones, links, folders of programs and `without`, where the new project is to stand, are passed by.
    """
    return sorted(_walk(folder, "", without, left), key=lambda name: (name.count("/"), name.casefold(), name))


def _walk(folder: Path, inside: str, without: Path, left: Leavings) -> Iterator[str]:
    waiting = [inside]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(folder / place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            left.leave("unreadable", f"{place or folder.name}/", 0, example=error.strerror or "")
            continue
        for entry in entries:
            name = f"{place}/{entry.name}" if place else entry.name
            if entry.name.startswith(".") or Path(entry.path) == without:
                continue
            if entry.is_symlink():
                if _ending(name) in TEXTS or entry.is_dir():
                    left.leave("links", name, 0)
            elif entry.is_dir():
                if entry.name not in _FILLED and not os.path.isfile(f"{entry.path}/pyvenv.cfg"):
                    waiting.append(name)
            else:
                yield name


def read_text(folder: Path, name: str, left: Leavings) -> Foreign | None:
    """A file as text; None, with the reason among what is left, where it is none or cannot be read.

    *Why UTF-16 and Windows texts are read all the same:* people who have them seldom know it, and nothing is lost.
    """
    try:
        data = read_named(folder / name)
    except Findings as found:
        left.leave("unreadable", name, 0, example=found.findings[0].message)
        return None
    if len(data) > _LONGEST:
        left.leave("long", name, 0)
        return None
    known = next((codec for mark, codec in _UTF16.items() if data.startswith(mark)), "")
    if not known and b"\0" in data:
        left.leave("binary", name, 0)
        return None
    try:
        text = data.decode(known or "utf-8-sig").removeprefix("\ufeff")
        if known:
            left.leave("encoding", name, 0, example="UTF-16")
    except UnicodeDecodeError:
        text = data.decode("utf-16-le" if known else "cp1252", errors="replace")
        left.leave("encoding", name, 0, example=known or "Windows text")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    text = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or not sign.isascii())
    if not text.strip():
        left.leave("empty", name, 0)
        return None
    return Foreign(name, text)


def is_text(name: str) -> bool:
    return _ending(name) in TEXTS


def is_picture(name: str) -> bool:
    return _ending(name) in PICTURES


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
