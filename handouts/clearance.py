"""Whether everything on a page has room: text and boxes against the edges around them, and against each other.

Plain geometry, in CSS pixels from the upper left corner of the trimmed page; boxes.py reads it off a laid-out page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal, NamedTuple

Box = tuple[float, float, float, float]
Kind = Literal["clipped", "overlap", "overflow"]
# The layout counts in floats, and the ink of a line is only known by its type size: what is beyond an edge by less
# than this is not. In px (a quarter of a millimetre), and as a share of the type size.
SLACK, SLACK_UPRIGHT = 1.0, 0.12
# Ink of two lines may touch by this share of the smaller type size: a descender in the leading of a tight heading.
TOUCH = 0.17
# The owners of the outermost frames.
PAGE, MARGINS = "page", "margins"
_FIRST_WORDS = 8
_NOTHING: Box = (inf, inf, -inf, -inf)
# Stands in a text for a picture, so that a lost picture is missed like lost words.
PICTURE = "\ufffc"


@dataclass(frozen=True)
class Run:
    """A piece of text as it is laid out, in the order of the tree; `box` is in points from the trim's upper left.

    `made` is what the engine adds to the words of the document: bullets, numbers, running heads, repeated headers of
    tables. `shown` is False for words in a transparent colour, which only screen readers meet. `drawn` is True for
    the words of a drawing, and for the drawing itself: a run whose text is PICTURE.
    """

    text: str
    page: int
    box: Box
    made: bool = False
    shown: bool = True
    drawn: bool = False


class Frame:
    """What a box allows to its content: its `edges`, or None where it only passes on those of the `outer` one.

    `tall` says whether it holds its content in height too: a block that grows with its content does not. `clips` cuts
    off what is beyond. `free` names the sides (left, top, right, bottom) on which a negative margin or an offset takes
    the box out of the frames around it, on purpose. `leave` turns a place inside into one outside, where the box is
    transformed, and `slants` says that this is the upright box around a slanted one. `owner` is the box itself, as
    whoever asks for flaws knows it. `bleed` is how far things may go that are no words, where that is further.
    """

    __slots__ = (
        *("bleed", "clips", "cut", "edges", "free", "inner", "leave", "outer", "owner", "slanted", "tall", "turned"),
    )

    def __init__(
        self,
        owner: Any,
        edges: Box | None,
        outer: Frame | None,
        *,
        tall: bool = False,
        clips: bool = False,
        free: tuple[bool, bool, bool, bool] | None = None,
        leave: Callable[[Box], Box] | None = None,
        slants: bool = False,
        bleed: Box | None = None,
    ):
        self.owner, self.edges, self.outer, self.bleed = owner, edges, outer, bleed or edges
        self.tall, self.clips, self.free, self.leave = tall, clips, free, leave
        self.turned = leave is not None or (outer is not None and outer.turned)
        self.slanted = slants or (outer is not None and outer.slanted)
        # What is inside these edges is inside all frames: nearly everything, for the price of four comparisons.
        self.inner = _NOTHING if leave else (-inf, -inf, inf, inf) if outer is None else outer.inner
        if edges and not leave:
            left, top, right, bottom = self.inner
            self.inner = (
                max(left, edges[0]),
                max(top, edges[1]) if tall else top,
                min(right, edges[2]),
                min(bottom, edges[3]) if tall else bottom,
            )
        # The frames that hold an absolute box inside: only those that cut.
        if outer is None:
            self.cut: Frame = self
        elif clips or leave:
            held = outer.cut
            again = {"tall": tall, "clips": clips, "leave": leave, "slants": slants}
            self.cut = self if held is outer else Frame(owner, edges, held, **again)
        else:
            self.cut = outer.cut

    @property
    def is_page(self) -> bool:
        return self.outer is None


class Text(NamedTuple):
    """Words on one line, as one piece. `ink` is where their letters are, `line` counts the lines of the page, `key`
    sorts by the order of painting."""

    words: str
    ink: Box
    size: float
    frame: Frame
    line: int
    key: tuple[float, ...]


class Thing(NamedTuple):
    """A picture, a table, a painted box or one child of a row: what must fit whether or not it holds words.

    `covers` says that nothing is seen through it.
    """

    owner: Any
    edges: Box
    frame: Frame
    key: tuple[float, ...]
    covers: bool


@dataclass(frozen=True)
class Flaw:
    """Something that does not fit. `words` are the first of those concerned, and `count` how many there are; without
    words it is a picture or a box, named by `what`.

    `out_of` names the other side: "page", "margins", the box that is too small as a style sheet would name it, or, for
    an overlap, the words or the box beneath. `by` is how far it runs over.
    """

    kind: Kind
    page: int
    box: Box
    words: str
    count: int
    what: str
    out_of: str
    by: float


class _Group:
    """What runs out of one box, or stands on one: one flaw."""

    def __init__(self, kind: Kind, under: Any):
        self.kind, self.under = kind, under
        self.by = 0.0
        self.over: list[Text | Thing] = []
        self.beneath: list[Text | Thing] = []
        self.boxes: list[Box] = []

    def add(self, one: Text | Thing, box: Box, by: float) -> None:
        self.over.append(one)
        self.boxes.append(box)
        self.by = max(self.by, by)

    def flaw(self, name: Callable[[Any], str]) -> Flaw:
        texts = sorted((one for one in self.over if isinstance(one, Text)), key=lambda text: text.line)
        # A word that is broken over two lines is told as one.
        words = " ".join(text.words for text in dict.fromkeys(texts)).replace("\u2010 ", "").replace("- ", "-").split()
        things = [one.owner for one in self.over if isinstance(one, Thing)]
        out_of = f'"{_first(self.under.words.split())}"' if isinstance(self.under, Text) else name(self.under)
        lefts, tops, rights, bottoms = zip(*self.boxes, strict=True)
        return Flaw(
            kind=self.kind,
            page=0,
            box=(min(lefts), min(tops), max(rights), max(bottoms)),
            words=_first(words),
            count=len(words),
            what=name(things[0] if things else texts[0].frame.owner),
            out_of=out_of,
            by=self.by,
        )


def _first(words: Sequence[str]) -> str:
    return " ".join(words[:_FIRST_WORDS])


def find(texts: Sequence[Text], things: Sequence[Thing], name: Callable[[Any], str]) -> list[Flaw]:
    """The flaws of one page, each once; `name` tells what an owner is called.

    What runs over its box onto other words is an overlap, and no overflow as well; what is cut off is that alone.
    """
    over: dict[tuple[int, str], _Group] = {}
    seen: list[tuple[Text, Box]] = []
    for text in texts:
        hit = _hit(text.ink, text.frame, max(SLACK, SLACK_UPRIGHT * text.size))
        if hit is not None:
            _noted(over, hit, text)
        # Around slanted words there is more room than they take.
        if (hit is None or hit.kind == "overflow") and not text.frame.slanted:
            seen.append((text, _place(text.ink, text.frame)))
    for thing in things:
        hit = _hit(thing.edges, thing.frame, SLACK, words=False)
        if hit is not None:
            _noted(over, hit, thing)
    upon = _overlaps(seen, {id(one) for group in over.values() for one in group.over}) + _covered(seen, things)
    colliding = {id(one) for group in upon for one in (*group.over, *group.beneath)}
    off_page = any(group.under is PAGE for group in over.values())
    kept = [
        group
        for group in over.values()
        if group.kind == "clipped"
        or group.under is PAGE
        or not ((off_page and group.under is MARGINS) or any(id(one) in colliding for one in group.over))
    ]
    return [group.flaw(name) for group in (*kept, *upon)]


class _Hit(NamedTuple):
    kind: Kind
    frame: Frame
    by: float
    place: Box


def _noted(groups: dict[tuple[int, str], _Group], hit: _Hit, one: Text | Thing) -> None:
    owner = hit.frame.owner
    groups.setdefault((id(owner), hit.kind), _Group(hit.kind, owner)).add(one, hit.place, hit.by)


def _place(box: Box, frame: Frame) -> Box:
    """Where something stands on the page, outside all transformations."""
    inside: Frame | None = frame if frame.turned else None
    while inside is not None:
        box = inside.leave(box) if inside.leave else box
        inside = inside.outer
    return box


def _hit(box: Box, frame: Frame, slack: float, *, words: bool = True) -> _Hit | None:
    """The frame that something runs out of: the page or the innermost that cuts it, else the innermost at all.

    Where it is no words, a frame may cut it, as photographs are cropped, and it may leave the page on purpose.
    """
    inner = frame.inner
    if (
        box[0] >= inner[0] - SLACK
        and box[1] >= inner[1] - SLACK
        and box[2] <= inner[2] + SLACK
        and box[3] <= inner[3] + SLACK
    ):
        return None
    first: tuple[Frame, float] | None = None
    free = (False, False, False, False)
    inside: Frame | None = frame
    while inside is not None:
        edges = inside.edges if words else inside.bleed
        if edges is not None:
            binds = tuple(not side for side in free) if not (inside.clips and words) else (True,) * 4
            by = _beyond(box, edges, binds, inside.tall, slack)
            if by and inside.clips and (words or inside.is_page):
                kind: Kind = "overflow" if inside.is_page else "clipped"
                return _Hit(kind, inside, by, _place(box, inside))
            if inside.clips and by:
                left, top, right, bottom = edges
                box, first = (max(left, box[0]), max(top, box[1]), min(right, box[2]), min(bottom, box[3])), None
            elif by and first is None:
                first = inside, by
        if inside.leave:
            box, free = inside.leave(box), (True, True, True, True)
        elif inside.free:
            free = tuple(one or other for one, other in zip(free, inside.free, strict=True))
        inside = inside.outer
    return _Hit("overflow", *first, box) if first else None


def _beyond(box: Box, edges: Box, binds: Sequence[bool], tall: bool, slack: float) -> float:
    """How far a box is beyond edges on the sides that bind; 0 where it is not, or hardly."""
    sides = (
        (edges[0] - box[0], SLACK, binds[0]),
        (edges[1] - box[1], slack, binds[1] and tall),
        (box[2] - edges[2], SLACK, binds[2]),
        (box[3] - edges[3], slack, binds[3] and tall),
    )
    return max((by for by, least, bound in sides if bound and by > least), default=0.0)


def _overlaps(texts: Iterable[tuple[Text, Box]], over: set[int]) -> list[_Group]:
    """Words that stand on other words, by the boxes around them.

    To blame are those that left their own box (`over` has their ids), else those that are painted later.
    """
    groups: dict[tuple[int, int], _Group] = {}
    ordered = sorted(texts, key=lambda pair: pair[1][1])
    for number, (one, box) in enumerate(ordered):
        left, _, right, bottom = box
        for other, place in ordered[number + 1 :]:
            if place[1] >= bottom:
                break
            if place[0] >= right or place[2] <= left or one.line == other.line:
                continue
            by = _shared(box, place, min(one.size, other.size))
            if not by or (one.words == other.words and box == place):
                continue
            first = (id(one) in over, one.key) > (id(other) in over, other.key)
            (upper, at), lower = ((one, box), other) if first else ((other, place), one)
            key = id(upper.frame), id(lower.frame)
            group = groups.setdefault(key, _Group("overlap", lower))
            group.add(upper, at, by)
            group.beneath.append(lower)
    return list(groups.values())


def _covered(texts: Iterable[tuple[Text, Box]], things: Iterable[Thing]) -> list[_Group]:
    """Words beneath a picture or a filled box that is painted after them."""
    groups = []
    told: set[int] = set()
    ordered = sorted(texts, key=lambda pair: pair[0].key)
    keys = [text.key for text, _ in ordered]
    for thing in things:
        beneath = bisect_left(keys, thing.key) if thing.covers and not thing.frame.slanted else 0
        if not beneath:
            continue
        group, cover = _Group("overlap", thing.owner), _place(thing.edges, thing.frame)
        for text, place in ordered[:beneath]:
            apart = place[1] >= cover[3] or place[3] <= cover[1] or id(text) in told
            if not apart and (by := _shared(place, cover, text.size)):
                group.add(text, place, by)
        if group.over:
            told |= {id(text) for text in group.over}
            group.beneath.append(thing)
            groups.append(group)
    return groups


def _shared(one: Box, other: Box, size: float) -> float:
    """How far two places share ground that words of a type size need; 0 where they do not, or hardly."""
    high = min(one[3], other[3]) - max(one[1], other[1])
    wide = min(one[2], other[2]) - max(one[0], other[0])
    return min(high, wide) if high > TOUCH * size and wide > max(1.0, 0.1 * size) else 0.0
