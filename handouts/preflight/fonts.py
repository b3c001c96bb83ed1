"""Whether a PDF brings its fonts along, with all the glyphs that its words need, and none that nobody asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from handouts.findings import Finding
from handouts.preflight.evidence import Page, Printed
from handouts.preflight.glyphs import missing_glyphs
from handouts.preflight.ink import Char, Word, around, quoted
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule

FONT_EMBEDDED = Rule("font-embedded", "error", "any", "Every font that is printed is in the file.")
GLYPH_MISSING = Rule("glyph-missing", "error", "any", "Every character is in its font: no empty boxes.")
TEXT_UNMAPPED = Rule("text-unmapped", "warning", "any", "Every letter says which it is: words can be found and heard.")
FONT_FALLBACK = Rule("font-fallback", "error", "ours", "Words are set in the fonts of the style sheets, in no other.")

_REPLACED = "\ufffd"
_MOST_SIGNS = 8
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FACE = re.compile(r"@font-face\s*\{(.*?)\}", re.DOTALL)
_FAMILY = re.compile(r"font-family\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|([^;\"']+))")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What the layout engine adds to a family to name a face, as Pango describes fonts.
_STYLES = frozenset(
    [
        *("Thin", "Ultra", "Extra", "Semi", "Demi", "Light", "Book", "Medium", "Bold", "Heavy", "Black", "Regular"),
        *("Roman", "Italic", "Oblique", "Condensed", "Expanded", "Small", "Caps", "Variant", "Normal"),
    ]
)


def font_embedded(printed: Printed) -> Iterator[Finding]:
    """Fonts that a reader must have itself, and replaces where it has not: letters and line ends change."""
    told: set[str] = set()
    for page in printed.pages:
        bare = _by_font(page, lambda char: not char.run.embedded)
        for font, words in bare.items():
            if font not in told:
                yield FONT_EMBEDDED.found(
                    printed.file,
                    f'the font "{_bare(font)}" of {quoted(words)} is not in the file: '
                    "another printer may print it in another font, or not at all",
                    "save the PDF again with all fonts embedded",
                    page=page.number,
                    box=around(word.box for word in words),
                )
        told |= bare.keys()


def glyph_missing(printed: Printed) -> Iterator[Finding]:
    """Characters that print as an empty box or as nothing, since their font has no glyph for them."""
    for page, missing in zip(printed.pages, missing_glyphs(printed.pdf), strict=False):
        for font, signs in missing.items():
            named = sorted(signs - {""})
            words = [word for word in page.visible if any(_asks(char, font, signs) for char in word.chars)]
            what = ", ".join(map(_named, named)) or "a character"
            where = f" in {quoted(words)}" if words else ""
            yield GLYPH_MISSING.found(
                printed.file,
                f'{what}{where} is not in the font "{_bare(font)}": it prints as an empty box, or not at all',
                "write it with other characters, or use a font that has it",
                page=page.number,
                box=around(word.box for word in words) if words else (),
            )
        if lost := [word for word in page.visible if _REPLACED in word.text and not _any_unmapped(word)]:
            yield GLYPH_MISSING.found(
                printed.file,
                f"{quoted(lost)} has {_named(_REPLACED)} in place of a character that was lost before it was printed",
                "mend it in the text, and save the text as UTF-8",
                page=page.number,
                box=around(word.box for word in lost),
            )


def text_unmapped(printed: Printed) -> Iterator[Finding]:
    """Letters that only look like letters: the file does not say which they are."""
    told: set[str] = set()
    for page in printed.pages:
        unnamed = _by_font(page, lambda char: char.unmapped)
        if unnamed and not told:
            # A glyph that is missing may well have no name either: that is one fault, and not two.
            told.update(font for missing in missing_glyphs(printed.pdf) for font in missing)
        for font, words in unnamed.items():
            if font not in told:
                yield TEXT_UNMAPPED.found(
                    printed.file,
                    f'the font "{_bare(font)}" does not say which letters it prints: the words can be seen, but '
                    "neither searched, copied nor read out",
                    "save the PDF again from the program that it was written in, with another font or setting",
                    page=page.number,
                    box=around(word.box for word in words),
                )
        told |= unnamed.keys()


def font_fallback(product: Product) -> Iterator[Finding]:
    """Words in a font that no style sheet of the document brings.

    *Why it is an error:* the layout engine took it from this machine, for want of a character in the font that was
    meant; another machine has another font, or none.
    """
    families = {family.replace(" ", "-") for style in product.styles for family in families_of(style)}
    for page in product.printed.pages:
        strange = _by_font(page, lambda char: bool(char.run.font) and not _is_face(_bare(char.run.font), families))
        for font, words in strange.items():
            signs = sorted({char.text for word in words for char in word.chars if char.run.font == font})
            shown = ", ".join(map(_named, signs[:_MOST_SIGNS])) + (", …" if len(signs) > _MOST_SIGNS else "")
            yield FONT_FALLBACK.found(
                product.printed.file,
                f'{quoted(words)} is not in the fonts of the style sheets and was set in "{_bare(font)}": {shown}',
                "write it with other characters, or name a font that has them in styles/base/type.css",
                page=page.number,
                box=around(word.box for word in words),
            )


def families_of(style: str) -> set[str]:
    """The font families that a style sheet brings files for, without quotes."""
    faces = _FACE.findall(_COMMENT.sub(" ", style))
    return {"".join(name).strip() for face in faces for name in _FAMILY.findall(face)}


def _is_face(font: str, families: Iterable[str]) -> bool:
    """True of "Source-Sans-Pro-Semi-Bold" for the family "Source-Sans-Pro", and not of "Source-Sans-Pro-Caption"."""
    for family in families:
        if font.casefold().startswith(family.casefold()):
            rest = font[len(family) :]
            if not rest or (rest[0] == "-" and set(rest[1:].split("-")) <= _STYLES):
                return True
    return False


def _by_font(page: Page, is_meant: Callable[[Char], bool]) -> dict[str, list[Word]]:
    """The words in which some characters are meant, by the fonts of those."""
    found: dict[str, list[Word]] = {}
    for word in page.visible:
        for font in dict.fromkeys(char.run.font for char in word.chars if is_meant(char)):
            found.setdefault(font, []).append(word)
    return found


def _asks(char: Char, font: str, signs: set[str]) -> bool:
    return char.run.font == font and char.text in signs


def _any_unmapped(word: Word) -> bool:
    return any(char.unmapped for char in word.chars)


def _bare(font: str) -> str:
    """The name of a font without the six letters that mark a subset."""
    return _SUBSET.sub("", font) or "without a name"


def _named(sign: str) -> str:
    codes = " ".join(f"U+{ord(one):04X}" for one in sign)
    return f"{sign} ({codes})" if sign.isprintable() else codes


ANY = (font_embedded, glyph_missing, text_unmapped)
OURS = (font_fallback,)
