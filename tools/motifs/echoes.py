"""Ultrasound: pulses leave a curved transducer as arcs; where tissue changes, they come back brighter.

No outline is drawn: the arcs themselves are loud where they meet a border, grainy in tissue and silent in fluid.
"""

import math
from collections.abc import Callable

from motifs.pen import GOLDEN, Frame, Pen, Point, smoothstep, spread

# A place's loudness, and whether it is the bright border of something; `thick` is half the border's width.
Body = Callable[[float, float, float], tuple[float, bool]]


def _oval(x: float, y: float, cx: float, cy: float, a: float, b: float, turn: float) -> float:
    """Signed distance, roughly, to a turned ellipse: negative inside."""
    c, s = math.cos(turn), math.sin(turn)
    px, py = (x - cx) * c + (y - cy) * s, -(x - cx) * s + (y - cy) * c
    q = math.hypot(px / a, py / b)
    slope = math.hypot(px / a / a, py / b / b)
    return (q - 1) * q / slope if slope > 1e-9 else -min(a, b)


def _bean(x: float, y: float, bend: float, span: float, thick: float) -> float:
    """Distance to a thick arc, open downward, of radius `bend` and half angle `span`: negative inside."""
    px, py = x - 0.17, y - 0.62
    a = math.atan2(px, -py) + 0.28
    if abs(a) < span:
        return abs(math.hypot(px, py) - bend) - thick
    end = math.copysign(span, a) - 0.28
    return math.hypot(px - bend * math.sin(end), py + bend * math.cos(end)) - thick


def kidney(x: float, y: float, thick: float) -> tuple[float, bool]:
    """A bean: bright capsule, quiet cortex, loud middle."""
    bean = _bean(x, y, 0.66, 0.5, 0.25)
    if bean > -thick:
        return (0.0 if bean < thick else 0.4), bean < thick
    middle = _bean(x, y, 0.6, 0.44, 0.08)
    return (0.0 if middle < 0.035 else 0.3), middle < 0


def curled(x: float, y: float, thick: float) -> tuple[float, bool]:
    """A curled form asleep in fluid: a round, and a tapering crescent that closes about it."""
    sac = _oval(x, y, 0.0, 0.02, 0.62, 0.46, -0.1)
    if sac > -thick:
        return (0.0 if sac < thick else 0.4), sac < thick
    head = math.hypot(x + 0.2, y + 0.08) - 0.165
    back = 1.0
    for i in range(25):
        t = i / 24
        a = -1.9 + 3.9 * t
        r = 0.135 * (1 - t) ** 0.6 * (0.55 + 0.45 * smoothstep(0, 0.25, t)) + 0.035
        cx, cy = 0.045 + 0.255 * math.cos(a), 0.03 + 0.225 * math.sin(a)
        back = min(back, math.hypot(x - cx, y - cy) - r)
    form = min(head, back)
    return (1.0 if form < 0 else 0.0), form < 0


def _echoes(frame: Frame, body: Body) -> Pen:
    apex: Point = (0.0, frame.pick(-1.22, -1.75, -1.56))
    first, last = frame.pick((0.3, 2.2), (0.42, 3.5), (0.42, 3.9))
    half = frame.pick(0.64, 0.74, 0.68)
    pitch = frame.pick(0.045, 0.034, 0.0285)
    grain = frame.pick(0.07, 0.05, 0.045)
    step = frame.pick(3.5, 3.5, 2.5)

    def veil(x: float, y: float) -> float:
        r, a = math.hypot(x - apex[0], y - apex[1]), math.atan2(x - apex[0], y - apex[1])
        deep = smoothstep(last, first + (last - first) * 0.6, r)
        return smoothstep(half, half * 0.75, abs(a)) * deep

    pen = Pen(frame, veil)
    for i in range(1, int((last - first) / pitch)):
        r = first + 0.06 + pitch * i
        pulse = 1.0 if i % 6 == 0 else 0.66

        def fine(x: float, y: float, r: float = r, i: int = i, pulse: float = pulse) -> float:
            loud, border = body(x, y, pitch * 0.62)
            if border or loud == 0:
                return 0.0
            if loud == 0.4:
                return 0.62 * pulse
            cell = math.floor(math.atan2(x - apex[0], y - apex[1]) * r / grain + 40 * spread(i))
            return loud * (0.9 if (cell * cell * GOLDEN + i * (0.37 + 0.59 * cell)) % 1.0 > 0.5 else 0.0)

        def heavy(x: float, y: float) -> float:
            return 1.0 if body(x, y, pitch * 0.62)[1] else 0.0

        for shade, main in ((fine, False), (heavy, True)):
            pen.arc(apex, r, math.pi / 2 + half, math.pi / 2 - half, shade, main=main, step=step)
    bare = Pen(frame)
    _transducer(bare, apex, first, half)
    return pen.joined(bare)


def _transducer(pen: Pen, apex: Point, r: float, half: float) -> None:
    face = math.pi / 2
    pen.arc(apex, r, face + half, face - half, main=True)
    pen.arc(apex, r - 0.075, face + half, face - half, 0.8)
    cells = pen.frame.pick(17, 31, 37)
    for i in range(cells):
        a = face - half + 2 * half * i / (cells - 1)
        c, s = math.cos(a), math.sin(a)
        pen.line((apex[0] + (r - 0.075) * c, apex[1] + (r - 0.075) * s), (apex[0] + r * c, apex[1] + r * s), 0.8)


def ultrasound(frame: Frame) -> Pen:
    """Arcs of echoes, and a kidney in them."""
    return _echoes(frame, kidney)


def obstetric_ultrasound(frame: Frame) -> Pen:
    """Arcs of echoes, quiet fluid, and a curled form in it."""
    return _echoes(frame, curled)
