"""QR codes as vector drawings."""

from __future__ import annotations

import re
from functools import lru_cache

import zxingcpp
from markupsafe import Markup, escape

QUIET_ZONE = 4  # modules on every side, as the code's makers ask: https://www.qrcode.com/en/howto/code.html

# The smallest code has 21: drawn 25 mm wide, its quiet zone would ask for more white than there is between two cells.
LEAST_MODULES = 25
# What 57 modules hold with error correction M: on 25 mm of paper, each is 0.44 mm wide.
MOST_BYTES = 213


@lru_cache(maxsize=256)
def qr_code(address: str, name: str) -> Markup:
    """An inline SVG of the code for an address, quiet zone included; `name` is what a screen reader says.

    One unit of the view box is one module; style sheets read the code's size without quiet zone from `--modules`.
    Error correction M: paper gets creased, and a denser code needs a closer phone. Raises ValueError, in words for
    people, where there is no address, or one so long that the code could not be read.
    """
    if not address:
        raise ValueError("the QR code has no address")
    if (length := len(address.encode())) > MOST_BYTES:
        raise ValueError(f"the QR code's address takes {length} bytes; more than {MOST_BYTES} are too fine to scan")
    drawing = _drawn(address)
    if _modules(drawing) < LEAST_MODULES:
        drawing = _drawn(address, version=2)
    modules = _modules(drawing)
    size = modules + 2 * QUIET_ZONE
    path = re.search(r'<path d="([^"]+)"', drawing)[1]
    # Without width and height: WeasyPrint lets these attributes win over the sizes of style sheets.
    return Markup(
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET_ZONE} {-QUIET_ZONE} {size} {size}" '
        f'style="--modules: {modules}"><title>{escape(name)}</title>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _drawn(address: str, **options: int) -> str:
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M", **options)
    return code.to_svg(add_quiet_zones=False)


def _modules(drawing: str) -> int:
    return int(re.search(r'<svg width="(\d+)"', drawing)[1])


def printed_address(url: str) -> str:
    """An address as people read and type it: without the scheme, "www." and a closing slash."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def breakable(address: str) -> Markup:
    """An address that may break after a slash, a dot, a hyphen or the marks of a query, and nowhere else."""
    return Markup("<wbr>").join(re.findall(r"[^/.?&=_-]*[/.?&=_-]+|[^/.?&=_-]+", address))
