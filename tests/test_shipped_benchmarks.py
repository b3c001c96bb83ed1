"""The peers' page is ours: the same words, made from the shipped content; and all programs make their editions."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
import shipped

from benchmarks import editions as peers
from handouts.planning import plan


def words(path: Path) -> list[str]:
    """The words of a PDF, without revisions, and what programs break apart: hyphens at line ends, what is small or
    raised."""
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.findall(r"[^\W\d]{3,}", re.sub(r"\b[0-9a-f]{4}-[0-9a-f]{4}\b", "", text))


def test_every_program_makes_the_editions_with_the_same_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(peers, "_PART", 2)
    monkeypatch.setattr(peers, "_BEFORE", 1)
    monkeypatch.setattr(peers.tempfile, "tempdir", str(tmp_path))
    seen: dict[str, dict[str, list[str]]] = {}

    def look(output: Path) -> str:
        seen["typst"] = {path.stem: words(path) for path in (output.parent / "typst_peer-out").glob("*.pdf")}
        seen["ours"] = {path.parent.name: words(path) for path in (output / "editions").rglob("*.pdf")}
        return "looked at"

    monkeypatch.setattr(peers, "_states", look)
    job = plan(shipped.PROJECT, "specialty", ["ultrasound"])[0]
    rows = peers.editions(shipped.PROJECT, job, 6, 1, many=8)
    assert [row.name for row in rows] == [
        "6 editions, Typst / Typst",
        "6 editions, the layout engine alone / Typst",
        "6 editions, ours, nothing known / Typst",
        "6 editions, ours, page known, other rows / Typst",
        "memory, 8 editions / 6",
    ]
    assert rows[0].ratio == 1
    assert all(row.ratio > 0 for row in rows)
    assert rows[2].measured.endswith("; looked at")
    assert len(seen["typst"]) == 6
    for name, found in seen["typst"].items():
        ours = seen["ours"][name]
        assert sorted(set(found)) == sorted(set(ours)), name
