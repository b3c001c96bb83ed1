"""The booklet's cover: one rosette, each ring of it the field of one modality, round the point they all look at."""

import math
from dataclasses import replace

from motifs.pen import GOLDEN_ANGLE, Frame, Pen, Point, smoothstep, spread

TURN = 2 * math.pi
TOP = -math.pi / 2


def _polar(r: float, a: float) -> Point:
    return r * math.cos(a), r * math.sin(a)


def _decays(pen: Pen) -> None:
    """Nuclear medicine, the core: a tracer that glows."""
    dots = pen.frame.pick(38, 60, 110)
    sizes = pen.frame.pick((0.9, 1.2, 1.7), (1.1, 1.5, 2.1), (1.4, 2.0, 2.9))
    for n in range(dots):
        share = (n + 0.5) / dots
        size = sizes[2 if share < 0.25 else 1 if share < 0.6 else 0]
        pen.dot(*_polar(0.205 * share**0.62, n * GOLDEN_ANGLE), size, 1.0 - 0.5 * share)


def _loops(pen: Pen) -> None:
    """Magnetic resonance: dipole loops, sin^2 across each petal, woven by overlapping their neighbours."""
    petals, nested = 12, pen.frame.pick(3, 4, 4)
    base, far = 0.25, 0.52
    half = TURN / petals
    for i in range(petals):
        middle = TOP + TURN * i / petals
        for n in range(nested):
            reach = base + (far - base) * (1 - 0.8 * n / nested)

            def loop(t: float, middle: float = middle, reach: float = reach) -> Point:
                return _polar(base + (reach - base) * math.sin(math.pi * t) ** 2, middle + half * (2 * t - 1))

            pen.curve(loop, 1.0 if n == 0 else 0.7, main=n == 0)
    pen.circle((0, 0), base, main=True)


def _ducts(pen: Pen) -> None:
    """Mammography: ducts that branch outward and end in lobules."""
    roots = pen.frame.pick(18, 24, 24)
    room = TURN / roots
    twigs = pen.frame.pick((-0.25, 0.25), (-0.36, -0.14, 0.14, 0.36), (-0.36, -0.14, 0.14, 0.36))
    for i in range(roots):
        root = TOP + room * (i + 0.5)
        for k, twig in enumerate(twigs):
            limb = math.copysign(0.25, twig)
            tip = 0.715 + 0.045 * (spread(len(twigs) * i + k) - 0.5)

            def duct(t: float, root: float = root, twig: float = twig, limb: float = limb, tip: float = tip) -> Point:
                lean = limb * smoothstep(0, 1, t) + (twig - limb) * t**4
                return _polar(0.53 + (tip - 0.53) * t, root + room * lean)

            pen.curve(duct, 0.9, main=k % 2 == 0)
            x, y = duct(1.0)
            for n in range(pen.frame.pick(1, 3, 3)):
                d, a = 0.0095 * math.sqrt(n), n * GOLDEN_ANGLE + root + k
                pen.dot(x + d * math.cos(a), y + d * math.sin(a), pen.frame.pick(1.6, 1.2, 1.5))


def _gantry(pen: Pen) -> None:
    """Computed tomography: beams from all round, whose envelope is a circle, and the ring of detectors."""
    views = pen.frame.pick(36, 48, 48)
    rim = 0.93
    for inner, opacity in pen.frame.pick(((0.79, 0.75),), *[((0.775, 0.75), (0.85, 0.55))] * 2):
        half = math.acos(inner / rim)
        for i in range(views):
            a = TOP + TURN * i / views
            pen.line(_polar(rim, a - half), _polar(rim, a + half), opacity)
    cells = pen.frame.pick(90, 120, 120)
    for i in range(cells):
        a = TOP + TURN * i / cells
        pen.line(_polar(0.945, a), _polar(0.975, a), 0.8)
    pen.circle((0, 0), 0.93)
    pen.circle((0, 0), 0.99, main=True)


def _far_field(pen: Pen, last: float) -> None:
    """Beyond the ring: rays (radiography) and echoes (ultrasound) by turns, each fading into the other."""

    def dim(x: float, y: float) -> float:
        return smoothstep(last, 1.03, math.hypot(x, y)) ** 1.4

    def echo(x: float, y: float) -> float:
        # In few steps: each costs every ring twelve cuts.
        window = smoothstep(0.4, 0.85, math.cos(3 * (math.atan2(y, x) - TOP)) ** 2)
        return dim(x, y) * round(window * 3) / 3

    rays = pen.frame.pick(90, 108, 108)
    for i in range(rays):
        a = TOP + TURN * (i + 0.5) / rays
        window = smoothstep(0.4, 0.9, math.sin(3 * (a - TOP)) ** 2)
        pen.line(
            _polar(1.04, a),
            _polar(last, a),
            lambda x, y, window=window: window * dim(x, y),
            main=i % 4 == 1,
        )
    pitch = pen.frame.pick(0.045, 0.05, 0.062)
    for i in range(1, int((last - 1.02) / pitch)):
        r = 1.02 + i * pitch
        pen.arc((0, 0), r, TOP, TOP + TURN, echo, main=i % 4 == 1)


def cover(frame: Frame) -> Pen:
    """From the middle: decays, field lines, ducts, a turning beam, then rays and echoes out to the edges."""
    pen = Pen(replace(frame, radius=frame.radius * frame.pick(0.8, 0.9, 0.93), cy=frame.cy - frame.pick(0, 0, 20)))
    _far_field(pen, frame.pick(1.26, 2.0, 2.3))
    _decays(pen)
    _loops(pen)
    _ducts(pen)
    _gantry(pen)
    return pen
