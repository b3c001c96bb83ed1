"""QR codes as vector drawings."""

from __future__ import annotations

import re
from functools import lru_cache

import zxingcpp
from markupsafe import Markup, escape

QUIET_ZONE = 4  # modules on every side, as the code's makers ask: https://www.qrcode.com/en/howto/code.html


@lru_cache(maxsize=256)
def qr_code(address: str, name: str) -> Markup:
    """An inline SVG of the code for an address, quiet zone included; `name` is what a screen reader says.

    One unit of the view box is one module. Error correction M: paper gets creased, and a denser code needs a closer
    phone.
    """
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawing = code.to_svg(add_quiet_zones=False)
    modules = int(re.search(r'<svg width="(\d+)"', drawing)[1])
    size = modules + 2 * QUIET_ZONE
    path = re.search(r'<path d="([^"]+)"', drawing)[1]
    return Markup(
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="{-QUIET_ZONE} {-QUIET_ZONE} {size} {size}" '
        f'width="100%" height="100%" style="--modules: {modules}"><title>{escape(name)}</title><path fill="#000" d="{path}"/></svg>'
    )


def printed_address(url: str) -> str:
    """An address as people read and type it: without the scheme, "www." and a closing slash."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def breakable(address: str) -> Markup:
    """An address that may break after a slash, a dot or a hyphen, and nowhere else."""
    return Markup(re.sub(r"([/.?&=_-])(?=.)", r"\1<wbr>", str(escape(address))))
