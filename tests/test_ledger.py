"""Nothing is done twice, and nothing that is not as it was is believed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
import small
from trades import BAKER, as_json, change, run

from handouts import ledger, project
from handouts.build import build, deliver, make, unchanged
from handouts.findings import Finding
from handouts.job import Edition, Job
from handouts.ledger import Answers
from handouts.planning import outline, plan
from handouts.project import Project

HEAVY = ("weasyprint", "pydantic", "jinja2", "markdown", "pikepdf", "PIL", "yaml", "multiprocessing", "difflib")
COMMAND = """
import sys
from handouts.cli import main
try:
    main(sys.argv[1:])
finally:
    print([name for name in {heavy} if name in sys.modules], file=sys.stderr)
"""
FONTS = Path(project.font_files()["SourceSansPro-Regular.ttf"]).parent


def jobs_of(root: Path, output: Path | None = None) -> list[Job]:
    """All jobs of a project, planned as a command does first."""
    into = str(output or root / "output")
    return [job for form in ("card", "leaflet") for job in plan(Project(root), form, [], output=into, shape=outline)]


def fresh(root: Path) -> set[str]:
    """The files that the ledger finds unchanged."""
    return {result.file for result in unchanged(jobs_of(root))}


@pytest.fixture(scope="module")
def once_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project with its outputs, to be copied."""
    root = tmp_path_factory.mktemp("ledger").resolve() / "small"
    small.project(root, {"content/notes.txt": "mine"})
    assert all(build(job).built for job in jobs_of(root))
    return root


