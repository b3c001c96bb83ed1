"""What a page paints, in the order of its stream: areas, lines, type, pictures and gradients, each with its colors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import pikepdf
from pikepdf import Array, Dictionary, Stream

from handouts.preflight.evidence import Page, Printed
from handouts.preflight.ink import Matrix, overlap
from handouts.preflight.outlines import Outline, thinnest
from handouts.preflight.painting import Color, Run, State, clipped
from handouts.preflight.rules import Box
from handouts.preflight.spaces import Inks, Space, image_space, space_of, steps_of
from handouts.preflight.swatches import heaviest

Kind = Literal["area", "line", "text", "picture", "gradient", "mask", "group", "color"]
# Forms may hold forms, and patterns patterns.
_DEEPEST = 12


@dataclass(frozen=True)
class Paint:
    """One thing that is painted. `box` is on the trimmed page, in points, empty for what stands nowhere.

    `inks` are those of its color, of a picture or gradient the heaviest that it holds; None where nothing tells.
    `width` is that of a line, or of an area that is as thin as one; None for all else. `size` is that of type, which
    begins at the lower left corner of its box. `alpha` is how opaque it is, 0 to 1. A "mask" is drawn to hide, a
    "group" is blended by itself, and a "color" is set and shows nowhere.
    """

    kind: Kind
    space: Space
    inks: Inks | None
    box: Box | tuple[()]
    width: float | None = None
    size: float = 0.0
    alpha: float = 1.0
    outline: Outline | None = None

    @property
    def total(self) -> float:
        """All inks that it brings to white paper, in percent."""
        return 100 * self.alpha * sum(self.inks or ())

    def covers(self, x: float, y: float) -> bool:
        """Whether an area, picture or gradient lies over a place of the trimmed page."""
        if not self.box or not (self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]):
            return False
        return self.outline is None or self.outline.holds(x, y)


@lru_cache(maxsize=1)
def paints_of(printed: Printed) -> tuple[tuple[Paint, ...], ...]:
    """The paints of each page. Kept, since several checks ask."""
    pairs = zip(printed.pages, printed.pdf.pages, strict=False)
    return tuple(tuple(_Painted(page).page(leaf)) for page, leaf in pairs)


class _Painted:
    """A canvas that notes what is painted on one page, in the stream of the page and in all that it draws."""

    def __init__(self, page: Page):
        self._page = page
        self._found: list[Paint] = []
        self._fonts: set[tuple[int, int]] = set()
        # Where a pattern is painted, all that it holds is.
        self._place: Box | None = None
        self._masks = False

    def page(self, leaf: pikepdf.Page) -> list[Paint]:
        self._group(leaf.obj, leaf.resources)
        self._read(leaf, leaf.resources, State(), 0)
        for note in leaf.obj.get("/Annots", Array()):
            looks = note.get("/AP", Dictionary()).get("/N") if isinstance(note, Dictionary) else None
            edges = [float(edge) for edge in note.get("/Rect", Array())] if isinstance(looks, Stream) else []
            if len(edges) == 4:
                self._within(self._page.place(*edges), looks, looks.get("/Resources"), 0)
        return self._found

    def _read(self, stream: Any, resources: Any, state: State, depth: int) -> None:
        held = resources if isinstance(resources, Dictionary) else Dictionary()
        Run(self, held, replace(state, base=state.matrix), depth).follow(pikepdf.parse_content_stream(stream))

    def _within(self, place: Box, stream: Any, resources: Any, depth: int) -> None:
        """A stream of which all is told to stand in one place."""
        before, self._place = self._place, self._place or place
        self._read(stream, resources, State(), depth)
        self._place = before

    def _group(self, holder: Any, resources: Any) -> None:
        """A group is blended in its own space: in RGB, CMYK is turned into it and back."""
        group = holder.get("/Group")
        if isinstance(group, Dictionary) and "/CS" in group:
            self._note("group", space_of(group["/CS"], resources), None, ())

    def _note(self, kind: Kind, space: Space, inks: Inks | None, box: Box | tuple[()], **more: Any) -> None:
        if self._masks:
            kind, inks, more = "mask", None, {}
        self._found.append(Paint(kind, space, inks, box, **more))

    def _shown(self, box: Box | None, state: State) -> Box | None:
        """What its clip leaves of a box, on the trimmed page; None where nothing is left. No box is all of the clip."""
        shown = clipped(state.clip, box) if box else state.clip
        if shown is None or shown[0] > shown[2] or shown[1] > shown[3]:
            return self._place if shown is None else None
        return self._place or self._page.place(*shown)

    # ---- what a run hands over

    def area(self, color: Color, outline: Outline, state: State, depth: int, *, alone: bool) -> None:
        if not (outline.box and (box := self._shown(outline.box, state))):
            self.unused(color)
        elif color.pattern is not None:
            self._pattern(color, outline.box, state, depth)
        else:
            shape = None if self._place else outline.moved(self._point)
            width = thinnest(outline, state.clip) if alone else None
            self._note("area", color.space, color.inks, box, width=width, alpha=state.over, outline=shape)

    def line(self, color: Color, outline: Outline, state: State, depth: int) -> None:
        if not outline.box:
            return
        own = state.matrix
        width = state.width * abs(own.a * own.d - own.b * own.c) ** 0.5
        left, bottom, right, top = outline.box
        half = width / 2
        wide = left - half, bottom - half, right + half, top + half
        if box := self._shown(wide, state):
            if color.pattern is not None:
                self._pattern(color, wide, state, depth)
            self._note("line", color.space, color.inks, box, width=width, alpha=state.around)
        else:
            self.unused(color)

    def text(self, color: Color, place: Matrix, alpha: float, state: State, depth: int) -> None:
        size = state.size * (place.c**2 + place.d**2) ** 0.5
        # Only where type begins is known here, and a letter may begin before the clip that shows it.
        own = place.e, place.f, place.e, place.f + size
        box = self._place or self._page.place(*own)
        font = state.font
        if isinstance(font, Dictionary) and font.get("/Subtype") == "/Type3" and depth < _DEEPEST:
            self._letters(font, box, depth)
        if color.pattern is not None:
            self._pattern(color, own, replace(state, clip=None), depth)
        self._note("text", color.space, color.inks, box, size=size, alpha=alpha)

    def draw(self, drawn: Any, resources: Any, state: State, depth: int) -> None:
        if drawn.get("/Subtype") == "/Image":
            self.image(drawn, resources, state, depth)
        elif drawn.get("/Subtype") == "/Form" and depth < _DEEPEST:
            own = drawn.get("/Resources", resources)
            self._group(drawn, own)
            matrix = Matrix(*map(float, drawn.get("/Matrix", (1, 0, 0, 1, 0, 0)))).then(state.matrix)
            clip = state.clip
            if "/BBox" in drawn:
                clip = clipped(clip, matrix.box(*map(float, drawn.BBox)))
            self._read(drawn, own, replace(state, matrix=matrix, clip=clip), depth + 1)

    def image(self, image: Any, resources: Any, state: State, depth: int) -> None:
        own = state.matrix.box(0, 0, 1, 1)
        box = self._shown(own, state)
        if image.get("/ImageMask", image.get("/IM")) is True:
            if box and state.fill.pattern is not None:
                self._pattern(state.fill, own, state, depth)
            elif box:
                self._note("area", state.fill.space, state.fill.inks, box, alpha=state.over)
            return
        space = image_space(image, resources)
        if box and state.over:
            self._note("picture", space, heaviest(image, space), box, alpha=state.over)
        else:
            self._note("color", space, None, ())

    def gradient(self, shading: Any, resources: Any, state: State) -> None:
        self._gradient(shading, resources, self._shown(None, state) or ())

    def mask(self, group: Any, state: State, depth: int) -> None:
        if depth >= _DEEPEST:
            return
        before, self._masks = self._masks, True
        self._group(group, group.get("/Resources"))
        self._read(group, group.get("/Resources"), State(matrix=state.matrix), depth + 1)
        self._masks = before

    def unused(self, color: Color) -> None:
        self._note("color", color.space, None, ())

    # ---- what is painted in place of a color

    def _pattern(self, color: Color, own: Box, state: State, depth: int) -> None:
        """What a pattern paints into a box of the file's coordinates."""
        pattern, box = color.pattern, self._shown(own, state)
        if depth >= _DEEPEST or box is None or not isinstance(pattern, Dictionary | Stream):
            return
        if pattern.get("/PatternType") == 2:
            self._gradient(pattern.get("/Shading"), Dictionary(), box)
        elif isinstance(pattern, Stream) and pattern.get("/PaintType") == 1:
            matrix = Matrix(*map(float, pattern.get("/Matrix", (1, 0, 0, 1, 0, 0)))).then(state.base)
            tile = matrix.box(0, 0, float(pattern.get("/XStep", 0)), float(pattern.get("/YStep", 0)))
            if self._place or tile[2] - tile[0] < own[2] - own[0] or tile[3] - tile[1] < own[3] - own[1]:
                self._within(box, pattern, pattern.get("/Resources"), depth + 1)
            else:
                # A single tile, as a picture behind something is painted: what it holds stands in places of its own.
                once = State(matrix=matrix, clip=clipped(state.clip, own), over=state.over, around=state.over)
                self._read(pattern, pattern.get("/Resources"), once, depth + 1)
        elif color.space.under:
            self._note("area", color.space.under, color.inks, box)

    def _gradient(self, shading: Any, resources: Any, box: Box | tuple[()]) -> None:
        if isinstance(shading, Dictionary | Stream):
            space = space_of(shading.get("/ColorSpace"), resources)
            steps = [inks for step in steps_of(shading) if (inks := space.inks(step))]
            self._note("gradient", space, max(steps, key=sum, default=None), box)

    def _letters(self, font: Any, box: Box, depth: int) -> None:
        """The letters of a Type 3 font that bring their own colors, once for each font."""
        if font.objgen in self._fonts:
            return
        self._fonts.add(font.objgen)
        for letter in font.get("/CharProcs", Dictionary()).values():
            first = next(iter(pikepdf.parse_content_stream(letter)), None)
            if first and str(first[1]) == "d0":
                self._within(box, letter, font.get("/Resources"), depth + 1)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        left, top, _, _ = self._page.place(x, y, x, y)
        return left, top


def inside(paint: Paint, area: Box) -> bool:
    """Whether something is painted in a box of the trimmed page."""
    if not paint.box:
        return False
    left, top, right, bottom = overlap(paint.box, area)
    return left <= right and top <= bottom
