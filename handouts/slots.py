"""Slots: the places of a page that an edition changes, and where its texts come to stand in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

# What stands in the slots of a page that has nobody's name yet: every slot is filled, and none takes a second line. No
# word of a real text holds SIGN, so that whatever else prints one of them is found.
SIGN = "zq"
SLOT_TEXTS = {
    "organization": "Zqorganization",
    "unit": "Zqunit",
    "phone": "Zqphone",
    "email": "Zqemail",
    "address": "Zqaddress",
    "url": "https://zqslot.example/",
    "call_to_action": "Zqcall",
    "event": "Zqevent",
    "logo": "styles/slot.svg",
    "color": "#1b2d3f",
    "accent": "#9a4123",
}
# Sizes of a stack's text, relative to the design's: where it does not fit at one, the next is tried.
STEPS = (1.0, 0.95, 0.9, 0.85, 0.8)


@dataclass(frozen=True)
class Slot:
    """One block of a stack, as it was laid out at full size; lengths are CSS pixels.

    `size` is that of its type, `leading` the height of a line, `baseline` how far below a line's top its letters stand,
    `above` and `below` its margins. `face` is the project path of its font file, `color` its ink as 0 to 1.
    """

    name: str
    size: float
    leading: float
    baseline: float
    above: float
    below: float
    face: str
    color: tuple[float, float, float]


@dataclass(frozen=True)
class Stack:
    """A box of fixed size that slots stand in, one below the other; `page` counts from 0, `left` and `top` are from the
    upper left corner of the page."""

    page: int
    left: float
    top: float
    width: float
    height: float
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Spot:
    """The place of something that is no text: the dark square of a code, or the box of a logo; or of a revision's first
    letter, whose `face` and `size` are given."""

    name: str
    page: int
    left: float
    top: float
    width: float
    height: float
    face: str = ""
    size: float = 0.0
    color: tuple[float, float, float] = (0.0, 0.0, 0.0)


def revision_code(frame: str, values: Mapping[str, str]) -> str:
    """Eight characters that change when anything printed changes, and never by themselves."""
    told = "\0".join(f"{name}\0{values[name]}" for name in sorted(values))
    code = hashlib.sha256(f"{frame}\0{told}".encode()).hexdigest()
    return f"{code[:4]}-{code[4:8]}"
