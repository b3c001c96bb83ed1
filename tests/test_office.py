"""Paper for an office printer: what its checks see, what a print dialog begins with, and how its files are known."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest
import seen
import trades
from pikepdf import Dictionary, Name

from handouts.check import targets_in
from handouts.content import load_format
from handouts.document import compose
from handouts.findings import Finding
from handouts.finishing.memory import document_key
from handouts.material import gather
from handouts.pdf import draw
from handouts.preflight.coverage import ink_coverage, ink_edge
from handouts.preflight.evidence import Printed
from handouts.prepress.viewer import set_viewer
from handouts.profiles import Profile, load_profile, styles_of
from handouts.project import Project

OFFICE = {"title": "for an office printer", "safe": "0.25in", "coverage": 15}
SPOT = '<div style="position: absolute; left: {}pt; top: {}pt; width: {}pt; height: {}pt; background: {}"></div>'
INK = (90, 42, 79)


def spot(left: float, top: float, width: float, height: float, color: str = "#dde") -> str:
    """A colored box, its place measured from the corner of the page of 300 by 200 points."""
    return SPOT.format(left - 40, top - 40, width, height, color)


def judged(body: str, **profile: object) -> list[Finding]:
    """What both checks say of a page of these words and shapes."""
    material = SimpleNamespace(profile=Profile(**(OFFICE | profile)))
    product = SimpleNamespace(printed=Printed("bees.pdf", seen.paper(seen.WORDS + body)), material=material)
    return [*ink_edge(product), *ink_coverage(product)]


def test_ink_that_ends_at_the_margin_is_fine():
    assert judged(spot(18, 18, 264, 164, "#eee")) == []


@pytest.mark.parametrize(
    ("box", "side", "inches"),
    [
        ((60, 0, 20, 20), "at the top", "0.00"),
        ((60, 15, 20, 20), "at the top", "0.21"),
        ((270, 60, 20, 20), "at the right", "0.14"),
        ((60, 190, 20, 2), "at the bottom", "0.11"),
        ((9, 60, 20, 20), "at the left", "0.12"),
    ],
)
def test_ink_near_the_edge_is_told_with_its_side(box: tuple[float, ...], side: str, inches: str):
    [finding] = judged(spot(*box))
    assert (finding.id, finding.page, finding.severity) == ("ink-edge", 1, "warning")
    assert finding.message == f"ink comes to {inches} in of the edge, {side}; office printers need 0.25 in"
    left, top, _, _ = finding.box
    # The box is what lies in the margin, seen in pixels of half a point.
    corner = {"at the right": (282, 60), "at the bottom": (60, 190)}.get(side, box[:2])
    assert (left, top) == pytest.approx(corner, abs=1)


def test_a_page_that_is_cut_may_have_ink_everywhere():
    assert judged(spot(0, 0, 300, 30), bleed={"letter": "3mm"}) == []
    material = SimpleNamespace(profile=Profile(title="for the screen"))
    product = SimpleNamespace(printed=Printed("bees.pdf", seen.paper(spot(0, 0, 300, 30))), material=material)
    assert [*ink_edge(product), *ink_coverage(product)] == []
    [finding] = judged(spot(0, 0, 300, 30))
    assert "at the top, at the right, at the left;" in finding.message
    assert finding.box == pytest.approx((0, 0, 300, 30), abs=1)


def test_ink_is_counted_as_a_copier_lays_it_on():
    # A third of the page in black, and the words.
    [finding] = judged(spot(50, 75, 200, 100, "#000"))
    assert (finding.id, finding.page, finding.severity) == ("ink-coverage", 0, "warning")
    assert finding.message.startswith("takes 33.") or finding.message.startswith("takes 34.")
    assert finding.message.endswith("most of it on page 1; for an office printer it may be 15 %")
    # The same in a tint of a tenth.
    assert judged(spot(50, 75, 200, 100, "#e6e6e6")) == []
    assert judged(spot(50, 75, 200, 100, "#e6e6e6"), coverage=3)
    assert judged(spot(50, 75, 200, 100, "#000"), coverage=None) == []


def viewed(pages: int, **profile: object) -> dict[str, object]:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    document.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    set_viewer(document, Profile(**profile))
    return dict(document.Root.ViewerPreferences.items())


@pytest.mark.parametrize(
    ("pages", "edge", "flag"),
    [(2, "long", Name.DuplexFlipLongEdge), (40, "short", Name.DuplexFlipShortEdge), (1, "long", Name.Simplex)],
)
def test_the_dialog_begins_with_the_sides_of_the_paper(pages: int, edge: str, flag: Name):
    assert viewed(pages, duplex=edge) == {"/DisplayDocTitle": True, "/Duplex": flag}


def test_the_dialog_begins_with_the_size_as_it_is():
    assert viewed(1, unscaled=True) == {"/DisplayDocTitle": True, "/PrintScaling": Name("/None")}
    assert viewed(2) == {"/DisplayDocTitle": True}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of invented trades with one sheet, for the screen and for a grey office printer."""
    root = trades.copied(tmp_path_factory.mktemp("office"))
    assert trades.run(root, "build", "specialty", "baker", "--strict").exit_code == 0
    made = trades.run(root, "build", "specialty", "baker", "--for", "office", "--grey", "--strict")
    assert (made.exit_code, made.stderr) == (0, "")
    return root


