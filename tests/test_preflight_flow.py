"""Widows, orphans, stranded headings, hollow pages: found where they are, and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sheets import SENTENCE, ids, judged, read, sheet

from handouts.preflight.flow import hollow, hollow_pages


def lines(count: int) -> str:
    """A paragraph of so many lines, by breaks that none of them is too long for."""
    return "<p>" + " and so on to the end of a full line of text<br>".join(f"line {n}" for n in range(1, count)) + (
        " and so on to the end of a full line of text<br>at last</p>"
    )


def block(points: int) -> str:
    """A block of text lines that takes so much of the height."""
    return f'<p style="margin: 0; height: {points}pt">{SENTENCE}</p>'


def after(points: int, body: str, style: str = "") -> bytes:
    return sheet(f"<h1 style='margin: 0; height: 14pt; font-size: 10pt'>Bees</h1>{block(points)}{body}", style)


def test_a_paragraph_that_stays_together_is_let_be() -> None:
    assert ids(after(100, lines(5))) == []


def break_at(line: int, count: int = 6) -> bytes:
    """A paragraph of `count` lines of which `line` are left on its first page."""
    height = (160 - 2 * 16) * 72 / 25.4
    return after(int(height) - 14 - 14 * line - 2, lines(count))


@pytest.mark.parametrize(
    ("left", "wanted"), [(1, ["orphan"]), (2, []), (3, []), (4, []), (5, ["widow"])], ids=lambda value: str(value)
)
def test_a_paragraph_over_two_pages(left: int, wanted: list[str]) -> None:
    data = break_at(left)
    assert len(read(data).pages) == 2
    found = judged(data)
    assert [one.id for one in found] == wanted
    if wanted == ["orphan"]:
        assert found[0].page == 1
        assert "begins with a single line at the foot of a page" in found[0].message
    if wanted == ["widow"]:
        assert found[0].page == 2
        assert "ends with a single line at the head of a page" in found[0].message


def test_a_line_of_an_address_at_the_foot_of_a_page_is_whole() -> None:
    address = "<p>The Beekeepers of Tinkerton · Office of Swarms</p>"
    assert ids(after(324, f'{address}<p style="break-before: page">{SENTENCE}</p>')) == []


def columns(left: int, count: int = 6, item: str = "p") -> bytes:
    """A paragraph of `count` lines in two columns, of which `left` stand in the first."""
    words = "<br>".join(f"words of line {n}" for n in range(count))
    body = f"<p>{words}</p>" if item == "p" else f'<ul style="margin: 0; orphans: 1; widows: 1"><li>{words}</li></ul>'
    style = f"columns: 2; column-fill: auto; height: {70 + 14 * left}pt"
    return sheet(f'<h1>Bees</h1><div style="{style}"><p style="margin: 0; height: 68pt">{SENTENCE}</p>{body}</div>')


@pytest.mark.parametrize("item", ["p", "li"])
@pytest.mark.parametrize(("left", "wanted"), [(1, ["orphan"]), (2, []), (4, []), (5, ["widow"])])
def test_a_paragraph_over_two_columns(left: int, wanted: list[str], item: str) -> None:
    data = columns(left, item=item)
    assert len(read(data).pages) == 1
    found = judged(data)
    assert [one.id for one in found] == wanted
    assert all("a column" in one.message and one.page == 1 and one.box for one in found)


def test_two_lines_parted_are_one_finding() -> None:
    assert ids(columns(1, count=2)) == ["orphan"]


@pytest.mark.parametrize(
    "body",
    [
        f'<p><span style="float: left; font-size: 40pt; line-height: 40pt">A</span>{SENTENCE * 3}</p>',
        f'<table><tr><th scope="row">{SENTENCE}</th><td>One</td></tr></table>',
        f'<div style="display: grid; grid-template-columns: 1fr 1fr"><p>{SENTENCE}</p><p>{SENTENCE}</p></div>',
        '<p>In a line <span style="display: inline-block; width: 20mm">with a block of three lines</span> in it</p>',
    ],
    ids=["an initial", "cells", "a grid", "a block in a line"],
)
def test_what_stands_side_by_side_is_no_break(body: str) -> None:
    assert ids(sheet(f"<h1>Bees</h1><p>{SENTENCE * 3}</p>{body}")) == []


def heading(points: int, body: str = "", style: str = "") -> bytes:
    text = f'<h2 style="margin: 0">The year</h2><p>{SENTENCE * 3}</p>'
    return after(points, lines(6) + (body or text), style)


def test_a_heading_at_the_foot_of_a_page() -> None:
    data = heading(235)
    assert len(read(data).pages) == 2
    (finding,) = judged(data)
    assert (finding.id, finding.severity, finding.page) == ("heading-stranded", "warning", 1)
    assert finding.message == "the heading “The year” stands alone at the foot of a page"
    assert ids(heading(100)) == []
    assert ids(heading(235, style="h2 { break-after: avoid }")) == []


def test_a_heading_at_the_foot_of_a_column() -> None:
    words = "<br>".join(f"Words of line {n}" for n in range(5)) + "<br>the end."
    body = f'<p style="margin: 0">{words}</p><h2 style="margin: 0; line-height: 14pt">The year</h2><p>{words}</p>'

    def two(height: int, style: str = "") -> bytes:
        html = f'<h1>Bees</h1><div style="columns: 2; column-fill: auto; height: {height}pt">{body}</div>'
        return sheet(html, style)

    (finding,) = judged(two(100))
    assert (finding.id, finding.page) == ("heading-stranded", 1)
    assert finding.message.endswith("at the foot of a column")
    assert ids(two(100, "h2 { break-after: avoid } p { widows: 2 }")) == []
    assert ids(two(130)) == []


def test_a_title_with_a_page_of_its_own_is_not_stranded() -> None:
    assert ids(sheet(f'<p>Keepers</p><h1>Bees</h1><p style="break-before: page">{SENTENCE}</p>')) == []


FULL = f'<p style="height: 300pt">{SENTENCE}</p><p>{SENTENCE}</p>'


def booklet(inner: str) -> bytes:
    pages = "".join(f'<div style="break-before: page">{page}</div>' for page in (FULL, inner, FULL, "<p>End</p>"))
    return sheet(f"<h1>Bees</h1>{pages}")


def test_a_page_of_five_lines_is_hollow() -> None:
    (finding,) = hollow_pages(read(booklet(lines(5))))
    assert (finding.id, finding.severity, finding.page) == ("page-hollow", "warning", 3)
    assert finding.message == "the page is only 20% full"


@pytest.mark.parametrize(
    "inner",
    [
        FULL,
        lines(14),
        '<h2>Notes</h2><div style="border-bottom: 1pt solid #888; height: 280pt"></div>',
        '<h2>Gate</h2><div style="background: #246; height: 300pt"></div>',
        f'<div style="height: 290pt"></div><p>{SENTENCE}</p>',
    ],
    ids=["full", "half", "lines to write on", "a drawing", "words at the foot"],
)
def test_a_page_that_is_used_is_let_be(inner: str) -> None:
    assert list(hollow_pages(read(booklet(inner)))) == []


def test_only_booklets_are_asked_for_full_pages() -> None:
    printed = read(booklet(lines(5)))
    for multiple, count in ((4, 1), (1, 0)):
        product = SimpleNamespace(printed=printed, document=SimpleNamespace(format=SimpleNamespace(multiple=multiple)))
        assert len(list(hollow(product))) == count
