"""Results told: as lines for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.findings import Finding

if TYPE_CHECKING:
    from handouts.build import Result


class ExitCode(IntEnum):
    """What the command hands back to the shell."""

    BUILT = 0
    FINDINGS = 1
    USAGE = 2
    INTERRUPTED = 130


def exit_code(results: Sequence[Result], strict: bool) -> ExitCode:
    """1 when a PDF could not be built, or, with `strict`, when there is any finding at all."""
    failed = any(not result.built or (strict and result.findings) for result in results)
    return ExitCode.FINDINGS if failed else ExitCode.BUILT


def line(result: Result) -> str:
    """One result in one line, such as "output/specialty/ct.pdf  1 page, fits at 100 %, 2 mm to spare"."""
    path = Path(result.job.output) / result.file
    if not result.built:
        return f"{path}  not built"
    pages = f"{result.pages} page" + ("" if result.pages == 1 else "s")
    return f"{path}  {', '.join(filter(None, (pages, result.fit)))}"


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Findings in the order of their files and lines, each once."""
    return [f"{finding.severity}: {finding}" for finding in sorted(set(findings))]


def as_json(results: Sequence[Result], findings: Sequence[Finding] = ()) -> str:
    """All results, and findings that belong to none, as one JSON document."""
    return json.dumps(
        {
            "outputs": [
                {
                    "file": (Path(result.job.output) / result.file).as_posix(),
                    "format": result.job.format,
                    "subject": result.job.subject,
                    "built": result.built,
                    "pages": result.pages,
                    "revision": result.revision,
                    "fit": result.fit,
                    "findings": [asdict(finding) for finding in result.findings],
                }
                for result in results
            ],
            "findings": [asdict(finding) for finding in findings],
        },
        indent=2,
        ensure_ascii=False,
    )

