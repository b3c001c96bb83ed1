"""What the switches of a preview say: brand, paper, purpose, language and edition, and what there is to choose from."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from handouts.findings import Findings
from handouts.job import Job
from handouts.planning import DEFAULTS
from handouts.project import Project

# The papers that the commands know.
PAPERS = (("letter", "Letter"), ("a4", "A4"))
SCREEN = "screen"
# Profiles that are flags of a command: they are set upon a purpose, and what is in large print is for readers.
_FLAGS = ("large-print", "ink-saver", "grey")
# What is offered upon which purpose.
_UPON = {"office": ("ink-saver", "grey")}
# Languages as those who speak them write them; another one is called by its letters.
_LANGUAGES = {
    **{"de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "ht": "Kreyòl", "pt": "Português"},
    **{"tl": "Tagalog", "vi": "Tiếng Việt"},
}
Labeled = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Choices:
    """What each switch offers: pairs of key and label. A switch with one entry is not shown."""

    brands: Labeled = (("default", "Neutral"),)
    papers: Labeled = PAPERS
    profiles: Labeled = ((SCREEN, "for the screen"),)
    languages: Labeled = (("en", "English"),)
    editions: Labeled = ()

    def of(self, switch: str) -> Labeled:
        """What the switch of this name in a Choice offers."""
        return getattr(self, f"{switch}s")


@dataclass(frozen=True)
class Choice:
    """What the switches say. `profile` may be several, joined by "+"; `edition` is the id of a row of a spreadsheet,
    empty for none."""

    brand: str = "default"
    paper: str = "letter"
    profile: str = SCREEN
    language: str = "en"
    edition: str = ""

    def query(self, **changes: str) -> str:
        """The choice as the end of an address, "?brand=northgate&paper=a4"; "" where all is as if nobody had chosen."""
        chosen = replace(self, **changes)
        said = {one.name: getattr(chosen, one.name) for one in fields(chosen)}
        differing = {name: value for name, value in said.items() if value != getattr(Choice, name)}
        return f"?{urlencode(differing)}" if differing else ""

    @classmethod
    def of(cls, params: Mapping[str, str], known: Choices) -> Choice:
        """The choice that the end of an address tells; what is not known is as if nobody had chosen."""
        said = {}
        for one in fields(cls):
            value = params.get(one.name, "")
            if value in {key for key, _ in known.of(one.name)}:
                said[one.name] = value
        return cls(**said)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The folders of styles/profiles, in the order in which they are applied."""
        return () if self.profile == SCREEN else tuple(self.profile.split("+"))

    def job(self, project: Project, format_name: str, subject: str, output: str) -> Job:
        """What one product is built from under this choice, without the edition."""
        named = {"paper": self.paper, "brand": self.brand, "language": self.language}
        return Job(str(project.root), format_name, subject, output=output, profiles=self.profiles, **named)


def choices(project: Project, editions: Iterable[str] = ()) -> Choices:
    """What there is to choose from in a project, and the ids of a spreadsheet's rows.

    A file that cannot be read does not keep its switch from being there: what is wrong with it is told by what is built
    with it.
    """
    rows = tuple((name, name) for name in editions)
    return Choices(
        brands=tuple((name, _organization(project, name)) for name in _first(DEFAULTS["brand"], project.brands())),
        profiles=_profiles(project),
        languages=_languages(project),
        editions=(("", "none"), *rows) if rows else (),
    )


def _first(name: str, names: list[str]) -> list[str]:
    return [*(one for one in names if one == name), *(one for one in names if one != name)]


def _organization(project: Project, brand: str) -> str:
    said = _word(project, f"styles/brands/{brand}/brand.toml", "organization")
    return said or ("Neutral" if brand == DEFAULTS["brand"] else brand)


def _word(project: Project, file: str, key: str) -> str:
    """A text of a TOML file; "" where there is none."""
    with contextlib.suppress(Findings):
        said = project.toml(file).get(key)
        return said.strip() if isinstance(said, str) else ""
    return ""


def _profiles(project: Project) -> Labeled:
    """The purposes, with what a command may set upon them."""
    there = project.profiles()
    titles = {name: _word(project, f"styles/profiles/{name}/profile.toml", "title") or name for name in there}
    offered: list[tuple[str, ...]] = [(name,) for name in _FLAGS[:1] if name in there]
    for name in (one for one in there if one not in _FLAGS):
        offered += [(name,), *((name, more) for more in _UPON.get(name, ()) if more in there)]
    told = ((SCREEN, "for the screen"), *(("+".join(one), ", ".join(titles[name] for name in one)) for one in offered))
    return tuple((key, f"{label[:1].upper()}{label[1:]}") for key, label in told)


def _languages(project: Project) -> Labeled:
    files = project.names("content/labels", "*.toml")
    names = _first(DEFAULTS["language"], [file.rpartition("/")[2].removesuffix(".toml") for file in files])
    return tuple((name, _LANGUAGES.get(name, name)) for name in names)
