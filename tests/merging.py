"""A stand-in for the layout engine, so that merges can be tested by the thousand; run as a program, one merge."""

from __future__ import annotations

import hashlib
import sys
import time
from dataclasses import astuple, dataclass
from pathlib import Path

from handouts.build import Result
from handouts.editions.masters import Refusal
from handouts.editions.merge import Engine, Merged, Wish, merge
from handouts.editions.rows import Roll
from handouts.editions.spreadsheet import read_table
from handouts.findings import Finding, Findings
from handouts.job import Edition, Job
from handouts.planning import output_name
from handouts.project import Project, put_in_place
from handouts.stamping.stamp import Stamped

HEADER = "id,organization,unit,phone,paper,notice\n"
# A name with this sign in it has to be laid out in full, and one with that cannot be built.
FULL, NEVER = "Ω", "∅"


def written(job: Job, edition: Edition, state: str) -> bytes:
    """A file like a PDF that says what it was made of."""
    text = repr((job.format, job.subject, job.paper, astuple(edition))).encode()
    key = hashlib.sha256(text).hexdigest()
    return b"%%PDF-1.7\n%s\n%s\n<< /HandoutsEdition (%s %s 2 %s) >>\n%%%%EOF\n" % (
        text * 20,
        b"." * 4000,
        key.encode(),
        state.encode(),
        key[:4].encode(),
    )


@dataclass(frozen=True)
class Press:
    job: Job
    reason: str = ""
    findings: tuple[Finding, ...] = ()

    def key(self, edition: Edition) -> str:
        return hashlib.sha256(
            repr((self.job.format, self.job.subject, self.job.paper, astuple(edition))).encode()
        ).hexdigest()

    def stamp(self, edition: Edition) -> Stamped | Refusal:
        name = dict(edition.brand)["organization"]
        if FULL in name or NEVER in name:
            return Refusal("the organization is unusual")
        time.sleep(DELAY)
        pdf = written(self.job, edition, "fast")
        return Stamped(pdf, hashlib.sha256(pdf).hexdigest(), 2, self.key(edition)[:4])

    def complaints(self, edition: Edition) -> list[tuple[str, str]]:
        over = len(dict(edition.brand)["organization"]) - 60
        message = f"the organization is {over} characters too long for its place"
        return [(message, "shorten it")] if over > 0 else []

    def build(self, job: Job) -> Result:
        name = output_name(job)
        if NEVER in dict(job.edition.brand)["organization"]:
            return Result(job, name, findings=(Finding("styles/card.css", 7, "cannot be laid out", "think again"),))
        put_in_place(Path(job.output, name), written(self.job, job.edition, "full"))
        return Result(job, name, 2, self.key(job.edition)[:4])


def frame(edition: Edition) -> Edition:
    return Edition("", tuple(pair for pair in edition.brand if pair[0] == "notice"))


def prepare(job: Job) -> Press:
    if job.subject == "potter" and job.language == "xx":
        raise Findings([Finding("content/specialties/potter.md", 3, "is too long for A4", "shorten it")])
    if job.format == "leaflet":
        return Press(job, "this format has no fixed places", (Finding("content/x.md", 1, "is stale", "", "warning"),))
    return Press(job)


def is_known(job: Job) -> bool:
    return False


def load() -> None:
    pass


# How long a stamp takes, in seconds; a run that is to be cut off in the middle must last.
DELAY = 0.0
ENGINE = Engine(frame, prepare, is_known, load)


def merged(table: Path, root: Path, output: Path, formats: str = "card", workers: int = 1, **options: bool) -> Merged:
    """A merge of a table with the trades of tests/project."""
    jobs = [
        Job(str(root), form, subject, output=str(output))
        for form in formats.split("+")
        for subject in ("baker", "potter")
    ]
    roll = Roll(Project(root, table.parent), read_table(table.read_bytes(), table.name))
    wish = Wish(tuple(jobs), str(table.parent), **options)
    return merge(roll, wish, ENGINE, workers, lambda done: None, lambda total: None)


if __name__ == "__main__":
    DELAY = float(sys.argv[5])
    outcome = merged(*map(Path, sys.argv[1:4]), formats=sys.argv[4], workers=2, zipped=True)
    print(outcome.states["fast"], outcome.states["full"], outcome.states["unchanged"])
