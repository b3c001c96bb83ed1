"""Content files, TOML and JSON read into records. What is said of mistakes in them is in test_messages.py."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from trades import BAKER, change

from handouts import content
from handouts.findings import Findings, nearest
from handouts.model import Glance
from handouts.project import Project
from handouts.records import TomlLines


def test_a_subject(trades: Path) -> None:
    baker = content.load_subject(Project(trades), "specialties", "baker")
    assert (baker.slug, baker.kind, baker.file, baker.title) == ("baker", "specialties", BAKER, "Baker")
    assert baker.front.glance[0] == Glance(fact="baker-pay")
    assert baker.front.glance[3] == Glance(fact="master-badge", caption="the credential of a master")
    assert [section.name for section in baker.sections] == ["duties", "how", "where", "path", "fit"]
    assert baker.section("how").line == 29
    assert baker.section("nowhere") is None


@pytest.mark.parametrize("written", ["2030-01", "2030-01-17", "'2030-01'"])
def test_reviewed(trades: Path, written: str) -> None:
    change(trades, BAKER, "reviewed: 2030-01", f"reviewed: {written}")
    assert content.load_subject(Project(trades), "specialties", "baker").front.reviewed == "2030-01"


def test_a_subject_with_findings_is_read_as_far_as_it_goes(trades: Path) -> None:
    change(trades, BAKER, "Yeast", "<b>Yeast")
    subject, findings = content.read_subject(Project(trades), "specialties", "baker")
    assert subject is not None and len(findings) == 1
    with pytest.raises(Findings) as caught:
        content.load_subject(Project(trades), "specialties", "baker")
    assert caught.value.findings == tuple(findings)


def test_front_matter_may_end_in_dots() -> None:
    assert content.split_front_matter("---\ntitle: x\n...\nwords", "a.md") == ("title: x", "words", 4)


def test_facts_and_settings(trades: Path) -> None:
    facts = content.load_facts(Project(trades))
    assert facts["baker-pay"].shown == "$41,250"
    assert facts["trade-growth"].shown == "+3.5%"
    assert facts["apprentice-years"].shown == "3\u00a0years"
    assert facts["master-badge"].shown == "Badge"
    assert facts["baker-pay"].read == datetime.date(2029, 11, 2)
    settings = content.load_settings(Project(trades))
    assert (settings.series, settings.event.booth) == ("Trades of Tinkerton", "Booth 7")


def test_the_glossary_is_sorted_without_regard_to_case(trades: Path) -> None:
    assert list(content.load_glossary(Project(trades))) == ["Bisque", "kiln", "proof"]


def test_files_that_need_not_be_there(trades: Path) -> None:
    for name in ("facts.toml", "charts.toml", "glossary.toml", "references.json"):
        (trades / "content" / name).unlink()
    (trades / "handouts.toml").write_text("")
    project = Project(trades)
    assert content.load_facts(project) == content.load_charts(project) == content.load_glossary(project) == {}
    assert content.load_references(project) == {}
    assert content.load_settings(project).series == ""


def test_ten_thousand_facts(trades: Path) -> None:
    text = (trades / "content/facts.toml").read_text(encoding="utf-8")
    one = text[text.index("[baker-pay]") : text.index("[potter-pay]")]
    many = "".join(one.replace("[baker-pay]", f"[fact-{number}]") for number in range(10_000))
    change(trades, "content/facts.toml", "", text + "\n" + many)
    assert len(content.load_facts(Project(trades))) == 10_008


def test_lines_of_toml() -> None:
    text = '\n'.join(
        [
            "title = 'x'",
            'long = """',
            "fake = 1",
            '"""',
            "[[row]]",
            "a = 1",
            "[[row]]",
            "a = 2",
            "b.c = 3",
            '["quoted name"]',
            "list = [",
            '  { fact = "one" },',
            '  { fact = "two" },',
            "]",
        ]
    )
    lines = TomlLines(text)
    assert lines.line(("title",)) == 1
    assert lines.line(("fake",)) == 0
    assert lines.line(("row", "0", "a")) == 6
    assert lines.line(("row", "1", "a")) == 8
    assert lines.line(("row", "1", "b", "c")) == 9
    assert lines.line(("row", "1", "missing")) == 7
    assert lines.line(("quoted name", "list", "1", "fact")) == 11
    assert lines.line_with('"two"', ("quoted name",)) == 13


def test_lines_of_ids() -> None:
    text = '[{"id": "a"},\n {"title": "a", "id" : "a"}]'
    assert content.id_lines(text, "a") == [1, 2]
    assert content.id_lines(text, "b") == [0]


def test_the_nearest_name() -> None:
    assert nearest("Ultrasond", ["ct", "Ultrasound"]) == "did you mean Ultrasound?"
    assert nearest("x", ["one", "two"]) == "known are: one, two"
    assert nearest("x", [f"name-{number}" for number in range(20)]).endswith("name-14 …")
    assert nearest("x", []) == "there are none yet"
