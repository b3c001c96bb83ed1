"""Layout and PDF: the only file that knows WeasyPrint."""

from __future__ import annotations

import contextlib
import functools
import logging
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from handouts.document import Document
from handouts.findings import Finding, Findings
from handouts.finishing.accessibility import MARKS
from handouts.model import Setting
from handouts.project import Project

# Every address in a template or style sheet is a path inside this place, which is nowhere on the machine.
_BASE = "file:///"
_MM_PER_PX = 25.4 / 96
_OPENS = ("templates/drawings/", "styles/", "content/", "fonts/")


@dataclass(frozen=True)
class Layout:
    """A laid-out document: its number of pages, and what is left of the first one in mm (None where not measured).

    `room` is the space between text and foot, negative where the text runs into the foot; `aside` is what a side column
    leaves free beside the text.
    """

    rendered: Any
    pages: int
    room: float | None
    aside: float | None = None


class _Fetcher(URLFetcher):
    """Opens files of the project and nothing else; remembers what it refused, since the engine only logs it."""

    def __init__(self, project: Project):
        super().__init__(allowed_protocols=("file",))
        self.project = project
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = posixpath.normpath(unquote(parts.path)).lstrip("/")
        if parts.scheme != "file" or parts.netloc or not path.startswith(_OPENS):
            raise self._refusal(f'"{url}" is not a file of the project, and nothing is fetched')
        if self.project.find(path) is None:
            raise self._refusal(f'the file "{path}" is missing')
        return URLFetcherResponse(f"{_BASE}{path}", self.project.read(path), {"Content-Type": _content_type(path)})

    def _refusal(self, message: str) -> _Refused:
        self.refused.append(message)
        return _Refused(message)


class _Refused(FatalURLFetchingError):
    """An address that is not opened: stops the layout instead of leaving a hole in the page."""


def _content_type(path: str) -> str:
    kinds = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".ttf": "font/ttf"}
    return kinds.get(posixpath.splitext(path)[1].lower(), "application/octet-stream")


@contextlib.contextmanager
def _strict(file: str, fetcher: _Fetcher) -> Iterator[None]:
    """Turn every line the engine logs at warning or above into a finding: it drops what it does not know.

    What the fetcher refused is a finding too: most of it ends the layout, but inside a drawing it is only logged.
    """
    records: list[logging.LogRecord] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = records.append  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    fetcher.refused.clear()
    try:
        with contextlib.suppress(_Refused):
            yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
    hint = "save it in the project and name it by its path"
    findings = [Finding(file, 0, message, hint) for message in fetcher.refused]
    findings += [_finding(record.getMessage(), file) for record in records]
    if findings:
        raise Findings(findings)


def _finding(message: str, file: str) -> Finding:
    """A log line of the engine as a finding; for a style sheet it names the line as "at LINE:COLUMN"."""
    place = re.search(r" at (\d+):\d+", message)
    return Finding(
        file,
        int(place[1]) if place else 0,
        f"the layout engine says: {message}",
        "mend it: what the engine does not know, it leaves out",
    )


@functools.lru_cache(maxsize=4)
def _fonts(project: Project) -> FontConfiguration:
    """One font configuration a project and process. *Why not one for all:* a face that a project's style sheet names
    would be there for the next project too, and might set its text in other widths."""
    return FontConfiguration()


@functools.lru_cache(maxsize=64)
def _style(project: Project, name: str) -> weasyprint.CSS:
    """A style sheet, parsed once a process; its mistakes are findings with their lines."""
    fetcher = _Fetcher(project)
    with _strict(name, fetcher):
        return weasyprint.CSS(
            string=project.text(name), base_url=f"{_BASE}{name}", url_fetcher=fetcher, font_config=_fonts(project)
        )


@functools.lru_cache(maxsize=4)
def _marks(project: Project) -> weasyprint.CSS:
    """Rules that let the accessibility pass tell apart what the engine tags alike."""
    return weasyprint.CSS(string=MARKS, font_config=_fonts(project))


