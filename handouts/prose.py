"""Markdown to HTML: named sections, cite marks, figures by id, and the small habits of good typesetting."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from xml.etree import ElementTree

import markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import ParagraphProcessor, ReferenceProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, AtomicString, code_escape

from handouts.blocks import Block, read_blocks
from handouts.findings import Finding
from handouts.model import Mark, Section
from handouts.proofreading import DEEPEST, Places, Printed, check_text
from handouts.typography import TEXT_BLOCKS, bind_last_words

_HEADING = re.compile(r"(?P<heading>.*?)\s*(?:\{#(?P<name>[\w-]+)\})?$")
_COMMENT = re.compile(
    r"^[ >]*(?P<fence>`{3,}|~{3,}).*?(?:^[ >]*(?P=fence)|\Z)"
    r"|(?P<tick>`+)(?!`)[^\n]+?(?<!`)(?P=tick)(?!`)|<!--.*?(?:-->|\Z)",
    re.DOTALL | re.MULTILINE,
)
_MARK = re.compile(r"\s*(?<!\\)\[(?:=(?P<figure>[\w-]+)|(?P<cites>@[\w-]+(?:\s*;\s*@[\w-]+)*))\]")
_NOTE = r"\s*\[\^([^\]\s]+)\]"
_TASK = re.compile(r"\[([ xX])\] (?=\S)")
_BOX = re.compile(r"\[!(.+)\]$")
_TAGS = {"quote": "blockquote", "item": "li", "terms": "dl", "term": "dt", "meaning": "dd"}
# Where an element of the tree keeps its lines until all is read; no Markdown can write these names.
_LINES, _NAME = "\x02lines", "\x02name"


def read_sections(
    source: str, file: str, first_line: int, picture: Callable[[str], bytes | None]
) -> tuple[list[Section], list[Finding]]:
    """Turn the Markdown under a front matter into named sections.

    `first_line` is the line of the file that `source` begins on. `picture` gives the bytes of a project file, or None
    where there is none, for images. Findings name what would be printed wrongly or not at all; nothing is dropped in
    silence.
    """
    findings: list[Finding] = []
    lines = _without_comments(source, file, first_line, findings).split("\n")
    sections: list[Section] = []
    notes: list[str] = []
    for heading, name, line, body in _split(lines, file, first_line, findings):
        for first in sections:
            if first.name == name:
                hint = f"rename it, or join it with the one on line {first.line}"
                findings.append(Finding(file, line, f"section {{#{name}}} is here twice", hint))
                break
        text = "\n".join(body)
        html, marks, found = read_text(text, file, line + 1, picture, notes)
        findings += found
        words = _render(heading, "", inline=True)[0].removeprefix("<p>").removesuffix("</p>")
        sections.append(Section(name=name, heading=words, html=html, line=line, marks=tuple(marks)))
    return sections, findings


def read_text(
    text: str, file: str, first_line: int, picture: Callable[[str], bytes | None], notes: list[str] | None = None
) -> tuple[str, list[Mark], list[Finding]]:
    """A piece of Markdown as HTML, with its marks and everything that is wrong with it. Its footnotes are numbered on
    from those in `notes`, and added to them."""
    document = read_blocks(text)
    html, printed = _render(text, posixpath.dirname(file), notes=notes)
    places = Places(text.split("\n"), first_line)
    marks = [
        Mark(keys=keys, figure=figure, line=places.line(("=" if figure else "@") + keys[0], within))
        for keys, figure, within in printed.marks
    ]
    return html, marks, check_text(document, printed, text, file, first_line, picture)


def render(source: str) -> str:
    """One piece of Markdown as HTML, unchecked.

    A mark becomes `<x-mark figure="id">` or `<x-mark cites="id id">`: the document that prints it knows its number.
    """
    return _render(source, "")[0]


def _render(
    source: str, folder: str, inline: bool = False, notes: list[str] | None = None
) -> tuple[str, Printed]:
    printed = Printed(notes=[] if notes is None else notes)
    converter = _Converter(inline, extensions=["tables", "smarty", _House(folder, printed)], output_format="html")
    return converter.convert(source), printed


def _split(
    lines: list[str], file: str, first_line: int, findings: list[Finding]
) -> list[tuple[str, str, int, list[str]]]:
    """Headings of the second level, the names of their sections, their lines in the file and the lines under them."""
    document = read_blocks("\n".join(lines))
    starts = [block for block in document.children if block.kind == "heading" and block.level == 2 and not block.marker]
    before = document.children[0] if document.children else None
    if before and before not in starts:
        message = "text stands before the first section"
        hint = 'put it under a heading such as "## What you will do {#duties}"'
        if before.kind == "heading" and before.level == 1:
            message = "a heading of the first level stands in the text"
            hint = "the title is in the front matter: delete this line"
        findings.append(Finding(file, first_line + before.line, message, hint))
    sections = []
    for number, block in enumerate(starts):
        line = first_line + block.line
        match = _HEADING.match(block.lines[0])
        heading = match["heading"]
        # The first section may have a name alone, where its format prints one without a heading.
        if not heading and (number or not match["name"]):
            findings.append(Finding(file, line, "this heading has no words", "write them after ##"))
        if re.search(r"[{}]", heading):
            hint = "write it last on the line, such as {#duties}: one word in small letters, or several with hyphens"
            findings.append(Finding(file, line, f'the name of the section "{heading}" is not understood', hint))
        if re.search(r"\[[@=]", heading):
            findings.append(Finding(file, line, "a heading carries no marks", "move the mark into the text under it"))
        name = match["name"] or re.sub(r"[^\w]+", "-", heading.lower()).strip("-")
        end = starts[number + 1].line if number + 1 < len(starts) else len(lines)
        sections.append((heading, name, line, lines[block.line + 1 : end]))
    return sections


def _without_comments(source: str, file: str, first_line: int, findings: list[Finding]) -> str:
    """Cut `<!-- … -->`, keeping the line count, and leaving code alone."""

    def cut(match: re.Match[str]) -> str:
        if not match[0].startswith("<!--"):
            return match[0]
        if not match[0].endswith("-->") or len(match[0]) < 7:
            line = first_line + source.count("\n", 0, match.start())
            findings.append(Finding(file, line, "this comment is never closed", "close it with -->"))
        return "\n" * match[0].count("\n")

    return _COMMENT.sub(cut, source)


class _Converter(markdown.Markdown):
    """Python-Markdown with CommonMark's blocks in place of its own. With `inline`, a text is one paragraph."""

    def __init__(self, inline: bool, **options: object):
        self.inline = inline
        super().__init__(**options)

    def build_parser(self) -> markdown.Markdown:
        super().build_parser()
        # Raw HTML blocks would swallow all Markdown up to a closing tag; without them a stray tag stays where it is.
        self.preprocessors.deregister("html_block")
        self.inlinePatterns.deregister("html")
        self.parser = _Blocks(self)
        self.parser.blockprocessors.register(ReferenceProcessor(self.parser), "reference", 15)
        self.parser.blockprocessors.register(ParagraphProcessor(self.parser), "paragraph", 10)
        return self


