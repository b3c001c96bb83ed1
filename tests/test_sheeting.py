"""Booklets laid onto sheets as they are built."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from trades import run


def test_a_booklet_is_built_and_laid_onto_sheets(trades: Path) -> None:
    result = run(trades, "build", "leaflet", "--imposed")
    assert result.exit_code == 0, result.output
    pages = len(pikepdf.open(trades / "output/leaflet.pdf").pages)
    sides = pikepdf.open(trades / "output/leaflet.sheets.pdf").pages
    assert len(sides) == 2 * -(-pages // 4)
    assert f"output/leaflet.sheets.pdf  {-(-pages // 4)} sheet" in result.output


def test_a_sheet_that_is_not_folded(trades: Path) -> None:
    result = run(trades, "build", "card", "baker", "--imposed")
    assert result.exit_code == 1
    assert "nothing here is folded" in result.stderr
    assert (trades / "output/card/baker.pdf").is_file()


def test_a_place_that_is_taken(trades: Path) -> None:
    (trades / "output/leaflet.sheets.pdf").mkdir(parents=True)
    result = run(trades, "build", "leaflet", "--imposed")
    assert result.exit_code == 1
    assert "leaflet.sheets.pdf  cannot be written" in result.stderr
