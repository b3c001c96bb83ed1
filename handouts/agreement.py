"""Whether everything that the content names is there: facts, sources, charts, colors, drawings, sections, chapters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from handouts.charts import draw
from handouts.citations import check_references
from handouts.content import check_address, id_lines
from handouts.findings import Finding, Findings, nearest
from handouts.model import Booklet, Chapter, Chart, Fact, Format, Ink, Kind, Mark, Needs, Subject
from handouts.project import Project
from handouts.prose import read_text
from handouts.records import TomlLines

FACTS, CHARTS, REFERENCES, BOOKLET = (
    "content/facts.toml",
    "content/charts.toml",
    "content/references.json",
    "content/booklet.toml",
)
_FRONT_MATTER_ENDS = ("---", "...")
# A name that may stand in an address: of a drawing in a style, of a part of a page in a link.
_PLAIN_NAME = re.compile(r"[\w.-]+")


def check_subject(
    project: Project,
    subject: Subject,
    form: Format,
    facts: Mapping[str, Fact],
    references: Iterable[str],
    palette: Mapping[str, Ink],
    charts: Mapping[str, Chart],
) -> list[Finding]:
    """What a format needs of a content file and the file lacks, and everything it names that is not there."""
    line_of = _front_lines(project.text(subject.file))
    findings = _check_looks(project, subject, palette, charts, line_of)
    named = {section.name: section for section in subject.sections}
    needs = form if form.scope == "each" else form.needs.get(subject.kind, Needs())
    for key in needs.requires:
        if not getattr(subject.front, key):
            message, hint = f'the {form.title} needs "{key}" in the front matter', f"add {key}:"
            if key == "reviewed":
                message, hint = f'the key "{key}" is missing', f"add {key}"
            findings.append(Finding(subject.file, line_of.get(key, 1), message, hint))
    for name in needs.sections:
        if name not in named:
            message = f"the {form.title} needs the section {{#{name}}}, which is missing"
            hint = f"add a heading such as ## … {{#{name}}} with its text"
            near = get_close_matches(name, [other.lower() for other in named if other not in needs.sections], n=1)
            if near:
                other = next(section for section in subject.sections if section.name.lower() == near[0])
                hint = f"did you mean this one by {{#{other.name}}} on line {other.line}?"
            findings.append(Finding(subject.file, 0, message, hint))
    for section in subject.sections:
        if not section.heading and not form.plain:
            findings.append(Finding(subject.file, section.line, "this heading has no words", "write them after ##"))
        if not section.html.strip() and not form.plain:
            message = f"the section {{#{section.name}}} is empty"
            findings.append(Finding(subject.file, section.line, message, "write its text, or delete the heading"))
    for key in ("glance", "figures"):
        for item in getattr(subject.front, key):
            line = line_of.get(item.fact, line_of.get(key, 1))
            findings += check_id(item.fact, True, subject.file, line, facts, ())
            if item.fact in facts and not item.caption and not facts[item.fact].label:
                message = f'the figure "{item.fact}" has no caption'
                findings.append(Finding(subject.file, line, message, f"write one after it: {item.fact}: median pay"))
    findings += check_address("more", subject.front.more, subject.file, line_of.get("more", 1))
    for section in subject.sections:
        findings += check_marks(section.marks, subject.file, facts, references)
    return findings


def _front_lines(source: str) -> dict[str, int]:
    """Lines of the words that begin a line of the front matter, for findings: keys, and ids in their lists."""
    lines: dict[str, int] = {}
    for number, line in enumerate(source.split("\n")[1:], 2):
        if line.rstrip() in _FRONT_MATTER_ENDS:
            break
        if match := re.match(r"""\s*(?:-\s+)?["']?([\w-]+)""", line):
            lines.setdefault(match[1], number)
    return lines


def check_marks(
    marks: Iterable[Mark], file: str, facts: Mapping[str, Fact], references: Iterable[str]
) -> list[Finding]:
    """Ids in marks that name neither a fact nor a reference, and facts that nobody has verified."""
    return [
        finding
        for mark in marks
        for key in mark.keys
        for finding in check_id(key, mark.figure, file, mark.line, facts, references)
    ]


