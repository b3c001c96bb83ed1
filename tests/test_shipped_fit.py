"""Every shipped sheet and handout fills its page on both papers, and also a third longer or nearly half as short."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from lengths import longer, shorter, words_of
from shipped import PAPERS, PROJECT, SPECIALTIES, by_room, kept

from handouts.boxes import flaws, words
from handouts.document import compose
from handouts.findings import Findings
from handouts.fit import MOST_TRIALS
from handouts.latitude import Kept
from handouts.material import gather
from handouts.pdf import Sheet
from handouts.recipe import fit_sheet, with_voices
from handouts.workers import run_all

TOPICS = tuple(PROJECT.subjects("topics"))
SHEETS = [("specialty", slug) for slug in SPECIALTIES] + [("topic", slug) for slug in TOPICS]
LENGTHS = {"longer": longer, "shorter": shorter}
CASES = [(*sheet, length) for sheet, length in product(SHEETS, LENGTHS)]
IDS = ["-".join(case) for case in CASES]
BODY = 11.0  # in pt, as styles/base/tokens.css has it
# What may stay free at the end of the last column, in mm: gaps grow by 8 pt at most, and more would look like holes. A
# table that moves on to the next column as a whole leaves the most.
MOST_LEFT = {"specialty": 1.0, "topic": 20.0}
Case = tuple[str, str, str]


@dataclasses.dataclass(frozen=True)
class Page:
    """What is said of one fitted document: how it was kept, and what is wrong with its pages."""

    paper: str
    kept: Kept
    trials: int
    pages: int
    flaws: tuple[str, ...]
    smallest: float
    lost: tuple[str, ...]


def fitted(case: tuple[str, str, str, str]) -> Page | str:
    """Lay a shipped document out at another length, on the way of a build, without writing it; or why it cannot be."""
    form, slug, length, paper = case
    material = LENGTHS[length](gather(PROJECT, form, slug))
    sheet = Sheet(PROJECT, compose(PROJECT, material, paper))
    try:
        found = fit_sheet(sheet, material.subject)
    except Findings as findings:
        return str(findings)
    layout = with_voices(sheet, found.layout, found.kept)
    pages = layout.rendered.pages
    laid = "".join("".join(run.text.split()) for run in words(pages))
    printed = [section for section in material.subject.sections if f" s-{section.name}\"" in sheet.document.html]
    return Page(
        paper=paper,
        kept=found.kept,
        trials=found.trials,
        pages=layout.pages,
        flaws=tuple(map(str, flaws(pages))),
        smallest=min(smallest(page._page_box) for page in pages),
        lost=tuple(word for section in printed for word in plain_words(section.html) if word not in laid),
    )


def plain_words(html: str) -> list[str]:
    return [word for word in words_of(html) if word.isalnum()]


def smallest(page: object) -> float:
    """The smallest type of a page's sections in pt, cite marks and the numbers of steps left out."""
    sizes = []
    for box in page.descendants():
        if type(box).__name__ == "TextBox" and box.element is not None:
            sizes.append((box.element, box.style["font_size"] * 0.75, box.element_tag))
    inside = {
        id(element)
        for box in page.descendants()
        if box.element is not None and box.element.tag == "section"
        for element in box.element.iter()
        if element.tag not in ("sup", "a", "sub")
    }
    return min((size for element, size, tag in sizes if id(element) in inside and "::" not in tag), default=99.0)


@pytest.fixture(scope="module")
def pages(built: Mapping[tuple[str, str, str], Path]) -> Mapping[Case, Page | str]:
    """Every case, laid out once: longer on the paper where it is harder to fit, shorter where it is harder to fill."""
    papers = [by_room(built, form, slug)[0 if length == "longer" else -1] for form, slug, length in CASES]
    asked = [(*case, paper) for case, paper in zip(CASES, papers, strict=True)]
    return dict(zip(CASES, run_all(fitted, asked, 2, lambda page: None), strict=True))


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_text_of_another_length_fits_and_fills_its_page(pages: Mapping[Case, Page | str], case: Case):
    page = pages[case]
    assert isinstance(page, Page), page
    assert page.trials <= MOST_TRIALS
    assert page.pages == (1 if case[0] == "specialty" else 2)
    assert -0.05 <= page.kept.left <= MOST_LEFT[case[0]]
    assert 10 <= round(BODY * page.kept.setting.scale, 2) <= 12.5
    assert round(page.smallest, 2) >= 10
    assert page.flaws == ()
    assert page.lost == ()


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_longer_texts_are_set_smaller_and_shorter_ones_larger(
    pages: Mapping[Case, Page | str], built: Mapping[tuple[str, str, str], Path], case: Case
):
    """And the drawing grows only where the type cannot grow any more."""
    form, slug, length = case
    page = pages[case]
    other, own = page.kept.setting, kept(built[form, slug, page.paper]).setting
    small, large = (other, own) if length == "longer" else (own, other)
    assert small.scale <= large.scale
    assert small.space <= large.space
    assert (small.space, small.drawing) < (large.space, large.drawing) or small.scale < large.scale
    for setting in (own, other):
        assert setting.drawing <= 1 or BODY * setting.scale == pytest.approx(12.5, abs=0.01)


@pytest.mark.parametrize(("form", "slug"), SHEETS)
@pytest.mark.parametrize("paper", PAPERS)
def test_a_shipped_page_is_full(built: Mapping[tuple[str, str, str], Path], form: str, slug: str, paper: str):
    found = kept(built[form, slug, paper])
    assert -0.05 <= found.left <= (1 if form == "specialty" else 5)
    assert 10 <= BODY * found.setting.scale <= 12.5


def test_the_eight_sheets_have_one_body_size_on_both_papers(built: Mapping[tuple[str, str, str], Path]):
    """And one drawing, so that band, figures and columns begin at the same heights."""
    settings = [kept(built["specialty", slug, paper]).setting for slug in SPECIALTIES for paper in PAPERS]
    sizes = [one.scale for one in settings]
    middle = (min(sizes) + max(sizes)) / 2
    assert max(sizes) / middle - 1 <= 0.04
    assert {one.drawing for one in settings} == {1.0}
