"""Plain drawings as PDF operators: shapes in flat colors, which most logos are, without the layout engine."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_APART = r"(?:\s*,\s*|\s+)"
_PLAIN = re.compile(_NUMBER)
_LENGTH = re.compile(rf"({_NUMBER})(?:px)?")
_VIEW = re.compile(r"\s*" + _APART.join([f"({_NUMBER})"] * 4) + r"\s*")
_PATH = re.compile(r"\s*[Mm][-+.,\s0-9eEMmZzLlHhVvCcSsQqTtAa]*")
_MOVED = re.compile(rf"\s*(matrix|translate|scale)\(\s*({_NUMBER}(?:{_APART}{_NUMBER})*)\s*\)[\s,]*")
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_NAMED = {"black": "#000000", "white": "#ffffff"}
# How far width by height may be from that of the view box, as a share of it.
_ALIKE = 1e-6
# What tells of a drawing, and does not draw.
_SILENT = {"title", "desc", "metadata"}
# The attributes that make the outline of each shape, and those that it must have.
_SHAPES = {
    "path": {"d"},
    "polygon": {"points"},
    "polyline": {"points"},
    "rect": {"x", "y", "width", "height"},
    "circle": {"cx", "cy", "r"},
    "ellipse": {"cx", "cy", "rx", "ry"},
}
_NEEDED = {"rect": {"width", "height"}, "circle": {"r"}, "ellipse": {"rx", "ry"}}
# How shapes are painted where nothing says so, and what else may be said.
_PAINT = {
    "fill": "#000000",
    "fill-rule": "nonzero",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
}
_CHOICES = {
    "fill-rule": ("nonzero", "evenodd"),
    "stroke-linecap": ("butt", "round", "square"),
    "stroke-linejoin": ("miter", "round", "bevel"),
}
_ENDS = (("stroke-linecap", "J"), ("stroke-linejoin", "j"))
_ROOT = {"width", "height", "viewBox", "version", "id", *_PAINT}
_MITER_LIMIT = 4
# Groups in groups: no drawing has more, and Python's stack ends at some hundred.
_DEEPEST = 50
# The sides of view boxes for which six digits behind the point say enough.
_LEAST_SIDE, _MOST_SIDE = 1, 10_000


class _NotPlain(Exception):
    """There is something in it that only the layout engine draws."""


class Drawing(NamedTuple):
    """A drawing as a form of one unit a side: its width by its height, the source of the form's dictionary without its
    brackets and length, and its operators."""

    ratio: float
    head: str
    painted: bytes


class _Operators(BasePen):
    """Outlines as operators that build a path."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.parts.append(f"{_numbers(point)} m")

    def _lineTo(self, point: tuple[float, float]) -> None:
        self.parts.append(f"{_numbers(point)} l")

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self.parts.append(f"{' '.join(map(_numbers, points))} c")

    def _closePath(self) -> None:
        self.parts.append("h")


def plain_drawing(data: bytes) -> Drawing | None:
    """An SVG as a form; None where it holds more than shapes in flat colors.

    *Why:* the layout engine takes most of a second to load, and a merge that only stamps never needs it otherwise.
    """
    try:
        root = ElementTree.fromstring(data)
        left, top, width, height = _view(root)
        painted = "\n".join(["q", f"{_MITER_LIMIT} M", *_painted(root, _paint(root, _PAINT)), "Q"])
    except (_NotPlain, ElementTree.ParseError):
        return None
    matrix = f"{1 / width:.8f} 0 0 {-1 / height:.8f} {-left / width:.8f} {1 + top / height:.8f}"
    box = _numbers((left, top, left + width, top + height))
    head = f"/Type /XObject /Subtype /Form /BBox [ {box} ] /Matrix [ {matrix} ] /Resources << >> "
    return Drawing(width / height, head, painted.encode())


def _view(root: ElementTree.Element) -> tuple[float, float, float, float]:
    """What of the plane is seen: left, top, width, height."""
    box = _VIEW.fullmatch(root.get("viewBox", ""))
    if root.tag != f"{_SVG}svg" or not root.attrib.keys() <= _ROOT or not box:
        raise _NotPlain
    left, top, width, height = map(float, box.groups())
    if min(width, height) < _LEAST_SIDE or max(width, height) > _MOST_SIDE:
        raise _NotPlain
    if root.attrib.keys() & {"width", "height"}:
        # Of another shape than its view box, it would stand somewhere in its place.
        sides = [_LENGTH.fullmatch(root.get(key, "")) for key in ("width", "height")]
        if not all(sides) or abs(float(sides[0][1]) * height - float(sides[1][1]) * width) > _ALIKE * width * height:
            raise _NotPlain
    return left, top, width, height


