"""The processes that build for a preview: warm, renewed, lost."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from trades import change, copied

from handouts.build import build
from handouts.findings import Findings
from handouts.job import Edition, Job
from handouts.preview import building
from handouts.preview.building import Builder, Outcome, Standing


@pytest.fixture
def job(tmp_path: Path) -> Job:
    root = copied(tmp_path)
    return Job(str(root), "card", "baker", output=str(root / "output"))


@pytest.fixture
def builder() -> Iterator[Builder]:
    with contextlib.closing(Builder()) as one:
        yield one


def pid(builder: Builder) -> int:
    return builder._beside.do(os.getpid)


def test_it_builds_what_a_build_does(job: Job, builder: Builder):
    shown: list[bytes] = []
    assert builder.build(job, 0, shown.append) == Outcome(True)
    built = Path(job.output, "card/baker.pdf").read_bytes()
    assert shown == [built]
    assert build(job).built
    assert Path(job.output, "card/baker.pdf").read_bytes() == built


def test_a_process_that_has_built_much_is_renewed(job: Job, builder: Builder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(building, "_MOST_BUILDS", 2)
    there = pid(builder)
    assert builder.build(job, 0, id).built
    builder.rest(job)
    assert pid(builder) == there
    assert builder.build(job, 0, id).built
    builder.rest(job)
    assert pid(builder) != there
    assert builder.build(job, 0, id).built


def test_one_that_is_killed_is_told_and_followed_by_another(job: Job, builder: Builder):
    there = pid(builder)

    def kill(glimpse: bytes) -> None:
        os.kill(there, signal.SIGKILL)

    outcome = builder.build(job, 0, kill)
    assert not outcome.built
    assert "has ended" in outcome.findings[0].message
    assert builder.build(job, 0, id).built


def test_who_looks_and_fails_leaves_nothing_behind(job: Job, builder: Builder):
    with pytest.raises(ZeroDivisionError):
        builder.build(job, 0, lambda glimpse: 1 / 0)
    assert builder.build(job, 0, id) == Outcome(True)


def test_it_ends_while_it_builds(job: Job, builder: Builder):
    closing = threading.Thread(target=builder.close)
    assert not builder.build(job, 0, lambda glimpse: closing.start()).built
    closing.join(30)
    assert not closing.is_alive()


def test_a_library_that_is_missing_is_told(tmp_path: Path, builder: Builder, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "weasyprint.py").write_text("raise OSError(\"cannot load library 'nowhere'\")\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Findings, match="the libraries that lay out text cannot be loaded"):
        builder.load()


def test_an_edition_stands_while_all_it_was_made_of_does(job: Job, builder: Builder):
    job = Job(job.root, "card", "baker", output=job.output, edition=Edition("north", (("organization", "North"),)))
    standing, root = Standing(), Path(job.root)
    assert standing.ask(job) is None
    standing.keep(builder.build(job, 0, id))
    assert standing.ask(job).pages == 1
    change(root, "content/specialties/potter.md", "title: Potter", "title: Another")
    assert standing.ask(job).pages == 1
    change(root, "content/specialties/baker.md", "title: Baker", "title: Another")
    assert standing.ask(job) is None
    change(root, "content/specialties/baker.md", "title: Another", "title: Baker")
    assert standing.ask(job).pages == 1
    (root / "output/editions/north/card-baker.pdf").write_bytes(b"")
    assert standing.ask(job) is None
