"""Mammography: two plates hold the breast flat; its ducts branch back from one point."""

import math

from motifs.pen import GOLDEN_ANGLE, Frame, Pen, Point, smoothstep, spread

TIP = 0.8
ROUND = 1.12
POWER = 2.25


def _half_height(u: float) -> float:
    """Half the profile's height, as a share of the whole, at depth `u` behind the tip."""
    return (1 - (1 - min(1.0, u / ROUND)) ** POWER) ** (1 / POWER)


def _skin(height: float, inset: float):
    """The profile from top to bottom round the tip, `inset` under the skin; the nipple stands out a little."""

    def at(t: float) -> Point:
        a = math.pi * (t - 0.5)
        c, s = max(0.0, math.cos(a)), math.sin(a)
        y = (height - inset) * math.copysign(abs(s) ** (2 / POWER), s)
        x = TIP - ROUND + (ROUND - inset) * c ** (2 / POWER)
        return x + (0.05 * math.exp(-((y / 0.055) ** 2)) if inset == 0 else 0.0), y

    return at


def mammography(frame: Frame) -> Pen:
    """The side view: ducts and their lobules run together at the right; chest wall to the left."""
    height = frame.pick(0.62, 0.64, 0.66)
    low, high = frame.pick((-1.02, -0.35), (-3.0, -1.2), (-1.6, -0.5))

    def veil(x: float, _y: float) -> float:
        return smoothstep(low, high, x)

    pen = Pen(frame, veil)
    pen.curve(_skin(height, 0.0), main=True)
    pen.curve(_skin(height, 0.05), 0.55)
    for side in (-1, 1):
        for inset, opacity in ((0.0, 1.0), (0.05, 0.55)):
            y = side * (height - inset)
            pen.line((TIP - ROUND, y), (-3, y), opacity, main=inset == 0)
        near, far = side * (height + 0.05), side * (height + 0.115)
        pen.line((0.96, near), (-3, near), main=True)
        pen.line((0.96, far), (-3, far), 0.8)
        pen.line((0.96, near), (0.96, far), 0.8)
    trees = frame.pick(8, 9, 11)
    serial = 0
    for i in range(trees):
        v = 2 * (i + 0.5) / trees - 1
        serial = _branch(pen, (-0.02, v * 0.12), v, 2 / trees, 0, serial, height - 0.12, frame.pick(2, 3, 3))
    return pen


def _branch(pen: Pen, start: Point, v: float, room: float, order: int, serial: int, height: float, orders: int) -> int:
    """Draw a duct from `start` (depth, lateral place) to `v` across, then its branches; returns the next serial."""
    u, v_from = start
    lengths = pen.frame.pick((0.46, 0.36, 0.33), (0.46, 0.4, 0.36, 0.3), (0.4, 0.36, 0.32, 0.26))
    length = lengths[order] * (0.55 + 0.9 * spread(serial * 5))

    def at(t: float) -> Point:
        lateral = v_from + (v - v_from) * (math.sin(t * math.pi / 2) if order == 0 else smoothstep(0, 1, t))
        return TIP - u - length * t, lateral * height * _half_height(max(0.0, u + length * t))

    pen.curve(at, (1.0, 0.9, 0.7, 0.6)[order], main=order < 1 + serial % 2)
    serial += 1
    end = (u + length, v)
    # A few ducts stop early, so that buds lie all through the tissue.
    if order < orders and not (order == orders - 1 and spread(serial) < 0.2):
        lean = 0.1 * (spread(serial * 3) - 0.5)
        for turn in (-1, 1):
            to = v + room * (turn * 0.3 + lean)
            serial = _branch(pen, end, to, room * 0.56, order + 1, serial, height, orders)
        return serial
    x, y = at(1.0)
    for n in range(pen.frame.pick(6, 9, 11)):
        r = pen.frame.pick(0.021, 0.0155, 0.0155) * math.sqrt(n + 0.3)
        a = n * GOLDEN_ANGLE + serial
        pen.dot(x - 0.02 + r * math.cos(a), y + r * math.sin(a), pen.frame.pick(1.0, 1.2, 1.9), 1.0)
    return serial
