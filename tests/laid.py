"""Small pages laid out by the engine, and everything that is said about their fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import weasyprint

from handouts.boxes import flaws, words
from handouts.clearance import Flaw
from handouts.findings import Finding
from handouts.preflight.conservation import lost_in_layout, lost_on_paper
from handouts.preflight.evidence import Printed
from handouts.preflight.geometry import misfits, without_echoes
from handouts.preflight.placement import fit_clipped, fit_overflow, fit_overlap

PAGE = "@page { size: A6; margin: 8mm } body { margin: 0; font: 10pt/1.4 sans-serif } p { margin: 0 0 4pt } "
FILE = "content/topics/fitting.md"


def lay_out(html: str, css: str = "") -> Any:
    """An A6 page with margins of 8 mm, or as many as the text takes."""
    return weasyprint.HTML(string=html).render(stylesheets=[weasyprint.CSS(string=PAGE + css)])


def flaws_of(html: str, css: str = "") -> tuple[Flaw, ...]:
    return flaws(lay_out(html, css).pages)


def judged(html: str, css: str = "") -> tuple[Sequence[Flaw], list[Finding]]:
    """The flaws of a layout, and what all checks of fit say together, of layout and paper."""
    rendered = lay_out(html, css)
    found, runs = flaws(rendered.pages), words(rendered.pages)
    printed = Printed(FILE, rendered.write_pdf())
    seen = (*fit_clipped(printed), *fit_overflow(printed), *fit_overlap(printed))
    told = [
        *misfits(FILE, found),
        *lost_in_layout(FILE, html, runs),
        *lost_on_paper(printed, runs, found),
        *without_echoes(seen, found),
    ]
    return found, told


def some(number: int, word: str = "word") -> str:
    """A text of so many different words."""
    return " ".join(f"{word}{count}" for count in range(number))
