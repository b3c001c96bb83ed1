"""Format, nouns, brand and language become one HTML document with its style sheets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup

from handouts.charts import Drawing, draw
from handouts.citations import format_references
from handouts.findings import Finding, Findings
from handouts.job import BRAND_KEYS
from handouts.marks import Marks, Source
from handouts.material import Material
from handouts.model import REVIEW_MONTHS, Event, Format
from handouts.project import Project
from handouts.prose import render
from handouts.qr import breakable, printed_address, qr_code
from handouts.quantities import add_months, show_month, show_period
from handouts.slots import SLOT_TEXTS, revision_code
from handouts.typography import bound, held, occasion, parted, typeset
from handouts.wide import measured

_PICTURE = re.compile(rb"(?:templates|styles|content)/[\w./-]+\.(?:svg|png|jpg)")
# "e-mail" at a line's end must not leave its e behind. A span, and not a no-break hyphen: the word stays searchable.
_ONE_LETTER_WORD = re.compile(r"(?<![\w&#;-])([A-Za-z]-[a-z]+)(?![^<>]*>)")
SLOT_EVENT = Event(name=SLOT_TEXTS["event"])
# In the page, as the length is the profile's: a rule for the page takes no variable.
_BLEED = "<style>@page {{ bleed: {0:.4f}pt }} :root {{ --bleed: {0:.4f}pt }}</style>"
_TITLE = re.compile(r"(<title>.*?</title>)", re.DOTALL)


@dataclass(frozen=True)
class Document:
    """A composed document: everything the layout needs. `styles` are project paths in the order they apply.

    `frame` is a hash of all that it prints besides what stands in its slots, and `values` is that: the revision follows
    from both.
    """

    html: str
    styles: tuple[str, ...]
    title: str
    format: Format
    revision: str
    frame: str
    values: Mapping[str, str]
    file: str
    link_texts: Mapping[str, str]


def compose(project: Project, material: Material, paper: str, padding: int = 0) -> Document:
    """Fill a format's page with its material; `padding` is how many notes pages more than one a booklet gets.

    The page is rendered twice: a source's number, and the revision, are known only when every mark has been seen.
    """
    form = material.format
    first = Marks(material.facts)
    # Pages for notes that fill it up make no other revision: how many they are is known only when it is laid out.
    draft = _render(project, material, first, (), "", 0)
    if material.brand.organization:
        draft = _render(project, _framed(material), Marks(material.facts), (), "", 0)
    references = _formatted(project, material, first)
    second = Marks(material.facts, {key: number for number, (key, _) in enumerate(references, 1)})
    months = material.labels["months_short"]
    sources = tuple(
        Source(number, key, html, tuple(show_period(period, months) for period in first.seen[key]))
        for number, (key, html) in enumerate(references, 1)
    )
    frame = _frame_digest(draft, sources, material, project)
    values = slot_values(project, material)
    revision = revision_code(frame, values)
    html = _keep_together(_render(project, material, second, sources, revision, padding))
    if bleed := material.profile.bleed.get(paper):
        html = html.replace("</title>", f"</title>\n{_BLEED.format(bleed)}", 1)
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
        *material.styles,
    )
    return Document(
        html=html,
        styles=styles,
        title=material.title,
        format=form,
        revision=revision,
        frame=frame,
        values=values,
        file=material.file,
        link_texts={f"#source-{source.number}": f"{source.number}: {source.html.striptags()}" for source in sources},
    )


def _keep_together(html: str) -> str:
    """Words such as e-mail on a line, in the text of the page; titles, of the page and of drawings, hold no markup."""
    parts = _TITLE.split(html)
    parts[::2] = [_ONE_LETTER_WORD.sub(r'<span class="keep">\1</span>', text) for text in parts[::2]]
    return "".join(parts)


def _formatted(project: Project, material: Material, marks: Marks) -> Sequence[tuple[str, Markup]]:
    missing = [key for key in marks.seen if key not in material.references]
    if missing:
        raise Findings(
            Finding(
                "content/references.json",
                0,
                f'no reference has the id "{key}", which is cited',
                f'add it, or mend the "source" in content/facts.toml ({material.file})',
                id="cite-unresolved",
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


def _framed(material: Material) -> Material:
    """The same with nobody's name in its slots."""
    brand = {name: text for name, text in SLOT_TEXTS.items() if name in BRAND_KEYS}
    marks = {name: SLOT_TEXTS[name] for name in ("logo", "color", "accent") if getattr(material.brand, name)}
    return replace(material, brand=material.brand.model_copy(update={**brand, **marks}), event=SLOT_EVENT)


def slot_values(project: Project, material: Material) -> dict[str, str]:
    """What a document prints in its slots, by name; a logo is the hash of its file, and what is empty is left out."""
    brand = material.brand
    values = {name: getattr(brand, name) for name in BRAND_KEYS if name != "notice"}
    values["event"] = occasion(material.event.name, material.event.date, material.event.booth)
    if brand.logo:
        values["logo"] = hashlib.sha256(project.read(brand.logo)).hexdigest()
    return {name: text for name, text in values.items() if text}


