"""What the tags must say for PDF/UA-1: terms and bodies in lists, scope in tables, figures, languages, no noise."""

from __future__ import annotations

import re

from pikepdf import Array, Dictionary, Name

from handouts.finishing.marked_content import POINTS_PER_PIXEL, PageContent
from handouts.finishing.structure import Element, Reference

# Elements that may hold text themselves, without a line of text being an element of its own.
HOLDS_TEXT = {"P", "H1", "H2", "H3", "H4", "H5", "H6", "Lbl", "LBody", "TD", "TH", "Caption", "Span", "Link"}
INLINE = {"Span", "Link", "Figure"}
LABELS = (
    ("Decimal", re.compile(r"\D*\d+\D*")),
    ("UpperRoman", re.compile(r"\W*[IVXLC]+\W*")),
    ("LowerRoman", re.compile(r"\W*[ivxlc]+\W*")),
    ("UpperAlpha", re.compile(r"\W*[A-Z]\W*")),
    ("LowerAlpha", re.compile(r"\W*[a-z]\W*")),
    ("Circle", re.compile(r"\s*[◦○]\s*")),
    ("Square", re.compile(r"\s*[▪■]\s*")),
)
SPAN = re.compile(rb"/(ColSpan|RowSpan) (\d+)")
NUMBER = rb"(-?[\d.]+)"
BBOX = re.compile(rb"/BBox \[ " + rb" ".join([NUMBER] * 4) + rb" \]")


def is_leader(element: Element, content: PageContent) -> bool:
    """Whether an element holds nothing but a sign repeated, as the dots between a heading and its page."""
    if element.tag not in ("Link", "NonStruct") or len(element.kids) < 3:
        return False
    pieces = list(element.contents())
    if len(pieces) < 3 or len({content.glyphs(mcid) for mcid in pieces}) > 1:
        return False
    return not any(character.isalnum() for character in content.text(pieces[0]))


def silence_leaders(document: Element, contents: list[PageContent]) -> None:
    """Make leaders artifacts: 80 dots are 80 stops for somebody who listens."""
    for element in document.walk():
        for kid in list(element.kids):
            if isinstance(kid, Element) and kid.page is not None and is_leader(kid, contents[kid.page]):
                for mcid in kid.contents():
                    contents[kid.page].make_artifact(mcid)
                kid.kids = [inner for inner in kid.kids if isinstance(inner, Reference)]


def silence_breaks(document: Element, contents: list[PageContent]) -> None:
    """Take out of the tree what shows no glyph: the places at which an address may break, each tagged as a text."""
    for element in document.walk():
        for kid in list(element.kids):
            if not isinstance(kid, Element) or kid.page is None:
                continue
            content, mcids, below = contents[kid.page], list(kid.contents()), kid.walk()
            held = any(isinstance(one, Reference) for inner in below for one in inner.kids)
            if mcids and not held and all(content.is_blank(mcid) for mcid in mcids):
                for mcid in mcids:
                    content.make_artifact(mcid)
                element.kids.remove(kid)


def silence_figures(document: Element, contents: list[PageContent]) -> None:
    """Make figures without alternative text artifacts, and measure the others in points from the lower left corner.

    Why: WeasyPrint tags every drawing as a figure, and writes its box in pixels from the top.
    """
    for element in document.walk():
        for kid in list(element.kids):
            if not isinstance(kid, Element) or kid.tag != "Figure":
                continue
            if b"/Alt" not in kid.head:
                for mcid in kid.contents():
                    contents[kid.page].make_artifact(mcid)
                # A link drawn around decoration keeps its annotation, which then belongs to the element around.
                at = element.kids.index(kid)
                element.kids[at : at + 1] = [inner for inner in kid.kids if isinstance(inner, Reference)]
            elif box := BBOX.search(kid.head):
                left, top, right, bottom = (float(value) * POINTS_PER_PIXEL for value in box.groups())
                height = contents[kid.page].height
                corners = (round(value, 3) for value in (left, height - bottom, right, height - top))
                kid.entries["A"] = Dictionary(O=Name.Layout, BBox=Array(list(corners)))


def is_mark(kid: object) -> bool:
    """Whether this is the empty pseudo-element that style sheets set to mark an element; see accessibility.MARKS."""
    return isinstance(kid, Element) and kid.tag == "NonStruct" and not kid.kids


def is_marked(element: Element) -> bool:
    """Whether an element begins and ends with a mark."""
    return len(element.kids) > 1 and is_mark(element.kids[0]) and is_mark(element.kids[-1])


def name_language(document: Element, language: str) -> None:
    """Give marked text elements their language; spans broken over lines are marked at their first and last piece."""
    for element in document.walk():
        inside = False
        for kid in element.kids:
            if not isinstance(kid, Element) or kid.tag not in HOLDS_TEXT - {"LBody", "Lbl"} or not kid.kids:
                continue
            begins = is_mark(kid.kids[0])
            ends = is_mark(kid.kids[-1]) and (inside or len(kid.kids) > 1)
            if (begins and ends) or inside or (begins and kid.tag == "Span"):
                kid.entries["Lang"] = language
                inside = not ends


