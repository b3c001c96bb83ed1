"""TrimBox, BleedBox, MediaBox and CropBox, to a hundredth of an inch, with and without marks."""

import pikepdf
import pytest

from handouts.prepress.boxes import ROOM, grown, set_boxes, trim_of

HUNDREDTH = 0.72
BOXES = ("/TrimBox", "/BleedBox", "/MediaBox", "/CropBox")
PAPERS = {"letter": (612, 792, 9.0), "a4": (210 / 25.4 * 72, 297 / 25.4 * 72, 3 / 25.4 * 72)}


def document(width: float, height: float, bleed: float) -> pikepdf.Pdf:
    """Two pages as the engine writes them: it lets no BleedBox go further than 10 points."""
    made = pikepdf.new()
    capped = min(10.0, bleed)
    for _ in range(2):
        page = made.add_blank_page(page_size=(width, height)).obj
        page.MediaBox = [-bleed, -bleed, width + bleed, height + bleed]
        page.BleedBox = [-capped, -capped, width + capped, height + capped]
        page.TrimBox = [0, 0, width, height]
        page.ArtBox = [0, 0, width, height]
    return made


def boxes(made: pikepdf.Pdf) -> list[list[list[float]]]:
    return [[[float(number) for number in page.obj[box]] for box in BOXES] for page in made.pages]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("marks", [False, True])
@pytest.mark.parametrize("more", [0, 9])
def test_every_page_has_exact_boxes(paper, marks, more):
    width, height, bleed = PAPERS[paper]
    bleed += more
    made = document(width, height, bleed)
    set_boxes(made, bleed, marks)
    room = ROOM if marks else 0
    wanted = [[-by, -by, width + by, height + by] for by in (0, bleed, bleed + room, bleed + room)]
    for page in boxes(made):
        for found, expected in zip(page, wanted, strict=True):
            assert found == pytest.approx(expected, abs=HUNDREDTH / 10)
    assert not any("/ArtBox" in page.obj for page in made.pages)


def test_each_box_holds_the_one_inside():
    made = document(396, 612, 9)
    set_boxes(made, 9, True)
    for trim, bleed, media, crop in boxes(made):
        assert media == crop
        for inner, outer in ((trim, bleed), (bleed, media)):
            assert all(a > b for a, b in zip(inner[:2], outer[:2], strict=True))
            assert all(a < b for a, b in zip(inner[2:], outer[2:], strict=True))


def test_a_box_grows_on_all_sides():
    assert grown((0, 0, 10, 20), 3) == (-3, -3, 13, 23)


def test_what_is_trimmed_to_is_read_from_the_page():
    made = document(100, 200, 9)
    assert trim_of(made.pages[1]) == (0, 0, 100, 200)
