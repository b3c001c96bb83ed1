"""Whether words stand where they can be read: off the edge, not cut, not over each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handouts.color import ratio
from handouts.findings import Finding
from handouts.preflight.evidence import INCH, Page, Printed
from handouts.preflight.ink import Char, Word, around, overlap, quoted
from handouts.preflight.rules import Box, Rule
from handouts.profiles import SCREEN, Profile
from handouts.quantities import show_inches

SAFE_MARGIN = Rule("safe-margin", "warning", "any", "Words keep 0.25 in from the trim, or what a profile asks.")
FIT_CLIPPED = Rule("fit-clipped", "error", "any", "No words are cut off by the box that they stand in.")
FIT_OVERLAP = Rule("fit-overlap", "error", "any", "No words are printed over each other, or under a shape.")
FIT_OVERFLOW = Rule("fit-overflow", "error", "any", "No words run over the edge of the trimmed page.")

_SAFE, _UNSAFE = 0.25 * INCH, 0.125 * INCH
# Places in a PDF are rounded; less than this, in points, is nothing that could be seen.
_HAIR = 0.25
# A letter is cut where more than this share of its height or width is gone, and more than _HAIR of it.
_CUT = 0.1
# Letters are over each other where both directions share this much of the smaller one: tight lines touch by less.
_SHARED = 0.3
# The same letters again within this share of their size make a bold, or a shadow, and no overlap.
_SHADOW = 0.25
_FAINT, _GHOST_SIZE, _GHOST_RATIO = 128, 2.5, 3.0


def safe_margin(printed: Printed, profile: Profile = SCREEN) -> Iterator[Finding]:
    """Words near the edge of a page: a printer cannot reach it, and a cutter misses by a sixteenth of an inch.

    A profile may ask for more room, or for less.

    A line that runs over the edge comes near it first, and is told as that.
    """
    safe = _SAFE if profile.safe is None else profile.safe
    for page in printed.pages:
        beyond = {id(word) for line in page.lines if _over(page, line) for word in line}
        words = (word for word in page.visible if id(word) not in beyond)
        near = [(room, word) for word in words if -_HAIR <= (room := _room(page, word.box)) < safe - _HAIR]
        if near:
            least = max(0.0, min(room for room, _ in near))
            words = [word for _, word in near]
            yield SAFE_MARGIN.found(
                printed.file,
                f"{quoted(words)} {_stand(words)} {least / INCH:.2f} in from the edge of the page; "
                f"printers and cutters need {show_inches(safe)} in",
                "move the words inward, or make the margin wider",
                page=page.number,
                box=around(word.box for word in words),
                severity="error" if least < min(safe, _UNSAFE) - _HAIR else "warning",
            )


def fit_overflow(printed: Printed) -> Iterator[Finding]:
    """Words across the edge of the page, and words beyond it on a line that begins on the page.

    Words that lie wholly outside are a printer's slug, or what somebody cropped away: they are not told.
    """
    for page in printed.pages:
        if not any(_room(page, word.box) < -_HAIR for word in page.words):
            continue
        over = [word for line in page.lines for word in _over(page, line)]
        if over:
            most = max(-_room(page, word.box) for word in over)
            yield FIT_OVERFLOW.found(
                printed.file,
                f"{quoted(over)} {_run(over)} {most / INCH:.2f} in over the edge of the page and will be cut",
                "shorten the text, or give it more room",
                page=page.number,
                box=overlap(around(word.box for word in over), (0.0, 0.0, page.width, page.height)),
            )


def _over(page: Page, line: Sequence[Word]) -> list[Word]:
    """The words of a line that run over the edge, where some of the line is on the page."""
    trim = (0.0, 0.0, page.width, page.height)
    if all(_room(page, word.box) >= -_HAIR for word in line):
        return []
    on_page = any(_is_box(overlap(word.box, trim), _HAIR) for word in line)
    return [word for word in line if _room(page, word.box) < -_HAIR and not _hidden(word)] if on_page else []


def fit_clipped(printed: Printed) -> Iterator[Finding]:
    """Words that lose a part of their letters, or all of them, to the box that they may be seen in."""
    for page in printed.pages:
        trim = (0.0, 0.0, page.width, page.height)
        cut = [word for word in page.words if any(_is_cut(char, trim) for char in word.chars)]
        if cut:
            lost = sum(_hidden(word) for word in cut)
            how = "cannot be seen" if lost == len(cut) else "cannot be seen in full"
            yield FIT_CLIPPED.found(
                printed.file,
                f"{quoted(cut)} {how}: the box that the text stands in cuts it off",
                "shorten the text, or make its box larger",
                page=page.number,
                box=overlap(around(word.box for word in cut), trim),
            )


def fit_overlap(printed: Printed) -> Iterator[Finding]:
    """Words printed over other words. Words under a shape are found with their contrast."""
    for page in printed.pages:
        pairs = list(_overlapping(page.visible))
        if pairs:
            first, second = pairs[0]
            more = f", and {len(pairs) - 1} more such pairs" if len(pairs) > 1 else ""
            words = [word for pair in pairs for word in pair]
            yield FIT_OVERLAP.found(
                printed.file,
                f"{quoted([first])} and {quoted([second])} are printed over each other{more}",
                "shorten the text, or give one of them more room",
                page=page.number,
                box=around(word.box for word in words),
            )


def _overlapping(words: Iterable[Word]) -> Iterator[tuple[Word, Word]]:
    """Pairs of words of which letters lie over letters, found along the page from left to right."""
    ordered = sorted(words, key=lambda word: word.box[0])
    open_: list[Word] = []
    for word in ordered:
        left, top, _, bottom = word.box
        open_ = [other for other in open_ if other.box[2] > left]
        for other in open_:
            if other.box[1] < bottom and other.box[3] > top and _are_over(word, other):
                yield other, word
        open_.append(word)


def _are_over(one: Word, other: Word) -> bool:
    if _are_one(one, other) or _is_ghost(one, other):
        return False
    # Signs such as rules of underscores and accents of their own are meant to meet letters.
    letters = [char for char in other.chars if char.text.isalnum()]
    return any(
        _is_over(char.box, letter.box)
        for char in one.chars
        if char.text.isalnum()
        for letter in letters
        if char.box[0] < letter.box[2] and letter.box[0] < char.box[2]
    )


def _is_over(one: Box, other: Box) -> bool:
    left, top, right, bottom = overlap(one, other)
    width = min(one[2] - one[0], other[2] - other[0])
    height = min(one[3] - one[1], other[3] - other[1])
    return right - left > max(_HAIR, _SHARED * width) and bottom - top > max(_HAIR, _SHARED * height)


def _are_one(one: Word, other: Word) -> bool:
    """True of a word that is printed twice, to make it bold or give it a shadow."""
    near = _SHADOW * one.size
    return one.text == other.text and all(abs(a - b) < near for a, b in zip(one.box, other.box, strict=True))


def _is_ghost(one: Word, other: Word) -> bool:
    """True where one of them is a watermark: faint, or large and of quite another color."""
    first, second = one.chars[0].run, other.chars[0].run
    if min(first.alpha, second.alpha) < _FAINT:
        return True
    small, large = sorted((one.size, other.size))
    return large > _GHOST_SIZE * small and ratio(first.color, second.color) > _GHOST_RATIO


def _is_cut(char: Char, trim: Box) -> bool:
    clip = char.run.clip
    left, top, right, bottom = shown = overlap(char.box, trim)
    if clip is None or right <= left or bottom <= top:
        return False
    seen = overlap(shown, clip)
    lost_width = (right - left) - (seen[2] - seen[0])
    lost_height = (bottom - top) - (seen[3] - seen[1])
    return lost_width > max(_HAIR, _CUT * (right - left)) or lost_height > max(_HAIR, _CUT * (bottom - top))


def _hidden(word: Word) -> bool:
    """True of a word that its clipping leaves nothing of."""
    return not any(char.run.clip is None or _is_box(overlap(char.box, char.run.clip)) for char in word.chars)


def _is_box(box: Box, least: float = 0.0) -> bool:
    return box[2] - box[0] > least and box[3] - box[1] > least


def _room(page: Page, box: Box) -> float:
    """Points between a box and the nearest edge of the page, negative where it lies beyond."""
    return min(box[0], box[1], page.width - box[2], page.height - box[3])


def _stand(words: Sequence[Word]) -> str:
    return "stands" if len(words) == 1 else "stand"


def _run(words: Sequence[Word]) -> str:
    return "runs" if len(words) == 1 else "run"


ANY = (fit_overflow, fit_clipped, fit_overlap)
BY_PROFILE = (safe_margin,)
