"""`handouts new`: the starter, what it holds, and where it is put: whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from trades import as_json, change, run

from handouts import starter
from handouts.document import compose
from handouts.material import gather
from handouts.project import Project

ROOT = Path(__file__).resolve().parents[1]
STARTER = ROOT / "starter"
FILES = [
    *("README.md", "handouts.toml", "styles/brands/default/brand.toml", "styles/brands/default/logo.svg"),
    *(f"content/{name}.toml" for name in ("booklet", "charts", "facts", "glossary")),
    *("content/references.json", "content/specialties/radiography.md", "content/specialties/ultrasound.md"),
    *("content/topics/education.md", "content/topics/role.md"),
]


@pytest.fixture(autouse=True)
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day that the facts were read: none of them is stale."""
    monkeypatch.setenv("HANDOUTS_TODAY", "2026-11-23")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder that new projects are put into."""
    return tmp_path.resolve()


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project that tests build, each with an output folder of its own, and do not change."""
    folder = tmp_path_factory.mktemp("starter").resolve()
    assert run(folder, "new", "mine").exit_code == 0
    return folder / "mine"


def inside(folder: Path) -> list[str]:
    """Every file below a folder, hidden ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def refused(place: Path, *arguments: str) -> list[str]:
    """What `handouts new` says is wrong; nothing is changed by it."""
    before = inside(place)
    result = run(place, "new", *arguments)
    assert (result.exit_code, result.stdout, inside(place)) == (1, "", before)
    return [line.removeprefix("error: ") for line in result.stderr.splitlines()]


def built(project: Path, output: Path, *arguments: str) -> list[tuple[str, int]]:
    """The PDFs of a build with --strict, which found nothing, and their pages."""
    result = run(project, "build", *arguments, "--strict", "--json", "-o", str(output))
    told = as_json(result)
    assert (told["findings"], result.stderr, result.exit_code) == ([], "", 0)
    return sorted((Path(one["file"]).name, one["pages"]) for one in told["outputs"])


def composed(root: Path) -> str:
    """The booklet of a project as HTML."""
    project = Project(root)
    return compose(project, gather(project, "booklet"), "letter").html


def text_of(pdf: Path, page: int) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].get_textpage().get_text_bounded()


def test_its_facts_sources_and_words_are_ours_word_for_word() -> None:
    facts = tomllib.loads((STARTER / "content/facts.toml").read_text(encoding="utf-8"))
    ours = tomllib.loads((ROOT / "content/facts.toml").read_text(encoding="utf-8"))
    assert facts == {name: ours[name] for name in facts}
    sources = json.loads((STARTER / "content/references.json").read_text(encoding="utf-8"))
    ours = json.loads((ROOT / "content/references.json").read_text(encoding="utf-8"))
    assert sources == [one for one in ours if one["id"] in {source["id"] for source in sources}]
    glossary = tomllib.loads((STARTER / "content/glossary.toml").read_text(encoding="utf-8"))
    assert glossary == tomllib.loads((ROOT / "content/glossary.toml").read_text(encoding="utf-8"))


def test_it_holds_no_fact_and_no_source_that_is_not_printed() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in STARTER.rglob("*.md"))
    texts += "".join((STARTER / f"content/{name}.toml").read_text(encoding="utf-8") for name in ("booklet", "charts"))
    facts = tomllib.loads((STARTER / "content/facts.toml").read_text(encoding="utf-8"))
    assert [name for name in facts if name not in texts] == []
    sources = [one["id"] for one in json.loads((STARTER / "content/references.json").read_text(encoding="utf-8"))]
    assert sorted(sources) == sorted({fact["source"] for fact in facts.values()})


def test_every_file_that_may_hold_notes_tells_what_to_change() -> None:
    for name in FILES:
        text = (STARTER / name).read_text(encoding="utf-8")
        assert name.endswith(".json") or name == "README.md" or "# " in text or "<!-- " in text, name
    brand = tomllib.loads((STARTER / "styles/brands/default/brand.toml").read_text(encoding="utf-8"))
    assert brand["phone"].startswith("555-") and brand["email"].endswith("@example.org")


def test_a_new_project(place: Path) -> None:
    result = run(place, "new", "mine")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "mine  made: 13 files, for 5 PDFs",
        "",
        "Next:",
        "",
        "1. Go into the folder.",
        "     cd mine",
        "",
        "2. Build a sheet, and open output/specialty/ultrasound.pdf",
        "     handouts build specialty ultrasound",
        "",
        "3. Make it yours. In any text editor, open styles/brands/default/brand.toml and write your name, phone number"
        " and",
        "   color; the words are in the folder content. Then build everything, and check it before you print.",
        "     handouts build all",
        "     handouts check",
    ]
    assert inside(place) == [f"mine/{name}" for name in sorted(FILES)]
    assert [(place / "mine" / name).read_bytes() for name in FILES] == [(STARTER / name).read_bytes() for name in FILES]


def test_what_was_built_in_our_own_folder_is_no_part_of_it(
    place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shipped = tmp_path_factory.mktemp("shipped").resolve()
    shutil.copytree(STARTER, shipped / "starter", ignore=shutil.ignore_patterns("output"))
    for name in ("output/booklet.pdf", "content/.booklet.toml.swp", ".DS_Store"):
        change(shipped / "starter", name, "", "not ours")
    monkeypatch.setattr(starter, "shipped_root", lambda: shipped)
    assert sorted(starter.start(place / "mine").files) == sorted(FILES) == inside(place / "mine")


@pytest.mark.parametrize("name", ["Jörg & Co's #1 100%", "-x", "a/b c/d", "$HOME", "./mine/", "mine/../other"])
def test_the_line_that_leads_there_works_in_a_shell(place: Path, name: str) -> None:
    result = run(place, "new", "--", name)
    (step,) = [line.strip() for line in result.stdout.splitlines() if line.startswith("     cd ")]
    shell = subprocess.run(["sh", "-c", f"{step} && pwd"], cwd=place, capture_output=True, text=True, check=True)
    assert Path(shell.stdout.removesuffix("\n")) == (place / name).resolve()
    assert inside((place / name).resolve()) == sorted(FILES)


def test_a_folder_that_is_there_keeps_what_is_in_it(place: Path) -> None:
    change(place, "mine/.git/HEAD", "", "ref: refs/heads/main\n")
    change(place, "mine/README.md", "", "# Our own\n")
    change(place, "mine/content/topics/skills.md", "", "# Skills\n")
    result = run(place / "mine", "new", ".")
    assert result.exit_code == 0
    told = result.stdout.splitlines()[:2]
    assert told == [".  made: 12 files, for 6 PDFs", "README.md  is your own and is kept; ours is left out"]
    assert inside(place) == sorted(f"mine/{name}" for name in (*FILES, ".git/HEAD", "content/topics/skills.md"))
    assert (place / "mine/README.md").read_text() == "# Our own\n"


def test_nothing_that_is_there_is_written_over(place: Path) -> None:
    change(place, "mine/content/topics/role.md", "", "my own")
    change(place, "mine/content/facts.toml", "", "")
    (place / "elsewhere").mkdir()
    (place / "mine/styles").symlink_to("../elsewhere")
    assert refused(place, "mine") == [
        "mine/content/facts.toml  is there already, and is kept · move it away, or choose another folder",
        "mine/content/topics/role.md  is there already, and is kept · move it away, or choose another folder",
        "mine/styles  is there already, and is no folder of this one · move it away, or choose another folder",
    ]


def test_a_second_time(place: Path) -> None:
    run(place, "new", "mine")
    hint = "choose another folder, or go on in this one"
    assert refused(place, "mine") == [f"mine/handouts.toml  is there already: this folder is a project · {hint}"]


def test_what_is_no_folder(place: Path) -> None:
    change(place, "file", "", "x")
    around = "check that the folder around it is yours and the disk has room, or choose another"
    assert refused(place, "file") == ["file  is a file, not a folder · choose another name"]
    assert refused(place, "file/mine") == [f"file/mine  cannot be made here: Not a directory · {around}"]
    assert refused(place, "x" * 300) == [f"{'x' * 300}  cannot be made here: File name too long · {around}"]
    assert refused(place, "a\nb") == [r"'a\nb'  is no name for a folder · use letters, digits, spaces and hyphens"]
    empty = run(place, "new", "")
    assert (empty.exit_code, empty.stderr.splitlines()[-1]) == (2, "Error: the name of a folder is empty")


def test_a_folder_that_one_may_not_write_in(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *arguments: object, **named: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    around = "check that the folder around it is yours and the disk has room, or choose another"
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert refused(place, "a/b") == [f"a/b  cannot be made here: Permission denied · {around}"]


def test_a_full_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "No space left on device" in refused(place, "mine")[0]
    assert os.listdir(place) == []


def test_a_folder_that_is_gone(place: Path) -> None:
    script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" -m handouts new mine'
    done = subprocess.run(["sh", "-c", script, os.sys.executable], cwd=place, capture_output=True, text=True)
    assert done.stderr == "error: the folder you are in is no longer there · go to another one with cd\n"


def test_inside_another_project(place: Path) -> None:
    run(place, "new", "outer")
    result = run(place / "outer", "new", "inner")
    said = f"It lies in another project, {place / 'outer'}: each builds its own content, and not the other's."
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, said)
    assert Project(place / "outer").subjects("topics") == ["education", "role"]


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("moves", [False, True])
def test_ctrl_c_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch, exists: bool, moves: bool) -> None:
    """While files are written, and while they are moved: never half a project."""
    if exists:
        change(place, "mine/README.md", "", "# Our own\n")
    before, count, real = inside(place), 0, Path.rename

    def interrupted(*arguments: object) -> None:
        nonlocal count
        count += 1
        if count == 7 or not (exists and moves):
            raise KeyboardInterrupt
        real(*arguments)

    monkeypatch.setattr(*((Path, "rename") if moves else (starter, "write")), interrupted)
    result = run(place, "new", "mine")
    assert (result.exit_code, count) == (130, 7 if exists and moves else 1)
    assert inside(place) == before
    assert os.listdir(place) == ["mine"] * exists and (not exists or os.listdir(place / "mine") == ["README.md"])


def test_the_file_that_makes_it_a_project_comes_last(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved, real = [], Path.rename
    monkeypatch.setattr(Path, "rename", lambda path, target: (moved.append(target.name), real(path, target)))
    (place / "mine").mkdir()
    run(place, "new", "mine")
    assert (len(moved), moved[-1]) == (13, "handouts.toml")


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("all --paper a4", 5),
        ("specialty --brand northgate", 2),
        ("specialty --for press", 2),
        ("booklet --for press", 1),
        ("booklet --for office", 1),
        ("topic --for office", 2),
        ("booklet --large-print", 1),
        ("specialty ultrasound --large-print", 1),
    ],
)
def test_it_builds_for_all_purposes_without_a_finding(mine: Path, tmp_path: Path, words: str, count: int) -> None:
    assert len(built(mine, tmp_path, *words.split())) == count


def test_no_page_is_hollow_and_one_for_notes_stands_where_a_blank_one_would(mine: Path, tmp_path: Path) -> None:
    """Its back cover is a left page: without a second page of notes, the one before it would be blank."""
    assert built(mine, tmp_path, "all") == [
        *[("booklet.pdf", 20), ("education.pdf", 2), ("radiography.pdf", 1), ("role.pdf", 2), ("ultrasound.pdf", 1)],
    ]
    assert [text_of(tmp_path / "booklet.pdf", page).split()[0] for page in (17, 18)] == ["Notes", "Notes"]
    assert "Hazel Ridge" in text_of(tmp_path / "booklet.pdf", 19)
    result = run(mine, "check", "--strict", "-o", str(tmp_path))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "5 PDFs judged: nothing to mend")


# What a project may lack: a piece of a file that is taken out, from the first words up to the second; and what is not
# printed then.
BOOKLET, EDUCATION = "content/booklet.toml", '[[chapter]]\nkind = "topic"\nsubject = "education"'
LACKS = {
    "a path diagram": (BOOKLET, "# The path,", "", 'class="path"'),
    "a comparison": (BOOKLET, "# The specialties in one", EDUCATION, 'class="facts"'),
    "charts": (BOOKLET, "charts = [", "\n\n[[chapter]]", 'class="chart"'),
    "a chapter of hard words": (BOOKLET, '[[chapter]]\nkind = "glossary"', "[[chapter]]", 'class="glossary"'),
    "hard words": ("content/glossary.toml", '"accredited program"', "", 'href="#glossary"'),
    "key words": (BOOKLET, "extra = [", "\n\n# Specialties:", 'class="prose words'),
    "large figures": ("content/topics/role.md", "figures:\n", "more:", "held by"),
    "an opening text": (BOOKLET, 'text = """', "subjects = [", "Am I at ease"),
    "specialties": (BOOKLET, "# Specialties:", EDUCATION, 'class="gallery'),
    "a name": ("styles/brands/default/brand.toml", "organization", "", "Hazel Ridge"),
}


