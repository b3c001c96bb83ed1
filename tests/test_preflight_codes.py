"""QR codes that no phone reads, or only with luck, and codes that lead elsewhere."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
import zxingcpp
from seen import WORDS, ids, only, paper, seen

from handouts.preflight.codes import code_addresses
from handouts.preflight.evidence import MM, Printed
from handouts.preflight.product import Product
from handouts.preflight.scanning import codes_of, drawn
from handouts.qr import qr_code

ADDRESS = "https://example.org/bees"
PAGE = "@page { size: 300pt 300pt }"
LONG = "https://example.org/" + "b" * 330


def field(code: str, width: float = 30, style: str = "") -> str:
    """A code with its quiet zone; `width` is mm, without it."""
    modules = int(re.search(r"--modules: (\d+)", code)[1])
    whole = width * (modules + 8) / modules
    return f'{WORDS}<div style="margin: 8pt; width: {whole}mm; height: {whole}mm; {style}">{code}</div>'


def svg(text: str) -> str:
    """The drawing of any text, however long."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_svg(add_quiet_zones=False)
    modules = int(re.search(r'<svg width="(\d+)"', code)[1])
    path = re.search(r'<path d="([^"]+)"', code)[1]
    size = modules + 8
    return (
        f'<svg class="qr" xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 {size} {size}" '
        f'style="--modules: {modules}"><path fill="#000" d="{path}"/></svg>'
    )


def page(body: str) -> bytes:
    return paper(body, PAGE)


def test_a_sound_code_is_measured():
    data = page(field(qr_code(ADDRESS, "Code")))
    [code] = codes_of(Printed("a.pdf", data))
    assert code.text == ADDRESS
    assert code.modules == 25
    assert code.side == pytest.approx(30, abs=0.15)
    assert code.module == pytest.approx(1.2, abs=0.01)
    assert (code.quiet, code.inverted) == (4, False)
    assert code.contrast == pytest.approx(21)
    assert code.box[2] - code.box[0] == pytest.approx(30 * MM, abs=1)
    assert seen(data) == []


@pytest.mark.parametrize(
    ("code", "width", "style", "id_", "says"),
    [
        (qr_code(ADDRESS, "Code"), 20, "", "qr-small", "20.0 mm wide; a phone needs 25 mm"),
        (svg(LONG), 27, "", "qr-module", "0.37 mm wide"),
        (qr_code(ADDRESS, "Code").replace("#000", "#666"), 30, "", "qr-contrast", "5.7:1, needs 7:1"),
        (qr_code(ADDRESS, "Code").replace("#000", "#fff"), 30, "background: #000", "qr-contrast", "light on dark"),
    ],
)
def test_a_code_that_is_hard_to_scan(code: str, width: float, style: str, id_: str, says: str):
    finding = only(page(field(code, width, style)))
    assert (finding.id, finding.severity, finding.page) == (id_, "warning", 1)
    assert says in finding.message


def test_a_code_that_is_nearly_white():
    finding = only(page(field(qr_code(ADDRESS, "Code").replace("#000", "#aaa"))))
    assert (finding.id, finding.severity) == ("qr-contrast", "error")


def test_a_red_code_on_black_is_judged_as_a_copy():
    code = qr_code(ADDRESS, "Code").replace("#000", "#900")
    assert seen(page(field(code))) == []
    found = seen(page(field(code, 30, "background: #fd0")))
    assert [one.id for one in found] == ["qr-contrast"]


@pytest.mark.parametrize("beside", ["W", '<span style="border-left: 1pt solid #444">'])
def test_a_code_with_something_in_its_quiet_zone(beside: str):
    close = f'<div style="position: absolute; left: 8pt; top: 80pt; z-index: 2; font-size: 8pt">{beside}</div>'
    finding = only(page(field(qr_code(ADDRESS, "Code")) + close))
    assert finding.id == "qr-quiet"
    assert "four of its squares" in finding.message


def test_a_code_at_the_edge_of_its_field():
    field_ = '<div style="background: #036; position: absolute; left: 0; top: 30pt; width: 130pt; height: 130pt"></div>'
    code = '<div style="position: absolute; left: 15pt; top: 45pt; width: 36mm; height: 36mm; background: #fff">'
    tight = str(qr_code(ADDRESS, "Code")).replace('viewBox="-4 -4 33 33"', 'viewBox="-1 -1 27 27"')
    finding = only(page(f"{WORDS}{field_}{code}{tight}</div>"))
    assert finding.id == "qr-quiet"
    assert "has 1.2 mm of empty paper" in finding.message


@pytest.mark.parametrize("style", ["background: #eef4ff", "transform: rotate(90deg)", "transform: rotate(8deg)"])
def test_a_code_on_a_tint_or_turned_is_sound(style: str):
    assert seen(page(field(qr_code(ADDRESS, "Code"), 30, style))) == []


def test_a_code_with_a_hole():
    hole = '<div style="position: absolute; left: 55pt; top: 60pt; width: 40pt; height: 40pt; background: #fff">'
    data = page(field(qr_code(ADDRESS, "Code")) + hole)
    finding = only(data)
    assert finding.id == "qr-unreadable"
    assert finding.box[0] == pytest.approx(62, abs=4)
    # It is told once, with its place.
    assert list(code_addresses(_product(data, qr_code(ADDRESS, "Code")))) == []


def _product(data: bytes, html: str) -> Product:
    return Product(Printed("a.pdf", data), SimpleNamespace(html=f"<body>{html}</body>"), SimpleNamespace())


def test_a_code_that_leads_elsewhere():
    data = page(field(qr_code("https://example.com/wasps", "Code")))
    [finding] = code_addresses(_product(data, qr_code(ADDRESS, "Code")))
    assert finding.id == "qr-address"
    assert finding.message == f"the QR code leads to https://example.com/wasps; the document says {ADDRESS}"
    assert finding.box
    assert seen(data) == []


def test_a_code_that_is_not_printed():
    [finding] = code_addresses(_product(page(WORDS), qr_code(ADDRESS, "Code")))
    assert finding.id == "qr-unreadable"
    assert ADDRESS in finding.message


def test_a_code_that_is_printed_as_it_should_be():
    code = qr_code(ADDRESS, "Code")
    assert list(code_addresses(_product(page(field(code)), code))) == []
    assert list(code_addresses(_product(page(WORDS), "<p>no code</p>"))) == []


def test_a_code_is_read_from_its_drawing():
    assert drawn(re.search(r'd="([^"]+)"', qr_code(ADDRESS, "Code"))[1]) == ADDRESS
    assert drawn("M0 0h3v3h-3Z") is None
    assert drawn("") is None


def test_stripes_and_squares_are_no_code():
    squares = "".join(
        f'<div style="position: absolute; left: {left}pt; top: {top}pt; width: 20pt; height: 20pt; border: 4pt solid">'
        for left, top in ((0, 40), (90, 40), (0, 130))
    )
    assert ids(page(WORDS + squares)) == []
