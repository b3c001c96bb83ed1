"""Papers, scale, turn and marks, and what speaks against a wish, word for word."""

from __future__ import annotations

import pytest

from handouts.findings import Findings
from handouts.imposing import papers
from handouts.imposing.choosing import plan_for
from handouts.imposing.papers import INCH, MM, PAPERS
from handouts.imposing.plan import Leaf, Plan, Wish

LETTER, HALF_LETTER = (8.5 * INCH, 11 * INCH), (5.5 * INCH, 8.5 * INCH)
A4, A5 = (210 * MM, 297 * MM), (148 * MM, 210 * MM)


def leaf(width: float, height: float, bleed: float = 0.0, rotation: int = 0) -> Leaf:
    return Leaf((0, 0, width, height), (-bleed, -bleed, width + bleed, height + bleed), rotation)


def plan(wish: Wish, *leaves: Leaf) -> Plan:
    return plan_for(leaves, wish, "bees.pdf", "Bees")


def refused(wish: Wish, *leaves: Leaf) -> str:
    with pytest.raises(Findings) as caught:
        plan(wish, *leaves)
    return str(caught.value)


@pytest.mark.parametrize(
    ("page", "name", "size"),
    [
        (HALF_LETTER, "letter", (792, 612)),
        (LETTER, "tabloid", (1224, 792)),
        (A5, "a4", (842, 595)),
        (A4, "a3", (1191, 842)),
        ((420, 595), "a4", (842, 595)),  # A5 as programs round it
    ],
)
def test_paper_is_derived_from_the_page(page: tuple[float, float], name: str, size: tuple[int, ...]) -> None:
    found = plan(Wish(), *[leaf(*page)] * 4)
    assert (found.paper.name, tuple(round(side) for side in found.size)) == (name, size)
    assert (found.duplex, found.scale, found.warnings) == ("short", 1.0, ())


def test_paper_grows_with_marks() -> None:
    assert plan(Wish(marks=True), leaf(*HALF_LETTER)).paper.name == "tabloid"
    assert plan(Wish(marks=True), leaf(*LETTER, bleed=9)).paper.name == "12x18"
    assert plan(Wish(marks=True), leaf(*A5)).paper.name == "sra4"
    assert plan(Wish("n-up", columns=2, rows=4, gap=9), leaf(3.5 * INCH, 2 * INCH)).paper.name == "letter"
    # Letter has room for these too, and is smaller; who thinks in millimeters has A4.
    assert plan(Wish("n-up", columns=2, rows=4), leaf(85 * MM, 55 * MM)).paper.name == "a4"


def test_the_names_of_papers_and_lengths() -> None:
    assert papers.paper(" Letter ") is PAPERS["letter"]
    assert str(papers.paper("letter")) == "letter (8.5 × 11 in)"
    own = papers.paper("450 x 320mm")
    assert (own.name, round(own.width), round(own.height), str(own)) == ("", 907, 1276, "320 × 450 mm")
    assert papers.length("0.1mm") == pytest.approx(0.2835, abs=1e-4)
    assert (papers.length(".5 IN"), papers.length("3pt"), papers.length("1cm")) == (36, 3, 10 * MM)
    for text in ("", "3", "mm", "-1mm", "1 foot", "1e9mm", "nan mm"):
        with pytest.raises(ValueError):
            papers.length(text)
    for text in ("", "paper", "0x0in", "1x1mm", "999x999in", "8.5x11"):
        with pytest.raises(ValueError):
            papers.paper(text)


def test_a_paper_that_is_too_small() -> None:
    assert refused(Wish(paper=PAPERS["letter"]), leaf(*LETTER)) == (
        "bees.pdf  letter (8.5 × 11 in) is too small for 2 × 1 pages of 8.5 × 11 in: it lacks 6 in of width and 2.5 in "
        "of height · choose --paper tabloid, or let --scale fit shrink the pages"
    )
    assert refused(Wish(paper=PAPERS["a4"]), leaf(150 * MM, 200 * MM)) == (
        "bees.pdf  a4 (210 × 297 mm) is too small for 2 × 1 pages of 150 × 200 mm: it lacks 3 mm of width · choose "
        "--paper sra4, or let --scale fit shrink the pages"
    )
    assert "no paper that we know has room for 17 × 22 in · name one" in refused(
        Wish("n-up", columns=2, rows=2), leaf(*LETTER)
    )


def test_pages_shrink_only_where_that_is_asked_for() -> None:
    wish = Wish("n-up", columns=2, rows=2, paper=PAPERS["letter"], fit=True)
    found = plan(wish, leaf(*LETTER))
    assert (found.scale, found.cell, found.size) == (0.5, (306, 396), (612, 792))
    side_by_side = plan(Wish(fit=True, paper=PAPERS["letter"]), leaf(*LETTER))
    assert (side_by_side.size, round(side_by_side.scale, 3)) == ((792, 612), 0.647)
    assert plan(Wish(fit=True), leaf(*LETTER)).paper.name == "letter"
    assert plan(Wish(fit=True, paper=PAPERS["a3"]), leaf(*A5)).scale == 1.0
    assert "on letter (8.5 × 11 in) the pages would be shrunk to 3 %" in refused(
        Wish("n-up", columns=30, rows=30, paper=PAPERS["letter"], fit=True), leaf(*LETTER)
    )


