"""The nouns of the house: frozen values that pass from stage to stage."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    field_validator,
)

from handouts.quantities import show_value

# How long the words of a page stand before somebody checks them against their sources again.
REVIEW_MONTHS = 12
# Running text in points: smaller is hard to read on paper, larger looks like a book for children.
SMALLEST_BODY, LARGEST_BODY = 10.0, 12.5


class Noun(BaseModel):
    """A frozen record that knows every key it may have."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("write a number, or text between quotes")
    return value


# What a figure is: a number, or words.
Value = Annotated[int | float | str, BeforeValidator(_no_truth)]


class Fact(Noun):
    """One figure or statement with its source and the period it describes.

    `read` is the day the source was read; `period` is free text ("May 2024", "2024-34") or "undated". What is
    `timeless` (an event, a law of nature, a definition) does not grow stale.
    """

    id: str
    value: Value
    unit: str = ""
    display: str = ""
    short: str = ""
    label: str = ""
    text: str
    subject: str = ""
    source: str
    period: str
    read: datetime.date
    confidence: Literal["verified", "unverified"]
    kind: Literal["official", "secondary"] = "official"
    timeless: bool = False
    note: str = ""

    @property
    def shown(self) -> str:
        """The value as it is printed: "$89,340", "+13%", "24 credits"."""
        return self.display or show_value(self.value, self.unit, self.subject)

    @property
    def shown_large(self) -> str:
        """The value where it is set large and has little room: "24 credits" for "24 credits every two years"."""
        return self.short or self.shown

    @property
    def dated(self) -> bool:
        return self.period != "undated"


class Glance(Noun):
    """One of the figures printed large on a sheet: a fact's id and, where the fact's own label misleads, a caption."""

    fact: str
    caption: str = ""


