"""Where things are: the one door for reading and writing files, and for today's date."""

from __future__ import annotations

import contextlib
import datetime
import functools
import hashlib
import importlib.util
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from handouts.findings import Finding, Findings
from handouts.reads import Reads

FILE = "handouts.toml"
ROOMS = ("templates", "styles", "content")
FONTS = ("font_source_sans_pro", "font_source_serif_pro")
# Content is an editor's own: somebody's project never borrows ours. Looks, bones and interface words do.
FALLS_BACK = ("templates/", "styles/", "content/labels/")
# How the files beside a spreadsheet are named.
BESIDE = "beside"
# A text that is longer is no handout: a booklet of 40 pages has a twentieth of it.
_LONGEST_TEXT = 1_000_000
_LANGUAGE = re.compile(r".+\.[a-z]{2,3}(-[A-Za-z]{2,4})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@functools.cache
def shipped_root() -> Path:
    """The folder that holds our own `templates/`, `styles/` and `content/`: inside the wheel, or the checkout."""
    here = Path(__file__).resolve().parent
    packed = here / "_shipped"
    return packed if packed.is_dir() else here.parent


@functools.cache
def font_files() -> dict[str, Path]:
    """Font file names mapped to where the font packages keep them; empty for a package that is not installed."""
    found: dict[str, Path] = {}
    for package in FONTS:
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            found |= {path.name: path for path in sorted(Path(place).glob("files/*.ttf"))}
    return found


def own_code() -> str:
    """The SHA-256 of this package's own source, hexadecimal: an installed copy tells its version, a checkout may be at
    work on the next."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(here).as_posix()}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()


def installed() -> dict[str, str]:
    """Versions of the Python packages that are installed, by their names in small letters with hyphens.

    Read from the names of the folders that installers leave. *Why not importlib.metadata:* it takes as long to load as
    all else that a command with nothing to do needs.
    """
    found: dict[str, str] = {}
    for place in map(Path, reversed(sys.path)):
        for folder in place.glob("*.dist-info"):
            name, _, version = folder.name.removesuffix(".dist-info").rpartition("-")
            found[re.sub(r"[-_.]+", "-", name).lower()] = version
    return found


def find_root(start: Path) -> Path:
    """The project around `start`: the nearest folder upward with a `handouts.toml`, else what we ship."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    return shipped_root()


def project_here() -> Project:
    """The project around the folder that a command is run in; Findings where that folder is gone."""
    try:
        return Project(find_root(Path.cwd()))
    except FileNotFoundError as error:
        message = "the folder you are in is no longer there"
        raise Findings([Finding("", 0, message, "go to another one with cd")]) from error


@dataclass(frozen=True)
class Project:
    """A folder of content and looks. Paths inside it are written with slashes: "content/facts.toml".

    Every read goes through `read`, so that nothing outside the project, what we ship and the fonts is ever opened; but
    for the folder of a spreadsheet that was named on the command line: its files are "beside/logos/north.svg".

    `reads` is the record of all that was asked of this one. Two projects of one folder are equal, whatever they read.
    """

    root: Path
    beside: Path | None = None
    reads: Reads = field(default_factory=Reads, compare=False, repr=False)

    @property
    def is_shipped(self) -> bool:
        return self.root == shipped_root()

    @property
    def shipped(self) -> Project:
        """What we ship, seen from this project: what is read there is noted here."""
        return Project(shipped_root(), None, self.reads.of_ours())

    def find(self, name: str) -> Path | None:
        """The file behind a project path: the project's own first, then, for looks and labels, ours. None if neither.

        A path, or a link, that leads outside is not found.
        """
        path = self._locate(name)
        self.reads.note(f"find {name}", "there" if path else "")
        return path

    def _locate(self, name: str) -> Path | None:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            return None
        if path.parts[:1] == ("fonts",):
            return font_files().get("/".join(path.parts[1:]))
        roots = [self.root]
        if path.parts[:1] == (BESIDE,):
            roots, path = [self.beside] if self.beside else [], path.relative_to(BESIDE)
        elif not self.is_shipped and name.startswith(FALLS_BACK):
            roots.append(shipped_root())
        for root in roots:
            target = f"{root}/{path}"
            # Not Path.is_file, which raises where a folder on the way may not be entered.
            if os.path.isfile(target) and os.path.realpath(target).startswith(os.path.join(os.path.realpath(root), "")):
                return Path(target)
        return None

    def read(self, name: str) -> bytes:
        """The bytes of a project file; Findings where it is missing or cannot be read."""
        path = self._locate(name)
        if path is None:
            self.reads.note(f"read {name}", "")
            raise Findings([self._missing(name)])
        try:
            data = path.read_bytes()
        except OSError as error:
            hint = "check that you may read it"
            raise Findings([Finding(self.show(path), 0, f"cannot be read: {error.strerror}", hint)]) from error
        self.reads.note(f"read {name}", hashlib.sha256(data).hexdigest())
        return data

    def peek(self, name: str) -> bytes | None:
        """The bytes of a project file, None where there is none."""
        return self.read(name) if self.find(name) else None

    def _missing(self, name: str) -> Finding:
        """Why `find` found nothing."""
        path = self.root / name
        if os.path.isdir(path):
            return Finding(name, 0, "this is a folder, not a file", "rename the folder, and put a file in its place")
        if os.path.isfile(path):
            return Finding(name, 0, "this is a link that leads outside the project", "copy the file itself here")
        if os.path.islink(path):
            return Finding(name, 0, "this is a link that leads nowhere", "copy the file itself here")
        return Finding(name, 0, "this file is missing", f"add it to the project in {self.root}")

    def text(self, name: str) -> str:
        """A project file as text. UTF-8, with or without a byte order mark; line ends become newlines."""
        data = self.read(name)
        hint = "save the file as UTF-8 in your editor"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Findings([Finding(name, 1, "is UTF-16 text, as Windows programs save it", hint)])
        if name.endswith(".md") and len(data) > _LONGEST_TEXT:
            message = f"is {len(data) / 1e6:.1f} MB long, more than any handout can hold"
            raise Findings([Finding(name, 0, message, "check that it is the right file, or split it")])
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = len(data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
            message = f"is not UTF-8 text (byte 0x{data[error.start]:02x})"
            raise Findings([Finding(name, line, message, hint)]) from error
        if sign := _CONTROL.search(text):
            line = text.count("\n", 0, sign.start()) + 1
            message = f"holds a sign that cannot be printed (U+{ord(sign[0]):04X})"
            raise Findings([Finding(name, line, message, f"delete it, or {hint}")])
        return text

    def toml(self, name: str) -> dict[str, object]:
        """A project file parsed as TOML; a mistake in it is a finding with its line."""
        text = self.text(name)
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            message, _, place = str(error).partition(" (at ")
            hint = "check quotes, brackets and the equals sign on this line"
            if twice := re.fullmatch(r"Cannot declare \((.*?),?\) twice", message):
                name_of = ".".join(re.findall(r"'([^']*)'", twice[1]))
                message, hint = f"the table [{name_of}] is here twice", "rename one, or join them"
            elif "nterminated" in message:
                hint = "close the quotes of the last text above"
            line = int(place.split("line ")[1].split(",")[0]) if "line " in place else text.count("\n") + 1
            raise Findings(
                [
                    Finding(
                        name,
                        line,
                        f"is not valid TOML: {message[:1].lower()}{message[1:]}",
                        hint,
                    )
                ]
            ) from error
        except RecursionError as error:
            raise Findings([Finding(name, 1, "is nested too deeply", "write tables and plain lists")]) from error

    def names(self, folder: str, pattern: str) -> list[str]:
        """Project paths of what matches in a folder, sorted; what we ship is seen where it falls back.

        Not hidden files, which editors leave behind; but folders and broken links too, so that reading them says so.
        """
        roots, prefix, inside = [self.root], "", folder
        if f"{folder}/".startswith(f"{BESIDE}/"):
            roots, prefix, inside = [self.beside] if self.beside else [], f"{BESIDE}/", folder[len(BESIDE) + 1 :]
        elif not self.is_shipped and f"{folder}/".startswith(FALLS_BACK):
            roots.append(shipped_root())
        found = sorted(
            {
                prefix + path.relative_to(root).as_posix()
                for root in roots
                for path in (root / inside).glob(pattern)
                if not path.name.startswith(".")
            }
        )
        self.reads.note(f"names {folder} {pattern}", hashlib.sha256("\n".join(found).encode()).hexdigest())
        return found

    def today(self) -> datetime.date:
        """Today's date, noted as read."""
        date = today()
        self.reads.note("today", date.isoformat())
        return date

    def answer(self, question: str) -> str:
        """What the project answers now to a question of a record; "" to one that it cannot answer."""
        if of_ours := Reads.on_ours(question):
            return Project(shipped_root()).answer(of_ours)
        kind, _, name = question.partition(" ")
        folder, _, pattern = name.rpartition(" ")
        asked = Project(self.root, self.beside)
        try:
            match kind:
                case "read":
                    asked.read(name)
                case "find":
                    asked.find(name)
                case "names":
                    asked.names(folder, pattern)
                case "today":
                    asked.today()
        except Findings:
            return ""
        return asked.reads.notes.get(question, "")

    def formats(self) -> list[str]:
        """Names of the formats: the folders of `templates/` with a `format.toml`."""
        return [name.split("/")[1] for name in self.names("templates", "*/format.toml")]

    def brands(self) -> list[str]:
        """Names of the brands: the folders of `styles/brands/` with a `brand.toml`, ours among them."""
        return [name.split("/")[2] for name in self.names("styles/brands", "*/brand.toml")]

    def profiles(self) -> list[str]:
        """Names of the profiles: the folders of `styles/profiles/` with a `profile.toml`."""
        return [name.split("/")[2] for name in self.names("styles/profiles", "*/profile.toml")]

    def subjects(self, kind: str) -> list[str]:
        """Slugs of the content files of one kind ("specialties"), without those of other languages (`name.es.md`)."""
        stems = [PurePosixPath(name).stem for name in self.names(f"content/{kind}", "*.md")]
        return [stem for stem in stems if not _LANGUAGE.fullmatch(stem)]

    def show(self, path: Path) -> str:
        """A path as findings name it: from the project's root where it lies inside."""
        for root in (self.root, shipped_root()):
            if path.is_relative_to(root):
                return path.relative_to(root).as_posix()
        return str(path)


def read_named(path: Path) -> bytes:
    """The bytes of a file that is named on the command line; Findings where there is none or it cannot be read."""
    if path.is_dir():
        raise Findings([Finding(str(path), 0, "this is a folder, not a file", "name a file in it")])
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Findings([Finding(str(path), 0, "this file is not there", "check its name, and the folder")]) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise Findings([Finding(str(path), 0, message, "check that you may read it")]) from error


def put_in_place(target: Path, data: bytes) -> None:
    """Write a file so that its path never holds half of it: under a temporary name beside it, then moved."""
    with placing(target) as file:
        file.write(data)


@contextlib.contextmanager
def placing(target: Path) -> Iterator[BinaryIO]:
    """The same for a file that is written piece by piece: it is moved into place when all is done, and never before."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            yield file
        temporary.replace(target)
    except OSError as error:
        raise Findings(
            [
                Finding(
                    str(target),
                    0,
                    f"cannot be written: {error.strerror}",
                    "check that the folder is yours and the disk has room, or choose another with -o",
                )
            ]
        ) from error
    finally:
        # Where even this fails there is nothing to remove, and the reason is on its way.
        with contextlib.suppress(OSError):
            temporary.unlink()


def today() -> datetime.date:
    """The date that staleness is counted from; HANDOUTS_TODAY (YYYY-MM-DD) sets it, so that tests do not rot."""
    fixed = os.environ.get("HANDOUTS_TODAY")
    try:
        return datetime.date.fromisoformat(fixed) if fixed else datetime.date.today()
    except ValueError as error:
        message = f'"{fixed}" is not a date'
        raise Findings([Finding("HANDOUTS_TODAY", 0, message, "write it as 2026-11-23, or unset it")]) from error
