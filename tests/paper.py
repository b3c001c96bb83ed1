"""What stands on the pages of a PDF: characters with their places and sizes, pixels, tags, destinations."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

INCH = 72.0
MM = 72 / 25.4
# Cite marks and nothing else are set smaller than this, in points.
SMALLEST = 7.99
# Steps of grey, of 255, within which colours count as the same.
EVEN = 12


@dataclass(frozen=True)
class Char:
    """One printed character; places are in points from the lower left corner of the page, `size` is the type size."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True)
class Page:
    """A page as it is printed. A character None stands for a space between words or lines."""

    width: float
    height: float
    chars: tuple[Char | None, ...]

    @property
    def printed(self) -> list[Char]:
        return [char for char in self.chars if char]

    def text(self, smallest: float = SMALLEST, largest: float = 999) -> str:
        """The words of a size range in points, each set of spaces as one."""
        kept = (char.text if char else " " for char in self.chars if not char or smallest <= char.size <= largest)
        return " ".join("".join(kept).split())


@lru_cache(maxsize=64)
def read(path: Path) -> tuple[Page, ...]:
    pdf = pypdfium2.PdfDocument(path)
    pages = []
    for page in pdf:
        words = page.get_textpage()
        chars = tuple(_char(words, number) for number in range(words.count_chars()))
        pages.append(Page(*page.get_size(), chars))
    pdf.close()
    return tuple(pages)


def _char(words: pypdfium2.PdfTextPage, number: int) -> Char | None:
    text = chr(pdfium.FPDFText_GetUnicode(words.raw, number))
    if pdfium.FPDFText_IsGenerated(words.raw, number) or text.isspace() or not _is_painted(words, number):
        return None
    # A hyphen at the end of a line is told apart from others; none of ours is made by hyphenation.
    text = "-" if text in "\ufffe\x02\u00ad" else text
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(words.raw, number, matrix)
    size = pdfium.FPDFText_GetFontSize(words.raw, number) * max(abs(matrix.d), abs(matrix.b))
    return Char(text, *words.get_charbox(number), size)


def _is_painted(words: pypdfium2.PdfTextPage, number: int) -> bool:
    """False for words in a transparent colour, which only screen readers meet."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(words.raw, number, red, green, blue, alpha)
    return alpha.value > 0


def picture(path: Path, page: int, dpi: float, grey: bool = False) -> Image.Image:
    pdf = pypdfium2.PdfDocument(path)
    image = pdf[page].render(scale=dpi / INCH, grayscale=grey).to_pil()
    pdf.close()
    return image


def tallest_blank(image: Image.Image, left: float, right: float, top: float, bottom: float) -> tuple[float, float]:
    """Height and upper edge of the tallest empty block in a part of a grey picture, all as shares of the page.

    An empty block is a run of rows in one even colour, paper or tint: an edge, a rule or a line of text ends it.
    """
    width, height = image.size
    part = image.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))
    data, across = part.tobytes(), part.width
    rows = [data[row * across : (row + 1) * across] for row in range(part.height)]
    best = start = at = 0
    for row, pixels in enumerate(rows):
        even = max(pixels) - min(pixels) <= EVEN
        if not even or not row or abs(pixels[0] - rows[row - 1][0]) > EVEN:
            start = row if even else row + 1
        if row + 1 - start > best:
            best, at = row + 1 - start, start
    return best / height, top + at / height


@lru_cache(maxsize=64)
def opened(path: Path) -> pikepdf.Pdf:
    return pikepdf.open(path)


def elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """All tags of a document in reading order."""
    todo = [pdf.Root.StructTreeRoot.K]
    while todo:
        one = todo.pop(0)
        if isinstance(one, pikepdf.Array):
            todo = [*one, *todo]
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield one
            if "/K" in one:
                todo = [one.K, *todo]


def destinations(pdf: pikepdf.Pdf) -> dict[str, int]:
    """Page numbers, from 0, by the names that links use."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    tree = pdf.Root.Names.Dests if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names else None
    return {} if tree is None else {str(name): _page_of(goal, numbers) for name, goal in pikepdf.NameTree(tree).items()}


def _page_of(goal: pikepdf.Object, numbers: dict[tuple[int, int], int]) -> int:
    place = goal.D if isinstance(goal, pikepdf.Dictionary) else goal
    return numbers[place[0].objgen]


@dataclass(frozen=True)
class Link:
    """A link on a page: its box, and the page number it leads to (from 0) or the address it opens."""

    page: int
    box: tuple[float, float, float, float]
    goal: int | None
    address: str
    name: str
    says: str


def links(pdf: pikepdf.Pdf) -> list[Link]:
    named = destinations(pdf)
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    found = []
    for number, page in enumerate(pdf.pages):
        for note in page.obj.get("/Annots", ()):
            if note.Subtype != "/Link":
                continue
            goal = note.get("/Dest", note.A.get("/D") if "/A" in note else None)
            name = str(goal) if isinstance(goal, pikepdf.String) else ""
            target = None if goal is None else named.get(name) if name else _page_of(goal, numbers)
            address = str(note.A.URI) if "/A" in note and "/URI" in note.A else ""
            box = tuple(float(edge) for edge in note.Rect)
            found.append(Link(number, box, target, address, name, str(note.get("/Contents", ""))))
    return found


def outline(pdf: pikepdf.Pdf) -> list[tuple[str, int]]:
    """Bookmarks in order, each with the number of its page, from 0."""
    named = destinations(pdf)
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    found, todo = [], list(pdf.open_outline().root)
    while todo:
        item = todo.pop(0)
        goal = item.destination if item.destination is not None else item.action.D
        page = _page_of(goal, numbers) if isinstance(goal, pikepdf.Array) else named[str(goal)]
        found.append((item.title, page))
        todo = [*item.children, *todo]
    return found
