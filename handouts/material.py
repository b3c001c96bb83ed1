"""All that one document is made of, read and checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from markupsafe import Markup

from handouts import agreement, content, imprint
from handouts.addresses import check_addresses
from handouts.findings import Finding, Findings, nearest
from handouts.imprint import Brand
from handouts.job import Edition, Job
from handouts.model import Booklet, Chart, Event, Fact, Format, Glance, Ink, Section, Settings, Subject
from handouts.profiles import SCREEN, Profile, as_profiled, load_profile, styles_of
from handouts.project import Project
from handouts.records import TomlLines

# How the name of a drawing ends that goes on beyond its edges.
_BEYOND = "-bleed"


@dataclass(frozen=True)
class Material:
    """The nouns of one document. `subject` is None for a format that prints the whole content at once; `styles` are the
    style sheets of the brand and of the profile, as project paths; `beyond` names the drawings that go on beyond the
    trim, where there is any."""

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
    settings: Settings
    styles: tuple[str, ...] = ()
    profile: Profile = SCREEN
    beyond: frozenset[str] = frozenset()

    @property
    def file(self) -> str:
        return self.subject.file if self.subject else "content/booklet.toml"

    @property
    def title(self) -> str:
        title = self.subject.title if self.subject else self.booklet.title
        return f"{title} – {self.series}" if self.series else title

    @property
    def reviewed(self) -> str:
        """The month in which its words were last checked, "2026-11"; "" where nobody says."""
        return self.subject.front.reviewed if self.subject else self.booklet.reviewed

    def chart(self, name: str) -> Chart:
        if name not in self.charts:
            raise Findings([Finding(self.file, 0, f'there is no chart "{name}"', nearest(name, self.charts))])
        return self.charts[name]

    def ink(self, color: str) -> Ink:
        """A color of the palette by its name; a brand with a color of its own prints everything in that."""
        if own := self.brand.ink:
            return own
        if color not in self.palette:
            raise Findings([Finding(self.file, 0, f'there is no color "{color}"', nearest(color, self.palette))])
        return self.palette[color]

    def drawn(self, drawing: str, color: str) -> str:
        """The address of a drawing, to be laid on a color of the palette: its lines are white, or where the profile has
        light bands, in that color. Where paper is trimmed, it is the drawing that goes on beyond."""
        address = f"/templates/drawings/{drawing}{_BEYOND if drawing in self.beyond else ''}.svg"
        return f"{address}?line={self.ink(color).solid[1:]}" if self.profile.drawings == "ink" else address

    def find(self, slug: str) -> Subject:
        """A content file by its slug, whatever its kind."""
        for named in self.subjects.values():
            if slug in named:
                return named[slug]
        known = [one for named in self.subjects.values() for one in named]
        raise Findings([Finding(self.file, 0, f'no content file is named "{slug}"', nearest(slug, known))])

    @property
    def brand_style(self) -> Markup:
        """What a brand and a profile set beside ink and tint, for the style attribute of a page: "--accent: #c8401f;
        …"."""
        own = [(name, value) for name, value in self.brand.tokens.items() if name.startswith("--accent")]
        if self.profile.spacing:
            own.append(("--spacing", f"{self.profile.spacing:g}"))
        return Markup("; ").join(Markup("{}: {}").format(name, value) for name, value in own)

    @cached_property
    def context(self) -> dict[str, Any]:
        """What templates see, by name."""
        return {
            "subject": self.subject,
            "subjects": self.subjects,
            "facts": self.facts,
            "glossary": self.glossary,
            "brand": self.brand,
            "brand_style": self.brand_style,
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
            "drawn": self.drawn,
            "profile": self.profile,
            "title": self.title,
        }


def gather(
    project: Project,
    format_name: str,
    slug: str = "",
    brand: str = "default",
    language: str = "en",
    edition: Edition | None = None,
    profiles: Sequence[str] = (),
    wishes: Sequence[tuple[str, str]] = (),
) -> Material:
    """Read what a document needs; Findings hold all that is wrong with any of it.

    What an edition sets, it sets in place of the brand's; a brand's own figures stand in place of the content's.

    What names something is checked against what could be read: where a file is broken, its own findings are told, and
    not that everything in it is missing too.
    """
    findings: list[Finding] = []
    broken: set[Any] = set()

    def load(read: Any, *arguments: Any) -> Any:
        try:
            return read(project, *arguments)
        except Findings as found:
            findings.extend(found.findings)
            broken.add(read)
            return None

    form = load(content.load_format, format_name)
    facts, references = load(content.load_facts), load(content.load_references)
    charts, glossary, palette = load(content.load_charts), load(content.load_glossary), load(content.load_palette)
    voice, settings, labels = (
        load(imprint.load_brand, brand),
        load(content.load_settings),
        load(content.load_labels, language),
    )
    profile = load(load_profile, profiles, wishes)
    if form and profile:
        form = as_profiled(form, profile)
    booklet = load(content.load_booklet) if form and form.scope == "all" else None
    wanted = _wanted(project, form, slug, booklet, findings)
    subjects: dict[str, dict[str, Subject]] = {}
    for kind, name in wanted:
        subject, found = load(content.read_subject, kind, name) or (None, [])
        findings += found
        if subject:
            subjects.setdefault(kind, {})[name] = subject
    named = {name: subject for of_kind in subjects.values() for name, subject in of_kind.items()}
    about = None
    if not broken & {content.load_facts, content.load_references, content.load_charts, content.load_palette}:
        for subject in named.values() if form else ():
            findings += agreement.check_subject(project, subject, form, facts, references, palette, charts)
        findings += agreement.check_facts(project, facts, references)
        findings += agreement.check_sources(project, references)
        findings += agreement.check_charts(project, _printed(charts, named, booklet), charts, facts)
        if voice:
            findings += imprint.check_local(project, voice, facts, references, charts)
        if booklet and form:
            findings += agreement.check_booklet(project, booklet, form, named.get, charts, palette)
            html, marks, found = agreement.booklet_texts(project, booklet, facts, references)
            findings += found
            about = Section(name="about", heading="", html=html, line=1, marks=tuple(marks))
    if form:
        findings += load(check_addresses, _looks(project, form, named, booklet)) or []
    if findings or form is None:
        raise Findings(findings)
    subjects = {
        kind: {name: _with_captions(voice, subject) for name, subject in of_kind.items()}
        for kind, of_kind in subjects.items()
    }
    material = Material(
        format=form,
        subject=subjects.get(form.content, {}).get(slug),
        subjects=subjects,
        facts=imprint.with_facts(voice, facts),
        references=imprint.with_sources(voice, references),
        charts=imprint.with_rows(voice, charts),
        glossary=glossary,
        palette=palette,
        brand=voice,
        event=settings.event,
        labels=labels,
        booklet=booklet,
        about=about,
        series=settings.series,
        language=language,
        settings=settings,
        styles=(*imprint.own_styles(project, voice), *styles_of(project, profile, form)),
        profile=profile,
        beyond=_beyond(project) if profile.bleed else frozenset(),
    )
    return with_edition(material, edition)


