"""Sheets as pixels: printed, cut, stacked and folded, they read 1, 2, 3, and every head is at the top."""

from __future__ import annotations

from dataclasses import replace

import pytest
from imposed import HEIGHT, WIDTH, folded, numbered, page_of, printed, rasters, saved
from PIL import Image

from handouts.imposing.papers import Paper
from handouts.imposing.plan import Wish
from handouts.imposing.sheets import booklet_pages
from handouts.imposing.writing import impose, planned

# Larger than two pages, and with room on all sides.
SHEET = Paper("", 200, 280, True)
HALF = SHEET.height / 2


def sheets_of(pdf: bytes, wish: Wish) -> bytes:
    return impose(pdf, planned(pdf, wish))


def signatures(pdf: bytes, wish: Wish) -> list[list[Image.Image]]:
    sides = list(printed(sheets_of(pdf, wish), wish.duplex))
    a_signature = (wish.signature or 4 * len(sides)) // 4
    return [folded(sides[first : first + a_signature]) for first in range(0, len(sides), a_signature)]


def read(halves: list[Image.Image]) -> list[int | None]:
    """The pages on the halves of a booklet's sheets: right ones begin at the fold, left ones end there."""
    top = (SHEET.width - HEIGHT) / 2
    return [page_of(half, 0 if place % 2 == 0 else HALF - WIDTH, top) for place, half in enumerate(halves)]


@pytest.mark.parametrize("duplex", ["short", "long"])
@pytest.mark.parametrize("count", range(4, 21))
def test_a_folded_booklet_reads_in_order(count: int, duplex: str) -> None:
    [halves] = signatures(saved(numbered(count)), Wish(paper=SHEET, duplex=duplex))
    assert read(halves) == list(booklet_pages(count))


@pytest.mark.parametrize("duplex", ["short", "long"])
@pytest.mark.parametrize(("count", "signature"), [(20, 8), (16, 4), (30, 16)])
def test_gathered_signatures_read_in_order(count: int, signature: int, duplex: str) -> None:
    groups = signatures(saved(numbered(count)), Wish(paper=SHEET, duplex=duplex, signature=signature))
    assert [page for halves in groups for page in read(halves)] == list(booklet_pages(count))


@pytest.mark.parametrize("duplex", ["short", "long"])
def test_a_cover_goes_around_its_inside(duplex: str) -> None:
    pdf, wish = saved(numbered(14)), Wish(paper=SHEET, duplex=duplex)
    cover, inside = ([*printed(sheets_of(pdf, replace(wish, part=part)), duplex)] for part in ("cover", "inside"))
    assert len(cover) == 1
    assert read(folded([*cover, *inside])) == list(booklet_pages(14))


def bar(half: Image.Image, scale: float) -> float:
    """The middle of the dark bar in the middle of a picture, in points from its left edge."""
    row = round(half.height / 2)
    dark = [x for x in range(half.width) if sum(half.getpixel((x, row))) < 120]
    assert dark and dark[-1] - dark[0] == len(dark) - 1
    return (dark[0] + dark[-1] + 1) / 2 / scale


