"""What it takes to judge a sheet, against building it: both as whole commands, start-up included.

veraPDF is left out: it takes a second to start, and is asked only where it is installed. The build lays out once, since
the sheet stands where it was built before; it runs the same checks, so a fair comparison would ask for more than 1.
CPU time of the commands, so that a busy neighbour weighs less.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.table import Row


def judging(root: Path, words: list[str], rounds: int) -> Row:
    """The ratio of CPU times, `check` by `build`; the two take turns. Raises CalledProcessError where one fails."""
    # Without a PATH no veraPDF is found.
    quiet = {**os.environ, "PATH": ""}
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            name: [sys.executable, "-m", "handouts", name, *words, "-o", folder] for name in ("build", "check")
        }
        commands["build"] += ["--force"]
        spent(commands["build"], root, quiet)
        times: dict[str, list[float]] = {"build": [], "check": []}
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(spent(command, root, quiet))
    check, build = (statistics.median(times[name]) for name in ("check", "build"))
    measured = f"{check:.2f} s / {build:.2f} s of CPU, medians of {rounds}"
    return Row(f"{' '.join(words)}: check / build again", check / build, "< 1", measured)


def spent(command: list[str], root: Path, environment: dict[str, str]) -> float:
    """Seconds of CPU that a command takes, with all its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=root, env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
