"""Type that is too small, and fonts that are not there, in small and in shipped PDFs."""

from __future__ import annotations

from types import SimpleNamespace

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Stream
from seen import FACES, WORDS, edited, ids, only, paper, seen

from handouts.preflight.evidence import Printed
from handouts.preflight.fonts import families_of, font_embedded, font_fallback, glyph_missing
from handouts.preflight.product import Product
from handouts.preflight.type import type_profile, type_small
from handouts.profiles import Profile

# No font has it: the last character of the last private plane.
NOBODYS = "\U0010fffd"


@pytest.mark.parametrize(("size", "severity"), [(7.5, "warning"), (6, "warning"), (5.5, "error")])
def test_small_type(size: float, severity: str):
    finding = only(paper(f'{WORDS}<p style="font-size: {size}pt">Fine print</p>'))
    assert (finding.id, finding.severity) == ("type-small", severity)
    assert f'"Fine print" is set in {size:g} pt' in finding.message


def test_two_small_sizes_are_two_findings():
    body = '<p style="font-size: 7pt">Seven<p style="font-size: 7.04pt">Seven too<p style="font-size: 5pt">Five'
    small = list(type_small(Printed("a.pdf", paper(body))))
    assert [finding.message.partition(" is ")[0] for finding in small] == ['"Five"', '"Seven Seven too"']


@pytest.mark.parametrize(
    "body",
    [
        '<p style="font-size: 8pt">Eight points</p>',
        '<p>Pay<sup style="font-size: 6pt; line-height: 0">12,13</sup>, 2<sup style="font-size: 7pt">nd</sup></p>',
        '<p>H<sub style="font-size: 6pt">2</sub>O</p>',
        '<p><span style="position: relative; top: -5pt; font-size: 6pt">1</span> A note</p>',
    ],
)
def test_type_that_is_large_enough(body: str):
    assert seen(paper(body)) == []


@pytest.mark.parametrize(
    "body",
    [
        '<p>Pay<sup style="font-size: 5pt; line-height: 0">12</sup></p>',  # raised, and too small for that
        '<p>Pay <span style="font-size: 6pt">on the line</span></p>',
        '<p style="font-size: 20pt; line-height: 1">Title</p><p style="font-size: 6pt">Caption</p>',
        '<p style="font-size: 7.5pt; line-height: 1">S E R I E S</p><p style="font: 46pt/1 Source Sans Pro">Title</p>',
    ],
)
def test_small_type_beside_larger(body: str):
    assert ids(paper(body)) == ["type-small"]


def test_a_profile_may_ask_for_larger_type():
    body = f'{WORDS}<p style="font-size: 18pt">Large<sup style="font-size: 9pt">1</sup>'
    printed = Printed("a.pdf", paper(body + '<p style="font-size: 17.4pt">Nearly'))
    asked = {smallest: _for_profile(printed, smallest) for smallest in (None, 8, 18)}
    assert {smallest: len(list(type_profile(product))) for smallest, product in asked.items()} == {None: 0, 8: 0, 18: 3}
    raised, plain, nearly = type_profile(asked[18])
    assert raised.message == '"Large1" is set in 9 pt; in large print it needs 18 pt'
    assert "Nearly" in nearly.message and (nearly.id, nearly.severity, nearly.page) == ("type-profile", "error", 1)
    assert "Plain words in black" in plain.message


def _for_profile(printed: Printed, smallest: float | None) -> Product:
    profile = Profile(title="in large print", smallest=smallest)
    return Product(printed, SimpleNamespace(html=""), SimpleNamespace(profile=profile))


