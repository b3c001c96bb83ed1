"""A new project: the starter that we ship, copied into a folder of its own, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from handouts.findings import Finding, Findings
from handouts.project import FILE, ROOMS, Project, shipped_root

FOLDER = "starter"
# The one file of ours that a folder may have already: it says what the folder is, and nothing is built from it.
README = "README.md"


@dataclass(frozen=True)
class Started:
    """A new project: where it stands, its files by their project paths, and those of ours that were left out because
    the folder had its own."""

    folder: Path
    files: tuple[str, ...]
    kept: tuple[str, ...]


def start(target: Path) -> Started:
    """Copy the starter into `target`; Findings where it cannot stand there, and then nothing is written."""
    ours = Project(shipped_root())
    # Not every file: what was built in our own folder is no part of it.
    names = ours.names(FOLDER, "*") + [name for room in ROOMS for name in ours.names(f"{FOLDER}/{room}", "**/*")]
    names = [name for name in names if ours.find(name)]
    with placed_whole(target, kept=(README,)) as folder:
        for name in names:
            write(folder, name.removeprefix(f"{FOLDER}/"), ours.read(name))
        kept = tuple(name for name in (README,) if os.path.lexists(target / name))
    files = tuple(name.removeprefix(f"{FOLDER}/") for name in names)
    return Started(target, tuple(name for name in files if name not in kept), kept)


def write(folder: Path, name: str, data: bytes) -> None:
    """One file of a folder that is not in its place yet; OSError where it cannot be written."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def project_around(target: Path) -> Path | None:
    """The project that a new folder would lie in."""
    parents = Path(os.path.realpath(target)).parents
    return next((folder for folder in parents if os.path.isfile(folder / FILE)), None)


@contextlib.contextmanager
def placed_whole(target: Path, kept: Collection[str] = ()) -> Iterator[Path]:
    """A folder to write a new project into, which is moved to `target` when all is written, and never before.

    Where nothing is at `target`, that is one move. Where a folder is there, each file is moved into it, `handouts.toml`
    last, so that half of it is no project; nothing that is there is replaced: Findings name it, all at once, and the
    folder is as it was. Files in `kept` are left out where the folder has its own. Whatever ends the writing, Ctrl-C
    too, nothing of it stays.
    """
    if not str(target).isprintable() or not (target.name or os.path.isdir(target)):
        message = "is no name for a folder"
        raise Findings([Finding(repr(str(target)), 0, message, "use letters, digits, spaces and hyphens")])
    try:
        real = Path(os.path.realpath(target))
    except FileNotFoundError as error:
        message = "the folder you are in is no longer there"
        raise Findings([Finding("", 0, message, "go to another one with cd")]) from error
    if os.path.lexists(real) and not os.path.isdir(real):
        raise Findings([Finding(str(target), 0, "is a file, not a folder", "choose another name")])
    there = real
    while not os.path.lexists(there):
        there = there.parent
    # What of the path is not there yet is made with the folder: it comes and goes with it.
    missing = real.relative_to(there)
    temporary = there / f".handouts-new.{os.getpid()}-{os.urandom(4).hex()}"
    folder = temporary.joinpath(*missing.parts[1:])
    try:
        folder.mkdir(parents=True)
        yield folder
        if missing.parts:
            temporary.rename(there / missing.parts[0])
        else:
            _move_in(folder, real, target, kept)
    except OSError as error:
        if error.filename and not Path(error.filename).is_relative_to(there):
            raise
        message = f"cannot be made here: {error.strerror}"
        hint = "check that the folder around it is yours and the disk has room, or choose another"
        raise Findings([Finding(str(target), 0, message, hint)]) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _move_in(folder: Path, real: Path, target: Path, kept: Collection[str]) -> None:
    """Move every file of `folder` to its place in one that is there; where that fails, take all of it back."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    names = [name for name in names if not (name in kept and os.path.lexists(real / name))]
    if findings := _in_the_way(names, real, target):
        raise Findings(findings)
    made: list[Path] = []
    try:
        for name in sorted(names, key=FILE.__eq__):
            path = real / name
            for parent in reversed(path.parents):
                if not parent.is_dir():
                    parent.mkdir()
                    made.append(parent)
            made.append(path)
            (folder / name).rename(path)
    except BaseException:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _in_the_way(names: Collection[str], real: Path, target: Path) -> list[Finding]:
    """What stands where files of ours would: files, and whatever is no folder where one is needed."""
    if os.path.lexists(real / FILE):
        hint = "choose another folder, or go on in this one"
        return [Finding(str(target / FILE), 0, "is there already: this folder is a project", hint)]
    found = {}
    for name in names:
        for part in (*reversed(Path(name).parents[:-1]), Path(name)):
            path = real / part
            if part == Path(name) and os.path.lexists(path):
                found[part] = "is there already, and is kept"
            elif os.path.lexists(path) and (path.is_symlink() or not path.is_dir()):
                found[part] = "is there already, and is no folder of this one"
    hint = "move it away, or choose another folder"
    return [Finding(str(target / part), 0, message, hint) for part, message in found.items()]
