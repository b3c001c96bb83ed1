"""What a page of ours paints, and ways to paint it wrongly: each function here makes one fault in an open PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
import zxingcpp
from pikepdf import Name, Operator, Stream, String
from PIL import Image
from sheets import elements

from handouts.qr import qr_code

Edit = Callable[[pikepdf.Pdf], object]
Instruction = tuple[list[Any], Operator]

# The engine draws in pixels of 1/96 in, from the top.
_PT = 0.75
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
# Free places of a topic in points: among the lines to write on at its back, and in the margin of its front.
_ASIDE, _HEAD = (310.0, 620.0), 31.0
# Below the figures at a glance of a topic's front.
_COLUMNS_BEGIN = 205.0
_BAR = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z")


@dataclass
class Text:
    """A line of text in a page's stream, from BT to ET; `words` are its letters without blanks."""

    words: str
    instructions: list[Instruction]
    before: list[Instruction] = field(default_factory=list)
    after: list[Instruction] = field(default_factory=list)

    def _of(self, operator: str) -> list[Any]:
        return next(operands for operands, found in self.instructions if str(found) == operator)

    @property
    def font(self) -> Name:
        return self._of("Tf")[0]

    @property
    def glyphs(self) -> list[Any]:
        """Glyphs and the space between them."""
        return self._of("TJ")[0]

    @property
    def size(self) -> float:
        """In points."""
        return float(self._of("Tf")[1]) * _PT

    @property
    def place(self) -> tuple[float, float]:
        """Where its baseline begins, in points from the upper left."""
        return float(self._of("Tm")[4]) * _PT, float(self._of("Tm")[5]) * _PT

    def move(self, right: float, down: float) -> None:
        matrix = self._of("Tm")
        matrix[4:] = [float(matrix[4]) + right / _PT, float(matrix[5]) + down / _PT]

    def move_to(self, x: float, y: float) -> None:
        self.move(x - self.place[0], y - self.place[1])

    def set_size(self, points: float) -> None:
        self._of("Tf")[1] = points / _PT

    def color(self, red: float, green: float, blue: float) -> None:
        self.before = [([], Operator("q")), ([red, green, blue], Operator("rg"))]
        self.after = [([], Operator("Q"))]

    def clip(self, width: float, height: float) -> None:
        """Only what lies in a box from the line's upper left corner can be seen."""
        x, y = (edge / _PT for edge in self.place)
        box = [x, y - self.size / _PT, width / _PT, height / _PT]
        self.before = [([], Operator("q")), (box, Operator("re")), ([], Operator("W")), ([], Operator("n"))]
        self.after = [([], Operator("Q"))]

    def unpaint(self) -> None:
        self.instructions = []

    def lose_a_glyph(self) -> None:
        """The first letter becomes the box that stands for what a font lacks."""
        self.glyphs[0] = String(b"\0\0")


class Paint:
    """What a page paints: its instructions, with each line of text in one piece."""

    def __init__(self, pdf: pikepdf.Pdf, number: int = 1):
        self.pdf, self.page = pdf, pdf.pages[number - 1]
        self.parts: list[Instruction | Text] = []
        maps = {name: _letters(font) for name, font in self.page.resources.Font.items()}
        text: list[Instruction] | None = None
        for operands, operator in pikepdf.parse_content_stream(self.page):
            one = (list(operands), operator)
            if str(operator) == "BT":
                text = []
            if text is None:
                self.parts.append(one)
                continue
            text.append(one)
            if str(operator) == "ET":
                self.parts.append(Text(_words(text, maps), text))
                text = None

    @property
    def texts(self) -> list[Text]:
        return [part for part in self.parts if isinstance(part, Text)]

    def line(self, words: str) -> Text:
        """The first line of text that begins with some words."""
        wanted = words.replace(" ", "").casefold()
        found = next((text for text in self.texts if text.words.casefold().startswith(wanted)), None)
        assert found, f"no line of the page begins with {words!r}"
        return found

    def paragraph(self, words: str = "", after: Text | None = None) -> list[Text]:
        """The beginnings of the lines of a paragraph, which begins with some words, or after some text."""
        texts = self.texts
        start = texts.index(after) + 1 if after else texts.index(self.line(words))
        found = [texts[start]]
        for text in texts[start + 1 :]:
            (left, base), (x, y) = found[-1].place, text.place
            if abs(x - left) < 0.1 and 0 < y - base < 1.7 * text.size and abs(text.size - found[-1].size) < 0.1:
                found.append(text)
        return found

    def first(self, operator: str, like: Callable[[list[Any]], bool] = lambda operands: True, after: int = 0) -> int:
        """Where in `parts` an instruction stands."""
        return next(
            at
            for at, part in enumerate(self.parts)
            if at >= after and not isinstance(part, Text) and str(part[1]) == operator and like(part[0])
        )

    def write(self) -> None:
        """The page as it has been changed."""
        flat: list[Instruction] = []
        for part in self.parts:
            flat += [*part.before, *part.instructions, *part.after] if isinstance(part, Text) else [part]
        self.page.Contents = self.pdf.make_stream(pikepdf.unparse_content_stream(flat))


