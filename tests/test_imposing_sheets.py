"""Which page stands where: tables that were typed by hand, and folding and cutting by arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.findings import Findings
from handouts.imposing.sheets import Place, Sheet, booklet_pages, n_up, saddle_stitched, turned_backs

# A line for each sheet, the outermost first: front left, front right, back left, back right; "-" is blank.
BOOKLETS = {
    1: "- 1 - -",
    2: "2 1 - -",
    3: "3 1 2 -",
    4: "4 1 2 3",
    5: "5 1 2 - / - 3 4 -",
    6: "6 1 2 - / - 3 4 5",
    7: "7 1 2 - / 6 3 4 5",
    8: "8 1 2 7 / 6 3 4 5",
    9: "9 1 2 - / - 3 4 - / 8 5 6 7",
    12: "12 1 2 11 / 10 3 4 9 / 8 5 6 7",
    16: "16 1 2 15 / 14 3 4 13 / 12 5 6 11 / 10 7 8 9",
    20: "20 1 2 19 / 18 3 4 17 / 16 5 6 15 / 14 7 8 13 / 12 9 10 11",
    24: "24 1 2 23 / 22 3 4 21 / 20 5 6 19 / 18 7 8 17 / 16 9 10 15 / 14 11 12 13",
    28: "28 1 2 27 / 26 3 4 25 / 24 5 6 23 / 22 7 8 21 / 20 9 10 19 / 18 11 12 17 / 16 13 14 15",
    32: "32 1 2 31 / 30 3 4 29 / 28 5 6 27 / 26 7 8 25 / 24 9 10 23 / 22 11 12 21 / 20 13 14 19 / 18 15 16 17",
    40: "40 1 2 39 / 38 3 4 37 / 36 5 6 35 / 34 7 8 33 / 32 9 10 31 / 30 11 12 29 / 28 13 14 27 / 26 15 16 25"
    " / 24 17 18 23 / 22 19 20 21",
    48: "48 1 2 47 / 46 3 4 45 / 44 5 6 43 / 42 7 8 41 / 40 9 10 39 / 38 11 12 37 / 36 13 14 35 / 34 15 16 33"
    " / 32 17 18 31 / 30 19 20 29 / 28 21 22 27 / 26 23 24 25",
    64: "64 1 2 63 / 62 3 4 61 / 60 5 6 59 / 58 7 8 57 / 56 9 10 55 / 54 11 12 53 / 52 13 14 51 / 50 15 16 49"
    " / 48 17 18 47 / 46 19 20 45 / 44 21 22 43 / 42 23 24 41 / 40 25 26 39 / 38 27 28 37 / 36 29 30 35 / 34 31 32 33",
}
SIGNATURES = {
    (8, 4): "4 1 2 3 / 8 5 6 7",
    (16, 8): "8 1 2 7 / 6 3 4 5 / 16 9 10 15 / 14 11 12 13",
    (12, 16): "12 1 2 11 / 10 3 4 9 / 8 5 6 7",
    (20, 16): "16 1 2 15 / 14 3 4 13 / 12 5 6 11 / 10 7 8 9 / 20 17 18 19",
    (18, 8): "8 1 2 7 / 6 3 4 5 / 16 9 10 15 / 14 11 12 13 / 18 17 - -",
    (36, 16): "16 1 2 15 / 14 3 4 13 / 12 5 6 11 / 10 7 8 9 / 32 17 18 31 / 30 19 20 29 / 28 21 22 27 / 26 23 24 25"
    " / 36 33 34 35",
    (64, 32): "32 1 2 31 / 30 3 4 29 / 28 5 6 27 / 26 7 8 25 / 24 9 10 23 / 22 11 12 21 / 20 13 14 19 / 18 15 16 17"
    " / 64 33 34 63 / 62 35 36 61 / 60 37 38 59 / 58 39 40 57 / 56 41 42 55 / 54 43 44 53 / 52 45 46 51 / 50 47 48 49",
}
COUNTS, FOURS = st.integers(1, 400), st.integers(1, 20).map(lambda sheets: 4 * sheets)


def told(sheets: tuple[Sheet, ...]) -> str:
    """Sheets as the tables have them: cells row by row, from the left."""

    def cells(side: tuple[Place, ...]) -> list[str]:
        return [str(one.page or "-") for one in sorted(side, key=lambda one: (one.row, one.column))]

    return " / ".join(" ".join([*cells(sheet.front), *cells(sheet.back)]) for sheet in sheets)


def leaf(sheet: Sheet, column: int, row: int, columns: int, rows: int, over: bool) -> tuple[int | None, int | None]:
    """The pages in a cell of the front and behind it, which has to stand as the front does when it is turned over.

    `over`: the printer turns sheets head over heels; what is behind stands upside down in the file then.
    """
    [front] = [one for one in sheet.front if (one.column, one.row) == (column, row)]
    behind = (column, rows - 1 - row) if over else (columns - 1 - column, row)
    [back] = [one for one in sheet.back if (one.column, one.row) == behind]
    assert (front.turned, back.turned) == (False, over)
    return front.page, back.page


def folded(sheets: tuple[Sheet, ...], over: bool) -> list[int | None]:
    """The pages of a signature as they are read when its sheets lie in each other and are folded."""
    first, second = [], []
    for sheet in sheets:
        first += leaf(sheet, 1, 0, 2, 1, over)
        front, back = leaf(sheet, 0, 0, 2, 1, over)
        second = [back, front, *second]
    return first + second


@pytest.mark.parametrize("count", BOOKLETS)
def test_the_tables_of_saddle_stitch(count: int) -> None:
    sheets = saddle_stitched(count)
    assert told(sheets) == BOOKLETS[count]
    assert [(sheet.number, sheet.signature, sheet.depth) for sheet in sheets] == [
        (depth + 1, 1, depth) for depth in range(len(sheets))
    ]


@pytest.mark.parametrize(("count", "signature"), SIGNATURES)
def test_the_tables_of_signatures(count: int, signature: int) -> None:
    assert told(saddle_stitched(count, signature)) == SIGNATURES[count, signature]


def test_depth_begins_anew_in_each_signature() -> None:
    sheets = saddle_stitched(20, 8)
    assert [(sheet.number, sheet.signature, sheet.depth) for sheet in sheets] == [
        (1, 1, 0),
        (2, 1, 1),
        (3, 2, 0),
        (4, 2, 1),
        (5, 3, 0),
    ]


def test_a_cover_apart() -> None:
    cover, inside = (saddle_stitched(12, part=part) for part in ("cover", "inside"))
    assert (told(cover), told(inside)) == ("12 1 2 11", "10 3 4 9 / 8 5 6 7")
    assert [sheet.depth for sheet in (*cover, *inside)] == [0, 1, 2]
    assert [sheet.number for sheet in inside] == [1, 2]
    assert told(saddle_stitched(10, part="cover")) == "10 1 2 -"
    assert told(saddle_stitched(10, part="inside")) == "- 3 4 9 / 8 5 6 7"
    bound = saddle_stitched(20, 8, "inside")
    assert told(bound) == "10 3 4 9 / 8 5 6 7 / 18 11 12 17 / 16 13 14 15"
    assert [sheet.depth for sheet in bound] == [0, 1, 0, 1]


@pytest.mark.parametrize("count", [1, 3, 4])
def test_a_cover_with_nothing_inside(count: int) -> None:
    with pytest.raises(Findings, match="a booklet of 4 pages is a cover with nothing inside · leave out --separate-c"):
        saddle_stitched(count, part="inside")


@given(COUNTS, st.just(0) | FOURS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_is_folded_reads_in_order(count: int, signature: int, over: bool) -> None:
    sheets = saddle_stitched(count, signature)
    sheets = turned_backs(sheets, 2, 1) if over else sheets
    numbers = sorted({sheet.signature for sheet in sheets})
    groups = [tuple(sheet for sheet in sheets if sheet.signature == number) for number in numbers]
    read = [page for group in groups for page in folded(group, over)]
    assert [page for page in read if page] == list(range(1, count + 1))
    blanks = [place for place, page in enumerate(read) if page is None]
    assert len(blanks) == -count % 4
    # Before the last page, which is the outside of the back.
    assert read[-1 if count > 1 else 0] == count
    assert blanks == list(range(len(read) - 1 - len(blanks), len(read) - 1)) or count == 1
    assert [len(group) * 4 for group in groups[:-1]] == [signature] * (len(groups) - 1)
    for group in groups:
        assert [sheet.depth for sheet in group] == list(range(len(group)))


@given(COUNTS, st.integers(1, 5), st.integers(1, 5), st.booleans())
@settings(max_examples=60, deadline=None)
def test_what_is_cut_and_stacked_reads_in_order(count: int, columns: int, rows: int, over: bool) -> None:
    sheets = n_up(count, columns, rows, "cut-stack", True)
    sheets = turned_backs(sheets, columns, rows) if over else sheets
    stacks = [
        [leaf(sheet, column, row, columns, rows, over) for sheet in sheets]
        for row in range(rows)
        for column in range(columns)
    ]
    read = [page for stack in stacks for pages in stack for page in pages]
    assert read == [*range(1, count + 1), *[None] * (len(read) - count)]
    assert len(read) - count < 2 * len(stacks)


@given(COUNTS, st.integers(1, 5), st.integers(1, 5), st.booleans())
@settings(max_examples=40, deadline=None)
def test_rows_read_in_order_on_each_sheet(count: int, columns: int, rows: int, over: bool) -> None:
    sheets = n_up(count, columns, rows, "rows", True)
    sheets = turned_backs(sheets, columns, rows) if over else sheets
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    read = [page for sheet in sheets for cell in cells for page in leaf(sheet, *cell, columns, rows, over)]
    assert read == [*range(1, count + 1), *[None] * (len(read) - count)]


def test_the_tables_of_n_up() -> None:
    assert told(n_up(16, 2, 2, "cut-stack", True)) == "1 5 9 13 6 2 14 10 / 3 7 11 15 8 4 16 12"
    assert told(n_up(16, 2, 2, "rows", True)) == "1 3 5 7 4 2 8 6 / 9 11 13 15 12 10 16 14"
    assert told(n_up(3, 2, 2, "repeat", True)) == "1 1 1 1 2 2 2 2 / 3 3 3 3 - - - -"
    assert told(n_up(10, 3, 1, "cut-stack", True)) == "1 5 9 10 6 2 / 3 7 - - 8 4"
    assert told(n_up(8, 2, 2, "cut-stack", False)) == "1 3 5 7 / 2 4 6 8"
    assert told(turned_backs(n_up(16, 2, 2, "rows", True), 2, 2)).startswith("1 3 5 7 6 8 2 4 / ")


def test_a_single_page_is_the_front_of_a_booklet() -> None:
    assert booklet_pages(1) == (1, None, None, None)
    assert booklet_pages(6) == (1, 2, 3, 4, 5, None, None, 6)
