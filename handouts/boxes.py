"""What a laid-out page holds, read from the engine's box tree as plain values: its words, and what does not fit.

The tree is private to WeasyPrint; a new version of it has to pass the tests of this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from weasyprint.anchors import rectangle_aabb
from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from handouts.clearance import MARGINS, PAGE, PICTURE, Box, Flaw, Frame, Run, Text, Thing, find
from handouts.typography import JOINER, MAY_BREAK

_PT = 0.75  # a CSS pixel in points
_SVG = "{http://www.w3.org/2000/svg}"
# Ink of a line above and below its baseline, as shares of the type size: ascenders and descenders of text faces.
_ASCENT, _DESCENT = 0.72, 0.2
_HANGING = frozenset("gjpqyQ,;()[]{}|/§ç@$")
_OPAQUE = 0.5
_STRAIGHT = 1e-3
_ALL = (True, True, True, True)
_INLINE_CONTEXTS = (boxes.InlineBlockBox, boxes.InlineFlexBox, boxes.InlineGridBox)
_ROWS = (boxes.TableRowGroupBox, boxes.TableRowBox)
# Their height is the least they may have, not the most.
_TABLES = (boxes.TableBox, boxes.TableCellBox)


def words(pages: Sequence[Any]) -> tuple[Run, ...]:
    """All words of `rendered.pages`."""
    seen: set[int] = set()
    return tuple(
        run for number, page in enumerate(pages, 1) for run in _runs(page._page_box, number, seen, False, None)
    )


def _runs(box: Any, number: int, seen: set[int], made: bool, matrix: Any) -> Iterator[Run]:
    made = made or _is_generated(box)
    if box.transformation_matrix:
        matrix = box.transformation_matrix @ matrix if matrix else box.transformation_matrix
    if isinstance(box, boxes.TextBox):
        # In place of a picture that cannot be had, the engine sets its text.
        if box.text.strip():
            made = made or box.element_tag == "img"
            yield Run(box.text, number, _points(_transformed(matrix, _ink(box))), made, box.style["color"].alpha > 0)
    elif isinstance(box, boxes.ReplacedBox):
        place = _points(_transformed(matrix, _border(box)))
        yield Run(PICTURE, number, place, made, drawn=True)
        inline = box.element is not None and box.element.tag == f"{_SVG}svg"
        for text in _drawn_words(box.replacement):
            yield Run(text, number, place, made or not inline, drawn=True)
    else:
        # What a margin box holds is made, but for an element that runs there.
        margin = isinstance(box, boxes.MarginBox)
        for child in box.children:
            child = child._box if isinstance(child, AbsolutePlaceholder) else child
            if not margin and not _repeats(child):
                yield from _runs(child, number, seen, made, matrix)
            elif child.element is None:
                yield from _runs(child, number, seen, True, matrix)
            else:
                again = id(child.element) in seen
                seen.add(id(child.element))
                yield from _runs(child, number, seen, made or again, matrix)


def _repeats(box: Any) -> bool:
    """Whether a box may stand on several pages."""
    if isinstance(box, boxes.TableRowGroupBox):
        return box.is_header or box.is_footer
    return box.style["position"] == "fixed"


def _is_generated(box: Any) -> bool:
    """Whether a box is a pseudo-element's, but for the first letter, which is the document's own."""
    tag = box.element_tag
    return tag is not None and "::" in tag and not tag.endswith("::first-letter")


def _drawn_words(image: Any) -> Iterator[str]:
    """The words that an SVG image prints."""
    drawing = getattr(image, "_svg", None)
    if drawing is None or not any(_local(one.tag) == "text" for one in drawing.tree._etree_node.iter()):
        return iter(())
    return _node_words(drawing.tree)


def _node_words(node: Any) -> Iterator[str]:
    if node.tag in ("defs", "symbol", "title", "desc", "style", "metadata") or not node.display:
        return
    if node.tag in ("text", "tspan", "textPath", "a") and node.visible and (node.text or "").strip():
        yield node.text
    for child in node:
        yield from _node_words(child)


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def lost_links(pages: Sequence[Any]) -> list[tuple[str, str, str]]:
    """The links of `rendered.pages` that lead nowhere: address, words, and the box that each stands in.

    *Why there are any:* a link that is itself an item of a flex or grid box is given a new box there by the engine, and
    that box has no address.
    """
    found: dict[int, tuple[str, str, str]] = {}
    alive: set[int] = set()
    for page in pages:
        for outer in page._page_box.descendants(placeholders=True):
            for box in (getattr(child, "_box", child) for child in outer.children):
                if box.element_tag == "a" and "href" in box.element.attrib:
                    text = "".join(box.element.itertext()).replace(MAY_BREAK, "").replace(JOINER, "")
                    link = box.element.get("href").strip(), " ".join(text.split()), _name(outer)
                    found.setdefault(id(box.element), link)
                    alive |= {id(box.element)} if box.link else set()
    return [link for number, link in found.items() if number not in alive]


def flaws(pages: Sequence[Any]) -> tuple[Flaw, ...]:
    """All that is cut off, runs over an edge or stands on something else on `rendered.pages`, in points from the upper
    left corner of the trim. Only the innermost box that is too small is named, and once."""
    found: list[Flaw] = []
    for number, page in enumerate(pages, 1):
        walk = _Walk(page._page_box)
        found += [
            replace(flaw, page=number, box=_points(flaw.box), by=flaw.by * _PT)
            for flaw in find(walk.texts, walk.things, _name)
        ]
    return tuple(found)


class _Walk:
    """The texts and things of one page."""

    def __init__(self, page: Any):
        self.texts: list[Text] = []
        self.things: list[Thing] = []
        self.order = self.line = 0
        left, top, width, height = page.bleed_area
        bleed = (left, top, left + width, top + height)
        edges = (0.0, 0.0, page.margin_width(), page.margin_height())
        paper = Frame(PAGE, edges, None, tall=True, clips=True, bleed=bleed)
        clips = page.style["overflow"] != "visible"
        area = Frame(MARGINS, _padding(page), paper, tall=True, clips=clips)
        for number, child in enumerate(page.children):
            key = (8, 0, number)
            self.visit(child, paper if isinstance(child, boxes.MarginBox) else area, key, key)

    def visit(self, box: Any, frame: Frame, key: tuple[float, ...], root: tuple[float, ...]) -> None:
        """Read a box in a frame. `key` sorts by the order of painting: layer, z-index and number for each stacking
        context around; `root` is that of the context which positioned boxes belong to.

        The layers are those of CSS 2.1, appendix E: 2 the context's own background, 3 negative z-index, 4 blocks,
        5 floats, 7 words, 8 positioned boxes, 9 positive z-index.
        """
        box = box._box if isinstance(box, AbsolutePlaceholder) else box
        self.order += 1
        style = box.style
        if isinstance(box, boxes.TextBox):
            if box.text.strip() and style["visibility"] == "visible" and style["color"].alpha and style["font_size"]:
                key = (*key, 7, 0, self.order)
                self.texts.append(Text(box.text, _ink(box), style["font_size"], frame, self.line, key))
            return
        if isinstance(box, boxes.LineBox):
            self.order += 1
            self.line = line = self.order
            for child in box.children:
                self.visit(child, frame, key, root)
                self.line = line
            return
        if isinstance(box, _ROWS):
            for child in box.children:
                self.visit(child, frame, key, root)
            return
        outer_key = key
        key, root = self._context(box, style, key, root)
        outer = frame.cut if style["position"] in ("absolute", "fixed") else frame
        inside = _frame(box, style, outer)
        self._thing(box, style, outer, (*key, 4 if key is outer_key else 2, 0, self.order))
        for child in box.children:
            self.visit(child, inside, key, root)

    def _context(self, box: Any, style: Any, key: tuple, root: tuple) -> tuple[tuple, tuple]:
        """`key` and `root` of what is inside a box."""
        position, z = style["position"], style["z_index"]
        ranked = z != "auto" and (position != "static" or box.is_grid_item)
        if ranked or style["opacity"] < 1 or style["transform"] or style["overflow"] != "visible":
            z = z if ranked else 0
            own = (*root, 8 if z == 0 else 9 if z > 0 else 3, z, self.order)
            return own, own
        if position != "static":
            return (*root, 8, 0, self.order), root
        if box.is_floated():
            return (*key, 5, 0, self.order), root
        if isinstance(box, _INLINE_CONTEXTS):
            return (*key, 7, 0, self.order), root
        return key, root

    def _thing(self, box: Any, style: Any, outer: Frame, key: tuple[float, ...]) -> None:
        picture = isinstance(box, boxes.ReplacedBox)
        item = box.is_flex_item or box.is_grid_item or isinstance(box, boxes.TableBox)
        filled = get_color(style, "background_color").alpha
        painted = picture or filled > 0 or _has_picture(style) or _has_border(box)
        if not (item or painted) or style["visibility"] != "visible" or isinstance(box, boxes.TableCellBox):
            return
        if isinstance(box, boxes.InlineBox) or box.element_tag in ("html", "body", None):
            return
        edges = _border(box)
        if edges[0] >= edges[2] or edges[1] >= edges[3]:
            return
        # A filled box that is placed across the page's edge is meant to: it holds no words of its own.
        placed = style["position"] in ("absolute", "fixed") and not picture
        held = Frame(box, None, outer, free=_ALL if placed else _free(box, style), **_turn(box))
        # A drawing may be a few lines: whether it hides words is only seen on paper.
        opaque = picture and not hasattr(box.replacement, "_svg")
        covers = opaque or filled > _OPAQUE
        self.things.append(Thing(box, edges, held, key, covers))


def _frame(box: Any, style: Any, outer: Frame) -> Frame:
    """What a box allows to its content. Inline boxes and tables hold nothing: their blocks and cells do."""
    free, turn = _free(box, style), _turn(box)
    if isinstance(box, boxes.InlineBox | boxes.TableBox | boxes.ReplacedBox) or box.is_table_wrapper:
        return Frame(box, None, outer, free=free, **turn) if free or turn else outer
    clips = style["overflow"] != "visible"
    left, top, right, bottom = _padding(box)
    left += min(0.0, _indent(style))
    tall = clips or _is_tall(box, style)
    return Frame(box, (left, top, right, bottom), outer, tall=tall, clips=clips, free=free, **turn)


def _is_tall(box: Any, style: Any) -> bool:
    """Whether a box has a height that is not its content's. The page holds what html and body hold."""
    if box.element_tag in ("html", "body") or isinstance(box, _TABLES):
        return False
    fixed = style["height"] != "auto" or style["max_height"].value != float("inf")
    return fixed or box.is_flex_item or box.is_grid_item or box.is_column or isinstance(box, boxes.MarginBox)