class _Blocks(BlockParser):
    """Grows the tree from `read_blocks`; only paragraphs, link definitions and tables are left to Python-Markdown."""

    def parseDocument(self, lines: list[str]) -> ElementTree.ElementTree:
        self.root = ElementTree.Element(self.md.doc_tag)
        if self.md.inline:
            self._paragraph(self.root, Block("paragraph", 0, 0, lines))
        else:
            notes = ElementTree.Element("ol", {"class": "notes"})
            self._grow(self.root, read_blocks("\n".join(lines)), 0, notes)
            self.root.extend([notes] if len(notes) else [])
        return ElementTree.ElementTree(self.root)

    def _grow(self, parent: ElementTree.Element, block: Block, depth: int, notes: ElementTree.Element) -> None:
        for child in block.children:
            if child.kind == "paragraph":
                self._paragraph(parent, child)
            elif child.kind == "heading":
                element = ElementTree.SubElement(parent, f"h{child.level}")
                element.text = " ".join(child.lines)
                self._remember(element, child)
            elif child.kind == "code":
                code = ElementTree.SubElement(ElementTree.SubElement(parent, "pre"), "code")
                code.text = AtomicString(code_escape("\n".join(child.lines) + "\n"))
            elif child.kind == "rule":
                ElementTree.SubElement(parent, "hr")
            elif child.kind == "note":
                note = ElementTree.SubElement(notes, "li", {_NAME: child.marker})
                self._grow(note, child, depth + 1, notes)
                _tighten([note])
            elif depth <= DEEPEST:
                tag = _TAGS.get(child.kind) or ("ol" if child.ordered else "ul")
                element = ElementTree.SubElement(parent, tag, _told(child))
                if child.start != 1:
                    element.set("start", str(child.start))
                if child.kind == "term":
                    element.text = " ".join(child.lines)
                self._grow(element, child, depth + 1, notes)
                if child.kind in ("list", "terms") and not child.loose:
                    _tighten(element)

    def _paragraph(self, parent: ElementTree.Element, block: Block) -> None:
        lines = [re.sub(r"(?<!\\)((?:\\\\)*)\\$", r"\1  ", line) for line in block.lines[:-1]] + block.lines[-1:]
        table = "table" in self.blockprocessors and self.blockprocessors["table"]
        # A table may stand right under the words that lead to it.
        for start in range(len(lines) if table and not self.md.inline else 0):
            if "|" in lines[start] and table.test(parent, "\n".join(lines[start:])):
                break
        else:
            start = len(lines)
        for first, part in ((0, lines[:start]), (start, lines[start:])):
            count = len(parent)
            self.parseBlocks(parent, ["\n".join(part)] if part else [])
            for element in parent[count:]:
                within = Block("paragraph", block.line + first, block.line + first + len(part) - 1)
                self._remember(element, within)

    def _remember(self, element: ElementTree.Element, block: Block) -> None:
        element.set(_LINES, f"{block.line} {block.end + 1}")


