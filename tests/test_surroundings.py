"""The command on machines that lack something: a library, a home, a folder, a permission; and how light it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from trades import command, run

HEAVY = ("weasyprint", "pydantic", "jinja2", "markdown", "pikepdf", "citeproc", "yaml", "zxingcpp")


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["list", "--json"], ["build", "--help"], ["--version"]])
def test_light_commands_load_nothing_heavy(trades: Path, arguments: list[str]) -> None:
    program = f"""
import contextlib, io, sys
import handouts.cli
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    handouts.cli.main({arguments!r})
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-c", program], cwd=trades, capture_output=True, text=True, check=True)
    assert result.stdout == "\n"


WITHOUT_PANGO = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            print("-----\\nWeasyPrint could not import some external libraries.\\n-----")
            raise OSError("cannot load library 'libpango-1.0-0': not found")
sys.meta_path.insert(0, Finder())
"""


def test_without_pango(trades: Path) -> None:
    """One message in place of a trace, and standard output stays what it is."""
    site = trades.parent / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(WITHOUT_PANGO)
    result = command(trades, "build", "card", PYTHONPATH=str(site))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("error: the libraries that lay out text cannot be loaded: cannot load library")
    assert len(result.stderr.splitlines()) == 1
    result = command(trades, "build", "card", "--json", PYTHONPATH=str(site))
    assert result.returncode == 1
    assert json.loads(result.stdout)["findings"][0]["message"].startswith("the libraries that lay out text")
    assert command(trades, "list", PYTHONPATH=str(site)).returncode == 0


def test_without_a_home(trades: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in {"HOME", "XDG_CACHE_HOME"}}
    result = subprocess.run(
        [sys.executable, "-m", "handouts", "build", "card", "baker"],
        cwd=trades,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "output/card/baker.pdf  1 page\n", "")


def test_in_a_folder_that_was_deleted(trades: Path) -> None:
    gone = trades / "gone"
    gone.mkdir()
    program = f"import os; os.rmdir({str(gone)!r}); from handouts.cli import main; main(['list'])"
    result = subprocess.run([sys.executable, "-c", program], cwd=gone, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "error: the folder you are in is no longer there · go to another one with cd\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_project_that_is_read_only(trades: Path) -> None:
    trades.chmod(0o555)
    try:
        result = run(trades, "build", "card", "baker")
    finally:
        trades.chmod(0o755)
    assert result.exit_code == 1
    assert result.stderr.startswith("error: output/card/baker.pdf  cannot be written: Permission denied")
