"""Colors that are no inks, too much ink, thin lines, small reversed type, rich black: found, and nothing else."""

from __future__ import annotations

import random
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from plates import GREY, GROUND, INK, WORDS, form, found, icc, only, picture, product, sheet

from handouts.preflight import press
from handouts.profiles import Profile

RGB, CMYK, DEVICE_GREY = Name.DeviceRGB, Name.DeviceCMYK, Name.DeviceGray
SQUARE = "q 100 0 0 100 50 50 cm /one Do Q"
TINT = Dictionary(FunctionType=2, N=1, Domain=[0, 1], C0=[1, 1, 1], C1=[0, 0, 0])
SPOT = Array([Name.Separation, Name("/Gold"), RGB, TINT])
LAB = Array([Name.Lab, Dictionary()])


@pytest.mark.parametrize("check", press.OURS)
def test_a_sheet_in_its_inks_has_no_fault(check: object):
    line = "0.3 w 0 0 0 1 K 60 80 m 200 80 l S"
    light = "BT 0 0 0 0 k /F 14 Tf 1 0 0 1 60 150 Tm (Light words) Tj ET"
    band = "0.9 0.5 0.4 0.3 k 40 140 200 40 re f"
    data = sheet(f"{GROUND} {band} {light} {WORDS} {line}")
    assert found(check, data) == []


@pytest.mark.parametrize("check", press.OURS)
def test_nothing_of_it_is_asked_of_a_file_for_the_screen(check: object):
    faulty = "1 0 0 rg 0 0 100 100 re f 0.1 w 10 10 m 90 90 l S 1 1 1 1 k 100 0 50 50 re f"
    assert found(check, sheet(faulty), Profile()) == []


# ---- color spaces