def _free(box: Any, style: Any) -> tuple[bool, bool, bool, bool] | None:
    """The sides on which a box is meant to leave the boxes around it: by an offset, a negative margin or indent.

    The margin must be the style sheet's: the engine also makes the right one negative where a box is too wide.
    """
    if style["position"] == "relative" and any(style[side] != "auto" for side in ("left", "top", "right", "bottom")):
        return _ALL
    hangs = _indent(style) < 0
    if not hangs and min(box.margin_left, box.margin_top, box.margin_right, box.margin_bottom) >= 0:
        return None
    left, *others = (_is_negative(box, style, side) for side in ("left", "top", "right", "bottom"))
    sides = (left or hangs, *others)
    return sides if True in sides else None


def _indent(style: Any) -> float:
    """The indent of a first line in px; 0 where it is a share of the width."""
    indent = style["text_indent"]
    return indent.value if getattr(indent, "unit", None) == "px" else 0.0


def _is_negative(box: Any, style: Any, side: str) -> bool:
    margin = style[f"margin_{side}"]
    if margin == "auto":
        return False
    value = getattr(margin, "value", None)
    return (getattr(box, f"margin_{side}", 0) if value is None else value) < 0


def _turn(box: Any) -> dict[str, Any]:
    """What a transformation does to places inside a box, for its Frame."""
    matrix = box.transformation_matrix
    if not matrix:
        return {}
    a, b, c, d, _, _ = matrix.values
    upright = (abs(b) < _STRAIGHT and abs(c) < _STRAIGHT) or (abs(a) < _STRAIGHT and abs(d) < _STRAIGHT)
    return {"leave": partial(_transformed, matrix), "slants": not upright}


