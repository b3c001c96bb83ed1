"""Logos: pictures of every kind and drawings of many, stamped and laid out in full, look the same."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageStat
from tickets import edition, press_of, product, ticket

from handouts import pdf
from handouts.brands import check_logo
from handouts.editions.masters import Press, Refusal
from handouts.finishing.forms import as_form
from handouts.preflight.evidence import Printed
from handouts.project import Project
from handouts.stamping import logos
from handouts.stamping.logos import read_logo

GREY, COLORS, PALETTE, GREY_ALPHA, ALPHA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, COLORS: 3, PALETTE: 1, GREY_ALPHA: 2, ALPHA: 4}
# Where the seven passes of an interlaced picture begin, and their steps: https://www.w3.org/TR/png-3/#8Interlace
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
WIDTH, HEIGHT = 544, 136
TABLE = bytes.fromhex("1b4f72 f4d03f c0392b ffffff 117a65 6c3483 d35400 000000")


def block(x: int, y: int) -> int:
    """The number of the block of color that a pixel is in: eight in a row, two rows."""
    return (8 * x // WIDTH + 3 * (2 * y // HEIGHT)) % 8


def samples(kind: int, depth: int) -> Callable[[int, int], list[int]]:
    """The samples of each pixel: of another color in each block, those with alpha fade from left to right."""
    most = (1 << depth) - 1

    def pixel(x: int, y: int) -> list[int]:
        number = block(x, y)
        if kind == PALETTE:
            return [number % (1 << min(depth, 3))]
        red, green, blue = (round(value / 255 * most) for value in TABLE[3 * number : 3 * number + 3])
        alpha = [round(x / WIDTH * most)] if kind in (GREY_ALPHA, ALPHA) else []
        return ([red] if kind in (GREY, GREY_ALPHA) else [red, green, blue]) + alpha

    return pixel


def packed(values: list[int], depth: int) -> bytes:
    """A row of samples as bytes, behind the number of its filter: none."""
    if depth >= 8:
        return b"\0" + b"".join(value.to_bytes(depth // 8, "big") for value in values)
    bits = "".join(f"{value:0{depth}b}" for value in values)
    return b"\0" + bytes(int(bits[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(bits), 8))


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(kind: int, depth: int, clear: bytes = b"", laced: bool = False, parts: int = 1) -> bytes:
    """A PNG of any kind; `clear` is what its chunk of transparency says, and its data are in several `parts`."""
    pixel = samples(kind, depth)
    grids = PASSES if laced else ((0, 0, 1, 1),)
    rows = (
        packed([value for x in range(left, WIDTH, across) for value in pixel(x, y)], depth)
        for left, top, across, down in grids
        for y in range(top, HEIGHT, down)
    )
    data = zlib.compress(b"".join(rows))
    size = -(-len(data) // parts)
    found = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, kind, 0, 0, laced))]
    if kind == PALETTE:
        found.append(chunk(b"PLTE", TABLE[: 3 * (1 << min(depth, 3))]))
    if clear:
        found.append(chunk(b"tRNS", clear))
    found += [chunk(b"IDAT", data[at : at + size]) for at in range(0, len(data), size)]
    return b"".join([*found, chunk(b"tEXt", b"Comment\0-"), chunk(b"IEND", b"")])


def pictures() -> Iterator[tuple[str, Callable[[], bytes]]]:
    kinds = [(GREY, 1), (GREY, 2), (GREY, 4), (GREY, 8), (COLORS, 8), (COLORS, 16)]
    kinds += [(PALETTE, 1), (PALETTE, 2), (PALETTE, 4), (PALETTE, 8)]
    kinds += [(GREY_ALPHA, 8), (GREY_ALPHA, 16), (ALPHA, 8), (ALPHA, 16)]
    spoken = {GREY: "grey", COLORS: "colors", PALETTE: "palette", GREY_ALPHA: "grey and alpha", ALPHA: "alpha"}
    for kind, depth in kinds:
        yield f"{spoken[kind]} {depth}", lambda kind=kind, depth=depth: png(kind, depth)
    # A color that is not painted, and entries of a table that are half clear.
    yield "palette 8, clear", lambda: png(PALETTE, 8, b"\x00\xff\x80")
    yield "palette 4, clear", lambda: png(PALETTE, 4, b"\x00\xff\x80")
    yield "colors 8, clear", lambda: png(COLORS, 8, struct.pack(">HHH", *TABLE[:3]))
    yield "grey 8, clear", lambda: png(GREY, 8, struct.pack(">H", TABLE[0]))
    for kind, depth in ((GREY, 1), (COLORS, 8), (PALETTE, 8), (ALPHA, 8)):
        yield f"{spoken[kind]} {depth}, laced", lambda kind=kind, depth=depth: png(kind, depth, laced=True)
    yield "colors 8, in parts", lambda: png(COLORS, 8, parts=5)


PICTURES = dict(pictures())
MARK = '<path d="M10 90 L60 10 Q90 10 100 50 T150 90 Z" fill="#805"/><circle cx="220" cy="50" r="35" fill="#257"/>'
SHAPES = f'{MARK}<rect x="270" y="20" width="25" height="60" fill="#1a7f37"/>'
STOPS = '<stop offset="0" stop-color="#805"/><stop offset="1" stop-color="#fc0"/>'
BLEND = f'<linearGradient id="g">{STOPS}</linearGradient>'
BOX = 'viewBox="0 0 300 100"'
RECT = '<rect x="9" y="9" width="280" height="80"'
CLIP = '<clipPath id="c"><circle cx="150" cy="50" r="45"/></clipPath><g clip-path="url(#c)">'
NAMED = '<rect width="150" height="90" fill="teal"/><rect x="160" width="90" height="90" fill="rgb(200, 30, 60)"/>'
# Attributes of the outermost element, and what is in it.
DRAWINGS = {
    "view box": (BOX, SHAPES),
    "wide": ('viewBox="0 0 300 20"', '<rect width="150" height="20" fill="#805"/><circle cx="280" cy="10" r="9"/>'),
    "tall": ('viewBox="0 0 40 100"', '<rect y="5" width="40" height="50"/><circle cx="20" cy="80" r="18"/>'),
    "width and height": ('width="300" height="100"', SHAPES),
    "sizes in millimeters": (f'width="60mm" height="20mm" {BOX}', SHAPES),
    "sizes and view box": (f'width="600" height="200" {BOX}', SHAPES),
    "sizes of another shape": (f'width="300" height="300" {BOX}', SHAPES),
    "stretched": (f'width="200" height="100" {BOX} preserveAspectRatio="none"', SHAPES),
    "moved view box": ('viewBox="-40 -30 380 160"', SHAPES),
    "ink of the whole": (f'{BOX} fill="#257"', '<path d="M10 10h280v80z"/>'),
    "turned": (BOX, f'<g transform="rotate(10 150 50) scale(0.9)">{SHAPES}</g>'),
    "moved": (BOX, f'<g transform="translate(30,10) scale(.8)">{SHAPES}</g>'),
    "moved twice": (BOX, f'<g transform="translate(30)"><g transform="matrix(.5 .1 -.1 .5 9 9)">{SHAPES}</g></g>'),
    "holes": (BOX, '<path fill-rule="evenodd" d="M10 10h280v80h-280zM50 30h200v40h-200z"/>'),
    "no holes": (BOX, '<path fill="#257" d="M10 10h280v80h-280zM50 30h200v40h-200z"/>'),
    "arcs": (BOX, '<path fill="#805" d="M20 50a45 30 20 1 1 90 10 45,30-20 01-90-10z"/>'),
    "curves": (BOX, '<path fill="#805" d="M20 50C40-10 90 10 90 50S140 90 150 50Q180 0 210 50T270 50L270 95H20z"/>'),
    "lines": (BOX, '<path d="M10 50H290" stroke="#805" stroke-width="9" stroke-dasharray="20 9"/>'),
    "see-through": (BOX, f'<g opacity="0.5">{SHAPES}</g><circle cx="90" cy="50" r="45" fill="#f00"/>'),
    "blended": (BOX, f'{BLEND}{RECT} fill="url(#g)"/>'),
    "styled": (BOX, f"<style>rect {{ fill: #fc0 }} .a {{ fill: #0aa }}</style>{SHAPES}"),
    "styles on shapes": (BOX, f'{RECT} style="fill:#0aa"/>'),
    "named colors": (BOX, NAMED),
    "used twice": (BOX, '<defs><path id="a" d="M9 9h80v80z"/></defs><use href="#a"/><use href="#a" x="99"/>'),
    "clipped": (BOX, f"{CLIP}{SHAPES}{RECT}/></g>"),
    "round corners": (BOX, f'{RECT} rx="30" fill="#805"/>'),
    "hidden": (BOX, f'{SHAPES}<rect width="300" height="100" display="none"/>'),
    "invisible": (BOX, f'{SHAPES}<rect width="300" height="100" visibility="hidden"/>'),
    "not filled": (BOX, f'{SHAPES}{RECT} fill="none"/>'),
    "polygons": (BOX, '<polygon points="10,10 90,90 10 90" fill="#805"/><polyline points="150 10 290 10 220 90"/>'),
    "ellipses": (BOX, '<ellipse cx="150" cy="50" rx="140" ry="40" fill="#805"/><circle cx="150" r="30" fill="#fff"/>'),
    "nested": (BOX, f'<svg x="30" y="10" width="150" height="50" {BOX}>{SHAPES}</svg>'),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ticket(tmp_path_factory.mktemp("logos"))


@pytest.fixture(scope="module")
def press(root: Path) -> Press:
    made = press_of(root, edition(logo="beside/any.png"))
    assert made.reason == ""
    return made


def file(root: Path, name: str, data: bytes) -> str:
    """A logo beside the table, under a name of its own; its project path."""
    last = f"{hashlib.sha256(data).hexdigest()[:16]}.{name}"
    (root.parent / last).write_bytes(data)
    return f"beside/{last}"


def svg(attributes: str, inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def alike(root: Path, press: Press, logo: str) -> Printed:
    """The stamped edition, after it was seen that it looks as one laid out in full does."""
    wanted = edition(logo=logo)
    made = press.stamp(wanted)
    assert not isinstance(made, Refusal), made
    result = press.build(replace(product(root, wanted), edition=wanted))
    assert result.built, result.findings
    stamped = Printed("stamped.pdf", made.pdf)
    full = Printed("full.pdf", Path(result.job.output, result.file).read_bytes())
    (ours,), (theirs,) = ([page.raster(100) for page in printed.pages] for printed in (stamped, full))
    difference = ImageChops.difference(ours, theirs)
    counts = difference.convert("L").histogram()
    # Edges of shapes may fall a hair aside.
    assert sum(ImageStat.Stat(difference).mean) / 3 < 0.05
    assert sum(counts[48:]) <= 0.0001 * sum(counts)
    return stamped


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_look_the_same(root: Path, press: Press, name: str) -> None:
    alike(root, press, file(root, "png", PICTURES[name]()))


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_look_the_same(root: Path, press: Press, name: str) -> None:
    alike(root, press, file(root, "svg", svg(*DRAWINGS[name])))


def test_grey_of_16_bits_is_refused_at_once(root: Path) -> None:
    """The layout engine knows no such picture, and an edition must be printed whether it is stamped or not."""
    for laced in (False, True):
        path = file(root, "png", png(GREY, 16, laced=laced))
        said = [" ".join(advice) for advice in check_logo(Project(root, root.parent), path)]
        assert len(said) == 1, "nothing was said"
        assert "16 bits" in said[0]


def test_pictures_are_smoothed_as_the_engine_smooths_them(root: Path, press: Press) -> None:
    pictures = []
    wanted = edition(logo=file(root, "png", PICTURES["colors 8"]()))
    result = press.build(replace(product(root, wanted), edition=wanted))
    for data in (press.stamp(wanted).pdf, Path(result.job.output, result.file).read_bytes()):
        with pikepdf.open(BytesIO(data)) as document:
            (picture,) = [obj for obj in document.objects if getattr(obj, "get", dict().get)("/Subtype") == "/Image"]
            pictures.append((picture.Width, picture.Height, picture.get("/Interpolate", False)))
    assert pictures[0] == pictures[1]


def test_a_drawing_ends_at_its_view_box(root: Path, press: Press) -> None:
    """Whatever it holds beyond: nothing of it stands on the page around the logo."""
    square = '<rect x="-900" y="-900" width="2000" height="2000" fill="#805"/>'
    for attributes in ('viewBox="0 0 100 100"', 'viewBox="0 0 100 100" preserveAspectRatio="none"'):
        made = press.stamp(edition(logo=file(root, "svg", svg(attributes, square))))
        raster = Printed("stamped.pdf", made.pdf).pages[0].raster(100)
        apart = ImageChops.difference(raster, Image.new("RGB", raster.size, "#880055")).convert("L")
        painted = apart.point(lambda value: 255 * (value < 9)).getbbox()
        assert painted == pytest.approx((380, 598, 422, 640), abs=1), attributes


@pytest.mark.parametrize(
    "style",
    [".logo { background-color: #fde }", ".code { background: #fff }", ".code { background: #eef; padding: 2mm }"],
)
def test_nothing_is_painted_over_a_logo_or_a_code(tmp_path: Path, style: str) -> None:
    """Panels that they stand on come before them in the file."""
    root = ticket(tmp_path, style)
    logo = file(root, "svg", svg(BOX, SHAPES))
    press = press_of(root, edition(logo=logo))
    if not press.reason:
        alike(root, press, logo)


def test_a_drawing_is_drawn_once(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the engine drew is kept; what is damaged, or was kept for another, is drawn again."""
    project = Project(root, root.parent)
    blended = f'{BLEND}<path d="M9 9h{{}}v80z" fill="url(#g)"/>'
    path, other = (file(root, "svg", svg(BOX, blended.format(wide))) for wide in (270, 280))
    logos._logo.cache_clear()
    first, second = read_logo(project, path, tmp_path), read_logo(project, other, tmp_path)
    assert first.digest == hashlib.sha256(project.read(path)).hexdigest()
    assert first.ratio == pytest.approx(3.0)
    kept = {one.stem: one for one in tmp_path.glob("*.logo")}
    assert kept.keys() == {first.digest, second.digest}
    drawn = []

    def draw(*asked: object) -> tuple[bytes, float, float]:
        drawn.append(asked)
        return original(*asked)

    original = pdf.draw
    monkeypatch.setattr(pdf, "draw", draw)

    def again() -> bool:
        """Whether it has to be drawn; it is the same in any case."""
        drawn.clear()
        logos._logo.cache_clear()
        assert read_logo(project, path, tmp_path) == first
        return bool(drawn)

    whole = kept[first.digest].read_bytes()
    assert not again()
    for damaged in (b"", whole[:-1], whole[:90] + b"!" + whole[91:], kept[second.digest].read_bytes()):
        kept[first.digest].write_bytes(damaged)
        assert again()
        assert kept[first.digest].read_bytes() == whole
        assert not again()


