"""Ways to break the shipped project: a copy of its words, and slips of editors and designers in it, one at a time."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import shipped
from trades import change

from handouts.project import FILE

Slip = Callable[[Path], None]

SHEET = "content/specialties/ultrasound.md"
FACTS, REFERENCES = "content/facts.toml", "content/references.json"
LOOKS, PARTS = "styles/specialty.css", "templates/parts/parts.html"
_OWN = shipped.subject("specialties", "ultrasound")
# The first figure at a glance of the sheet, and the source of one of its facts that tells no date.
PAY = _OWN.front.glance[0].fact
UNDATED = next(
    source
    for source in map(shipped.source_of, sorted(shipped.cited(_OWN) & shipped.facts().keys()))
    if "issued" not in shipped.references()[source]
)
HARD_WORDS = "Institutional accreditation necessitates comprehensive documentation. " * 40
MANY_WORDS = "You hold the probe and look at the screen. " * 60
COVER = ".band::after { content: \"\"; position: absolute; left: 0; top: 0; width: 4in; height: 1in; background: #333 }"


def on(*date: int) -> dict[str, list[list[int]]]:
    """A date as references have it."""
    return {"date-parts": [list(date)]}


def copied(folder: Path) -> Path:
    """The shipped content as somebody's project; looks and bones are still those that we ship."""
    root = folder.resolve() / "project"
    shutil.copytree(shipped.ROOT / "content", root / "content")
    shutil.copy(shipped.ROOT / FILE, root / FILE)
    return root


def _own(root: Path, file: str) -> Path:
    """A file of the project; one of ours is copied into it first."""
    path = root / file
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(shipped.ROOT / file, path)
    return path


def added(words: str, file: str = SHEET) -> Slip:
    """Words at the end of a file."""

    def slip(root: Path) -> None:
        path = _own(root, file)
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")

    return slip


def replaced(file: str, old: str, new: str) -> Slip:
    def slip(root: Path) -> None:
        _own(root, file)
        change(root, file, old, new)

    return slip


def before(heading: str, words: str) -> Slip:
    """A paragraph more at the end of a section of the sheet: the one before a heading."""
    return replaced(SHEET, heading, f"{words}\n\n{heading}")


def looks(style: str) -> Slip:
    """A rule at the end of the one-pager's style sheet."""
    return added(style, LOOKS)


def fact(name: str, key: str, value: str) -> Slip:
    """Another value of one key of a fact, as it is typed in TOML."""

    def slip(root: Path) -> None:
        path = root / FACTS
        text, count = re.subn(
            rf"(?ms)(^\[{re.escape(name)}\]$(?:(?!^\[).)*?^{key} = )[^\n]*",
            lambda match: match[1] + value,
            path.read_text(encoding="utf-8"),
        )
        assert count == 1
        path.write_text(text, encoding="utf-8")

    return slip


def references(edit: Callable[[list[dict[str, object]]], object]) -> Slip:
    def slip(root: Path) -> None:
        path = root / REFERENCES
        entries = json.loads(path.read_text(encoding="utf-8"))
        edit(entries)
        path.write_text(json.dumps(entries, indent=2), encoding="utf-8")

    return slip


def reference(name: str, **keys: object) -> Slip:
    """Other values of one reference; None takes a key out."""

    def edit(entries: list[dict[str, object]]) -> None:
        entry = next(entry for entry in entries if entry["id"] == name)
        entry.update(keys)
        for key in [key for key, value in entry.items() if value is None]:
            del entry[key]

    return references(edit)


def one_more(**keys: object) -> Slip:
    return references(lambda entries: entries.append({"type": "book", "title": "Echoes", **keys}))


def again(name: str) -> Slip:
    """A reference that is listed once more, under another name."""

    def edit(entries: list[dict[str, object]]) -> None:
        first = next(entry for entry in entries if entry["id"] == name)
        entries.append({**first, "id": f"{name}-again", "title": "The same page", "URL": f"{first['URL']}#top"})

    return references(edit)
