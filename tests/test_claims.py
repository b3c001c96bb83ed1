"""Each of the 45 claims of the article stands in the words that carry it: in the file, on paper, with its sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import paper
import pytest
from shipped import BOOKLET, PAPERS, ROOT, cited, composed, facts, of, references, section_text, squeezed

CLAIMS = tomllib.loads((ROOT / "tests" / "claims.toml").read_text(encoding="utf-8"))
STANDING = {"holds": 38, "nuance": 6, "dated": 1}
# Corrections that must be sourced wherever an old claim no longer holds as it was written.
CORRECTIONS = {"C24": {"arrt-associate-since-2015", "sonographers-education"}}
REFERENCE = (
    "Unknown. (2009). Diagnostic Radiology. Retrieved January 23, 2009, from Radiology Info, "
    "https://www.radiologyinfo.org/en/sitemap/category.cfm?category=diag"
)


def product(name: str) -> tuple[str, str]:
    """The product that prints a content file by itself: "topics/role.md" is the topic handout role."""
    kind, _, file = name.rpartition("/")
    form = {"topics": "topic", "specialties": "specialty", "": "booklet"}[kind]
    return form, file.removesuffix(".md") if kind else ""


@cache
def on_paper(path: Path) -> str:
    return squeezed("".join(page.text() for page in paper.read(path)))


def test_all_claims_are_here() -> None:
    assert list(CLAIMS) == [f"C{number:02}" for number in range(1, 46)]
    for name, claim in CLAIMS.items():
        assert set(claim) == {"claim", "file", "says", "facts", "today"}, name
        assert len(claim["claim"].split()) >= 2 and len(claim["says"]) >= 15, name


def test_claims_stand_today_as_they_were_judged() -> None:
    standing = [claim["today"] for claim in CLAIMS.values()]
    assert {word: standing.count(word) for word in STANDING} == STANDING
    assert {name for name, claim in CLAIMS.items() if claim["today"] == "dated"} == set(CORRECTIONS)


@pytest.mark.parametrize("name", CLAIMS)
def test_the_words_stand_in_the_text_and_on_paper(name: str, built: Mapping[tuple[str, str, str], Path]) -> None:
    claim = CLAIMS[name]
    form, slug = product(claim["file"])
    says = squeezed(claim["says"])
    text = section_text(of(form, slug)) if slug else composed("booklet").text
    assert says in squeezed(text)
    for size in PAPERS:
        assert says in on_paper(built[form, slug, size])


@pytest.mark.parametrize("name", CLAIMS)
def test_the_sources_are_cited_in_the_same_file(name: str) -> None:
    claim = CLAIMS[name]
    form, slug = product(claim["file"])
    assert claim["facts"], "every claim has a source"
    assert set(claim["facts"]) <= set(facts()) | set(references())
    if slug:
        assert set(claim["facts"]) <= cited(of(form, slug))
    else:
        assert all(f"@{key}" in BOOKLET["about"] for key in claim["facts"])
    assert set(claim["facts"]) & set(facts()) <= composed(form, slug).facts


@pytest.mark.parametrize("name", CORRECTIONS)
def test_what_changed_since_is_cited(name: str) -> None:
    assert set(CLAIMS[name]["facts"]) >= CORRECTIONS[name]


@pytest.mark.parametrize("size", PAPERS)
def test_the_articles_own_reference_is_printed_whole(built: Mapping[tuple[str, str, str], Path], size: str) -> None:
    assert on_paper(built["booklet", "", size]).count(squeezed(REFERENCE)) == 1
