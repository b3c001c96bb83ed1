"""Color spaces of a PDF: what the values of a color mean, and as what they go to a mixer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Name, Stream

from handouts.prepress.mixing import Mixer, Values

_DEVICES = {
    **{name: "rgb" for name in ("/DeviceRGB", "/RGB", "/CalRGB", "/DefaultRGB")},
    **{name: "grey" for name in ("/DeviceGray", "/G", "/CalGray", "/DefaultGray")},
    **{name: "cmyk" for name in ("/DeviceCMYK", "/CMYK", "/DefaultCMYK")},
}
COMPONENTS = {"grey": 1, "rgb": 3, "cmyk": 4}
_BY_COMPONENTS = {number: kind for kind, number in COMPONENTS.items()}


class Strange(Exception):
    """Something that holds colors and cannot be read here; the text names it."""


@dataclass(frozen=True)
class Space:
    """A color space: `kind` is "grey", "rgb", "cmyk", "indexed", "spot" or "pattern"; the last three have a `base`,
    None for patterns with colors of their own, and an indexed one its `table` of bytes. All RGB is taken as sRGB. A
    spot is an ink by its name, such as the "All" of crop marks, with the space that stands for it on a screen."""

    kind: str
    base: Space | None = None
    table: bytes = b""

    def mixed(self, values: Sequence[float], mixer: Mixer) -> Values:
        """Values in this space, as they are written, in the mixer's. Raises Undeclared."""
        match self.kind:
            case "rgb":
                return mixer.of_rgb(values)
            case "grey":
                return mixer.of_grey(values[0])
            case "cmyk":
                return mixer.of_cmyk(values)
        size = COMPONENTS[self.base.kind]
        at = int(values[0]) * size
        return self.base.mixed([byte / 255 for byte in self.table[at : at + size]], mixer)

    def first(self, mixer: Mixer) -> Values:
        """The color that is set when this space is chosen: black, or the first of a table."""
        if self.kind == "indexed":
            return self.mixed([0], mixer)
        return mixer.of_grey(0.0)


def read_space(value: pikepdf.Object, named: pikepdf.Object | None = None) -> Space:
    """A color space, by its name or written out; `named` are the color spaces of the resources. Raises Strange."""
    if isinstance(value, Name):
        name = str(value)
        if name in _DEVICES:
            return Space(_DEVICES[name])
        if name == "/Pattern":
            return Space("pattern")
        if named is None or name not in named:
            raise Strange(f"the color space {name}")
        return read_space(named[name])
    if not isinstance(value, Array) or len(value) == 0:
        raise Strange("a color space")
    name = str(value[0])
    if name in _DEVICES:
        return Space(_DEVICES[name])
    if name == "/ICCBased" and (kind := _BY_COMPONENTS.get(int(value[1].get("/N", 0)))):
        return Space(kind)
    if name == "/Pattern":
        return Space("pattern", read_space(value[1], named) if len(value) > 1 else None)
    if name in ("/Indexed", "/I"):
        base = read_space(value[1], named)
        if base.kind in COMPONENTS:
            table = value[3].read_bytes() if isinstance(value[3], Stream) else bytes(value[3])
            return Space("indexed", base, table)
    if name in ("/Separation", "/DeviceN"):
        return Space("spot", read_space(value[2], named))
    raise Strange(f"a color space of the kind {name.removeprefix('/')}")


def numbers(values: Sequence[object]) -> list[float]:
    """Operands, or the values of an array, as plain numbers."""
    return [float(value) for value in values]
