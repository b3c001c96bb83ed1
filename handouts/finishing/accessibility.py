"""The accessibility pass: makes what WeasyPrint writes as PDF/UA-1 conform to it, without a visible change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from handouts.finishing import semantics, structure
from handouts.finishing.links import describe_links
from handouts.finishing.marked_content import Fonts, PageContent
from handouts.finishing.memory import ENTRY
from handouts.finishing.saving import saved

# Style rules to lay out with, before all other style sheets. Why: the tags WeasyPrint writes do not tell a term (dt)
# from a description (dd), nor a Spanish phrase from an English one. An empty box at both ends survives into the tags
# and paints nothing.
MARKS = """
dt::before, dt::after,
:is(span, em, i, q, p)[lang]::before, :is(span, em, i, q, p)[lang]::after { content: "" }
"""

Numerals = Literal["decimal", "roman", "ROMAN", "letters", "LETTERS", "none"]
NUMERAL_NAMES = {"decimal": "/D", "roman": "/r", "ROMAN": "/R", "letters": "/a", "LETTERS": "/A"}


@dataclass(frozen=True)
class PageLabels:
    """How a viewer names the pages from one on: `first` is an index from 0, `start` the number that page has.

    A cover without a number is `PageLabels(0, "none", prefix="Cover")`.
    """

    first: int
    numerals: Numerals = "decimal"
    prefix: str = ""
    start: int = 1


def finish(
    pdf: bytes,
    *,
    labels: Iterable[PageLabels] = (),
    link_texts: Mapping[str, str] | None = None,
    other_language: str | None = None,
    memory: str = "",
) -> bytes:
    """A PDF/UA-1 as WeasyPrint 70 wrote it, made to conform: same pages, same text, same bytes on every run.

    `labels` name the pages in the viewer; the first must be for page 0. `link_texts` says in words where a link's
    address leads, keyed by its href ("https://…" or "#name"), and is worth giving for cite marks, whose own text is a
    number. `other_language` is the language of text marked by MARKS, in a document with two. `memory` is what the PDF
    shall remember of its making, in ASCII; `handouts.finishing.memory` reads it.

    Raises ValueError where the structure is not as WeasyPrint writes it, and for labels that do not begin at page 0.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        root = structure.read(document)
        contents = _page_contents(document)
        reached = _reached(root)
        for page, content in enumerate(contents):
            for mcid in sorted(content.mcids() - reached.get(page, set())):
                content.make_pagination(mcid)
        semantics.silence_leaders(root, contents)
        semantics.silence_figures(root, contents)
        describe_links(document, root, contents, link_texts or {})
        semantics.silence_breaks(root, contents)
        if other_language:
            semantics.name_language(root, other_language)
        semantics.shape_lists(root, contents)
        semantics.scope_tables(root)
        semantics.quieten(root)
        structure.write(document, root, contents)
        for content in contents:
            content.save()
        if ranges := sorted(labels, key=lambda label: label.first):
            document.Root.PageLabels = _page_labels(ranges)
        if memory:
            document.docinfo[ENTRY] = String(memory)
        return saved(document)


def _page_contents(document: pikepdf.Pdf) -> list[PageContent]:
    """Every page's marked content; WeasyPrint's parent tree has a slot for each piece, margin boxes included."""
    numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
    slots = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    fonts = Fonts(document.pages[0].obj.Resources.Font)
    return [PageContent(page, fonts, len(slots[int(page.obj.StructParents)])) for page in document.pages]


def _reached(root: structure.Element) -> dict[int, set[int]]:
    """By page, the MCIDs that the structure tree reaches; WeasyPrint leaves out those of page-margin boxes."""
    reached: dict[int, set[int]] = {}
    for element in root.walk():
        if element.page is not None:
            reached.setdefault(element.page, set()).update(kid for kid in element.kids if isinstance(kid, int))
    return reached


def _page_labels(ranges: list[PageLabels]) -> Dictionary:
    if ranges[0].first != 0:
        raise ValueError("page labels must begin with the first page, index 0")
    numbers: list[object] = []
    for label in ranges:
        entry = Dictionary()
        if label.numerals != "none":
            entry.S = Name(NUMERAL_NAMES[label.numerals])
            entry.St = label.start
        if label.prefix:
            entry.P = String(label.prefix)
        numbers += [label.first, entry]
    return Dictionary(Nums=Array(numbers))
