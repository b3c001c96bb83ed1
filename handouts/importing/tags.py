"""Blocks of raw HTML written as Markdown of ours: tables, lists, pictures, details, and text with small tags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it.token import Token

from handouts.importing import pieces
from handouts.importing.inline import Page, coded, guarded, heading, write_inline
from handouts.importing.pieces import DEEPEST, Piece
from handouts.importing.source import BLOCKS, FRAMES, HIDDEN, PROGRAMS, VOID, is_element

# An element that is opened again ends the one that is open, as far up as the second names.
_ENDED_BY = {
    "li": ({"li"}, {"ul", "ol"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "p": ({"p"}, {"div", "td", "th", "li", "blockquote", "details"}),
}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_DEEPEST_TREE = 60


@dataclass
class Element:
    """An element with what is in it; text is a string. `tag` is as it was written."""

    name: str
    tag: str = ""
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [child for child in reversed(element.children) if isinstance(child, Element)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or ""
        if not is_element(tag):
            self.handle_data(written)
            return
        if tag in _ENDED_BY:
            ended, within = _ENDED_BY[tag]
            self._close(ended, within)
        element = Element(tag, written)
        self.open[-1].children.append(element)
        if tag not in VOID and not written.endswith("/>") and len(self.open) < _DEEPEST_TREE:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def _close(self, names: set[str], within: set[str]) -> None:
        """Close the outermost of some elements that stands inside the innermost of others."""
        inner = max((at for at, one in enumerate(self.open) if one.name in within), default=0)
        if at := next((at for at in range(inner + 1, len(self.open)) if self.open[at].name in names), 0):
            del self.open[at:]

    def handle_endtag(self, tag: str) -> None:
        if not is_element(tag):
            self.handle_data(f"</{tag}>")
        elif at := max((at for at, one in enumerate(self.open) if one.name == tag), default=0):
            del self.open[at:]

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_tags(html: str) -> Element:
    """A piece of HTML as a tree; whatever is not closed ends with it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


def written_tags(element: Element, page: Page, depth: int) -> list[Piece]:
    """What stands in an element as blocks of ours. Text between blocks is a paragraph."""
    found: list[Piece] = []
    line: list[Element | str] = []

    def flush() -> None:
        found.extend(pieces.text(guarded(" ".join(_line(line, page).split(" ")))))
        line.clear()

    for child in element.children:
        if isinstance(child, str) or not any(one.name in BLOCKS or one.name in HIDDEN for one in child.walk()):
            line.append(child)
        elif child.name not in BLOCKS and child.name not in HIDDEN:
            # A small element around blocks, such as a link around a picture in a paragraph of its own.
            flush()
            found += written_tags(child, page, depth)
        else:
            flush()
            found += _block(child, page, depth)
    flush()
    return found


def _line(children: Sequence[Element | str], page: Page) -> str:
    tokens = [token for child in children for token in _tokens(child)]
    return write_inline(tokens, page)


def _tokens(child: Element | str) -> Iterator[Token]:
    """What stands in a line, as the tokens that markdown-it makes of such a line."""
    if isinstance(child, str):
        yield Token("text", "", 0, content=" ".join(child.split("\n")) if child.strip() else " ")
        return
    yield Token("html_inline", "", 0, content=child.tag)
    for inner in child.children:
        yield from _tokens(inner)
    if child.name not in VOID and not child.tag.endswith("/>"):
        yield Token("html_inline", "", 0, content=f"</{child.name}>")


def _block(element: Element, page: Page, depth: int) -> list[Piece]:
    name = element.name
    if name in HIDDEN or name in FRAMES:
        page.leave("programs" if name in PROGRAMS else "frames", name)
        return []
    if name == "hr":
        return [Piece("rule", ("___",))]
    if name in _HEADINGS:
        words = heading(_line(_flat(element), page))
        if not words or "![" in words:
            return pieces.text(guarded(words))
        return [Piece("heading", (words,), int(name[1]))] if depth == 0 else pieces.text(guarded(words))
    if name == "summary":
        words = heading(_line(_flat(element), page))
        bold = words and not page.careful and "**" not in words
        return pieces.text(f"**{words}**" if bold else guarded(words))
    if name == "pre":
        return [coded("".join(_texts(element)).strip("\n"), page)]
    if name in ("ul", "ol") and depth + 2 <= DEEPEST:
        return _list(element, page, depth)
    if name == "li":
        return [pieces.listing([written_tags(element, page, depth + 2)], None, True, False)]
    if name == "blockquote" and depth < DEEPEST:
        return [pieces.quotation(written_tags(element, page, depth + 1))]
    # A table that holds others only puts them beside each other.
    if name == "table" and [one.name for one in element.walk()].count("table") == 1:
        return _table(element, page, depth)
    return written_tags(element, page, depth)


def _list(element: Element, page: Page, depth: int) -> list[Piece]:
    """A list; what stands in it beside its items is an item of theirs that was forgotten to be marked, or nothing."""
    items = [child for child in element.children if isinstance(child, Element) and child.name == "li"]
    others = Element("", children=[child for child in element.children if child not in items])
    found = written_tags(others, page, depth)
    if items:
        bodies = [written_tags(item, page, depth + 2) for item in items]
        tight = all(len(body) < 2 or body[1].kind == "list" for body in bodies)
        found.append(pieces.listing(bodies, 1 if element.name == "ol" else None, tight, turn=False))
    return found


def _table(element: Element, page: Page, depth: int) -> list[Piece]:
    """A table of one line a cell; its caption stands above it, and a table without a head gets the first row as one."""
    rows = [one for one in element.walk() if one.name == "tr"]
    captions = [one for one in element.walk() if one.name == "caption"]
    cells = [[one for one in row.children if isinstance(one, Element) and one.name in ("td", "th")] for row in rows]
    held = {id(cell) for row in cells for cell in row}
    said = [piece for one in captions for piece in written_tags(one, page, depth)]
    loose = Element("", children=list(_loose(element, held | {id(one) for one in captions})))
    said += written_tags(loose, page, depth)
    written = [[_one_line(cell, page) for cell in row] for row in cells if row]
    return [*said, pieces.table(written[0], written[1:], ())] if written else said


def _loose(element: Element, held: set[int]) -> Iterator[Element | str]:
    """What stands in a table and in none of its cells."""
    for child in element.children:
        if isinstance(child, str):
            yield from [child] if child.strip() else []
        elif id(child) not in held:
            if child.name in ("thead", "tbody", "tfoot", "tr"):
                yield from _loose(child, held)
            else:
                yield child


def _one_line(cell: Element, page: Page) -> str:
    """A cell's words in one line; where a block ends in it, the line breaks, and an item of a list gets a dash."""
    for _ in (one for one in cell.walk() if one.name == "li"):
        page.leave("cells", items=1)
    words = _line(_flat(cell), page)
    parts = [" ".join(part.split()) for part in words.replace("\n", " ").split("<br>")]
    return "<br>".join(part for part in parts if part)


def _flat(element: Element) -> list[Element | str]:
    """The contents of an element with the blocks in it taken apart: each begins on a line of its own."""
    out: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str) or child.name not in BLOCKS:
            out.append(child)
        else:
            dash = ["– "] if child.name == "li" else []
            out += [Element("br", "<br>"), *dash, *_flat(child), Element("br", "<br>")]
    return out


def _texts(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        elif child.name == "br":
            yield "\n"
        else:
            yield from _texts(child)
