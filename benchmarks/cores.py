"""What a second core saves: all jobs in one process against two.

Start-up is left out: everything is imported, and one job of each format built, before the clock starts, and workers are
forked from this process. Wall time, since that is what somebody waits for; so it wants a machine without other work,
and tells the load that it met.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence

from benchmarks.table import Row
from handouts.build import Result, run
from handouts.findings import Findings
from handouts.job import Job
from handouts.workers import cores


def speed_up(jobs: Sequence[Job], rounds: int) -> Row:
    """The ratio of wall times, one process by two. Raises Findings where a job cannot be built."""
    _checked(run(list({job.format: job for job in jobs}.values()), 1, _quiet))
    load = os.getloadavg()[0]
    times: dict[int, list[float]] = {1: [], 2: []}
    for number in range(rounds):
        for workers in (1, 2) if number % 2 else (2, 1):
            start = time.perf_counter()
            results = run(jobs, workers, _quiet)
            times[workers].append(time.perf_counter() - start)
            _checked(results)
    one, two = (statistics.median(times[workers]) for workers in (1, 2))
    measured = f"{one:.1f} s / {two:.1f} s, medians of {rounds}, {cores()} cores, load {load:.1f} before"
    return Row(f"{len(jobs)} PDFs, Letter and A4: one process / two", one / two, "≥ 1.6", measured)


def _quiet(result: Result) -> None:
    """Progress would be work too."""


def _checked(results: Sequence[Result]) -> None:
    if findings := [finding for result in results for finding in result.findings]:
        raise Findings(findings)
