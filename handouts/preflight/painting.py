"""The instructions of a PDF's stream, followed one by one: colors, paths, type and pictures are handed to a canvas."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pikepdf import Dictionary, Name, Stream

from handouts.preflight.ink import Matrix, overlap
from handouts.preflight.outlines import Outline
from handouts.preflight.rules import Box
from handouts.preflight.spaces import CMYK, GREY, RGB, Inks, Space, as_numbers, space_of


@dataclass(frozen=True)
class Color:
    """A color as it is set: `pattern` is what is painted in place of one."""

    space: Space
    values: tuple[float, ...]
    pattern: Any = None

    @property
    def inks(self) -> Inks | None:
        space = self.space.under if self.space.family == "pattern" else self.space
        return space.inks(self.values) if space else None


_BLACK = Color(GREY, (0.0,))
_SAME = Matrix()


@dataclass(frozen=True)
class State:
    """What q keeps and Q brings back. `clip` is the box around all clipping paths, in the page's coordinates; `base` is
    the matrix that the stream began with, which patterns are laid out by; `over` and `around` are how opaque fills and
    strokes are."""

    matrix: Matrix = _SAME
    base: Matrix = _SAME
    clip: Box | None = None
    fill: Color = _BLACK
    stroke: Color = _BLACK
    width: float = 1.0
    over: float = 1.0
    around: float = 1.0
    font: Any = None
    size: float = 0.0
    leading: float = 0.0
    mode: int = 0


class Canvas(Protocol):
    """What a run paints on."""

    def area(self, color: Color, outline: Outline, state: State, depth: int, *, alone: bool) -> None: ...

    def line(self, color: Color, outline: Outline, state: State, depth: int) -> None: ...

    def text(self, color: Color, place: Matrix, alpha: float, state: State, depth: int) -> None: ...

    def draw(self, drawn: Any, resources: Any, state: State, depth: int) -> None: ...

    def image(self, image: Any, resources: Any, state: State, depth: int) -> None: ...

    def gradient(self, shading: Any, resources: Any, state: State) -> None: ...

    def mask(self, group: Any, state: State, depth: int) -> None: ...

    def unused(self, color: Color) -> None: ...


class Run:
    """One run through the instructions of a stream; `depth` counts the forms and patterns around it."""

    def __init__(self, canvas: Canvas, resources: Any, state: State, depth: int):
        self._canvas, self._resources, self._state, self._depth = canvas, resources, state, depth
        self._kept: list[State] = []
        self._outline = Outline()
        self._clips = False
        self._line = Matrix()
        # Colors that are set here, and whether anything was painted with them.
        self._set: dict[int, tuple[Color, bool]] = {}

    def follow(self, instructions: Iterable[Any]) -> None:
        for operands, operator in instructions:
            if step := _STEPS.get(str(operator)):
                step(self, operands)
        for color, used in self._set.values():
            if not used and color.space.family != "pattern":
                self._canvas.unused(color)

    def _change(self, **values: Any) -> None:
        self._state = replace(self._state, **values)

    def _named(self, kind: str, name: Any) -> Any:
        held = self._resources.get(kind)
        return held.get(str(name)) if isinstance(held, Dictionary) and isinstance(name, Name) else None

    # ---- the state

    def keep(self, operands: Sequence[Any]) -> None:
        self._kept.append(self._state)

    def bring_back(self, operands: Sequence[Any]) -> None:
        if self._kept:
            self._state = self._kept.pop()

    def transform(self, operands: Sequence[Any]) -> None:
        self._change(matrix=Matrix(*as_numbers(operands)).then(self._state.matrix))

    def width(self, operands: Sequence[Any]) -> None:
        self._change(width=float(operands[0]))

    def look_up(self, operands: Sequence[Any]) -> None:
        """A graphics state by its name: the width of lines, a mask, and whether anything is painted at all."""
        found = self._named("/ExtGState", operands[0])
        if not isinstance(found, Dictionary):
            return
        if "/LW" in found:
            self._change(width=float(found.LW))
        if "/ca" in found:
            self._change(over=float(found.ca))
        if "/CA" in found:
            self._change(around=float(found.CA))
        mask = found.get("/SMask")
        if isinstance(mask, Dictionary) and isinstance(mask.get("/G"), Stream):
            self._canvas.mask(mask.G, self._state, self._depth)

    # ---- colors

    def space(self, which: str, operands: Sequence[Any]) -> None:
        # A space begins with black, or with no ink at all; neither is a color that somebody chose.
        space = space_of(operands[0], self._resources)
        values = (0.0, 0.0, 0.0, 1.0) if space.family == "cmyk" else (0.0,) * max(1, space.count)
        self._change(**{which: Color(space, values)})

    def color(self, which: str, operands: Sequence[Any], space: Space | None = None) -> None:
        named = operands[-1] if len(operands) and isinstance(operands[-1], Name) else None
        found = space or getattr(self._state, which).space
        color = Color(found, tuple(as_numbers(operands)), None if named is None else self._named("/Pattern", named))
        self._change(**{which: color})
        self._set[id(color)] = (color, False)

    def _use(self, which: str) -> Color:
        color = getattr(self._state, which)
        if id(color) in self._set:
            self._set[id(color)] = (color, True)
        return color

    # ---- paths

    def path(self, kind: str, operands: Sequence[Any]) -> None:
        self._outline.add(kind, as_numbers(operands), self._state.matrix)

    def clip(self, operands: Sequence[Any]) -> None:
        self._clips = True

    def paint(self, how: str) -> None:
        """Paint a path: "f" fills it, "s" strokes it, "fs" both, "" neither."""
        outline, self._outline = self._outline, Outline()
        if outline.box:
            if "f" in how and self._state.over:
                self._canvas.area(self._use("fill"), outline, self._state, self._depth, alone="s" not in how)
            if "s" in how and self._state.around:
                self._canvas.line(self._use("stroke"), outline, self._state, self._depth)
            if self._clips:
                self._change(clip=clipped(self._state.clip, outline.box))
        self._clips = False

    def gradient(self, operands: Sequence[Any]) -> None:
        self._canvas.gradient(self._named("/Shading", operands[0]), self._resources, self._state)

    def draw(self, operands: Sequence[Any]) -> None:
        drawn = self._named("/XObject", operands[0])
        if isinstance(drawn, Stream):
            if drawn.get("/ImageMask") is True:
                self._use("fill")
            self._canvas.draw(drawn, self._resources, self._state, self._depth)

    def inline(self, operands: Sequence[Any]) -> None:
        self._use("fill")
        self._canvas.image(operands[0].obj, self._resources, self._state, self._depth)

    # ---- type

    def begin(self, operands: Sequence[Any]) -> None:
        self._line = Matrix()

    def font(self, operands: Sequence[Any]) -> None:
        self._change(font=self._named("/Font", operands[0]), size=float(operands[1]))

    def mode(self, operands: Sequence[Any]) -> None:
        self._change(mode=int(operands[0]))

    def leading(self, operands: Sequence[Any]) -> None:
        self._change(leading=float(operands[0]))

    def place(self, operands: Sequence[Any]) -> None:
        self._line = Matrix(*as_numbers(operands))

    def move(self, operands: Sequence[Any]) -> None:
        self._line = Matrix(e=float(operands[0]), f=float(operands[1])).then(self._line)

    def move_and_lead(self, operands: Sequence[Any]) -> None:
        self._change(leading=-float(operands[1]))
        self.move(operands)

    def next_line(self, operands: Sequence[Any] = ()) -> None:
        self.move((0, -self._state.leading))

    def show(self, operands: Sequence[Any]) -> None:
        """Letters. They are told by where they begin on their line: several in a row begin in one place."""
        state = self._state
        place = self._line.then(state.matrix)
        inside, outlined = state.mode % 4 in (0, 2), state.mode % 4 in (1, 2)
        if inside and state.over:
            self._canvas.text(self._use("fill"), place, state.over, state, self._depth)
        if outlined and state.around:
            self._canvas.text(self._use("stroke"), place, state.around, state, self._depth)

    def show_next(self, operands: Sequence[Any]) -> None:
        self.next_line()
        self.show(operands)


def clipped(clip: Box | None, box: Box) -> Box:
    return overlap(clip, box) if clip else box


_Step = Callable[[Run, Sequence[Any]], None]


def _building(kind: str) -> _Step:
    return lambda run, operands: run.path(kind, operands)


def _painting(how: str) -> _Step:
    return lambda run, operands: run.paint(how)


def _coloring(which: str, space: Space | None = None) -> _Step:
    return lambda run, operands: run.color(which, operands, space)


_STEPS: dict[str, _Step] = {
    **{"q": Run.keep, "Q": Run.bring_back, "cm": Run.transform, "w": Run.width, "gs": Run.look_up},
    **{kind: _building(kind) for kind in ("m", "l", "c", "v", "y", "re")},
    **{"W": Run.clip, "W*": Run.clip, "n": _painting(""), "S": _painting("s"), "s": _painting("s")},
    **{"f": _painting("f"), "F": _painting("f"), "f*": _painting("f")},
    **{name: _painting("fs") for name in ("B", "B*", "b", "b*")},
    **{"cs": lambda run, operands: run.space("fill", operands), "CS": lambda run, ops: run.space("stroke", ops)},
    **{"sc": _coloring("fill"), "scn": _coloring("fill"), "SC": _coloring("stroke"), "SCN": _coloring("stroke")},
    **{"g": _coloring("fill", GREY), "rg": _coloring("fill", RGB), "k": _coloring("fill", CMYK)},
    **{"G": _coloring("stroke", GREY), "RG": _coloring("stroke", RGB), "K": _coloring("stroke", CMYK)},
    **{"sh": Run.gradient, "Do": Run.draw, "INLINE IMAGE": Run.inline},
    **{"BT": Run.begin, "Tf": Run.font, "Tr": Run.mode, "TL": Run.leading, "Tm": Run.place, "Td": Run.move},
    **{"TD": Run.move_and_lead, "T*": Run.next_line, "Tj": Run.show, "TJ": Run.show},
    **{"'": Run.show_next, '"': Run.show_next},
}
