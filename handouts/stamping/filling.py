"""Texts in the slots of a stack: the size at which all fit, and where each line comes to stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from handouts.slots import STEPS, Slot, Stack
from handouts.stamping.shaping import ZERO_WIDTH, Face, Run
from handouts.stamping.wrapping import Box, break_lines

# How near to the foot of its stack a text may come, in CSS pixels, before only the layout engine can tell.
_NEAR = 0.05
# What kerning may add to a rough sum of widths.
_ROUGH = 1.05
# How much narrower a text may become where a line ends, beside the space there, in em; and by rounding at another size.
_KERNED, _ROUNDED = 0.1, 0.01


class Set(NamedTuple):
    """A line of text in its place: its runs, each with the x of its first letter's base point, and their `y`; the `top`
    of the line, its `width` and its height `leading`. CSS pixels from the upper left corner of the page."""

    slot: Slot
    runs: tuple[tuple[float, Run], ...]
    left: float
    y: float
    top: float
    size: float
    width: float
    leading: float


class Misfit(NamedTuple):
    """Why texts cannot be set in a stack: the slot whose text does not fit, by about so many characters.

    `certain` is False where only the layout engine can tell.
    """

    slot: str
    characters: int = 0
    certain: bool = True


# Bounded, so that memory stays flat; many editions share an event, a town, a unit.
_broken = lru_cache(maxsize=64)(break_lines)


def fill(
    stack: Stack, texts: Mapping[str, Sequence[Box]], faces: Mapping[str, Face], language: str
) -> tuple[float, list[Set]] | Misfit:
    """The largest of the sizes at which texts fit in a stack, and their lines; a slot without a text takes no room."""
    present = [slot for slot in stack.slots if texts.get(slot.name)]

    @cache
    def least() -> dict[str, tuple[float, float]]:
        return {slot.name: _least(slot, texts[slot.name], faces[slot.face], language) for slot in present}

    worst = Misfit("")
    for step in STEPS:
        # Most texts fit at the first size, where the look beforehand would be in vain; the last tells what is too long.
        if STEPS[-1] < step < STEPS[0] and _surely_over(stack, present, least(), step):
            continue
        found = _set_at(step, stack, present, texts, faces, language)
        if isinstance(found, Misfit):
            if step == STEPS[0] and _surely_over(stack, present, least(), step):
                continue
            return found
        lines, bottom, wide = found
        over = bottom - (stack.top + stack.height)
        if not wide and over <= -_NEAR:
            return step, lines
        if not wide and over < _NEAR:
            return Misfit(present[-1].name, certain=False)
        worst = _worst(lines, wide, over, stack.width)
    return worst


def _set_at(
    step: float,
    stack: Stack,
    present: Sequence[Slot],
    texts: Mapping[str, Sequence[Box]],
    faces: Mapping[str, Face],
    language: str,
) -> tuple[list[Set], float, str] | Misfit:
    """The lines at a size, where the last of them ends, and the first slot with a word that is wider than its line."""
    lines: list[Set] = []
    bottom, margin = stack.top, 0.0
    wide = ""
    for slot in present:
        bottom += max(margin, slot.above * step)
        margin = slot.below * step
        size, leading = slot.size * step, slot.leading * step
        broken = _broken(faces[slot.face], texts[slot.name], size, stack.width, language)
        if broken.uncertain:
            return Misfit(slot.name, certain=False)
        for line in broken.lines:
            runs = tuple((stack.left + x, run) for x, run in line.runs)
            y = bottom + slot.baseline * step
            lines.append(Set(slot, runs, stack.left, y, bottom, size, line.width, leading))
            bottom += leading
        if not broken.fits and not wide:
            wide = slot.name
    return lines, bottom, wide


def surely_fits(stack: Stack, texts: Mapping[str, Sequence[Box]], faces: Mapping[str, Face]) -> bool:
    """Whether texts fit in a stack at their smallest size beyond doubt, by a rough sum: most do, and need no more."""
    bottom, step = 0.0, STEPS[-1]
    for slot in stack.slots:
        boxes = texts.get(slot.name)
        if boxes:
            text, face = "".join(box.text for box in boxes), faces[slot.face]
            room, whole, lines = stack.width / (slot.size * step * _ROUGH), face.about(text), 1
            if whole > room:
                # Every line but the last is filled so far that the next word does not fit in it.
                least = room - max(map(face.about, text.replace(ZERO_WIDTH, " ").split(" ")))
                if least <= 0:
                    return False
                lines = int(whole / least) + 1
            bottom += (slot.above + lines * slot.leading + slot.below) * step
    return bottom < stack.height


def _surely_over(
    stack: Stack, present: Sequence[Slot], least: Mapping[str, tuple[float, float]], step: float
) -> bool:
    """Whether texts do not fit at a size beyond doubt: each is at least so wide, and loses so much where a line ends;
    in em."""
    bottom = 0.0
    for slot in present:
        (whole, lost), size = least[slot.name], slot.size * step
        lines = -(-(whole + lost) * size // (stack.width + lost * size))
        bottom += max(1.0, lines) * slot.leading * step
    return bottom > stack.height + _NEAR


def _least(slot: Slot, boxes: Sequence[Box], face: Face, language: str) -> tuple[float, float]:
    """How wide a text is at the least on one line, and how much of that goes where a line ends; in em."""
    whole = sum(face.shape(box.text, language).measure(slot.size) for box in boxes) / slot.size
    spaced = any(" " in box.text for box in boxes)
    return whole - _ROUNDED, _KERNED + (face.about(" ") if spaced else 0.0)


def _worst(lines: Sequence[Set], wide: str, over: float, width: float) -> Misfit:
    """What does not fit: a word that is wider than a line, or too many lines; then those of the longest text."""
    if wide:
        long = max((line for line in lines if line.slot.name == wide), key=lambda line: line.width)
        return Misfit(wide, math.ceil(_length(long) * (1 - width / long.width)))
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.slot.name] = counts.get(line.slot.name, 0) + _length(line)
    longest = max(counts, key=lambda name: counts[name])
    leading = next(line.leading for line in lines if line.slot.name == longest)
    missing = -(-over // leading)
    whole = sum(line.slot.name == longest for line in lines)
    return Misfit(longest, max(1, round(counts[longest] * min(1.0, missing / whole))))


def _length(line: Set) -> int:
    return sum(len(run.text) for _, run in line.runs)
