"""What stands in slots as PDF operators: lines of text, a code, a logo; in CSS pixels from the upper left corner."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from handouts.qr import QUIET_ZONE
from handouts.slots import Spot
from handouts.stamping.filling import Set
from handouts.stamping.master import Master
from handouts.stamping.shaping import Face, set_size

# A color as an operator takes it.
Ink = tuple[float, float, float]

_PX = 0.75
_BLACK = b"0 0 0 rg\n"


def paint_line(master: Master, mcid: int, line: Set, inks: Mapping[Ink, Ink]) -> bytes:
    """A line of text as the engine writes it, between its marks."""
    color = inks.get(line.slot.color, line.slot.color)
    shown = b"".join(
        b"1 0 0 -1 %s %s Tm\n%s\n" % (number(x), number(line.y), run.show(line.size)) for x, run in line.runs
    )
    font = master.fonts[line.slot.face].encode()
    return b"/Span\n<</MCID %d>>\nBDC\n%s rg\nBT\n/%s %s Tf\n%sET\nEMC\n" % (
        mcid,
        b" ".join(map(number, color)),
        font,
        number(set_size(line.size)),
        shown,
    )


def paint_word(
    master: Master, mcid: int, spot: Spot, text: str, faces: Mapping[str, Face], inks: Mapping[Ink, Ink]
) -> bytes:
    """A word by itself, such as a revision."""
    color = inks.get(spot.color, spot.color)
    return b"/Span\n<</MCID %d>>\nBDC\n%s rg\nBT\n/%s %s Tf\n1 0 0 -1 %s %s Tm\n%s\nET\nEMC\n" % (
        mcid,
        b" ".join(map(number, color)),
        master.fonts[spot.face].encode(),
        number(set_size(spot.size)),
        number(spot.left),
        number(spot.top),
        faces[spot.face].shape(text).show(spot.size),
    )


class _Runs(dict[tuple[int, int], bytes]):
    """Runs of dark modules in one row as operators, by where they begin and end: every code has some of the same."""

    def __init__(self, row: int):
        self.row = row

    def __missing__(self, place: tuple[int, int]) -> bytes:
        first, end = place
        self[place] = b"%d %d %d 1 re\n" % (first, self.row, end - first)
        return self[place]


# The largest QR code has 177 rows.
_ROWS = tuple(map(_Runs, range(177)))
_DARK = re.compile(rb"\0+")


def paint_code(mcid: int, spot: Spot, rows: Sequence[bytes]) -> bytes:
    """A QR code as one path, a module being a unit."""
    unit = number(spot.width / len(rows))
    head = b"/Figure\n<</MCID %d>>\nBDC\nq\n%s 0 0 %s %s %s cm\n%s" % (
        mcid,
        unit,
        unit,
        number(spot.left),
        number(spot.top),
        _BLACK,
    )
    path = [runs[dark.span()] for runs, row in zip(_ROWS, rows, strict=False) for dark in _DARK.finditer(row)]
    return b"".join([head, *path, b"f\nQ\nEMC\n"])


def code_box(spot: Spot, modules: int, height: float) -> str:
    """A code with its quiet zone, in points from the lower left corner of a page of that height."""
    quiet = QUIET_ZONE * spot.width / modules
    left, top = spot.left - quiet, spot.top - quiet
    corners = (left * _PX, height - (top + spot.height + 2 * quiet) * _PX)
    corners += ((left + spot.width + 2 * quiet) * _PX, height - top * _PX)
    return " ".join(f"{value:.3f}" for value in corners)


def paint_logo(spot: Spot, ratio: float) -> bytes:
    """The logo as large as its box allows, at the left and in the middle of it: as `background-size: contain` does."""
    width = min(spot.width, spot.height * ratio)
    height = width / ratio
    top = spot.top + (spot.height - height) / 2
    places = (width, -height, spot.left, top + height)
    return b"/Artifact\nBMC\nq\n%s 0 0 %s %s %s cm\n/Logo Do\nQ\nEMC\n" % tuple(map(number, places))


@lru_cache(maxsize=1024)
def number(value: float) -> bytes:
    """A number as PDF writes it: six digits, none more than it needs."""
    return f"{value:.6f}".rstrip("0").rstrip(".").encode()


def ink_of(color: str) -> Ink:
    """A color of style sheets, "#1b2d3f", as an operator takes it."""
    red, green, blue = (round(int(color[at : at + 2], 16) / 255, 6) for at in (1, 3, 5))
    return red, green, blue
