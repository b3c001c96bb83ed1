"""Whether words can be told from what lies behind them, in color and as a copier's grey."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from PIL import Image, ImageChops

from handouts.color import Color, grey, luminance, mixed, named, nearest, ratio
from handouts.findings import Finding
from handouts.preflight.evidence import INCH, Page, Printed
from handouts.preflight.ink import Char, Word, around, overlap, quoted
from handouts.preflight.placement import FIT_OVERLAP
from handouts.preflight.rules import Box, Rule

CONTRAST = Rule("contrast", "error", "any", "Words have a contrast of 4.5:1 to what is behind them; 3:1 where large.")
CONTRAST_GREY = Rule("contrast-grey", "warning", "any", "Words keep that contrast when a copier makes them grey.")

_NEEDED, _NEEDED_LARGE = 4.5, 3.0
_LARGE, _LARGE_BOLD = 18.0, 14.0
_SLACK = 0.01  # colors are whole steps of 256, and contrast a division of two of them
_DPI, _CLOSE_DPI = 144, 600
# A letter is judged on the ground that this share of it stands on at least: a rule across it takes less.
_SHARE = 0.4
# Steps of 255 in a channel: less of a difference between ink and ground says nothing of how much of the ink is there.
_TELLING = 24
# Shares of its ink that a word shows. Below the first, look closer: thin strokes leave no pixel whole. Below the
# second, something is over it. Above the last, its ink is a pattern, or blended, and not what the file says.
_FULL, _HIDDEN, _TOO_MUCH = 0.8, 0.03, 1.2
_ALIKE, _TOO_FEW, _DOT = 0.8, 3, 0.15
_VISIBLE = 1.5  # a contrast that could be seen, were nothing over it
# Grounds of one color, as people see it: a gradient is one ground.
_SAME_GROUND = 40
_SHADOW = 0.25
_SLIVER = 0.3  # points; what the edge of the page leaves of a letter may be less than a pixel


@dataclass(frozen=True)
class _Piece:
    """Letters of one word in one ink; `needed` is the contrast that their size asks for."""

    word: Word
    chars: tuple[Char, ...]
    box: Box
    needed: float

    @property
    def ink(self) -> Color:
        return self.chars[0].run.color


@dataclass(frozen=True)
class _Seen:
    """A piece as it is printed: what it is painted with, what it stands on, and the contrast of the two."""

    piece: _Piece
    ink: Color
    ground: Color

    @property
    def color(self) -> float:
        return ratio(self.ink, self.ground)

    @property
    def grey(self) -> float:
        return ratio(grey(self.ink), grey(self.ground))


def contrast(printed: Printed) -> Iterator[Finding]:
    """Words too pale or too dark for what is behind them, and words that a shape hides.

    *Why words are looked at in pixels too:* a group may be transparent as a whole, or veiled, or covered, and the color
    of its letters does not say so.
    """
    layered = "/OCProperties" in printed.pdf.Root
    for page in printed.pages:
        seen: list[_Seen] = []
        hidden: list[_Piece] = []
        for one in _look(page):
            (hidden if isinstance(one, _Piece) else seen).append(one)
        low = [one for one in seen if one.color < one.piece.needed - _SLACK]
        for group in _groups(low):
            yield _found(CONTRAST, printed, page, group)
        pale = [one for one in seen if one.color >= one.piece.needed - _SLACK > one.grey]
        for group in _groups(pale):
            yield _found(CONTRAST_GREY, printed, page, group)
        # A layer that is switched off is no fault, and a scan lies over the words that were read from it.
        hidden = [] if layered else [one for one in hidden if not _in_picture(page, one.box)]
        if hidden:
            yield FIT_OVERLAP.found(
                printed.file,
                f"{quoted(one.word for one in hidden)} cannot be seen: a shape is printed over it",
                "move the shape or the words, or take the words out",
                page=page.number,
                box=around(one.box for one in hidden),
            )


def _look(page: Page) -> Iterator[_Seen | _Piece]:
    """Every piece of a page as it is seen, or the bare piece where it is hidden."""
    pieces = list(_pieces(page))
    if not pieces:
        return
    dpi = page.fine(_DPI)
    behind = page.background(dpi)
    change = ImageChops.difference(behind, page.raster(dpi))
    shown = [_strength(piece, behind, change, dpi) for piece in pieces]
    whole = _Whole(page)
    for piece, strength in zip(pieces, shown, strict=True):
        ground, alpha = _ground(piece, behind, dpi), piece.chars[0].run.alpha / 255
        if strength < _FULL * alpha:
            strength = whole.strength(piece, strength)
            if strength < _HIDDEN and ratio(piece.ink, ground) > _VISIBLE:
                yield piece
                continue
            alpha = strength if strength < _FULL * alpha else alpha
        if strength < _TOO_MUCH:
            yield _Seen(piece, mixed(ground, piece.ink, min(1.0, alpha)), ground)


class _Whole:
    """A closer look at the words whose thin strokes leave no pixel whole.

    One look serves all words of a type that show as much: a page of thin letters is not drawn again for each.
    """

    def __init__(self, page: Page):
        self.page = page
        self.least: dict[tuple[object, ...], float] = {}

    def strength(self, piece: _Piece, shown: float) -> float:
        """How much of its ink a piece shows, `shown` of it being seen from afar."""
        first = piece.chars[0]
        kind = first.run.font, first.size, first.run.color, first.run.alpha
        alpha = first.run.alpha / 255
        # A dot or a dash shows little from afar, whatever it is printed with.
        letters = sum(char.text.isalnum() for char in piece.chars)
        if shown > self.least.get(kind, 1.0) * _ALIKE or (letters < _TOO_FEW and shown > _DOT * alpha):
            return alpha
        closer = _closer(self.page, piece)
        if closer >= _FULL * alpha and letters >= _TOO_FEW:
            self.least[kind] = min(shown, self.least.get(kind, 1.0))
        return closer


def _pieces(page: Page) -> Iterator[_Piece]:
    """The words that can be seen, by ink and size, without the shadows that others of them throw."""
    trim = (0.0, 0.0, page.width, page.height)
    words = page.visible
    places: dict[tuple[str, int, int], list[int]] = {}
    for number, word in enumerate(words):
        places.setdefault((word.text, *_cell(word)), []).append(number)
    for number, word in enumerate(words):
        x, y = _cell(word)
        around_it = ((word.text, x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1))
        if any(other > number and _is_twin(word, words[other]) for one in around_it for other in places.get(one, ())):
            continue
        for _, chars in groupby(word.chars, key=lambda char: (id(char.run), char.size)):
            letters = tuple(chars)
            box = overlap(around(char.box for char in letters), letters[0].run.clip or trim)
            box = overlap(box, trim)
            if min(box[2] - box[0], box[3] - box[1]) > _SLIVER:
                yield _Piece(word, letters, box, _asked(letters[0]))


def _cell(word: Word) -> tuple[int, int]:
    """The square of a grid that a word begins in: its shadow begins in it, or in one beside it."""
    side = max(1.0, 2 * _SHADOW * word.size)
    return int(word.box[0] // side), int(word.box[1] // side)


def _is_twin(word: Word, other: Word) -> bool:
    """True where the same word is printed again, and only a little beside."""
    return all(abs(a - b) < _SHADOW * word.size for a, b in zip(word.box, other.box, strict=True))


def _asked(char: Char) -> float:
    large = char.size >= _LARGE - 0.05 or (char.run.bold and char.size >= _LARGE_BOLD - 0.05)
    return _NEEDED_LARGE if large else _NEEDED


def _strength(piece: _Piece, behind: Image.Image, change: Image.Image, dpi: float) -> float:
    """How much of its ink a piece shows, 0 to 1: the pixel that it changes most, against what its color would do."""
    box = _pixels(piece.box, dpi, behind)
    lows_and_highs, changes = behind.crop(box).getextrema(), change.crop(box).getextrema()
    expected, most = max(
        (max(abs(ink - low), abs(ink - high)), most)
        for ink, (low, high), (_, most) in zip(piece.ink, lows_and_highs, changes, strict=True)
    )
    if expected >= _TELLING:
        return most / expected
    return piece.chars[0].run.alpha / 255 if most < 2 * _TELLING else math.inf


def _closer(page: Page, piece: _Piece) -> float:
    left, top, right, bottom = piece.box
    # Enough of it: a part of a word tells as much as all of it, and a headline's would be large.
    box = left, top, min(right, left + 4 * piece.chars[0].size), bottom
    behind = page.background(_CLOSE_DPI, box=box)
    change = ImageChops.difference(behind, page.raster(_CLOSE_DPI, box=box))
    return _strength(replace(piece, box=(0.0, 0.0, box[2] - left, bottom - top)), behind, change, _CLOSE_DPI)


def _ground(piece: _Piece, behind: Image.Image, dpi: float) -> Color:
    """The color that a piece is worst seen on; the one behind two fifths of one of its letters."""
    colors = behind.crop(_pixels(piece.box, dpi, behind)).getcolors(1)
    if colors:
        return colors[0][1]
    letters = [char for char in piece.chars if char.text.isalnum()] or piece.chars
    grounds = (_worst(behind.crop(_pixels(char.box, dpi, behind)), piece.ink) for char in letters)
    return min(grounds, key=lambda ground: ratio(piece.ink, ground))


def _worst(image: Image.Image, ink: Color) -> Color:
    colors = sorted(image.getcolors(image.width * image.height), key=lambda one: ratio(ink, one[1]))
    wanted = _SHARE * image.width * image.height
    return next(color for count, color in colors if (wanted := wanted - count) <= 0)


def _pixels(box: Box, dpi: float, image: Image.Image) -> tuple[int, int, int, int]:
    """The pixels that lie wholly in a box, or the one in its middle; always within the image."""
    scale = dpi / INCH
    left, right = _span(box[0] * scale, box[2] * scale, image.width)
    top, bottom = _span(box[1] * scale, box[3] * scale, image.height)
    return left, top, right, bottom


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    first, last = math.ceil(low), math.floor(high)
    if first >= last:
        first = math.floor((low + high) / 2)
        last = first + 1
    first = min(max(first, 0), size - 1)
    return first, min(max(last, first + 1), size)


def _in_picture(page: Page, box: Box) -> bool:
    return any(
        one.box[0] <= box[0] and one.box[1] <= box[1] and one.box[2] >= box[2] and one.box[3] >= box[3]
        for one in page.pictures
    )


def _groups(pieces: Iterable[_Seen]) -> Iterator[list[_Seen]]:
    """Pieces by ink, size class and ground, the worst of each group first. A gradient is one ground."""
    groups: list[list[_Seen]] = []
    for one in sorted(pieces, key=lambda one: one.color):
        for group in groups:
            first = group[0]
            if (one.piece.ink, one.piece.needed) == (first.piece.ink, first.piece.needed) and _are_near(one, first):
                group.append(one)
                break
        else:
            groups.append([one])
    yield from groups


def _are_near(one: _Seen, other: _Seen) -> bool:
    grounds = zip(one.ground, other.ground, strict=True)
    return one.ink == other.ink or all(abs(a - b) < _SAME_GROUND for a, b in grounds)


def _found(rule: Rule, printed: Printed, page: Page, group: list[_Seen]) -> Finding:
    worst, copied = group[0], rule is CONTRAST_GREY
    ink, ground = (grey(worst.ink), grey(worst.ground)) if copied else (worst.ink, worst.ground)
    # Rounded down: "4.5:1, needs 4.5:1" would puzzle.
    measured = math.floor(ratio(ink, ground) * 10) / 10
    words = quoted(one.word for one in _in_order(group))
    subject = f"copied in grey, {words} has" if copied else f"{words} is {named(ink)} on {named(ground)}:"
    better = nearest(worst.ink, worst.ground, worst.piece.needed)
    way = "darker" if luminance(better) < luminance(worst.ink) else "lighter"
    return rule.found(
        printed.file,
        f"{subject} contrast {measured:.1f}:1, needs {worst.piece.needed:g}:1",
        f"print the words {way}, in {named(better)}, or change what is behind them",
        page=page.number,
        box=around(one.piece.box for one in group),
    )


def _in_order(group: Iterable[_Seen]) -> list[_Piece]:
    """The pieces line by line from the top of the page, one for each word."""
    ordered = sorted((one.piece for one in group), key=lambda piece: (round(piece.chars[0].baseline), piece.box[0]))
    return list({id(piece.word): piece for piece in ordered}.values())


ANY = (contrast,)
