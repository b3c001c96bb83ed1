"""QR codes on a page: found as a phone finds them, read, and measured in pixels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

import zxingcpp
from PIL import Image, ImageDraw

from handouts.color import Color, grey, luminance, ratio
from handouts.preflight.evidence import INCH, Page, Printed
from handouts.preflight.ink import overlap
from handouts.preflight.rules import Box

QUIET = 4  # modules around a code that its makers ask for: https://www.qrcode.com/en/howto/code.html
_LOOK_DPI, _JUDGE_DPI = 150, 300
_MM = 25.4
_MODEL = zxingcpp.BarcodeFormat.QRCodeModel2
# How far the sides and angles of something may be from a square's, in shares of a side, to be a code.
_ASKEW = 0.12
# The share of the way from light to dark that a spot of the quiet zone may go: textures of paper and pale tints do.
_EVEN = 0.2
# Modules are judged by the palest of the dark and the darkest of the light, without the share that a logo may cover.
_LOGO = 0.2
_STEP = 0.3  # modules between the rings in which the quiet zone is walked
_BAR = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z")

Point = tuple[float, float]


@dataclass(frozen=True)
class Code:
    """A QR code on a page. `text` is None where it cannot be read, in color or in grey; then nothing is measured.

    `modules` counts them along a side; `side` is mm, `quiet` modules, at most QUIET; `contrast` is the lesser of that
    in color and that of a copy.
    """

    page: int
    box: Box
    text: str | None
    modules: int = 0
    side: float = 0.0
    quiet: float = 0.0
    contrast: float = 0.0
    inverted: bool = False

    @property
    def module(self) -> float:
        """The width of one module in mm."""
        return self.side / self.modules


@lru_cache(maxsize=1)
def codes_of(printed: Printed) -> tuple[Code, ...]:
    """The QR codes of a file, in the order of its pages. Kept, since checks of any PDF and of ours both ask."""
    return tuple(code for page in printed.pages for code in _on_page(page))


def drawn(path: str) -> str | None:
    """What a code says that is drawn as a path of bars, one unit a module; None where it is no code."""
    bars = [tuple(map(int, bar)) for bar in _BAR.findall(path)]
    size = max((x + wide for x, _, wide, _ in bars), default=0) + 2 * QUIET
    image = Image.new("L", (size, size), 255)
    draw = ImageDraw.Draw(image)
    for x, y, wide, high in bars:
        draw.rectangle((x + QUIET, y + QUIET, x + QUIET + wide - 1, y + QUIET + high - 1), 0)
    found = _readable(image.resize((4 * size, 4 * size), Image.Resampling.NEAREST))
    return found.text if found else None


def _on_page(page: Page) -> Iterator[Code]:
    look, judge = page.fine(_LOOK_DPI), page.fine(_JUDGE_DPI)
    taken: list[Box] = []
    for seen in sorted(_seen(page.raster(look, grey=True)), key=lambda one: not one.valid):
        corners = [(x * INCH / look, y * INCH / look) for x, y in _corners(seen)]
        box, region = _around(page, corners, 0.0), _around(page, corners, 0.3)
        # What cannot be read is tried from several corners, and found again from each.
        if any(_is_box(overlap(box, other)) for other in taken):
            continue
        taken.append(box)
        color, copy = page.raster(judge, box=region), page.raster(judge, box=region, grey=True)
        in_color, in_grey = _readable(color), _readable(copy)
        if in_color and in_grey and in_color.text == in_grey.text:
            yield _measured(page, box, color, judge, in_color)
        elif seen.valid or any(map(_seen, (color, copy))):
            yield Code(page.number, box, None)


def _is_box(box: Box) -> bool:
    return box[2] > box[0] and box[3] > box[1]


def _seen(image: Image.Image) -> list[zxingcpp.Barcode]:
    """Codes, and what has the three corners, the size and the form of a code but cannot be read."""
    found = zxingcpp.read_barcodes(image, formats=_MODEL, return_errors=True)
    return [one for one in found if one.valid or (_version(one) and _is_square(_corners(one)))]


def _readable(image: Image.Image) -> zxingcpp.Barcode | None:
    return next(iter(zxingcpp.read_barcodes(image, formats=_MODEL)), None)


def _version(code: zxingcpp.Barcode) -> int:
    """1 to 40, as large as the code; 0 where the decoder could not tell."""
    named = str((code.extra or {}).get("Version", "")) if isinstance(code.extra, dict) else ""
    return int(named) if named.isdecimal() else 0


def _corners(code: zxingcpp.Barcode) -> list[Point]:
    """Pixels: upper left, upper right, lower right, lower left, as the code itself is turned."""
    place = code.position
    return [(at.x, at.y) for at in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)]


def _is_square(corners: list[Point]) -> bool:
    sides = [
        (after[0] - before[0], after[1] - before[1])
        for before, after in zip(corners, corners[1:] + corners[:1], strict=True)
    ]
    lengths = [(x**2 + y**2) ** 0.5 for x, y in sides]
    longest = max(lengths)
    if not longest or min(lengths) < (1 - _ASKEW) * longest:
        return False
    turns = zip(sides, sides[1:] + sides[:1], strict=True)
    return all(abs(x * u + y * v) < _ASKEW * longest**2 for (x, y), (u, v) in turns)


def _around(page: Page, corners: list[Point], share: float) -> Box:
    """The box around corners, larger on each side by a share of it, on the page."""
    xs, ys = zip(*corners, strict=True)
    more = share * max(max(xs) - min(xs), max(ys) - min(ys))
    return (
        max(0.0, min(xs) - more),
        max(0.0, min(ys) - more),
        min(page.width, max(xs) + more),
        min(page.height, max(ys) + more),
    )


def _measured(page: Page, box: Box, image: Image.Image, dpi: float, code: zxingcpp.Barcode) -> Code:
    corners, modules = _corners(code), 17 + 4 * _version(code)
    (left, top), (right, across), _, (down, bottom) = corners
    width = ((right - left) ** 2 + (across - top) ** 2) ** 0.5
    height = ((down - left) ** 2 + (bottom - top) ** 2) ** 0.5
    pixels = image.load()

    def at(x: float, y: float) -> Color | None:
        """The color at a place in modules from the code's upper left corner; None beside the page."""
        across, down_ = x / modules, y / modules
        column = left + across * (right - left) + down_ * (corners[3][0] - left)
        row = top + across * (corners[1][1] - top) + down_ * (bottom - top)
        inside = 0 <= column < image.width and 0 <= row < image.height
        return pixels[int(column), int(row)] if inside else None

    finders = [(0, 0), (modules - 7, 0), (0, modules - 7)]
    dark = _middle(at(x + 2.5 + i, y + 2.5 + j) for x, y in finders for i in (0, 1, 2) for j in (0, 1, 2))
    light = _middle(at(x + 1.5 + i, y + 1.5) for x, y in finders for i in range(5))
    return Code(
        page=page.number,
        box=box,
        text=code.text,
        modules=modules,
        side=min(width, height) / dpi * _MM,
        quiet=_quiet(at, modules, grey(light)[0], grey(dark)[0]),
        contrast=_contrast(at, modules, light, dark),
        inverted=luminance(dark) > luminance(light),
    )


