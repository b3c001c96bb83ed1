"""Processes: the same job runs here or in a pool."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

J = TypeVar("J")
R = TypeVar("R")


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_all(task: Callable[[J], R], jobs: Sequence[J], workers: int, report: Callable[[R], None]) -> list[R]:
    """Run `task` on every job and hand each result to `report` as it comes; returns them in the order of `jobs`.

    Jobs are started in the order given, so a caller that puts the longest first ends soonest. With one worker, or one
    job, everything happens in this process.
    """
    if workers <= 1 or len(jobs) <= 1:
        results = []
        for job in jobs:
            results.append(task(job))
            report(results[-1])
        return results
    done: dict[int, R] = {}
    pool = ProcessPoolExecutor(min(workers, len(jobs)))
    try:
        futures = {pool.submit(task, job): number for number, job in enumerate(jobs)}
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            report(done[futures[future]])
    except BaseException:
        # Ctrl-C: what has not begun is dropped, what has begun ends whole, since files are moved into place.
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return [done[number] for number in range(len(jobs))]
