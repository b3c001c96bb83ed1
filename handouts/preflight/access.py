"""Whether a PDF can be read aloud: tags, language, title, descriptions, headings, tables, links, order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from xml.etree import ElementTree

from handouts.findings import Finding, Severity, counted
from handouts.preflight.annotations import Note, notes
from handouts.preflight.evidence import Printed
from handouts.preflight.ink import around
from handouts.preflight.passages import Passage
from handouts.preflight.rules import Box, Rule
from handouts.preflight.tags import Content, Element

TAGS_MISSING = Rule("tags-missing", "error", "any", "A PDF is tagged: it says what is a heading, a list, a figure.")
CONTENT_UNTAGGED = Rule(
    "content-untagged", "error", "any", "All text is tagged, or marked as decoration that need not be read."
)
LANGUAGE_MISSING = Rule("language-missing", "error", "any", "A PDF names the language it is to be read in.")
TITLE_MISSING = Rule("title-missing", "error", "any", "A PDF has a title, and shows it in place of its file name.")
ALT_MISSING = Rule("alt-missing", "error", "any", "Each figure and formula has words for who cannot see it.")
HEADING_ORDER = Rule("heading-order", "error", "any", "Headings begin at level 1 and go down one level at a time.")
TABLE_HEADERS = Rule("table-headers", "error", "any", "Tables have header cells that say what they head.")
LINK_TEXT = Rule("link-text", "error", "any", "Each link is tagged, and says in words where it leads.")
READING_ORDER = Rule("reading-order", "warning", "any", "What is read aloud follows the order on paper.")

_LANGUAGE = re.compile(r"([A-Za-z]{2,3}|[xi])(-[A-Za-z0-9]{1,8})*")
_FILE_NAME = re.compile(
    r"(microsoft \w+ - .*)|(.*\.(docx?|odt|pdf|indd|pptx?|odp|xlsx?|ods|html?|txt|rtf|tex|typ|pub|ai|md))"
    r"|untitled( ?[-\d]*)|(document|presentation|unbenannt) ?\d*",
    re.IGNORECASE,
)
_PICTURE_NAME = re.compile(r"\S+\.(png|jpe?g|gif|svg|tiff?|bmp|webp|eps|pdf|emf|wmf)", re.IGNORECASE)
_VAGUE = frozenset(
    ["here", "click here", "click", "link", "this link", "this", "more", "read more", "learn more", "see more"]
)
_ADDRESS = re.compile(r"(https?://|www\.)\S+|\S+\.[a-z]{2,}/\S*")
# Text that is not read where it stands: cells go by their table, notes and captions by what they belong to.
_APART = frozenset(["Table", "TOC", "Caption", "Figure", "Formula", "Form", "Note", "FENote", "Artifact", "Index"])
# Share of the narrower one's width at which two blocks stand in one column.
_SAME_COLUMN = 0.5
_XMP_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SHOWN = 60  # characters of a text that a message quotes


def tagged(printed: Printed) -> bool:
    """Whether a file has tags to judge. Where it has none, everything about tags is said by tags-missing."""
    return printed.tags.marked and bool(printed.tags.elements)


def tags(printed: Printed) -> Iterator[Finding]:
    """No tags at all, or none that count."""
    hint = "export it again as a tagged PDF (PDF/UA): in most programs a box to tick when saving as PDF"
    if not printed.tags.elements:
        message = "has no tags: a screen reader finds no headings, lists or pictures in it, only loose words"
        yield TAGS_MISSING.found(printed.file, message, hint)
    elif not printed.tags.marked:
        message = "has tags, but does not say that they are to be used (MarkInfo/Marked is off)"
        yield TAGS_MISSING.found(printed.file, message, hint)


def untagged(printed: Printed) -> Iterator[Finding]:
    """Printed text that the tags do not reach and that is no artifact."""
    if not tagged(printed):
        return
    owners = printed.tags.owners
    for page in printed.pages:
        loose = [
            word
            for word in page.words
            if any(not one.run.artifact and Content(page.number, one.run.mcid) not in owners for one in word.chars)
        ]
        if loose:
            text = _quoted(" ".join(word.text for word in loose))
            message = f"{counted(len(loose), 'word')} would be left out when the page is read aloud: {text}"
            hint = "tag the text, or mark it as an artifact if it is a running head or decoration"
            box = around(word.box for word in loose)
            yield CONTENT_UNTAGGED.found(printed.file, message, hint, page=page.number, box=box)


def language(printed: Printed) -> Iterator[Finding]:
    """No language, or none that a reader knows."""
    named = printed.values.text(printed.values.catalog.get("/Lang")).strip()
    hint = 'set the language of the document, such as "en-US"'
    if not named:
        message = "does not say which language it is in, so it is read aloud in any"
        yield LANGUAGE_MISSING.found(printed.file, message, hint)
    elif not _LANGUAGE.fullmatch(named):
        yield LANGUAGE_MISSING.found(printed.file, f'names a language that does not exist: "{named[:_SHOWN]}"', hint)


def title(printed: Printed) -> Iterator[Finding]:
    """No title, one that is not shown, or one that is only a file's name."""
    values = printed.values
    given = _title(printed)
    hint = "write a title into the properties of the document"
    if not given:
        yield TITLE_MISSING.found(printed.file, "has no title", hint)
        return
    if _FILE_NAME.fullmatch(given):
        message = f'has a title that is only the name of a file: "{given[:_SHOWN]}"'
        yield TITLE_MISSING.found(printed.file, message, hint, severity="warning")
    preferences = values.dictionary(values.catalog.get("/ViewerPreferences"))
    if values.of(preferences.get("/DisplayDocTitle")) is not True:
        message = "has a title, but shows its file name in place of it (DisplayDocTitle is off)"
        yield TITLE_MISSING.found(printed.file, message, "set the first view of the PDF to show the document's title")


