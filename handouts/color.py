"""How well two colors can be told apart, by the formula of WCAG 2.2, and as a copier sees them."""

from __future__ import annotations

from functools import lru_cache

Color = tuple[int, int, int]
BLACK: Color = (0, 0, 0)
WHITE: Color = (255, 255, 255)
# https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
_LINEAR = [step / 255 / 12.92 if step <= 10 else ((step / 255 + 0.055) / 1.055) ** 2.4 for step in range(256)]
_STEPS = 64


def luminance(color: Color) -> float:
    """Relative luminance, 0 for black to 1 for white."""
    red, green, blue = color
    return 0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]


@lru_cache(maxsize=1024)
def ratio(one: Color, other: Color) -> float:
    """Contrast of two colors, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def grey(color: Color) -> Color:
    """A color as a copier prints it: its luma, by the weights of ITU-R BT.601, as a grey."""
    red, green, blue = color
    luma = round(0.299 * red + 0.587 * green + 0.114 * blue)
    return luma, luma, luma


def mixed(one: Color, other: Color, share: float) -> Color:
    """One color with a share, 0 to 1, of the other."""
    first, second, third = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return first, second, third


def nearest(ink: Color, ground: Color, needed: float) -> Color:
    """The color nearest to an ink that has the contrast needed on a ground, in color and in grey: darker or lighter."""
    for step in range(1, _STEPS + 1):
        for end in (BLACK, WHITE):
            tried = mixed(ink, end, step / _STEPS)
            if ratio(tried, ground) >= needed and ratio(grey(tried), grey(ground)) >= needed:
                return tried
    return max(BLACK, WHITE, key=lambda end: ratio(end, ground))


def named(color: Color) -> str:
    """A color as style sheets write it: "#1a2b3c"."""
    return "#{:02x}{:02x}{:02x}".format(*color)
