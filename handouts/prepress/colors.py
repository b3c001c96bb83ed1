"""Every color of a PDF, wherever it is set, made into what a profile prints with: inks or greys."""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from handouts.color import named
from handouts.findings import Finding, Findings
from handouts.material import Material
from handouts.prepress.declared import FILE, declared_colors
from handouts.prepress.gradients import is_already, mix_shading
from handouts.prepress.icc import Press
from handouts.prepress.mixing import Greys, Inks, Masks, Mixer, Undeclared, Values
from handouts.prepress.painting import mix_operators
from handouts.prepress.pictures import mix_picture
from handouts.prepress.spaces import Space, Strange, read_space
from handouts.project import Project

_BY_VALUES = {1: "grey", 3: "rgb", 4: "cmyk"}
_APPEARANCES = ("/N", "/R", "/D")
_DEFAULTS, _KEPT = ("/DefaultRGB", "/DefaultGray", "/DefaultCMYK"), ("/Pattern", "/Separation", "/DeviceN")


def color(document: pikepdf.Pdf, project: Project, material: Material, press: Press | None) -> None:
    """Give a document the colors of its profile. Raises Findings that name each color or thing that cannot be printed
    so, with its page."""
    profile = material.profile
    if profile.colors == "rgb":
        return
    mixer: Mixer = Greys()
    if profile.colors == "cmyk":
        limit = 4.0 if profile.ink_limit is None else profile.ink_limit / 100
        mixer = Inks(declared_colors(project, material), limit, press)
    walk = _Walk(document, mixer)
    for number, page in enumerate(document.pages, 1):
        walk.page = number
        walk.mix_page(page)
    walk.finish()
    if walk.problems:
        brand = {key: getattr(material.brand, key) for key in ("color", "accent")}
        owners = {value: (material.brand.file, f"{key}_cmyk") for key, value in brand.items() if value}
        raise Findings(_finding(walk.problems[told], told, owners, material) for told in walk.problems)


def _finding(
    found: tuple[int, Undeclared | Strange, bool], told: str, owners: dict[str, tuple[str, str]], material: Material
) -> Finding:
    page, problem, is_picture = found
    if isinstance(problem, Strange):
        message, hint = f"{told} cannot be turned into what the press prints", "save it in another way, as plain colors"
        return Finding(material.file, 0, message, hint, id="color-space", page=page)
    icc = "give the print shop's color profile with --icc FILE"
    if is_picture:
        message = "a picture has only red, green and blue, and no color profile says which inks print it"
        return Finding(material.file, 0, message, icc, id="color-space", page=page)
    file, key = owners.get(told, (FILE, "color and cmyk"))
    message = f"the color {told} has only red, green and blue, and nothing says which inks print it"
    return Finding(material.file, 0, message, f"{icc}, or write {key} in {file}", id="color-space", page=page)


