"""Layout and PDF: a document goes through WeasyPrint here."""

from __future__ import annotations

import contextlib
import functools
import gc
import logging
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote, urlsplit

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from handouts.boxes import lost_links
from handouts.document import Document
from handouts.findings import Finding, Findings
from handouts.finishing.accessibility import MARKS
from handouts.latitude import Setting, Stretch
from handouts.project import Project
from handouts.reads import once
from handouts.room import Measure, Overrun, measure, overrun, parts_of, widen
from handouts.slots import STEPS
from handouts.stacks import Places, overfull, read_places

# Every address in a template or style sheet is a path inside this place, which is nowhere on the machine.
_BASE = "file:///"
_NO_GLYPH = re.compile(r"\.notdef glyph rendered for Unicode string unsupported by fonts: (.*)", re.DOTALL)
# A logo is drawn as high as this, on a page that is wide enough for any.
_DRAWN = "@page { size: 200in 100pt; margin: 0 } body { margin: 0 } img { display: block; height: 100pt }"
_POINT = 0.75
_FONT_FILE = re.compile(r"url\(\s*[\"']?([^)\"']+\.(?:ttf|otf))")
# A drawing that is asked for in a color, and what of it takes the color: style sheets do not reach into backgrounds.
_LINE, _WHITE = re.compile(r"line=([0-9a-f]{6})"), re.compile(rb'"#fff(?:fff)?"', re.IGNORECASE)
_OPENS = ("templates/drawings/", "styles/", "content/", "fonts/", "beside/")


@dataclass(frozen=True)
class Layout:
    """A laid-out document: its number of pages, and how full the first one is."""

    rendered: Any
    pages: int
    measure: Measure

    @property
    def overrun(self) -> Overrun:
        """How much of the text does not fit."""
        return overrun(self.rendered.pages)

    @property
    def gap(self) -> int:
        """1 where a blank page stands before the last one, which is to be a left page; else 0."""
        return int(self.pages > 1 and self.rendered.pages[-2]._page_box.page_type.blank)


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
        data = self.project.read(path)
        if line := _LINE.fullmatch(parts.query):
            data = _WHITE.sub(f'"#{line[1]}"'.encode(), data)
        return URLFetcherResponse(f"{_BASE}{path}", data, {"Content-Type": _content_type(path)})

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
    if lacking := _NO_GLYPH.match(message):
        said = f"{lacking[1]} is in no font, and would print as an empty box"
        hint = "write it with other characters, or name a font that has it in styles/base/type.css"
        return Finding(file, 0, said, hint, id="glyph-missing")
    place = re.search(r" at (\d+):\d+", message)
    return Finding(
        file,
        int(place[1]) if place else 0,
        f"the layout engine says: {message}",
        "mend it: what the engine does not know, it leaves out",
    )


def _lost(file: str, address: str, words: str, place: str) -> Finding:
    message, hint = f'the link "{words}" in {place} has no address', 'write it in the template, in href="…"'
    if address:
        message = f'the link "{words}" is an item of {place}, where the layout engine loses its address, {address}'
        hint = f"put the link in a <span>, or take display: flex or grid from {place} in styles/"
    return Finding(file, 0, message, hint, id="link-broken")


@functools.lru_cache(maxsize=4)
def _fonts(project: Project) -> FontConfiguration:
    """One font configuration a project and process. *Why not one for all:* a face that a project's style sheet names
    would be there for the next project too, and might set its text in other widths."""
    return FontConfiguration()


@once(64)
def _style(project: Project, name: str, fonts: FontConfiguration) -> weasyprint.CSS:
    """A style sheet, parsed once a process for its fonts; its mistakes are findings with their lines.

    *Why the fonts are named:* to parse a sheet enters its faces there. Kept longer than the fonts of its project, it
    would leave the next ones without any face.
    """
    fetcher = _Fetcher(project)
    with _strict(name, fetcher):
        return weasyprint.CSS(
            string=project.text(name), base_url=f"{_BASE}{name}", url_fetcher=fetcher, font_config=fonts
        )


@functools.lru_cache(maxsize=4)
def _marks(fonts: FontConfiguration) -> weasyprint.CSS:
    """Rules that let the accessibility pass tell apart what the engine tags alike."""
    return weasyprint.CSS(string=MARKS, font_config=fonts)


def forget() -> None:
    """Let go of all fonts and style sheets. The engine keeps fonts in a temporary folder, which goes with them."""
    for cache in (_style, _marks, _fonts):
        cache.cache_clear()
    gc.collect()


def draw(project: Project, path: str) -> tuple[bytes, float, float]:
    """A drawing by itself: a PDF with it in the upper left corner of its page, and its width and height there in
    points."""
    fetcher = _Fetcher(project)
    html = f'<html lang="en"><title>-</title><style>{_DRAWN}</style><img src="/{path}" alt="-">'
    with _strict(path, fetcher):
        page = weasyprint.HTML(string=html, base_url=f"{_BASE}-", url_fetcher=fetcher)
        rendered = page.render(font_config=_fonts(project))
        (box,) = (one for one in rendered.pages[0]._page_box.descendants() if one.element_tag == "img")
        return rendered.write_pdf(), box.width * _POINT, box.height * _POINT