def icc_space(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return Array([Name.ICCBased, pdf.make_stream(icc(b"RGB "), N=3)])


def shading(space: object) -> Dictionary:
    ends = Dictionary(FunctionType=2, N=1, Domain=[0, 1], C0=[1, 0, 0], C1=[0, 0, 1])
    return Dictionary(ShadingType=2, ColorSpace=space, Coords=[0, 0, 300, 0], Function=ends)


PAINTED = [
    ("1 area is in DeviceRGB", "1 0 0 rg 50 50 20 20 re f", {}),
    ("1 line is in DeviceRGB", "1 0 0 RG 50 50 m 90 90 l S", {}),
    ("1 piece of type is in DeviceRGB", WORDS.replace(INK, "0 0 0 rg"), {}),
    ("1 color that nothing shows is in DeviceRGB", "1 0 0 rg 0 0 0 1 k 50 50 20 20 re f", {}),
    ("1 picture is in DeviceRGB", SQUARE, {"XObject": {"one": picture(bytes(12), 2, RGB)}}),
    (
        "1 picture is in DeviceRGB (in a table of colors)",
        SQUARE,
        {"XObject": {"one": picture(bytes(4), 2, Array([Name.Indexed, RGB, 0, bytes(3)]))}},
    ),
    (
        "1 picture is in ICCBased of 3 colors",
        SQUARE,
        {"XObject": {"one": lambda pdf: picture(bytes(12), 2, icc_space(pdf))(pdf)}},
    ),
    ("1 picture is in CalRGB", SQUARE, {"XObject": {"one": picture(bytes(12), 2, Array([Name.CalRGB, Dictionary()]))}}),
    (
        "1 picture is in DeviceRGB",
        "q 9 0 0 9 50 50 cm BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc\nEI Q",
        {},
    ),
    ("1 area is in ICCBased of 3 colors", "/deep cs 1 0 0 sc 50 50 20 20 re f", {"ColorSpace": {"deep": icc_space}}),
    ("1 area is in Lab", "/lab cs 50 0 0 sc 50 50 20 20 re f", {"ColorSpace": {"lab": LAB}}),
    (
        "1 area is in DeviceRGB (behind the spot color Gold)",
        "/gold cs 1 scn 50 50 20 20 re f",
        {"ColorSpace": {"gold": SPOT}},
    ),
    ("1 area is in DeviceRGB", "/one Do", {"XObject": {"one": form("1 0 0 rg 50 50 20 20 re f")}}),
    (
        "1 area is in DeviceRGB",
        "/Pattern cs /tiles scn 50 50 60 60 re f",
        {"Pattern": {"tiles": form("1 0 0 rg 0 0 9 9 re f", PatternType=1, PaintType=1, XStep=20, YStep=20)}},
    ),
    ("1 gradient is in DeviceRGB", "50 50 60 60 re W n /fade sh", {"Shading": {"fade": shading(RGB)}}),
    (
        "1 gradient is in DeviceRGB",
        "/Pattern cs /fade scn 50 50 60 60 re f",
        {"Pattern": {"fade": Dictionary(PatternType=2, Shading=shading(RGB))}},
    ),
    (
        "1 mask is in DeviceRGB",
        f"/veil gs {WORDS}",
        {"ExtGState": {"veil": lambda pdf: Dictionary(SMask=Dictionary(G=form("1 0 0 rg 0 0 9 9 re f")(pdf)))}},
    ),
    (
        "1 transparent group is in DeviceRGB",
        "/one Do",
        {"XObject": {"one": form(WORDS[:0], Group=Dictionary(S=Name.Transparency, CS=RGB))}},
    ),
]


@pytest.mark.parametrize(("message", "drawing", "resources"), PAINTED, ids=[one[0] for one in PAINTED])
def test_what_is_no_ink_is_told(message: str, drawing: str, resources: dict[str, dict[str, object]]):
    finding = only(press.color_space, sheet(drawing, **resources))
    assert finding.message == f"{message}; this file is printed in CMYK"
    assert (finding.id, finding.severity, finding.page) == ("color-space", "error", 1)


def test_a_color_that_is_no_ink_is_told_with_its_place():
    assert only(press.color_space, sheet("1 0 0 rg 50 60 20 30 re f")).box == (50, 110, 70, 140)


def test_letters_that_bring_their_own_colors_are_read():
    def drawn(pdf: pikepdf.Pdf) -> Dictionary:
        letter = pdf.make_stream(b"1000 0 d0 1 0 0 rg 0 0 500 500 re f")
        encoding = Dictionary(Type=Name.Encoding, Differences=[97, Name("/a")])
        font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 1000, 1000], FirstChar=97, LastChar=97)
        font.FontMatrix, font.Widths, font.Encoding = Array([0.001, 0, 0, 0.001, 0, 0]), Array([1000]), encoding
        font.CharProcs = Dictionary({"/a": letter})
        return pdf.make_indirect(font)

    data = sheet("BT 0 0 0 1 k /drawn 12 Tf 60 100 Td (aa) Tj ET", Font={"drawn": drawn})
    assert only(press.color_space, data).message.startswith("1 area is in DeviceRGB;")


def test_a_page_has_one_finding_however_many_colors():
    data = sheet("1 0 0 rg 50 50 9 9 re f 0 1 0 rg 70 50 9 9 re f 0 0 1 RG 50 50 m 90 50 l S", pages=2)
    findings = found(press.color_space, data)
    assert [finding.page for finding in findings] == [1, 2]
    assert findings[0].message.startswith("2 areas and 1 line are in DeviceRGB;")


def test_black_and_grey_are_inks():
    stencil = picture(bytes(1), 1, None, ImageMask=True, BitsPerComponent=1)
    data = sheet(f"0.5 g 50 50 9 9 re f {INK} {SQUARE} 0 G 50 50 m 90 50 l S", XObject={"one": stencil})
    assert found(press.color_space, data) == []


