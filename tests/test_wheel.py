"""The wheel: built, installed where the checkout cannot be seen, and used in an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pikepdf
import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("templates", "styles", "content")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    # Neither PYTHONPATH nor the user's own packages may bring the checkout back in.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=clean | {"PYTHONNOUSERSITE": "1"} | environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("handouts-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel and sees the third-party packages of this one."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=folder.parent)

    # One line in a .pth adds the other packages *behind* the wheel's. A folder that is added so has its own .pth files
    # left unread, and one of them is what shows an editable install the checkout.
    (site,) = (folder / "lib").glob("python*/site-packages")
    (site / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_wheel_carries_the_shipped_project(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert all(name.startswith("handouts/") for name in names)
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    sources = {path.relative_to(ROOT).as_posix() for path in paths if path.name != ".DS_Store"}
    assert {name.split("/")[0] for name in sources} == set(FOLDERS)
    sources |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")}
    sources |= {path.relative_to(ROOT).as_posix() for path in (ROOT / "starter").rglob("*") if path.is_file()}
    sources.add("handouts.toml")
    assert {name for name in names if "/_shipped/" in name} == {f"handouts/_shipped/{name}" for name in sources}


def test_a_booklet_in_an_empty_folder(
    installed: Path, tmp_path: Path, built: Mapping[tuple[str, str, str], Path]
) -> None:
    """It is the checkout's, byte for byte, in another folder, under another hash seed and in another time zone."""
    where = run(installed, "-c", "import handouts; print(handouts.__file__)", cwd=tmp_path).stdout.strip()
    assert Path(where).is_relative_to(installed.parents[1]), "the wheel is tested, and not the checkout"

    # The log of every file that Python opens shows where words, styles and templates came from.
    program = (
        "import sys\n"
        "opened = open('opened.txt', 'w')\n"
        "sys.addaudithook(lambda event, args: event == 'open' and isinstance(args[0], str)"
        " and print(args[0], file=opened))\n"
        "from handouts.cli import main\n"
        "main(['build', 'booklet'])\n"
    )
    run(installed, "-c", program, cwd=tmp_path, PYTHONHASHSEED="7", TZ="Pacific/Auckland")

    booklet = tmp_path / "output" / "booklet.pdf"
    assert booklet.read_bytes() == built["booklet", "", "letter"].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["opened.txt", "output"]
    opened = {Path(line) for line in (tmp_path / "opened.txt").read_text().splitlines()}
    ours = {ROOT / name for name in ("handouts", *FOLDERS)}
    assert not [path for path in opened if any(path.is_relative_to(folder) for folder in ours)]
    shipped = {path.relative_to(Path(where).parent).parts[1] for path in opened if "_shipped" in path.parts}
    assert shipped == {*FOLDERS, "handouts.toml"}
    with pikepdf.open(booklet) as pdf:
        assert "Careers in medical imaging" in str(pdf.docinfo["/Title"]), "the name of the series came along"


def test_a_project_of_ones_own(installed: Path, tmp_path: Path) -> None:
    handouts = installed.parent / "handouts"
    assert "handouts build specialty ultrasound" in run(handouts, "new", "mine", cwd=tmp_path).stdout
    names = {path.relative_to(tmp_path / "mine").as_posix() for path in (tmp_path / "mine").rglob("*")}
    assert names == {path.relative_to(ROOT / "starter").as_posix() for path in (ROOT / "starter").rglob("*")}
    said = run(handouts, "build", "specialty", "ultrasound", "--strict", cwd=tmp_path / "mine").stdout
    assert said.startswith("output/specialty/ultrasound.pdf  1 page")


def test_the_command_is_installed(installed: Path, tmp_path: Path) -> None:
    said = run(installed.parent / "handouts", "--version", cwd=tmp_path).stdout
    assert "0.1.0" in said


def test_schemas_and_a_format_in_an_empty_project(installed: Path, tmp_path: Path) -> None:
    """The words that explain each key come along in the manual."""
    (tmp_path / "handouts.toml").touch()
    run(installed, "-m", "handouts", "schema", cwd=tmp_path)
    run(installed, "-m", "handouts", "format", "new", "poster", "--like", "specialty", cwd=tmp_path)
    from handouts.schemas import schemas

    assert {path.name: path.read_bytes() for path in (tmp_path / "schemas").iterdir()} == schemas()
    assert "# What it is called in messages.\n" in (tmp_path / "templates/poster/format.toml").read_text()
