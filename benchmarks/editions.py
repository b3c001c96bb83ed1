"""A thousand editions of one page: ours, Typst and the layout engine alone, as whole commands with their start.

Each program sets the same page with the same rows: name, contact, color, address and its code, event and date, and for
a tenth a logo. The peers get their page in their own language, and the codes as pictures, beforehand; ours begins at
the spreadsheet. Wall time and CPU time of whole commands, which take turns, after a short run of each.
"""

from __future__ import annotations

import csv
import json
import pickle
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.engine_peer import PROCESSES
from benchmarks.rows import School, schools, write_rows
from benchmarks.spending import Spent, spend
from benchmarks.table import Row
from benchmarks.typst_sheet import prepare
from handouts.document import compose
from handouts.fit import Laid, fit_page
from handouts.job import Edition, Job
from handouts.latitude import Setting, Stretch, read_latitude
from handouts.material import gather
from handouts.pdf import Sheet
from handouts.project import Project
from handouts.qr import printed_address, qr_code

# The engine takes so long that a part of the editions tells the time of all.
_PART = 40
_BEFORE = 4


@dataclass(frozen=True)
class Bench:
    """What is measured: a product, in a folder with everything that the commands read."""

    project: Project
    job: Job
    folder: Path
    count: int

    def ours(self, seed: int, output: str) -> list[str]:
        """Our command, for the rows of a seed."""
        words = [self.job.format, *filter(None, [self.job.subject])]
        table = self.folder / f"rows-{seed}" / "rows.csv"
        return _python("handouts", "merge", table, *words, "-o", self.folder / output)

    def peer(self, name: str, count: int) -> list[str]:
        """A peer's command."""
        return _python(f"benchmarks.{name}", self.folder / name, self.folder / f"{name}-out", count)


def _python(module: str, *words: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, words)]


@contextmanager
def bench(project: Project, job: Job, count: int) -> Iterator[Bench]:
    """A folder with the rows, and each peer's page."""
    with tempfile.TemporaryDirectory() as folder:
        made = Bench(project, job, Path(folder), count)
        rows = schools(count, 1)
        write_rows(rows, made.folder / "rows-1")
        _for_typst(made, rows)
        _for_engine(made, rows[: _PART + 1])
        yield made


def _for_typst(made: Bench, rows: list[School]) -> None:
    folder = made.folder / "typst_peer"
    prepare(made.project, made.job, folder)
    write_rows(rows, folder)
    (folder / "codes").mkdir()
    for row in rows:
        (folder / "codes" / f"{row.id}.svg").write_text(qr_code(row.url, ""), encoding="utf-8")
    editions = [
        {
            **{name: getattr(row, name) for name in ("id", "organization", "unit", "phone", "email", "url", "color")},
            "logo": row.logo,
            "event": _occasion(row),
            "printed": printed_address(row.url),
            "code": f"codes/{row.id}.svg",
        }
        for row in rows
    ]
    (folder / "editions.json").write_text(json.dumps(editions, ensure_ascii=False), encoding="utf-8")


def _occasion(row: School) -> str:
    return " · ".join(filter(None, (row.event, row.date, row.booth)))


def _for_engine(made: Bench, rows: list[School]) -> None:
    """Our HTML for each row, with the setting that our first build would keep."""
    folder = made.folder / "engine_peer"
    folder.mkdir()
    project = Project(made.project.root, made.folder / "rows-1")
    pages = []
    for row in rows:
        edition = edition_of(row)
        material = gather(project, made.job.format, made.job.subject, edition=edition)
        document = compose(project, material, made.job.paper)
        pages.append((row.id, document.html))
    sheet = Sheet(project, document)

    def lay_out(setting: Setting, stretch: Stretch) -> Laid:
        layout = sheet.lay_out(setting, stretch)
        return Laid(layout, layout.measure.room, layout.measure.height, layout.measure.stretch)

    fitted = fit_page(read_latitude(project, document.format, document.styles), lay_out).kept
    own = "; ".join(f"--{name}: {value}" for name, value in fitted.setting.model_dump().items())
    pages = [(name, html.replace('style="', f'style="{own}; ', 1)) for name, html in pages]
    (folder / "pages.pickle").write_bytes(pickle.dumps((project, document, pages)))