def shape_lists(document: Element, contents: list[PageContent]) -> None:
    """Give every list items of label and body, and say how ordered lists count.

    A marked body is a term (dt): it becomes the label of the descriptions (dd) that follow it.
    """
    for element in document.walk():
        if element.tag != "L":
            continue
        items: list[Element | Reference | int] = []
        for kid in element.kids:
            if not isinstance(kid, Element) or kid.tag != "LI":
                items.append(kid)
                continue
            previous = items[-1] if items else None
            body = kid.kids[0] if len(kid.kids) == 1 else None
            if isinstance(body, Element) and body.tag == "LBody":
                if is_marked(body):
                    body.tag = "Lbl"
                # A second term before any description, or a description, joins the term before it.
                follows_term = isinstance(previous, Element) and _is_term(previous)
                if follows_term and not (body.tag == "Lbl" and _has_body(previous)):
                    previous.kids.append(body)
                    continue
            elif loose := [part for part in kid.kids if not _is_item_part(part)]:
                kid.kids = [*filter(_is_item_part, kid.kids), Element("LBody", kid.page, loose)]
            items.append(kid)
        element.kids = items
        if numbering := _numbering(element, contents):
            element.entries["A"] = Dictionary(O=Name.List, ListNumbering=Name("/" + numbering))


def _is_term(item: Element) -> bool:
    """Whether a list item began with a term: its first label holds the marks."""
    first = item.kids[0] if item.kids else None
    return isinstance(first, Element) and first.tag == "Lbl" and is_marked(first)


def _has_body(item: Element) -> bool:
    return any(isinstance(part, Element) and part.tag == "LBody" for part in item.kids)


def _is_item_part(kid: Element | Reference | int) -> bool:
    return isinstance(kid, Element) and kid.tag in ("Lbl", "LBody")


def _numbering(element: Element, contents: list[PageContent]) -> str | None:
    """How a list counts by its first label, None without labels."""
    for item in element.kids:
        if isinstance(item, Element) and item.tag == "LI" and not _is_term(item):
            for part in item.kids:
                if isinstance(part, Element) and part.tag == "Lbl":
                    label = "".join(contents[part.page].text(mcid) for mcid in part.contents())
                    return next((name for name, pattern in LABELS if pattern.fullmatch(label)), "Disc")
    return None


def scope_tables(document: Element) -> None:
    """Give each TH its scope and take out /Headers and /ID.

    A header cell in the head, or in a row of header cells alone, speaks for its column; any other for its row. Why not
    WeasyPrint's /Headers: they need an /IDTree, which it does not write, and an empty array overrules the scope.
    """
    for element in document.walk():
        if element.tag not in ("THead", "TBody", "TFoot", "Table"):
            continue
        for row in element.kids:
            if not isinstance(row, Element) or row.tag != "TR":
                continue
            cells = [cell for cell in row.kids if isinstance(cell, Element) and cell.tag in ("TH", "TD")]
            of_columns = element.tag == "THead" or all(cell.tag == "TH" for cell in cells)
            for cell in cells:
                attributes: dict[str, object] = {key.decode(): int(n) for key, n in SPAN.findall(cell.head)}
                if cell.tag == "TH":
                    attributes["Scope"] = Name.Column if of_columns else Name.Row
                cell.entries["A"] = Dictionary(O=Name.Table, **attributes) if attributes else None
                cell.entries["ID"] = None


def quieten(element: Element) -> None:
    """Take out elements that say nothing: spans without a language, empty ones, groups without a name.

    A group that holds text itself becomes a paragraph. Fewer elements are fewer bytes, and fewer stops for a reader.
    """
    kids: list[Element | Reference | int] = []
    for kid in element.kids:
        if not isinstance(kid, Element):
            kids.append(kid)
            continue
        quieten(kid)
        plain = not kid.head and not kid.entries
        holds_text = element.tag in HOLDS_TEXT and kid.page == element.page
        if kid.tag in ("NonStruct", "Span", "P", "Div") and not kid.kids and plain:
            continue
        if kid.tag == "Span" and plain and holds_text:
            kids += kid.kids
        elif kid.tag not in ("NonStruct", "Div") or not plain:
            kids.append(kid)
        elif all(map(_is_inline, kid.kids)):
            alone = all(isinstance(part, Element) and part.tag == "Figure" for part in kid.kids)
            within = holds_text and (kid.tag == "NonStruct" or len(element.kids) == 1)
            if alone or within:
                kids += kid.kids
            else:
                kid.tag = "P"
                kids.append(kid)
        elif _holds_caption(kid) or any(map(_is_inline, kid.kids)):
            kids.append(kid)
        else:
            kids += kid.kids
    element.kids = kids


def _is_inline(kid: Element | Reference | int) -> bool:
    return not isinstance(kid, Element) or kid.tag in INLINE


def _holds_caption(element: Element) -> bool:
    return any(isinstance(kid, Element) and kid.tag == "Caption" for kid in element.kids)
