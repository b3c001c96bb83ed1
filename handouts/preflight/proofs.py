"""Proofs: pictures of pages with each finding boxed and numbered where it happened, so that people look."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from handouts.findings import Finding
from handouts.preflight.evidence import INCH, Page, Printed
from handouts.project import font_files

_DPI = 110
_COLORS = {"error": "#c8102e", "warning": "#b56a00"}
_INK, _QUIET, _PAPER, _DESK = "#1d2329", "#4d5862", "#ffffff", "#e6e9ec"
_MARGIN, _LINE, _DISC, _SIZE = 24, 26, 13, 17
_REGULAR, _BOLD = "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf"


def proofs(printed: Printed, findings: Sequence[Finding]) -> Iterator[tuple[int, bytes]]:
    """Page number and PNG of each page with findings, and of page 1 where some belong to no page.

    Findings are numbered from 1 in the order given, which is that of the table that is printed beside.
    """
    by_page: dict[int, list[tuple[int, Finding]]] = {}
    for number, finding in enumerate(findings, 1):
        by_page.setdefault(finding.page or 1, []).append((number, finding))
    for page in printed.pages:
        if page.number in by_page:
            picture = BytesIO()
            _proof(printed, page, by_page[page.number]).save(picture, "PNG", optimize=True)
            yield page.number, picture.getvalue()


def _proof(printed: Printed, page: Page, findings: Sequence[tuple[int, Finding]]) -> Image.Image:
    # A poster is shown smaller, a card larger: the key below needs a line's width to be read.
    dpi = max(20.0, min(_DPI, 1400 * INCH / page.width, 1800 * INCH / page.height))
    sheet = page.raster(dpi).convert("RGB")
    width = max(sheet.width, 640)
    letters = int(width / (_SIZE * 0.46)) - 8
    key = [(number, one, textwrap.wrap(f"{one.message} → {one.hint}", letters)) for number, one in findings]
    below = sum(len(lines) * _LINE + 14 for _, _, lines in key)
    picture = Image.new("RGB", (width + 2 * _MARGIN, sheet.height + below + 4 * _MARGIN + _LINE), _DESK)
    picture.paste(sheet, (_MARGIN, _MARGIN))
    draw = ImageDraw.Draw(picture)
    scale, taken = dpi / INCH, set()
    for number, one in findings:
        if not one.box:
            continue
        left, top, right, bottom = (_MARGIN + edge * scale for edge in one.box)
        box = (left - 3, top - 3, max(right, left + 2) + 3, max(bottom, top + 2) + 3)
        draw.rectangle(box, outline=_COLORS[one.severity], width=3)
        place = (round(box[0]), round(box[1]))
        while any(abs(place[0] - x) < 2 * _DISC and abs(place[1] - y) < 2 * _DISC for x, y in taken):
            place = (place[0] + 2 * _DISC, place[1])
        taken.add(place)
        _disc(draw, place, number, one)
    at = sheet.height + 2 * _MARGIN
    title = f"{printed.file}, page {page.number} of {len(printed.pages)}"
    draw.text((_MARGIN, at), title, fill=_INK, font=_font(_BOLD, _SIZE + 2))
    at += _LINE + 10
    text = _font(_REGULAR, _SIZE)
    for number, one, lines in key:
        _disc(draw, (_MARGIN + _DISC, at + _DISC), number, one)
        for line in lines:
            draw.text((_MARGIN + 3 * _DISC, at + 2), line, fill=_INK if one.box else _QUIET, font=text)
            at += _LINE
        at += 14
    return picture


def _disc(draw: ImageDraw.ImageDraw, place: tuple[int, int], number: int, finding: Finding) -> None:
    x, y = place
    draw.ellipse((x - _DISC, y - _DISC, x + _DISC, y + _DISC), fill=_COLORS[finding.severity], outline=_PAPER, width=2)
    draw.text(place, str(number), fill=_PAPER, font=_font(_BOLD, _SIZE - 2), anchor="mm")


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_files()[name]), size)
