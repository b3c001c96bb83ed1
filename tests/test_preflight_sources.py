"""References and facts: each rule fires where it should, on its line, and nowhere else."""

from __future__ import annotations

import copy
import datetime
import json
from pathlib import Path

import pytest
import small
import trades

from handouts.findings import Finding
from handouts.material import gather
from handouts.model import Fact
from handouts.preflight.sources import FIGURE_UNDATED, WORDS, months_between, page_date
from handouts.preflight.words import Words, read_words, words_of
from handouts.project import Project

FACTS, REFERENCES = "content/facts.toml", "content/references.json"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2026-11-23")


def judged(words: Words) -> list[Finding]:
    return [finding for check in WORDS for finding in check(words)]


def project_of(root: Path, changes: dict[str, str] | None = None) -> Project:
    """The small project without its booklet, whose chapters are of no kind that our own booklet knows."""
    project = small.project(root, changes)
    if "content/booklet.toml" not in (changes or {}):
        (root / "content/booklet.toml").unlink()
    return project


def told(root: Path, changes: dict[str, str] | None = None) -> list[Finding]:
    """All that is said of a small project's references and facts, what cannot be read included."""
    words, findings = read_words(project_of(root, changes))
    return [*findings, *judged(words)]


def ids(findings: list[Finding]) -> list[tuple[str, str, int]]:
    return [(one.id, one.file, one.line) for one in findings]


def facts(old: str, new: str) -> dict[str, str]:
    assert old in small.FACTS
    return {FACTS: small.FACTS.replace(old, new)}


def references(*more: dict[str, object], **keys: object) -> dict[str, str]:
    """The small project's references, the first (the board's, undated) with other keys, and some more after them."""
    entries = copy.deepcopy(small.REFERENCES)
    entries[0] = {key: value for key, value in {**entries[0], **keys}.items() if value is not None}
    return {REFERENCES: json.dumps([*entries, *more], indent=2)}


def page(name: str, **keys: object) -> dict[str, object]:
    """One more reference, of a page that no other names."""
    return {**small.REFERENCES[1], "id": name, "title": f"About {name}", "URL": f"https://{name}.example/", **keys}


CITED = {"content/cards/mri.md": small.MRI.replace("[@board]", "[@board; @other]")}


def line_of(root: Path, file: str, words: str) -> int:
    return next(n for n, line in enumerate((root / file).read_text().split("\n"), 1) if words in line)


def test_a_sound_project_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words, findings = read_words(project_of(tmp_path))
    assert findings == judged(words) == [] and words.whole
    monkeypatch.setenv("HANDOUTS_TODAY", "2030-02-01")
    words, findings = read_words(Project(trades.PROJECT))
    assert findings == judged(words) == [] and words.whole


# cite-unresolved, fact-unverified: found by handouts/agreement.py, for every file of every format


def test_a_mark_that_names_nothing(tmp_path: Path) -> None:
    text = small.MRI.replace("[@board]", "[@bord]") + "\nIt pays [=ct-pays].\n"
    found = told(tmp_path, {"content/cards/mri.md": text})
    assert ids(found) == [("cite-unresolved", "content/cards/mri.md", line) for line in (8, 10)]


def test_a_mark_in_the_booklet_that_names_nothing(tmp_path: Path) -> None:
    root = trades.copied(tmp_path)
    trades.change(root, "content/booklet.toml", "[@guild-rules]", "[@guild-rule]")
    assert ids(read_words(Project(root))[1]) == [("cite-unresolved", "content/booklet.toml", 8)]


def test_a_mark_in_a_file_that_no_format_prints(tmp_path: Path) -> None:
    text = small.MRI.replace("[@board]", "[@bord]")
    assert ids(told(tmp_path, {"content/others/x.md": text})) == [("cite-unresolved", "content/others/x.md", 8)]


def test_a_fact_without_its_source(tmp_path: Path) -> None:
    found = told(tmp_path, facts('source = "board"', 'source = "bord"'))
    assert ids(found) == [("cite-unresolved", FACTS, line_of(tmp_path, FACTS, '"bord"'))]


def test_a_fact_that_nobody_verified(tmp_path: Path) -> None:
    text = small.FACTS.replace('"verified"', '"unverified"', 1)
    assert ids(told(tmp_path, {FACTS: text})) == [("fact-unverified", "content/cards/ct.md", 8)]


def test_a_chart_of_what_is_not_there_or_not_verified(tmp_path: Path) -> None:
    root = trades.copied(tmp_path)
    trades.change(root, "content/charts.toml", "potter-pay", "potters-pay")
    trades.change(root, "content/facts.toml", 'confidence = "verified"', 'confidence = "unverified"')
    found = {(one.id, one.file) for one in read_words(Project(root))[1]}
    assert found == {
        ("cite-unresolved", "content/charts.toml"),
        ("fact-unverified", "content/charts.toml"),
        ("fact-unverified", "content/specialties/baker.md"),
        # The sheet's highlighted row is gone.
        ("content", "content/specialties/potter.md"),
    }


# reference-orphan


