"""All editions in one PDF for the print shop, in the order of the spreadsheet: what they share is in it once.

It is for paper: without tags and links, and its title says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from handouts.stamping.stamp import Logo, put_logo, text_string
from handouts.updating import Growing

if TYPE_CHECKING:
    from handouts.finishing.collection import Collection, Sheet

# How many pages a node of the page tree holds at least: viewers read a tree, and not a list of ten thousand.
_BRANCH = 50


class Entry(NamedTuple):
    """One PDF of the collection, by its `place` there, as it is printed for one edition.

    `contents` are the pages that the edition paints on, by their index, with the compressed data of its streams.
    """

    title: str
    place: int
    contents: dict[int, tuple[bytes, ...]]
    palette: str = ""
    logo: Logo | None = None


def write(out: BinaryIO, collection: Collection, entries: Iterable[Entry], title: str) -> int:
    """Write all entries, each with a bookmark, in their order; returns the number of pages.

    What is in memory does not grow with them, but for a few numbers for each.
    """
    file = Growing(out, collection.base, collection.size)
    tree, outlines = file.reserve(), file.reserve()
    marks, logos = _Bookmarks(file, outlines), dict[str, int]()
    nodes: list[int] = []
    node, kids, pages = file.reserve(), list[int](), 0
    for entry in entries:
        sheets = collection.sheets[entry.place]
        numbers = [_page(file, sheet, node, entry, index, logos) for index, sheet in enumerate(sheets)]
        marks.add(entry.title, numbers[0])
        kids += numbers
        pages += len(numbers)
        if len(kids) >= _BRANCH:
            nodes.append(_node(file, node, tree, kids))
            node, kids = file.reserve(), []
    nodes.append(_node(file, node, tree, kids))
    file.put(tree, f"<< /Type /Pages /Kids [ {_references(nodes)} ] /Count {pages} >>")
    marks.end()
    view = "/ViewerPreferences << /DisplayDocTitle true >>"
    file.put(collection.catalog, f"<< /Type /Catalog /Pages {tree} 0 R /Outlines {outlines} 0 R {view} >>")
    file.put(collection.info, f"<< /Producer (handouts) /Title {text_string(title)} >>")
    file.finish(collection.catalog, collection.info)
    return pages


def _page(file: Growing, sheet: Sheet, parent: int, entry: Entry, index: int, logos: dict[str, int]) -> int:
    """One page, with the streams that it shares and those that it has for itself; `logos` are there already."""
    contents, resources = list(sheet.contents), sheet.resources
    for place, data in enumerate(entry.contents.get(index, ())):
        own = file.reserve()
        file.stream(own, "/Filter /FlateDecode ", data)
        contents[2 * place + 1] = f"{own} 0 R"
    if sheet.palette and entry.palette:
        resources = _exchanged(resources, sheet.palette, file.add(entry.palette))
    if sheet.logo and entry.logo:
        if entry.logo.digest not in logos:
            logos[entry.logo.digest] = file.reserve()
            put_logo(file, logos[entry.logo.digest], entry.logo)
        resources = _exchanged(resources, sheet.logo, logos[entry.logo.digest])
    boxes = f"/Parent {parent} 0 R {sheet.boxes}"
    return file.add(f"<< /Type /Page {boxes} /Contents [ {' '.join(contents)} ] /Resources {resources} >>")


def _exchanged(source: str, old: int, new: int) -> str:
    return re.sub(rf"(?<!\d){old} 0 R", f"{new} 0 R", source)


def _node(file: Growing, number: int, tree: int, kids: Sequence[int]) -> int:
    file.put(number, f"<< /Type /Pages /Parent {tree} 0 R /Kids [ {_references(kids)} ] /Count {len(kids)} >>")
    return number


def _references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


class _Bookmarks:
    """Bookmarks in a row: each names the one after it, and so is written when that has a number."""

    def __init__(self, file: Growing, number: int):
        self._file, self._number = file, number
        self._first = self._before = self._count = 0
        self._waiting: tuple[int, str, int] | None = None

    def add(self, title: str, page: int) -> None:
        number = self._file.reserve()
        self._write(number)
        self._first = self._first or number
        self._count += 1
        self._waiting = (number, title, page)

    def end(self) -> None:
        last = self._waiting[0] if self._waiting else self._number
        self._write(0)
        ends = f"/First {self._first} 0 R /Last {last} 0 R " if self._count else ""
        self._file.put(self._number, f"<< /Type /Outlines {ends}/Count {self._count} >>")

    def _write(self, following: int) -> None:
        if self._waiting is None:
            return
        number, title, page = self._waiting
        beside = f"/Prev {self._before} 0 R " if self._before else ""
        beside += f"/Next {following} 0 R " if following else ""
        goal = f"/Dest [ {page} 0 R /Fit ]"
        self._file.put(number, f"<< /Title {text_string(title)} /Parent {self._number} 0 R {beside}{goal} >>")
        self._before = number
