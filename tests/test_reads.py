"""What is asked of a project is noted, and can be asked again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import small

from handouts.findings import Findings
from handouts.ledger import Answers, recorded
from handouts.project import Project
from handouts.reads import Reads, once


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a small project."""
    return small.project(tmp_path).root


def put(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, encoding="utf-8")


def test_anything_can_be_held_fresh_by_the_same_rule(root: Path):
    asked = Project(root)
    asked.find("styles/card.css")
    asked.names("content/cards", "*.md")
    record = json.loads(json.dumps(recorded(asked)))
    assert Answers(Project(root)).agree(record)
    put(root, "styles/card.css", "")
    assert Answers(Project(root)).agree(record)
    put(root, "content/cards/pet.md", "")
    assert not Answers(Project(root)).agree(record)
    assert not Answers(Project(root)).agree({})
    assert not Answers(Project(root)).agree(recorded(Project(root)))


def test_a_file_that_changes_while_it_is_read_is_not_known(root: Path):
    asked = Project(root)
    asked.read("styles/card.css")
    put(root, "styles/card.css", "h1 {}")
    asked.read("styles/card.css")
    assert not Answers(Project(root)).agree(recorded(asked))


def test_what_is_not_there_is_an_answer(root: Path):
    asked = Project(root)
    assert asked.peek("content/charts.toml") is None
    with pytest.raises(Findings):
        asked.read("content/gone.md")
    assert asked.reads.notes == {"find content/charts.toml": "", "read content/gone.md": ""}
    assert Answers(Project(root)).agree(recorded(asked))
    put(root, "content/gone.md", "")
    assert not Answers(Project(root)).agree(recorded(asked))


def test_a_kept_value_brings_its_reads_along(root: Path):
    calls = []

    @once(4)
    def text_of(project: Project, name: str) -> str:
        calls.append(name)
        return project.text(name)

    first, second = Project(root), Project(root)
    assert text_of(first, "styles/card.css") == text_of(second, "styles/card.css") == small.CARD_STYLE
    assert calls == ["styles/card.css"]
    assert first.reads.notes == second.reads.notes != {}
    text_of(second, "styles/papers/card.css")
    assert list(second.reads.notes) == ["read styles/card.css", "read styles/papers/card.css"]
    text_of.cache_clear()
    text_of(first, "styles/card.css")
    assert len(calls) == 3


def test_what_was_read_need_not_be_found_again():
    reads = Reads()
    for question in ("find a.md", "read a.md", "find b.md", "read find c.md", "names a find b", "today"):
        reads.note(question, "x")
    reads.of_ours().note("find d.md", "x")
    assert list(reads.told()) == [
        *("read a.md", "find b.md", "read find c.md", "names a find b", "today", "ours find d.md"),
    ]
