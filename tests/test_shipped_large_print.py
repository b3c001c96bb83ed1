"""Large print, measured in the PDFs of each format: type, faces, margins, lines, folios, figures in one piece."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from shipped import PROJECT

from handouts.build import run
from handouts.document import Document, compose
from handouts.material import gather_job
from handouts.planning import output_name, plan
from handouts.preflight.evidence import INCH, MM, Page, Printed
from handouts.preflight.ink import Word

TEXT, SECOND, FIRST = 18, 20, 22
SPACING = 1.5
# Format, subject, paper, brand: each format, each paper, with somebody's name and without.
MADE = (
    ("specialty", "ct", "letter", "northgate"),
    ("topic", "modalities", "a4", "default"),
    ("booklet", "", "letter", "default"),
)
SIZES = {"letter": (8.5 * INCH, 11 * INCH), "a4": (210 * MM, 297 * MM)}
COVERS = {"booklet": 1}
_SLACK = 0.1
OVERHANG = 0.8  # points: a j reaches a little out of its box


class Made:
    """A product in large print, in which no check has found anything."""

    def __init__(self, form: str, paper: str, document: Document, path: Path):
        self.form, self.paper, self.document = form, paper, document
        self.printed = Printed(path.name, path.read_bytes())

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(self.printed.pages)

    @property
    def inner(self) -> tuple[Page, ...]:
        """Without the covers of a booklet."""
        covers = COVERS.get(self.form, 0)
        return self.pages[covers : len(self.pages) - covers]

    def words(self) -> Iterator[Word]:
        return (word for page in self.pages for word in page.visible)


def make(folder: Path, form: str, subject: str, paper: str, brand: str, **words: object) -> Made:
    asked = {"paper": paper, "brand": brand, "output": str(folder), "profiles": ["large-print"], **words}
    (job,) = plan(PROJECT, form, [subject] if subject else [], **asked)
    (result,) = run([job], 1, lambda result: None)
    assert [str(finding) for finding in result.findings] == []
    return Made(form, paper, compose(PROJECT, gather_job(PROJECT, job), paper), folder / output_name(job))


@pytest.fixture(scope="module", params=MADE, ids=[form for form, *_ in MADE])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("large"), *request.param)


def test_pages_have_their_full_size(made: Made) -> None:
    for page in made.pages:
        assert (page.width, page.height) == pytest.approx(SIZES[made.paper], abs=_SLACK)


def test_all_type_has_one_of_three_sizes(made: Made) -> None:
    sizes = {round(char.size, 1) for word in made.words() for char in word.chars}
    assert sizes == {TEXT, SECOND, FIRST}


def test_titles_and_headings(made: Made) -> None:
    found: dict[str, set[float]] = {}
    for passage in made.printed.passages.all:
        if passage.element.tag.startswith("H"):
            found.setdefault(passage.element.tag, set()).update(round(line.size, 1) for line in passage.lines)
    lower = {tag: {TEXT} for tag in ("H3", "H4") if made.form == "booklet"}
    assert found == {"H1": {FIRST}, "H2": {SECOND}, **lower}


def test_one_upright_sans(made: Made) -> None:
    fonts = {char.run.font for word in made.words() for char in word.chars}
    # Weights of one family, and none of them oblique.
    assert {re.sub(r"^[A-Z]{6}\+", "", font) for font in fonts} <= {
        "Source-Sans-Pro",
        "Source-Sans-Pro-Bold",
        "Source-Sans-Pro-Semi-Bold",
    }


def test_an_inch_stays_free_on_all_sides(made: Made) -> None:
    for page in made.pages:
        for word in page.visible:
            left, top, right, bottom = word.box
            assert min(left, top, page.width - right, page.height - bottom) > INCH - OVERHANG, (page.number, word)


def test_lines_are_one_and_a_half_apart(made: Made) -> None:
    steps = distances(made)
    assert len(steps) > 15
    assert set(steps) == {SPACING * TEXT}


def distances(made: Made) -> list[float]:
    """From base line to base line in running text, by the tenth of a point; lines to write on stand further apart."""
    return [
        round(after.baseline - before.baseline, 1)
        for passage in made.printed.passages.all
        if passage.element.tag in ("P", "LBody") and "Table" not in passage.inside
        for before, after in pairwise(passage.lines)
        if before.page == after.page and round(before.size) == round(after.size) == TEXT
        if 1 < after.baseline - before.baseline < 2 * TEXT
    ]


def test_a_project_may_set_lines_closer(tmp_path: Path) -> None:
    closer = make(tmp_path, "specialty", "mri", "letter", "default", wishes=[("spacing", "1.15")])
    assert set(distances(closer)) == {20.7}


def test_capitals_stand_only_where_they_are_written(made: Made) -> None:
    capitals = {word.text for word in made.words() if len(re.findall("[A-Z]", word.text)) > 1 and word.text.isupper()}
    written = re.sub(r"<[^>]*>|\s", "", made.document.html.partition("<body")[2])
    # A mark is printed between brackets, which nobody wrote.
    assert [word for word in capitals if re.sub(r"\[.*", "", word) not in written] == []
    assert capitals


def test_each_page_bears_its_number(made: Made) -> None:
    for page in made.inner:
        folio = max(page.visible, key=lambda word: (round(word.chars[0].baseline), word.box[2]))
        assert (folio.text, round(folio.size, 1)) == (str(page.number), TEXT)
        assert folio.box[0] > page.width / 2
    assert len(made.inner) >= len(made.pages) - 2


def test_marks_stand_between_brackets_and_open_no_line(made: Made) -> None:
    marks = [word for word in made.words() if re.search(r"\[[\d,]+\]", word.text)]
    assert marks
    for page in made.pages:
        firsts = {}
        for word in page.visible:
            line = round(word.chars[0].baseline)
            if line not in firsts or word.box[0] < firsts[line].box[0]:
                firsts[line] = word
        assert [word.text for word in firsts.values() if word.text.startswith("[")] == []


def test_tables_and_charts_are_not_cut_apart(made: Made) -> None:
    tables = [element for element in made.printed.tags.elements if element.tag == "Table"]
    # One that is cut is tagged as two.
    assert len(tables) == made.document.html.count("<table")
    for table in tables:
        assert len({content.page for content in table.contents()}) == 1
        assert [cell.attributes for cell in table.walk() if cell.tag == "TH"]
