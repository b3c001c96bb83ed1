"""Pages and sheets as pictures, drawn in a process beside this one, and kept for as long as there is room for them."""

from __future__ import annotations

import contextlib
import functools
import struct
import threading
import zlib
from collections import OrderedDict
from dataclasses import dataclass

import pypdfium2

from handouts.findings import Findings
from handouts.preview.beside import Beside, Lost
from handouts.preview.products import Size

PAGE, SHEET = "picture", "sheet"
# A picture may have so many dots to the inch, and so many in all.
LEAST_DPI, MOST_DPI = 24, 400
_MOST_PIXELS = 24e6
# Pictures of this many bytes are kept; a page at 100 % has half a million.
_ROOM = 64_000_000
_INCH = 72


@dataclass(frozen=True)
class Measured:
    """The width and height of each page in points, trimmed; and of each side of the sheets that it folds into."""

    pages: tuple[Size, ...]
    sheets: tuple[Size, ...] = ()


class Pictures:
    """Draws pictures of PDFs. `stamp` names a PDF by what is in it; `folds` tells that it is laid onto sheets too."""

    def __init__(self) -> None:
        self._beside = Beside(_leave)
        self._kept: OrderedDict[tuple[str, str, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._weight = 0

    def start(self) -> None:
        """Have the process ready before anybody waits for it."""
        with contextlib.suppress(Lost):
            self._beside.do(_warm)

    def close(self) -> None:
        self._beside.close()

    def measure(self, pdf: bytes, stamp: str, folds: bool) -> Measured:
        return self._beside.do(_measured, pdf, stamp, folds)

    def draw(self, kind: str, pdf: bytes, stamp: str, number: int, dpi: int) -> bytes | None:
        """A page, or a side of a sheet, `number` counted from 1, as PNG; None where there is no such one."""
        dpi = max(LEAST_DPI, min(MOST_DPI, dpi))
        key = (kind, stamp, number, dpi)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        png = self._beside.do(_drawn, kind, pdf, stamp, number, dpi)
        if png is not None:
            with self._lock:
                if key not in self._kept:
                    self._kept[key] = png
                    self._weight += len(png)
                while self._weight > _ROOM:
                    _, dropped = self._kept.popitem(last=False)
                    self._weight -= len(dropped)
        return png

    def drop(self, stamp: str) -> None:
        """Forget the pictures of a PDF that is shown no longer."""
        with self._lock:
            for key in [key for key in self._kept if key[1] == stamp]:
                self._weight -= len(self._kept.pop(key))


def _warm() -> None:
    """Load all that draws."""
    _packed(pypdfium2.PdfBitmap.new_native(1, 1, pypdfium2.raw.FPDFBitmap_BGR))


def _leave() -> None:
    _document.cache_clear()


def _measured(pdf: bytes, stamp: str, folds: bool) -> Measured:
    pages = tuple(_trimmed(page).get_size() for page in _opened(stamp, PAGE, pdf))
    sheets: tuple[Size, ...] = ()
    if folds:
        # What cannot be folded has no sheets to show, and `handouts build --imposed` says why.
        with contextlib.suppress(Findings):
            sheets = tuple(page.get_size() for page in _opened(stamp, SHEET, pdf))
    return Measured(pages, sheets)


def _drawn(kind: str, pdf: bytes, stamp: str, number: int, dpi: int) -> bytes | None:
    document = _opened(stamp, kind, pdf)
    if not 1 <= number <= len(document):
        return None
    page = document[number - 1] if kind == SHEET else _trimmed(document[number - 1])
    width, height = page.get_size()
    scale = min(dpi / _INCH, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    return _packed(page.render(scale=scale, rev_byteorder=True))


def _packed(picture: pypdfium2.PdfBitmap) -> bytes:
    """A picture in red, green and blue as PNG (ISO/IEC 15948).

    *Why not Pillow:* it tries every filter on every row, which makes pages of text no smaller and takes twice as long.
    """
    row, pixels = 3 * picture.width, bytes(picture.buffer)
    rows = b"".join(b"\0" + pixels[start : start + row] for start in range(0, len(pixels), picture.stride))
    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    parts = {b"IHDR": head, b"IDAT": zlib.compress(rows, 1), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    )


def _trimmed(page: pypdfium2.PdfPage) -> pypdfium2.PdfPage:
    """What lies outside the trim is cut away: what is shown is what a reader will hold."""
    page.set_cropbox(*page.get_trimbox())
    return page


# Bytes of a PDF are no key for a cache: they are handed over here, under the name that stands for them.
_pdfs: dict[str, bytes] = {}


def _opened(stamp: str, kind: str, pdf: bytes) -> pypdfium2.PdfDocument:
    _pdfs[stamp] = pdf
    try:
        return _document(stamp, kind)
    finally:
        del _pdfs[stamp]


@functools.lru_cache(maxsize=6)
def _document(stamp: str, kind: str) -> pypdfium2.PdfDocument:
    """A PDF, or the sheets of one, opened once for the pictures of all its pages."""
    if kind == PAGE:
        return pypdfium2.PdfDocument(_pdfs[stamp])
    from handouts.imposing.plan import Wish
    from handouts.imposing.writing import impose, planned

    return pypdfium2.PdfDocument(impose(_pdfs[stamp], planned(_pdfs[stamp], Wish(), stamp, stamp)))
