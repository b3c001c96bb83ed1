"""Gradients: the functions of axial and radial shadings, made to give other colors from end to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from handouts.prepress.mixing import Mixer, Values
from handouts.prepress.spaces import Space, Strange, numbers, read_space

_AXIAL, _RADIAL = 2, 3
# Samples of a function that is more than a straight line between two colors.
_SAMPLES = 65

Mix = Callable[[Sequence[float]], Values]


def mix_shading(document: pikepdf.Pdf, shading: pikepdf.Object, named: pikepdf.Object | None, mixer: Mixer) -> None:
    """Give an axial or radial gradient the colors of a mixer; between two colors it stays a straight line, now in the
    mixer's space. Raises Strange for other kinds, Undeclared for a color."""
    space = read_space(shading.ColorSpace, named)
    if int(shading.ShadingType) not in (_AXIAL, _RADIAL) or space.kind in ("indexed", "pattern"):
        raise Strange(f"a gradient of type {int(shading.ShadingType)}")

    def mix(values: Sequence[float]) -> Values:
        return space.mixed(values, mixer)

    function = _mixed(document, shading.Function, mix)
    if "/Background" in shading:
        shading.Background = Array(_written(mix([float(value) for value in shading.Background])))
    shading.Function, shading.ColorSpace = function, Name(mixer.space)


def is_already(shading: pikepdf.Object, named: pikepdf.Object | None, mixer: Mixer) -> bool:
    """Whether a gradient is in the mixer's own space."""
    return read_space(shading.ColorSpace, named) == own_space(mixer)


def own_space(mixer: Mixer) -> Space:
    """The space that a mixer's colors are in."""
    return read_space(Name(mixer.space))


def _mixed(document: pikepdf.Pdf, function: pikepdf.Object, mix: Mix) -> pikepdf.Object:
    """A function to the mixer's colors in place of one to colors of the gradient's space."""
    if not isinstance(function, Array):
        kind = int(function.FunctionType)
        if kind == 2 and float(function.N) == 1:
            ends = [mix(numbers(function.get(key, default))) for key, default in (("/C0", [0]), ("/C1", [1]))]
            made = Dictionary(FunctionType=2, Domain=function.Domain, N=1)
            made.C0, made.C1 = (Array(_written(end)) for end in ends)
            return document.make_indirect(made)
        if kind == 3:
            parts = Array([_mixed(document, part, mix) for part in function.Functions])
            keys = {key: function[f"/{key}"] for key in ("Domain", "Bounds", "Encode")}
            return document.make_indirect(Dictionary(FunctionType=3, Functions=parts, **keys))
    return _sampled(document, function, mix)


def _sampled(document: pikepdf.Pdf, function: pikepdf.Object, mix: Mix) -> pikepdf.Object:
    """Any function that can be worked out, as samples from one end of its domain to the other."""
    parts = list(function) if isinstance(function, Array) else [function]
    low, high = numbers(parts[0].Domain)
    table = bytearray()
    for step in range(_SAMPLES):
        at = low + (high - low) * step / (_SAMPLES - 1)
        inks = mix([value for part in parts for value in value_at(part, at)])
        table += bytes(round(255 * ink) for ink in inks)
    made = Stream(document, bytes(table))
    made.FunctionType, made.BitsPerSample, made.Size = 0, 8, Array([_SAMPLES])
    made.Domain = Array(_written((low, high)))
    made.Range = Array([0, 1] * (len(table) // _SAMPLES))
    return made


def value_at(function: pikepdf.Object, at: float) -> list[float]:
    """What a function of one number gives there; kinds 0 (of 8 bits), 2 and 3. Raises Strange for others."""
    low, high = numbers(function.Domain)
    at = min(high, max(low, at))
    kind = int(function.FunctionType)
    if kind == 2:
        first, last = (numbers(function.get(key, default)) for key, default in (("/C0", [0]), ("/C1", [1])))
        return [a + at ** float(function.N) * (b - a) for a, b in zip(first, last, strict=True)]
    if kind == 3:
        bounds = [low, *numbers(function.Bounds), high]
        part = next((n for n in range(len(bounds) - 2) if at < bounds[n + 1]), len(bounds) - 2)
        start, end = numbers(function.Encode)[2 * part : 2 * part + 2]
        width = bounds[part + 1] - bounds[part]
        share = (at - bounds[part]) / width if width else 0.0
        return value_at(function.Functions[part], start + share * (end - start))
    if kind == 0 and int(function.BitsPerSample) == 8 and len(function.Size) == 1:
        size, ranges, data = int(function.Size[0]), numbers(function.Range), function.read_bytes()
        count = len(ranges) // 2
        start, end = numbers(function.get("/Encode", [0, size - 1]))
        decode = numbers(function.get("/Decode", ranges))
        place = min(size - 1.0, max(0.0, start + (at - low) / (high - low) * (end - start)))
        before = min(int(place), size - 2) if size > 1 else 0
        after, share = min(before + 1, size - 1), place - before
        samples = (
            data[before * count + n] * (1 - share) + data[after * count + n] * share for n in range(count)
        )
        return [a + raw / 255 * (b - a) for raw, a, b in zip(samples, decode[::2], decode[1::2], strict=True)]
    raise Strange(f"a gradient by a function of type {kind}")


def _written(values: Sequence[float]) -> list[float]:
    return [round(value, 5) for value in values]