def _letters(font: Any) -> dict[bytes, str]:
    pairs = _PAIR.findall(font.ToUnicode.read_bytes())
    return {bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs}


def _words(text: Sequence[Instruction], maps: dict[str, dict[bytes, str]]) -> str:
    font, found = "", []
    for operands, operator in text:
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) == "TJ":
            codes = b"".join(bytes(one) for one in operands[0] if isinstance(one, String))
            found += [maps[font].get(codes[at : at + 2], "") for at in range(0, len(codes), 2)]
    return "".join("".join(found).split())


def line(words: str, change: Callable[[Text], object], page: int = 1) -> Edit:
    """One line of text changed, found by its first words."""

    def edit(pdf: pikepdf.Pdf) -> None:
        paint = Paint(pdf, page)
        change(paint.line(words))
        paint.write()

    return edit


def painted(pdf: pikepdf.Pdf, drawing: str, number: int = 1, *, under: bool = False, **images: Stream) -> None:
    """Decoration over a page, or under it; drawn in points from the upper left."""
    page = pdf.pages[number - 1]
    for name, image in images.items():
        page.add_resource(image, Name.XObject, Name(f"/{name}"))
    own = f"/Artifact BMC q 1 0 0 -1 0 {float(page.mediabox[3])} cm\n{drawing}\nQ EMC\n"
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n")
    page.contents_add(own.encode(), prepend=under)


def decorated(drawing: str, number: int = 1, *, under: bool = False) -> Edit:
    return lambda pdf: painted(pdf, drawing, number, under=under)


def coarse_picture(pixels: int) -> Edit:
    """A picture of stripes in the margin, 36 points wide."""

    def edit(pdf: pikepdf.Pdf) -> None:
        stripes = Image.new("RGB", (pixels, pixels), "#336699")
        for row in range(0, pixels, 3):
            stripes.paste("#ffffff", (0, row, pixels, row + 1))
        image = pdf.make_stream(stripes.tobytes(), Type=Name.XObject, Subtype=Name.Image)
        image.Width = image.Height = pixels
        image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
        painted(pdf, "q 36 0 0 36 3 400 cm /coarse Do Q", coarse=image)

    return edit


# ---- the QR code


def _code(paint: Paint) -> tuple[int, list[Any]]:
    """Where the code's own space begins, and its matrix: one unit is a module."""
    figure = paint.first("BDC", lambda operands: operands[0] == "/Figure")
    at = paint.first("cm", lambda matrix: float(matrix[0]) > 1, after=figure)
    return at, paint.parts[at][0]


def code_of_width(mm: float) -> Edit:
    """The code in another size, from its upper left corner on."""

    def edit(pdf: pikepdf.Pdf) -> None:
        paint = Paint(pdf)
        at, matrix = _code(paint)
        matrix[0] = matrix[3] = mm / 25.4 * 96 / _modules(paint, at)
        paint.write()

    return edit


def code_in(red: float, green: float, blue: float) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        paint = Paint(pdf)
        at, _ = _code(paint)
        paint.parts[paint.first("rg", after=at)][0][:] = [red, green, blue]
        paint.write()

    return edit


def code_for_another(pdf: pikepdf.Pdf) -> None:
    """The code of another address in the same place and size."""
    paint = Paint(pdf)
    at, _ = _code(paint)
    first, last = paint.first("m", after=at), paint.first("f", after=at)
    addresses = ("https://example.org/" + "b" * length for length in range(200))
    drawings = (str(qr_code(address, "Code")) for address in addresses)
    alike = f'"--modules: {_modules(paint, at)}"'
    bars = _BAR.findall(next(drawing for drawing in drawings if alike in drawing))
    paint.parts[first:last] = [([*map(int, bar)], Operator("re")) for bar in bars]
    paint.write()


