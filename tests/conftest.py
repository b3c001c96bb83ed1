"""Fixtures that more than one room needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file stay in one process, and so do all that want every product built."""
    for item in items:
        group = "built" if "built" in getattr(item, "fixturenames", ()) else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str, str], Path]:
    """Every shipped product, built once: its PDF by format, subject and paper."""
    import shipped

    from handouts.build import run
    from handouts.planning import plan

    folder = tmp_path_factory.mktemp("shipped")
    jobs = [
        job for paper in shipped.PAPERS for job in plan(shipped.PROJECT, "all", [], output=str(folder), paper=paper)
    ]
    results = run(jobs, 2, lambda result: None)
    assert not [str(finding) for result in results for finding in result.findings]
    return {(one.job.format, one.job.subject, one.job.paper): folder / one.file for one in results}


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
