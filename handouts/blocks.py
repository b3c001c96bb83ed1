"""The blocks of a Markdown text, found by CommonMark's rules: lists above all, and what stands in and between them.

Python-Markdown wants a blank line before a list and four spaces for each level; without them the items silently become
running text. CommonMark, which editors and web sites follow, wants neither. So markdown-it-py finds the blocks, and
Python-Markdown is left the words inside them. Raw HTML and link definitions are no blocks here: they stay lines of a
paragraph, where they are seen and told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

_Text = Literal["document", "paragraph", "heading", "code", "rule", "quote", "list", "item"]
Kind = _Text | Literal["terms", "term", "meaning", "note"]

_PARSER = MarkdownIt("commonmark", {"html": False}).use(deflist_plugin).use(footnote_plugin, move_to_end=False)
_PARSER.disable(["html_block", "reference"])
_KINDS: dict[str, Kind] = {
    "paragraph_open": "paragraph",
    "heading_open": "heading",
    "fence": "code",
    "code_block": "code",
    "hr": "rule",
    "blockquote_open": "quote",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "list_item_open": "item",
    "dl_open": "terms",
    "dt_open": "term",
    "dd_open": "meaning",
    "footnote_reference_open": "note",
}
# What ends with the last of the blocks in it, and begins on the line that it is marked on.
_AROUND = frozenset({"item", "list", "quote", "terms", "term", "meaning", "note"})


@dataclass
class Block:
    """One block with the lines it spans, which count from 0; blank lines after it are not its own.

    `lines` are a paragraph's, a heading's or a code block's own, without what marks the containers around it. `level`
    is a heading's, 1 to 6. `marker` is a list's sign ("-", "+", "*", "." or ")"), a fence, or the underline of a
    heading, or the name of a footnote; `start` is the first number of a numbered list. `closed` is False for a fence
    that runs to the end.
    """

    kind: Kind
    line: int
    end: int
    lines: list[str] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)
    level: int = 0
    marker: str = ""
    start: int = 1
    closed: bool = True

    @property
    def ordered(self) -> bool:
        return self.marker in {".", ")"}

    @property
    def loose(self) -> bool:
        """Whether a list's items are paragraphs: a blank line stands between two of them, or between parts of one."""
        rows = [self.children, *(item.children for item in self.children)]
        return any(after.line > before.end + 1 for row in rows for before, after in pairwise(row))

    def walk(self) -> Iterator[tuple[int, Block]]:
        """This block and all inside it, each with how deep it lies, in the order of the text."""
        waiting = [(0, self)]
        while waiting:
            depth, block = waiting.pop()
            yield depth, block
            waiting += [(depth + 1, child) for child in reversed(block.children)]


@lru_cache(maxsize=128)
def _tokens(source: str) -> tuple[Token, ...]:
    """*Why a cache:* a text is read whole and section by section, and in a preview again after each edit of one."""
    return tuple(_PARSER.parse(source))


def read_blocks(source: str) -> Block:
    """The document block of a Markdown text, with everything inside it."""
    lines = source.split("\n")
    open_blocks = [Block("document", 0, 0)]
    tokens = _tokens(source)
    for token, following in pairwise([*tokens, None]):
        if token.nesting < 0:
            closed = open_blocks.pop()
            if closed.children:
                closed.end = max(closed.line, closed.children[-1].end)
        elif token.type == "inline":
            open_blocks[-1].lines = [line.lstrip(" \t") for line in token.content.split("\n")]
        else:
            block = _block(token, token.map or following.map or [open_blocks[-1].end, 0], lines)
            open_blocks[-1].children.append(block)
            if token.nesting > 0:
                open_blocks.append(block)
    return open_blocks[0]


def _block(token: Token, span: Sequence[int], lines: list[str]) -> Block:
    """One token of the parser as a block, still without what is inside it; `span` is its first line, and that after."""
    first, after = span
    kind = _KINDS[token.type]
    block = Block(kind, first, first if kind in _AROUND else after - 1)
    if kind == "note":
        block.marker = token.meta["label"]
    elif kind == "list":
        block.marker, block.start = token.markup, int(token.attrs.get("start", 1))
    elif kind == "heading":
        block.level = int(token.tag[1])
        block.marker = "" if token.markup.startswith("#") else lines[after - 1].strip(" \t>")
    elif kind == "code":
        block.lines = token.content.removesuffix("\n").split("\n") if token.content else []
        if token.type == "fence":
            last = lines[after - 1].strip(" \t>")
            block.marker = token.markup
            block.closed = after - 1 > first and len(last) >= len(block.marker) and set(last) == set(block.marker)
    return block
