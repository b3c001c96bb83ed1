"""How text breaks over columns and pages: single lines left behind, headings parted from their text, hollow pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from PIL import Image, ImageChops

from handouts.findings import Finding
from handouts.preflight.evidence import INCH, Page, Printed
from handouts.preflight.ink import around
from handouts.preflight.passages import Line, Passage
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule

WIDOW = Rule("widow", "warning", "any", "No paragraph ends with a single line on a new page or column.")
ORPHAN = Rule("orphan", "warning", "any", "No paragraph begins with a single line at the foot of a page or column.")
HEADING_STRANDED = Rule("heading-stranded", "warning", "any", "A heading stands with its text, never at the foot.")
PAGE_HOLLOW = Rule("page-hollow", "warning", "ours", "A page in the middle of a booklet is at least half full.")

_HEADING = re.compile(r"H\d*|Title")
_APART = frozenset(["Table", "TOC", "Caption", "Figure", "Formula", "Form", "Note", "FENote", "Artifact", "Index"])
# A line in front of a break is full. A number or an initial beside its paragraph is none.
_FULL_LINE = 0.6
_SAME_SIZE = 0.2
# The end of a sentence, a cite mark after it or not.
_ENDED = re.compile(r"[.!?:…][\"'”’)\]]*[\s\d,–-]*$")
# Heights of type by which text goes up where a column begins; a stack of words within a line goes up by less.
_RISE = 2.0
# Lines of text before a heading that make it one in running text, and not the title on a page of its own.
_RUNNING = 5
_HALF = 0.5
_DPI = 24  # of the picture in which a page's lowest ink is looked for
_INK = 24  # steps of 255 from the page's own colour


def single_lines(printed: Printed) -> Iterator[Finding]:
    """Widows and orphans: a paragraph's one line alone, before a break or after it."""
    for text, parts in _paragraphs(printed):
        first, last = parts[0], parts[-1]
        if len(parts) > 1 and len(first) == 1:
            place = _place(first, parts[1])
            yield _single(printed, ORPHAN, text, first[0], f"begins with a single line at the foot of {place}")
        elif len(parts) > 1 and len(last) == 1:
            place = _place(parts[-2], last)
            yield _single(printed, WIDOW, text, last[0], f"ends with a single line at the head of {place}")


def _place(part: list[Line], following: list[Line]) -> str:
    return "a page" if following[0].page > part[-1].page else "a column"


def _single(printed: Printed, rule: Rule, text: str, line: Line, what: str) -> Finding:
    message = f"the paragraph “{text[:40].rstrip()}…” {what}"
    hint = "shorten or lengthen the paragraph by a line, or keep two lines together (CSS: widows, orphans)"
    return rule.found(printed.file, message, hint, page=line.page, box=line.box)


def _paragraphs(printed: Printed) -> Iterator[tuple[str, list[list[Line]]]]:
    """The text of each paragraph and list item, and its lines by the columns and pages that they stand in."""
    text, parts = "", []
    before: Passage | None = None
    for passage in printed.passages.all:
        if passage.element.tag == "Lbl":
            continue
        running = passage.element.tag in ("P", "LBody", "LI") and not _APART & passage.inside
        if running and before and _continues(before, passage):
            text, parts = f"{text} {passage.text}", [*parts, *_parts(passage.lines)]
        else:
            if parts:
                yield text, parts
            text, parts = (passage.text, list(_parts(passage.lines))) if running else ("", [])
        before = passage if running else None
    if parts:
        yield text, parts


def _continues(before: Passage, passage: Passage) -> bool:
    """Whether a passage is the rest of one that was broken in two.

    Why: some programs, WeasyPrint among them, tag what stands in each column as a paragraph of its own. It is told by
    what they leave: a full line without an end of sentence, then the same type at the head of the next column.
    """
    last, first = before.lines[-1], passage.lines[0]
    alike = before.element.tag == passage.element.tag and abs(last.size - first.size) < _SAME_SIZE
    open_ended = not _ENDED.search(before.text)
    # The line of an address or a name ends without a full stop too, but what follows it is no rest of a sentence.
    item, first_letter = passage.element.tag != "P", passage.text[0]
    widest = max(line.box[2] - line.box[0] for line in (*before.lines, *passage.lines))
    return (
        alike
        and open_ended
        and (first_letter.islower() if item else not first_letter.isupper())
        and last.box[2] - last.box[0] >= _FULL_LINE * widest
        and (first.page == last.page + 1 or _new_column([last], first))
    )


