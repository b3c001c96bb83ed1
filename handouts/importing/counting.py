"""Words and list items of a text, counted in what was written and in what is printed, so that none is lost.

The two counts share nothing but what a word is: a source is counted in the tokens that markdown-it makes of it, ours in
the HTML that our own reader makes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from markdown_it.token import Token

from handouts.importing.leavings import words_in
from handouts.importing.source import BLOCKS, HIDDEN, box_of, is_element

_NOTE = re.compile(r'<sup class="cite">\d+</sup>')


@dataclass
class Count:
    """How often each word stands in a text, and how many list items it has."""

    words: Counter[str] = field(default_factory=Counter)
    items: int = 0

    @property
    def total(self) -> int:
        return self.words.total()

    def add(self, text: str) -> None:
        self.words.update(words_in(text))


class _Plain(HTMLParser):
    """Raw HTML as words: its text, and what pictures are described by; a space where a block ends."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.items = 0
        self.summary = False
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not is_element(tag):
            self.handle_data(self.get_starttag_text() or "")
            return
        # A summary is one line, and what is marked as an item in it is printed as words.
        self.summary = tag == "summary" or (self.summary and tag not in BLOCKS - {"li"})
        self.items += tag == "li" and not self.hidden and not self.summary
        if tag in HIDDEN:
            self.hidden.append(tag)
        if tag == "img" and not self.hidden:
            self.parts.append(f" {dict(attrs).get('alt') or ''} ")
        if tag in BLOCKS or tag == "br":
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in HIDDEN:
            self.hidden.pop()

    def handle_endtag(self, tag: str) -> None:
        self.summary = self.summary and tag != "summary"
        if not is_element(tag):
            self.handle_data(f"</{tag}>")
        elif tag in HIDDEN and self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()
        elif tag in BLOCKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def of_html(html: str) -> Count:
    """The count of a piece of HTML, without what no browser would show."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    count = Count(items=parser.items)
    count.add("".join(parser.parts))
    return count


def of_ours(title: str, headings: Iterable[str], texts: Iterable[str]) -> Count:
    """The count of an article as our own reader hands it on; footnotes are no list items, nor their numbers words."""
    count = Count()
    count.add(title)
    for html in (*headings, *texts):
        found = of_html(_NOTE.sub("", html))
        count.words.update(found.words)
        count.items += found.items
        for notes in re.findall(r'<ol class="notes".*?(?=</ol>\Z|\Z)', html, re.DOTALL):
            count.items -= _outer_items(notes)
    return count


def _outer_items(html: str) -> int:
    """How many items a list has, without those of the lists in them."""
    depth = found = 0
    for tag in re.findall(r"<(/?(?:ol|ul|li))\b", html):
        if tag in ("ol", "ul"):
            depth += 1
        elif tag in ("/ol", "/ul"):
            depth -= 1
        found += tag == "li" and depth == 1
    return found


def of_source(tokens: Iterable[Token]) -> Count:
    """The count of a foreign text as markdown-it reads it."""
    count = Count()
    for token in tokens:
        if token.type == "inline":
            found = of_html("".join(map(_as_html, token.children or [])))
            count.words.update(found.words)
            count.items += found.items
        elif token.type == "container_box_open":
            count.add(box_of(token.info)[1])
        elif token.type in ("fence", "code_block"):
            count.add(token.content)
        elif token.type == "html_block":
            found = of_html(token.content)
            count.words.update(found.words)
            count.items += found.items
        elif token.type == "list_item_open":
            count.items += 1
    return count


def _as_html(token: Token) -> str:
    """A token within a line, as HTML that shows the same words."""
    if token.type == "html_inline":
        return token.content
    if token.type == "image":
        return f" {''.join(map(_as_html, token.children or []))} "
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return escape(token.content) if token.type in ("text", "code_inline", "text_special") else ""