class FrontMatter(Noun):
    """The YAML head of a content file. A format says which of the keys it needs."""

    title: str
    job: str = ""
    promise: str = ""
    lead: str = ""
    color: str = ""
    drawing: str = ""
    order: int = 0
    parent: str = ""
    more: str = ""
    note: str = ""
    glance: tuple[Glance, ...] = ()
    figures: tuple[Glance, ...] = ()
    compare: str = ""
    highlight: str = ""
    reviewed: str = Field(default="", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$")

    @field_validator("glance", "figures", mode="before")
    @classmethod
    def _one_key_mappings(cls, items: object) -> object:
        """Read `- id` and `- id: caption`, so that editors write lists and never nested YAML."""
        if not isinstance(items, list | tuple):
            return items
        return [_glance(item) for item in items]

    @field_validator("reviewed", mode="before")
    @classmethod
    def _month(cls, value: object) -> object:
        return value.strftime("%Y-%m") if isinstance(value, datetime.date) else value


def _glance(item: object) -> object:
    if isinstance(item, str):
        return {"fact": item}
    if isinstance(item, dict) and len(item) == 1:
        ((fact, caption),) = item.items()
        return {"fact": fact, "caption": caption}
    return item


class Mark(Noun):
    """What a `[@…]` or `[=…]` in the text names, with the line it stands on."""

    keys: tuple[str, ...]
    figure: bool
    line: int


class Section(Noun):
    """A named part of a content file: `## What you will do {#duties}` and all up to the next one.

    `html` holds `<x-mark>` elements where cite marks and figures go: their numbers are known only in a document.
    """

    name: str
    heading: str
    html: str
    line: int
    marks: tuple[Mark, ...] = ()


class Subject(Noun):
    """One content file: a specialty, a topic, or whatever a folder of `content/` holds."""

    slug: str
    kind: str
    file: str
    front: FrontMatter
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        return next((section for section in self.sections if section.name == name), None)

    @property
    def title(self) -> str:
        return self.front.title


class Fit(Noun):
    """How small and how large a format may set its running text, in points."""

    floor: float = Field(allow_inf_nan=False)
    full: float = Field(allow_inf_nan=False)

    @field_validator("floor", "full")
    @classmethod
    def _readable(cls, size: float) -> float:
        if size < SMALLEST_BODY:
            raise ValueError(f"running text is never set under {SMALLEST_BODY:g} pt")
        if size > LARGEST_BODY:
            raise ValueError(f"running text is never set over {LARGEST_BODY:g} pt")
        return size


class Needs(Noun):
    """What a page prints of a content file: keys of its front matter, and its sections."""

    requires: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


class Kind(Noun):
    """A kind of chapter: the part of the page that `prints` it, if not the one of its own name; the keys that it
    `needs`; the folder of `content/` that its subjects lie in; the kind whose subjects it `compares`, in columns."""

    prints: str = ""
    needs: tuple[str, ...] = ()
    content: str = ""
    compares: str = ""


class Format(Noun):
    """A folder of `templates/`: what it is built from, which parts it needs, and how many pages it may have.

    Where it prints a whole booklet, `chapters` are the kinds of chapter that it knows, and `needs` says what it prints
    of each kind of content. A `plain` text may begin without a heading, and its headings may stand alone;
    `unasked` names the rules of checks that its texts are not held to.
    """

    name: str
    title: str
    scope: Literal["each", "all"]
    content: str = ""
    styles: tuple[str, ...]
    papers: dict[str, str]
    requires: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    plain: bool = False
    unasked: tuple[str, ...] = ()
    pages: tuple[PositiveInt, PositiveInt]
    multiple: PositiveInt = 1
    covers: NonNegativeInt = 0
    chapters: dict[str, Kind] = {}
    needs: dict[str, Needs] = {}
    citations: str = "compact"
    short_names: bool = False
    fit: Fit | None = None


_Percent = Annotated[float, Field(ge=0, le=100)]
# Cyan, magenta, yellow and black, in percent.
Cmyk = tuple[_Percent, _Percent, _Percent, _Percent]

class Event(Noun):
    """The occasion a sheet is printed for; empty keys collapse."""

    name: str = ""
    date: str = ""
    booth: str = ""


class Staleness(Noun):
    """After how many months a figure is read again, by the subject of its fact; `others` is for all other subjects."""

    pay: PositiveInt = 24
    fees: PositiveInt = 12
    others: PositiveInt = 36

    def limit(self, subject: str) -> int:
        return {"pay": self.pay, "fees": self.fees}.get(subject, self.others)


class Reading(Noun):
    """How easy a text is to be: its reading grade at most, and the words of its longest sentence."""

    grade: PositiveFloat = 8.0
    words: PositiveInt = 25


class Required(Noun):
    """Texts that the organization wants on everything it hands out, word for word."""

    notices: tuple[str, ...] = ()


class Settings(Noun):
    """What `handouts.toml` says of a whole project."""

    series: str = ""
    event: Event = Event()
    staleness: Staleness = Staleness()
    reading: Reading = Reading()
    required: Required = Required()
    profiles: dict[str, dict[str, Any]] = {}


class Bar(Noun):
    """One row of a chart: a fact, or a row that is off the axis (`none`)."""

    fact: str
    label: str
    reference: bool = False
    none: bool = False
    bound: Literal["", "<", ">"] = ""


class Chart(Noun):
    """A chart as data: rows are facts of one unit; `scale` "log" is said on the chart."""

    name: str
    title: str
    unit: str = ""
    scale: Literal["linear", "log"] = "linear"
    rows: tuple[Bar, ...]
    note: str = ""


class Chapter(Noun):
    """One entry of a booklet's order."""

    kind: str
    subject: str = ""
    subjects: tuple[str, ...] = ()
    title: str = ""
    lead: str = ""
    text: str = ""
    caption: str = ""
    columns: tuple[str, ...] = ()
    charts: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    ask: str = ""


class Step(Noun):
    """One step of the path diagram, with the ways it may be taken."""

    title: str
    text: str = ""
    options: tuple[str, ...] = ()


class Booklet(Noun):
    """The order and the framing words of a whole booklet (`content/booklet.toml`)."""

    title: str
    subtitle: str
    color: str
    drawing: str
    promise: str
    about: str
    colophon: str = ""
    more: str = ""
    reviewed: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    chapter: tuple[Chapter, ...]
    path: tuple[Step, ...] = ()


class Ink(Noun):
    """A named colour of the palette: `solid` carries white text, `tint` carries dark text; both may say their inks."""

    solid: str = Field(pattern=r"^#[0-9a-f]{6}$")
    tint: str = Field(pattern=r"^#[0-9a-f]{6}$")
    solid_cmyk: Cmyk | None = None
    tint_cmyk: Cmyk | None = None


class Declared(Noun):
    """A colour of the style sheets, and the inks that print it."""

    color: str = Field(pattern=r"^#[0-9a-f]{6}$")
    cmyk: Cmyk