def write_page(project: Project, html: str, styles: Sequence[str], file: str) -> bytes:
    """A page that is of no format, laid out as it comes; `styles` are project paths, and `file` is where it is from."""
    fetcher, fonts = _Fetcher(project), _fonts(project)
    with _strict(file, fetcher):
        page = weasyprint.HTML(string=html, base_url=f"{_BASE}{file}", url_fetcher=fetcher)
        sheets = [_marks(fonts), *(_style(project, name, fonts) for name in styles)]
        return page.write_pdf(stylesheets=sheets, font_config=fonts, pdf_variant="pdf/ua-1")


def _told(element: Any) -> str:
    if element.get("data-slot"):
        return ""
    parts = [element.text or "", *(_told(child) + (child.tail or "") for child in element)]
    return f"<{element.tag} {sorted(element.items())}>{' '.join(' '.join(parts).split())}"


class Sheet:
    """A composed document that is parsed once and can be laid out at several settings."""

    def __init__(self, project: Project, document: Document):
        self.project, self.document = project, document
        self.fonts = _fonts(project)
        self.styles = [_marks(self.fonts), *(_style(project, name, self.fonts) for name in document.styles)]
        self.fetcher = _Fetcher(project)
        with _strict(document.file, self.fetcher):
            self.html = weasyprint.HTML(
                string=document.html,
                base_url=f"{_BASE}templates/{document.format.name}/page.html",
                url_fetcher=self.fetcher,
            )
        self.own_style = self.html.etree_element.get("style", "")
        self.parts = parts_of(self.html.etree_element)

    def lay_out(self, setting: Setting | None = None, stretch: Stretch | None = None) -> Layout:
        """Lay the document out; `setting` scales type, leading, space and drawing, and `stretch` is handed to the
        columns: what an earlier layout at this setting left over."""
        if setting is not None:
            stretch = stretch or Stretch()
            values = setting.model_dump() | {name: f"{value:.3f}mm" for name, value in stretch.values.items()}
            own = [self.own_style, *(f"--{name}: {value}" for name, value in values.items())]
            self.html.etree_element.set("style", "; ".join(filter(None, own)))
            for part, column in zip_longest(self.parts, stretch.joints):
                widen(part, column)
        with _strict(self.document.file, self.fetcher):
            rendered = self.html.render(stylesheets=self.styles, font_config=self.fonts, pdf_variant="pdf/ua-1")
        return Layout(rendered, len(rendered.pages), measure(rendered.pages, self.parts))

    def lower_voices(self, layout: Layout) -> bool:
        """Set texts that ran over their stack of slots one step smaller; False where there is nothing to be done."""
        lowered = False
        for element in overfull(layout.rendered.pages):
            style = element.get("style", "")
            step = float(style.rpartition("--voice: ")[2]) if "--voice: " in style else STEPS[0]
            if smaller := next((one for one in STEPS if one < step), None):
                element.set("style", f"{style.partition('--voice: ')[0]}--voice: {smaller}")
                lowered = True
        return lowered

    def lay_out_smallest(self, setting: Setting | None = None, stretch: Stretch | None = None) -> Layout:
        """The same, with the texts of all stacks in their smallest type, and codes of two sizes more."""
        for element in self.html.etree_element.iter():
            if element.get("data-stack"):
                style = element.get("style", "").partition("--voice: ")[0]
                element.set("style", f"{style}--voice: {STEPS[-1]}")
            elif element.get("class") == "qr":
                least, size = (float(number) for number in element.get("viewBox").split()[1:3])
                modules = size + 2 * least + 8
                element.set("style", f"--modules: {modules:g}")
                element.set("viewBox", f"{least:g} {least:g} {size + 8:g} {size + 8:g}")
        return self.lay_out(setting, stretch)

    def rest(self) -> str:
        """What the page says besides its slots, as a text to be compared."""
        return _told(self.html.etree_element)

    def said(self) -> list[tuple[str, str]]:
        """The slots of the page by name, and what each prints."""
        named = ((element.get("data-slot"), "".join(element.itertext())) for element in self.html.etree_element.iter())
        return [(name, " ".join(text.split())) for name, text in named if name]

    def places(self, layout: Layout) -> Places:
        """Where the slots of a layout stand."""
        return read_places(layout.rendered.pages, {data: name for name, data in self.faces.items()})

    @property
    def faces(self) -> dict[str, bytes]:
        """The font files that the style sheets name, by their project paths."""
        named = {
            posixpath.normpath(posixpath.join(posixpath.dirname(f"/{style}"), address)).lstrip("/")
            for style in self.document.styles
            for address in _FONT_FILE.findall(self.project.text(style))
        }
        return {name: self.project.read(name) for name in sorted(named)}

    def write(self, layout: Layout) -> bytes:
        """The PDF of a layout, as the engine makes it: tagged, with every font subset embedded. Raises Findings where a
        link would lead nowhere."""
        if lost := lost_links(layout.rendered.pages):
            raise Findings([_lost(self.document.file, *link) for link in lost])
        with _strict(self.document.file, self.fetcher):
            return layout.rendered.write_pdf(pdf_variant="pdf/ua-1")

    def sketch(self, layout: Layout) -> bytes:
        """The same page a fifth sooner, for whoever waits to see it: without tags, and not packed."""
        with _strict(self.document.file, self.fetcher):
            return layout.rendered.write_pdf(uncompressed_pdf=True)
