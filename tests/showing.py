"""A preview of a small project: its studio, its server in a thread, and what a browser would ask."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

from handouts.preview.choice import Choice
from handouts.preview.products import Shown
from handouts.preview.serving import Server
from handouts.preview.studio import Studio
from handouts.project import Project

PATIENCE = 60


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@contextlib.contextmanager
def studio(root: Path, **named: Any) -> Iterator[Studio]:
    """A studio at work, whose PDFs go to the project's folder `output`."""
    one = Studio(Project(root), str(root / "output"), **named)
    one.start()
    try:
        yield one
    finally:
        one.close()


@contextlib.contextmanager
def served(one: Studio, port: int = 0) -> Iterator[Server]:
    server = Server(one, "Trades", port)
    ready = threading.Event()
    thread = threading.Thread(target=server.serve_until_interrupted, args=(ready.set,))
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Answer:
    """What is answered; `headers` with "_" for "-". The address is sent as it is written."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())


class Told:
    """What a studio tells under a choice, from now on."""

    def __init__(self, one: Studio, choice: Choice | None = None):
        self.studio, self.choice = one, choice or Choice()
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._queue: queue.Queue[Any] = queue.Queue()

    def __enter__(self) -> Told:
        self.studio.listen(self._queue.put, self.choice)
        return self

    def __exit__(self, *error: object) -> None:
        self.studio.leave(self._queue.put)

    def wait(self, wanted: Callable[[dict[str, Any]], bool], name: str = "product") -> dict[str, Any]:
        """The next event of a kind that tells what is wanted; all before it are kept in `events`."""
        while True:
            kind, told, _ = self._queue.get(timeout=PATIENCE)
            self.events.append((kind, told))
            if kind == name and wanted(told):
                return told

    def until(self, key: str, *states: str) -> Shown:
        """A product once it is in one of these states."""
        while (shown := self.studio.show(key, self.choice, opened=False)).state not in states:
            self.wait(lambda told: told["key"] == key and told["state"] in states)
        return shown
