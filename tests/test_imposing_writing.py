"""Sheets as files: what of a PDF survives on them, what goes, and what cannot be imposed."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from imposed import numbered, rasters, saved
from pikepdf import Array, Dictionary, Name, String
from sheets import DRAWING, SENTENCE, edited, sheet

from handouts.findings import Findings
from handouts.imposing.papers import PAPERS
from handouts.imposing.plan import Wish
from handouts.imposing.writing import impose, planned
from handouts.preflight.evidence import Printed
from handouts.preflight.table import judge_any

BODY = "".join(
    f'<h1 id="part{n}" style="break-before: page">Part {n}</h1><p>{SENTENCE} <a href="#part1">Back</a>, or read '
    f'<a href="https://example.org/bees">more</a>. {DRAWING}</p>'
    for n in range(1, 6)
)


def sheets_of(pdf: bytes, wish: Wish | None = None) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(written(pdf, wish)))


def written(pdf: bytes, wish: Wish | None = None) -> bytes:
    wish = wish or Wish()
    return impose(pdf, planned(pdf, wish, "bees.pdf", "bees"))


def refused(pdf: bytes) -> str:
    with pytest.raises(Findings) as caught:
        planned(pdf, Wish(), "bees.pdf", "bees")
    return str(caught.value)


def test_what_is_for_a_screen_goes() -> None:
    def tag(pdf: pikepdf.Pdf) -> None:
        pdf.Root.PageMode = Name.UseOutlines
        pdf.pages[0].obj.Contents.StructParents = 7

    pdf = edited(sheet(BODY), tag)
    with sheets_of(pdf) as found:
        assert set(found.Root.keys()) == {"/Type", "/Pages", "/Lang", "/ViewerPreferences"}
        assert dict(found.docinfo) == {
            "/Title": "Working with bees (sheets: 2-up saddle stitch)",
            "/Producer": "handouts",
            "/HandoutsSheets": "2-up saddle stitch",
        }
        for page in found.pages:
            assert set(page.obj.keys()) == {
                *("/Type", "/Parent", "/MediaBox", "/TrimBox", "/BleedBox", "/Resources", "/Contents"),
            }
        heads = (Dictionary(dict(one.items())) for one in found.objects if isinstance(one, Dictionary | pikepdf.Stream))
        every = b"".join(head.unparse() for head in heads)
        assert not [key for key in (b"/StructParent", b"/Annot", b"/URI", b"/StructElem", b"/Dest") if key in every]


def test_what_is_ink_stays_as_it_was() -> None:
    source = sheet(BODY)
    with pikepdf.open(BytesIO(source)) as before, sheets_of(source) as after:

        def fonts(pdf: pikepdf.Pdf) -> set[bytes]:
            return {
                bytes(obj.FontFile2.read_bytes())
                for obj in pdf.objects
                if isinstance(obj, Dictionary) and "/FontFile2" in obj
            }

        assert fonts(before) == fonts(after) != set()
        assert len(after.pages) == 4 and len(before.pages) == 5
        forms = [form for page in after.pages for form in page.obj.Resources.XObject.values()]
        assert {form.Subtype for form in forms} == {Name.Form}
        assert sorted(form.read_bytes() for form in forms) == sorted(p.obj.Contents.read_bytes() for p in before.pages)


@pytest.mark.parametrize(("duplex", "name"), [("short", "/DuplexFlipShortEdge"), ("long", "/DuplexFlipLongEdge")])
def test_the_printer_is_told_how_to_turn_the_sheets(duplex: str, name: str) -> None:
    with sheets_of(saved(numbered(4)), Wish(duplex=duplex)) as found:
        told = found.Root.ViewerPreferences
        assert dict(told) == {"/DisplayDocTitle": True, "/Duplex": Name(name), "/PrintScaling": Name("/None")}
    with sheets_of(saved(numbered(4)), Wish("n-up", duplex="none", paper=PAPERS["letter"])) as found:
        assert found.Root.ViewerPreferences.Duplex == Name.Simplex
        assert len(found.pages) == 2


def test_the_boxes_of_a_sheet() -> None:
    with sheets_of(saved(numbered(4, bleed=9)), Wish(paper=PAPERS["letter"])) as found:
        page = found.pages[0].obj
        assert [float(edge) for edge in page.MediaBox] == [0, 0, 792, 612]
        assert [float(edge) for edge in page.TrimBox] == [276, 216, 516, 396]
        assert [float(edge) for edge in page.BleedBox] == [267, 207, 525, 405]


def test_an_output_intent_stays_and_a_label_goes() -> None:
    def press(pdf: pikepdf.Pdf) -> None:
        profile = pdf.make_stream(b"a profile", N=4)
        intent = Dictionary(S=Name.GTS_PDFX, OutputConditionIdentifier=String("Any"), DestOutputProfile=profile)
        pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
        pdf.docinfo["/GTS_PDFXVersion"] = String("PDF/X-4")
        pdf.docinfo["/Trapped"] = Name("/False")
        pdf.docinfo["/Author"] = String("The keepers")
        pdf.Root.Metadata = pdf.make_stream(b"<x:xmpmeta/>")

    with sheets_of(edited(sheet(BODY), press)) as found:
        assert found.Root.OutputIntents[0].DestOutputProfile.read_bytes() == b"a profile"
        assert set(found.docinfo.keys()) == {"/HandoutsSheets", "/Title", "/Producer", "/Trapped", "/Author"}
        assert "/Metadata" not in found.Root


def test_the_same_pages_give_the_same_bytes() -> None:
    pdf = sheet(BODY)
    assert written(pdf) == written(pdf)
    assert b"Date" not in written(pdf)
    ids = {str(sheets_of(pdf, Wish(duplex=duplex)).trailer.ID[1]) for duplex in ("long", "short")}
    assert len(ids) == 2


def test_a_file_without_a_title_is_named_by_its_name() -> None:
    assert planned(saved(numbered(4)), Wish(), "bees.pdf", "bees").title == "bees (sheets: 2-up saddle stitch)"


def test_pages_that_share_a_stream_or_have_several_or_none() -> None:
    pdf = numbered(8)
    plain = rasters(written(saved(pdf)))
    pages = [page.obj for page in pdf.pages]
    half = pages[0].Contents.read_bytes().index(b"0 g")
    parts = pages[0].Contents.read_bytes()[:half], pages[0].Contents.read_bytes()[half:]
    pages[0].Contents = Array([pdf.make_stream(part) for part in parts])
    assert [one.tobytes() for one in rasters(written(saved(pdf)))] == [one.tobytes() for one in plain]
    for twin in (pages[2], pages[4]):
        twin.Contents = pages[1].Contents
    # Alike but for its bleed, so that it needs a form of its own.
    pages[4].MediaBox = Array([-9, -9, 129, 189])
    del pages[3].Contents
    with sheets_of(saved(pdf)) as found:
        painted = [sorted(page.obj.Resources.XObject.keys()) for page in found.pages]
        assert painted == [["/P1", "/P8"], ["/P2", "/P7"], ["/P3", "/P6"], ["/P5"]]
        forms = [found.pages[at].obj.Resources.XObject for at in (1, 2, 3)]
        second, third, fifth = forms[0]["/P2"], forms[1]["/P3"], forms[2]["/P5"]
        assert second.objgen == third.objgen != fifth.objgen
        assert second.read_bytes() == fifth.read_bytes()


def test_a_filled_field_is_ink_and_a_link_is_none() -> None:
    pdf = numbered(1)
    stamp = pdf.make_stream(b"1 0 0 rg 0 0 40 40 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 40, 40])
    look = Dictionary(N=pdf.make_indirect(stamp))
    page = pdf.pages[0].obj
    before = rasters(written(saved(pdf)))
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, F=4, Rect=[40, 40, 80, 80], AP=look)])
    assert [one.tobytes() for one in rasters(written(saved(pdf)))] == [one.tobytes() for one in before]
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Stamp, F=4, Rect=[40, 40, 80, 80], AP=look)])
    [front, _] = rasters(written(saved(pdf), Wish(paper=PAPERS["letter"])))
    assert front.getpixel((396 + 60, 396 - 60)) == (255, 0, 0)
    with sheets_of(saved(pdf)) as found:
        assert not any("/Annots" in page.obj for page in found.pages)


def test_files_that_cannot_be_imposed() -> None:
    again = "save or export it once more from the program it was made with"
    assert refused(b" \n") == f"bees.pdf  is empty · {again}"
    assert refused(b"hello") == "bees.pdf  is no PDF · export it as one"
    assert refused(b"%PDF-1.7\nhello") == f"bees.pdf  is damaged and cannot be opened · {again}"
    assert refused(saved(pikepdf.new())) == f"bees.pdf  has no pages · {again}"
    flat = saved(numbered(2), object_stream_mode=pikepdf.ObjectStreamMode.disable)
    twice = flat.replace(b"/Kids [ 3 0 R 4 0 R ]", b"/Kids [ 3 0 R 3 0 R ]").replace(b"/Count 2", b"/Count (a)")
    assert refused(twice) == f"bees.pdf  is damaged and cannot be opened · {again}"
    locked = saved(numbered(2), encryption=pikepdf.Encryption(user="a", owner="b"))
    assert refused(locked) == "bees.pdf  is locked with a password · save it without a password"
    allow = pikepdf.Permissions(print_lowres=False, print_highres=False)
    kept = saved(numbered(2), encryption=pikepdf.Encryption(user="", owner="b", allow=allow))
    assert refused(kept) == "bees.pdf  its author does not allow it to be printed · ask for one that may be"


def test_a_lock_that_allows_printing_is_no_hindrance() -> None:
    allow = pikepdf.Permissions(modify_other=False)
    with sheets_of(saved(numbered(4), encryption=pikepdf.Encryption(user="", owner="b", allow=allow))) as found:
        assert (len(found.pages), found.is_encrypted) == (2, False)


def test_pages_whose_size_cannot_be_told() -> None:
    pdf = numbered(4)
    pdf.pages[2].obj.MediaBox = Array([0, 0, 0, 10])
    pdf.pages[3].obj.MediaBox = pdf.pages[3].obj.TrimBox = Array([0, 0, 1, 1])
    again = "save or export it once more from the program it was made with"
    assert refused(saved(pdf)).splitlines() == [
        f"bees.pdf, page 3  has no size that can be told · {again}",
        f"bees.pdf, page 4  is too small or too large for any paper · {again}",
    ]


def test_a_damaged_file_is_mended_and_that_is_told() -> None:
    pdf = saved(numbered(4)).replace(b"startxref", b"startxxxx")
    found = planned(pdf, Wish(), "bees.pdf", "bees")
    assert [str(one) for one in found.warnings] == [
        "bees.pdf  is damaged, and was mended to be read · look at every sheet, or save or export it once more from "
        "the program it was made with"
    ]
    assert len(rasters(impose(pdf, found))) == 2


def test_sheets_say_that_they_are_paper_and_no_tags_are_asked_of_them() -> None:
    pdf = saved(numbered(8))
    told = {finding.id for finding in judge_any(Printed("pages.pdf", pdf))}
    of_sheets = {finding.id for finding in judge_any(Printed("sheets.pdf", written(pdf)))}
    assert "tags-missing" in told
    assert not of_sheets & {"tags-missing", "language-missing", "content-untagged"}
