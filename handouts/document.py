"""Format, nouns, brand and language become one HTML document with its style sheets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from handouts.charts import Drawing, draw
from handouts.citations import format_references
from handouts.findings import Finding, Findings
from handouts.material import Material
from handouts.model import Fact, Format, Section
from handouts.project import Project
from handouts.prose import render, typeset
from handouts.qr import breakable, printed_address, qr_code
from handouts.quantities import add_months, show_month, show_period

_MARK = re.compile(r'<x-mark (?:figure="(?P<figure>[^"]+)"|cites="(?P<cites>[^"]+)")></x-mark>')
_REVIEW_MONTHS = 12


@dataclass(frozen=True)
class Document:
    """A composed document: everything the layout needs. `styles` are project paths in the order they apply."""

    html: str
    styles: tuple[str, ...]
    title: str
    format: Format
    revision: str
    file: str
    link_texts: Mapping[str, str]


@dataclass(frozen=True)
class Source:
    """One line of a printed source list; `periods` are those of the figures it stands behind."""

    number: int
    key: str
    html: Markup
    periods: tuple[str, ...]


@dataclass
class _Marks:
    """Collects what one rendering cites, in order, and prints marks with the numbers found so far."""

    facts: Mapping[str, Fact]
    numbers: Mapping[str, int] = field(default_factory=dict)
    seen: dict[str, dict[str, None]] = field(default_factory=dict)

    def cite(self, *keys: str) -> Markup:
        """Cite marks for facts or references: numbers that link to the source list."""
        sources = []
        for key in keys:
            fact = self.facts.get(key)
            sources.append(fact.source if fact else key)
            self.seen.setdefault(sources[-1], {})
        numbers = sorted({self.numbers.get(source, 0) for source in sources})
        links = Markup(",").join(Markup('<a href="#source-{0}">{0}</a>').format(number) for number in numbers)
        return Markup('<sup class="cite">{}</sup>').format(links)

    def figure(self, key: str, mark: bool = True, large: bool = False) -> Markup:
        """A fact's value, with its mark; the source list then says the period it describes."""
        fact = self.facts[key]
        self.note(fact)
        return Markup("{}{}").format(fact.shown_large if large else fact.shown, self.cite(key) if mark else "")

    def note(self, fact: Fact) -> None:
        """Remember that a figure is printed, so that its source is listed with its period."""
        periods = self.seen.setdefault(fact.source, {})
        if fact.dated:
            periods.setdefault(fact.period)

    def prose(self, section: Section | Markup | str, deeper: bool = False) -> Markup:
        """A section's HTML with its marks filled in; `deeper` moves its headings down one level."""
        html = section.html if isinstance(section, Section) else str(section)
        if deeper:
            html = re.sub(r"<(/?)h([3-5])\b", lambda match: f"<{match[1]}h{int(match[2]) + 1}", html)
        return Markup(
            _MARK.sub(
                lambda match: str(
                    self.figure(match["figure"]) if match["figure"] else self.cite(*match["cites"].split())
                ),
                html,
            )
        )


def compose(project: Project, material: Material, paper: str, padding: int = 0) -> Document:
    """Fill a format's page with its material; `padding` is how many notes pages more than one a booklet gets.

    The page is rendered twice: a source's number, and the revision, are known only when every mark has been seen.
    """
    form = material.format
    first = _Marks(material.facts)
    draft = _render(project, material, first, (), "", padding)
    references = _formatted(project, material, first)
    revision = _revision(draft, references, material, project)
    second = _Marks(material.facts, {key: number for number, (key, _) in enumerate(references, 1)})
    months = material.labels["months_short"]
    sources = tuple(
        Source(number, key, html, tuple(show_period(period, months) for period in first.seen[key]))
        for number, (key, html) in enumerate(references, 1)
    )
    html = _render(project, material, second, sources, revision, padding)
    if paper not in form.papers:
        raise Findings(
            [
                Finding(
                    f"templates/{form.name}/format.toml",
                    0,
                    f'there is no paper "{paper}" for {form.name}',
                    f"known are: {', '.join(form.papers)}",
                )
            ]
        )
    styles = (
        "styles/base/tokens.css",
        "styles/base/type.css",
        "styles/base/parts.css",
        f"styles/papers/{form.papers[paper]}.css",
        *(f"styles/{name}" for name in form.styles),
    )
    return Document(
        html=html,
        styles=styles,
        title=material.title,
        format=form,
        revision=revision,
        file=material.file,
        link_texts={f"#source-{source.number}": f"{source.number}: {source.html.striptags()}" for source in sources},
    )


def _formatted(project: Project, material: Material, marks: _Marks) -> Sequence[tuple[str, Markup]]:
    missing = [key for key in marks.seen if key not in material.references]
    if missing:
        raise Findings(
            Finding(
                "content/references.json",
                0,
                f'no reference has the id "{key}", which is cited',
                f'add it, or mend the "source" in content/facts.toml ({material.file})',
            )
            for key in missing
        )
    style = f"templates/citations/{material.format.citations}.csl"
    entries = [material.references[key] for key in marks.seen]
    if material.format.short_names:
        entries = [
            {**entry, "author": [{"literal": entry["short"]}]} if "short" in entry else entry for entry in entries
        ]
    return format_references(entries, project.read(style), style) if entries else ()


def _revision(draft: str, references: Sequence[tuple[str, Markup]], material: Material, project: Project) -> str:
    """Eight characters that change when anything printed changes: words, figures, sources or looks."""
    digest = hashlib.sha256(draft.encode())
    for key, html in references:
        digest.update(f"{key}\0{html}\0".encode())
    for name in sorted(
        {*project.names("styles/base", "*.css"), *(f"styles/{name}" for name in material.format.styles)}
    ):
        digest.update(project.read(name))
    code = digest.hexdigest()
    return f"{code[:4]}-{code[4:8]}"


def _render(
    project: Project, material: Material, marks: _Marks, sources: Sequence[Source], revision: str, padding: int
) -> str:
    months, short = material.labels["months"], material.labels["months_short"]

    def chart(name: str, highlight: str = "") -> Drawing:
        drawing = draw(material.chart(name), material.facts, highlight)
        for fact in drawing.facts:
            marks.note(fact)
        return drawing

    def text(markdown: str) -> Markup:
        return marks.prose(render(markdown)[0])

    def text_inline(markdown: str) -> Markup:
        return Markup(text(markdown).removeprefix("<p>").removesuffix("</p>"))

    context: dict[str, Any] = {
        **material.context,
        "cite": marks.cite,
        "figure": marks.figure,
        "note_fact": marks.note,
        "prose": marks.prose,
        "text": text,
        "text_inline": text_inline,
        "chart": chart,
        "qr": qr_code,
        "printed_address": printed_address,
        "month": lambda value: show_month(value, months),
        "period": lambda value: show_period(value, short),
        "read_month": lambda value: show_month(value, short),
        "review_by": lambda month: show_month(add_months(month, _REVIEW_MONTHS), months),
        "sources": sources,
        "revision": revision,
        "padding": padding,
    }
    template = f"templates/{material.format.name}/page.html"
    try:
        return _environment(project).get_template(template).render(context)
    except jinja2.TemplateSyntaxError as error:
        raise Findings(
            [
                Finding(
                    error.name or template,
                    error.lineno,
                    f"is not a valid template: {error.message}",
                    "mend the tag on this line",
                )
            ]
        ) from error
    except jinja2.UndefinedError as error:
        raise Findings(
            [
                Finding(
                    template,
                    _line_of(error, template),
                    f"asks for something unknown: {error.message}",
                    "mend the name in the template",
                )
            ]
        ) from error


def _line_of(error: BaseException, template: str) -> int:
    """The template line an error was raised on: Jinja rewrites the traceback so that frames carry template lines."""
    line, trace = 0, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == template:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


@lru_cache(maxsize=8)
def _environment(project: Project) -> jinja2.Environment:
    """One environment a project and process: templates are parsed once. They see nothing but the project's own
    files."""

    def load(name: str) -> tuple[str, str, Callable[[], bool]]:
        if project.find(name) is None:
            raise jinja2.TemplateNotFound(name)
        return project.text(name), name, lambda: True

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=typeset,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    return environment


__all__ = ["Document", "Source", "compose", "escape"]
