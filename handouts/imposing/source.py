"""The PDF that is imposed, opened and judged: its pages as plain leaves, and each as a form that a sheet paints."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from handouts.findings import Finding, Findings
from handouts.imposing.papers import LONGEST
from handouts.imposing.plan import Box, Leaf

# What qpdf mends in a damaged file is a finding; without a handler of its own it would be printed besides.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())

_AGAIN = "save or export it once more from the program it was made with"
_HEADER_WITHIN = 1024  # readers look for the header in so many first bytes
_SMALLEST_SIDE = 3.0
# Annotations that are for a screen, or marks of a print shop: others, such as filled fields and stamps, are ink.
_NO_INK = {"/Link", "/Popup", "/PrinterMark", "/TrapNet"}


@contextlib.contextmanager
def opened(data: bytes, file: str) -> Iterator[pikepdf.Pdf]:
    """A PDF to take pages from; Findings in words where it is none, is damaged, locked, or has no pages."""
    if not data.strip(b"\0\t\n\r "):
        raise Findings([Finding(file, 0, "is empty", _AGAIN)])
    if b"%PDF-" not in data[:_HEADER_WITHIN]:
        raise Findings([Finding(file, 0, "is no PDF", "export it as one")])
    damaged = Finding(file, 0, "is damaged and cannot be opened", _AGAIN)
    try:
        pdf = pikepdf.open(BytesIO(data))
        count = len(pdf.pages)
    except pikepdf.PasswordError as error:
        raise Findings([Finding(file, 0, "is locked with a password", "save it without a password")]) from error
    except (pikepdf.PdfError, RuntimeError) as error:  # what qpdf did not foresee comes as the latter
        raise Findings([damaged]) from error
    with pdf:
        if not pdf.allow.print_lowres:
            message, hint = "its author does not allow it to be printed", "ask for one that may be"
            raise Findings([Finding(file, 0, message, hint)])
        if not count:
            raise Findings([Finding(file, 0, "has no pages", _AGAIN)])
        try:
            yield pdf
        except pikepdf.PdfError as error:
            raise Findings([damaged]) from error


def leaves_of(pdf: pikepdf.Pdf, file: str) -> tuple[Leaf, ...]:
    """All pages with their boxes; Findings for those whose size cannot be told."""
    leaves, found = [], []
    for number, page in enumerate(pdf.pages, 1):
        leaf = _leaf(page.obj)
        if leaf is None:
            found.append(Finding(file, 0, "has no size that can be told", _AGAIN, page=number))
        elif not all(_SMALLEST_SIDE <= side <= LONGEST for side in leaf.size):
            found.append(Finding(file, 0, "is too small or too large for any paper", _AGAIN, page=number))
        else:
            leaves.append(leaf)
    if found:
        raise Findings(found)
    return tuple(leaves)


def mended(pdf: pikepdf.Pdf, file: str) -> tuple[Finding, ...]:
    """A warning where the file is damaged and could be opened all the same."""
    if not pdf.get_warnings():
        return ()
    message = "is damaged, and was mended to be read"
    return (Finding(file, 0, message, f"look at every sheet, or {_AGAIN}", "warning"),)


def title_of(pdf: pikepdf.Pdf, otherwise: str) -> str:
    """What the file says its title is."""
    title = pdf.docinfo.get("/Title") if isinstance(pdf.trailer.get("/Info"), Dictionary) else None
    return str(title).strip() if isinstance(title, pikepdf.String) and str(title).strip() else otherwise


def _leaf(page: pikepdf.Object) -> Leaf | None:
    media = _box(_inherited(page, "/MediaBox"))
    if media is None:
        return None
    crop = _within(_box(_inherited(page, "/CropBox")), media)
    bleed = _within(_box(page.get("/BleedBox")), media) if "/BleedBox" in page else crop
    trim = _within(_box(page.get("/TrimBox")), media) if "/TrimBox" in page else crop
    bleed = (min(bleed[0], trim[0]), min(bleed[1], trim[1]), max(bleed[2], trim[2]), max(bleed[3], trim[3]))
    rotation, unit = _number(_inherited(page, "/Rotate")) or 0.0, _number(page.get("/UserUnit")) or 1.0
    return Leaf(trim, bleed, int(rotation) % 360 // 90 * 90, unit if unit > 0 else 1.0)


def _inherited(page: pikepdf.Object, key: str) -> object:
    """An entry of a page, or that of the nearest of its parents that has one."""
    seen = set()
    while isinstance(page, Dictionary) and page.objgen not in seen:
        if key in page:
            return page[key]
        seen.add(page.objgen)
        page = page.get("/Parent")
    return None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) else None


def _box(value: object) -> Box | None:
    """A rectangle with its corners in order; None for anything else, and for one without area."""
    numbers = [_number(one) for one in value] if isinstance(value, Array) else []
    if len(numbers) != 4 or None in numbers:
        return None
    (left, right), (bottom, top) = sorted(numbers[::2]), sorted(numbers[1::2])
    return (left, bottom, right, top) if right > left and top > bottom else None


def _within(box: Box | None, media: Box) -> Box:
    """The part of a box that lies on the page; all of the page where there is none."""
    if box is None:
        return media
    part = max(box[0], media[0]), max(box[1], media[1]), min(box[2], media[2]), min(box[3], media[3])
    return part if part[2] > part[0] and part[3] > part[1] else media


def inked(pdf: pikepdf.Pdf) -> None:
    """Make filled fields, stamps and notes that would be printed a part of their pages: a sheet has no annotations."""
    if any(_paints(note) for page in pdf.pages for note in _several(page.obj.get("/Annots"))):
        pdf.flatten_annotations("print")


def _paints(note: object) -> bool:
    return isinstance(note, Dictionary) and "/AP" in note and note.get("/Subtype") not in _NO_INK


def _several(value: object) -> list[object]:
    return list(value) if isinstance(value, Array) else []


class Forms:
    """The pages of a PDF as forms that its new pages paint; each is made when first asked for.

    *Why in place:* a page's stream becomes its form by a few entries in its dictionary. So its bytes are neither
    unpacked nor held in memory, and a file of ten thousand pages takes little more than it does on disk.
    """

    def __init__(self, pdf: pikepdf.Pdf, leaves: tuple[Leaf, ...]):
        self._pages = list(pdf.pages)
        self._leaves = leaves
        self._taken: set[tuple[int, int]] = set()
        self._alike: dict[tuple[object, ...], Stream] = {}
        self._forms: dict[int, Stream | None] = {}

    def of(self, number: int) -> Stream | None:
        """The form of a page, counted from 1; None for a page without ink. Pages that are alike share one."""
        if number not in self._forms:
            self._forms[number] = self._form(self._pages[number - 1], self._leaves[number - 1])
        return self._forms[number]

    def _form(self, page: pikepdf.Page, leaf: Leaf) -> Stream | None:
        contents, group = page.obj.get("/Contents"), page.obj.get("/Group")
        streams = [one for one in (_several(contents) or [contents]) if isinstance(one, Stream)]
        if not streams:
            return None
        resources = _inherited(page.obj, "/Resources")
        resources = resources if isinstance(resources, Dictionary) else Dictionary()
        # Two pages are alike where all they name is the same objects.
        named = (one.unparse() for one in (resources, group) if isinstance(one, Dictionary))
        key = (*(one.objgen for one in streams), *named, leaf.bleed)
        if key not in self._alike:
            self._alike[key] = form = self._written(page, streams)
            form.Type, form.Subtype = Name.XObject, Name.Form
            form.BBox = Array([Decimal(f"{edge:.4f}") for edge in leaf.bleed])
            form.Resources = resources
            if isinstance(group, Dictionary):
                form.Group = group
        return self._alike[key]

    def _written(self, page: pikepdf.Page, streams: list[Stream]) -> Stream:
        [first, *more] = streams
        if more or first.objgen in self._taken:
            return page.as_form_xobject(handle_transformations=False)
        self._taken.add(first.objgen)
        return first
