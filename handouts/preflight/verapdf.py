"""The verdict of veraPDF on PDF/UA-1, where that program is installed: all files in one run, in words for people."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from handouts.findings import Finding
from handouts.preflight.access import tagged
from handouts.preflight.claims import is_read
from handouts.preflight.evidence import Printed
from handouts.preflight.rules import Rule

PDFUA = Rule("pdfua", "error", "any", "A tagged PDF keeps PDF/UA-1, as veraPDF judges it where it is installed.")

PROGRAM = "verapdf"
_START_SECONDS, _FILE_SECONDS = 120.0, 10.0  # Java starts in two seconds; a booklet takes one
_PAGE = re.compile(r"pages\[(\d+)\]")
# What a clause of ISO 14289-1 asks. A clause that is missing here speaks by its parent, or by veraPDF's own words.
_ASKS = {
    "5": "the file says that it is made for PDF/UA-1",
    "6.2": "the file is written by the rules of PDF 1.7",
    "7.1": "everything is either tagged or marked as decoration, by tags that are known, and the title is shown",
    "7.2": "every word has a language, and tables, lists and contents are built of the parts that belong in them",
    "7.3": "every figure has words for who cannot see it",
    "7.4": "headings follow each other without skipping a level",
    "7.5": "every cell of a table can be traced to its header cells",
    "7.7": "every formula has words for who cannot see it",
    "7.9": "every note has an identifier of its own",
    "7.10": "layers that can be switched on and off have names",
    "7.11": "attached files have names and types",
    "7.15": "the file is no dynamic XFA form",
    "7.16": "the file does not lock out screen readers",
    "7.18.1": "annotations are tagged and described in words",
    "7.18.2": "the file holds no trap networks",
    "7.18.3": "the tab key goes through a page in the order of the tags",
    "7.18.4": "form fields are tagged as such and named",
    "7.18.5": "links are tagged as such and described in words",
    "7.18.6": "films and sounds have a type and words for who cannot play them",
    "7.18.8": "printer's marks are decoration",
    "7.18": "annotations are tagged and described in words",
    "7.20": "the file draws no pages of other files",
    "7.21.3": "fonts know which of their letters a code means",
    "7.21.4": "fonts are embedded, with every letter that is used",
    "7.21.5": "letters are as wide as the file says they are",
    "7.21.6": "fonts know which of their letters a code means",
    "7.21.7": "every letter can be copied and read aloud as the one it is",
    "7.21.8": "no letter is missing from its font",
    "7.21": "fonts are embedded and complete",
}


def installed() -> bool:
    """Whether veraPDF can be asked."""
    return shutil.which(PROGRAM) is not None


def verdicts(files: Sequence[Printed], seconds: float | None = None) -> Iterator[Finding]:
    """What veraPDF finds in all tagged files, one finding for each clause that a file breaks.

    Files without tags are left out: `tags-missing` has said it; so are those for a press. Where veraPDF cannot be
    started, gives up, takes longer than `seconds` or leaves out a file, that is a warning; without veraPDF there is no
    finding at all.
    """
    asked = [printed for printed in files if tagged(printed) and is_read(printed)]
    if not asked or not installed():
        return
    allowed = _START_SECONDS + _FILE_SECONDS * len(asked) if seconds is None else seconds
    try:
        jobs = _jobs(asked, allowed)
    except subprocess.TimeoutExpired:
        yield _silent(PROGRAM, f"was stopped after {allowed:.0f} seconds without a verdict")
        return
    except (OSError, ValueError) as error:
        yield _silent(PROGRAM, f"gave no verdict: {str(error)[:200]}")
        return
    for number, printed in enumerate(asked):
        results = _list(jobs.get(_name(number), {}).get("validationResult"))
        if not results:
            yield _silent(printed.file, "got no verdict from veraPDF, which could not read it to the end")
        for result in results:
            yield from _failures(printed, result)


def _silent(file: str, message: str) -> Finding:
    return PDFUA.found(file, message, "run veraPDF on the file by hand to see why", severity="warning")


def _name(number: int) -> str:
    return f"{number}.pdf"


def _jobs(files: Sequence[Printed], seconds: float) -> dict[str, dict[str, Any]]:
    """veraPDF's report on each file by its name. Raises ValueError where it wrote none."""
    with TemporaryDirectory(prefix="handouts-") as folder:
        paths = [Path(folder) / _name(number) for number in range(len(files))]
        for path, printed in zip(paths, files, strict=True):
            path.write_bytes(printed.data)
        command = [shutil.which(PROGRAM) or PROGRAM, "--flavour", "ua1", "--format", "json", *map(str, paths)]
        report, complaint, code = _run(command, seconds)
    try:
        jobs = json.loads(report)["report"]["jobs"]
        return {Path(job["itemDetails"]["name"]).name: job for job in jobs}
    except (ValueError, KeyError, TypeError) as error:
        said = " ".join(complaint.decode(errors="replace").split()) or "it said nothing"
        raise ValueError(f"it ended with code {code} and no report ({said})") from error


def _run(command: list[str], seconds: float) -> tuple[bytes, bytes, int]:
    """What a command writes, what it complains of, and its exit code.

    Why not subprocess.run: veraPDF is a script that starts Java, and on a timeout only the script would be ended, while
    Java holds the pipe and keeps us waiting.
    """
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        report, complaint = process.communicate(timeout=seconds)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return report, complaint, process.returncode


def _failures(printed: Printed, result: Any) -> Iterator[Finding]:
    if not isinstance(result, dict) or result.get("compliant"):
        return
    details = result.get("details")
    broken: dict[str, tuple[int, int, str]] = {}
    for rule in _list(details.get("ruleSummaries") if isinstance(details, dict) else None):
        if not isinstance(rule, dict) or not isinstance(count := rule.get("failedChecks"), int) or not count:
            continue
        clause = str(rule.get("clause", ""))
        contexts = " ".join(str(check.get("context")) for check in _list(rule.get("checks")) if isinstance(check, dict))
        page = int(match[1]) + 1 if (match := _PAGE.search(contexts)) else 0
        before, first, said = broken.get(clause, (0, page, str(rule.get("description", ""))))
        broken[clause] = before + count, first, said
    if not broken:
        yield PDFUA.found(printed.file, "breaks PDF/UA-1; veraPDF does not say where", "run veraPDF on it by hand")
    for clause, (count, page, said) in broken.items():
        times = "once" if count == 1 else f"{count} times"
        message = f"breaks PDF/UA-1, clause {clause}, {times}: {_asks(clause) or said}"
        hint = "mend the tags in the program that made the file, or export it once more as PDF/UA"
        yield PDFUA.found(printed.file, message, hint, page=page if page <= len(printed.pages) else 0)


def _asks(clause: str) -> str:
    """What a clause asks, in plain words; empty where neither it nor one above it is known."""
    while clause and clause not in _ASKS:
        clause = clause.rpartition(".")[0]
    return f"it asks that {_ASKS[clause]}" if clause else ""


def _list(value: Any) -> list[Any]:
    """A list as it is; older versions of veraPDF write one entry without a list around it."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]
