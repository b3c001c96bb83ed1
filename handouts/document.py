"""Format, nouns, brand and language become one HTML document with its style sheets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2
from markupsafe import Markup

from handouts.charts import Drawing, draw
from handouts.citations import format_references
from handouts.findings import Finding, Findings
from handouts.marks import Marks, Source
from handouts.material import Material
from handouts.model import REVIEW_MONTHS, Format
from handouts.project import Project
from handouts.prose import bound, render, typeset
from handouts.qr import breakable, printed_address, qr_code
from handouts.quantities import add_months, show_month, show_period

_PICTURE = re.compile(rb"(?:templates|styles|content)/[\w./-]+\.(?:svg|png|jpg)")
# "x-ray" at a line's end must not leave its x behind. A span, and not a no-break hyphen: the word stays searchable.
_ONE_LETTER_WORD = re.compile(r"(?<![\w&#;-])([A-Za-z]-[a-z]+)(?![^<>]*>)")
_TITLE = re.compile(r"(<title>.*?</title>)", re.DOTALL)


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


def compose(project: Project, material: Material, paper: str, padding: int = 0) -> Document:
    """Fill a format's page with its material; `padding` is how many notes pages more than one a booklet gets.

    The page is rendered twice: a source's number, and the revision, are known only when every mark has been seen.
    """
    form = material.format
    first = Marks(material.facts)
    draft = _render(project, material, first, (), "", padding)
    references = _formatted(project, material, first)
    second = Marks(material.facts, {key: number for number, (key, _) in enumerate(references, 1)})
    months = material.labels["months_short"]
    sources = tuple(
        Source(number, key, html, tuple(show_period(period, months) for period in first.seen[key]))
        for number, (key, html) in enumerate(references, 1)
    )
    revision = _revision(draft, sources, material, project)
    html = _keep_together(_render(project, material, second, sources, revision, padding))
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


def _keep_together(html: str) -> str:
    """Words such as x-ray on one line, in the text of the page; titles, of the page and of drawings, hold no markup."""
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


def _revision(draft: str, sources: Sequence[Source], material: Material, project: Project) -> str:
    """Eight characters that change when anything printed changes: words, figures, sources or looks.

    All papers of a format share one, so that two sheets of the same words bear the same code.
    """
    digest = hashlib.sha256(draft.encode())
    for source in sources:
        digest.update(repr((source.key, str(source.html), source.periods)).encode())
    own, papers = material.format.styles, material.format.papers.values()
    styles = {*project.names("styles/base", "*.css"), *(f"styles/{name}" for name in own)}
    styles |= {f"styles/papers/{paper}.css" for paper in papers}
    looks = [project.read(name) for name in sorted(styles)]
    pictures = {name for text in (draft.encode(), *looks) for name in _PICTURE.findall(text)}
    found = (name for name in sorted(picture.decode() for picture in pictures) if project.find(name))
    for look in (*looks, *map(project.read, found)):
        digest.update(look)
    code = digest.hexdigest()
    return f"{code[:4]}-{code[4:8]}"


def _render(
    project: Project, material: Material, marks: Marks, sources: Sequence[Source], revision: str, padding: int
) -> str:
    months, short = material.labels["months"], material.labels["months_short"]

    def chart(name: str, highlight: str = "") -> Drawing:
        drawing = draw(material.chart(name), material.facts, highlight)
        for fact in drawing.facts:
            marks.note(fact)
        return drawing

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
        "month": lambda value: show_month(value, months),
        "period": lambda value: show_period(value, short),
        "review_by": lambda month: show_month(add_months(month, REVIEW_MONTHS), months),
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
    environment.filters["bound"] = bound
    return environment

