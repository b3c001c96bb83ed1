"""A brand's file read into nouns: who hands the paper out, its colors and logo, and figures of its own."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pydantic import Field, field_validator

from handouts import brands
from handouts.brand_sheet import check_sheet
from handouts.citations import check_references
from handouts.contact import FLAWS
from handouts.content import check_address
from handouts.findings import Finding, Findings, nearest
from handouts.job import Edition
from handouts.model import Chart, Cmyk, Event, Fact, Ink, Noun, Value
from handouts.project import Project
from handouts.records import TomlLines, load_record

MOST_NOTICE_WORDS = 120
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


class LocalFact(Noun):
    """A figure of a brand's own, printed in place of the content's figure of the same id.

    `unit` and `label` are the content's own where they are None. `display` and `short` never are: they would print the
    figure that is replaced.
    """

    value: Value
    unit: str | None = None
    display: str = ""
    short: str = ""
    label: str | None = None
    row: str = ""
    text: str = ""
    source: str
    period: str
    read: datetime.date
    timeless: bool = False
    note: str = ""


class LocalSource(Noun):
    """A source of such figures, written flat: a page with its address, or a report without."""

    title: str
    publisher: str
    url: str = ""
    date: str = ""
    read: datetime.date
    short: str = ""

    @field_validator("date", mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        """A year, a month or a day: 2026, "2026-09" or 2026-09-01."""
        if isinstance(value, bool) or not isinstance(value, int | str | datetime.date):
            return value
        text = value.isoformat() if isinstance(value, datetime.date) else str(value)
        try:
            parts = [int(part) for part in _DATE.fullmatch(text).groups() if part]
            datetime.date(*(*parts, 1, 1)[:3])
        except (AttributeError, ValueError) as error:
            raise ValueError('write a year, a month or a day: 2026, "2026-09", 2026-09-01') from error
        return text

    def reference(self, name: str) -> dict[str, Any]:
        """The source as CSL-JSON, as sources of the content are."""
        told = self.read
        entry = {
            "id": name,
            "type": "webpage" if self.url else "report",
            "title": self.title,
            "author": [{"literal": self.publisher}],
            "URL": self.url,
            "short": self.short,
            "accessed": {"date-parts": [[told.year, told.month, told.day]]},
            "issued": {"date-parts": [[int(part) for part in self.date.split("-")]]} if self.date else "",
        }
        return {key: value for key, value in entry.items() if value}


class Brand(Noun):
    """Who hands the paper out. An empty key prints nothing; `logo` is a project path."""

    name: str
    organization: str = ""
    unit: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    url: str = ""
    call_to_action: str = ""
    notice: str = ""
    logo: str = ""
    color: str = ""
    accent: str = ""
    color_cmyk: Cmyk | None = None
    accent_cmyk: Cmyk | None = None
    facts: dict[str, LocalFact] = Field(default_factory=dict)
    sources: dict[str, LocalSource] = Field(default_factory=dict)

    @property
    def file(self) -> str:
        return f"{brands.FOLDER}/{self.name}/brand.toml"

    @property
    def logo_address(self) -> str:
        """The logo as style sheets name it: spaces and brackets in a file's name are written as "%20" and so on."""
        return f"/{quote(self.logo)}" if self.logo else ""

    @property
    def tokens(self) -> dict[str, str]:
        """The custom properties that the brand's colors set."""
        return brands.tokens(self.color, self.accent)

    @property
    def ink(self) -> Ink | None:
        """The color that everything is printed in; None where the palette's are."""
        own = self.tokens
        return Ink(solid=own["--ink"], tint=own["--tint"]) if self.color else None


def load_brand(project: Project, name: str) -> Brand:
    """Read `styles/brands/NAME/brand.toml`; Findings hold everything that is wrong with it by itself."""
    file = f"{brands.FOLDER}/{name}/brand.toml"
    if advice := brands.check_name(name):
        raise Findings([Finding(file, 0, advice[0], f"rename the folder: {advice[1]}")])
    brand = load_record(project, file, Brand, {"name": name})
    lines = TomlLines(project.text(file))
    findings = _check_contact(brand, lines)
    if (count := len(brand.notice.split())) > MOST_NOTICE_WORDS:
        message = f"the notice has {count} words; there is room for {MOST_NOTICE_WORDS}"
        findings.append(Finding(file, lines.line(("notice",)), message, "shorten it"))
    for key, message, hint in brands.check_colors(brand.color, brand.accent):
        findings.append(Finding(file, lines.line((key,)), message, hint))
    logo = brands.logo_path(f"{brands.FOLDER}/{name}", brand.logo) if brand.logo else ""
    if brand.logo and not logo:
        message = f'the logo "{brand.logo}" lies outside the brand\'s folder'
        findings.append(Finding(file, lines.line(("logo",)), message, "put it beside brand.toml, and write its name"))
    elif logo:
        found = brands.check_logo(project, logo)
        findings += [Finding(file, lines.line(("logo",)), message, hint) for message, hint in found]
    findings += _check_sources(brand, lines)
    for sheet in own_styles(project, brand):
        findings += check_sheet(project, sheet)
    if findings:
        raise Findings(findings)
    colors = {key: brands.written(getattr(brand, key)) for key in ("color", "accent")}
    return brand.model_copy(update={"logo": logo, **colors})


