"""What a file claims to be, and whether one that claims to be for a press keeps its word: intent, boxes, links."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

from handouts.findings import Finding, counted
from handouts.imposing.sheets import ENTRY
from handouts.preflight.annotations import notes
from handouts.preflight.evidence import Printed
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule
from handouts.profiles import Profile

PDF_X = Rule("pdf-x", "error", "any", "A file that says it is PDF/X names its press, and holds what that asks for.")
INTENT_MISSING = Rule("intent-missing", "error", "ours", "A file made for a printer's profile brings it along.")

READ_ALOUD, FOR_PRESS = "pdf/ua", "pdf/x"
_KEYS = {
    "{http://www.aiim.org/pdfua/ns/id/}part": "pdf/ua-{}",
    "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion": "{}",
}
_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
_KINDS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
_PAPER_ONLY = ("PrinterMark", "TrapNet")
_SEEN = 1.0  # points beyond the trim that make a bleed
_HINT = "save it as PDF/X-4 again, or without that claim"


def claims(printed: Printed) -> tuple[str, ...]:
    """What a file says that it is, such as "pdf/ua-1" or "pdf/x-4"; in its metadata or, as older ones do, its
    information."""
    values = printed.values
    told = [values.text(values.dictionary(values.trailer.get("/Info")).get("/GTS_PDFXVersion"))]
    try:
        data = ElementTree.fromstring(values.data(values.catalog.get("/Metadata")))
    except ElementTree.ParseError:
        data = ElementTree.Element("none")
    for element in data.iter():
        if element.tag in _KEYS:
            told.append(_KEYS[element.tag].format((element.text or "").strip()))
        elif element.tag == _DESCRIPTION:
            told += [_KEYS[key].format(value.strip()) for key, value in element.attrib.items() if key in _KEYS]
    return tuple(dict.fromkeys(one.lower() for one in told if one))


def is_read(printed: Printed) -> bool:
    """Whether a file is to be read on a screen, or aloud: not where it is sheets to fold or cut; nor where it is for a
    press, by what it claims or since all its pages bleed, and does not claim to be both."""
    if ENTRY in printed.values.dictionary(printed.values.trailer.get("/Info")):
        return False
    told = claims(printed)
    if any(one.startswith(READ_ALOUD) for one in told):
        return True
    return not any(one.startswith(FOR_PRESS) for one in told) and not all(
        _bleeds(printed, leaf) for leaf in printed.leaves
    )


def _bleeds(printed: Printed, leaf: str) -> bool:
    trim, bleed = (printed.values.rectangle(leaf, key) for key in ("/TrimBox", "/BleedBox"))
    return bool(trim and bleed and max(abs(one - other) for one, other in zip(trim, bleed, strict=True)) > _SEEN)


def asks_to_be_read(profile: Profile) -> bool:
    """Whether a profile is for files that are read on a screen, or aloud."""
    return any(one.startswith(READ_ALOUD) for one in profile.claims)


def pdf_x(printed: Printed) -> Iterator[Finding]:
    """A claim to be PDF/X that the file does not keep: one finding for each reason."""
    named = [one for one in claims(printed) if one.startswith(FOR_PRESS)]
    if not named:
        return
    label = named[0].upper()
    # Older kinds, and PDF/X-4p, may name a press that is known by its name alone.
    if wrong := wrong_intent(printed, embedded=label == "PDF/X-4"):
        yield PDF_X.found(printed.file, f"says that it is {label}, and {wrong}", f"{_HINT}; --icc FILE names the press")
    values = printed.values
    bare = [number for number, leaf in enumerate(printed.leaves, 1) if values.rectangle(leaf, "/TrimBox") is None]
    if bare:
        message = f"says that it is {label}, and says of {counted(len(bare), 'page')} not where to trim (TrimBox)"
        yield PDF_X.found(printed.file, message, _HINT, page=bare[0])
    for page in printed.pages:
        over = [
            note
            for note in notes(printed)
            if note.page == page.number and note.kind not in _PAPER_ONLY and _on_page(note.box, page.width, page.height)
        ]
        if over:
            what = counted(len(over), "link") if all(one.kind == "Link" for one in over) else "notes"
            message = f"says that it is {label}, and has {what} on what is printed"
            yield PDF_X.found(printed.file, message, _HINT, page=page.number, box=over[0].box)


def _on_page(box: tuple[float, ...], width: float, height: float) -> bool:
    return bool(box) and box[0] < width and box[2] > 0 and box[1] < height and box[3] > 0


def wrong_intent(printed: Printed, *, embedded: bool = True) -> str:
    """What is wrong with the press that a file names, in words that follow "and"; empty where nothing is. `embedded`
    asks for its profile."""
    values = printed.values
    intents = [values.dictionary(one) for one in values.array(values.catalog.get("/OutputIntents"))]
    for_press = [one for one in intents if values.name(one.get("/S")) == "GTS_PDFX"]
    if not for_press:
        return "names no press that it is made for (no output intent)"
    if not values.text(for_press[0].get("/OutputConditionIdentifier")):
        return "names its press by no identifier"
    profile = for_press[0].get("/DestOutputProfile")
    data = values.data(profile)
    if not data:
        return "names a press without its profile" if embedded else ""
    # https://www.color.org/specification/ICC.1-2022-05.pdf, 7.2: the class of a profile, and its color space.
    if data[12:16] != b"prtr":
        return "names a press by a profile that is of no printer"
    count = values.integer(values.dictionary(profile).get("/N"))
    if _KINDS.get(data[16:20]) != count:
        return f"its profile is of {data[16:20].decode('latin-1').strip()}, and counts {count} colors"
    return ""


def intent_missing(product: Product) -> Iterator[Finding]:
    """A file whose profile names the printer's ICC file and claims PDF/X-4, without the claim or the profile in it."""
    profile, printed = product.material.profile, product.printed
    wanted = [one for one in profile.claims if one.startswith(FOR_PRESS)]
    if not wanted or not profile.icc:
        return
    missing = wrong_intent(printed) or ("" if wanted[0] in claims(printed) else f"does not say that it is {wanted[0]}")
    if missing:
        hint = "build it again, with --icc FILE or with icc in handouts.toml"
        yield INTENT_MISSING.found(printed.file, f"is made with {profile.icc}, and {missing}", hint)


ANY = (pdf_x,)
OURS = (intent_missing,)