def test_a_form_is_a_page_of_one_unit_a_side() -> None:
    """Its streams are objects of their own, each named by its place; all else stands where it is named."""
    with pikepdf.new() as document:
        page = document.add_blank_page(page_size=(300, 400))
        inner = document.make_stream(b"0 0 9 9 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        state = document.make_indirect(pikepdf.Dictionary(ca=0.5, Marks=[True, 7, "text"]))
        page.Resources = pikepdf.Dictionary(
            XObject={"/A": inner, "/B": inner}, ExtGState={"/S": state}, ColorSpace={"/C": pikepdf.Name.DeviceRGB}
        )
        page.Contents = document.make_stream(b"/S gs /A Do /B Do")
        document.save(out := BytesIO(), compress_streams=False)
    (head, data), (source, painted) = as_form(out.getvalue(), 100, 50)
    assert (data, painted) == (b"/S gs /A Do /B Do", b"0 0 9 9 re f")
    form = pikepdf.Object.parse(f"<< {head.replace('@1 0 R', '(inner)')} >>".encode())
    assert list(map(float, form.BBox)) == [0, 350, 100, 400]
    assert list(map(float, form.Matrix)) == pytest.approx([0.01, 0, 0, 0.02, 0, -7])
    assert [str(value) for value in form.Resources.XObject.values()] == ["inner", "inner"]
    assert str(form.Resources.ColorSpace["/C"]) == "/DeviceRGB"
    assert form.Resources.ExtGState["/S"].unparse() == state.unparse(resolved=True)
    assert pikepdf.Object.parse(f"<< {source} >>".encode()).Subtype == "/Form"
