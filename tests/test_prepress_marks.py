"""Crop marks and the slug line: where they stand, in which ink, and what the line says."""

import pikepdf
import pypdfium2
import pytest

from handouts.pdf import forget
from handouts.prepress.boxes import ROOM, set_boxes
from handouts.prepress.marks import GAP, SIZE, crop_marks, mark
from handouts.project import font_files
from tests.trimmed import DPI, SIDES, edge, pictures, printed

TRIM, BLEED = (0.0, 0.0, 396.0, 612.0), 9.0


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A topic of two pages with marks, what was built, and the same without."""
    folder = tmp_path_factory.mktemp("marks")
    result = printed(folder, "topic", "apprenticeship", wishes=(("marks", "true"),))
    marked = (folder / "out" / result.file).read_bytes()
    plain = printed(folder, "topic", "apprenticeship")
    (folder / "plain.pdf").write_bytes((folder / "out" / plain.file).read_bytes())
    (folder / "marked.pdf").write_bytes(marked)
    yield folder, result
    forget()


def lines_of(pdf) -> list[list[str]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range().replace("\xa0", " ").split("\r\n") for page in document]
    finally:
        document.close()


def ours(page: pikepdf.Page) -> list[tuple[list, str]]:
    """The operators of a page after the last of its own."""
    found = pikepdf.parse_content_stream(page)
    starts = [at for at, (_, operator) in enumerate(found) if str(operator) == "BMC"]
    return [(list(operands), str(operator)) for operands, operator in found[starts[-1] :]]


def blank(width: float, height: float) -> pikepdf.Pdf:
    document = pikepdf.new()
    page = document.add_blank_page(page_size=(width, height))
    page.obj.TrimBox = [0, 0, width, height]
    set_boxes(document, BLEED, True)
    return document


def test_two_marks_at_each_corner_in_line_with_the_trim_and_outside_the_bleed():
    left, bottom, right, top = TRIM
    lines = list(crop_marks(TRIM, BLEED))
    assert len(set(lines)) == 8
    upright = [line for line in lines if line[0] == line[2]]
    assert sorted({line[0] for line in upright}) == [left, right]
    assert sorted({line[1] for line in lines if line not in upright}) == [bottom, top]
    for x0, y0, x1, y1 in lines:
        beyond = max(left - max(x0, x1), bottom - max(y0, y1), min(x0, x1) - right, min(y0, y1) - top)
        assert beyond >= BLEED + GAP
        assert max(left - min(x0, x1), bottom - min(y0, y1), max(x0, x1) - right, max(y0, y1) - top) <= BLEED + ROOM


def test_between_bleed_and_marks_the_paper_is_white(made):
    """Nor does the page's own color go on where the sheet does."""
    folder, _ = made
    room, gap = ROOM / 72 * DPI, GAP / 72 * DPI
    for picture in pictures(folder / "marked.pdf"):
        width, height = picture.size
        box = [round(room - gap) + 1, round(room) - 2]
        strips = [
            (box[0], box[0], box[1], height - box[0]),
            (width - box[1], box[0], width - box[0], height - box[0]),
            (box[0], box[0], width - box[0], box[1]),
            (box[0], height - box[1], width - box[0], height - box[0]),
        ]
        assert [picture.crop(strip).getextrema() for strip in strips] == [((255, 255),) * 3] * 4


def test_marks_are_drawn_on_every_page_at_all_four_corners(made):
    folder, _ = made
    for picture in pictures(folder / "marked.pdf"):
        for side in SIDES:
            # Each side has the two marks that lie across it, at the trim of the sides beside it.
            dark = [number for number, (inner, _) in enumerate(edge(picture, side, 18.0)) if max(inner) < 160]
            long = picture.height if side in ("left", "right") else picture.width
            at = {round((ROOM + 9) / 72 * DPI) // 20, (long - round((ROOM + 9) / 72 * DPI)) // 20}
            assert all(any(abs(number - one) <= 1 for number in dark) for one in at), side


def test_the_slug_names_file_revision_page_and_the_month_of_the_content(made):
    folder, result = made
    said = [lines[-1] for lines in lines_of(folder / "marked.pdf")]
    assert said == [
        f"{result.file} · Revision {result.revision} · page {number} of 2 · Reviewed January 2030"
        for number in (1, 2)
    ]


def test_marks_are_hairlines_of_black_alone_and_no_content(made):
    folder, _ = made
    with pikepdf.open(folder / "marked.pdf") as document:
        for page in document.pages:
            operators = ours(page)
            assert operators[0][0] == [pikepdf.Name.Artifact]
            setting = {"K", "k", "G", "g", "RG", "rg", "CS", "cs", "SC", "sc", "SCN", "scn"}
            colors = {(name, *map(float, values)) for values, name in operators if name in setting}
            assert colors == {("K", 0, 0, 0, 1), ("k", 0, 0, 0, 1)}
            assert [float(values[0]) for values, name in operators if name == "w"] == [0.25]
            assert sum(name == "S" for _, name in operators) == 8
            assert [float(values[1]) for values, name in operators if name == "Tf"] == [SIZE]


def test_the_slug_has_a_small_font_of_its_own(made):
    folder, _ = made
    with pikepdf.open(folder / "marked.pdf") as document:
        fonts = {page.obj.Resources.Font["/HandoutsSlug"].objgen for page in document.pages}
        assert len(fonts) == 1
        font = document.pages[0].obj.Resources.Font["/HandoutsSlug"]
        assert font.BaseFont == "/HNDSLG+SourceSansPro-Regular"
        assert len(font.DescendantFonts[0].FontDescriptor.FontFile2.read_raw_bytes()) < 4_000


def test_there_are_none_unless_they_are_asked_for(made):
    folder, _ = made
    with pikepdf.open(folder / "plain.pdf") as document:
        assert not any("/HandoutsSlug" in page.obj.Resources.Font for page in document.pages)
        assert all(list(page.MediaBox) == list(page.obj.BleedBox) for page in document.pages)
    assert not any("page 1 of" in line for lines in lines_of(folder / "plain.pdf") for line in lines)


@pytest.mark.parametrize(("width", "count"), [(612, 1), (120, 2)])
def test_a_narrow_page_takes_two_lines(width, count, tmp_path):
    document = blank(width, 200)
    mark(document, [("a/name.pdf · Revision 1", "page 1 of 1 · May 2026")], face(), BLEED, "cmyk")
    document.save(tmp_path / "one.pdf")
    (lines,) = lines_of(tmp_path / "one.pdf")
    assert len(lines) == count
    assert " · ".join(lines) == "a/name.pdf · Revision 1 · page 1 of 1 · May 2026"


def test_greys_stay_grey():
    document = blank(300, 200)
    mark(document, [("a", "b")], face(), BLEED, "grey")
    assert {name for _, name in ours(document.pages[0]) if name in "KkGg"} == {"G", "g"}


def face() -> bytes:
    return font_files()["SourceSansPro-Regular.ttf"].read_bytes()
