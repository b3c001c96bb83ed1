"""The arithmetic of imposition: which page stands where on which sheet. No lengths, no PDF.

A side is told as it is looked at: columns count from the left, rows from the top, both from 0. A back is told as it
lies before the eyes when the sheet has been turned like the page of a book; where the printer turns sheets the other
way, head over heels, `turned_backs` says how the same back has to stand in the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from handouts.findings import Finding, Findings

Part = Literal["whole", "inside", "cover"]
Order = Literal["cut-stack", "rows", "repeat"]

# Where a PDF says that it is sheets, and how they are laid out: the document information.
ENTRY = "/HandoutsSheets"
# A sheet that is folded once carries so many pages.
FOLDED = 4


@dataclass(frozen=True)
class Place:
    """A cell of a side, and the page in it, counted from 1; None is blank. `turned` is head down."""

    page: int | None
    column: int
    row: int
    turned: bool = False


@dataclass(frozen=True)
class Sheet:
    """Two sides of paper, `number` counted from 1.

    `signature` is the folded group that it belongs to, from 1, and 0 where nothing is folded. `depth` is how many
    sheets lie around it when it is folded: creep grows by it.
    """

    number: int
    front: tuple[Place, ...]
    back: tuple[Place, ...]
    signature: int = 0
    depth: int = 0

    @property
    def sides(self) -> tuple[tuple[Place, ...], ...]:
        """What is printed: the front, and the back where there is one."""
        return (self.front, self.back) if self.back else (self.front,)


def booklet_pages(count: int) -> tuple[int | None, ...]:
    """The pages of a booklet in reading order, filled up with blanks to a multiple of four.

    The blanks stand before the last page, which stays the outside of the back. A single page is the outside of the
    front.
    """
    blanks = (None,) * (-count % FOLDED)
    if count == 1:
        return (1, *blanks)
    return (*range(1, count), *blanks, count)


def saddle_stitched(count: int, signature: int = 0, part: Part = "whole") -> tuple[Sheet, ...]:
    """The sheets of a booklet of `count` pages, two pages a side, the outermost sheet first.

    `signature` is the number of pages that are folded together, a multiple of four; 0 folds all into one. The last
    signature is as short as it can be. `part` parts the outer four pages, the cover, from the inside, which lies one
    sheet deep in it, unless it is bound in signatures. Raises Findings where a cover would have nothing inside.
    """
    pages = booklet_pages(count)
    if part != "whole":
        if len(pages) <= FOLDED:
            message = f"a booklet of {len(pages)} pages is a cover with nothing inside"
            raise Findings([Finding("", 0, message, "leave out --separate-cover")])
        outer = (*pages[:2], *pages[-2:])
        pages = outer if part == "cover" else pages[2:-2]
    around = 1 if part == "inside" and not signature else 0
    length = signature or len(pages)
    sheets: list[Sheet] = []
    for number, start in enumerate(range(0, len(pages), length), 1):
        sheets += _folded(pages[start : start + length], number, len(sheets), around)
    return tuple(sheets)


def _folded(pages: Sequence[int | None], signature: int, before: int, around: int) -> list[Sheet]:
    """The sheets of one signature, from the outermost to the innermost."""
    last = len(pages) - 1
    sheets = []
    for depth in range(len(pages) // FOLDED):
        first = 2 * depth
        front = (Place(pages[last - first], 0, 0), Place(pages[first], 1, 0))
        back = (Place(pages[first + 1], 0, 0), Place(pages[last - first - 1], 1, 0))
        sheets.append(Sheet(before + depth + 1, front, back, signature, depth + around))
    return sheets


def n_up(count: int, columns: int, rows: int, order: Order, both_sides: bool) -> tuple[Sheet, ...]:
    """`count` pages on sheets of `columns` by `rows` cells that are cut apart.

    A leaf is what a cell becomes when it is cut: two pages, one behind the other, or a single one.

    - "cut-stack": each cell's stack holds leaves that follow each other, so that the stacks, the second laid under the
      first and so on, read in order: no sorting after the cut.
    - "rows": each sheet is filled before the next, row by row.
    - "repeat": each leaf fills a sheet of its own, for cards.
    """
    sided = 2 if both_sides else 1
    leaves = -(-count // sided)
    cells = columns * rows
    piles = leaves if order == "repeat" else -(-leaves // cells)
    sheets = []
    for pile in range(piles):
        front, back = [], []
        for cell in range(cells):
            leaf = {"cut-stack": cell * piles + pile, "rows": pile * cells + cell, "repeat": pile}[order]
            row, column = divmod(cell, columns)
            front.append(Place(_page(leaf * sided + 1, count), column, row))
            back.append(Place(_page(leaf * sided + 2, count), columns - 1 - column, row))
        sheets.append(Sheet(pile + 1, tuple(front), tuple(back) if both_sides else ()))
    return tuple(sheets)


def _page(number: int, count: int) -> int | None:
    return number if number <= count else None


def turned_backs(sheets: Sequence[Sheet], columns: int, rows: int) -> tuple[Sheet, ...]:
    """The same sheets for a printer that turns them head over heels: each back stands upside down in the file."""

    def turned(place: Place) -> Place:
        return Place(place.page, columns - 1 - place.column, rows - 1 - place.row, not place.turned)

    return tuple(replace(sheet, back=tuple(turned(place) for place in sheet.back)) for sheet in sheets)
