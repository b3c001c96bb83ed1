"""Whether pictures have pixels enough for the size that they are printed at."""

from __future__ import annotations

import math
from collections.abc import Iterator

from handouts.findings import Finding
from handouts.preflight.evidence import MM, Page, Picture, Printed
from handouts.preflight.ink import around, overlap
from handouts.preflight.rules import Rule

IMAGE_RESOLUTION = Rule("image-resolution", "warning", "any", "Pictures have 300 pixels for each inch they print at.")

_SHARP, _COARSE = 300, 150
_ROUNDING = 0.99  # a picture cut to a whole number of pixels may miss by one
_SMALLEST = 4 * MM
# Pictures of so few pixels are tints and gradients, which are meant to be stretched.
_TINT = 8


def image_resolution(printed: Printed) -> Iterator[Finding]:
    """Pictures that print soft, or in squares: one finding a page, picture and resolution."""
    for page in printed.pages:
        coarse: dict[tuple[tuple[int, int], int], list[Picture]] = {}
        for picture in page.pictures:
            if picture.ppi < _SHARP * _ROUNDING and _counts(page, picture):
                coarse.setdefault((picture.pixels, round(picture.ppi)), []).append(picture)
        for ((wide, high), ppi), pictures in coarse.items():
            width = wide / ppi
            times = f", {len(pictures)} times," if len(pictures) > 1 else ""
            yield IMAGE_RESOLUTION.found(
                printed.file,
                f"a picture of {wide} × {high} pixels prints{times} at {ppi} ppi; sharp print needs {_SHARP}",
                f"use one that is at least {math.ceil(width * _SHARP / 10) * 10} pixels wide, "
                f"or print it at most {wide / _SHARP:.1f} in wide",
                page=page.number,
                box=overlap(around(one.box for one in pictures), (0.0, 0.0, page.width, page.height)),
                severity="error" if ppi < _COARSE * _ROUNDING else "warning",
            )


def _counts(page: Page, picture: Picture) -> bool:
    """True of a picture on the trimmed page that is large enough to look at, and no tint."""
    left, top, right, bottom = overlap(picture.box, (0.0, 0.0, page.width, page.height))
    return min(right - left, bottom - top) >= _SMALLEST and min(picture.pixels) > _TINT


ANY = (image_resolution,)
