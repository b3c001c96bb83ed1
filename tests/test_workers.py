"""Jobs here and in a pool: order, errors, and an interrupt at the terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import merging
import pytest
from trades import run

from handouts import cli_merge
from handouts.editions import merge
from handouts.editions.manifest import read_records
from handouts.findings import Finding, Findings
from handouts.job import Edition
from handouts.workers import Crew, cores, run_all, start_method

KILLED = (
    "a worker process was ended from outside, perhaps for lack of memory · run the same command again: what is done "
    "stays; fewer --jobs take less memory"
)


def doubled_late(number: int) -> tuple[int, int]:
    """The first jobs take longest, so that results come in another order than they were asked for."""
    time.sleep(0.05 * (4 - number))
    return 2 * number, os.getpid()


def refused(number: int) -> int:
    if number == 1:
        raise Findings([Finding("content/ct.md", 3, "is wrong", "mend it")])
    return number


def interrupted(number: int) -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_results_keep_the_order_of_the_jobs_and_are_told_as_they_come(workers: int):
    told: list[tuple[int, int]] = []
    results = run_all(doubled_late, range(5), workers, told.append)
    assert [number for number, _ in results] == [0, 2, 4, 6, 8]
    assert sorted(told) == sorted(results)
    if workers == 1:
        assert told == results


def leave_a_trace() -> None:
    Path(os.environ["TRACES"], str(os.getpid())).touch()


def test_one_worker_or_one_job_needs_no_other_process():
    alone = [run_all(doubled_late, jobs, workers, print) for jobs, workers in (([3, 4], 1), ([3], 4))]
    assert {process for results in alone for _, process in results} == {os.getpid()}
    pooled = run_all(doubled_late, [3, 4], 2, lambda result: None)
    assert os.getpid() not in {process for _, process in pooled}


def test_no_jobs_are_no_work():
    assert run_all(doubled_late, [], 4, print) == []


def killed(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_is_killed_is_told_in_words():
    told: list[int] = []
    with Crew(2) as crew:
        with pytest.raises(Findings) as caught:
            crew.run_all(killed, range(50), told.append)
        # The crew is as good as new.
        assert crew.run_all(abs, range(4), told.append) == [0, 1, 2, 3]
    assert [str(one) for one in caught.value.findings] == [KILLED]
    assert 3 not in told[:-4]


@pytest.mark.skipif(sys.platform != "linux", reason="only a forked worker has what a test put in another's place")
def test_a_merge_whose_worker_is_killed_goes_on(trades: Path, monkeypatch: pytest.MonkeyPatch):
    """What is done stays and is listed; the same command does the rest."""
    rows = "".join(f"s{number},School {number},,,,\n" for number in range(100))
    (trades / "rows.csv").write_text(merging.HEADER + rows, "utf-8")
    monkeypatch.setattr(cli_merge, "_engine", lambda: merging.ENGINE)
    monkeypatch.setattr(merge, "_CHUNK", 10)
    here, whole = os.getpid(), merging.Press.stamp

    def stamp(press: merging.Press, edition: Edition) -> object:
        if edition.id == "s50" and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(press, edition)

    monkeypatch.setattr(merging.Press, "stamp", stamp)
    result = run(trades, "merge", "rows.csv", "card", "--jobs", "2")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"error: {KILLED}\n"
    folder = trades / "output/editions"
    there = {path.relative_to(folder).as_posix() for path in folder.glob("s*/*.pdf")}
    records = read_records((folder / "manifest.csv").read_bytes().partition(b"\n")[2])
    assert {record.file for record in records} == there and 20 <= len(there) < 200
    monkeypatch.setattr(merging.Press, "stamp", whole)
    result = run(trades, "merge", "rows.csv", "card", "--jobs", "2")
    assert result.stdout == f"output/editions/manifest.csv  200 PDFs, 200 fast, 0 in full, {len(there)} unchanged\n"


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_raises_arrives_whole(workers: int):
    with pytest.raises(Findings) as caught:
        run_all(refused, range(8), workers, lambda result: None)
    assert caught.value.findings == (Finding("content/ct.md", 3, "is wrong", "mend it"),)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_report_raises_ends_the_run(workers: int):
    def report(result: int) -> None:
        raise OSError("the pipe is closed")

    with pytest.raises(OSError, match="the pipe is closed"):
        run_all(abs, range(4), workers, report)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_task_ends_the_run(workers: int):
    with pytest.raises(KeyboardInterrupt):
        run_all(interrupted, range(4), workers, lambda result: None)


def test_a_worker_clears_up_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A worker is cut off, so that nothing runs at its end which was not asked for here. The first process does
    so before it has any."""
    monkeypatch.setenv("TRACES", str(tmp_path))
    run_all(abs, range(4), 2, lambda result: None, leave_a_trace)
    traces = {int(trace.name) for trace in tmp_path.iterdir()}
    assert os.getpid() in traces
    assert 2 <= len(traces) <= 3


def test_workers_leave_the_fonts_of_the_process_that_forks_them(trades: Path):
    """It builds in itself, then in workers, and then in itself again."""
    once, several = ("build", "card", "baker", "--force", "--jobs", "2"), ("build", "card", "--force", "--jobs", "2")
    results = [run(trades, *words) for words in (once, several, ("build", "leaflet", "--large-print", "--force"))]
    assert [(result.exit_code, "in no font" in result.stderr) for result in results] == [(0, False)] * 3


def test_ctrl_c_ends_every_process_at_once_and_without_a_trace_of_the_workers(tmp_path: Path):
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(
            """
            import pathlib, sys, time
            from handouts.workers import run_all

            def work(number):
                here = pathlib.Path(sys.argv[1])
                try:
                    (here / f"{number}.begun").touch()
                    time.sleep(60)
                finally:
                    (here / f"{number}.cleared").touch()

            if __name__ == "__main__":
                try:
                    run_all(work, range(6), 2, print)
                except KeyboardInterrupt:
                    print("stopped")
            """
        )
    )
    process = subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # A parent that ignores the signal, such as a shell's background job, would hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        _wait_for(lambda: len(list(tmp_path.glob("*.begun"))) == 2)
        os.killpg(process.pid, signal.SIGINT)
        told, _ = process.communicate(timeout=20)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert told == "stopped\n"
    assert process.returncode == 0
    assert sorted(path.name for path in tmp_path.glob("[0-9].*")) == ["0.begun", "0.cleared", "1.begun", "1.cleared"]


def _wait_for(happened) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end, "it did not happen in 20 seconds"
        time.sleep(0.02)


def test_workers_are_forked_where_that_is_safe(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "platform", "linux")
    assert start_method().get_start_method() == "fork"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert start_method().get_start_method() == "spawn"


def test_cores_are_those_that_this_process_may_use():
    assert 1 <= cores() <= os.cpu_count()