def _middle(colors: Iterable[Color | None]) -> Color:
    """The color whose luminance is the median."""
    ordered = sorted((color for color in colors if color), key=luminance)
    return ordered[len(ordered) // 2] if ordered else (255, 255, 255)


def _contrast(at: Callable[[float, float], Color | None], modules: int, light: Color, dark: Color) -> float:
    """Contrast of the palest dark modules with the darkest light ones, in color or as a copy, where it is less."""
    found = [color for x in range(modules) for y in range(modules) if (color := at(x + 0.5, y + 0.5))]
    least = 21.0
    for see in (lambda color: color, grey):
        lights, darks = [], []
        bright, deep = luminance(see(light)), luminance(see(dark))
        for color in found:
            level = luminance(see(color))
            (lights if abs(level - bright) < abs(level - deep) else darks).append(color)
        pair = [
            sorted(colors, key=luminance, reverse=rising)[int(len(colors) * (1 - _LOGO))]
            for colors, rising in ((lights, bright > deep), (darks, bright < deep))
        ]
        least = min(least, ratio(see(pair[0]), see(pair[1])))
    return least


def _quiet(at: Callable[[float, float], Color | None], modules: int, light: int, dark: int) -> float:
    """Modules of even light around a code: rings are walked outward until a spot on one is neither paper nor tint."""
    ground = median([grey(color)[0] for color in _ring(at, modules, _STEP) if color] or [light])
    limit = _EVEN * abs(light - dark)
    away = _STEP
    while away < QUIET:
        if any(color is None or abs(grey(color)[0] - ground) > limit for color in _ring(at, modules, away)):
            return away - _STEP
        away += _STEP
    return float(QUIET)


def _ring(at: Callable[[float, float], Color | None], modules: int, away: float) -> Iterator[Color | None]:
    """The spots of a square around a code, half a module from each other."""
    low, high = -away, modules + away
    steps = int((high - low) * 2)
    for step in range(steps + 1):
        along = low + (high - low) * step / steps
        yield from (at(along, low), at(along, high), at(low, along), at(high, along))
