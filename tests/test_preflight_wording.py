"""What is said: each rule fires where it should, on its line, and nowhere else; notices and reviews against words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import small
import trades

from handouts.document import compose
from handouts.findings import Finding
from handouts.material import gather
from handouts.model import Fact
from handouts.preflight import wording
from handouts.preflight.words import Passage, Source, Words, read_words, words_of
from handouts.project import Project

CT = "content/cards/ct.md"
LONG = " ".join(["word"] * 26)
HARD = "Accreditation organizations periodically evaluate educational institutions internationally. "
EASY = "You take a picture of the arm. It is quick. "


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2026-11-23")


def words(root: Path, text: str = "", **changes: str) -> Words:
    """A small project whose file on CT has some more text in a section of its own, from line 15 on."""
    files = {CT: f"{small.CT}\n## More {{#more}}\n{text}\n"} if text else {}
    project = small.project(root, {**files, **{name.replace("__", "/"): one for name, one in changes.items()}})
    (root / "content/booklet.toml").unlink()
    return read_words(project)[0]


def told(found: Words) -> list[tuple[str, int, str]]:
    return [(one.id, one.line, one.file) for one in wording.judge_words(found)]


def of(root: Path, text: str) -> list[tuple[str, int]]:
    """What is said of a text on line 15 and those after it, and of nothing else."""
    found = told(words(root, text))
    assert {file for _, _, file in found} <= {CT}
    return [(name, line) for name, line, _ in found]


def test_a_sound_project_gives_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(words(tmp_path)) == []
    monkeypatch.setenv("HANDOUTS_TODAY", "2030-02-01")
    assert told(read_words(Project(trades.PROJECT))[0]) == []


# figure-unsourced


@pytest.mark.parametrize(
    "figure",
    [
        "$5",
        "$77,660",
        "£ 12.50",
        "USD 40",
        "3%",
        "3.5 %",
        "40 percent",
        "40 per cent",
        "1,000",
        "228,000 jobs",
        "15400",
        "7 million",
        "12 months",
        "12-month",
        "3 years",
        "2.5 hours",
        "20 to 45 weeks",
        "24 credits",
    ],
)
def test_a_figure_without_a_source(tmp_path: Path, figure: str) -> None:
    assert of(tmp_path, f"You read on.\n\nThey say {figure} and no more.") == [("figure-unsourced", 17)]
    assert of(tmp_path / "cited", f"They say {figure} and no more [@board].") == []


@pytest.mark.parametrize(
    "text",
    [
        "Since 2015 it is so, and from 2024 to 2034 it grows.",
        "At **7:30** you begin, at 7 a.m. or on page 12 of 20.",
        "Ten exams, 3 patients, 2 rooms and one 3-D picture.",
        "The first two years, half an hour, forty percent.",
        "See section 1.2.3, or MRI 3 in room 104.",
        "Half of all pay is [=ct-pay], not $5.",
        "They ask for 24 credits.[@board] Read on.",
        "- **Board**: 24 credits [@board]",
        "| who | pay |\n|---|---|\n| CT | $5 [@board] |",
        "| who | pay [@board] |\n|---|---|\n| CT | $5 |\n| MRI | $6 |",
        "```\npay = 12,000\n```",
    ],
)
def test_what_is_no_figure_or_has_its_source(tmp_path: Path, text: str) -> None:
    assert of(tmp_path, text) == []


def test_a_mark_vouches_for_its_own_sentence_alone(tmp_path: Path) -> None:
    text = "They ask for 24 credits.[@board] They say \"It costs $5.\"\nIt lasts 3 years [@board]. It takes\n7 weeks."
    assert of(tmp_path, text) == [("figure-unsourced", 15), ("figure-unsourced", 16)]


def test_each_row_of_a_table_has_its_own_source(tmp_path: Path) -> None:
    text = "\n| who | pay |\n|---|---|\n| CT | $5 |\n| MRI [@board] | $6 |\n| X | $7 |"
    assert of(tmp_path, text) == [("figure-unsourced", 18), ("figure-unsourced", 20)]


def test_a_unit_of_the_facts_makes_a_figure(tmp_path: Path) -> None:
    assert of(tmp_path, "You write 200 exams.") == []
    facts = small.FACTS.replace('unit = "credits"', 'unit = "exams per 2 years"')
    found = words(tmp_path / "exams", "You write 200 exams.", **{"content__facts.toml": facts})
    assert told(found) == [("figure-unsourced", 15, CT)]


def test_where_no_mark_can_stand_the_hint_says_so(tmp_path: Path) -> None:
    text = small.CT.replace("title: Computed tomography", "title: CT\npromise: Earn $90,000.")
    [found] = wording.judge_words(words(tmp_path, **{"content__cards__ct.md": text}))
    assert str(found) == (
        'content/cards/ct.md:3  the figure "$90,000" has no source: “Earn $90,000.” · no mark can stand here: say it '
        "in the text with [=fact-id], or say it without the number"
    )
    assert found.severity == "error"


# reading-grade, sentence-long


def test_a_text_that_is_too_hard(tmp_path: Path) -> None:
    [found] = wording.judge_words(words(tmp_path, f"{EASY}\n\n" + f"{HARD}\n\n" * 14))
    assert (found.id, found.severity, found.file, found.line) == ("reading-grade", "warning", CT, 0)
    assert found.message.startswith("reads at grade ") and found.message.endswith(" and is to be read at grade 8")
    assert found.hint.count("line ") == 5 and "line 17, grade" in found.hint
    assert "“Accreditation organizations periodically evaluate educational institutions internationally.”" in found.hint


def test_an_easy_text_and_a_few_hard_words(tmp_path: Path) -> None:
    assert of(tmp_path, EASY * 20) == []
    # Less than a hundred words tell nothing.
    assert of(tmp_path / "few", HARD * 2) == []


def test_words_of_the_glossary_are_familiar(tmp_path: Path) -> None:
    text = "The sonographer examines you. " * 30
    assert of(tmp_path, text) == [("reading-grade", 0)]
    terms = '"sonographer" = "who scans"\n"examine" = "to look"\n'
    assert told(words(tmp_path / "known", text, **{"content__glossary.toml": terms})) == []


def test_a_project_sets_its_own_grade_and_longest_sentence(tmp_path: Path) -> None:
    settings = {"handouts.toml": "[reading]\ngrade = 99\nwords = 30\n"}
    assert told(words(tmp_path, HARD * 14 + LONG.title(), **settings)) == []


def test_a_long_sentence(tmp_path: Path) -> None:
    [found] = wording.judge_words(words(tmp_path, f"Short one.\n\n- Another. {LONG.capitalize()}.\n- {LONG[5:]}."))
    assert (found.id, found.severity, found.line) == ("sentence-long", "warning", 17)
    assert found.message == (
        "a sentence of 26 words, more than 25: “Word word word word word word word word word word word word …”"
    )


def test_a_long_sentence_of_the_booklet(tmp_path: Path) -> None:
    root = trades.copied(tmp_path)
    trades.change(root, "content/booklet.toml", "- Do I like mud?", f"- Do I like mud?\n- {LONG}?")
    trades.change(root, "content/booklet.toml", "Read both,", "Read **both** of [=baker-pay] and")
    trades.change(root, "content/glossary.toml", "to let dough rise", LONG)
    found = [(one.id, one.file, one.line) for one in wording.judge_words(read_words(Project(root))[0])]
    line = (root / "content/booklet.toml").read_text().split("\n").index(f"- {LONG}?") + 1
    assert ("sentence-long", "content/booklet.toml", line) in found
    assert ("sentence-long", "content/glossary.toml", 1) in found


def test_another_language_is_not_graded(tmp_path: Path) -> None:
    found = words(tmp_path, f"{LONG}. It costs $5.")
    assert [name for name, _, _ in told(found)] == ["figure-unsourced", "sentence-long"]
    assert [name for name, _, _ in told(replace(found, language="es"))] == ["figure-unsourced"]


# Where words stand


def test_printed_words_are_found_in_their_source() -> None:
    verified = {"read": "2026-01-01", "confidence": "verified"}
    fact = Fact(id="pay", value=9, unit="percent", text="x", source="s", period="2024", **verified)
    text = 'a\n\nHe said: *"Yes"* [@one;\n@two], [=pay] and\n[more](https://x.y/z) words.\nYes, 9%'
    source = Source(text, {"pay": fact})
    assert source.line("“Yes”, 9% and more words.", 1) == 3
    assert source.line("9% and more", 1) == 4
    assert source.line("more words", 1) == 5
    assert source.line("Yes, 9%", 4) == 6
    assert source.line("nowhere", 2) == 2
    assert source.line("nowhere", 99) == 99


def test_a_passage_as_it_is_printed() -> None:
    html = '<p>Pay is <x-mark figure="x"></x-mark> &amp; more<x-mark cites="a b"></x-mark>.</p>\n<p>So\nit is.</p>'
    passage = Passage("f", 1, html)
    assert passage.plain({}) == "Pay is & more.\nSo it is."
    assert passage.marked == "Pay is Xx\ue000 & more\ue000.\nSo it is."


# review-overdue


@pytest.mark.parametrize(("day", "overdue"), [("2027-11-30", False), ("2027-12-01", True)])
def test_a_review_is_due_after_twelve_months(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str, overdue: bool
) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", day)
    found = list(wording.overdue_reviews(words(tmp_path)))
    assert [(one.id, one.severity, one.file, one.line) for one in found] == [
        ("review-overdue", "warning", f"content/cards/{name}.md", 3) for name in ("ct", "mri") if overdue
    ]
    if overdue:
        assert found[0].message == "was last reviewed in 2026-11, and its next review was due by 2027-11"


def test_the_booklet_is_reviewed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2031-02-01")
    found = list(wording.overdue_reviews(read_words(Project(trades.PROJECT))[0]))
    assert ("content/booklet.toml", 11) in [(one.file, one.line) for one in found] and len(found) == 4


# One document


def test_a_document_is_judged_by_what_it_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = small.MRI.replace("with a magnet", "for $5")
    project = small.project(tmp_path, {"content/cards/mri.md": text.replace("[@board]", "")})
    assert list(wording.for_document(project, gather(project, "card", "ct"))) == []
    found = list(wording.for_document(project, gather(project, "card", "mri")))
    assert [(one.id, one.file) for one in found] == [("figure-unsourced", "content/cards/mri.md")]
    assert list(wording.for_document(project, gather(project, "leaflet"))) == found
    monkeypatch.setenv("HANDOUTS_TODAY", "2028-09-01")
    cards = {slug: gather(project, "card", slug) for slug in ("ct", "mri")}
    assert {slug: [one.id for one in wording.for_document(project, card)] for slug, card in cards.items()} == {
        "ct": ["fact-stale", "fact-stale", "review-overdue"],
        "mri": ["figure-unsourced", "review-overdue"],
    }


def test_a_sheet_knows_the_glossary_that_it_does_not_print(tmp_path: Path) -> None:
    glossary = {"content/glossary.toml": f'"proof" = "{LONG}"\n'}
    project = small.project(tmp_path, glossary)
    found = words_of(project, gather(project, "card", "ct"))
    assert list(found.glossary) == ["proof"] and told(found) == []


# review-missing, notice-missing


DATES, REVISION = ["Reviewed January\u00a02030", "Reviewed Jan.\u00a02030"], "Revision 1a2b-3c4d"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Reviewed January 2030 · review by January 2031 · Revision 1a2b-3c4d", []),
        ("Reviewed Jan. 2030 · review by January 2031 · Revision 1a2b-3c4d", []),
        ("Reviewed Feb. 2030 · Revision 1a2b-3c4d", ["the month of its last review"]),
        ("REVIEWED\nJanuary\u00a02030 Revi-\nsion 1a2b-\n3c4d", []),
        ("review by January 2030 · Revision 1a2b-3c4d", ["the month of its last review"]),
        ("Reviewed January 2030 · Revision 1a2b-3c4e", ["its revision"]),
        ("", ["the month of its last review", "its revision"]),
    ],
)
def test_the_review_and_the_revision_are_printed(text: str, missing: list[str]) -> None:
    found = list(wording.check_review("a.pdf", text, DATES, REVISION))
    assert [(one.id, one.file, one.message.partition(":")[0]) for one in found] == [
        ("review-missing", "a.pdf", f"does not print {what}") for what in missing
    ]


NOTICE = 'Anyone may ask for "large type", at no cost.'


def signs(text: str, size: float) -> list[tuple[str, float]]:
    return [(letter, size) for letter in text]


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        (signs("Bread. Anyone may ask for “large type”, at no cost. End.", 8.0), ""),
        (signs("Anyonemayask", 9) + signs("for\nlarge type at no cost", 7.97), ""),
        ([*signs("Anyone may ask ", 9), ("ﬁ", 9.0)], "does not print a notice that is required"),
        (signs("Anyone may ask for large print, at no cost.", 9), "does not print a notice that is required"),
        (
            signs("Anyone may ask for “large type”", 9) + signs("at no cost", 7.5),
            "prints a required notice at 7.5 pt, below 8",
        ),
    ],
)
def test_a_notice_is_printed_word_for_word_and_large_enough(printed: list[tuple[str, float]], message: str) -> None:
    found: list[Finding] = list(wording.check_notices("a.pdf", printed, [NOTICE]))
    assert [(one.id, one.message.partition(":")[0]) for one in found] == [("notice-missing", message)] * bool(message)


def test_a_ligature_is_its_letters() -> None:
    assert list(wording.check_notices("a.pdf", [("o", 8), ("ﬃ", 8), ("ce", 8)], ["Office"])) == []


def test_our_products_are_asked_for_all_of_it(tmp_path: Path) -> None:
    root = trades.copied(tmp_path)
    with (root / "handouts.toml").open("a") as file:
        file.write('\n[required]\nnotices = ["Printed with care."]\n')
    project = Project(root)
    material = gather(project, "specialty", "baker")
    document = compose(project, material, "letter")
    notice = material.brand.notice
    proof = f"Reviewed January 2030 · Revision {document.revision}"

    def judged(text: str) -> list[str]:
        letters = [SimpleNamespace(text=letter, size=8.0) for letter in text]
        page = SimpleNamespace(visible=[SimpleNamespace(chars=letters)])
        printed = SimpleNamespace(file="a.pdf", text=text, pages=(page,))
        product = SimpleNamespace(printed=printed, document=document, material=material)
        return [one.id for check in (wording.review_printed, wording.notices_printed) for one in check(product)]

    assert judged(f"{notice} Printed with care. {proof}") == []
    assert judged(f"{notice} {proof}") == judged(f"Printed with care. {proof}") == ["notice-missing"]
    assert judged("") == ["review-missing"] * 2 + ["notice-missing"] * 2
