"""`handouts preview`: what will be printed, in a browser, as it is written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts import options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handouts.editions.rows import Order
    from handouts.project import Project

PORT = 8765


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Where it is served; if taken, the next that is free. 0 takes any.",
)
@click.option("--open/--no-open", "opens", default=True, show_default=True, help="Open it in your browser.")
@click.option(
    "--editions",
    metavar="TABLE",
    type=click.Path(path_type=Path),
    default=None,
    help="A spreadsheet (CSV or .xlsx) whose rows can be chosen.",
)
@options.output("The folder the PDFs are written to.")
def preview(port: int, opens: bool, editions: Path | None, output: str) -> None:
    """Show in your browser what will be printed, while you write.

    Every product is there with its pages and findings. Save a file, and what depends on it is built anew and changes
    before your eyes. Only this computer can see it. Ctrl-C ends it.

    \b
      handouts preview
      handouts preview --editions schools.csv
      handouts preview --port 9000 --no-open
    """
    from handouts.findings import Findings
    from handouts.project import Project, project_here
    from handouts.report import finding_lines

    try:
        project = project_here()
        beside = editions.absolute().parent if editions else None
        orders = _rows(Project(project.root, beside), editions) if editions else {}
        code = _serve(project, orders, str(beside or ""), output, port, opens)
    except Findings as error:
        for line in finding_lines(error.findings):
            click.echo(line, err=True)
        code = 1
    sys.exit(code)


def _rows(project: Project, table: Path) -> Mapping[str, Order]:
    """The good rows of a spreadsheet by their ids; what is wrong with others is told."""
    from handouts.editions.rows import Roll
    from handouts.editions.spreadsheet import read_table
    from handouts.project import read_named
    from handouts.report import finding_lines

    orders = list(Roll(project, read_table(read_named(table), str(table))).orders())
    for line in finding_lines([finding for order in orders for finding in order.findings]):
        click.echo(line, err=True)
    return {order.id: order for order in orders if order.edition}


def _serve(project: Project, orders: Mapping[str, Order], beside: str, output: str, port: int, opens: bool) -> int:
    """Serve until Ctrl-C, which is raised when all is ended."""
    import threading
    import webbrowser

    from handouts.findings import Finding, Findings
    from handouts.preview.serving import Server
    from handouts.preview.studio import Studio
    from handouts.preview.watching import Watch
    from handouts.project import FILE

    series = project.toml(FILE).get("series") if project.find(FILE) else ""
    studio = Studio(project, output, orders, beside)
    try:
        server = Server(studio, str(series or project.root.name), port)
    except OSError as error:
        message = f"port {port} is taken, and so are the next"
        raise Findings([Finding("", 0, message, "choose another with --port")]) from error
    watch = Watch(project.root, studio.changed, studio.survey)

    def ready() -> None:
        if port not in (0, server.port):
            click.echo(f"port {port} is taken; using {server.port}")
        click.echo(f"preview of {project.root.name}: {server.address}  (Ctrl-C ends it)")
        if opens:
            # In a thread, since a browser in the terminal does not come back.
            threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()

    try:
        studio.start()
        watch.start()
        server.serve_until_interrupted(ready)
    finally:
        watch.close()
        studio.close()
    return 0
