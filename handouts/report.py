"""Results told: as lines and tables for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.findings import Finding, counted, errors, in_order

if TYPE_CHECKING:
    from handouts.build import Result
    from handouts.check import Verdict


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


def check_code(findings: Sequence[Finding], strict: bool) -> ExitCode:
    """1 when there is an error, or, with `strict`, anything at all."""
    return ExitCode.FINDINGS if (findings if strict else errors(findings)) else ExitCode.BUILT


def line(result: Result) -> str:
    """One result in one line, such as "output/card/baker.pdf  1 page, fits at 100 %, 2 mm to spare"."""
    path = Path(result.job.output) / result.file
    if not result.built:
        return f"{path}  not built"
    told = ", ".join(filter(None, (counted(result.pages, "page"), result.fit)))
    return f"{path}  {told}{' · unchanged' * result.fresh}"


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
                    "fresh": result.fresh,
                    "pages": result.pages,
                    "revision": result.revision,
                    "fit": result.fit,
                    "findings": [finding.record for finding in result.findings],
                }
                for result in results
            ],
            "findings": [finding.record for finding in findings],
        },
        indent=2,
        ensure_ascii=False,
    )



def check_tables(verdicts: Sequence[Verdict], findings: Sequence[Finding], width: int, color: bool) -> str:
    """What `handouts check` found, grouped by file: place, cause and fix; numbers are those on the proofs."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=width, color_system="standard" if color else None, force_terminal=color, highlight=False)
    pages = {verdict.file: verdict.pages for verdict in verdicts}
    by_file: dict[str, list[Finding]] = {verdict.file: [] for verdict in verdicts}
    for finding in in_order(findings):
        by_file.setdefault(finding.file, []).append(finding)
    with console.capture() as told:
        for file, found in by_file.items():
            head = [file or "this command", *([counted(pages[file], "page")] if pages.get(file) else [])]
            console.print(Text(" · ".join([*head, _verdict(found)]), "bold" if found else ""), soft_wrap=True)
            if found:
                table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, expand=True)
                table.add_column(justify="right", min_width=4)
                table.add_column(no_wrap=True, min_width=8)
                table.add_column(no_wrap=True, min_width=7)
                table.add_column(ratio=3)
                table.add_column(ratio=2)
                for number, one in enumerate(found, 1):
                    style = "red" if one.severity == "error" else "yellow"
                    cause = Text.assemble(one.message, " ", (f"[{one.id}]", "dim"))
                    table.add_row(str(number), _place(one), Text(one.severity, style), cause, Text(one.hint))
                console.print(table)
    lines = [line.rstrip() for line in told.get().splitlines()]
    pictures = [picture for verdict in verdicts for picture in verdict.pictures]
    lines += [f"proof: {picture}" for picture in pictures]
    judged = counted(len(verdicts), "PDF")
    hint = "" if verdicts else " · no PDF is built yet: run handouts build all, or name a file"
    return "\n".join([*lines, f"{judged} judged: {_verdict(in_order(findings))}{hint}"])


def _place(finding: Finding) -> str:
    if finding.page:
        return f"page {finding.page}"
    return f"line {finding.line}" if finding.line else ""


def _verdict(found: Sequence[Finding]) -> str:
    wrong = len(errors(found))
    told = [counted(wrong, "error")] * bool(wrong) + [counted(len(found) - wrong, "warning")] * (len(found) > wrong)
    return ", ".join(told) or "nothing to mend"


def check_json(verdicts: Sequence[Verdict], findings: Sequence[Finding]) -> str:
    """The same for programs. `page`, `line` and `box` are null where there is none."""
    return json.dumps(
        {
            "files": [
                {"file": one.file, "pages": one.pages, "pictures": list(one.pictures)} for one in verdicts
            ],
            "findings": [finding.record for finding in in_order(findings)],
        },
        indent=2,
        ensure_ascii=False,
    )
