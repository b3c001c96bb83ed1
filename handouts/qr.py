"""QR codes as vector drawings."""

from __future__ import annotations

import re
from functools import lru_cache

import zxingcpp
from markupsafe import Markup, escape

from handouts.contact import MOST_ADDRESS_BYTES
from handouts.typography import MAY_BREAK

QUIET_ZONE = 4  # modules on every side, as the code's makers ask: https://www.qrcode.com/en/howto/code.html

# The smallest code has 21: drawn 25 mm wide, its quiet zone would ask for more white than there is between two cells.
LEAST_MODULES = 25
MOST_BYTES = MOST_ADDRESS_BYTES
# Of the eight masks of a QR code, always the first. *Why:* to try all eight takes four times as long, and read no
# better: see "Stamping" in docs/architecture.md.
_MASK = 0


@lru_cache(maxsize=256)
def qr_code(address: str, name: str) -> Markup:
    """An inline SVG of the code for an address, quiet zone included; `name` is what a screen reader says.

    One unit of the view box is one module; style sheets read the code's size without quiet zone from `--modules`.
    Raises ValueError, in words for people, where there is no address, or one so long that the code could not be read.
    """
    code, image = _code(address)
    modules = image.shape[0]
    size = modules + 2 * QUIET_ZONE
    path = re.search(r'<path d="([^"]+)"', code.to_svg(add_quiet_zones=False))[1]
    # Without width and height: WeasyPrint lets these attributes win over the sizes of style sheets.
    return Markup(
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET_ZONE} {-QUIET_ZONE} {size} {size}" '
        f'style="--modules: {modules}"><title>{escape(name)}</title>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def qr_rows(address: str) -> list[bytes]:
    """The same code row by row, without quiet zone: a byte for each module, 0 where it is dark."""
    _, image = _code(address)
    modules = image.shape[0]
    flat = image.tobytes()
    return [flat[at : at + modules] for at in range(0, modules * modules, modules)]


def _code(address: str) -> tuple[zxingcpp.Barcode, memoryview]:
    """A code, and its modules as bytes. Error correction M: paper gets creased, and a denser code needs a closer
    phone."""
    if not address:
        raise ValueError("the QR code has no address")
    if (length := len(address.encode())) > MOST_BYTES:
        raise ValueError(f"the QR code's address takes {length} bytes; more than {MOST_BYTES} are too fine to scan")
    how = {"ec_level": "M", "data_mask": _MASK}
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, **how)
    image = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    if image.shape[0] < LEAST_MODULES:
        code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, version=2, **how)
        image = memoryview(code.to_image(scale=1, add_quiet_zones=False))
    return code, image


def printed_address(url: str) -> str:
    """An address as people read and type it: without the scheme, "www." and a closing slash."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def breakable(address: str) -> str:
    """An address that may break after a slash, a dot, a hyphen or the marks of a query, and nowhere else."""
    return MAY_BREAK.join(re.findall(r"[^/.?&=_-]*[/.?&=_-]+|[^/.?&=_-]+", address))
