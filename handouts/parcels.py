"""Jobs as they travel to another computer: the project goes along as one parcel, and what is written there comes back.

*Why no shared folder:* only the computer that was asked writes results, so that a job which is done twice, since a
worker was lost in the middle, is still written once; and nobody has to mount anything.
"""

from __future__ import annotations

import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from handouts.findings import Finding
from handouts.job import Job
from handouts.project import BESIDE, FILE, ROOMS, Project, put_in_place

J = TypeVar("J")
R = TypeVar("R")
Tell = Callable[[Sequence[Finding]], tuple[Finding, ...]]

# The earliest date that an archive can hold: the same files give the same parcel.
_DATE = (1980, 1, 1, 0, 0, 0)
# What a worker keeps for its next task: masters (handouts.editions.masters), which take a layout to make.
_KEPT = ".ledger/masters"
# One task at a time in a process, however many threads the worker has: fonts and the engine's log are one a process.
_alone = threading.Lock()


@dataclass(frozen=True)
class Parcel:
    """The files of a project, packed. `name` is a hash of them."""

    name: str
    files: bytes


def pack(project: Project, output: str = "") -> Parcel:
    """The project as it travels: its settings, words, looks and bones; of its outputs only the masters that are known.

    Where looks are ours they go along too. Fonts do not: a worker has its own packages, of the same version. Raises
    Findings for a file that cannot be read.
    """
    made = Project(Path(output))
    names = [(project, "project", name) for room in ROOMS for name in project.names(room, "**/*")]
    names += [(project, "project", FILE), *((made, "output", name) for name in made.names(_KEPT, "*") if output)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, folder, name in names:
            # Folders are in the list too, and links that lead nowhere.
            if place.find(name):
                archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _DATE), place.read(name), zipfile.ZIP_DEFLATED)
    return Parcel(hashlib.sha256(packed.getvalue()).hexdigest()[:16], packed.getvalue())


@dataclass(frozen=True)
class Place:
    """The folders that a job names: the project, what is written, and the files beside a spreadsheet."""

    root: str
    output: str
    beside: str = ""


def moved(job: Job, place: Place) -> Job:
    """A job in another place."""
    return replace(job, root=place.root, output=place.output, beside=place.beside if job.beside else "")


@dataclass(frozen=True)
class Errand(Generic[J, R]):
    """A job on its way, picklable. `move` gives the job with other folders; `beside` are the files that it reads beside
    the spreadsheet, by their names there. `run` is the same for all errands of one command."""

    task: Callable[[J], R]
    job: J
    move: Callable[[J, Place], J]
    run: str
    today: str
    beside: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True)
class Brought(Generic[R]):
    """What comes back: the result, the files that were written, and where that was."""

    result: R
    files: tuple[tuple[str, bytes], ...]
    place: Place


def folder_of(run: str) -> str:
    """The folder that a worker keeps for one command."""
    return f"handouts-{run}"


def perform(errand: Errand[J, R], parcel: Parcel, folder: Path) -> Brought[R]:
    """Do a job in a copy of its project, in a folder of the worker that nobody else uses."""
    with _alone:
        home = folder / folder_of(errand.run) / parcel.name
        place = Place(*(str(home / name) for name in ("project", "output", BESIDE)))
        if not home.is_dir():
            _unpack(parcel, home)
        for name, data in errand.beside:
            put_in_place(Path(place.beside, name), data)
        before = os.environ.get("HANDOUTS_TODAY")
        # What has gone stale is asked of the day that it is where the command was given.
        os.environ["HANDOUTS_TODAY"] = errand.today
        try:
            there = set(_written(place))
            result = errand.task(errand.move(errand.job, place))
            files = [(name, Project(Path(place.output)).read(name)) for name in _written(place) if name not in there]
        finally:
            if before is None:
                del os.environ["HANDOUTS_TODAY"]
            else:
                os.environ["HANDOUTS_TODAY"] = before
        for name, _ in files:
            if not name.startswith(f"{_KEPT}/"):
                Path(place.output, name).unlink()
        return Brought(result, tuple(files), place)


def _unpack(parcel: Parcel, target: Path) -> None:
    """Whole or not at all: a worker may be cut off here, and begin again."""
    half = target.with_name(f"{target.name}.half-{os.urandom(4).hex()}")
    with zipfile.ZipFile(io.BytesIO(parcel.files)) as archive:
        archive.extractall(half)
    half.replace(target)


def _written(place: Place) -> list[str]:
    """Files in the output folder, by their paths there."""
    written = Project(Path(place.output))
    return [name for name in written.names(".", "**/*") if written.find(name)]


@dataclass
class Post(Generic[J, R]):
    """Sends jobs, and takes in what comes back.

    `move` gives a job with other folders, `mend` a result with the job that was sent, and its findings told in words of
    this computer; `needs` the paths of the
    files beside the spreadsheet ("beside/logos/north.svg") that a job reads.
    """

    project: Project
    output: str
    task: Callable[[J], R]
    move: Callable[[J, Place], J]
    mend: Callable[[R, J, Tell], R]
    needs: Callable[[J], Sequence[str]] = lambda job: ()
    run: str = field(default_factory=lambda: os.urandom(8).hex())

    def send(self, job: J) -> Errand[J, R]:
        found = [(name, self.project.peek(name)) for name in self.needs(job)]
        beside = tuple((name.removeprefix(f"{BESIDE}/"), data) for name, data in found if data is not None)
        return Errand(self.task, job, self.move, self.run, self.project.today().isoformat(), beside)

    def take(self, job: J, brought: Brought[R]) -> R:
        """Write what was brought, records after what they are of; the result as if it had been made here."""
        for name, data in sorted(brought.files, key=lambda file: (file[0].startswith("."), file[0])):
            put_in_place(Path(self.output, name), data)
        return self.mend(
            brought.result, job, lambda findings: tuple(self._told(one, brought.place) for one in findings)
        )

    def _told(self, finding: Finding, place: Place) -> Finding:
        """In words of this computer: the folders of a worker say nothing to people."""
        folders = ((place.root, str(self.project.root)), (place.output, self.output))
        said: dict[str, Any] = {}
        for name in ("file", "message", "hint"):
            text = getattr(finding, name)
            for there, here in folders:
                text = text.replace(there, here)
            said[name] = text
        return replace(finding, **said)

