"""Boxes of pages, color up to the end of the bleed, and what all other checks say of a page that is to be trimmed."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array
from plates import BLEED, GROUND, HIGH, PRESS, WIDE, WORDS, form, found, only, product, sheet
from seen import WORDS as SEEN_WORDS
from seen import edited, paper, seen
from seen import picture as stripes

from handouts.preflight import trimming
from handouts.preflight.evidence import Printed
from handouts.preflight.placement import safe_margin
from handouts.preflight.table import judge_any
from handouts.profiles import Profile

CM = "0.9 0.5 0 0 k"


def boxes(**sides: object) -> Callable[[pikepdf.Pdf], None]:
    """Boxes of the first page: edges, or None for none."""

    def edit(pdf: pikepdf.Pdf) -> None:
        for key, edges in sides.items():
            if edges is None:
                del pdf.pages[0].obj[f"/{key}"]
            else:
                pdf.pages[0].obj[f"/{key}"] = Array(edges)

    return edit


# ---- boxes


def test_boxes_as_they_are_asked_for():
    assert found(trimming.page_boxes, sheet(pages=2)) == []
    # A hundredth of an inch is what a shop may be off.
    assert found(trimming.page_boxes, sheet(edit=boxes(BleedBox=[-9.7, -9, 309, 209]))) == []


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ({"TrimBox": None}, "has no TrimBox: nothing says where the page is cut"),
        ({"BleedBox": None}, "has no BleedBox; the bleed is 0.125 in"),
        (
            {"BleedBox": [-9, -9, 309, 203]},
            "its BleedBox is 0.042 in beyond the trim on the upper side; the bleed is 0.125 in",
        ),
        (
            {"BleedBox": [-12, -9, 309, 209]},
            "its BleedBox is 0.167 in beyond the trim on the left side; the bleed is 0.125 in",
        ),
        (
            {"TrimBox": [0, 0, 300, 201], "BleedBox": [-9, -9, 309, 210]},
            "is trimmed to 4.167 × 2.792 in; its paper is 4.167 × 2.778 in",
        ),
        (
            {"MediaBox": [-5, -9, 309, 209]},
            "its MediaBox is smaller than its BleedBox, so some of the bleed is not there",
        ),
    ],
)
def test_a_box_that_is_wrong(sides: dict[str, object], message: str):
    finding = only(trimming.page_boxes, sheet(edit=boxes(**sides)))
    assert (finding.id, finding.severity, finding.page, finding.message) == ("page-boxes", "error", 1, message)


def test_a_fault_of_many_pages_is_told_once():
    def edit(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            del page.obj["/BleedBox"]

    finding = only(trimming.page_boxes, sheet(edit=edit, pages=3))
    assert finding.message == "has no BleedBox; the bleed is 0.125 in, and 2 pages more"


def test_no_boxes_are_asked_of_a_file_without_bleed():
    data = sheet(edit=boxes(TrimBox=None, BleedBox=None))
    assert found(trimming.page_boxes, data, Profile()) == []


# ---- bleed


@pytest.mark.parametrize(
    "drawing",
    [
        WORDS,
        GROUND,
        f"{CM} 20 20 260 160 re f",  # touches nothing
        f"{CM} -9 150 318 59 re f",  # a band over three sides
        f"{CM} -9 -9 30 218 re f 0 0 0 1 k 40 60 50 5 re f",
        f"{CM} 100 -9 m 118 -9 l 200 209 l 182 209 l f",  # a stripe aslant
        f"{CM} 0 191 m -9 200 l -9 209 l 0 209 l 18 191 l f",  # over a corner, aslant
    ],
)
def test_color_that_goes_on_or_does_not_touch_the_trim(drawing: str):
    assert found(trimming.bleed_short, sheet(drawing)) == []


@pytest.mark.parametrize(
    ("drawing", "sides", "reach", "box"),
    [
        (f"{CM} 0 0 300 200 re f", "left, upper, right and lower sides", "0.00", (0, 0, 1, 200)),
        (f"{CM} -9 150 318 50 re f", "upper side", "0.00", (0, 0, 300, 1)),
        (f"{CM} 0 60 40 50 re f", "left side", "0.00", (0, 90, 1, 140)),
        (f"{CM} 260 60 43.6 50 re f", "right side", "0.05", (299, 90, 300, 140)),
        (f"{CM} 60 -4.4 50 40 re f", "lower side", "0.06", (60, 199, 110, 200)),
        ("0 0 0 0.06 k 0 60 40 50 re f", "left side", "0.00", (0, 90, 1, 140)),  # a pale tint
        ("1 0 0 rg 60 170 50 30 re f", "upper side", "0.00", (60, 0, 110, 1)),
    ],
)
def test_color_that_ends_before_the_bleed_does(drawing: str, sides: str, reach: str, box: tuple[float, ...]):
    finding = only(trimming.bleed_short, sheet(drawing))
    assert (finding.id, finding.severity, finding.page) == ("bleed-short", "error", 1)
    assert finding.message == (
        f"color touches the trim on the {sides} and ends {reach} in beyond it; the bleed is 0.125 in"
    )
    assert finding.box == pytest.approx(box, abs=1.1)


def test_a_corner_that_is_left_white():
    finding = only(trimming.bleed_short, sheet(f"{GROUND} 0 0 0 0 k 300 200 9 9 re f"))
    assert "on the upper side and ends" in finding.message or "on the right side and ends" in finding.message


def test_a_gap_beside_color_that_goes_on():
    drawing = f"{CM} -9 100 30 109 re f -9 191 200 18 re f 0 0 21 100 re f"
    message = only(trimming.bleed_short, sheet(drawing)).message
    assert message.startswith("color touches the trim on the left and lower sides")


def test_a_file_without_bleed_may_end_at_its_trim():
    assert found(trimming.bleed_short, sheet(f"{CM} 0 0 300 200 re f"), Profile()) == []


def test_the_trimmed_page_is_the_same_after_a_look_at_its_bleed():
    page = product(sheet(f"{GROUND} {CM} 0 0 300 200 re f")).printed.pages[0]
    before = page.raster(72).tobytes()
    bled = page.bled(72, BLEED)
    assert bled.size == (WIDE + 2 * BLEED, HIGH + 2 * BLEED)
    assert bled.getpixel((2, 2)) != bled.getpixel((20, 20))
    assert page.raster(72).tobytes() == before


# ---- what other checks say of a page within a larger one


def shifted(by: float) -> Callable[[pikepdf.Pdf], None]:
    """The page in the middle of a sheet that begins so many points from its corner, with marks and a slug around it."""

    def edit(pdf: pikepdf.Pdf) -> None:
        for page in pdf.pages:
            wide, high = (float(edge) for edge in page.mediabox[2:])
            slug = f"BT 0 0 0 1 k /slug 6 Tf 1 0 0 1 {by + 20} {by - 20} Tm (Slug, page 1 of 2) Tj ET"
            marks = f"0.1 w 0 0 0 1 K {by - 30} {by} m {by - 12} {by} l {by} {by + high + 12} m {by} {by + high + 30} l"
            font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
            page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/slug"))
            page.contents_add(f"q 1 0 0 1 {by} {by} cm\n".encode(), prepend=True)
            page.contents_add(f"\nQ\n{slug}\n{marks} S".encode())
            page.obj.TrimBox = Array([by, by, by + wide, by + high])
            page.obj.BleedBox = Array([by - 9, by - 9, by + wide + 9, by + high + 9])
            page.obj.MediaBox = page.obj.CropBox = Array([by - 36, by - 36, by + wide + 36, by + high + 36])

    return edit


BODIES = {
    "nothing": SEEN_WORDS,
    "near the edge": f'{SEEN_WORDS}<p style="position: absolute; left: -30pt; top: 20pt">Some words</p>',
    "over the edge": f'<p style="position: absolute; left: 150pt; white-space: nowrap">{"Many words " * 4}</p>',
    "over each other": f'{SEEN_WORDS}<p style="position: absolute; left: 10pt; top: 4pt">Other words</p>',
    "cut": '<p style="overflow: hidden; height: 8pt">Words that are cut</p>',
    "small": '<p style="font-size: 7pt">Small words</p>',
    "pale": '<p style="color: #ccc">Pale words</p>',
    "pale in CMYK": '<p style="color: device-cmyk(0 0 0 0.2)">Pale words</p>',
    "dark on dark in CMYK": '<p style="background: device-cmyk(0.9 0.5 0.4 0.3)">Dark words on a dark ground</p>',
    "coarse": f'<img style="width: 1in" src="{stripes(40, 40)}">',
}


@pytest.mark.parametrize("by", [36.0, 0.0, 500.0])
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_larger_sheet_around_a_page_changes_no_finding(body: str, by: float):
    plain = paper(body)
    around = edited(plain, shifted(by))
    # The slug is in a font of its own, which a file for a press would hold.
    told = [finding for finding in seen(around) if finding.id != "font-embedded"]
    expected = seen(plain)
    assert [(one.id, one.message, one.severity, one.box) for one in told] == [
        (one.id, one.message, one.severity, one.box) for one in expected
    ]
    assert bool(expected) == (body != SEEN_WORDS)


def test_a_slug_is_no_text_of_the_page():
    printed = Printed("bees.pdf", edited(paper(), shifted(36)))
    assert printed.text == "Plain words in black"
    assert "Slug," in [word.text for word in printed.pages[0].words]


@pytest.mark.parametrize(
    ("safe", "left", "told"),
    [
        (None, 16, ("warning", "need 0.25 in")),
        ("0.125in", 16, None),
        ("0.125in", 8, ("error", "need 0.125 in")),
        ("0.5in", 30, ("warning", "need 0.5 in")),
        ("0.5in", 7, ("error", "need 0.5 in")),
        ("0.05in", 7, None),
    ],
)
def test_the_safe_margin_is_that_of_the_profile(safe: str | None, left: float, told: tuple[str, str] | None):
    body = f'<p style="position: absolute; left: {left - 40}pt; top: 20pt">Some words</p>'
    profile = Profile(**({"safe": safe} if safe else {}))
    findings = list(safe_margin(Printed("bees.pdf", edited(paper(body), shifted(36))), profile))
    assert [(one.severity, told[1] in one.message) for one in findings if told] == ([(told[0], True)] if told else [])
    assert len(findings) == bool(told)


def test_tags_are_asked_of_what_is_read_and_not_of_what_is_printed():
    def asked(profile: Profile | None) -> set[str]:
        return {one.id for one in judge_any(Printed("bees.pdf", sheet(pages=22)), profile)}

    about_reading = {"tags-missing", "language-missing", "title-missing", "bookmarks-missing"}
    assert asked(Profile()) & about_reading == about_reading
    # Without a profile it goes by the bleed.
    assert asked(PRESS) & about_reading == asked(None) & about_reading == set()
    assert asked(PRESS) == asked(Profile()) - about_reading


def test_forms_hold_color_that_bleeds_too():
    data = sheet("/one Do", XObject={"one": form(f"{CM} 0 0 300 200 re f")})
    assert len(found(trimming.bleed_short, data)) == 1
