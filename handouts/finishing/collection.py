"""Pages of many PDFs in one, with everything that they share stored once: what a file of all editions begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary

from handouts.finishing.saving import saved

# What of a page concerns paper; tags and links do not.
_KEPT = ("/MediaBox", "/TrimBox", "/BleedBox", "/CropBox", "/Rotate", "/Contents", "/Resources")
_BOXES = re.compile(rb"/(?:MediaBox|TrimBox|BleedBox|CropBox|Rotate) (?:\[[^\]]*\]|\d+) ?")


@dataclass(frozen=True)
class Sheet:
    """A page that editions share: the source of its boxes, its streams, of which every second is an edition's own, and
    its resources, in which the numbers of palette and logo stand for those of an edition; 0 where there is none."""

    boxes: str
    contents: tuple[str, ...]
    resources: str
    palette: int
    logo: int


@dataclass(frozen=True)
class Collection:
    """A PDF to be added to, and the pages of each of the PDFs that it was made of. Numbers are those of its objects."""

    base: bytes
    size: int
    catalog: int
    info: int
    sheets: tuple[tuple[Sheet, ...], ...]


def collect(pdfs: Sequence[bytes]) -> Collection:
    """All pages of masters, and of PDFs that are printed as they are; equal streams once."""
    with pikepdf.new() as document:
        counts = []
        for data in pdfs:
            with pikepdf.open(BytesIO(data)) as source:
                for page in source.pages:
                    # Pages are copied with all that they lead to: from tags and links, that is the whole document.
                    for key in set(page.obj.keys()) - {*_KEPT, "/Type", "/Parent"}:
                        del page.obj[key]
                    document.pages.append(page)
                counts.append(len(source.pages))
        _share(document)
        for page in document.pages:
            # An edition has its own of these, so that they stand in the resources themselves.
            for key in ("/ColorSpace", "/XObject"):
                if key in page.obj.Resources:
                    page.obj.Resources[key] = Dictionary(dict(page.obj.Resources[key].items()))
        document.docinfo["/Producer"] = pikepdf.String("handouts")
        written = saved(document)
    return _read_back(written, counts)


def _share(document: pikepdf.Pdf) -> None:
    """Store equal streams once: the fonts and drawings that sister sheets have in common."""
    first: dict[bytes, pikepdf.Object] = {}
    twins: dict[tuple[int, int], pikepdf.Object] = {}
    for obj in document.objects:
        if isinstance(obj, pikepdf.Stream):
            head = pikepdf.Dictionary(dict(obj.items())).unparse()
            known = first.setdefault(head + b"\0" + obj.read_raw_bytes(), obj)
            if known.objgen != obj.objgen:
                twins[obj.objgen] = known
    for obj in document.objects:
        _swap(obj, twins)


def _swap(obj: object, twins: dict[tuple[int, int], pikepdf.Object]) -> None:
    if isinstance(obj, Dictionary | pikepdf.Stream):
        for key, value in obj.items():
            if isinstance(value, pikepdf.Stream) and value.objgen in twins:
                obj[key] = twins[value.objgen]
            elif isinstance(value, Dictionary | Array) and not value.is_indirect:
                _swap(value, twins)
    elif isinstance(obj, Array):
        for place, value in enumerate(obj):
            if isinstance(value, pikepdf.Stream) and value.objgen in twins:
                obj[place] = twins[value.objgen]
            elif isinstance(value, Dictionary | Array) and not value.is_indirect:
                _swap(value, twins)


def _read_back(base: bytes, counts: Sequence[int]) -> Collection:
    with pikepdf.open(BytesIO(base)) as document:
        sheets = [_sheet(page.obj) for page in document.pages]
        parts, at = [], 0
        for count in counts:
            parts.append(tuple(sheets[at : at + count]))
            at += count
        return Collection(
            base=base,
            size=int(document.trailer.Size),
            catalog=document.trailer.Root.objgen[0],
            info=document.trailer.Info.objgen[0],
            sheets=tuple(parts),
        )


def _sheet(page: pikepdf.Object) -> Sheet:
    contents = page.Contents if isinstance(page.Contents, Array) else [page.Contents]
    resources = page.Resources
    spaces, pictures = resources.get("/ColorSpace", {}), resources.get("/XObject", {})
    return Sheet(
        boxes=b"".join(_BOXES.findall(page.unparse(resolved=True))).decode(),
        contents=tuple(f"{one.objgen[0]} 0 R" for one in contents),
        resources=resources.unparse(resolved=True).decode("latin-1"),
        palette=spaces["/Brand"].objgen[0] if "/Brand" in spaces else 0,
        logo=pictures["/Logo"].objgen[0] if "/Logo" in pictures else 0,
    )