def _transformed(matrix: Any, box: Box) -> Box:
    return box if matrix is None else rectangle_aabb(matrix, box[0], box[1], box[2] - box[0], box[3] - box[1])


def _ink(box: Any) -> Box:
    """Where the letters of a text box are, in px. The engine knows the font's own height, which is mostly air."""
    text, size = box.text, box.style["font_size"]
    base = box.position_y + box.baseline
    spacing = box.style["letter_spacing"]
    spacing = 0.0 if spacing == "normal" else spacing
    blank = len(text) - len(text.rstrip())
    right = box.position_x + box.width - spacing - blank * 0.25 * size
    below = _DESCENT if not _HANGING.isdisjoint(text) else 0.0
    return box.position_x, base - _ASCENT * size, right, base + below * size


def _padding(box: Any) -> Box:
    left, top = box.padding_box_x(), box.padding_box_y()
    return left, top, left + box.padding_width(), top + box.padding_height()


def _border(box: Any) -> Box:
    left, top = box.border_box_x(), box.border_box_y()
    return left, top, left + box.border_width(), top + box.border_height()


def _points(box: Box) -> Box:
    left, top, right, bottom = box
    return left * _PT, top * _PT, right * _PT, bottom * _PT


def _has_picture(style: Any) -> bool:
    return any(kind != "none" for kind, _ in style["background_image"])


def _has_border(box: Any) -> bool:
    return bool(
        box.border_left_width or box.border_right_width or box.border_top_width or box.border_bottom_width
    )


def _name(box: Any) -> str:
    """A box as a style sheet would name it: "section.pay", "li::before", "@top-left"."""
    if isinstance(box, str):
        return box
    if isinstance(box, boxes.MarginBox):
        return box.at_keyword
    if isinstance(box, boxes.FootnoteAreaBox):
        return "@footnote"
    tag = _local(box.element_tag) or "page"
    kind = box.element.get("class", "").split() if box.element is not None else []
    plain, _, pseudo = tag.partition("::")
    return ".".join((plain, *kind[:1])) + (f"::{pseudo}" if pseudo else "")
