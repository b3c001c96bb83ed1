"""The job ticket: what a print shop is told of a file, as text and as a page to be filled in by hand."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

import pikepdf

from handouts.document import Document, fill
from handouts.finishing.accessibility import finish
from handouts.material import Material
from handouts.pdf import write_page
from handouts.prepress.boxes import trim_of
from handouts.prepress.covers import SIDES
from handouts.prepress.icc import Press
from handouts.project import Project
from handouts.quantities import show_inches, show_month

TEMPLATE = "templates/parts/ticket.html"
STYLE = "styles/ticket.css"
_INKS = {
    "cmyk": (4, "cyan, magenta, yellow, black; running text in black alone"),
    "grey": (1, "black"),
    "rgb": (4, "the file is in RGB, to be converted by the shop"),
}
# A text ticket's columns: labels, and values.
_LABEL, _VALUE = 14, 66
_BLANK = "_" * 40


@dataclass(frozen=True)
class Row:
    """One line of a ticket; `blank` is for what the shop or the buyer writes in."""

    label: str
    value: str = ""
    blank: bool = False


@dataclass(frozen=True)
class Piece:
    """One of the files that a ticket goes with."""

    name: str
    pages: int
    sha256: str

    @property
    def groups(self) -> tuple[str, ...]:
        """The hash in groups of eight, to be compared by eye."""
        return tuple(textwrap.wrap(self.sha256, 8))


@dataclass(frozen=True)
class Ticket:
    """All that a ticket says."""

    title: str
    series: str
    rows: tuple[Row, ...]
    orders: tuple[Row, ...]
    pieces: tuple[Piece, ...]


def ticket_of(
    document: Document, material: Material, paper: str, files: Mapping[str, bytes], press: Press | None
) -> Ticket:
    """The ticket of some files, the whole product first; `press` is the one that their inks are meant for, if known."""
    profile, form = material.profile, document.format
    pieces, sizes = [], []
    for name, pdf in files.items():
        with pikepdf.open(BytesIO(pdf)) as opened:
            left, bottom, right, top = trim_of(opened.pages[0])
            sizes.append((right - left, top - bottom))
            pieces.append(Piece(name, len(opened.pages), hashlib.sha256(pdf).hexdigest()))
    (width, height), pages = sizes[0], pieces[0].pages
    size = f"{show_inches(width)} × {show_inches(height)}"
    stitched = form.covers > 0 and pages % 4 == 0
    inks, names = _INKS[profile.colors]
    sides = "both sides" if pages > 1 else "one side"
    bleed = profile.bleed.get(paper, 0.0)
    parts = f"{pages - 2 * SIDES} inside and {2 * SIDES} of the cover" if stitched else sides
    rows = (
        Row("Trimmed size", f"{size} in ({_mm(width)} × {_mm(height)} mm), upright"),
        Row("Bleed", f"{show_inches(bleed)} in ({_mm(bleed)} mm) on all sides" if bleed else "none"),
        Row("Crop marks", "in the file, outside the bleed" if profile.marks else "none in the file"),
        Row("Pages", f"{pages}, {parts}; single pages, in reading order"),
        Row("Colors", f"{inks}/{inks if pages > 1 else 0}: {names}"),
        Row("Fold", f"once, from {show_inches(2 * width)} × {show_inches(height)} in" if stitched else "none"),
        Row("Binding", "saddle stitch, two staples in the fold" if stitched else "none"),
        Row("Press", _intent(press)),
    )
    papers = ("Paper, inside", "Paper, cover") if stitched else ("Paper",)
    orders = tuple(Row(label, blank=True) for label in (*papers, "Quantity", "Deliver by"))
    title = material.subject.title if material.subject else material.booklet.title
    month = material.reviewed and f", reviewed {show_month(material.reviewed, material.labels['months'])}"
    edition = Row("Edition", f"revision {document.revision}{month}".replace("\u00a0", " "))
    return Ticket(title, material.series, (edition, *rows), orders, tuple(pieces))


def _intent(press: Press | None) -> str:
    """For which press a file is, or what to ask the shop for."""
    if press:
        return f"PDF/X-4, output intent “{press.name}”"
    return "no output intent: please send us the ICC profile of your press and paper"


def as_text(ticket: Ticket) -> bytes:
    """The ticket in plain lines of at most 80 characters."""
    lines = ["JOB TICKET", ticket.title, ticket.series, ""]
    for row in ticket.rows:
        lines += _lines(row.label, row.value)
    lines.append("")
    for row in ticket.orders:
        lines += _lines(row.label, _BLANK)
    for piece in ticket.pieces:
        said = f"{piece.name} ({piece.pages} {'page' if piece.pages == 1 else 'pages'})"
        lines += ["", *_lines("File", said), *_lines("SHA-256", piece.sha256)]
    return ("\n".join(lines) + "\n").encode()


def as_page(project: Project, ticket: Ticket, material: Material, paper: str) -> bytes:
    """The ticket as one page, on the paper that was asked for; tagged, as all that is read on a screen."""
    html = fill(project, TEMPLATE, {"ticket": ticket, "language": material.language})
    styles = ("styles/base/tokens.css", "styles/base/type.css", f"styles/papers/{paper}.css", STYLE)
    return finish(write_page(project, html, styles, TEMPLATE))


def _lines(label: str, value: str) -> list[str]:
    wrapped = textwrap.wrap(value, _VALUE, break_on_hyphens=False)
    return [f"{name:<{_LABEL}}{text}" for name, text in zip((label, *[""] * len(wrapped)), wrapped, strict=False)]


def _mm(points: float) -> str:
    return f"{points / 72 * 25.4:.1f}".removesuffix(".0")
