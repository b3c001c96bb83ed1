"""A booklet's cover and its inside as two files, for shops that print them on two papers."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO

import pikepdf

from handouts.finishing.saving import saved

# The sides of a cover, at either end of the booklet: outer front and inner front, inner back and outer back.
SIDES = 2
# What a reader finds its way by; in a part of the pages it would lead nowhere.
_OF_THE_WHOLE = ("/StructTreeRoot", "/MarkInfo", "/Outlines", "/PageLabels", "/Names", "/Dests", "/OpenAction")


def cover_and_inside(pages: int) -> tuple[list[int], list[int]]:
    """The page numbers, from 0, of the cover and of what is in it; the second list is empty for a single sheet."""
    inside = range(SIDES, max(SIDES, pages - SIDES))
    return [number for number in range(pages) if number not in inside], list(inside)


def only(pdf: bytes, pages: Collection[int]) -> bytes:
    """The PDF with these of its pages alone, untagged, without links and bookmarks."""
    with pikepdf.open(BytesIO(pdf)) as document:
        for number in reversed(range(len(document.pages))):
            if number not in pages:
                del document.pages[number]
        for key in _OF_THE_WHOLE:
            if key in document.Root:
                del document.Root[key]
        for page in document.pages:
            for key in ("/Annots", "/StructParents", "/Tabs"):
                if key in page.obj:
                    del page.obj[key]
        return saved(document)