def _modules(paint: Paint, at: int) -> int:
    """How many modules the code has that begins in a place: its bars end where its last module does."""
    steps = (one for one in paint.parts[at:] if not isinstance(one, Text) and str(one[1]) == "l")
    return max(int(operands[0]) for operands, _ in steps)


def _place_of_code(pdf: pikepdf.Pdf) -> tuple[float, float, float]:
    """Left and upper edge of the code in points, and its side, with the empty zone around it."""
    left, _, right, top = map(float, next(elements(pdf, "Figure")).A.BBox)
    return left, float(pdf.pages[0].mediabox[3]) - top, right - left


def over_code(pdf: pikepdf.Pdf) -> None:
    """A white label over the middle of the code."""
    x, y, side = _place_of_code(pdf)
    painted(pdf, f"1 1 1 rg {x + 0.3 * side} {y + 0.3 * side} {0.4 * side} {0.4 * side} re f")


def cornerless_code(pdf: pikepdf.Pdf) -> None:
    """A white label over a corner of the code: nothing finds it any more."""
    x, y, side = _place_of_code(pdf)
    painted(pdf, f"1 1 1 rg {x} {y} {0.4 * side} {0.4 * side} re f")


def rule_by_code(pdf: pikepdf.Pdf) -> None:
    """A rule in the empty zone around the code."""
    x, y, side = _place_of_code(pdf)
    painted(pdf, f"0 0 0 rg {x} {y + 2} {side} 1 re f")


def fine_code(number: int, x: float, y: float) -> Edit:
    """One more code, of a very long address, 25.5 mm wide on white: its modules are 0.39 mm."""

    def edit(pdf: pikepdf.Pdf) -> None:
        address = "https://example.org/" + "b" * 260
        code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        drawing = code.to_svg(add_quiet_zones=False)
        modules = int(re.search(r'<svg width="(\d+)"', drawing)[1])
        unit = 25.5 / 25.4 * 72 / modules
        bars = " ".join(f"{' '.join(bar)} re" for bar in _BAR.findall(drawing))
        ground = f"1 1 1 rg -5 -5 {modules + 10} {modules + 10} re f"
        painted(pdf, f"{unit} 0 0 {unit} {x} {y} cm {ground} 0 0 0 rg {bars} f", number)

    return edit


# ---- lines that part from their paragraph


def orphaned(pdf: pikepdf.Pdf) -> None:
    """On the back of a topic: all but the first line of a paragraph stands in another column."""
    paint = Paint(pdf, 2)
    first, *rest = paint.paragraph("Ask about")
    for number, text in enumerate(rest):
        text.move_to(_ASIDE[0], _ASIDE[1] + number * 1.2 * first.size)
    paint.write()


def stranded(pdf: pikepdf.Pdf) -> None:
    """On the back of a topic: a heading whose text stands in another column."""
    paint = Paint(pdf, 2)
    for number, text in enumerate(paint.paragraph("Ask about")):
        text.move_to(_ASIDE[0], _ASIDE[1] + number * 1.2 * text.size)
    paint.write()


def widowed(pdf: pikepdf.Pdf) -> None:
    """On the front of a topic: the last line of the first paragraph stands alone at the head of the page."""
    paint = Paint(pdf)
    heads = [text for text in paint.texts if text.place[1] > _COLUMNS_BEGIN and text.size > 12]
    lines = paint.paragraph(after=heads[0])
    assert len(lines) > 2, "the first paragraph is too short to lose a line"
    left, base = lines[-1].place
    for text in paint.texts:
        if text.place[0] < _ASIDE[0] - 10 and abs(text.place[1] - base) < 6:
            text.move(_ASIDE[0] - left, _HEAD - base)
    paint.write()


def emptied(number: int) -> Edit:
    """A page that paints nothing."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[number - 1].Contents = pdf.make_stream(b"")

    return edit


def red_on_black(words: str) -> Edit:
    """Red words on a black field, which a copier makes dark grey on black."""

    def edit(pdf: pikepdf.Pdf) -> None:
        paint = Paint(pdf)
        text = paint.line(words)
        text.color(1, 0, 0)
        paint.write()
        x, y = text.place
        painted(pdf, f"0 0 0 rg {x - 3} {y - 9} 60 12 re f", under=True)

    return edit


def other_revision(pdf: pikepdf.Pdf) -> None:
    """A sheet that was built from other words: a letter of its revision is another."""
    paint = Paint(pdf)
    glyphs = paint.line("Revision").glyphs
    at = max(at for at, one in enumerate(glyphs) if isinstance(one, String) and bytes(one))
    glyphs[at] = glyphs[0]
    paint.write()
