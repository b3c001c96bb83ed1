"""Markdown to HTML: named sections, cite marks, figures by id, and the small habits of good typesetting."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from difflib import get_close_matches
from xml.etree import ElementTree

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from handouts.findings import Finding
from handouts.lists import normalise_lists
from handouts.model import Mark, Section
from handouts.quantities import NO_BREAK

_HEADING = re.compile(r"##\s+(?P<heading>.*?)\s*(?:\{#(?P<name>[\w-]+)\})?\s*#*\s*$")
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_MARK = re.compile(r"\s*\[(?:=(?P<figure>[\w-]+)|(?P<cites>@[\w-]+(?:\s*;\s*@[\w-]+)*))\]")
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\(\s*<?(?P<url>[^)\s>]*)>?[^)]*\)")
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][\w-]*)(?P<rest>[^<>]*)>|<(?P<open>/?[A-Za-z][\w-]*)(?=\s|$)")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^\s<>]+>|<[\w.+-]+@[\w.-]+>")
_SMALL_TAGS = frozenset({"br", "sub", "sup"})
_TEXT_BLOCKS = frozenset({"p", "li", "h3", "h4", "h5", "h6", "td", "th"})
_STRAIGHT = re.compile(r"['\"]|--|\.\.\.")
_MOST_NAMED = 15
_EXTENSIONS = ("tables", "attr_list", "sane_lists", "smarty", "fenced_code")
# A last line of one short word looks like a mistake; a long one holds its line.
_LONGEST_BOUND_PAIR = 22


def read_sections(
    source: str, file: str, first_line: int, has_file: Callable[[str], bool]
) -> tuple[list[Section], list[Finding]]:
    """Turn the Markdown under a front matter into named sections.

    `first_line` is the line of the file that `source` begins on. `has_file` tells whether a project path exists, for
    images. Findings name what would be printed wrongly or not at all; nothing is dropped in silence.
    """
    findings: list[Finding] = []
    lines = _without_comments(source, file, first_line, findings).split("\n")
    blocks = _split(lines, file, first_line, findings)
    sections = []
    for heading, name, line, body in blocks:
        findings += _check_markup(body, file, line + 1, has_file)
        html, marks = render("\n".join(body), file, line + 1)
        sections.append(Section(name=name, heading=_inline(heading), html=html, line=line, marks=tuple(marks)))
    seen: dict[str, int] = {}
    for section in sections:
        if section.name in seen:
            findings.append(
                Finding(
                    file,
                    section.line,
                    f"section {{#{section.name}}} is here twice",
                    f"rename it, or join it with the one on line {seen[section.name]}",
                )
            )
        seen.setdefault(section.name, section.line)
    return sections, findings


def render(source: str, file: str = "", first_line: int = 1) -> tuple[str, list[Mark]]:
    """One piece of Markdown as HTML, with the marks it holds and their lines.

    A mark becomes `<x-mark figure="id">` or `<x-mark cites="id id">`: the document that prints it knows its number.
    """
    folder = posixpath.dirname(file)
    converter = markdown.Markdown(extensions=[*_EXTENSIONS, _House(folder)], output_format="html")
    html = converter.convert(normalise_lists(source))
    return html, _marks(source.split("\n"), first_line)


def _inline(text: str) -> str:
    """A heading's words with real quotes, without the paragraph around them."""
    html = render(text)[0]
    return html.removeprefix("<p>").removesuffix("</p>")


def _split(
    lines: list[str], file: str, first_line: int, findings: list[Finding]
) -> list[tuple[str, str, int, list[str]]]:
    blocks: list[tuple[str, str, int, list[str]]] = []
    fence = ""
    for number, line in enumerate(lines, first_line):
        if match := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or match[1]
        heading = None if fence else _HEADING.match(line)
        if heading:
            name = heading["name"] or re.sub(r"[^\w]+", "-", heading["heading"].lower()).strip("-")
            blocks.append((heading["heading"], name, number, []))
        elif blocks:
            blocks[-1][3].append(line)
        elif line.startswith("# "):
            findings.append(
                Finding(
                    file,
                    number,
                    "a heading of the first level stands in the text",
                    "the title is in the front matter: delete this line",
                )
            )
        elif line.strip():
            findings.append(
                Finding(
                    file,
                    number,
                    "text stands before the first section",
                    'put it under a heading such as "## What you will do {#duties}"',
                )
            )
    return blocks


