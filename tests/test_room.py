"""How full a page is: measured in millimetres on pages whose boxes are as high as they say."""

from __future__ import annotations

from pathlib import Path

import pytest
import small

from handouts.document import Document
from handouts.latitude import Setting
from handouts.model import Format
from handouts.pdf import Layout, Sheet

FORM = Format(name="card", title="card", scope="each", styles=(), papers={}, pages=(1, 1))
# A line is 5 mm high.
FACES = "@font-face { font-family: Sans; src: url(/fonts/SourceSansPro-Regular.ttf) } html { font: 9pt/5mm Sans }"
PAGE = "@page { size: 100mm; margin: 0 } body, h1, p, ul { margin: 0; padding: 0 } h1 { font-size: 1em }"


def sheet(root: Path, body: str, style: str) -> Sheet:
    """A document of one style sheet on a page of 100 by 100 mm without margins."""
    project = small.project(root, {"styles/card.css": f"{FACES}\n{PAGE}\n{style}"})
    html = f'<!doctype html><html lang="en"><head><title>Card</title></head><body>{body}</body></html>'
    document = Document(html, ("styles/card.css",), "Card", FORM, "0000-0000", "", {}, "content/cards/ct.md", {})
    return Sheet(project, document)


def room(layout: Layout) -> float | None:
    return layout.measure.room


FIXED = """
main { columns: 2; column-fill: auto; column-gap: 10mm; height: 60mm }
main div { height: 20mm; break-inside: avoid }
footer { height: 10mm; margin-top: 5mm }
"""
FREE = """
.front { padding-bottom: 15mm; box-decoration-break: clone; position: relative }
h1 { height: 25mm }
main { columns: 2; column-fill: auto; column-gap: 10mm }
main div { height: 20mm; break-inside: avoid }
footer { position: absolute; top: 85mm; height: 10mm }
"""


@pytest.mark.parametrize(
    ("blocks", "left"),
    [
        # An empty second column; a half-full one; a full one; and a third column, which is one too many.
        (1, 60 + 40),
        (3, 60),
        (4, 40),
        (5, 20),
        (6, 0),
        (7, -20),
        (9, -60),
    ],
)
@pytest.mark.parametrize("style", [FIXED, FREE], ids=["in a place of fixed height", "down to the foot"])
def test_room_in_columns_is_what_the_last_one_has_left(tmp_path: Path, blocks: int, left: float, style: str):
    body = f'<main data-fit="text">{"<div></div>" * blocks}</main><footer data-fit="foot">x</footer>'
    layout = sheet(tmp_path, f'<div class="front"><h1>Card</h1>{body}</div>', style).lay_out()
    assert room(layout) == pytest.approx(left, abs=0.01)
    assert layout.measure.height == pytest.approx(20 * blocks, abs=0.01)


def test_columns_that_reach_into_the_foot_have_no_room(tmp_path: Path):
    style = FIXED.replace("height: 10mm; margin-top: 5mm", "position: absolute; top: 50mm")
    body = f'<main data-fit="text">{"<div></div>" * 6}</main><footer data-fit="foot">x</footer>'
    assert room(sheet(tmp_path, body, style).lay_out()) == pytest.approx(-10, abs=0.01)


def test_columns_that_begin_on_the_second_page_lack_what_is_free_on_the_first(tmp_path: Path):
    style = FREE.replace("height: 25mm", "height: 70mm; line-height: 70mm")
    body = '<main data-fit="text"><div></div><div></div></main><footer data-fit="foot">x</footer>'
    layout = sheet(tmp_path, f'<div class="front"><h1>Card</h1>{body}</div>', style).lay_out()
    assert layout.pages == 2
    assert room(layout) == pytest.approx(2 * 15 - 40, abs=0.01)


@pytest.mark.parametrize(("height", "left"), [(50, 40), (90, 0), (95, -5), (20.5, 69.5)])
def test_room_in_a_plain_flow_is_the_space_above_the_foot(tmp_path: Path, height: float, left: float):
    style = f"main {{ height: {height}mm }} footer {{ position: absolute; bottom: 0; height: 8mm; margin-top: 2mm }}"
    body = '<main data-fit="text"></main><footer data-fit="foot"><p>x</p></footer>'
    layout = sheet(tmp_path, body, style).lay_out()
    # A margin above the foot is the foot's own.
    assert room(layout) == pytest.approx(left + 2, abs=0.01)
    assert layout.pages == 1


