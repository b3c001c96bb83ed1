"""Profiles: what a PDF is made for (screen, print shop, office printer, large print), as data and style sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from handouts.content import load_settings
from handouts.findings import Finding, Findings, nearest
from handouts.model import Format, Noun
from handouts.project import FILE, Project
from handouts.records import TomlLines, load_record, validate

FOLDER = "styles/profiles"
_LENGTH = re.compile(r"(\d*\.?\d+) ?(in|mm|pt)")
_POINTS = {"in": 72.0, "mm": 72 / 25.4, "pt": 1.0}
# The pages that a format of free length may have.
_ANY_PAGES = (1, 400)


def _points(value: object) -> object:
    found = _LENGTH.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise ValueError('write a length with its unit, such as "0.125in" or "3mm"')
    return float(found[1]) * _POINTS[found[2]]


# A length in points, written with its unit.
Length = Annotated[float, BeforeValidator(_points)]


class Profile(Noun):
    """What a PDF is made for, as data: for the screen, unless profiles of `styles/profiles/` say otherwise, one on top
    of the other. Lengths are in points once they are read.

    `claims` are what the file says of itself. `bleed` is by paper, `safe` how far text stays from the trim. With
    `separate_cover` a booklet's cover and inside stand beside it as two files, with `ticket` what a print shop is told.
    `ink_limit` is the sum of all inks at any place, `coverage` the part of a page that is inked on average over a file,
    both in percent and at most. `drawings` says what their lines are in: white, for solid bands, or the color of the
    subject. `papers` are pages that are printed on others, {"half-letter": "letter"}; without `fitted`, type has the
    size of the style sheets and a text takes as many pages as it needs. `smallest` is the size of type, in points,
    under which nothing is set; `spacing` is the height of a line in sizes of type, for style sheets that use it.
    """

    names: tuple[str, ...] = ()
    title: str = ""
    claims: tuple[Literal["pdf/ua-1", "pdf/x-4"], ...] = ("pdf/ua-1",)
    colors: Literal["rgb", "cmyk", "grey"] = "rgb"
    bleed: dict[str, Length] = Field(default_factory=dict)
    safe: Length | None = None
    marks: bool = False
    separate_cover: bool = False
    ticket: bool = False
    ink_limit: float | None = None
    coverage: float | None = None
    icc: str = ""
    duplex: Literal["", "long", "short"] = ""
    unscaled: bool = False
    drawings: Literal["white", "ink"] = "white"
    papers: dict[str, str] = Field(default_factory=dict)
    fitted: bool = True
    smallest: float | None = None
    spacing: float | None = Field(default=None, ge=1.15, le=2)

    @property
    def name(self) -> str:
        return ".".join(self.names)


SCREEN = Profile()


def load_profile(project: Project, names: Sequence[str] = (), wishes: Sequence[tuple[str, str]] = ()) -> Profile:
    """The profiles of these names on top of each other, each with what `handouts.toml` sets under [profiles.NAME], and
    above all the wishes of a command. Raises Findings, all of them."""
    findings: list[Finding] = []
    merged = Profile(names=tuple(names))
    known, own = project.profiles(), load_settings(project).profiles
    findings += [_unknown(project, name, known) for name in own if name not in known]
    for name in names:
        if name not in known:
            findings.append(Finding("", 0, f'there is no profile "{name}"', nearest(name, known)))
            continue
        merged = _over(merged, load_record(project, f"{FOLDER}/{name}/profile.toml", Profile))
        if name in own:
            lines = TomlLines(project.text(FILE))

            def line_of(path: tuple[str, ...], name: str = name, lines: TomlLines = lines) -> int:
                return lines.line(("profiles", name, *path))

            if set_here := validate(Profile, own[name], FILE, findings, line_of, f"profiles.{name}."):
                merged = _over(merged, set_here)
    asked = dict(wishes)
    merged = _over(merged, Profile(**asked))
    if "marks" in asked and not merged.bleed:
        hint = "add --for press, or leave out --marks"
        findings.append(Finding("", 0, "crop marks are for a PDF with a bleed, and this has none", hint))
    if "icc" in asked and merged.colors != "cmyk":
        hint = "add --for press, or leave out --icc"
        findings.append(Finding("", 0, "a color profile is for a PDF in inks, and this is not", hint))
    if findings:
        raise Findings(findings)
    return merged


def _over(below: Profile, above: Profile) -> Profile:
    """A profile with what another one sets in place of its own; tables are joined, by paper."""
    changed = {key: getattr(above, key) for key in above.model_fields_set}
    for key in {"papers", "bleed"} & changed.keys():
        changed[key] = {**getattr(below, key), **changed[key]}
    return below.model_copy(update=changed)


def _unknown(project: Project, name: str, known: Sequence[str]) -> Finding:
    line = TomlLines(project.text(FILE)).line(("profiles", name))
    return Finding(FILE, line, f'there is no profile "{name}"', nearest(name, known))


def as_profiled(form: Format, profile: Profile) -> Format:
    """A format as it is in a profile: on which pages it is printed, how many it may have, and whether it is fitted."""
    changed: dict[str, object] = {}
    if profile.papers:
        changed["papers"] = {paper: profile.papers.get(page, page) for paper, page in form.papers.items()}
    if not profile.fitted:
        changed |= {"fit": None, "pages": _ANY_PAGES, "multiple": 1}
    return form.model_copy(update=changed) if changed else form


def styles_of(project: Project, profile: Profile, form: Format) -> tuple[str, ...]:
    """The style sheets of a profile that apply to a format: of each folder `base.css`, those named as the
    format's own sheets, which go with that look whatever format has it, and the one of the format's name; after them
    those for two profiles at once, as `office/large-print.css`."""
    sheets = ("base.css", *form.styles, f"{form.name}.css")
    wanted = dict.fromkeys(f"{FOLDER}/{name}/{sheet}" for name in profile.names for sheet in sheets)
    wanted |= dict.fromkeys(f"{FOLDER}/{name}/{other}.css" for name in profile.names for other in profile.names)
    return tuple(path for path in wanted if project.find(path) is not None)


def asks(profile: Profile) -> tuple[str, ...]:
    """What to ask the print shop before a file can say for which press it is made; nothing where that is known, or not
    to be said. One sentence each."""
    if "pdf/x-4" not in profile.claims or profile.icc:
        return ()
    return (
        "There is no PDF/X label: it would name a press, and which one prints is not known.",
        "Ask the print shop for the ICC profile of its press and paper, and build again with --icc FILE.",
    )