def test_a_reference_that_nothing_cites(tmp_path: Path) -> None:
    found = told(tmp_path, references(page("other")))
    assert ids(found) == [("reference-orphan", REFERENCES, line_of(tmp_path, REFERENCES, '"id": "other"'))]
    assert found[0].severity == "warning"


def test_a_reference_is_cited_by_a_mark_or_by_a_fact_that_is_printed_nowhere(tmp_path: Path) -> None:
    assert told(tmp_path / "mark", {**references(page("other")), **CITED}) == []
    stored = small.FACTS + small.FACTS.replace("[ct-pay]", "[kept]").split("\n\n")[0].replace("handbook", "other")
    assert told(tmp_path / "fact", {**references(page("other")), FACTS: stored}) == []


def test_a_duplicate_that_nothing_cites_is_told_once(tmp_path: Path) -> None:
    twice = references(page("other", URL="https://board.example/keep"))
    assert [one.id for one in told(tmp_path, twice)] == ["reference-duplicate"]


def test_one_document_is_asked_for_its_own_references(tmp_path: Path) -> None:
    twice = references(page("other", URL="https://board.example/keep"))
    project = project_of(tmp_path, {**twice, **CITED})
    assert judged(words_of(project, gather(project, "card", "ct"))) == []
    assert [one.id for one in judged(words_of(project, gather(project, "card", "mri")))] == ["reference-duplicate"]


def test_one_document_has_no_orphans(tmp_path: Path) -> None:
    project = project_of(tmp_path, references(page("other")))
    assert judged(words_of(project, gather(project, "card", "ct"))) == []


def test_nothing_is_an_orphan_where_a_file_cannot_be_read(tmp_path: Path) -> None:
    broken = {"content/cards/ct.md": small.CT.replace("title:", "titel:")}
    found = told(tmp_path, {**references(page("other")), **broken})
    assert {(one.id, one.file) for one in found} == {("content", "content/cards/ct.md")}


# reference-duplicate


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"URL": "https://www.a.example/x/"}, {"URL": "http://A.example/x"}, "they have the same address"),
        ({"URL": "https://a.example/x#top"}, {"URL": "https://a.example/x?utm_source=n"}, "they have the same address"),
        ({"DOI": "10.1000/AB"}, {"DOI": "https://doi.org/10.1000/ab"}, "they have the same DOI"),
        ({"DOI": "10.1000/ab"}, {"URL": "https://dx.doi.org/10.1000/ab"}, "they have the same DOI"),
        ({"title": "One, two"}, {"title": "One two"}, "they have the same title, author and year"),
    ],
)
def test_two_references_of_one_source(tmp_path: Path, first: dict, second: dict, same: str) -> None:
    changes = references(page("other", **second), page("third"), **{"issued": small.REFERENCES[1]["issued"], **first})
    changes[REFERENCES] = changes[REFERENCES].replace("The Board", "The Office")
    text = small.MRI.replace("[@board]", "[@board; @other; @third]")
    found = told(tmp_path, {**changes, "content/cards/mri.md": text})
    assert ids(found) == [("reference-duplicate", REFERENCES, line_of(tmp_path, REFERENCES, '"id": "other"'))]
    assert found[0].message == f'"other" is the same source as "board" on line 3: {same}'


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"URL": "https://a.example/x?page=1"}, {"URL": "https://a.example/x?page=2"}),
        ({"URL": "https://a.example/"}, {"URL": "https://b.example/"}),
        ({"title": "Same", "DOI": "10.1000/a"}, {"title": "Same", "DOI": "10.1000/b"}),
        ({"title": "Same", "issued": {"date-parts": [[2024]]}}, {"title": "Same", "issued": {"date-parts": [[2025]]}}),
    ],
)
def test_two_references_of_two_sources(tmp_path: Path, first: dict, second: dict) -> None:
    assert told(tmp_path, {**references(page("other", **second), **first), **CITED}) == []


# fact-stale


@pytest.mark.parametrize(
    ("day", "stale"),
    [
        ("2027-08-27", []),
        ("2027-08-28", ["ct-pay"]),
        ("2028-08-27", ["ct-pay"]),
        ("2028-08-28", ["ct-pay", "ct-growth"]),
        ("2029-10-02", ["ct-pay", "ct-growth"]),
        ("2029-10-03", ["ct-pay", "ct-growth", "card-rule"]),
    ],
)
def test_staleness_counts_from_the_date_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, stale: list[str]
) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", day)
    found = told(tmp_path)
    assert ids(found) == [("fact-stale", FACTS, line_of(tmp_path, FACTS, f"[{name}]")) for name in stale]


def test_what_is_said_of_a_stale_fact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2027-10-01")
    [found] = told(tmp_path)
    assert str(found) == (
        'content/facts.toml:1  "ct-pay" is 25 months old: its source, handbook, is of 2025-08-28, and pay is read '
        "again after 24 (printed by content/cards/ct.md) · read the source again and update value, period and read, "
        "and its date in content/references.json; or take the fact out of the text; timeless = true is for what can "
        "never change"
    )
    assert found.severity == "warning"