def test_a_font_that_is_not_in_the_file():
    def without(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[0].Resources.Font.values():
            del font.DescendantFonts[0].FontDescriptor.FontFile2

    finding = only(edited(paper(), without))
    assert finding.id == "font-embedded"
    assert 'the font "Source-Sans-Pro" of "Plain words in black" is not in the file' in finding.message
    assert finding.page == 1


def test_a_font_is_told_once_with_the_page_of_its_first_use():
    def standard(pdf: pikepdf.Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        for page in list(pdf.pages)[1:]:
            page.Resources.Font.Old = font
            page.contents_add(Stream(pdf, b"BT 1 0 0 1 60 60 Tm /Old 12 Tf (Old words) Tj ET"))

    pages = "".join(f'<p style="break-before: page">Page {number}' for number in range(3))
    found = list(font_embedded(Printed("a.pdf", edited(paper(pages), standard))))
    assert [(one.page, '"Helvetica"' in one.message) for one in found] == [(2, True)]


def test_a_character_without_a_glyph():
    finding = only(paper(f"<p>Words and {NOBODYS} here</p>"))
    assert finding.id == "glyph-missing"
    assert 'U+10FFFD in' in finding.message
    assert 'is not in the font "Source-Sans-Pro"' in finding.message
    assert finding.box[0] > 46


def test_glyph_number_nothing_of_a_font_without_a_map():
    def unmapped(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        for font in page.Resources.Font.values():
            del font.ToUnicode
        page.Contents = Stream(pdf, page.Contents.read_bytes().replace(b"<00", b"<0000>0<00", 1))

    finding = only(edited(paper(), unmapped))
    assert finding.id == "glyph-missing"
    assert "a character" in finding.message


@pytest.mark.parametrize("mode", [0, 3])
def test_an_encoding_that_names_no_glyph(mode: int):
    def encoded(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        [wide] = page.Resources.Font.values()
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/ABCDEF+Bees"))
        font.FirstChar, font.LastChar, font.Widths = 97, 98, [500, 500]
        font.FontDescriptor = wide.DescendantFonts[0].FontDescriptor
        font.Encoding = Dictionary(Type=Name.Encoding, Differences=[97, Name("/.notdef"), Name.b])
        page.Resources.Font.Old = font
        page.contents_add(Stream(pdf, f"BT 1 0 0 1 60 60 Tm {mode} Tr /Old 12 Tf (ab) Tj ET".encode()))

    found = list(glyph_missing(Printed("a.pdf", edited(paper(), encoded))))
    # Words that only a search meets need no glyphs.
    assert [one.id for one in found] == (["glyph-missing"] if mode == 0 else [])


def test_a_character_that_was_lost_earlier():
    finding = only(paper("<p>Caf\ufffd</p>"))
    assert finding.id == "glyph-missing"


def test_letters_that_do_not_say_which_they_are():
    def unnamed(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[0].Resources.Font.values():
            del font.ToUnicode

    finding = only(edited(paper(), unnamed))
    assert finding.id == "text-unmapped"
    assert '"Source-Sans-Pro" does not say which letters it prints' in finding.message


def _product(data: bytes, styles: str) -> Product:
    return Product(Printed("a.pdf", data), SimpleNamespace(html=""), SimpleNamespace(), (styles,))


def test_words_in_a_font_that_no_style_sheet_names():
    data = paper('<p>Sans, <b>bold</b> and <span style="font-family: Source Serif Pro">strange</span></p>')
    sans = FACES.rpartition("@font-face")[0]
    [finding] = font_fallback(_product(data, sans))
    assert finding.id == "font-fallback"
    assert '"strange" is not in the fonts of the style sheets and was set in "Source-Serif-Pro"' in finding.message
    assert list(font_fallback(_product(data, FACES))) == []


def test_a_name_that_only_begins_like_a_family_is_another_font():
    wide = FACES.replace("Sans Pro;", "Sans Pro Wide;")
    data = paper('<p style="font-family: Source Sans Pro Wide">Wide</p>', faces=wide)
    assert [one.id for one in font_fallback(_product(data, FACES))] == ["font-fallback"]


def test_families_are_read_from_style_sheets():
    style = """/* @font-face { font-family: "Old" } */ @font-face { src: url(a.ttf); font-family: "Two Words" }
    @font-face{font-family:Plain;src:url(b.ttf)} p { font-family: Other }"""
    assert families_of(style) == {"Two Words", "Plain"}


def test_letters_drawn_one_by_one_are_no_fault():
    def drawn(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        glyph = Stream(pdf, b"10 0 0 0 10 10 d1 0 0 7 7 re f")
        font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 10, 10], FontMatrix=[1, 0, 0, 1, 0, 0])
        font.CharProcs = Dictionary(a=glyph)
        font.Encoding = Dictionary(Type=Name.Encoding, Differences=[97, Name.a])
        font.FirstChar, font.LastChar, font.Widths, font.Resources = 97, 97, [10], Dictionary()
        to_unicode = b"1 beginbfchar <61> <0061> endbfchar"
        font.ToUnicode = Stream(pdf, to_unicode)
        page.Resources.Font.Drawn = font
        page.contents_add(Stream(pdf, b"BT 1 0 0 1 60 60 Tm /Drawn 1 Tf (aa) Tj ET"))

    assert {one for one in ids(edited(paper(), drawn))} <= {"text-unmapped"}
