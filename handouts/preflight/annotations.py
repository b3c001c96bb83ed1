"""Annotations of any PDF as plain values: links, attachments, fields; and what happens when each is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handouts.preflight.evidence import Printed
from handouts.preflight.rules import Box

_HIDDEN = 0b10_0010  # flags: hidden, or shown nowhere but in print
_LONGEST_CHAIN = 100  # actions that follow each other


@dataclass(frozen=True)
class Note:
    """One annotation: `kind` is its subtype ("Link"), `reference` is empty where the page holds it itself.

    `entries` is its dictionary, as `Values` reads it; `box` is empty where its rectangle is none.
    """

    page: int
    kind: str
    reference: str
    contents: str
    hidden: bool
    box: Box | tuple[()]
    entries: dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One action, such as "URI" or "JavaScript", and where it is hung; `page` is 0 where it belongs to the file."""

    kind: str
    entries: dict[str, Any]
    page: int = 0
    box: Box | tuple[()] = ()


def notes(printed: Printed) -> Iterator[Note]:
    """Every annotation, page by page."""
    values = printed.values
    for page, leaf in zip(printed.pages, printed.leaves, strict=False):
        for value in values.array(values.dictionary(leaf).get("/Annots")):
            found = values.dictionary(value)
            if not found:
                continue
            corners = [values.number(edge) for edge in values.array(found.get("/Rect"))]
            box: Box | tuple[()] = ()
            if len(corners) == 4 and None not in corners:
                left, bottom, right, top = corners
                box = page.place(min(left, right), min(bottom, top), max(left, right), max(bottom, top))
            yield Note(
                page.number,
                values.name(found.get("/Subtype")),
                value if isinstance(value, str) else "",
                values.text(found.get("/Contents")),
                bool((values.integer(found.get("/F")) or 0) & _HIDDEN),
                box,
                found,
            )


def acts(printed: Printed) -> Iterator[Act]:
    """Every action: of the file, its pages, bookmarks, annotations and form fields, those that follow included."""
    values = printed.values
    catalog = values.catalog
    yield from _chain(printed, catalog.get("/OpenAction"))
    yield from _set(printed, catalog.get("/AA"))
    for _, script in values.tree(values.dictionary(catalog.get("/Names")).get("/JavaScript")):
        yield from _chain(printed, script)
    for number, leaf in enumerate(printed.leaves, 1):
        yield from _set(printed, values.dictionary(leaf).get("/AA"), number)
    for note in notes(printed):
        yield from _chain(printed, note.entries.get("/A"), note.page, note.box)
        yield from _chain(printed, note.entries.get("/PA"), note.page, note.box)
        yield from _set(printed, note.entries.get("/AA"), note.page, note.box)
    for bookmark in bookmarks(printed):
        yield from _chain(printed, bookmark.get("/A"))
    fields = values.array(values.dictionary(catalog.get("/AcroForm")).get("/Fields"))
    for field in _below(printed, fields, "/Kids"):
        # A field with a place of its own is an annotation too, and was met on its page.
        if "/Subtype" not in field:
            yield from _chain(printed, field.get("/A"))
            yield from _set(printed, field.get("/AA"))


def bookmarks(printed: Printed) -> Iterator[dict[str, Any]]:
    """The dictionaries of all bookmarks, in their order; each once, whatever loops they form."""
    values = printed.values
    seen: set[str] = set()
    waiting = [values.dictionary(values.catalog.get("/Outlines")).get("/First")]
    while waiting:
        value = waiting.pop()
        if not isinstance(value, str) or value in seen:
            continue
        seen.add(value)
        if found := values.dictionary(value):
            yield found
            waiting += [found.get("/Next"), found.get("/First")]


def _below(printed: Printed, fields: list[Any], key: str) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    waiting = list(fields)
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if value in seen:
                continue
            seen.add(value)
        found = printed.values.dictionary(value)
        yield found
        waiting += printed.values.array(found.get(key))


def _set(printed: Printed, value: Any, page: int = 0, box: Box | tuple[()] = ()) -> Iterator[Act]:
    """The actions for a set of events: on opening, on leaving, on every key."""
    for one in printed.values.dictionary(value).values():
        yield from _chain(printed, one, page, box)


def _chain(printed: Printed, value: Any, page: int = 0, box: Box | tuple[()] = ()) -> Iterator[Act]:
    """An action and those that follow it. A destination, which may stand in its place, is none."""
    values = printed.values
    waiting, taken = [value], 0
    while waiting and taken < _LONGEST_CHAIN:
        found = values.dictionary(waiting.pop())
        if kind := values.name(found.get("/S")):
            yield Act(kind, found, page, box)
        taken += 1
        waiting += values.several(found.get("/Next"))
