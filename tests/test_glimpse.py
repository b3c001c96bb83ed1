"""A page is shown to whoever waits for it before its fit is searched, and what is written is the same as ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from trades import change, copied

from handouts.build import build, deliver, make
from handouts.fit import between, tightened
from handouts.job import Job
from handouts.latitude import Latitude, Setting

POTTER = "content/specialties/potter.md"
LATITUDE = Latitude(
    Setting(scale=0.9, leading=1.3, space=0.4, drawing=0.8), Setting(), Setting(scale=1.1, leading=1.5, space=2), 11
)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A sheet that is built."""
    root = copied(tmp_path)
    job = Job(str(root), "specialty", "potter", output=str(root / "output"))
    assert build(job).built
    return job


def seen(job: Job) -> tuple[Sequence[bytes], bytes]:
    """What is shown while a job is built again, and what is written."""
    shown: list[bytes] = []
    made = make(job, shown.append)
    deliver(made)
    return shown, made.pdf


def words(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        return " ".join(document[0].get_textpage().get_text_bounded().split())
    finally:
        document.close()


def test_a_page_is_shown_as_it_was_fitted_before(job: Job):
    change(Path(job.root), POTTER, "until no bubble", "while no bubble")
    (early, last), pdf = seen(job)
    assert last == pdf != early
    assert "while no bubble" in words(early)
    assert sorted(words(early)) == sorted(words(last))
    assert seen(replace(job, output=f"{job.root}/fresh")) == ([pdf], pdf)


@pytest.mark.parametrize("more", [1, 12, 30])
def test_a_page_that_has_grown_is_shown_a_hint_tighter(job: Job, more: int):
    change(Path(job.root), POTTER, "Knead the clay", "Knead the clay " + "and sand " * more)
    shown, pdf = seen(job)
    assert len(shown) == 2
    assert shown[-1] == pdf
    # Nothing runs over what stands below it: all words are there, in their order.
    assert sorted(words(shown[0])) == sorted(words(pdf))


def test_what_does_not_fit_is_not_shown(job: Job):
    change(Path(job.root), POTTER, "Knead the clay", "Knead the clay " + "and sand " * 1500)
    assert seen(job) == ([], b"")


@pytest.mark.parametrize("profiles", [("press",), ("office", "grey"), ("large-print",)])
def test_what_would_not_look_so_is_shown_when_it_is_done(job: Job, profiles: tuple[str, ...]):
    job = replace(job, profiles=profiles)
    assert build(job).built
    change(Path(job.root), POTTER, "until no bubble", "while no bubble")
    shown, pdf = seen(job)
    assert shown == [pdf]


def test_what_is_built_for_the_first_time_is_shown_when_it_is_done(job: Job):
    shown, pdf = seen(replace(job, subject="baker"))
    assert shown == [pdf]


@pytest.mark.parametrize("at", [-1.0, -0.6, 0.0, 0.4, 1.0])
@pytest.mark.parametrize("part", [0.0, 0.05, 0.5])
def test_a_tighter_setting_lies_on_the_way(at: float, part: float):
    setting = between(LATITUDE, at)
    tighter = tightened(LATITUDE, setting, part)
    assert LATITUDE.allows(tighter)
    assert all(getattr(tighter, name) <= getattr(setting, name) for name in Setting.model_fields)
    assert tighter != setting or setting == LATITUDE.least
    if part == 0.5:
        assert tighter == LATITUDE.least or at > 0