class Sheet:
    """A composed document that is parsed once and can be laid out at several settings."""

    def __init__(self, project: Project, document: Document):
        self.document = document
        self.fonts = _fonts(project)
        self.styles = [_marks(project), *(_style(project, name) for name in document.styles)]
        self.fetcher = _Fetcher(project)
        with _strict(document.file, self.fetcher):
            self.html = weasyprint.HTML(
                string=document.html,
                base_url=f"{_BASE}templates/{document.format.name}/page.html",
                url_fetcher=self.fetcher,
            )
        self.own_style = self.html.etree_element.get("style", "")

    def lay_out(self, setting: Setting | None = None, before: Layout | None = None) -> Layout:
        """Lay the document out; `setting` scales type, leading and space.

        `before` is a layout at the same setting: what it left over is handed to the columns, so that they end together,
        at the foot.
        """
        if setting is not None:
            room, aside = (before.room or 0.0, before.aside or 0.0) if before else (0.0, 0.0)
            values = {**setting.model_dump(), "stretch": f"{room:.3f}mm", "stretch-aside": f"{aside + room:.3f}mm"}
            own = [self.own_style, *(f"--{name}: {value}" for name, value in values.items())]
            self.html.etree_element.set("style", "; ".join(filter(None, own)))
        with _strict(self.document.file, self.fetcher):
            rendered = self.html.render(stylesheets=self.styles, font_config=self.fonts, pdf_variant="pdf/ua-1")
        return Layout(rendered, len(rendered.pages), *_measure(rendered.pages[0]._page_box))

    def write(self, layout: Layout) -> bytes:
        """The PDF of a layout, as the engine makes it: tagged, with every font subset embedded."""
        with _strict(self.document.file, self.fetcher):
            return layout.rendered.write_pdf(pdf_variant="pdf/ua-1")


def _measure(page: Any) -> tuple[float | None, float | None]:
    """Room and aside of a page, from its elements marked `data-fit="text"`, `"foot"` and `"aside"`."""
    marked = {
        box.element.get("data-fit"): box
        for box in _walk(page)
        if isinstance(box, boxes.BlockBox | boxes.TableCellBox)
        and not isinstance(box, boxes.TableBox)
        and not box.is_column
        and box.element is not None
        and box.element.get("data-fit")
    }
    text, foot, aside = (marked.get(name) for name in ("text", "foot", "aside"))
    room = _room(text, foot) * _MM_PER_PX if text and foot else None
    # The engine fills a table cell up to its row's height by padding.
    free = (aside.padding_bottom - aside.style["padding_bottom"].value) * _MM_PER_PX if aside else None
    return room, free


def _room(text: Any, foot: Any) -> float:
    """Space between the end of the text and the foot, in px.

    In columns that are filled one after the other, it is what the last column has left, or what stands in columns too
    many.
    """
    columns = [child for child in text.children if child.is_column]
    if not columns:
        return foot.position_y + foot.margin_top - _end(text)
    spare = [text.height - (_lowest(column) - column.position_y) for column in columns]
    wanted = _column_count(text)
    if len(columns) > wanted:
        return -sum(text.height - left for left in spare[wanted:])
    return spare[-1] + text.height * (wanted - len(columns))


def _column_count(box: Any) -> int:
    count = box.style["column_count"]
    return count if isinstance(count, int) else 0


def _end(box: Any) -> float:
    """The lower edge of a box's border."""
    return box.position_y + box.margin_top + box.border_height()


def _lowest(box: Any) -> float:
    """The lower edge of the lowest child: a column is itself as high as its container."""
    return max((_end(child) for child in box.children), default=box.position_y)


def _walk(box: Any) -> Iterator[Any]:
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    yield box
    for child in getattr(box, "children", ()):
        yield from _walk(child)
