"""What stands in a line: words, emphasis, links, pictures and small tags, written as Markdown of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

from markdown_it.token import Token

from handouts.importing import pieces
from handouts.importing.leavings import Leavings, words_in
from handouts.importing.pieces import Piece
from handouts.importing.signs import icon_word, icons, name_of, printable
from handouts.importing.source import BLOCKS, CODE, FRAMES, HIDDEN, PROGRAMS, SIGNS, VOID, is_element

_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)([^>]*?)(/?)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_VARIABLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
# "{#id}", "{: .class}", "{ width=300 }" right behind what they are for.
ATTRIBUTES = re.compile(r"\s?\{(?:\s*[:.#][^{}\n]*|\s*[\w-]+=[^{}\n]*)\}")
_ELSEWHERE = re.compile(r"(?!127\.|0\.)[^\s/]*[^\s/.]\.[^\s/.][^\s/]*")
_OPENED = frozenset({"http", "https", "mailto", "tel"})
_BADGE = re.compile(r"shields\.io|badge|travis-ci|codecov|circleci|coveralls|readthedocs\.org/projects|/workflows/")
# Words that tell nobody where a link leads, on paper least of all: the address is printed after them.
_VAGUE = re.compile(r"(click )?here|click|(this )?link|this|((read|learn|see) )?more", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ESCAPED = re.compile(r"[\\`*\[\]|]|(?<![^\W_])_|_(?![^\W_])|(?<!\S)--(?=\w)|\{(?=[:.#])|~(?=~)|(?<=~)~|<")
_TOKENS = {"em": "*", "strong": "**", "s": "~~"}
_STRICTLY = re.compile(r"[!-/:-@\[-`{-~]")
_OPENING = re.compile(r"([#>]|[+~:-](?=\s|$)|-(?=[-\s]*$)|=(?=[=\s]*$)|\d+(?=[.)](?:\s|$)))")


@dataclass
class Page:
    """What is known of the file that is written: its name, what is left of it, and how its pictures are found.

    `place` gives a picture's name beside our file, or "" for one that cannot be printed. `notes` maps the names of
    footnotes to ours, `texts` ours to the lines of their texts. A `careful` page keeps words alone.
    """

    file: str
    left: Leavings
    place: Callable[[str], str]
    careful: bool = False
    line: int = 0
    notes: dict[str, str] = field(default_factory=dict)
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def leave(self, kind: str, example: str = "", text: str = "", items: int = 0) -> None:
        self.left.leave(kind, self.file, self.line, example, text, items)

    def note(self, label: str) -> str:
        """Our name for a footnote: letters and digits, and no other's."""
        if label not in self.notes:
            stem = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-") or "note"
            taken = self.notes.values()
            numbered = (f"{stem}-{number}" for number in range(2, len(self.notes) + 3))
            self.notes[label] = next(name for name in (stem, *numbered) if name not in taken)
        return self.notes[label]

    def printable(self, words: str) -> str:
        """Words without what our fonts lack."""
        words, gone, lacking = printable(words)
        for sign in gone:
            self.leave("emoji", sign)
        if lacking:
            self.leave("letters", "".join(dict.fromkeys(lacking))[:8])
        return words

    def text(self, words: str, alone: bool = False) -> str:
        """Words that mean themselves: escaped where ours would read them as signs, and without what our fonts lack.

        Icons and emoji are left out, but where they stand `alone` printed as words.
        """
        for match in reversed(icons(words)):
            self.leave("icons", match[0], "" if alone else match[1])
            after = ATTRIBUTES.match(words, match.end())
            if after:
                self.leave("attributes", after[0], after[0])
            word = icon_word(match[1]) if alone else ""
            if alone:
                self.left.words.update(words_in(match[1].removesuffix(word)))
            words = words[: match.start()] + word + words[after.end() if after else match.end() :]
        gone = printable(words)[1] if alone else []
        words = self.printable(words)
        if gone and not words_in(words):
            words = f"{words.strip()} {' '.join(dict.fromkeys(map(name_of, gone)))}".strip()
        for match in _VARIABLE.finditer(words):
            self.leave("variables", match[0])
        return escaped(words, self.careful)


def coded(content: str, page: Page, info: str = "") -> Piece:
    """A block of code with tabs as spaces, and without what our fonts lack."""
    return pieces.code(page.printable(content.expandtabs(4)), info)


def escaped(words: str, strictly: bool = False) -> str:
    """A text that our reader gives back as it is; `strictly` leaves no sign to chance."""
    if strictly:
        return _STRICTLY.sub(lambda sign: sign[0] if sign[0] in ",;" else f"&#{ord(sign[0])};", words)
    return _ESCAPED.sub(_sign, _ENTITY.sub("&amp;", words))


