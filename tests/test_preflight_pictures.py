"""Pictures of too few pixels."""

from __future__ import annotations

import pytest
from seen import WORDS, only, paper, picture, seen


def image(pixels: tuple[int, int], width: str, style: str = "") -> str:
    return f'{WORDS}<img alt="Bees" style="width: {width}; {style}" src="{picture(*pixels)}">'


@pytest.mark.parametrize(
    ("pixels", "severity", "ppi"), [(299, "warning", 215), (210, "warning", 151), (190, "error", 137)]
)
def test_a_picture_of_too_few_pixels(pixels: int, severity: str, ppi: int):
    finding = only(paper(image((pixels, 100), "100pt")))
    assert (finding.id, finding.severity, finding.page) == ("image-resolution", severity, 1)
    assert f"{pixels} × 100 pixels prints at {ppi} ppi" in finding.message
    assert "at least 420 pixels wide" in finding.hint
    assert finding.box[2] - finding.box[0] == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize(
    "body",
    [
        image((417, 100), "100pt"),
        image((40, 10), "11pt"),  # too small to look at
        image((200, 1), "100pt", "height: 40pt"),  # a tint, stretched
        image((200, 100), "100pt", "position: absolute; left: 400pt"),  # beside the page
    ],
)
def test_pictures_that_are_fine_enough(body: str):
    assert seen(paper(body)) == []


def test_the_same_picture_again_is_one_finding():
    one = image((100, 100), "30pt")
    assert "prints, 2 times, at 240 ppi" in only(paper(one + one)).message


def test_the_coarser_direction_counts():
    assert only(paper(image((600, 100), "100pt", "height: 50pt"))).severity == "error"
