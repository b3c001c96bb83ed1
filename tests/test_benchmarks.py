"""The benchmarks run, on a small project; how fast it is, no test can say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import small

from benchmarks import __main__ as command
from benchmarks.cores import speed_up
from benchmarks.judging import judging
from benchmarks.sheet import overhead
from benchmarks.table import Row, table
from handouts.findings import Findings
from handouts.planning import plan


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


def test_what_cannot_be_built_is_not_measured(tmp_path: Path):
    project = small.project(tmp_path, {"content/cards/ct.md": "---\ntitle: CT\n---\n"})
    with pytest.raises(Findings):
        speed_up(plan(project, "card", [], output=str(tmp_path / "out")), 1)


def test_a_table_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    rows = {
        "sheet": lambda project, rounds=3: Row("one", 1.234, "≤ 1.25", f"{rounds} rounds"),
        "cores": lambda project, rounds=1: Row("another", 1.9, "≥ 1.6", f"{rounds} rounds"),
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
