"""Computed tomography: a fan of rays turns round the body, and a ring of detectors catches what is left of it.

The rays end at the body; inside stands what is reckoned from them, a slice in picture elements.
"""

import math

from motifs.pen import Frame, Pen, Point, smoothstep

LEAD = -math.pi * 0.3
FOCUS, CATCH = 0.82, 0.86
BODY = (0.44, 0.33, 2.3)  # half width, half height, squareness


def _reach(x: float, y: float) -> float:
    """Below 1 inside the body, for a body of size 1."""
    a, b, power = BODY
    return abs(x / a) ** power + abs(y / b) ** power


def _oval(x: float, y: float, cx: float, cy: float, a: float, b: float) -> bool:
    return ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 < 1


def _density(x: float, y: float) -> float:
    """How bright an element of the slice is: a spine, a large organ to the left, a vessel, a dark hollow, a rim."""
    if _oval(x, y, 0.0, 0.2, 0.075, 0.065):
        return 0.4 if _oval(x, y, 0.0, 0.215, 0.022, 0.02) else 1.0
    if _oval(x, y, 0.035, 0.075, 0.045, 0.045):
        return 1.0
    if _oval(x, y, -0.19, -0.03, 0.2, 0.2) and not _oval(x, y, -0.1, 0.1, 0.07, 0.05):
        return 0.68
    if _oval(x, y, 0.2, -0.09, 0.15, 0.1):
        return 0.0
    if _oval(x, y, 0.27, 0.1, 0.09, 0.12):
        return 0.68
    return 0.46


def _slice(pen: Pen, size: float, pitch: float, sizes: tuple[float, float, float]) -> None:
    """The body's outline, and its picture elements `pitch` apart."""
    a, b, power = BODY

    def outline(t: float) -> Point:
        c, s = math.cos(2 * math.pi * t), math.sin(2 * math.pi * t)
        r = size * (abs(c) ** power + abs(s) ** power) ** (-1 / power)
        return a * r * c, b * r * s

    pen.curve(outline, main=True)
    across, down = int(a * size / pitch) + 1, int(b * size / pitch) + 1
    for row in range(-down, down + 1):
        for column in range(-across, across + 1):
            x, y = column * pitch, row * pitch
            # One element's width stays free along the outline.
            inner = 1 + 0.75 * pitch / (size * b)
            if _reach(x / size * inner, y / size * inner) < 1:
                density = _density(x / size, y / size)
                if density > 0:
                    pen.dot(x, y, sizes[0 if density < 0.5 else 1 if density < 0.8 else 2], 0.2 + 0.8 * density)


def _fan(tube: float, rays: int, spread: float) -> list[tuple[Point, Point]]:
    """From the tube at angle `tube` to the detectors' circle, as (start, end)."""
    start = (FOCUS * math.cos(tube), FOCUS * math.sin(tube))
    lines = []
    for j in range(rays):
        away = tube + math.pi + spread * (2 * j / (rays - 1) - 1)
        b = start[0] * math.cos(away) + start[1] * math.sin(away)
        reach = -b + math.sqrt(b * b + CATCH**2 - FOCUS**2)
        lines.append((start, (start[0] + reach * math.cos(away), start[1] + reach * math.sin(away))))
    return lines


def _turn(pen: Pen, fans: int, rays: int, spread: float, body: float, dose: float) -> None:
    """Fans from `fans` tube positions, fading as they lie further back in the turn."""

    def open_air(x: float, y: float) -> float:
        return 0.0 if _reach(x / body, y / body) < 1 else 1.0

    for k in reversed(range(fans)):
        age = k / fans
        strength = dose * (0.15 + 0.85 * (1 - age) ** 3)
        for j, (start, end) in enumerate(_fan(LEAD - 2 * math.pi * age, rays, spread)):
            first = k == 0

            def shade(x: float, y: float, strength: float = 1.0 if first else strength) -> float:
                return strength * open_air(x, y)

            pen.line(start, end, shade, main=first and j in (0, rays - 1))
        pen.dot(*start, (2.6 if k == 0 else 1.5) * pen.frame.pick(1, 1.2, 1.6), 0.3 + 0.7 * (1 - age) ** 2)
    _ring(pen, spread)


def _ring(pen: Pen, spread: float) -> None:
    """The gantry, and the detectors in it: those that catch the newest fan are lit."""
    cells = pen.frame.pick(108, 180, 216)
    lit = LEAD + math.pi
    for i in range(cells):
        angle = 2 * math.pi * i / cells
        off = abs((angle - lit + math.pi) % (2 * math.pi) - math.pi)
        glow = 0.4 + 0.6 * smoothstep(spread * 2.1, spread * 1.9, off)
        c, s = math.cos(angle), math.sin(angle)
        pen.line((0.88 * c, 0.88 * s), (0.93 * c, 0.93 * s), glow, main=glow > 0.7)
    pen.circle((0, 0), 0.95, 0.8)
    pen.circle((0, 0), 0.985, main=True)


def ct(frame: Frame) -> Pen:
    """A gantry ring, fans from all round it, and the slice they meet in."""
    pen = Pen(frame)
    _turn(pen, frame.pick(11, 17, 19), frame.pick(9, 13, 15), 0.5, 1.0, 0.75)
    _slice(pen, 1.0, frame.pick(0.05, 0.04, 0.03), frame.pick((0.85, 1.35, 1.9), (1.1, 1.9, 2.7), (1.5, 2.6, 3.8)))
    return pen


def pediatric_ct(frame: Frame) -> Pen:
    """The same ring with a child in it: a smaller field, narrower fans, and fewer of them."""
    pen = Pen(frame)
    _turn(pen, frame.pick(5, 7, 7), frame.pick(5, 7, 9), 0.31, 0.62, 0.5)
    _slice(pen, 0.62, frame.pick(0.045, 0.033, 0.025), frame.pick((0.75, 1.2, 1.7), (1.0, 1.6, 2.2), (1.3, 2.2, 3.1)))
    for turn in range(24):
        start = 2 * math.pi * turn / 24
        pen.arc((0, 0), 0.4, start, start + math.pi / 24, 0.8)
    return pen
