"""What we ship, for an office printer: white margins, little ink, and greys alone where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageStat
from shipped import ROOT

from handouts.color import luminance
from handouts.job import Job
from handouts.preflight.contrast import contrast
from handouts.preflight.evidence import Printed
from handouts.preflight.ink import Word
from handouts.recipe import finished

DPI = 96
# Where the drawing of a first page is: left, top, right and bottom as shares of the page.
DRAWN = {"booklet": (0.2, 0.2, 0.8, 0.6), "specialty": (0.7, 0.04, 0.92, 0.17), "topic": (0.08, 0.05, 0.25, 0.2)}
PAINTS = {"rg", "RG", "k", "K", "cs", "CS", "sh"}


@dataclass(frozen=True)
class Made:
    """A product as it came out: its bytes, its pages as pictures in color, and what was found."""

    pdf: bytes
    pages: list[Image.Image]
    findings: list[str]


# One of each format, papers and profiles in turn: format, subject, paper, profiles, and the most ink in percent.
PRODUCTS = [
    ("specialty", "mammography", "a4", ("office",), 15),
    ("topic", "role", "letter", ("office", "ink-saver"), 8),
    ("specialty", "radiography", "letter", ("office", "ink-saver"), 8),
    ("booklet", "", "letter", ("office", "grey"), 15),
]


@pytest.fixture(scope="module", params=PRODUCTS, ids=lambda row: ".".join((row[0], row[2], *row[3])))
def row(request: pytest.FixtureRequest) -> tuple[str, str, str, tuple[str, ...], int]:
    return request.param


@pytest.fixture(scope="module")
def made(row: tuple[str, str, str, tuple[str, ...], int], tmp_path_factory: pytest.TempPathFactory) -> Made:
    form, subject, paper, profiles, _ = row
    output = str(tmp_path_factory.mktemp("office"))
    done = finished(Job(str(ROOT), form, subject, paper, output=output, profiles=profiles))
    pages = [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(done.pdf)]
    return Made(done.pdf, pages, [str(finding) for finding in done.findings])


def test_nothing_is_to_be_mended(made: Made) -> None:
    assert made.findings == []


def test_the_outer_quarter_of_an_inch_is_white(made: Made) -> None:
    margin = DPI // 4
    for number, page in enumerate(made.pages, 1):
        wide, high = page.size
        strips = {
            "top": (0, 0, wide, margin),
            "left": (0, 0, margin, high),
            "right": (wide - margin, 0, wide, high),
            "bottom": (0, high - margin, wide, high),
        }
        inked = [side for side, box in strips.items() if page.crop(box).getextrema() != ((255, 255),) * 3]
        assert not inked, f"page {number}"


def test_ink_stays_under_its_limit(made: Made, row: tuple[str, str, str, tuple[str, ...], int]) -> None:
    parts = [100 - ImageStat.Stat(page.convert("L")).mean[0] / 2.55 for page in made.pages]
    assert 3 < sum(parts) / len(parts) <= row[-1]
    # No page is a solid band: the cover that takes most is a drawing on a tint.
    assert max(parts) < 15


def test_words_can_be_read_in_color_and_copied_in_grey(made: Made) -> None:
    assert [str(finding) for finding in contrast(Printed("made.pdf", made.pdf))] == []


def test_drawings_are_in_ink_and_not_in_white(made: Made, row: tuple[str, str, str, tuple[str, ...], int]) -> None:
    page = made.pages[0]
    found = page.crop([round(share * page.size[edge % 2]) for edge, share in enumerate(DRAWN[row[0]])])
    colors = [color for _, color in found.getcolors(found.width * found.height)]
    assert min(map(luminance, colors)) < 0.12
    # No line is lighter than what it is drawn on.
    ground = found.getpixel((0, 0)) if row[0] != "booklet" else page.getpixel((DPI // 2, page.height - DPI // 2))
    assert max(map(luminance, colors)) <= luminance(ground) + 0.01


def test_the_print_dialog_begins_right(made: Made) -> None:
    with pikepdf.open(BytesIO(made.pdf)) as document:
        wishes = {key: str(value) for key, value in document.Root.ViewerPreferences.items()}
    duplex = "/Simplex" if len(made.pages) == 1 else "/DuplexFlipLongEdge"
    assert wishes == {"/DisplayDocTitle": "True", "/PrintScaling": "/None", "/Duplex": duplex}


def painted(streams: pikepdf.Object | pikepdf.Page) -> Iterator[tuple[str, str]]:
    """Operators that choose a color, with what they choose, in a content and the forms in it."""
    for step in pikepdf.parse_content_stream(streams):
        if str(step.operator) in PAINTS:
            yield str(step.operator), " ".join(map(str, step.operands))


def test_greys_are_greys_alone(made: Made, row: tuple[str, str, str, tuple[str, ...], int]) -> None:
    if "grey" not in row[3]:
        assert any(low != high for low, high in zip(*_channels(made.pages[0]), strict=True))
        return
    with pikepdf.open(BytesIO(made.pdf)) as document:
        forms = [
            one
            for one in document.objects
            if isinstance(one, pikepdf.Stream) and (one.get("/Subtype") == "/Form" or one.get("/PatternType") == 1)
        ]
        chosen = {found for one in (*document.pages, *forms) for found in painted(one)}
        spaces = {str(one.ColorSpace) for one in document.objects if _has_space(one)}
    assert {(operator, name) for operator, name in chosen if name not in {"/Pattern", "/DeviceGray"}} == set()
    assert spaces <= {"/DeviceGray"}
    for page in made.pages:
        red, green = _channels(page)
        assert red == green


def _channels(page: Image.Image) -> tuple[bytes, bytes]:
    red, green, _ = page.split()
    return red.tobytes(), green.tobytes()


def _has_space(one: pikepdf.Object) -> bool:
    return isinstance(one, pikepdf.Stream | pikepdf.Dictionary) and "/ColorSpace" in one and "/Subtype" in one


def test_sister_sheets_line_up(tmp_path: Path) -> None:
    starts = set()
    for slug in ("ct", "obstetric-ultrasound"):
        done = finished(Job(str(ROOT), "specialty", slug, output=str(tmp_path), profiles=("office",)))
        words = Printed("sheet.pdf", done.pdf).pages[0].words
        [start] = [word.box[1] for word, other in pairwise(words) if _is_first(word, other)]
        starts.add(round(start))
    assert len(starts) == 1


def _is_first(word: Word, other: Word) -> bool:
    return (word.text, other.text) == ("What", "you") and word.size > 12
