"""Font files made small: only the glyphs that a PDF shows, under their own numbers."""

from __future__ import annotations

from collections.abc import Sequence

import uharfbuzz

# What only a program that shapes text asks a font for; a PDF has the glyphs in their places.
_SHAPES = ("GSUB", "GPOS", "GDEF", "BASE", "DSIG", "kern", "name", "post", "OS/2", "STAT", "MATH", "JSTF")


def subset(data: bytes, glyphs: Sequence[int]) -> bytes:
    """A TrueType file with these glyphs alone; codes that name them stay right."""
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(int.from_bytes(table.encode()) for table in _SHAPES)
    flags = uharfbuzz.SubsetFlags
    wanted.flags = flags.RETAIN_GIDS | flags.NO_HINTING | flags.NO_LAYOUT_CLOSURE | flags.NOTDEF_OUTLINE
    return bytes(uharfbuzz.subset(uharfbuzz.Face(data), wanted).blob.data)


def advances(data: bytes, glyphs: Sequence[int]) -> list[int]:
    """The widths of glyphs, in the face's own units."""
    font = uharfbuzz.Font(uharfbuzz.Face(data))
    return [font.get_glyph_h_advance(glyph) for glyph in glyphs]