def _title(printed: Printed) -> str:
    values = printed.values
    info = values.dictionary(values.trailer.get("/Info"))
    if given := values.text(info.get("/Title")).strip():
        return given
    try:
        data = ElementTree.fromstring(values.data(values.catalog.get("/Metadata")))
    except ElementTree.ParseError:
        return ""
    return " ".join("".join(one.itertext()) for one in data.iter(_XMP_TITLE)).strip()


def alternatives(printed: Printed) -> Iterator[Finding]:
    """Figures and formulas without words, or with the name of a file for words."""
    missing, names = [], []
    for element in _elements(printed, "Figure", "Formula"):
        words = f"{element.alt or ''} {element.actual or ''}".strip()
        if not words:
            missing.append(element)
        elif _PICTURE_NAME.fullmatch(words):
            names.append(element)
    hint = "describe in a sentence what it shows, or mark it as decoration"
    yield from _by_page(
        printed,
        ALT_MISSING,
        missing,
        lambda count: f"{counted(count, 'picture')} without words for who cannot see {'it' if count == 1 else 'them'}",
        hint,
    )
    yield from _by_page(
        printed,
        ALT_MISSING,
        names,
        lambda count: f"{counted(count, 'picture')} described by the name of a file",
        hint,
        "warning",
    )


def headings(printed: Printed) -> Iterator[Finding]:
    """A first heading that is not the title's, levels that are skipped, no headings where they are needed."""
    if not tagged(printed):
        return
    found = [element for element in printed.tags.elements if re.fullmatch(r"H\d*", element.tag)]
    if not found and len(printed.pages) > 1:
        message = f"has {len(printed.pages)} pages and no heading, so nobody can jump from part to part"
        hint = "set headings by the heading styles of your program, not only large and bold"
        yield HEADING_ORDER.found(printed.file, message, hint, severity="warning")
    levels = [(element, int(element.tag[1:])) for element in found if element.tag != "H"]
    if levels and levels[0][1] != 1:
        element, level = levels[0]
        message = f"the first heading is of level {level}{_words(printed, element)}"
        yield _at(printed, HEADING_ORDER, element, message, "make the title a heading of level 1")
    for (_, before), (element, level) in pairwise(levels):
        if level > before + 1:
            message = f"a heading of level {level} follows one of level {before}{_words(printed, element)}"
            hint = f"make it level {before + 1}; choose the size of type by its style"
            yield _at(printed, HEADING_ORDER, element, message, hint)


def tables(printed: Printed) -> Iterator[Finding]:
    """Tables without header cells, or with header cells of which nobody knows what they head."""
    for table in _elements(printed, "Table"):
        cells = [cell for cell in _cells(table) if cell.tag in ("TH", "TD")]
        heads = [cell for cell in cells if cell.tag == "TH"]
        if len(heads) == len(cells):
            continue
        if not heads:
            message = f"a table of {counted(len(cells), 'cell')} has no header cells"
            yield _at(printed, TABLE_HEADERS, table, message, "make its first row or column header cells")
        elif not any("/Headers" in cell.attributes for cell in cells):
            loose = [cell for cell in heads if "/Scope" not in cell.attributes]
            if loose:
                message = f"{counted(len(loose), 'header cell')} of a table without a word on what it heads (Scope)"
                hint = "say for each header cell whether it heads its row or its column"
                yield _at(printed, TABLE_HEADERS, loose[0], message, hint)


