"""Pages that say their number in color, and what a printer, a knife and a folder do to sheets: by pixels alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name
from PIL import Image

# A page's number times this is the red of its ground; green and blue are full.
STEP = 6
WIDTH, HEIGHT = 120.0, 180.0
HEAD = 12.0


def numbered(
    count: int, width: float = WIDTH, height: float = HEIGHT, bleed: float = 0.0, extra: str = ""
) -> pikepdf.Pdf:
    """`count` pages, each with a ground of its own color, a black square in its upper left corner, and `extra`."""
    pdf = pikepdf.new()
    for number in range(1, count + 1):
        ground = f"{number * STEP / 255:.4f} 1 1 rg {-bleed} {-bleed} {width + 2 * bleed} {height + 2 * bleed} re f"
        square = f"0 g 0 {height - HEAD} {HEAD} {HEAD} re f"
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([-bleed, -bleed, width + bleed, height + bleed]),
            TrimBox=Array([0, 0, width, height]),
            Resources=Dictionary(),
            Contents=pdf.make_stream(f"{ground} {square} {extra}".encode()),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf


def saved(pdf: pikepdf.Pdf, **how: object) -> bytes:
    out = BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def rasters(pdf: bytes, dpi: float = 72) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]


def printed(pdf: bytes, duplex: str, dpi: float = 72) -> Iterator[tuple[Image.Image, Image.Image]]:
    """Front and back of each sheet, the back as it looks when the sheet is turned like the page of a book.

    A printer that turns a sheet on its upright edge lays the back so; one that turns it on the other edge, head over
    heels, has it upside down.
    """
    sides = rasters(pdf, dpi)
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        upright_edge_is_long = front.height >= front.width
        like_a_page = upright_edge_is_long == (duplex == "long")
        yield front, back if like_a_page else back.rotate(180)


def folded(sheets: Sequence[tuple[Image.Image, Image.Image]]) -> list[Image.Image]:
    """The pages of one signature in reading order: its sheets are laid in each other, and folded in the middle."""
    first, second = [], []
    for front, back in sheets:
        fold = front.width // 2
        left, right = (0, 0, fold, front.height), (fold, 0, front.width, front.height)
        first += [front.crop(right), back.crop(left)]
        second = [back.crop(right), front.crop(left), *second]
    return first + second


def page_of(half: Image.Image, left: float, top: float, scale: float = 1.0) -> int | None:
    """The number of the page whose upper left corner is there, None for white; it has to stand upright."""

    def pixel(x: float, y: float) -> tuple[int, int, int]:
        return half.getpixel((round((left + x) * scale), round((top + y) * scale)))

    red, green, _ = pixel(WIDTH / 2, HEIGHT / 2)
    corners = [pixel(x, y) for x in (5, WIDTH - 5) for y in (5, HEIGHT - 5)]
    if red == 255:
        assert set(corners) == {(255, 255, 255)}
        return None
    assert green == 255
    assert corners[0] == (0, 0, 0), "the head is not at the top"
    assert set(corners[1:]) == {(red, 255, 255)}
    return red // STEP
