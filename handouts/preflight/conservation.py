"""Whether every word of the text is on the page: in the HTML, in the layout and in the printed PDF.

Three times the same words are read, and compared after one normalisation:

| what differs | what is done |
|---|---|
| where lines break, inside a word or not; spans inside a word; the kind of a space | blanks count for nothing |
| hyphens at a line's end, soft hyphens, no-break hyphens | hyphens count for nothing |
| ligatures, full-width and superior figures, accents as signs of their own | compatibility decomposition, no accents |
| small letters that a style sheet prints as capitals | case counts for nothing |
| zero-width signs and those that steer the direction of writing | left out |
| bullets, counters, numbers of steps, leaders, page numbers in a table of contents | looked for on the page only |
| running heads, folios, a table's header on its second page | the same; what runs in the margin counts once |
| words in a transparent colour | looked for in the layout, but not on the page |
| words in a drawing, `<text>` | read like others; a drawing or picture counts as one sign in HTML and layout |
| `<title>`, `<desc>`, `<style>`, `<script>`, comments, `hidden`, `style="display: none"` | not counted |

Signs are compared and not words, since a layout may cut a word anywhere: as often as a sign stands in the one text it
must stand in the other. So a lost word is missed even where the order differs, as it does for footnotes and for what is
positioned.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html.parser import HTMLParser
from itertools import accumulate
from typing import NamedTuple

from handouts.clearance import PICTURE, Flaw, Run
from handouts.findings import Finding, counted
from handouts.preflight.evidence import Page, Printed
from handouts.preflight.ink import Char, around
from handouts.preflight.rules import Box, Rule

TEXT_LOST = Rule("text-lost", "error", "ours", "Every word of the text is on the page, and so is every picture.")

# Dashes are punctuation with a meaning of their own; these only join.
_HYPHENS = "-\u2010\u2011\ufe63\uff0d"
_PLAIN = re.compile(r"[\x00-\x20\x7f\-]+")
# What a browser never prints, and what the engine shows only in their place.
_UNPRINTED = frozenset(
    ("head", "title", "style", "script", "template", "metadata", "desc", "defs", "symbol", "datalist", "noembed")
)
_EMPTY = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
# The next of these ends the one before.
_OPEN_ENDED = frozenset(("dd", "dt", "li", "option", "p", "td", "th", "tr"))
# Elements that may begin or end inside a word: all others part words.
_INSIDE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark", "q", "s"),
        *("small", "span", "strong", "sub", "sup", "u", "wbr"),
    )
)
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_FIRST_WORDS = 6
# Words that must follow each other to find the way back into a text after a gap, in signs.
_FOOTHOLD = 24
_SHORTEN = "shorten the text, or give its box more room in styles/"


@lru_cache(maxsize=20_000)
def normal(words: str) -> str:
    """Words as the comparison sees them."""
    if words.isascii():
        return _PLAIN.sub("", words.lower())
    signs = unicodedata.normalize("NFKD", words.casefold()).casefold().replace("ı", "i")
    return "".join(sign for sign in signs if sign not in _HYPHENS and unicodedata.category(sign)[0] not in "CMZ")


class _Reader(HTMLParser):
    """The words of an HTML text, with a PICTURE for each picture."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent: list[str] = []
        self.drawing = 0
        self.words_drawn = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        hidden = "hidden" in values or _NOT_SHOWN.search(values.get("style") or "") or values.get("display") == "none"
        if self.silent[-1:] == [tag] and tag in _OPEN_ENDED:
            self.silent.pop()
        if self.silent or tag in _UNPRINTED or hidden:
            if tag not in _EMPTY:
                self.silent.append(tag)
            return
        if tag == "svg":
            self.drawing += 1
        if (tag == "img" and not self.drawing) or (tag == "svg" and self.drawing == 1):
            self.pieces.append(f" {PICTURE} ")
        if tag == "text":
            self.words_drawn += 1
        if tag not in _INSIDE:
            self.pieces.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.silent:
            # An end tag may be left out: what is open inside ends too.
            del self.silent[len(self.silent) - 1 - self.silent[::-1].index(tag) :]
            return
        # The end of something around.
        self.silent.clear()
        self.drawing -= tag == "svg"
        self.words_drawn -= tag == "text"
        if tag not in _INSIDE:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent and (not self.drawing or self.words_drawn):
            self.pieces.append(data)


