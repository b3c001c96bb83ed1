"""The drawings on disk are what tools/draw.py computes, and hold to what the press and the layout engine can print."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import draw  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"": (600, 600), "-band": (1000, 640), "-tall": (550, 850)}
# How far those go on beyond that on each side which are for paper that is trimmed.
PAST = {"-band": 60, "-tall": 40}
LARGEST = 50_000
BLEEDING = sorted([*(f"{motif}-band-bleed.svg" for motif in draw.MOTIFS), "cover-tall-bleed.svg"])
FILES = sorted(
    [*(f"{motif}{end}.svg" for motif in draw.MOTIFS for end in SIZES), "cover.svg", "cover-tall.svg", *BLEEDING]
)
ATTRIBUTES = {
    "svg": {"width", "height", "viewBox"},
    "g": {"fill", "stroke", "stroke-width", "stroke-linecap"},
    "path": {"stroke-opacity", "d"},
}


def suffix(name: str) -> str:
    return re.search(r"(-band|-tall)?(-bleed)?\.svg$", name).group(1) or ""


def opacities_at(name: str, box: tuple[float, float, float, float]) -> list[float]:
    """Opacities of all runs that start in the box (left, top, right, bottom)."""
    left, top, right, bottom = box
    found = []
    for path in ET.parse(draw.DRAWINGS / name).iter(f"{SVG}path"):
        starts = re.findall(r"M(-?[\d.]+) (-?[\d.]+)", path.get("d"))
        if any(left <= float(x) < right and top <= float(y) < bottom for x, y in starts):
            found.append(float(path.get("stroke-opacity")))
    return found


@pytest.fixture(scope="module")
def drawn():
    """The text of every drawing by the name of its file: some seconds of arithmetic."""
    return draw.draw()


def test_files_are_fresh(drawn):
    assert draw.stale(drawn) == []


def test_stale_names_changed_and_missing_files_and_leaves_foreign_ones(tmp_path):
    (tmp_path / "same.svg").write_text("a", encoding="utf-8")
    (tmp_path / "changed.svg").write_text("a", encoding="utf-8")
    (tmp_path / "foreign.svg").write_text("a", encoding="utf-8")
    drawings = {"same.svg": "a", "changed.svg": "b", "missing.svg": "c"}
    assert draw.stale(drawings, tmp_path) == ["changed.svg", "missing.svg"]


def test_every_motif_has_its_framings(drawn):
    assert sorted(drawn) == FILES


@pytest.mark.parametrize("name", FILES)
def test_white_strokes_only(name):
    root = ET.parse(draw.DRAWINGS / name).getroot()
    past = PAST[suffix(name)] if name in BLEEDING else 0
    width, height = (side + 2 * past for side in SIZES[suffix(name)])
    assert (root.get("width"), root.get("height")) == (str(width), str(height))
    assert root.get("viewBox") == f"{-past} {-past} {width} {height}"
    for element in root.iter():
        kind = element.tag.removeprefix(SVG)
        assert kind in ATTRIBUTES
        assert set(element.attrib) <= ATTRIBUTES[kind]
        assert not (element.text or "").strip()
        if kind == "g":
            assert (element.get("stroke"), element.get("fill")) == ("#fff", "none")


@pytest.mark.parametrize("name", BLEEDING)
def test_a_bleeding_drawing_is_the_same_within_its_edges_and_goes_on_beyond_them(name):
    width, height = SIZES[suffix(name)]
    plain = name.replace("-bleed", "")
    assert opacities_at(name, (0, 0, width, height)) == opacities_at(plain, (0, 0, width, height))
    if name.startswith(("cover", "ultrasound", "mri")):
        assert (draw.DRAWINGS / name).stat().st_size > (draw.DRAWINGS / plain).stat().st_size + 500


@pytest.mark.parametrize("name", FILES)
def test_two_line_weights(name):
    groups = ET.parse(draw.DRAWINGS / name).getroot().iter(f"{SVG}g")
    lines = {group.get("stroke-width") for group in groups if group.get("stroke-linecap") is None}
    assert len(lines) == 2


@pytest.mark.parametrize("name", FILES)
def test_small_enough(name):
    assert (draw.DRAWINGS / name).stat().st_size < LARGEST


@pytest.mark.parametrize("name", [name for name in FILES if suffix(name) == "-band"])
def test_band_leaves_the_left_to_the_text(name):
    assert opacities_at(name, (-9, -9, 300, 700)) == []


@pytest.mark.parametrize("name", [name for name in FILES if suffix(name) == "-tall"])
def test_tall_leaves_the_bottom_to_the_title(name):
    assert max(opacities_at(name, (-9, 850 * 0.65, 600, 900)), default=0) <= 0.15
