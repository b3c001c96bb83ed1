"""`handouts new`: a project of one's own, from the starter or from a folder of texts."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from handouts.starter import Started

_STARTED = """
Next:

1. Go into the folder.
     cd {folder}

2. Build a sheet, and open {file}
     handouts build {format} {subject}

3. Make it yours. In any text editor, open styles/brands/default/brand.toml and write your name, phone number and
   color; the words are in the folder content. Then build everything, and check it before you print.
     handouts build all
     handouts check
"""
_IMPORTED = """
Next:

1. Go into the folder.
     cd {folder}

2. Build everything, and look into the folder output.
     handouts build all

3. Make it yours: the texts are in content. A brand prints your name, phone number and color.
     handouts brand new my-school
     handouts build all --brand my-school
"""


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--from", "source", metavar="FOLDER", default=None, help="Make it of the Markdown files in FOLDER.")
def new(folder: str, source: str | None) -> None:
    """Start a project of your own in the folder DIR.

    It begins as a small set that can be built at once: sheets, handouts, a booklet, and a brand. Notes in each file
    tell what to change. With --from, it begins with your own texts. Nothing that is in DIR already is written over.

    \b
      handouts new my-handouts
      handouts new my-handouts --from texts
    """
    from handouts.findings import Findings, errors
    from handouts.report import finding_lines
    from handouts.starter import project_around, start

    if not folder.strip() or (source is not None and not source.strip()):
        raise click.UsageError("the name of a folder is empty")
    target, said, found = Path(folder), "", ()
    try:
        if source is None:
            said = _told(start(target))
        else:
            from handouts.importing.importing import import_folder

            imported = import_folder(Path(source), target)
            said, found = "\n".join([*imported.lines(), _IMPORTED]), imported.findings
    except Findings as error:
        found = error.findings
    for line in finding_lines(found):
        click.echo(line, err=True)
    if said:
        if around := project_around(target):
            click.echo(f"It lies in another project, {around}: each builds its own content, and not the other's.")
        click.echo(said.replace("{folder}", _typed(target)), nl=False)
    sys.exit(1 if errors(found) else 0)


def _told(started: Started) -> str:
    """What was made and what to do next, with a sheet that can be built as the example."""
    from handouts.planning import outline, output_name, plan
    from handouts.project import Project

    jobs = plan(Project(started.folder.resolve()), "all", [], shape=outline)
    sheets = [job for job in jobs if job.subject]
    sheet = [job for job in sheets if job.format == sheets[0].format][-1]
    steps = _STARTED.replace("{format}", sheet.format).replace("{subject}", sheet.subject)
    steps = steps.replace("{file}", f"{sheet.output}/{output_name(sheet)}")
    kept = [f"{started.folder / name}  is your own and is kept; ours is left out" for name in started.kept]
    return "\n".join([f"{started.folder}  made: {len(started.files)} files, for {len(jobs)} PDFs", *kept, steps])


def _typed(folder: Path) -> str:
    """A folder as it is typed after cd, in any shell; one that begins with a hyphen would be an option."""
    return shlex.quote(f"./{folder}" if str(folder).startswith("-") else str(folder))
