"""What does not fit is found in the layout, each fault once and by its own name; what fits is left alone."""

from __future__ import annotations

import pytest
from laid import PAGE, flaws_of, judged, lay_out, some

from handouts.boxes import flaws, words
from handouts.clearance import Flaw
from handouts.preflight.geometry import misfits, without_echoes

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAA"
    "CklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
MM = 72 / 25.4
DRAWING = '<svg style="{style}" viewBox="0 0 60 20"><rect width="60" height="20" fill="#eee"/>{text}</svg>'

# name: HTML, CSS, kind of the one flaw, what it runs out of (None where words change with the font)
FAULTS = {
    "columns that are too short": (
        f'<div style="columns: 2; column-fill: auto; height: 20mm">{some(160)}</div>', "", "overflow", "page"
    ),
    "an inline block taller than the page": (
        f'<div style="display: inline-block; width: 60mm">{some(400)}</div>', "", "overflow", "page"
    ),
    "a box that hides what is over": (
        f'<div class="card" style="overflow: hidden; height: 10mm">{some(40)}</div>', "", "clipped", "div.card"
    ),
    "a line that ends in an ellipsis": (
        f'<p style="white-space: nowrap; overflow: hidden; text-overflow: ellipsis">{some(40)}</p>', "", "clipped", "p"
    ),
    "a fixed height, with nothing below": (
        f'<div class="low" style="height: 10mm">{some(40)}</div>', "", "overflow", "div.low"
    ),
    "a fixed height, over the next box": (
        f'<div style="height: 10mm">{some(40)}</div><p>and after that other words</p>', "", "overlap", None
    ),
    "a fixed row of a grid": (
        '<div style="display: grid; grid-template-rows: 8mm 8mm">'
        f"<div>{some(30)}</div><div>and after that other words</div></div>",
        "",
        "overlap",
        None,
    ),
    "a long word": (f"<p>{'longest' * 14}</p>", "", "overflow", "page"),
    "a long word in a narrow box": (
        '<div class="thin" style="width: 20mm">incomprehensibilities</div>', "", "overflow", "div.thin"
    ),
    "a wide table": (
        f"<table><tr>{'<td>widewidewidewide</td>' * 8}</tr></table>", "", "overflow", "page"
    ),
    "a table wider than its box": (
        '<div class="box" style="width: 40mm"><table style="width: 60mm"><tr><td>short</td></tr></table></div>',
        "",
        "overflow",
        "div.box",
    ),
    "a wide picture": (DRAWING.format(style="width: 200mm; height: 10mm", text=""), "", "overflow", "page"),
    "a picture wider than its box": (
        f'<div class="box" style="width: 30mm"><img src="{PIXEL}" style="width: 50mm; height: 9mm"></div>',
        "",
        "overflow",
        "div.box",
    ),
    "a long line that may not break": (f'<p style="white-space: nowrap">{some(40)}</p>', "", "overflow", "page"),
    "a cell that may not break, over the next": (
        '<table style="table-layout: fixed; width: 40mm"><tr><td style="white-space: nowrap">many words in a cell</td>'
        "<td>the next</td></tr></table>",
        "",
        "overlap",
        None,
    ),
    "a long running head": (
        "<p>text</p>", f'@page {{ @top-left {{ content: "{some(40)}"; white-space: nowrap }} }}', "overflow", "page"
    ),
    "children wider than their row": (
        '<div class="row" style="display: flex; width: 60mm"><div style="flex: none; width: 45mm">one</div>'
        '<div style="flex: none; width: 45mm">two</div></div>',
        "",
        "overflow",
        "div.row",
    ),
    "children higher than their row": (
        '<div class="row" style="display: flex; height: 10mm"><div style="height: 20mm">one</div></div>',
        "",
        "overflow",
        "div.row",
    ),
    "cells wider than their grid": (
        '<div class="net" style="display: grid; width: 50mm; grid-template-columns: 40mm 40mm">'
        "<div>one</div><div>two</div></div>",
        "",
        "overflow",
        "div.net",
    ),
    "an absolute box over the text": (
        '<p>some words here</p><div style="position: absolute; top: 1mm; left: 1mm">others</div>', "", "overlap", None
    ),
    "two absolute boxes over each other": (
        '<div style="position: absolute; top: 20mm; left: 0">first box</div>'
        '<div style="position: absolute; top: 21mm; left: 1mm">second box</div>',
        "",
        "overlap",
        '"first box"',
    ),
    "an absolute box over its own height": (
        f'<div class="note" style="position: absolute; width: 40mm; height: 10mm">{some(30)}</div>',
        "",
        "overflow",
        "div.note",
    ),
    "an absolute box across the right edge": (
        '<div style="position: absolute; left: 80mm; white-space: nowrap">words that go on</div>',
        "",
        "overflow",
        "page",
    ),
    "an absolute box above the page": (
        '<div style="position: absolute; top: -12mm">words</div>', "", "overflow", "page"
    ),
    "a filled box over the text": (
        '<p>some words here</p><div class="lid" style="position: absolute; top: 0; left: 0; width: 30mm; height: 9mm; '
        'background: #eee"></div>',
        "",
        "overlap",
        "div.lid",
    ),
    "a picture over the text": (
        f'<p>some words here</p><img src="{PIXEL}" style="position: absolute; top: 0; left: 0; width: 30mm; '
        'height: 9mm">',
        "",
        "overlap",
        "img",
    ),
    "a negative margin that pulls words onto words": (
        '<p>some words here</p><p style="margin-top: -6mm">others of them</p>', "", "overlap", '"some words here"'
    ),
    "lines that are too close": (f'<p style="line-height: 0.4">{some(40)}</p>', "", "overlap", None),
    "a box that is moved off the page": (
        '<div style="transform: translate(75mm); width: 30mm">words that go on</div>', "", "overflow", "page"
    ),
    "a box that is turned off the page": (
        '<div style="transform: rotate(-90deg); width: 60mm; transform-origin: left top">many words on this line</div>',
        "",
        "overflow",
        "page",
    ),
    "a footnote that is too wide": (
        f'<p>text<span style="float: footnote; white-space: nowrap">{some(40)}</span></p>', "", "overflow", "page"
    ),
}

