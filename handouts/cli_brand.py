"""`handouts brand`: the commands about who hands the paper out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from handouts.project import Project


@click.group()
def brand() -> None:
    """Start a brand: your name, logo, colors and figures."""


@brand.command()
@click.argument("name")
def new(name: str) -> None:
    """Start the brand NAME: a file with every key explained, to be filled in.

    \b
      handouts brand new north-valley
    """
    from handouts.findings import Findings
    from handouts.project import project_here
    from handouts.report import finding_lines

    try:
        file = _start(project_here(), name)
    except Findings as error:
        for line in finding_lines(error.findings):
            click.echo(line, err=True)
        sys.exit(1)
    click.echo(f"{file}  written: fill it in, then run: handouts build specialty --brand {name}")


def _start(project: Project, name: str) -> str:
    """Write a brand's file, never over another; Findings where it cannot be, each with what to do."""
    from handouts import brands
    from handouts.findings import Finding, Findings
    from handouts.project import put_in_place

    if not Path.cwd().resolve().is_relative_to(project.root):
        message = "this folder is no project, and a brand is a part of one"
        hint = "go to your project's folder, or start one: handouts new my-handouts"
        raise Findings([Finding("", 0, message, hint)])
    if advice := brands.check_name(name, project.formats()):
        raise Findings([Finding("", 0, *advice)])
    file = f"{brands.FOLDER}/{name}/brand.toml"
    twin = next((one for one in project.brands() if one.lower() == name.lower()), "")
    if twin and brands.is_own(project, f"{brands.FOLDER}/{twin}/brand.toml"):
        hint = "write in it, or start one with another name"
        raise Findings([Finding(f"{brands.FOLDER}/{twin}/brand.toml", 0, "is there already, and is kept", hint)])
    starter = project.text(f"{brands.FOLDER}/starter.toml")
    put_in_place(project.root / file, starter.replace("--brand NAME", f"--brand {name}").encode())
    return file