@pytest.fixture
def root(once_built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, to be changed. Somewhere else than where it was built."""
    shutil.copytree(once_built, tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    return tmp_path.resolve() / "elsewhere"


CARDS = {"card/ct.pdf", "card/mri.pdf"}
ALL = {*CARDS, "leaflet.pdf"}


def test_what_is_built_is_known_again_also_in_another_place(root: Path):
    assert fresh(root) == ALL
    results = unchanged(jobs_of(root))
    assert all(result.fresh and result.built and len(result.revision) == 9 for result in results)
    assert [result.pages for result in results if result.file == "leaflet.pdf"] == [4]
    assert [bool(re.fullmatch(r"fits at \d+ %, \d+ mm to spare", result.fit)) for result in results[:2]] == [True, True]
    assert unchanged(jobs_of(root, root / "other")) == []
    (root / "output").rename(root / "other")
    assert fresh(root) == set()
    assert {result.file for result in unchanged(jobs_of(root, root / "other"))} == ALL


def put(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("content/cards/ct.md", small.CT.replace("slices", "thin slices"), {"card/mri.pdf"}),
        ("content/cards/mri.md", f"{small.MRI}\n", {"card/ct.pdf"}),
        ("content/cards/pet.md", small.MRI, CARDS),
        ("content/others/pet.md", small.MRI, CARDS),
        ("content/booklet.toml", f"{small.BOOKLET}\n", CARDS),
        ("content/facts.toml", f"{small.FACTS}\n", set()),
        ("content/glossary.toml", '"slice" = "a thin piece"\n', set()),
        ("content/labels/en.toml", "", set()),
        ("styles/base/tokens.css", "/* new */", set()),
        ("styles/base/more.css", "/* new */", set()),
        ("styles/card.css", f"{small.CARD_STYLE}\n", set()),
        ("templates/card/page.html", f"{small.CARD_PAGE}\n", {"leaflet.pdf"}),
        ("templates/card/format.toml", f"{small.CARD}\n", {"leaflet.pdf"}),
        ("templates/leaflet/page.html", f"{small.LEAFLET_PAGE}\n", CARDS),
        ("templates/citations/apa7.csl", "<style/>", CARDS),
        ("handouts.toml", 'series = "Other careers"\n', set()),
        ("styles/brands/default/brand.toml", 'organization = "The College"\n', set()),
        ("content/notes.txt", "other", ALL),
        ("content/cards/.ct.md.swp", "an editor's own", ALL),
        ("styles/unused.css", "h1 {}", ALL),
        ("templates/poster/page.html", "<p>", ALL),
    ],
)
def test_a_change_concerns_what_read_it(root: Path, name: str, text: str, left: set[str]):
    put(root, name, text)
    assert fresh(root) & ALL == left


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("content/cards/mri.md", {"card/ct.pdf"}),
        ("styles/base/type.css", set()),
        ("output/card/ct.pdf", ALL - {"card/ct.pdf"}),
        ("output/.ledger/card/ct.json", ALL - {"card/ct.pdf"}),
        ("output/.ledger", set()),
        ("output", set()),
    ],
)
def test_what_is_deleted_is_missed(root: Path, name: str, left: set[str]):
    (shutil.rmtree if (root / name).is_dir() else os.unlink)(root / name)
    assert fresh(root) & ALL == left


def test_a_font_and_the_date_are_read_too(root: Path, monkeypatch: pytest.MonkeyPatch):
    other = {name: path.with_name("SourceSansPro-It.ttf") for name, path in project.font_files().items()}
    with monkeypatch.context() as changed:
        changed.setattr(project, "font_files", lambda: other)
        assert fresh(root) == set()
    assert fresh(root) == ALL
    monkeypatch.setenv("HANDOUTS_TODAY", "2031-02-01")
    assert fresh(root) == set()
    monkeypatch.setenv("HANDOUTS_TODAY", "soon")
    assert fresh(root) == set()


def test_another_program_is_another_output(root: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ledger.programs():
        with monkeypatch.context() as changed:
            changed.setattr(ledger, "programs", lambda name=name: {**ledger.programs.__wrapped__(), name: "99"})
            assert fresh(root) == set(), name
    assert fresh(root) == ALL


def test_the_programs_are_all_that_are_asked_for():
    """What this package needs, and what that needs: but for what only runs commands, prints or reads tables, shows
    previews, or holds fonts, which are read as files."""
    wanted, left = set(), ["handouts"]
    while left:
        name = left.pop()
        for line in requires(name) or ():
            needed = re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", line)[0]).lower()
            optional = re.search(r"extra\s*==", line) and not (name == "fonttools" or "fonts" in line)
            if not optional and needed not in wanted:
                try:
                    version(needed)
                except PackageNotFoundError:
                    continue
                wanted.add(needed)
                left.append(needed)
    aside = {"click", "rich", "pygments", "colorama", "font-source-sans-pro", "font-source-serif-pro"}
    silent = {"typing-extensions", "typing-inspection", "annotated-types", "packaging", "deprecated", "wrapt"}
    silent |= {"pycparser", "linkify-it-py", "uc-micro-py"}
    aside |= {"openpyxl", "et-xmlfile", "defusedxml", "starlette", "uvicorn", "watchfiles", "anyio", "idna", "h11"}
    assert {"weasyprint", "pydyf", "lxml"} <= wanted
    assert wanted - aside - silent <= set(ledger.MAKERS)
    known = ledger.programs()
    assert all(known[name] for name in ("weasyprint", "pango", "harfbuzz", "python", "pydantic-core", "fonttools"))
    assert all(known[name] == version(name) for name in ("weasyprint", "pyyaml", "markdown-it-py", "zxing-cpp"))
    assert re.fullmatch(r"[0-9a-f]{64}", known["handouts"])


def test_our_own_source_is_a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(project, "__file__", str(tmp_path / "project.py"))
    (tmp_path / "inner").mkdir()
    codes = set()
    for name, text in (("a.py", ""), ("inner/a.py", ""), ("a.py", "x"), ("notes.md", "no code")):
        (tmp_path / name).write_text(text)
        codes.add(project.own_code())
    assert len(codes) == 3


def damaged(change_record: Callable[[dict[str, object]], object]) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps(change_record(json.loads(data))).encode()


def sealed(body: dict[str, object]) -> dict[str, object]:
    body.pop("seal")
    return body | {"seal": ledger._seal(body)}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"\xff\xfe" + data,
        lambda data: b"[" * 100_000,
        damaged(lambda record: []),
        damaged(lambda record: None),
        damaged(lambda record: {}),
        damaged(lambda record: {"seal": ledger._seal({})}),
        damaged(lambda record: record | {"fit": "fits at 200 %"}),
        damaged(lambda record: record | {"more": 1}),
        damaged(lambda record: sealed(record | {"form": 0})),
        damaged(lambda record: sealed(record | {"job": {}})),
        damaged(lambda record: sealed(record | {"reads": {}})),
        damaged(lambda record: sealed(record | {"reads": list(record["reads"])})),
        damaged(lambda record: sealed(record | {"reads": record["reads"] | {"hear content": "no"}})),
        damaged(lambda record: sealed(record | {"reads": record["reads"] | {"": "no"}})),
        damaged(lambda record: sealed(record | {"reads": record["reads"] | {"read ../x": "no"}})),
        damaged(lambda record: sealed(record | {"programs": None})),
        damaged(lambda record: sealed(record | {"files": {name: "0" * 64 for name in record["files"]}})),
        damaged(lambda record: sealed(record | {"findings": [{"file": "x"}]})),
        damaged(lambda record: sealed({key: value for key, value in record.items() if key != "pages"})),
    ],
)
def test_a_damaged_record_is_none(root: Path, damage: Callable[[bytes], bytes]):
    place = root / "output/.ledger/card/ct.json"
    place.write_bytes(damage(place.read_bytes()))
    assert fresh(root) == ALL - {"card/ct.pdf"}


def test_a_record_speaks_of_one_output(root: Path):
    """Not of that of another name, nor of one that somebody has put in its place."""
    shutil.copy(root / "output/.ledger/card/mri.json", root / "output/.ledger/card/ct.json")
    shutil.copy(root / "output/card/mri.pdf", root / "output/card/ct.pdf")
    assert fresh(root) == ALL - {"card/ct.pdf"}
    (root / "output/card/mri.pdf").write_bytes((root / "output/card/mri.pdf").read_bytes() + b"\n")
    assert fresh(root) == {"leaflet.pdf"}
    (root / "output/leaflet.pdf").unlink()
    (root / "output/leaflet.pdf").mkdir()
    assert fresh(root) == set()


def test_records_hold_no_path_of_the_machine(root: Path, once_built: Path):
    for place in sorted((once_built / "output/.ledger").rglob("*.json")):
        text = place.read_text(encoding="utf-8")
        assert str(once_built.parent) not in text
        assert str(FONTS) not in text
        assert str(Path(project.__file__).parent) not in text


def test_a_record_does_not_hang_on_what_was_built_before(root: Path, once_built: Path):
    """Style sheets and templates are parsed once a process, fonts loaded once: yet each output's reads are its own."""
    script = (
        "import sys; from handouts.build import build; from handouts.planning import plan;"
        "from handouts.project import Project; from pathlib import Path;"
        f"build(plan(Project(Path({str(root)!r})), 'card', ['mri'], output='alone')[0])"
    )
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root, timeout=120)
    reads, others = (
        json.loads((folder / ".ledger/card/mri.json").read_bytes())["reads"]
        for folder in (root / "alone", once_built / "output")
    )
    assert reads == others
    files = ("styles/card.css", "templates/card/page.html", "fonts/SourceSansPro-Regular.ttf")
    assert {*(f"read {file}" for file in files), "today", "ours read content/labels/en.toml"} <= set(reads)
    assert not {question for question in reads if "/ct" in question or "leaflet" in question or "booklet" in question}


