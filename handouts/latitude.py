"""How far a page may give: the properties that the fit turns, and their ranges as the style sheets declare them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field, PositiveFloat

from handouts.findings import Finding, Findings, nearest
from handouts.model import Fit, Format, Noun
from handouts.project import Project
from handouts.records import TomlLines

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"--(?P<name>fit-[\w-]+|nominal)\s*:\s*(?P<value>[^;}]*)")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)pt")
# What a style sheet may give a range for, with the range that is shown as an example.
_EXAMPLES = {"leading": "1.3 1.38 1.45", "space": "0.4 1 2.2", "drawing": "0.85 1 1.5"}
# Under this, lines touch; over this, they fall apart.
_LEADINGS = (1.1, 2.0)
# Digits that a setting is rounded to; the reckoning of a size may be off by half the last.
DIGITS = 4
# Sizes of type that differ by less than this, in points, are one.
_SAME_SIZE = 0.02


class Setting(Noun):
    """Values for a style sheet's fit properties: type size, spacing and drawing relative to the design's 1, and the
    height of a line in sizes of type."""

    scale: PositiveFloat = 1.0
    leading: PositiveFloat = 1.42
    space: PositiveFloat = 1.0
    drawing: PositiveFloat = 1.0


class Stretch(Noun):
    """What a page has left over, as it is handed out: in mm by custom property.

    Where a text runs on from column to column, `joints` has a digit for each of its parts, in their order: the column
    whose `feather-N` widens the gap at this part, or 0 for none.
    """

    values: dict[str, float] = Field(default_factory=dict)
    joints: str = ""


class Kept(Noun):
    """The layout that a fit kept: its setting, what was handed to the columns, and the room in mm before and after."""

    setting: Setting
    stretch: Stretch
    room: float
    left: float


@dataclass(frozen=True)
class Latitude:
    """The setting that takes the least room, the design's own, and the one that takes the most; `body` is the size of
    the design's running text in points."""

    least: Setting
    design: Setting
    most: Setting
    body: float

    def allows(self, setting: Setting) -> bool:
        """Whether a setting lies between the least and the most."""
        return all(
            getattr(self.least, name) <= getattr(setting, name) <= getattr(self.most, name)
            for name in Setting.model_fields
        )


@dataclass(frozen=True)
class _Declared:
    """The value that a style sheet gives a custom property, and where."""

    value: str
    file: str
    line: int


def read_latitude(project: Project, form: Format, styles: Sequence[str]) -> Latitude:
    """The ranges that a format's style sheets declare, in `styles` by the order they apply: the last one counts.

    Spacing, leading and drawing have three numbers each: the least, the design's own, the most. The range of the type
    follows from the design's size and the sizes in `format.toml`. Findings hold all that is missing or cannot be.
    """
    assert form.fit is not None
    findings: list[Finding] = []
    found = _declarations(project, styles, findings)
    ranges = {name: _range(name, found, form, findings) for name in _EXAMPLES}
    body = _nominal(form.fit, found, form, findings)
    if form.fit.floor > form.fit.full:
        file = f"templates/{form.name}/format.toml"
        message = f"the smallest type, {form.fit.floor:g} pt, is larger than the largest, {form.fit.full:g} pt"
        line = TomlLines(project.text(file)).line(("fit", "floor"))
        findings.append(Finding(file, line, message, "write the smaller number as floor"))
    if findings:
        raise Findings(findings)
    scales = (_up(form.fit.floor / body), 1.0, _down(form.fit.full / body))
    least, design, most = (
        Setting(scale=scales[place], **{name: values[place] for name, values in ranges.items()}) for place in range(3)
    )
    return Latitude(least, design, most, body)


