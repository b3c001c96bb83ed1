"""Copy-fitting on pages that only exist as arithmetic: whatever the text does, the page that is kept fits."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handouts.fit import MOST_TRIALS, NEAR_ENOUGH, Fitted, Laid, between, fit_page, too_long, too_many_pages
from handouts.latitude import Kept, Latitude, Setting, Stretch
from handouts.model import Format, Section

FIT = Latitude(
    least=Setting(scale=0.91, leading=1.3, space=0.4, drawing=0.8),
    design=Setting(scale=1.0, leading=1.38, space=1.0, drawing=1.0),
    most=Setting(scale=1.13, leading=1.45, space=2.2, drawing=1.6),
    body=11.0,
)
HEIGHT = 200.0
SHARE = Stretch(values={"stretch": 1.0})
quietly = settings(derandomize=True, deadline=None, max_examples=120)


class Page:
    """Stands for a laid-out page: the room it leaves at a place between -1 (floor) and 1 (roomiest) in mm.

    `fills` is what the stretched layout leaves of that room: 0 fills the page, negative is a stretch that broke it.
    """

    def __init__(self, room: Callable[[float], float], fills: float = 0.0):
        self.room, self.fills = room, fills
        self.trials: list[tuple[Setting, Stretch]] = []

    def lay_out(self, setting: Setting, stretch: Stretch) -> Laid:
        self.trials.append((setting, stretch))
        left = self.fills if stretch.values else self.room(where(setting))
        return Laid(f"layout {len(self.trials)}", left, HEIGHT, SHARE)


def where(setting: Setting) -> float:
    """The inverse of `between`, up to its rounding: found by halving, since every setting grows on the way."""
    low, high = -1.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if total(between(FIT, middle)) < total(setting):
            low = middle
        else:
            high = middle
    return round(high, 3)


def total(setting: Setting) -> float:
    return sum(setting.model_dump().values())


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
    number = int(fitted.layout.split()[1]) - 1
    setting, stretch = page.trials[number]
    assert (setting, stretch) == (fitted.kept.setting, fitted.kept.stretch)
    assert fitted.kept.room == pytest.approx(page.room(where(setting)), abs=1e-4)
    assert fitted.fits is (page.room(-1.0) >= 0 or page.room(where(setting)) >= 0)
    if fitted.fits:
        assert fitted.kept.room >= 0
        # The stretch was asked of the setting that it belongs to.
        assert page.trials[-1] == (setting, SHARE)


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
@given(st.floats(-0.95, 0.95), st.floats(40, 90), st.floats(90, 180))
def test_a_page_whose_room_falls_evenly_is_full(crossing: float, gains: float, takes: float):
    page = Page(slope(crossing, gains, takes))
    fitted = fit_page(FIT, page.lay_out)
    assert fitted.fits
    assert fitted.kept.room <= NEAR_ENOUGH * HEIGHT + 0.02 * max(gains, takes)


def test_a_page_with_room_for_everything_is_laid_out_at_the_roomiest():
    fitted = fit_page(FIT, Page(lambda at: 80.0).lay_out)
    assert (fitted.kept.setting, fitted.fits) == (FIT.most, True)


def test_a_page_that_never_fits_is_told_with_what_is_too_much_at_the_floor():
    page = Page(lambda at: -30.0 - at)
    fitted = fit_page(FIT, page.lay_out)
    assert (fitted.kept.setting, fitted.fits, fitted.kept.room) == (FIT.least, False, -29.0)
    check(page, fitted)


def test_a_page_that_hardly_misses_is_tried_down_to_the_floor():
    """The first step is as short as what is missing; the floor is tried before a text is called too long."""
    page = Page(lambda at: 0.5 if at <= -1 else -0.01)
    fitted = fit_page(FIT, page.lay_out)
    assert (fitted.kept.setting, fitted.fits) == (FIT.least, True)


def test_the_design_s_own_setting_is_kept_when_it_fits_at_once():
    page = Page(slope(0.01, 20, 40))
    fitted = fit_page(FIT, page.lay_out)
    assert (fitted.kept.setting, fitted.trials) == (FIT.design, 2)
    assert page.trials == [(FIT.design, Stretch()), (FIT.design, SHARE)]


@pytest.mark.parametrize(("fills", "kept"), [(0.0, 2), (-0.04, 2), (-0.06, 1), (-9.0, 1)])
def test_a_stretch_that_breaks_the_page_is_taken_back(fills: float, kept: int):
    """A hair below zero is the sum of many coordinates, and not a line that runs over."""
    fitted = fit_page(FIT, Page(slope(0.01, 20, 40), fills).lay_out)
    assert (fitted.layout, fitted.fits) == (f"layout {kept}", True)
    assert fitted.kept.room == pytest.approx(0.4)
    assert fitted.kept.stretch == (SHARE if kept == 2 else Stretch())


@quietly
@given(rooms, st.sampled_from([0.0, 1.5, -4.0]))
def test_what_was_kept_is_laid_out_once_and_comes_out_the_same(room: Callable[[float], float], fills: float):
    found = fit_page(FIT, Page(room, fills).lay_out)
    page = Page(room, fills)
    again = fit_page(FIT, page.lay_out, found.kept)
    assert again.kept == found.kept
    if found.fits:
        assert again.trials == len(page.trials) == 1


@pytest.mark.parametrize(
    "before",
    [
        Kept(setting=FIT.design, stretch=Stretch(), room=1.0, left=1.0),
        Kept(setting=FIT.most, stretch=SHARE, room=1.0, left=0.5),
        Kept(setting=FIT.least, stretch=Stretch(), room=-3.0, left=-3.0),
        Kept(setting=Setting(scale=0.5), stretch=Stretch(), room=1.0, left=1.0),
    ],
    ids=["another room", "another stretch", "did not fit", "out of range"],
)
def test_a_memory_that_does_not_hold_is_forgotten(before: Kept):
    found = fit_page(FIT, Page(slope(-0.4, 60, 120)).lay_out)
    page = Page(slope(-0.4, 60, 120))
    again = fit_page(FIT, page.lay_out, before)
    assert again.kept == found.kept
    assert len(page.trials) - again.trials in (0, 1)


@pytest.mark.parametrize(("at", "setting"), [(-1, FIT.least), (0, FIT.design), (1, FIT.most)])
def test_settings_lie_between_the_least_and_the_most(at: float, setting: Setting):
    assert between(FIT, at) == setting


@quietly
@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_roomier_setting_is_smaller_in_nothing(one: float, other: float):
    low, high = (between(FIT, at) for at in sorted((one, other)))
    assert all(getattr(low, name) <= getattr(high, name) for name in Setting.model_fields)
    assert FIT.allows(low) and FIT.allows(high)


@quietly
@given(st.floats(-1, 1))
def test_what_harms_most_is_turned_last(at: float):
    """Smaller type comes after the leading is at its least, and that after the space is; larger type comes first."""
    one = between(FIT, at)
    if one.leading < FIT.design.leading:
        assert one.space == FIT.least.space
    if one.scale < 1 or one.drawing < 1:
        assert (one.space, one.leading) == (FIT.least.space, FIT.least.leading)
    if one.drawing > 1 or one.space > 1 or one.leading > FIT.design.leading:
        assert one.scale == FIT.most.scale


LIST = "<ul><li>One <strong>two</strong> three</li>\n<li>four five</li></ul>"
MARKS = '<p>One<x-mark cites="a"></x-mark> <x-mark figure="b"></x-mark> x.</p>'
SECTIONS = [
    Section(name="a", heading="Short &amp;&#160;sweet", html="<p>One two</p>", line=9),
    Section(name="b", heading="Long", html=LIST, line=20),
    Section(name="c", heading="Figures", html=MARKS, line=4),
    Section(name="d", heading="None", html="<p>One</p>", line=30),
]


def test_a_text_that_is_too_long_is_told_with_its_longest_sections():
    assert str(too_long("content/topics/role.md", SECTIONS, 7, 58)) == (
        "content/topics/role.md  is 7 lines (about 60 words) too long for the page, even at the smallest type · "
        'shorten its longest sections: "Long" (5 words, line 20), "Figures" (3 words, line 4), "Short & sweet" '
        "(2 words, line 9)"
    )
    beside = str(too_long("content/topics/role.md", SECTIONS[:1], 7, 58, SECTIONS[1:]))
    assert re.findall(r'"([^"]+)" \(\d+ words', beside) == ["Short & sweet", "Long", "Figures"]
    assert str(too_long("booklet.toml", [], 1, 3)) == (
        "booklet.toml  is 1 line (about 5 words) too long for the page, even at the smallest type · shorten the text"
    )


@pytest.mark.parametrize(("pages", "allowed"), [((1, 2), "1 to 2"), ((1, 1), "1")])
def test_pages_too_many_are_told_too(pages: tuple[int, int], allowed: str):
    form = Format(name="topic", title="topic handout", scope="each", styles=(), papers={}, pages=pages)
    assert str(too_many_pages("content/topics/role.md", SECTIONS[3:], 3, form)) == (
        f"content/topics/role.md  takes 3 pages, even at the smallest type; the topic handout has {allowed} · shorten "
        'its longest sections: "None" (1 words, line 30)'
    )
