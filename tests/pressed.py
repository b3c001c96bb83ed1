"""What a PDF is printed with: every color operator, picture, gradient and group in it, wherever it hangs."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Stream

SETS = {"g": "grey", "G": "grey", "rg": "rgb", "RG": "rgb", "k": "cmyk", "K": "cmyk"}
SHOWS = {"Tj", "TJ", "'", '"'}
_DEVICES = {"/DeviceGray": "grey", "/DeviceRGB": "rgb", "/DeviceCMYK": "cmyk"}


def things(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of a document, also those that stand within another."""
    waiting = list(document.objects)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Dictionary | Stream):
            yield thing
            inside = [thing[name] for name in thing.keys()]  # noqa: SIM118
        else:
            inside = list(thing) if isinstance(thing, Array) else []
        waiting += [one for one in inside if isinstance(one, Array | Dictionary) and not one.is_indirect]


def programs(document: pikepdf.Pdf) -> Iterator[Page | Stream]:
    """All that holds operators: pages, forms, tiling patterns, glyphs drawn as pictures."""
    yield from document.pages
    for thing in document.objects:
        if isinstance(thing, Stream) and (thing.get("/Subtype") == "/Form" or thing.get("/PatternType") == 1):
            yield thing
        elif isinstance(thing, Dictionary) and "/CharProcs" in thing:
            yield from (thing.CharProcs[name] for name in thing.CharProcs.keys())  # noqa: SIM118


def space(value: object) -> str:
    """The kind of a color space: "grey", "rgb", "cmyk", "pattern", "spot", or its name."""
    if isinstance(value, Name):
        return _DEVICES.get(str(value), str(value).strip("/").lower())
    name = str(value[0])
    if name == "/Indexed":
        return space(value[1])
    if name == "/ICCBased":
        return {1: "grey", 3: "rgb", 4: "cmyk"}[int(value[1].N)]
    return {"/CalRGB": "rgb", "/CalGray": "grey", "/Separation": "spot"}.get(name, name)


def used(document: pikepdf.Pdf) -> set[tuple[str, str]]:
    """What each kind of thing is colored in: ("fill", "cmyk"), ("picture", "grey"), ("gradient", "rgb") …

    Soft masks are told apart: they weigh light, and are no color.
    """
    found = set()
    masks = {thing.SMask.objgen for thing in document.objects if isinstance(thing, Stream) and "/SMask" in thing}
    for program in programs(document):
        for operands, operator in pikepdf.parse_content_stream(program):
            name = str(operator)
            if name in SETS:
                found.add(("fill" if name.islower() else "stroke", SETS[name]))
            elif name in ("cs", "CS") and operands[0] != "/Pattern":
                found.add(("named space", str(operands[0])))
    for thing in things(document):
        if thing.get("/Subtype") == "/Image" and not thing.get("/ImageMask", False):
            found.add(("mask" if thing.objgen in masks else "picture", space(thing.ColorSpace)))
        if "/ShadingType" in thing:
            found.add(("gradient", space(thing.ColorSpace)))
        if thing.get("/S") == "/Transparency" and "/CS" in thing:
            found.add(("group", space(thing.CS)))
        if isinstance(named := thing.get("/ColorSpace"), Dictionary):
            found |= {("resource", space(named[name])) for name in named.keys()}  # noqa: SIM118
        if thing.get("/Subtype") == "/Link" and isinstance(thing.get("/C"), Array):
            found.add(("note", {1: "grey", 3: "rgb", 4: "cmyk"}.get(len(thing.C), "none")))
    return found


def mixtures(document: pikepdf.Pdf) -> Iterator[tuple[float, ...]]:
    """The inks of every color that is set in CMYK."""
    for program in programs(document):
        for operands, operator in pikepdf.parse_content_stream(program):
            if str(operator) in ("k", "K"):
                yield tuple(map(float, operands))


def painted(program: Page | Stream) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Each operator of a program with the color that is set to fill there, as it is written."""
    color: tuple[float, ...] = (0.0,)
    kept = []
    for operands, operator in pikepdf.parse_content_stream(program):
        name = str(operator)
        if name in ("g", "rg", "k"):
            color = tuple(map(float, operands))
        elif name == "q":
            kept.append(color)
        elif name == "Q":
            color = kept.pop()
        yield name, color


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(pdf))
