"""Every message that bad input meets, word for word: the cases of `tests/messages`, each in a copy of a project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from trades import broken, cases, change, said

FILES = ("content", "agreement", "tables", "looks", "brands")
CASES = [(file, case) for file in FILES for case in cases(file)]


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_message(trades: Path, file: str, case: dict[str, Any]) -> None:
    assert broken(trades, case) == case["says"]


def test_messages_have_a_place_and_advice() -> None:
    for _, case in CASES:
        for line in case["says"]:
            place, _, rest = line.partition("  ")
            assert Path(place.split(":")[0]).suffix in {".md", ".toml", ".json", ".html", ".css", ".svg"}, line
            assert " · " in rest and not rest.endswith((" ", ".")), line


def test_everything_at_once(trades: Path) -> None:
    """Findings of all files come in one run, sorted by file and line."""
    change(trades, "content/facts.toml", 'unit = "percent"', 'units = "percent"')
    change(trades, "content/references.json", '"type": "book",', '"type": "book"')
    change(trades, "content/specialties/baker.md", "promise:", "promiss:")
    change(trades, "content/specialties/baker.md", "Yeast", "<b>Yeast")
    change(trades, "styles/brands/default/brand.toml", "phone", "fone")
    change(trades, "handouts.toml", "series", "serie")
    lines = said(trades, "card", "baker")
    assert [line.split("  ")[0] for line in lines] == [
        "content/facts.toml:38",
        "content/references.json:23",
        "content/specialties/baker.md:4",
        "content/specialties/baker.md:31",
        "handouts.toml:3",
        "styles/brands/default/brand.toml:3",
    ]


def test_a_missing_label(trades: Path) -> None:
    """A project's own copy of the labels must hold every word that the templates print."""
    ours = (Path(__file__).parents[1] / "content/labels/en.toml").read_text(encoding="utf-8")
    kept = [line for line in ours.splitlines() if not line.startswith(("revision ", "turn "))]
    text = "\n".join(kept).replace(', "December"]', "]", 1).replace('reviewed = "Reviewed"', "reviewed = 3")
    change(trades, "content/labels/en.toml", "", text)
    line = text.splitlines().index("reviewed = 3") + 1
    assert said(trades, "card", "baker") == [
        'content/labels/en.toml  the label "revision" is missing · add revision = "Revision"',
        'content/labels/en.toml  the label "turn" is missing · add turn = '
        '"Questions to talk about, and the sources, are on the back."',
        'content/labels/en.toml:2  the label "months" is not a list of 12 words · write ["January", "February", …]',
        f'content/labels/en.toml:{line}  the label "reviewed" is not text · '
        'write it between quotes, such as "Reviewed"',
    ]


def test_a_missing_page(trades: Path) -> None:
    (trades / "templates/card/page.html").unlink()
    assert said(trades, "card", "baker") == [
        "templates/card/format.toml:3  the page of this format is missing · add templates/card/page.html"
    ]


def test_a_missing_drawing_of_a_shape(trades: Path) -> None:
    (trades / "templates/drawings/oven-tall.svg").unlink()
    assert said(trades, "leaflet") == [
        'content/booklet.toml:6  there is no drawing "oven" in templates/drawings as oven-tall.svg · add oven-tall.svg'
    ]
