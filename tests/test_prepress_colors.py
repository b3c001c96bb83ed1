"""Colors of a finished PDF in inks or greys: every place that a color may hang at, and what has no inks."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from pressed import SHOWS, mixtures, opened, painted, programs, used
from shipped import PROJECT as SHIPPED
from trades import PROJECT, change, said

from handouts.findings import Findings
from handouts.job import Job
from handouts.material import Material, gather
from handouts.prepress.colors import color
from handouts.prepress.gradients import value_at
from handouts.prepress.mixing import Greys, Inks, Undeclared, limited
from handouts.project import Project
from handouts.recipe import finished

NAVY, NAVY_INKS = (0x1F, 0x3A, 0x5F), (0.95, 0.75, 0.3, 0.35)
RED = (0.8, 0.2, 0.1)


class Flat:
    """A press that answers with the same inks for any color."""

    def of_colors(self, colors):
        return [(0.6, 0.9, 0.8, 0.7)] * len(colors)


@cache
def material(*profiles: str) -> Material:
    return gather(Project(PROJECT), "card", "baker", profiles=profiles)


def colored(document: pikepdf.Pdf, *profiles: str, press: object = None) -> pikepdf.Pdf:
    color(document, Project(PROJECT), material(*profiles), press)
    return document


def blank(program: bytes = b"", **resources: object) -> pikepdf.Pdf:
    """A page of one inch with this program."""
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(72, 72))
    page.Contents = Stream(document, program)
    page.Resources = Dictionary({f"/{key}": value for key, value in resources.items()})
    return document


def program_of(document: pikepdf.Pdf) -> str:
    return " ".join(document.pages[0].Contents.read_bytes().decode().split())


def picture(document: pikepdf.Pdf, data: bytes, colors: object, **more: object) -> Stream:
    made = Stream(document, zlib.compress(data))
    made.Type, made.Subtype, made.Filter = Name.XObject, Name.Image, Name.FlateDecode
    made.Width = made.Height = 2
    made.BitsPerComponent, made.ColorSpace = 8, colors
    for key, value in more.items():
        made[f"/{key}"] = value
    return document.make_indirect(made)


def test_declared_inks_win_and_greys_are_black_alone() -> None:
    inks = Inks({NAVY: NAVY_INKS})
    assert inks.of_rgb([channel / 255 for channel in NAVY]) == NAVY_INKS
    assert inks.of_rgb((0, 0, 0)) == (0, 0, 0, 1)
    assert inks.of_rgb((1, 1, 1)) == (0, 0, 0, 0)
    assert inks.of_rgb((0.5, 0.5, 0.5)) == pytest.approx((0, 0, 0, 0.5), abs=0.01)
    assert inks.of_rgb((0x1D / 255, 0x23 / 255, 0x29 / 255)) == (0, 0, 0, 1)


def test_a_tint_takes_its_share_of_each_ink_and_a_little_less() -> None:
    tint = Inks({NAVY: NAVY_INKS}).of_rgb([1 - (1 - channel / 255) / 2 for channel in NAVY])
    assert [value / full for value, full in zip(tint, NAVY_INKS, strict=True)] == pytest.approx([0.45] * 4, abs=0.01)


def test_what_has_no_inks_is_refused_or_asked_of_the_press_within_the_limit() -> None:
    with pytest.raises(Undeclared):
        Inks({NAVY: NAVY_INKS}).of_rgb(RED)
    inks = Inks({}, 2.4, Flat()).of_rgb(RED)
    assert sum(inks) == pytest.approx(2.4)
    # What cyan, magenta and yellow lose is black's gain, as far as black goes.
    assert inks == pytest.approx((0.3, 0.6, 0.5, 1.0))


@pytest.mark.parametrize("inks", [(1, 1, 1, 1), (1, 1, 0, 1), (0.9, 0.9, 0.9, 0), (0.2, 0.2, 0.2, 1), (1, 1, 0.5, 0)])
def test_inks_are_kept_under_the_limit(inks: tuple[float, ...]) -> None:
    made = limited(inks, 2.4)
    assert sum(made) <= 2.4 + 1e-9
    assert min(made) >= 0
    assert made[3] >= inks[3]
    assert (made == inks) == (sum(inks) <= 2.4)


def test_greys_are_as_light_as_their_colors() -> None:
    assert Greys().of_rgb((1, 1, 1)) == pytest.approx((1,))
    assert Greys().of_rgb((0, 1, 0)) == pytest.approx((0.862,), abs=0.002)
    assert Greys().of_rgb((0x1D / 255, 0x23 / 255, 0x29 / 255)) == (0,)
    assert Greys().of_cmyk((0, 0, 0, 1)) == (0,)


def test_each_operator_sets_its_inks() -> None:
    profile = Stream(document := blank(), b"no profile is read here")
    profile.N = 3
    spaces = Dictionary(
        {
            "/Mine": Array([Name.ICCBased, profile]),
            "/Cal": Array([Name.CalRGB, Dictionary(WhitePoint=Array([1, 1, 1]))]),
            "/Few": Array([Name.Indexed, Name.DeviceRGB, 1, String(bytes((*NAVY, 255, 255, 255)))]),
            "/DefaultRGB": Array([Name.CalRGB, Dictionary(WhitePoint=Array([1, 1, 1]))]),
        }
    )
    navy = b"0.121569 0.227451 0.372549"
    document.pages[0].Resources = Dictionary(ColorSpace=spaces)
    document.pages[0].Contents = Stream(
        document,
        navy + b" rg q 1 G 0 g /Mine cs 0 0 0 sc /Cal CS " + navy + b" SCN Q /Few cs 1 sc q 1 g Q 0 sc (1 0 0 rg) Tj",
    )
    assert program_of(colored(document, "press")) == (
        "0.95 0.75 0.3 0.35 k q 0 0 0 0 K 0 0 0 1 k 0 0 0 1 k 0 0 0 1 k 0 0 0 1 K 0.95 0.75 0.3 0.35 K Q "
        "0.95 0.75 0.3 0.35 k 0 0 0 0 k q 0 0 0 0 k Q 0.95 0.75 0.3 0.35 k (1 0 0 rg) Tj"
    )
    assert used(document) == {("fill", "cmyk"), ("stroke", "cmyk"), ("resource", "cmyk")}


def everything() -> pikepdf.Pdf:
    """A page that holds colors in every place that there is."""
    document = blank()
    mask = picture(document, bytes((0, 80, 160, 255)), Name.DeviceGray)
    few = Array([Name.Indexed, Name.DeviceRGB, 1, String(bytes((*NAVY, 255, 255, 255)))])
    line = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1, 1, 1]), C1=Array([0, 0, 0]))
    bent = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=2, C0=Array([1, 1, 1]), C1=Array([0, 0, 0]))
    both = Dictionary(FunctionType=3, Domain=Array([0, 1]), Functions=Array([line, bent]))
    both.Bounds, both.Encode = Array([0.5]), Array([0, 1, 0, 1])
    grey = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([1]), C1=Array([0]))
    table = Stream(document, bytes((255, 255, 255, 0, 0, 0)))
    table.FunctionType, table.Domain, table.Range, table.Size = 0, Array([0, 1]), Array([0, 1] * 3), Array([2])
    table.BitsPerSample = 8

    def gradient(function: object, kind: int = 2) -> Dictionary:
        places = Array([0, 0, 72, 72]) if kind == 2 else Array([0, 0, 0, 36, 36, 36])
        return document.make_indirect(
            Dictionary(ShadingType=kind, ColorSpace=Name.DeviceRGB, Coords=places, Function=function)
        )

    def program(text: bytes, **keys: object) -> Stream:
        made = Stream(document, text)
        for key, value in keys.items():
            made[f"/{key}"] = value
        return document.make_indirect(made)

    box, group = Array([0, 0, 72, 72]), Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    glow = program(b"1 0 0 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=box, Group=Dictionary(group))
    inner = program(b"0 0 0 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=box)
    form = program(b"1 1 1 RG /In Do", Type=Name.XObject, Subtype=Name.Form, BBox=box, Group=Dictionary(group))
    form.Resources = Dictionary(XObject=Dictionary(In=inner))
    tile = {"PatternType": 1, "TilingType": 1, "BBox": box, "XStep": 9, "YStep": 9, "Resources": Dictionary()}
    patterns = Dictionary(
        Own=program(b"0 0 0 rg 0 0 3 3 re f", PaintType=1, **tile),
        Any=program(b"0 0 3 3 re f", PaintType=2, **tile),
        Slope=document.make_indirect(Dictionary(PatternType=2, Shading=gradient(both, 3))),
    )
    page = document.pages[0]
    page.Group = Dictionary(group)
    page.Resources = Dictionary(
        ColorSpace=Dictionary(Tint=Array([Name.Pattern, Name.DeviceRGB])),
        Pattern=patterns,
        Shading=Dictionary(A=gradient(line), B=gradient(Array([grey] * 3)), C=gradient(table)),
        ExtGState=Dictionary(M=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=glow, BC=Array([1, 0, 0])))),
        XObject=Dictionary(
            Form=form,
            Grey=picture(document, bytes((0, 0, 0, 255, 255, 255, 9, 9, 9, 7, 7, 7)), Name.DeviceRGB, SMask=mask),
            Few=picture(document, bytes((0, 1, 1, 0)), few),
        ),
    )
    page.Contents = Stream(
        document,
        b"q /M gs Q /Pattern cs /Own scn 0 0 9 9 re f /Tint cs 0 0 0 /Any scn "
        b"/Form Do /Grey Do /Few Do /A sh /B sh /C sh",
    )
    look = program(b"0 0 0 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=box)
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, C=Array([0, 0, 0]), AP=Dictionary(N=look))
    page.Annots = Array([document.make_indirect(note)])
    return document


@pytest.mark.parametrize(("profiles", "kind"), [(("press",), "cmyk"), (("office", "grey"), "grey")])
def test_no_color_is_left_anywhere(profiles: tuple[str, ...], kind: str) -> None:
    before, document = everything(), colored(everything(), *profiles)
    everywhere = {what for what, _ in used(before)}
    assert everywhere >= {"fill", "stroke", "picture", "gradient", "group", "note", "mask"}
    assert ("gradient", "rgb") in used(before)
    found = used(document)
    # A mask weighs light, in greys; a picture without color is grey, which is black ink alone.
    weighs = {("group", "grey"), ("fill", "grey"), ("mask", "grey"), ("picture", "grey")}
    patterns = {("named space", "/MixedPattern"), ("resource", "/Pattern")}
    assert {one for one in found - weighs - patterns if one[1] != kind} == set()
    space = {"cmyk": "/DeviceCMYK", "grey": "/DeviceGray"}[kind]
    assert space == document.pages[0].Group.CS
    assert len(document.pages[0].Annots[0].C) == (4 if kind == "cmyk" else 1)
    mask = document.pages[0].Resources.ExtGState.M.SMask
    assert mask.G.read_bytes().split(b"\n")[0] == b"0.3 g"
    assert [float(value) for value in mask.BC] == [0.3]
    for name in "ABC":
        shading = document.pages[0].Resources.Shading[f"/{name}"]
        ends = {"cmyk": ([0, 0, 0, 0], [0, 0, 0, 1]), "grey": ([1], [0])}[kind]
        assert (value_at(shading.Function, 0), value_at(shading.Function, 1)) == ends
    few = document.pages[0].Resources.XObject.Few.ColorSpace
    assert bytes(few[3]) == {"cmyk": bytes((242, 191, 76, 89, 0, 0, 0, 0)), "grey": bytes(few[3])}[kind]


def test_a_picture_is_asked_of_the_press_and_stays_under_the_limit() -> None:
    document = blank(b"/P Do")
    red = picture(document, bytes((200, 30, 20) * 4), Name.DeviceRGB)
    document.pages[0].Resources = Dictionary(XObject=Dictionary(P=red))
    colored(document, "press", press=Flat())
    data = red.read_bytes()
    assert (red.ColorSpace, len(data)) == ("/DeviceCMYK", 16)
    assert sum(data[:4]) / 255 <= 2.4 + 4 / 255


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (b"0.8 0.2 0.1 rg", "card, page 1  the color #cc331a has only red, green and blue"),
        (b"/P Do", "card, page 1  a picture has only red, green and blue, and no color profile"),
        (b"/S sh", "card, page 1  a gradient of type 1 cannot be turned into what the press prints"),
        (b"/Lab cs", "card, page 1  a color space of the kind Lab cannot be turned into what the press prints"),
        (b"/Spot cs", "card, page 1  a spot color cannot be turned into what the press prints"),
        (b"BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI", "card, page 1  a colored picture within a page's program"),
    ],
)
def test_what_cannot_be_printed_is_told_with_its_page(program: bytes, message: str) -> None:
    document = blank(program)
    page, identity = document.pages[0], Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1)
    shading = Dictionary(ShadingType=1, ColorSpace=Name.DeviceRGB, Function=identity)
    page.Resources = Dictionary(
        ColorSpace=Dictionary(
            Lab=Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))]),
            Spot=Array([Name.Separation, Name.Gold, Name.DeviceRGB, identity]),
        )
    )
    if program == b"/P Do":
        page.Resources.XObject = Dictionary(P=picture(document, bytes((200, 30, 20) * 4), Name.DeviceRGB))
    if program == b"/S sh":
        page.Resources.Shading = Dictionary(S=shading)
    with pytest.raises(Findings) as told:
        colored(document, "press")
    (finding,) = told.value.findings
    assert str(finding).startswith(message.replace("card", "content/specialties/baker.md"))
    assert finding.id == "color-space"


def test_a_color_without_inks_stops_a_build_and_names_the_ways_out(trades: Path) -> None:
    change(trades, "styles/card.css", "color: var(--ink)", "color: #c8401f")
    assert said(trades, "card", "baker", "--for", "press") == [
        "content/specialties/baker.md, page 1  the color #c8401f has only red, green and blue, and nothing says which "
        "inks print it · give the print shop's color profile with --icc FILE, or write color and cmyk in "
        "styles/inks.toml"
    ]


def test_declared_inks_are_held_to_the_limit_with_their_line(trades: Path) -> None:
    change(trades, "styles/inks.toml", "", '[night]\ncolor = "#101040"\ncmyk = [90, 90, 30, 60]\n')
    (told,) = said(trades, "card", "baker", "--for", "press")
    assert told.startswith("styles/inks.toml:3  #101040 is declared with 270 % of ink, and the press takes 240 %")


def dark(values: tuple[float, ...]) -> bool:
    """Whether a color of the screen is text black or a dark grey."""
    return len(values) == 3 and max(values) < 0.4 and max(values) - min(values) < 0.09


@pytest.fixture(scope="module", params=["specialty ultrasound", "booklet "])
def shipped_pair(request: pytest.FixtureRequest) -> tuple[pikepdf.Pdf, pikepdf.Pdf]:
    """A shipped product for the screen, and the same in inks."""
    form, _, subject = request.param.partition(" ")
    done = finished(Job(str(SHIPPED.root), form, subject))
    printed = gather(SHIPPED, form, subject, profiles=("press",))
    document = opened(done.pdf)
    color(document, SHIPPED, replace(done.material, profile=printed.profile), None)
    return opened(done.pdf), document


def test_no_rgb_is_left_in_a_shipped_product(shipped_pair: tuple[pikepdf.Pdf, pikepdf.Pdf]) -> None:
    before, after = shipped_pair
    assert ("fill", "rgb") in used(before)
    assert {kind for _, kind in used(after)} <= {"cmyk", "pattern", "/Pattern", "none"}
    assert max(map(sum, mixtures(after))) <= 2.4 + 1e-6


def test_black_text_and_codes_are_on_the_black_plate_alone(shipped_pair: tuple[pikepdf.Pdf, pikepdf.Pdf]) -> None:
    shown = black = 0
    for program in zip(*map(programs, shipped_pair), strict=True):
        for (operator, rgb), (same, inks) in zip(*map(painted, program), strict=True):
            if operator in SHOWS and dark(rgb):
                assert operator == same
                assert inks[:3] == (0, 0, 0)
                assert inks[3] >= 0.75
                shown += 1
            elif operator.rstrip("*") == "f" and rgb == (0, 0, 0):
                assert inks == (0, 0, 0, 1)
                black += 1
    assert shown > 20
    assert black > 0
