"""An ICC profile of a press that nobody has: so small that it is made here, and so plain that Little CMS takes it."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Sequence


def press_profile(name: str = "Tinkerton Letterpress", kind: bytes = b"prtr", space: bytes = b"CMYK") -> bytes:
    """A profile of version 2 with both tables, Lab to inks and inks to Lab; `kind` and `space` for one that is not
    what it should be. Tables are for CMYK alone."""
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", len(name) + 1) + name.encode() + bytes(79),
        b"cprt": b"text" + bytes(4) + b"Made for a test, free for anybody\0",
        b"wtpt": b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061),
        b"A2B0": _table(4, 2, _lab),
        b"B2A0": _table(3, 9, _inks),
    }
    at, index, body = 128 + 4 + 12 * len(tags), b"", b""
    for tag, data in tags.items():
        index += tag + struct.pack(">II", at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"test", 0x02100000, kind, space, b"Lab ")
    head += struct.pack(">6H", 2026, 11, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + index + body


def _table(channels: int, side: int, answer: Callable[[Sequence[float]], Sequence[float]]) -> bytes:
    """A table of 8 bits ("mft1") of so many channels, with `side` samples along each; the last changes fastest."""
    samples = itertools.product([step / (side - 1) for step in range(side)], repeat=channels)
    values = [answer(one) for one in samples]
    found = bytes(round(255 * min(1.0, max(0.0, value))) for one in values for value in one)
    straight = bytes(range(256))
    plain = struct.pack(">9i", *(65536 * one for one in (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    head = b"mft1" + bytes(4) + bytes((channels, len(values[0]), side, 0)) + plain
    return head + straight * channels + found + straight * len(values[0])


def _lab(inks: Sequence[float]) -> Sequence[float]:
    cyan, magenta, yellow, black = inks
    light = (1 - black) * (1 - 0.3 * cyan - 0.5 * magenta - 0.1 * yellow)
    return light, 0.5 + 0.25 * (magenta - cyan) * (1 - black), 0.5 + 0.3 * (yellow - magenta / 2) * (1 - black)


def _inks(lab: Sequence[float]) -> Sequence[float]:
    light, red, yellow = lab[0], lab[1] - 0.502, lab[2] - 0.502
    dark = 1 - light
    return dark - 2 * red, dark + 2 * red, dark + 2 * yellow, 1 - 2 * light
