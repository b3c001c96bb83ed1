"""A merge: a set of files for each row, whole at any moment, and the same whoever made them and when."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import random
import signal
import subprocess
import sys
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import merging
import pytest
from merging import ENGINE, HEADER, merged
from trades import PROJECT, as_json, run

from handouts import cli_merge
from handouts.editions import merge
from handouts.editions.columns import column_lines
from handouts.editions.manifest import Record, lines, manifest, read_records, sweep
from handouts.findings import Findings
from handouts.job import Edition, Job
from handouts.planning import output_name


def table(folder: Path, *rows: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "rows.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return folder / "rows.csv"


def many(folder: Path, count: int) -> Path:
    """Rows of which each tenth goes the long way."""
    return table(folder, *(f"s{number},School {number}{' Ω' * (number % 10 == 3)},Unit" for number in range(count)))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(output: Path) -> list[dict[str, str]]:
    text = (output / "editions/manifest.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_where_an_edition_goes() -> None:
    job = Job("", "card", "baker", paper="a4", brand="northgate", edition=Edition("North 1"))
    assert output_name(job) == "editions/North 1/card-baker.a4.pdf"


def test_each_row_with_each_product(tmp_path: Path) -> None:
    rows = table(tmp_path, "north,North High,,,,", "south,South Ω,,,a4,", "east,<b>East</b>,,+1 555 0100,,")
    result = merged(rows, PROJECT, tmp_path / "out", "card+leaflet")
    made = tree(tmp_path / "out/editions")
    del made["manifest.csv"]
    told = listed(tmp_path / "out")
    assert list(told[0]) == ["id", "file", "pages", "sha256", "revision", "state"]
    assert [(row["id"], row["file"], row["pages"], row["state"]) for row in told[:6]] == [
        ("north", "north/card-baker.pdf", "2", "fast"),
        ("north", "north/card-potter.pdf", "2", "fast"),
        ("north", "north/leaflet-baker.pdf", "2", "full: this format has no fixed places"),
        ("north", "north/leaflet-potter.pdf", "2", "full: this format has no fixed places"),
        ("south", "south/card-baker.a4.pdf", "2", "full: the organization is unusual"),
        ("south", "south/card-potter.a4.pdf", "2", "full: the organization is unusual"),
    ]
    assert {row["file"]: row["sha256"] for row in told} == {
        name: hashlib.sha256(data).hexdigest() for name, data in made.items()
    }
    assert result.states == {"fast": 4, "full": 8}
    assert b"<b>East</b>" in made["east/card-baker.pdf"]


def test_warnings_of_a_product_are_told_once(tmp_path: Path) -> None:
    result = merged(many(tmp_path, 12), PROJECT, tmp_path / "out", "leaflet")
    assert {str(one) for one in result.findings} == {"content/x.md:1  is stale"}


def test_nothing_is_made_where_a_row_is_bad(tmp_path: Path) -> None:
    long = f"s3,{'x' * 63},,,,"
    rows = table(tmp_path, "s1,School,,,,", "s1,Twin,,,,", long, "s4,School,,call,a5,", "s5,School ∅,,,,")
    with pytest.raises(Findings) as caught:
        merged(rows, PROJECT, tmp_path / "out")
    # Also the text that is too long: all that is wrong is told at once.
    assert [one.line for one in caught.value.findings] == [3, 4, 5, 5]
    assert not (tmp_path / "out").exists()


def test_a_text_is_measured_where_it_stands(tmp_path: Path) -> None:
    rows = table(tmp_path, "s1,School,,,,", f"s2,{'x' * 63},,,,")
    with pytest.raises(Findings) as caught:
        merged(rows, PROJECT, tmp_path / "out")
    assert str(caught.value) == (
        "rows.csv:3  the organization is 3 characters too long for its place in card baker · shorten it"
    )
    assert not (tmp_path / "out").exists()


def test_going_on_makes_the_good_rows(tmp_path: Path) -> None:
    rows = table(tmp_path, "s1,School,,,,", "=s2,Twin,,,,", f"s3,{'x' * 63},,,,", "s4,School ∅,,,,", "s5,School,,,,")
    result = merged(rows, PROJECT, tmp_path / "out", keep_going=True, zipped=True)
    told = listed(tmp_path / "out")
    assert [(row["id"], row["state"]) for row in told[::2]] == [
        ("s1", "fast"),
        ("'=s2", "not built"),
        ("s3", "not built"),
        ("s4", "not built"),
        ("s5", "fast"),
    ]
    assert told[2] == {"id": "'=s2", "file": "", "pages": "", "sha256": "", "revision": "", "state": "not built"}
    assert sorted(tree(tmp_path / "out/editions")) == [
        *("manifest.csv", "s1.zip", "s1/card-baker.pdf", "s1/card-potter.pdf"),
        *("s5.zip", "s5/card-baker.pdf", "s5/card-potter.pdf"),
    ]
    assert result.states == {"fast": 4, "not built": 6}
    assert str(result.findings[-1]) == (
        "rows.csv:5  card potter cannot be built for s4: styles/card.css:7: cannot be laid out · think again"
    )


def test_a_thousand_rows_of_which_fifty_are_bad(tmp_path: Path) -> None:
    """What is wrong in a cell and what is too long where it stands: just these rows are told and are not made."""
    rows = [f"s{number},School {number},,,," for number in range(1000)]
    kinds = (f"{{}},{'x' * 63},,,,", "{},,,,,", "s0,Twin,,,,", "{},High,,call me,,", "{},High,a\x07b,,,")
    bad = {5 + 19 * number: kinds[number % len(kinds)] for number in range(50)}
    for number, kind in bad.items():
        rows[number] = kind.format(f"s{number}")
    result = merged(table(tmp_path, *rows), PROJECT, tmp_path / "out", keep_going=True)
    assert sorted(one.line - 2 for one in result.findings) == sorted(bad)
    assert result.states == {"fast": 1900, "not built": 100}
    told = listed(tmp_path / "out")
    assert [number for number in range(1000) if told[2 * number]["state"] == "not built"] == sorted(bad)


def test_what_is_done_is_not_made_again(tmp_path: Path) -> None:
    rows, output = many(tmp_path, 30), tmp_path / "out"
    first = merged(rows, PROJECT, output, zipped=True)
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*.*") if path.name != "manifest.csv"}
    data = tree(output)
    again = merged(rows, PROJECT, output, zipped=True)
    assert first.states == {"fast": 54, "full": 6}
    assert again.states == {"fast": 54, "full": 6, "unchanged": 60}
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert tree(output) == data
    forced = merged(rows, PROJECT, output, force=True)
    assert forced.states == first.states
    assert tree(output) == data


def test_a_row_that_changed_is_made_again(tmp_path: Path) -> None:
    rows, output = many(tmp_path, 20), tmp_path / "out"
    merged(rows, PROJECT, output, zipped=True)
    rows.write_text(rows.read_text("utf-8").replace("School 7,", "Academy 7,"), "utf-8")
    (output / "editions/s9/card-baker.pdf").write_bytes(b"%PDF-1.7 damaged")
    assert merged(rows, PROJECT, output, zipped=True).states["unchanged"] == 37
    merged(rows, PROJECT, tmp_path / "new", zipped=True)
    assert tree(output) == tree(tmp_path / "new")


def test_two_processes_make_what_one_makes(tmp_path: Path) -> None:
    rows = many(tmp_path, 150)
    one = merged(rows, PROJECT, tmp_path / "one", "card+leaflet", workers=1, zipped=True)
    two = merged(rows, PROJECT, tmp_path / "two", "card+leaflet", workers=2, zipped=True)
    assert one.states == two.states
    assert b"".join(one.lines) == b"".join(two.lines)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_an_archive_holds_the_files_of_a_row(tmp_path: Path) -> None:
    merged(table(tmp_path, "n,North,,,,"), PROJECT, tmp_path / "out", "card+leaflet", zipped=True)
    with zipfile.ZipFile(tmp_path / "out/editions/n.zip") as packed:
        assert packed.namelist() == ["card-baker.pdf", "card-potter.pdf", "leaflet-baker.pdf", "leaflet-potter.pdf"]
        assert packed.read("card-baker.pdf") == (tmp_path / "out/editions/n/card-baker.pdf").read_bytes()
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_runs_no_formulas() -> None:
    names = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,b", 'a"b', "ü", "'n"]
    records = [Record(name, "a/b.pdf", 1, "f" * 64, "r", "fast") for name in names]
    told = manifest([lines(records[:3]), lines(records[3:])]).decode("utf-8-sig")
    cells = [row[0] for row in csv.reader(io.StringIO(told, newline=""))]
    assert cells[1:] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "a,b", 'a"b', "ü", "'n"]
    assert read_records(lines(records)) == records


def test_litter_of_the_dead_is_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead, alive = f".a.pdf.{gone.pid}-0123abcd", f".a.pdf.{os.getpid()}-0123abcd"
    for name in (dead, alive, ".hidden", "a.pdf"):
        (tmp_path / name).write_text("")
    sweep(tmp_path)
    sweep(tmp_path / "missing")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([alive, ".hidden", "a.pdf"])


def command(rows: Path, output: Path, delay: float) -> subprocess.Popen[str]:
    """A merge in processes of their own, which can be killed together."""
    return subprocess.Popen(
        [sys.executable, merging.__file__, str(rows), str(PROJECT), str(output), "card", str(delay)],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(rows: Path, output: Path, delay: float = 0.0) -> str:
    told, wrong = (process := command(rows, output, delay)).communicate(timeout=100)
    assert (process.returncode, wrong) == (0, "")
    return told


def written(folder: Path) -> int:
    """How many files there are. Not `tree`: while it reads them, a temporary one is moved away."""
    return sum(1 for _ in folder.rglob("*.pdf"))


def test_killed_at_ten_moments(tmp_path: Path) -> None:
    """Only whole files are there at any moment, and the same command goes on to the very same tree."""
    rows, output = many(tmp_path, 120), tmp_path / "out"
    finished(rows, tmp_path / "calm")
    calm = tree(tmp_path / "calm")
    chance = random.Random(4)
    seen = []
    for _ in range(10):
        process = command(rows, output, 0.02)
        # From before the first file is there to some while after it.
        target = len(seen[-1:]) and chance.randrange(1, 30)
        before, until = written(output), time.monotonic() + 20
        while written(output) < before + target and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005 * chance.random())
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        there = {name: data for name, data in tree(output).items() if not Path(name).name.startswith(".")}
        assert all(data == calm[name] for name, data in there.items())
        seen.append(len(there))
    assert seen == sorted(seen) and 0 < seen[-1] < len(calm)
    kept = {path: path.stat().st_mtime_ns for path in output.rglob("*.pdf") if not path.name.startswith(".")}
    told = finished(rows, output)
    assert tree(output) == calm
    assert told.split() == ["216", "24", str(len(kept))]
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_two_runs_at_once(tmp_path: Path) -> None:
    rows, output = many(tmp_path, 60), tmp_path / "out"
    finished(rows, tmp_path / "calm")
    runs = [command(rows, output, 0.005) for _ in range(2)]
    assert [(run.communicate(timeout=100)[1], run.returncode) for run in runs] == [("", 0), ("", 0)]
    assert tree(output) == tree(tmp_path / "calm")


def test_an_interrupt_leaves_a_list_of_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, output = many(tmp_path, 100), tmp_path / "out"
    merged(rows, PROJECT, tmp_path / "calm")
    calls, whole = iter(range(1000)), merging.Press.stamp

    def stamp(press: merging.Press, edition: Edition) -> merging.Stamped | merging.Refusal:
        if next(calls) == 33:
            raise KeyboardInterrupt
        return whole(press, edition)

    monkeypatch.setattr(merging.Press, "stamp", stamp)
    with pytest.raises(KeyboardInterrupt):
        merged(rows, PROJECT, output)
    told = [row["file"] for row in listed(output)]
    assert len(told) == 33
    assert set(told) == tree(output / "editions").keys() - {"manifest.csv"}
    monkeypatch.undo()
    merged(rows, PROJECT, output)
    assert tree(output) == tree(tmp_path / "calm")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    result = merged(table(tmp_path, "n,North,,,,"), PROJECT, tmp_path / "out")
    assert result.states == {"not built": 2}


def test_a_place_that_is_taken(tmp_path: Path) -> None:
    """A file where a row's folder should be: the row is told, the others are made."""
    (tmp_path / "out/editions").mkdir(parents=True)
    (tmp_path / "out/editions/s1").write_text("mine")
    result = merged(table(tmp_path, "s1,North,,,,", "s2,South,,,,"), PROJECT, tmp_path / "out")
    assert result.states == {"not built": 2, "fast": 2}
    place = (tmp_path / "out/editions/s1/card-baker.pdf").as_posix()
    said = f"rows.csv:2  card baker cannot be built for s1: {place}: cannot be written"
    assert str(result.findings[0]).startswith(said)


