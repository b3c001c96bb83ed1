"""One color at a time: what RGB becomes in the four inks, in greys, or in a mask; and inks kept under their limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from handouts.color import WHITE, Color, luminance

if TYPE_CHECKING:
    from PIL.Image import Image

    from handouts.prepress.icc import Press

Values = tuple[float, ...]
# Channels this near to each other look grey. Further apart they still do in a dark color, which is then black ink
# alone: on four plates small type would show colored edges wherever the sheets do not lie exactly on each other.
_GREY, _DARK_GREY, _DARK = 3, 16, 96
# What is darker than this is black.
_BLACK = 0.03
# How far a color may lie from the share of an ink that it is said to be, by channel: what rounding does to both.
_NEAR = 2.0
# Printed dots spread, so that a tint takes less of its ink than it is mixed with on a screen: 7 % for 10, 45 for 50.
_GAIN = 1.15
# Samples along each side of the cube that pictures are looked up in.
_SIDE = 33


class Undeclared(Exception):
    """A color that has only RGB, while nothing says which inks make it."""

    def __init__(self, color: Color):
        super().__init__(color)
        self.color = color


class Mixer(Protocol):
    """Where colors go: the device space, the operators that set one to fill and to stroke, and the conversions.

    All values are 0 to 1. Each conversion of a color or a picture raises Undeclared where it cannot be done.
    """

    space: str
    operators: tuple[str, str]

    def of_rgb(self, values: Sequence[float]) -> Values: ...
    def of_grey(self, value: float) -> Values: ...
    def of_cmyk(self, values: Sequence[float]) -> Values: ...
    def of_picture(self, picture: Image) -> Image: ...


class Inks:
    """Into the four inks: by the values that are declared, as a share of a declared ink, black alone where it is grey,
    and else by the printer's profile, where there is one. `limit` is the most that all inks may be together, 2.4 for
    240 %."""

    space, operators = "/DeviceCMYK", ("k", "K")

    def __init__(self, declared: Mapping[Color, Values], limit: float = 4.0, press: Press | None = None):
        self.declared, self.limit, self.press = dict(declared), limit, press
        self._known: dict[Color, Values] = {}

    def of_rgb(self, values: Sequence[float]) -> Values:
        color = _color(values)
        if color not in self._known:
            self._known[color] = self._mixed(color)
        return self._known[color]

    def of_grey(self, value: float) -> Values:
        return 0.0, 0.0, 0.0, 1 - value

    def of_cmyk(self, values: Sequence[float]) -> Values:
        return limited(tuple(values), self.limit)

    def of_picture(self, picture: Image) -> Image:
        """A picture in RGB or grey, in the mode "CMYK", or "L" where it has no color."""
        if picture.mode == "L" or _is_grey(picture):
            return picture.convert("L")
        if self.press is None:
            raise Undeclared(picture.convert("RGB").resize((1, 1)).getpixel((0, 0)))
        return looked_up(picture, [limited(inks, self.limit) for inks in self.press.of_colors(_cube())], "CMYK")

    def _mixed(self, color: Color) -> Values:
        if color in self.declared:
            return self.declared[color]
        span = max(color) - min(color)
        if span <= _GREY or (span <= _DARK_GREY and max(color) <= _DARK):
            return 0.0, 0.0, 0.0, 1 - _level(color)
        shares = ((ink, *_share(color, ink)) for ink in self.declared if max(ink) - min(ink) > _GREY)
        near = [(error, ink, share) for ink, share, error in shares if error <= _NEAR and 0 < share < 1]
        if near:
            _, ink, share = min(near)
            return tuple(share**_GAIN * value for value in self.declared[ink])
        if self.press is None:
            raise Undeclared(color)
        return limited(self.press.of_colors([color])[0], self.limit)


class Greys:
    """Into greys, each as light as its color; what is nearly black is black."""

    space, operators = "/DeviceGray", ("g", "G")

    def of_rgb(self, values: Sequence[float]) -> Values:
        return (_level(_color(values)),)

    def of_grey(self, value: float) -> Values:
        return (value,)

    def of_cmyk(self, values: Sequence[float]) -> Values:
        return self.of_rgb([max(0.0, 1 - ink - values[3]) for ink in values[:3]])

    def of_picture(self, picture: Image) -> Image:
        if picture.mode == "L":
            return picture
        return looked_up(picture, [(_level(color),) * 3 for color in _cube()], "RGB").getchannel(0)


class Masks(Greys):
    """Into the greys that say how much a soft mask lets through: not as the eye sees them, but as the rules for masks
    weigh red, green and blue (ISO 32000-1, 11.5.3)."""

    def of_rgb(self, values: Sequence[float]) -> Values:
        return (sum(weight * value for weight, value in zip((0.3, 0.59, 0.11), values, strict=True)),)

    def of_picture(self, picture: Image) -> Image:
        return picture.convert("L")


def limited(inks: Values, limit: float) -> Values:
    """The same color with all inks together under a limit: what cyan, magenta and yellow have in common is grey, and is
    printed with black instead; where that is not enough, all three are thinned."""
    if sum(inks) <= limit:
        return inks
    cyan, magenta, yellow, black = inks
    moved = min((sum(inks) - limit) / 2, cyan, magenta, yellow, 1 - black)
    colors, black = [cyan - moved, magenta - moved, yellow - moved], black + moved
    if sum(colors) + black > limit:
        kept = max(0.0, limit - black) / sum(colors)
        colors = [kept * ink for ink in colors]
    return (*colors, min(black, limit))


def looked_up(picture: Image, table: Sequence[Values], mode: str) -> Image:
    """A picture with its colors looked up in a table for all colors of `_cube`, and in between.

    *Why a table:* what lies between two mixtures under the ink limit is under it too, and Pillow looks millions of
    pixels up in no time.
    """
    from PIL.ImageFilter import Color3DLUT

    flat = [value for values in table for value in values]
    return picture.convert("RGB").filter(Color3DLUT(_SIDE, flat, channels=len(table[0]), target_mode=mode))


def _cube() -> list[Color]:
    """Colors all over RGB, red changing fastest."""
    steps = [round(255 * step / (_SIDE - 1)) for step in range(_SIDE)]
    return [(red, green, blue) for blue in steps for green in steps for red in steps]


def _color(values: Sequence[float]) -> Color:
    red, green, blue = (round(255 * min(1.0, max(0.0, value))) for value in values)
    return red, green, blue


def _level(color: Color) -> float:
    """How light a grey is that looks as light as a color, 0 for black to 1, as sRGB writes it."""
    light = luminance(color)
    if light < _BLACK and max(color) - min(color) <= _DARK_GREY:
        return 0.0
    return round(light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055, 6)


def _share(color: Color, ink: Color) -> tuple[float, float]:
    """The share of an ink in white that is nearest to a color, 0 to 1, and how far off that is in the worst channel."""
    light, full = ([end - value for end, value in zip(WHITE, one, strict=True)] for one in (color, ink))
    share = sum(a * b for a, b in zip(light, full, strict=True)) / sum(b * b for b in full)
    return share, max(abs(a - share * b) for a, b in zip(light, full, strict=True))


def _is_grey(picture: Image) -> bool:
    from PIL import ImageChops

    red, green, blue = picture.convert("RGB").split()
    pairs = ((red, green), (green, blue), (red, blue))
    return all(ImageChops.difference(*pair).getextrema()[1] <= _GREY for pair in pairs)
