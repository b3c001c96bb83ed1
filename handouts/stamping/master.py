"""A master: a product laid out once with empty slots, as bytes that never change and the few objects that do."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from handouts.slots import Slot, Spot, Stack

_MAGIC = b"handouts master 1\n"


@dataclass(frozen=True)
class Page:
    """A page with slots. `streams` are the numbers of the streams that an edition prints, in their order, each with the
    name of what stands in it: "stack 0", "spot 2". `tree` is the object with the owners of the page's marked content,
    and `owners` are those, as PDF source. `height` is in points.

    `annotations` are the page's, as source, in the object `annotations_at`; 0 where no slot of the page is a link.
    """

    index: int
    height: float
    streams: dict[str, int]
    tree: int
    owners: tuple[str, ...]
    annotations_at: int = 0
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Element:
    """The structure element of a slot's text: its object, its source without kids, the number of its marked content.

    `stack` is an index. `parent` is the element that has it among its kids, which loses it where the slot is empty.
    """

    number: int
    rest: str
    stack: int
    slot: str
    mcid: int
    parent: int


@dataclass(frozen=True)
class Parent:
    """An element that has slots among its kids: its object, its source without kids, and these as source."""

    number: int
    rest: str
    kids: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """The link of a slot: `element` is the index of its element, and an annotation for each of two lines is there to be
    used, with its reference in the tree. `rests` are the source of both without what changes."""

    element: int
    annotations: tuple[int, int]
    references: tuple[str, str]
    rests: tuple[str, str]


@dataclass(frozen=True)
class Code:
    """The figure of a QR code: its object, its source without alternative text and box, the number of its content.

    `words` is the alternative text, with SLOT_TEXTS' printed address in it; `spot` is an index.
    """

    number: int
    rest: str
    words: str
    spot: int
    mcid: int


@dataclass(frozen=True)
class Master:
    """All that an edition of one product needs; `base` is a PDF whose slots are empty.

    `fonts` are names of font resources by the project path of their file. `colors` are the values that stand for what
    an edition sets ("--ink": "#1b2d3f"), and `palette` is the object that holds them, `logo` that of the logo; 0 where
    there is none. `frame` is the hash of all that is printed outside the slots, `address` where the code leads if
    neither edition nor brand says.
    """

    base: bytes
    size: int
    catalog: int
    catalog_source: str
    info: int
    info_source: str
    stacks: tuple[Stack, ...]
    spots: tuple[Spot, ...]
    pages: tuple[Page, ...]
    elements: tuple[Element, ...]
    parents: tuple[Parent, ...]
    links: tuple[Link, ...]
    codes: tuple[Code, ...]
    inline: dict[str, int]
    fonts: dict[str, str]
    glyphs: dict[str, tuple[int, ...]]
    colors: dict[str, str]
    palette: int
    logo: int
    page_count: int
    frame: str = ""
    address: str = ""
    language: str = "en"

    @cached_property
    def digest(self) -> str:
        """64 hexadecimal digits that change with anything that an edition takes from its master."""
        return hashlib.sha256(self.dump()).hexdigest()

    @cached_property
    def begun(self) -> hashlib._Hash:
        """The hash of the base, with which each edition begins, to go on with a copy of it."""
        return hashlib.sha256(self.base)

    def dump(self) -> bytes:
        """The master as bytes, the same for equal masters: a head of JSON, then the PDF."""
        head = dataclasses.asdict(self)
        del head["base"]
        # Not sorted: the order of the colors is that of the palette.
        return _MAGIC + json.dumps(head).encode() + b"\n" + self.base


_PARTS = {"pages": Page, "elements": Element, "parents": Parent, "links": Link, "codes": Code, "spots": Spot}


def load(data: bytes) -> Master | None:
    """A master from the bytes of `dump`; None for anything else, since a store may be damaged and is only a store."""
    magic, _, rest = data.partition(b"\n")
    head, _, base = rest.partition(b"\n")
    if magic + b"\n" != _MAGIC:
        return None
    try:
        read = json.loads(head)
        for name, noun in _PARTS.items():
            read[name] = tuple(noun(**_frozen(one)) for one in read[name])
        read["stacks"] = tuple(
            Stack(**{**one, "slots": tuple(Slot(**_frozen(slot)) for slot in one["slots"])}) for one in read["stacks"]
        )
        read["glyphs"] = _frozen(read["glyphs"])
        return Master(base=base, **read)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _frozen(read: dict) -> dict:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in read.items()}