def test_many_rows_take_little_memory(tmp_path: Path) -> None:
    """What a row leaves behind in the first process is some hundred bytes, once all is loaded."""

    def peak(count: int) -> int:
        rows = many(tmp_path / str(count), count)
        tracemalloc.start()
        merged(rows, PROJECT, tmp_path / f"out{count}")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(1200)
    assert (peak(1200) - peak(200)) / 1000 < 1000


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_merge, "_engine", lambda: ENGINE)


@pytest.mark.usefixtures("stand_in")
def test_the_command(trades: Path) -> None:
    table(trades, "n,North,,,,", "s,South Ω,,,,")
    result = run(trades, "merge", "rows.csv", "card", "Baker", "--jobs", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "output/editions/manifest.csv  2 PDFs, 1 fast, 1 in full\n"
    result = run(trades, "merge", "rows.csv", "card", "Baker", "--jobs", "1", "--zip")
    assert result.stdout == "output/editions/manifest.csv  2 PDFs, 1 fast, 1 in full, 2 unchanged\n"
    assert (trades / "output/editions/s.zip").is_file()
    told = as_json(run(trades, "merge", "rows.csv", "card", "--jobs", "1", "--json"))
    assert told["manifest"] == "output/editions/manifest.csv"
    assert told["states"] == {"fast": 2, "full": 2, "unchanged": 2}
    assert set(told["editions"][0]) == {"id", "file", "pages", "sha256", "revision", "state"}
    assert [(one["id"], one["file"], one["pages"], one["state"]) for one in told["editions"][:2]] == [
        ("n", "n/card-baker.pdf", 2, "fast"),
        ("n", "n/card-potter.pdf", 2, "fast"),
    ]
    assert told["findings"] == []


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["none.csv", "card"], ["error: none.csv  this file is not there · check its name, and the folder"]),
        (["content", "card"], ["error: content  this is a folder, not a file · name a file in it"]),
        (["rows.csv", "cart"], ['error: there is no format "cart" · did you mean card?']),
        (["rows.csv", "card", "backer"], ['error: there is no card "backer" · did you mean baker?']),
        (["rows.csv", "card", "--brand", "defalt"], ['error: there is no brand "defalt" · did you mean default?']),
        (["rows.csv", "card", "--ignore", "fon"], ['error: there is no column "fon" to ignore · did you mean phone?']),
        (
            ["rows.csv", "card", "--keep-going"],
            ["error: rows.csv:3  the organization is missing · write its name in the column \"organization\""],
        ),
    ],
)
def test_the_command_says_what_is_wrong(trades: Path, words: list[str], lines: list[str]) -> None:
    table(trades, "n,North,,,,", "s,,,,,")
    result = run(trades, "merge", *words, "--jobs", "1")
    assert (result.exit_code, result.stderr.splitlines()) == (1, lines)
    assert (trades / "output/editions/n/card-potter.pdf").is_file() == ("--keep-going" in words)


