"""Small sheets for a print shop, drawn by hand: 300 by 200 points, a bleed of 9 and room for marks around it."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from types import SimpleNamespace

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from handouts.findings import Finding
from handouts.preflight.evidence import Printed
from handouts.preflight.product import Product
from handouts.profiles import Profile

WIDE, HIGH, BLEED, ROOM = 300.0, 200.0, 9.0, 27.0
PRESS = Profile(claims=("pdf/x-4",), colors="cmyk", bleed={"letter": "9pt"}, safe="9pt", ink_limit=240)
GREY = Profile(colors="grey")
INK = "0 0 0 1 k"
# A line of black type in the middle of the page.
WORDS = f"BT {INK} /F 12 Tf 1 0 0 1 60 100 Tm (Plain words) Tj ET"
# Color over the whole page and its bleed.
GROUND = "0.3 0 0 0 k -9 -9 318 218 re f"

Edit = Callable[[pikepdf.Pdf], object]
Check = Callable[[Product], Iterator[Finding]]


def sheet(drawing: str = WORDS, edit: Edit = lambda pdf: None, pages: int = 1, **resources: object) -> bytes:
    """Pages that all paint one drawing, in points from the lower left corner of the trim; `resources` are dictionaries
    of names, such as XObject={"picture": stream}, or functions that make such a stream in the file."""
    pdf, out = pikepdf.new(), BytesIO()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    held = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
    for kind, named in resources.items():
        made = {f"/{name}": one(pdf) if callable(one) else one for name, one in named.items()}
        held[f"/{kind}"] = Dictionary(made)
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(WIDE, HIGH))
        page.obj.Resources = held
        page.obj.Contents = pdf.make_stream(drawing.encode())
        for key, by in (("TrimBox", 0.0), ("BleedBox", BLEED), ("MediaBox", BLEED + ROOM)):
            page.obj[f"/{key}"] = Array([-by, -by, WIDE + by, HIGH + by])
    edit(pdf)
    pdf.save(out)
    return out.getvalue()


def product(data: bytes, profile: Profile = PRESS) -> Product:
    """A PDF as one of ours, as far as checks of a press ask for it."""
    document = SimpleNamespace(
        format=SimpleNamespace(papers={"letter": "card"}), styles=("styles/base/type.css", "styles/papers/card.css")
    )
    styles = ("", "@page { size: 300pt 200pt; }")
    return Product(Printed("bees.pdf", data), document, SimpleNamespace(profile=profile), styles)


def found(check: Check, data: bytes, profile: Profile = PRESS) -> list[Finding]:
    return list(check(product(data, profile)))


def only(check: Check, data: bytes, profile: Profile = PRESS) -> Finding:
    """The one finding there is."""
    [finding] = found(check, data, profile)
    assert finding.file == "bees.pdf"
    assert finding.hint
    return finding


def picture(pixels: bytes, size: int, space: object, **more: object) -> Callable[[pikepdf.Pdf], Stream]:
    """A square picture of raw pixels."""

    def made(pdf: pikepdf.Pdf) -> Stream:
        entries = {"Width": size, "Height": size, "BitsPerComponent": 8, "ColorSpace": space} | more
        known = {key: value for key, value in entries.items() if value is not None}
        return pdf.make_stream(pixels, Type=Name.XObject, Subtype=Name.Image, **known)

    return made


def form(
    drawing: str, resources: Mapping[str, object] | None = None, **more: object
) -> Callable[[pikepdf.Pdf], Stream]:
    """A drawing in one of its own, as large as the page."""

    def made(pdf: pikepdf.Pdf) -> Stream:
        entries = {"BBox": Array([0, 0, WIDE, HIGH]), "Resources": Dictionary(resources or {})}
        return pdf.make_stream(drawing.encode(), Type=Name.XObject, Subtype=Name.Form, **(entries | more))

    return made


def icc(space: bytes = b"CMYK", kind: bytes = b"prtr") -> bytes:
    """The head of an ICC profile, which is all that a check reads of one."""
    return struct.pack(">I4sI4s4s4s", 132, b"none", 0x02400000, kind, space, b"Lab ") + bytes(108)


def labelled(edit: Edit = lambda pdf: None, profile: bytes = icc()) -> Edit:
    """What PDF/X-4 asks for, and then an edit."""

    def made(pdf: pikepdf.Pdf) -> None:
        pikepdf.models.PdfMetadata.register_xml_namespace("http://www.npes.org/pdfx/ns/id/", "pdfxid")
        with pdf.open_metadata() as told:
            told["pdfxid:GTS_PDFXVersion"] = "PDF/X-4"
        intent = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("Bees"))
        intent.DestOutputProfile = pdf.make_stream(profile, N=4)
        pdf.Root.OutputIntents = Array([intent])
        edit(pdf)

    return made
