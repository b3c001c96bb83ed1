"""A brand's own style sheet, `brand.css`: faces and a few custom properties, and nothing that could break a layout."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import tinycss2

from handouts.addresses import check_addresses
from handouts.findings import Finding, nearest
from handouts.project import Project

# What it may set; colors are set in brand.toml, which knows how they must go together, and sizes by the fit.
PROPERTIES = ("--sans", "--serif", "--text", "--quiet", "--rule", "--bar")
_ELSEWHERE = {
    **dict.fromkeys(("--ink", "--tint", "--house"), "color"),
    **dict.fromkeys(("--accent", "--accent-on-ink"), "accent"),
}
_DESCRIPTORS = ("font-family", "src", "font-weight", "font-style")
_FONTS = (".ttf", ".otf")
_FONT_SIGNS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_BASE = "styles/base/type.css"
_FAMILY = re.compile(r"font-family\s*:\s*[\"']([^\"']+)")


def check_sheet(project: Project, file: str) -> list[Finding]:
    """Everything in a brand's style sheet that is neither a face of its own nor a property that it may set."""
    findings = check_addresses(project, [file])
    taken = {family.casefold() for family in _FAMILY.findall(project.text(_BASE))}
    for rule in tinycss2.parse_stylesheet(project.text(file), skip_comments=True, skip_whitespace=True):
        findings += [
            Finding(file, line, message, hint) for line, message, hint in _check_rule(project, file, rule, taken)
        ]
    return findings


def _check_rule(project: Project, file: str, rule: object, taken: set[str]) -> Iterator[tuple[int, str, str]]:
    """What is wrong with one rule, as line, message and hint."""
    if rule.type == "at-rule" and rule.lower_at_keyword == "font-face" and rule.content is not None:
        declared = {}
        for line, name, value in _declarations(rule.content):
            declared[name] = line
            if name not in _DESCRIPTORS:
                yield line, f'a face knows no "{name}"', nearest(name, _DESCRIPTORS)
            elif name == "src":
                yield from _check_source(project, file, line, value)
            elif name == "font-family" and (family := tinycss2.serialize(value).strip(" \"'")).casefold() in taken:
                yield line, f'"{family}" is the name of a face of ours', "give yours another name"
        for name in ("font-family", "src"):
            if name not in declared:
                yield rule.source_line, f'the face has no "{name}"', f"add {name}"
    elif rule.type == "qualified-rule" and tinycss2.serialize(rule.prelude).strip() == ":root":
        for line, name, _ in _declarations(rule.content):
            if name in _ELSEWHERE:
                yield line, f'"{name}" is not set here', f'set "{_ELSEWHERE[name]}" in brand.toml'
            elif name not in PROPERTIES:
                yield line, f'a brand does not set "{name}"', f"it may set {', '.join(PROPERTIES)}"
    elif rule.type == "error":
        yield rule.source_line, f"is not valid CSS: {rule.message.rstrip('.')}", "mend this line, or the one before"
    else:
        at = f"@{rule.at_keyword}" if rule.type == "at-rule" else tinycss2.serialize(rule.prelude).strip()
        hint = "a brand sets custom properties in :root { }, and brings faces by @font-face { }, nothing else"
        yield rule.source_line, f'"{at[:40]}" has no place in a brand', hint


def _declarations(content: list[object]) -> Iterator[tuple[int, str, list[object]]]:
    """Line, name and value of each declaration in a block; what is none stands under a name that no rule knows."""
    for one in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if one.type == "declaration":
            yield one.source_line, one.name if one.name.startswith("--") else one.lower_name, one.value
        else:
            yield one.source_line, "…", []


def _check_source(project: Project, file: str, line: int, value: list[object]) -> Iterator[tuple[int, str, str]]:
    """The file of a face: one that is here, and not one that each machine has its own of."""
    hint = "write src: url(name.ttf), and put that file beside brand.toml"
    addresses = [token.value for token in value if token.type == "url"]
    for token in value:
        if token.type == "function" and token.lower_name == "url":
            addresses += [argument.value for argument in token.arguments if argument.type == "string"]
        elif token.type == "function" and token.lower_name == "local":
            yield line, "a face of this machine is another, or none, on the next", hint
    if not addresses:
        yield line, "the face names no file", hint
    for address in addresses:
        path = address.lstrip("/") if address.startswith("/") else posixpath.join(posixpath.dirname(file), address)
        path = posixpath.normpath(path)
        if not path.lower().endswith(_FONTS):
            yield line, f'"{address}" is neither a TTF nor an OTF file', "convert it, or ask the maker for one"
        elif (data := project.peek(path)) is not None and not data.startswith(_FONT_SIGNS):
            yield line, f'"{address}" is no font, whatever its name says', "save it again from where you have it"
