"""What a PDF holds, read as plain values: characters with their places, pictures, rasters; each when first asked for.

All places are points from the upper left corner of the trimmed page, so that a box reads the same whatever bleed, marks
or rotation a file has.
"""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from handouts.preflight.ink import Char, Matrix, Picture, Run, Word, overlap
from handouts.preflight.marking import Marking, marking, markings_in_forms
from handouts.preflight.passages import Passages
from handouts.preflight.rules import Box
from handouts.preflight.tags import Tags
from handouts.preflight.values import Values

# What qpdf mends in a damaged file is a finding; without a handler of its own it would be printed besides.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())

INCH = 72.0
MM = 72 / 25.4
# Render modes of text: words that only a search or a screen reader meets, or that cut out what is painted later.
_OUTLINED, _INVISIBLE = 1, (3, 7)
_SOFT_HYPHENS = "\ufffe\x02\u00ad"  # what the reader hands back for a hyphen at a line's end
# Forms may hold forms; deeper than this is a file made to be unkind.
_DEEPEST = 12


# A Letter page at 300 dpi has 8.4 million.
_MOST_PIXELS = 12e6


class Page:
    """One page of a PDF, `number` counted from 1; `width` and `height` of its trim in points."""

    def __init__(self, page: pypdfium2.PdfPage, number: int, trim: Box):
        self._page = page
        self.number = number
        page.set_rotation(0)
        self._left, self._bottom, right, self._top = trim
        self.width, self.height = right - self._left, self._top - self._bottom
        # What lies outside the trim is cut away: rasters show the trimmed page and nothing else.
        page.set_cropbox(*trim)

    def place(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the file's own coordinates, as boxes are told here."""
        return left - self._left, self._top - top, right - self._left, self._top - bottom

    @cached_property
    def _read(self) -> list[list[Char]]:
        """The page's words in the order of the file, invisible ones included."""
        text = self._page.get_textpage()
        runs: dict[int, tuple[Run, float]] = {}
        words: list[list[Char]] = [[]]
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        x, y = ctypes.c_double(), ctypes.c_double()
        for index in range(text.count_chars()):
            sign = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
            if "\udc00" <= sign <= "\udfff" and words[-1] and "\ud800" <= words[-1][-1].text <= "\udbff":
                # The reader hands back UTF-16: a sign beyond its first plane, such as an emoji, comes in two halves.
                whole = words[-1][-1].text + sign
                words[-1][-1] = replace(words[-1][-1], text=whole.encode("utf-16", "surrogatepass").decode("utf-16"))
                continue
            sign = "\ufffd" if "\udc00" <= sign <= "\udfff" else sign
            if pdfium.FPDFText_IsGenerated(text.raw, index) or sign.isspace():
                words.append([])
                continue
            key = ctypes.addressof(pdfium.FPDFText_GetTextObject(text.raw, index).contents)
            if key not in runs:
                runs[key] = self._run(text, index)
            run, size = runs[key]
            pdfium.FPDFText_GetCharBox(text.raw, index, left, right, bottom, top)
            pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
            words[-1].append(
                Char(
                    "-" if sign in _SOFT_HYPHENS else sign,
                    self.place(left.value, bottom.value, right.value, top.value),
                    size,
                    self._top - y.value,
                    run,
                    pdfium.FPDFText_HasUnicodeMapError(text.raw, index) == 1,
                )
            )
        return [word for word in words if word]

    def _run(self, text: pypdfium2.PdfTextPage, index: int) -> tuple[Run, float]:
        piece = pdfium.FPDFText_GetTextObject(text.raw, index)
        font = pdfium.FPDFTextObj_GetFont(piece)
        size = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text.raw, index, size)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(piece)
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        ink = pdfium.FPDFText_GetStrokeColor if mode == _OUTLINED else pdfium.FPDFText_GetFillColor
        ink(text.raw, index, red, green, blue, alpha)
        name = _string(lambda buffer, length: pdfium.FPDFFont_GetBaseFontName(font, buffer, length))
        marks = marking(piece, self._form_markings.get(ctypes.addressof(piece.contents), Marking()))
        run = Run(
            font=name,
            embedded=pdfium.FPDFFont_GetIsEmbedded(font) == 1,
            bold=pdfium.FPDFFont_GetWeight(font) >= 700 or "bold" in name.lower(),
            color=(red.value, green.value, blue.value),
            alpha=alpha.value,
            painted=alpha.value > 0 and mode not in _INVISIBLE,
            mcid=marks.mcid,
            clip=self._clip(piece),
            artifact=marks.artifact,
        )
        scale = max((size.c**2 + size.d**2) ** 0.5, 0.001)
        return run, round(pdfium.FPDFText_GetFontSize(text.raw, index) * scale, 2)

    @cached_property
    def _form_markings(self) -> dict[int, Marking]:
        return markings_in_forms(self._page.raw)

    def _clip(self, piece: Any) -> Box | None:
        """The box that all clipping paths around a text leave to see, those of the forms that hold it included."""
        outer, seen = self._forms.get(ctypes.addressof(piece.contents), (Matrix(), None))
        box = _clipped(piece, outer, seen)
        return self.place(*box) if box else None

    @cached_property
    def _forms(self) -> dict[int, tuple[Matrix, Box | None]]:
        """What forms do to the texts in them: their transformation, and their clip in the page's space."""
        return {
            ctypes.addressof(piece.contents): (outer, clip)
            for piece, outer, clip in self._everything()
            if outer != Matrix() or clip
        }

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The printed words, in the order of the file."""
        kept = ([char for char in word if char.run.painted] for word in self._read)
        return tuple(Word(tuple(word)) for word in kept if word)

    @cached_property
    def visible(self) -> tuple[Word, ...]:
        """Those of the printed words of which something lies within the trim and is not clipped away."""
        trim = (0.0, 0.0, self.width, self.height)
        return tuple(word for word in self.words if any(_shows(char, trim) for char in word.chars))

    @cached_property
    def chars(self) -> tuple[Char, ...]:
        """The printed characters, in the order of the file."""
        return tuple(char for word in self.words for char in word.chars)

    @cached_property
    def text(self) -> str:
        """The words that can be seen on the trimmed page, with spaces between; a slug beside it says nothing."""
        return " ".join(word.text for word in self.visible)

    @cached_property
    def lines(self) -> tuple[tuple[Word, ...], ...]:
        """The words by printed lines: those that follow each other on one baseline, cite marks with them."""
        found: list[list[Word]] = []
        for word in self.words:
            base = max(word.chars, key=lambda char: char.size)
            if found:
                last = max(found[-1][-1].chars, key=lambda char: char.size)
                gap = word.box[0] - found[-1][-1].box[2]
                near = abs(base.baseline - last.baseline) < 0.45 * max(base.size, last.size)
                if near and -base.size < gap < 2 * max(base.size, last.size):
                    found[-1].append(word)
                    continue
            found.append([word])
        return tuple(map(tuple, found))

    def objects(self) -> Iterator[tuple[Any, Matrix]]:
        """Every page object that is no form, with the transformation from its own space to the page's."""
        yield from ((piece, outer) for piece, outer, _ in self._everything())

    def _everything(self) -> Iterator[tuple[Any, Matrix, Box | None]]:
        count = pdfium.FPDFPage_CountObjects(self._page.raw)
        yield from _objects(count, lambda number: pdfium.FPDFPage_GetObject(self._page.raw, number), Matrix(), None, 0)

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """The raster images, with the resolution they are printed at: that of the coarser direction."""
        found = []
        for piece, outer in self.objects():
            if pdfium.FPDFPageObj_GetType(piece) != pdfium.FPDF_PAGEOBJ_IMAGE:
                continue
            wide, high = ctypes.c_uint(), ctypes.c_uint()
            pdfium.FPDFImageObj_GetImagePixelSize(piece, wide, high)
            # An image fills the unit square of its own space.
            own = _matrix(piece).then(outer)
            width, height = (own.a**2 + own.b**2) ** 0.5, (own.c**2 + own.d**2) ** 0.5
            if width and height:
                ppi = min(wide.value / width, high.value / height) * INCH
                found.append(Picture(self.place(*own.box(0, 0, 1, 1)), (wide.value, high.value), ppi))
        return tuple(found)

    def fine(self, dpi: float) -> float:
        """The resolution to look at this page with: as wished, or less where a poster would take too much memory."""
        return min(dpi, INCH * (_MOST_PIXELS / max(1.0, self.width * self.height)) ** 0.5)

    def raster(self, dpi: float, *, grey: bool = False, box: Box | None = None) -> Image.Image:
        """The trimmed page, or a box of it, as it is printed on white paper."""
        return self._render(dpi, grey, box)

    def bled(self, dpi: float, bleed: float) -> Image.Image:
        """The page with so many points around its trim, as it is printed before it is cut."""
        right, top = self._left + self.width, self._bottom + self.height
        self._page.set_cropbox(self._left - bleed, self._bottom - bleed, right + bleed, top + bleed)
        try:
            return self._render(dpi, False, None)
        finally:
            self._page.set_cropbox(self._left, self._bottom, right, top)

    def background(self, dpi: float, *, box: Box | None = None) -> Image.Image:
        """The trimmed page, or a box of it, without its words: what each of them is read against."""
        words = [one for one, _ in self.objects() if pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_TEXT]
        for word in words:
            pdfium.FPDFPageObj_SetIsActive(word, False)
        try:
            return self._render(dpi, False, box)
        finally:
            for word in words:
                pdfium.FPDFPageObj_SetIsActive(word, True)

    def _render(self, dpi: float, grey: bool, box: Box | None) -> Image.Image:
        # As the renderer has it: a damaged file may give it another size than its boxes say.
        width, height = self._page.get_size()
        left, top, right, bottom = box or (0.0, 0.0, width, height)
        # A sliver at the edge of the page is drawn with what is beside it: there is no picture of less than a pixel.
        least = 2 * INCH / dpi
        left, top = min(left, width - least), min(top, height - least)
        crop = (left, height - max(bottom, top + least), width - max(right, left + least), top)
        bitmap = self._page.render(scale=dpi / INCH, grayscale=grey, crop=tuple(max(0.0, edge) for edge in crop))
        return bitmap.to_pil()


