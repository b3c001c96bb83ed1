"""What stands beside a press file: its job ticket, and a booklet's cover and inside; and that the ledger knows it."""

import hashlib
import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from handouts.build import build, unchanged
from handouts.document import compose
from handouts.job import Job
from handouts.material import gather_job
from handouts.pdf import forget
from handouts.prepress.covers import cover_and_inside
from handouts.prepress.icc import Press
from handouts.prepress.ticket import as_page, as_text, ticket_of
from handouts.project import Project
from tests.trimmed import printed

TWO_FILES = "\n[profiles.press]\nseparate_cover = true\n"
NAMES = ["cover.pdf", "inside.pdf", "pdf", "ticket.pdf", "ticket.txt"]


@pytest.fixture(scope="module")
def leaflet(tmp_path_factory):
    """A booklet of 16 pages with its cover apart: the folder of its outputs, and the job."""
    folder = tmp_path_factory.mktemp("ticket")
    result = printed(folder, "leaflet", settings=TWO_FILES)
    yield folder / "out", result
    forget()


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    """The trade card's project, material and document."""
    folder = tmp_path_factory.mktemp("card")
    job = printed(folder, "card", "baker", paper="a4").job
    project = Project(folder / "trades")
    material = gather_job(project, job)
    yield project, material, compose(project, material, job.paper)
    forget()


def texts(pdf) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def blank(pages: int, width: float = 306, height: float = 396) -> bytes:
    document, written = pikepdf.new(), BytesIO()
    for _ in range(pages):
        document.add_blank_page(page_size=(width, height)).obj.TrimBox = [0, 0, width, height]
    document.save(written, static_id=True)
    return written.getvalue()


@pytest.mark.parametrize(
    ("pages", "cover", "inside"),
    [(4, [0, 1, 2, 3], []), (8, [0, 1, 6, 7], [2, 3, 4, 5]), (40, [0, 1, 38, 39], list(range(2, 38)))],
)
def test_a_cover_is_two_pages_at_either_end(pages, cover, inside):
    assert cover_and_inside(pages) == (cover, inside)


def test_cover_and_inside_are_two_files_beside_the_whole(leaflet):
    out, result = leaflet
    found = sorted(path.name.removeprefix("leaflet.press.") for path in out.glob("leaflet*"))
    assert found == NAMES
    whole = texts(out / result.file)
    assert texts(out / "leaflet.press.cover.pdf") == [whole[0], whole[1], whole[-2], whole[-1]]
    assert texts(out / "leaflet.press.inside.pdf") == whole[2:-2]
    for name in ("cover", "inside"):
        with pikepdf.open(out / f"leaflet.press.{name}.pdf") as part:
            assert not {"/StructTreeRoot", "/Outlines", "/PageLabels"} & set(part.Root.keys())
            for page in part.pages:
                assert [float(number) for number in page.obj.TrimBox] == pytest.approx([0, 0, 396, 612], abs=0.01)
                assert [float(number) for number in page.obj.BleedBox] == pytest.approx([-9, -9, 405, 621], abs=0.01)


def test_the_ticket_says_what_a_shop_asks(leaflet):
    out, result = leaflet
    text = (out / "leaflet.press.ticket.txt").read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 80
    for line in (
        "JOB TICKET\nMade by hand\n",
        f"Edition       revision {result.revision}, reviewed January 2030",
        "Trimmed size  5.5 × 8.5 in (139.7 × 215.9 mm), upright",
        "Bleed         0.125 in (3.2 mm) on all sides",
        "Crop marks    none in the file",
        "Pages         16, 12 inside and 4 of the cover; single pages, in reading order",
        "Colors        4/4: cyan, magenta, yellow, black; running text in black alone",
        "Fold          once, from 11 × 8.5 in",
        "Binding       saddle stitch, two staples in the fold",
        f"Paper, cover  {'_' * 40}",
        f"Quantity      {'_' * 40}",
    ):
        assert line in text


def test_the_ticket_has_name_pages_and_hash_of_every_file(leaflet):
    out, _ = leaflet
    text = (out / "leaflet.press.ticket.txt").read_text(encoding="utf-8")
    told = re.findall(r"^File +(\S+) \((\d+) pages\)\nSHA-256 +([0-9a-f]{64})$", text, re.MULTILINE)
    assert [name for name, *_ in told] == [f"leaflet.press{part}.pdf" for part in ("", ".cover", ".inside")]
    for name, pages, digest in told:
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
        assert len(texts(out / name)) == int(pages)


def test_the_page_says_the_same_in_the_faces_of_the_house(leaflet):
    out, _ = leaflet
    (page,) = texts(out / "leaflet.press.ticket.pdf")
    text = (out / "leaflet.press.ticket.txt").read_text(encoding="utf-8")
    for value in (*re.findall(r"^[A-Z][\w ]+?  +([^_\n]+)$", text, re.MULTILINE), "Paper, inside", "Quantity"):
        hashed = re.fullmatch("[0-9a-f]{64}", value)
        said = " ".join(re.findall(".{8}", value)) if hashed else re.sub(r" \(\d+ pages\)$", "", value)
        assert said in page
    with pikepdf.open(out / "leaflet.press.ticket.pdf") as document:
        fonts = {str(font.BaseFont) for font in document.pages[0].obj.Resources.Font.values()}
        assert fonts
        assert all(re.search(r"Source-?(Sans|Serif)", name) for name in fonts)


def test_the_ledger_holds_all_of_the_files(leaflet):
    out, result = leaflet
    (again,) = unchanged([result.job])
    assert (again.fresh, again.pages) == (True, 16)
    for name in NAMES:
        path = out / f"leaflet.press.{name}"
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        assert unchanged([result.job]) == []
        path.unlink()
        assert unchanged([result.job]) == []
        path.write_bytes(before)
    assert len(unchanged([result.job])) == 1


def test_the_same_ticket_on_every_run(card):
    project, material, document = card
    files = {"card/baker.a4.press.pdf": blank(1)}
    tickets = [ticket_of(document, material, "a4", files, None) for _ in range(2)]
    assert as_text(tickets[0]) == as_text(tickets[1])
    assert as_page(project, tickets[0], material, "a4") == as_page(project, tickets[1], material, "a4")


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (1, ("1, one side;", "4/0: cyan")),
        (2, ("2, both sides;", "4/4: cyan")),
        (4, ("4, both sides;", "Fold          none")),
    ],
)
def test_a_sheet_is_neither_folded_nor_bound(card, pages, said):
    _, material, document = card
    text = as_text(ticket_of(document, material, "a4", {"x.pdf": blank(pages)}, None)).decode()
    assert all(words in text for words in (*said, "Binding       none", "Bleed         0.118 in (3 mm) on all sides"))
    assert "Paper         ____" in text


def test_the_ticket_names_the_press_or_asks_for_it(card):
    _, material, document = card
    known, unknown = (
        " ".join(as_text(ticket_of(document, material, "a4", {"x.pdf": blank(1)}, press)).decode().split())
        for press in (Press(b"", "Coated of the shop"), None)
    )
    assert "Press PDF/X-4, output intent “Coated of the shop”" in known
    assert "Press no output intent: please send us the ICC profile of your press and paper" in unknown


def test_a_ticket_is_no_format_and_a_screen_file_has_none(card, tmp_path):
    project, *_ = card
    assert "ticket" not in project.formats()
    result = build(Job(str(project.root), "card", "baker", output=str(tmp_path)))
    assert result.built
    assert [path.name for path in (tmp_path / "card").iterdir()] == ["baker.pdf"]
