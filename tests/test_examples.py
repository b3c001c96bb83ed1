"""The example of another field, examples/bookmaking: it builds whole, in every profile, and is what it says it is."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handouts.build import Result, run
from handouts.content import load_facts, load_references
from handouts.document import compose
from handouts.findings import Findings
from handouts.material import gather
from handouts.model import Reading
from handouts.planning import plan
from handouts.preflight.brands import judge_brands
from handouts.preflight.wording import judge_project, reading_grade
from handouts.preflight.words import read_words
from handouts.project import Project

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "examples/bookmaking"
EXAMPLE = Project(FOLDER)
CRAFTS = ["bookbinding", "marbling", "printing", "typesetting"]
LESSONS = ["bench", "learning", "parts"]
# One product for each profile and the other paper; what they look like is seen by eye.
OTHERS = [
    ("craft", "typesetting", "a4", ("press",)),
    ("craft", "bookbinding", "letter", ("ink-saver",)),
    ("craft", "marbling", "letter", ("grey",)),
    ("topic", "bench", "a4", ("office",)),
    ("topic", "parts", "letter", ("large-print",)),
    ("article", "taster-evening", "letter", ("press",)),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Result]]:
    """All products for the screen on Letter, and OTHERS, as of the day that the example was last reviewed."""
    output = str(tmp_path_factory.mktemp("bookmaking"))
    jobs = plan(EXAMPLE, "all", [], output=output)
    for form, subject, paper, profiles in OTHERS:
        jobs += plan(EXAMPLE, form, [subject], output=output, paper=paper, profiles=profiles)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDOUTS_TODAY", "2026-11-23")
        yield run(jobs, 2, lambda result: None)


def test_every_format_and_profile_builds_without_a_finding(built: list[Result]) -> None:
    assert [str(finding) for result in built for finding in result.findings] == []
    assert sorted(result.file for result in built) == sorted(
        [
            "booklet.pdf",
            "article/taster-evening.pdf",
            "article/taster-evening.press.pdf",
            *(f"craft/{craft}.pdf" for craft in CRAFTS),
            *(f"topic/{lesson}.pdf" for lesson in LESSONS),
            "craft/typesetting.a4.press.pdf",
            "craft/bookbinding.ink-saver.pdf",
            "craft/marbling.grey.pdf",
            "topic/bench.a4.office.pdf",
            "topic/parts.large-print.pdf",
        ]
    )


def test_sheets_are_full_and_the_booklet_can_be_folded(built: list[Result]) -> None:
    pages = {result.file: result.pages for result in built}
    assert pages["booklet.pdf"] % 4 == 0 and 8 <= pages["booklet.pdf"] <= 40
    assert {pages[f"craft/{craft}.pdf"] for craft in CRAFTS} == {1}
    assert {pages[f"topic/{lesson}.pdf"] for lesson in LESSONS} == {2}
    # Sister sheets line up: all of them fit at the design's own setting, with next to no room left.
    fits = {result.file: result.fit for result in built}
    assert {fits[f"craft/{craft}.pdf"].partition(",")[0] for craft in CRAFTS} == {"fits at 100 %"}


def test_it_is_plainly_invented() -> None:
    """Its figures come from its own papers, which say that they are invented; nobody can be called or written to."""
    references = load_references(EXAMPLE)
    assert references and all("invented" in str(entry["title"]) for entry in references.values())
    assert {fact.source for fact in load_facts(EXAMPLE).values()} == references.keys()
    assert {fact.period for fact in load_facts(EXAMPLE).values()} == {"2026-27"}
    brand = EXAMPLE.toml("styles/brands/default/brand.toml")
    assert str(brand["phone"]).startswith("555-") and str(brand["email"]).endswith(".example")
    assert "invented" in str(brand["notice"]) and "invented" in EXAMPLE.text("content/booklet.toml")
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.rglob("*") if own(path) and path.suffix != ".svg"]
    assert {host for text in texts for host in re.findall(r"https?://([^/\s\"]+)", text)} == {"example.org"}


def own(path: Path) -> bool:
    return path.is_file() and "output" not in path.relative_to(FOLDER).parts


def test_its_words_are_easy_and_its_figures_sourced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading grade of 8 at most, no long sentence, no figure without a source, nothing that grew stale."""
    monkeypatch.setenv("HANDOUTS_TODAY", "2026-11-23")
    assert read_words(EXAMPLE)[1] + judge_project(EXAMPLE) + judge_brands(EXAMPLE) == []
    # The same checks do find what is too hard: a grade of 2 is asked of no file and met by none.
    words = read_words(EXAMPLE)[0]
    strict = replace(words, settings=words.settings.model_copy(update={"reading": Reading(grade=2)}))
    assert {finding.file for finding in reading_grade(strict)} > {"content/topics/parts.md", "content/booklet.toml"}


def test_it_holds_no_code_and_only_what_differs() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if own(path)}
    assert not [name for name in files if name.endswith((".py", ".css"))]
    assert {name for name in files if name.startswith("templates/") and "/drawings/" not in name} == {
        "templates/craft/format.toml",
        "templates/craft/page.html",
        "templates/booklet/format.toml",
    }
    ours = tomllib.loads((ROOT / "templates/specialty/format.toml").read_text(encoding="utf-8"))
    craft = tomllib.loads((FOLDER / "templates/craft/format.toml").read_text(encoding="utf-8"))
    assert {key for key in ours if craft.get(key) != ours[key]} == {"title", "content"}
    labels, own_labels = (Project(root).toml("content/labels/en.toml") for root in (ROOT, FOLDER))
    assert {key for key in labels if own_labels[key] != labels[key]} == {"topic"} and own_labels.keys() == labels.keys()


def test_no_drawing_is_missing_beyond_the_trim() -> None:
    for name in (*(f"{craft}-band" for craft in CRAFTS), "bouquet-tall"):
        for ending in ("", "-bleed"):
            assert (FOLDER / f"templates/drawings/{name}{ending}.svg").is_file()


def test_the_shipped_formats_stay_of_use(tmp_path: Path) -> None:
    """The format specialty has no content here; once it has, it prints it beside the crafts."""
    root = tmp_path / "bookmaking"
    shutil.copytree(FOLDER, root, ignore=shutil.ignore_patterns("output"))
    with pytest.raises(Findings) as caught:
        plan(Project(root), "specialty", [])
    assert [finding.message for finding in caught.value.findings] == ["holds no content files"]
    (root / "content/specialties").mkdir()
    text = (root / "content/crafts/marbling.md").read_text(encoding="utf-8")
    (root / "content/specialties/boxmaking.md").write_text(text, encoding="utf-8")
    project = Project(root)
    assert [job.subject for job in plan(project, "specialty", [])] == ["boxmaking"]
    # The same page, whatever the folder is called.
    sheet, craft = (
        compose(project, gather(project, *names), "letter")
        for names in (("specialty", "boxmaking"), ("craft", "marbling"))
    )
    assert sheet.html.replace(sheet.revision, craft.revision) == craft.html


def test_the_guide_of_another_subject_names_files_that_are_there() -> None:
    guide = (ROOT / "docs/own-subject.md").read_text(encoding="utf-8")
    named = re.findall(r"`examples/bookmaking/([\w./-]+)`", guide)
    assert len(named) > 3
    assert [name for name in named if not (FOLDER / name).exists()] == []
    entries = json.loads((FOLDER / "content/references.json").read_text(encoding="utf-8"))
    assert {entry["id"] for entry in entries} == load_references(EXAMPLE).keys()
