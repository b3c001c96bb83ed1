"""Papers and lengths: names to sizes, sizes to the paper that holds them. All in points."""

from __future__ import annotations

import re
from dataclasses import dataclass

INCH = 72.0
MM = 72 / 25.4
UNITS = {"mm": MM, "cm": 10 * MM, "in": INCH, "pt": 1.0}
# What differs by no more is the same size: programs round A5 and its kin in either direction.
SAME = 1.0
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(mm|cm|in|pt)", re.IGNORECASE)
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)", re.IGNORECASE)
# The longest side that a PDF may have without units of its own (ISO 32000-1, annex C), and the shortest that we print.
LONGEST, SHORTEST = 14_400.0, 36.0


@dataclass(frozen=True)
class Paper:
    """A paper's name and sides in points, upright; `metric` says how people talk of it."""

    name: str
    width: float
    height: float
    metric: bool

    def __str__(self) -> str:
        size = sized(self.width, self.height, self.metric)
        return f"{self.name} ({size})" if self.name else size


def _inches(name: str, width: float, height: float) -> Paper:
    return Paper(name, width * INCH, height * INCH, False)


def _millimeters(name: str, width: float, height: float) -> Paper:
    return Paper(name, width * MM, height * MM, True)


# From the smallest to the largest; those from which a sheet is derived are of the page's own family.
PAPERS = {
    paper.name: paper
    for paper in (
        _inches("half-letter", 5.5, 8.5),
        _inches("letter", 8.5, 11),
        _inches("legal", 8.5, 14),
        _inches("tabloid", 11, 17),
        _inches("12x18", 12, 18),
        _inches("13x19", 13, 19),
        _millimeters("a5", 148, 210),
        _millimeters("a4", 210, 297),
        _millimeters("sra4", 225, 320),
        _millimeters("a3", 297, 420),
        _millimeters("sra3", 320, 450),
        _millimeters("a2", 420, 594),
    )
}
# Not kept beside an office copier, or smaller than any tray.
_NOT_DERIVED = {"half-letter", "legal", "a5"}


def length(text: str) -> float:
    """ "0.1mm", ".004 in", "3pt" in points; ValueError for anything else."""
    match = _LENGTH.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    return float(match[1]) * UNITS[match[2].lower()]


def paper(text: str) -> Paper:
    """A paper by its name, or by its size ("13x19in", "320 x 450 mm"); ValueError for anything else."""
    name = text.strip().lower()
    if name in PAPERS:
        return PAPERS[name]
    match = _SIZE.fullmatch(name)
    if not match:
        raise ValueError(text)
    short, long = sorted(float(side) * UNITS[match[3]] for side in match.groups()[:2])
    if short < SHORTEST or long > LONGEST:
        raise ValueError(text)
    return Paper("", short, long, match[3] in ("mm", "cm"))


def is_metric(width: float, height: float) -> bool:
    """Whether a size was thought of in millimeters: whole ones, and not at the same time eighths of an inch."""

    def whole(side: float, unit: float) -> bool:
        return abs(side / unit - round(side / unit)) * unit < 0.5

    sides = (width, height)
    return all(whole(side, MM) for side in sides) and not all(whole(side, INCH / 8) for side in sides)


def derived(width: float, height: float, metric: bool) -> Paper | None:
    """The smallest paper on which a block of this size has room, either way round; None where none is large enough."""
    short, long = sorted((width, height))
    fits = [
        one
        for one in PAPERS.values()
        if one.metric == metric
        and one.name not in _NOT_DERIVED
        and short <= one.width + SAME
        and long <= one.height + SAME
    ]
    return min(fits, key=lambda one: one.width * one.height, default=None)


def sized(width: float, height: float, metric: bool) -> str:
    """A size as people say it: "8.5 × 11 in", "210 × 297 mm"."""
    unit, name = (MM, "mm") if metric else (INCH, "in")
    return f"{_short(width / unit, metric)} × {_short(height / unit, metric)} {name}"


def measured(points: float, metric: bool) -> str:
    """A length as people say it: "0.25 in", "6.4 mm"."""
    return f"{_short(points / MM, metric)} mm" if metric else f"{_short(points / INCH, metric)} in"


def _short(number: float, metric: bool) -> str:
    return f"{number:.{1 if metric else 2}f}".rstrip("0").rstrip(".")
