"""Plain texts as they are printed: real quotes and dashes, and where lines may not end."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from handouts.quantities import NO_BREAK

# Two signs without width: one that keeps letters together, one at which a line may end.
JOINER, MAY_BREAK = "\u2060", "\u200b"
# A last line of one word that is no longer looks like a mistake.
_LONGEST_LONELY = 7
_STRAIGHT = re.compile(r"['\"]|--|\.\.\.")
_PLAIN = re.compile(r"[\w.,'’&]+")
# Elements whose text ends a line of its own; those inside them look after themselves.
TEXT_BLOCKS = frozenset({"p", "li", "dt", "dd", "h3", "h4", "h5", "h6", "td", "th"})
_AROUND = frozenset({"ul", "ol", "dl", "table", "pre"})
# A last line of one short word looks like a mistake; a long one holds its line.
_LONGEST_BOUND_PAIR = 22
_LAST_SPACE = re.compile(r"(?P<head>.*\s)?(?P<before>\S*)\s+(?P<last>\S+)\s*$", re.DOTALL)


def typeset(value: object) -> object:
    """Plain text with real quotes and dashes; anything else, and addresses, as they are.

    Templates pass every value they print through this: front matter and TOML are typed with straight quotes.
    """
    if type(value) is not str or "://" in value or not _STRAIGHT.search(value):
        return value
    text = re.sub(r"(?<=\s)--(?=\s)", "\u2013", value.replace("---", "\u2014").replace("...", "\u2026"))
    text = re.sub(r"(^|[\s(\[\u2013\u2014\u201c])'", "\\1\u2018", text).replace("'", "\u2019")
    return re.sub(r'(^|[\s(\[\u2013\u2014\u2018])"', "\\1\u201c", text).replace('"', "\u201d")


def held(text: str) -> str:
    """A text that breaks at its spaces and nowhere else.

    *Why:* no name is cut at its hyphen, and where a line ends can be told without the layout engine. Word joiners and
    not spans: the engine takes such a text as one.
    """
    words = str(typeset(text)).split(" ")
    return " ".join(word if _PLAIN.fullmatch(word) else JOINER.join(word) for word in words)


def parted(text: str) -> tuple[str, str, str]:
    """A caption as what stands before its last two words, and those two; the first of them is empty where the last may
    stand on a line by itself, being long or several that hold together."""
    before, space, last = str(typeset(text)).rpartition(" ")
    if len(last) > _LONGEST_LONELY or NO_BREAK in last:
        return before + space, "", last
    head, gap, word = before.rpartition(" ")
    return head + gap, word, last


def occasion(name: str, date: str, booth: str) -> str:
    """The line that tells of an event; a dot never begins a line."""
    return "\u00a0· ".join(filter(None, (name, date, booth)))


def bound(text: str) -> str:
    """Plain text whose last two words stay on one line, unless the pair is long enough to be a line of its own."""
    match = _LAST_SPACE.match(text)
    if match and match["head"] and len(match["before"] + match["last"]) <= _LONGEST_BOUND_PAIR:
        return text[: match.end("before")] + NO_BREAK + text[match.start("last") :]
    return text


def bind_last_words(block: ElementTree.Element) -> None:
    """Put a no-break space before a block's last word, unless the pair is long enough to be a line of its own."""
    after = ""
    for holder, name in reversed(list(_texts(block))):
        text = getattr(holder, name) or ""
        match = _LAST_SPACE.match(text)
        if match and not (holder.tag == "code" and name == "text"):
            pair = match["before"] + match["last"] + after
            # Blanks alone stand behind a forced end of line.
            if len(pair) <= _LONGEST_BOUND_PAIR and match["head"] and text[: match.end("before")].strip():
                bound = text[: match.end("before")] + NO_BREAK + text[match.start("last") :]
                setattr(holder, name, bound)
            return
        after = text.strip() + after


def _texts(element: ElementTree.Element) -> list[tuple[ElementTree.Element, str]]:
    """Places that hold a block's own text, in reading order; blocks inside it look after themselves."""
    found = [(element, "text")]
    for child in element:
        if child.tag not in TEXT_BLOCKS | _AROUND:
            found += _texts(child)
        found.append((child, "tail"))
    return found
