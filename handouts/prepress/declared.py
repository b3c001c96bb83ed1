"""The colors that are declared in ink, beside what they are on a screen: the palette's, the house's, a brand's."""

from __future__ import annotations

from collections.abc import Iterator

from handouts.color import Color
from handouts.findings import Finding, Findings
from handouts.material import Material
from handouts.model import Cmyk, Declared
from handouts.project import Project
from handouts.records import TomlLines, load_table

FILE, PALETTE = "styles/inks.toml", "styles/palette.toml"


def declared_colors(project: Project, material: Material) -> dict[Color, tuple[float, ...]]:
    """The four inks, 0 to 1, of every color that declares them; a brand's own word stands above all.

    Raises Findings for inks that are more together than the profile's limit.
    """
    limit, findings = material.profile.ink_limit, []
    found: dict[Color, tuple[float, ...]] = {}
    for file, path, color, inks in _all(project, material):
        if limit is not None and sum(inks) > limit:
            message = f"{color} is declared with {sum(inks):g} % of ink, and the press takes {limit:g} %"
            hint = "take as much away from cyan, magenta and yellow, and half of one of it back as black"
            findings.append(Finding(file, TomlLines(project.text(file)).line(path), message, hint, id="ink-limit"))
        found[_parsed(color)] = tuple(ink / 100 for ink in inks)
    if findings:
        raise Findings(findings)
    return found


def _all(project: Project, material: Material) -> Iterator[tuple[str, tuple[str, ...], str, Cmyk]]:
    """File and place of each declaration, its color and inks, the weightiest last."""
    for name, ink in material.palette.items():
        for key in ("solid", "tint"):
            if inks := getattr(ink, f"{key}_cmyk"):
                yield PALETTE, (name, f"{key}_cmyk"), getattr(ink, key), inks
    for name, one in load_table(project, FILE, Declared).items():
        yield FILE, (name, "cmyk"), one.color, one.cmyk
    brand = material.brand
    for key in ("color", "accent"):
        if getattr(brand, key) and (inks := getattr(brand, f"{key}_cmyk")):
            yield brand.file, (f"{key}_cmyk",), getattr(brand, key), inks


def _parsed(color: str) -> Color:
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue
