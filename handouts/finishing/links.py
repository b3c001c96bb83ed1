"""One annotation a line for each link, all within one element, and words that say where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pikepdf
from pikepdf import Array, Name, String

from handouts.finishing.marked_content import PageContent
from handouts.finishing.structure import Element, Reference

PRINT_FLAG = 4
TOUCHING = 1.0  # points; boxes on the same line that belong together overlap or meet, up to rounding


def describe_links(pdf: pikepdf.Pdf, document: Element, contents: list[PageContent], texts: Mapping[str, str]) -> None:
    """Mend every link: nested and broken ones become one element, annotations get words and the print flag.

    `texts` says in words where an address leads ("https://…", or "#name" within the document); without it a link is
    described by its own text, or by its address where it has none. Annotations that no element holds (in running heads)
    are removed.

    An element without any annotation, as an <a> without an address is written, leads nowhere and becomes a plain span.

    Why: WeasyPrint writes an annotation for each box inside a link, for figures and leader dots too, and describes them
    by their address.
    """
    for element in document.walk():
        if element.tag == "Link" and not any(map(_references, element.walk())):
            element.tag = "Span"
    links = [link for element in document.walk() for link in _gather(element)]
    kept = set()
    for link in links:
        address = _address(link)
        words = texts.get(address) or " ".join(_text(link, contents).split()) or address
        for reference in _references(link):
            annotation = reference.annotation
            annotation.Contents = String(words)
            annotation.F = PRINT_FLAG
            kept.add(annotation.objgen)
    for page in pdf.pages:
        if "/Annots" not in page.obj:
            continue
        annotations = [
            annotation for annotation in page.obj.Annots if annotation.Subtype != Name.Link or annotation.objgen in kept
        ]
        if annotations:
            page.obj.Annots = Array(annotations)
        else:
            del page.obj["/Annots"]


def _gather(element: Element) -> Iterator[Element]:
    """The links among an element's kids, each made flat, those that break over lines joined to their first piece."""
    if element.tag == "Link":
        return
    kids: list[Element | Reference | int] = []
    joined: Element | None = None
    for kid in element.kids:
        if isinstance(kid, Element) and kid.tag == "Link":
            _flatten(kid)
            if joined is not None and _continues(joined, kid):
                joined.kids += kid.kids
                continue
            joined = kid
            yield kid
        else:
            joined = None
        kids.append(kid)
    element.kids = kids


def _flatten(link: Element) -> None:
    """Take a link's content out of the links within it, and all annotations to the front, one for each line."""
    found: list[Reference] = []

    def strip(element: Element) -> list[Element | Reference | int]:
        kids: list[Element | Reference | int] = []
        for kid in element.kids:
            if isinstance(kid, Reference):
                found.append(kid)
            elif isinstance(kid, Element) and kid.tag == "Link":
                kids += strip(kid)
            else:
                if isinstance(kid, Element):
                    kid.kids = strip(kid)
                kids.append(kid)
        return kids

    content = strip(link)
    lines: list[tuple[Reference, list[float]]] = []
    for reference in found:
        box = _box(reference)
        for _, line in lines:
            if _touch(line, box):
                line[:] = min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])
                break
        else:
            lines.append((reference, box))
    if len(found) > len(lines):
        for reference, line in lines:
            reference.annotation.Rect = Array(line)
    link.kids = [*(reference for reference, _ in lines), *content]


def _continues(link: Element, piece: Element) -> bool:
    """Whether a piece is the next line of a link: the same address on the same page, at another height."""
    if link.page != piece.page or _address(link) != _address(piece):
        return False
    above, below = _box(_references(link)[-1]), _box(_references(piece)[0])
    return abs(above[1] - below[1]) > TOUCHING


def _touch(one: list[float], other: list[float]) -> bool:
    return (
        one[0] <= other[2] + TOUCHING
        and other[0] <= one[2] + TOUCHING
        and one[1] <= other[3] + TOUCHING
        and other[1] <= one[3] + TOUCHING
    )


def _box(reference: Reference) -> list[float]:
    """Left, bottom, right, top in points."""
    x1, y1, x2, y2 = (float(value) for value in reference.annotation.Rect)
    return [min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)]


def _references(link: Element) -> list[Reference]:
    return [kid for kid in link.kids if isinstance(kid, Reference)]


def _address(link: Element) -> str:
    """Where a link leads, as its href said: an address, or "#" and a name."""
    annotation = _references(link)[0].annotation
    return "#" + str(annotation.Dest) if "/Dest" in annotation else str(annotation.A.URI)


def _text(element: Element, contents: list[PageContent]) -> str:
    """What a link says, with the alternative text of its figures; lines and the words after a leader are set apart."""
    text = ""
    for kid in element.kids:
        if isinstance(kid, Element):
            text += f" {kid.obj.Alt} " if kid.tag == "Figure" else _text(kid, contents)
        elif isinstance(kid, int):
            content = contents[element.page]
            text += " " + content.text(kid) if content.is_artifact(kid - 1) else content.text(kid)
        else:
            text = text.removesuffix("\N{HYPHEN}") if text.endswith("\N{HYPHEN}") else text + " "
    return text
