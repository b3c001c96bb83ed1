"""Saved files are seen, in whatever way an editor saves them."""

from __future__ import annotations

import contextlib
import queue
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from trades import BAKER, copied

from handouts.preview.watching import Watch

PATIENCE = 30
REST = "at rest"


class Seen:
    def __init__(self) -> None:
        self.told: queue.Queue[str] = queue.Queue()

    def until(self, wanted: str) -> list[str]:
        """All that is told up to this."""
        names = []
        while wanted not in names:
            names.append(self.told.get(timeout=PATIENCE))
        return names


@contextlib.contextmanager
def watching(root: Path) -> Iterator[Seen]:
    """Once it is seen to watch: a first change may come before it does."""
    seen = Seen()
    watch = Watch(root, lambda names: [seen.told.put(name) for name in names], lambda: seen.told.put(REST))
    watch.start()
    try:
        for file in (root / "content/awake.md", root / "handouts.toml"):
            _awaken(file, file.relative_to(root).as_posix(), seen)
        while not seen.told.empty():
            seen.told.get()
        yield seen
    finally:
        watch.close()
        assert not any(thread.is_alive() for thread in watch._threads)


def _awaken(file: Path, name: str, seen: Seen) -> None:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    for _ in range(100):
        file.write_text(text, encoding="utf-8")
        with contextlib.suppress(queue.Empty):
            while seen.told.get(timeout=0.3) != name:
                pass
            return
    raise AssertionError("nothing is seen")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_a_saved_file_is_told_and_then_that_all_is_quiet(root: Path):
    with watching(root) as seen:
        (root / BAKER).write_text("new", encoding="utf-8")
        assert set(seen.until(REST)) == {BAKER, REST}


def test_an_editor_that_renames_is_seen_by_the_name_of_the_file(root: Path):
    with watching(root) as seen:
        half = root / "content/specialties/.baker.md.swp"
        half.write_text("new", encoding="utf-8")
        half.replace(root / BAKER)
        told = seen.until(BAKER) + seen.until(REST)
        assert not [name for name in told if ".swp" in name]


def test_what_is_built_and_hidden_is_not_told(root: Path):
    (root / "output").mkdir()
    with watching(root) as seen:
        for name in ("output/card.pdf", ".notes", "notes.txt", "content/.draft.md"):
            (root / name).write_text("new", encoding="utf-8")
        (root / BAKER).write_text("new", encoding="utf-8")
        assert set(seen.until(BAKER) + seen.until(REST)) == {BAKER, REST}


@pytest.mark.parametrize("name", ["handouts.toml", "styles/card.css", "templates/card/page.html"])
def test_every_room_is_watched(root: Path, name: str):
    with watching(root) as seen:
        (root / name).write_text("new", encoding="utf-8")
        seen.until(name)
        seen.until(REST)


def test_many_files_at_once_are_told_together(root: Path):
    with watching(root) as seen:
        names = [f"content/specialties/baker-{number}.md" for number in range(500)]
        for name in names:
            shutil.copy(root / BAKER, root / name)
        told: set[str] = set()
        while not told >= set(names):
            told.add(seen.told.get(timeout=PATIENCE))
        seen.until(REST)


def test_a_folder_that_comes_later_is_watched(tmp_path: Path):
    root = tmp_path.resolve()
    (root / "content").mkdir()
    (root / "handouts.toml").write_text("", encoding="utf-8")
    with watching(root) as seen:
        (root / "styles").mkdir()
        assert set(seen.until("styles/")) >= {"styles/"}
        seen.until(REST)
        (root / "styles/card.css").write_text("p { color: red }", encoding="utf-8")
        seen.until("styles/card.css")


@pytest.mark.parametrize("gone", ["content", "."])
def test_a_folder_that_goes_and_comes_again_is_watched(root: Path, gone: str):
    with watching(root) as seen:
        # Another one in its place, and not the same moved back.
        kept = root.with_name("kept")
        (root / gone).resolve().rename(kept)
        shutil.copytree(kept, (root / gone).resolve())
        seen.until("content/")
        seen.until(REST)
        (root / BAKER).write_text("new", encoding="utf-8")
        seen.until(BAKER)
