"""Whether QR codes can be scanned from paper, and lead where they should."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from handouts.findings import Finding
from handouts.preflight.evidence import Printed
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule
from handouts.preflight.scanning import QUIET, Code, codes_of, drawn

QR_UNREADABLE = Rule("qr-unreadable", "error", "any", "Every QR code can be read, in color and as a copier's grey.")
QR_ADDRESS = Rule("qr-address", "error", "ours", "A QR code leads to the address of its document.")
QR_SMALL = Rule("qr-small", "warning", "any", "A QR code is 25 mm wide, to be scanned from a hand's length away.")
QR_QUIET = Rule("qr-quiet", "warning", "any", "Four modules around a QR code are empty and light.")
QR_MODULE = Rule("qr-module", "warning", "any", "A module, the smallest square of a QR code, is 0.4 mm wide.")
QR_CONTRAST = Rule("qr-contrast", "warning", "any", "A QR code is dark on light, with a contrast of 7:1.")

_SIDE, _MODULE = 25.0, 0.4  # mm
_PIXEL = 0.985  # a raster of 300 dpi measures 25 mm to a pixel or two
_CONTRAST, _LEAST_CONTRAST = 7.0, 3.0
_DRAWN = re.compile(r'<svg class="qr".*?<path [^>]*?d="([^"]+)"', re.DOTALL)


def codes(printed: Printed) -> Iterator[Finding]:
    """QR codes that cannot be scanned, or only with luck."""
    for code in codes_of(printed):
        place = {"page": code.page, "box": code.box}
        if code.text is None:
            yield QR_UNREADABLE.found(
                printed.file,
                "a QR code cannot be read",
                "make it again, larger, in black on white and with nothing over it",
                **place,
            )
            continue
        yield from _measured(printed.file, code)


def _measured(file: str, code: Code) -> Iterator[Finding]:
    place = {"page": code.page, "box": code.box}
    if code.side < _SIDE * _PIXEL:
        yield QR_SMALL.found(
            file,
            f"a QR code is {code.side:.1f} mm wide; a phone needs {_SIDE:g} mm",
            f"print it at least {_SIDE:g} mm wide, without its empty edge",
            **place,
        )
    if code.module < _MODULE * _PIXEL:
        yield QR_MODULE.found(
            file,
            f"the squares of a QR code are {code.module:.2f} mm wide; a printer and a phone need {_MODULE:g} mm",
            f"shorten its address, or print it {code.modules * _MODULE:.0f} mm wide",
            **place,
        )
    if code.quiet < QUIET:
        yield QR_QUIET.found(
            file,
            f"a QR code has {code.quiet * code.module:.1f} mm of empty paper around it; "
            f"it needs {QUIET * code.module:.1f} mm, four of its squares",
            "move what is beside it away, or put it on a white field",
            **place,
        )
    if code.inverted:
        message, hint = "a QR code is light on dark, which many phones cannot read", "print it in black on white"
        yield QR_CONTRAST.found(file, message, hint, **place)
    elif code.contrast < _CONTRAST:
        yield QR_CONTRAST.found(
            file,
            f"a QR code has a contrast of {math.floor(code.contrast * 10) / 10:.1f}:1, needs {_CONTRAST:g}:1",
            "print it in black on white",
            **place,
            severity="error" if code.contrast < _LEAST_CONTRAST else "warning",
        )


def code_addresses(product: Product) -> Iterator[Finding]:
    """The codes of a product against those of its document: each is there, can be read, and says the same."""
    found = codes_of(product.printed)
    meant = Counter(filter(None, map(drawn, _DRAWN.findall(product.document.html))))
    read = Counter(code.text for code in found if code.text is not None)
    missing, strange = list((meant - read).elements()), read - meant
    for code in found:
        if missing and code.text is not None and strange[code.text]:
            strange[code.text] -= 1
            yield QR_ADDRESS.found(
                product.printed.file,
                f"the QR code leads to {code.text}; the document says {missing.pop(0)}",
                "build it again; if it stays, change the address in the content or the brand",
                page=code.page,
                box=code.box,
            )
    # Those that were found and cannot be read are told with their place.
    for address in missing[sum(code.text is None for code in found) :]:
        yield QR_UNREADABLE.found(
            product.printed.file,
            f"the QR code for {address} is not on any page, or cannot be read",
            "give it more room, in black on white, with nothing over it",
        )


ANY = (codes,)
OURS = (code_addresses,)
