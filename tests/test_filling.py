"""Texts in a stack of slots: the largest size that fits, where lines come to stand, and rough sums that never err."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine import face
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handouts.qr import breakable
from handouts.slots import STEPS, Slot, Stack
from handouts.stamping import filling
from handouts.stamping.filling import Misfit, fill, surely_fits
from handouts.stamping.wrapping import Box
from handouts.typography import held

HEAD, BODY = "SourceSerifPro-Bold.ttf", "SourceSansPro-Semibold.ttf"
FACES = {name: face(name) for name in (HEAD, BODY)}
BLACK = (0.0, 0.0, 0.0)
CALL = Slot("call_to_action", 18.0, 21.0, 17.0, 0.0, 4.0, HEAD, BLACK)
NAME = Slot("organization", 14.0, 17.0, 13.0, 3.0, 2.0, BODY, BLACK)
LINK = Slot("url", 12.0, 15.0, 11.0, 0.0, 0.0, BODY, BLACK)
STACK = Stack(0, 30.0, 400.0, 200.0, 100.0, (CALL, NAME, LINK))
quietly = settings(derandomize=True, deadline=None, max_examples=400)


def boxed(**texts: str) -> dict[str, tuple[Box, ...]]:
    """Texts as they are set: names held together, addresses that may break."""
    return {name: (Box(breakable(text) if name == "url" else held(text)),) for name, text in texts.items() if text}


def filled(stack: Stack, **texts: str) -> tuple[float, list] | Misfit:
    return fill(stack, boxed(**texts), FACES, "en")


def high(stack: Stack, height: float) -> Stack:
    return replace(stack, height=height)


def test_lines_stand_below_each_other() -> None:
    """Margins that meet are one: the larger."""
    step, lines = filled(STACK, call_to_action="Ask us", organization="Peña College", url="pena.example.org")
    assert step == 1.0
    assert [line.slot.name for line in lines] == ["call_to_action", "organization", "url"]
    assert [line.top for line in lines] == [400.0, 425.0, 444.0]
    assert [line.y for line in lines] == [417.0, 438.0, 455.0]
    assert [line.left for line in lines] == [30.0] * 3
    assert all(line.runs[0][0] == 30.0 and 0 < line.width < STACK.width for line in lines)


def test_an_empty_slot_takes_no_room() -> None:
    _, lines = filled(STACK, url="pena.example.org")
    assert [(line.slot.name, line.top) for line in lines] == [("url", 400.0)]
    assert filled(STACK) == (1.0, [])


@pytest.mark.parametrize("step", STEPS)
def test_the_largest_size_that_fits_is_set(step: float) -> None:
    """Type, leading and margins shrink together; the box does not."""
    texts = {"call_to_action": "Ask us", "organization": "Peña College", "url": "pena.example.org"}
    stack = high(STACK, 59.0 * step + 0.1)
    found, lines = filled(stack, **texts)
    assert found == step
    assert [line.size for line in lines] == [slot.size * step for slot in STACK.slots]
    assert [line.leading for line in lines] == [slot.leading * step for slot in STACK.slots]
    assert [line.top for line in lines] == pytest.approx([400.0, 400 + 25 * step, 400 + 44 * step])
    assert lines[-1].top + lines[-1].leading <= stack.top + stack.height


def test_what_ends_at_the_foot_is_left_to_the_engine() -> None:
    """In hairs: only the engine knows how its own sums of lengths end."""
    for by in (-0.04, 0.0, 0.04):
        assert filled(high(STACK, 15.0 + by), url="a.org") == Misfit("url", certain=False), by
    assert filled(high(STACK, 15.06), url="a.org")[0] == 1.0
    assert filled(high(STACK, 14.9), url="a.org")[0] == 0.95


def test_a_text_that_is_too_long_is_named() -> None:
    """The longest, which is the one to be made shorter; and by how much, about."""
    name = "The Northern " * 20
    found = filled(STACK, organization=name.strip(), url="a.org")
    assert isinstance(found, Misfit)
    assert (found.slot, found.certain) == ("organization", True)
    assert 0 < found.characters < len(name)
    shorter = name[: len(name) - found.characters - 20].strip()
    assert filled(STACK, organization=shorter, url="a.org")[0] == STEPS[-1]


def test_a_word_that_is_wider_than_its_line_is_named() -> None:
    """By how much is exact where letters are equally wide."""
    found = filled(STACK, organization="H" * 40, url="a.org")
    assert (found.slot, found.certain) == ("organization", True)
    assert filled(STACK, organization="H" * (40 - found.characters), url="a.org")[0] == STEPS[-1]
    assert isinstance(filled(STACK, organization="H" * (41 - found.characters), url="a.org"), Misfit)


def test_what_only_the_engine_can_set_is_uncertain() -> None:
    assert filled(STACK, organization="東京") == Misfit("organization", certain=False)


# Initials and capitals that stand close, which kerning makes much narrower than their widths; and others that grow.
WORDS = (
    *("College", "of", "Art", "Y.W.C.A.", "A.T.", "Still", "V.A.", "L.A.V.A.", "Toffl", "Tof", "AvAV", "WAVAT", "TAFT"),
    *("L’Y.", "d’Or", "Vo-Tech", "(East)", "PET/CT", "&", "—", "W.", "Ťaton", "f)", "(j)", "ľ’", "fV", "I", "5"),
)
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
anything = st.text(st.sampled_from("AVTWYLPajofrvwy.,’' -/&(0)ľŤ"), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split()) or "A"
)
texts = names | anything
empty = st.just("")
hosts = st.lists(st.sampled_from(("careers", "wa", "tofield", "y", "av-t", "visit", "fjord")), min_size=2, max_size=6)
addresses = hosts.map(".".join)
widths = st.floats(40, 400)
heights = st.floats(15, 160)


@quietly
@given(call=texts, name=texts, url=addresses, width=widths, height=heights)
def test_what_surely_fits_is_never_too_long(call: str, name: str, url: str, width: float, height: float) -> None:
    stack = replace(STACK, width=width, height=height)
    told = boxed(call_to_action=call, organization=name, url=url)
    if surely_fits(stack, told, FACES):
        found = fill(stack, told, FACES, "en")
        assert not (isinstance(found, Misfit) and found.certain), found


def test_most_that_fits_surely_fits() -> None:
    """The rough sum is there to spare the exact one."""
    told = boxed(call_to_action="Talk to us", organization="Fenbridge Community College", url="fenbridge.example.edu")
    assert surely_fits(STACK, told, FACES)
    assert not surely_fits(high(STACK, 30.0), told, FACES)
    assert not surely_fits(replace(STACK, width=20.0), told, FACES)


@quietly
@given(call=texts, name=texts | empty, url=addresses | empty, width=widths, height=heights, snug=st.booleans())
@example("Y.W.C.A.", "", "", 0.0, 22.0, True)
@example("Toffl", "", "", 0.0, 22.0, True)
@example("HHHH HHHH HHHH HHHH HHHH", "", "", 0.0, 106.0, True)
def test_no_size_that_fits_is_left_out(
    call: str, name: str, url: str, width: float, height: float, snug: bool
) -> None:
    """A rough sum says which sizes need not be tried; to try each of them gives the same. A box that is snug is as wide
    as its first word."""
    first = FACES[HEAD].shape(boxed(call_to_action=call.split(" ")[0])["call_to_action"][0].text)
    stack = replace(STACK, width=first.measure(CALL.size) + 0.01 if snug else width, height=height)
    told = boxed(call_to_action=call, organization=name, url=url)
    found = fill(stack, told, FACES, "en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "_surely_over", lambda *_: False)
        patient = fill(stack, told, FACES, "en")
    assert found == patient or (isinstance(patient, Misfit) and not patient.certain)
