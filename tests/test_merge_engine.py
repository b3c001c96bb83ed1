"""Merges with the layout engine itself: all editions in one file, and runs that are killed and go on."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops, ImageStat
from trades import as_json, copied, run

from handouts.editions import binding
from handouts.preflight.evidence import Printed
from handouts.stamping.one_file import Entry

# The second has a name that only the engine can set.
NAMES = {"north": "North High", "zhukov": "Жukov College", "east": "East Collége"}
CARDS = ("Baker", "Potter")
COMMAND = ("merge", "rows.csv", "specialty", "baker", "potter", "--jobs", "2", "--zip", "--one-file")
HEADER = "id,organization,url,color\n"
TITLE = "6 editions in one file, for the print shop: without tags and links"


def write_rows(root: Path, *rows: str) -> None:
    (root / "rows.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")


def tree(folder: Path) -> dict[str, str]:
    """Every file of a folder, with its SHA-256."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A project with a merge of three rows and two products in its folder `output`, and what that said."""
    root = copied(tmp_path_factory.mktemp("merge"))
    colors = ("#5b1a3f", "#0d4b45", "#203a7c")
    rows = zip(NAMES.items(), colors, strict=True)
    write_rows(root, *(f"{name},{words},https://{name}.example.org,{color}" for (name, words), color in rows))
    result = run(root, *COMMAND, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    return root, as_json(result)


@pytest.fixture
def fresh(made: tuple[Path, Any], tmp_path: Path) -> Path:
    """A copy of that project where nothing is merged yet; the finished pages that editions are stamped on are known."""
    root = tmp_path / "trades"
    shutil.copytree(made[0], root, ignore=shutil.ignore_patterns("editions"))
    return root


@pytest.fixture
def one(made: tuple[Path, Any]) -> Iterator[pikepdf.Pdf]:
    root, told = made
    with pikepdf.open(root / told["one_file"]) as pdf:
        yield pdf


def test_what_a_merge_says_of_its_one_file(made: tuple[Path, Any]) -> None:
    root, told = made
    assert told["one_file"] == "output/editions/editions.pdf"
    assert told["states"] == {"fast": 4, "full": 2}
    assert [(edition["file"], edition["state"]) for edition in told["editions"][:4]] == [
        ("north/specialty-baker.pdf", "fast"),
        ("north/specialty-potter.pdf", "fast"),
        ("zhukov/specialty-baker.pdf", "full: only a layout can set the organization"),
        ("zhukov/specialty-potter.pdf", "full: only a layout can set the organization"),
    ]
    again = run(root, *COMMAND)
    assert again.stdout.splitlines() == [
        "output/editions/manifest.csv  6 PDFs, 4 fast, 2 in full, 6 unchanged",
        "output/editions/editions.pdf",
    ]
    without = as_json(run(root, "merge", "rows.csv", "specialty", "baker", "potter", "--json"))
    assert without["one_file"] is None


def test_a_one_file_of_an_earlier_merge_is_told(fresh: Path) -> None:
    """It stays, and so do the words until it is renewed; one that holds what is listed is not spoken of."""
    plain = tuple(word for word in COMMAND if word != "--one-file")
    assert run(fresh, *COMMAND).exit_code == 0
    file = fresh / "output/editions/editions.pdf"
    before = file.read_bytes()
    assert run(fresh, *plain).stderr == ""
    rows = (fresh / "rows.csv").read_text("utf-8")
    write_rows(fresh, "north,North High,https://north.example.org,#5b1a3f")
    place = "warning: output/editions/editions.pdf  is of an earlier merge, and"
    advice = "to renew it, run the same command with --one-file; if nobody needs it, delete it"
    for _ in range(2):
        result = run(fresh, *plain)
        assert (result.exit_code, file.read_bytes()) == (0, before)
        assert result.stderr == f"{place} does not hold what manifest.csv lists now · {advice}\n"
    (fresh / "rows.csv").write_text(rows, "utf-8")
    assert run(fresh, *plain).stderr == ""
    shutil.rmtree(fresh / "output/.ledger")
    assert run(fresh, *plain).stderr == f"{place} may not hold what manifest.csv lists now · {advice}\n"
    assert run(fresh, *COMMAND).stderr == run(fresh, *plain).stderr == ""
    file.unlink()
    write_rows(fresh, "north,North High,https://north.example.org,#5b1a3f")
    assert run(fresh, *plain).stderr == ""


def test_pages_in_the_order_of_the_rows(made: tuple[Path, Any]) -> None:
    root, told = made
    pdf = pypdfium2.PdfDocument(root / told["one_file"])
    pages = [page.get_textpage().get_text_bounded() for page in pdf]
    assert len(pages) == 6
    for number, words in enumerate(pages):
        name = list(NAMES)[number // 2]
        assert [other for other in NAMES if NAMES[other] in words] == [name]
        assert f"{name}.example.org" in words
        assert CARDS[number % 2] in words and CARDS[1 - number % 2] not in words.split("\n")[0]


def test_pages_look_as_their_own_files(made: tuple[Path, Any]) -> None:
    root, told = made
    pages = Printed("editions.pdf", (root / told["one_file"]).read_bytes()).pages
    for page, edition in zip(pages, told["editions"], strict=True):
        data = (root / "output/editions" / edition["file"]).read_bytes()
        (own,) = Printed(edition["file"], data).pages
        difference = ImageChops.difference(page.raster(60), own.raster(60))
        assert sum(ImageStat.Stat(difference).sum) == 0, edition["file"]


def test_bookmarks_and_title(one: pikepdf.Pdf) -> None:
    assert str(one.docinfo.Title) == TITLE
    with one.open_outline() as outline:
        marks = [(mark.title, one.pages.index(pikepdf.Page(mark.destination[0]))) for mark in outline.root]
    assert marks == [
        (f"{name} · {words} · specialty {subject.lower()}", 2 * row + column)
        for row, (name, words) in enumerate(NAMES.items())
        for column, subject in enumerate(CARDS)
    ]


def test_it_is_for_paper(one: pikepdf.Pdf) -> None:
    assert "/StructTreeRoot" not in one.Root
    assert all("/Annots" not in page and "/StructParents" not in page for page in one.pages)


def test_the_same_rows_are_the_same_bytes(made: tuple[Path, Any], fresh: Path) -> None:
    """In another folder, by another number of processes, and once more."""
    root, _ = made
    run(fresh, *COMMAND[:5], "--jobs", "1", "--zip", "--one-file")
    calm = tree(root / "output/editions")
    assert tree(fresh / "output/editions") == calm
    result = run(fresh, *COMMAND, "--force")
    assert "unchanged" not in result.stdout
    assert tree(fresh / "output/editions") == calm


def test_nothing_is_written_where_a_row_is_bad(fresh: Path) -> None:
    before = tree(fresh / "output")
    write_rows(fresh, "north,North High,call me,", f"east,{'W' * 30},,#203a7c")
    result = run(fresh, *COMMAND)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: rows.csv:2  the web address is not a web address: call me · ")
    write_rows(fresh, "north,North High,,#5b1a3f", f"east,{'W' * 30},,#203a7c", "south,South 東 High,,#203a7c")
    result = run(fresh, *COMMAND)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "error: rows.csv:3  the organization is 6 characters too long for its place in specialty baker · shorten it",
        'error: rows.csv:4  the organization: "東" (U+6771) is in no font in specialty baker · '
        "write it with other characters",
    ]
    assert tree(fresh / "output") == before


def test_an_interrupt_leaves_no_half_file(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the one file is written: what was there stays, and nothing lies beside it."""
    whole = binding._entries

    def cut_off(*arguments: Any) -> Iterator[Entry]:
        entries = whole(*arguments)
        yield from (next(entries), next(entries))
        raise KeyboardInterrupt

    monkeypatch.setattr(binding, "_entries", cut_off)
    result = run(fresh, *COMMAND)
    assert (result.exit_code, result.stderr) == (130, "interrupted; what was built stays\n")
    files = [name for name in tree(fresh / "output/editions") if "/" not in name]
    assert sorted(files) == ["east.zip", "manifest.csv", "north.zip", "zhukov.zip"]
    monkeypatch.undo()
    assert run(fresh, *COMMAND).exit_code == 0
    calm = tree(fresh / "output/editions")
    write_rows(fresh, "north,North Academy,https://north.example.org,#5b1a3f")
    monkeypatch.setattr(binding, "_entries", cut_off)
    assert run(fresh, *COMMAND).exit_code == 130
    now = tree(fresh / "output/editions")
    assert now["editions.pdf"] == calm["editions.pdf"]
    assert now.keys() == calm.keys()


def started(root: Path, output: Path) -> subprocess.Popen[bytes]:
    """A merge in a session of its own, so that its workers are killed with it."""
    return subprocess.Popen(
        [sys.executable, "-m", "handouts", *COMMAND, "-o", str(output)],
        cwd=root,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def whole_files(folder: Path) -> dict[str, str]:
    return {name: digest for name, digest in tree(folder).items() if not Path(name).name.startswith(".")}


def test_killed_and_run_to_the_end(made: tuple[Path, Any], fresh: Path, tmp_path: Path) -> None:
    """At three moments: while pages are laid out, when the first editions are there, and somewhere in the middle."""
    rows = [f"s{number},{'Жukov' if number % 8 == 3 else 'School'} {number},,#5b1a3f" for number in range(24)]
    write_rows(fresh, *rows)
    calm, output = fresh / "output", tmp_path / "killed"
    assert run(fresh, *COMMAND).exit_code == 0
    chance = random.Random("kill")
    seen = []
    for target in (0, 1, chance.randrange(10, 40)):
        process = started(fresh, output)
        until = time.monotonic() + 60
        # Not `whole_files`: while that reads them, a temporary one is moved away.
        while sum(1 for _ in (output / "editions").rglob("*.pdf")) < target and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(chance.random() if target == 0 else 0.02 * chance.random())
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        there = whole_files(output / "editions")
        assert there.items() <= tree(calm / "editions").items()
        seen.append(len(there))
    assert 0 < seen[1] <= seen[2] < len(tree(calm / "editions"))
    assert started(fresh, output).wait(timeout=100) == 0
    assert tree(output / "editions") == tree(calm / "editions")
    assert whole_files(output / ".ledger") == tree(calm / ".ledger")
