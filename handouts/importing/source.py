"""A foreign text read by markdown-it: its front matter, its blocks as a tree, and which HTML means what on paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from handouts.importing.leavings import Leavings

# The parser leaves out in silence what is nested deeper than it is told to go. It is told to go on until it cannot.
_DEEPEST = 1_000_000
_FENCES = {"---": ("---", "..."), "+++": ("+++",)}
_KEY = re.compile(r"""["']?([\w.-]+)["']?\s*[:=](?:\s+|$)(.*)""")
_TABLE = re.compile(r"<table\b.*?</table\s*>", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"^( {0,3})(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\2|\Z)", re.DOTALL | re.MULTILINE)
# ":::tip Title", "::: {.callout-note}", ":::{note} Title", ":::tip[Title]"
_BOX = re.compile(r"\{?\.?(?:callout-)?([A-Za-z][\w-]*)[^\s\[}]*\}?\s*(?:\[([^\]\n]*)\]|\"?([^\"\n{]*)\"?)")
_BOXES = """abstract admonition attention bug caution danger error example failure hint important info note question
quote seealso success summary tip todo warning"""
BOXES = frozenset(_BOXES.split())
_ALERT = re.compile(r"\[!(\w+)\][+-]?\s*")
# Elements that stand on lines of their own.
_BLOCKS = """address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset
figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html legend li link main menu meta nav ol optgroup option
p picture pre section source summary table tbody td tfoot th thead title tr ul"""
BLOCKS = frozenset(_BLOCKS.split())
# What stands in them is not for readers of paper: programs, and what is shown where those do not run.
PROGRAMS = frozenset({"script", "style", "template", "noscript"})
FRAMES = frozenset({"iframe", "video", "audio", "object", "embed", "canvas", "svg", "select", "textarea", "frameset"})
HIDDEN = PROGRAMS | (FRAMES - {"embed"})
_VOID = "area base br col embed hr img input link meta param source track wbr"
VOID = frozenset(_VOID.split())
# Our Markdown's signs for them.
SIGNS = {
    **dict.fromkeys(("em", "i", "cite", "var", "dfn"), "*"),
    **dict.fromkeys(("strong", "b"), "**"),
    **dict.fromkeys(("s", "del", "strike"), "~~"),
}
CODE = frozenset({"code", "kbd", "samp", "tt"})
_OTHERS = """a abbr acronym area base bdi bdo big br button data datalist font img input ins label map mark meter nobr
output param progress q rp rt ruby small span sub sup time track u wbr"""
_KNOWN = BLOCKS | PROGRAMS | FRAMES | VOID | SIGNS.keys() | CODE | frozenset(_OTHERS.split())


@dataclass(frozen=True)
class Source:
    """What a file holds: the title that its front matter gives, its tokens, and the lines that stand before them."""

    title: str
    tokens: list[Token]
    before: int


def read_source(text: str, file: str, left: Leavings) -> Source:
    """Read a foreign text. Of its front matter the title is taken, and all other keys are told.

    Raises RecursionError for a text nested deeper than the parser can follow.
    """
    title, body, before = _front_matter(text, file, left)
    # The plugins look one sign beyond the end of a line that is the last.
    return Source(title, _parser().parse(f"{_whole_tables(body)}\n\n"), before)


def parse(text: str) -> list[Token]:
    """The tokens of a piece of Markdown that stands in another one."""
    return _parser().parse(f"{text}\n\n")


def tree(tokens: list[Token]) -> SyntaxTreeNode:
    return SyntaxTreeNode(tokens)


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=False).use(deflist_plugin).use(admon_plugin)
    return md.use(container_plugin, "box", validate=lambda params, markup: bool(_BOX.match(params.strip())))


def box_of(info: str) -> tuple[str, str]:
    """The kind of a box in colons, and its title, which may be empty."""
    match = _BOX.match(info.strip())
    return (match[1], (match[2] or match[3] or "").strip()) if match else ("", "")


def alert_of(tokens: list[Token]) -> str:
    """The kind that the first words of a quotation give to it, "[!NOTE]", which are taken from its tokens; or ""."""
    texts = list(takewhile(lambda token: token.type in ("text", "text_special"), tokens))
    match = _ALERT.match("".join(token.content for token in texts))
    if match is None:
        return ""
    left = match.end()
    for token in texts:
        token.content, left = token.content[left:], max(0, left - len(token.content))
    return match[1]


def _front_matter(text: str, file: str, left: Leavings) -> tuple[str, str, int]:
    """The title of a front matter in YAML or TOML, the text under it, and the line that this begins after."""
    lines = text.split("\n")
    ends = _FENCES.get(lines[0].rstrip(), ())
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in ends), 0)
    head = lines[1:end]
    # A rule at the top of a text, and another one below it, make no front matter.
    if not end or not any(_KEY.match(line) for line in head):
        return "", text, 0
    title = ""
    for number, line in enumerate(head, 2):
        if match := _KEY.match(line):
            if match[1].lower() == "title" and not title:
                title = _value(match[2], head[number - 1 :])
            else:
                left.leave("front", file, number, example=match[1])
    return title, "\n".join(lines[end + 1 :]), end + 1


def _value(said: str, following: list[str]) -> str:
    """A value of one line without its quotes; one that is folded goes on below."""
    said = said.strip()
    if re.fullmatch(r"[>|][+-]?", said):
        rest = []
        for line in following:
            if not line.startswith((" ", "\t")):
                break
            rest.append(line.strip())
        return " ".join(rest)
    if match := re.match(r"\"((?:\\.|[^\"])*)\"|'((?:''|[^'])*)'", said):
        return (match[1] or match[2] or "").replace('\\"', '"').replace("''", "'")
    return re.sub(r"\s+#.*", "", said)


def _whole_tables(text: str) -> str:
    """Take blank lines out of HTML tables, which end a block of HTML and would leave half a table; all below stays on
    its lines."""
    code = [match.span() for match in _CODE.finditer(text)]

    def joined(match: re.Match[str]) -> str:
        if any(first <= match.start() < last for first, last in code):
            return match[0]
        blank = len(re.findall(r"\n(?=[ \t]*\n)", match[0]))
        return re.sub(r"\n(?:[ \t]*\n)+", "\n", match[0]) + "\n" * blank

    return _TABLE.sub(joined, text)


def is_element(tag: str) -> bool:
    """Whether a name between < and > is one of HTML; <your-name> is none, and meant to be read."""
    return tag.lower() in _KNOWN