@pytest.mark.parametrize(
    ("drawing", "name"), [(GROUND, "DeviceCMYK"), ("1 0 0 rg 5 5 9 9 re f", "DeviceRGB"), (SQUARE, "DeviceCMYK")]
)
def test_a_file_in_greys_has_nothing_else(drawing: str, name: str):
    finding = only(press.color_space, sheet(drawing, XObject={"one": picture(bytes(4), 1, CMYK)}), GREY)
    assert f"in {name}; this file is printed in DeviceGray" in finding.message


def test_a_file_in_greys_is_sound():
    data = sheet(f"0.5 g 50 50 9 9 re f {SQUARE}", XObject={"one": picture(bytes(4), 2, DEVICE_GREY)})
    assert found(press.color_space, data, GREY) == []


# ---- ink


def test_an_area_over_the_limit():
    finding = only(press.ink_limit, sheet(f"{GROUND} 0.8 0.7 0.6 0.5 k 50 60 20 30 re f"))
    assert (finding.id, finding.severity) == ("ink-limit", "error")
    assert finding.message == "an area takes 260 % of ink, C 80 M 70 Y 60 K 50; the limit is 240 %"
    assert finding.box == (50, 110, 70, 140)


def test_the_heaviest_of_several_is_told():
    data = sheet("0.8 0.7 0.6 0.5 k 50 60 20 30 re f 1 1 1 0.5 K 4 w 20 20 m 90 20 l S")
    message = only(press.ink_limit, data).message
    assert message.startswith("a line takes 350 % of ink, C 100 M 100 Y 100 K 50, and 1 more like it;")


def test_ink_at_the_limit_passes():
    assert found(press.ink_limit, sheet("0.8 0.6 0.5 0.5 k 50 60 20 30 re f")) == []


def test_a_veil_of_ink_is_no_more_than_it_lets_through():
    veil = {"ExtGState": {"veil": Dictionary(ca=0.5)}}
    assert found(press.ink_limit, sheet("/veil gs 1 1 1 1 k 50 60 20 30 re f", **veil)) == []


def test_marks_beyond_the_bleed_may_be_on_all_plates():
    cross = "1 1 1 1 K 0.1 w -30 -20 m -12 -20 l S"
    for check in press.OURS:
        assert found(check, sheet(f"{WORDS} {cross}")) == []


