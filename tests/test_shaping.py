"""Glyphs, widths and operators: as the layout engine makes them, without it."""

from __future__ import annotations

import io
import random
from html import escape

import pytest
from engine import FACES, PX, SIZES, face, lay_out, names
from fontTools.ttLib import TTFont

from handouts.project import font_files
from handouts.stamping.shaping import JOINER, ZERO_WIDTH, Face, set_size

REGULAR = "SourceSansPro-Regular.ttf"


@pytest.mark.parametrize("name", FACES)
@pytest.mark.parametrize("points", SIZES[1::2])
def test_a_text_is_set_as_the_engine_sets_it(name: str, points: float) -> None:
    """Glyphs, kerning, ligatures and the rounding of each: the operators are the same bytes, the widths the same."""
    texts = names(random.Random(f"{name} {points}"), 30, odd=True)
    assert sum(map(len, texts)) > 600
    for text, ((piece,),) in zip(texts, lay_out([(escape(t), 2000) for t in texts], name, points), strict=True):
        run = face(name).shape(text)
        assert not face(name).lacks(text)
        assert run.exact
        assert run.measure(points * PX) == pytest.approx(piece.width, abs=1e-9), text
        assert run.show(points * PX).decode() == piece.operator, text


@pytest.mark.parametrize("name", FACES)
def test_every_character_is_set_as_the_engine_sets_it(name: str) -> None:
    """Beside a letter, a figure, a space, and beside itself."""
    known = sorted(face(name)._known - {" ", ZERO_WIDTH, JOINER})
    assert len(known) > 300
    texts = [f"a{sign}a{sign}{sign} {sign} T{sign}1{sign}V" for sign in known]
    for text, ((piece,),) in zip(texts, lay_out([(escape(t), 2000) for t in texts], name, 10), strict=True):
        run = face(name).shape(text)
        assert (run.show(10 * PX).decode(), run.measure(10 * PX)) == (piece.operator, piece.width), text
        assert run.exact, text


def test_kerning_and_ligatures_are_applied() -> None:
    run = face(REGULAR).shape("AVo office")
    assert [glyph.kern for glyph in run.glyphs[:2]] != [0, 0]
    assert "ff" in [glyph.text for glyph in run.glyphs]
    assert "".join(glyph.text for glyph in run.glyphs) == run.text


def test_what_a_face_lacks_is_told() -> None:
    assert face(REGULAR).lacks("Łódź & Peña – “West”") == ""
    assert face(REGULAR).lacks("東 Hall 京東") == "東京"
    # Not NFC, controls, other directions, a soft hyphen: the face may have them, but they may be set otherwise.
    for sign in ("\u0301", "\n", "\t", "\u00ad", "ا", "\u202e", "😀", "Ж"):
        assert face(REGULAR).lacks(f"a{sign}b") == sign


@pytest.mark.parametrize("sign", [ZERO_WIDTH, JOINER])
def test_a_place_to_break_or_to_join_shows_nothing(sign: str) -> None:
    text = f"Wilkes{sign}-{sign}Barre T{sign}o"
    (((piece,),),) = lay_out([(text, 2000)], REGULAR, 10)
    run = face(REGULAR).shape(text)
    assert run.show(10 * PX).decode() == piece.operator
    assert run.measure(10 * PX) == piece.width


def test_an_empty_text_is_an_empty_run() -> None:
    run = face(REGULAR).shape("")
    assert (run.measure(10), run.glyphs, run.edges(10)) == (0, (), [0])


def test_the_edges_of_characters_are_those_of_their_glyphs() -> None:
    run = face(REGULAR).shape("Wafflesoft ffi AV")
    edges = run.edges(12)
    assert len(edges) == len(run.text) + 1
    assert edges == sorted(edges)
    assert edges[0] == 0
    assert edges[-1] == run.measure(12)
    # Up to a space, which kerns with no letter here, an edge is the width of the text before it.
    assert edges[10] == pytest.approx(face(REGULAR).shape("Wafflesoft").measure(12))


@pytest.mark.parametrize("name", FACES)
def test_a_part_that_is_cut_out_is_as_if_it_were_shaped_alone(name: str) -> None:
    chance, cut, told = random.Random(7), 0, 0
    odd = ("AV. To Yale, Wye & Fjord", "office of ffi", f"example.org/{ZERO_WIDTH}av-{ZERO_WIDTH}to")
    for text in (*names(chance, 60), *odd):
        run = face(name).shape(text)
        for _ in range(12):
            start = chance.randrange(len(text))
            end = chance.randrange(start + 1, len(text) + 1)
            told += 1
            if part := run.cut(start, end):
                cut += 1
                alone = face(name).shape(text[start:end])
                assert (part.text, part.show(11), part.measure(11)) == (alone.text, alone.show(11), alone.measure(11))
                assert (part.edges(11), part.glyphs) == (alone.edges(11), alone.glyphs)
    assert told / 10 < cut < told


def test_a_ligature_is_not_cut() -> None:
    run = face(REGULAR).shape("to office")
    assert run.cut(5, 9) is None


def test_a_size_is_cut_to_what_the_engine_can_set() -> None:
    assert set_size(16) == 16
    assert set_size(10 * PX) == 13653 / 1024


def test_memory_is_bounded() -> None:
    own = Face(font_files()[REGULAR].read_bytes())
    for number in range(5000):
        own.shape(f"name {number}")
    assert own.shape.cache_info().currsize == own.shape.cache_info().maxsize < 5000


def test_a_glyph_that_the_file_has_not_is_not_exact() -> None:
    data = font_files()[REGULAR].read_bytes()
    office = Face(data).shape("of it")
    few = Face(data, [glyph.id for glyph in office.glyphs])
    assert few.shape(f"it{JOINER} of").exact
    assert not few.shape("office").exact  # its ligature
    assert not few.shape("on").exact


def test_a_face_of_other_units_is_refused() -> None:
    font = TTFont(font_files()[REGULAR])
    font["head"].unitsPerEm = 2048
    font.save(data := io.BytesIO())
    with pytest.raises(ValueError, match="2048 units"):
        Face(data.getvalue())
