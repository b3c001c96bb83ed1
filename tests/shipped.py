"""The real content, composed without layout: what the tests of shipped products share."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from handouts import content
from handouts.document import Document, compose
from handouts.finishing.memory import recall
from handouts.job import Job
from handouts.latitude import Kept
from handouts.material import gather
from handouts.model import Fact, Subject
from handouts.planning import plan
from handouts.project import Project

ROOT = Path(__file__).resolve().parent.parent
PROJECT = Project(ROOT)
PAPERS = ("letter", "a4")
SPECIALTIES = tuple(PROJECT.subjects("specialties"))
TOPICS = tuple(PROJECT.subjects("topics"))
BOOKLET = PROJECT.toml("content/booklet.toml")
_BLOCKS = {"table", "td", "th", "title", "ul"}.union(
    ["article", "caption", "div", "footer", "h1", "h2", "h3", "h4", "header", "li", "main", "ol", "p", "section"]
)


class Text(HTMLParser):
    """The words of HTML, each block on a line of its own, without cite marks; figures by id are filled in."""

    def __init__(self, facts: Mapping[str, Fact]):
        super().__init__()
        self.facts = facts
        self.parts: list[str] = []
        self.marks = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if self.marks or named.get("class") == "cite":
            self.marks += 1
        elif tag == "x-mark" and "figure" in named:
            self.parts.append(self.facts[named["figure"] or ""].shown)
        elif tag in _BLOCKS or tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.marks:
            self.marks -= 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.marks:
            # A line end in the source is a space; only blocks begin lines.
            self.parts.append(data.replace("\n", " "))


def plain(html: str) -> str:
    """The words of HTML, as `handouts.reading` takes them."""
    reader = Text(facts())
    reader.feed(html)
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(filter(None, lines))


def squeezed(text: str) -> str:
    """Text as it is compared between Markdown, HTML and paper: no spaces, and typewriter quotes and dashes."""
    for real, typed in (("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-")):
        text = text.replace(real, typed)
    return re.sub(r"[\s\u200b]+", "", text)


@cache
def facts() -> Mapping[str, Fact]:
    return content.load_facts(PROJECT)


@cache
def references() -> Mapping[str, Mapping[str, object]]:
    return content.load_references(PROJECT)


@cache
def subject(kind: str, slug: str) -> Subject:
    return content.load_subject(PROJECT, kind, slug)


def of(form: str, slug: str) -> Subject:
    """The content file that a format prints by itself."""
    return subject({"specialty": "specialties", "topic": "topics"}[form], slug)


def subjects() -> list[Subject]:
    """Every content file."""
    return [subject(kind, slug) for kind in ("specialties", "topics") for slug in PROJECT.subjects(kind)]


def section_text(one: Subject, *names: str) -> str:
    """The words of a file's sections, headings left out: all of them, or those named."""
    return "\n".join(plain(section.html) for section in one.sections if not names or section.name in names)


def cited(one: Subject) -> set[str]:
    """Ids of facts and references that a content file names, in its front matter or its text."""
    shown = {item.fact for item in (*one.front.glance, *one.front.figures)}
    return shown | {key for section in one.sections for mark in section.marks for key in mark.keys}


def source_of(key: str) -> str:
    """The reference behind a mark, which names a fact or a reference."""
    return facts()[key].source if key in facts() else key


class _Watched(Mapping[str, Fact]):
    """Facts that remember which of them were asked for."""

    def __init__(self, known: Mapping[str, Fact]):
        self.known = known
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Fact:
        found = self.known[key]
        self.asked.add(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


@dataclasses.dataclass(frozen=True)
class Composed:
    """A document, and the ids of the facts that it prints or cites."""

    document: Document
    facts: frozenset[str]

    @property
    def text(self) -> str:
        """Its running words, the source list left out."""
        return plain(re.sub(r'<ol class="sources">.*?</ol>', "", self.document.html, flags=re.DOTALL))


@cache
def jobs(paper: str = "letter") -> tuple[Job, ...]:
    return tuple(plan(PROJECT, "all", [], paper=paper))


@cache
def composed(format_name: str, slug: str = "") -> Composed:
    material = gather(PROJECT, format_name, slug)
    watched = _Watched(material.facts)
    document = compose(PROJECT, dataclasses.replace(material, facts=watched), "letter")
    return Composed(document, frozenset(watched.asked))


@cache
def every_document() -> Mapping[tuple[str, str], Composed]:
    """All products by format and subject; they do not differ between papers in what they say."""
    return {(job.format, job.subject): composed(job.format, job.subject) for job in jobs()}


def kept(path: Path) -> Kept:
    """How a PDF was fitted."""
    key, found = recall(path.read_bytes())
    assert key and found
    return found


def by_room(built: Mapping[tuple[str, str, str], Path], form: str, slug: str) -> list[str]:
    """The papers, first the one on which a product is set tighter: more is harder to place on it, and less on the last.

    So what is tried with another text on one paper need not be tried on both.
    """
    settings = {paper: kept(built[form, slug, paper]).setting for paper in PAPERS}
    return sorted(PAPERS, key=lambda paper: (settings[paper].scale, settings[paper].space, settings[paper].drawing))
