"""What each output was made of, so that nothing is made twice: one small file a product, beside the outputs."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import functools
import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from handouts.findings import Finding, Findings
from handouts.job import Job
from handouts.project import Project, installed, own_code, put_in_place, read_named

FOLDER = ".ledger"
# A record of another form is none: raised whenever what is written here changes its meaning.
_FORM = 2
# The packages that decide about the bytes of a PDF or about what is found in it. tests/test_ledger.py holds this list
# against what this package and each of these ask for.
MAKERS = (
    *("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "webencodings", "pyphen", "fonttools"),
    *("pillow", "brotli", "zopfli", "cffi", "jinja2", "markupsafe", "markdown", "markdown-it-py", "mdurl"),
    *("mdit-py-plugins", "pyyaml", "pydantic", "pydantic-core", "citeproc-py", "lxml", "pikepdf", "pypdfium2"),
    *("uharfbuzz", "zxing-cpp"),
)
# Libraries of the system: the names that each is opened by, on Linux, macOS and Windows, and what tells its version.
_LIBRARIES = {
    "pango": (("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"), "pango_version_string"),
    "harfbuzz": (("libharfbuzz.so.0", "libharfbuzz.dylib", "libharfbuzz-0.dll"), "hb_version_string"),
}
# Where a job's files are says nothing of what is in them.
_PLACES = ("root", "output", "beside")


@dataclass(frozen=True)
class Entry:
    """What the ledger tells of one output: what became of it, and its findings, as they were when it was built."""

    pages: int
    revision: str
    fit: str
    findings: tuple[Finding, ...]


@functools.cache
def programs() -> Mapping[str, str]:
    """Versions of all that makes a PDF: Python, libraries, packages, and our own source as its hash."""
    known = installed()
    found = {name: known.get(name, "") for name in MAKERS}
    found |= {name: _library(*how) for name, how in _LIBRARIES.items()}
    return MappingProxyType(found | {"python": platform.python_version(), "handouts": own_code()})


def _library(names: tuple[str, ...], function: str) -> str:
    """The version of a library of the system, "" where it is not found: then nothing can be laid out either."""
    for name in names:
        try:
            tell = getattr(ctypes.CDLL(name), function)
        except (OSError, AttributeError):
            continue
        tell.restype = ctypes.c_char_p
        return tell().decode()
    return ""


def recorded(project: Project) -> dict[str, dict[str, str]]:
    """All that something depends on which was made from a project: what was read of it, and the programs.

    Plain words for JSON. `Answers.agree` tells later whether it would come out the same.
    """
    return {"reads": project.reads.told(), "programs": dict(programs())}


class Answers:
    """What a project says now. Each question is asked once, however many records hold it: one a command."""

    def __init__(self, project: Project):
        self._ask = functools.cache(project.answer)

    def agree(self, record: Mapping[str, object]) -> bool:
        """Whether all that `recorded` wrote down is still so; False for anything that it cannot have written."""
        reads = record.get("reads")
        if not isinstance(reads, dict) or not reads or record.get("programs") != programs():
            return False
        return all(self._ask(question) == answer for question, answer in reads.items())


def record(project: Project, job: Job, files: Mapping[str, bytes], entry: Entry) -> bytes:
    """The record of an output: what it was made of, and what became of it; `files` are what was written, by their paths
    in the output folder: the output itself, and what goes beside it."""
    name, *_ = files
    body = recorded(project) | {
        "form": _FORM,
        "job": _asked(job),
        "files": {path: hashlib.sha256(data).hexdigest() for path, data in files.items()},
        "pages": entry.pages,
        "revision": entry.revision,
        "fit": entry.fit,
        "findings": [_put(finding, _file(job, name)) for finding in entry.findings],
    }
    text = json.dumps(body | {"seal": _seal(body)}, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def keep(job: Job, name: str, record: bytes) -> None:
    """Put a record in its place, after the output itself: a run that is cut off in between leaves an older record,
    which does not match.

    An edition's is not kept: its file says itself what it was made from, and there may be thousands. Nor is one that
    cannot be written an error: the output is whole, and will be built again.
    """
    if not job.edition:
        with contextlib.suppress(Findings):
            put_in_place(_place(job, name), record)


def recall(answers: Answers, job: Job, name: str) -> Entry | None:
    """What is known of an output that would come out as it stands; None where it is to be built.

    *Why no error:* what is missing, damaged, of another version or of somebody else only costs a build. Nothing in a
    record is believed but as a whole, and only beside the very file that it was written for.
    """
    if job.edition:
        return None
    try:
        found = json.loads(read_named(_place(job, name)))
        body = {key: value for key, value in found.items() if key != "seal"}
        if found["seal"] != _seal(body) or body["form"] != _FORM or body["job"] != _asked(job):
            return None
        if not answers.agree(body) or name not in body["files"]:
            return None
        there = {path: hashlib.sha256(read_named(Path(job.output, path))).hexdigest() for path in body["files"]}
        if there != body["files"]:
            return None
        findings = tuple(_take(finding, _file(job, name)) for finding in body["findings"])
        return Entry(body["pages"], body["revision"], body["fit"], findings)
    except (Findings, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _place(job: Job, name: str) -> Path:
    return Path(job.output, FOLDER, name).with_suffix(".json")


def _file(job: Job, name: str) -> str:
    """An output as its findings name it."""
    return Path(job.output, name).as_posix()


def _asked(job: Job) -> dict[str, object]:
    """The words that a job was asked for with."""
    asked = {key: value for key, value in dataclasses.asdict(job).items() if key not in _PLACES}
    return json.loads(json.dumps(asked))  # as it is read again: lists for tuples


def store(file: Path, body: bytes) -> None:
    """Put something into the store beside the records, sealed with a hash of itself."""
    put_in_place(file, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def stored(file: Path) -> bytes | None:
    """What `store` put there; None for nothing, and for what is damaged."""
    try:
        seal, _, body = read_named(file).partition(b"\n")
    except Findings:
        return None
    return body if hashlib.sha256(body).hexdigest().encode() == seal else None


def _seal(body: Mapping[str, object]) -> str:
    """A hash of a record, for it to be whole."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _put(finding: Finding, output: str) -> dict[str, object]:
    """A finding for JSON; one in the output itself names no file, since the folder may be called otherwise then."""
    return dataclasses.asdict(finding) | {"file": None if finding.file == output else finding.file}


def _take(finding: Mapping[str, object], output: str) -> Finding:
    file = output if finding["file"] is None else finding["file"]
    return Finding(**{**finding, "file": file, "box": tuple(finding["box"])})
