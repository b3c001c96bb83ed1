"""The structure tree as WeasyPrint writes it, read into plain elements and written back with its parent tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

from handouts.finishing.marked_content import PageContent

# qpdf unparses a dictionary with its keys in order, so attributes and alternative text always stand before /K.
ELEMENT = re.compile(
    rb"<< (?P<head>.*?)/K (?P<kids>\[[^\[\]]*\]) /P \d+ 0 R (?:/Pg (?P<page>\d+) 0 R )?/S /(?P<tag>\w+)"
    rb" /Type /StructElem >>",
    re.DOTALL,
)
LINE = re.compile(rb"<< /K \[ (\d+) \] /P \d+ 0 R /Pg \d+ 0 R /S /Span /Type /StructElem >>")
KID = re.compile(rb"(\d+)( 0 R)?")
REFERENCE = re.compile(rb"<< /Obj (\d+) 0 R .*/Type /OBJR >>")


@dataclass(slots=True, eq=False)
class Reference:
    """An annotation's place in the tree: its object, and the /OBJR that stands for it."""

    obj: pikepdf.Object
    annotation: pikepdf.Object


@dataclass(slots=True, eq=False)
class Element:
    """One structure element: its tag without the slash, and its kids in reading order.

    A kid is an element, an annotation's reference or, as an integer, the MCID of marked content on the element's own
    page (`page` is an index from 0; None for the document element, which has no content of its own). `head` holds the
    entries that stand before /K as PDF source, for what a pass only needs to look at; `entries` are written over, None
    removes.
    """

    tag: str
    page: int | None
    kids: list[Element | Reference | int]
    head: bytes = b""
    obj: pikepdf.Object | None = None
    entries: dict[str, object] = field(default_factory=dict)

    def walk(self) -> list[Element]:
        """This element and every element below it, parents first."""
        found = [self]
        for element in found:
            found += [kid for kid in element.kids if isinstance(kid, Element)]
        return found

    def contents(self) -> Iterator[int]:
        """Every MCID below this element, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.contents()
            elif isinstance(kid, int):
                yield kid


def read(pdf: pikepdf.Pdf) -> Element:
    """The document element with all below it.

    Raises ValueError where the tree is not of the shape WeasyPrint 70 writes.

    Why source text and not the dictionaries: asking pikepdf for one entry costs as much as unparsing the whole element,
    and a one-pager holds some 300 of them. The element that WeasyPrint makes of each line of text is left out at once:
    its content goes to its parent.
    """
    pages = {page.objgen[0]: index for index, page in enumerate(pdf.pages)}

    def element(number: int) -> Element | Reference | int:
        obj = pdf.get_object(number, 0)
        source = obj.unparse(resolved=True)
        if match := LINE.fullmatch(source):
            return int(match[1])
        if match := ELEMENT.fullmatch(source):
            kids = [
                element(int(digits)) if indirect else int(digits) for digits, indirect in KID.findall(match["kids"])
            ]
            page = pages[int(match["page"])] if match["page"] else None
            return Element(match["tag"].decode(), page, kids, match["head"], obj)
        if match := REFERENCE.fullmatch(source):
            return Reference(obj, pdf.get_object(int(match[1]), 0))
        raise ValueError(f"object {number} is not a structure element as WeasyPrint writes it: {source[:80]!r}")

    if "/StructTreeRoot" not in pdf.Root:
        raise ValueError("the PDF has no structure tree: write it with the PDF/UA variant")
    (root,) = pdf.Root.StructTreeRoot.K
    document = element(root.objgen[0])
    if not isinstance(document, Element):
        raise ValueError("the structure tree does not begin with a document element")
    return document


def write(pdf: pikepdf.Pdf, document: Element, contents: list[PageContent]) -> None:
    """Put the tree back: kids, parents, pages, and a new parent tree over pages, forms and annotations."""
    pages = [page.obj for page in pdf.pages]
    owners: list[dict[int, pikepdf.Object]] = [{} for _ in pages]
    references: list[tuple[Reference, pikepdf.Object]] = []

    for element in document.walk():
        if element.obj is None:
            element.obj = pdf.make_indirect(Dictionary(Type=Name.StructElem))
            if element.page is not None:
                element.obj.Pg = pages[element.page]

    def put(element: Element) -> None:
        obj = element.obj
        obj["/S"] = Name("/" + element.tag)
        for key, value in element.entries.items():
            if value is not None:
                obj["/" + key] = value
            elif "/" + key in obj:
                del obj["/" + key]
        kids = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kid.obj["/P"] = obj
                kids.append(kid.obj)
                put(kid)
            elif isinstance(kid, Reference):
                references.append((kid, obj))
                kids.append(kid.obj)
            else:
                owners[element.page][kid] = obj
                form = contents[element.page].form(kid)
                if form is None:
                    kids.append(kid)
                else:
                    # A bare number means the page's own stream; content painted with opacity lives in a form.
                    kids.append(Dictionary(Type=Name.MCR, Pg=pages[element.page], Stm=form, MCID=kid))
        obj["/K"] = Array(kids)

    put(document)
    root = pdf.Root.StructTreeRoot
    document.obj["/P"] = root
    numbers: list[object] = []
    for index, (page, owned) in enumerate(zip(pages, owners, strict=True)):
        page.StructParents = index
        numbers += [index, _slots(owned, contents[index].page_mcids())]
    key = len(pages)
    for content, owned in zip(contents, owners, strict=True):
        for form, mcids in content.forms():
            form.StructParents = key
            numbers += [key, _slots(owned, mcids)]
            key += 1
    for reference, owner in references:
        reference.annotation.StructParent = key
        numbers += [key, owner]
        key += 1
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(numbers)))
    root.ParentTreeNextKey = key


def _slots(owned: dict[int, pikepdf.Object], mcids: set[int]) -> Array:
    """One slot per MCID of a stream, null where no element owns it."""
    last = max((mcid for mcid in mcids if mcid in owned), default=-1)
    return Array([owned.get(mcid) if mcid in mcids else None for mcid in range(last + 1)])
