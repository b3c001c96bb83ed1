"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
_MOST_NAMED = 15


@dataclass(frozen=True, order=True)
class Finding:
    """One result of reading, composing, laying out or checking.

    `file` is a path as the user would type it (relative to the project where it lies inside), and empty for what was
    typed on the command line. `line` counts from 1 and is 0 where no line can be named. `message` says what is wrong,
    `hint` what to do. `id` is the stable name of the rule that is broken (docs/preflight.md has them all). In a PDF,
    `page` counts from 1, and `box` is left, top, right, bottom in points from the upper left corner of the trimmed
    page.
    """

    file: str
    line: int
    message: str
    hint: str = ""
    severity: Severity = "error"
    id: str = "content"
    page: int = 0
    box: tuple[float, ...] = ()

    @property
    def record(self) -> dict[str, object]:
        """The finding as programs get it; what it has none of is null."""
        return {
            "file": self.file,
            "line": self.line or None,
            "page": self.page or None,
            "box": list(self.box) or None,
            "id": self.id,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
        }

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        where += f", page {self.page}" if self.page else ""
        advice = f" · {self.hint}" if self.hint else ""
        return f"{where}  {self.message}{advice}".lstrip()


class Findings(Exception):
    """All findings of one pass, raised together so that one run shows everything that is to be mended."""

    def __init__(self, findings: Iterable[Finding]):
        self.findings = tuple(sorted(set(findings)))
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self):
        # Exceptions pickle their formatted message; workers must hand back the findings themselves.
        return type(self), (self.findings,)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Only those that must stop a build."""
    return tuple(finding for finding in findings if finding.severity == "error")


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, by file, then by where in it, the worst first at each place."""

    def place(one: Finding) -> tuple[object, ...]:
        return one.file, one.page, one.line, one.severity, one.box[1:2], one.id, one.message

    return sorted(set(findings), key=place)


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 page", "2 pages"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def nearest(word: str, known: Iterable[str]) -> str:
    """Advice that names the nearest known word, or all of them when none is near: ready to print as a hint."""
    from difflib import get_close_matches  # as slow to load as all else here, and asked for only when a name is wrong

    known = list(known)
    by_case = {one.casefold(): one for one in known}
    if close := get_close_matches(word.casefold(), by_case, n=1, cutoff=0.5):
        return f"did you mean {by_case[close[0]]}?"
    some = ", ".join(known[:_MOST_NAMED]) + (" …" if len(known) > _MOST_NAMED else "")
    return f"known are: {some}" if known else "there are none yet"