def words_of(html: str) -> list[str]:
    """The words that a page has to print, in the order of the source; PICTURE stands for a picture."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces).split()


class Gap(NamedTuple):
    """Words that follow each other and are lost; `at` is where in the other text they should stand."""

    words: list[str]
    at: int


def gaps(wanted: Sequence[str], found: str) -> list[Gap]:
    """Where words are missing in a normalised text: empty if and only if it holds all their signs.

    The gaps are found by reading both side by side. After each, the next few words are looked for further on; words
    that stand elsewhere are taken from what was passed over.
    """
    signs = [PICTURE if word == PICTURE else normal(word) for word in wanted]
    if not Counter("".join(signs)) - Counter(found):
        return []
    passed: list[str] = []
    open_gaps: list[tuple[int, int, int]] = []
    at = number = 0
    while number < len(signs):
        if found.startswith(signs[number], at):
            at += len(signs[number])
            number += 1
            continue
        start = number
        end = at
        while number < len(signs) and (end := found.find(_foothold(signs, number), at)) < 0:
            number += 1
        end = end if number < len(signs) else len(found)
        passed.append(found[at:end])
        open_gaps.append((start, number, at))
        at = end
    passed.append(found[at:])
    return [gap for start, end, at in open_gaps for gap in _lost(wanted[start:end], signs[start:end], at, passed)]


def _foothold(signs: Sequence[str], number: int) -> str:
    text = ""
    while number < len(signs) and len(text) < _FOOTHOLD:
        text += signs[number]
        number += 1
    return text


def _lost(wanted: Sequence[str], signs: Sequence[str], at: int, passed: list[str]) -> Iterator[Gap]:
    """The words that are not in what was passed over either; what is found there is used up."""
    lost: list[str] = []
    number = 0
    while number < len(signs):
        length, place = 0, -1
        for index, text in enumerate(passed):
            while number + length < len(signs) and "".join(signs[number : number + length + 1]) in text:
                length, place = length + 1, index
        if place < 0:
            lost.append(wanted[number])
            number += 1
            continue
        if lost:
            yield Gap(lost, at)
            lost = []
        passed[place] = passed[place].replace("".join(signs[number : number + length]), "\n", 1)
        number += length
    if lost:
        yield Gap(lost, at)


def lost_in_layout(file: str, html: str, runs: Iterable[Run]) -> Iterator[Finding]:
    """Findings for the words and pictures of the HTML that the layout dropped; `runs` are those of boxes.words."""
    own = [run for run in runs if not run.made]
    texts = [PICTURE if run.text == PICTURE else normal(run.text) for run in own]
    missing = gaps(words_of(html), "".join(texts))
    if not missing:
        return
    ends = list(accumulate(map(len, texts)))
    before = own[min(len(own) - 1, bisect_right(ends, max(0, missing[0].at - 1)))] if own else None
    yield TEXT_LOST.found(
        file, f"{_counted(missing)} not on the page, {_where(missing)}", _SHORTEN, page=before.page if before else 0
    )


def lost_on_paper(printed: Printed, runs: Iterable[Run], known: Sequence[Flaw] = ()) -> Iterator[Finding]:
    """Findings for the words of the layout that are not painted on the trimmed page; `known` are flaws of the layout,
    whose words have their findings already. What is painted and then cut off is the business of fit-clipped."""
    everything = list(runs)
    for page in printed.pages:
        trim = (0.0, 0.0, page.width, page.height)
        painted = [char for char in page.chars if _is_inside(char.box, trim)]
        wanted = [
            run
            for run in everything
            if run.page == page.number and run.shown and run.text != PICTURE and not _is_known(run, known)
        ]
        missing = Counter("".join(normal(run.text) for run in wanted))
        missing.subtract(Counter(normal("".join(char.text for char in painted))))
        if short := +missing:
            yield _unpainted(printed.file, page, wanted, painted, sum(short.values()))


def _unpainted(file: str, page: Page, wanted: Sequence[Run], painted: Sequence[Char], short: int) -> Finding:
    """The finding of a page that lacks `short` signs, named by the places where they should stand."""
    missing: list[Gap] = []
    boxes: list[Box] = []
    for run in wanted:
        near = _widened(run.box, 0 if run.drawn else 0.3 * (run.box[3] - run.box[1]))
        here = normal("".join(char.text for char in painted if _is_inside(char.box, near)))
        if lost := gaps(run.text.split(), here):
            missing += lost
            boxes.append(run.box)
    message = (
        f"{_counted(missing)} not on the page, {_where(missing)}"
        if missing
        else f"{short} letters of the text are not on the page"
    )
    return TEXT_LOST.found(file, message, _SHORTEN, page=page.number, box=around(boxes) if boxes else ())


def _is_known(run: Run, known: Sequence[Flaw]) -> bool:
    return any(flaw.page == run.page and _is_inside(run.box, _widened(flaw.box, 1.0)) for flaw in known)


def _is_inside(box: Box, other: Box) -> bool:
    """Whether the centre of a box lies in another."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def _widened(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _counted(missing: Sequence[Gap]) -> str:
    pictures = sum(word == PICTURE for gap in missing for word in gap.words)
    number = sum(len(gap.words) for gap in missing) - pictures
    words = f"{counted(number, 'word')} of the text" if number else ""
    drawn = counted(pictures, "picture") if pictures else ""
    return f"{' and '.join(filter(None, (words, drawn)))} {'is' if number + pictures == 1 else 'are'}"


def _where(missing: Sequence[Gap]) -> str:
    """ "from … on", or the words themselves where they are few."""
    words = [word for word in missing[0].words if word != PICTURE]
    if not words:
        return "beside the text"
    if len(missing) == 1 and len(words) <= _FIRST_WORDS:
        return f'"{" ".join(words)}"'
    return f'from "{" ".join(words[:_FIRST_WORDS])} …" on'
