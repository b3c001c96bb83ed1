"""Text set without the layout engine: glyphs, widths and the PDF's operator, just as the engine makes them.

*Why:* an edition changes a name and little else; with this, the name is set into a finished page in microseconds. What
cannot be told for certain is called uncertain, and never guessed: such an edition is laid out in full.

Lengths are CSS pixels (96 an inch), which is what the engine counts in; glyphs measure in a thousandth of the em.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Collection
from typing import NamedTuple

import uharfbuzz

# Pango, the engine's text library, counts in 1024ths of a pixel, and rounds each glyph to them.
_UNIT = 1024
# A place where a line may end, and one where it may not: no glyph is drawn.
ZERO_WIDTH, JOINER = "\u200b", "\u2060"
# A glyph that takes no place and leaves none; its number is Pango's.
_EMPTY = 0x0FFFFFFF

_FEATURES = {"kern": True}
# HarfBuzz's own words for a glyph, "28+645" or "28@0,-12+645#1": number, how far it is moved, advance, and a mark where
# what stands before it had a say in its shape or place.
_FLAGS = uharfbuzz.BufferSerializeFlags
_TOLD = _FLAGS.NO_GLYPH_NAMES | _FLAGS.NO_CLUSTERS | _FLAGS.GLYPH_FLAGS
_GLYPH = re.compile(r"(\d+)(?:@-?\d+,-?\d+)?(?:\+(-?\d+))?(?:#\d+)?")

# The characters that were compared with the engine: Latin letters, figures, the marks of running text.
_PROVEN = frozenset(
    chr(code)
    for codes in (range(0x20, 0x7F), range(0xA0, 0x180), range(0x218, 0x21C), range(0x1E80, 0x1E86))
    for code in codes
    if code not in (0xAD, 0x149)
) | frozenset("–—‘’‚“”„†‡•…‰′″‹›€№™−×" + ZERO_WIDTH + JOINER)


class Glyph(NamedTuple):
    """A glyph of a run: its number in the face, the text it stands for (empty for the second of two), and how much
    narrower or wider kerning makes it, in thousandths of the em."""

    id: int
    text: str
    kern: int


class _Keys(dict[str, tuple[int, int]]):
    """Glyphs, as number and kerning, by HarfBuzz's words for them. *Why words:* to ask for each value of each glyph
    takes five times as long as to shape the text."""

    def __init__(self, natural: Callable[[int], int]):
        self.natural = natural

    def __missing__(self, words: str) -> tuple[int, int]:
        found = _GLYPH.fullmatch(words)
        number, advance = int(found[1]), int(found[2] or 0)
        self[words] = key = (number, 0 if number == _EMPTY else advance - self.natural(number))
        return key


class _There(dict[str, bool]):
    """Whether a PDF has a glyph, by HarfBuzz's words for it."""

    def __init__(self, keys: _Keys, glyphs: Collection[int]):
        self.keys_of, self.glyphs = keys, frozenset(glyphs) | {_EMPTY}

    def __missing__(self, words: str) -> bool:
        self[words] = there = self.keys_of[words][0] in self.glyphs
        return there


class _Widths(dict[str, int]):
    """The width of each glyph, by HarfBuzz's words for it, at one size, in Pango's units."""

    def __init__(self, keys: _Keys, size: float):
        self.keys_of, self.natural = keys, keys.natural
        # Pango's size is a whole number of its units; HarfBuzz scales the em of 1000 to it with 16 binary places.
        self.scale = (int(size * _UNIT) << 16) // 1000

    def __missing__(self, words: str) -> int:
        number, kern = self.keys_of[words]
        # Advance and kerning are rounded each for itself.
        width = 0 if number == _EMPTY else self._rounded(self.natural(number)) + self._rounded(kern)
        self[words] = width
        return width

    def _rounded(self, length: int) -> int:
        return (length * self.scale + 32768) >> 16


class _Shown(dict[str, str]):
    """What each glyph is in the operator that shows text, at one size: its code, and a number that corrects the place
    of the next. The engine writes that number wherever its sum is not exactly zero, and cuts it instead of rounding."""

    def __init__(self, widths: _Widths, size: float):
        self.widths, self.size = widths, set_size(size)

    def __missing__(self, words: str) -> str:
        number, _ = self.widths.keys_of[words]
        if number == _EMPTY:
            shown = ">0.0<"
        else:
            kern = self.widths.natural(number) - self.widths[words] * 1000 * (1 / _UNIT) / self.size
            shown = f"{number:04x}>{int(kern)}<" if kern else f"{number:04x}"
        self[words] = shown
        return shown


def set_size(size: float) -> float:
    """The size in pixels that the engine sets for a size asked for; what its Tf operator names."""
    return int(size * _UNIT) / _UNIT


