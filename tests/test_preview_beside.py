"""A process beside this one: asked, lost, ended."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from handouts.findings import Finding, Findings
from handouts.preview.beside import Beside, Lost, Mistake

FOUND = (Finding("a.md", 3, "is wrong", "mend it"),)


@pytest.fixture
def beside() -> Iterator[Beside]:
    one = Beside()
    yield one
    one.close()


def find() -> None:
    raise Findings(FOUND)


def fail() -> None:
    raise KeyError("nobody thought of this")


def wait(file: str) -> None:
    Path(file).write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(60)


def note(file: str = "") -> None:
    Path(os.environ["NOTED"]).write_text("left", encoding="utf-8")


def test_it_answers_in_another_process(beside: Beside):
    there = beside.do(os.getpid)
    assert there != os.getpid()
    assert beside.do(os.getpid) == there
    assert beside.do(sorted, [3, 1, 2], reverse=True) == [3, 2, 1]


def count(tell: Callable[[int], None], number: int) -> str:
    for one in range(number):
        tell(one)
    return "done"


def test_what_is_told_meanwhile_is_heard(beside: Beside):
    heard: list[int] = []
    assert beside.hear(heard.append, count, 3) == "done"
    assert heard == [0, 1, 2]


def test_one_that_is_renewed_is_another(beside: Beside):
    there = beside.do(os.getpid)
    beside.renew()
    assert beside.do(os.getpid) != there


def test_findings_are_raised_here_as_there(beside: Beside):
    with pytest.raises(Findings) as found:
        beside.do(find)
    assert found.value.findings == FOUND


def test_a_mistake_has_its_trace(beside: Beside):
    with pytest.raises(Mistake, match=r"(?s)Traceback.*KeyError: 'nobody thought of this'"):
        beside.do(fail)
    assert beside.do(os.getppid) == os.getpid()


def test_one_that_is_killed_is_followed_by_another(beside: Beside):
    there = beside.do(os.getpid)
    with pytest.raises(Lost):
        beside.do(os.kill, there, signal.SIGKILL)
    assert beside.do(os.getpid) not in (there, os.getpid())


def test_ctrl_c_is_not_for_it(beside: Beside):
    there = beside.do(os.getpid)
    beside.do(os.kill, there, signal.SIGINT)
    assert beside.do(os.getpid) == there


def test_it_ends_in_the_middle_of_something(beside: Beside, tmp_path: Path):
    told: list[type[BaseException]] = []

    def ask() -> None:
        try:
            beside.do(wait, str(tmp_path / "pid"))
        except Lost:
            told.append(Lost)

    thread = threading.Thread(target=ask)
    thread.start()
    while not (tmp_path / "pid").is_file() or not (there := (tmp_path / "pid").read_text(encoding="utf-8")):
        assert thread.is_alive()
    beside.close()
    thread.join(30)
    assert told == [Lost]
    with pytest.raises(ProcessLookupError):
        os.kill(int(there), 0)
    with pytest.raises(Lost):
        beside.do(os.getpid)


@pytest.mark.parametrize("told", [True, False])
def test_it_clears_up_before_it_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool):
    monkeypatch.setenv("NOTED", str(tmp_path / "noted"))
    one = Beside(note)
    there = one.do(os.getpid)
    if told:
        os.kill(there, signal.SIGTERM)
        with pytest.raises(Lost):
            while True:
                one.do(os.getpid)
    one.close()
    assert (tmp_path / "noted").read_text(encoding="utf-8") == "left"