def test_a_project_sets_the_limits(tmp_path: Path) -> None:
    limits = "[staleness]\npay = 12\nfees = 1\nothers = 20\n"
    assert [one.message[:8] for one in told(tmp_path, {"handouts.toml": limits})] == ['"ct-pay"']
    fees = facts('subject = "growth"', 'subject = "fees"')
    assert [one.message[:8] for one in told(tmp_path, {"handouts.toml": limits, **fees})] == ['"ct-pay"', '"ct-grow']


def test_an_unknown_limit_is_a_finding(tmp_path: Path) -> None:
    found = told(tmp_path, {"handouts.toml": "[staleness]\npays = 12\n"})
    assert ids(found) == [("content", "handouts.toml", 2)]


@pytest.mark.parametrize("change", ["timeless = true\n", None], ids=["timeless", "printed nowhere"])
def test_what_is_timeless_or_not_printed_is_never_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str | None
) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2027-10-01")
    pay = 'read = 2026-10-03\nconfidence = "verified"\n\n[ct-growth]'
    if change:
        assert told(tmp_path, facts(pay, pay.replace("\n\n", f"\n{change}\n"))) == []
    else:
        text = small.CT.replace(" Pay is [=ct-pay] a year.", "")
        assert told(tmp_path, {"content/cards/ct.md": text}) == []


def test_a_fact_is_printed_by_a_glance_by_a_mark_and_by_a_chart(tmp_path: Path) -> None:
    words, _ = read_words(Project(trades.copied(tmp_path)))
    assert words.printed["baker-pay"] == ("content/specialties/baker.md", "content/charts.toml")
    assert words.printed["town-pay"] == ("content/charts.toml",)
    assert "oldest-oven" not in words.printed and words.cited["market-book"] == (
        "content/specialties/baker.md",
        "content/specialties/potter.md",
    )


@pytest.mark.parametrize(
    ("parts", "day"),
    [([[2025, 8, 28]], "2025-08-28"), ([[2024, 2]], "2024-02-29"), ([[2024]], "2024-12-31"), (None, "2026-10-03")],
)
def test_a_page_that_tells_its_year_alone_counts_from_its_end(parts: object, day: str) -> None:
    fact = Fact(id="a", value=1, text="One.", source="s", period="2024", read="2026-10-03", confidence="verified")
    reference = {"issued": {"date-parts": parts}} if parts else {}
    assert page_date(fact, reference) == (datetime.date.fromisoformat(day), bool(parts))


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [("2024-05-08", "2026-05-07", 23), ("2024-05-08", "2026-05-08", 24), ("2024-12-31", "2025-01-01", 0)],
)
def test_whole_months(first: str, last: str, months: int) -> None:
    assert months_between(*map(datetime.date.fromisoformat, (first, last))) == months


# figure-undated


@pytest.mark.parametrize("period", ["", "now", "last year", "n.d."])
def test_a_period_without_a_year(tmp_path: Path, period: str) -> None:
    found = told(tmp_path, facts('period = "May 2024"', f'period = "{period}"'))
    assert ids(found) == [("figure-undated", FACTS, line_of(tmp_path, FACTS, "period"))]
    assert found[0].severity == "error"


def test_an_undated_fact_whose_source_tells_no_date_either(tmp_path: Path) -> None:
    found = told(tmp_path, references(type="book", accessed=None))
    assert ids(found) == [("figure-undated", FACTS, line_of(tmp_path, FACTS, '"board"'))]
    assert told(tmp_path / "dated", references(type="book", accessed=None, issued={"date-parts": [[2025]]})) == []


def test_a_source_that_is_said_to_be_read_later_than_the_fact_was(tmp_path: Path) -> None:
    found = told(tmp_path, references(accessed={"date-parts": [[2026, 11, 1]]}))
    assert ids(found) == [("figure-undated", FACTS, 27)]
    assert found[0].severity == "warning" and FIGURE_UNDATED.severity == "error"
    assert told(tmp_path / "month", references(accessed={"date-parts": [[2026, 10, 30]]})) == []
    assert told(tmp_path / "earlier", references(accessed={"date-parts": [[2025, 1, 1]]})) == []


# Files that cannot be read


@pytest.mark.parametrize(
    ("file", "text", "marks"),
    [
        (FACTS, "[ct-pay\n", []),
        (REFERENCES, "[", []),
        ("content/booklet.toml", 'title = "x', ["cite-unresolved"]),
        ("handouts.toml", "series = 3\n", ["cite-unresolved"]),
        ("content/glossary.toml", '"x" = 3\n', ["cite-unresolved"]),
        ("content/cards/ct.md", "", ["cite-unresolved"]),
        ("templates/card/format.toml", "title = 3\n", ["cite-unresolved"]),
    ],
)
def test_a_broken_file_tells_of_itself_and_the_others_are_judged(
    tmp_path: Path, file: str, text: str, marks: list[str]
) -> None:
    found = told(tmp_path, {"content/cards/mri.md": small.MRI.replace("[@board]", "[@bord]"), file: text})
    assert {one.file for one in found if one.id == "content"} == {file}
    # Without all facts and references nobody can tell which marks lead nowhere.
    assert [one.id for one in found if one.id != "content"] == marks
