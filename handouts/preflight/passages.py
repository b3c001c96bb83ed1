"""Tagged text with its place on paper: which lines each paragraph, heading or list item is printed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from handouts.preflight.ink import Char, Word, around
from handouts.preflight.rules import Box
from handouts.preflight.tags import Content, Element, Tags

# How far apart, in type sizes, base lines are that still belong to one printed line, cite marks included.
_SAME_LINE = 0.45


@dataclass(frozen=True)
class Line:
    """A printed line of one element; `page` counts from 1, `baseline` is its distance from the trim's upper edge."""

    page: int
    box: Box
    baseline: float
    size: float


@dataclass(frozen=True, eq=False)
class Passage:
    """The text that an element has of its own, its inline parts included, in the order in which the tags tell it."""

    element: Element
    lines: tuple[Line, ...]
    text: str

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def box(self) -> Box:
        """Around its lines on the first of its pages."""
        return around(line.box for line in self.lines if line.page == self.page)

    @cached_property
    def inside(self) -> frozenset[str]:
        """The tags of all elements that it stands in."""
        return frozenset(element.tag for element in self.element.above())


class Passages:
    """The tagged text of one PDF, from its tags and the words of each page."""

    def __init__(self, tags: Tags, pages: Iterable[Iterable[Word]]):
        self._tags = tags
        self._ink: dict[Content, list[tuple[int, Char]]] = {}
        for page, words in enumerate(pages, 1):
            for number, word in enumerate(words):
                for char in word.chars:
                    if char.run.mcid >= 0:
                        self._ink.setdefault(Content(page, char.run.mcid), []).append((number, char))

    @cached_property
    def all(self) -> tuple[Passage, ...]:
        """Every passage, in reading order."""
        found = (self._passage(element) for element in self._tags.elements if not element.inline)
        return tuple(passage for passage in found if passage)

    def text(self, element: Element) -> str:
        """Everything that is printed for an element and the elements below it."""
        return _text(self._signs(element.contents()))

    def box(self, element: Element) -> tuple[int, Box] | None:
        """The first page that an element's text stands on, and the box around it there."""
        signs = list(self._signs(element.contents()))
        if not signs:
            return None
        page = signs[0][0]
        return page, around(char.box for at, _, char in signs if at == page)

    def _passage(self, element: Element) -> Passage | None:
        signs = list(self._signs(_own(element)))
        return Passage(element, tuple(_lines(signs)), _text(signs)) if signs else None

    def _signs(self, contents: Iterable[Content]) -> Iterator[tuple[int, int, Char]]:
        """Page, number of the word on it, and character."""
        for content in contents:
            for number, char in self._ink.get(content, ()):
                yield content.page, number, char


def _own(element: Element) -> Iterator[Content]:
    """What is painted for an element and the inline ones in it; blocks below it have passages of their own."""
    waiting = list(reversed(element.kids))
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, Content):
            yield kid
        elif isinstance(kid, Element) and kid.inline:
            waiting += reversed(kid.kids)


def _text(signs: Iterable[tuple[int, int, Char]]) -> str:
    parts: list[str] = []
    last = None
    for page, word, char in signs:
        if last not in (None, (page, word)):
            parts.append(" ")
        parts.append(char.text)
        last = page, word
    return "".join(parts)


def _lines(signs: list[tuple[int, int, Char]]) -> Iterator[Line]:
    line: list[Char] = []
    page = 0
    for at, _, char in signs:
        if line:
            base = max(line, key=lambda one: one.size)
            near = abs(char.baseline - base.baseline) < _SAME_LINE * max(char.size, base.size)
            if at != page or not near:
                yield _line(page, line)
                line = []
        line.append(char)
        page = at
    if line:
        yield _line(page, line)


def _line(page: int, chars: list[Char]) -> Line:
    base = max(chars, key=lambda one: one.size)
    return Line(page, around(char.box for char in chars), base.baseline, base.size)
