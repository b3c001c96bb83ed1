"""Fixtures that more than one room needs, and the order in which files of tests are run."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

# The files that take longest, about in the order of what they take. Two processes take a file each and then the next
# one: so neither is left alone at the end with a long one. The first has all shipped products built.
FIRST = (
    *("test_claims", "test_masters", "test_shipped_fit", "test_shipped_pdfs", "test_faults", "test_stamping"),
    *("test_merge_engine", "test_stacks", "test_cli", "test_parting", "test_cluster", "test_logos", "test_wheel"),
    *("test_starter", "test_preview_browser"),
    *("test_shipped_benchmarks", "test_ledger", "test_benchmarks", "test_merge", "test_drawings"),
)


def pytest_configure() -> None:
    """Tests interrupt commands. A shell that runs the tests in its background lets all of them ignore that."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest come first, the others as they came."""
    places = {name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(FIRST)))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str, str], Path]:
    """Every shipped product, built once for all processes of a run: its PDF by format, subject and paper."""
    import shipped

    from handouts.build import run
    from handouts.planning import output_name, plan

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shipped"
    folder.mkdir(exist_ok=True)
    jobs = [
        job for paper in shipped.PAPERS for job in plan(shipped.PROJECT, "all", [], output=str(folder), paper=paper)
    ]
    # Whoever is second waits, while the first builds in two processes.
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".whole").exists():
            results = run(jobs, 2, lambda result: None)
            assert not [str(finding) for result in results for finding in result.findings]
            (folder / ".whole").touch()
    return {(job.format, job.subject, job.paper): folder / output_name(job) for job in jobs}


@pytest.fixture
def trades(tmp_path: Path, no_network: None) -> Path:
    """A copy of tests/project that a test may break, offline."""
    from trades import copied

    return copied(tmp_path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever opens a connection fails the test: nothing is ever fetched."""
    import socket

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError(f"a connection was opened: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