def _painted(element: ElementTree.Element, around: dict[str, str], depth: int = 0) -> Iterator[str]:
    """The operators of all that stands in an element, painted as `around` says where it does not say itself."""
    if depth > _DEEPEST:
        raise _NotPlain
    for child in element:
        kind = child.tag.removeprefix(_SVG)
        if kind in _SILENT:
            continue
        known = {"id", "transform", *_PAINT, *_SHAPES.get(kind, ())}
        if kind not in {"g", *_SHAPES} or not child.attrib.keys() <= known:
            raise _NotPlain
        paint = _paint(child, around)
        drawn = list(_painted(child, paint, depth + 1) if kind == "g" else _drawn(_outline(kind, child), paint))
        moved = [f"{_numbers(matrix)} cm" for matrix in _matrices(child.get("transform", ""))]
        yield from ["q", *moved, *drawn, "Q"] if moved else drawn


def _paint(element: ElementTree.Element, around: dict[str, str]) -> dict[str, str]:
    paint = {key: element.get(key, text) for key, text in around.items()}
    for key in ("fill", "stroke"):
        paint[key] = _NAMED.get(paint[key], paint[key])
        if paint[key] != "none" and not _COLOR.fullmatch(paint[key]):
            raise _NotPlain
    if any(paint[key] not in known for key, known in _CHOICES.items()) or not _PLAIN.fullmatch(paint["stroke-width"]):
        raise _NotPlain
    return paint


def _drawn(outline: str, paint: dict[str, str]) -> Iterator[str]:
    """A shape of path data, painted."""
    filled, stroked = paint["fill"] != "none", paint["stroke"] != "none" and float(paint["stroke-width"]) > 0
    if not _PATH.fullmatch(outline) or float(paint["stroke-width"]) < 0:
        raise _NotPlain
    pen = _Operators()
    try:
        parse_path(outline, pen)
    except ValueError as error:
        raise _NotPlain from error
    if not pen.parts or not (filled or stroked):
        return
    if filled:
        yield f"{_ink(paint['fill'])} rg"
    if stroked:
        yield f"{_ink(paint['stroke'])} RG {_numbers([float(paint['stroke-width'])])} w"
        yield " ".join(f"{_CHOICES[key].index(paint[key])} {sign}" for key, sign in _ENDS)
    yield from pen.parts
    even = "*" if paint["fill-rule"] == "evenodd" else ""
    yield f"B{even}" if filled and stroked else f"f{even}" if filled else "S"


def _outline(kind: str, shape: ElementTree.Element) -> str:
    """A shape as path data."""
    if kind == "path":
        return shape.get("d", "")
    if kind in ("polygon", "polyline"):
        return f"M{shape.get('points', '')}{'Z' if kind == 'polygon' else ''}"
    if _NEEDED[kind] - shape.attrib.keys() or not all(_PLAIN.fullmatch(shape.get(key, "0")) for key in _SHAPES[kind]):
        raise _NotPlain
    of = {key: float(shape.get(key, "0")) for key in _SHAPES[kind]}
    if kind == "rect":
        return f"M{of['x']},{of['y']}h{of['width']}v{of['height']}h{-of['width']}Z"
    across, down = (of["r"], of["r"]) if kind == "circle" else (of["rx"], of["ry"])
    return _round(of["cx"], of["cy"], across, down)


def _round(x: float, y: float, across: float, down: float) -> str:
    """A circle or an ellipse, by the curves of the layout engine, which are a hair fuller than a circle."""
    wide, high = across / math.sqrt(math.pi), down / math.sqrt(math.pi)
    right, left, low, top = x + across, x - across, y + down, y - down
    return (
        f"M{right},{y}C{right},{y + high},{x + wide},{low},{x},{low}C{x - wide},{low},{left},{y + high},{left},{y}"
        f"C{left},{y - high},{x - wide},{top},{x},{top}C{x + wide},{top},{right},{y - high},{right},{y}Z"
    )


def _matrices(source: str) -> Iterator[tuple[float, ...]]:
    """The matrices of a `transform`, the outer first."""
    at = 0
    while found := _MOVED.match(source, at):
        numbers, at = [float(part) for part in re.findall(_NUMBER, found[2])], found.end()
        if len(numbers) not in ((6,) if found[1] == "matrix" else (1, 2)):
            raise _NotPlain
        if found[1] == "translate":
            yield 1, 0, 0, 1, numbers[0], *(numbers[1:] or [0])
        elif found[1] == "scale":
            yield numbers[0], 0, 0, numbers[-1], 0, 0
        else:
            yield tuple(numbers)
    if source[at:].strip():
        raise _NotPlain


def _ink(color: str) -> str:
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])
    return _numbers(round(int(digits[at : at + 2], 16) / 255, 6) for at in (0, 2, 4))


def _numbers(values: Iterable[float]) -> str:
    return " ".join(f"{value:.6f}".rstrip("0").rstrip(".") for value in values)
