"""Radiography: rays fan out from one point, and what stands in their way shows in them.

A hand is not outlined but appears because rays are faint in air, clearer in soft tissue and heavy in bone.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from motifs.pen import Frame, Pen, Point, smoothstep

# Joints of each digit from the wrist to the fingertip, in hand units (x right, y down, middle finger about 1 long),
# then half the width of its bones.
DIGITS: tuple[tuple[tuple[Point, ...], float], ...] = (
    (((-0.25, 0.53), (-0.49, 0.25), (-0.665, -0.02), (-0.765, -0.24)), 0.062),
    (((-0.135, 0.45), (-0.225, -0.04), (-0.315, -0.43), (-0.365, -0.67), (-0.4, -0.86)), 0.058),
    (((0.015, 0.44), (0.02, -0.09), (0.03, -0.52), (0.035, -0.8), (0.04, -1.01)), 0.06),
    (((0.15, 0.46), (0.235, -0.02), (0.325, -0.4), (0.38, -0.66), (0.415, -0.87)), 0.056),
    (((0.26, 0.5), (0.42, 0.1), (0.55, -0.19), (0.625, -0.37), (0.68, -0.53)), 0.05),
)
CARPALS: tuple[tuple[float, float, float, float], ...] = (
    (-0.215, 0.615, 0.07, 0.06), (-0.085, 0.555, 0.06, 0.07), (0.04, 0.57, 0.065, 0.09), (0.19, 0.585, 0.075, 0.08),
    (-0.12, 0.73, 0.075, 0.075), (0.03, 0.745, 0.075, 0.065), (0.16, 0.735, 0.065, 0.06),
)  # fmt: skip
FOREARM: tuple[tuple[Point, Point, float], ...] = (
    ((-0.075, 0.84), (-0.075, 1.9), 0.125),
    ((0.175, 0.86), (0.155, 1.9), 0.075),
)
FLESH = 0.1


@dataclass(frozen=True)
class Bone:
    """A long bone: a shaft with two wider, rounded ends."""

    a: Point
    b: Point
    half_width: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in the bone."""
        s, d = _along(self.a, self.b, x, y)
        if not 0 < s < 1:
            return False
        flare = abs(2 * s - 1)
        width = self.half_width * (0.56 + 0.44 * flare**2.4)
        if flare > 0.86:
            width *= math.sqrt(max(0.0, 1 - ((flare - 0.86) / 0.14) ** 2.6))
        return abs(d) < width

    def outline(self, t: float) -> Point:
        """The bone's edge, t in 0..1 once round."""
        a = 2 * math.pi * t
        s = 0.5 - 0.5 * math.cos(a)
        flare = abs(2 * s - 1)
        width = self.half_width * (0.56 + 0.44 * flare**2.4)
        if flare > 0.86:
            width *= math.sqrt(max(0.0, 1 - ((flare - 0.86) / 0.14) ** 2.6))
        ux, uy = self.b[0] - self.a[0], self.b[1] - self.a[1]
        length = math.hypot(ux, uy)
        side = math.copysign(width, math.sin(a))
        return self.a[0] + ux * s - side * uy / length, self.a[1] + uy * s + side * ux / length


def _along(a: Point, b: Point, x: float, y: float) -> tuple[float, float]:
    """Position along a-b (0..1 between them) and distance from the line through them."""
    ux, uy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(ux, uy)
    return ((x - a[0]) * ux + (y - a[1]) * uy) / length**2, ((x - a[0]) * uy - (y - a[1]) * ux) / length


def _distance(a: Point, b: Point, x: float, y: float) -> float:
    s, _ = _along(a, b, x, y)
    s = min(1.0, max(0.0, s))
    return math.hypot(x - a[0] - s * (b[0] - a[0]), y - a[1] - s * (b[1] - a[1]))


