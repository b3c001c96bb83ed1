"""Try type sizes and spaces until a page is full and nothing falls off it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from handouts.model import Fit, Setting

MOST_TRIALS = 6
# How much may be left between text and foot, in mm, before another trial is worth its time.
NEAR_ENOUGH = 2.0


@dataclass(frozen=True)
class Fitted:
    """The layout that was kept, its setting, and the room between text and foot in mm; `fits` is False over the
    floor."""

    layout: Any
    setting: Setting
    room: float
    fits: bool
    trials: int


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
    """Find the roomiest setting that still fits.

    `lay_out` takes a setting and a layout whose left-over room is to be filled, or None, and returns a layout with the
    room it leaves in mm, negative when the text runs over. Room falls as the setting grows, so the search brackets the point where it is used up, with the
    false position of the bracket's ends as the next guess. The last trial hands the remaining room to the columns,
    which then reach the foot.
    """
    trials = 0

    def attempt(at: float) -> tuple[Any, float]:
        nonlocal trials
        trials += 1
        return lay_out(between(fit, at), None)

    best: tuple[float, Any, float] | None = None
    at, low, high = 0.0, None, None
    while trials < MOST_TRIALS - 1:
        layout, room = attempt(at)
        if room >= 0:
            best, low = (at, layout, room), (at, room)
            if room <= NEAR_ENOUGH or at >= 1:
                break
        else:
            high = (at, room)
            if at <= -1:
                return Fitted(layout, between(fit, at), room, False, trials)
        at = _next(low, high)
    if best is None:
        layout, room = attempt(-1.0)
        if room < 0:
            return Fitted(layout, between(fit, -1.0), room, False, trials)
        best = (-1.0, layout, room)
    at, layout, room = best
    stretched, left = lay_out(between(fit, at), layout)
    return Fitted(stretched, between(fit, at), left, True, trials + 1)


def _next(low: tuple[float, float] | None, high: tuple[float, float] | None) -> float:
    """The next place to try: toward an end while only one side is known, else a little inside the false position."""
    if high is None:
        return 1.0
    if low is None:
        return -1.0
    (at, room), (over_at, over) = low, high
    return at + (over_at - at) * max(0.1, min(0.9, room / (room - over) * 0.97))
