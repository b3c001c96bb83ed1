"""Copy-fitting on pages that only exist as arithmetic: whatever the text does, the page that is kept fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handouts.fit import MOST_TRIALS, NEAR_ENOUGH, Fitted, between, fit_page
from handouts.model import Fit, Setting

FIT = Fit(
    floor=Setting(scale=0.93, leading=1.33, space=0.6),
    nominal=Setting(scale=1.0, leading=1.38, space=1.0),
    full=Setting(scale=1.03, leading=1.45, space=2.2),
)
quietly = settings(derandomize=True, deadline=None, max_examples=120)


class Page:
    """Stands for a laid-out page: the room it leaves at a place between -1 (floor) and 1 (roomiest) in mm.

    `fills` is what the stretched layout leaves of that room: 0 fills the page, negative is a stretch that broke it.
    """

    def __init__(self, room: Callable[[float], float], fills: float = 0.0):
        self.room, self.fills = room, fills
        self.trials: list[tuple[Setting, object]] = []

    def lay_out(self, setting: Setting, before: object) -> tuple[object, float]:
        self.trials.append((setting, before))
        left = self.room(where(setting)) if before is None else self.fills
        return f"layout {len(self.trials)}", left


def where(setting: Setting) -> float:
    """The inverse of `between`, by the space, which has the widest range."""
    space = setting.space
    return (space - 1.0) / 0.4 if space < 1 else (space - 1.0) / 1.2


def slope(crossing: float, gains: float, takes: float) -> Callable[[float], float]:
    """Room falls by `gains` mm a unit left of zero and by `takes` right of it, and is used up at `crossing`."""

    def used(at: float) -> float:
        return at * (gains if at < 0 else takes)

    return lambda at: used(crossing) - used(at)


def stairs(crossing: float, height: float) -> Callable[[float], float]:
    """Room falls in steps: a line that no longer fits takes its paragraph along."""
    return lambda at: height if at <= crossing else -height - 3 * ((at - crossing) // 0.25)


rooms = st.one_of(
    st.builds(slope, st.floats(-2, 2), st.floats(2, 120), st.floats(2, 120)),
    st.builds(stairs, st.floats(-1.2, 1.2), st.floats(0.1, 60)),
)


def check(page: Page, fitted: Fitted) -> None:
    assert fitted.trials == len(page.trials) <= MOST_TRIALS
    kept = int(fitted.layout.split()[1]) - 1
    setting, _ = page.trials[kept]
    assert setting == fitted.setting
    assert fitted.room == page.room(where(setting))
    assert fitted.fits is (page.room(-1.0) >= 0 or page.room(where(fitted.setting)) >= 0)
    if fitted.fits:
        assert page.room(where(setting)) >= 0
        assert fitted.room >= 0
        # The stretch was asked of the layout that it belongs to.
        last, handed = page.trials[-1]
        assert last == fitted.setting
        assert page.trials[int(handed.split()[1]) - 1] == (last, None)


@quietly
@given(rooms, st.sampled_from([0.0, 1.5, -4.0]))
@example(slope(0.0, 20, 40), 0.0)
@example(slope(-1.0, 20, 40), 0.0)
@example(stairs(-0.99, 30), -1.0)
def test_the_kept_page_fits_whatever_the_text_does(room: Callable[[float], float], fills: float):
    page = Page(room, fills)
    check(page, fit_page(FIT, page.lay_out))


@quietly
@given(rooms)
def test_the_same_text_always_comes_out_the_same(room: Callable[[float], float]):
    assert fit_page(FIT, Page(room).lay_out) == fit_page(FIT, Page(room).lay_out)


@quietly
@given(st.floats(-0.95, 0.95), st.floats(10, 60), st.floats(20, 60))
def test_a_page_whose_room_falls_evenly_ends_near_the_roomiest_setting(crossing: float, gains: float, takes: float):
    page = Page(slope(crossing, gains, takes))
    fitted = fit_page(FIT, page.lay_out)
    assert fitted.fits
    assert page.room(where(fitted.setting)) <= max(NEAR_ENOUGH, 0.15 * max(gains, takes))


def test_a_page_with_room_for_everything_is_laid_out_at_the_roomiest():
    page = Page(lambda at: 80.0)
    fitted = fit_page(FIT, page.lay_out)
    assert (fitted.setting, fitted.fits, fitted.trials) == (FIT.full, True, 3)


def test_a_page_that_never_fits_is_told_with_what_is_too_much_at_the_floor():
    page = Page(lambda at: -30.0 - at)
    fitted = fit_page(FIT, page.lay_out)
    assert (fitted.setting, fitted.fits, fitted.room) == (FIT.floor, False, -29.0)
    check(page, fitted)


def test_a_page_that_hardly_misses_is_tried_down_to_the_floor():
    """The first step is as short as what is missing; the floor is tried before a text is called too long."""
    page = Page(lambda at: 0.5 if at <= -1 else -0.01)
    fitted = fit_page(FIT, page.lay_out)
    assert (fitted.setting, fitted.fits, fitted.trials) == (FIT.floor, True, 4)


def test_the_design_s_own_setting_is_kept_when_it_fits_at_once():
    page = Page(slope(0.03, 20, 40))
    fitted = fit_page(FIT, page.lay_out)
    assert (fitted.setting, fitted.trials) == (FIT.nominal, 2)
    assert page.trials[1] == (FIT.nominal, "layout 1")


@pytest.mark.parametrize(("fills", "kept"), [(0.0, 2), (-0.04, 2), (-0.06, 1), (-9.0, 1)])
def test_a_stretch_that_breaks_the_page_is_taken_back(fills: float, kept: int):
    """A hair below zero is the sum of many coordinates, and not a line that runs over."""
    fitted = fit_page(FIT, Page(slope(0.03, 20, 40), fills).lay_out)
    assert (fitted.layout, fitted.fits) == (f"layout {kept}", True)
    assert fitted.room == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("at", "setting"),
    [
        (-1, FIT.floor),
        (0, FIT.nominal),
        (1, FIT.full),
        (-0.5, Setting(scale=0.965, leading=1.355, space=0.8)),
        (0.5, Setting(scale=1.015, leading=1.415, space=1.6)),
    ],
)
def test_settings_lie_between_floor_and_roomiest(at: float, setting: Setting):
    assert between(FIT, at) == setting


@quietly
@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_roomier_setting_is_smaller_in_nothing(one: float, other: float):
    low, high = (between(FIT, at) for at in sorted((one, other)))
    assert all(getattr(low, name) <= getattr(high, name) for name in Setting.model_fields)
