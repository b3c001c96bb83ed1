"""Jobs on a Dask cluster: real scheduler and worker processes on the loopback address, one of them killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import merging
import pytest
import small
from trades import PROJECT

from handouts import workers
from handouts.build import Result, run
from handouts.editions.merge import Engine, Merged, Wish, merge
from handouts.editions.rows import Roll
from handouts.editions.spreadsheet import read_table
from handouts.findings import Finding, Findings
from handouts.job import Edition, Job
from handouts.parcels import Place, Post, pack, perform
from handouts.planning import plan, project_of
from handouts.project import Project
from handouts.workers import Cluster

pytest.importorskip("distributed", reason="the extra handouts[cluster] is not installed")

HERE = Path(__file__).resolve().parent


@dataclass
class Net:
    """A scheduler on a free port, and its workers by name."""

    address: str
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]]

    def add(self, name: str, preload: str = "") -> None:
        extra = []
        if preload:
            (self.folder / f"{name}.py").write_text(preload)
            extra = ["--preload", str(self.folder / f"{name}.py")]
        self.processes[name] = _start(
            *("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"),
            *("--name", name, "--local-directory", str(self.folder), *extra),
        )

    def kill(self, name: str) -> None:
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()


def _start(program: str, *words: str) -> subprocess.Popen[bytes]:
    # Workers find the tasks of this file by its name.
    path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{program}", *words],
        env={**os.environ, "PYTHONPATH": path, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Net]:
    monkeypatch.setattr(workers, "_LOOK", 0.3)
    told, folder = tmp_path / "scheduler.json", tmp_path / "cluster"
    folder.mkdir()
    scheduler = _start(
        *("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    )
    made = Net("", folder, {"scheduler": scheduler})
    try:
        _wait_for(lambda: told.exists() and told.read_text().endswith("}"))
        made.address = json.loads(told.read_text())["address"]
        yield made
    finally:
        for process in made.processes.values():
            process.kill()
            process.wait()


def _wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it did not happen in a minute"
        time.sleep(0.02)


@dataclass(frozen=True)
class Task:
    """Writes its number into the output folder, late; `log` is a folder that all workers of a test can write to."""

    number: int
    log: str
    output: str = ""


def slow(task: Task) -> tuple[int, int]:
    Path(task.log, f"{task.number}-{os.getpid()}").touch()
    time.sleep(0.5)
    Path(task.output).mkdir(parents=True, exist_ok=True)
    Path(task.output, f"{task.number}.txt").write_text(str(os.getpid()))
    return task.number, os.getpid()


def deadly(task: Task) -> tuple[int, int]:
    os.kill(os.getpid(), signal.SIGKILL)
    return slow(task)


def moved(task: Task, place: Place) -> Task:
    return replace(task, output=place.output)


def kept(result: tuple[int, int], task: Task, tell: object) -> tuple[int, int]:
    return result


def begun(log: Path) -> list[tuple[int, int]]:
    """Numbers of tasks that were begun, and in which process."""
    names = (one.name.split("-") for one in log.iterdir())
    return sorted((int(number), int(process)) for number, process in names)


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@contextmanager
def cluster(net: Net, *names: str) -> Iterator[Cluster]:
    for name in names:
        net.add(name)
    with Cluster(net.address, 2) as made:
        made._client.wait_for_workers(len(names), timeout=60)
        yield made


def test_a_worker_that_is_killed_costs_no_job_and_doubles_none(net: Net, tmp_path: Path):
    log, out = tmp_path / "log", tmp_path / "out"
    log.mkdir()
    tasks = [Task(number, str(log)) for number in range(8)]
    post = Post(small.project(tmp_path / "project"), str(out), slow, moved, kept)
    told: list[tuple[int, int]] = []
    killed = []

    def report(result: tuple[int, int]) -> None:
        told.append(result)
        # The first to bring something is killed as soon as it has begun another.
        if len(told) == 1:
            process = result[1]
            _wait_for(lambda: len([one for one in begun(log) if one[1] == process]) > 1)
            name = next(name for name, one in net.processes.items() if one.pid == process)
            net.kill(name)
            killed.append(process)

    with cluster(net, "one", "two") as made:
        results = made.run_all(post, tasks, report)
    assert [number for number, _ in results] == list(range(8))
    assert sorted(told) == sorted(results)
    assert {path.name: int(path.read_text()) for path in out.iterdir()} == {
        f"{number}.txt": process for number, process in results
    }
    # What the killed one had begun was begun again by the other.
    twice = [number for number in range(8) if len([one for one in begun(log) if one[0] == number]) > 1]
    assert twice
    assert killed[0] not in [process for number, process in results if number in twice]


def test_a_cluster_builds_the_same_files(net: Net, tmp_path: Path):
    project = small.project(tmp_path / "project", {"content/cards/x.md": small.MRI, "content/cards/bad.md": "no head"})
    here, afar = (
        [job for name in ("card", "leaflet") for job in plan(project, name, [], output=str(tmp_path / folder))]
        for folder in ("here", "afar")
    )
    local = run(here, 1, lambda result: None)
    told: list[Result] = []
    with cluster(net, "one", "two") as made:
        results = run(afar, 1, told.append, cluster=made)
    assert [result.job for result in results] == afar
    assert sorted(result.file for result in told) == sorted(result.file for result in results)
    assert [replace(result, job=None) for result in results] == [replace(result, job=None) for result in local]
    assert len([result for result in results if result.built]) == 4

    assert files(tmp_path / "afar") == files(tmp_path / "here")
    assert len(files(tmp_path / "here")) == 8
    # Workers keep nothing of a command.
    assert [path for path in net.folder.rglob("handouts-*")] == []


def rows(folder: Path, count: int) -> Path:
    """A spreadsheet of which each third row goes the long way, and each row has a logo beside it."""
    (folder / "logos").mkdir(parents=True)
    told = ["id,organization,logo\n"]
    for number in range(count):
        told.append(f"s{number},School {number}{merging.FULL if number % 3 == 1 else ''},logos/{number}.svg\n")
        (folder / "logos" / f"{number}.svg").write_text(LOGO)
    (folder / "rows.csv").write_text("".join(told), encoding="utf-8")
    return folder / "rows.csv"


LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>'


@dataclass(frozen=True)
class Looking(merging.Press):
    """Stamps only where the logo that a row names lies beside the spreadsheet."""

    def stamp(self, edition: Edition) -> merging.Stamped | merging.Refusal:
        assert project_of(self.job).read(dict(edition.brand)["logo"]) == LOGO.encode()
        return super().stamp(edition)


def look(job: Job) -> Looking:
    return Looking(job)


def merged(table: Path, output: Path, made: Cluster | None, **options: bool) -> Merged:
    jobs = tuple(Job(str(PROJECT), "card", subject, output=str(output)) for subject in ("baker", "potter"))
    roll = Roll(Project(PROJECT, table.parent), read_table(table.read_bytes(), table.name))
    wish, engine = Wish(jobs, str(table.parent), **options), Engine(merging.frame, look, merging.is_known, merging.load)
    return merge(roll, wish, engine, 2, lambda done: None, lambda total: None, made)


def test_a_merge_on_a_cluster_makes_the_same_files_and_goes_on_where_it_stopped(net: Net, tmp_path: Path):
    table = rows(tmp_path / "table", 20)
    here = merged(table, tmp_path / "here", None, zipped=True)
    with cluster(net, "one", "two") as made:
        afar = merged(table, tmp_path / "afar", made, zipped=True)
        again = merged(table, tmp_path / "afar", made, zipped=True)
        (tmp_path / "afar/editions/s3/card-baker.pdf").unlink()
        (tmp_path / "afar/editions/s7.zip").unlink()
        mended = merged(table, tmp_path / "afar", made, zipped=True)
    assert files(tmp_path / "afar") == files(tmp_path / "here")
    assert len(files(tmp_path / "here")) == 20 * 3 + 1
    assert afar.states == here.states == {"fast": 26, "full": 14}
    assert again.states["unchanged"] == 40
    # What is whole does not travel.
    assert 0 < mended.states["unchanged"] < 40
    assert afar.lines == here.lines == again.lines == mended.lines


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "_REACH", 1)
    with pytest.raises(Findings) as caught, Cluster("tcp://127.0.0.1:9", 1):
        raise AssertionError("nobody is there")
    assert [str(one) for one in caught.value.findings] == [
        "the scheduler tcp://127.0.0.1:9 does not answer · start a scheduler there: dask scheduler"
    ]


@pytest.mark.parametrize("address", ["", "8786", "http://127.0.0.1:8786", "tcp://127.0.0.1", "tcp://a b:1"])
def test_what_is_no_address_is_told(address: str):
    with pytest.raises(Findings) as caught, Cluster(address, 1):
        raise AssertionError("this is no address")
    hint = 'write "local", or the address that the scheduler tells when it starts, such as tcp://10.0.0.5:8786'
    assert caught.value.findings == (Finding("", 0, f'"{address}" is no address of a scheduler', hint),)


def test_without_the_extra_it_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Findings) as caught, Cluster("local", 1):
        raise AssertionError("it is not installed")
    assert [str(one) for one in caught.value.findings] == [
        "--cluster needs the package distributed, which is not installed · run: pip install 'handouts[cluster]'"
    ]


def test_a_scheduler_without_workers_is_told(net: Net, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workers, "_COME", 0.5)
    with pytest.raises(Findings) as caught, Cluster(net.address, 1):
        raise AssertionError("there are no workers")
    (finding,) = caught.value.findings
    assert finding.message == f"the scheduler {net.address} has no workers"
    assert finding.hint == f"start one on each computer: dask worker {net.address} --nthreads 1"


OLDER = """
import handouts.ledger
known = dict(handouts.ledger.programs())
handouts.ledger.programs = lambda: {**known, "weasyprint": "69.0", "pango": "", "handouts": "0"}
"""
WITHOUT = """
import sys
sys.modules["handouts"] = None
"""


def test_workers_that_would_make_other_pdfs_are_told(net: Net, tmp_path: Path):
    net.add("older", OLDER)
    net.add("without", WITHOUT)
    net.add("alike")
    import distributed

    with distributed.Client(net.address) as client:
        client.wait_for_workers(3, timeout=60)
        names = {one["name"]: address for address, one in client.scheduler_info(n_workers=-1)["workers"].items()}
    with pytest.raises(Findings) as caught, Cluster(net.address, 1):
        raise AssertionError("two are different")
    told = {finding.file: finding for finding in caught.value.findings}
    assert told.keys() == {names["older"], names["without"]}
    message = told[names["older"]].message
    assert message.startswith("this worker would make other PDFs: ")
    assert "weasyprint is 69.0 there and 70" in message
    assert "pango is missing there and " in message
    assert "handouts itself is another version" in message
    assert told[names["without"]].message.startswith("this worker cannot run handouts: ")


@pytest.mark.parametrize("lost", ["one", "scheduler"])
def test_a_cluster_that_is_lost_is_told_and_nothing_hangs(
    net: Net, tmp_path: Path, lost: str, monkeypatch: pytest.MonkeyPatch
):
    log = tmp_path / "log"
    log.mkdir()
    tasks = [Task(number, str(log)) for number in range(6)]
    post = Post(small.project(tmp_path / "project"), str(tmp_path / "out"), slow, moved, kept)
    with pytest.raises(Findings) as caught, cluster(net, "one") as made:
        monkeypatch.setattr(workers, "_COME", 1)
        made.run_all(post, tasks, lambda result: net.kill(lost) if net.processes[lost].poll() is None else None)
    (finding,) = caught.value.findings
    said = "has no workers any more" if lost == "one" else "is lost"
    assert finding.message == f"the scheduler {net.address} {said}"


def test_a_job_that_kills_its_workers_is_told(net: Net, tmp_path: Path):
    post = Post(small.project(tmp_path / "project"), str(tmp_path / "out"), deadly, moved, kept)
    with pytest.raises(Findings) as caught, cluster(net, "one", "two") as made:
        made.run_all(post, [Task(0, str(tmp_path))], print)
    (finding,) = caught.value.findings
    assert "lost several workers one after the other over the same job" in finding.message


def test_an_error_of_a_task_arrives(net: Net, tmp_path: Path):
    post = Post(small.project(tmp_path / "project"), str(tmp_path / "out"), slow, moved, kept)
    with pytest.raises(FileNotFoundError), cluster(net, "one") as made:
        made.run_all(post, [Task(0, str(tmp_path / "nowhere"))], print)


def seen(task: Task) -> tuple[str, ...]:
    root = Path(task.output).parent
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()))


def test_a_parcel_holds_the_project_and_the_files_beside(tmp_path: Path):
    beside = tmp_path / "table"
    (beside / "logos").mkdir(parents=True)
    (beside / "logos" / "a.svg").write_text("<svg/>")
    (beside / "rows.csv").write_text("id\n")
    made = {"output/card/ct.pdf": "old", "output/.ledger/card/ct.json": "{}", "output/.ledger/masters/a.master": "kept"}
    project = replace(small.project(tmp_path / "project", made), beside=beside)
    output = str(tmp_path / "project/output")
    post = Post(project, output, seen, moved, kept, needs=lambda task: ["beside/logos/a.svg", "beside/logos/no.svg"])
    brought = perform(post.send(Task(0, "")), pack(project, output), tmp_path / "worker")
    ours = {name for name in brought.result if name.startswith("project/")}
    assert {f"project/{name}" for name in small.FILES} <= ours
    assert not [name for name in ours if "output" in name]
    assert set(brought.result) - ours == {"beside/logos/a.svg", "output/.ledger/masters/a.master"}
    assert brought.files == ()
    assert pack(project) == pack(Project(project.root))


def test_findings_of_a_worker_are_told_with_the_paths_of_this_computer(tmp_path: Path):
    project = small.project(tmp_path / "project")
    results: list[tuple[Finding, ...]] = []

    def mended(result: str, task: Task, tell: Callable[[list[Finding]], tuple[Finding, ...]]) -> str:
        results.append(tell([Finding(f"{result}/ct.pdf", 0, f"look into {result}")]))
        return result

    post = Post(project, "output", lambda task: task.output, moved, mended)
    task = Task(0, "")
    post.take(task, perform(post.send(task), pack(project), tmp_path / "worker"))
    assert results == [(Finding("output/ct.pdf", 0, "look into output"),)]
