"""What an import leaves out, or prints otherwise than it was written: gathered by kinds, and told once for each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from handouts.findings import Finding
from handouts.importing.signs import UNSEEN

_WORD = re.compile(r"[^\W_]+")
_NAMED = 3
_LONGEST_EXAMPLE = 40


@dataclass(frozen=True)
class Kind:
    """How one kind is told: what one is called, and several, what becomes of them, and what to do."""

    nouns: str
    what: str
    hint: str

    def told(self, count: int) -> str:
        """"1 badge … is left out", "14 badges … are left out": of two forms, parted by a line, the one that fits."""
        one, _, several = self.nouns.partition("|")
        noun = one if count == 1 else several or f"{one}s"
        what = re.sub(r"(\S+)\|(\S+)", r"\1" if count == 1 else r"\2", self.what)
        return f"{count:,} {noun} {what}"


# In the order in which they are told.
KINDS = {
    "failed": Kind("file", "could not be made Markdown of ours, and is|are printed as written", "mend it by hand"),
    "unreadable": Kind("file", "cannot be read", "check that you may read it, and import it again"),
    "binary": Kind("file", "called Markdown holds|hold no text, and is|are left out", "check what it is, or delete it"),
    "long": Kind("file", "is|are longer than 1 MB, and left out", "split it, or check that it is the right one"),
    "empty": Kind("file", "holds|hold no words, and is|are left out", "write something, or delete it"),
    "links": Kind("link", "to another file or folder is|are left out", "copy the file itself, if it is to be printed"),
    "encoding": Kind("file", "is|are no UTF-8, and was|were read by guess", "look whether its letters are right"),
    "untitled": Kind(
        "article", "has|have no heading of the first level, and is|are named after the file", "mend the line title:"
    ),
    "front": Kind(
        "key", "of another program's front matter is|are left out", "what is to be printed belongs in the text"
    ),
    "badges": Kind("badge", "from the network is|are left out", "nothing is fetched, and paper needs none"),
    "remote": Kind(
        "picture",
        "from the network is|are not fetched: its|their words are printed",
        "save it beside the text and name it from there: ![what it shows](pictures/name.png)",
    ),
    "missing": Kind(
        "picture",
        "is|are missing, or of a kind that cannot be printed: the description is",
        "save it as PNG, JPEG or SVG in content/articles/pictures, and name it in the text",
    ),
    "undescribed": Kind(
        "picture", "has|have no description, and got the file's name", "say what it shows: ![what it shows](…)"
    ),
    "frames": Kind("frame, film or form|frames, films or forms", "is left out", "paper shows none; give its address"),
    "programs": Kind("script or style|scripts or styles", "in the text is|are left out", "paper runs no programs"),
    "icons": Kind("icon", "by name is|are left out, or printed as a word", "write a word where one is missed"),
    "emoji": Kind("sign", "without a letter in our fonts is|are left out", "write a word where one is missed"),
    "letters": Kind(
        "text", "has|have letters that our fonts lack, and will not build", "name a font that has them in styles/base"
    ),
    "attributes": Kind("mark", "for another program, in braces, is|are left out", "nothing is to be done"),
    "variables": Kind(
        "variable", "of another program, in braces, is|are printed as written", "write the words it stands for"
    ),
    "diagrams": Kind(
        "diagram", "written as code is|are printed as code", "draw it, save the picture, and name it in the text"
    ),
    "followed": Kind(
        "link", "to another file or place is|are printed as plain words", "paper cannot follow it; give a web address"
    ),
    "deep": Kind("list", "nested too deeply goes|go on at the level before", "use fewer levels"),
    "cells": Kind("list item", "in a line or a cell of a table is|are printed as words of it", "nothing is to be done"),
    "plain": Kind("text", "lost its emphasis, which could not be kept", "set it again by hand"),
}


def words_in(text: str) -> list[str]:
    """The words of a text: letters and digits without what stands between, and without regard to case.

    Signs without width, such as the places where a long word may end, are no part of it.
    """
    return _WORD.findall(UNSEEN.sub("", text).casefold())


@dataclass
class Leavings:
    """Places by kinds, with an example each, and the words that are not carried over."""

    places: dict[str, list[tuple[str, int, str]]] = field(default_factory=dict)
    words: Counter[str] = field(default_factory=Counter)
    items: int = 0

    def leave(self, kind: str, file: str, line: int, example: str = "", text: str = "", items: int = 0) -> None:
        """Note one of a kind. `text` is what of its words is not carried over, `items` how many list items."""
        self.places.setdefault(kind, []).append((file, line, example))
        self.words.update(words_in(text))
        self.items += items

    def take(self, other: Leavings) -> None:
        """Add what another one has gathered, of one file."""
        for kind, places in other.places.items():
            self.places.setdefault(kind, []).extend(places)
        self.words.update(other.words)
        self.items += other.items

    def findings(self) -> list[Finding]:
        """One warning a kind, that says how many, where, and what to do."""
        return [self._finding(kind, self.places[kind]) for kind in KINDS if kind in self.places]

    def _finding(self, name: str, places: list[tuple[str, int, str]]) -> Finding:
        kind, count = KINDS[name], len(places)
        message = kind.told(count)
        if shown := [one for one in dict.fromkeys(example for _, _, example in places) if one][:_NAMED]:
            message += f" ({', '.join(map(_short, shown))}{' …' if len(shown) < count else ''})"
        others = [place for place, _ in Counter(f"{file}:{line}" if line else file for file, line, _ in places).items()]
        if len(others) > 1:
            more = len(others) - _NAMED
            message += f"; also {', '.join(others[1:_NAMED])}{f' and {more} more' if more > 0 else ''}"
        file, line, _ = places[0]
        return Finding(file, line, message, kind.hint, severity="warning", id="import")


def _short(example: str) -> str:
    one = " ".join(example.split())
    return one if len(one) <= _LONGEST_EXAMPLE else f"{one[: _LONGEST_EXAMPLE - 1]}…"