def check_id(
    key: str, figure: bool, file: str, line: int, facts: Mapping[str, Fact], references: Iterable[str]
) -> list[Finding]:
    if key in facts:
        if facts[key].confidence == "verified":
            return []
        return [
            Finding(
                file,
                line,
                f'the fact "{key}" is not verified, so it is not printed',
                "verify it in content/facts.toml, or take it out of the text",
                id="fact-unverified",
            )
        ]
    if not figure and key in references:
        return []
    known = [*facts] if figure else [*facts, *references]
    kind = "fact" if figure else "fact or reference"
    hint = nearest(key, known) if known else "add it"
    return [Finding(file, line, f'no {kind} has the id "{key}"', hint, id="cite-unresolved")]


def _check_looks(
    project: Project,
    subject: Subject,
    palette: Mapping[str, Ink],
    charts: Mapping[str, Chart],
    line_of: Mapping[str, int],
) -> list[Finding]:
    """Colors, drawings and charts that a front matter names and nobody made."""
    front, file = subject.front, subject.file
    findings = [
        *_check_color(front.color, palette, file, line_of.get("color", 1)),
        *_check_drawing(project, front.drawing, ".svg", file, line_of.get("drawing", 1)),
    ]
    if front.compare and front.compare not in charts:
        message = f'there is no chart "{front.compare}" in {CHARTS}'
        findings.append(Finding(file, line_of.get("compare", 1), message, nearest(front.compare, charts)))
    elif front.compare and front.highlight:
        rows = [row.fact for row in charts[front.compare].rows]
        if front.highlight not in rows:
            message = f'the chart "{front.compare}" has no row "{front.highlight}" to highlight'
            findings.append(Finding(file, line_of.get("highlight", 1), message, nearest(front.highlight, rows)))
    return findings


def _check_color(color: str, palette: Mapping[str, Ink], file: str, line: int) -> list[Finding]:
    if not color or color in palette:
        return []
    return [Finding(file, line, f'there is no color "{color}" in styles/palette.toml', nearest(color, palette))]


def _check_drawing(project: Project, drawing: str, ending: str, file: str, line: int) -> list[Finding]:
    if not drawing:
        return []
    if not _PLAIN_NAME.fullmatch(drawing):
        message = f'"{drawing}" is no name for a drawing'
        return [Finding(file, line, message, "use letters, digits and hyphens, in the file's name too")]
    if project.find(f"templates/drawings/{drawing}{ending}") is not None:
        return []
    names = [name.rpartition("/")[2] for name in project.names("templates/drawings", "*.svg")]
    known = sorted({re.sub(r"(-band|-tall)?(-bleed)?\.svg$", "", name) for name in names})
    message = f'there is no drawing "{drawing}" in templates/drawings'
    if drawing in known:
        return [Finding(file, line, f"{message} as {drawing}{ending}", f"add {drawing}{ending}")]
    return [Finding(file, line, message, nearest(drawing, known))]


def check_facts(project: Project, facts: Mapping[str, Fact], references: Mapping[str, object]) -> list[Finding]:
    """Facts whose source is no reference."""
    missing = [fact for fact in facts.values() if fact.source not in references]
    lines = TomlLines(project.text(FACTS)) if missing else None
    return [
        Finding(
            FACTS,
            lines.line((fact.id, "source")),
            f'no reference has the id "{fact.source}", the source of "{fact.id}"',
            nearest(fact.source, references),
            id="cite-unresolved",
        )
        for fact in missing
    ]


def check_sources(project: Project, references: Mapping[str, Mapping[str, object]]) -> list[Finding]:
    """What keeps references from being printed, with the lines of their ids."""
    findings = []
    for name, entry in references.items():
        if found := check_references([entry]):
            line = id_lines(project.text(REFERENCES), name)[0]
            findings += [replace(finding, line=line) for finding in found]
    return findings


def check_charts(
    project: Project, names: Iterable[str], charts: Mapping[str, Chart], facts: Mapping[str, Fact]
) -> list[Finding]:
    """Rows that cannot be drawn, of the charts that are printed."""
    findings = []
    for name in names:
        try:
            draw(charts[name], facts)
        except Findings as found:
            lines = TomlLines(project.text(CHARTS))
            for finding in found.findings:
                row = re.search(r'the fact "([^"]*)"', finding.message)
                line = lines.line_with(f'"{row[1]}"', (name,)) if row else lines.line((name,))
                findings.append(replace(finding, line=line))
    return findings


