"""The rules of the house, read from the source: who imports whom, who opens files, how long a file may be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from conftest import FIRST

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "handouts"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__init__.py"
}

# From the top down: an arrow of imports goes down, or stays on its floor. docs/architecture.md says the same.
FLOORS = (
    (
        *("cli", "cli_brand", "cli_format", "cli_impose", "cli_merge"),
        *("cli_new", "cli_preview", "cli_schema", "completing", "options", "preview"),
    ),
    (
        *("build", "sheeting", "recipe", "check", "planning", "report", "catalog", "doctor", "workers", "parcels"),
        *("formats", "schemas", "starter", "provenance"),
        *("editions", "importing"),
    ),
    (
        *("document", "wide", "marks", "material", "pdf", "boxes", "room", "stacks", "clearance", "latitude", "fit"),
        *("finishing", "imposing", "preflight", "prepress", "stamping"),
    ),
    (
        *("agreement", "content", "records", "prose", "blocks", "proofreading", "addresses"),
        *("citations", "charts", "qr", "reading", "ledger", "imprint", "profiles", "brands", "brand_sheet"),
    ),
    (
        *("model", "job", "project", "quantities", "findings", "color", "reads", "contact"),
        *("slots", "typography", "updating"),
    ),
)
# Each library has one room; all else asks that room.
ROOMS = {
    "weasyprint": {"pdf", "boxes", "room", "stacks"},
    "pikepdf": {"finishing", "imposing", "preflight", "prepress"},
    "pypdfium2": {"imposing", "preflight", "preview"},
    "PIL": {"imposing", "preflight", "prepress", "stamping"},
    "rich": {"report"},
    "citeproc": {"citations"},
    "tinycss2": {"brand_sheet"},
    "openpyxl": {"editions"},
    "markdown": {"prose"},
    "zxingcpp": {"qr", "preflight"},
    "uharfbuzz": {"importing", "stamping"},
    # Blocks are found by it, and so is all that other people's Markdown holds.
    "markdown_it": {"blocks", "importing"},
    "mdit_py_plugins": {"blocks", "importing"},
    "jinja2": {"document", "marks", "preview"},
    "yaml": {"content"},
    "concurrent": {"workers"},
    # A preview keeps two processes beside it for as long as it runs, which answer questions one by one: no pool.
    "multiprocessing": {"workers", "preview"},
    "distributed": {"workers"},
    "starlette": {"preview"},
    "uvicorn": {"preview"},
    "watchfiles": {"preview"},
    "webbrowser": {"cli_preview"},
    # The one that a preview listens on, at 127.0.0.1: bound before it is served, to know whether the port is free.
    "socket": {"preview"},
    "urllib.request": set(),
    "http": set(),
    "subprocess": {"preflight"},
    "random": set(),
}
# Lines of a file; the tables of cases in tests are long.
LONGEST, LONGEST_TEST = 350, 400
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc", "tools"}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """Every name a module imports, wherever in it: "weasyprint.urls", "handouts.model.Job"."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by dots"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def rooms_used(module: str) -> frozenset[str]:
    """The modules of the house that a module imports: "model", "finishing.links"."""
    names = (name.removeprefix("handouts.") for name in imports(module) if name.startswith("handouts."))
    known = (name if name in MODULES else name.rpartition(".")[0] for name in names)
    return frozenset(name for name in known if name in MODULES)


def floor(module: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if module.partition(".")[0] in rooms)


def users(library: str) -> set[str]:
    """The rooms that import a library or a part of it."""
    inside = re.compile(rf"{re.escape(library)}(\.|$)")
    return {module.partition(".")[0] for module in MODULES if any(inside.match(name) for name in imports(module))}


