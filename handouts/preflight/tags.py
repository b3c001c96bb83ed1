"""The tags of any PDF: its structure tree as plain elements, by the standard's names, whatever programs wrote.

A tree may hold loops, elements twice, wrong types and thousands of levels; each element is taken once, where it is met
first in reading order, and what is no element is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from handouts.preflight.values import Values

_STANDARD = frozenset(
    [
        "Document", "DocumentFragment", "Part", "Art", "Sect", "Div", "Aside", "BlockQuote", "Caption", "TOC",
        "TOCI", "Index", "NonStruct", "Private", "Artifact", "Title", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6",
        "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Em", "Strong",
        "Sub", "Quote", "Note", "FENote", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT",
        "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form",
    ]
)
_ROLES = 16  # a role may stand for a role; longer chains are a loop
_PHRASES = frozenset(
    [
        "Span", "Em", "Strong", "Sub", "Quote", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB",
        "RT", "RP", "Warichu", "WT", "WP",
    ]
)
_TEXTS = frozenset(
    [
        "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "Lbl", "LBody", "TD", "TH", "Caption", "Note",
        "FENote",
    ]
)


@dataclass(frozen=True, slots=True)
class Content:
    """Marked content of a page, counted from 1: what is painted under an MCID."""

    page: int
    mcid: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation's place in the tree, by its reference."""

    reference: str


@dataclass(slots=True, eq=False)
class Element:
    """One structure element: `tag` by the standard's names ("H1", "TD"), `written` as the file has it.

    `alt` and `actual` are None where the file has none. `attributes` are those of the element and its classes, the keys
    with their slash, the values as `Values` reads them. `page` is where its content stands unless said otherwise.
    `inline` says that its words belong to the line that it stands in, as those of a link do.
    """

    tag: str
    written: str
    parent: Element | None = None
    page: int = 0
    inline: bool = False
    alt: str | None = None
    actual: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: list[Element | Content | Annotation] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in reading order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)

    def contents(self) -> Iterator[Content]:
        """Everything that is painted for this element, in reading order."""
        waiting: list[Element | Content | Annotation] = [self]
        while waiting:
            kid = waiting.pop()
            if isinstance(kid, Content):
                yield kid
            elif isinstance(kid, Element):
                waiting += reversed(kid.kids)

    def above(self) -> Iterator[Element]:
        """The elements that this one stands in, the nearest first."""
        element = self.parent
        while element is not None:
            yield element
            element = element.parent


class Tags:
    """The tags of one PDF. `pages` are the references of its pages, in their order."""

    def __init__(self, values: Values, pages: Sequence[str]):
        self._values = values
        self._pages = {reference: number for number, reference in reversed(list(enumerate(pages, 1)))}
        catalog = values.catalog
        self._root = values.dictionary(catalog.get("/StructTreeRoot"))
        self.marked = values.of(values.dictionary(catalog.get("/MarkInfo")).get("/Marked")) is True

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element in reading order; none where the file has no tags."""
        return tuple(element for top in self._tops for element in top.walk())

    @cached_property
    def owners(self) -> dict[Content, Element]:
        """The element of each piece of marked content."""
        return {kid: element for element in self.elements for kid in element.kids if isinstance(kid, Content)}

    @cached_property
    def annotations(self) -> dict[str, Element]:
        """The element in which each annotation stands, by its reference."""
        return {
            kid.reference: element
            for element in self.elements
            for kid in element.kids
            if isinstance(kid, Annotation)
        }

    @cached_property
    def _tops(self) -> list[Element]:
        seen: set[str] = set()
        top = Element("", "")
        waiting: list[tuple[Any, Element]] = [(kid, top) for kid in self._several(self._root.get("/K"))[::-1]]
        while waiting:
            value, parent = waiting.pop()
            kid = self._kid(value, parent, seen)
            if kid is not None:
                parent.kids.append(kid)
            if isinstance(kid, Element):
                kid.inline = _inline(kid.tag, parent)
                kid.parent = parent if parent is not top else None
                below = self._several(self._values.dictionary(value).get("/K"))
                waiting += [(one, kid) for one in reversed(below)]
        return top.children

    def _several(self, value: Any) -> list[Any]:
        return self._values.several(value)

    def _kid(self, value: Any, parent: Element, seen: set[str]) -> Element | Content | Annotation | None:
        values = self._values
        mcid = values.integer(value)
        if mcid is not None:
            return Content(parent.page, mcid) if parent.page and mcid >= 0 else None
        found = values.dictionary(value)
        page = self._pages.get(str(found.get("/Pg")), parent.page)
        if "/S" not in found:
            mcid = values.integer(found.get("/MCID"))
            if mcid is not None:
                return Content(page, mcid) if page and mcid >= 0 else None
            annotation = found.get("/Obj")
            return Annotation(annotation) if isinstance(annotation, str) else None
        if isinstance(value, str):
            if value in seen:
                return None
            seen.add(value)
        written = values.name(found["/S"])
        return Element(
            self._role(written, found.get("/NS")),
            written,
            None,
            page,
            False,
            values.text(found["/Alt"]) if "/Alt" in found else None,
            values.text(found["/ActualText"]) if "/ActualText" in found else None,
            self._attributes(found),
        )

    def _role(self, name: str, space: Any) -> str:
        """The standard's name for a name of the file's own, by the role map of its namespace and of the tree."""
        values = self._values
        maps = (values.dictionary(values.dictionary(space).get("/RoleMapNS")), self._roles)
        for _ in range(_ROLES):
            role = next((roles["/" + name] for roles in maps if "/" + name in roles), None)
            if name in _STANDARD or role is None:
                break
            # In a namespace's map a role may be a pair: the name, and the namespace that it belongs to.
            name = values.name(next(iter(values.several(role)), None))
        return name

    @cached_property
    def _roles(self) -> dict[str, Any]:
        return self._values.dictionary(self._root.get("/RoleMap"))

    @cached_property
    def _classes(self) -> dict[str, Any]:
        return self._values.dictionary(self._root.get("/ClassMap"))

    def _attributes(self, found: dict[str, Any]) -> dict[str, Any]:
        if "/A" not in found and "/C" not in found:
            return {}
        values = self._values
        classes = [self._classes.get("/" + values.name(one)) for one in values.several(found.get("/C"))]
        sets = [*(one for each in classes for one in values.several(each)), *values.several(found.get("/A"))]
        merged: dict[str, Any] = {}
        for one in sets:
            merged |= values.dictionary(one)
        if "/ID" in found:
            merged["/ID"] = found["/ID"]
        return merged


def _inline(tag: str, parent: Element) -> bool:
    if tag == "NonStruct":
        # It stands for anything. Where it is a part of a line, so are the paragraphs that some programs put in it.
        return parent.inline or parent.tag in _TEXTS
    return tag in _PHRASES or (tag == "P" and parent.inline)