class Run:
    """A text in one face, shaped; of any size."""

    __slots__ = ("_clusters", "_face", "_told", "exact", "text")

    def __init__(self, face: Face, text: str, told: list[str], clusters: list[int], exact: bool):
        self._face, self.text, self._told, self._clusters = face, text, told, clusters
        # False where the face or the PDF lacks a glyph, or where the face moves a mark over its letter, which `show`
        # does not write; and where two spaces stand together, which in HTML are one.
        self.exact = exact

    @property
    def glyphs(self) -> tuple[Glyph, ...]:
        ends = [*self._clusters, len(self.text)][1:]
        parts = zip(map(self._face.keys.__getitem__, self._told), self._clusters, ends, strict=True)
        return tuple(Glyph(number, self.text[start:end], kern) for (number, kern), start, end in parts)

    def cut(self, start: int, end: int) -> Run | None:
        """The characters from `start` to `end` as a run of their own, as it comes out when it is shaped by itself; None
        where that cannot be told without doing so."""
        told, whole = self._told, len(self.text)
        if len(told) != whole or self._clusters != list(range(whole)):
            return None
        if (start > 0 and "#" in told[start]) or (end < whole and "#" in told[end]):
            return None
        return Run(self._face, self.text[start:end], told[start:end], self._clusters[: end - start], self.exact)

    def measure(self, size: float) -> float:
        """The width in pixels at a size in pixels, as the engine measures it."""
        return sum(map(self._face._at(size)[0].__getitem__, self._told)) / _UNIT

    def show(self, size: float) -> bytes:
        """The operator that shows the run, byte for byte as the engine writes it, for a composite font whose codes are
        the face's own glyph numbers."""
        shown = "<" + "".join(map(self._face._at(size)[1].__getitem__, self._told))
        return f"[{shown[:-1] if shown[-1] == '<' else shown + '>'}] TJ".encode()

    def edges(self, size: float) -> list[float]:
        """How far each character's left edge is from the run's, and last the width; in pixels."""
        widths = map(self._face._at(size)[0].__getitem__, self._told)
        if self._clusters == list(range(len(self.text))):
            return [x / _UNIT for x in itertools.accumulate(widths, initial=0)]
        edges, x, place = [], 0, 0
        for width, cluster in zip(widths, self._clusters, strict=True):
            edges += [x / _UNIT] * (cluster + 1 - place)
            place, x = cluster + 1, x + width
        return edges + [x / _UNIT] * (len(self.text) + 1 - place)


class Face:
    """A TrueType face of 1000 units, from the bytes of its file; raises ValueError for one of other units.

    `glyphs` are the numbers of those that the PDF has, where not all of them are there: a text with another is not
    exact.
    """

    def __init__(self, data: bytes, glyphs: Collection[int] | None = None):
        face = uharfbuzz.Face(data)
        if face.upem != 1000:
            raise ValueError(f"a face of {face.upem} units to the em; the engine's rounding is known for 1000")
        self._font = uharfbuzz.Font(face)
        self._natural = functools.cache(self._font.get_glyph_h_advance)
        self._mapped = {chr(code) for code in face.unicodes} | {ZERO_WIDTH, JOINER}
        self._known = _PROVEN & self._mapped
        self._widths: dict[str, int] = {ZERO_WIDTH: 0, JOINER: 0}
        self._buffer = uharfbuzz.Buffer()
        self.keys = _Keys(self._natural)
        self._there = None if glyphs is None else _There(self.keys, glyphs)
        # Bounded: a merge of a hundred thousand rows takes no more memory than one of a thousand.
        self.shape = functools.lru_cache(maxsize=64)(self._shape)
        self._at = functools.lru_cache(maxsize=64)(self._set)

    def has_no(self, text: str) -> str:
        """The characters, once each and in order, that the face has no glyph for: nobody can print them in it."""
        return "" if self._mapped.issuperset(text) else "".join(dict.fromkeys(c for c in text if c not in self._mapped))

    def about(self, text: str) -> float:
        """About how wide a text is, in em: without kerning and ligatures, and so quickly told."""
        widths = self._widths
        for sign in text:
            if sign not in widths:
                glyph = self._font.get_nominal_glyph(ord(sign))
                widths[sign] = self._natural(glyph) if glyph is not None else 1000
        return sum(map(widths.__getitem__, text)) / 1000

    def lacks(self, text: str) -> str:
        """The characters, once each and in order, that the face lacks or that the engine might set in another way.

        A text that lacks nothing is in composed form (NFC): accents that stand alone are not among the known.
        """
        return "" if self._known.issuperset(text) else "".join(dict.fromkeys(c for c in text if c not in self._known))

    def _set(self, size: float) -> tuple[_Widths, _Shown]:
        widths = _Widths(self.keys, size)
        return widths, _Shown(widths, size)

    def _shape(self, text: str, language: str = "en") -> Run:
        """The text as glyphs, with the kerning and ligatures that the engine applies by default."""
        if not text:
            return Run(self, "", [], [], True)
        buffer = self._buffer
        buffer.reset()
        buffer.add_str(text)
        buffer.direction, buffer.script, buffer.language = "ltr", "Latn", language
        buffer.invisible_glyph = _EMPTY
        uharfbuzz.shape(self._font, buffer, _FEATURES)
        told = buffer.serialize(self._font, flags=_TOLD)[1:-1]
        words = told.split("|")
        clusters = [info.cluster for info in buffer.glyph_infos]
        exact = "@" not in told and "  " not in text and not self.lacks(text)
        if self._there is not None:
            exact = exact and all(map(self._there.__getitem__, words))
        return Run(self, text, words, clusters, exact)
