"""Plain texts as they are printed: where the lines of a name may end, and the line that tells of an event."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.typography import JOINER, held, occasion, parted, typeset

quietly = settings(derandomize=True, deadline=None, max_examples=50)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Fenbridge College", "Fenbridge College"),
        ("St. Mary's & Sons", "St. Mary’s & Sons"),
        ("Wilkes-Barre College", "W~i~l~k~e~s~-~B~a~r~r~e College"),
        ("Room 1/2 \"East\"", "Room 1~/~2 “~E~a~s~t~”"),
        ("", ""),
    ],
)
def test_a_name_breaks_at_its_spaces_alone(text: str, joined: str):
    assert held(text).replace(JOINER, "~") == joined


@quietly
@given(st.text(max_size=40))
def test_holding_adds_nothing_that_is_read(text: str):
    assert held(text).replace(JOINER, "") == str(typeset(text)).replace(JOINER, "")


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (("Career Night", "May 4", "Booth 7"), "Career Night\u00a0· May 4\u00a0· Booth 7"),
        (("Career Night", "", "Booth 7"), "Career Night\u00a0· Booth 7"),
        (("", "May 4", ""), "May 4"),
        (("", "", ""), ""),
    ],
)
def test_an_event_is_one_line_and_no_dot_begins_one(parts: tuple[str, str, str], line: str):
    assert occasion(*parts) == line


@pytest.mark.parametrize(
    ("caption", "parts"),
    [
        ("a credential with two ways in", ("a credential with two ", "ways", "in")),
        ("growth in ten years, 2028\u201338", ("growth in ten ", "years,", "2028\u201338")),
        ("growth, 2029", ("", "growth,", "2029")),
        ("an exam after radiography", ("an exam after ", "", "radiography")),
        ("pay in one quarter, Q1\u00a02029", ("pay in one quarter, ", "", "Q1\u00a02029")),
        ("called \"the 'A' badge\"", ("called \u201cthe ", "\u2018A\u2019", "badge\u201d")),
        ("pay", ("", "", "pay")),
        ("", ("", "", "")),
    ],
)
def test_a_caption_ends_in_no_short_word_alone(caption: str, parts: tuple[str, str, str]):
    assert parted(caption) == parts


@quietly
@given(st.text(max_size=40))
def test_parting_loses_nothing(text: str):
    head, before, last = parted(text)
    assert head + (f"{before} {last}" if before else last) == str(typeset(text))
