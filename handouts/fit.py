"""Try type sizes, leading and spaces until a page is full and nothing falls off it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, NamedTuple

from handouts.findings import Finding, counted
from handouts.latitude import DIGITS, Kept, Latitude, Setting, Stretch
from handouts.model import Format, Section

MOST_TRIALS = 6
# How much may be left between text and foot, as a part of the text's height, before another trial is worth its time.
NEAR_ENOUGH = 0.013
# Settings closer than this, on the way from -1 to 1, look the same.
NARROW = 0.02
# Coordinates are sums of many: a page that is filled to the last line may seem to run over by less than this, in mm.
ROUNDING = 0.05
# The order of harm: smaller type harms a page most, then tighter lines, then less space. So each property is turned on
# its own stretch of the way from the design (0) to the least (1), and larger type comes first on the way to the most.
# The drawing gives way only near the ends: sister sheets line up as long as it keeps its size. How long each stretch is
# follows what it gains on our pages, so that room falls evenly; the search needs fewer trials then.
_TIGHTER = {"space": (0.0, 0.34), "leading": (0.34, 0.44), "scale": (0.44, 1.0), "drawing": (0.6, 1.0)}
_ROOMIER = {"scale": (0.0, 0.35), "leading": (0.35, 1.0), "space": (0.35, 1.0), "drawing": (0.35, 1.0)}
# What the whole way to the least gains, and the whole way to the most takes, as parts of the height of the text, seen
# on our pages; and how much further than that each further guess goes, to find the other side. Only speed rests on
# them.
_GAINS, _TAKES, _FURTHER = 0.33, 0.72, (1.0, 1.5, 3.0)
# How much further than that to go to be sure: a text moves by whole lines.
_SURELY = 1.6
# How many sections are told of when a text is too long.
_MOST_NAMED = 3


class Laid(NamedTuple):
    """A layout; the room in mm that its text leaves, negative when it runs over; how high the text is in mm, one column
    below the other; and what a further layout at the same setting may be handed, so that all columns reach the foot."""

    layout: Any
    room: float
    height: float
    stretch: Stretch


@dataclass(frozen=True)
class Fitted:
    """The layout that was kept, and how; `fits` is False over the floor."""

    layout: Any
    kept: Kept
    fits: bool
    trials: int


class _Trial(NamedTuple):
    at: float
    laid: Laid


def between(latitude: Latitude, at: float) -> Setting:
    """A setting on the way from the least (-1) over the design's own (0) to the most (1)."""
    parts, end = (_TIGHTER, latitude.least) if at < 0 else (_ROOMIER, latitude.most)
    values = {}
    for name, (start, stop) in parts.items():
        part = max(0.0, min(1.0, (abs(at) - start) / (stop - start)))
        own = getattr(latitude.design, name)
        values[name] = round(own + part * (getattr(end, name) - own), DIGITS)
    return Setting(**values)


def tightened(latitude: Latitude, setting: Setting, part: float) -> Setting:
    """A setting that leaves more room than another one on the way, surely by this part of the height of the text."""
    low, high = -1.0, 1.0
    while high - low > NARROW / 8:
        at = (low + high) / 2
        low, high = (at, high) if _sum(between(latitude, at)) < _sum(setting) else (low, at)
    step = _SURELY * part / (_TAKES if low > 0 else _GAINS)
    return between(latitude, max(-1.0, low - max(NARROW, step)))


def _sum(setting: Setting) -> float:
    """Grows all along the way from the least to the most, since nothing on it shrinks."""
    return setting.scale + setting.leading + setting.space + setting.drawing