def _told(block: Block) -> dict[str, str]:
    """What the first line of an item or a quotation says it is: a task, a box with its title. That becomes words."""
    first = block.children[0] if block.children else block
    if first.kind == "paragraph" and block.kind == "item" and (task := _TASK.match(first.lines[0])):
        first.lines[0] = f"{'☑' if task[1].strip() else '☐'} {first.lines[0][4:]}"
        return {"class": "task"}
    if first.kind == "paragraph" and block.kind == "quote" and (box := _BOX.match(first.lines[0])):
        title = box[1].capitalize() if box[1].isupper() else box[1]
        rest = Block("paragraph", first.line + 1, first.end, first.lines[1:])
        head = Block("paragraph", first.line, first.line, [f"**{title}**"])
        block.children[:1] = [head, rest] if rest.lines else [head]
        return {"class": "box"}
    return {}


def _tighten(items: Iterable[ElementTree.Element]) -> None:
    """Take the paragraph from around the words of each item of a list without blank lines."""
    for item in items:
        if len(item) and item[0].tag == "p":
            words = item[0]
            item.text, item[:1] = words.text, list(words)
            item.set(_LINES, words.get(_LINES, "0 0"))


class _House(Extension):
    """Our marks, images by project path, and no lonely last word."""

    def __init__(self, folder: str, printed: Printed):
        super().__init__()
        self.folder, self.printed = folder, printed

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        md.inlinePatterns.register(_MarkProcessor(_MARK.pattern, md), "house-mark", 185)
        md.inlinePatterns.register(_NoteProcessor(_NOTE, md), "house-note", 184)
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(~~)(?=\S)(.+?)(?<=\S)~~", "del"), "house-del", 55)
        md.inlinePatterns.register(_SmallTag(r"<(br|sub|sup)\s*/?>(?:(.*?)</\1>)?", md), "house-tag", 95)
        md.treeprocessors.register(_Typesetter(self.folder, self.printed, md), "house-typesetter", 1)


class _MarkProcessor(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:
        figure, cites = m[1], m[2]
        attributes = {"figure": figure} if figure else {"cites": " ".join(re.findall(r"[\w-]+", cites))}
        element = ElementTree.Element("x-mark", attributes)
        # A figure stands in the sentence like a word; a cite mark sticks to the word before it.
        start = m.start(0) if cites else m.end(0) - len(m[0].lstrip())
        return element, start, m.end(0)


class _NoteProcessor(InlineProcessor):
    """The mark of a footnote that has its text in the same section; its number is known when all is read."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element | None, int | None, int | None]:
        if not any(item.get(_NAME) == m[1] for item in self.md.parser.root.iterfind("ol/li")):
            return None, None, None
        return ElementTree.Element("sup", {"class": "cite", _NAME: m[1]}), m.start(0), m.end(0)


class _SmallTag(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:
        element = ElementTree.Element(m[1])
        if m[1] != "br":
            element.text = m[2]
        return element, m.start(0), m.end(0)


class _Typesetter(Treeprocessor):
    """Runs last: notes what is printed, points images into the project, binds the last two words of every block."""

    def __init__(self, folder: str, printed: Printed, md: markdown.Markdown):
        super().__init__(md)
        self.folder, self.printed = folder, printed

    def run(self, root: ElementTree.Element) -> None:
        self._number(root)
        self._note(root, range(1))
        for element in root.iter():
            if element.tag == "img":
                element.set("src", "/" + posixpath.normpath(posixpath.join(self.folder, element.get("src", ""))))
            elif element.tag in TEXT_BLOCKS:
                bind_last_words(element)

    def _number(self, root: ElementTree.Element) -> None:
        """Number footnotes as they are first met, and put their texts in that order, those that nobody asks
        for last."""
        numbers: dict[str, int] = {}
        for mark in [element for element in root.iter("sup") if _NAME in element.attrib]:
            name = mark.attrib.pop(_NAME)
            if name not in numbers:
                self.printed.notes.append(name)
                numbers[name] = len(self.printed.notes)
            mark.text = str(numbers[name])
        for texts in root.iterfind("ol[@class='notes']"):
            last = len(self.printed.notes)
            texts[:] = sorted(texts, key=lambda item: numbers.get(item.get(_NAME), last + 1))
            texts.set("start", str(last - len(numbers) + 1))
            for item in texts:
                item.attrib.pop(_NAME)

    def _note(self, element: ElementTree.Element, within: range) -> None:
        if _LINES in element.attrib:
            within = range(*map(int, element.attrib.pop(_LINES).split()))
        if element.tag == "code":
            return
        if element.tag == "img":
            self.printed.images.append((_plain(element.get("src", "")), element.get("alt", ""), within))
        elif element.tag == "a" and not element.get("href", "").startswith(AMP_SUBSTITUTE):
            self.printed.links.append((_plain(element.get("href", "")), within))
        elif element.tag == "x-mark":
            keys = element.get("figure") or element.get("cites", "")
            self.printed.marks.append((tuple(keys.split()), "figure" in element.attrib, within))
        self.printed.texts += [(element.text, within)] if element.text else []
        for child in element:
            self._note(child, within)
            self.printed.texts += [(child.tail, within)] if child.tail else []


def _plain(address: str) -> str:
    return address.replace(AMP_SUBSTITUTE, "&")
