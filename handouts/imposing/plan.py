"""A plan of sheets: how large they are, and where on them each page and each mark lies. Lengths in points, no PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from handouts.findings import Finding
from handouts.imposing.papers import Paper
from handouts.imposing.sheets import Order, Part, Place, Sheet

Box = tuple[float, float, float, float]
# The six numbers of a transformation, as PDF's operator cm takes them.
Matrix = tuple[float, float, float, float, float, float]
Duplex = Literal["", "long", "short", "none"]
Style = Literal["saddle-stitch", "n-up"]

# A mark begins where bleed ends, and never nearer to the page than so.
_CLEAR = 6.0
MARK, SHORTEST_MARK = 12.0, 5.0
_ORDERS = {"cut-stack": "cut and stack", "rows": "row by row", "repeat": "repeated"}


@dataclass(frozen=True)
class Wish:
    """What is asked for. `creep` and `gap` in points; `paper` None is derived; `duplex` "" leaves backs upright.

    `signature`, `creep` and `part` are for booklets (style "saddle-stitch"); `columns`, `rows`, `order` and `gap` for
    cells that are cut apart (style "n-up"). `fit` shrinks pages for which the paper is too small.
    """

    style: Style = "saddle-stitch"
    signature: int = 0
    creep: float = 0.0
    part: Part = "whole"
    columns: int = 2
    rows: int = 1
    order: Order = "cut-stack"
    gap: float = 0.0
    marks: bool = False
    duplex: Duplex = ""
    paper: Paper | None = None
    fit: bool = False

    @property
    def folds(self) -> bool:
        return self.style == "saddle-stitch"

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of a side."""
        return (2, 1) if self.folds else (self.columns, self.rows)

    def __str__(self) -> str:
        if not self.folds:
            return f"{self.columns} × {self.rows} up, {_ORDERS[self.order]}"
        bound = f"2-up, signatures of {self.signature} pages" if self.signature else "2-up saddle stitch"
        return bound if self.part == "whole" else f"{bound}, {self.part}"


@dataclass(frozen=True)
class Leaf:
    """A page of the source: its boxes in its own space, a clockwise rotation in degrees, and its unit in points."""

    trim: Box
    bleed: Box
    rotation: int = 0
    unit: float = 1.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the trim in points, as it is looked at."""
        left, bottom, right, top = self.trim
        sides = ((right - left) * self.unit, (top - bottom) * self.unit)
        return sides if self.rotation % 180 == 0 else sides[::-1]

    @property
    def most_bleed(self) -> float:
        """How far ink may reach beyond the trim, in points, on the side where it reaches farthest."""
        return max(abs(outer - inner) for outer, inner in zip(self.bleed, self.trim, strict=True)) * self.unit

    @property
    def upright(self) -> Matrix:
        """From the page's own space to points from the lower left corner of its trim, as it is looked at."""
        left, bottom, right, top = self.trim
        u = self.unit
        return {
            0: (u, 0, 0, u, -left * u, -bottom * u),
            90: (0, -u, u, 0, -bottom * u, right * u),
            180: (-u, 0, 0, -u, right * u, top * u),
            270: (0, u, -u, 0, top * u, -left * u),
        }[self.rotation % 360]


@dataclass(frozen=True)
class Line:
    """A mark to cut at, or, dashed, to fold at."""

    start: tuple[float, float]
    end: tuple[float, float]
    dashed: bool = False


