"""Color spaces of a PDF: what each is called, which family it is of, and how much ink a color of it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

# Shares of cyan, magenta, yellow and black, 0 to 1.
Inks = tuple[float, float, float, float]
Family = Literal["grey", "rgb", "cmyk", "spot", "pattern", "other"]

NO_INK: Inks = (0.0, 0.0, 0.0, 0.0)
_PROCESS = {"Cyan": 0, "Magenta": 1, "Yellow": 2, "Black": 3}
_BY_COUNT: dict[int, Family] = {1: "grey", 3: "rgb", 4: "cmyk"}
_COUNTS = {"grey": 1, "rgb": 3, "cmyk": 4}
_SHORT = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}
_DEEPEST = 8  # spaces in spaces: an indexed one of a spot color of CMYK is three


@dataclass(frozen=True)
class Space:
    """A color space. `name` is for people, `count` how many numbers make a color; `under` is what a table of colors, a
    spot color or a pattern without colors is made of, and `names` are the inks of a spot color."""

    name: str
    family: Family
    count: int
    under: Space | None = None
    names: tuple[str, ...] = ()
    table: bytes = b""
    ends: tuple[tuple[float, ...], tuple[float, ...]] | None = None

    def foreign(self, colors: str) -> str:
        """What of this space has no place in a file of these colors, "cmyk" or "grey", by its name; empty where all
        has."""
        if self.table or self.family == "pattern":
            inner = self.under.foreign(colors) if self.under else ""
            return f"{inner} (in a table of colors)" if inner and self.table else inner
        if colors == "grey":
            return "" if self.name == "DeviceGray" else self.name
        if self.family == "spot":
            inner = self.under.foreign(colors) if self.under else ""
            return f"{inner} (behind the spot color {' and '.join(self.names)})" if inner else ""
        return "" if self.family in ("grey", "cmyk") else self.name

    def inks(self, values: Sequence[float]) -> Inks | None:
        """The ink of one color; None where only a printer's profile could tell."""
        if self.table:
            return self._looked_up(int(values[0])) if values else None
        if len(values) < self.count:
            return None
        shares = [min(1.0, max(0.0, value)) for value in values[: self.count]]
        if self.family == "grey":
            return 0.0, 0.0, 0.0, 1 - shares[0]
        if self.family == "cmyk":
            cyan, magenta, yellow, black = shares
            return cyan, magenta, yellow, black
        return self._of_spots(shares) if self.family == "spot" else None

    def _looked_up(self, index: int) -> Inks | None:
        if self.under is None:
            return None
        entry = self.table[index * self.under.count : (index + 1) * self.under.count]
        return self.under.inks([byte / 255 for byte in entry])

    def _of_spots(self, shares: Sequence[float]) -> Inks | None:
        if self.names == ("None",):
            return NO_INK
        if self.names == ("All",):
            return (shares[0],) * 4
        if set(self.names) <= _PROCESS.keys():
            plates = [0.0] * 4
            for name, share in zip(self.names, shares, strict=False):
                plates[_PROCESS[name]] = share
            return plates[0], plates[1], plates[2], plates[3]
        if self.ends and self.under:
            none, full = self.ends
            return self.under.inks([low + (high - low) * shares[0] for low, high in zip(none, full, strict=False)])
        return None


GREY = Space("DeviceGray", "grey", 1)
RGB = Space("DeviceRGB", "rgb", 3)
CMYK = Space("DeviceCMYK", "cmyk", 4)
_PATTERN = Space("Pattern", "pattern", 0)
_DEVICES = {"/DeviceGray": GREY, "/DeviceRGB": RGB, "/DeviceCMYK": CMYK, "/Pattern": _PATTERN}
_OTHERS: dict[str, tuple[Family, int]] = {"/CalGray": ("grey", 1), "/CalRGB": ("rgb", 3), "/Lab": ("other", 3)}


