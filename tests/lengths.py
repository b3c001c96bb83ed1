"""Content of other lengths: every text of a content file made longer by its own words, or cut; titles stay."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping

from handouts.material import Material
from handouts.model import Fact, Glance, Section, Subject

# The words that a block holds before it ends, or before a block inside it begins.
_BLOCK = re.compile(r"<(?P<tag>p|li|td|th)\b[^>]*>(?P<words>(?:(?!</?(?:p|li|ul|ol|td|th|table)\b).)+)", re.DOTALL)
_PIECE = re.compile(r"<x-mark[^>]*></x-mark>|<[^>]+>|[^<]+")
_EMPTY = re.compile(r"<(strong|em|code|sub|sup|span)\b[^>]*>\s*</\1>")
Resize = Callable[[str], str]


def longer(material: Material, part: float = 0.3) -> Material:
    """The same document with every text longer by a part of its words, which are its own first words again."""

    def grow(html: str) -> str:
        words = words_of(html)
        more = round(part * len(words))
        return f"{html.rstrip()} {' '.join(words[:more])}" if more else html

    return _resized(material, grow)


def shorter(material: Material, part: float = 0.6) -> Material:
    """The same document with every text cut to a part of its words, at least one. Cite marks stay, so sources do."""

    def cut(html: str) -> str:
        left = max(1, round(part * len(words_of(html))))
        kept = []
        for piece in _PIECE.findall(html):
            if piece.startswith("<"):
                kept.append(piece)
                left -= "figure=" in piece
                continue
            words = piece.split()[: max(0, left)]
            left -= len(words)
            space = piece[:1].isspace() and bool(words)
            kept.append(" " * space + " ".join(words))
        return _EMPTY.sub("", "".join(kept)).rstrip(",:")

    return _resized(material, cut)


def words_of(html: str) -> list[str]:
    """The words of HTML, tags left out."""
    return re.sub(r"<[^>]+>", " ", html).split()


def _resized(material: Material, resize: Resize) -> Material:
    assert material.subject is not None
    changed = _subject(material.subject, resize, material.facts)
    return dataclasses.replace(material, subject=changed)


def _subject(subject: Subject, resize: Resize, facts: Mapping[str, Fact]) -> Subject:
    front = subject.front
    texts = {name: resize(text) for name in ("promise", "job", "lead", "note") if (text := getattr(front, name))}
    glances = {
        name: tuple(
            Glance(fact=item.fact, caption=resize(item.caption or facts[item.fact].label))
            for item in getattr(front, name)
        )
        for name in ("glance", "figures")
    }
    sections = tuple(_section(section, resize) for section in subject.sections)
    return subject.model_copy(
        update={"front": front.model_copy(update={**texts, **glances}), "sections": sections}
    )


def _section(section: Section, resize: Resize) -> Section:
    def block(match: re.Match[str]) -> str:
        start = match[0][: match.start("words") - match.start()]
        return start + (resize(match["words"]) if match["words"].strip() else match["words"])

    return section.model_copy(update={"html": _BLOCK.sub(block, section.html)})