class _Walk:
    """All that the pages lead to, each object once. `problems` are what could not be mixed, with the first page."""

    def __init__(self, document: pikepdf.Pdf, mixer: Mixer):
        self.document, self.mixer = document, mixer
        self.page = 0
        self.seen: set[tuple[int, int]] = set()
        self.problems: dict[str, tuple[int, Undeclared | Strange, bool]] = {}
        self.spaces: list[tuple[pikepdf.Object, Mixer]] = []

    def finish(self) -> None:
        """Last, since operators of any page may have named them: the color spaces of the resources."""
        for spaces, mixer in self.spaces:
            _replace_spaces(spaces, mixer)

    def note(self, problem: Undeclared | Strange, is_picture: bool = False) -> None:
        told = str(problem) if isinstance(problem, Strange) else named(problem.color) + " of a picture" * is_picture
        self.problems.setdefault(told, (self.page, problem, is_picture))

    def mix_page(self, page: pikepdf.Page) -> None:
        resources = page.obj.get("/Resources", Dictionary())
        mixed = mix_operators(self.document, page.obj, resources, self.mixer, self.note)
        self.mix_resources(resources, self.mixer)
        page.obj.Contents = Stream(self.document, mixed)
        self._mix_group(page.obj, self.mixer)
        if "/Thumb" in page.obj:
            del page.obj.Thumb
        for note in page.obj.get("/Annots", ()):
            self._mix_annotation(note)

    def mix_resources(self, resources: pikepdf.Object, mixer: Mixer) -> None:
        """What pages, forms and glyphs have in common is met with each of them, and mixed once."""
        if not self._is_new(resources):
            return
        spaces = resources.get("/ColorSpace")
        for thing in _values(resources, "/XObject"):
            self._once(thing, mixer, spaces)
        for thing in _values(resources, "/Pattern"):
            self._once(thing, mixer, spaces)
        for thing in _values(resources, "/Shading"):
            self._mix_shading(thing, mixer, spaces)
        for state in _values(resources, "/ExtGState"):
            if isinstance(mask := state.get("/SMask"), Dictionary):
                self._mix_mask(mask)
        for font in _values(resources, "/Font"):
            for glyph in _values(font, "/CharProcs"):
                if self._is_new(glyph):
                    self._mix_stream(glyph, font.get("/Resources", resources), mixer)
        if spaces is not None:
            self.spaces.append((spaces, mixer))

    def _once(self, thing: pikepdf.Object, mixer: Mixer, spaces: pikepdf.Object | None) -> None:
        """An image, a form or a pattern, unless it was met before."""
        if self._is_new(thing):
            if thing.get("/Subtype") == "/Image":
                try:
                    mix_picture(thing, spaces, mixer)
                except (Undeclared, Strange) as problem:
                    self.note(problem, is_picture=True)
            elif thing.get("/PatternType") == 2:
                self._mix_shading(thing.Shading, mixer, spaces)
            elif isinstance(thing, Stream):
                self._mix_stream(thing, thing.get("/Resources", Dictionary()), mixer)
                self._mix_group(thing, mixer)

    def _is_new(self, thing: pikepdf.Object) -> bool:
        key = thing.objgen
        if key != (0, 0) and key in self.seen:
            return False
        self.seen.add(key)
        return True

    def _mix_stream(self, stream: pikepdf.Object, resources: pikepdf.Object, mixer: Mixer) -> None:
        mixed = mix_operators(self.document, stream, resources, mixer, self.note)
        self.mix_resources(resources, mixer)
        stream.write(mixed)

    def _mix_shading(self, shading: pikepdf.Object, mixer: Mixer, spaces: pikepdf.Object | None) -> None:
        if not self._is_new(shading):
            return
        try:
            if not is_already(shading, spaces, mixer):
                mix_shading(self.document, shading, spaces, mixer)
        except (Undeclared, Strange) as problem:
            self.note(problem)

    def _mix_group(self, owner: pikepdf.Object, mixer: Mixer) -> None:
        """The space in which what is transparent is blended: that of the device."""
        if "/Group" in owner and "/CS" in owner.Group:
            owner.Group.CS = Name(mixer.space)

    def _mix_mask(self, mask: pikepdf.Object) -> None:
        """A soft mask is no color: it weighs light, in greys."""
        masks, group = Masks(), mask.G
        if "/BC" in mask:
            space = read_space(group.Group.CS) if "/CS" in group.get("/Group", {}) else Space("grey")
            mask.BC = Array([float(value) for value in space.mixed([float(value) for value in mask.BC], masks)])
        self._once(group, masks, None)

    def _mix_annotation(self, note: pikepdf.Object) -> None:
        for owner, key in ((note, "/C"), (note, "/IC"), (note.get("/MK"), "/BC"), (note.get("/MK"), "/BG")):
            if owner is not None and key in owner and (kind := _BY_VALUES.get(len(owner[key]))):
                owner[key] = Array(list(self._mixed([float(value) for value in owner[key]], kind)))
        for name in _APPEARANCES:
            look = note.get("/AP", Dictionary()).get(name)
            for one in (look,) if isinstance(look, Stream) else (look or {}).values():
                self._once(one, self.mixer, None)

    def _mixed(self, values: list[float], kind: str) -> Values:
        try:
            return tuple(round(value, 4) for value in Space(kind).mixed(values, self.mixer))
        except Undeclared as problem:
            self.note(problem)
            return tuple(values)


def _values(resources: pikepdf.Object, key: str) -> Iterator[pikepdf.Object]:
    named_ones = resources.get(key)
    return iter(()) if named_ones is None else iter([named_ones[name] for name in named_ones.keys()])  # noqa: SIM118


def _replace_spaces(spaces: pikepdf.Object, mixer: Mixer) -> None:
    """Take out the color spaces that no operator names any more: all but those of patterns and spots, whose base is the
    mixer's space by now."""
    for name in list(spaces.keys()):
        if name in _DEFAULTS:
            del spaces[name]
        elif not (isinstance(spaces[name], Array) and spaces[name][0] in _KEPT):
            spaces[name] = Name(mixer.space)
