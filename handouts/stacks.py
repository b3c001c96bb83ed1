"""The slots of laid-out pages, read from the engine's box tree as plain values: where each stands, and its type.

The tree is private to WeasyPrint; a new version of it has to pass the tests of this file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.text.ffi import ffi
from weasyprint.text.fonts import get_hb_object_data, get_pango_font_hb_face

from handouts.qr import breakable, printed_address, qr_code
from handouts.slots import SLOT_TEXTS, STEPS, Slot, Spot, Stack
from handouts.typography import JOINER

# Coordinates are sums of many: less than this, in CSS pixels, is nothing.
_OVER = 0.02
# A style sheet that is wrong once is wrong in every slot.
_TOLD = 2
# The type of a slot must be plain: whatever else a style sheet asks for, only the engine can do.
_PLAIN = {
    "direction": ("ltr",),
    "font_kerning": ("auto", "normal"),
    "font_language_override": ("normal",),
    "font_variant_alternates": ("normal",),
    "font_variant_east_asian": ("normal",),
    "font_variant_ligatures": ("normal",),
    "font_variant_position": ("normal",),
    "font_variation_settings": ("normal",),
    "hyphens": ("manual", "none"),
    "letter_spacing": ("normal", 0),
    "overflow_wrap": ("normal",),
    "word_break": ("normal",),
    "word_spacing": (0, "normal"),
    "text_transform": ("none",),
    "text_decoration_line": ("none", set(), frozenset()),
    "font_variant_caps": ("normal",),
    "font_variant_numeric": ("normal",),
    "font_feature_settings": ("normal",),
    "text_align_all": ("start", "left"),
    "text_align_last": ("auto", "start", "left"),
}
# A stack is a box of its own size, and its slots stand in it one below the other.
_BLOCKS = (("block", "flow"), ("block", "flow-root"))
_CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")
_CODE = re.search(r'<path [^>]*d="([^"]+)"', qr_code(SLOT_TEXTS["url"], "-"))[1]
_REVISION = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}")


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
        language = page._page_box.children[0].style["lang"]
        codes = sum(map(_is_code, _inside(page._page_box)))
        for box, inside, around in _marked(page._page_box):
            unknown += around
            if any(text.style["lang"] != language for text in _texts(box)):
                unknown.append("a slot is set in a language of its own")
            name = box.element.get("data-slot")
            if box.element.get("data-stack"):
                stacks.append(_stack(box, number, faces, unknown))
            elif name in ("code", "logo", "revision"):
                spots.append(_spot(box, name, number, faces, unknown))
                codes -= name == "code"
            elif not inside:
                unknown.append(f'the slot "{name}" stands in no stack')
        if codes > 0:
            unknown.append("a code stands in no slot")
    return Places(tuple(stacks), tuple(spots), "; ".join(list(dict.fromkeys(unknown))[:_TOLD]))


def agree(places: Places, smallest: Places) -> bool:
    """Whether a layout whose stacks were all set in the smallest type differs in the size of that type, and in nothing
    else: what is told of the sizes between hangs on it."""
    stacks = [_rounded(replace(stack, slots=tuple(map(_reduced, stack.slots)))) for stack in places.stacks]
    spots = [_rounded(spot) for spot in places.spots]
    return (stacks, spots) == (list(map(_rounded, smallest.stacks)), list(map(_rounded, smallest.spots)))


def _reduced(slot: Slot) -> Slot:
    lengths = ("size", "leading", "baseline", "above", "below")
    return replace(slot, **{name: getattr(slot, name) * STEPS[-1] for name in lengths})


def _rounded(value: Any) -> Any:
    """A record as a tuple, its lengths to the 50th of a pixel."""
    if isinstance(value, Slot | Stack | Spot):
        return tuple(_rounded(part) for part in vars(value).values())
    if isinstance(value, tuple):
        return tuple(map(_rounded, value))
    return round(value / _OVER) if isinstance(value, float) else value


def _marked(
    box: Any, inside: bool = False, around: tuple[str, ...] = ()
) -> Iterator[tuple[Any, bool, tuple[str, ...]]]:
    """The boxes of stacks and slots, whether each stands in a stack, and what it or a box around it does to it."""
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    if isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
        around += tuple(_hindrances(box))
    if box.element is not None and not isinstance(box, boxes.LineBox | boxes.TextBox):
        if box.element.get("data-stack"):
            yield box, inside, around
            inside = True
        elif box.element.get("data-slot"):
            yield box, inside, around
            return
    if isinstance(box, boxes.ParentBox):
        for child in box.children:
            yield from _marked(child, inside, around)


def _hindrances(box: Any) -> Iterator[str]:
    if box.transformation_matrix:
        yield "a slot is turned or scaled"
    if box.style["opacity"] < 1:
        yield "a slot is see-through"
    if box.style["visibility"] != "visible":
        yield "a slot is hidden"
    if box.style["overflow"] != "visible" and box.element_tag not in ("html", "body"):
        yield "a slot is cut off at the edge of a box"


def overfull(pages: Sequence[Any]) -> list[Any]:
    """The elements of the stacks of `rendered.pages` whose text runs over them, below or to the right."""
    found = []
    for page in pages:
        for box, _, _ in _marked(page._page_box):
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
    style = box.style
    if not isinstance(box, boxes.BlockBox) or style["display"] not in _BLOCKS or style["height"] == "auto":
        unknown.append("a stack is no block of its own height")
    if (style["column_count"], style["column_width"]) != ("auto", "auto"):
        unknown.append("a stack has columns")
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
        if abs(text.position_x - box.content_box_x()) > _OVER or not all(map(_is_plain, _inside(lines[0]))):
            unknown.append(f'the slot "{name}" is no plain line of text')
        if len({_look(one) for one in texts}) > 1:
            unknown.append(f'the slot "{name}" is printed in more than one way')
        if not _is_sentinel(name, texts):
            unknown.append(f'the slot "{name}" prints more than its text')
        differences = (child.width - box.width, child.height - lines[0].height)
        if max(map(abs, differences)) > _OVER or not child.is_in_normal_flow():
            unknown.append(f'the slot "{name}" has a size or place of its own')
        if _is_painted(child):
            unknown.append(f'the slot "{name}" has a background')
        if any(one.style["outline_style"] != "none" for one in _inside(child)):
            unknown.append(f'the slot "{name}" has an outline')
        unknown += _fancy(name, text.style)
        if text.style["white_space"] != "normal":
            unknown.append(f'the slot "{name}" is set with white-space')
        slots.append(
            Slot(
                name=name,
                size=text.style["font_size"],
                leading=lines[0].height,
                baseline=text.position_y + text.baseline - lines[0].position_y,
                above=child.margin_top,
                below=child.margin_bottom,
                face=_face(text, faces, unknown),
                color=_color(name, text.style, unknown),
            )
        )
    counts = Counter(slot.name for slot in slots)
    unknown += [f'the slot "{name}" stands in a stack twice' for name, count in counts.items() if count > 1]
    return Stack(page, box.content_box_x(), box.content_box_y(), box.width, box.height, tuple(slots))


def _spot(box: Any, name: str, page: int, faces: Mapping[bytes, str], unknown: list[str]) -> Spot:
    if name == "code":
        found = list(filter(_is_code, _inside(box)))
        if len(found) != 1:
            unknown.append(f'the slot "{name}" is no code of its address')
            return Spot(name, page, box.content_box_x(), box.content_box_y(), box.width, box.height)
        (svg,) = found
        modules = float(svg.element.get("viewBox").split()[2])
        quiet = svg.width * -float(svg.element.get("viewBox").split()[0]) / modules
        x, y = svg.content_box_x() + quiet, svg.content_box_y() + quiet
        return Spot(name, page, x, y, svg.width - 2 * quiet, svg.height - 2 * quiet)
    x, y, width, height = box.content_box_x(), box.content_box_y(), box.width, box.height
    if name == "logo":
        unknown += _strange_logo(box)
        return Spot(name, page, x, y, width, height)
    texts = list(_texts(box))
    if len(texts) != 1:
        unknown.append(f'the slot "{name}" is no plain line of text')
        return Spot(name, page, x, y, width, height)
    (text,) = texts
    if not _REVISION.fullmatch(text.text.strip()):
        unknown.append(f'the slot "{name}" prints more than its text')
    unknown += _fancy(name, text.style)
    y = text.position_y + text.baseline
    face, size = _face(text, faces, unknown), text.style["font_size"]
    return Spot(name, page, text.position_x, y, width, height, face, size, _color(name, text.style, unknown))


def _inside(box: Any) -> Iterator[Any]:
    """A box and all in it, what is placed by itself among it."""
    return (getattr(one, "_box", one) for one in box.descendants(placeholders=True))


def _is_code(box: Any) -> bool:
    """Whether a box is the code of the empty slots' address."""
    if not isinstance(box, boxes.ReplacedBox) or box.element is None:
        return False
    return _CODE in [one.get("d") for one in box.element]