def test_pages_of_other_sizes_are_told() -> None:
    leaves = [leaf(*HALF_LETTER)] * 4 + [leaf(*LETTER), leaf(*LETTER), leaf(*HALF_LETTER, rotation=90)]
    assert refused(Wish(), *leaves).splitlines() == [
        "bees.pdf, page 5  is 8.5 × 11 in, and so is 1 more; most pages are 5.5 × 8.5 in · make all pages one size, or "
        "let --scale fit shrink and center it",
        "bees.pdf, page 7  is 8.5 × 5.5 in; most pages are 5.5 × 8.5 in · make all pages one size, or let --scale fit "
        "shrink and center it",
    ]
    found = plan(Wish(fit=True, paper=PAPERS["letter"]), *leaves)
    assert [(one.page, one.severity) for one in found.warnings] == [(5, "warning"), (7, "warning")]
    assert found.cell == HALF_LETTER
    # The larger ones end where their cell does, and stand in its middle.
    [(place, sheet)] = [
        (one, sheet) for sheet in found.sheets for side in sheet.sides for one in side if one.page == 5
    ]
    a, _, _, d, e, _ = found.matrix(place, sheet)
    assert a == d == pytest.approx(5.5 / 8.5)
    assert e == pytest.approx(found.corner(place)[0])


def test_creep_that_is_a_slip_of_the_unit() -> None:
    assert refused(Wish(creep=INCH), *[leaf(*HALF_LETTER)] * 16) == (
        "bees.pdf  a creep of 1 in a sheet moves the innermost pages by 3 in · give the thickness of one sheet, about "
        "0.1mm; fold a thick booklet in signatures"
    )
    assert plan(Wish(creep=INCH), *[leaf(*HALF_LETTER)] * 4).shift


def test_creep_grows_from_sheet_to_sheet_towards_the_fold() -> None:
    found = plan(Wish(creep=0.3), *[leaf(*HALF_LETTER)] * 24)
    shifts = [[found.shift(place, sheet) for side in sheet.sides for place in side] for sheet in found.sheets]
    assert shifts == [[pytest.approx(way * 0.3 * depth) for way in (1, -1, 1, -1)] for depth in range(6)]


def test_a_folded_sheet_has_two_sides() -> None:
    assert refused(Wish(duplex="none"), leaf(*A5)) == (
        "bees.pdf  a sheet that is folded has two sides · print it on both sides: leave out --duplex, or choose long "
        "or short"
    )


@pytest.mark.parametrize(
    ("wish", "duplex", "turned"),
    [
        (Wish(), "short", False),
        (Wish(duplex="short"), "short", False),
        (Wish(duplex="long"), "long", True),
        (Wish("n-up", columns=2, rows=2), "long", False),
        (Wish("n-up", columns=2, rows=2, duplex="short"), "short", True),
        (Wish("n-up", columns=2, rows=2, duplex="none"), "none", False),
    ],
)
def test_backs_are_upside_down_only_where_the_printer_wants_them_so(wish: Wish, duplex: str, turned: bool) -> None:
    found = plan(wish, *[leaf(3 * INCH, 4 * INCH)] * 8)
    assert found.duplex == duplex
    assert {place.turned for sheet in found.sheets for place in sheet.back} <= {turned}
    assert not any(place.turned for sheet in found.sheets for place in sheet.front)


def test_marks_without_room_are_told() -> None:
    found = plan(Wish(marks=True, paper=PAPERS["letter"]), leaf(*HALF_LETTER))
    assert [str(one) for one in found.warnings] == [
        "bees.pdf  there is no room on letter (8.5 × 11 in) for cut marks left and right or above and below · choose a "
        "larger --paper, or leave it out"
    ]
    assert found.marks == ()
    narrow = plan(Wish(marks=True, paper=papers.paper("11x9in")), leaf(*HALF_LETTER))
    assert [one.message.partition("marks ")[2] for one in narrow.warnings] == ["left and right"]
    assert {line.start[0] for line in narrow.marks} == {0, 396, 792}
    assert {line.dashed for line in narrow.marks if line.start[0] == 396} == {True}


def test_neighbours_that_touch_share_a_cut() -> None:
    pages = [leaf(100, 60)]
    for gap, edges in ((0, [156, 256, 356, 456]), (10, [146, 246, 256, 356, 366, 466])):
        found = plan(Wish("n-up", columns=3, rows=2, gap=gap, marks=True, paper=PAPERS["letter"]), *pages)
        across = sorted({line.start[0] for line in found.marks if line.start[0] == line.end[0]})
        # The block is wider than high: the sheet lies on its side.
        assert across == [x + (found.size[0] - 612) / 2 for x in edges]


def test_the_title_says_what_became_of_the_pages() -> None:
    page = leaf(*HALF_LETTER)
    told = [
        (Wish(), "2-up saddle stitch"),
        (Wish(signature=8), "2-up, signatures of 8 pages"),
        (Wish(part="cover"), "2-up saddle stitch, cover"),
        (Wish("n-up", columns=1, rows=2), "1 × 2 up, cut and stack"),
        (Wish("n-up", columns=1, rows=2, order="repeat"), "1 × 2 up, repeated"),
    ]
    for wish, words in told:
        assert plan(wish, *[page] * 8).title == f"Bees (sheets: {words})"
