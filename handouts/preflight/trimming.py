"""Whether a file can be trimmed: the boxes of its pages are right, and color at the trim goes on to the bleed's end."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image, ImageChops

from handouts.findings import Finding, counted
from handouts.preflight.evidence import INCH, MM, Page
from handouts.preflight.product import Product
from handouts.preflight.rules import Box, Rule
from handouts.quantities import show_inches

PAGE_BOXES = Rule("page-boxes", "error", "ours", "The boxes of a page for print say where it is trimmed and bleeds.")
BLEED_SHORT = Rule("bleed-short", "error", "ours", "Color that touches the trim goes on to the end of the bleed.")

_NEAR = 0.01 * INCH
_SIZE = re.compile(r"@page\s*\{\s*size:\s*([\d.]+)(in|mm|cm|pt)\s+([\d.]+)(in|mm|cm|pt)")
_UNITS = {"in": INCH, "mm": MM, "cm": 10 * MM, "pt": 1.0}
_SHEETS = "styles/papers/"
_DPI = 120  # a pixel is less than the hundredth of an inch that boxes are held to
_INK = 6  # steps of 255 from paper: less is nothing that anybody sees
_WHOLE = 0.6  # of the ink at the trim: a pixel that has less is the end of its color
_WITHIN = 2  # pixels from the trim inward where color touches it; the first may be mixed with what is beyond
_SIDES = ("left", "upper", "right", "lower")
_HINT = "let what is colored at the edge go on by --bleed in styles/"


def paper_of(product: Product) -> str:
    """The paper that a product was composed for: "letter", "a4"."""
    form = product.document.format
    sheets = {f"{_SHEETS}{sheet}.css": paper for paper, sheet in form.papers.items()}
    return next(sheets[path] for path in product.document.styles if path in sheets)


def bleed_of(product: Product) -> float:
    """The bleed in points that a product's profile asks for."""
    bleeds = product.material.profile.bleed
    return bleeds.get(paper_of(product), 0.0) if bleeds else 0.0


def bled_page(product: Product, page: Page) -> Box:
    """The page with its bleed. What is outside, such as marks and a slug, is cut off and for the print shop alone."""
    bleed = bleed_of(product)
    return -bleed, -bleed, page.width + bleed, page.height + bleed


def page_boxes(product: Product) -> Iterator[Finding]:
    """Boxes that are missing or wrong by more than a hundredth of an inch: one finding for each fault."""
    if not product.material.profile.bleed:
        return
    bleed, size = bleed_of(product), _size(product)
    faults: dict[str, list[int]] = {}
    values = product.printed.values
    for number, leaf in enumerate(product.printed.leaves, 1):
        trim, bleeds, media = (values.rectangle(leaf, key) for key in ("/TrimBox", "/BleedBox", "/MediaBox"))
        for fault in _faults(trim, bleeds, media, bleed, size):
            faults.setdefault(fault, []).append(number)
    for fault, numbers in faults.items():
        more = f", and {counted(len(numbers) - 1, 'page')} more" if len(numbers) > 1 else ""
        hint = "build it again; if it stays, look at what [bleed] of the profile asks for"
        yield PAGE_BOXES.found(product.printed.file, f"{fault}{more}", hint, page=numbers[0])


def _faults(
    trim: Box | None, bleeds: Box | None, media: Box | None, bleed: float, size: tuple[float, float] | None
) -> Iterator[str]:
    if trim is None:
        yield "has no TrimBox: nothing says where the page is cut"
        return
    wide, high = trim[2] - trim[0], trim[3] - trim[1]
    if size and max(abs(wide - size[0]), abs(high - size[1])) > _NEAR:
        asked = f"{show_inches(size[0])} × {show_inches(size[1])} in"
        yield f"is trimmed to {show_inches(wide)} × {show_inches(high)} in; its paper is {asked}"
    if bleeds is None:
        yield f"has no BleedBox; the bleed is {show_inches(bleed)} in"
        return
    for side, found in zip(_SIDES, _around(trim, bleeds), strict=True):
        if abs(found - bleed) > _NEAR:
            reach = f"{show_inches(found)} in beyond the trim on the {side} side"
            yield f"its BleedBox is {reach}; the bleed is {show_inches(bleed)} in"
    if media and min(_around(bleeds, media)) < -_NEAR:
        yield "its MediaBox is smaller than its BleedBox, so some of the bleed is not there"


def _around(inner: Box, outer: Box) -> tuple[float, float, float, float]:
    """How far a box of a file goes beyond another: left, top, right, bottom."""
    return inner[0] - outer[0], outer[3] - inner[3], outer[2] - inner[2], inner[1] - outer[1]