def _texts(box: Any) -> Iterator[Any]:
    return (one for one in box.descendants() if isinstance(one, boxes.TextBox) and one.text.strip())


def _is_sentinel(name: str, texts: Sequence[Any]) -> bool:
    told = "".join(text.text for text in texts).strip()
    if name == "url":
        return told == breakable(printed_address(SLOT_TEXTS["url"]))
    return told.replace(JOINER, "") == SLOT_TEXTS.get(name)


def _is_painted(box: Any) -> bool:
    """Whether a box or one inside it has a background, which would move with the text."""
    return any(
        one.style["background_color"] == "currentcolor"
        or one.style["background_color"].alpha
        or one.style["background_image"] != (("none", None),)
        for one in (box, *box.descendants())
        if not isinstance(one, boxes.TextBox | boxes.LineBox)
    )


def _is_plain(box: Any) -> bool:
    """Whether a box is a line, a text in it, or around one and without an edge of its own."""
    if isinstance(box, boxes.TextBox | boxes.LineBox):
        return True
    # Margins above and below are what the height of the line leaves.
    edges = ["margin_left", "margin_right"]
    for side in ("left", "right", "top", "bottom"):
        edges += [f"padding_{side}", f"border_{side}_width"]
    return isinstance(box, boxes.InlineBox) and not any(getattr(box, edge) for edge in edges)


