"""All that one document is made of, gathered. What is said of what is missing is in test_messages.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from trades import BAKER, change

from handouts.addresses import check_addresses
from handouts.findings import Findings
from handouts.material import gather
from handouts.project import Project


def test_a_sheet(trades: Path) -> None:
    material = gather(Project(trades), "specialty", "baker")
    assert material.subject is not None and material.subject.slug == "baker"
    assert material.title == "Baker – Trades of Tinkerton"
    assert material.file == BAKER
    assert material.booklet is None and material.about is None
    assert {name: list(kind) for name, kind in material.subjects.items()} == {"specialties": ["baker"]}
    assert material.event.name == "Tinkerton Trade Fair"
    assert material.labels["months"][0] == "January"
    assert material.ink("bronze").solid == "#5a4a12"
    assert material.chart("pay").rows[0].fact == "baker-pay"


def test_a_booklet(trades: Path) -> None:
    material = gather(Project(trades), "leaflet")
    assert material.subject is None
    assert material.title == "Made by hand – Trades of Tinkerton"
    assert material.file == "content/booklet.toml"
    assert {kind: list(named) for kind, named in material.subjects.items()} == {
        "topics": ["apprenticeship"],
        "specialties": ["baker", "potter"],
    }
    assert material.find("potter").title == "Potter"
    assert material.about is not None
    assert material.about.html == (
        '<p>This leaflet is invented from end to\u00a0end<x-mark cites="guild-rules"></x-mark>.</p>'
    )


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda material: material.ink("bronce"), f'{BAKER}  there is no color "bronce" · did you mean bronze?'),
        (lambda material: material.find("bakr"), f'{BAKER}  no content file is named "bakr" · did you mean baker?'),
        (lambda material: material.chart("pays"), f'{BAKER}  there is no chart "pays" · did you mean pay?'),
    ],
)
def test_what_a_template_asks_for_in_vain(trades: Path, ask, said: str) -> None:
    material = gather(Project(trades), "card", "baker")
    with pytest.raises(Findings) as caught:
        ask(material)
    assert str(caught.value) == said


def test_a_broken_file_is_not_told_as_many_missing_ones(trades: Path) -> None:
    """Facts that cannot be read are one finding, and not one more for every mark."""
    change(trades, "content/facts.toml", "value = 41250", "value = 41,250")
    with pytest.raises(Findings) as caught:
        gather(Project(trades), "leaflet")
    assert [finding.file for finding in caught.value.findings] == ["content/facts.toml"]


def test_an_unknown_subject_is_a_missing_file(trades: Path) -> None:
    with pytest.raises(Findings) as caught:
        gather(Project(trades), "card", "smith")
    assert str(caught.value) == (
        f"content/specialties/smith.md  this file is missing · add it to the project in {trades}"
    )


def test_our_own_styles_and_drawings_name_nothing_outside() -> None:
    project = Project(Path(__file__).parents[1])
    files = [
        *project.names("styles", "**/*.css"),
        *project.names("templates", "*/*.html"),
        *project.names("templates/drawings", "*.svg"),
    ]
    assert len(files) > 20
    assert check_addresses(project, files) == []


def test_links_are_not_loaded(trades: Path) -> None:
    change(trades, "templates/card/page.html", "{{ series }}", '<a href="https://example.org">x</a>')
    assert check_addresses(Project(trades), ["templates/card/page.html", "styles/missing.css", "README.txt"]) == []