def _check_contact(brand: Brand, lines: TomlLines) -> list[Finding]:
    """What is wrong with the addresses and the phone number: the same as in a row of a merge."""
    given = {key: getattr(brand, key) for key in FLAWS}
    flaws = {key: FLAWS[key](text) for key, text in given.items() if text}
    return [
        Finding(brand.file, lines.line((key,)), f'"{key}" {flaw[0]}', flaw[1]) for key, flaw in flaws.items() if flaw
    ]


def own_styles(project: Project, brand: Brand) -> tuple[str, ...]:
    """The brand's own style sheet, where it has one."""
    sheet = f"{brands.FOLDER}/{brand.name}/brand.css"
    return (sheet,) if project.find(sheet) else ()


def _check_sources(brand: Brand, lines: TomlLines) -> list[Finding]:
    findings = []
    for name, source in brand.sources.items():
        found = check_address("url", source.url, brand.file, lines.line(("sources", name, "url")))
        # What the address lacks is told once, in the words of this file.
        whole = source.model_copy(update={"url": ""}) if found else source
        at = lines.line(("sources", name))
        found += [replace(one, file=brand.file, line=at) for one in check_references([whole.reference(name)])]
        findings += found
    return findings


def for_edition(brand: Brand, event: Event, edition: Edition | None) -> tuple[Brand, Event]:
    """Brand and event as one row of a spreadsheet has them. What a row says of its event stands for all of it."""
    if edition is None:
        return brand, event
    told = {{"event": "name"}.get(key, key): text for key, text in edition.event}
    own: dict[str, object] = dict(edition.brand)
    # The inks of a color that the row replaces are not those of its own.
    own |= {f"{key}_cmyk": None for key in ("color", "accent") if key in own}
    return brand.model_copy(update=own), Event(**told) if told else event


def with_facts(brand: Brand, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """All facts, in their order, with the brand's own in place of those that they replace."""
    return {name: _replaced(fact, brand.facts[name]) if name in brand.facts else fact for name, fact in facts.items()}


def _replaced(fact: Fact, own: LocalFact) -> Fact:
    said = own.model_dump(exclude={"row", "unit", "label"})
    kept = {key: getattr(fact, key) if getattr(own, key) is None else getattr(own, key) for key in ("unit", "label")}
    return fact.model_copy(update={**said, **kept, "confidence": "verified", "kind": "official"})


def with_sources(brand: Brand, references: Mapping[str, Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    """All references, and the brand's sources after them."""
    return {**references, **{name: source.reference(name) for name, source in brand.sources.items()}}


def with_rows(brand: Brand, charts: Mapping[str, Chart]) -> dict[str, Chart]:
    """All charts, with the brand's words beside the bars of its own figures."""

    def words(chart: Chart) -> Chart:
        rows = [
            row.model_copy(update={"label": brand.facts[row.fact].row}) if row.fact in brand.facts else row
            for row in chart.rows
        ]
        return chart.model_copy(update={"rows": tuple(rows)})

    return {name: words(chart) for name, chart in charts.items()}


def check_local(
    project: Project,
    brand: Brand,
    facts: Mapping[str, Fact],
    references: Mapping[str, Mapping[str, object]],
    charts: Mapping[str, Chart],
) -> list[Finding]:
    """What a brand's own figures replace and is not there, and where they would not fit; each with its line."""
    if not brand.facts and not brand.sources:
        return []
    lines = TomlLines(project.text(brand.file))
    findings = []

    def found(path: tuple[str, ...], message: str, hint: str, rule: str = "content") -> None:
        findings.append(Finding(brand.file, lines.line(path), message, hint, id=rule))

    for name in brand.sources:
        if name in references:
            hint = f"give this one an id of its own, such as {brand.name}-{name}"
            found(("sources", name), f'the id "{name}" is that of a source in content/references.json', hint)
    known = [*brand.sources, *references]
    for name, own in brand.facts.items():
        at = ("facts", name)
        if name not in facts:
            found(at, f'there is no fact "{name}" to replace', nearest(name, facts), "cite-unresolved")
        if own.source not in known:
            message = f'no source has the id "{own.source}", which "{name}" names'
            found((*at, "source"), message, nearest(own.source, known), "cite-unresolved")
        for chart in charts.values():
            row = next((row for row in chart.rows if row.fact == name), None)
            if row is not None and name in facts:
                for key, message, hint in _check_row(own, facts[name], chart, row.none):
                    found((*at, key), f'"{name}" {message}', hint)
    return findings


def _check_row(own: LocalFact, fact: Fact, chart: Chart, off_axis: bool) -> list[tuple[str, str, str]]:
    """Whether a figure can stand beside the others of a chart, as key, message and hint."""
    there = f'in the chart "{chart.name}"'
    said = []
    if not own.row:
        hint = f'add row: the words beside its bar, which say whose it is, in place of "{_label(chart, fact)}"'
        said.append(("row", f"stands {there} among figures of others", hint))
    if off_axis:
        return said
    if own.unit not in (None, fact.unit):
        said.append(("unit", f'has the unit "{own.unit}" {there}, and the others have "{fact.unit}"', "use theirs"))
    if not isinstance(own.value, int | float) or own.value < 0 or (chart.scale == "log" and own.value == 0):
        said.append(("value", f'cannot be drawn {there}: "{own.value}"', "give it a number that is not below 0"))
    return said


def _label(chart: Chart, fact: Fact) -> str:
    return next(row.label for row in chart.rows if row.fact == fact.id)
