"""What a shell offers while a command is typed: names of the project at hand.

Where the project cannot be read, nothing: a shell has no place to show findings, and the command itself will.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

# What a PDF is for unless it is said: the profile that has no folder.
SCREEN = "screen"


def format_then_subjects(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """A format, or "all"; where one is given already, its subjects that are not."""
    from handouts.catalog import subjects_of
    from handouts.project import project_here

    name, chosen = context.params.get("format_name"), set(context.params.get("subjects") or ())

    def known() -> Iterable[str]:
        project = project_here()
        return subjects_of(project, name) if name else [*project.formats(), "all"]

    return [one for one in _offered(known, incomplete) if one not in chosen]


def formats(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from handouts.project import project_here

    return _offered(lambda: project_here().formats(), incomplete)


def brands(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from handouts.project import project_here

    return _offered(lambda: project_here().brands(), incomplete)


def profiles(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    from handouts.project import project_here

    return _offered(lambda: (SCREEN, *project_here().profiles()), incomplete)


def words(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[object]:
    """A format, then its subjects; where none begins so, files."""
    if given := context.params.get("words") or ():
        context.params |= {"format_name": given[0], "subjects": given[1:]}
    found = format_then_subjects(context, parameter, incomplete)
    return [*found] or [CompletionItem(incomplete, type="file")]


def _offered(known: Callable[[], Iterable[str]], incomplete: str) -> list[str]:
    from handouts.findings import Findings

    try:
        return [name for name in known() if name.startswith(incomplete)]
    except Findings:
        return []