@pytest.mark.parametrize("duplex", ["short", "long"])
@pytest.mark.parametrize("signature", [0, 8])
def test_creep_moves_inner_pages_to_the_fold(signature: int, duplex: str) -> None:
    creep, at, dpi = 2.0, 60.0, 288
    pdf = saved(numbered(16, extra=f"0 g {at - 2} 0 4 {HEIGHT} re f"))
    wish = Wish(paper=SHEET, duplex=duplex, creep=creep, signature=signature)
    for sheets in _of_signatures(list(printed(sheets_of(pdf, wish), duplex, dpi)), (signature or 16) // 4):
        halves = folded(sheets)
        for place, half in enumerate(halves):
            depth = min(place, len(halves) - 1 - place) // 2
            right = place % 2 == 0
            there = bar(half, dpi / 72)
            from_fold = there if right else HALF - there
            straight = at if right else WIDTH - at
            assert from_fold == pytest.approx(straight - depth * creep, abs=0.2), place


def _of_signatures(sheets: list, length: int) -> list[list]:
    return [sheets[first : first + length] for first in range(0, len(sheets), length)]


def test_creep_never_crosses_the_fold() -> None:
    """The ground of a page that moved ends at the fold, and its neighbour's begins there."""
    pdf = saved(numbered(16))
    sides = rasters(sheets_of(pdf, Wish(paper=SHEET, creep=4.0)))
    for side in sides:
        left, right = (side.getpixel((round(HALF) + step, 100)) for step in (-2, 1))
        assert left != right
        for step in range(2, 20):
            assert side.getpixel((round(HALF) - step, 100)) == left
            assert side.getpixel((round(HALF) + step - 1, 100)) == right


@pytest.mark.parametrize("duplex", ["short", "long"])
@pytest.mark.parametrize(
    ("columns", "rows", "count", "gap"), [(2, 2, 16, 0), (2, 2, 21, 10), (3, 1, 7, 4), (1, 3, 12, 0)]
)
def test_what_is_cut_and_stacked_reads_in_order(columns: int, rows: int, count: int, gap: float, duplex: str) -> None:
    sheet = Paper("", 420, 600, True)
    wish = Wish("n-up", columns=columns, rows=rows, gap=gap, duplex=duplex, paper=sheet)
    sides = list(printed(sheets_of(saved(numbered(count)), wish), duplex))
    width, height = sides[0][0].size
    left = (width - columns * WIDTH - (columns - 1) * gap) / 2
    top = (height - rows * HEIGHT - (rows - 1) * gap) / 2
    pages = []
    for row in range(rows):
        for column in range(columns):
            x, y = left + column * (WIDTH + gap), top + row * (HEIGHT + gap)
            for front, back in sides:
                pages += [page_of(front, x, y), page_of(back, width - x - WIDTH, y)]
    assert pages == [*range(1, count + 1), *[None] * (len(pages) - count)]


def test_one_page_repeated_fills_its_sheet_on_one_side() -> None:
    wish = Wish("n-up", columns=2, rows=3, order="repeat", paper=Paper("", 300, 600, True))
    [side] = rasters(sheets_of(saved(numbered(1)), wish))
    found = [page_of(side, 30 + column * WIDTH, 30 + row * HEIGHT) for row in range(3) for column in range(2)]
    assert found == [1] * 6


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_stands_as_it_is_looked_at(rotation: int) -> None:
    pdf = numbered(4)
    upright = rasters(sheets_of(saved(pdf), Wish(paper=SHEET)))
    for page in pdf.pages:
        # The same picture, from a page that lies otherwise in its file, off the corner, in units of a third.
        page.obj.TrimBox = page.obj.MediaBox = [30, 60, 150, 240] if rotation == 180 else [30, 60, 210, 180]
        turn = {90: "0 1 -1 0 210 60", 180: "-1 0 0 -1 150 240", 270: "0 -1 1 0 30 180"}[rotation]
        page.obj.Contents = pdf.make_stream(f"q {turn} cm ".encode() + page.obj.Contents.read_bytes() + b" Q")
        page.obj.Rotate = rotation
    turned = rasters(sheets_of(saved(pdf), Wish(paper=SHEET)))
    assert [side.tobytes() for side in turned] == [side.tobytes() for side in upright]


def test_bleed_is_kept_at_the_edge_and_cut_at_the_fold() -> None:
    pdf = saved(numbered(8, bleed=6))
    [front, *_] = rasters(sheets_of(pdf, Wish(paper=SHEET)))
    edge, top = round(HALF - WIDTH), round((SHEET.width - HEIGHT) / 2)
    page8, page1 = (front.getpixel((x, 100)) for x in (edge + 30, round(HALF) + 30))
    assert {front.getpixel((x, 100)) for x in range(edge - 5, round(HALF) - 1)} == {page8}
    assert {front.getpixel((x, 100)) for x in range(round(HALF) + 1, round(HALF + WIDTH) + 5)} == {page1}
    assert front.getpixel((edge - 8, 100)) == front.getpixel((edge + 30, top - 8)) == (255, 255, 255)
    assert front.getpixel((edge + 30, top - 4)) == page8


def test_cut_marks_point_at_the_edges_and_touch_no_page() -> None:
    pdf = saved(numbered(8))
    plain, marked = (
        rasters(sheets_of(pdf, Wish(paper=Paper("", 240, 320, True), marks=marks)), 144)[0] for marks in (False, True)
    )
    scale, width, height = 2, 320, 240
    left, top = (width - 2 * WIDTH) / 2, (height - HEIGHT) / 2
    block = tuple(round(edge * scale) for edge in (left, top, width - left, height - top))
    assert plain.crop(block).tobytes() == marked.crop(block).tobytes()
    # Above the pages: the left edge, the fold, the right edge; beside them: the upper and the lower edge.
    row = [marked.getpixel((x, round((top - 12) * scale)))[0] for x in range(marked.width)]
    column = [marked.getpixel((round((left - 12) * scale), y))[0] for y in range(marked.height)]
    assert _centers(row, scale) == pytest.approx([left, width / 2, width - left], abs=0.5)
    assert _centers(column, scale) == pytest.approx([top, height - top], abs=0.5)


def _centers(line: list[int], scale: float) -> list[float]:
    """Middles of the runs that are not white, in points."""
    runs: list[list[int]] = []
    for place, level in enumerate(line):
        if level < 250:
            if runs and runs[-1][-1] == place - 1:
                runs[-1].append(place)
            else:
                runs.append([place])
    return [(run[0] + run[-1] + 1) / 2 / scale for run in runs]
