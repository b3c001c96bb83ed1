"""Plain drawings: painted by shapes they look as the layout engine draws them; anything else is left to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from handouts.finishing.forms import as_form
from handouts.pdf import draw
from handouts.project import Project
from handouts.stamping.shapes import plain_drawing

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" '
PLAIN = {
    "shapes": HEAD
    + """viewBox="0 0 300 100"><title>All shapes</title><rect width="90" height="80" x="5" y="10"/>
    <circle cx="150" cy="50" r="40" fill="#c41e63"/><ellipse cx="240" cy="50" rx="50" ry="20" fill="#17b"/>
    <polygon points="10,20 60,20 35,70" fill="white"/><polyline points="200 5 290 5 245 30" fill="#0a0"/></svg>""",
    "every-command-of-a-path": HEAD
    + """viewBox="0 0 200 100" fill="#1746b8"><path d="M10 10h50v30H10z m80 0 l30 10 L110 60 V90 Z
    M130 20 C150 0 170 40 190 20 S190 80 150 60 Q130 90 120 70 T125 40 z"/>
    <path d="M20 70a20 12 30 1 0 30-10A9 9 0 0 1 20 70Z"/></svg>""",
    "holes": HEAD
    + """viewBox="0 0 100 100"><path fill-rule="evenodd" d="M0 0H100V100H0ZM20 20H80V80H20ZM40 40H60V60H40Z"/></svg>""",
    "lines": HEAD
    + """viewBox="0 0 200 100" fill="none" stroke="#c41e63" stroke-width="8"><path d="M10 90L50 10L90 90"/>
    <path d="M110 90L125 10L140 90" stroke-linejoin="round" stroke-linecap="round"/>
    <path d="M160 20H180V60" stroke-linecap="square" stroke-linejoin="bevel" stroke="#000" fill="#ee0"/></svg>""",
    "moved": HEAD
    + """viewBox="-20 -10 120 60"><g transform="translate(10,5) scale(.5)" fill="#063" stroke="#fc0" stroke-width="4">
    <rect width="40" height="40"/><g transform="matrix(1 .3 -.3 1 80 0)"><rect width="40" height="40" fill="none"/>
    <circle r="9" cx="20" cy="20" transform="scale(2 1)"/></g></g></svg>""",
    "other-units": HEAD
    + """width="400px" height="200" viewBox="0 0 20 10"><rect width="10" height="10" fill="#555"/></svg>""",
    "cut-at-the-edge": HEAD + """viewBox="0 0 100 100"><circle cx="90" cy="90" r="50" fill="#936"/></svg>""",
}
LEFT = {
    "gradient": '<linearGradient id="a"/><rect width="9" height="9" fill="url(#a)"/>',
    "style": '<rect width="9" height="9" style="fill:red"/>',
    "a name of a color": '<rect width="9" height="9" fill="teal"/>',
    "class": '<style>.a{fill:red}</style><rect width="9" height="9"/>',
    "opacity": '<rect width="9" height="9" opacity=".5"/>',
    "clip": '<g clip-path="url(#a)"><rect width="9" height="9"/></g>',
    "text": "<text>a</text>",
    "use": '<use href="#a"/>',
    "round corners": '<rect width="9" height="9" rx="2"/>',
    "dashes": '<path d="M0 0H9" stroke="#000" stroke-dasharray="2"/>',
    "percent": '<rect width="50%" height="9"/>',
    "no size": '<rect width="9"/>',
    "turned": '<rect width="9" height="9" transform="rotate(45)"/>',
    "a matrix of five": '<rect width="9" height="9" transform="matrix(1 0 0 1 0)"/>',
    "a path that ends early": '<path d="M0 0L5"/>',
    "a path without a start": '<path d="L5 5"/>',
    "no path": '<path d="square"/>',
    "a join of another kind": '<path d="M0 0H9V9" stroke="#000" stroke-linejoin="arcs"/>',
    "groups without end": "<g>" * 5000 + '<rect width="9" height="9"/>' + "</g>" * 5000,
    "a tag of another language": '<rect xmlns="http://example.org/" width="9" height="9"/>',
}


@pytest.mark.parametrize("name", PLAIN)
def test_it_looks_as_the_engine_draws_it(name: str, tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles/logo.svg").write_text(PLAIN[name], "utf-8")
    pdf, width, height = draw(Project(tmp_path), "styles/logo.svg")
    ours = plain_drawing(PLAIN[name].encode())
    assert ours is not None
    assert ours.ratio == pytest.approx(width / height)
    forms = ([(ours.head, ours.painted)], as_form(pdf, width, height))
    here, there = (painted(list(form), ours.ratio) for form in forms)
    assert ImageStat.Stat(here).mean[0] < 250, "something is drawn"
    difference = ImageChops.difference(here, there).convert("L")
    assert ImageStat.Stat(difference).mean[0] < 0.1
    assert sum(difference.histogram()[64:]) < 0.0005 * here.width * here.height


def painted(objects: Sequence[tuple[str, bytes]], ratio: float) -> Image.Image:
    """A form on a page of its own, three inches high."""
    first = 5
    named = {f"@{number} 0 R": f"{first + number} 0 R" for number in range(len(objects))}
    streams = [("", b"q %f 0 0 216 0 0 cm /Logo Do Q" % (216 * ratio)), *objects]
    page = f"/MediaBox [ 0 0 {216 * ratio:f} 216 ] /Contents 4 0 R /Resources << /XObject << /Logo {first} 0 R >> >>"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
        f"<< /Type /Page /Parent 2 0 R {page} >>",
    ]
    written = [b"%PDF-1.7\n", *(b"%d 0 obj\n%s\nendobj\n" % (at, part.encode()) for at, part in enumerate(parts, 1))]
    for at, (source, data) in enumerate(streams, 4):
        for name, other in named.items():
            source = source.replace(name, other)
        head = f"<< {source} /Length {len(data)} >>".encode()
        written.append(b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (at, head, data))
    # Without a cross-reference: who shows it looks for the objects.
    document = pypdfium2.PdfDocument(b"".join([*written, b"trailer\n<< /Root 1 0 R /Size 9 >>\n%%EOF\n"]))
    shown = document[0]
    try:
        return shown.render(scale=100 / 72).to_pil().convert("RGB")
    finally:
        shown.close()
        document.close()


@pytest.mark.parametrize("name", LEFT)
def test_what_is_more_than_shapes_is_left_to_the_engine(name: str) -> None:
    whole = f'{HEAD} viewBox="0 0 10 10"><rect width="5" height="5"/>%s</svg>'
    assert plain_drawing((whole % "").encode()) is not None
    assert plain_drawing((whole % LEFT[name]).encode()) is None


@pytest.mark.parametrize(
    "head",
    [
        "",
        'viewBox="0 0 10"',
        'viewBox="0 0 0 10"',
        'viewBox="0 0 99999 10"',
        'viewBox="0 0 10 10" width="20" height="10"',
        'viewBox="0 0 10 10" width="50%" height="50%"',
        'viewBox="0 0 10 10" preserveAspectRatio="none"',
        'viewBox="0 0 10 10" style="fill:red"',
    ],
)
def test_a_head_that_says_more_than_a_size_is_left_to_the_engine(head: str) -> None:
    assert plain_drawing(f'{HEAD} {head}><rect width="5" height="5"/></svg>'.encode()) is None


def test_what_is_no_drawing() -> None:
    assert plain_drawing(b"<svg") is None
    assert plain_drawing(b'<html viewBox="0 0 10 10"/>') is None
    assert plain_drawing("<svg é".encode("latin-1")) is None
