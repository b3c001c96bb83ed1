"""Line ends: as the layout engine chooses them, without it; and what cannot be told is said to be uncertain."""

from __future__ import annotations

import random
from collections import Counter
from html import escape

import pytest
from engine import FACES, PX, SIZES, Piece, addresses, face, lay_out, names

from handouts.qr import breakable
from handouts.stamping.shaping import JOINER, ZERO_WIDTH
from handouts.stamping.wrapping import Box, Broken, Line, boxes_of, break_lines
from handouts.typography import held

BOLD = "SourceSansPro-Bold.ttf"


def agree(broken: Broken, engine: list[list[Piece]], size: float) -> None:
    """The same lines, in the same pieces, at the same places, with the same operators."""
    ours = [[(run.text.rstrip(" "), run.show(size).decode()) for _, run in line.runs] for line in broken.lines]
    theirs = [[(piece.text.rstrip(" "), piece.operator) for piece in line] for line in engine]
    # The engine draws nothing where a space alone ends a line.
    ours = [[(text, operator) for text, operator in line if text] for line in ours]
    assert ours == [[(text, operator) for text, operator in line if text] for line in theirs]
    for line, pieces in zip(broken.lines, engine, strict=True):
        assert line.width == pytest.approx(sum(piece.width for piece in pieces), abs=0.001)
        places = [(x, piece.x) for (x, _), piece in zip(line.runs, pieces, strict=False)]
        assert all(abs(ours - theirs) < 0.001 for ours, theirs in places)


@pytest.mark.parametrize("points", SIZES[::2])
@pytest.mark.parametrize("name", FACES)
def test_lines_end_where_the_engine_ends_them(name: str, points: float) -> None:
    """Plain names, names held together, addresses; and names that the engine may break anywhere, of which little is
    certain, but what is, is right. In columns between three and fourteen times as wide as the type is high."""
    chance = random.Random(f"{name} {points}")
    odd = names(chance, 25, odd=True)
    groups = {
        "plain": [str(escape(text)) for text in names(chance, 20)],
        "held": [str(held(text)) for text in odd],
        "joined": [escape(" ".join(map(JOINER.join, text.split(" ")))) for text in odd],
        "address": [str(breakable(address)) for address in addresses(chance, 15)],
        "one piece": [str(breakable(address)).replace("<wbr>", ZERO_WIDTH) for address in addresses(chance, 15)],
        "anywhere": [str(escape(text)) for text in odd],
    }
    size = points * PX
    texts = [(text, round(size * chance.uniform(3, 14), 2)) for group in groups.values() for text in group]
    kinds = [kind for kind, group in groups.items() for _ in group]
    several, uncertain = Counter(), Counter()
    for kind, (text, width), engine in zip(kinds, texts, lay_out(texts, name, points), strict=True):
        broken = break_lines(face(name), boxes_of(text), size, width)
        uncertain[kind] += broken.uncertain
        if broken.fits and not broken.uncertain:
            agree(broken, engine, size)
            several[kind] += len(broken.lines) > 1
    assert min(several[kind] for kind in groups.keys() - {"anywhere"}) >= 3
    assert uncertain["plain"] <= 2
    assert uncertain["address"] <= 5


@pytest.mark.parametrize(
    "text",
    ["Wilkes-Barre College of Art", "The PET/CT College of Art", "College of Art — West End", "School No.5 of Art"],
)
def test_a_text_that_the_engine_may_break_within_words_is_uncertain(text: str) -> None:
    boxes = (Box(text),)
    width = break_lines(face(BOLD), boxes, 16, 1000).lines[0].width
    one = break_lines(face(BOLD), boxes, 16, width + 1)
    assert (len(one.lines), one.uncertain) == (1, False)
    assert break_lines(face(BOLD), boxes, 16, width * 0.7).uncertain


def test_a_space_before_a_closing_mark_ends_no_line() -> None:
    for text in ("College ! of Art", "College ( of Art", "College / of Art", "the ‘ (College"):
        assert break_lines(face(BOLD), (Box(text),), 16, 70).uncertain, text