def without(root: Path, lack: str) -> str:
    """Take out of a project what it lacks; what is printed no more."""
    file, first, last, printed = LACKS[lack]
    head, found, rest = (root / file).read_text(encoding="utf-8").partition(first)
    _, end, tail = rest.partition(last) if last else ("", "", "")
    assert found and (end or not last)
    (root / file).write_text(head + end + tail, encoding="utf-8")
    return printed


@pytest.mark.parametrize("lack", LACKS)
def test_a_booklet_leaves_out_what_there_is_not(mine: Path, tmp_path: Path, lack: str) -> None:
    root = tmp_path / "mine"
    shutil.copytree(mine, root, ignore=shutil.ignore_patterns("output"))
    before, printed = composed(root), without(root, lack)
    after = composed(root)
    assert (printed in before, printed in after) == (True, False)


def test_a_booklet_of_little_is_whole_all_the_same(mine: Path, tmp_path: Path) -> None:
    """Sources are printed, and pages for notes fill it up, though no chapter says so."""
    root = tmp_path / "mine"
    shutil.copytree(mine, root, ignore=shutil.ignore_patterns("output"))
    text, chapter = (root / BOOKLET).read_text(encoding="utf-8"), '[[chapter]]\nkind = "topic"\nsubject = "role"\n'
    (root / BOOKLET).write_text(text[: text.index("# A topic:")] + chapter, encoding="utf-8")
    result = run(root, "build", "booklet", "--json")
    told = as_json(result)
    (one,) = told["outputs"]
    assert (result.exit_code, one["pages"], told["findings"]) == (0, 8, [])
    words = "".join(text_of(root / "output/booklet.pdf", page) for page in range(8))
    assert words.count("References") == 1 and words.count("Notes") == 1


@pytest.mark.parametrize(
    ("count", "rows", "places"),
    [
        (1, 1, ["wide top bottom"]),
        (3, 3, ["wide top", "wide", "wide bottom"]),
        (4, 2, ["top", "top", "bottom", "bottom"]),
        (5, 3, ["top", "top", "", "", "wide bottom"]),
        (6, 3, ["top", "top", "", "", "bottom", "bottom"]),
    ],
)
def test_any_number_of_plates_fills_a_page(tmp_path: Path, count: int, rows: int, places: list[str]) -> None:
    names = Project(ROOT).subjects("specialties")
    for name in ("content", "handouts.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (old,) = [line for line in (tmp_path / BOOKLET).read_text().splitlines() if line.startswith("subjects = ")]
    change(tmp_path, BOOKLET, old, f"subjects = {json.dumps(names[:count])}")
    html = composed(tmp_path)
    assert re.findall(r'<section class="gallery(?: single)?" style="--rows: (\d)">', html) == [str(rows)]
    assert [found.strip() for found in re.findall(r'<li class="place([^"]*)"', html)] == places
