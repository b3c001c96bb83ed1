"""A folding proof: a picture of all sheets with their pages numbered, heads marked, folds dashed, and how to go on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from io import BytesIO

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from handouts.findings import counted
from handouts.imposing.papers import measured
from handouts.imposing.plan import Plan
from handouts.imposing.sheets import Place, Sheet
from handouts.project import font_files

_INK, _QUIET, _PAPER, _DESK, _FOLD, _EDGE = "#1d2329", "#59646e", "#ffffff", "#eef0f2", "#b5305f", "#b9c1c8"
_REGULAR, _BOLD = "SourceSansPro-Regular.ttf", "SourceSansPro-Bold.ttf"
_MARGIN, _GAP, _LINE, _HEAD, _TEXT = 48, 16, 26, 34, 18
_LONGEST_SIDE = 300
# A column in which a sentence can be read, though the sheets are small.
_NARROWEST = 400
# Of a longer file the first and the last sheets are shown; a picture of all could not be looked at.
_MOST_SHEETS = 24
_MOST_LEAVES = 48
# How much of a page is left to see behind its number.
_FAINT = 0.35
_LEAF, _STEP, _INDENT = 150, 20, 7


def proof(sheets: bytes, plan: Plan) -> bytes:
    """A PNG of the sheets that `impose` wrote: each side once, small and faint, with what is to be told over it.

    The arrow of a page points to its head. Last come the leaves as they follow each other when all is folded or cut.
    """
    shown = _shown(plan.sheets)
    blocks = [_sheet(plan, sheet, sides) for sheet, sides in zip(shown, _rasters(sheets, plan, shown), strict=True)]
    across = 1 if len(blocks) < 3 else 2
    folded = _folded(plan)
    column = max(blocks[0].width, _NARROWEST)
    width = 2 * _MARGIN + across * column + (across - 1) * _MARGIN
    width = max(width, 3 * _MARGIN + column + folded.width) if folded else width
    letters = int((column if folded else width - 2 * _MARGIN) / (_TEXT * 0.46))
    lines = [line for step in (*_steps(plan), *_left_out(plan.sheets, shown)) for line in _wrapped(step, letters)]
    head = [(one, _INK, _font(_BOLD, 26)) for one in textwrap.wrap(plan.title, int((width - 2 * _MARGIN) / 13))]
    head += [(one, _QUIET, _font(_REGULAR, _TEXT)) for one in _wrapped(_facts(plan), int((width - 2 * _MARGIN) / 8))]
    rows = -(-len(blocks) // across)
    top = _MARGIN + len(head) * _HEAD + _GAP
    below = top + rows * (blocks[0].height + _GAP) + _GAP
    height = below + max(len(lines) * _LINE, folded.height if folded else 0) + _MARGIN
    picture = Image.new("RGB", (width, height), _DESK)
    draw = ImageDraw.Draw(picture)
    for number, (line, ink, font) in enumerate(head):
        draw.text((_MARGIN, _MARGIN + (number + 0.5) * _HEAD), line, fill=ink, font=font, anchor="lm")
    for number, block in enumerate(blocks):
        row, place = divmod(number, across)
        picture.paste(block, (_MARGIN + place * (column + _MARGIN), top + row * (block.height + _GAP)))
    for number, line in enumerate(lines):
        place = (_MARGIN, below + (number + 0.5) * _LINE)
        draw.text(place, line, fill=_INK, font=_font(_REGULAR, _TEXT), anchor="lm")
    if folded:
        picture.paste(folded, (2 * _MARGIN + column, below))
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wrapped(text: str, letters: int) -> list[str]:
    return textwrap.wrap(text, letters, subsequent_indent="    " if text[:1].isdigit() else "")


def _shown(sheets: Sequence[Sheet]) -> list[Sheet]:
    half = _MOST_SHEETS // 2
    return list(sheets) if len(sheets) <= _MOST_SHEETS else [*sheets[:half], *sheets[-half:]]


def _left_out(sheets: Sequence[Sheet], shown: Sequence[Sheet]) -> Iterator[str]:
    if len(shown) < len(sheets):
        first, last = (shown[_MOST_SHEETS // 2 + step].number for step in (-1, 0))
        yield f"Not shown: sheets {first + 1} to {last - 1}, which go on in the same way."


def _rasters(pdf: bytes, plan: Plan, shown: Sequence[Sheet]) -> Iterator[list[Image.Image]]:
    """The sides of each sheet that is shown, each drawn once."""
    scale = _LONGEST_SIDE / max(plan.size)
    a_sheet = len(plan.sheets[0].sides)
    with pypdfium2.PdfDocument(pdf) as document:
        for sheet in shown:
            first = (sheet.number - 1) * a_sheet
            yield [document[first + side].render(scale=scale).to_pil().convert("RGB") for side in range(a_sheet)]


def _sheet(plan: Plan, sheet: Sheet, sides: Sequence[Image.Image]) -> Image.Image:
    """The sides of a sheet beside each other, under their names."""
    size = sides[0].size
    block = Image.new("RGB", (len(sides) * (size[0] + 2) + (len(sides) - 1) * _GAP, size[1] + _LINE + 8), _DESK)
    draw = ImageDraw.Draw(block)
    told = f"Sheet {sheet.number}"
    if plan.wish.signature and sheet.signature:
        told += f" · signature {sheet.signature}"
    names = [f"{told} · front", "back"] if len(sides) == 2 else [told]
    for number, (raster, places) in enumerate(zip(sides, sheet.sides, strict=True)):
        left = number * (size[0] + 2 + _GAP)
        draw.text((left, 16), names[number], fill=_QUIET if number else _INK, font=_font(_BOLD, 16), anchor="ls")
        draw.rectangle((left, _LINE - 2, left + size[0] + 1, _LINE + size[1] - 1), outline=_EDGE)
        block.paste(_side(plan, raster, places), (left + 1, _LINE - 1))
    return block


def _side(plan: Plan, raster: Image.Image, places: Sequence[Place]) -> Image.Image:
    side = Image.blend(Image.new("RGB", raster.size, _PAPER), raster, _FAINT)
    draw = ImageDraw.Draw(side)
    scale = raster.width / plan.size[0]
    width, height = (length * scale for length in plan.cell)
    for place in places:
        left, bottom = (length * scale for length in plan.corner(place))
        box = (left, raster.height - bottom - height, left + width, raster.height - bottom)
        if not plan.wish.folds:
            draw.rectangle(box, outline=_FOLD)
        _number(side, place, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), min(width, height))
    if plan.wish.folds:
        for top in range(0, raster.height, 10):
            draw.line((raster.width / 2, top, raster.width / 2, top + 5), fill=_FOLD, width=2)
    return side


def _number(side: Image.Image, place: Place, middle: tuple[float, float], room: float) -> None:
    """The number of a page with an arrow to its head, upside down where the page is; "blank" where there is none."""
    span = round(min(room, 160))
    tile = Image.new("RGBA", (span, span), (255, 255, 255, 0))
    draw = ImageDraw.Draw(tile)
    if place.page is None:
        draw.text((span / 2, span / 2), "blank", fill=_QUIET, font=_font(_REGULAR, max(8, span // 8)), anchor="mm")
    else:
        size = round(span * min(0.42, 1.2 / len(str(place.page))))
        draw.text((span / 2, span * 0.6), str(place.page), fill=_INK, font=_font(_BOLD, size), anchor="mm")
        middle_x, head, arm, foot = span / 2, span * 0.08, span * 0.06, span * 0.28
        draw.line((middle_x, head + arm, middle_x, foot), fill=_INK, width=max(1, span // 50))
        base = head + 1.5 * arm
        draw.polygon([(middle_x, head), (middle_x - arm, base), (middle_x + arm, base)], fill=_INK)
    tile = tile.rotate(180) if place.turned else tile
    side.paste(tile, (round(middle[0] - span / 2), round(middle[1] - span / 2)), tile)


def _folded(plan: Plan) -> Image.Image | None:
    """The folded booklet from its head, fold to the left: a line for each leaf with the pages on its two faces."""
    leaves = 2 * len(plan.sheets)
    if not plan.wish.folds or leaves > _MOST_LEAVES:
        return None
    signatures = [[one for one in plan.sheets if one.signature == number] for number in _signatures(plan.sheets)]
    picture = Image.new("RGB", (_LEAF + 110, leaves * _STEP + (len(signatures) - 1) * _STEP // 2 + _LINE), _DESK)
    draw, small = ImageDraw.Draw(picture), _font(_REGULAR, 15)
    draw.text((0, 16), "Folded, seen from the head", fill=_QUIET, font=small, anchor="ls")
    top = _LINE
    for signature in signatures:
        last = 2 * len(signature) - 1
        for depth, sheet in enumerate(signature):
            first, second = top + (depth + 0.5) * _STEP, top + (last - depth + 0.5) * _STEP
            left = depth * min(_INDENT, _LEAF // 2 // len(signature)) + 2
            fold = [(_LEAF, first), (left, first), (left, second), (_LEAF, second)]
            draw.line(fold, fill=_INK, width=2, joint="curve")
            for height, pages in ((first, _leaf(plan, sheet, 1)), (second, _leaf(plan, sheet, 0))):
                draw.text((_LEAF + 10, height), pages, fill=_INK, font=small, anchor="lm")
        top += (last + 1) * _STEP + _STEP // 2
    return picture


def _signatures(sheets: Sequence[Sheet]) -> list[int]:
    return sorted({sheet.signature for sheet in sheets})


def _leaf(plan: Plan, sheet: Sheet, column: int) -> str:
    """The two pages of the leaf that is a half of a sheet, in the order in which they are read."""
    upright = not sheet.back[0].turned
    front = next(place.page for place in sheet.front if place.column == column)
    back = next(place.page for place in sheet.back if (place.column != column) == upright)
    pages = (front, back) if column == 1 else (back, front)
    return "  |  ".join(str(page) if page else "blank" for page in pages)


def _facts(plan: Plan) -> str:
    pages = sum(place.page is not None for sheet in plan.sheets for side in sheet.sides for place in side)
    told = [counted(pages, "page"), *([f"{plan.blanks} blank"] if plan.blanks else [])]
    told += [f"{counted(len(plan.sheets), 'sheet')} of {plan.paper}"]
    if plan.scale < 1:
        told.append(f"at {plan.scale * 100:.0f} %")
    if plan.wish.creep and plan.wish.folds:
        told.append(f"creep {measured(plan.wish.creep, True)}")
    return " · ".join(told)


def _steps(plan: Plan) -> Iterator[str]:
    """What is to be done with the sheets, in its order."""
    if plan.duplex == "none":
        yield "1. Print on one side, at 100 %."
    else:
        yield f"1. Print on both sides, at 100 %, turned on the {plan.duplex} edge."
    if not plan.wish.folds:
        yield "2. Cut all sheets at the lines, in one pile."
        if plan.wish.order == "cut-stack":
            yield "3. Lay the stacks together, from the upper left row by row, the first on top."
    elif plan.wish.part == "cover":
        yield "2. Fold it at the dashed line, with the first and the last page outside, and lay it around the inside."
    elif len(_signatures(plan.sheets)) > 1:
        yield "2. Fold the sheets of each signature together at the dashed line, sheet by sheet in each other."
        yield "3. Lay the signatures on each other in their order, and sew or glue them at the fold."
    else:
        yield "2. Leave the sheets in their order: sheet 1 is the outermost, the last lies in the middle."
        yield "3. Fold the pile at the dashed line, and staple it there."


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_files()[name]), size)