def _frame_digest(draft: str, sources: Sequence[Source], material: Material, project: Project) -> str:
    """A hash that changes when anything printed outside the slots changes: words, figures, sources or looks.

    All papers of a format share one, so that two sheets of the same words bear the same code.
    """
    digest = hashlib.sha256(draft.encode())
    for source in sources:
        digest.update(repr((source.key, str(source.html), source.periods)).encode())
    own, papers = material.format.styles, material.format.papers.values()
    styles = {*project.names("styles/base", "*.css"), *(f"styles/{name}" for name in own)}
    styles |= {*(f"styles/papers/{paper}.css" for paper in papers), *material.styles}
    looks = [project.read(name) for name in sorted(styles)]
    pictures = {name for text in (draft.encode(), *looks) for name in _PICTURE.findall(text)}
    found = (name for name in sorted(picture.decode() for picture in pictures) if project.find(name))
    for look in (*looks, *map(project.read, found)):
        digest.update(look)
    return digest.hexdigest()


def _render(
    project: Project, material: Material, marks: Marks, sources: Sequence[Source], revision: str, padding: int
) -> str:
    months, months_short = material.labels["months"], material.labels["months_short"]

    def chart(name: str, highlight: str = "") -> Drawing:
        drawing = draw(material.chart(name), material.facts, highlight)
        for fact in drawing.facts:
            marks.note(fact)
        return drawing

    def month(value: str, short: bool = False) -> str:
        return show_month(value, months_short if short else months) if value else ""

    def text(markdown: str) -> Markup:
        return marks.prose(render(markdown))

    def text_inline(markdown: str) -> Markup:
        return Markup(text(markdown).removeprefix("<p>").removesuffix("</p>"))

    def qr(address: str, name: str) -> Markup:
        try:
            return qr_code(address, name)
        except ValueError as error:
            hint = 'set "url" of the brand, or "more" of the content, to a short web address'
            raise Findings([Finding(material.file, 0, str(error), hint)]) from error

    context: dict[str, Any] = {
        **material.context,
        "cite": marks.cite,
        "figure": marks.figure,
        "prose": marks.prose,
        "text": text,
        "text_inline": text_inline,
        "chart": chart,
        "qr": qr,
        "printed_address": printed_address,
        "month": month,
        "period": lambda value: show_period(value, months_short),
        "review_by": lambda value, short=False: month(value and add_months(value, REVIEW_MONTHS), short),
        "sources": sources,
        "revision": revision,
        "padding": padding,
        "occasion": occasion(material.event.name, material.event.date, material.event.booth),
    }
    return fill(project, f"templates/{material.format.name}/page.html", context)


def fill(project: Project, template: str, context: Mapping[str, Any]) -> str:
    """A template of the project with what it sees by name. Raises Findings for one that is not valid, with the line."""
    try:
        environment = _environment(project)
        environment.loader.project = project
        return environment.get_template(template).render(context)
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
    except jinja2.TemplateNotFound as error:
        file, line = _place(error, template)
        message = f'asks for the template "{error.name}", which is missing'
        raise Findings([Finding(file, line, message, "mend the name, or add the file")]) from error
    except jinja2.UndefinedError as error:
        file, line = _place(error, template)
        message = f"asks for something unknown: {error.message}"
        raise Findings([Finding(file, line, message, "mend the name in the template")]) from error
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        last = error.__traceback__
        while last.tb_next:
            last = last.tb_next
        # What a template reckons itself; an error inside our own code is a bug, and keeps its trace.
        if not last.tb_frame.f_code.co_filename.startswith("templates/"):
            raise
        message = f"cannot be worked out: {error}"
        raise Findings([Finding(*_place(error, template), message, "mend the expression in the template")]) from error


def _place(error: BaseException, template: str) -> tuple[str, int]:
    """The template and its line that an error was raised on: Jinja rewrites the traceback to carry template lines."""
    place, trace = (template, 0), error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename.startswith("templates/"):
            place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    return place


class _Templates(jinja2.BaseLoader):
    """Templates of a project: `project` is the one whose page is filled now, so that its record has what was read.

    They see nothing but the project's own files. One that was parsed for an earlier page is read again, to know that it
    is still the same.
    """

    def __init__(self, project: Project):
        self.project = project

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        if self.project.find(template) is None:
            raise jinja2.TemplateNotFound(template)
        data = self.project.read(template)
        return self.project.text(template), template, lambda: self.project.peek(template) == data


@lru_cache(maxsize=8)
def _environment(project: Project) -> jinja2.Environment:
    """One environment a project and process: templates are parsed once."""
    environment = jinja2.Environment(
        loader=_Templates(project),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=typeset,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    environment.filters["bound"] = bound
    environment.filters["held"] = held
    environment.filters["measured"] = measured
    environment.filters["parted"] = parted
    return environment

