"""`handouts impose` on the command line: every message word for word, files whole or not there at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pikepdf
import pytest
from imposed import numbered, saved
from trades import run

APART = "the file, its sheets and their proof need names of their own · choose another"
MISSING = "this file is not there · check its name, and the folder"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a booklet of ten half-letter pages."""
    (tmp_path / "bees.pdf").write_bytes(saved(numbered(10, 396, 612)))
    return tmp_path


def test_a_booklet(folder: Path) -> None:
    result = run(folder, "impose", "bees.pdf", "-o", "out/sheets.pdf", "--creep", "0.1mm", "--proof", "out/proof.png")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "out/sheets.pdf  3 sheets of letter (8.5 × 11 in), 2 blank pages · print at 100 %, turned on the short edge",
        "proof: out/proof.png",
    ]
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["proof.png", "sheets.pdf"]
    with pikepdf.open(folder / "out/sheets.pdf") as pdf:
        assert str(pdf.docinfo["/Title"]) == "bees (sheets: 2-up saddle stitch)"
        assert len(pdf.pages) == 6


def test_a_cover_apart_is_a_file_of_its_own(folder: Path) -> None:
    words = ("--separate-cover", "--saddle-stitch", "--proof", "proof.png")
    result = run(folder, "impose", "bees.pdf", "-o", "sheets.pdf", *words)
    assert [line.partition("  ")[0] for line in result.stdout.splitlines()] == [
        "sheets.pdf",
        "proof: proof.png",
        "sheets.cover.pdf",
        "proof: proof.cover.png",
    ]
    for name, pages in (("sheets.pdf", 4), ("sheets.cover.pdf", 2)):
        with pikepdf.open(folder / name) as pdf:
            assert len(pdf.pages) == pages
    assert (folder / "proof.cover.png").is_file()


def test_many_pages_a_side(folder: Path) -> None:
    words = ("--n-up", "2x2", "--paper", "Letter", "--scale", "fit", "--cut-marks", "--gap", "3mm")
    result = run(folder, "impose", "bees.pdf", "-o", "sheets.pdf", *words)
    told = "2 sheets of letter (8.5 × 11 in), pages at 61 %, 6 blank pages · print at 100 %, turned on the long edge"
    assert result.stdout == f"sheets.pdf  {told}\n"
    result = run(folder, "impose", "bees.pdf", "-o", "s.pdf", "--n-up", "1X2", "--order", "rows", "--duplex", "none")
    assert result.stdout == "s.pdf  5 sheets of tabloid (11 × 17 in) · print at 100 %, on one side\n"


def test_results_for_programs(folder: Path) -> None:
    words = ("--paper", "a4", "--json")
    told = json.loads(run(folder, "impose", "bees.pdf", "-o", "a.pdf", "--duplex", "long", "--json").stdout)
    assert told == {
        "outputs": [
            {
                "file": "a.pdf",
                "title": "bees (sheets: 2-up saddle stitch)",
                "sheets": 3,
                "blanks": 2,
                "paper": "letter",
                "size": [792.0, 612.0],
                "scale": 1.0,
                "duplex": "long",
                "proof": None,
            }
        ],
        "findings": [],
    }
    result = run(folder, "impose", "bees.pdf", "-o", "b.pdf", *words)
    [found] = json.loads(result.stdout)["findings"]
    assert (result.exit_code, found["severity"], found["file"]) == (1, "error", "bees.pdf")
    assert not (folder / "b.pdf").exists()


def test_a_warning_counts_where_it_is_told_to(folder: Path) -> None:
    words = ("impose", "bees.pdf", "-o", "s.pdf", "--paper", "letter", "--cut-marks")
    assert [run(folder, *words, *more).exit_code for more in ((), ("--strict",))] == [0, 1]
    assert (folder / "s.pdf").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("bees.pdf", "-o", "bees.pdf"), f"bees.pdf  {APART}"),
        (("bees.pdf", "-o", "./x/../bees.pdf"), APART),
        (("link.pdf", "-o", "bees.pdf"), APART),
        (("bees.pdf", "-o", "s.pdf", "--proof", "s.pdf"), APART),
        (("none.pdf", "-o", "s.pdf"), f"none.pdf  {MISSING}"),
        ((".", "-o", "s.pdf"), ".  this is a folder, not a file · name a file in it"),
        (("empty.pdf", "-o", "s.pdf"), "empty.pdf  is empty · save or export it"),
        (("words.pdf", "-o", "s.pdf"), "words.pdf  is no PDF · export it as one"),
        (("locked.pdf", "-o", "s.pdf"), "locked.pdf  is locked with a password · save it without a password"),
        (("bees.pdf", "-o", "empty.pdf/s.pdf"), "empty.pdf/s.pdf  cannot be written: "),
        (("bees.pdf", "-o", "folder"), "folder  cannot be written: Is a directory · check that the folder is yours"),
        (("bees.pdf", "-o", "s.pdf", "--creep", "1in"), "a creep of 1 in a sheet moves the innermost pages by 2 in"),
    ],
)
def test_what_cannot_be_done_is_told(folder: Path, words: tuple[str, ...], told: str) -> None:
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "words.pdf").write_bytes(b"hello")
    (folder / "locked.pdf").write_bytes(saved(numbered(2), encryption=pikepdf.Encryption(user="a", owner="b")))
    (folder / "link.pdf").symlink_to("bees.pdf")
    (folder / "folder").mkdir()
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_file()}
    result = run(folder, "impose", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: ") and told in result.stderr
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.skipif(os.geteuid() == 0, reason="everything may be written by root")
def test_a_folder_without_rights(folder: Path) -> None:
    (folder / "shut").mkdir(mode=0o500)
    result = run(folder, "impose", "bees.pdf", "-o", "shut/s.pdf")
    assert result.exit_code == 1
    assert "shut/s.pdf  cannot be written: Permission denied · check that the folder is yours" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "Missing option '-o' / '--output'"),
        (("-o", "s.pdf", "--signature", "6"), "6 pages cannot be folded: write a multiple of 4, such as 16"),
        (("-o", "s.pdf", "--signature", "0"), "0 pages cannot be folded"),
        (("-o", "s.pdf", "--creep", "1"), '"1" is no length: write a number and mm, in or pt, such as 0.1mm'),
        (("-o", "s.pdf", "--paper", "a99"), '"a99" is no paper: choose from half-letter, letter, legal, tabloid,'),
        (("-o", "s.pdf", "--n-up", "2"), '"2" is no grid: write columns and rows, such as 2x2'),
        (("-o", "s.pdf", "--n-up", "0x2"), '"0x2" is no grid'),
        (("-o", "s.pdf", "--n-up", "2x2", "--saddle-stitch"), "choose --saddle-stitch or --n-up"),
        (("-o", "s.pdf", "--n-up", "2x2", "--signature", "8"), "--signature is for --saddle-stitch"),
        (("-o", "s.pdf", "--n-up", "2x2", "--creep", "1mm"), "--creep is for --saddle-stitch"),
        (("-o", "s.pdf", "--n-up", "2x2", "--separate-cover"), "--separate-cover is for --saddle-stitch"),
        (("-o", "s.pdf", "--order", "rows"), "--order is for --n-up"),
        (("-o", "s.pdf", "--gap", "3mm"), "--gap is for --n-up"),
    ],
)
def test_slips_of_the_command(folder: Path, words: tuple[str, ...], told: str) -> None:
    result = run(folder, "impose", "bees.pdf", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in " ".join(result.stderr.split())
    assert [path.name for path in folder.iterdir()] == ["bees.pdf"]