def _sign(match: re.Match[str]) -> str:
    sign = match[0]
    if sign == "<":
        return "&lt;"
    if sign == "~":
        return "&#126;"
    return r"\-\-" if sign == "--" else f"\\{sign}"


def guarded(text: str) -> str:
    """Lines of a paragraph, none of which begins as a heading, a list, a rule or a quotation would."""
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join(_OPENING.sub(_guard, line, count=1) if _OPENING.match(line) else line for line in lines if line)


def _guard(match: re.Match[str]) -> str:
    # The sign after a number is what makes it a list.
    return f"{match[1]}\\" if match[1].isdigit() else f"&#{ord(match[1])};"


def heading(words: str) -> str:
    """The words of a heading on one line, in which neither marks nor names may stand, not even in code."""
    line = " ".join(words.replace("<br>", " ").split())

    def spelled(span: re.Match[str]) -> str:
        return escaped(span[2].strip(), strictly=True) if re.search(r"[{}\[]", span[2]) else span[0]

    line = re.sub(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", spelled, line)
    return re.sub(r"\\?([{}])|\\(\[)", lambda sign: f"&#{ord(sign[1] or sign[2])};", line)


def plain(tokens: Sequence[Token]) -> str:
    """The words of a line without any signs."""
    parts = []
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(plain(token.children or []))
        elif token.type in ("text", "code_inline", "text_special") or _is_no_tag(token):
            parts.append(token.content)
    return "".join(parts)


def _is_no_tag(token: Token) -> bool:
    """Whether what stands between < and > is no element of HTML: <your-name>."""
    tag = _TAG.fullmatch(token.content) if token.type == "html_inline" else None
    return tag is not None and not is_element(tag[2])


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes of a tag, by small names."""
    found = _ATTRIBUTE.finditer(tag)
    return {match[1].lower(): unescape(match[2] or match[3] or match[4] or "") for match in found}


def write_inline(tokens: Sequence[Token], page: Page) -> str:
    """The Markdown of one block's line; a break that is forced is <br>, one that is not is a newline."""
    said = plain(tokens)
    without = said
    for match in reversed(icons(said)):
        without = without[: match.start()] + without[match.end() :]
    return _Writer(page, alone=not words_in(without)).write(tokens)


class _Writer:
    def __init__(self, page: Page, alone: bool):
        self.page, self.alone = page, alone

    def write(self, tokens: Sequence[Token]) -> str:
        out: list[str] = []
        at = 0
        while at < len(tokens):
            text, at = self._one(tokens, at)
            out.append(text)
        return "".join(out)

    def _one(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """What the token at a place is written as, and the place to go on from."""
        token, page = tokens[at], self.page
        match token.type:
            case "text" | "text_special":
                words = token.content
                if at and tokens[at - 1].type in ("image", "link_close", "code_inline"):
                    while (mark := ATTRIBUTES.match(words)) and not mark[0].startswith("{{"):
                        page.leave("attributes", mark[0], mark[0])
                        words = words[mark.end() :]
                return page.text(words, self.alone), at + 1
            case "softbreak":
                return "\n", at + 1
            case "hardbreak":
                return "<br>\n", at + 1
            case "code_inline":
                return self.code(token.content), at + 1
            case "link_open":
                end = _closing(tokens, at, "link_open", "link_close")
                return self.link(tokens[at + 1 : end], str(token.attrs.get("href", ""))), end + 1
            case "image":
                return self.image(str(token.attrs.get("src", "")), plain(token.children or [])), at + 1
            case "footnote_ref":
                return f"[^{page.note(str(token.meta.get('label', '')))}]", at + 1
            case "html_inline":
                return self._tag(tokens, at)
        sign = _TOKENS.get(token.type.removesuffix("_open").removesuffix("_close"), "")
        return self._sign(sign), at + 1

    def _sign(self, sign: str) -> str:
        return "" if self.page.careful else sign

    def code(self, content: str) -> str:
        words = self.page.printable(content.replace("\n", " ").expandtabs(4))
        # Blanks at its edges would be lost, and the word with them that it stands beside.
        lead, tail = (" " if words[:1] == " " else ""), (" " if words[-1:] == " " else "")
        words = words.strip()
        if self.page.careful or not words:
            return f"{lead}{escaped(words, strictly=True)}{tail}"
        longest = max(map(len, re.findall("`+", words)), default=0)
        pad = " " if words.startswith("`") or words.endswith(("`", "\\")) else ""
        return f"{lead}{'`' * (longest + 1)}{pad}{words}{pad}{'`' * (longest + 1)}{tail}"

    def link(self, inside: Sequence[Token], address: str) -> str:
        words, said = self.write(inside), " ".join(plain(inside).split())
        whole = _is_whole(address)
        if self.page.careful or not whole:
            if not whole and words.strip():
                self.page.leave("followed", address)
            return words
        href = re.sub(r"[()<>\"\\\[\]*`\s{}|^]", lambda sign: f"%{ord(sign[0]):02X}", address)
        if not words.strip() or "![" in words:
            return words
        if said in (address, href) and href.startswith("http"):
            return f"<{href}>"
        if _VAGUE.fullmatch(said.strip(" .:!»→>")):
            return f"{words} (<{href}>)" if href.startswith("http") else words
        lead, tail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        inner = re.sub(r"^[@=]", lambda sign: f"&#{ord(sign[0])};", words.strip())
        return f"{lead}[{inner}]({href}){tail}"

    def image(self, source: str, said: str) -> str:
        page, words = self.page, " ".join(said.split())
        if re.match(r"(?:[a-z][a-z0-9+.-]*:)?//|data:", source, re.IGNORECASE):
            if _BADGE.search(source):
                page.leave("badges", words or source, words)
                return ""
            page.leave("remote", words or source)
            return f" {page.text(words)} "
        place = page.place(source)
        if not place:
            page.leave("missing", source)
            return f" {page.text(words)} "
        if not words_in(words):
            page.leave("undescribed", source)
            words = re.sub(r"[\W_]+", " ", place.rpartition("/")[2].rpartition(".")[0]).strip() or "picture"
        # Its signs are escaped as in any text; a line's end would end it.
        return f"![{page.text(words)}](<{place}>)" if " " in place else f"![{page.text(words)}]({place})"

    def _tag(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """A tag within a line: small ones are ours, others stand for signs of Markdown or show nothing on paper."""
        match = _TAG.fullmatch(tokens[at].content)
        if match is None:
            return "", at + 1
        name, closes, attributes = match[2].lower(), bool(match[1]), attributes_of(match[3])
        if not is_element(name):
            return self.page.text(tokens[at].content), at + 1
        if name in BLOCKS and name not in HIDDEN:
            if name == "li" and not closes:
                self.page.leave("cells", items=1)
            return " ", at + 1
        if name == "br":
            return "<br>", at + 1
        if name == "img":
            return self.image(attributes.get("src", ""), attributes.get("alt", "")), at + 1
        if closes or name in VOID or match[4]:
            if name in FRAMES and not closes:
                self.page.leave("frames", name)
            return "", at + 1
        end = _end_of_tag(tokens, at, name)
        if (name in HIDDEN or name in FRAMES) and end < len(tokens):
            self.page.leave("programs" if name in PROGRAMS else "frames", name)
            return "", end + 1
        inside = tokens[at + 1 : end]
        if name == "a" and end < len(tokens):
            return self.link(inside, attributes.get("href", "")), end + 1
        if name in CODE and end < len(tokens):
            return self.code(plain(inside)), end + 1
        words = self.write(inside)
        if end == len(tokens) or not words.strip():
            return words, end + 1
        if name in ("sub", "sup") and "<" not in words and not self.page.careful:
            return f"<{name}>{words.strip()}</{name}>", end + 1
        if sign := self._sign(SIGNS.get(name, "")):
            lead, tail = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
            return f"{lead}{sign}{words.strip()}{sign}{tail}", end + 1
        return words, end + 1


def _closing(tokens: Sequence[Token], at: int, opening: str, closing: str) -> int:
    depth = 0
    for place in range(at, len(tokens)):
        depth += (tokens[place].type == opening) - (tokens[place].type == closing)
        if depth == 0:
            return place
    return len(tokens)


def _end_of_tag(tokens: Sequence[Token], at: int, name: str) -> int:
    """Where the tag that is opened at a place is closed; the end of the line where it is not."""
    depth = 0
    for place in range(at, len(tokens)):
        tag = _TAG.fullmatch(tokens[place].content) if tokens[place].type == "html_inline" else None
        if tag and tag[2].lower() == name and not tag[4]:
            depth += -1 if tag[1] else 1
            if depth == 0:
                return place
    return len(tokens)


def _is_whole(address: str) -> bool:
    """Whether a link can be followed from anywhere: an address of the web, of mail or of a telephone, and not one of
    the writer's own computer, such as localhost."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme.lower() in ("http", "https"):
        return bool(_ELSEWHERE.fullmatch(host)) and not re.search(r"\{|%7B", address)
    return parts.scheme.lower() in _OPENED and bool(parts.path)