def _beyond(project: Project) -> frozenset[str]:
    names = (name.rpartition("/")[2] for name in project.names("templates/drawings", f"*{_BEYOND}.svg"))
    return frozenset(name.removesuffix(f"{_BEYOND}.svg") for name in names)


def gather_job(project: Project, job: Job) -> Material:
    """Read what a job's document needs."""
    names = (job.format, job.subject, job.brand, job.language)
    return gather(project, *names, job.edition, job.profiles, job.wishes)


def with_edition(material: Material, edition: Edition | None) -> Material:
    """The same with what an edition sets; `material` is of no edition."""
    brand, event = imprint.for_edition(material.brand, material.settings.event, edition)
    return replace(material, brand=brand, event=event)


def _with_captions(brand: Brand, subject: Subject) -> Subject:
    """A content file without the captions that it gives to figures for which a brand has another, with its label."""

    def own(items: tuple[Glance, ...]) -> tuple[Glance, ...]:
        labeled = [name for name, fact in brand.facts.items() if fact.label is not None]
        return tuple(Glance(fact=item.fact) if item.fact in labeled else item for item in items)

    front = subject.front
    changed = {key: own(getattr(front, key)) for key in ("glance", "figures")}
    if all(getattr(front, key) == items for key, items in changed.items()):
        return subject
    return subject.model_copy(update={"front": front.model_copy(update=changed)})


def _wanted(
    project: Project, form: Format | None, slug: str, booklet: Booklet | None, findings: list[Finding]
) -> list[tuple[str, str]]:
    """Kinds and slugs of the content files a document prints; a chapter that names none, or two, is a finding."""
    if form is None:
        return []
    if form.scope == "each":
        return [(form.content, slug)]
    if booklet is None:
        return []
    kinds: dict[str, list[str]] = {}
    for kind in _kinds(project):
        for name in project.subjects(kind):
            kinds.setdefault(name, []).append(kind)
    lines = TomlLines(project.text(agreement.BOOKLET))
    wanted: dict[tuple[str, str], None] = {}
    for number, chapter in enumerate(booklet.chapter):
        for key, name in (("subject", chapter.subject), *(("subjects", one) for one in chapter.subjects)):
            line = lines.line(("chapter", str(number), key))
            if name in kinds:
                wanted.setdefault((kinds[name][0], name))
            elif name:
                message = f'no content file is named "{name}"'
                findings.append(Finding(agreement.BOOKLET, line, message, nearest(name, sorted(kinds))))
            if len(kinds.get(name, ())) > 1:
                both = " and ".join(f"content/{kind}/{name}.md" for kind in kinds[name])
                message = f'two content files are named "{name}": {both}'
                findings.append(Finding(agreement.BOOKLET, line, message, "rename one of them"))
    return list(wanted)


def _kinds(project: Project) -> list[str]:
    return sorted({name.split("/")[1] for name in project.names("content", "*/*.md")})


def _looks(project: Project, form: Format, named: Mapping[str, Subject], booklet: Booklet | None) -> list[str]:
    """The styles, templates and drawings that a document is made of, as far as they can be told beforehand."""
    drawings = [subject.front.drawing for subject in named.values()] + ([booklet.drawing] if booklet else [])
    return [
        *project.names("styles/base", "*.css"),
        *(f"styles/papers/{sheet}.css" for sheet in form.papers.values()),
        *(f"styles/{style}" for style in form.styles),
        *project.names("templates/parts", "*.html"),
        *project.names(f"templates/{form.name}", "*.html"),
        *(f"templates/drawings/{drawing}{ending}.svg" for drawing in drawings for ending in ("", "-band", "-tall")),
        *project.names("content", "*/*.svg"),
    ]


def _printed(charts: Mapping[str, Chart], named: Mapping[str, Subject], booklet: Booklet | None) -> list[str]:
    """The charts that a document prints, of those there are."""
    wanted = [subject.front.compare for subject in named.values()]
    wanted += [name for chapter in booklet.chapter for name in chapter.charts] if booklet else []
    return [name for name in dict.fromkeys(wanted) if name in charts]
