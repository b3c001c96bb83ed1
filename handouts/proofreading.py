"""What a Markdown text would print wrongly or not at all: tags, addresses, signs that mark nothing, odd headings."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from handouts.blocks import Block
from handouts.findings import Finding

SMALL_TAGS = ("br", "sub", "sup")
DEEPEST = 12
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][\w-]*)(?P<rest>[^<>]*)>|<(?P<open>/?[A-Za-z][\w-]*)(?=\s|$)")
_AUTOLINK = re.compile(r"<(?:[a-z][a-z0-9+.-]*:)[^\s<>]+>|<[\w.+-]+@[\w.-]+>", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"<svg", b"<?xml")
_OPENED = ("http", "https", "mailto", "tel")
# Signs that are still there when everything has been read, and so would be printed: (pattern, message, hint).
_LEFT_OVER = (
    (r"\[[@=][^\]\s]*", "the mark {}… is not understood", "write [@id], [@one; @two] or [=fact] with known ids only"),
    (
        r"\[\^[^\]\s]*",
        "the footnote {}] has no text",
        "add it to this section, on a line that begins with the mark and a colon",
    ),
    (
        r"!?\[[^\]\[]{0,30}\][(\[]",
        "the link or image {}… is not understood",
        "write [words](https://…); an address with spaces stands between < and >",
    ),
    (r"\](?= \((?:https?:|mailto:))", "a space after {} keeps the link from being one", "delete the space before ("),
    (r"\*\*|~~", "the signs {} mark nothing here", "close them right after a word, or delete them"),
    (r"\{[:#.][^}]*\}", "{} names no part of a page here", "delete it; only ## headings have names"),
)  # fmt: skip


@dataclass
class Printed:
    """What a rendered text holds, each with the lines of the source, first and last, of the block it stands in; and the
    names of the footnotes of the document so far, in the order of their numbers."""

    images: list[tuple[str, str, range]] = field(default_factory=list)
    links: list[tuple[str, range]] = field(default_factory=list)
    marks: list[tuple[tuple[str, ...], bool, range]] = field(default_factory=list)
    texts: list[tuple[str, range]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Places:
    """Finds the line that a word of the source stands on; asked again for the same word, the next one."""

    def __init__(self, lines: Sequence[str], first_line: int):
        self.lines, self.first_line = lines, first_line
        self.asked: Counter[tuple[str, int]] = Counter()

    def line(self, word: str, within: range) -> int:
        """The line in the file; that of the block's beginning where the word is written otherwise there."""
        found = [number for number in within for _ in range(self.lines[number].count(word))]
        turn = self.asked[word, within.start]
        self.asked[word, within.start] += 1
        return self.first_line + (found[min(turn, len(found) - 1)] if found else within.start)


def check_text(
    document: Block, printed: Printed, source: str, file: str, first_line: int, picture: Callable[[str], bytes | None]
) -> list[Finding]:
    """All findings on one section's text, or on any other piece of Markdown that is printed.

    `document` and `printed` are what was made of `source`, which begins on `first_line` of `file`.
    """
    places = Places(source.split("\n"), first_line)
    findings = [*_check_blocks(document, file, first_line), *_check_tags(document, source, file, first_line)]
    for url, alt, within in printed.images:
        if advice := _check_image(url, alt, file, picture):
            findings.append(Finding(file, places.line(url, within), *advice))
    for url, within in printed.links:
        scheme = _SCHEME.match(url)
        if not url.startswith("#") and not (scheme and scheme[1].lower() in _OPENED):
            message = f'the link "{url}" leads to a file, which paper cannot follow'
            hint = "give a full web address, or delete the link"
            findings.append(Finding(file, places.line(url, within), message, hint))
    for text, within in printed.texts:
        for pattern, message, hint in _LEFT_OVER:
            for left in re.findall(pattern, text):
                findings.append(Finding(file, places.line(left, within), message.format(left), hint))
    return findings


