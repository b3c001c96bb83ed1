"""`python -m benchmarks` prints one table; with names ("sheet", "fresh" and so on), only those rows."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import editions as peers
from benchmarks import fresh as idle
from benchmarks import judging as judged
from benchmarks import preview as shown
from benchmarks.cores import speed_up
from benchmarks.sheet import overhead
from benchmarks.table import Row, table
from handouts.planning import plan
from handouts.project import Project, shipped_root

PAPERS = ("letter", "a4")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--rounds", type=int, help="measure so many times (default: what suits each)")
    chosen = parser.parse_args(arguments)
    options = {"rounds": chosen.rounds} if chosen.rounds else {}
    project = Project(shipped_root())
    print(table([row for name in chosen.names or BENCHMARKS for row in BENCHMARKS[name](project, **options)]))


def sheet(project: Project, rounds: int = 15) -> list[Row]:
    """One specialty one-pager, at the setting that fits."""
    return [overhead(project, plan(project, "specialty", ["ultrasound"])[0], rounds)]


def cores(project: Project, rounds: int = 1) -> list[Row]:
    """Everything that is shipped, for both papers together."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = [job for paper in PAPERS for job in plan(project, "all", [], output=str(Path(folder)), paper=paper)]
        return [speed_up(jobs, rounds)]


def judging(project: Project, rounds: int = 5) -> list[Row]:
    """One specialty one-pager, judged and built."""
    return [judged.judging(project.root, ["specialty", "ultrasound"], rounds)]


def fresh(project: Project, rounds: int = 7) -> list[Row]:
    """Everything that is shipped, built before."""
    return [idle.fresh(project.root, ["all"], rounds)]


def preview(project: Project, rounds: int = 8) -> list[Row]:
    """One specialty one-pager, saved and seen."""
    return [shown.preview(project.root, plan(project, "specialty", ["ultrasound"])[0], "watching", rounds)]


def editions(project: Project, rounds: int = 3) -> list[Row]:
    """A thousand editions of one one-pager, beside Typst and the layout engine alone; our memory for ten thousand."""
    return peers.editions(project, plan(project, "specialty", ["ultrasound"])[0], 1000, rounds, many=10_000)


BENCHMARKS: dict[str, Callable[..., list[Row]]] = {
    "sheet": sheet,
    "cores": cores,
    "judging": judging,
    "fresh": fresh,
    "preview": preview,
    "editions": editions,
}

if __name__ == "__main__":
    main()
