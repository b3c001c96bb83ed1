"""Whether a PDF is sound as a file: whole, of a usual size and version, and sufficient to itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pikepdf
import pypdfium2

from handouts.findings import Finding, counted
from handouts.preflight.annotations import acts, notes
from handouts.preflight.evidence import INCH, Printed
from handouts.preflight.rules import Rule

PDF_DAMAGED = Rule("pdf-damaged", "error", "any", "A file is a whole PDF that every program can open.")
PDF_LOCKED = Rule("pdf-locked", "warning", "any", "A PDF may be opened, printed and read aloud by everybody.")
FILE_SIZE = Rule("file-size", "warning", "any", "A PDF takes at most 10 MB, and 1 MB a page.")
PDF_VERSION = Rule("pdf-version", "warning", "any", "A PDF is of version 1.4 to 2.0.")
JAVASCRIPT = Rule("javascript", "error", "any", "A PDF for print runs no programs.")
EXTERNAL_REFERENCE = Rule(
    "external-reference", "error", "any", "A PDF holds all that it shows, and opens no other files; web links are fine."
)

_MB = 1_000_000
_MOST, _MOST_A_PAGE = 10 * _MB, 1 * _MB
# Sides of a page in points that PDF 1.7 allows (its annex C). Pictures of larger ones would take all memory.
_SMALLEST_SIDE, _LARGEST_SIDE = 3, 14_400
_HEADER = re.compile(rb"%PDF-(\d+\.\d+)")
_HEADER_WITHIN = 1024  # readers look for it in so many first bytes
_OLDEST, _NEWEST = (1, 4), (2, 0)
_PARTS = {"image": "pictures", "font": "fonts", "content": "text and drawings", "other": "other data"}
_FONT_KEYS = ("/FontFile", "/FontFile2", "/FontFile3")
_LEAVING = {
    "Launch": "opens another program or file",
    "GoToR": "leads into another file",
    "GoToE": "leads into an attached file",
    "ImportData": "reads data from another file",
    "SubmitForm": "sends what is typed to a server",
    "Sound": "plays a sound",
    "Movie": "plays a film",
    "Rendition": "plays a film or sound",
    "RichMediaExecute": "plays a film",
    "GoTo3DView": "shows a model that paper cannot",
}
_FOREIGN = {
    "FileAttachment": "holds an attached file",
    "RichMedia": "holds a film or a program",
    "Screen": "holds a film",
    "Movie": "holds a film",
    "Sound": "holds a sound",
    "3D": "holds a model that paper cannot show",
}
_NO_WORTH = "print from a file that needs nothing else: take it out, or save it by “print to PDF”"


def opened(file: str, data: bytes) -> Printed | Finding:
    """A PDF as evidence, or the one finding about a file that cannot be judged any further."""
    again = "save or export it once more from the program it was made with"
    if not data.strip(b"\0\t\n\r "):
        return PDF_DAMAGED.found(file, "is empty", again)
    if not _HEADER.search(data[:_HEADER_WITHIN]):
        return PDF_DAMAGED.found(file, "is no PDF", "only PDFs can be judged; export it as one")
    try:
        printed = Printed(file, data)
        # A page that is listed and cannot be read is met here, and not halfway through the checks.
        pages = printed.pages
        flawed = len(pages) != len(printed.leaves)
    except (ValueError, pikepdf.PikepdfError, pypdfium2.PdfiumError) as error:
        if "locked" in str(error):
            message = "is locked with a password, so nobody can open it without"
            return PDF_LOCKED.found(file, message, "save it without a password", severity="error")
        return PDF_DAMAGED.found(file, "is damaged and cannot be opened", again)
    if not pages:
        return PDF_DAMAGED.found(file, "has no pages", again)
    if flawed:
        return PDF_DAMAGED.found(file, "is damaged: some of its pages cannot be read", again)
    for page in pages:
        if not all(_SMALLEST_SIDE <= side <= _LARGEST_SIDE for side in (page.width, page.height)):
            size = f"{page.width / INCH:,.1f} by {page.height / INCH:,.1f} in"
            message = f"has a page of a size that no printer knows: {size}"
            hint = "set the size of the page anew, and export it again"
            return PDF_DAMAGED.found(file, message, hint, page=page.number)
    return printed


def repaired(printed: Printed) -> Iterator[Finding]:
    """Faults in the file's own build that readers mend in silence, each in its own way."""
    try:
        complaints = printed.pdf.check_pdf_syntax()
    except pikepdf.PikepdfError as error:
        complaints = [str(error)]
    complaints += map(str, printed.pdf.get_warnings())
    if complaints:
        message = f"is damaged in {len(complaints)} places, which programs mend by guessing"
        if len(complaints) == 1:
            message = "is damaged in one place, which programs mend by guessing"
        hint = "save or export it once more from the program it was made with"
        yield PDF_DAMAGED.found(printed.file, message, hint, severity="warning")


def locked(printed: Printed) -> Iterator[Finding]:
    """Locks that open without a password, but forbid printing or reading aloud."""
    allowed = printed.pdf.allow
    for may, what in (
        (allowed.print_lowres, "forbids printing"),
        (allowed.print_highres or not allowed.print_lowres, "forbids printing in full quality"),
        (allowed.accessibility, "forbids reading aloud"),
    ):
        if not may:
            yield PDF_LOCKED.found(printed.file, what, "save it without restrictions")


def size(printed: Printed) -> Iterator[Finding]:
    """A file too large to mail, with what takes the room."""
    total, pages = len(printed.data), len(printed.pages)
    if total <= _MOST and total <= _MOST_A_PAGE * pages:
        return
    parts = _room(printed)
    most = ", ".join(f"{_PARTS[part]} {_megabytes(taken)}" for part, taken in parts.most_common(2) if taken)
    message = f"takes {_megabytes(total)} for {counted(pages, 'page')}" + (f": {most}" if most else "")
    advice = {
        "image": "save its pictures at 300 pixels an inch of their printed size, as JPEG where they are photographs",
        "font": "embed only the letters that are used (subsets), and fewer typefaces",
    }
    hint = advice.get(parts.most_common(1)[0][0] if parts else "", "export it once more with compression switched on")
    yield FILE_SIZE.found(printed.file, message, hint)


def _room(printed: Printed) -> Counter[str]:
    """Bytes of the streams by what they hold."""
    values = printed.values
    fonts: set[object] = set()
    streams = []
    for obj in printed.pdf.objects:
        if isinstance(obj, pikepdf.Stream):
            streams.append("{} {} R".format(*obj.objgen))
        elif isinstance(obj, pikepdf.Dictionary) and any(key in obj for key in _FONT_KEYS):
            descriptor = values.dictionary("{} {} R".format(*obj.objgen))
            fonts |= {descriptor[key] for key in _FONT_KEYS if isinstance(descriptor.get(key), str)}
    room: Counter[str] = Counter()
    for reference in streams:
        entries = values.dictionary(reference)
        if values.name(entries.get("/Subtype")) == "Image":
            part = "image"
        elif reference in fonts:
            part = "font"
        else:
            part = "content" if "/Type" not in entries or "/BBox" in entries else "other"
        room[part] += max(0, values.integer(entries.get("/Length")) or 0)
    return room


def _megabytes(count: int) -> str:
    return f"{count / _MB:.1f} MB"


def version(printed: Printed) -> Iterator[Finding]:
    """A version that old machines or new ones do not print as meant."""
    header = _HEADER.search(printed.data[:_HEADER_WITHIN])
    told = [header[1].decode() if header else "", printed.values.name(printed.values.catalog.get("/Version"))]
    # The catalog may raise the header's version, never lower it.
    numbers = [(int(found[1]), int(found[2])) for one in told if (found := re.fullmatch(r"(\d+)\.(\d+)", one))]
    if numbers and not _OLDEST <= max(numbers) <= _NEWEST:
        message = f"is a PDF of version {'.'.join(map(str, max(numbers)))}; printers expect 1.4 to 2.0"
        yield PDF_VERSION.found(printed.file, message, "export it once more as PDF 1.7")


def javascript(printed: Printed) -> Iterator[Finding]:
    """Programs that run when the file, a page or a field is used; one finding a page."""
    told: set[int] = set()
    for act in acts(printed):
        if (act.kind == "JavaScript" or "/JS" in act.entries) and act.page not in told:
            told.add(act.page)
            yield JAVASCRIPT.found(printed.file, "runs a program (JavaScript)", _NO_WORTH, page=act.page, box=act.box)


def references(printed: Printed) -> Iterator[Finding]:
    """Whatever leaves the file or lies in it as another: attachments, films, other files, servers; web links apart."""
    values = printed.values
    catalog = values.catalog
    found: dict[tuple[str, int], object] = {}
    for act in acts(printed):
        if act.kind in _LEAVING:
            found.setdefault((_LEAVING[act.kind], act.page), act.box)
    if values.name(values.dictionary(catalog.get("/OpenAction")).get("/S")) == "URI":
        found["opens a website as soon as it is opened", 0] = ()
    for note in notes(printed):
        if note.kind in _FOREIGN:
            found.setdefault((_FOREIGN[note.kind], note.page), note.box)
    attached = next(values.tree(values.dictionary(catalog.get("/Names")).get("/EmbeddedFiles")), None)
    if attached or values.array(catalog.get("/AF")):
        found["holds attached files", 0] = ()
    if "/XFA" in values.dictionary(catalog.get("/AcroForm")):
        found["is a form that only one program can show (XFA)", 0] = ()
    if any(isinstance(obj, pikepdf.Stream) and "/F" in obj for obj in printed.pdf.objects):
        found["keeps a part of itself in another file", 0] = ()
    for (message, page), box in found.items():
        yield EXTERNAL_REFERENCE.found(printed.file, message, _NO_WORTH, page=page, box=box)


ANY = (repaired, locked, size, version, javascript, references)