def _size(product: Product) -> tuple[float, float] | None:
    """Width and height of the paper in points; None where its style sheet says them in another way."""
    sheets = zip(product.document.styles, product.styles, strict=False)
    text = next((text for path, text in sheets if path.startswith(_SHEETS)), "")
    if not (found := _SIZE.search(text)):
        return None
    wide, its_unit, high, unit = found.groups()
    return float(wide) * _UNITS[its_unit], float(high) * _UNITS[unit]


class _Gap(NamedTuple):
    """A stretch of the trim, in pixels along a side, where color ends `reach` pixels beyond it."""

    side: int
    start: int
    end: int
    reach: int


def bleed_short(product: Product) -> Iterator[Finding]:
    """Color that touches the trim and ends before the bleed does: a cutter that misses by a hair leaves a white edge
    there. One finding a page."""
    bleed = bleed_of(product)
    if not bleed:
        return
    for page in product.printed.pages:
        gaps = list(_gaps(page, bleed))
        if not gaps:
            continue
        sides = [_SIDES[side] for side in sorted({gap.side for gap in gaps})]
        where = f"{' and '.join(filter(None, (', '.join(sides[:-1]), sides[-1])))} {'sides' if sides[1:] else 'side'}"
        least = min(gap.reach for gap in gaps) / page.fine(_DPI)
        yield BLEED_SHORT.found(
            product.printed.file,
            f"color touches the trim on the {where} and ends {least:.2f} in beyond it; "
            f"the bleed is {show_inches(bleed)} in",
            _HINT,
            page=page.number,
            box=_place(page, gaps[0]),
        )


def _gaps(page: Page, bleed: float) -> Iterator[_Gap]:
    image = page.bled(page.fine(_DPI), bleed).convert("RGB")
    paper = Image.new("RGB", image.size, (255, 255, 255))
    plates = ImageChops.difference(image, paper).split()
    most = ImageChops.lighter(ImageChops.lighter(*plates[:2]), plates[2])
    ink = most.point(lambda step: step if step >= _INK else 0)
    edge = math.ceil(bleed * image.width / (page.width + 2 * bleed))
    # Each side in turn is laid to the left; rows are then places along it, columns go inward from the bleed's end.
    turns = (None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    for side, turn in enumerate(turns):
        turned = ink if turn is None else ink.transpose(turn)
        for start, end, reach in _stretches(turned, edge):
            along = turned.height - 2 * edge
            first, last = (start, end) if side in (0, 3) else (along - end, along - start)
            yield _Gap(side, first, last, reach)


def _stretches(ink: Image.Image, edge: int) -> Iterator[tuple[int, int, int]]:
    """Stretches of the trim, `edge` pixels from an image's left, with color that stops, and how far beyond the trim it
    goes.

    Why a place is compared with as much of the bleed's end to both sides as the bleed is deep: an edge may run aslant.
    """
    outer = [bool(ink.getpixel((0, row))) for row in range(ink.height)]
    begin, reach, aslant = None, edge, edge + _WITHIN
    for at in range(edge, ink.height - edge):
        touches = all(ink.getpixel((edge + step, at)) for step in range(1, _WITHIN + 1))
        if touches and not any(outer[max(0, at - aslant) : at + aslant + 1]):
            begin = at - edge if begin is None else begin
            reach = min(reach, _reach(ink, edge, at))
        elif begin is not None:
            yield begin, at - edge, reach
            begin, reach = None, edge
    if begin is not None:
        yield begin, ink.height - 2 * edge, reach
    # The corner of the bleed, where both sides that meet in it are colored.
    if outer[edge + _WITHIN] and ink.getpixel((edge + _WITHIN, 0)) and not outer[0]:
        yield 0, 1, 0


def _reach(ink: Image.Image, edge: int, row: int) -> int:
    """Pixels beyond the trim that are colored without a gap."""
    reach, least = 0, _WHOLE * ink.getpixel((edge + 1, row))
    while reach < edge and ink.getpixel((edge - 1 - reach, row)) > least:
        reach += 1
    return reach


def _place(page: Page, gap: _Gap) -> Box:
    scale = INCH / page.fine(_DPI)
    start, end = gap.start * scale, gap.end * scale
    near = _WITHIN * scale
    return {
        0: (0.0, start, near, end),
        1: (start, 0.0, end, near),
        2: (page.width - near, start, page.width, end),
        3: (start, page.height - near, end, page.height),
    }[gap.side]


OURS = (page_boxes, bleed_short)
