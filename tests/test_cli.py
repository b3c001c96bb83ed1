"""The command line as people and programs meet it: words, exit codes, JSON, completion, interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from trades import BAKER, as_json, change, command, run

import handouts
from handouts.cli import main


def test_version() -> None:
    result = CliRunner().invoke(main, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"handouts, version {handouts.__version__}\n")


def test_help() -> None:
    text = CliRunner().invoke(main, ["-h"]).stdout
    commands = [line.split()[0] for line in text.split("Commands:")[1].strip().splitlines()]
    own = ["brand", "format", "new", "preview", "schema"]
    assert commands == sorted([*own, "build", "check", "doctor", "impose", "list", "merge"])
    text = CliRunner().invoke(main, ["build", "--help"]).stdout
    for words in ("FORMAT [SUBJECT]...", 'handouts build specialty ct "Nuclear Medicine"', "[default: every core]"):
        assert words in text
    for option in ("--paper", "-o, --output", "--jobs", "--strict", "--json"):
        assert option in text


def test_list(trades: Path) -> None:
    result = run(trades, "list")
    assert result.exit_code == 0
    [card] = [block for block in result.stdout.split("\n\n") if block.startswith("card ")]
    assert card.splitlines() == [
        "card  (trade card)",
        "  looks                 templates/card/format.toml, templates/card/page.html, styles/card.css",
        "  baker                 content/specialties/baker.md",
        "  potter                content/specialties/potter.md",
    ]


def test_list_as_json(trades: Path) -> None:
    told = as_json(run(trades, "list", "--json"))
    assert told["findings"] == []
    [card] = [one for one in told["formats"] if one["format"] == "card"]
    assert card == {
        "format": "card",
        "title": "trade card",
        "files": ["templates/card/format.toml", "templates/card/page.html", "styles/card.css"],
        "subjects": {"baker": "content/specialties/baker.md", "potter": "content/specialties/potter.md"},
    }


def test_list_of_what_cannot_be_read(trades: Path) -> None:
    change(trades, "templates/card/format.toml", 'styles = ["card.css"]', "styles = 3")
    change(trades, "templates/leaflet/format.toml", "pages = [", "pages = ")
    result = run(trades, "list", "--json")
    assert result.exit_code == 1
    assert as_json(result)["formats"] == []
    assert [one["file"] for one in as_json(result)["findings"]] == [
        "templates/card/format.toml",
        "templates/leaflet/format.toml",
    ]
    result = run(trades, "list")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines()[0] == (
        'error: templates/card/format.toml  "styles" is not a list of file names · write styles = ["card.css"]'
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crad"], 'there is no format "crad" · did you mean card?'),
        (["poster"], 'there is no format "poster" · known are: article, booklet, card, leaflet, specialty, topic, all'),
        (["card", "bakr"], 'there is no card "bakr" · did you mean baker?'),
        (["leaflet", "baker"], 'leaflet takes no subject, but "baker" is given · leave it out'),
        (["all", "baker"], '"all" takes no subject, but "baker" is given · leave it out, or name one format'),
    ],
)
def test_unknown_names(trades: Path, arguments: list[str], said: str) -> None:
    result = run(trades, "build", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"error: {said}\n")


def test_all_unknown_names_at_once(trades: Path) -> None:
    lines = run(trades, "build", "card", "bakr", "baker", "smith").stderr.splitlines()
    assert lines == [
        'error: there is no card "bakr" · did you mean baker?',
        'error: there is no card "smith" · known are: baker, potter',
    ]


@pytest.mark.parametrize("typed", ["Night Baker", "night_baker", "NIGHT-BAKER", "nightbaker"])
def test_subjects_are_matched_without_case_spaces_and_hyphens(trades: Path, typed: str) -> None:
    (trades / BAKER).rename(trades / "content/specialties/night-baker.md")
    result = run(trades, "build", "card", typed)
    assert (result.exit_code, result.stdout) == (0, "output/card/night-baker.pdf  1 page\n")


def test_progress_only_for_more_than_one(trades: Path) -> None:
    result = run(trades, "build", "card", "--jobs", "1")
    assert result.stdout.splitlines() == ["[1/2] output/card/baker.pdf  1 page", "[2/2] output/card/potter.pdf  1 page"]
    assert run(trades, "build", "card", "potter", "--paper", "a4").stdout == "output/card/potter.a4.pdf  1 page\n"


def test_json_of_a_build(trades: Path) -> None:
    change(trades, "content/specialties/potter.md", "no bubble", "<b>no bubble")
    result = run(trades, "build", "card", "--json", "--jobs", "1")
    assert result.exit_code == 1
    told = as_json(result)
    assert list(told) == ["outputs", "findings"] and told["findings"] == []
    baker, potter = told["outputs"]
    assert len(baker.pop("revision")) == 9
    assert baker == {
        "file": "output/card/baker.pdf",
        "format": "card",
        "subject": "baker",
        "built": True,
        "fresh": False,
        "pages": 1,
        "fit": "",
        "findings": [],
    }
    assert (potter["built"], potter["pages"], potter["file"]) == (False, 0, "output/card/potter.pdf")
    assert [list(one) for one in potter["findings"]] == [
        ["file", "line", "page", "box", "id", "severity", "message", "hint"]
    ]
    assert potter["findings"][0]["message"] == "the HTML tag <b> is not printed"
    assert result.stderr.startswith("error: content/specialties/potter.md:21  the HTML tag <b> is not printed · ")


def test_json_of_an_unknown_name(trades: Path) -> None:
    result = run(trades, "build", "crad", "--json")
    assert result.exit_code == 1
    assert as_json(result) == {
        "outputs": [],
        "findings": [
            {
                "file": "",
                "line": None,
                "page": None,
                "box": None,
                "id": "content",
                "severity": "error",
                "message": 'there is no format "crad"',
                "hint": "did you mean card?",
            }
        ],
    }


def test_strict_counts_warnings(trades: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2031-02-01")
    result = run(trades, "build", "card", "baker")
    assert result.exit_code == 0
    assert result.stderr.startswith(f"warning: {BAKER}:17  ")
    assert run(trades, "build", "card", "baker", "--strict").exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [["build"], ["build", "card", "--paper", "a3"], ["build", "card", "--jobs", "0"], ["bild"], ["list", "x"]],
)
def test_wrong_usage_ends_in_two(trades: Path, arguments: list[str]) -> None:
    result = run(trades, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ")


def test_an_output_that_cannot_be_written(trades: Path) -> None:
    (trades / "file").write_text("mine")
    result = run(trades, "build", "card", "baker", "-o", "file")
    assert result.exit_code == 2
    assert "Directory 'file' is a file." in result.stderr
    result = run(trades, "build", "card", "baker", "-o", "file/inner")
    assert result.exit_code == 1
    assert result.stderr == (
        "error: file/inner/card/baker.pdf  cannot be written: Not a directory · "
        "check that the folder is yours and the disk has room, or choose another with -o\n"
    )
    assert (trades / "file").read_text() == "mine"


def test_a_good_pdf_outlives_a_failed_build(trades: Path) -> None:
    assert run(trades, "build", "card", "baker").exit_code == 0
    good = (trades / "output/card/baker.pdf").read_bytes()
    change(trades, BAKER, "Yeast", "<b>Yeast")
    assert run(trades, "build", "card", "baker").exit_code == 1
    change(trades, BAKER, "<b>Yeast", "Yeast")
    change(trades, "styles/card.css", "color:", "colour:")
    # In a process of its own: one process reads a style sheet once.
    result = command(trades, "build", "card", "baker")
    assert (result.returncode, result.stdout) == (1, "output/card/baker.pdf  not built\n")
    assert (trades / "output/card/baker.pdf").read_bytes() == good
    assert [file.name for file in (trades / "output/card").iterdir()] == ["baker.pdf"]


def test_two_builds_into_one_folder(trades: Path) -> None:
    builds = [
        subprocess.Popen(
            [sys.executable, "-m", "handouts", "build", "card"],
            cwd=trades,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    told = [build.communicate(timeout=120) for build in builds]
    assert [build.returncode for build in builds] == [0, 0], told
    names = sorted(file.name for file in (trades / "output/card").iterdir())
    assert names == ["baker.pdf", "potter.pdf"]
    assert all((trades / "output/card" / name).read_bytes().endswith(b"%%EOF\n") for name in names)


@pytest.mark.parametrize("whole_group", [True, False], ids=["as a terminal sends it", "to the first process"])
def test_interrupted(trades: Path, whole_group: bool) -> None:
    """Ctrl-C ends a build with one line and 130, and leaves no half file."""
    build = subprocess.Popen(
        [sys.executable, "-m", "handouts", "build", "all", "--jobs", "2"],
        cwd=trades,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # The shipped booklet is not built: this project is too small for it.
    assert build.stdout is not None and any("not built" not in line for line in build.stdout)
    (os.killpg if whole_group else os.kill)(build.pid, signal.SIGINT)
    out, err = build.communicate(timeout=60)
    assert (build.returncode, err) == (130, "interrupted; what was built stays\n"), out
    deadline = time.monotonic() + 20
    while _alive(build.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    files = [file for file in (trades / "output").rglob("*") if file.is_file()]
    assert files and {file.suffix for file in files} <= {".pdf", ".json"}
    assert not any(file.name.startswith(".") for file in files)
    assert all(file.read_bytes().rstrip().endswith((b"%%EOF", b"}")) for file in files)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def complete(root: Path, words: str, environment: dict[str, str] | None = None) -> list[str]:
    """What bash is offered for the last of the words."""
    typed = words.split(" ")
    result = command(
        root,
        _HANDOUTS_COMPLETE="bash_complete",
        COMP_WORDS=words,
        COMP_CWORD=str(len(typed) - 1),
        **(environment or {}),
    )
    assert result.stderr == ""
    return [line.split(",")[1] for line in result.stdout.split()]


def test_completion(trades: Path) -> None:
    assert complete(trades, "handouts build ") == ["article", "booklet", "card", "leaflet", "specialty", "topic", "all"]
    assert complete(trades, "handouts build sp") == ["specialty"]
    assert complete(trades, "handouts build card ") == ["baker", "potter"]
    assert complete(trades, "handouts build card baker ") == ["potter"]
    assert complete(trades, "handouts build leaflet ") == []
    change(trades, "templates/card/format.toml", "title =", "title")
    assert complete(trades, "handouts build card ") == []


def test_python_m_handouts(trades: Path) -> None:
    result = command(trades, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Usage: handouts [OPTIONS] COMMAND")


def test_doctor(trades: Path) -> None:
    result = run(trades, "doctor")
    assert result.exit_code == 0
    assert all(line.startswith("ok    ") for line in result.stdout.splitlines())
