"""The boxes of a page for a print shop: what is trimmed, what bleeds, and all that is on the sheet of film."""

from __future__ import annotations

import pikepdf
from pikepdf import Array

Box = tuple[float, float, float, float]

# What marks and the slug line need beyond the bleed, on all sides, in points.
ROOM = 27.0


def grown(box: Box, by: float) -> Box:
    """A box that is larger by so much on each side."""
    left, bottom, right, top = box
    return left - by, bottom - by, right + by, top + by


def trim_of(page: pikepdf.Page) -> Box:
    """What is left of a page when it is trimmed, in points; the engine names it on every page."""
    left, bottom, right, top = (float(number) for number in page.obj.TrimBox)
    return left, bottom, right, top


def set_boxes(document: pikepdf.Pdf, bleed: float, marks: bool) -> None:
    """Give every page its boxes: `bleed` points around the trim and, for marks, room around that.

    *Why here:* the engine lets no BleedBox go further than 10 points. Places on the page stay as they are: the trim
    begins at 0, and what is around it is below that.
    """
    for page in document.pages:
        trim = trim_of(page)
        bleeding = grown(trim, bleed)
        media = grown(bleeding, ROOM) if marks else bleeding
        page.obj.TrimBox, page.obj.BleedBox, page.obj.MediaBox, page.obj.CropBox = (
            Array([round(number, 4) for number in box]) for box in (trim, bleeding, media, media)
        )
        if "/ArtBox" in page.obj:
            del page.obj["/ArtBox"]