def check_booklet(
    project: Project,
    booklet: Booklet,
    form: Format,
    find: Callable[[str], Subject | None],
    charts: Mapping[str, Chart],
    palette: Mapping[str, Ink],
) -> list[Finding]:
    """Chapters that cannot be printed: of a kind nobody made, or without what their kind needs."""
    lines = TomlLines(project.text(BOOKLET))
    findings = [
        *_check_color(booklet.color, palette, BOOKLET, lines.line(("color",))),
        *_check_drawing(project, booklet.drawing, "-tall.svg", BOOKLET, lines.line(("drawing",))),
        *check_address("more", booklet.more, BOOKLET, lines.line(("more",))),
    ]
    if not booklet.chapter:
        findings.append(Finding(BOOKLET, lines.line(("chapter",)), "the booklet has no chapter", "add a [[chapter]]"))
    for number, chapter in enumerate(booklet.chapter):

        def line(key: str, number: int = number) -> int:
            return lines.line(("chapter", str(number), key))

        if kind := form.chapters.get(chapter.kind):
            findings += _check_chapter(chapter, kind, booklet, find, line)
        elif form.chapters:
            message = f'there is no chapter of the kind "{chapter.kind}"'
            findings.append(Finding(BOOKLET, line("kind"), message, nearest(chapter.kind, form.chapters)))
        for name in chapter.charts:
            if name not in charts:
                message = f'there is no chart "{name}" in {CHARTS}'
                findings.append(Finding(BOOKLET, line("charts"), message, nearest(name, charts)))
        subject = find(chapter.subject)
        for name in chapter.extra if subject else ():
            if subject.section(name) is None:
                known = [section.name for section in subject.sections]
                message = f"{subject.file} has no section {{#{name}}}"
                findings.append(Finding(BOOKLET, line("extra"), message, nearest(name, known)))
    return findings


def _check_chapter(
    chapter: Chapter, kind: Kind, booklet: Booklet, find: Callable[[str], Subject | None], line: Callable[[str], int]
) -> list[Finding]:
    """What a chapter lacks that its kind needs, and subjects that its kind does not print."""
    findings = [
        Finding(BOOKLET, line("kind"), f'a chapter of the kind "{chapter.kind}" needs "{key}"', f"add {key}")
        for key in kind.needs
        if not getattr(chapter, key)
    ]
    for key, slug in (("subject", chapter.subject), *(("subjects", one) for one in chapter.subjects)):
        subject = find(slug)
        if kind.content and subject and subject.kind != kind.content:
            message = f'a chapter of the kind "{chapter.kind}" prints files of content/{kind.content}'
            hint = "name one of those, or change the kind"
            findings.append(Finding(BOOKLET, line(key), f"{message}, not {subject.file}", hint))
    if not kind.compares:
        return findings
    compared = next((one for one in booklet.chapter if one.kind == kind.compares), None)
    if compared is None:
        message = f'a chapter of the kind "{chapter.kind}" needs one of the kind "{kind.compares}"'
        return [*findings, Finding(BOOKLET, line("kind"), message, "add it, or take this one out")]
    for subject in filter(None, map(find, compared.subjects if chapter.columns else ())):
        figures = len(subject.front.glance)
        if figures != len(chapter.columns) - 1:
            message = f"{subject.file} has {figures} figures under glance, and the table {len(chapter.columns)} columns"
            hint = "name a column for the subject, then one a figure"
            findings.append(Finding(BOOKLET, line("columns"), message, hint))
    return findings


def booklet_texts(
    project: Project, booklet: Booklet, facts: Mapping[str, Fact], references: Mapping[str, object]
) -> tuple[str, list[Mark], list[Finding]]:
    """The imprint's HTML and its marks, and all findings on the Markdown that stands in a booklet's TOML."""
    lines = TomlLines(project.text(BOOKLET))
    texts: list[tuple[str, tuple[str, ...]]] = [(booklet.about, ("about",))]
    texts += [(chapter.text, ("chapter", str(n), "text")) for n, chapter in enumerate(booklet.chapter) if chapter.text]
    texts += [(step.text, ("path", str(n), "text")) for n, step in enumerate(booklet.path) if step.text]
    findings: list[Finding] = []
    read: list[Any] = []
    for text, path in texts:
        # A long string begins on the line after its key, or, with words after the quotes, on the same.
        at = lines.line(path)
        first = at + 1 if at and re.search(r"=\s*(\"\"\"|''')\s*$", lines.lines[at - 1]) else at
        html, marks, found = read_text(text, BOOKLET, first, project.peek)
        read.append((html, marks))
        findings += [*found, *check_marks(marks, BOOKLET, facts, references)]
    return *read[0], findings
