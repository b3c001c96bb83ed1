"""QR codes: made, drawn as a browser would draw them, and read again; and addresses as people read them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from handouts.qr import MOST_BYTES, QUIET_ZONE, breakable, printed_address, qr_code, qr_rows
from handouts.typography import MAY_BREAK

ADDRESS = "https://www.bls.gov/ooh/healthcare/diagnostic-medical-sonographers.htm"
SVG = "{http://www.w3.org/2000/svg}"
PIXELS = 3
quietly = settings(derandomize=True, deadline=None, max_examples=25)
addresses = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=150).map(
    lambda path: f"https://example.org/{path}"
)


def painted(drawing: str) -> tuple[Image.Image, int]:
    """The drawing on white paper, PIXELS a module, and the number of modules a side without the quiet zone."""
    svg = ElementTree.fromstring(drawing)
    left, top, width, height = (int(number) for number in svg.get("viewBox").split())
    assert (left, top) == (-QUIET_ZONE, -QUIET_ZONE)
    assert width == height
    image = Image.new("L", (width * PIXELS, height * PIXELS), 255)
    brush = ImageDraw.Draw(image)
    path = svg.find(f"{SVG}path").get("d")
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)Z", path)
    assert "".join("M{} {}h{}v{}h-{}Z".format(*bar) for bar in bars) == path
    for bar in bars:
        x, y, wide, high, back = (int(number) for number in bar)
        assert back == wide
        x, y = (x - left) * PIXELS, (y - top) * PIXELS
        brush.rectangle((x, y, x + wide * PIXELS - 1, y + high * PIXELS - 1), 0)
    return image, width - 2 * QUIET_ZONE


def test_a_code_is_read_as_its_address():
    image, modules = painted(qr_code(ADDRESS, "Code"))
    [code] = zxingcpp.read_barcodes(image)
    assert code.text == ADDRESS
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    assert code.ec_level == "M"
    assert modules == 37


@quietly
@given(addresses)
def test_every_address_is_read_again(address: str):
    image, modules = painted(qr_code(address, "Code"))
    [code] = zxingcpp.read_barcodes(image)
    assert code.text == address
    assert modules % 4 == 1
    assert 21 <= modules <= 57


@quietly
@given(addresses)
def test_its_rows_are_the_drawing(address: str):
    rows = qr_rows(address)
    image, modules = painted(qr_code(address, "Code"))
    edge = QUIET_ZONE * PIXELS
    code = image.crop((edge, edge, edge + modules * PIXELS, edge + modules * PIXELS))
    small = code.resize((modules, modules), Image.Resampling.NEAREST)
    assert b"".join(rows) == small.tobytes()
    assert {len(row) for row in rows} == {modules} == {len(rows)}


def test_the_quiet_zone_is_empty_and_the_code_fills_the_rest():
    image, modules = painted(qr_code(ADDRESS, "Code"))
    black = image.point(lambda value: 255 - value).getbbox()
    edge, far = QUIET_ZONE * PIXELS, (QUIET_ZONE + modules) * PIXELS
    assert QUIET_ZONE == 4
    assert black == (edge, edge, far, far)


def test_style_sheets_learn_the_number_of_modules():
    code = qr_code(ADDRESS, "Code")
    assert f'style="--modules: {painted(code)[1]}"' in code


def test_its_name_is_spoken_and_is_escaped():
    svg = ElementTree.fromstring(qr_code(ADDRESS, 'Scan <me> & "me"'))
    assert svg.find(f"{SVG}title").text == 'Scan <me> & "me"'


def test_an_address_at_the_limit_is_read_and_beyond_it_refused():
    longest = "h" * MOST_BYTES
    image, modules = painted(qr_code(longest, "Code"))
    assert zxingcpp.read_barcodes(image)[0].text == longest
    assert modules == 57
    with pytest.raises(ValueError, match="the QR code's address takes 214 bytes; more than 213 are too fine to scan"):
        qr_code(longest + "h", "Code")
    with pytest.raises(ValueError, match="the QR code has no address"):
        qr_code("", "Code")


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://www.bls.gov/ooh/", "bls.gov/ooh"),
        ("http://example.org", "example.org"),
        ("https://example.org/a?b=c", "example.org/a?b=c"),
        ("https://wwwexample.org/", "wwwexample.org"),
        ("example.org/http://x", "example.org/http://x"),
    ],
)
def test_an_address_is_printed_as_people_type_it(url: str, printed: str):
    assert printed_address(url) == printed


@pytest.mark.parametrize(
    ("address", "broken"),
    [
        ("bls.gov/ooh", "bls.|gov/|ooh"),
        ("a-b_c", "a-|b_|c"),
        ("a//b", "a//|b"),
        ("a.org/", "a.|org/"),
        ("a?b=1&c=2", "a?|b=|1&|c=|2"),
        ("", ""),
    ],
)
def test_an_address_may_break_after_its_signs(address: str, broken: str):
    assert breakable(address).replace(MAY_BREAK, "|") == broken


@quietly
@given(st.text(max_size=40))
def test_breaks_add_nothing_that_is_read(address: str):
    assert breakable(address).replace(MAY_BREAK, "") == address.replace(MAY_BREAK, "")
