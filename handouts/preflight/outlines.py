"""The outline of an area: its parts as corners in points, the box around it, and how thin it is where it is a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from handouts.preflight.ink import Matrix, around, overlap
from handouts.preflight.rules import Box

Point = tuple[float, float]

_CURVE = (0.25, 0.5, 0.75, 1.0)  # the places of a curve that stand for it
_STRAIGHT = 0.01  # points that a corner may be off a box
# An area that is shorter than this is a dot, and no line.
_SHORTEST = 2.0


@dataclass
class Outline:
    """A path as it is built: its closed or open parts, each a list of corners."""

    parts: list[list[Point]] = field(default_factory=list)
    _edges: Box | None = None

    @property
    def box(self) -> Box | None:
        """Least x, least y, most x, most y; None of an empty path."""
        if self._edges is None and (corners := [corner for part in self.parts for corner in part]):
            xs, ys = zip(*corners, strict=True)
            self._edges = min(xs), min(ys), max(xs), max(ys)
        return self._edges

    def add(self, operator: str, values: Sequence[float], matrix: Matrix) -> None:
        """One instruction that builds a path: m, l, c, v, y, h or re. What has too few values is left out."""
        points = [matrix.point(x, y) for x, y in zip(values[::2], values[1::2], strict=False)]
        if operator == "re" and len(values) >= 4:
            x, y, wide, high = values[:4]
            corners = ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))
            self.parts.append([matrix.point(*corner) for corner in corners])
        elif operator == "m" and points:
            self.parts.append(points[:1])
        elif self.parts and operator == "l":
            self.parts[-1] += points[:1]
        elif self.parts and operator in ("c", "v", "y") and len(points) >= 2:
            start = self.parts[-1][-1]
            first, second, end = {
                "c": (points[0], points[1], points[-1]),
                "v": (start, points[0], points[-1]),
                "y": (points[0], points[-1], points[-1]),
            }[operator]
            self.parts[-1] += [_on_curve(start, first, second, end, share) for share in _CURVE]

    def moved(self, move: Callable[[float, float], Point]) -> Outline:
        return Outline([[move(x, y) for x, y in part] for part in self.parts])

    def holds(self, x: float, y: float) -> bool:
        """Whether a place lies within, counting edges to its left: an even number of them is outside."""
        inside = False
        for part in self.parts:
            before = part[-1]
            for corner in part:
                if (before[1] > y) != (corner[1] > y):
                    across = before[0] + (y - before[1]) / (corner[1] - before[1]) * (corner[0] - before[0])
                    inside ^= across < x
                before = corner
        return inside


def _on_curve(start: Point, first: Point, second: Point, end: Point, share: float) -> Point:
    rest = 1 - share
    weights = rest**3, 3 * rest**2 * share, 3 * rest * share**2, share**3
    points = (start, first, second, end)
    return (
        sum(weight * point[0] for weight, point in zip(weights, points, strict=True)),
        sum(weight * point[1] for weight, point in zip(weights, points, strict=True)),
    )


def thinnest(outline: Outline, clip: Box | None) -> float | None:
    """The width of the thinnest line in points where an area consists of upright boxes, as far as they show: a rule, or
    a frame of two boxes in each other. None where none of them is as long as a line."""
    boxes = [box for part in outline.parts if (box := _upright(part))]
    if len(boxes) != len(outline.parts):
        return None
    if len(boxes) == 2 and (_within(*boxes) or _within(*reversed(boxes))):
        # A border: the sides on which it has none are those that the boxes share.
        gaps = [abs(one - other) for one, other in zip(*boxes, strict=True)]
        return min((gap for gap in gaps if gap > _STRAIGHT), default=None)
    shown = [overlap(box, clip) if clip else box for box in boxes]
    sides = [sorted((right - left, top - bottom)) for left, bottom, right, top in shown]
    return min((short for short, long in sides if long >= _SHORTEST and short >= 0), default=None)


def _upright(part: list[Point]) -> Box | None:
    """A part as a box, where it is one."""
    box = around((x, y, x, y) for x, y in part)
    corners = 3 < len(part) < 6 and all(
        min(abs(x - box[0]), abs(x - box[2])) < _STRAIGHT and min(abs(y - box[1]), abs(y - box[3])) < _STRAIGHT
        for x, y in part
    )
    return box if corners else None


def _within(inner: Box, outer: Box) -> bool:
    lower = inner[0] >= outer[0] - _STRAIGHT and inner[1] >= outer[1] - _STRAIGHT
    return lower and inner[2] <= outer[2] + _STRAIGHT and inner[3] <= outer[3] + _STRAIGHT