def edition_of(row: School) -> Edition:
    """A row as the commands get it, without the checks."""
    logo = f"beside/{row.logo}" if row.logo else ""
    given = {name: getattr(row, name) for name in ("organization", "unit", "phone", "email", "url")}
    given |= {"logo": logo, "color": row.color}
    event = (("event", row.event), ("date", row.date), ("booth", row.booth))
    return Edition(row.id, tuple((name, text) for name, text in given.items() if text), event)


def editions(project: Project, job: Job, count: int, rounds: int, many: int = 0) -> list[Row]:
    """The table's rows: each program by Typst's time; with `many`, also our memory for so many editions.

    Raises CalledProcessError where a command fails.
    """
    with bench(project, job, count) as made:
        for name in ("typst_peer", "engine_peer"):
            _spend(made, made.peer(name, _BEFORE))
        first, again, typst, engine = [], [], [], []
        for number in range(rounds):
            output = f"out-{number}"
            first.append(_spend(made, made.ours(1, output)))
            typst.append(_spend(made, made.peer("typst_peer", count)))
            write_rows(schools(count, number + 2), made.folder / f"rows-{number + 2}")
            again.append(_spend(made, made.ours(number + 2, output)))
            engine.append(_whole(_spend(made, made.peer("engine_peer", _PART)), count))
        states = _states(made.folder / output)
        rows = [
            _row(made, "Typst", typst, typst, "", ""),
            _row(made, "the layout engine alone", engine, typst, "", f"{_PART} measured, the rest reckoned"),
            _row(made, "ours, nothing known", first, typst, "≤ 0.2", states),
            _row(made, "ours, page known, other rows", again, typst, "≤ 0.2", states),
        ]
        return rows + ([_memory(made, many)] if many else [])


def _spend(made: Bench, command: list[str]) -> Spent:
    return spend(command, made.project.root)


def _whole(spent: Spent, count: int) -> Spent:
    """What the engine would take for all, from what it took for a part: its start is not repeated."""
    pages = float(spent.said)
    share = count / _PART - 1
    return replace(spent, wall=spent.wall + pages * share, cpu=spent.cpu + PROCESSES * pages * share)


def _states(output: Path) -> str:
    """How many of our editions went which way, from the manifest."""
    with (output / "editions" / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        states = Counter(row["state"].partition(":")[0] for row in csv.DictReader(file))
    return ", ".join(f"{number} {state}" for state, number in sorted(states.items()))


def _row(made: Bench, name: str, spent: list[Spent], typst: list[Spent], goal: str, note: str) -> Row:
    ours, peer = (statistics.median(one.wall for one in runs) for runs in (spent, typst))
    cpu = statistics.median(one.cpu for one in spent)
    measured = [f"{ours:.2f} s, {cpu:.2f} s of CPU", *filter(None, [note])]
    return Row(f"{made.count} editions, {name} / Typst", ours / peer, goal, "; ".join(measured))


def _memory(made: Bench, many: int) -> Row:
    """Our memory for many editions by that for a thousand, each with a known page."""
    seeds = {made.count: 101, many: 102}
    for number, seed in seeds.items():
        write_rows(schools(number, seed), made.folder / f"rows-{seed}")
    spent = {number: spend(made.ours(seed, "out-0"), made.project.root, weigh=True) for number, seed in seeds.items()}
    few, lot = spent[made.count], spent[many]
    measured = f"{lot.memory:.0f} MB / {few.memory:.0f} MB at the peak, all processes; {lot.wall:.1f} s"
    return Row(f"memory, {many} editions / {made.count}", lot.memory / few.memory, "≤ 1.2", measured)
