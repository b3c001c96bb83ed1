"""Where the layout engine ends the lines of a text, told without it.

The engine fills a line as far as words go; only, it does not measure them in one way. What hangs on that, and what a
text holds that it might break elsewhere, is called uncertain and never guessed.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from handouts.stamping.shaping import JOINER, ZERO_WIDTH, Face, Run

_BREAKS = " " + ZERO_WIDTH
# The engine counts in 1024ths of a pixel, as widths are measured here, and cuts the room to them: what fits is a matter
# of whole numbers, and only rooms nearer to one than this, in pixels, may be cut to another.
_NEAR = 1e-5
# How much wider or narrower a letter may become beside a space, in em.
_BESIDE_A_SPACE = 0.1

# Where UAX 14 keeps a space from ending a line: https://www.unicode.org/reports/tr14/ (rules 13 to 17).
_OPENS = frozenset("([{¡¿‚„")
_CLOSES = frozenset("!),./:;?]}⁄—")
_QUOTES = frozenset("\"'«»‘’“”‹›")
# A word that holds together: of plain characters, where a stop or comma may end a line before a figure; or joined.
_WHOLE = re.compile(
    rf"(?:\w|[&@#=*~'’·•™©®\u00a0]|[.,](?!\d)|(?<=\d)[.,](?=\d))*[/?-]?[/?.]*|[^{JOINER}](?:{JOINER}[^{JOINER}])*"
)
_BREAK = re.compile(f"[{_BREAKS}]")
_TAG = re.compile(r'(<span class="keep">.*?</span>|<wbr>)')


class Box(NamedTuple):
    """A text that the engine shapes by itself; one that is kept has no line end inside."""

    text: str
    keep: bool = False


class Line(NamedTuple):
    """A printed line: its runs, each with its distance from the left edge, and its width; all in pixels."""

    runs: tuple[tuple[float, Run], ...]
    width: float


class Broken(NamedTuple):
    """A text in lines. Uncertain: the engine may end the lines elsewhere, or set something in another way."""

    lines: tuple[Line, ...]
    fits: bool
    uncertain: bool


def boxes_of(markup: str) -> tuple[Box, ...]:
    """The boxes of a text in HTML whose only tags are spans of class "keep", and <wbr> where it may break."""
    boxes = []
    for part in _TAG.split(markup):
        if part == "<wbr>":
            boxes.append(Box(ZERO_WIDTH))
        elif part.startswith("<span"):
            boxes.append(Box(html.unescape(part[len('<span class="keep">') : -len("</span>")]), keep=True))
        elif part:
            boxes.append(Box(html.unescape(part)))
    return tuple(boxes)


def break_lines(
    face: Face, boxes: Sequence[Box], size: float, width: float, language: str = "en", *, wraps: bool = True
) -> Broken:
    """The lines of a text, left-aligned, each filled as far as words go, at a size within a width, in pixels.

    Lines end at spaces and at zero width spaces; with `wraps` False all stays on one line. A word too wide for the line
    runs over, and `fits` is False. Spaces that HTML leaves out, of two together or first or last, make it uncertain.
    """
    runs, x = [], 0.0
    for box in boxes:
        run = face.shape(box.text, language)
        runs.append((x, run))
        x += run.measure(size)
    ends = boxes[0].text[:1] + boxes[-1].text[-1:] if boxes else ""
    exact = " " not in ends and all(run.exact for _, run in runs)
    if x <= width or not wraps:
        near = wraps and x > width - _NEAR
        return Broken((Line(tuple(runs), x),), x <= width, near or not exact)
    passage = _Passage(face, boxes, [run for _, run in runs], size, width, language)
    chances = passage.chances()
    uncertain = not (exact and passage.is_settled(chances)) or x < width + _NEAR
    lines: list[Line] = []
    fits = True
    start = end = 0
    for chance in chances:
        if not passage.holds(start, chance):
            if end > start:
                lines.append(passage.line(start, end))
                start = end
            fits = fits and passage.holds(start, chance)
        end = chance
    lines.append(passage.line(start, end))
    return Broken(tuple(lines), fits, uncertain or passage.close)


class _Passage:
    """Boxes as one text, of which any stretch can be set as a line of a width. `runs` are the boxes, shaped."""

    def __init__(
        self, face: Face, boxes: Sequence[Box], runs: Sequence[Run], size: float, width: float, language: str
    ):
        self.face, self.size, self.width, self.language = face, size, width, language
        self.boxes, self.runs = boxes, runs
        self.text = "".join(box.text for box in boxes)
        self.starts = [0, *itertools.accumulate(len(box.text) for box in boxes)]
        # How far each character stands from the left edge, on one line, and last the whole width.
        self.edges = [0.0]
        for run in runs:
            start = self.edges.pop()
            self.edges += [start + x for x in run.edges(size)]
        self.space = face.shape(" ", language).measure(size)
        self.close = False  # whether it was a matter of hairs if a line holds

    def chances(self) -> list[int]:
        """Where a line may end: behind a space or a zero width space that is not kept, and at the end."""
        behind = [
            start + found.end()
            for start, box in zip(self.starts, self.boxes, strict=False)
            if not box.keep
            for found in _BREAK.finditer(box.text)
        ]
        return behind if behind and behind[-1] == len(self.text) else [*behind, len(self.text)]

    def is_settled(self, chances: Sequence[int]) -> bool:
        """Whether the engine breaks the text at each of the chances and nowhere else."""
        for chance in chances[:-1]:
            before, at, behind = self.text[max(chance - 2, 0) : chance + 1].rjust(3)
            if at == " " and (before in _OPENS or behind in _CLOSES or (before in _QUOTES and behind in _OPENS)):
                return False
        for start in self.starts[1:-1]:
            if self.text[start - 1] not in _BREAKS and self.text[start] not in _BREAKS:
                return False
        return all(box.keep or all(map(_WHOLE.fullmatch, _BREAK.split(box.text))) for box in self.boxes)

    def line(self, start: int, end: int) -> Line:
        """A stretch of the text as one line, without the spaces at its ends."""
        first, last = self._trimmed(start, end)
        runs, x = [], 0.0
        for box, (opens, closes) in zip(self.runs, itertools.pairwise(self.starts), strict=True):
            begin, stop = max(first, opens), min(last, closes)
            if begin < stop:
                part = self.text[begin:stop]
                run = box.cut(begin - opens, stop - opens) or self.face.shape(part, self.language)
                width = run.measure(self.size)
                if closes == end and last < end:
                    # Where a box ends with a space, the engine measures the line without it, and draws it.
                    run = self.face.shape(part + " ", self.language)
                runs.append((x, run))
                x += width
        return Line(tuple(runs), x)

    def holds(self, start: int, end: int) -> bool:
        """Whether a stretch of the text is no wider than the line; sets `close` where that hangs on how it is measured.

        The engine measures a word sometimes alone and sometimes with the space after it, which kerns; and where a box
        ends with a space, it wants room for that too.
        """
        first, last = self._trimmed(start, end)
        found = self.edges[last] - self.edges[first]
        beside = _BESIDE_A_SPACE * self.size
        hangs = self.space if last < end < len(self.text) and end in self.starts else 0
        if not self.width - beside - hangs < found < self.width + beside:
            return found <= self.width
        alone = self.line(start, end).width
        widths = (found, alone, alone + hangs)
        self.close = self.close or any(abs(width - self.width) < _NEAR for width in widths)
        self.close = self.close or len({width <= self.width for width in widths}) > 1
        return alone <= self.width

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The stretch without the spaces at its ends."""
        while start < end and self.text[end - 1] == " ":
            end -= 1
        while start < end and self.text[start] == " ":
            start += 1
        return start, end
