"""Options that several commands have, so that each means the same wherever it is typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

strict = click.option("--strict", is_flag=True, help="Count warnings as errors.")


def output(told: str) -> _Decorator:
    """`-o`: the folder of the PDFs; `told` is the help."""
    return click.option(
        "-o", "--output", type=click.Path(file_okay=False), default="output", show_default=True, help=told
    )


def jobs(verb: str) -> _Decorator:
    """`--jobs`: how many processes; None where nobody says."""
    told = f"{verb} so many at once.  [default: every core]"
    return click.option("--jobs", type=click.IntRange(min=1), default=None, help=told)


def as_json(what: str) -> _Decorator:
    """`--json`, as the argument `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=f"Print {what} as JSON.")
