"""`handouts merge`: a spreadsheet in, a set of PDFs for each of its rows out."""

from __future__ import annotations

import contextlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts import completing, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handouts.editions.masters import Press
    from handouts.editions.merge import Done, Engine, Merged
    from handouts.findings import Finding
    from handouts.job import Job
    from handouts.project import Project
    from handouts.report import ExitCode

# How often a run tells where it is: on a terminal, and where its words go to a file.
_OFTEN, _SELDOM = 0.1, 5.0


def _print_columns(context: click.Context, parameter: click.Parameter, asked: bool) -> None:
    if not asked or context.resilient_parsing:
        return
    from handouts.editions.columns import column_lines

    click.echo("\n".join(column_lines()))
    context.exit()


@click.command()
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@click.argument("format_name", metavar="FORMAT", shell_complete=completing.format_then_subjects)
@click.argument("subjects", metavar="[SUBJECT]...", nargs=-1, shell_complete=completing.format_then_subjects)
@click.option(
    "--columns", is_flag=True, is_eager=True, expose_value=False, callback=_print_columns, help="Print the columns."
)
@click.option("--ignore", metavar="COLUMN", multiple=True, help="Leave out a column of the table; may be repeated.")
@click.option("--keep-going", is_flag=True, help="Build the good rows, though others are bad.")
@click.option("--one-file", is_flag=True, help="Also bind all PDFs into one for the print shop, in the rows' order.")
@click.option("--zip", "zipped", is_flag=True, help="Also pack the PDFs of each row into one archive.")
@click.option(
    "--paper",
    type=click.Choice(("letter", "a4")),
    default="letter",
    show_default=True,
    help="The paper, where a row names none.",
)
@click.option(
    "--brand", metavar="NAME", default="default", show_default=True, help="The brand, where a row names none."
)
@options.output("The folder that gets the folder editions.")
@options.jobs("Build")
@click.option("--force", is_flag=True, help="Build also what is done already.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    default=None,
    help='Build on the workers of a Dask cluster: its scheduler, such as tcp://HOST:8786, or "local".',
)
@options.strict
@options.as_json("the results")
def merge(
    table: Path,
    format_name: str,
    subjects: tuple[str, ...],
    ignore: tuple[str, ...],
    keep_going: bool,
    one_file: bool,
    zipped: bool,
    paper: str,
    brand: str,
    output: str,
    jobs: int | None,
    force: bool,
    cluster: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Build PDFs of FORMAT for each row of TABLE, a spreadsheet (CSV or .xlsx).

    A row is a school or booth: its name, colors, logo, address. Every row is checked before anything is built. The PDFs
    go to a folder for each row, with a list of all. When it was cut off, the same command goes on where it stopped.

    \b
      handouts merge schools.csv specialty ultrasound ct
      handouts merge schools.xlsx all --zip
      handouts merge --columns
    """
    from handouts import report
    from handouts.editions.merge import Wish
    from handouts.editions.merge import merge as run_merge
    from handouts.editions.rows import Roll
    from handouts.editions.spreadsheet import read_table
    from handouts.findings import Findings
    from handouts.project import Project, project_here
    from handouts.workers import Cluster, cores

    progress = _Progress(quiet=as_json)
    merged, found = None, ()
    try:
        beside = table.absolute().parent
        project = Project(project_here().root, beside)
        # In a list and not under a name: its rows are let go when they are read.
        roll = [Roll(project, read_table(_bytes(table), str(table)), ignore)]
        planned = _plan(project, format_name, subjects, output, paper, brand)
        wish = Wish(tuple(planned), str(beside), force, zipped, one_file, keep_going)
        with Cluster(cluster, jobs or cores()) if cluster else contextlib.nullcontext() as afar:
            workers = afar.size if afar else jobs or cores()
            try:
                tell = progress.note, progress.begin
                merged = run_merge(roll.pop(), wish, _engine(), workers, *tell, afar, progress.lay_out)
            finally:
                progress.end()
        found = merged.findings
    except Findings as error:
        found = error.findings
    for line in report.finding_lines(found):
        click.echo(line, err=True)
    if as_json:
        click.echo(_json(merged, found))
    elif merged:
        click.echo(_summary(merged))
        if merged.bound:
            click.echo(merged.bound)
    sys.exit(_code(merged, found, strict))


def _bytes(table: Path) -> bytes:
    from handouts.editions.spreadsheet import MOST_BYTES
    from handouts.findings import Finding, Findings
    from handouts.project import read_named

    if table.is_file() and (size := table.stat().st_size) > MOST_BYTES:
        message = f"is {size / 1e6:.0f} MB long, more than the {MOST_BYTES // 1_000_000} MB that are read"
        raise Findings([Finding(str(table), 0, message, "check that it is the right file, or split it")])
    return read_named(table)


def _plan(
    project: Project, format_name: str, subjects: tuple[str, ...], output: str, paper: str, brand: str
) -> list[Job]:
    """The products. What is wrong with a format is told by the plan that checks it, which takes longer to load."""
    from handouts.findings import Findings
    from handouts.planning import checked, outline, plan

    words = {"output": output, "paper": paper, "brand": brand}
    try:
        return plan(project, format_name, subjects, **words, shape=outline)
    except Findings:
        return plan(project, format_name, subjects, **words, shape=checked)


def _engine() -> Engine:
    from handouts.editions.masters import frame_of, is_known
    from handouts.editions.merge import Engine

    return Engine(frame_of, _prepare, is_known, _load)


def _prepare(job: Job) -> Press:
    from handouts.editions.masters import prepare

    with _libraries():
        return prepare(job)


def _load() -> None:
    from handouts.editions.masters import load_layout

    with _libraries():
        load_layout()


@contextlib.contextmanager
def _libraries() -> Iterator[None]:
    """Where the layout engine lacks a library of the system, a finding says which."""
    from handouts.findings import Finding, Findings

    try:
        yield
    except OSError as error:
        # That of a file has a number.
        if error.errno is not None:
            raise
        from handouts.doctor import pango_message

        raise Findings([Finding("", 0, pango_message(error))]) from error


class _Progress:
    """Tells how far a merge is: PDFs done, how many a second, and when it ends. Words go beside the results."""

    def __init__(self, quiet: bool):
        self._terminal = sys.stderr.isatty()
        self._quiet = quiet
        self._shown = False
        self._total = self._done = 0
        self._began = self._told = 0.0

    def lay_out(self, count: int) -> None:
        from handouts.findings import counted

        if self._terminal and not self._quiet:
            self._show(f"laying out {counted(count, 'page')} that editions are stamped on…")

    def begin(self, total: int) -> None:
        self.end()
        self._total, self._began = total, time.monotonic()
        self._told = self._began

    def note(self, done: Done) -> None:
        self._done += done.states.total() - done.states["unchanged"]
        now = time.monotonic()
        if self._quiet or now - self._told < (_OFTEN if self._terminal else _SELDOM):
            return
        self._told = now
        rate = self._done / (now - self._began)
        ends = time.strftime("%H:%M:%S", time.localtime(time.time() + (self._total - self._done) / max(rate, 1e-6)))
        line = f"{self._done:,} of {self._total:,} PDFs, {rate:,.1f} a second, ends at {ends}"
        if self._terminal:
            self._show(line)
        else:
            click.echo(line, err=True)

    def _show(self, line: str) -> None:
        """On a terminal: in place of the line before, with the cursor behind it."""
        click.echo(f"\r\x1b[K{line}", err=True, nl=False)
        self._shown = True

    def end(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
        self._shown = False


def _summary(merged: Merged) -> str:
    """ "output/editions/manifest.csv  990 PDFs fast, 10 in full, 40 of them unchanged"."""
    from handouts.editions.manifest import NOT_BUILT
    from handouts.findings import counted
    from handouts.updating import FAST, FULL

    states = merged.states
    built = states[FAST] + states[FULL]
    told = [counted(built, "PDF"), f"{states[FAST]} fast", f"{states[FULL]} in full"]
    told += [f"{states[key]} {key}" for key in ("unchanged", NOT_BUILT) if states[key]]
    return f"{merged.manifest}  {', '.join(told)}"


def _json(merged: Merged | None, found: tuple[Finding, ...]) -> str:
    import json
    from dataclasses import asdict

    from handouts.editions.manifest import read_records

    told = {
        "manifest": merged.manifest if merged else None,
        "one_file": (merged.bound or None) if merged else None,
        "states": dict(sorted(merged.states.items())) if merged else {},
        "editions": [asdict(one) for part in merged.lines for one in read_records(part)] if merged else [],
        "findings": [finding.record for finding in found],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _code(merged: Merged | None, found: tuple[Finding, ...], strict: bool) -> ExitCode:
    from handouts.editions.manifest import NOT_BUILT
    from handouts.report import ExitCode, check_code

    if merged is None or merged.states[NOT_BUILT]:
        return ExitCode.FINDINGS
    return check_code(found, strict)