@pytest.mark.parametrize("body", ["", '<main data-fit="text"></main>', '<footer data-fit="foot"></footer>'])
def test_room_is_not_measured_where_text_or_foot_is_not_marked(tmp_path: Path, body: str):
    assert room(sheet(tmp_path, body, "").lay_out()) is None


ROW = """
.row { display: table; width: 100%; table-layout: fixed }
.row div { display: table-cell; vertical-align: top; padding-bottom: 3mm }
i { display: block }
footer { position: absolute; top: 80mm }
"""


def test_a_side_column_gets_what_it_leaves_free(tmp_path: Path):
    body = """
    <div class="row" data-fit="text"><div data-fit="main"><i style="height: 50mm"></i></div>
    <div data-fit="aside"><i style="height: 20mm"></i></div></div><footer data-fit="foot">x</footer>
    """
    stretch = sheet(tmp_path, body, ROW).lay_out().measure.stretch
    assert stretch.values == pytest.approx({"stretch": 27, "stretch-main": 27, "stretch-aside": 57}, abs=0.01)
    assert stretch.joints == ""


GAPS = """
main { columns: 2; column-fill: auto; column-gap: 10mm; height: 60mm; --gap: 1; --feather: 0mm }
section { margin-bottom: calc(4mm * var(--gap) + var(--feather)) }
section > p { margin-bottom: calc(2mm * var(--gap) + var(--feather)) }
section:last-child, section > :last-child { margin-bottom: 0 }
li + li { margin-top: calc(1mm + var(--feather)) }
h2 { font-size: 1em; margin: 0; break-after: avoid }
p { break-inside: avoid }
ul { list-style: none }
footer { position: absolute; top: 70mm }
"""


def test_columns_that_are_handed_their_room_end_together(tmp_path: Path):
    """Two columns of 60 mm; the first takes two sections of 25 and 28 mm, the second a section of 25 mm."""
    paragraphs = "<p>One<br>line<br>more</p>"
    body = f"""<main data-fit="text">
    <section><h2>One</h2><p>One<br>line</p><p style="color: navy">One</p></section>
    <section><h2>Two</h2><ul><li>One</li><li>Two</li><li>Three</li></ul></section>
    <section><h2>Three</h2>{paragraphs}{paragraphs}</section>
    </main><footer data-fit="foot">x</footer>"""
    page = sheet(tmp_path, body, GAPS)
    first = page.lay_out(Setting())
    # Heading and paragraphs 5 + 10 + 2 + 5, gap 4, heading and list 5 + 5 + 1 + 5 + 1 + 5, gap 4: 52 mm without it, and
    # the third section's first part of 20 mm does not fit; 5 + 15 + 2 + 15 are in the second column.
    assert room(first) == pytest.approx(60 - 37, abs=0.01)
    assert first.measure.stretch.joints == "1" + "0" + "1" + "2" + "11"
    assert first.measure.stretch.values == pytest.approx({"feather-1": 12 / 4, "feather-2": 23}, abs=0.01)
    filled = page.lay_out(Setting(), first.measure.stretch)
    assert filled.pages == 1
    assert room(filled) == pytest.approx(0, abs=0.01)
    assert all(abs(value) < 0.01 for value in filled.measure.stretch.values.values())
    again = page.lay_out(Setting())
    assert (again.measure, page.html.etree_element.find(".//section").get("style")) == (first.measure, None)
    assert page.html.etree_element.findall(".//section/p")[1].get("style") == "color: navy"


LINES = "Some words that fill a line or two of this narrow column, and then some more of them. "


@pytest.mark.parametrize(("main", "aside", "sections"), [(30, 1, ("work",)), (1, 30, ("path",)), (20, 20, None)])
def test_what_is_too_long_is_told_in_lines_of_the_column_that_is(
    tmp_path: Path, main: int, aside: int, sections: tuple[str, ...] | None
):
    style = f"{ROW} footer {{ top: 20mm }}"
    body = f"""
    <div class="row" data-fit="text">
    <div data-fit="main"><section class="prose s-work"><p>{LINES * main}</p></section></div>
    <div data-fit="aside"><section class="prose s-path"><p>{LINES * aside}</p></section></div></div>
    <footer data-fit="foot">x</footer>"""
    over = sheet(tmp_path, body, style).lay_out().overrun
    assert over.sections == (sections or ("work", "path"))
    # 50 mm are about 35 letters wide; four lines of 5 mm fit.
    words = 17 * max(main, aside)
    assert over.words == pytest.approx(words - 4 * 6, rel=0.15)
    assert over.lines == pytest.approx(over.words / 6, rel=0.25)
