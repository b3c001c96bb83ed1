"""Try type sizes and spaces until a page is full and nothing falls off it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from handouts.model import Fit, Setting

MOST_TRIALS = 6
# How much may be left between text and foot, in mm, before another trial is worth its time.
NEAR_ENOUGH = 2.0
# Settings closer than this, on the way from -1 to 1, look the same.
NARROW = 0.03
# Coordinates are sums of many: a page that is filled to the last line may seem to run over by less than this, in mm.
ROUNDING = 0.05
# What the whole way to the floor gains on a page, and the whole way to the roomiest takes, in mm, seen on one-pagers.
# Only the first guess rests on it.
FLOOR_GAINS, ROOMIEST_TAKES = 18.0, 38.0


@dataclass(frozen=True)
class Fitted:
    """The layout that was kept and its setting; `fits` is False over the floor.

    `room` is what the text left free between itself and the foot in mm, before the last layout handed it out.
    """

    layout: Any
    setting: Setting
    room: float
    fits: bool
    trials: int


class _Trial(NamedTuple):
    at: float
    room: float
    layout: Any


def between(fit: Fit, at: float) -> Setting:
    """A setting on the way from the floor (-1) over the design's own (0) to the roomiest (1)."""
    low, high, part = (fit.floor, fit.nominal, at + 1) if at < 0 else (fit.nominal, fit.full, at)
    return Setting(
        **{
            name: round(getattr(low, name) + part * (getattr(high, name) - getattr(low, name)), 4)
            for name in Setting.model_fields
        }
    )


def fit_page(fit: Fit, lay_out: Callable[[Setting, Any], tuple[Any, float]]) -> Fitted:
    """Find the roomiest setting that still fits, in at most MOST_TRIALS layouts.

    `lay_out` takes a setting and a layout whose left-over room is to be filled, or None, and returns a layout with the
    room it leaves in mm, negative when the text runs over. Room falls as the setting grows, so the search brackets the
    point where it is used up, with the false position of the bracket's ends as the next guess. The last trial hands
    the remaining room to the columns, which then reach the foot; where that breaks the page, the layout before it is
    kept.
    """
    fitting: _Trial | None = None
    over: _Trial | None = None
    at, trials = 0.0, 0
    while trials < MOST_TRIALS - 1:
        layout, room = lay_out(between(fit, at), None)
        trials += 1
        if room < 0:
            over = _Trial(at, room, layout)
            if at <= -1:
                return Fitted(layout, between(fit, at), room, False, trials)
        else:
            fitting = _Trial(at, room, layout)
            if room <= NEAR_ENOUGH or at >= 1:
                break
        if fitting and over and over.at - fitting.at < NARROW:
            break
        at = _next(fitting, over)
    setting = between(fit, fitting.at)
    filled, left = lay_out(setting, fitting.layout)
    if left < -ROUNDING:
        return Fitted(fitting.layout, setting, fitting.room, True, trials + 1)
    return Fitted(filled, setting, fitting.room, True, trials + 1)


def _next(fitting: _Trial | None, over: _Trial | None) -> float:
    """The next place to try: a usual step from the design's own setting, then the end of the way while only one side is
    known, else a little inside the false position."""
    if over is None:
        return 1.0 if fitting.at else min(1.0, fitting.room / ROOMIEST_TAKES)
    if fitting is None:
        return -1.0 if over.at else max(-1.0, over.room / FLOOR_GAINS)
    part = fitting.room / (fitting.room - over.room)
    return fitting.at + (over.at - fitting.at) * max(0.1, min(0.9, part * 0.97))
