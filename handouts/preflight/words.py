"""The words of a project as evidence: its content read once, and every passage of it as it is printed."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Any

from handouts import agreement, content
from handouts.findings import Finding, Findings
from handouts.imprint import Brand
from handouts.material import Material
from handouts.model import Booklet, Chart, Fact, Format, Settings, Subject
from handouts.project import Project
from handouts.prose import render
from handouts.records import TomlLines

# What stands for a cite mark, for a figure by id with its mark, and between the cells of a table's row.
CITED, CELL = "\ue000", "\ue001"
_X_MARK = re.compile(r'<x-mark (?:figure="(?P<figure>[^"]+)"|cites="(?P<cites>[^"]+)")></x-mark>')
_CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_CELL_END = re.compile(r"</t[dh]>")
_BLOCK = re.compile(r"</?(?:p|li|ul|ol|d[ldt]|h[1-6]|blockquote|table|thead|tbody|tr|br|hr)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
# A mark after the full stop is a mark of the sentence that ends there.
_LATE_MARK = re.compile(rf"([.!?…]+[\"'”’)\]]*)({CITED}+)")
_SOURCE_FIGURE = re.compile(r"\[=([\w-]+)\]")
_NOT_PRINTED = re.compile(r"\[@[^\]]*\]|\]\([^)\s]*\)|\{#[\w-]+\}")
# Enough of a sentence to know it by.
_OPENING = 60


@dataclass(frozen=True)
class Passage:
    """Words that are printed from one place of a file, as HTML with `<x-mark>` elements.

    `line` is where to begin looking for them. `marks` tells whether a mark may stand there, and `prose` whether they
    are sentences; names and headings are not. `sourced` words stand beside figures that bring their marks along.
    """

    file: str
    line: int
    html: str
    marks: bool = False
    prose: bool = True
    sourced: bool = False

    def plain(self, facts: Mapping[str, Fact]) -> str:
        """The words as `handouts.reading` takes them: blocks on lines of their own, figures as they are printed."""

        def value(match: re.Match[str]) -> str:
            fact = facts.get(match["figure"] or "")
            return fact.shown if fact else ""

        return _lines(_X_MARK.sub(value, self.html)).replace(CELL, "\n")

    @cached_property
    def marked(self) -> str:
        """The words without figures by id; CITED stands in every sentence that has a mark, CELL between cells."""
        text = _X_MARK.sub(lambda match: f"Xx{CITED}" if match["figure"] else CITED, self.html)
        return _LATE_MARK.sub(r"\2\1", _lines(text))


def _lines(text: str) -> str:
    text = _CODE.sub("\n", text).replace("\n", " ")
    text = _TAG.sub("", _BLOCK.sub("\n", _CELL_END.sub(CELL, text)))
    return "\n".join(" ".join(line.split()) for line in html.unescape(text).split("\n") if line.strip(f" {CELL}"))


class Source:
    """A content file as letters and digits alone, so that printed words are found whatever marks and signs lie between.

    `facts` tell what a figure by id prints.
    """

    def __init__(self, text: str, facts: Mapping[str, Fact]):
        def value(match: re.Match[str]) -> str:
            return facts[match[1]].shown if match[1] in facts else ""

        shown = _NOT_PRINTED.sub(lambda match: "\n" * match[0].count("\n"), _SOURCE_FIGURE.sub(value, text))
        squeezed = [squeeze(line) for line in shown.split("\n")]
        self._starts = [0, *accumulate(map(len, squeezed))]
        self._text = "".join(squeezed)

    def line(self, words: str, after: int) -> int:
        """The line on which words begin, looked for from a line on; that line where they are not found."""
        start = self._starts[min(max(after, 1), len(self._starts)) - 1]
        at = self._text.find(squeeze(words)[:_OPENING], start)
        # Empty lines begin where the next one does: the last of them holds the words.
        return bisect_right(self._starts, at) if at >= 0 else after


def squeeze(text: str) -> str:
    """Letters and digits, without regard to case: how words are compared between a source and paper."""
    return re.sub(r"[\W_]+", "", text).casefold()


@dataclass(frozen=True)
class Words:
    """What a project, or one document of it, says.

    `whole` tells that all of the project was read and nothing in it is broken: only then can something be missing. Some
    of `facts` and `references` may be the brand's own. `unasked` names, by files, the rules that they are not held to.
    """

    project: Project
    settings: Settings
    subjects: tuple[Subject, ...]
    facts: Mapping[str, Fact]
    references: Mapping[str, Mapping[str, Any]]
    charts: Mapping[str, Chart]
    glossary: Mapping[str, str]
    booklet: Booklet | None
    language: str = "en"
    whole: bool = False
    brand: Brand | None = None
    unasked: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Everything that is printed, by files; what templates say of themselves is not content."""
        return (
            *(passage for subject in self.subjects for passage in _of_subject(subject)),
            *(_of_booklet(self.booklet, self.project) if self.booklet else ()),
            *_of_tables(self),
        )

    @cached_property
    def cited(self) -> Mapping[str, tuple[str, ...]]:
        """Ids in the marks of all texts, each with the files that hold it."""
        found: dict[str, dict[str, None]] = {}
        for passage in self.passages:
            for match in _X_MARK.finditer(passage.html):
                for key in (match["figure"] or match["cites"]).split():
                    found.setdefault(key, {})[passage.file] = None
        return {key: tuple(files) for key, files in found.items()}

    @cached_property
    def printed_charts(self) -> tuple[Chart, ...]:
        wanted = [subject.front.compare for subject in self.subjects]
        wanted += [name for chapter in self.booklet.chapter for name in chapter.charts] if self.booklet else []
        return tuple(self.charts[name] for name in dict.fromkeys(wanted) if name in self.charts)

    @cached_property
    def printed(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the facts whose figure is printed or whose source is cited, each with the files that ask for it."""
        found = {key: dict.fromkeys(files) for key, files in self.cited.items() if key in self.facts}
        asked = [
            (item.fact, subject.file)
            for subject in self.subjects
            for item in (*subject.front.glance, *subject.front.figures)
        ]
        asked += [(row.fact, agreement.CHARTS) for chart in self.printed_charts for row in chart.rows]
        for key, file in asked:
            if key in self.facts:
                found.setdefault(key, {})[file] = None
        return {key: tuple(found[key]) for key in self.facts if key in found}

    @cached_property
    def sources(self) -> frozenset[str]:
        """Ids of the references that are cited, by themselves or as the source of a fact."""
        return frozenset(self.references) & {*self.cited, *(self.facts[name].source for name in self.printed)}

    def fact_place(self, name: str, key: str = "") -> tuple[str, int]:
        """The file that a fact stands in, and the line of a key of it."""
        if self.brand and name in self.brand.facts:
            return self.brand.file, self._brand_lines.line(("facts", name, key))
        return agreement.FACTS, self._fact_lines.line((name, key))

    def reference_place(self, name: str) -> tuple[str, int]:
        """The file that a reference stands in, and its line."""
        if self.brand and name in self.brand.sources:
            return self.brand.file, self._brand_lines.line(("sources", name))
        return agreement.REFERENCES, content.id_lines(self.project.text(agreement.REFERENCES), name)[0]

    @cached_property
    def _fact_lines(self) -> TomlLines:
        return TomlLines(self.project.text(agreement.FACTS))

    @cached_property
    def _brand_lines(self) -> TomlLines:
        return TomlLines(self.project.text(self.brand.file))

    @cached_property
    def _read(self) -> dict[str, Source]:
        return {}

    def line(self, passage: Passage, words: str) -> int:
        """The line of a passage's file on which some words of it begin."""
        if passage.file not in self._read:
            self._read[passage.file] = Source(self.project.text(passage.file), self.facts)
        return self._read[passage.file].line(words, passage.line)


def words_of(project: Project, material: Material) -> Words:
    """What one document says. A content file counts as a whole, also where a sheet leaves out some of its sections."""
    return Words(
        project=project,
        settings=material.settings,
        subjects=tuple(subject for named in material.subjects.values() for subject in named.values()),
        facts=material.facts,
        references=material.references,
        charts=material.charts,
        glossary=material.glossary,
        booklet=material.booklet,
        language=material.language,
        brand=material.brand,
        unasked={material.file: frozenset(material.format.unasked)},
    )


def read_words(project: Project) -> tuple[Words, list[Finding]]:
    """All content of a project, and what is wrong with its files; what cannot be read is left out."""
    findings: list[Finding] = []

    def load(read: Any, *arguments: Any) -> Any:
        try:
            return read(project, *arguments)
        except Findings as found:
            findings.extend(found.findings)
            return None

    facts, references = load(content.load_facts), load(content.load_references)
    charts, glossary = load(content.load_charts), load(content.load_glossary)
    settings = load(content.load_settings)
    booklet = load(content.load_booklet) if project.find(agreement.BOOKLET) else None
    subjects: list[Subject] = []
    for kind in sorted({name.split("/")[1] for name in project.names("content", "*/*.md")}):
        for slug in project.subjects(kind):
            subject, found = load(content.read_subject, kind, slug) or (None, [])
            findings += found
            subjects += [subject] if subject else []
    words = Words(
        project=project,
        settings=settings or Settings(),
        subjects=tuple(subjects),
        facts=facts or {},
        references=references or {},
        charts=charts or {},
        glossary=glossary or {},
        booklet=booklet,
        whole=not findings,
    )
    if None not in (facts, references, charts):
        forms = [form for name in project.formats() if (form := load(content.load_format, name))]
        findings += _agree(words, forms, load)
        words = replace(words, unasked={one.file: _unasked(one, forms) for one in subjects})
    return words, sorted(set(findings))


def _unasked(subject: Subject, forms: list[Format]) -> frozenset[str]:
    """The rules that no format asks of a content file: of those that print the files of its folder, one by one."""
    asked = [frozenset(form.unasked) for form in forms if form.scope == "each" and form.content == subject.kind]
    return frozenset.intersection(*asked) if asked else frozenset()


def _agree(words: Words, forms: list[Format], load: Any) -> Iterator[Finding]:
    """What the content names and nobody made, for every format that prints it."""
    project, facts, references, charts = words.project, words.facts, words.references, words.charts
    palette = load(content.load_palette)
    if palette is None:
        return
    chapters = words.booklet.chapter if words.booklet else ()
    bound = {name for chapter in chapters for name in (chapter.subject, *chapter.subjects)}
    for form in forms:
        for subject in words.subjects:
            if subject.slug in bound if form.scope == "all" else subject.kind == form.content:
                yield from agreement.check_subject(project, subject, form, facts, references, palette, charts)
        if form.scope == "all" and words.booklet:
            slugs = {subject.slug: subject for subject in words.subjects}
            yield from agreement.check_booklet(project, words.booklet, form, slugs.get, charts, palette)
    # Once more, for those that no format prints: a finding that is told twice counts once.
    for subject in words.subjects:
        for section in subject.sections:
            yield from agreement.check_marks(section.marks, subject.file, facts, references)
    yield from agreement.check_facts(project, facts, references)
    yield from agreement.check_sources(project, references)
    yield from agreement.check_charts(project, [chart.name for chart in words.printed_charts], charts, facts)
    if words.booklet:
        yield from agreement.booklet_texts(project, words.booklet, facts, references)[2]


def _of_subject(subject: Subject) -> Iterator[Passage]:
    front, file = subject.front, subject.file
    for key in ("title", "job", "promise", "lead", "note"):
        if text := getattr(front, key):
            yield Passage(file, 1, html.escape(text), prose=key not in ("title", "job"))
    for item in (*front.glance, *front.figures):
        if item.caption:
            yield Passage(file, 1, html.escape(item.caption), prose=False, sourced=True)
    for section in subject.sections:
        yield Passage(file, section.line, section.heading, prose=False)
        yield Passage(file, section.line + 1, section.html, marks=True)


def _of_booklet(booklet: Booklet, project: Project) -> Iterator[Passage]:
    lines = TomlLines(project.text(agreement.BOOKLET))

    def passage(text: str, *path: str, marks: bool = False, prose: bool = True) -> Iterator[Passage]:
        if text:
            printed = render(text) if marks else html.escape(text)
            yield Passage(agreement.BOOKLET, lines.line(path), printed, marks, prose)

    yield from passage(booklet.title, "title", prose=False)
    yield from passage(booklet.subtitle, "subtitle")
    yield from passage(booklet.promise, "promise")
    yield from passage(booklet.about, "about", marks=True)
    for number, chapter in enumerate(booklet.chapter):
        for key in ("title", "caption", "lead", "text", "ask"):
            prose = key not in ("title", "caption")
            yield from passage(getattr(chapter, key), "chapter", str(number), key, marks=key == "text", prose=prose)
    for number, step in enumerate(booklet.path):
        yield from passage(step.title, "path", str(number), "title", prose=False)
        yield from passage(step.text, "path", str(number), "text", marks=True)
        for option in step.options:
            yield from passage(option, "path", str(number), "options", prose=False)


def _of_tables(words: Words) -> Iterator[Passage]:
    """Titles and notes of charts, whose rows bring their marks along, and the glossary of the booklet."""
    if charts := words.printed_charts:
        lines = TomlLines(words.project.text(agreement.CHARTS))
        for chart in charts:
            for key in ("title", "note"):
                line, text = lines.line((chart.name, key)), html.escape(getattr(chart, key))
                yield Passage(agreement.CHARTS, line, text, prose=key == "note", sourced=True)
    if words.glossary and words.booklet:
        lines = TomlLines(words.project.text("content/glossary.toml"))
        for term, meaning in words.glossary.items():
            yield Passage("content/glossary.toml", lines.line((term,)), html.escape(meaning))
