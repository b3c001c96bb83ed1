"""`handouts format`: the commands about formats of one's own."""

from __future__ import annotations

import sys

import click

from handouts import completing


@click.group("format")
def format_() -> None:
    """Start a format of your own: a poster, a card, a flyer."""


@format_.command()
@click.argument("name")
@click.option(
    "--like",
    metavar="FORMAT",
    default=None,
    shell_complete=completing.formats,
    help="The format that it is made like.",
)
def new(name: str, like: str | None) -> None:
    """Start the format NAME: the page and the looks of another one, copied for you to change.

    \b
      handouts format new poster --like specialty
    """
    from handouts.findings import Finding, Findings
    from handouts.formats import alike, start_format
    from handouts.project import project_here
    from handouts.provenance import outside
    from handouts.report import finding_lines

    told = []
    try:
        project = project_here()
        if found := outside(project):
            raise Findings(found)
        if like is None:
            told = alike(project)
            hint = "add --like and the name of one of these:" if told else "there is none yet"
            raise Findings([Finding("", 0, "a format is made like one that is there", hint)])
        started = start_format(project, name, like)
    except Findings as error:
        for line in (*finding_lines(error.findings), *told):
            click.echo(line, err=True)
        sys.exit(1)
    click.echo("\n".join(started.lines()))