def space_of(value: Any, resources: Any = None, depth: int = 0) -> Space:
    """A color space as a stream or an image names it; names are looked for in the resources of the stream."""
    if isinstance(value, Name):
        name = _SHORT.get(str(value), str(value))
        if name in _DEVICES:
            return _DEVICES[name]
        known = resources.get("/ColorSpace") if isinstance(resources, Dictionary) else None
        if isinstance(known, Dictionary) and str(value) in known and depth < _DEEPEST:
            return space_of(known[str(value)], resources, depth + 1)
        return Space(name[1:], "other", 0)
    if not isinstance(value, Array) or not len(value) or not isinstance(value[0], Name) or depth >= _DEEPEST:
        return Space("a color space that is none", "other", 0)
    kind = _SHORT.get(str(value[0]), str(value[0]))
    if kind in _OTHERS:
        family, count = _OTHERS[kind]
        return Space(kind[1:], family, count)
    if kind == "/ICCBased":
        count = int(value[1].get("/N", 0)) if len(value) > 1 and isinstance(value[1], Stream) else 0
        return Space(f"ICCBased of {count} colors", _BY_COUNT.get(count, "other"), count)
    if kind == "/Pattern":
        under = space_of(value[1], resources, depth + 1) if len(value) > 1 else None
        return Space("Pattern", "pattern", under.count if under else 0, under)
    if kind == "/Indexed" and len(value) > 3:
        held = value[3]
        table = held.read_bytes() if isinstance(held, Stream) else bytes(held)
        return Space("Indexed", "other", 1, space_of(value[1], resources, depth + 1), table=table)
    if kind in ("/Separation", "/DeviceN") and len(value) > 3:
        names = [value[1]] if kind == "/Separation" else list(value[1])
        plain = tuple(str(name)[1:] for name in names)
        under = space_of(value[2], resources, depth + 1)
        ends = ends_of(value[3]) if kind == "/Separation" else None
        return Space(kind[1:], "spot", len(plain), under, plain, ends=ends)
    return space_of(value[0], resources, depth + 1)


def ends_of(function: Any) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """What a function from one value gives at its ends; None where it is more than a straight way between two."""
    if not isinstance(function, Dictionary | Stream) or function.get("/FunctionType") != 2:
        return None
    none, full = function.get("/C0", Array([0])), function.get("/C1", Array([1]))
    return tuple(map(float, none)), tuple(map(float, full))


def steps_of(shading: Any) -> list[tuple[float, ...]]:
    """The colors that a gradient goes through, as far as its functions name them."""
    functions = shading.get("/Function")
    if isinstance(functions, Array):
        ends = [ends_of(one) for one in functions]
        if all(ends):
            return [tuple(one[at][0] for one in ends if one) for at in (0, 1)]
        return []
    waiting, found = [functions], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, Dictionary) and one.get("/FunctionType") == 3:
            waiting += list(one.get("/Functions", Array()))
        elif ends := ends_of(one):
            found += ends
        elif isinstance(one, Stream) and one.get("/FunctionType") == 0 and one.get("/BitsPerSample") == 8:
            found += _samples(one)
    return found


def _samples(function: Stream) -> list[tuple[float, ...]]:
    bounds = [float(edge) for edge in function.get("/Decode", function.get("/Range", Array()))]
    count = len(bounds) // 2
    if not count:
        return []
    data = function.read_bytes()
    return [
        tuple(bounds[2 * at] + (bounds[2 * at + 1] - bounds[2 * at]) * row[at] / 255 for at in range(count))
        for row in (data[start : start + count] for start in range(0, len(data) - count + 1, count))
    ]


def image_space(image: Any, resources: Any) -> Space:
    """The space of an image's pixels. A JPEG 2000 image may leave it to its own data, which is not read here."""
    value = image.get("/ColorSpace", image.get("/CS"))
    return space_of(value, resources) if value is not None else Space("a picture's own color space", "other", 0)


def as_numbers(operands: Sequence[Any]) -> list[float]:
    return [float(one) for one in operands if not isinstance(one, pikepdf.Object)]
