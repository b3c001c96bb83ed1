"""Words off the edge, cut, or over each other, each as it is told; and what only looks like it."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from seen import WORDS, edited, ids, only, paper, picture, seen

from handouts.preflight.evidence import Printed
from handouts.preflight.placement import fit_overflow, fit_overlap


def at(left: float, top: float, words: str = "Some words", style: str = "") -> str:
    place = f"position: absolute; left: {left - 40}pt; top: {top - 40}pt; white-space: nowrap; {style}"
    return f'<p style="{place}">{words}</p>'


def test_a_plain_page_has_no_fault():
    assert seen(paper()) == []


@pytest.mark.parametrize(("left", "severity", "inches"), [(14, "warning", "0.20"), (6, "error", "0.09")])
def test_words_near_the_edge(left: float, severity: str, inches: str):
    finding = only(paper(WORDS + at(left, 60)))
    assert (finding.id, finding.severity, finding.page) == ("safe-margin", severity, 1)
    assert finding.message.startswith(f'"Some" stands {inches} in from the edge of the page')
    assert finding.box[0] == pytest.approx(left, abs=1)


def test_words_at_a_quarter_of_an_inch_are_safe():
    assert seen(paper(WORDS + at(18, 60))) == []


def test_words_over_the_edge():
    finding = only(paper(WORDS + at(200, 100, "A line that is much too long for this page")))
    assert finding.id == "fit-overflow"
    assert "over the edge of the page and will be cut" in finding.message
    assert finding.box[2] == 300


def test_words_beyond_the_edge_on_a_line_that_begins_on_the_page():
    # The edge falls between two words, so that none of them is cut.
    begin = '<span style="display: inline-block; width: 70pt">Onthepage</span>'
    finding = only(paper(WORDS + at(230, 100, f"{begin} over")))
    assert finding.id == "fit-overflow"


def test_a_slug_beside_the_page_is_left_alone():
    def trimmed(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].TrimBox = Array([30, 30, 270, 170])

    data = edited(paper(WORDS + at(60, 15, "Slug: proof 3")), trimmed)
    assert [one.id for one in fit_overflow(Printed("a.pdf", data))] == []
    # The words on the page are now measured from the trim.
    assert {one.id for one in seen(data)} == {"safe-margin"}


@pytest.mark.parametrize(
    "body",
    [
        '<p style="overflow: hidden; height: 8pt">Words cut through the middle</p>',
        '<p style="overflow: hidden; width: 60pt; white-space: nowrap">Words beyond the end of a box</p>',
        '<div style="opacity: 0.99"><p style="overflow: hidden; height: 8pt">Words in a group</p></div>',
        '<svg viewBox="0 0 60 20" width="60pt" height="20pt"><text y="14" font-family="Source Sans Pro" '
        'font-size="12">Text beyond the drawing</text></svg>',
    ],
)
def test_words_that_are_cut(body: str):
    finding = only(paper(WORDS + body))
    assert finding.id == "fit-clipped"
    assert "cannot be seen in full" in finding.message


def test_words_that_are_cut_away_as_a_whole():
    body = '<div style="overflow: hidden; height: 15pt"><p>First line<p>Second line<p>Third line</div>'
    finding = only(paper(WORDS + body))
    assert finding.id == "fit-clipped"
    assert '"Second line Third line" cannot be seen:' in finding.message


def test_words_that_fit_their_box_are_not_cut():
    assert seen(paper(WORDS + '<p style="overflow: hidden; height: 16pt">Typography, gypsy</p>')) == []


def test_words_over_words():
    finding = only(paper(at(60, 60, "First words here") + at(64, 63, "Other words there")))
    assert finding.id == "fit-overlap"
    assert "are printed over each other" in finding.message
    assert finding.box[0] == pytest.approx(60, abs=2)


@pytest.mark.parametrize(
    "body",
    [
        at(60, 60) + at(60.4, 60),  # a bold made by printing twice
        '<p style="line-height: 0.95">Typography, gypsy<br>High ladders, thick hides</p>',
        "<p>10<sup>23</sup> and H<sub>2</sub>O</p>",
        at(60, 60, "Name") + at(60, 60, "__________"),
    ],
)
def test_words_that_only_touch_or_belong_together(body: str):
    assert [one.id for one in fit_overlap(Printed("a.pdf", paper(body)))] == []


def test_a_watermark_is_behind_the_words():
    faint = at(50, 50, "DRAFT", "font-size: 60pt; color: #dddddd; z-index: -1")
    assert list(fit_overlap(Printed("a.pdf", paper(faint + "<p>Many words<br>on lines<br>over it</p>")))) == []


def test_a_shape_over_words():
    shape = '<div style="position: absolute; left: 0; top: 0; width: 120pt; height: 60pt; background: #eef">'
    finding = only(paper(f"<p>Words that nobody sees</p>{shape}"))
    assert finding.id == "fit-overlap"
    assert "a shape is printed over it" in finding.message


def test_a_scan_over_its_words_is_no_fault():
    image = f'<img style="position: absolute; left: 0; top: 0; width: 150pt; height: 60pt" src="{picture(700, 280)}">'
    assert seen(paper(f"<p>Words that were read</p>{image}")) == []


def test_a_turned_page_is_measured_as_it_is_held():
    def turned(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].Rotate = 90

    assert seen(edited(paper(), turned)) == []
    assert ids(edited(paper(WORDS + at(14, 60)), turned)) == ["safe-margin"]


def _nested(pdf: pikepdf.Pdf) -> None:
    """Forms in forms, one of them in itself."""
    page = pdf.pages[0]
    inner = page.obj
    for _ in range(20):
        form = Stream(pdf, b"q /F0 Do Q", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 300, 200])
        form.Resources = Dictionary(XObject=Dictionary(F0=inner)) if inner is not page.obj else Dictionary()
        inner = pdf.make_indirect(form)
    loop = pdf.make_indirect(Stream(pdf, b"/Me Do", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9]))
    loop.Resources = Dictionary(XObject=Dictionary(Me=loop))
    page.Resources.XObject = Dictionary(A=inner, B=loop)
    page.contents_add(Stream(pdf, b"/A Do /B Do /Missing Do"))


def _blank(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents = Stream(pdf, b"")
    del pdf.pages[0].obj.Resources


def _broken(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Contents = Stream(pdf, b"BT /None 12 Tf (a) Tj [(b) TJ ET Q Q Q <<>> cm 1 0 Do")


def _huge(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = Array([-7000, -7000, 7400, 7400])


def _boxless(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, 0, 0])


def _pictureless(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    image = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Image, Width=0, Height=0, BitsPerComponent=8)
    image.ColorSpace = Name.DeviceRGB
    page.Resources.XObject = Dictionary(I=pdf.make_indirect(image))
    page.contents_add(Stream(pdf, b"q 0 0 0 0 50 50 cm /I Do Q q 90 0 0 90 50 50 cm /I Do Q"))


@pytest.mark.parametrize("edit", [_nested, _blank, _broken, _huge, _boxless, _pictureless])
def test_odd_files_are_judged_without_a_trace(edit):
    for finding in seen(edited(paper(), edit)):
        assert finding.id


def test_a_file_locked_against_changes_only_is_judged():
    data = edited(paper(WORDS + at(14, 60)), lambda pdf: None, encryption=pikepdf.Encryption(owner="key", user=""))
    assert ids(data) == ["safe-margin"]
