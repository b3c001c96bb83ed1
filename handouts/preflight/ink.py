"""The nouns of a printed page: characters, words and pictures, with their places in points from the upper left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from handouts.preflight.rules import Box

_LONGEST_QUOTE, _MOST_QUOTED = 48, 6  # letters, words


class Matrix(NamedTuple):
    """A PDF transformation: x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, other: Matrix) -> Matrix:
        """This transformation followed by another."""
        a, b, c, d, e, f = other
        return Matrix(
            self.a * a + self.b * c,
            self.a * b + self.b * d,
            self.c * a + self.d * c,
            self.c * b + self.d * d,
            self.e * a + self.f * c + e,
            self.e * b + self.f * d + f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The upright box around a transformed one: least x, least y, most x, most y."""
        corners = [self.point(x, y) for x in (left, right) for y in (bottom, top)]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True)
class Run:
    """What the characters of one text object share.

    `color` is the fill as red, green, blue from 0 to 255; `mcid` numbers its marked content, -1 where it has none,
    and `artifact` says that it has none on purpose; `clip` is the box it may be seen in, None where nothing clips it.
    """

    font: str
    embedded: bool
    bold: bool
    color: tuple[int, int, int]
    alpha: int
    painted: bool
    mcid: int
    clip: Box | None
    artifact: bool = False


@dataclass(frozen=True)
class Char:
    """One printed character: `size` is its type size in points, `baseline` the height it stands on."""

    text: str
    box: Box
    size: float
    baseline: float
    run: Run
    unmapped: bool = False


@dataclass(frozen=True)
class Word:
    """Characters between spaces, as they follow each other in the file."""

    chars: tuple[Char, ...]

    @cached_property
    def text(self) -> str:
        return "".join(char.text for char in self.chars)

    @cached_property
    def box(self) -> Box:
        return around(char.box for char in self.chars)

    @cached_property
    def size(self) -> float:
        """The size of its largest letters, so that a cite mark at its end does not make it small."""
        return max(char.size for char in self.chars)


@dataclass(frozen=True)
class Picture:
    """A raster image as it is placed; `pixels` are its own width and height."""

    box: Box
    pixels: tuple[int, int]
    ppi: float


def around(boxes: Any) -> Box:
    """The box around boxes."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def overlap(one: Box, other: Box) -> Box:
    """What two boxes share; its edges are crossed over where they share nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def quoted(words: Iterable[Word]) -> str:
    """The first of some words, to be found again on the page: "Sources and more …"."""
    text, shown = "", list(words)
    for number, word in enumerate(shown):
        readable = "".join(sign if sign.isprintable() else "\ufffd" for sign in word.text)
        longer = f"{text} {readable}".strip()
        if len(longer) > _LONGEST_QUOTE:
            return f'"{text or longer[:_LONGEST_QUOTE]} …"'
        text = longer
        if number == _MOST_QUOTED - 1 and len(shown) > _MOST_QUOTED:
            return f'"{text} …"'
    return f'"{text}"'