@pytest.mark.usefixtures("stand_in")
def test_strict_counts_warnings(trades: Path) -> None:
    table(trades, "n,North,,,,")
    relaxed = run(trades, "merge", "rows.csv", "leaflet", "--jobs", "1")
    strict = run(trades, "merge", "rows.csv", "leaflet", "--jobs", "1", "--strict")
    assert relaxed.stderr == strict.stderr == "warning: content/x.md:1  is stale\n"
    assert (relaxed.exit_code, strict.exit_code) == (0, 1)


def test_the_columns_are_printed(trades: Path) -> None:
    result = run(trades, "merge", "--columns")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == column_lines()


@pytest.mark.usefixtures("stand_in")
def test_progress_is_told(trades: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many a second, and when it ends; not in the middle of JSON."""
    monkeypatch.setattr(cli_merge, "_SELDOM", 0.0)
    monkeypatch.setattr(merge, "_CHUNK", 10)
    many(trades, 20)
    result = run(trades, "merge", "rows.csv", "card", "--jobs", "1")
    first = result.stderr.splitlines()[0]
    assert first.startswith("10 of 40 PDFs, ") and " a second, ends at " in first
    assert run(trades, "merge", "rows.csv", "card", "--jobs", "1", "--json").stderr == ""


@pytest.mark.parametrize("known", [False, True])
def test_a_terminal_is_told_what_is_laid_out(trades: Path, monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    """Once, and only where there is anything to lay out; the line goes again."""
    monkeypatch.setattr(cli_merge, "_engine", lambda: replace(ENGINE, is_known=lambda job: known))
    monkeypatch.setattr(cli_merge, "sys", SimpleNamespace(stderr=SimpleNamespace(isatty=lambda: True), exit=sys.exit))
    table(trades, "n,North,,,,", "s,South,,,a4,")
    line = "\rlaying out 4 pages that editions are stamped on…\r"
    told = run(trades, "merge", "rows.csv", "card", "--jobs", "1").stderr
    assert (told.startswith(line), told.count("laying out")) == (not known, not known)
    assert run(trades, "merge", "rows.csv", "card", "--jobs", "1", "--json").stderr == ""
