"""What does not fit on a page, in words: cut off, over an edge, or on something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handouts.clearance import MARGINS, PAGE, Flaw
from handouts.findings import Finding
from handouts.preflight.placement import FIT_CLIPPED, FIT_OVERFLOW, FIT_OVERLAP

_FIT = {rule.id for rule in (FIT_CLIPPED, FIT_OVERLAP, FIT_OVERFLOW)}
_MM = 72 / 25.4
_LONGEST_QUOTE = 60  # letters


def misfits(file: str, flaws: Iterable[Flaw]) -> Iterator[Finding]:
    """The findings for flaws of a layout, as boxes.flaws has them."""
    for flaw in flaws:
        rule = {"clipped": FIT_CLIPPED, "overlap": FIT_OVERLAP, "overflow": FIT_OVERFLOW}[flaw.kind]
        yield rule.found(file, f"{_subject(flaw)} {_trouble(flaw)}", _advice(flaw), page=flaw.page, box=flaw.box)


def without_echoes(findings: Iterable[Finding], flaws: Sequence[Flaw]) -> Iterator[Finding]:
    """The findings of a printed page but for those that tell again, at the same place, what a flaw of its layout told:
    words that run over the page are also seen to be cut there."""
    for finding in findings:
        echo = finding.id in _FIT and any(_meet(finding, flaw) for flaw in flaws)
        if not echo:
            yield finding


def _meet(finding: Finding, flaw: Flaw) -> bool:
    if finding.page != flaw.page or not finding.box:
        return False
    left, top, right, bottom = finding.box
    return left <= flaw.box[2] and right >= flaw.box[0] and top <= flaw.box[3] and bottom >= flaw.box[1]


def _subject(flaw: Flaw) -> str:
    if not flaw.words:
        return f"the box {flaw.what}"
    words = flaw.words if len(flaw.words) <= _LONGEST_QUOTE else f"{flaw.words[:_LONGEST_QUOTE].rstrip()} …"
    more = " …" if flaw.count > len(flaw.words.split()) and not words.endswith("…") else ""
    return f'"{words}{more}"'


def _trouble(flaw: Flaw) -> str:
    by = f"{flaw.by / _MM:.1f}" if flaw.by < 10 * _MM else f"{flaw.by / _MM:.0f}"
    if flaw.kind == "overlap":
        return f"stands on the words {flaw.out_of}" if flaw.out_of.startswith('"') else f"is under {flaw.out_of}"
    if flaw.kind == "clipped":
        return f"is cut off, {by} mm before its end, at the edge of {flaw.out_of}"
    edge = "the edge of the page" if flaw.out_of == PAGE else f"the edge of its box, {flaw.out_of}"
    return f"runs {by} mm over {'the margin of the page' if flaw.out_of == MARGINS else edge}"


def _advice(flaw: Flaw) -> str:
    if flaw.kind == "overlap":
        return "shorten one of them, or move them apart in styles/"
    room = flaw.what if flaw.out_of in (PAGE, MARGINS) else flaw.out_of
    return f"{'shorten it' if flaw.words else 'make it smaller'}, or give {room} more room in styles/"
