"""Judge PDFs by veraPDF, an outside program: `python tools/verapdf.py FILE.pdf…` prints one line per file.

Maven fetches the program into a folder once, Java runs it; it is never linked and never shipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ARTIFACT = "org.verapdf.apps:greenfield-apps"
VERSION = "1.28.2"
MAIN_CLASS = "org.verapdf.apps.GreenfieldCliWrapper"
CACHE = Path(__file__).resolve().parent.parent / ".cache" / "verapdf"
FETCH_SECONDS = 300
JUDGE_SECONDS = 600


@dataclass(frozen=True)
class Failure:
    """A rule a file breaks: clause of the standard, test number within it, what it asks, how often it is broken."""

    clause: str
    test: int
    description: str
    count: int
    where: str

    def __str__(self) -> str:
        return f"{self.clause}-{self.test} {self.count}x {self.description} ({self.where})"


class Unavailable(Exception):
    """veraPDF cannot be run here; the message says why."""


def available() -> str | None:
    """None where veraPDF can be run, else the reason why not. The first call may fetch it, which needs a network."""
    try:
        _program()
    except Unavailable as reason:
        return str(reason)
    return None


def validate(paths: Sequence[Path | str], flavour: str = "ua1") -> dict[Path, list[Failure]]:
    """The failures of each file, by its path as given; an empty list is a pass.

    All files go through one Java process, as starting it takes two seconds. Raises Unavailable, and RuntimeError where
    veraPDF gives no verdict on a file.
    """
    files = [Path(path) for path in paths]
    if not files:
        return {}
    command = ["java", "-cp", str(_program()), MAIN_CLASS, "--flavour", flavour, "--format", "json"]
    run = subprocess.run(
        [*command, *(str(path.resolve()) for path in files)], capture_output=True, timeout=JUDGE_SECONDS, check=False
    )
    try:
        jobs = json.loads(run.stdout)["report"]["jobs"]
    except (ValueError, KeyError) as error:
        complaint = run.stderr.decode(errors="replace").strip()
        raise RuntimeError(f"veraPDF wrote no report (exit code {run.returncode}): {complaint}") from error
    verdicts = {Path(job["itemDetails"]["name"]): job for job in jobs}
    found = {}
    for path in files:
        job = verdicts.get(path.resolve(), {})
        if not job.get("validationResult"):
            raise RuntimeError(f"veraPDF gave no verdict on {path}: {job.get('taskException', 'no job for it')}")
        found[path] = [failure for result in job["validationResult"] for failure in _failures(result)]
    return found


def _failures(result: dict) -> list[Failure]:
    if result["compliant"]:
        return []
    return [
        Failure(
            rule["clause"],
            rule["testNumber"],
            rule["description"],
            rule["failedChecks"],
            rule["checks"][0]["context"] if rule["checks"] else "",
        )
        for rule in result["details"]["ruleSummaries"]
        if rule["failedChecks"]
    ]


def _program() -> Path:
    """The program's jar in the cache folder, fetched if it is not there."""
    group, name = ARTIFACT.split(":")
    jar = CACHE / f"{name}-{VERSION}.jar"
    if not shutil.which("java"):
        raise Unavailable("Java is not installed")
    if jar.exists():
        return jar
    maven = shutil.which("mvn")
    if not maven:
        raise Unavailable("Maven is not installed, and veraPDF is not in .cache/verapdf")
    # The jar holds all it needs, so its dependencies are left out.
    coordinates = f"{group}:{name}:{VERSION}:jar"
    goals = ["dependency:get", f"-Dartifact={coordinates}", "-Dtransitive=false"]
    copy = ["dependency:copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={CACHE}"]
    for goal in (goals, copy):
        try:
            run = subprocess.run(
                [maven, "-B", "-q", *goal], capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(f"Maven did not fetch veraPDF {VERSION} within {FETCH_SECONDS} s") from error
        if run.returncode:
            reason = next((line for line in run.stdout.splitlines() if "ERROR" in line), "no reason given")
            raise Unavailable(f"Maven cannot fetch veraPDF {VERSION}: {reason}")
    if not jar.exists():
        raise Unavailable(f"Maven fetched veraPDF {VERSION}, but not as {jar.name}")
    return jar


def main(arguments: Sequence[str]) -> int:
    """Print a line for each file and each failure; 0 all conform, 1 some do not, 2 cannot judge."""
    if not arguments:
        print("usage: python tools/verapdf.py FILE.pdf…", file=sys.stderr)
        return 2
    if reason := available():
        print(f"veraPDF: {reason}", file=sys.stderr)
        return 2
    verdicts = validate(list(arguments))
    for path, failures in verdicts.items():
        print(f"{path}  {'conforms to PDF/UA-1' if not failures else f'breaks {len(failures)} rules of PDF/UA-1'}")
        for failure in failures:
            print(f"    {failure}")
    return 1 if any(verdicts.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