FITS = {
    "paragraphs": f"<h1>Title of a page</h1><p>{some(30)}</p><p>{some(30)}</p>",
    "two pages": f"<p>{some(600)}</p>",
    "lists": "<ul><li>one</li><li>two<ul><li>three</li></ul></li></ul><ol start=98><li>a</li><li>b</li><li>c</li></ol>",
    "flex": '<div style="display: flex; gap: 2mm">'
    '<div style="flex: 1">one two</div><div style="flex: 1">two</div></div>',
    "a flex column": '<div style="display: flex; flex-direction: column; height: 30mm"><p>one</p><p>two</p></div>',
    "grid": '<div style="display: grid; grid-template-columns: 1fr 2fr"><p>one</p><p>two</p><p>three</p></div>',
    "table": '<table style="border-collapse: collapse"><tr>'
    f'<td style="border: 2pt solid">{some(9)}</td><td>b</td></table>',
    "a table over pages": f"<table><thead><tr><th>head</th></tr></thead>{'<tr><td>row</td></tr>' * 60}</table>",
    "float": f'<div style="float: left; width: 30mm; background: #eee">{some(6)}</div><p>{some(40)}</p>',
    "a float longer than its block": f'<div><div style="float: left; width: 30mm">{some(20)}</div></div>'
    f'<p>{some(90)}</p>',
    "columns": f'<div style="columns: 2">{some(60)}</div>',
    "columns filled one by one": f'<div style="columns: 2; column-fill: auto; height: 50mm">{some(60)}</div>',
    "absolute": '<div style="position: relative; height: 20mm">'
    '<div style="position: absolute; bottom: 0">low</div></div>',
    "footnotes": f'<p>text<span style="float: footnote">{some(20)}</span> more</p>',
    "cite marks": '<p>text<sup style="line-height: 0; position: relative; top: -0.5em; font-size: 0.64em">12</sup>'
    f' {some(40)}</p>',
    "a tight heading": f'<h1 style="font-size: 30pt; line-height: 0.95; margin: 0">Ways to go</h1><p>{some(9)}</p>',
    "a band to the edges": '<div style="margin: -8mm -8mm 4mm; padding: 8mm; background: #345; color: #fff">Title</div>'
    f'{some(9)}',
    "a filled box across the edge": '<div style="position: absolute; left: -20mm; width: 22mm; height: 9mm; '
    'background: red"></div>',
    "a cropped picture": '<div style="overflow: hidden; width: 30mm; height: 9mm">'
    f'<img src="{PIXEL}" style="width: 50mm"></div>',
    "words over a picture": f'<div style="position: relative"><img src="{PIXEL}" style="width: 60mm; height: 20mm">'
    '<p style="position: absolute; left: 2mm; bottom: 2mm">a caption</p></div>',
    "a background behind words": '<p>words</p><div style="position: absolute; z-index: -1; top: 0; left: 0; '
    'width: 30mm; height: 9mm; background: #eee"></div>',
    "a hanging indent": f'<p style="padding-left: 1.1em; text-indent: -1.1em">{some(40)}</p>',
    "a line that hangs out": f'<p style="text-indent: -1.1em">{some(40)}</p>',
    "a turned label": '<div style="transform: rotate(-90deg); width: 20mm; margin: 10mm 0">label</div>',
    "a bar in the color of the words": '<p><span style="display: inline-block; width: 9mm; height: 3mm; '
    'background: currentcolor"></span> 9</p>',
    "slanted words": f'<div style="transform: rotate(5deg); width: 40mm">{some(12)}</div>',
    "words that are only read out": '<p>words</p>'
    '<p style="position: absolute; top: 0; color: transparent">heading</p>',
    "a hyphen at a line's end": '<p lang="en" style="hyphens: auto; width: 25mm">'
    f'{"understanding responsibility " * 4}</p>',
    "letters set apart": '<p style="display: inline-block; letter-spacing: 0.3em; text-transform: uppercase">'
    'series</p>',
    "a number on a disc": '<div style="position: relative; padding-left: 8mm">'
    '<span style="position: absolute; left: 0; width: 5mm; height: 5mm; border-radius: 50%; background: #123; '
    'color: #fff; line-height: 5mm; text-align: center">1</span>step</div>',
    "a drawing with words": DRAWING.format(
        style="width: 60mm; height: 20mm", text='<text x="30" y="10" font-size="4" text-anchor="middle">label</text>'
    ),
    "a full page without margins": '<div style="margin: -8mm; height: 148mm; background: #eee">'
    f'<p style="padding: 9mm">{some(9)}</p></div>',
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_once_by_one_id_and_nothing_else(name: str):
    """In the layout; and what is seen of it on paper is no second finding."""
    html, css, kind, out_of = FAULTS[name]
    found, told = judged(html, css)
    assert [(flaw.kind, flaw.out_of) for flaw in found] == [(kind, out_of or found[0].out_of)]
    assert found[0].by > 0
    assert [finding.id for finding in told] == [f"fit-{kind}"]


@pytest.mark.parametrize("name", FITS)
def test_what_fits_is_left_alone(name: str):
    assert [str(finding) for finding in judged(FITS[name])[1]] == []


def test_a_flaw_says_what_where_and_how_far():
    (flaw,) = flaws_of('<p class="job" style="width: 30mm; white-space: nowrap">one two three four five six seven</p>')
    assert (flaw.kind, flaw.page, flaw.words, flaw.count) == ("overflow", 1, "one two three four five six seven", 7)
    assert (flaw.what, flaw.out_of) == ("p.job", "p.job")
    left, top, right, bottom = flaw.box
    assert left == pytest.approx(8 * MM, abs=0.1)
    assert right - left - flaw.by == pytest.approx(30 * MM, 0.01)
    assert 22 < top < bottom < 40


def test_a_flaw_names_its_page():
    (flaw,) = flaws_of(f'<p>first</p><p style="break-before: page">{"endless" * 20}</p>')
    assert flaw.page == 2


def test_pages_without_words_have_neither_flaws_nor_words():
    pages = lay_out("").pages
    assert flaws(pages) == () and words(pages) == ()


def test_what_bleeds_may_reach_the_bleed_and_no_further():
    bleed = "@page { bleed: 3mm }"
    picture = f'<img src="{PIXEL}" style="position: absolute; left: -{{over}}mm; top: 0; width: 30mm; height: 9mm">'
    assert flaws_of(picture.format(over=11), bleed) == ()
    assert [flaw.out_of for flaw in flaws_of(picture.format(over=14), bleed)] == ["page"]


@pytest.mark.parametrize(
    ("flaw", "message", "hint"),
    [
        (
            Flaw("overflow", 1, (0, 0, 9, 9), "echo technologist", 2, "p.job", "p.job", 39.7),
            '"echo technologist" runs 14 mm over the edge of its box, p.job',
            "shorten it, or give p.job more room in styles/",
        ),
        (
            Flaw("overflow", 1, (0, 0, 9, 9), "", 0, "img", "page", 5.7),
            "the box img runs 2.0 mm over the edge of the page",
            "make it smaller, or give img more room in styles/",
        ),
        (
            Flaw("overflow", 2, (0, 0, 9, 9), "one two three four five six seven eight", 30, "p", "margins", 28.4),
            '"one two three four five six seven eight …" runs 10 mm over the margin of the page',
            "shorten it, or give p more room in styles/",
        ),
        (
            Flaw("clipped", 1, (0, 0, 9, 9), "x" * 99, 1, "p", "div.card", 2.9),
            f'"{"x" * 60} …" is cut off, 1.0 mm before its end, at the edge of div.card',
            "shorten it, or give div.card more room in styles/",
        ),
        (
            Flaw("overlap", 1, (0, 0, 9, 9), "second", 1, "p", '"first"', 2.9),
            '"second" stands on the words "first"',
            "shorten one of them, or move them apart in styles/",
        ),
        (
            Flaw("overlap", 1, (0, 0, 9, 9), "second", 1, "p", "img", 2.9),
            '"second" is under img',
            "shorten one of them, or move them apart in styles/",
        ),
    ],
)
def test_flaws_are_told_in_plain_words(flaw: Flaw, message: str, hint: str):
    (finding,) = misfits("a.md", [flaw])
    assert (finding.file, finding.message, finding.hint, finding.severity) == ("a.md", message, hint, "error")
    assert (finding.id, finding.page, finding.box) == (f"fit-{flaw.kind}", flaw.page, (0, 0, 9, 9))


def test_an_echo_is_told_once_and_other_findings_stay():
    flaw = Flaw("overflow", 1, (0, 0, 9, 9), "words", 1, "p", "p", 9)
    (told,) = misfits("a.md", [flaw])
    (elsewhere,) = misfits("a.md", [Flaw("overlap", 1, (20, 20, 29, 29), "others", 1, "p", "img", 9)])
    assert list(without_echoes([told, elsewhere], [flaw])) == [elsewhere]
    assert list(without_echoes([told], [])) == [told]


def test_the_page_of_these_tests_is_what_they_say():
    """Faults here rest on a page of A6 with margins of 8 mm."""
    (page,) = lay_out("<p>x</p>").pages
    assert "8mm" in PAGE and (round(page.width * 25.4 / 96), round(page.height * 25.4 / 96)) == (105, 148)
