"""`handouts schema`: what editors need to help while somebody writes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False),
    default=None,
    help="The folder they are written to.  [default: schemas, in the project]",
)
@click.option("--check", is_flag=True, help="Write nothing; say which are missing, or of another version.")
def schema(output: str | None, check: bool) -> None:
    """Write JSON Schemas of the files that people write, so that an editor explains keys and marks mistakes.

    \b
      handouts schema
      handouts schema --check
    """
    from handouts.findings import Findings
    from handouts.project import project_here
    from handouts.provenance import outside
    from handouts.report import finding_lines
    from handouts.schemas import FILES, FOLDER, check_schemas, write_schemas

    written, found = [], []
    try:
        project = project_here()
        if output is None and (found := outside(project)):
            raise Findings(found)
        folder = project.root / FOLDER if output is None else Path(output)
        shown = os.path.relpath(folder) if output is None else output
        if check:
            found = check_schemas(folder, shown, f" -o {output}" if output else "")
        else:
            written = write_schemas(folder)
    except Findings as error:
        found = list(error.findings)
    for line in finding_lines(found):
        click.echo(line, err=True)
    if found:
        sys.exit(1)
    count = "all as this version writes them" if check or not written else f"{len(written)} written"
    click.echo(f"{shown}  {len(FILES)} schemas, {count}")
