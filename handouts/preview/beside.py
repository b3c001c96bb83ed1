"""A process beside this one, which does one thing at a time: builds, and pictures.

*Why not threads:* the library that draws pages may be used by one thread alone, and the checks of a build use it too; a
booklet that is built in the background would take its time from the page that is looked at; and what a process holds
that is never given back goes with it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, NoReturn, ParamSpec, TypeVar

from handouts.findings import Findings

P = ParamSpec("P")
R = TypeVar("R")
# How long a process may take to end by itself, in seconds, before it is told to, and then before it is killed.
_PATIENCE = 2.0


class Lost(Exception):
    """The process ended in the middle of what it was asked to do; the next question starts another."""


class Mistake(Exception):
    """What was asked for ended in an exception that nobody foresaw; holds its trace as text."""


class Beside:
    """One such process, started when it is first asked for something. Any thread may ask; the others wait."""

    def __init__(self, leave: Callable[[], None] | None = None, patient: bool = False) -> None:
        """`leave` is a function of a module that the process calls before it ends. `patient` is one whose answers
        nobody waits for: others come first on a busy machine."""
        self._settings = (leave, patient)
        self._turn = threading.Lock()
        self._process: Any = None
        self._pipe: Connection | None = None
        self._closed = False

    def do(self, task: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """What a function of a module hands back there. Findings are raised here as there; raises Lost and Mistake."""
        return self._ask(task, arguments, named, None)

    def hear(self, heard: Callable[[Any], None], task: Callable[..., R], *arguments: Any) -> R:
        """The same for one whose first argument is a function that tells something while it goes on: it is handed to
        `heard` here."""
        return self._ask(task, arguments, {}, heard)

    def _ask(
        self,
        task: Callable[..., R],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
        heard: Callable[[Any], None] | None,
    ) -> R:
        with self._turn:
            pipe = self._started()
            try:
                pipe.send((task, arguments, named, heard is not None))
                while (answer := pipe.recv())[0] == "told":
                    heard(answer[1])
                how, value = answer
            except (EOFError, OSError) as error:
                self._end()
                raise Lost from error
            except BaseException:
                # Who heard it failed, and what is still told is for nobody.
                self._end()
                raise
        if how == "findings":
            raise Findings(value)
        if how == "mistake":
            raise Mistake(value)
        return value

    def _started(self) -> Connection:
        if self._closed:
            raise Lost
        if self._pipe is None or not self._process.is_alive():
            self._end()
            # A fresh interpreter: threads run here, and a fork would copy their locks.
            context = multiprocessing.get_context("spawn")
            self._pipe, there = context.Pipe()
            self._process = context.Process(target=_serve, args=(there, *self._settings), daemon=True)
            self._process.start()
            there.close()
        return self._pipe

    def renew(self) -> None:
        """End the process; the next question starts another."""
        with self._turn:
            self._end()

    def close(self) -> None:
        """End the process, also in the middle of something: who waits for it gets Lost."""
        self._closed = True
        if self._turn.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._turn.release()
        elif process := self._process:
            _stop(process)

    def _end(self) -> None:
        pipe, process = self._pipe, self._process
        self._pipe = self._process = None
        if pipe:
            pipe.close()
            process.join(_PATIENCE)
            _stop(process)


def _stop(process: Any) -> None:
    """It clears up after itself when it is told to end."""
    if process.is_alive():
        process.terminate()
        process.join(_PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()


def _serve(pipe: Connection, leave: Callable[[], None] | None, patient: bool) -> None:
    """The process: it does what it is asked for until nobody is there to ask."""
    # Ctrl-C reaches every process of a terminal; the first one tells the others to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _told_to_end)
    if patient:
        with contextlib.suppress(OSError, AttributeError):
            os.nice(5)
    try:
        while True:
            task, arguments, named, tells = pipe.recv()
            if tells:
                arguments = (partial(_tell, pipe), *arguments)
            pipe.send(_answer(task, arguments, named))
    except (EOFError, OSError):
        return
    finally:
        # A function, and not to ignore it: Python complains of a signal that comes while it is being told so.
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        if leave:
            leave()


def _tell(pipe: Connection, value: Any) -> None:
    pipe.send(("told", value))


def _answer(task: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[str, Any]:
    try:
        return "done", task(*arguments, **named)
    except Findings as found:
        return "findings", found.findings
    except Exception:
        return "mistake", traceback.format_exc()


def _told_to_end(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
