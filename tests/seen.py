"""Bare pages with words on them, and what the checks of what is seen say of them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO

import pikepdf
from PIL import Image
from weasyprint import HTML

from handouts.findings import Finding
from handouts.preflight import codes, contrast, fonts, pictures, placement, type
from handouts.preflight.evidence import Printed
from handouts.project import font_files

FACES = "".join(
    f"@font-face {{ font-family: {family}; font-weight: {weight}; src: url({font_files()[file].as_uri()}) }}\n"
    for family, weight, file in (
        ("Source Sans Pro", 400, "SourceSansPro-Regular.ttf"),
        ("Source Sans Pro", 700, "SourceSansPro-Bold.ttf"),
        ("Source Serif Pro", 400, "SourceSerifPro-Regular.ttf"),
    )
)
STYLE = "@page { size: 300pt 200pt; margin: 40pt } html { font: 12pt/1.3 Source Sans Pro } body, p { margin: 0 }"
WORDS = "<p>Plain words in black</p>"
CHECKS: tuple[Callable[[Printed], object], ...] = (
    placement.safe_margin,
    placement.fit_overflow,
    placement.fit_clipped,
    placement.fit_overlap,
    type.type_small,
    fonts.font_embedded,
    fonts.glyph_missing,
    fonts.text_unmapped,
    pictures.image_resolution,
    contrast.contrast,
    codes.codes,
)


def paper(body: str = WORDS, style: str = "", faces: str = FACES) -> bytes:
    """A PDF of a few words, without tags."""
    head = f'<meta charset="utf-8"><title>Bees</title><style>{faces}{STYLE}{style}</style>'
    return HTML(string=f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>').write_pdf()


def edited(data: bytes, edit: Callable[[pikepdf.Pdf], object], **how: object) -> bytes:
    pdf = pikepdf.open(BytesIO(data))
    edit(pdf)
    out = BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def seen(data: bytes) -> list[Finding]:
    """What all checks of what is seen find in a PDF."""
    printed = Printed("bees.pdf", data)
    return [finding for check in CHECKS for finding in check(printed)]


def ids(data: bytes) -> list[str]:
    return [finding.id for finding in seen(data)]


def only(data: bytes) -> Finding:
    """The one finding that there is."""
    [finding] = seen(data)
    assert finding.message
    assert finding.hint
    return finding


def picture(wide: int, high: int, color: str = "#336699", kind: str = "PNG") -> str:
    """The address of a picture of stripes, so that it is no plain tint."""
    image = Image.new("RGB", (wide, high), color)
    for row in range(0, high, 3):
        image.paste("#ffffff", (0, row, wide, row + 1))
    out = BytesIO()
    image.save(out, kind)
    return f"data:image/{kind.lower()};base64,{b64encode(out.getvalue()).decode()}"