@dataclass(frozen=True)
class Plan:
    """All that is decided before anything is drawn. `cell` is the size of a page on the sheet, `size` the sheet's."""

    wish: Wish
    file: str
    title: str
    paper: Paper
    size: tuple[float, float]
    cell: tuple[float, float]
    scale: float
    duplex: Duplex
    leaves: tuple[Leaf, ...]
    sheets: tuple[Sheet, ...]
    warnings: tuple[Finding, ...] = ()

    @property
    def blanks(self) -> int:
        return sum(place.page is None for sheet in self.sheets for side in sheet.sides for place in side)

    @cached_property
    def block(self) -> Box:
        """Left, bottom, right, top of all cells together, in the middle of the sheet: the trim of the flat sheet."""
        width, height = block_of(self.wish, self.cell)
        left, bottom = (self.size[0] - width) / 2, (self.size[1] - height) / 2
        return left, bottom, left + width, bottom + height

    @cached_property
    def bleed(self) -> Box:
        """The same with the ink beyond it, as far as any page has some and the sheet reaches."""
        left, bottom, right, top = self.block
        reach = max(leaf.most_bleed for leaf in self.leaves) * self.scale
        width, height = self.size
        return max(left - reach, 0.0), max(bottom - reach, 0.0), min(right + reach, width), min(top + reach, height)

    def corner(self, place: Place) -> tuple[float, float]:
        """The lower left corner of a cell."""
        left, _, _, top = self.block
        down = (place.row + 1) * self.cell[1] + place.row * self.wish.gap
        return left + place.column * (self.cell[0] + self.wish.gap), top - down

    def shift(self, place: Place, sheet: Sheet) -> float:
        """How far to the right a page moves: towards the fold, by one creep for each sheet around its own."""
        towards = 1 if place.column == 0 else -1
        return towards * sheet.depth * self.wish.creep if self.wish.folds else 0.0

    def clip(self, place: Place) -> Box:
        """What a page may paint: its cell, half the gap to its neighbours, and bleed to the edge of the sheet.

        At the fold it ends, whatever creep does to it.
        """
        left, bottom = self.corner(place)
        columns, rows = self.wish.grid
        half = self.wish.gap / 2
        return (
            left - half if place.column else 0.0,
            bottom - half if place.row < rows - 1 else 0.0,
            left + self.cell[0] + half if place.column < columns - 1 else self.size[0],
            bottom + self.cell[1] + half if place.row else self.size[1],
        )

    def matrix(self, place: Place, sheet: Sheet) -> Matrix:
        """From the space of the page in a cell to that of the sheet."""
        leaf = self.leaves[place.page - 1]
        width, height = leaf.size
        factor = min(self.scale, self.cell[0] / width, self.cell[1] / height) if self.wish.fit else self.scale
        left, bottom = self.corner(place)
        middle = left + self.cell[0] / 2 + self.shift(place, sheet), bottom + self.cell[1] / 2
        way = -factor if place.turned else factor
        on_sheet = (way, 0, 0, way, middle[0] - way * width / 2, middle[1] - way * height / 2)
        return times(leaf.upright, on_sheet)

    @cached_property
    def marks(self) -> tuple[Line, ...]:
        """Where to cut, at the edges of all cells, and where to fold: outside of the block and of bleed."""
        if not self.wish.marks:
            return ()
        left, bottom, right, top = self.block
        clear, (columns, rows), gap = clearing(self.leaves, self.scale), self.wish.grid, self.wish.gap
        lines = []
        if (end := min(clear + MARK, bottom)) >= clear + SHORTEST_MARK:
            for x in _edges(left, columns, self.cell[0], gap):
                folded = self.wish.folds and left < x < right
                lines += [Line((x, top + clear), (x, top + end), folded)]
                lines += [Line((x, bottom - clear), (x, bottom - end), folded)]
        if (end := min(clear + MARK, left)) >= clear + SHORTEST_MARK:
            for y in _edges(bottom, rows, self.cell[1], gap):
                lines += [Line((left - clear, y), (left - end, y)), Line((right + clear, y), (right + end, y))]
        return tuple(lines)


def times(first: Matrix, then: Matrix) -> Matrix:
    """One transformation after another."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def block_of(wish: Wish, cell: tuple[float, float]) -> tuple[float, float]:
    """Width and height of all cells of a side with the gaps between them."""
    width, height = (count * side + (count - 1) * wish.gap for count, side in zip(wish.grid, cell, strict=True))
    return width, height


def clearing(leaves: Sequence[Leaf], scale: float) -> float:
    """How far from the pages marks begin."""
    return max(_CLEAR, *(leaf.most_bleed * scale for leaf in leaves))


def _edges(start: float, count: int, side: float, gap: float) -> Iterator[float]:
    """Where cells begin and end in one direction; where two touch, once."""
    yield start
    for cell in range(1, count):
        end = start + cell * (side + gap) - gap
        yield end
        if gap:
            yield end + gap
    yield start + count * (side + gap) - gap
