"""Processes: the same job runs here or in a pool."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.context import BaseContext
from multiprocessing.util import Finalize
from types import FrameType
from typing import NoReturn, TypeVar

J = TypeVar("J")
R = TypeVar("R")


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_method() -> BaseContext:
    """How worker processes come to be: forked on Linux, so that each starts with all that is imported here.

    *Why it is said:* the layout engine takes most of a second to import, and Python 3.14 forks only when asked. A fork
    is unsafe where threads run: none do here when the workers are made. On macOS the system's libraries start some.
    """
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def run_all(
    task: Callable[[J], R],
    jobs: Sequence[J],
    workers: int,
    report: Callable[[R], None],
    leave: Callable[[], None] | None = None,
) -> list[R]:
    """Run `task` on every job and hand each result to `report` as it comes; returns them in the order of `jobs`.

    `leave` is what a worker process calls before it ends: such a process is cut off, and what waits to be cleared up
    when Python ends would stay.

    Jobs are started in the order given, so a caller that puts the longest first ends soonest. With one worker, or one
    job, everything happens in this process. An exception of a task, or an interrupt, ends the run: what has not begun
    is dropped.
    """
    if workers <= 1 or len(jobs) <= 1:
        results = []
        for job in jobs:
            results.append(task(job))
            report(results[-1])
        return results
    done: dict[int, R] = {}
    # What is loaded by now is never garbage: a worker that looked at it would get its own copy of every page.
    gc.collect()
    gc.freeze()
    pool = ProcessPoolExecutor(min(workers, len(jobs)), start_method(), initializer=_begin, initargs=(leave,))
    try:
        futures = {pool.submit(_run, task, leave, job): number for number, job in enumerate(jobs)}
        for future in as_completed(futures):
            done[futures[future]] = future.result()
            report(done[futures[future]])
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return [done[number] for number in range(len(jobs))]


def _begin(leave: Callable[[], None] | None) -> None:
    """Ctrl-C reaches every process of a terminal: the first one tells of it, the workers end without a trace.

    When one worker has ended, the pool asks the others to by another signal; they may be clearing up by then.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    if leave:
        Finalize(None, leave, exitpriority=0)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    for one in (signal.SIGINT, signal.SIGTERM):
        # A function, since Python complains of a signal that came while it was being told to ignore it.
        signal.signal(one, lambda number, frame: None)
    raise SystemExit(128 + number)


def _run(task: Callable[[J], R], leave: Callable[[], None] | None, job: J) -> R:
    """A task in a worker: when it is interrupted it clears up after itself, and the worker takes no other job."""
    try:
        return task(job)
    except SystemExit as end:
        if leave:
            leave()
        os._exit(end.code)