def check_measure(room: float | None, body: float, latitude: Latitude, setting: Setting, form: Format) -> float:
    """The room of a layout, where it could be measured and its type is as large as it was set; else Findings.

    `body` is the size of the running text in points, as the page came out.
    """
    if room is None:
        message = 'nothing says where the text stands and where it must end, so it cannot be fitted'
        hint = 'mark the text by data-fit="text", and what stands below it by data-fit="foot"'
        raise Findings([Finding(f"templates/{form.name}/page.html", 0, message, hint)])
    wanted = latitude.body * setting.scale
    if abs(body - wanted) > _SAME_SIZE:
        message = f"the running text comes out in {body:.1f} pt, and was set to {wanted:.1f} pt"
        hint = "let html have font-size: var(--body), and that be calc(var(--nominal) * var(--scale))"
        raise Findings([Finding(f"styles/{form.styles[-1]}", 0, message, hint)])
    return room


def _up(value: float) -> float:
    """Rounded so that a size does not fall under its floor."""
    return -(-value * 10**DIGITS // 1) / 10**DIGITS


def _down(value: float) -> float:
    return value * 10**DIGITS // 1 / 10**DIGITS


def _declarations(project: Project, styles: Sequence[str], findings: list[Finding]) -> dict[str, _Declared]:
    found: dict[str, _Declared] = {}
    for file in styles:
        text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), project.text(file))
        for match in _DECLARATION.finditer(text):
            name = match["name"].removeprefix("fit-")
            line = text.count("\n", 0, match.start()) + 1
            if name == "nominal" or name in _EXAMPLES:
                found[name] = _Declared(match["value"].strip(), file, line)
            else:
                known = [f"--fit-{one}" for one in _EXAMPLES]
                message = f'the fit turns nothing that is called "--{match["name"]}"'
                near = nearest(f"--{match['name']}", known)
                findings.append(Finding(file, line, message, near))
    return found


def _missing(name: str, example: str, form: Format) -> Finding:
    message = f'the format "{form.name}" is fitted, but no style sheet of it says {name}'
    hint = f"add to its :root, such as {name}: {example};"
    return Finding(f"styles/{form.styles[-1]}", 0, message, hint)


def _range(name: str, found: dict[str, _Declared], form: Format, findings: list[Finding]) -> tuple[float, ...]:
    """Three numbers that do not fall; ones where they cannot be read."""
    example = f"--fit-{name}: {_EXAMPLES[name]};"
    if name not in found:
        findings.append(_missing(f"--fit-{name}", _EXAMPLES[name], form))
        return (1.0, 1.0, 1.0)
    declared = found[name]
    parts = declared.value.split()
    numbers = tuple(float(part) for part in parts if re.fullmatch(r"\d+(\.\d+)?|\.\d+", part))
    message = hint = ""
    if len(parts) != 3 or len(numbers) != 3:
        message, hint = f'"--fit-{name}" is not three numbers: {declared.value}', f"write them so: {example}"
    elif not 0 < numbers[0] <= numbers[1] <= numbers[2]:
        message = f'the numbers of "--fit-{name}" do not rise: {declared.value}'
        hint = "write the least, the design's own, the most"
    elif name == "leading" and not _LEADINGS[0] <= numbers[0] <= numbers[2] <= _LEADINGS[1]:
        message = f"lines cannot be {declared.value.replace(' ', ', ')} sizes of type high"
        hint = f"write numbers from {_LEADINGS[0]:g} to {_LEADINGS[1]:g}, such as {example}"
    if message:
        findings.append(Finding(declared.file, declared.line, message, hint))
        return (1.0, 1.0, 1.0)
    return numbers


def _nominal(fit: Fit, found: dict[str, _Declared], form: Format, findings: list[Finding]) -> float:
    """The size of the design's running text in points."""
    if "nominal" not in found:
        findings.append(_missing("--nominal", "11pt", form))
        return fit.floor
    declared = found["nominal"]
    match = _POINTS.fullmatch(declared.value)
    message = hint = ""
    if not match:
        message, hint = f'"--nominal" is not a size in points: {declared.value}', "write it so: --nominal: 11pt;"
    elif not fit.floor <= float(match[1]) <= max(fit.floor, fit.full):
        message = f"the design's running text, {match[1]} pt, lies outside of {fit.floor:g} to {fit.full:g} pt"
        hint = f"mend it, or the [fit] of templates/{form.name}/format.toml"
    if message:
        findings.append(Finding(declared.file, declared.line, message, hint))
        return fit.floor
    return float(match[1])
