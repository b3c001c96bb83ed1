"""A font of a finished PDF, widened: embedded with every character that a name may have."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pikepdf
from pikepdf import Array

from handouts.finishing.marked_content import CHARACTER
from handouts.stamping.shaping import Face
from handouts.stamping.subsetting import advances, subset

# What names and addresses are written with: Latin-1, Latin Extended-A, and the marks of running text.
CHARACTERS = "".join(
    chr(code)
    for codes in (range(0x20, 0x7F), range(0xA0, 0x180), range(0x218, 0x21C))
    for code in codes
    if code not in (0xAD, 0x149)
) + "–—‘’‚“”„†•…€™−"
_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo
<< /Registry (Adobe)
/Ordering (UCS)
/Supplement 0
>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
"""
_LETTERS = string.ascii_letters
# How many letters a face joins to one glyph, at most.
_LONGEST = 4


def widen(document: pikepdf.Pdf, font: pikepdf.Object, data: bytes) -> tuple[int, ...]:
    """Give a composite font as WeasyPrint writes it all glyphs for CHARACTERS, from its file's `data`; returns the
    numbers of all glyphs that it has then. Codes are the file's own glyph numbers before and after."""
    face = Face(data)
    texts = dict(_read_map(font.ToUnicode.read_bytes()))
    for text in (*CHARACTERS, *_joined(face)):
        for glyph in face.shape(text).glyphs if not face.lacks(text) else ():
            if glyph.text:
                texts.setdefault(glyph.id, glyph.text)
    numbers = sorted(texts)
    (descendant,) = font.DescendantFonts
    descendant.FontDescriptor.FontFile2 = document.make_stream(subset(data, numbers))
    if "/CIDSet" in descendant.FontDescriptor:
        del descendant.FontDescriptor["/CIDSet"]
    widths = advances(data, numbers)
    left, bottom, right, top = descendant.FontDescriptor.FontBBox
    descendant.FontDescriptor.FontBBox = Array([left, bottom, max(int(right), *widths), top])
    descendant.W = Array([item for pair in zip(numbers, widths, strict=True) for item in (pair[0], Array([pair[1]]))])
    font.ToUnicode = document.make_stream(character_map(texts))
    return tuple(numbers)


def _joined(face: Face) -> Iterator[str]:
    """Letters that a face sets as one glyph, such as "ffi", or as others than it sets them alone."""
    alone = {letter: face.shape(letter).glyphs[0].id for letter in _LETTERS}
    joined = list(_LETTERS)
    for _ in range(_LONGEST - 1):
        before, joined = joined, []
        for text in (start + letter for start in before for letter in _LETTERS):
            glyphs = face.shape(text).glyphs
            if len(glyphs) == 1:
                joined.append(text)
            if [glyph.id for glyph in glyphs] != [alone[letter] for letter in text]:
                yield text


def _read_map(source: bytes) -> list[tuple[int, str]]:
    mappings = source[source.index(b"endcodespacerange") :]
    return [
        (int(code, 16), bytes.fromhex(text.decode()).decode("utf-16-be")) for code, text in CHARACTER.findall(mappings)
    ]


def character_map(texts: dict[int, str]) -> bytes:
    """A ToUnicode map; a hundred entries a block, as the specification allows."""
    lines = [_HEAD]
    items = sorted(texts.items())
    for at in range(0, len(items), 100):
        block = items[at : at + 100]
        lines.append(b"%d beginbfchar\n" % len(block))
        lines += [f"<{number:04x}> <{text.encode('utf-16-be').hex()}>\n".encode() for number, text in block]
        lines.append(b"endbfchar\n")
    lines.append(b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
    return b"".join(lines)
