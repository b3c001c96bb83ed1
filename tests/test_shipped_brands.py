"""The brands that come along: the neutral one, and a lively one that is plainly invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handouts.boxes import words
from handouts.build import build
from handouts.document import compose
from handouts.imprint import load_brand
from handouts.material import gather
from handouts.pdf import Sheet
from handouts.planning import plan
from handouts.preflight.brands import judge_brands
from handouts.project import Project

PROJECT = Project(Path(__file__).resolve().parents[1])


def test_there_are_two_and_nothing_is_wrong_with_them() -> None:
    assert PROJECT.brands() == ["default", "northgate"]
    assert judge_brands(PROJECT) == []


def test_the_neutral_one_is_nobodys() -> None:
    said = load_brand(PROJECT, "default").model_dump(exclude_defaults=True)
    assert said == {"name": "default", "call_to_action": "Talk to us today"}


def test_the_lively_one_is_plainly_invented() -> None:
    brand = load_brand(PROJECT, "northgate")
    assert brand.phone.startswith("555-01") and brand.email.endswith(".example")
    assert {source.url.split("/")[2] for source in brand.sources.values()} == {"example.org"}
    assert brand.url.startswith("https://example.org/")
    assert "does not exist" in brand.notice
    assert all("invented" in source.title for source in brand.sources.values())
    palette = PROJECT.text("styles/palette.toml")
    assert brand.color not in palette and brand.logo == "styles/brands/northgate/logo.svg"
    assert {fact.source for fact in brand.facts.values()} == set(brand.sources)


@pytest.mark.parametrize(("form", "subject"), [("specialty", "ultrasound"), ("topic", "education")])
def test_it_builds_without_a_finding(tmp_path: Path, form: str, subject: str) -> None:
    [job] = plan(PROJECT, form, [subject], output=str(tmp_path), brand="northgate")
    result = build(job)
    assert [str(finding) for finding in result.findings] == []
    assert result.file == f"northgate/{form}/{subject}.pdf" and (tmp_path / result.file).is_file()


@pytest.mark.parametrize("form", ["specialty", "topic"])
def test_the_widest_dates_leave_room_for_the_revision(form: str) -> None:
    """In March, on A4, beside the most that a foot holds: the code is on the line of its word and of the dates."""
    material = gather(PROJECT, form, {"specialty": "ultrasound", "topic": "education"}[form], "northgate")
    front = material.subject.front.model_copy(update={"reviewed": "2026-03"})
    material = replace(material, subject=material.subject.model_copy(update={"front": front}))
    document = compose(PROJECT, material, "a4")
    found = {one.text.strip(): one for one in words(Sheet(PROJECT, document).lay_out().rendered.pages)}
    (dates,) = [one for text, one in found.items() if text.startswith("Reviewed")]
    assert dates.text.strip().startswith("Reviewed March\u00a02026 · review by March\u00a02027 ·")
    # Its letters have no descenders; the next line would be 10 points below.
    assert found[document.revision].box[3] == pytest.approx(dates.box[3], abs=3)
