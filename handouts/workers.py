"""Processes: the same job runs here, in a pool, or on the workers of a Dask cluster."""

from __future__ import annotations

import atexit
import contextlib
import gc
import logging
import multiprocessing
import os
import re
import shutil
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing.context import BaseContext
from multiprocessing.util import Finalize
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar

from handouts.findings import Finding, Findings
from handouts.ledger import programs
from handouts.parcels import Brought, Errand, Parcel, Post, folder_of, pack, perform
from handouts.project import installed

J = TypeVar("J")
R = TypeVar("R")

LOCAL = "local"
# Seconds: to reach a scheduler, for its workers to come, and between two looks at whether they are still there.
_REACH, _COME, _LOOK = 10, 20, 2
# How many differences of how many workers are told.
_MOST = 4


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
    """The same as a crew of so many workers that ends with these jobs."""
    with Crew(min(workers, len(jobs)), leave) as crew:
        return crew.run_all(task, jobs, report)


class Crew:
    """Worker processes, in a `with` statement: they stay for one list of jobs after another.

    `leave` is what each calls before it ends: such a process is cut off, and what waits to be cleared up when Python
    ends would stay. None is made before there is a job for it; with one worker everything happens in this process.
    """

    def __init__(self, workers: int, leave: Callable[[], None] | None = None):
        self.workers, self._leave = workers, leave
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def run_all(self, task: Callable[[J], R], jobs: Iterable[J], report: Callable[[R], None]) -> list[R]:
        """Run `task` on every job and hand each result to `report` as it comes; returns them in the order of `jobs`.

        Jobs are started in the order given, each as soon as it is there: so a caller that puts the longest first ends
        soonest, and one that makes them one by one is helped meanwhile. An exception of a task, or an interrupt, ends
        the crew: what has not begun is dropped. A single job is done in this process. Raises Findings where a worker
        is killed.
        """
        if self.workers <= 1 or (isinstance(jobs, Sequence) and len(jobs) <= 1):
            results = []
            for job in jobs:
                results.append(task(job))
                report(results[-1])
            return results
        try:
            return _collect(lambda job: self._submit(task, job), jobs, lambda job, result: result, report)
        except BaseException as error:
            broken = isinstance(error, BrokenProcessPool)
            if self._pool is not None:
                # The other workers of a broken pool are being ended, and may be writing until they are.
                self._pool.shutdown(wait=broken, cancel_futures=True)
                self._pool = None
            if broken:
                message = "a worker process was ended from outside, perhaps for lack of memory"
                hint = "run the same command again: what is done stays; fewer --jobs take less memory"
                raise Findings([Finding("", 0, message, hint)]) from error
            raise

    def _submit(self, task: Callable[[J], R], job: J) -> Future[Any]:
        if self._pool is None:
            # A forked worker that leaves would clear up what is this process's own, such as the files of its fonts.
            if self._leave:
                self._leave()
            # What is loaded by now is never garbage: a worker that looked at it would get its own copy of every page.
            gc.collect()
            gc.freeze()
            self._pool = ProcessPoolExecutor(
                self.workers, start_method(), initializer=_begin, initargs=(self._leave,)
            )
        return self._pool.submit(_run, task, self._leave, job)


def _collect(
    submit: Callable[[J], Future[Any]],
    jobs: Iterable[J],
    take: Callable[[J, Any], R],
    report: Callable[[R], None],
    look: Callable[[], None] | None = None,
) -> list[R]:
    """Submit every job to an executor, and report each as it comes; returns the results in the order of the jobs.

    `take` makes a result of what comes back, `look` is asked now and then whether anything still can.
    """
    done: dict[int, R] = {}
    left = {submit(job): (number, job) for number, job in enumerate(jobs)}
    while left:
        ready, _ = wait(left, _LOOK if look else None, FIRST_COMPLETED)
        if look and not ready:
            look()
        # A future is let go of when it is done: it holds what came back.
        for (number, job), future in sorted(((left.pop(one), one) for one in ready), key=lambda one: one[0][0]):
            done[number] = take(job, future.result())
            report(done[number])
    return [done[number] for number in range(len(done))]


