"""The three framings: a square spot, the wide band of a one-pager and the full half-letter page.

The last two reach the edge of the paper. For a print shop they are drawn beyond it too: what is trimmed off is a few
millimetres, which the bleed frames cover at the smallest scale that the fit takes.

Weights are set for the printed size: main lines 0.9 pt and fine lines 0.4 pt in all three.
"""

from dataclasses import replace

from motifs.pen import Frame, smoothstep

PT_PER_MM = 72 / 25.4


def _weights(units: float, points: float) -> tuple[float, float]:
    """Main and fine weight in drawing units, for a frame `units` wide that prints `points` wide."""
    return round(0.9 * units / points, 2), round(0.4 * units / points, 2)


def _whole(_x: float, _y: float) -> float:
    return 1.0


def _band(x: float, _y: float) -> float:
    # The masthead's text reaches over the left third: nothing is drawn there.
    return smoothstep(300, 560, x)


def _tall(x: float, y: float) -> float:
    # The title stands on the bottom 35 % (y > 552): the lines sink to a tenth there, and are gone at 680.
    return smoothstep(680, 400, y) ** 2.6


SQUARE = Frame("", 600, 600, 300, 300, 276, *_weights(600, 40 * PT_PER_MM), _whole)
BAND = Frame("-band", 1000, 640, 694, 320, 226, *_weights(1000, 4.6 * 72), _band)
TALL = Frame("-tall", 550, 850, 275, 320, 226, *_weights(550, 5.5 * 72), _tall)
FRAMES = (SQUARE, BAND, TALL)

BAND_BLEED = replace(BAND, past=60)
TALL_BLEED = replace(TALL, past=40)
