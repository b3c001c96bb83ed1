"""Crop marks and the slug line: what the shop trims by, and what tells one pile of sheets from another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from handouts.finishing.repertoire import character_map
from handouts.material import Material
from handouts.prepress.boxes import Box, grown, set_boxes, trim_of
from handouts.project import Project
from handouts.quantities import show_month
from handouts.stamping.shaping import Face, Run
from handouts.stamping.subsetting import advances, subset

# The face of the slug line; a project has it for all its text.
FACE = "fonts/SourceSansPro-Regular.ttf"
SIZE = 6.0
HAIRLINE = 0.25
# How far from the bleed the marks begin, and how long they are.
GAP, LENGTH = 3.0, 18.0
# The slug line's place: from the left trim, and its baselines below the bleed.
_INDENT, _BASELINES = 9.0, (12.0, 20.0)
_PIXEL = 0.75  # a CSS pixel in points
SEPARATOR = " · "
_FONT = "/HandoutsSlug"
# *Why black alone:* the shop lays its own registration marks around the sheet. Marks on all plates would be four inks
# on one hairline, over any limit; these stand on the plate that the text is on, which is what the trim is judged by.
_STROKE = {"cmyk": b"0 0 0 1 K", "grey": b"0 G", "rgb": b"0 G"}
_FILL = {"cmyk": b"0 0 0 1 k", "grey": b"0 g", "rgb": b"0 g"}


def frame(document: pikepdf.Pdf, project: Project, material: Material, paper: str, name: str, revision: str) -> None:
    """Give a document the boxes that its profile asks for and, where it does, marks; `name` is that of its file."""
    profile = material.profile
    bleed = profile.bleed.get(paper)
    if bleed is None:
        return
    set_boxes(document, bleed, profile.marks)
    if profile.marks:
        of, labels = len(document.pages), material.labels
        code = f"{labels['revision']} {revision}"
        day = ""
        if material.reviewed:
            day = f"{SEPARATOR}{labels['reviewed']} {show_month(material.reviewed, labels['months'])}"
        lines = [(f"{name}{SEPARATOR}{code}", f"page {number} of {of}{day}") for number in range(1, of + 1)]
        mark(document, lines, project.read(FACE), bleed, profile.colors)


def mark(document: pikepdf.Pdf, lines: Sequence[tuple[str, str]], face: bytes, bleed: float, colors: str) -> None:
    """Draw crop marks and a slug line around each page of a document that has its boxes, with room for them.

    `lines` are two texts a page: one line where they fit beside each other, else two. `face` is the font file that they
    are set in, `bleed` points, and `colors` those of the profile. What the page itself paints beyond the bleed is cut.
    """
    setter = Face(face)
    font = document.make_indirect(_font(document, face, setter, [text for pair in lines for text in pair]))
    for page, texts in zip(document.pages, lines, strict=True):
        trim = trim_of(page)
        fonts = Dictionary({**page.obj.Resources.get("/Font", {}), _FONT: font})
        # Resources may be one object for all pages, and of another kind of page after us.
        page.obj.Resources = Dictionary({**page.obj.Resources, "/Font": fonts})
        left, bottom, right, top = grown(trim, bleed)
        clip = _numbers((left, bottom, right - left, top - bottom))
        page.contents_add(b"q %s re W n" % clip, prepend=True)
        parts = [b"Q /Artifact BMC q", _STROKE[colors], b"%s w 0 J" % _numbers((HAIRLINE,))]
        parts += [b"%s m %s l S" % (_numbers(line[:2]), _numbers(line[2:])) for line in crop_marks(trim, bleed)]
        parts += [_FILL[colors], *_slug(setter, texts, trim, bleed), b"Q EMC"]
        page.contents_add(b"\n".join(parts))


def crop_marks(trim: Box, bleed: float) -> Iterator[Box]:
    """Eight lines, as x and y of both ends: two at each corner, in line with the trim and outside the bleed."""
    left, bottom, right, top = trim
    near, far = bleed + GAP, bleed + GAP + LENGTH
    for y in (bottom, top):
        yield left - far, y, left - near, y
        yield right + near, y, right + far, y
    for x in (left, right):
        yield x, bottom - far, x, bottom - near
        yield x, top + near, x, top + far


def _slug(setter: Face, texts: Sequence[str], trim: Box, bleed: float) -> Iterator[bytes]:
    left, bottom, right, _ = trim
    joined = setter.shape(SEPARATOR.join(texts))
    fits = joined.measure(SIZE / _PIXEL) * _PIXEL <= right - left - 2 * _INDENT
    runs: list[Run] = [joined] if fits else [setter.shape(text) for text in texts]
    for run, below in zip(runs, _BASELINES, strict=False):
        place = _numbers((left + _INDENT, bottom - bleed - below))
        yield b"BT %s %s Tf %s Td %s ET" % (_FONT.encode(), _numbers((SIZE,)), place, run.show(SIZE / _PIXEL))


def _numbers(numbers: Sequence[float]) -> bytes:
    return " ".join(f"{number:.4f}".rstrip("0").rstrip(".") for number in numbers).encode()


def _font(document: pikepdf.Pdf, data: bytes, setter: Face, texts: Sequence[str]) -> Dictionary:
    """The font, with the glyphs of these texts alone, as a composite one whose codes are the file's glyph numbers."""
    from fontTools.ttLib import TTFont  # a parser of font files, which only marks need

    glyphs = {glyph.id: glyph.text for text in (*texts, SEPARATOR) for glyph in setter.shape(text).glyphs if glyph.text}
    numbers = sorted(glyphs)
    file = subset(data, numbers)
    font = TTFont(BytesIO(data), lazy=True)
    head, high = font["head"], font["hhea"]
    name = Name(f"/HNDSLG+{font['name'].getDebugName(6)}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array([head.xMin, head.yMin, head.xMax, head.yMax]),
        ItalicAngle=0,
        Ascent=high.ascent,
        Descent=high.descent,
        CapHeight=font["OS/2"].sCapHeight,
        StemV=80,
        FontFile2=document.make_stream(file),
    )
    widths = [item for pair in zip(numbers, advances(data, numbers), strict=True) for item in (pair[0], [pair[1]])]
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=Name.Identity,
        FontDescriptor=document.make_indirect(descriptor),
        W=Array([Array(item) if isinstance(item, list) else item for item in widths]),
    )
    return Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([document.make_indirect(descendant)]),
        ToUnicode=document.make_stream(character_map(glyphs)),
    )
