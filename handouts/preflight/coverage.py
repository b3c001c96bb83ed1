"""Whether paper for an office printer stays within what it can do: ink away from the edge, and not too much of it."""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageStat

from handouts.findings import Finding
from handouts.preflight.evidence import INCH, Page
from handouts.preflight.ink import around, overlap
from handouts.preflight.product import Product
from handouts.preflight.rules import Box, Rule

INK_EDGE = Rule("ink-edge", "warning", "ours", "Nothing is printed in the margin that an office printer cannot reach.")
INK_COVERAGE = Rule("ink-coverage", "warning", "ours", "A product takes no more ink than its profile allows.")

# Coarse is enough for a mean: a pixel is as dark as what it covers. Edges are looked at closer.
_MEAN_DPI, _EDGE_DPI = 50, 144
# Points: an edge that falls between two pixels is drawn in both.
_HAIR = 0.75
# Steps of 255 that are paper still: lighter than any dot that a printer sets.
_PAPER = 252


def ink_edge(product: Product) -> Iterator[Finding]:
    """Ink of any kind in the margin that a profile keeps free; where there is a bleed, the cutter makes the edge."""
    profile = product.material.profile
    if not profile.safe or profile.bleed:
        return
    for page in product.printed.pages:
        strips = _strips(page, profile.safe)
        inked = [(side, least, box) for side, strip in strips for least, box in _inked(page, strip)]
        if inked:
            least = min(one for _, one, _ in inked)
            yield INK_EDGE.found(
                product.printed.file,
                f"ink comes to {least / INCH:.2f} in of the edge, {', '.join(side for side, _, _ in inked)}; "
                f"office printers need {profile.safe / INCH:.2f} in",
                "end grounds, rules and drawings there, in a style sheet of the profile",
                page=page.number,
                box=around(box for _, _, box in inked),
            )


def ink_coverage(product: Product) -> Iterator[Finding]:
    """More ink on the pages, on average over a file, than a profile allows; told with the page that takes most."""
    most = product.material.profile.coverage
    if most is None:
        return
    parts = [coverage(page) for page in product.printed.pages]
    mean = sum(parts) / len(parts)
    if mean > most:
        yield INK_COVERAGE.found(
            product.printed.file,
            f"takes {mean:.1f} % of the ink of black pages, most of it on page {1 + parts.index(max(parts))}; "
            f"{product.material.profile.title} it may be {most:g} %",
            "make grounds paler or smaller, in a style sheet of the profile",
        )


def coverage(page: Page) -> float:
    """How much of a page's ink a copier would need, in percent of a black page: what its greys lack of white."""
    return 100 * (1 - ImageStat.Stat(page.raster(page.fine(_MEAN_DPI), grey=True)).mean[0] / 255)


def _strips(page: Page, safe: float) -> Iterator[tuple[str, Box]]:
    """The four margins of a page."""
    width, height = page.width, page.height
    yield "at the top", (0.0, 0.0, width, safe - _HAIR)
    yield "at the right", (width - safe + _HAIR, 0.0, width, height)
    yield "at the bottom", (0.0, height - safe + _HAIR, width, height)
    yield "at the left", (0.0, 0.0, safe - _HAIR, height)


def _inked(page: Page, strip: Box) -> Iterator[tuple[float, Box]]:
    """Where a strip has ink: points to the nearest edge of the page, and the box around the ink; nothing where not."""
    dpi = page.fine(_EDGE_DPI)
    inked = page.raster(dpi, grey=True, box=strip).point(lambda step: 255 * (step < _PAPER))
    if found := _bounds(inked):
        left, top, right, bottom = (edge * INCH / dpi for edge in found)
        # A raster may be a part of a pixel larger than what it shows.
        box = overlap((strip[0] + left, strip[1] + top, strip[0] + right, strip[1] + bottom), strip)
        yield max(0.0, min(box[0], box[1], page.width - box[2], page.height - box[3])), box


def _bounds(image: Image.Image) -> tuple[int, int, int, int] | None:
    return image.convert("L").getbbox()


OURS = (ink_edge, ink_coverage)
