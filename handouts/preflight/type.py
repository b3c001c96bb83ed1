"""Whether the type is large enough to read on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from handouts.findings import Finding
from handouts.preflight.evidence import Page, Printed
from handouts.preflight.ink import Char, Word, around, quoted
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule

TYPE_SMALL = Rule("type-small", "warning", "any", "Type has 8 points or more, and small raised figures 5.5.")
TYPE_PROFILE = Rule("type-profile", "error", "ours", "Where a profile says how large type is, none is smaller.")

_SMALL, _TINY, _RAISED = 8.0, 6.0, 5.5
_SLACK = 0.05  # 8 points are 7.996 after the pixels of a style sheet
# A raised figure is smaller than its neighbor by this factor, and stands off its line by this share of its size.
_SMALLER, _OFF = 0.9, 0.1
# What is smaller still than this share is no figure of that neighbor: a line above a headline stands as high as one.
_SMALLEST = 0.3
_BESIDE = 0.6  # of the neighbor's size: a space and a little
# A font without a name is drawn letter by letter, in units of its own: its size may say nothing.
_NAMELESS = 4.0
_SAME_SIZE = 0.1


def type_small(printed: Printed) -> Iterator[Finding]:
    """Words in small type: one finding a page and size."""
    for page in printed.pages:
        small: dict[float, list[Word]] = {}
        for word in page.visible:
            for size in _small(word, page.visible):
                small.setdefault(size, []).append(word)
        for size, words in _merged(small):
            yield _found(printed, page, size, words)


def type_profile(product: Product) -> Iterator[Finding]:
    """Words under the smallest size of the profile: one finding a page and size. Raised figures are read like any."""
    smallest = product.material.profile.smallest
    if smallest is None:
        return
    for page in product.printed.pages:
        small: dict[float, list[Word]] = {}
        for word in page.visible:
            for size in {round(char.size, 1) for char in word.chars if char.size < smallest - _SLACK}:
                small.setdefault(size, []).append(word)
        for size, words in _merged(small):
            needed = f"{product.material.profile.title} it needs {smallest:g} pt"
            message = f"{quoted(words)} is set in {size:g} pt; {needed}"
            hint = f"set it in {smallest:g} pt or larger, in the style sheets of the profile"
            box = around(word.box for word in words)
            yield TYPE_PROFILE.found(product.printed.file, message, hint, page=page.number, box=box)


def _small(word: Word, words: Sequence[Word]) -> set[float]:
    """The small sizes in a word, without what may be small because it is raised."""
    found = set()
    for size, group in groupby(word.chars, key=lambda char: char.size):
        letters = tuple(group)
        if size >= _SMALL - _SLACK or (size < _NAMELESS and not letters[0].run.font):
            continue
        if size < _RAISED - _SLACK or not _is_raised(letters, words):
            found.add(round(size, 1))
    return found


def _is_raised(letters: Sequence[Char], words: Iterable[Word]) -> bool:
    """True of a cite mark, an ordinal's letters or a formula's index: small, and off the line of what is beside it."""
    left, top, right, bottom = around(char.box for char in letters)
    size, baseline, middle = letters[0].size, letters[0].baseline, (top + bottom) / 2
    for word in words:
        reach = _BESIDE * word.size
        if word.box[0] - reach > right or word.box[2] + reach < left or word.size * _SMALLER < size:
            continue
        for char in word.chars:
            tall = char.size
            beside = char.box[0] - _BESIDE * tall < right and char.box[2] + _BESIDE * tall > left
            on_line = char.baseline - 1.1 * tall < middle < char.baseline + 0.25 * tall
            if beside and on_line and _is_figure(size, tall) and abs(char.baseline - baseline) > _OFF * tall:
                return True
    return False


def _is_figure(size: float, tall: float) -> bool:
    return _SMALLEST * tall < size < _SMALLER * tall


def _merged(small: dict[float, list[Word]]) -> Iterator[tuple[float, list[Word]]]:
    """Sizes that differ by a rounding are one."""
    sizes: list[float] = []
    for size in sorted(small):
        if sizes and size - sizes[-1] <= _SAME_SIZE + 0.001:
            small[sizes[-1]] += small[size]
        else:
            sizes.append(size)
    return ((size, small[size]) for size in sizes)


def _found(printed: Printed, page: Page, size: float, words: Sequence[Word]) -> Finding:
    return TYPE_SMALL.found(
        printed.file,
        f"{quoted(words)} is set in {size:g} pt; type needs {_SMALL:g} pt to be read by all",
        f"set it in {_SMALL:g} pt or larger, and shorten the text if it does not fit",
        page=page.number,
        box=around(word.box for word in words),
        severity="error" if size < _TINY - _SLACK else "warning",
    )


ANY = (type_small,)
OURS = (type_profile,)
