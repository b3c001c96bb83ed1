"""The words, figures and colours that we ship: easy to read, sourced, honest about whose numbers they are."""

from __future__ import annotations

import datetime
import re

import pytest
from shipped import (
    PROJECT,
    SPECIALTIES,
    TOPICS,
    cited,
    composed,
    every_document,
    facts,
    jobs,
    plain,
    references,
    section_text,
    source_of,
    squeezed,
    subject,
    subjects,
)

from handouts import content, reading
from handouts.charts import draw
from handouts.material import gather
from handouts.model import Fact, Subject
from handouts.preflight.wording import judge_project
from handouts.preflight.words import read_words

FILES = [pytest.param(one, id=f"{one.kind}/{one.slug}") for one in subjects()]
SHEET_SECTIONS = ("duties", "how", "where", "path", "fit")
SECTIONS = (*SHEET_SECTIONS, "day", "know")
MAIN = ("radiography", "ct", "mri", "mammography", "ultrasound", "nuclear-medicine")
# What the Bureau of Labor Statistics counts as an occupation of its own. Everything else is part of one of these.
MEASURED = ("radiologic-technologists", "mri-technologists", "sonographers", "nuclear-medicine", "all-occupations")
PARENTS = {
    "ct": "radiologic technologists",
    "mammography": "radiologic technologists",
    "pediatric-ct": "radiologic technologists",
    "obstetric-ultrasound": "sonographers",
}
# Sources that are not the body itself, and the words by which the text says whose figure or advice it prints.
SAID_BY = {
    "radiologyinfo-dose-card": "RadiologyInfo",
    "drps-mri-safety-2026": "Diagnostic Radiation Physics Services",
    "aapm-shielding-2019": "medical physicists",
    "mtnmedical-xray": "Mountain Medical",
}
PERIOD = re.compile(r"undated|(January|May) \d{4}|\d{4}(-\d{2}){0,2}|\d{4}-\d{4}")


def used() -> set[str]:
    """Ids of all facts that some product prints or cites."""
    return set().union(*(one.facts for one in every_document().values()))


# Form


@pytest.mark.parametrize("job", [pytest.param(job, id=f"{job.format}-{job.subject}") for job in jobs()])
def test_every_product_reads_its_content_without_a_finding(job) -> None:
    gather(PROJECT, job.format, job.subject)


def test_there_are_the_subjects_that_were_promised() -> None:
    assert set(SPECIALTIES) == {*MAIN, "obstetric-ultrasound", "pediatric-ct"}
    wanted = {"role", "modalities", "duties", "education", "skills", "settings", "outlook"}
    assert set(TOPICS) == wanted


@pytest.mark.parametrize("slug", SPECIALTIES)
def test_a_specialty_has_all_its_parts(slug: str) -> None:
    one = subject("specialties", slug)
    for name in SECTIONS if slug in MAIN else SHEET_SECTIONS:
        assert one.section(name) is not None and plain(one.section(name).html), name
    if slug in MAIN:
        assert one.section("branches") is not None
    assert one.section("duties").html.count("<li>") == 5
    assert one.section("path").html.count("<li>") == 5
    assert len(one.front.glance) == 4
    subjects_shown = [facts()[item.fact].subject for item in one.front.glance]
    assert subjects_shown[:3] == ["pay", "growth", "education"]
    assert subjects_shown[3] in {"credential", "exam"}


@pytest.mark.parametrize("slug", SPECIALTIES)
def test_a_sub_specialty_names_its_parent(slug: str) -> None:
    parent = subject("specialties", slug).front.parent
    assert parent == {"obstetric-ultrasound": "ultrasound", "pediatric-ct": "ct"}.get(slug, "")
    if parent:
        title = subject("specialties", slug).title
        assert title.lower() in section_text(subject("specialties", parent)).lower()


@pytest.mark.parametrize("slug", TOPICS)
def test_a_topic_closes_with_words_and_three_questions(slug: str) -> None:
    one = subject("topics", slug)
    assert [section.name for section in one.sections][-2:] == ["words", "questions"]
    assert one.section("questions").html.count("<li>") == 3
    terms = content.load_glossary(PROJECT)
    for term, meaning in re.findall(r"<strong>(.*?)</strong>: (.*?)</li>", one.section("words").html):
        if (name := plain(term).replace("\u2019", "'")) in terms:
            assert squeezed(plain(meaning)) == squeezed(terms[name]), f"{name} is explained otherwise in the glossary"


# Reading


@pytest.mark.parametrize("one", FILES)
def test_a_reader_of_sixteen_can_read_it(one: Subject) -> None:
    text = section_text(one)
    familiar = tuple(content.load_glossary(PROJECT))
    hard = reading.hardest(text, 3, familiar)
    assert reading.grade(text, familiar) <= 8, hard
    assert reading.long_sentences(text, 25) == []


def test_the_booklet_is_as_easy() -> None:
    text = composed("booklet").text
    assert reading.grade(text, tuple(content.load_glossary(PROJECT))) <= 8


# Facts


@pytest.mark.parametrize("fact", [pytest.param(fact, id=fact.id) for fact in facts().values()])
def test_a_fact_is_verified_sourced_and_dated(fact: Fact) -> None:
    assert fact.confidence == "verified"
    assert fact.source in references()
    assert PERIOD.fullmatch(fact.period), fact.period
    assert datetime.date(2026, 1, 1) <= fact.read <= datetime.date(2026, 12, 31)
    assert fact.unit or isinstance(fact.value, str), "a number says what it counts"
    assert len(fact.label.split()) <= 6
    if fact.source not in SAID_BY:
        assert fact.kind == "official", "whose word it is must be said: add the source to SAID_BY"


