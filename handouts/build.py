"""The recipe: how one job becomes one PDF, and many jobs many."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from handouts import ledger
from handouts.findings import Finding, Findings, errors
from handouts.planning import output_name, project_of
from handouts.project import Project, put_in_place

if TYPE_CHECKING:
    from handouts.job import Job
    from handouts.parcels import Tell
    from handouts.workers import Cluster

# What a page too many counts for in the search, in mm.
_A_LINE = 5.0


@dataclass(frozen=True)
class Result:
    """What became of one job: the file and its pages, or the findings that kept it from being built."""

    job: Job
    file: str
    pages: int = 0
    revision: str = ""
    fit: str = ""
    findings: tuple[Finding, ...] = ()
    fresh: bool = False

    @property
    def built(self) -> bool:
        return self.pages > 0


@dataclass(frozen=True)
class Made:
    """A result, with the bytes that are to be written for it: the PDF, what the ledger keeps, and the files that go
    beside the PDF, by their paths in the output folder; all empty where nothing was built."""

    result: Result
    pdf: bytes = b""
    record: bytes = b""
    beside: Mapping[str, bytes] = field(default_factory=dict)


def build(job: Job) -> Result:
    """Build one PDF: load, compose, lay out and fit, write, finish, check, put in place, record.

    Findings are handed back, not raised, so that one bad file does not keep the others from being built; the PDF of an
    earlier good build then stays.
    """
    return deliver(make(job))


def make(job: Job, glimpse: Callable[[bytes], None] | None = None) -> Made:
    """All of `build` that writes nothing; `glimpse` gets the PDF before it is judged (`recipe.finished`)."""
    try:
        return _make(job, glimpse)
    except Findings as found:
        return Made(Result(job, output_name(job), findings=found.findings))


def deliver(made: Made) -> Result:
    """Put what was made in its place, with its record; the result says so, or why it cannot be written."""
    job, name = made.result.job, made.result.file
    if not made.result.built:
        return made.result
    try:
        for path, data in {name: made.pdf, **made.beside}.items():
            put_in_place(Path(job.output, path), data)
    except Findings as found:
        return Result(job, name, findings=found.findings)
    ledger.keep(job, name, made.record)
    return made.result


def unchanged(jobs: Sequence[Job]) -> list[Result]:
    """Results of the jobs whose output stands there as a build would make it now, warnings and all.

    Nothing heavy is loaded for it.
    """
    found = []
    answers: dict[Project, ledger.Answers] = {}
    for job in jobs:
        project, name = project_of(job), output_name(job)
        now = answers.setdefault(project, ledger.Answers(project))
        if entry := ledger.recall(now, job, name):
            found.append(Result(job, name, entry.pages, entry.revision, entry.fit, entry.findings, fresh=True))
    return found


def _make(job: Job, glimpse: Callable[[bytes], None] | None) -> Made:
    from handouts.recipe import finished

    done = finished(job, glimpse)
    if errors(done.findings):
        raise Findings(done.findings)
    name = output_name(job)
    entry = ledger.Entry(done.layout.pages, done.document.revision, done.fit, done.findings)
    result = Result(job, name, entry.pages, entry.revision, entry.fit, entry.findings)
    record = ledger.record(done.project, job, {name: done.pdf, **done.beside}, entry)
    return Made(result, done.pdf, record, done.beside)


def run(
    jobs: Sequence[Job],
    workers: int,
    report: Callable[[Result], None],
    known: Sequence[Result] = (),
    cluster: Cluster | None = None,
) -> list[Result]:
    """Build all jobs and hand each result to `report` as it comes; returns them in the order of the jobs.

    Those of `known` are told first, and not built again. With a cluster, its workers build.
    """
    done = {result.job: result for result in known}
    for job in filter(done.get, jobs):
        report(done[job])
    done |= _run([job for job in jobs if job not in done], workers, report, cluster)
    return [done[job] for job in jobs]


def _run(
    jobs: Sequence[Job], workers: int, report: Callable[[Result], None], cluster: Cluster | None
) -> dict[Job, Result]:
    """Build jobs, the longest first, so that no core waits at the end for a booklet that another has just started: the
    more pages a format may have, the longer it takes."""
    if not jobs:
        return {}
    # Now, for all workers: what is installed while they are at work has not made anything.
    ledger.programs()
    from handouts.content import load_format
    from handouts.parcels import Post, moved
    from handouts.workers import run_all

    lengths = {(job.root, job.format): 0 for job in jobs}
    for root, name in lengths:
        # A format that cannot be read is a finding of its jobs, which end at once.
        with contextlib.suppress(Findings):
            lengths[root, name] = load_format(Project(Path(root)), name).pages[1]
    order = sorted(jobs, key=lambda job: -lengths[job.root, job.format])
    if cluster:
        post = Post(project_of(order[0]), order[0].output, build, moved, _mended)
        return dict(zip(order, cluster.run_all(post, order, report, leave=leave), strict=True))
    return dict(zip(order, run_all(build, order, workers, report, leave=leave), strict=True))


def _mended(result: Result, job: Job, tell: Tell) -> Result:
    """What was built elsewhere, told as if it had been built here."""
    return replace(result, job=job, findings=tell(result.findings))


def leave() -> None:
    """What a process that built does before it ends, or to begin anew: it lets go of all that the engine holds."""
    from handouts.pdf import forget
    from handouts.preflight.paints import paints_of
    from handouts.preflight.scanning import codes_of

    codes_of.cache_clear()
    paints_of.cache_clear()
    forget()
