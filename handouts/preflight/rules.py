"""What a check looks for: a stable id, how bad it is, and what it applies to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handouts.findings import Finding, Severity

Applies = Literal["project", "ours", "any"]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Rule:
    """One kind of finding. `applies` is "project" (words and facts), "ours" (PDFs that we built) or "any" (every PDF).

    `asks` says in a sentence what is right; docs/preflight.md prints it.
    """

    id: str
    severity: Severity
    applies: Applies
    asks: str

    def found(
        self,
        file: str,
        message: str,
        hint: str,
        *,
        line: int = 0,
        page: int = 0,
        box: Box | tuple[()] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule. `page` counts from 1, `line` too; `box` is left, top, right, bottom in points from
        the upper left corner of the trimmed page."""
        rounded = tuple(round(edge, 1) for edge in box)
        return Finding(file, line, message, hint, severity or self.severity, id=self.id, page=page, box=rounded)


# Told where no PDF is opened, so it lives where nothing heavy is imported.
OUTPUT_MISSING = Rule("output-missing", "error", "ours", "What is to be judged has been built.")
