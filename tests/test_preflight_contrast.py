"""Words that can hardly be told from what is behind them, and words that can."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Stream
from seen import WORDS, edited, only, paper, picture, seen

from handouts.color import grey, nearest, ratio
from handouts.preflight.contrast import contrast
from handouts.preflight.evidence import Printed

colors = st.tuples(*[st.integers(0, 255)] * 3)


def words(style: str, text: str = "Words to be read") -> str:
    return f'<p style="{style}">{text}</p>'


def test_ratios_are_those_of_the_standard():
    assert ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert ratio((118, 118, 118), (255, 255, 255)) == pytest.approx(4.54, abs=0.005)
    assert ratio((255, 0, 0), (255, 255, 255)) == pytest.approx(3.998, abs=0.005)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(colors, colors, st.sampled_from((3.0, 4.5)))
def test_the_color_that_is_advised_has_the_contrast(ink, ground, needed):
    better = nearest(ink, ground, needed)
    # Where neither black nor white has it in color and in grey, the better of the two is told.
    best = max(min(ratio(end, ground), ratio(grey(end), grey(ground))) for end in ((0, 0, 0), (255, 255, 255)))
    assert ratio(better, ground) >= min(needed, best) - 0.001


@pytest.mark.parametrize(
    ("style", "measured", "needed"),
    [
        ("color: #999", "2.8:1", "4.5:1"),
        ("color: #777", "4.4:1", "4.5:1"),
        ("color: #999; font-size: 18pt", "2.8:1", "3:1"),
        ("color: #949494; font-size: 14pt", "3.0:1", "4.5:1"),
        ("color: #fff; background: #777", "4.4:1", "4.5:1"),
        ("color: rgba(0, 0, 0, 0.4)", "2.8:1", "4.5:1"),
        ("color: #fff; background: #fff", "1.0:1", "4.5:1"),
    ],
)
def test_words_too_faint(style: str, measured: str, needed: str):
    finding = only(paper(WORDS + words(style)))
    assert (finding.id, finding.severity) == ("contrast", "error")
    assert finding.message.startswith('"Words to be read" is #')
    assert finding.message.endswith(f"contrast {measured}, needs {needed}")
    assert finding.box[1] > 50


def test_a_group_that_is_transparent_as_a_whole():
    finding = only(paper(WORDS + words("opacity: 0.4", "Words printed faint")))
    assert finding.message == '"Words printed faint" is #999999 on #ffffff: contrast 2.8:1, needs 4.5:1'


@pytest.mark.parametrize(
    "style",
    [
        "color: #767676",
        "color: #949494; font-size: 18pt",
        "color: #949494; font-size: 14pt; font-weight: 700",
        "color: #fff; background: #036",
        "opacity: 0.8",
        "text-decoration: underline",
        "text-decoration: line-through",
        "background: linear-gradient(#fff, #aaa)",
    ],
)
def test_words_that_can_be_read(style: str):
    assert seen(paper(WORDS + words(style, "Gypsy words, to be read"))) == []


def test_a_gradient_is_as_dark_as_behind_the_letters():
    gradient = "background: linear-gradient(to right, #fff, #000); width: 200pt"
    finding = only(paper(WORDS + words(gradient, "Black words on a gradient")))
    assert finding.id == "contrast"
    assert '"gradient"' in finding.message or '"a gradient"' in finding.message


def test_words_on_a_picture():
    dark = f"background: url({picture(900, 300, '#223344')}); background-size: 216pt 72pt; width: 216pt; height: 72pt"
    assert only(paper(WORDS + words(dark))).id == "contrast"


def test_words_across_the_edge_of_a_field():
    place = "position: absolute; left: 30pt; top: 14pt; width: 90pt; height: 30pt; z-index: -1"
    field = f'<div style="{place}; background: #123"></div>'
    finding = only(paper(f"{WORDS}{field}<p>Words that begin outside</p>"))
    assert finding.id == "contrast"
    assert "#112233" in finding.message


def test_one_finding_a_page_and_pair_of_colors():
    pale = words("color: #999", "One") + words("color: #999", "Two") + words("color: #aa0", "Three")
    found = seen(paper(pale))
    assert [(one.id, one.message.partition(" is ")[0]) for one in found] == [
        ("contrast", '"Three"'),
        ("contrast", '"One Two"'),
    ]


def test_a_copy_in_grey():
    finding = only(paper(WORDS + words("color: #f00; background: #000")))
    assert (finding.id, finding.severity) == ("contrast-grey", "warning")
    assert 'copied in grey, "Words to be read" has contrast 2.4:1, needs 4.5:1' in finding.message
    assert "lighter" in finding.hint


def test_a_shadow_need_not_be_read():
    twice = '<p style="position: absolute; top: {0}pt; left: {0}pt; color: {1}">Words</p>'
    assert seen(paper(WORDS + twice.format(30.8, "#ddd") + twice.format(30, "#000"))) == []


def test_ink_of_a_press_is_seen():
    def pale(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        [font] = page.Resources.Font
        codes = page.Contents.read_bytes().partition(b"<")[2].partition(b">")[0]
        page.contents_add(
            Stream(pdf, b"BT 1 0 0 1 60 60 Tm 0 0 0 0.3 k %s 12 Tf <%s> Tj ET" % (font.encode(), codes * 4))
        )

    found = list(contrast(Printed("a.pdf", edited(paper(), pale))))
    assert [one.id for one in found] == ["contrast"]


def test_a_layer_that_is_switched_off_hides_nothing():
    def layered(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Other language"))
        pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))
        page = pdf.pages[0]
        page.Resources.Properties = Dictionary(L=layer)
        page.Contents = Stream(pdf, b"/OC /L BDC\n" + page.Contents.read_bytes() + b"\nEMC")

    assert seen(edited(paper(), layered)) == []