def _without_comments(source: str, file: str, first_line: int, findings: list[Finding]) -> str:
    """Cut `<!-- … -->`, keeping the line count."""
    cut = re.sub(r"<!--.*?-->", lambda match: "\n" * match[0].count("\n"), source, flags=re.DOTALL)
    if (at := cut.find("<!--")) >= 0:
        findings.append(
            Finding(file, first_line + cut.count("\n", 0, at), "this comment is never closed", "close it with -->")
        )
    return cut


def _visible(lines: list[str], first_line: int) -> list[tuple[int, str]]:
    """Lines with their numbers, without fenced code and code spans, where brackets mean themselves."""
    kept, fence = [], ""
    for number, line in enumerate(lines, first_line):
        if match := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or match[1]
        elif not fence:
            kept.append((number, _CODE.sub("", line)))
    return kept


def _marks(lines: list[str], first_line: int) -> list[Mark]:
    marks = []
    for number, line in _visible(lines, first_line):
        for match in _MARK.finditer(line):
            keys = (match["figure"],) if match["figure"] else tuple(_cited(match["cites"]))
            marks.append(Mark(keys=keys, figure=bool(match["figure"]), line=number))
    return marks


def _cited(text: str) -> list[str]:
    return [key.strip().removeprefix("@") for key in text.split(";")]


def _check_markup(lines: list[str], file: str, first_line: int, has_file: Callable[[str], bool]) -> list[Finding]:
    findings: list[Finding] = []
    opened: dict[str, list[int]] = {}
    for number, line in _visible(lines, first_line):
        for link in _LINK.finditer(line):
            findings += _check_address(link, file, number, has_file)
        for tag in _TAG.finditer(_AUTOLINK.sub("", line)):
            name = (tag["name"] or tag["open"]).lower().strip("/")
            if tag["name"] is None or name not in _SMALL_TAGS:
                near = ", ".join(f"<{small}>" for small in sorted(_SMALL_TAGS))
                findings.append(
                    Finding(
                        file,
                        number,
                        f"the HTML tag {tag[0].strip()} is not printed",
                        f"write it in Markdown (of HTML only {near} are known); for the sign itself write &lt;",
                    )
                )
            elif name != "br" and tag["slash"]:
                if opened.get(name):
                    opened[name].pop()
                else:
                    findings.append(
                        Finding(file, number, f"</{name}> closes nothing", f"delete it, or open <{name}> before")
                    )
            elif name != "br":
                opened.setdefault(name, []).append(number)
    findings += [
        Finding(file, number, f"<{name}> is never closed", f"add </{name}>")
        for name, numbers in opened.items()
        for number in numbers
    ]
    return findings


def _check_address(link: re.Match[str], file: str, line: int, has_file: Callable[[str], bool]) -> list[Finding]:
    url, image = link["url"], bool(link["image"])
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", url, re.IGNORECASE)
    if not image:
        if url.startswith("#") or (scheme and scheme[1].lower() in {"http", "https", "mailto", "tel"}):
            return []
        return [
            Finding(
                file,
                line,
                f'the link "{url}" leads to a file, which paper cannot follow',
                "give a full web address, or delete the link",
            )
        ]
    if scheme or url.startswith("//"):
        return [
            Finding(
                file,
                line,
                f'the image "{url}" is not a file of the project, and nothing is fetched',
                "save it beside this file and name it without an address",
            )
        ]
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), url))
    if url.startswith("/") or not path.startswith("content/"):
        return [
            Finding(
                file,
                line,
                f'the image "{url}" lies outside the project\'s content',
                "copy it beside this file and name it from here",
            )
        ]
    if not has_file(path):
        return [Finding(file, line, f'the image "{url}" is missing', f"add {path}, or mend the name")]
    if not link["text"].strip():
        return [
            Finding(
                file,
                line,
                f'the image "{url}" has no description',
                "say in the square brackets what it shows, for readers who cannot see it",
            )
        ]
    return []


