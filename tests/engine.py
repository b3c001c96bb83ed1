"""Texts set by the layout engine itself, for comparing: their lines, widths and the operators that show them."""

from __future__ import annotations

import functools
import io
import random
import re
from collections.abc import Iterable
from typing import NamedTuple

import pikepdf
import weasyprint
from weasyprint.text.fonts import FontConfiguration

from handouts.project import font_files
from handouts.stamping.shaping import Face

FACES = {
    "SourceSansPro-Regular.ttf": ("Proof Sans", 400),
    "SourceSansPro-Semibold.ttf": ("Proof Sans", 600),
    "SourceSansPro-Bold.ttf": ("Proof Sans", 700),
    "SourceSerifPro-Semibold.ttf": ("Proof Serif", 600),
    "SourceSerifPro-Bold.ttf": ("Proof Serif", 700),
}
# Points.
SIZES = (8.0, 8.55, 10.0, 11.9, 14.0, 18.0)
PX = 96 / 72


class Piece(NamedTuple):
    """A text as the engine set it, in one box; `x` is from the left edge of its paragraph. Pixels."""

    text: str
    x: float
    width: float
    operator: str


@functools.cache
def face(name: str) -> Face:
    return Face(font_files()[name].read_bytes())


@functools.cache
def _fonts() -> tuple[FontConfiguration, str]:
    rules = (
        f"@font-face {{ font-family: '{family}'; font-weight: {weight}; src: url({font_files()[name].as_uri()}) }}"
        for name, (family, weight) in FACES.items()
    )
    return FontConfiguration(), "\n".join(rules)


def lay_out(texts: Iterable[tuple[str, float]], name: str, points: float) -> list[list[list[Piece]]]:
    """Paragraphs of HTML, each with its width in pixels, as lines of pieces."""
    fonts, faces = _fonts()
    family, weight = FACES[name]
    looks = f"""{faces}
        @page {{ size: 1000pt 100000pt; margin: 0 }}
        body {{ margin: 0 }}
        p {{ margin: 0; font: {weight} {points}pt/1.2 "{family}"; font-kerning: normal }}
        .keep {{ white-space: nowrap }}"""
    body = "".join(f'<p style="width: {width}px">{text}</p>' for text, width in texts)
    document = weasyprint.HTML(string=f'<html lang="en"><style>{looks}</style>{body}').render(font_config=fonts)
    (page,) = document.pages
    with pikepdf.open(io.BytesIO(document.write_pdf())) as pdf:
        operators = iter(re.findall(r"\[.*?\] TJ", pdf.pages[0].Contents.read_bytes().decode()))
    paragraphs = [
        [
            [
                Piece(box.text, box.position_x, box.width, next(operators) if box.text.strip() else "")
                for box in line.descendants()
                if type(box).__name__ == "TextBox" and box.text
            ]
            for line in block.children
        ]
        for block in page._page_box.descendants()
        if block.element_tag == "p" and type(block).__name__ == "BlockBox"
    ]
    assert next(operators, None) is None
    return paragraphs


_STEMS = (
    *("Ald", "Bel", "Dun", "Fen", "Gar", "Wa", "To", "Ty", "Av", "Va", "Łó", "Peñ", "Núñ", "Åke"),
    *("São", "Côt", "Grün", "Že", "Ÿp", "Œu", "Æn", "Ďu", "Ťa", "Fi", "Fla", "Offi", "Affl", "Québ"),
)
_ENDS = (
    *("bridge", "bury", "dale", "ffin", "ffle", "ffy", "fjord", "fl", "fi", "ton"),
    *("vale", "view", "well", "ška", "ůň", "ćęż", "ığ", "ŷ", "AV", "ßen"),
)
_WORDS = (
    *("College", "High School", "Career Center", "of", "Health & Technology", "Academy, Inc.", "St. Mary’s"),
    *("A.T. Still", "Val d’Or", "J.R.", "Nº 5", "Route 66", "1,234.5", "W", "Y", "’t Veld", "P.S.\u00a0·", "2027"),
)
_JOINED = (
    *("Wilkes-Barre", "PET/CT", "– North", "(East)", "(555) 010-1234", "“Blue” Hall", "A1-B2", "— West", "No.5", "!"),
)


def names(chance: random.Random, count: int, odd: bool = False) -> list[str]:
    """Invented names of 3 to 60 characters; those that are odd have words that the engine would break."""
    return [_name(chance, _WORDS + _JOINED * odd) for _ in range(count)]


def _name(chance: random.Random, words: tuple[str, ...]) -> str:
    length = chance.randrange(3, 61)
    name = _place(chance)
    while len(name) < length:
        name += " " + (chance.choice(words) if chance.random() < 0.6 else _place(chance))
    return name[:length].strip()


def _place(chance: random.Random) -> str:
    return chance.choice(_STEMS) + chance.choice(_ENDS)


def addresses(chance: random.Random, count: int) -> list[str]:
    paths = ("", "/health-careers", "/visit", "?a=b&c=d", "/x_y", "/2027", "/tours.html", "#top", "/~office", "//")
    return [
        "careers." + chance.choice(("bridge", "fenton-vale", "wa")) + chance.choice((".edu", ".example.org"))
        + "".join(chance.choice(paths) for _ in range(4))
        for _ in range(count)
    ]  # fmt: skip