def test_every_module_has_a_floor_and_the_docs_know_it():
    assert {room for rooms in FLOORS for room in rooms} == {module.partition(".")[0] for module in MODULES} - {
        "__main__"
    }
    told = re.findall(r"^\d\. (`.*)$", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [sorted(re.findall(r"`(\w+)`", line)) for line in told] == [sorted(rooms) for rooms in FLOORS]


def test_no_arrow_goes_up():
    rooms = [module for module in MODULES if module != "__main__"]
    up = [(one, other) for one in rooms for other in rooms_used(one) if floor(other) < floor(one)]
    assert up == []


def test_there_is_no_circle():
    left = {module: set(rooms_used(module)) for module in MODULES}
    while free := {module for module, needs in left.items() if not needs & left.keys()}:
        left = {module: needs for module, needs in left.items() if module not in free}
    assert left == {}


def test_only_main_imports_the_command_line_and_only_that_imports_the_recipe():
    assert {module for module in MODULES if "cli" in rooms_used(module)} == {"__main__"}
    # A report tells what a Result holds, and sheets are made of it. A master is a page by the same recipe, and so is an
    # edition laid out in full. A preview builds while its pages are looked at.
    users_of_build = {"cli", "report", "sheeting", "editions.masters", "preview.building"}
    assert {module for module in MODULES if "build" in rooms_used(module)} == users_of_build
    assert {module for module in MODULES if "recipe" in rooms_used(module)} == {"build", "editions.masters"}
    assert {module for module in MODULES if "check" in rooms_used(module)} == {"cli", "report"}
    inside = {module for module in MODULES if module.startswith("preview.")}
    assert {module for module in MODULES if rooms_used(module) & inside} - inside == {"cli_preview"}
    assert {name for name in imports("report") if name.startswith("handouts.check")} == {"handouts.check.Verdict"}
    assert {name for name in imports("report") if name.startswith("handouts.build")} == {"handouts.build.Result"}


@pytest.mark.parametrize("library", ROOMS)
def test_each_library_has_one_room(library: str):
    assert users(library) == ROOMS[library]


def test_the_command_line_loads_nothing_heavy():
    heavy = "weasyprint pydantic jinja2 markdown pikepdf pypdfium2 PIL rich citeproc zxingcpp yaml lxml multiprocessing"
    heavy += " openpyxl uharfbuzz"
    script = f"import sys, handouts.cli; print(*[name for name in '{heavy}'.split() if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout == "\n"


def test_judging_a_pdf_loads_no_layout_engine():
    script = "import sys, handouts.check, handouts.preflight.table; print('weasyprint' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout == "False\n"


def test_only_the_project_opens_files():
    opens = re.compile(r"open|.*\.(open|fdopen|read_text|read_bytes|iterdir|glob|rglob|listdir|scandir)")
    calls = {
        (module.partition(".")[0], called.rpartition(".")[2])
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Call) and opens.fullmatch(called := ast.unparse(node.func))
    }
    # The finishing pass, imposition, preflight and prepress read a PDF that they are handed as bytes, and its streams.
    # The doctor counts the files of a folder, and opens none; a merge clears up what one that was killed left in its
    # own folders, and a check looks which profiles stand beside an output. A logo is handed to Pillow as bytes.
    # A new project lists what it has written itself, and an import the files of the folder that is named.
    others = {(room, name) for room, name in calls if room != "project"}
    assert others == {("check", "glob"), ("doctor", "rglob"), ("editions", "scandir"), ("starter", "rglob")} | {
        *(("imposing", "open"), ("stamping", "open"), ("importing", "scandir"))
    } | {
        (room, name) for room in ("finishing", "preflight", "prepress") for name in ("open", "read_bytes")
    }
    assert not {name for library in ("pathlib", "os") for name in users(library)} & {"finishing"}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_a_sentence(module: str):
    said = ast.get_docstring(tree(module))
    assert said
    assert said.partition("\n\n")[0].rstrip().endswith((".", "…"))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_name_of_its_own(module: str):
    assert not VAGUE & set(re.split(r"[._]", module))


def own_files() -> list[Path]:
    """The files of the project as text: not what was built, installed or cached."""
    skipped = {"output", "dist", "build", "htmlcov", "__pycache__", "node_modules"}
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in {".ci", ".gitignore", ".github"} for part in parts)
        if path.is_file() and not hidden and not skipped & set(parts):
            found.append(path)
    assert len(found) > 100
    return found


def test_files_are_short_enough_to_read():
    files = [path for path in own_files() if path.suffix == ".py"]
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    most = {path: LONGEST_TEST if path.is_relative_to(ROOT / "tests") else LONGEST for path in files}
    assert [path.relative_to(ROOT).as_posix() for path in files if lines[path] > most[path]] == []


# Put together from parts, so that this file does not hold what it looks for.
FOREIGN = [
    *("/" + place + "/" for place in ("work", "tmp", "root", "Users")),
    *(".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("maven", "org"), ("npmjs", "org"))),
    *("-".join(("index", "url")).join(("--", end)) for end in ("=", " ")),
]


def test_no_file_names_a_machine_or_an_index_of_packages():
    named = [
        (path.relative_to(ROOT).as_posix(), word)
        for path in own_files()
        for word in FOREIGN
        if word.encode() in path.read_bytes()
    ]
    assert named == []


# Careers in imaging are what the content is about. The code would print careers in anything.
SUBJECT = re.compile(r"ultras|\bmri\b|\bct\b|radiog|mammog|sonog|nuclear|x-ray|imaging|\bdose\b", re.IGNORECASE)


@pytest.mark.parametrize("module", MODULES)
def test_the_code_knows_nothing_of_the_subject(module: str):
    """Docstrings and comments may give examples; names and strings may not."""
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None
    }
    words = [
        node.value if isinstance(node, ast.Constant) else node.id
        for node in ast.walk(tree(module))
        if (isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said)
        or isinstance(node, ast.Name)
    ]
    assert [word for word in words if SUBJECT.search(word)] == []


def test_the_files_that_are_run_first_are_there():
    assert [name for name in FIRST if not (ROOT / "tests" / f"{name}.py").is_file()] == []
