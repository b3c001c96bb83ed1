"""The slots of laid-out pages, read from the engine's box tree as plain values: where each stands, and its type.

The tree is private to WeasyPrint; a new version of it has to pass the tests of this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.ffi import ffi
from weasyprint.text.fonts import get_hb_object_data, get_pango_font_hb_face

from handouts.slots import Slot, Spot, Stack

# Coordinates are sums of many: less than this, in CSS pixels, is nothing.
_OVER = 0.02
# The type of a slot must be plain: whatever else a style sheet asks for, only the engine can do.
_PLAIN = {
    "letter_spacing": ("normal", 0),
    "word_spacing": (0, "normal"),
    "text_transform": ("none",),
    "text_decoration_line": ("none", set(), frozenset()),
    "font_variant_caps": ("normal",),
    "font_variant_numeric": ("normal",),
    "font_feature_settings": ("normal",),
    "text_align_all": ("start", "left"),
}


@dataclass(frozen=True)
class Places:
    """All slots of a document: stacks of text, and single spots. `unknown` says in words what keeps a page from being
    given another name without a new layout; empty where nothing does."""

    stacks: tuple[Stack, ...]
    spots: tuple[Spot, ...]
    unknown: str = ""


def read_places(pages: Sequence[Any], faces: Mapping[bytes, str]) -> Places:
    """The slots of `rendered.pages`; `faces` are project paths of font files by their content."""
    stacks: list[Stack] = []
    spots: list[Spot] = []
    unknown: list[str] = []
    for number, page in enumerate(pages):
        for box, inside in _marked(page._page_box, False):
            if box.transformation_matrix:
                unknown.append("a slot is turned or scaled")
            name = box.element.get("data-slot")
            if box.element.get("data-stack"):
                stacks.append(_stack(box, number, faces, unknown))
            elif name in ("code", "logo", "revision"):
                spots.append(_spot(box, name, number, faces, unknown))
            elif not inside:
                unknown.append(f'the slot "{name}" stands in no stack')
    return Places(tuple(stacks), tuple(spots), "; ".join(dict.fromkeys(unknown)))


def _marked(box: Any, inside: bool) -> Iterator[tuple[Any, bool]]:
    """The boxes of stacks and slots, and whether each stands in a stack."""
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    if box.element is not None and not isinstance(box, boxes.LineBox | boxes.TextBox):
        if box.element.get("data-stack"):
            yield box, inside
            inside = True
        elif box.element.get("data-slot"):
            yield box, inside
            return
    if isinstance(box, boxes.ParentBox):
        for child in box.children:
            yield from _marked(child, inside)


def overfull(pages: Sequence[Any]) -> list[Any]:
    """The elements of the stacks of `rendered.pages` whose text runs over them, below or to the right."""
    found = []
    for page in pages:
        for box, _ in _marked(page._page_box, False):
            if box.element.get("data-stack"):
                bottom, right = box.content_box_y() + box.height, box.content_box_x() + box.width
                lines = [one for one in box.descendants() if isinstance(one, boxes.LineBox)]
                ends = [one.position_y + one.margin_height() for one in box.children]
                sides = [line.position_x + line.width for line in lines]
                if max(ends, default=bottom) > bottom + _OVER or max(sides, default=right) > right + _OVER:
                    found.append(box.element)
    return found


def _stack(box: Any, page: int, faces: Mapping[bytes, str], unknown: list[str]) -> Stack:
    slots = []
    for child in box.children:
        child = child._box if isinstance(child, AbsolutePlaceholder) else child
        name = child.element.get("data-slot") if child.element is not None else None
        if name is None:
            unknown.append("something that is no slot stands in a stack")
            continue
        lines = [line for line in child.children if isinstance(line, boxes.LineBox)]
        texts = [text for line in lines for text in _texts(line)]
        edges = (child.padding_top, child.padding_bottom, child.padding_left, child.padding_right)
        edges += (child.border_top_width, child.border_bottom_width, child.margin_left, child.margin_right)
        if len(lines) != 1 or any(edges) or not texts or child.position_x != box.content_box_x():
            unknown.append(f'the slot "{name}" is no plain line of text')
            continue
        text = texts[0]
        unknown += _fancy(name, text.style)
        slots.append(
            Slot(
                name=name,
                size=text.style["font_size"],
                leading=lines[0].height,
                baseline=text.position_y + text.baseline - lines[0].position_y,
                above=child.margin_top,
                below=child.margin_bottom,
                face=_face(text, faces, unknown),
                color=_color(text.style),
            )
        )
    return Stack(page, box.content_box_x(), box.content_box_y(), box.width, box.height, tuple(slots))


def _spot(box: Any, name: str, page: int, faces: Mapping[bytes, str], unknown: list[str]) -> Spot:
    if name == "code":
        (svg,) = [one for one in box.descendants() if isinstance(one, boxes.ReplacedBox)]
        modules = float(svg.element.get("viewBox").split()[2])
        quiet = svg.width * -float(svg.element.get("viewBox").split()[0]) / modules
        x, y = svg.content_box_x() + quiet, svg.content_box_y() + quiet
        return Spot(name, page, x, y, svg.width - 2 * quiet, svg.height - 2 * quiet)
    x, y, width, height = box.content_box_x(), box.content_box_y(), box.width, box.height
    if name == "logo":
        return Spot(name, page, x, y, width, height)
    texts = list(_texts(box))
    if len(texts) != 1:
        unknown.append(f'the slot "{name}" is no plain line of text')
        return Spot(name, page, x, y, width, height)
    (text,) = texts
    unknown += _fancy(name, text.style)
    y = text.position_y + text.baseline
    face, size = _face(text, faces, unknown), text.style["font_size"]
    return Spot(name, page, text.position_x, y, width, height, face, size, _color(text.style))


def _texts(box: Any) -> Iterator[Any]:
    return (one for one in box.descendants() if isinstance(one, boxes.TextBox) and one.text.strip())


def _fancy(name: str, style: Any) -> list[str]:
    odd = [key for key, plain in _PLAIN.items() if style[key] not in plain]
    if style["text_indent"].value:
        odd.append("text_indent")
    return [f'the slot "{name}" is set with {key.replace("_", "-")}' for key in odd]


def _color(style: Any) -> tuple[float, float, float]:
    red, green, blue = style["color"].to("srgb").coordinates
    return round(red, 6), round(green, 6), round(blue, 6)


def _face(text: Any, faces: Mapping[bytes, str], unknown: list[str]) -> str:
    """The project path of the font file that a text is set in."""
    text.pango_layout.reactivate(text.style)
    line, _ = text.pango_layout.get_first_line()
    run = line.runs[0]
    content = b""
    if run != ffi.NULL:
        content = bytes(get_hb_object_data(get_pango_font_hb_face(run.data.item.analysis.font)))
    text.pango_layout.deactivate()
    if content not in faces:
        unknown.append("a slot is set in a font that is no file of the project")
    return faces.get(content, "")