def fit_page(
    latitude: Latitude, lay_out: Callable[[Setting, Stretch], Laid], before: Kept | None = None
) -> Fitted:
    """Find the roomiest setting that still fits, in at most MOST_TRIALS layouts.

    Room falls as the setting grows, so the search brackets the point where it is used up, with the false position of
    the bracket's ends as the next guess. The last trial hands the remaining room to the columns, which then reach the
    foot; where that breaks the page, the layout without it is kept.

    `before` is what an earlier search kept for the very same document. It is laid out first, and kept when it comes out
    as it did then; if not, the search begins as if there had been none, so that the result is the same either way.
    """
    if before is not None and latitude.allows(before.setting):
        laid = lay_out(before.setting, before.stretch)
        if round(laid.room, DIGITS) == before.left and laid.room >= -ROUNDING:
            return Fitted(laid.layout, before, True, 1)
    fitting: _Trial | None = None
    over: _Trial | None = None
    # How often in a row the same side of the bracket moved: above zero that which fits.
    at, trials, moved = 0.0, 0, 0
    while trials < MOST_TRIALS - 1:
        # The floor is tried before a text is called too long, and early enough for one more trial above it.
        if trials == MOST_TRIALS - 3 and fitting is None:
            at = -1.0
        laid = lay_out(between(latitude, at), Stretch())
        trials += 1
        moved = max(1, moved + 1) if laid.room >= 0 else min(-1, moved - 1)
        if laid.room < 0:
            over = _Trial(at, laid)
            if at <= -1:
                return Fitted(laid.layout, _kept(latitude, over, Stretch(), laid), False, trials)
        else:
            fitting = _Trial(at, laid)
            if laid.room <= NEAR_ENOUGH * laid.height or at >= 1:
                break
        if fitting and over and over.at - fitting.at < NARROW:
            break
        at = _next(fitting, over, moved)
    filled = lay_out(between(latitude, fitting.at), fitting.laid.stretch)
    if filled.room < -ROUNDING:
        return Fitted(fitting.laid.layout, _kept(latitude, fitting, Stretch(), fitting.laid), True, trials + 1)
    return Fitted(filled.layout, _kept(latitude, fitting, fitting.laid.stretch, filled), True, trials + 1)


def _kept(latitude: Latitude, trial: _Trial, stretch: Stretch, last: Laid) -> Kept:
    return Kept(
        setting=between(latitude, trial.at),
        stretch=stretch,
        room=round(trial.laid.room, DIGITS),
        left=round(last.room, DIGITS),
    )


def too_long(
    file: str, sections: Sequence[Section], lines: int, words: int, others: Sequence[Section] = ()
) -> Finding:
    """What is told of a text that is too long for its page at the floor; `sections` are those of the column that is too
    long, and `others` stand beside it."""
    much = f"{counted(lines, 'line')} (about {-(-words // 5) * 5} words)"
    message = f"is {much} too long for the page, even at the smallest type"
    return Finding(file, 0, message, _shorten(sections, others), id="fit-overflow")


def too_many_pages(file: str, sections: Sequence[Section], pages: int, form: Format) -> Finding:
    """The same for a text that fits its first page, and has more pages than its format allows for another reason."""
    low, high = form.pages
    allowed = f"{low}" if low == high else f"{low} to {high}"
    message = f"takes {pages} pages, even at the smallest type; the {form.title} has {allowed}"
    return Finding(file, 0, message, _shorten(sections), id="fit-overflow")


def _shorten(sections: Sequence[Section], others: Sequence[Section] = ()) -> str:
    """Advice that names the three longest sections, those that help most before the others."""
    counted = [
        pair
        for group in (sections, others)
        for pair in sorted(((_words(section), section) for section in group), key=lambda pair: -pair[0])
    ][:_MOST_NAMED]
    named = [f'"{_plain(section.heading)}" ({count} words, line {section.line})' for count, section in counted]
    return f"shorten its longest sections: {', '.join(named)}" if named else "shorten the text"


def _words(section: Section) -> int:
    """Words of a section as they are printed; a figure counts as one."""
    return len(_plain(re.sub(r"<x-mark figure[^>]*>", "0", section.html)).split())


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).replace("\xa0", " ")


def _next(fitting: _Trial | None, over: _Trial | None, moved: int) -> float:
    """The next place to try: as far as the room is likely to reach while only one side is known, and further each time;
    else a little inside the false position, or near the middle where the room does not fall evenly between the two
    sides: where a line or a table moves on to the next column, it falls by a step.
    """
    if fitting and over:
        room, lack = fitting.laid.room, over.laid.room
        part, way = 0.97 * room / (room - lack), over.at - fitting.at
        usual = way * fitting.laid.height * (_TAKES if fitting.at >= 0 else _GAINS)
        if moved > 1:
            part = max(0.5, part)
        elif moved < -1 or room - lack > 1.25 * usual:
            part = min(0.75 if moved < -1 else 0.6, part)
        return fitting.at + way * max(0.1, min(0.9, part))
    at, laid = fitting or over
    # A page without any text has no height to reckon with.
    step = max(NARROW, abs(laid.room) / (max(1.0, laid.height) * (_TAKES if fitting else _GAINS)))
    step *= _FURTHER[min(abs(moved), len(_FURTHER)) - 1]
    return min(1.0, at + step) if fitting else max(-1.0, at - step)