def test_what_was_not_built_has_no_record(root: Path):
    good = (root / "content/cards/ct.md").read_text(encoding="utf-8")
    put(root, "content/cards/ct.md", "---\ntitle: CT\n---\n")
    made = make(jobs_of(root)[0])
    assert (made.result.built, made.pdf, made.record) == (False, b"", b"")
    assert deliver(made) == made.result
    assert fresh(root) == {"card/mri.pdf"}
    put(root, "content/cards/ct.md", good)
    assert fresh(root) == ALL


def test_a_record_that_cannot_be_kept_costs_only_a_build(root: Path):
    shutil.rmtree(root / "output/.ledger")
    put(root, "output/.ledger", "a file")
    job = jobs_of(root)[0]
    assert build(job).built
    assert unchanged([job]) == []


def test_an_edition_has_no_record(root: Path):
    job = replace(jobs_of(root)[0], edition=Edition("north"), output=str(root / "editions"))
    ledger.keep(job, "card/ct.pdf", b"{}")
    assert not (root / "editions").exists()
    assert ledger.recall(Answers(Project(root)), job, "card/ct.pdf") is None


def test_findings_come_back_as_they_were(root: Path):
    job, here = jobs_of(root)[0], Project(root)
    here.read("content/cards/ct.md")
    inside = Finding(f"{job.output}/card/ct.pdf", 0, "is pale", "", "warning", "contrast", 1, (1.5, 2.0, 3.25, 4.0))
    beside = Finding("content/cards/ct.md", 3, "is “old”", "mend", "warning")
    pdf = (root / "output/card/ct.pdf").read_bytes()
    record = ledger.record(here, job, {"card/ct.pdf": pdf}, ledger.Entry(1, "r", "", (inside, beside)))
    ledger.keep(job, "card/ct.pdf", record)
    assert ledger.recall(Answers(here), job, "card/ct.pdf").findings == (inside, beside)
    (root / "output").rename(root / "moved")
    moved = replace(job, output="elsewhere/moved")
    found = ledger.recall(Answers(here), moved, "card/ct.pdf").findings
    assert found == (replace(inside, file="elsewhere/moved/card/ct.pdf"), beside)


