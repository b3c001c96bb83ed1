"""All that one document is made of, read and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from handouts import content
from handouts.findings import Finding, Findings
from handouts.model import Booklet, Brand, Chart, Event, Fact, Format, Ink, Section, Subject
from handouts.project import Project
from handouts.prose import nearest, read_sections


@dataclass(frozen=True)
class Material:
    """The nouns of one document. `subject` is None for a format that prints the whole content at once."""

    format: Format
    subject: Subject | None
    subjects: Mapping[str, Mapping[str, Subject]]
    facts: Mapping[str, Fact]
    references: Mapping[str, Mapping[str, object]]
    charts: Mapping[str, Chart]
    glossary: Mapping[str, str]
    palette: Mapping[str, Ink]
    brand: Brand
    event: Event
    labels: Mapping[str, Any]
    booklet: Booklet | None
    about: Section | None
    series: str
    language: str

    @property
    def file(self) -> str:
        return self.subject.file if self.subject else "content/booklet.toml"

    @property
    def title(self) -> str:
        return f"{self.subject.title} – {self.series}" if self.subject else f"{self.booklet.title} – {self.series}"

    def chart(self, name: str) -> Chart:
        if name not in self.charts:
            raise Findings([Finding(self.file, 1, f'there is no chart "{name}"', nearest(name, list(self.charts)))])
        return self.charts[name]

    def ink(self, color: str) -> Ink:
        return self.palette[color]

    def find(self, slug: str) -> Subject:
        """A content file by its slug, whatever its kind."""
        return next(named[slug] for named in self.subjects.values() if slug in named)

    @cached_property
    def context(self) -> dict[str, Any]:
        """What templates see, by name."""
        return {
            "subject": self.subject,
            "subjects": self.subjects,
            "facts": self.facts,
            "glossary": self.glossary,
            "brand": self.brand,
            "event": self.event,
            "label": self.labels,
            "booklet": self.booklet,
            "about": self.about,
            "series": self.series,
            "language": self.language,
            "ink": self.ink,
            "find": self.find,
            "charts": self.charts,
            "form": self.format,
            "title": self.title,
        }


def gather(
    project: Project, format_name: str, slug: str = "", brand: str = "default", language: str = "en"
) -> Material:
    """Read what a document needs; Findings hold all that is wrong with any of it."""
    findings: list[Finding] = []

    def load(read: Any, *arguments: Any) -> Any:
        try:
            return read(project, *arguments)
        except Findings as found:
            findings.extend(found.findings)
            return None

    form = load(content.load_format, format_name)
    facts, references = load(content.load_facts), load(content.load_references)
    charts, glossary, palette = load(content.load_charts), load(content.load_glossary), load(content.load_palette)
    voice, event, labels = (
        load(content.load_brand, brand),
        load(content.load_event),
        load(content.load_labels, language),
    )
    settings = load(Project.settings) or {}
    booklet = load(content.load_booklet) if form and form.scope == "all" else None
    wanted = _wanted(project, form, slug, booklet, findings)
    read = {(kind, name): load(content.load_subject, kind, name) for kind, name in wanted}
    if findings or form is None:
        raise Findings(findings)
    subjects: dict[str, dict[str, Subject]] = {}
    for (kind, name), subject in read.items():
        subjects.setdefault(kind, {})[name] = subject
        findings += content.check_subject(subject, form, facts, references)
        findings += _check_looks(subject, project, palette, charts)
    about = _about(booklet, project, facts, references, findings)
    if findings:
        raise Findings(findings)
    return Material(
        format=form,
        subject=read.get((form.content, slug)),
        subjects=subjects,
        facts=facts,
        references=references,
        charts=charts,
        glossary=glossary,
        palette=palette,
        brand=voice,
        event=event,
        labels=labels,
        booklet=booklet,
        about=about,
        series=str(settings.get("series", "")),
        language=language,
    )


def _wanted(
    project: Project, form: Format | None, slug: str, booklet: Booklet | None, findings: list[Finding]
) -> list[tuple[str, str]]:
    """Kinds and slugs of the content files a document prints; a chapter that names none is a finding."""
    if form is None:
        return []
    if form.scope == "each":
        return [(form.content, slug)]
    if booklet is None:
        return []
    kinds = {name: kind for kind in _kinds(project) for name in project.subjects(kind)}
    wanted: dict[tuple[str, str], None] = {}
    for chapter in booklet.chapter:
        for name in filter(None, (chapter.subject, *chapter.subjects)):
            if name in kinds:
                wanted.setdefault((kinds[name], name))
            else:
                findings.append(
                    Finding(
                        "content/booklet.toml", 0, f'no content file is named "{name}"', nearest(name, sorted(kinds))
                    )
                )
    return list(wanted)


def _kinds(project: Project) -> list[str]:
    return sorted({name.split("/")[1] for name in project.names("content", "*/*.md")})


def _check_looks(
    subject: Subject, project: Project, palette: Mapping[str, Ink], charts: Mapping[str, Chart]
) -> list[Finding]:
    """Colours, drawings and charts that a front matter names and nobody made."""
    findings = []
    front, file = subject.front, subject.file
    if front.color and front.color not in palette:
        findings.append(
            Finding(
                file,
                1,
                f'there is no colour "{front.color}" in styles/palette.toml',
                nearest(front.color, list(palette)),
            )
        )
    if front.drawing and project.find(f"templates/drawings/{front.drawing}.svg") is None:
        known = sorted(
            {
                name.split("/")[-1].split(".")[0].removesuffix("-band").removesuffix("-tall")
                for name in project.names("templates/drawings", "*.svg")
            }
        )
        findings.append(
            Finding(
                file, 1, f'there is no drawing "{front.drawing}" in templates/drawings', nearest(front.drawing, known)
            )
        )
    if front.compare and front.compare not in charts:
        findings.append(
            Finding(
                file,
                1,
                f'there is no chart "{front.compare}" in content/charts.toml',
                nearest(front.compare, list(charts)),
            )
        )
    return findings


def _about(
    booklet: Booklet | None,
    project: Project,
    facts: Mapping[str, Fact],
    references: Mapping[str, Mapping[str, object]],
    findings: list[Finding],
) -> Section | None:
    """The imprint's words: Markdown with marks, like any section."""
    if booklet is None:
        return None
    sections, found = read_sections(
        f"## about {{#about}}\n\n{booklet.about}",
        "content/booklet.toml",
        1,
        lambda path: project.find(path) is not None,
    )
    findings += found
    findings += content.check_marks(sections[0], "content/booklet.toml", facts, references)
    return sections[0]
