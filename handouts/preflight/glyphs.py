"""Glyphs that a text asks its font for, and that the font does not have.

*Why the content streams are read:* a reader of text hands back the character that was meant, whether or not its font
could draw it. Only the numbers of the glyphs tell: 0 is the box of what is missing, in every font.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any
from unicodedata import category

import pikepdf

_OPERATORS = "Tf Tr Tj TJ ' \" Do q Q"
_UNSEEN = (3, 7)
_DEEPEST = 12
_HEX = rb"<([0-9A-Fa-f\s]*)>"
_CID = re.compile(_HEX + rb"\s*(?:" + _HEX + rb"\s*)?(\d+)")
_BLOCK = re.compile(rb"begin(cidchar|cidrange|bfchar|bfrange)(.*?)end", re.DOTALL)
_CHAR = re.compile(_HEX + rb"\s*" + _HEX)
_RANGE = re.compile(_HEX + rb"\s*" + _HEX + rb"\s*(?:" + _HEX + rb"|\[(.*?)\])", re.DOTALL)
_SPACES = (9, 10, 13, 32, 160)
_BLANK = ("Cc", "Cf", "Zs", "Zl", "Zp")  # characters that print nothing, whatever the font has
# What a font or a stream that is not as the standard says may raise: it is then no evidence of a missing glyph.
_BROKEN = (pikepdf.PdfError, AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)

Missing = dict[str, set[str]]


def missing_glyphs(pdf: pikepdf.Pdf) -> Iterator[Missing]:
    """For each page: the fonts that lack a glyph, each with the characters; "" for one that cannot be named."""
    fonts: dict[tuple[int, int], _Font | None] = {}
    for page in pdf.pages:
        found: Missing = {}
        with suppress(*_BROKEN):
            for font, text in _shown(page.obj, page.resources, fonts, 0):
                if absent := font.absent(text):
                    found.setdefault(font.name, set()).update(absent)
        yield found


class _Font:
    """A font whose glyphs can be counted: by two-byte codes, or by an encoding that names what is not there."""

    def __init__(self, font: Any):
        self.name = str(font.get("/BaseFont", "")).removeprefix("/")
        self.wide = font.get("/Subtype") == "/Type0"
        self.texts = _texts(font.get("/ToUnicode"))
        self._is_missing = _wide(font) if self.wide else _narrow(font)
        # Codes that are glyph numbers: most fonts of most files, and what is missing is seen at once.
        self.plain = self.wide and not isinstance(font.get("/Encoding"), pikepdf.Stream) and _table(font) is None

    def absent(self, data: bytes) -> set[str]:
        """The characters of a string that the font has no glyph for; spaces need none."""
        if self._is_missing is None or (self.plain and b"\0\0" not in data):
            return set()
        codes = {data[at] << 8 | data[at + 1] for at in range(0, len(data) - 1, 2)} if self.wide else set(data)
        found = {self.texts.get(code, "") for code in codes if self._is_missing(code)}
        return {text for text in found if not text or any(category(sign) not in _BLANK for sign in text)}


def _wide(font: Any) -> Callable[[int], bool] | None:
    """Whether a two-byte code has no glyph; None where that cannot be told."""
    inner = font.DescendantFonts[0]
    described = inner.get("/FontDescriptor", {})
    encoding = font.get("/Encoding")
    if not {"/FontFile2", "/FontFile3"} & set(described):
        return None
    if isinstance(encoding, pikepdf.Stream):
        numbers = _numbers(encoding.read_bytes())
    elif str(encoding) in ("/Identity-H", "/Identity-V"):
        numbers = None
    else:
        return None
    glyphs = _table(font)

    def is_missing(code: int) -> bool:
        number = code if numbers is None else numbers.get(code, 0)
        return not number if glyphs is None else not any(glyphs[2 * number : 2 * number + 2])

    return is_missing


def _table(font: Any) -> bytes | None:
    """Two bytes for each character number: its glyph. None where the numbers are the same."""
    table = font.DescendantFonts[0].get("/CIDToGIDMap")
    return table.read_bytes() if isinstance(table, pikepdf.Stream) else None


def _narrow(font: Any) -> Callable[[int], bool] | None:
    """Whether a one-byte code is named as no glyph by the encoding of an embedded font."""
    described, encoding = font.get("/FontDescriptor", {}), font.get("/Encoding")
    embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)
    if not embedded or not isinstance(encoding, pikepdf.Dictionary):
        return None
    absent: set[int] = set()
    code = 0
    for entry in encoding.get("/Differences", ()):
        if isinstance(entry, pikepdf.Name):
            if entry == "/.notdef" and code not in _SPACES:
                absent.add(code)
            code += 1
        else:
            code = int(entry)
    return absent.__contains__


def _numbers(data: bytes) -> dict[int, int]:
    """The glyph numbers that a character map gives to codes."""
    found: dict[int, int] = {}
    for kind, block in _BLOCK.findall(data):
        if kind in (b"cidchar", b"cidrange"):
            for first, last, number in _CID.findall(block):
                low, high = int(first, 16), int(last or first, 16)
                found.update((code, int(number) + code - low) for code in range(low, min(high, low + 0xFFFF) + 1))
    return found


def _texts(stream: Any) -> dict[int, str]:
    """The characters that codes stand for."""
    if not isinstance(stream, pikepdf.Stream):
        return {}
    found: dict[int, str] = {}
    for kind, block in _BLOCK.findall(stream.read_bytes()):
        if kind == b"bfchar":
            found.update((int(code, 16), _text(text)) for code, text in _CHAR.findall(block) if code.strip())
        elif kind == b"bfrange":
            for first, last, start, listed in _RANGE.findall(block):
                low, high = int(first, 16), int(last, 16)
                each = [_text(text) for text in re.findall(_HEX, listed)]
                for code in range(low, min(high, low + 0xFFFF) + 1):
                    if listed:
                        found[code] = each[code - low] if code - low < len(each) else ""
                    elif begin := _text(start):
                        found[code] = begin[:-1] + chr(min(ord(begin[-1]) + code - low, 0x10FFFF))
    return found


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")


def _shown(
    owner: Any, resources: Any, fonts: dict[tuple[int, int], _Font | None], depth: int
) -> Iterator[tuple[_Font, bytes]]:
    """The strings that a content stream paints, each with its font; those of the forms in it too."""
    font, mode, saved = None, 0, []
    for operands, operator in pikepdf.parse_content_stream(owner, _OPERATORS):
        match str(operator):
            case "q":
                saved.append((font, mode))
            case "Q" if saved:
                font, mode = saved.pop()
            case "Tr":
                mode = int(operands[0])
            case "Tf":
                font = _font(resources, operands[0], fonts)
            case "Do":
                form = _named(resources, "/XObject", operands[0])
                if form is not None and form.get("/Subtype") == "/Form" and depth < _DEEPEST:
                    yield from _shown(form, form.get("/Resources", resources), fonts, depth + 1)
            case _ if font is not None and mode not in _UNSEEN and operands:
                parts = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
                yield from ((font, bytes(part)) for part in parts if isinstance(part, pikepdf.String))


def _font(resources: Any, name: Any, fonts: dict[tuple[int, int], _Font | None]) -> _Font | None:
    found = _named(resources, "/Font", name)
    if found is None:
        return None
    key = found.objgen if found.is_indirect else (-id(found), 0)
    if key not in fonts:
        fonts[key] = None
        with suppress(*_BROKEN):
            fonts[key] = _Font(found)
    return fonts[key]


def _named(resources: Any, kind: str, name: Any) -> Any:
    """A resource by its name; None where the file names what it has not."""
    table: Mapping[str, Any] = resources.get(kind) if resources is not None else None
    found = table.get(str(name)) if table is not None else None
    return found if isinstance(found, pikepdf.Dictionary | pikepdf.Stream) else None