def test_a_question_is_asked_once_a_command(root: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    own = Project.answer
    monkeypatch.setattr(Project, "answer", lambda self, question: asked.append(question) or own(self, question))
    assert fresh(root) == ALL
    own_and_ours = [question for question in asked if not question.startswith("read content/labels")]
    assert len(own_and_ours) == len(set(own_and_ours)) > 20


# The command


def command(root: Path, *arguments: str, **more: str) -> tuple[int, list[str], list[str]]:
    """A command in a process of its own: its exit code, its lines, and those of its errors with what it has loaded."""
    words = [sys.executable, "-c", COMMAND.format(heavy=HEAVY), *arguments]
    done = subprocess.run(words, capture_output=True, text=True, cwd=root, env={**os.environ, **more}, timeout=120)
    return done.returncode, done.stdout.splitlines(), done.stderr.splitlines()


def test_a_command_with_nothing_to_do_loads_nothing_heavy(trades: Path):
    later = {"HANDOUTS_TODAY": "2031-02-01"}
    code, lines, errors = command(trades, "build", "card", **later)
    assert (code, len(lines)) == (0, 2)
    assert errors.pop().startswith("['weasyprint', 'pydantic', ")
    assert errors[0].startswith(f"warning: {BAKER}:17  ")
    before = {path: path.stat().st_mtime_ns for path in (trades / "output").rglob("*")}
    again = command(trades, "build", "card", **later)
    marked = sorted(re.sub(r"^\[\d/2\] ", "", line) + " · unchanged" for line in lines)
    assert [re.sub(r"^\[\d/2\] ", "", line) for line in again[1]] == marked
    assert (again[0], again[2]) == (0, [*errors, "[]"])
    assert {path: path.stat().st_mtime_ns for path in (trades / "output").rglob("*")} == before


def test_warnings_exit_codes_and_json_are_repeated(trades: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HANDOUTS_TODAY", "2031-02-01")
    first = run(trades, "build", "card", "baker", "--strict", "--json", "--force")
    again = run(trades, "build", "card", "baker", "--strict", "--json")
    assert (first.exit_code, again.exit_code) == (1, 1)
    assert first.stderr == again.stderr != ""
    one, other = as_json(first)["outputs"][0], as_json(again)["outputs"][0]
    assert (one.pop("fresh"), other.pop("fresh")) == (False, True)
    assert one == other
    assert run(trades, "build", "card", "baker").exit_code == 0


def test_force_builds_all_that_is_asked_for(trades: Path):
    assert run(trades, "build", "card").exit_code == 0
    file = trades / "output/card/baker.pdf"
    before = file.stat().st_mtime_ns
    assert run(trades, "build", "card").stdout.count("unchanged") == 2
    assert file.stat().st_mtime_ns == before
    assert run(trades, "build", "card", "--force").stdout.count("unchanged") == 0
    assert file.stat().st_mtime_ns > before


def test_what_has_changed_is_built_beside_what_has_not(trades: Path):
    assert run(trades, "build", "card").exit_code == 0
    change(trades, BAKER, "Yeast", "Good yeast")
    lines = run(trades, "build", "card", "--jobs", "1").stdout.splitlines()
    files = [line.partition("  ")[0] for line in lines]
    assert files == ["[1/2] output/card/potter.pdf", "[2/2] output/card/baker.pdf"]
    assert [line.endswith("unchanged") for line in lines] == [True, False]
    assert run(trades, "build", "card").stdout.count("unchanged") == 2


@pytest.mark.parametrize(
    ("arguments", "broken"),
    [
        (["crad"], ""),
        (["card", "backer"], ""),
        (["all", "baker"], ""),
        (["card"], 'title "card"\n'),
        (["card"], 'title = "card"\nscope = "some"\n'),
        (["card"], ""),
    ],
)
def test_mistakes_are_told_as_ever(trades: Path, arguments: list[str], broken: str):
    assert run(trades, "build", "card").exit_code == 0
    if broken:
        change(trades, "templates/card/format.toml", "", broken)
    elif arguments == ["card"]:
        (trades / "templates/card/page.html").unlink()
    told, forced = run(trades, "build", *arguments), run(trades, "build", *arguments, "--force")
    assert told.exit_code == 1
    assert (told.stdout, told.stderr) == (forced.stdout, forced.stderr)
    assert told.stderr.startswith("error: ")