class Cluster:
    """The workers of a Dask cluster, in a `with` statement: `--cluster tcp://HOST:8786`, or "local" for one here.

    Entering it raises Findings where the scheduler cannot be reached, no worker is there, or one of them would make
    other PDFs: another version of anything that decides about their bytes.
    """

    def __init__(self, address: str, workers: int):
        self._address, self._workers = address, workers
        self._open = contextlib.ExitStack()
        self._client: Any = None
        self._missed = 0.0
        self._runs: set[str] = set()

    def __enter__(self) -> Cluster:
        if self._address != LOCAL and not re.fullmatch(r"(tcp|tls)://\S+:\d+", self._address):
            hint = 'write "local", or the address that the scheduler tells when it starts, such as tcp://10.0.0.5:8786'
            raise Findings([Finding("", 0, f'"{self._address}" is no address of a scheduler', hint)])
        try:
            import distributed
        except ImportError as error:
            message = "--cluster needs the package distributed, which is not installed"
            raise Findings([Finding("", 0, message, "run: pip install 'handouts[cluster]'")]) from error
        # What goes wrong is told as findings.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        with self._open:
            address = self._start_local(distributed) if self._address == LOCAL else self._address
            try:
                # What differs between its ends is told by _compare.
                with warnings.catch_warnings(action="ignore"):
                    self._client = self._open.enter_context(distributed.Client(address, timeout=_REACH))
            except (OSError, TimeoutError) as error:
                raise Findings([self._told("does not answer", "start a scheduler there: dask scheduler")]) from error
            try:
                self._client.wait_for_workers(1, timeout=_COME)
            except TimeoutError as error:
                hint = f"start one on each computer: dask worker {self._address} --nthreads 1"
                raise Findings([self._told("has no workers", hint)]) from error
            self._compare()
            self._open = self._open.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        with self._open:
            # Where something went wrong, workers may not answer: they clear up when they end.
            for run in () if kind else self._runs:
                self._client.run(_clear, run, on_error="ignore")

    @property
    def size(self) -> int:
        """How many jobs run at once."""
        return max(1, sum(self._client.nthreads().values()))

    def _start_local(self, distributed: Any) -> Any:
        """Worker processes of this computer, each with one thread: fonts are one a process."""
        return self._open.enter_context(
            distributed.LocalCluster(
                n_workers=self._workers, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )
        )

    def _told(self, message: str, hint: str) -> Finding:
        return Finding("", 0, f"the scheduler {self._address} {message}", hint)

    def _compare(self) -> None:
        """Whether every worker would make the same PDFs as this computer."""
        here = _programs()
        findings = []
        for worker, there in sorted(self._client.run(_programs, on_error="return").items()):
            if not isinstance(there, dict):
                hint = "install the same version of handouts there as here"
                findings.append(Finding(worker, 0, f"this worker cannot run handouts: {there}", hint))
            elif differing := [name for name in here if here[name] != there.get(name)]:
                told = [_difference(name, here[name], there.get(name, "")) for name in differing[:_MOST]]
                more = f" and {len(differing) - _MOST} more" if len(differing) > _MOST else ""
                message = f"this worker would make other PDFs: {'; '.join(told)}{more}"
                findings.append(Finding(worker, 0, message, "install the same versions there as here"))
        if findings:
            raise Findings(findings)

    def run_all(
        self,
        post: Post[J, R],
        jobs: Sequence[J],
        report: Callable[[R], None],
        leave: Callable[[], None] | None = None,
    ) -> list[R]:
        """As the function of this name does, on the workers. A job whose worker is lost is given to another one.

        Raises Findings where no worker is left, or the scheduler is lost.
        """
        from distributed import KilledWorker

        self._runs.add(post.run)
        parcel = self._client.submit(_same, pack(post.project, post.output), pure=False)
        pool = self._client.get_executor(pure=False)

        def submit(job: J) -> Future[Brought[R]]:
            return pool.submit(_perform, post.send(job), parcel, leave)

        self._missed = 0.0
        try:
            results = _collect(submit, jobs, post.take, report, self._look)
        except BaseException as error:
            pool.shutdown(wait=False)
            if isinstance(error, KilledWorker):
                message = "lost several workers one after the other over the same job"
                raise Findings([self._told(message, "see what the workers say; they may lack memory")]) from error
            if isinstance(error, CancelledError):
                raise Findings([self._lost()]) from error
            raise
        return results

    def _look(self) -> None:
        """Raises Findings where nothing has been heard of the scheduler, or of any worker, for too long."""
        try:
            if self._client.sync(self._client.scheduler.ncores, callback_timeout=_REACH):
                self._missed = 0.0
                return
            finding = self._told("has no workers any more", "start one again, and give the same command")
        except (OSError, TimeoutError):
            finding = self._lost()
        now = time.monotonic()
        self._missed = self._missed or now
        if now - self._missed > _COME:
            raise Findings([finding])

    def _lost(self) -> Finding:
        return self._told("is lost", "start it and its workers again, and give the same command; what is built stays")


def _programs() -> dict[str, str]:
    """Versions of everything that decides about the bytes of a PDF, and of what sends jobs."""
    known = installed()
    others = [name for name in known if name.startswith("font-source-")]
    return {**programs(), **{name: known[name] for name in (*others, "distributed")}}


def _difference(name: str, here: str, there: str) -> str:
    if name == "handouts":
        return "handouts itself is another version" if there else "handouts is not there"
    return f"{name} is {there or 'missing'} there and {here or 'missing'} here"


def _same(parcel: Parcel) -> Parcel:
    """*Why a task:* what is scattered is lost with the worker that has it; what a task gives is made again."""
    return parcel


def _perform(errand: Errand[J, R], parcel: Parcel, leave: Callable[[], None] | None) -> Brought[R]:
    """A task on a worker of the cluster, in the folder that is cleared up when the worker ends."""
    from distributed import get_worker

    brought = perform(errand, parcel, Path(get_worker().local_directory))
    _at_the_end(leave)
    return brought


@lru_cache(maxsize=1)
def _at_the_end(leave: Callable[[], None] | None) -> None:
    """Such a worker ends as Python does. Told after the first job: what that loaded then ends later."""
    if leave:
        atexit.register(leave)


def _clear(run: str, dask_worker: Any) -> None:
    """Remove what a worker kept for one command."""
    shutil.rmtree(Path(dask_worker.local_directory, folder_of(run)), ignore_errors=True)


def _begin(leave: Callable[[], None] | None) -> None:
    """Ctrl-C reaches every process of a terminal: the first one tells of it, the workers end without a trace.

    When one worker has ended, the pool asks the others to by another signal; they may be clearing up by then. What the
    first process was told to ignore, in the background of a shell, they ignore too.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) != signal.SIG_IGN:
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
