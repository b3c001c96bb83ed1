"""The HTML of each row of a table against the text kept for it: format x subject x paper of the small project.

Run this file itself (`python tests/test_golden.py`) to write the kept texts anew, then read what changed in them.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from handouts.document import compose
from handouts.material import gather
from handouts.project import Project
from handouts.typography import JOINER, MAY_BREAK

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"
PROJECT = Project(HERE / "project")
ROWS = [
    ("card", "baker", "letter"),
    ("card", "potter", "letter"),
    ("leaflet", "", "letter"),
    ("leaflet", "", "a4"),
    ("specialty", "baker", "letter"),
    ("specialty", "baker", "a4"),
    ("specialty", "potter", "letter"),
    ("topic", "apprenticeship", "letter"),
    ("topic", "apprenticeship", "a4"),
]
REWRITE = "python tests/test_golden.py"


def name(row: tuple[str, str, str]) -> str:
    return "-".join(filter(None, row)) + ".html"


def text(row: tuple[str, str, str]) -> str:
    """A composed document: its style sheets, then its HTML without blank space around lines.

    Left out is what changes with every style sheet (the revision) and what nobody can read (the path of a QR code). Two
    signs without width are shown: ~ keeps letters together, | is where a line may end.
    """
    form, subject, size = row
    document = compose(PROJECT, gather(PROJECT, form, subject), size)
    html = document.html.replace(document.revision, "REVISION")
    html = re.sub(r'(<path [^>]*\bd=")[^"]*', r"\1…", html)
    html = html.replace(JOINER, "~").replace(MAY_BREAK, "|")
    lines = [*(f"<!-- {style} -->" for style in document.styles), *map(str.strip, html.split("\n"))]
    return "\n".join(filter(None, lines)) + "\n"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_html_is_as_it_was(row: tuple[str, str, str]) -> None:
    kept = (GOLDEN / name(row)).read_text(encoding="utf-8").splitlines()
    now = text(row).splitlines()
    changes = "\n".join(difflib.unified_diff(kept, now, "kept", "now", lineterm="", n=1))
    assert not changes, f"{name(row)} has changed; if that is meant: {REWRITE}\n{changes}"


def test_every_kept_text_belongs_to_a_row() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {name(row) for row in ROWS}


def test_papers_differ_in_style_sheets_alone() -> None:
    letter, a4 = (text(("specialty", "baker", size)).splitlines() for size in ("letter", "a4"))
    assert [(one, other) for one, other in zip(letter, a4, strict=True) if one != other] == [
        ("<!-- styles/papers/letter.css -->", "<!-- styles/papers/a4.css -->")
    ]


def write() -> None:
    """Write the text of every row, and delete those that no row names any more."""
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.iterdir():
        if path.name not in map(name, ROWS):
            path.unlink()
    for row in ROWS:
        (GOLDEN / name(row)).write_text(text(row), encoding="utf-8")
        print(GOLDEN / name(row))


if __name__ == "__main__":
    write()
