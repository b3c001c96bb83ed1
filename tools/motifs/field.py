"""Magnetic resonance: the lines of a dipole, r = R sin^2(theta), and across them the lines of equal potential."""

import math

from motifs.pen import Frame, Pen, Point, smoothstep


def _field_line(reach: float, side: int, start: float):
    """One field line from the sphere of radius `start` out to `reach` and back; axis upright."""
    foot = math.asin(math.sqrt(start / reach))

    def at(t: float) -> Point:
        theta = foot + (math.pi - 2 * foot) * t
        r = reach * math.sin(theta) ** 2
        return side * r * math.sin(theta), -r * math.cos(theta)

    return at


def _potential(k: float, pole: int, start: float):
    """Where the potential is constant, r^2 = k cos(theta): a loop through the centre, cut at the sphere."""
    edge = math.acos(min(1.0, start * start / k))

    def at(t: float) -> Point:
        theta = edge * (2 * t - 1)
        r = math.sqrt(max(0.0, k * math.cos(theta)))
        return r * math.sin(theta), -pole * r * math.cos(theta)

    return at


def mri(frame: Frame) -> Pen:
    """A spin in the middle, its axis tilted, and the field that closes round it."""
    far = frame.pick(1.1, 2.6, 2.3)

    def veil(x: float, y: float) -> float:
        return smoothstep(far, far * frame.pick(0.62, 0.15, 0.2), math.hypot(x, y))

    pen = Pen(frame, veil)
    core = frame.pick(0.2, 0.17, 0.17)
    feet = frame.pick(15, 23, 25)
    for i in range(1, feet):
        theta = math.pi / 2 * i / feet
        reach = core / math.sin(theta) ** 2
        if reach < core * 1.12 or reach > 60:
            continue
        for side in (-1, 1):
            pen.curve(_field_line(reach, side, core), 1.0 if i % 3 == 0 else 0.7, main=i % 3 == 0)
    for n in range(frame.pick(4, 9, 9)):
        k = (core * 1.5) ** 2 * 1.62**n
        for pole in (-1, 1):
            pen.curve(_potential(k, pole, core), 0.28)
    for pole in (-1, 1):
        pen.line((0, pole * core), (0, pole * 6), main=True)
    pen.circle((0, 0), core, main=True)
    _proton(pen, core * 0.74)
    return pen


def _proton(pen: Pen, arm: float) -> None:
    """One spin: its tilted axis, and the circle it turns in seen from the side."""
    c, s = math.cos(0.4), math.sin(0.4)

    def turn(t: float) -> Point:
        across, along = 0.66 * arm * math.sin(2 * math.pi * t), 0.22 * arm * math.cos(2 * math.pi * t)
        return across * c + along * s, across * s - along * c

    tip = (arm * s, -arm * c)
    pen.line((-tip[0], -tip[1]), tip, main=True)
    pen.dot(*tip, pen.frame.pick(2.2, 2.6, 3.4))
    pen.curve(turn, main=True)