def _shows(char: Char, trim: Box) -> bool:
    left, top, right, bottom = overlap(overlap(char.box, trim), char.run.clip or trim)
    return right > left and bottom > top


def _objects(
    count: int, get: Any, outer: Matrix, clip: Box | None, depth: int
) -> Iterator[tuple[Any, Matrix, Box | None]]:
    """Objects with the transformation and the clip that the forms around them bring."""
    for number in range(count):
        piece = get(number)
        if pdfium.FPDFPageObj_GetType(piece) != pdfium.FPDF_PAGEOBJ_FORM:
            yield piece, outer, clip
        elif depth < _DEEPEST:
            inside, seen = _matrix(piece).then(outer), _clipped(piece, outer, clip)
            inner = pdfium.FPDFFormObj_CountObjects(piece)
            yield from _objects(
                inner, lambda index, form=piece: pdfium.FPDFFormObj_GetObject(form, index), inside, seen, depth + 1
            )


def _clipped(piece: Any, outer: Matrix, seen: Box | None) -> Box | None:
    """The box that an object's clipping paths leave of what could be seen. Paths are taken as the boxes around them."""
    clip = pdfium.FPDFPageObj_GetClipPath(piece)
    count = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(0, count)):
        points = []
        for number in range(pdfium.FPDFClipPath_CountPathSegments(clip, path)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append(outer.point(x.value, y.value))
        if points:
            xs, ys = zip(*points, strict=True)
            box = min(xs), min(ys), max(xs), max(ys)
            seen = overlap(seen, box) if seen else box
    return seen


def _matrix(piece: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(piece, found)
    return Matrix(found.a, found.b, found.c, found.d, found.e, found.f)


def _string(fill: Any) -> str:
    length = fill(None, 0)
    buffer = ctypes.create_string_buffer(length)
    fill(buffer, length)
    return buffer.value.decode("utf-8", "replace")


class Printed:
    """A PDF file as evidence. `file` is its path as findings name it.

    Raises ValueError in words for people where the bytes are no PDF that can be opened.
    """

    def __init__(self, file: str, data: bytes):
        self.file = file
        self.data = data
        try:
            self.pdf = pikepdf.open(BytesIO(data))
            self._document = pypdfium2.PdfDocument(data)
        except pikepdf.PasswordError as error:
            raise ValueError("is locked with a password") from error
        except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
            raise ValueError("is damaged, or no PDF at all") from error

    def close(self) -> None:
        """Let go of the file; nothing of it can be asked for any more."""
        self._document.close()
        self.pdf.close()

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        trims = [self.values.trim(leaf) for leaf in self.leaves]
        # Where the two readers of a damaged file count differently, only pages that both know are judged.
        both = zip(self._document, trims, strict=False)
        return tuple(Page(page, number, trim) for number, (page, trim) in enumerate(both, 1))

    @cached_property
    def values(self) -> Values:
        """The file's own objects, of whatever kind they are."""
        return Values(self.pdf)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The references of the pages, as other objects name them."""
        return tuple("{} {} R".format(*page.objgen) for page in self.pdf.pages)

    @cached_property
    def tags(self) -> Tags:
        return Tags(self.values, self.leaves)

    @cached_property
    def passages(self) -> Passages:
        """The tagged text with its place."""
        return Passages(self.tags, (page.words for page in self.pages))

    @cached_property
    def text(self) -> str:
        """All words that can be seen, with spaces between."""
        return " ".join(page.text for page in self.pages)
