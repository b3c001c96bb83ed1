"""How full a laid-out page is: the room above the foot, what each column leaves, and what does not fit.

It reads the engine's tree of boxes, which is private to WeasyPrint; a new version of it has to pass the tests of this
file.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from handouts.latitude import Stretch

_MM_PER_PX = 25.4 / 96
_PT_PER_PX = 0.75
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What a share of the room is made smaller by, in mm: shares are rounded, and so is what they add up to.
_TOLERANCE = 0.002


@dataclass(frozen=True)
class Measure:
    """What is left of the first page, in mm.

    `room` is the space between text and foot, negative where the text runs into the foot or on to further pages, and
    None where text or foot are not marked; `height` is that of the text, its columns one below the other. `stretch` is
    what may be handed out at the same setting, so that all columns end at the foot. `body` is the size of the running
    text in points, as the page came out.
    """

    room: float | None
    height: float
    stretch: Stretch
    body: float


@dataclass(frozen=True)
class Overrun:
    """How much of a text does not fit: lines and words, and the names of the sections it stands among."""

    lines: int
    words: int
    sections: tuple[str, ...]


class Part(NamedTuple):
    """A part of a text with its own inline style, and its two neighbours at a gap. The gap of a list's item lies above
    it, that of any other part below; a heading has none, since it belongs to what follows."""

    element: Any
    own: str
    above: Any
    below: Any


def measure(pages: Sequence[Any], parts: Sequence[Part]) -> Measure:
    """Measure `rendered.pages`; `parts` are those of the text, as `parts_of` finds them in its HTML."""
    marked = [_marked(page._page_box) for page in pages]
    height = sum(_height(page["text"]) for page in marked if "text" in page)
    body = pages[0]._page_box.children[0].style["font_size"]
    stretch = _stretch(pages[:1], parts)
    values = dict(stretch.values)
    for page in marked[1:]:
        if page.keys() >= {"foot", "lines"}:
            left = page["foot"].position_y + page["foot"].margin_top - _end(page["lines"])
            values["stretch-lines"] = round(left * _MM_PER_PX, 3)
    return Measure(_room(pages), height * _MM_PER_PX, stretch.model_copy(update={"values": values}), body * _PT_PER_PX)


def widen(part: Part, column: str | None) -> None:
    """Let the gap at a part of a text take its share of what a column has left; None takes it back, and "0" is for the
    last part of a column, whose gap falls away."""
    gap = "" if column is None else "--gap: 0; --feather: 0mm"
    if column not in (None, "0"):
        gap = f"--gap: 1; --feather: var(--feather-{column})"
    if style := "; ".join(filter(None, (part.own, gap))):
        part.element.set("style", style)
    else:
        part.element.attrib.pop("style", None)


def parts_of(document: Any) -> list[Part]:
    """The parts of a text between which a gap may grow: sections, what they are made of, and the items of lists."""
    text = next((element for element in document.iter() if element.get("data-fit") == "text"), ())
    parts = []
    for holder in (text, *text, *(item for item in text.iter() if item.tag in ("ul", "ol"))) if len(text) else ():
        items = holder.tag in ("ul", "ol")
        for above, below in pairwise(holder):
            if above.tag not in _HEADINGS:
                part = below if items else above
                parts.append(Part(part, part.get("style", ""), above, below))
    return parts


def overrun(pages: Sequence[Any]) -> Overrun:
    """How far the text of `rendered.pages` is too long, in its own lines; of columns, those that are too long count."""
    lack = -(_room(pages) or 0.0)
    last = [page for page in (_marked(one._page_box) for one in pages) if "text" in page][-1]
    # A column that leaves more free than the page lacks would fit by itself; so would one that ends on an earlier page.
    too_long = [last[name] for name, left in _free(last).items() if left < lack and _lines(last[name])]
    too_long = too_long or [last["text"]]
    elements = {id(element) for box in too_long for element in box.element.iter()}
    lines = [
        line
        for page in pages
        for line in _lines(page._page_box)
        if id(line.element) in elements and line.element.tag in ("p", "li")
    ]
    if not lines:
        return Overrun(0, 0, ())
    words = sum(len(_text(line).split()) for line in lines)
    missing = math.ceil(lack / (statistics.median(line.height for line in lines) * _MM_PER_PX))
    names = [
        name.removeprefix("s-")
        for box in too_long
        for element in box.element.iter("section")
        for name in element.get("class", "").split()
        if name.startswith("s-")
    ]
    return Overrun(missing, math.ceil(missing * words / len(lines)), tuple(names))


def _text(box: Any) -> str:
    if isinstance(box, boxes.TextBox):
        return box.text
    return "".join(_text(child) for child in getattr(box, "children", ()))


def _stretch(pages: Sequence[Any], parts: Sequence[Part]) -> Stretch:
    """To each named column goes what it leaves free beside its longest neighbour, and what that leaves; to columns that
    are filled one after the other, what each leaves, shared among its parts."""
    room, page = _room(pages), _marked(pages[0]._page_box)
    if room is None or "text" not in page:
        return Stretch()
    free = {f"stretch-{name}": round(room + value, 3) for name, value in _free(page).items()}
    columns = [child for child in page["text"].children if child.is_column]
    if not columns:
        return Stretch(values={"stretch": round(room, 3), **free})
    joints = _joints(parts, columns)
    spare = [left * _MM_PER_PX for left in _spare(page["text"], page["foot"], columns)]
    shares = {
        f"feather-{number}": round(max(0.0, left) / joints.count(str(number)) - _TOLERANCE, 3)
        for number, left in enumerate(spare, 1)
        if str(number) in joints
    }
    return Stretch(values=shares, joints=joints)


def _marked(page: Any) -> dict[str, Any]:
    """The boxes of a page's elements marked `data-fit="text"`, `"foot"`, or with the name of a column."""
    return {
        box.element.get("data-fit"): box
        for box in _walk(page)
        if isinstance(box, boxes.BlockBox | boxes.TableCellBox)
        and not isinstance(box, boxes.TableBox)
        and not box.is_column
        and box.element is not None
        and box.element.get("data-fit")
    }