def typeset(value: object) -> object:
    """Plain text with real quotes and dashes; anything else, and addresses, as they are.

    Templates pass every value they print through this: front matter and TOML are typed with straight quotes.
    """
    if type(value) is not str or "://" in value or not _STRAIGHT.search(value):
        return value
    text = re.sub(r"(?<=\s)--(?=\s)", "\u2013", value.replace("---", "\u2014").replace("...", "\u2026"))
    text = re.sub(r"(^|[\s(\[\u2013\u2014\u201c])'", "\\1\u2018", text).replace("'", "\u2019")
    return re.sub(r'(^|[\s(\[\u2013\u2014\u2018])"', "\\1\u201c", text).replace('"', "\u201d")


def nearest(word: str, known: list[str]) -> str:
    """Advice that names the nearest known word, or all of them when none is near: ready to print as a hint."""
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]}?"
    some = ", ".join(known[:_MOST_NAMED]) + (" …" if len(known) > _MOST_NAMED else "")
    return f"known are: {some}" if known else "there are none yet"


class _House(Extension):
    """Our marks, images by project path, no raw HTML, and no lonely last word."""

    def __init__(self, folder: str):
        super().__init__()
        self.folder = folder

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        # Raw HTML blocks swallow all Markdown up to a closing tag; without them a stray tag stays where it is.
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_MarkProcessor(_MARK.pattern, md), "house-mark", 185)
        md.inlinePatterns.register(_SmallTag(r"<(br|sub|sup)\s*/?>(?:(.*?)</\1>)?", md), "house-tag", 95)
        md.treeprocessors.register(_Typesetter(self.folder, md), "house-typesetter", 1)


class _MarkProcessor(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:
        figure, cites = m[1], m[2]
        attributes = {"figure": figure} if figure else {"cites": " ".join(_cited(cites))}
        element = ElementTree.Element("x-mark", attributes)
        # A figure stands in the sentence like a word; a cite mark sticks to the word before it.
        start = m.start(0) if cites else m.end(0) - len(m[0].lstrip())
        return element, start, m.end(0)


class _SmallTag(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[ElementTree.Element, int, int]:
        element = ElementTree.Element(m[1])
        if m[1] != "br":
            element.text = m[2]
        return element, m.start(0), m.end(0)


class _Typesetter(Treeprocessor):
    """Runs last: points images into the project and binds the last two words of every block."""

    def __init__(self, folder: str, md: markdown.Markdown):
        super().__init__(md)
        self.folder = folder

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            if element.tag == "img":
                element.set("src", "/" + posixpath.normpath(posixpath.join(self.folder, element.get("src", ""))))
            elif element.tag in _TEXT_BLOCKS:
                _bind_last_words(element)


def _bind_last_words(block: ElementTree.Element) -> None:
    """Put a no-break space before a block's last word, unless the pair is long enough to be a line of its own."""
    after = ""
    for holder, name in reversed(list(_texts(block))):
        text = getattr(holder, name) or ""
        head, space, tail = text.rstrip().rpartition(" ")
        if space:
            pair = head.rpartition(" ")[2] + tail + after
            if len(pair) <= _LONGEST_BOUND_PAIR and " " in head:
                setattr(holder, name, head + NO_BREAK + text[len(head) + 1 :])
            return
        after = text.strip() + after


def _texts(element: ElementTree.Element) -> list[tuple[ElementTree.Element, str]]:
    """Places that hold a block's own text, in reading order; blocks inside it look after themselves."""
    found = [(element, "text")]
    for child in element:
        if child.tag not in _TEXT_BLOCKS and child.tag not in {"ul", "ol", "table", "pre"}:
            found += _texts(child)
        found.append((child, "tail"))
    return found
