"""Cite marks and figures in a document: collected in the order they are printed, and numbered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import jinja2
from markupsafe import Markup

from handouts.model import Fact, Section

_MARK = re.compile(r'<x-mark (?:figure="(?P<figure>[^"]+)"|cites="(?P<cites>[^"]+)")></x-mark>')


@dataclass(frozen=True)
class Source:
    """One line of a printed source list; `periods` are those of the figures it stands behind."""

    number: int
    key: str
    html: Markup
    periods: tuple[str, ...]


@dataclass
class Marks:
    """Collects what one rendering cites, in order, and prints marks with the numbers found so far."""

    facts: Mapping[str, Fact]
    numbers: Mapping[str, int] = field(default_factory=dict)
    seen: dict[str, dict[str, None]] = field(default_factory=dict)

    def cite(self, *keys: str) -> Markup:
        """Cite marks for facts or references: numbers that link to the source list."""
        sources = []
        for key in keys:
            fact = self.facts.get(key)
            sources.append(fact.source if fact else key)
            self.seen.setdefault(sources[-1], {})
        numbers = sorted({self.numbers.get(source, 0) for source in sources})
        links = Markup(",").join(Markup('<a href="#source-{0}">{0}</a>').format(number) for number in numbers)
        return Markup('<sup class="cite">{}</sup>').format(links)

    def figure(self, key: str, mark: bool = True, large: bool = False) -> Markup:
        """A fact's value, with its mark; the source list then says the period it describes."""
        if key not in self.facts:
            raise jinja2.UndefinedError(f'there is no fact "{key}"')
        fact = self.facts[key]
        self.note(fact)
        return Markup("{}{}").format(fact.shown_large if large else fact.shown, self.cite(key) if mark else "")

    def note(self, fact: Fact) -> None:
        """Remember that a figure is printed, so that its source is listed with its period."""
        periods = self.seen.setdefault(fact.source, {})
        if fact.dated:
            periods.setdefault(fact.period)

    def prose(self, section: Section | Markup | str, deeper: bool = False) -> Markup:
        """A section's HTML with its marks filled in; `deeper` moves its headings down one level."""
        html = section.html if isinstance(section, Section) else str(section)
        if deeper:
            html = re.sub(r"<(/?)h([3-5])\b", lambda match: f"<{match[1]}h{int(match[2]) + 1}", html)
        return Markup(
            _MARK.sub(
                lambda match: str(
                    self.figure(match["figure"]) if match["figure"] else self.cite(*match["cites"].split())
                ),
                html,
            )
        )
