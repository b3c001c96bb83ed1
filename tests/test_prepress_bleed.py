"""What touches the trim reaches the bleed's edge, on all sides, and nothing else of the page changes for it."""

from pathlib import Path

import pikepdf
import pytest

from handouts.build import build
from handouts.job import Job
from handouts.pdf import forget
from tests.trimmed import DPI, SIDES, alike, colored, edge, pictures, printed, short

ROOT = Path(__file__).resolve().parent.parent
PRODUCTS = (("specialty", "baker", "letter"), ("topic", "apprenticeship", "a4"), ("leaflet", "", "letter"))
BLEED = {"letter": 9.0, "a4": 3 / 25.4 * 72}
WIDE = '\n[profiles.press.bleed]\nletter = "0.25in"\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Results, and pictures of all pages, by format."""
    folder = tmp_path_factory.mktemp("press")
    results = {form: printed(folder, form, subject, paper) for form, subject, paper in PRODUCTS}
    yield {form: (result, pictures(folder / "out" / result.file), folder) for form, result in results.items()}
    forget()


@pytest.mark.parametrize(("form", "paper"), [(form, paper) for form, _, paper in PRODUCTS])
def test_color_at_the_trim_goes_on_to_the_edge_of_the_bleed(made, form, paper):
    found = {
        (number, side): pieces
        for number, picture in enumerate(made[form][1], 1)
        for side in SIDES
        if (pieces := short(picture, side, BLEED[paper]))
    }
    assert found == {}


def test_the_sides_that_are_colored_are_those_of_the_design(made):
    def sides(form: str, page: int, paper: str = "letter") -> dict[str, bool]:
        picture = made[form][1][page]
        return {side: colored(picture, side, BLEED[paper]) > 0.99 for side in SIDES}

    assert sides("specialty", 0) == {"left": False, "right": False, "top": True, "bottom": False}
    assert sides("topic", 1, "a4") == {"left": False, "right": False, "top": True, "bottom": False}
    for cover in (0, -1):
        assert sides("leaflet", cover) == dict.fromkeys(SIDES, True)
    assert sides("leaflet", 7) == {"left": False, "right": False, "top": True, "bottom": False}
    plate = colored(made["topic"][1][0], "left", BLEED["a4"]), colored(made["topic"][1][0], "top", BLEED["a4"])
    assert 0.15 < plate[0] < 0.4
    assert 0.15 < plate[1] < 0.4


def test_no_line_of_light_stands_at_the_trim(made):
    """Two areas that only meet there would show paper between them."""
    for form, page, side, paper in (
        ("specialty", 0, "top", "letter"),
        ("topic", 0, "left", "a4"),
        ("topic", 1, "top", "a4"),
        ("leaflet", -1, "left", "letter"),
    ):
        picture = made[form][1][page]
        inner, outer = next(pair for pair in edge(picture, side, BLEED[paper]) if min(pair[0]) < 245)
        assert all(alike(inner, one) for one in outer), (form, side)
    picture, across = made["topic"][1][0], round(BLEED["a4"] / 72 * DPI)
    row = [picture.getpixel((x, across + 100)) for x in range(2, across + 30)]
    assert all(alike(one, row[0]) for one in row), row


def test_the_page_is_fitted_as_it_is_for_the_screen(made):
    for form, subject, paper in PRODUCTS[:2]:
        result, _, folder = made[form]
        screen = printed(folder, form, subject, paper, profiles=())
        assert result.fit
        assert (result.fit, result.pages) == (screen.fit, screen.pages)
        with (
            pikepdf.open(folder / "out" / result.file) as one,
            pikepdf.open(folder / "out" / screen.file) as other,
        ):
            for page, same in zip(one.pages, other.pages, strict=True):
                trims = [[float(number) for number in box] for box in (page.TrimBox, same.MediaBox)]
                assert trims[0] == pytest.approx(trims[1], abs=0.001)


def test_a_drawing_goes_on_where_it_reached_the_trim(tmp_path):
    """The shipped band, whose lines run to the edge: as much of the bleed is lit as of the strip inside the trim."""
    result = build(Job(str(ROOT), "specialty", "ultrasound", output=str(tmp_path), profiles=("press",)))
    assert result.built, result.findings
    (picture,) = pictures(tmp_path / result.file)
    trim, deep = 25, round(0.1 * DPI)

    def lit(left: int, top: int, right: int, bottom: int) -> float:
        strip = picture.crop((left, top, right, bottom)).convert("L").tobytes()
        dark = min(strip)
        return sum(value > dark + 30 for value in strip) / len(strip)

    rows = trim, trim + 2 * DPI
    width = picture.width
    outside = lit(width - deep - 1, rows[0], width - 1, rows[1])
    inside = lit(width - trim - deep, rows[0], width - trim, rows[1])
    assert inside > 0.05
    assert outside == pytest.approx(inside, rel=0.5)
    assert [found for side in SIDES for found in short(picture, side, 9)] == []


def test_a_printer_may_want_more(tmp_path):
    result = printed(tmp_path, "specialty", "baker", settings=WIDE)
    (picture,) = pictures(tmp_path / "out" / result.file)
    assert colored(picture, "top", 18) > 0.99
    assert not any(short(picture, side, 18) for side in SIDES)