def test_widths_that_only_hairs_tell_apart_are_uncertain() -> None:
    boxes = (Box("Fenbridge College"),)
    width = break_lines(face(BOLD), boxes, 16, 1000).lines[0].width
    for by, uncertain in ((-1 / 4096, False), (0, True), (1 / 4096, False), (-3, False)):
        assert break_lines(face(BOLD), boxes, 16, width + by).uncertain is uncertain, by


@pytest.mark.parametrize("name", list(FACES)[:2])
def test_what_is_certain_is_right_a_hair_beside_the_edge(name: str) -> None:
    """In columns that are wider or narrower than a line by a quarter of a 1024th of a pixel, two, and so on."""
    chance, size = random.Random(name), 10 * PX
    texts = []
    for text in (held(one) for one in names(chance, 12) if one.count(" ") > 1):
        line = break_lines(face(name), (Box(text.rpartition(" ")[0]),), size, 1000).lines[0].width
        texts += [(text, line + step / 4096) for step in range(-12, 13)]
    certain = 0
    laid_out = lay_out([(escape(text), width) for text, width in texts], name, 10)
    for (text, width), engine in zip(texts, laid_out, strict=True):
        broken = break_lines(face(name), (Box(text),), size, width)
        if not broken.uncertain:
            agree(broken, engine, size)
            certain += 1
    assert len(texts) > 100
    assert certain > 0.8 * len(texts)


def test_a_box_that_ends_with_a_space_wants_room_for_it() -> None:
    """The engine gives up the whole line there; see split_first_line of WeasyPrint."""
    boxes = boxes_of('Fenbridge College <span class="keep">A1-B2</span>')
    assert boxes == (Box("Fenbridge College "), Box("A1-B2", keep=True))
    width = break_lines(face(BOLD), (Box("Fenbridge College"),), 16, 1000).lines[0].width
    assert not break_lines(face(BOLD), boxes, 16, width - 3).uncertain
    assert break_lines(face(BOLD), boxes, 16, width + 1).uncertain
    roomy = break_lines(face(BOLD), boxes, 16, width + 5)
    assert not roomy.uncertain
    assert [[run.text for _, run in line.runs] for line in roomy.lines] == [["Fenbridge College "], ["A1-B2"]]


def test_a_word_too_wide_does_not_fit() -> None:
    broken = break_lines(face(BOLD), (Box("Llanfairbridge of Art"),), 16, 60)
    assert not broken.fits
    assert [[run.text for _, run in line.runs] for line in broken.lines] == [["Llanfairbridge"], ["of Art"]]
    assert broken.lines[0].width > 60


def test_what_does_not_wrap_stays_on_one_line() -> None:
    broken = break_lines(face(BOLD), (Box("3f2a-77b1 of"),), 16, 20, wraps=False)
    assert (len(broken.lines), broken.fits, broken.uncertain) == (1, False, False)


def test_what_the_face_lacks_is_uncertain() -> None:
    assert break_lines(face(BOLD), (Box("東京"),), 16, 1000).uncertain
    assert break_lines(face(BOLD), (Box("a\u0301"),), 16, 1000).uncertain


@pytest.mark.parametrize("text", [" College", "College ", "College  of Art", "College\nof Art"])
def test_spaces_that_html_leaves_out_are_uncertain(text: str) -> None:
    assert break_lines(face(BOLD), (Box(text),), 16, 1000).uncertain


def test_no_text_is_one_empty_line() -> None:
    assert break_lines(face(BOLD), (), 16, 100) == Broken((Line((), 0.0),), True, False)


def test_boxes_are_read_from_markup() -> None:
    markup = 'R&amp;D at <span class="keep">“B”</span> <span class="keep">&lt;i&gt;</span>'
    assert boxes_of(markup) == (Box("R&D at "), Box("“B”", keep=True), Box(" "), Box("<i>", keep=True))
    assert boxes_of("a.<wbr>b/<wbr>c") == (Box("a."), Box("\u200b"), Box("b/"), Box("\u200b"), Box("c"))
    assert boxes_of("") == ()