def _bones() -> list[Bone]:
    bones = []
    for joints, width in DIGITS:
        for i, (a, b) in enumerate(pairwise(joints)):
            gap = 0.018 / math.dist(a, b)
            start = (a[0] + (b[0] - a[0]) * gap, a[1] + (b[1] - a[1]) * gap)
            end = (b[0] - (b[0] - a[0]) * gap, b[1] - (b[1] - a[1]) * gap)
            bones.append(Bone(start, end, width * (1.12 - 0.13 * i)))
    return bones


BONES = _bones()


def in_bone(x: float, y: float) -> bool:
    """Whether a ray at this hand point passes through bone."""
    if any(bone.holds(x, y) for bone in BONES):
        return True
    if any(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1 for cx, cy, rx, ry in CARPALS):
        return True
    for a, b, width in FOREARM:
        s, d = _along(a, b, x, y)
        if 0 < s < 1 and abs(d) < width * (0.62 + 0.38 * math.exp(-s * 9)) * min(1.0, (s * 40) ** 0.5):
            return True
    return False


def in_flesh(x: float, y: float) -> bool:
    """Whether a ray at this hand point passes through the hand at all."""
    for joints, width in DIGITS:
        for i, (a, b) in enumerate(pairwise(joints)):
            if _distance(a, b, x, y) < (width + 0.045 if i else FLESH + 0.06):
                return True
    half = 0.27 + 0.06 * smoothstep(0.9, 0.45, y)
    return 0.3 < y < 1.9 and abs(x - 0.035) < half


def radiography(frame: Frame) -> Pen:
    """A fan of rays from a tube above, and a hand in it."""
    hand = frame.pick(0.8, 0.88, 0.9)
    hx, hy = frame.pick((0.0, 0.2), (0.1, 0.2), (0.0, 0.18))
    source = (hx, frame.pick(-1.02, -1.62, -1.36))
    floor = frame.pick(1.02, 1.6, 2.4)
    half = frame.pick(0.68, 1.1, 0.9)
    count = frame.pick(61, 131, 151)

    def hand_point(x: float, y: float) -> Point:
        return (x - hx) / hand, (y - hy) / hand

    edge = frame.pick(0.6, 0.6, 0.5)

    def air(angle: float) -> float:
        return 0.3 * (1 - 0.85 * smoothstep(half * edge, half, abs(angle)))

    pen = Pen(frame)
    near = frame.pick(0.16, 0.2, 0.2)
    for i in range(count):
        angle = half * (2 * i / (count - 1) - 1)
        lean = air(angle) * (1.0 if i % 4 == (count // 2) % 4 else 0.62)

        def ray(t: float, angle: float = angle) -> Point:
            y = source[1] + near * math.cos(angle) + (floor - source[1]) * t
            return source[0] + (y - source[1]) * math.tan(angle), y

        def fine(x: float, y: float, lean: float = lean) -> float:
            p = hand_point(x, y)
            if in_bone(*p):
                return 0.0
            fade = smoothstep(floor, floor - frame.pick(0.5, 0.6, 1.0), y)
            return (0.58 if in_flesh(*p) else lean) * fade

        def heavy(x: float, y: float) -> float:
            return smoothstep(floor, floor - frame.pick(0.42, 0.6, 1.0), y) if in_bone(*hand_point(x, y)) else 0.0

        step = frame.pick(4.0, 5.0, 3.0)
        pen.curve(ray, fine, step=step)
        pen.curve(ray, heavy, main=True, step=step)
    for bone in BONES:

        def edge_of(t: float, bone: Bone = bone) -> Point:
            x, y = bone.outline(t)
            return hx + x * hand, hy + y * hand

        pen.curve(edge_of, main=True, step=3)
    for cx, cy, rx, ry in CARPALS:

        def pebble(t: float, cx: float = cx, cy: float = cy, rx: float = rx, ry: float = ry) -> Point:
            a = 2 * math.pi * t
            return hx + (cx + rx * math.cos(a)) * hand, hy + (cy + ry * math.sin(a)) * hand

        pen.curve(pebble, main=True)
    pen.dot(*source, 2.2)
    pen.arc(source, near * 0.8, math.pi / 2 - half, math.pi / 2 + half, 0.9, main=True)
    return pen