def _check_blocks(document: Block, file: str, first_line: int) -> Iterator[Finding]:
    """Headings that are none or at a wrong level, fences that are not closed, code that was not meant."""
    level = 2
    for depth, block in document.walk():
        line = first_line + block.line
        if block.kind == "heading":
            yield from _check_heading(block, level, depth, file, line)
            level = max(2, block.level)
        elif block.kind == "code" and block.marker and not block.closed:
            message = "this block of code is never closed"
            yield Finding(file, line, message, f"close it with a line {block.marker}, or delete this one")
        elif block.kind == "code" and not block.marker:
            message = "four spaces more than the text above make this line code, not text"
            yield Finding(file, line, message, "take the spaces away; for code, put ``` above and below it")
        elif block.kind == "paragraph":
            for number, text in enumerate(block.lines):
                if re.match(r"#{2,6}[^\s#]", text):
                    message = "a heading needs a space after its signs"
                    signs = text[: len(text) - len(text.lstrip("#"))]
                    yield Finding(file, line + number, message, f"write {signs} and a space")
        elif depth > DEEPEST:
            yield Finding(file, line, f"this is nested more than {DEEPEST} levels deep", "use fewer levels")


def _check_heading(block: Block, level: int, depth: int, file: str, line: int) -> Iterator[Finding]:
    if block.marker:
        message = f'the line "{block.marker[:9]}" makes a heading of the text above it'
        hint = "write ## before a heading, and a blank line above a rule"
        yield Finding(file, line + len(block.lines), message, hint)
    elif depth > 1:
        hint = "leave a blank line and no spaces before it, or make it **bold**"
        yield Finding(file, line, "a heading stands inside a list or a quotation", hint)
    elif block.level == 1:
        message = "a heading of the first level stands in the text"
        yield Finding(file, line, message, "the title is in the front matter: delete this line, or write ##")
    elif block.level > level + 1:
        message = f"a heading of level {block.level} follows one of level {level}"
        yield Finding(file, line, message, f"write {'#' * (level + 1)}")
    elif not block.lines[0]:
        yield Finding(file, line, "this heading has no words", "add them, or delete the line")


def _check_tags(document: Block, source: str, file: str, first_line: int) -> Iterator[Finding]:
    opened: dict[str, list[int]] = {}
    for line, text in _without_code(document, source, first_line):
        for tag in _TAG.finditer(_AUTOLINK.sub("", text)):
            name = (tag["name"] or tag["open"]).lower().strip("/")
            if tag["name"] is None or name not in SMALL_TAGS:
                near = ", ".join(f"<{small}>" for small in SMALL_TAGS)
                message = f"the HTML tag {tag[0].strip()} is not printed"
                hint = f"write it in Markdown (of HTML only {near} are known); for the sign itself write &lt;"
                yield Finding(file, line, message, hint)
            elif tag["rest"].strip(" /"):
                message = f"the HTML tag <{name}> carries {tag['rest'].strip(' /')}, which is not printed"
                yield Finding(file, line, message, f"write <{name}> alone")
            elif name != "br" and not tag["slash"]:
                opened.setdefault(name, []).append(line)
            elif name != "br" and opened.get(name):
                opened[name].pop()
            elif name != "br":
                yield Finding(file, line, f"</{name}> closes nothing", f"delete it, or open <{name}> before")
    for name, lines in opened.items():
        for line in lines:
            yield Finding(file, line, f"<{name}> is never closed", f"add </{name}>")


def _without_code(document: Block, source: str, first_line: int) -> list[tuple[int, str]]:
    """Lines with their numbers, without blocks and spans of code, where brackets mean themselves."""
    lines = source.split("\n")
    for _, block in document.walk():
        if block.kind == "code":
            lines[block.line : block.end + 1] = [""] * (block.end + 1 - block.line)
    text = _CODE.sub(lambda span: "\n" * span[0].count("\n"), "\n".join(lines))
    return list(enumerate(text.split("\n"), first_line))


def _check_image(
    url: str, alt: str, file: str, picture: Callable[[str], bytes | None]
) -> tuple[str, str] | None:
    """What is wrong with an image, as a message and a hint."""
    if _SCHEME.match(url) or url.startswith("//"):
        shown = url if len(url) <= 60 else f"{url[:57]}…"
        hint = "save it beside this file and name it without an address"
        return f'the image "{shown}" is not a file of the project, and nothing is fetched', hint
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), url))
    if url.startswith("/") or not path.startswith("content/"):
        hint = "copy it beside this file and name it from here"
        return f'the image "{url}" lies outside the project\'s content', hint
    data = picture(path)
    if data is None:
        return f'the image "{url}" is missing', f"add {path}, or mend the name"
    if not data.lstrip().startswith(_PICTURES):
        return f'the image "{url}" is no picture that can be printed', "save it as PNG, JPEG or SVG"
    if not alt.strip():
        hint = "say in the square brackets what it shows, for readers who cannot see it"
        return f'the image "{url}" has no description', hint
    return None