def _parts(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    widest = max(line.box[2] - line.box[0] for line in lines)
    part = [lines[0]]
    for before, after in pairwise(lines):
        whole = before.box[2] - before.box[0] >= _FULL_LINE * widest
        if whole and (after.page > before.page or _new_column(part, after)):
            yield part
            part = []
        part.append(after)
    yield part


def _new_column(part: list[Line], line: Line) -> bool:
    before = part[-1]
    up = before.baseline - line.baseline > _RISE * before.size
    return line.page == before.page and up and line.box[0] >= max(one.box[2] for one in part)


def stranded(printed: Printed) -> Iterator[Finding]:
    """Headings at the foot of a page or column whose text is on the next."""
    passages = {passage.element: passage for passage in printed.passages.all}
    # A figure has no text, and is what a heading stands over all the same.
    met = [
        (element, passages.get(element))
        for element in printed.tags.elements
        if element in passages or element.tag in ("Figure", "Formula")
    ]
    lines = 0
    page = 0
    for (element, heading), (_, after) in pairwise(met):
        if heading and heading.page != page:
            page, lines = heading.page, 0
        if heading and after and _HEADING.fullmatch(element.tag) and lines >= _RUNNING:
            last, first = heading.lines[-1], after.lines[0]
            parted = first.page > last.page
            if parted or (_new_column([last], first) and not _HEADING.fullmatch(after.element.tag)):
                place = "page" if parted else "column"
                message = f"the heading “{heading.text[:60]}” stands alone at the foot of a {place}"
                hint = "keep it with the text that follows (CSS: break-after: avoid), or shorten what is before it"
                box = around(line.box for line in heading.lines if line.page == last.page)
                yield HEADING_STRANDED.found(printed.file, message, hint, page=last.page, box=box)
        if heading:
            lines += len(heading.lines)


def hollow(product: Product) -> Iterator[Finding]:
    """Inner pages of a booklet that end above their middle."""
    if product.document.format.multiple > 1:
        yield from hollow_pages(product.printed)


def hollow_pages(printed: Printed) -> Iterator[Finding]:
    """Pages between the first and the last on which neither words nor drawings, tints or lines to write on reach the
    middle of the type area: the height that all pages' text takes together."""
    lines: dict[int, list[Line]] = {}
    for passage in printed.passages.all:
        for line in passage.lines:
            lines.setdefault(line.page, []).append(line)
    every = [line for found in lines.values() for line in found]
    if not every:
        return
    top, bottom = min(line.box[1] for line in every), max(line.box[3] for line in every)
    for page in printed.pages[1:-1]:
        found = lines.get(page.number, [])
        reach = max((line.box[3] for line in found), default=top)
        share = (reach - top) / (bottom - top) if bottom > top else 1.0
        if share >= _HALF:
            continue
        share = max(share, (min(_lowest_ink(page, bottom), bottom) - top) / (bottom - top))
        if share < _HALF:
            message = f"the page is only {max(0, share):.0%} full"
            hint = "shorten the pages before it until it is not needed, or add a drawing or lines to write on"
            box = around(line.box for line in found) if found else ()
            yield PAGE_HOLLOW.found(printed.file, message, hint, page=page.number, box=box)


def _lowest_ink(page: Page, foot: float) -> float:
    """How far down the page, without its words, differs from its own colour above the foot of the type area."""
    picture = page.background(_DPI).convert("RGB")
    picture = picture.crop((0, 0, picture.width, max(1, min(picture.height, round(foot * _DPI / INCH)))))
    colors = picture.getcolors(picture.width * picture.height)
    ground = max(colors)[1]
    difference = ImageChops.difference(picture, Image.new("RGB", picture.size, ground))
    box = difference.convert("L").point(lambda value: 255 if value > _INK else 0).getbbox()
    return box[3] * INCH / _DPI if box else 0.0


ANY = (single_lines, stranded)
OURS = (hollow,)