def _free(marked: Mapping[str, Any]) -> dict[str, float]:
    """What each named column leaves free, in mm: the engine fills a table cell up to its row's height by padding."""
    return {
        name: (box.padding_bottom - box.style["padding_bottom"].value) * _MM_PER_PX
        for name, box in marked.items()
        if name not in ("text", "foot")
    }


def _room(pages: Sequence[Any]) -> float | None:
    """Space between the end of the text and the foot, in mm; what runs on to later pages is missing.

    In columns that are filled one after the other, it is what the last column has left, or what stands in columns too
    many.
    """
    marked = [_marked(page._page_box) for page in pages]
    texts = [page.get("text") for page in marked]
    # A foot that is placed on its sheet comes with the end of the sheet, and stands on that page where it should here.
    foot = next((page["foot"] for page in marked if "foot" in page), None)
    if foot is None or not any(texts):
        return None
    edge = foot.position_y + foot.margin_top
    later = sum(_height(text) for text in texts[1:] if text)
    if (text := texts[0]) is None:
        # Not even its first part found room below what stands above it.
        text = next(filter(None, texts))
        return (max(1, _column_count(text)) * (edge - _flow_end(pages[0]._page_box)) - later) * _MM_PER_PX
    columns = [child for child in text.children if child.is_column]
    if not columns:
        return (edge - _end(text) - later) * _MM_PER_PX
    spare, wanted = _spare(text, foot, columns), _column_count(text)
    height = _lowest(columns[0]) - columns[0].position_y + spare[0]
    room = spare[-1] + height * (wanted - len(columns)) if len(columns) <= wanted else 0.0
    return (room - sum(height - left for left in spare[wanted:]) - later) * _MM_PER_PX


def _flow_end(box: Any) -> float:
    """The lower edge of the lowest line of a page: that of what stands above a text which went on to the next page."""
    return max((line.position_y + line.height for line in _lines(box)), default=0.0)


def _lines(box: Any) -> list[Any]:
    return [one for one in _walk(box) if isinstance(one, boxes.LineBox)]


def _spare(text: Any, foot: Any, columns: Sequence[Any]) -> list[float]:
    """What each column has left, in px: above the foot, or in a place of a fixed height above it."""
    top = columns[0].position_y
    height = foot.position_y + foot.margin_top - top
    if text.style["height"] != "auto":
        height = min(height, text.height)
    going_on = [{id(box.element) for box in _walk(column)} for column in columns[1:]] + [set()]
    return [height - (_lowest(*column) - top) for column in zip(columns, going_on, strict=True)]


def _joints(parts: Sequence[Any], columns: Sequence[Any]) -> str:
    """For each part of a text the column in which its gap lies, 0 where a column ends there."""
    begins: dict[int, int] = {}
    ends: dict[int, int] = {}
    for number, column in enumerate(columns, 1):
        for box in _walk(column):
            if box.element is not None:
                begins.setdefault(id(box.element), number)
                ends[id(box.element)] = number
    joints = ((ends.get(id(part.above), 0), begins.get(id(part.below), 0)) for part in parts)
    return "".join(str(above if above == below else 0) for above, below in joints)


def _height(text: Any) -> float:
    """How much of a text stands on a page, in px: one column below the other."""
    columns = [child for child in text.children if child.is_column]
    if not columns:
        return _end(text) - text.position_y - text.margin_top
    return sum(_lowest(column) - column.position_y for column in columns)


def _column_count(box: Any) -> int:
    count = box.style["column_count"]
    return count if isinstance(count, int) else 0


def _end(box: Any) -> float:
    """The lower edge of a box's border."""
    return box.position_y + box.margin_top + box.border_height()


def _lowest(box: Any, going_on: set[int] = frozenset()) -> float:
    """The lower edge of the lowest child. *Why not the box's own:* a column is as high as its container, and so is
    every box in it that goes on in the next one."""
    edges = [box.position_y]
    for child in box.children:
        if isinstance(child, boxes.LineBox):
            edges.append(child.position_y + child.height)
        else:
            edges.append(_lowest(child, going_on) if id(child.element) in going_on else _end(child))
    return max(edges)


def _walk(box: Any) -> Iterator[Any]:
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    yield box
    for child in getattr(box, "children", ()):
        yield from _walk(child)
