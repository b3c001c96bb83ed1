"""What is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Finding:
    """One result of reading, composing, laying out or checking.

    `file` is a path as the user would type it (relative to the project where it lies inside), `line` counts from 1 and
    is 0 where no line can be named. `message` says what is wrong, `hint` what to do.
    """

    file: str
    line: int
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        advice = f" · {self.hint}" if self.hint else ""
        return f"{where}  {self.message}{advice}"


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
