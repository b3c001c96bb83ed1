"""What a file says of itself: that it is made to be read aloud, or for which press its inks are meant."""

from __future__ import annotations

import hashlib

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from pikepdf.models import PdfMetadata

from handouts.material import Material
from handouts.prepress.icc import Press

READ_ALOUD, FOR_PRESS = "pdf/ua-1", "pdf/x-4"
# PDF/X-4 is a part of PDF 1.6.
_VERSION = "1.6"
_SPACES = {
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
# What makes a file a tagged one, and what a sheet of paper has no use for: by the object that holds it.
_OF_ROOT = ("/StructTreeRoot", "/MarkInfo", "/OpenAction", "/AcroForm", "/AA")
_OF_PAGE = ("/Annots", "/StructParents", "/Tabs", "/AA")


def claim(document: pikepdf.Pdf, material: Material, press: Press | None) -> str:
    """Write the claims of a profile into a document, and take off those that it does not make. Returns the PDF version
    that it is to be saved as, "" for that which it has.

    PDF/X-4 is claimed only for a press that is known. Where PDF/UA is not, tags and links go with the claim. *Why:*
    PDF/X-4 allows no link on the printed page, tags of links without links are broken, and broken tags are worse than
    none; the words stay text, and can be searched and copied.
    """
    claims = material.profile.claims
    if READ_ALOUD not in claims:
        _untag(document)
    labelled = FOR_PRESS in claims and press is not None
    if READ_ALOUD in claims and not labelled:
        return ""
    with _metadata(document) as told:
        if READ_ALOUD not in claims and "pdfuaid:part" in told:
            del told["pdfuaid:part"]
        if labelled:
            _say_press(told, document, _month(material))
    if not labelled:
        return ""
    document.Root.OutputIntents = Array([_output_intent(document, press)])
    return _VERSION


def _metadata(document: pikepdf.Pdf) -> PdfMetadata:
    for prefix, address in _SPACES.items():
        PdfMetadata.register_xml_namespace(address, prefix)
    return document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False)


def _say_press(told: PdfMetadata, document: pikepdf.Pdf, month: str) -> None:
    """The same in the metadata and in the document information, as PDF/X-4 asks; the time is that of the content."""
    year, _, number = month.partition("-")
    moment = f"{year}-{number}-01T00:00:00Z"
    digits = hashlib.sha256(document.docinfo.unparse(resolved=True)).hexdigest()
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32])
    told["pdfxid:GTS_PDFXVersion"] = "PDF/X-4"
    told["pdf:Trapped"] = "False"
    for key in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
        told[key] = moment
    told["xmpMM:DocumentID"] = f"uuid:{'-'.join(parts)}"
    told["xmpMM:VersionID"] = "1"
    told["xmpMM:RenditionClass"] = "default"
    document.docinfo.Trapped = Name("/False")
    for key in ("/CreationDate", "/ModDate"):
        document.docinfo[key] = String(f"D:{year}{number}01000000Z")


def _output_intent(document: pikepdf.Pdf, press: Press) -> pikepdf.Object:
    """The press that the inks are meant for, with its profile."""
    profile = Stream(document, press.data)
    profile.N = 4
    name = press.name or "Custom"
    return document.make_indirect(
        Dictionary(
            Type=Name.OutputIntent,
            S=Name.GTS_PDFX,
            OutputConditionIdentifier=String(name),
            OutputCondition=String(name),
            Info=String(name),
            DestOutputProfile=document.make_indirect(profile),
        )
    )


def _untag(document: pikepdf.Pdf) -> None:
    """Tags and links taken off; the marks in the page streams stay, and say nothing any more."""
    for owner, keys in ((document.Root, _OF_ROOT), *((page.obj, _OF_PAGE) for page in document.pages)):
        for key in keys:
            if key in owner:
                del owner[key]


def _month(material: Material) -> str:
    """When the content was last reviewed, such as "2026-11". PDF/X asks for a time; where nobody tells one, it is the
    same on every day, as all else of the file is."""
    return material.reviewed or "2000-01"