def pixels(*colors: tuple[int, int, int, int], side: int = 40) -> bytes:
    """Rows of colors in steps of 255, in equal parts."""
    return b"".join(bytes(color) * side for color in colors for _ in range(side // len(colors)))


@pytest.mark.parametrize("packed", ["raw", "jpeg", "turned jpeg"])
def test_a_picture_over_the_limit(packed: str):
    data, more = pixels((200, 200, 200, 200), (20, 20, 20, 20)), {}
    if packed != "raw":
        image, out = Image.frombytes("CMYK", (40, 40), data), BytesIO()
        # Pillow turns what it writes, as it turns what it reads.
        image = image if packed == "turned jpeg" else image.point(lambda step: 255 - step)
        image.save(out, "JPEG", quality=95)
        data, more = out.getvalue(), {"Filter": Name.DCTDecode}
        if packed == "turned jpeg":
            more["Decode"] = Array([1, 0] * 4)
    finding = only(press.ink_limit, sheet(SQUARE, XObject={"one": picture(data, 40, CMYK, **more)}))
    assert finding.message.startswith("a picture takes 31")
    assert finding.message.endswith("the limit is 240 %")
    assert finding.box == (50, 50, 150, 150)


def test_a_light_picture_passes_and_so_does_a_speck():
    speck = bytearray(pixels((100, 100, 100, 100), side=60))
    speck[:4] = b"\xff" * 4
    assert found(press.ink_limit, sheet(SQUARE, XObject={"one": picture(bytes(speck), 60, CMYK)})) == []


def test_what_a_soft_mask_hides_takes_no_ink():
    def masked(pdf: pikepdf.Pdf) -> pikepdf.Stream:
        made = picture(pixels((255, 255, 255, 255), (50, 0, 0, 0)), 40, CMYK)(pdf)
        made.SMask = picture(bytes(800) + b"\xff" * 800, 40, DEVICE_GREY)(pdf)
        return made

    assert found(press.ink_limit, sheet(SQUARE, XObject={"one": masked})) == []


def test_the_colors_of_a_table_count_where_they_are_used():
    table = Array([Name.Indexed, CMYK, 1, bytes((0, 0, 0, 90, 255, 255, 255, 255))])
    light, heavy = (picture(bytes([index] * 4), 2, table) for index in (0, 1))
    assert found(press.ink_limit, sheet(SQUARE, XObject={"one": light})) == []
    assert "400 % of ink" in only(press.ink_limit, sheet(SQUARE, XObject={"one": heavy})).message


def test_a_gradient_is_as_heavy_as_its_end():
    ends = Dictionary(FunctionType=2, N=1, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 0, 0.9])
    fade = Dictionary(ShadingType=2, ColorSpace=CMYK, Coords=[0, 0, 300, 0], Function=ends)
    data = sheet("50 50 60 60 re W n /fade sh", Shading={"fade": fade})
    assert only(press.ink_limit, data).message.startswith("a gradient takes 290 % of ink, C 100 M 100 Y 0 K 90;")


def test_a_picture_of_noise_is_told_by_its_heaviest_part():
    seeded = random.Random(5)
    data = bytes(seeded.randrange(120) for _ in range(4 * 60 * 60))
    assert found(press.ink_limit, sheet(SQUARE, XObject={"one": picture(data, 60, CMYK)})) == []


# ---- lines


@pytest.mark.parametrize(
    ("drawing", "width"),
    [
        ("0.1 w 60 80 m 200 80 l S", "0.10"),
        ("0 w 60 80 m 200 80 l S", "0.00"),
        ("q 0.1 0 0 0.1 0 0 cm 2 w 600 800 m 2000 800 l S Q", "0.20"),
        ("/fine gs 60 80 m 200 80 l S", "0.15"),
        ("60 80 140 0.2 re f", "0.20"),
        ("60 80 0.12 60 re f", "0.12"),
        ("60 80 60 60 re 60.2 80.2 59.6 59.6 re f*", "0.20"),
        ("q 60 80 140 0.2 re W n 60 60 140 60 re f Q", "0.20"),
    ],
)
def test_a_thin_line(drawing: str, width: str):
    fine = {"ExtGState": {"fine": Dictionary(LW=0.15)}}
    finding = only(press.line_thin, sheet(f"{INK} 0 0 0 1 K {drawing}", **fine))
    assert (finding.id, finding.severity) == ("line-thin", "warning")
    assert finding.message == f"1 line under 0.25 pt, the thinnest {width} pt: a press may lose them"
    assert finding.box[0] == pytest.approx(60, abs=0.2)


@pytest.mark.parametrize(
    "drawing",
    [
        "0.25 w 60 80 m 200 80 l S",
        "60 80 140 0.25 re f",
        "60 80 60 60 re 60.75 80 59.25 60 re f*",  # a border on one side
        "60 80 0.1 0.1 re f",
        "60 80 m 90 80.1 l 120 90 l f",
    ],
)
def test_a_line_of_a_quarter_point_and_what_is_no_line(drawing: str):
    assert found(press.line_thin, sheet(f"{INK} 0 0 0 1 K {drawing}")) == []


# ---- type


def text(color: str, size: float = 12, words: str = "Some words") -> str:
    return f"BT {color} /F {size} Tf 1 0 0 1 60 100 Tm ({words}) Tj ET"


@pytest.mark.parametrize("inks", ["0.6 0.5 0.4 0.8", "0 0.06 0 0.61", "0.75 0.68 0.67 0.5"])
def test_black_type_of_several_inks(inks: str):
    finding = only(press.black_rich, sheet(text(f"{inks} k")))
    assert (finding.id, finding.severity) == ("black-rich", "error")
    shown = " ".join(f"{name} {100 * float(ink):.0f}" for name, ink in zip("CMYK", inks.split(), strict=True))
    assert finding.message == f'"Some words" is printed in {shown}; black type needs black ink alone'
    assert finding.box[0] == pytest.approx(60, abs=1)


@pytest.mark.parametrize(
    "color", ["0 0 0 1 k", "0 g", "0 0 0 0.8 k", "0.9 0.45 0.45 0.4 k", "0 0.5 0.9 0 k", "0.05 0 0 1 k"]
)
def test_black_ink_and_other_colors_are_right(color: str):
    assert found(press.black_rich, sheet(text(color))) == []


def test_rich_black_in_areas_and_blanks_is_no_type():
    data = sheet(f"0.6 0.5 0.4 0.8 k 10 10 50 50 re f {text('0.6 0.5 0.4 0.8 k', words='   ')}")
    assert found(press.black_rich, data) == []


BAND = "0.9 0.5 0.4 0.3 k 40 80 200 40 re f"


@pytest.mark.parametrize("ground", [BAND, f"/one Do {WORDS[:0]}", "q 200 0 0 40 40 80 cm /photo Do Q"])
def test_small_light_type_on_several_inks(ground: str):
    held = {"one": form(BAND), "photo": picture(bytes((230, 128, 102, 76)) * 4, 2, CMYK)}
    finding = only(press.type_reversed, sheet(f"{ground} {text('0 0 0 0 k', 6.5)}", XObject=held))
    assert (finding.id, finding.severity) == ("type-reversed", "warning")
    assert finding.message.startswith('"Some words" is light type of 6.5 pt on C 90 M 50 Y 40 K 30')
    assert finding.message.endswith("on several inks it needs 8 pt")


@pytest.mark.parametrize(
    "drawing",
    [
        f"{BAND} {text('0 0 0 0 k', 8)}",  # large enough
        f"0 0 0 0.9 k 40 80 200 40 re f {text('0 0 0 0 k', 6.5)}",  # one ink
        f"0.2 0.1 0 0 k 40 80 200 40 re f {text('0 0 0 1 k', 6.5)}",  # dark on light
        f"{BAND} 0 0 0 0 k 50 90 150 25 re f {text('0 0 0 1 k', 6.5)}",  # on a white field over the band
        f"{BAND.replace('40 80', '40 140')} {text('0 0 0 0 k', 6.5)}",  # beside it
        f"0.4 0.2 0 0 k 40 80 200 40 re f {text('0 0 0 0 k', 6.5)}",  # on a light ground
        f"0 0 0 0.9 k 40 80 200 40 re f {BAND.replace('40 80', '40 140')} {text('0 0 0 0 k', 6.5)}",  # with one beside
        # On one ink, in the notch of a ground whose box reaches around it.
        "0 0 0 0.9 k 55 90 150 30 re f 0.9 0.5 0.4 0.3 k 40 60 m 240 60 l 240 80 l 50 80 l 50 180 l 40 180 l h f "
        + text("0 0 0 0 k", 6.5),
    ],
)
def test_type_that_is_not_small_light_and_on_several_inks(drawing: str):
    assert found(press.type_reversed, sheet(drawing)) == []


def test_the_words_of_a_finding_are_those_of_its_color():
    other = "BT 0 0 0 1 k /F 12 Tf 1 0 0 1 60 60 Tm (Right words) Tj ET"
    finding = only(press.black_rich, sheet(f"{text('0.6 0.5 0.4 0.8 k')} {other}"))
    assert "Right" not in finding.message


def test_the_paints_of_a_file_are_read_once():
    from handouts.preflight.paints import paints_of

    one = product(sheet()).printed
    assert paints_of(one) is paints_of(one)
