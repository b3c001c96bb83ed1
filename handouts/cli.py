"""The command line: options and words. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import contextlib
import io
import os
import sys

import click
from click.shell_completion import CompletionItem

import handouts
from handouts import cli_brand, cli_merge

PAPERS = ("letter", "a4")


class _Group(click.Group):
    """Ctrl-C ends every command with one line and the exit code that shells know it by."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted; what was built stays", err=True)
            ctx.exit(130)


def _project():
    from handouts.project import project_here

    return project_here()


def _complete_format(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from handouts.findings import Findings

    try:
        return [name for name in [*_project().formats(), "all"] if name.startswith(incomplete)]
    except Findings:  # a shell has no place to show them; the command itself will
        return []


def _complete_subject(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from handouts.catalog import subjects_of
    from handouts.findings import Findings

    chosen = set(context.params.get("subjects") or ())
    try:
        known = subjects_of(_project(), context.params.get("format_name") or "")
    except Findings:
        return []
    return [name for name in known if name.startswith(incomplete) and name not in chosen]


def _complete_brand(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from handouts.findings import Findings

    try:
        return [name for name in _project().brands() if name.startswith(incomplete)]
    except Findings:
        return []


def _complete_words(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[object]:
    """A format, then its subjects; where none begins so, files."""
    words = context.params.get("words") or ()
    if words:
        context.params |= {"format_name": words[0], "subjects": words[1:]}
        found = _complete_subject(context, parameter, incomplete)
    else:
        found = _complete_format(context, parameter, incomplete)
    return [*found] or [CompletionItem(incomplete, type="file")]


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(handouts.__version__, prog_name="handouts")
def main() -> None:
    """Make printed handouts: one-pagers, topic handouts and a booklet, from Markdown to polished, accessible PDF."""


main.add_command(cli_brand.brand)
main.add_command(cli_merge.merge)


@main.command()
@click.argument("format_name", metavar="FORMAT", shell_complete=_complete_format)
@click.argument("subjects", metavar="[SUBJECT]...", nargs=-1, shell_complete=_complete_subject)
@click.option(
    "--paper",
    type=click.Choice(PAPERS),
    default="letter",
    show_default=True,
    help="The paper it is printed on; a booklet's page is half of it.",
)
@click.option(
    "--brand",
    metavar="NAME",
    default="default",
    show_default=True,
    shell_complete=_complete_brand,
    help="Who hands it out: a folder of styles/brands.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    default="output",
    show_default=True,
    help="The folder the PDFs are written to.",
)
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Build so many at once.  [default: every core]")
@click.option("--force", is_flag=True, help="Build also what has not changed.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    default=None,
    help='Build on the workers of a Dask cluster: its scheduler, such as tcp://HOST:8786, or "local".',
)
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
def build(
    format_name: str,
    subjects: tuple[str, ...],
    paper: str,
    brand: str,
    output: str,
    jobs: int | None,
    force: bool,
    cluster: str | None,
    strict: bool,
    as_json: bool,
) -> None:
    """Build PDFs of FORMAT, for every SUBJECT or for those named.

    FORMAT is a folder of templates, such as specialty, topic or booklet, or "all". Case, spaces and hyphens in a
    SUBJECT do not matter.

    \b
      handouts build booklet
      handouts build specialty ultrasound
      handouts build specialty ct "Nuclear Medicine"
      handouts build all --paper a4
      handouts build specialty --brand northgate
    """
    from handouts import report
    from handouts.build import run, unchanged
    from handouts.findings import Findings
    from handouts.planning import outline, plan

    done = 0

    def tell(result) -> None:
        nonlocal done
        done += 1
        if not as_json:
            count = f"[{done}/{len(planned)}] " if len(planned) > 1 else ""
            click.echo(count + report.line(result))

    results, planned = [], []
    try:
        project, words = _project(), {"output": output, "paper": paper, "brand": brand}
        known, workers, afar = [], 1, contextlib.nullcontext()
        if not force:
            with contextlib.suppress(Findings):  # told by the plan below, and with it whatever else is wrong
                planned = plan(project, format_name, subjects, **words, shape=outline)
                known = unchanged(planned)
        if not known or len(known) < len(planned):
            from handouts.workers import Cluster, cores

            _load_layout()
            planned, workers = plan(project, format_name, subjects, **words), jobs or cores()
            afar = Cluster(cluster, workers) if cluster else afar
        with afar as workplace:
            results = run(planned, workers, tell, known, workplace)
        found, code = (), report.exit_code(results, strict)
    except Findings as error:
        found, code = error.findings, report.ExitCode.FINDINGS
    _tell_findings([*found, *(finding for result in results for finding in result.findings)])
    if as_json:
        click.echo(report.as_json(results, found))
    sys.exit(code)


@main.command()
@click.argument("words", metavar="[FORMAT [SUBJECT]... | FILE.pdf...]", nargs=-1, shell_complete=_complete_words)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    default="output",
    show_default=True,
    help="The folder that the PDFs were written to.",
)
@click.option(
    "--brand",
    metavar="NAME",
    default=None,
    shell_complete=_complete_brand,
    help="Judge what was built with this brand.  [default: default; without FORMAT, all]",
)
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Judge so many at once.  [default: every core]")
@click.option("--picture", is_flag=True, help="Write a picture of each page with its findings boxed, to OUTPUT/proofs.")
@click.option("--strict", is_flag=True, help="Count warnings as errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(
    words: tuple[str, ...],
    output: str,
    brand: str | None,
    jobs: int | None,
    picture: bool,
    strict: bool,
    as_json: bool,
) -> None:
    """Judge what is built, and the words it is built from, before it is printed.

    Without arguments: all content and brands of the project, and all its PDFs. With a FORMAT: its PDFs on every paper.
    With files: any PDF, also one that others made.

    \b
      handouts check
      handouts check specialty ultrasound --picture
      handouts check flyer.pdf --strict
    """
    from handouts import report
    from handouts.check import check as run_check
    from handouts.findings import Findings
    from handouts.workers import cores

    try:
        project = _project()
        verdicts, findings = run_check(project, words, output, PAPERS, jobs or cores(), picture, brand)
    except Findings as error:
        verdicts, findings = [], list(error.findings)
    if as_json:
        click.echo(report.check_json(verdicts, findings))
    else:
        colored = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        import shutil

        width = shutil.get_terminal_size((100, 24)).columns
        click.echo(report.check_tables(verdicts, findings, max(70, width), colored))
    sys.exit(report.check_code(findings, strict))


@main.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def list_(as_json: bool) -> None:
    """List the formats, their subjects, the brands, and the files they are built from."""
    from handouts.catalog import brand_files, catalog, catalog_json, catalog_lines
    from handouts.findings import Findings

    entries, brands, found = [], {}, ()
    try:
        project = _project()
        entries, brands = catalog(project), brand_files(project)
    except Findings as error:
        found = error.findings
    _tell_findings(found)
    if as_json:
        click.echo(catalog_json(entries, brands, found))
    elif not found:
        click.echo("\n".join(catalog_lines(entries, brands)))
    sys.exit(1 if found else 0)


@main.command()
def doctor() -> None:
    """Test that this machine can build: Pango, fonts, templates; for what is missing, say how to mend it."""
    from handouts.doctor import diagnose, report
    from handouts.project import ROOMS, shipped_root

    checks = diagnose({room: shipped_root() / room for room in ROOMS})
    click.echo(report(checks))
    sys.exit(0 if all(check.ok for check in checks) else 1)


def _tell_findings(findings) -> None:
    from handouts.report import finding_lines

    for text in finding_lines(findings):
        click.echo(text, err=True)


def _load_layout() -> None:
    """Load the layout engine, or say in place of a trace which system library is missing and how to get it."""
    from handouts.findings import Finding, Findings

    try:
        # The engine prints a banner of its own before it fails.
        with contextlib.redirect_stdout(io.StringIO()):
            import handouts.pdf  # noqa: F401
    except OSError as error:
        from handouts.doctor import pango_message

        raise Findings([Finding("", 0, pango_message(error))]) from error
