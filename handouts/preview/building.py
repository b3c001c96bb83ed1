"""Builds while somebody waits for them, in processes that stay warm."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from handouts import ledger
from handouts.build import Result, deliver, leave, make, unchanged
from handouts.findings import Finding, Findings
from handouts.job import Job
from handouts.planning import output_name, project_of
from handouts.preview.beside import Beside, Lost, Mistake
from handouts.project import read_named

# After so many builds a process is renewed: the layout engine keeps a little of each.
_MOST_BUILDS = 150


@dataclass(frozen=True)
class Outcome:
    """What became of a build. `record` is what the ledger would keep of it, for an edition, of which it keeps none."""

    built: bool
    findings: tuple[Finding, ...] = ()
    record: bytes = b""


class Standing:
    """What is known of an output: whether it stands there as a build would make it now."""

    def __init__(self) -> None:
        self._outcome: Outcome | None = None

    def keep(self, outcome: Outcome) -> None:
        self._outcome = outcome if outcome.record else None

    def ask(self, job: Job) -> Result | None:
        """The result of the build that made what stands there; None where it is to be built."""
        if not job.edition:
            return next(iter(unchanged([job])), None)
        outcome, name = self._outcome, output_name(job)
        if outcome is None:
            return None
        record = json.loads(outcome.record)
        try:
            there = {path: hashlib.sha256(read_named(Path(job.output, path))).hexdigest() for path in record["files"]}
        except Findings:
            return None
        if there != record["files"] or not ledger.Answers(project_of(job)).agree(record):
            return None
        return Result(job, name, record["pages"], record["revision"], record["fit"], outcome.findings, fresh=True)


class Builder:
    """Builds in a process beside this one, which stays warm. `patient` is one that nobody waits for."""

    def __init__(self, patient: bool = False) -> None:
        self._beside = Beside(_let_go, patient)
        self._built = 0

    def load(self) -> None:
        """Load all that a build needs. Raises Findings where a library of the system is missing."""
        self._beside.do(_load)

    def build(self, job: Job, looks: int, glimpse: Callable[[bytes], None]) -> Outcome:
        """Build a job; `looks` changes when style sheets did, and `glimpse` gets the PDF before it is judged."""
        self._built += 1
        try:
            return self._beside.hear(glimpse, _build_there, job, looks)
        except Mistake as mistake:
            return mistaken(str(mistake))
        except Lost:
            message = "the process that was building this has ended: it may have been killed, for lack of memory"
            return Outcome(False, (Finding("", 0, message, "save any file to try again"),))

    def rest(self, job: Job) -> None:
        """When nothing is to be done: a process that has built much makes room for another, which builds this job
        without writing it, to be as warm as the one before."""
        if self._built >= _MOST_BUILDS:
            self._built = 0
            self._beside.renew()
            with contextlib.suppress(Findings, Lost, Mistake):
                self._beside.do(_warm_up, job)

    def close(self) -> None:
        self._beside.close()


# Style sheets are parsed once a process, as they are when this number is told.
_parsed = 0


def _load() -> None:
    try:
        # The engine prints a banner of its own before it fails.
        with contextlib.redirect_stdout(io.StringIO()):
            import handouts.pdf  # noqa: F401
    except OSError as error:
        from handouts.doctor import pango_message

        raise Findings([Finding("", 0, pango_message(error))]) from error


def _build_there(tell: Callable[[bytes], None], job: Job, looks: int) -> Outcome:
    global _parsed
    if looks != _parsed:
        leave()
        _parsed = looks

    def seen(pdf: bytes) -> None:
        gc.enable()
        tell(pdf)

    # Memory is tidied up when there is something to be seen: it takes as long as a tenth of a layout.
    gc.disable()
    try:
        made = make(job, seen)
    finally:
        gc.enable()
    result = deliver(made)
    return Outcome(result.built, result.findings, made.record if result.built and job.edition else b"")


def _warm_up(job: Job) -> None:
    make(job)


def _let_go() -> None:
    """What the process does before it ends."""
    if "handouts.recipe" in sys.modules:
        leave()


def mistaken(trace: str) -> Outcome:
    """What became of a build that ended in what nobody foresaw; its trace goes to the terminal."""
    print(trace, file=sys.stderr, flush=True)
    hint = "please report it, with what the terminal shows; the last good PDF stays"
    return Outcome(False, (Finding("", 0, "this is a mistake in handouts itself", hint, id="mistake"),))
