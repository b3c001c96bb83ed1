"""What a whole command takes: wall time, CPU time with all its processes, and memory at its peak."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_BETWEEN = 0.02
# How much is told of what a command that failed had to say.
_LINES = 20
# Python keeps what it compiled, as it does for people: a machine of tests may tell it not to.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Spent:
    """Seconds of wall time and of CPU; `memory` in MB, 0 where it was not asked for; `said` is what it printed."""

    wall: float
    cpu: float
    memory: float
    said: str


def spend(command: Sequence[str], root: Path, weigh: bool = False) -> Spent:
    """Run a command in a folder. With `weigh`, its memory is looked at 50 times a second, which costs a little time.

    Raises CalledProcessError, with what it said, where it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=root, env=_ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    peaks: list[float] = [0.0]
    scale = threading.Thread(target=_weigh, args=(process, peaks))
    if weigh:
        scale.start()
    said, complaints = process.communicate()
    wall = time.perf_counter() - start
    if weigh:
        scale.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        failed = subprocess.CalledProcessError(process.returncode, list(command), said, complaints)
        failed.add_note("\n".join(complaints.splitlines()[:_LINES]))
        raise failed
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(wall, cpu, max(peaks), said)


def _weigh(process: subprocess.Popen[str], peaks: list[float]) -> None:
    while process.poll() is None:
        peaks.append(sum(map(_held, _family(process.pid))))
        time.sleep(_BETWEEN)


def _family(process: int) -> list[int]:
    """A process and all that descend from it."""
    found = [process]
    for one in found:
        # A process may end while it is looked at.
        with contextlib.suppress(OSError):
            for listed in _PROC.glob(f"{one}/task/*/children"):
                found += map(int, _read(listed).split())
    return found


def _held(process: int) -> float:
    """Memory of one process in MB; what it shares with others counts in proportion, so that a sum counts it once."""
    for line in _read(_PROC / str(process) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _read(path: Path) -> str:
    """A file of the kernel; nothing where the process has just ended."""
    try:
        return path.read_text()
    except OSError:
        return ""
