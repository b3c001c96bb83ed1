"""The operators of a page that set colors, in other colors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pikepdf
from pikepdf import ContentStreamInlineImage, Dictionary, Name, Operator

from handouts.prepress.gradients import own_space
from handouts.prepress.mixing import Mixer, Undeclared, Values
from handouts.prepress.spaces import Space, Strange, numbers, read_space

_SET = {
    **{operator: (0, kind) for operator, kind in (("rg", "rgb"), ("g", "grey"), ("k", "cmyk"))},
    **{operator: (1, kind) for operator, kind in (("RG", "rgb"), ("G", "grey"), ("K", "cmyk"))},
}
_CHOOSE = {"cs": 0, "CS": 1}
_GIVE = {"sc": 0, "scn": 0, "SC": 1, "SCN": 1}
Instruction = tuple[Sequence[object], Operator]


def mix_operators(
    document: pikepdf.Pdf,
    stream: pikepdf.Object,
    resources: pikepdf.Object,
    mixer: Mixer,
    note: Callable[[Undeclared | Strange], None],
) -> bytes:
    """The program of a page, a form or a pattern with every color set in the mixer's space. What cannot be mixed is
    noted, and stays as it is.

    A pattern without colors gets its own as `[/Pattern /DeviceCMYK]`, entered in the resources.
    """
    named = resources.get("/ColorSpace")
    chosen: list[Space] = [Space("grey"), Space("grey")]
    kept: list[list[Space]] = []
    written: list[Instruction | ContentStreamInlineImage] = []
    for instruction in pikepdf.parse_content_stream(stream):
        operands, operator = instruction.operands, str(instruction.operator)
        try:
            if operator in _SET:
                side, kind = _SET[operator]
                chosen[side] = Space(kind)
                written.append(_set(side, chosen[side].mixed(numbers(operands), mixer), mixer))
            elif operator in _CHOOSE:
                side = _CHOOSE[operator]
                chosen[side] = read_space(operands[0], named)
                if chosen[side].kind == "spot":
                    _check_spot(chosen[side], mixer)
                    written.append(instruction)
                elif chosen[side].kind == "pattern":
                    written.append(_of_patterns(side, chosen[side], resources, mixer))
                else:
                    written.append(_set(side, chosen[side].first(mixer), mixer))
            elif operator in _GIVE:
                side = _GIVE[operator]
                written.append(_given(side, operands, operator, chosen[side], mixer))
            else:
                if operator == "q":
                    kept.append(list(chosen))
                elif operator == "Q" and kept:
                    chosen = kept.pop()
                elif operator == "INLINE IMAGE":
                    _check_inline(instruction, named)
                written.append(instruction)
        except (Undeclared, Strange) as problem:
            note(problem)
            written.append(instruction)
    return pikepdf.unparse_content_stream(written)


def _set(side: int, values: Values, mixer: Mixer) -> Instruction:
    return [round(value, 4) for value in values], Operator(mixer.operators[side])


def _given(side: int, operands: Sequence[object], operator: str, space: Space, mixer: Mixer) -> Instruction:
    if space.kind == "spot":
        return operands, Operator(operator)
    if space.kind != "pattern":
        return _set(side, space.mixed(numbers(operands), mixer), mixer)
    if space.base is None:
        return operands, Operator(operator)
    values = space.base.mixed(numbers(operands[:-1]), mixer)
    return [*(round(value, 4) for value in values), operands[-1]], Operator(operator)


def _of_patterns(side: int, space: Space, resources: pikepdf.Object, mixer: Mixer) -> Instruction:
    name = Name.Pattern
    if space.base is not None:
        name = Name("/MixedPattern")
        if "/ColorSpace" not in resources:
            resources.ColorSpace = Dictionary()
        resources.ColorSpace[name] = pikepdf.Array([Name.Pattern, Name(mixer.space)])
    return [name], Operator(("cs", "CS")[side])


def _check_spot(space: Space, mixer: Mixer) -> None:
    if space.base != own_space(mixer):
        raise Strange("a spot color")


def _check_inline(instruction: ContentStreamInlineImage, named: pikepdf.Object | None) -> None:
    picture = instruction.iimage.obj
    space = picture.get("/CS", picture.get("/ColorSpace"))
    if space is not None and read_space(space, named) != Space("grey"):
        raise Strange("a colored picture within a page's program")