def links(printed: Printed) -> Iterator[Finding]:
    """Links outside the tags, without a description, or described by nothing that helps."""
    if not tagged(printed):
        return
    loose, silent, vague, spelled = [], [], [], []
    for note in notes(printed):
        if note.kind != "Link" or note.hidden:
            continue
        element = printed.tags.annotations.get(note.reference) if note.reference else None
        if element is None:
            loose.append(note)
            continue
        said = note.contents.strip()
        if not said:
            silent.append(note)
        elif said.lower().strip(" .:!»→>") in _VAGUE:
            vague.append(note)
        elif _ADDRESS.fullmatch(said) and not _ADDRESS.search(printed.passages.text(element)):
            spelled.append(note)
    words = "describe in words where it leads"
    for found, end, hint in (
        (loose, "that the tags do not reach", "make the words of the link a link in the tags"),
        (silent, "without a description (Contents)", words),
        (vague, "with a description that tells nothing, such as “here”", words),
    ):
        yield from _by_page(printed, LINK_TEXT, found, lambda count, end=end: f"{counted(count, 'link')} {end}", hint)
    yield from _by_page(
        printed,
        LINK_TEXT,
        spelled,
        lambda count: f"{counted(count, 'link')} described by an address, which is read out in place of the words",
        words,
        "warning",
    )


def order(printed: Printed) -> Iterator[Finding]:
    """Blocks that are read after one that stands below them in the same column, or on a later page."""
    if not tagged(printed):
        return
    blocks = [one for one in printed.passages.all if one.element.tag != "Lbl" and not _apart(one)]
    told: set[int] = set()
    for before, after in pairwise(blocks):
        last = before.lines[-1]
        if after.page in told:
            continue
        if after.page < last.page:
            message = f"{_quoted(after.text)} is read aloud after text of page {last.page}"
        elif after.page == last.page and _jumps_up(before, after):
            message = f"{_quoted(after.text)} is read aloud after {_quoted(before.text)}, which stands below it"
        else:
            continue
        told.add(after.page)
        hint = "put the tags in the order in which the page is to be read"
        yield READING_ORDER.found(printed.file, message, hint, page=after.page, box=after.box)


def _jumps_up(before: Passage, after: Passage) -> bool:
    page = after.page
    left, _, right, bottom = around(line.box for line in after.lines if line.page == page)
    first, top, last, _ = around(line.box for line in before.lines if line.page == page)
    common = min(right, last) - max(left, first)
    return bottom <= top and common > _SAME_COLUMN * min(right - left, last - first)


def _apart(passage: Passage) -> bool:
    return bool(_APART & {passage.element.tag, *passage.inside})


def _elements(printed: Printed, *kinds: str) -> Iterator[Element]:
    if tagged(printed):
        yield from (element for element in printed.tags.elements if element.tag in kinds)


def _cells(table: Element) -> Iterator[Element]:
    """Everything in a table but what tables inside it hold."""
    waiting = list(reversed(table.children))
    while waiting:
        element = waiting.pop()
        yield element
        if element.tag != "Table":
            waiting += reversed(element.children)


def _by_page(
    printed: Printed,
    rule: Rule,
    found: Iterable[Element | Note],
    message: Callable[[int], str],
    hint: str,
    severity: Severity | None = None,
) -> Iterator[Finding]:
    """One finding a page, at the first of its places: a hundred like it are mended alike."""
    pages: dict[int, list[Box | tuple[()]]] = {}
    for one in found:
        page, box = (one.page, one.box) if isinstance(one, Note) else _place(printed, one)
        pages.setdefault(page, []).append(box)
    for page, boxes in sorted(pages.items()):
        yield rule.found(printed.file, message(len(boxes)), hint, page=page, box=boxes[0], severity=severity)


def _at(printed: Printed, rule: Rule, element: Element, message: str, hint: str) -> Finding:
    page, box = _place(printed, element)
    return rule.found(printed.file, message, hint, page=page, box=box)


def _place(printed: Printed, element: Element) -> tuple[int, Box | tuple[()]]:
    """The page of an element, 0 where it has none, and the box of its words or, where it has none, its own."""
    if found := printed.passages.box(element):
        return found
    page = next((content.page for content in element.contents()), element.page)
    edges = [printed.values.number(edge) for edge in printed.values.array(element.attributes.get("/BBox"))]
    if not 1 <= page <= len(printed.pages) or len(edges) != 4 or None in edges:
        return page, ()
    left, bottom, right, top = edges
    return page, printed.pages[page - 1].place(min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def _words(printed: Printed, element: Element) -> str:
    text = printed.passages.text(element)
    return f": {_quoted(text)}" if text else ""


def _quoted(text: str) -> str:
    return f"“{text[:_SHOWN].rstrip()}…”" if len(text) > _SHOWN else f"“{text}”"


READ = (tags, untagged, language, title, alternatives, headings, tables, links, order)