def _look(text: Any) -> tuple[Any, ...]:
    keys = ("color", "font_family", "font_size", "font_style", "font_weight", "font_stretch", "vertical_align")
    return tuple(text.style[key] for key in keys)


def _strange_logo(box: Any) -> Iterator[str]:
    """What keeps a logo from standing as large as there is room, at the left and in the middle of its box."""
    style = box.style
    ((x, left, y, top),) = style["background_position"] if len(style["background_position"]) == 1 else ((0, 0, 0, 0),)
    plain = (
        style["background_size"] == ("contain",)
        and style["background_repeat"] == (("no-repeat", "no-repeat"),)
        and (x, y) == ("left", "top")
        and (left.value, top.value, top.unit) == (0, 50, "%")
        and (box.padding_width(), box.padding_height()) == (box.width, box.height)
        and style["background_origin"] == ("padding-box",)
        and not any(length.value for corner in _CORNERS for length in style[f"border_{corner}_radius"])
    )
    if not plain or list(box.children):
        yield "the logo is no background at the left and in the middle of its box"


def _fancy(name: str, style: Any) -> list[str]:
    odd = [key for key, plain in _PLAIN.items() if style[key] not in plain]
    if style["text_indent"].value:
        odd.append("text_indent")
    return [f'the slot "{name}" is set with {key.removesuffix("_all").replace("_", "-")}' for key in odd]


def _color(name: str, style: Any, unknown: list[str]) -> tuple[float, float, float]:
    try:
        color = style["color"].to("srgb")
    except NotImplementedError:  # tinycss2 cannot convert inks of a press
        color = None
    if color is None or color.alpha < 1:
        unknown.append(f'the slot "{name}" is printed in a color that is no plain one')
        return 0.0, 0.0, 0.0
    red, green, blue = color.coordinates
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

