"""What a file says that it is, and whether it is: PDF/X with its press, its boxes and no links."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from plates import PRESS, Edit, found, icc, labelled, only, sheet

from handouts.findings import Finding
from handouts.preflight.claims import claims, intent_missing, is_read, pdf_x
from handouts.preflight.evidence import Printed
from handouts.preflight.table import judge_any

WITH_PRESS = PRESS.model_copy(update={"icc": "press.icc"})


def judged(edit: Edit) -> list[Finding]:
    return list(pdf_x(Printed("bees.pdf", sheet(edit=edit))))


def in_intent(change: Callable[[pikepdf.Object], object]) -> Edit:
    return labelled(lambda pdf: change(pdf.Root.OutputIntents[0]))


def without(key: str) -> Callable[[pikepdf.Object], None]:
    def change(intent: pikepdf.Object) -> None:
        del intent[f"/{key}"]

    return change


def linked(left: float) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[left, 20, left + 20, 40])
        pdf.pages[0].Annots = Array([pdf.make_indirect(link)])

    return labelled(edit)


def untrimmed(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        del page.obj["/TrimBox"]


def test_a_file_that_keeps_its_word():
    assert judged(labelled()) == []
    assert found(intent_missing, sheet(edit=labelled()), WITH_PRESS) == []


def test_a_file_that_claims_nothing_need_keep_nothing():
    assert judged(untrimmed) == []
    assert claims(Printed("bees.pdf", sheet())) == ()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            labelled(lambda pdf: pdf.Root.__delitem__("/OutputIntents")),
            "names no press that it is made for (no output intent)",
        ),
        (
            in_intent(lambda intent: intent.__setitem__("/S", Name.GTS_PDFA1)),
            "names no press that it is made for (no output intent)",
        ),
        (in_intent(without("DestOutputProfile")), "names a press without its profile"),
        (in_intent(without("OutputConditionIdentifier")), "names its press by no identifier"),
        (labelled(profile=icc(b"RGB ", b"mntr")), "names a press by a profile that is of no printer"),
        (labelled(profile=icc(b"RGB ")), "its profile is of RGB, and counts 4 colors"),
        (labelled(profile=b"no profile"), "names a press by a profile that is of no printer"),
        (labelled(untrimmed), "says of 1 page not where to trim (TrimBox)"),
        (linked(40), "has 1 link on what is printed"),
    ],
)
def test_a_claim_that_is_not_kept(edit: Edit, message: str):
    [finding] = judged(edit)
    assert (finding.id, finding.severity) == ("pdf-x", "error")
    assert finding.message == f"says that it is PDF/X-4, and {message}"


def test_other_kinds_may_name_a_press_that_is_known():
    def other(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.OutputIntents[0]["/DestOutputProfile"]
        with pdf.open_metadata() as told:
            told["pdfxid:GTS_PDFXVersion"] = "PDF/X-4p"

    assert judged(labelled(other)) == []


def test_a_link_beside_the_page_is_allowed():
    assert judged(linked(-60)) == []


def test_a_file_of_ours_brings_the_profile_that_it_was_made_with():
    finding = only(intent_missing, sheet(), WITH_PRESS)
    assert (finding.id, finding.severity) == ("intent-missing", "error")
    assert finding.message == "is made with press.icc, and names no press that it is made for (no output intent)"
    unlabelled = labelled(lambda pdf: pdf.Root.__delitem__("/Metadata"))
    message = only(intent_missing, sheet(edit=unlabelled), WITH_PRESS).message
    assert message == "is made with press.icc, and does not say that it is pdf/x-4"


def test_without_a_press_none_is_asked_for():
    assert found(intent_missing, sheet(), PRESS) == []


def test_older_files_say_it_in_their_information():
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/GTS_PDFXVersion"] = String("PDF/X-1:2001")

    printed = Printed("bees.pdf", sheet(edit=edit))
    assert claims(printed) == ("pdf/x-1:2001",)
    assert [one.id for one in pdf_x(printed)] == ["pdf-x"]


def reading(pdf: pikepdf.Pdf) -> None:
    pikepdf.models.PdfMetadata.register_xml_namespace("http://www.aiim.org/pdfua/ns/id/", "pdfuaid")
    with pdf.open_metadata() as told:
        told["pdfuaid:part"] = "1"


def unbled(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        del page.obj["/BleedBox"]


def test_a_file_that_bleeds_is_for_a_press_unless_it_claims_to_be_read():
    def half(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.BleedBox = pdf.pages[0].obj.TrimBox

    edits = (lambda pdf: None, reading, unbled, half)
    assert [is_read(Printed("bees.pdf", sheet(edit=edit, pages=2))) for edit in edits] == [False, True, True, True]


def test_what_is_asked_of_a_file_from_elsewhere_follows_from_its_claims():
    edits = (labelled(unbled), labelled(reading), unbled)
    press, both, none = (Printed("bees.pdf", sheet(edit=one)) for one in edits)
    assert (claims(press), claims(both)) == (("pdf/x-4",), ("pdf/x-4", "pdf/ua-1"))
    assert [is_read(one) for one in (press, both, none)] == [False, True, True]
    asked = {"tags-missing", "title-missing"}
    told = [{one.id for one in judge_any(printed)} & asked for printed in (press, both, none)]
    assert list(map(len, told)) == [0, 2, 2]


def test_a_claim_as_an_attribute_is_read():
    def edit(pdf: pikepdf.Pdf) -> None:
        rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://www.npes.org/pdfx/ns/id/"'
        text = f'<rdf:RDF {rdf}><rdf:Description x:GTS_PDFXVersion="PDF/X-4"/></rdf:RDF>'
        pdf.Root.Metadata = pdf.make_stream(text.encode(), Type=Name.Metadata, Subtype=Name.XML)

    assert claims(Printed("bees.pdf", sheet(edit=edit))) == ("pdf/x-4",)
