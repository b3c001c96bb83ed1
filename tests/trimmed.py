"""Products of the small test project for a print shop, and the edges of their pages as colors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
from PIL import Image

from handouts.build import Result, build
from handouts.job import Job
from tests.trades import copied

DPI = 200
# Along an edge, pieces of a tenth of an inch; lines of a drawing are thinner than what is left of a piece beside them.
_PIECE = DPI // 10
_TURNS = {"right": Image.Transpose.ROTATE_180, "top": Image.Transpose.ROTATE_90, "bottom": Image.Transpose.ROTATE_270}
SIDES = ("left", *_TURNS)
Color = tuple[int, int, int]


def printed(folder: Path, form: str, subject: str = "", paper: str = "letter", settings: str = "", **job) -> Result:
    """A product for the press, in a copy of the project with more settings; findings are errors here."""
    root = folder / "trades"
    if not root.exists():
        root = copied(folder)
        with (root / "handouts.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
    result = build(Job(str(root), form, subject, paper, output=str(folder / "out"), **{"profiles": ("press",), **job}))
    assert result.built, result.findings
    return result


def pictures(pdf: Path) -> list[Image.Image]:
    """All pages of a PDF to the edges of their MediaBoxes."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def edge(picture: Image.Image, side: str, bleed: float) -> Iterator[tuple[Color, list[Color]]]:
    """Along a side, piece by piece: the ground color 0.02 in inside the trim, and the ground colors from the bleed's
    edge to the trim. The ground is the darkest color of a piece, as the lines of a drawing are white."""
    turned = picture.transpose(_TURNS[side]) if side in _TURNS else picture
    trim, inside = round(bleed / 72 * DPI), round(0.02 * DPI)
    pixels = turned.load()
    for start in range(0, turned.height - _PIECE + 1, _PIECE):
        # The outermost pixel may be half outside the page. Five pixels wide, a piece is wider than a line.
        rows = range(start, start + _PIECE)
        darkest = [min((pixels[x, y] for y in rows), key=sum) for x in range(1, trim + inside)]
        grounds = [min(darkest[max(0, x - 2) : x + 3], key=sum) for x in range(len(darkest))]
        yield min(grounds[trim:], key=sum), grounds[:trim]


def short(picture: Image.Image, side: str, bleed: float) -> list[tuple[int, Color, Color]]:
    """The pieces of a side where color within 0.02 in of the trim does not go on to the bleed's edge: number of the
    piece, color inside, color outside."""
    found = []
    for number, (inner, outer) in enumerate(edge(picture, side, bleed)):
        if min(inner) < 245:
            found += [(number, inner, one) for one in outer if not alike(inner, one)][:1]
    return found


def alike(one: Color, other: Color) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 8


def colored(picture: Image.Image, side: str, bleed: float) -> float:
    """The share of a side that is colored at the trim."""
    pieces = [min(inner) < 245 for inner, _ in edge(picture, side, bleed)]
    return sum(pieces) / len(pieces)
