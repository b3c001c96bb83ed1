"""The small invented project of tests/project, copied where a test may break it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from handouts.cli import main
from handouts.project import Project

PROJECT = Path(__file__).parent / "project"
BAKER = "content/specialties/baker.md"
KILN = "styles/brands/kiln/brand.toml"


def copied(folder: Path) -> Path:
    """A copy of the project in `folder`; the link out of a temporary folder's own name is resolved."""
    root = folder.resolve() / "trades"
    shutil.copytree(PROJECT, root)
    return root


def change(root: Path, file: str, old: str, new: str) -> None:
    """Replace the first `old` of a file, or write the whole file where `old` is empty."""
    path = root / file
    if not old:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(new, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def with_brand(root: Path, text: str, name: str = "kiln") -> Project:
    """The project with one more brand."""
    change(root, f"styles/brands/{name}/brand.toml", "", text)
    return Project(root)


def run(root: Path, *arguments: str) -> Result:
    """The command in a project's folder; an error that is no exit is a bug and is raised."""
    before = Path.cwd()
    os.chdir(root)
    try:
        result = CliRunner().invoke(main, arguments)
    finally:
        os.chdir(before)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def said(root: Path, *arguments: str) -> list[str]:
    """What a build says is wrong, line by line, without the word "error" before it."""
    result = run(root, "build", *arguments)
    lines = result.stderr.splitlines()
    assert result.exit_code == (1 if lines else 0)
    assert all(line.startswith("error: ") for line in lines)
    assert not lines or "not built" in result.stdout or not result.stdout
    return [line.removeprefix("error: ").replace(str(root), "ROOT") for line in lines]


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of `tests/messages/NAME.toml`: what is broken, and what is said of it, word for word."""
    return tomllib.loads((Path(__file__).parent / "messages" / f"{name}.toml").read_text(encoding="utf-8"))["case"]


def broken(root: Path, case: dict[str, Any]) -> list[str]:
    """Break a project as a case tells, build it, and return what is said."""
    for file, old, new in case["change"]:
        change(root, file, old, new)
    return said(root, *case["build"])


def as_json(result: Result) -> Any:
    return json.loads(result.stdout)


def command(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m handouts` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "handouts", *arguments],
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
