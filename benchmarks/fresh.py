"""What it takes to find that nothing has changed, against loading the layout engine: both as whole processes.

Everything is built once before, and each command run once, so that the disk and Python's compiled modules are warm, as
they are wherever the package is installed. CPU time, so that a busy neighbour weighs less.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.judging import spent
from benchmarks.table import Row


def fresh(root: Path, words: list[str], rounds: int) -> Row:
    """The ratio of CPU times, an idle build by `import weasyprint`; the two take turns.

    Raises CalledProcessError where the build fails, and ValueError where it finds anything to build the second time.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": str(Path(folder, "compiled"))}
        build = [sys.executable, "-m", "handouts", "build", *words, "-o", str(Path(folder, "output"))]
        commands = {"build": build, "import": [sys.executable, "-c", "import weasyprint"]}
        spent(build, root, environment)
        told = subprocess.run(build, cwd=root, env=environment, capture_output=True, text=True, check=True).stdout
        lines = told.splitlines()
        if not all(line.endswith("unchanged") for line in lines):
            raise ValueError(f"something changed meanwhile:\n{told}")
        spent(commands["import"], root, environment)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(spent(command, root, environment))
    idle, load = (statistics.median(times[name]) for name in ("build", "import"))
    measured = f"{idle:.2f} s / {load:.2f} s of CPU, medians of {rounds}"
    return Row(f"{len(lines)} PDFs, nothing changed: build / import weasyprint", idle / load, "< 0.3", measured)
