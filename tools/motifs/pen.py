"""The pen: curves with falling opacity, written as a handful of flat SVG paths.

The layout engine knows no filter, and gradients do not survive the press, so a line fades by being cut into runs of
constant opacity. All runs of one weight and one level share a path; that keeps a drawing of hundreds of lines small.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Curve = Callable[[float], Point]
Shade = Callable[[float, float], float]

# About a quarter brighter each: the eye reads the steps along a hairline as one fade.
LEVELS = (0.04, 0.055, 0.075, 0.1, 0.13, 0.165, 0.21, 0.27, 0.34, 0.43, 0.54, 0.67, 0.83, 1.0)
GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
GOLDEN = (math.sqrt(5) - 1) / 2
MARGIN = 4.0
# How far a drawn piece may stray from its curve, in fine weights.
FLATNESS = 0.12


def smoothstep(low: float, high: float, x: float) -> float:
    """0 at `low`, 1 at `high`, level at both ends; `low` may be the larger of the two."""
    t = min(1.0, max(0.0, (x - low) / (high - low)))
    return t * t * (3 - 2 * t)


def spread(n: int) -> float:
    """The n-th of a low-discrepancy sequence in 0..1: scattered like chance, and the same on every run."""
    return (0.5 + n * GOLDEN) % 1.0


@dataclass(frozen=True)
class Frame:
    """One framing: size and centre in drawing units, the motif's radius, both weights and the fade to the edges.

    `past` is how far the drawing goes on beyond its size on all sides, for paper that is trimmed.
    """

    suffix: str
    width: int
    height: int
    cx: float
    cy: float
    radius: float
    main: float
    fine: float
    fade: Shade
    past: int = 0

    def pick(self, square, band, tall):
        """The value for this framing."""
        return {"": square, "-band": band, "-tall": tall}[self.suffix]


class Pen:
    """Draws in units of the motif's radius about its centre (x right, y down) and writes drawing units.

    `veil` is a fade of the motif's own, in motif units, multiplied into everything drawn.
    """

    def __init__(self, frame: Frame, veil: Shade | None = None) -> None:
        self.frame = frame
        self.veil = veil
        self._paths: dict[tuple[float, bool, int], list[str]] = {}

    def place(self, x: float, y: float) -> Point:
        """Motif units to drawing units."""
        return self.frame.cx + x * self.frame.radius, self.frame.cy + y * self.frame.radius

    def level(self, x: float, y: float, opacity: float) -> int:
        """The index of the opacity level at a motif point, -1 where nothing is drawn."""
        px, py = self.place(x, y)
        frame = self.frame
        margin = frame.past + MARGIN
        if not (-margin < px < frame.width + margin and -margin < py < frame.height + margin):
            return -1
        shown = opacity * frame.fade(px, py) * (self.veil(x, y) if self.veil else 1.0)
        if shown < LEVELS[0] * 0.85:
            return -1
        return min(range(len(LEVELS)), key=lambda i: abs(math.log(LEVELS[i] / shown)))

    def curve(self, curve: Curve, opacity: float | Shade = 1.0, main: bool = False, step: float = 5.0) -> None:
        """Stroke `curve` (t in 0..1 to motif units); `opacity` may change along it.

        `step` is the sampling in drawing units: what is shorter than that may be missed.
        """
        shade = opacity if callable(opacity) else (lambda _x, _y: opacity)

        def seen(t: float) -> int:
            x, y = curve(t)
            return self.level(x, y, shade(x, y))

        rough = [self.place(*curve(i / 24)) for i in range(25)]
        length = sum(math.dist(a, b) for a, b in pairwise(rough))
        n = max(2, min(600, math.ceil(length / step)))
        start, here = 0.0, seen(0.0)
        for i in range(1, n + 1):
            t = i / n
            there = seen(t)
            if there != here:
                low, high = (i - 1) / n, t
                for _ in range(5):
                    middle = (low + high) / 2
                    low, high = (middle, high) if seen(middle) == here else (low, middle)
                self._run(curve, start, high, here, main)
                start, here = high, there
        self._run(curve, start, 1.0, here, main)

    def line(self, a: Point, b: Point, opacity: float | Shade = 1.0, main: bool = False, step: float = 5.0) -> None:
        """Stroke the straight line from `a` to `b`."""
        self.curve(lambda t: (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t), opacity, main, step)

    def arc(self, centre: Point, r: float, start: float, end: float, opacity: float | Shade = 1.0, main: bool = False,
            step: float = 5.0) -> None:  # fmt: skip
        """Stroke an arc between two angles in radians, clockwise on paper from the right."""

        def at(t: float) -> Point:
            a = start + (end - start) * t
            return centre[0] + r * math.cos(a), centre[1] + r * math.sin(a)

        self.curve(at, opacity, main, step)

    def circle(self, centre: Point, r: float, opacity: float | Shade = 1.0, main: bool = False) -> None:
        """Stroke a full circle."""
        self.arc(centre, r, -math.pi / 2, math.pi * 1.5, opacity, main)

    def dot(self, x: float, y: float, size: float, opacity: float = 1.0) -> None:
        """A round dot, `size` main weights across: a stroke too short to see, with round ends."""
        level = self.level(x, y, opacity)
        if level >= 0:
            px, py = self.place(x, y)
            path = self._paths.setdefault((round(self.frame.main * size, 2), True, level), [])
            path.append(f"M{_number(px)} {_number(py)}h.1")

    def joined(self, other: "Pen") -> "Pen":
        """This drawing with `other`, of the same frame but perhaps another veil, on top."""
        for key, runs in other._paths.items():
            self._paths.setdefault(key, []).extend(runs)
        return self

    def svg(self) -> str:
        """The drawing as one SVG document."""
        past = self.frame.past
        width, height = self.frame.width + 2 * past, self.frame.height + 2 * past
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="{-past} {-past} {width} {height}">'
        ]
        for width, dots in sorted({(width, dots) for width, dots, _ in self._paths}):
            cap = ' stroke-linecap="round"' if dots else ""
            lines.append(f'<g fill="none" stroke="#fff" stroke-width="{_number(width, 2)}"{cap}>')
            for level in range(len(LEVELS)):
                path = self._paths.get((width, dots, level))
                if path:
                    lines.append(f'<path stroke-opacity="{_number(LEVELS[level], 3)}" d="{"".join(path)}"/>')
            lines.append("</g>")
        return "\n".join([*lines, "</svg>", ""])

    def _run(self, curve: Curve, start: float, end: float, level: int, main: bool) -> None:
        if level < 0 or end - start < 1e-9:
            return
        width = self.frame.main if main else self.frame.fine
        first = self.place(*curve(start))
        pen = (round(first[0], 1), round(first[1], 1))
        out = [f"M{_number(pen[0])} {_number(pen[1])}"]
        for piece in self._pieces(curve, start, end, 0):
            numbers, command = [], "l" if len(piece) == 1 else "c"
            for x, y in piece:
                numbers += [_number(x - pen[0]), _number(y - pen[1])]
            end_x, end_y = piece[-1]
            pen = (round(pen[0] + round(end_x - pen[0], 1), 1), round(pen[1] + round(end_y - pen[1], 1), 1))
            out.append(command + " ".join(numbers).replace(" -", "-"))
        self._paths.setdefault((width, False, level), []).append("".join(out))

    def _pieces(self, curve: Curve, start: float, end: float, depth: int) -> list[tuple[Point, ...]]:
        """Straight or cubic pieces that follow the curve."""
        at = [self.place(*curve(start + (end - start) * i / 4)) for i in range(5)]
        (ax, ay), (bx, by) = at[0], at[4]
        chord = math.hypot(bx - ax, by - ay)
        flat = FLATNESS * self.frame.fine
        if all(abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) <= flat * max(chord, 0.01) for x, y in at[1:4]) and (
            chord > 0.01 or depth > 3
        ):
            return [((bx, by),)]
        h = (end - start) * 1e-4
        near, far = self.place(*curve(start + h)), self.place(*curve(end - h))
        scale = (end - start) / 3 / h
        c1 = (ax + (near[0] - ax) * scale, ay + (near[1] - ay) * scale)
        c2 = (bx + (far[0] - bx) * scale, by + (far[1] - by) * scale)
        if depth >= 8:
            return [((bx, by),)]
        if all(math.dist(_cubic(at[0], c1, c2, at[4], i / 4), at[i]) < flat * 2 for i in (1, 2, 3)):
            return [(c1, c2, (bx, by))]
        middle = (start + end) / 2
        return self._pieces(curve, start, middle, depth + 1) + self._pieces(curve, middle, end, depth + 1)


def _cubic(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    u = 1 - t
    weights = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
    return tuple(sum(w * p[i] for w, p in zip(weights, (a, b, c, d), strict=True)) for i in (0, 1))


def _number(value: float, places: int = 1) -> str:
    text = f"{value:.{places}f}".rstrip("0").rstrip(".") if places else str(round(value))
    text = text.replace("-0.", "-.") if text.startswith("-0.") else text.removeprefix("0") if text[:2] == "0." else text
    return "0" if text in ("-0", "") else text
