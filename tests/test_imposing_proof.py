"""The folding proof: every side once, numbers over faint pages, heads, folds, and the leaves in their order."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from imposed import numbered, saved
from PIL import Image, ImageChops

from handouts.imposing import proof as proofs
from handouts.imposing.papers import Paper
from handouts.imposing.plan import Wish
from handouts.imposing.writing import impose, planned

SHEET = Paper("", 240, 360, True)
FOLD = (181, 48, 95)


def proof(count: int, wish: Wish) -> bytes:
    pdf = saved(numbered(count))
    plan = planned(pdf, wish, "bees.pdf", "Bees")
    return proofs.proof(impose(pdf, plan), plan)


def looked_at(picture: bytes) -> Image.Image:
    return Image.open(BytesIO(picture)).convert("RGB")


def test_each_side_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, draw = [], pypdfium2.PdfPage.render
    monkeypatch.setattr(pypdfium2.PdfPage, "render", lambda page, **how: (drawn.append(page), draw(page, **how))[1])
    proof(12, Wish(paper=SHEET))
    assert len(drawn) == 6


def test_a_proof_is_the_same_each_time() -> None:
    assert proof(9, Wish(paper=SHEET)) == proof(9, Wish(paper=SHEET))


def test_the_number_of_sheets_makes_the_picture_longer() -> None:
    heights = [looked_at(proof(count, Wish(paper=SHEET))).height for count in (8, 20)]
    assert heights == sorted(set(heights))
    # All that goes beyond what can be looked at is left out, and told.
    assert looked_at(proof(100, Wish(paper=SHEET))).height == looked_at(proof(104, Wish(paper=SHEET))).height
    pdf = saved(numbered(40 * 4))
    sheets = planned(pdf, Wish(paper=SHEET)).sheets
    shown = proofs._shown(sheets)
    assert [sheet.number for sheet in shown] == [*range(1, 13), *range(29, 41)]
    assert list(proofs._left_out(sheets, shown)) == [
        "Not shown: sheets 13 to 28, which go on in the same way.",
    ]


def test_folds_are_dashed_and_cuts_are_lines() -> None:
    folded = looked_at(proof(4, Wish(paper=SHEET)))
    columns = [x for x in range(folded.width) if _count(folded, x) > 20]
    assert [x for x in columns if x - 1 not in columns] == pytest.approx([48 + 150, 48 + 150 + 318], abs=2)
    runs = _runs([folded.getpixel((columns[0], y)) == FOLD for y in range(folded.height)])
    assert len(runs) == 20 and max(runs) <= 6
    cut = looked_at(proof(4, Wish("n-up", columns=2, rows=1, paper=SHEET)))
    lines = [x for x in range(cut.width) if _count(cut, x) > 20]
    assert lines
    assert all(max(_runs([cut.getpixel((x, y)) == FOLD for y in range(cut.height)])) > 140 for x in lines)


def _count(picture: Image.Image, x: int) -> int:
    column = picture.crop((x, 0, x + 1, picture.height)).tobytes()
    return sum(column[at : at + 3] == bytes(FOLD) for at in range(0, len(column), 3))


def _runs(line: list[bool]) -> list[int]:
    found, length = [], 0
    for one in [*line, False]:
        if not one and length:
            found.append(length)
        length = length + 1 if one else 0
    return found


def test_a_page_that_is_upside_down_is_shown_so() -> None:
    """The same sheets for the other edge: the backs are those of before, turned."""
    short, long = (looked_at(proof(4, Wish(paper=SHEET, duplex=duplex))) for duplex in ("short", "long"))
    front, back = (48 + 1, 300), (48 + 318 + 1, 300)
    top = next(y for y in range(short.height) if short.getpixel((48, y)) == (185, 193, 200)) + 1
    for left, width in (front, back):
        box = (left, top, left + width, top + 200)
        one, other = short.crop(box), long.crop(box)
        other = other.rotate(180) if left == back[0] else other
        grey = ImageChops.difference(one, other).convert("L").histogram()
        assert sum(grey[60:]) < 0.03 * width * 200


def test_the_leaves_are_told_as_they_follow_each_other() -> None:
    for duplex in ("short", "long"):
        plan = planned(saved(numbered(10)), Wish(paper=SHEET, duplex=duplex))
        right = [proofs._leaf(plan, sheet, 1) for sheet in plan.sheets]
        left = [proofs._leaf(plan, sheet, 0) for sheet in reversed(plan.sheets)]
        assert right + left == ["1  |  2", "3  |  4", "5  |  6", "7  |  8", "9  |  blank", "blank  |  10"]


@pytest.mark.parametrize(
    ("wish", "steps"),
    [
        (
            Wish(),
            [
                "1. Print on both sides, at 100 %, turned on the short edge.",
                "2. Leave the sheets in their order: sheet 1 is the outermost, the last lies in the middle.",
                "3. Fold the pile at the dashed line, and staple it there.",
            ],
        ),
        (
            Wish(signature=8, duplex="long"),
            [
                "1. Print on both sides, at 100 %, turned on the long edge.",
                "2. Fold the sheets of each signature together at the dashed line, sheet by sheet in each other.",
                "3. Lay the signatures on each other in their order, and sew or glue them at the fold.",
            ],
        ),
        (
            Wish("n-up", duplex="none"),
            [
                "1. Print on one side, at 100 %.",
                "2. Cut all sheets at the lines, in one pile.",
                "3. Lay the stacks together, from the upper left row by row, the first on top.",
            ],
        ),
    ],
)
def test_the_steps_are_told(wish: Wish, steps: list[str]) -> None:
    assert list(proofs._steps(planned(saved(numbered(12)), wish))) == steps
