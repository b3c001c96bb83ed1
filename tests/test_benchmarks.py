"""The benchmarks run, on a small project; how fast it is, no test can say."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
import small
from trades import copied

from benchmarks import __main__ as command
from benchmarks.cores import speed_up
from benchmarks.fresh import fresh
from benchmarks.judging import judging
from benchmarks.preview import preview
from benchmarks.rows import LONGEST, School, schools, write_rows
from benchmarks.sheet import overhead
from benchmarks.spending import spend
from benchmarks.table import Row, table
from handouts.color import WHITE, ratio
from handouts.findings import Findings
from handouts.planning import plan
from handouts.project import Project


def test_a_sheet_is_measured_against_the_engine_alone(tmp_path: Path):
    project = small.project(tmp_path)
    row = overhead(project, plan(project, "card", ["ct"])[0], 2)
    assert row.name.startswith("card ct: ")
    assert row.ratio > 0
    assert re.fullmatch(r"\d+ ms / \d+ ms of CPU, medians of 2", row.measured)


def test_one_process_is_measured_against_two(tmp_path: Path):
    project = small.project(tmp_path)
    jobs = [job for name in ("card", "leaflet") for job in plan(project, name, [], output=str(tmp_path / "out"))]
    row = speed_up(jobs, 1)
    assert row.name.startswith("3 PDFs")
    assert row.ratio > 0
    assert re.fullmatch(r"[\d.]+ s / [\d.]+ s, medians of 1, \d+ cores, load [\d.]+ before", row.measured)


def test_judging_is_measured_against_building(tmp_path: Path):
    project = small.project(tmp_path)
    row = judging(project.root, ["card", "ct"], 1)
    assert row.name == "card ct: check / build again"
    assert row.ratio > 0
    assert re.fullmatch(r"[\d.]+ s / [\d.]+ s of CPU, medians of 1", row.measured)


def test_nothing_changed_is_measured_against_loading_the_engine(tmp_path: Path):
    project = small.project(tmp_path)
    row = fresh(project.root, ["card"], 1)
    assert row.name == "2 PDFs, nothing changed: build / import weasyprint"
    assert row.ratio > 0
    assert re.fullmatch(r"[\d.]+ s / [\d.]+ s of CPU, medians of 1", row.measured)


def test_saving_is_measured_against_one_layout(tmp_path: Path):
    root = copied(tmp_path)
    (job,) = plan(Project(root), "specialty", ["potter"])
    row = preview(root, job, "bubble", 1)
    assert row.name == "specialty potter: saved to seen / one layout and 0.2 s"
    assert row.ratio > 0
    assert re.fullmatch(r"\d+ ms / \(\d+ \+ 200\) ms, medians of 2", row.measured)
    with pytest.raises(ValueError, match="does not say 'trouble'"):
        preview(root, job, "trouble", 1)


def test_rows_are_as_the_benchmark_says():
    rows = schools(1000, 1)
    for name in ("id", "organization", "url", "color", "event", "date"):
        assert len({getattr(row, name) for row in rows}) == 1000
    lengths = {len(row.organization) for row in rows}
    assert (min(lengths), max(lengths)) == (3, LONGEST)
    assert any(not row.organization.isascii() for row in rows)
    assert {path.rpartition(".")[2] for row in rows if (path := row.logo)} == {"png", "svg"}
    assert len([row for row in rows if row.logo]) == 100
    assert all(ratio(WHITE, tuple(bytes.fromhex(row.color[1:]))) >= 4.5 for row in rows)
    assert schools(20, 1) == schools(20, 1)
    assert not {row.id for row in schools(20, 1)} & {row.id for row in schools(20, 2)}


def test_rows_are_written_with_their_logos(tmp_path: Path):
    table = write_rows(schools(30, 1), tmp_path)
    with table.open(encoding="utf-8", newline="") as file:
        read = [School(**row) for row in csv.DictReader(file)]
    assert read == schools(30, 1)
    logos = [tmp_path / row.logo for row in read if row.logo]
    assert [logo.read_bytes()[:4] for logo in logos] == [b"\x89PNG", b"<svg", b"\x89PNG"]


def test_what_a_command_takes_is_measured(tmp_path: Path):
    # Two processes, each with 30 MB of its own.
    held = "import subprocess, sys, time; held = b'x' * 30_000_000"
    script = f"{held}; subprocess.run([sys.executable, '-c', {held + '; time.sleep(0.5)'!r}], check=True); print('so')"
    spent = spend([sys.executable, "-c", script], tmp_path, weigh=True)
    assert spent.said == "so\n"
    assert spent.wall >= 0.5
    assert spent.cpu > 0
    if sys.platform == "linux":
        assert 60 < spent.memory < 200
    with pytest.raises(subprocess.CalledProcessError) as caught:
        spend([sys.executable, "-c", "raise SystemExit('no room')"], tmp_path)
    assert caught.value.__notes__ == ["no room"]


def test_what_cannot_be_built_is_not_measured(tmp_path: Path):
    project = small.project(tmp_path, {"content/cards/ct.md": "---\ntitle: CT\n---\n"})
    with pytest.raises(Findings):
        speed_up(plan(project, "card", [], output=str(tmp_path / "out")), 1)


def test_a_table_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    rows = {
        "sheet": lambda project, rounds=3: [Row("one", 1.234, "≤ 1.25", f"{rounds} rounds")],
        "cores": lambda project, rounds=1: [Row("another", 1.9, "≥ 1.6", f"{rounds} rounds")],
    }
    monkeypatch.setattr(command, "BENCHMARKS", rows)
    command.main([])
    assert capsys.readouterr().out == (
        "benchmark  ratio  goal    measured\n"
        "one        1.23   ≤ 1.25  3 rounds\n"
        "another    1.90   ≥ 1.6   1 rounds\n"
    )
    command.main(["cores", "--rounds", "2"])
    assert capsys.readouterr().out.splitlines()[1:] == ["another    1.90   ≥ 1.6  2 rounds"]
    assert table([]) == "benchmark  ratio  goal  measured"
