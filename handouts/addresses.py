"""Addresses in styles, drawings and templates: what they name is a file of the project, and nothing is fetched."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from xml.etree import ElementTree

from handouts.findings import Finding
from handouts.project import Project

# Where an address stands: after url( or @import in CSS, in what loads a file in SVG and HTML. A link loads nothing.
_PLACES = {
    "css": re.compile(r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^)\s]*))|@import\s+[\"']([^\"']+)"),
    "svg": re.compile(r"url\(\s*[\"']?([^)\"'\s]*)|@import\s+[\"']([^\"']+)|\b(?:href|src)\s*=\s*[\"']([^\"']*)"),
    "html": re.compile(
        r"url\(\s*[\"']?([^)\"'\s]*)|@import\s+[\"']([^\"']+)|\bsrc\s*=\s*[\"']?([^\"'\s>]*)"
        r"|<link\b[^>]*?\bhref\s*=\s*[\"']?([^\"'\s>]*)"
    ),
}
_COMMENTS = {
    "css": re.compile(r"/\*.*?\*/", re.DOTALL),
    "svg": re.compile(r"<!--.*?-->", re.DOTALL),
    "html": re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL),
}
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_LONGEST_SHOWN = 60


def check_addresses(project: Project, files: Iterable[str]) -> list[Finding]:
    """What leads out of the project, and what a style sheet or drawing names and nobody made; each with its line.

    `files` are project paths; those that are missing are left to whoever needs them. *Why here:* the layout engine is
    held to the same rule, but it stops at the first address and does not know its line.
    """
    findings: list[Finding] = []
    for file in dict.fromkeys(files):
        kind = file.rpartition(".")[2]
        if kind in _PLACES and project.find(file) is not None:
            source = project.text(file)
            findings += _check_drawing(source, file) if kind == "svg" else []
            text = _COMMENTS[kind].sub(lambda comment: "\n" * comment[0].count("\n"), source)
            for match in _PLACES[kind].finditer(text):
                address = next((group for group in match.groups() if group), "")
                if advice := _check(project, address, file, kind):
                    findings.append(Finding(file, text.count("\n", 0, match.start()) + 1, *advice))
    return findings


def _check(project: Project, address: str, file: str, kind: str) -> tuple[str, str] | None:
    """What is wrong with an address, as a message and a hint."""
    shown = address if len(address) <= _LONGEST_SHOWN else f"{address[: _LONGEST_SHOWN - 1]}…"
    if _ELSEWHERE.match(address):
        hint = "save it in the project and name it by its path"
        return f'"{shown}" is not a file of the project, and nothing is fetched', hint
    if kind == "html" or not address or address.startswith("#"):
        return None
    path = address.split("#")[0]
    within = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(file), path)
    within = posixpath.normpath(within)
    if within.startswith(".."):
        return f'"{shown}" lies outside the project', "save it in the project and name it by its path"
    if project.find(within) is None:
        return f'the file "{within}" is missing', "add it, or mend the address"
    return None


def _check_drawing(source: str, file: str) -> list[Finding]:
    if match := re.search(r"<!(?:DOCTYPE|ENTITY)", source):
        line = source.count("\n", 0, match.start()) + 1
        return [Finding(file, line, f"a drawing holds no {match[0]}", "delete it; drawing programs can save plain SVG")]
    try:
        ElementTree.fromstring(source)
    except ElementTree.ParseError as error:
        reason = str(error).split(":")[0]
        return [Finding(file, error.position[0], f"is not well-formed SVG: {reason}", "save the drawing again")]
    return []
