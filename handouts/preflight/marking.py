"""How a page's objects are marked: the number by which the tags find them, and whether they are an artifact."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

_DEEPEST = 12  # forms may hold forms
_LONGEST = 64  # bytes of a mark's name that are read: "Artifact" takes 18


class Marking(NamedTuple):
    """`mcid` is -1 where the tags cannot find an object; an artifact is what they leave out on purpose."""

    mcid: int = -1
    artifact: bool = False


def marking(piece: Any, outer: Marking = Marking()) -> Marking:  # noqa: B008
    """How a page object is marked, the form that holds it included."""
    mcid = pdfium.FPDFPageObj_GetMarkedContentID(piece)
    artifact = outer.artifact or (mcid < 0 and "Artifact" in _names(piece))
    return Marking(mcid if mcid >= 0 else outer.mcid, artifact)


def _names(piece: Any) -> Iterator[str]:
    buffer, length = (ctypes.c_ushort * (_LONGEST // 2))(), ctypes.c_ulong()
    for index in range(max(0, pdfium.FPDFPageObj_CountMarks(piece))):
        mark = pdfium.FPDFPageObj_GetMark(piece, index)
        if pdfium.FPDFPageObjMark_GetName(mark, buffer, _LONGEST, length):
            yield bytes(buffer)[: max(0, min(_LONGEST, length.value) - 2)].decode("utf-16-le", "replace")


def markings_in_forms(page: Any) -> dict[int, Marking]:
    """How forms mark the objects in them, by the object's address; what stands on the page itself is left out.

    Why: the reader tells an object's own marks only, and a form painted as an artifact makes one of all it holds.
    """
    found: dict[int, Marking] = {}
    waiting = [
        (piece, marking(piece), 0)
        for index in range(pdfium.FPDFPage_CountObjects(page))
        if _is_form(piece := pdfium.FPDFPage_GetObject(page, index))
    ]
    while waiting:
        form, outer, depth = waiting.pop()
        for index in range(pdfium.FPDFFormObj_CountObjects(form)):
            piece = pdfium.FPDFFormObj_GetObject(form, index)
            found[ctypes.addressof(piece.contents)] = inner = marking(piece, outer)
            if _is_form(piece) and depth < _DEEPEST:
                waiting.append((piece, inner, depth + 1))
    return found


def _is_form(piece: Any) -> bool:
    return pdfium.FPDFPageObj_GetType(piece) == pdfium.FPDF_PAGEOBJ_FORM