def told(root: Path, *words: str) -> dict[str, list[str]]:
    """The ids of what `handouts check` finds, by file."""
    answer = trades.as_json(trades.run(root, "check", *words, "--json"))
    files = {one["file"]: [] for one in answer["files"]}
    for finding in answer["findings"]:
        files.setdefault(finding["file"], []).append(finding["id"])
    return files


@pytest.mark.parametrize("words", [(), ("specialty", "baker"), ("output/specialty/baker.office.grey.pdf",)])
def test_a_file_is_judged_by_the_profiles_of_its_name(printed: Path, words: tuple[str, ...]):
    # Held against what is for the screen, it would be older than its looks.
    found = told(printed, *words)
    assert found["output/specialty/baker.office.grey.pdf"] == []
    assert len(words) == 1 or found["output/specialty/baker.pdf"] == []


def test_a_file_by_its_name_has_its_profiles(printed: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(printed)
    names = ["output/specialty/baker.office.grey.pdf", "output/specialty/baker.pdf"]
    targets = targets_in(Project(printed), names, "output", ("letter", "a4"))
    assert [target.job and target.job.profiles for target in targets] == [("office", "grey"), ()]


def test_other_names_are_those_of_any_file(printed: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(printed)
    project, folder = Project(printed), printed / "output/specialty"
    for name in ("baker.copy.pdf", "baker.grey.copy.pdf", "baker.ink-saver.a4.pdf", "bake.grey.pdf"):
        (folder / name).write_bytes(b"%PDF")
    try:
        jobs = [target.job for target in targets_in(project, [], "output", ("letter", "a4"))]
        [other] = targets_in(project, ["output/specialty/baker.copy.pdf"], "output", ("letter", "a4"))
    finally:
        for name in ("baker.copy.pdf", "baker.grey.copy.pdf", "baker.ink-saver.a4.pdf", "bake.grey.pdf"):
            (folder / name).unlink()
    assert [(job.paper, job.profiles) for job in jobs] == [("letter", ()), ("letter", ("office", "grey"))]
    assert other.job is None


def test_what_is_older_is_built_again_for_the_same_purpose(printed: Path, tmp_path: Path):
    root = trades.copied(tmp_path)
    (root / "output/specialty").mkdir(parents=True)
    name = "output/specialty/baker.office.grey.pdf"
    (root / name).write_bytes((printed / name).read_bytes())
    trades.change(root, trades.BAKER, "the town sleeps", "the whole town sleeps")
    [finding] = trades.as_json(trades.run(root, "check", name, "--json"))["findings"]
    assert finding["id"] == "output-stale"
    assert finding["hint"] == "run: handouts build specialty baker --for office --grey"


def test_a_drawing_takes_the_color_that_it_is_asked_for(trades: Path):
    project = Project(trades)
    plain, colored = gather(project, "specialty", "baker"), gather(project, "specialty", "baker", profiles=["office"])
    color = plain.subject.front.color
    assert plain.drawn("oven-band", color) == "/templates/drawings/oven-band.svg"
    assert colored.drawn("oven-band", color) == f"/templates/drawings/oven-band.svg?line={plain.ink(color).solid[1:]}"
    (trades / "templates/drawings/square.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#fff"/></svg>',
        encoding="utf-8",
    )
    shown = {}
    for line in ("", "?line=5a2a4f", "?line=none"):
        page = pypdfium2.PdfDocument(BytesIO(draw(project, f"templates/drawings/square.svg{line}")[0]))[0]
        shown[line] = page.render(scale=1).to_pil().convert("RGB").getpixel((50, 50))
    assert shown == {"": (255, 255, 255), "?line=5a2a4f": INK, "?line=none": (255, 255, 255)}


def test_a_sheet_is_older_than_a_drawing_in_color(trades: Path):
    page = '<div style="background: url(/templates/drawings/oven.svg?line=5a2a4f)"></div>'

    def key() -> str:
        project = Project(trades)
        document = compose(project, gather(project, "specialty", "baker", profiles=["office"]), "a4")
        return document_key(project, replace(document, html=page))

    drawing, before = trades / "templates/drawings/oven.svg", key()
    drawing.write_text(drawing.read_text(encoding="utf-8").replace("</svg>", "<g/></svg>"), encoding="utf-8")
    assert key() != before


def test_two_profiles_at_once_have_a_sheet_of_their_own():
    project = Project(trades.PROJECT)
    form = load_format(project, "specialty")

    def styles(*names: str) -> list[str]:
        found = styles_of(project, load_profile(project, names), form)
        return [name.removeprefix("styles/profiles/") for name in found]

    assert styles("office") == ["office/specialty.css"]
    alone = ["office/specialty.css", "large-print/base.css", "large-print/specialty.css"]
    assert styles("office", "large-print") == [*alone, "office/large-print.css"]
