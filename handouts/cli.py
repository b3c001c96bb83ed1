"""The command line: options and words. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

import click

import handouts
from handouts import cli_brand, cli_format, cli_impose, cli_merge, cli_new, cli_preview, cli_schema, completing, options
from handouts.completing import SCREEN

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


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(handouts.__version__, prog_name="handouts")
def main() -> None:
    """Make printed handouts: one-pagers, topic handouts and a booklet, from Markdown to polished, accessible PDF."""


main.add_command(cli_brand.brand)
main.add_command(cli_format.format_)
main.add_command(cli_impose.impose)
main.add_command(cli_merge.merge)
main.add_command(cli_new.new)
main.add_command(cli_preview.preview)
main.add_command(cli_schema.schema)


@main.command()
@click.argument("format_name", metavar="FORMAT", shell_complete=completing.format_then_subjects)
@click.argument("subjects", metavar="[SUBJECT]...", nargs=-1, shell_complete=completing.format_then_subjects)
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
    shell_complete=completing.brands,
    help="Who hands it out: a folder of styles/brands.",
)
@click.option(
    "--for",
    "purpose",
    metavar="PROFILE",
    default=SCREEN,
    show_default=True,
    shell_complete=completing.profiles,
    help="What it is made for: screen, press (a print shop) or office (a copier).",
)
@click.option("--large-print", is_flag=True, help="For people who need large print: 18 points, more pages.")
@click.option("--ink-saver", is_flag=True, help="As little ink as can be.")
@click.option("--grey", is_flag=True, help="Greys alone.")
@click.option("--marks", is_flag=True, help="With --for press: crop marks, and a line that names file and page.")
@click.option(
    "--icc",
    type=click.Path(),
    default=None,
    help="With --for press: the printer's color profile, a file.",
)
@click.option("--imposed", is_flag=True, help="Lay a booklet onto sheets too, to be printed and folded.")
@options.output("The folder the PDFs are written to.")
@options.jobs("Build")
@click.option("--force", is_flag=True, help="Build also what has not changed.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    default=None,
    help='Build on the workers of a Dask cluster: its scheduler, such as tcp://HOST:8786, or "local".',
)
@options.strict
@options.as_json("the results")
def build(
    format_name: str,
    subjects: tuple[str, ...],
    paper: str,
    brand: str,
    purpose: str,
    large_print: bool,
    ink_saver: bool,
    grey: bool,
    marks: bool,
    icc: str | None,
    imposed: bool,
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
      handouts build all --for press --icc printer.icc
      handouts build topic --for office --grey
      handouts build booklet --large-print
      handouts build booklet --for office --imposed
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
        flags = {"large-print": large_print, "ink-saver": ink_saver, "grey": grey}
        words["profiles"] = [name for name in (purpose, *filter(flags.get, flags)) if name != SCREEN]
        words["wishes"] = [("marks", "true")] * marks + ([("icc", str(Path(icc).absolute()))] if icc else [])
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
        if words["profiles"] and not as_json and any(result.built for result in results):
            from handouts.profiles import asks, load_profile

            for sentence in asks(load_profile(project, words["profiles"], words["wishes"])):
                click.echo(sentence)
        if imposed:
            from handouts.sheeting import lay_on_sheets

            sheets = lay_on_sheets(results)
            found = tuple(finding for one in sheets for finding in one.findings)
            code = report.ExitCode.FINDINGS if strict and found else code
            if not as_json:
                click.echo("\n".join(map(str, sheets)))
    except Findings as error:
        found, code = error.findings, report.ExitCode.FINDINGS
    _tell_findings([*found, *(finding for result in results for finding in result.findings)])
    if as_json:
        click.echo(report.as_json(results, found))
    sys.exit(code)


@main.command()
@click.argument("words", metavar="[FORMAT [SUBJECT]... | FILE.pdf...]", nargs=-1, shell_complete=completing.words)
@options.output("The folder that the PDFs were written to.")
@click.option(
    "--brand",
    metavar="NAME",
    default=None,
    shell_complete=completing.brands,
    help="Judge what was built with this brand.  [default: default; without FORMAT, all]",
)
@options.jobs("Judge")
@click.option("--picture", is_flag=True, help="Write a picture of each page with its findings boxed, to OUTPUT/proofs.")
@options.strict
@options.as_json("the findings")
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
@click.option("--where", is_flag=True, help="List every file that looks are made of: which one wins, yours or ours.")
@options.as_json("it")
def list_(where: bool, as_json: bool) -> None:
    """List the formats, their subjects, the brands, and the files they are built from."""
    from handouts.catalog import brand_files, catalog, catalog_json, catalog_lines
    from handouts.findings import Findings

    entries, brands, found, places = [], {}, (), None
    try:
        project = _project()
        if where:
            from handouts.provenance import origin_lines, origins

            places = origins(project)
        entries, brands = catalog(project), brand_files(project)
    except Findings as error:
        found = error.findings
    _tell_findings(found)
    if as_json:
        click.echo(catalog_json(entries, brands, found, places))
    elif places is not None:
        click.echo("\n".join(origin_lines(project, places)))
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