def test_only_the_facts_that_are_used_are_kept() -> None:
    in_text = set().union(*(cited(one) for one in subjects())) & set(facts())
    assert set(facts()) == used() | in_text


def test_only_the_references_that_are_cited_are_kept() -> None:
    in_text = set().union(*(cited(one) for one in subjects()))
    sources = {source_of(key) for key in used() | in_text}
    assert set(references()) == sources | {"radiologyinfo-2009"}


@pytest.mark.parametrize("key", [pytest.param(key, id="-".join(filter(None, key))) for key in every_document()])
def test_what_comes_at_second_hand_says_from_whom(key: tuple[str, str]) -> None:
    one = every_document()[key]
    for name in one.facts:
        if facts()[name].kind == "secondary":
            assert SAID_BY[facts()[name].source] in one.text, name


@pytest.mark.parametrize("one", FILES)
def test_a_dose_says_whose_it_is_where_it_stands(one: Subject) -> None:
    for section in one.sections:
        for block in re.findall(r"<(?:p|li|td)>.*?</(?:p|li|td)>", section.html, flags=re.DOTALL):
            doses = [key for key in re.findall(r'figure="([^"]+)"', block) if facts()[key].unit == "mSv"]
            assert not doses or "RadiologyInfo" in block, block


def test_the_checks_of_words_and_facts_find_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2026-11-23")
    assert [str(finding) for finding in judge_project(PROJECT)] == []
    words, _ = read_words(PROJECT)
    assert words.whole and set(words.printed) == set(facts())


def test_only_what_cannot_change_is_timeless() -> None:
    timeless = {fact.id for fact in facts().values() if fact.timeless}
    events = {"prevention-mammography", "arrt-associate-since-2015", "mqsa-density-notice", "patient-shielding-change"}
    physics = {"mri-3t-signal", "dose-ultrasound-none", "dose-mri-none"}
    definitions = {"alara", "associate-degree-length", *(name for name in facts() if name.startswith("how-"))}
    assert timeless == events | physics | definitions
    assert all(re.fullmatch(r"\d{4}(-\d\d-\d\d)?", facts()[name].period) for name in events)


# Pay and growth


@pytest.mark.parametrize(("slug", "parent"), PARENTS.items())
def test_what_was_not_counted_alone_claims_no_pay_or_growth(slug: str, parent: str) -> None:
    one = subject("specialties", slug)
    for item in one.front.glance[:2]:
        assert parent in item.caption, "the caption names the group that was counted"
        assert facts()[item.fact].id.startswith(parent.replace(" ", "-"))
    assert parent in one.front.note
    for section in one.sections:
        figures = re.findall(r'figure="([^"]+)"', section.html)
        assert not [key for key in figures if facts()[key].subject in {"pay", "growth", "jobs", "vacancy"}]
        assert "$" not in section.html


@pytest.mark.parametrize("kind", ["pay", "growth"])
def test_charts_draw_only_what_was_measured(kind: str) -> None:
    rows = content.load_charts(PROJECT)[kind].rows
    assert len({row.fact for row in rows}) == len(rows) == len(MEASURED)
    for row in rows:
        fact = facts()[row.fact]
        assert fact.id.startswith(MEASURED) and fact.subject == kind
        assert fact.kind == "official" and fact.source.startswith("bls-")
        assert row.reference == fact.id.startswith("all-occupations")


def test_every_occupation_with_pay_is_one_that_was_counted() -> None:
    counted = [fact.id for fact in facts().values() if fact.subject in {"pay", "growth", "jobs"}]
    assert all(name.startswith((*MEASURED, "radiologic-mri", "demand-driver", "vacancy")) for name in counted), counted


def test_the_dose_chart_is_logarithmic_and_none_is_off_the_axis() -> None:
    chart = content.load_charts(PROJECT)["dose"]
    drawing = draw(chart, facts())
    assert chart.scale == "log" and "RadiologyInfo" in chart.note
    off = [row.label for row in drawing.rows if row.end is None]
    assert off == ["MRI", "Ultrasound"]
    ends = [row.end for row in drawing.rows if row.end is not None]
    assert ends == sorted(ends, reverse=True) and min(ends) >= 0 and max(ends) <= 100


# Colours


def luminance(color: tuple[float, ...]) -> float:
    """Relative luminance as WCAG 2 defines it, of 0-255 sRGB."""
    parts = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str, grey: bool) -> float:
    """WCAG contrast of two #rrggbb colours, as they are or as a grey copier prints them."""

    def channels(color: str) -> tuple[float, ...]:
        parts = tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))
        return (0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2],) * 3 if grey else parts

    dark, light = sorted(luminance(channels(color)) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)


def token(name: str) -> str:
    found = re.search(rf"--{name}:\s*(#[0-9a-f]{{6}})", PROJECT.text("styles/base/tokens.css"))
    assert found, name
    return found[1]


@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
@pytest.mark.parametrize("name", content.load_palette(PROJECT))
def test_every_colour_carries_its_text(name: str, grey: bool) -> None:
    ink = content.load_palette(PROJECT)[name]
    assert contrast("#ffffff", ink.solid, grey) >= 7
    assert contrast(token("text"), ink.tint, grey) >= 4.5
    assert contrast(token("quiet"), ink.tint, grey) >= 4.5
    assert contrast(ink.solid, ink.tint, grey) >= 4.5
    assert contrast(token("accent-on-ink"), ink.solid, grey) >= 4.5


@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
@pytest.mark.parametrize("name", ["text", "quiet", "accent"])
def test_small_text_stands_out_from_white_paper(name: str, grey: bool) -> None:
    assert contrast(token(name), "#ffffff", grey) >= 4.5


def test_specialties_differ_in_colour() -> None:
    assert len({subject("specialties", slug).front.color for slug in SPECIALTIES}) == len(SPECIALTIES)
