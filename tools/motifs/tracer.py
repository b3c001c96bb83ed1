"""Nuclear medicine: a tracer gathers, glows and decays; pairs of photons leave it in opposite directions."""

import math

from motifs.pen import GOLDEN_ANGLE, Frame, Pen, Point, spread

RING = 0.86


def _to_ring(start: Point, angle: float) -> Point:
    """Where a photon that leaves `start` at `angle` meets the detector ring."""
    c, s = math.cos(angle), math.sin(angle)
    b = start[0] * c + start[1] * s
    reach = -b + math.sqrt(b * b + RING**2 - start[0] ** 2 - start[1] ** 2)
    return start[0] + reach * c, start[1] + reach * s


def nuclear_medicine(frame: Frame) -> Pen:
    """A cloud of decays on a golden spiral, coincidence lines and the ring of crystals that counts them."""
    pen = Pen(frame)
    dots = frame.pick(230, 520, 720)
    sizes = frame.pick((0.7, 1.0, 1.4, 1.9), (0.9, 1.3, 1.9, 2.6), (1.3, 1.9, 2.8, 3.8))
    for n in range(dots):
        share = (n + 0.5) / dots
        r = 0.77 * share**0.72
        a = n * GOLDEN_ANGLE
        glow = math.exp(-2.6 * r)
        size = sizes[min(3, int(4.2 * glow * (0.62 + 0.38 * spread(n * 3))))]
        pen.dot(r * math.cos(a), r * math.sin(a), size, min(1.0, 1.6 * glow))
    hits: list[float] = []
    pairs = frame.pick(5, 7, 7)
    for k in range(pairs):
        birth = (0.13 * math.cos(k * GOLDEN_ANGLE * 2), 0.13 * math.sin(k * GOLDEN_ANGLE * 2))
        angle = math.pi * (k + 0.3 * spread(k)) / pairs + 0.25
        for way in (angle, angle + math.pi):
            end = _to_ring(birth, way)
            hits.append(math.atan2(end[1], end[0]) % (2 * math.pi))
            pen.line(birth, end, main=k % 3 == 0)
    blocks = frame.pick(36, 48, 56)
    for i in range(blocks):
        start, end = 2 * math.pi * (i + 0.13) / blocks, 2 * math.pi * (i + 0.87) / blocks
        hit = any(i <= h / (2 * math.pi) * blocks < i + 1 for h in hits)
        opacity = 1.0 if hit else 0.6
        for r in (0.885, 0.95):
            pen.arc((0, 0), r, start, end, opacity, main=hit)
        for edge in (start, end):
            c, s = math.cos(edge), math.sin(edge)
            pen.line((0.885 * c, 0.885 * s), (0.95 * c, 0.95 * s), opacity, main=hit)
    pen.circle((0, 0), 0.985, main=True)
    return pen
