"""From saving a one-pager's Markdown to having its new picture, against one warm layout and 0.2 seconds.

The preview is a process of its own, asked over HTTP as a browser asks: it tells that there is a new picture, and the
picture is fetched at 96 dots to the inch. The layout is the last step of a build in this process, by itself: no
reading, no search, no PDF. Both are times on the clock, and take turns, so that a busy neighbour slows both.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.table import Row
from handouts.document import compose
from handouts.job import Job
from handouts.material import gather_job
from handouts.pdf import Sheet
from handouts.project import FILE, ROOMS, Project
from handouts.recipe import fit_sheet

# What is granted besides the layout, in seconds.
GRANTED = 0.2
_PATIENCE = 120


def preview(root: Path, job: Job, word: str, rounds: int) -> Row:
    """The ratio of times; `word` of the content has its first letter moved to its end, and back again.

    Raises OSError where the preview does not answer, and ValueError where the word is not there or the page is not
    shown at once, since it does not fit as it did.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / "project"
        for room in ROOMS:
            shutil.copytree(root / room, copy / room)
        shutil.copy(root / FILE, copy / FILE)
        file, lay_out = _warm(replace(job, root=str(copy)))
        text = (copy / file).read_text(encoding="utf-8")
        if word not in text:
            raise ValueError(f"{file} does not say {word!r}")
        texts = itertools.cycle((text.replace(word, f"{word[1:]}{word[0]}", 1), text))
        layouts, saves = [], []
        with _served(copy) as port, _Page(port, f"{job.format}/{job.subject}") as page:
            for _ in range(2 * rounds):
                began = time.perf_counter()
                lay_out()
                layouts.append(time.perf_counter() - began)
                began = time.perf_counter()
                (copy / file).write_text(next(texts), encoding="utf-8")
                page.see()
                saves.append(time.perf_counter() - began)
                page.rest()
    save, layout = statistics.median(saves), statistics.median(layouts)
    measured = f"{1000 * save:.0f} ms / ({1000 * layout:.0f} + {1000 * GRANTED:.0f}) ms, medians of {len(saves)}"
    name = f"{job.format} {job.subject}: saved to seen / one layout and 0.2 s"
    return Row(name, save / (layout + GRANTED), "≤ 1", measured)


def _warm(job: Job) -> tuple[str, Callable[[], object]]:
    """The content file of a job, and one layout of it at the setting that fits."""
    project = Project(Path(job.root))
    material = gather_job(project, job)
    sheet = Sheet(project, compose(project, material, job.paper))
    kept = fit_sheet(sheet, material.subject).kept
    return material.file, lambda: sheet.lay_out(kept.setting, kept.stretch)


@contextlib.contextmanager
def _served(root: Path) -> Iterator[int]:
    """The port of a preview of a project."""
    command = [sys.executable, "-m", "handouts", "preview", "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            told = process.stdout.readline()
            if not (address := re.search(r"http://127\.0\.0\.1:(\d+)/", told)):
                raise OSError(f"the preview does not begin: {told}")
            yield int(address[1])
        finally:
            process.send_signal(signal.SIGINT)


class _Page:
    """A browser's page with one product."""

    def __init__(self, port: int, key: str):
        self._port, self._key = port, key
        self._stamp = ""
        self._stream = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)

    def __enter__(self) -> _Page:
        self._stream.request("GET", "/events")
        self._events = self._stream.getresponse()
        self._get(f"/product/{self._key}")
        self.rest()
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def see(self) -> None:
        """Wait for a picture that is not the one before."""
        while (told := self._next())["stamp"] == self._stamp:
            if told["state"] == "fresh":
                raise ValueError("the page did not change")
        self._get(f"/picture/{self._key}/1.png?dpi=96&stamp={told['stamp']}")
        if told["state"] != "building":
            raise ValueError("the page was not shown before it was finished")

    def rest(self) -> None:
        """Wait for the end of the build."""
        told = json.loads(self._get(f"/state/{self._key}"))
        while told["state"] != "fresh":
            told = self._next()
        self._stamp = told["stamp"]

    def _next(self) -> dict[str, str]:
        """What the next event tells of this product."""
        while line := self._events.readline():
            if line.startswith(b"data: ") and (told := json.loads(line[6:])).get("key") == self._key:
                if told["state"] == "failed":
                    raise ValueError("the page could not be built")
                return told
        raise OSError("the preview has ended")

    def _get(self, path: str) -> bytes:
        asked = HTTPConnection("127.0.0.1", self._port, timeout=_PATIENCE)
        asked.request("GET", path)
        with contextlib.closing(asked), asked.getresponse() as answer:
            if answer.status != 200:
                raise OSError(f"{path} is not there")
            return answer.read()
