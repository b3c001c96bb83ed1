"""What `handouts doctor` says, word for word, on systems where something is missing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handouts import doctor
from handouts.doctor import Check, diagnose, fix_command, pango_message, report

APT = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
APK = (
    "apk add so:libgobject-2.0.so.0 so:libpango-1.0.so.0 so:libpangoft2-1.0.so.0 so:libharfbuzz.so.0"
    " so:libharfbuzz-subset.so.0 so:libfontconfig.so.1"
)
BY_HAND = "install Pango 1.44 or newer, and HarfBuzz with its subset library, with your system's packages"

DEBIAN = {"ID": "debian", "VERSION_ID": "12", "PRETTY_NAME": "Debian GNU/Linux 12 (bookworm)"}
UBUNTU = {"ID": "ubuntu", "ID_LIKE": "debian", "VERSION_ID": "24.04"}
MINT = {"ID": "linuxmint", "ID_LIKE": "ubuntu debian", "VERSION_ID": "22"}
FEDORA = {"ID": "fedora", "VERSION_ID": "43"}
ROCKY = {"ID": "rocky", "ID_LIKE": "rhel centos fedora", "VERSION_ID": "9.5"}
ARCH = {"ID": "arch", "BUILD_ID": "rolling"}
ALPINE = {"ID": "alpine", "VERSION_ID": "3.22.1"}
UNKNOWN = {"ID": "plan9"}


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make this machine look like another one."""

    def look_like(release: dict[str, str] | None, kernel: str = "Linux", root: bool = True, sudo: bool = True) -> None:
        def read() -> dict[str, str]:
            if release is None:
                raise OSError("Unable to read files /etc/os-release, /usr/lib/os-release")
            return release

        monkeypatch.setattr("platform.system", lambda: kernel)
        monkeypatch.setattr("platform.freedesktop_os_release", read)
        monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if sudo else None)

    return look_like


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Hide the named libraries from the doctor."""
    real = doctor.dlopen

    def hide(*hidden: str) -> None:
        names = {library.names for library in doctor.LIBRARIES if library.name in hidden}
        assert len(names) == len(hidden), "no such library"
        monkeypatch.setattr(doctor, "dlopen", lambda tried: None if tried in names else real(tried))

    return hide


@pytest.fixture
def shipped(tmp_path: Path) -> dict[str, Path]:
    folders = {name: tmp_path / name for name in ("templates", "styles", "content")}
    for folder in folders.values():
        (folder / "inner").mkdir(parents=True)
        (folder / "inner" / "file").touch()
    return folders


def lines(checks: list[Check]) -> list[str]:
    return report(checks).splitlines()


def test_this_machine_has_what_a_build_needs(shipped: dict[str, Path]) -> None:
    checks = diagnose(shipped)
    assert [check for check in checks if not check.ok] == []
    assert [check.name for check in checks] == [
        *("Python", "GObject", "Pango", "PangoFT2", "HarfBuzz", "HarfBuzz-subset", "Fontconfig"),
        *("Source Sans", "Source Serif", "templates", "styles", "content"),
    ]
    text = lines(checks)
    assert text[0] == "ok    Python " + ".".join(map(str, sys.version_info[:3]))
    assert text[1] == "ok    GObject"
    assert text[7:] == [
        "ok    Source Sans (6 fonts)",
        "ok    Source Serif (6 fonts)",
        *(f"ok    {name} {folder}" for name, folder in shipped.items()),
    ]


def test_versions_come_from_the_libraries(shipped: dict[str, Path]) -> None:
    found = {check.name: check.detail for check in diagnose(shipped)}
    for name in ("Pango", "HarfBuzz", "Fontconfig"):
        major, *rest = (int(part) for part in found[name].split("."))
        assert major >= 1 and len(rest) == 2


def test_names_are_those_that_weasyprint_tries() -> None:
    spec = doctor.find_spec("weasyprint")
    assert spec is not None and spec.origin is not None
    source = (Path(spec.origin).parent / "text" / "ffi.py").read_text()
    tried = source[source.index("gobject = _dlopen(") :]
    for library in doctor.LIBRARIES:
        for name in library.names:
            assert f"'{name}'" in tried


def test_one_missing_library(system, without, shipped: dict[str, Path]) -> None:
    system(DEBIAN, root=False)
    without("HarfBuzz-subset")
    failed = [line for line in lines(diagnose(shipped)) if not line.startswith("ok    ")]
    assert failed == ["FAIL  HarfBuzz-subset: not found · sudo apt-get install libharfbuzz-subset0"]


def test_several_missing_libraries_share_one_command(system, without, shipped: dict[str, Path]) -> None:
    system(UBUNTU, root=False)
    without("Pango", "PangoFT2", "HarfBuzz-subset")
    failed = [line for line in lines(diagnose(shipped)) if not line.startswith("ok    ")]
    assert failed == [
        f"FAIL  Pango: not found · sudo {APT}",
        "FAIL  PangoFT2: not found · as above",
        "FAIL  HarfBuzz-subset: not found · as above",
    ]


def test_a_build_that_cannot_load_pango_says_what_the_doctor_says(system, without) -> None:
    system(FEDORA, root=False)
    without("GObject", "Pango")
    assert pango_message(OSError("cannot load library 'libgobject-2.0-0'")).splitlines() == [
        "the libraries that lay out text cannot be loaded; nothing was built",
        "FAIL  GObject: not found · sudo dnf install pango",
        "FAIL  Pango: not found · as above",
    ]


def test_a_build_that_fails_for_another_reason_tells_it(system) -> None:
    system(DEBIAN)
    assert pango_message(OSError("libffi.so.8: wrong ELF class\nand more")) == (
        f"the libraries that lay out text cannot be loaded: libffi.so.8: wrong ELF class · {APT}"
    )
    assert pango_message(OSError()) == f"the libraries that lay out text cannot be loaded: OSError · {APT}"


@pytest.mark.parametrize(
    ("release", "command"),
    [
        (DEBIAN, APT),
        (UBUNTU, APT),
        (MINT, APT),
        (FEDORA, "dnf install pango harfbuzz"),
        (ROCKY, "dnf install pango harfbuzz"),
        (ARCH, "pacman -S --needed pango harfbuzz"),
        (ALPINE, APK),
    ],
)
def test_the_command_of_each_system(system, release: dict[str, str], command: str) -> None:
    system(release, root=True)
    assert fix_command() == command
    system(release, root=False, sudo=True)
    assert fix_command() == f"sudo {command}"
    system(release, root=False, sudo=False)
    assert fix_command() == f"su -c '{command}'"


@pytest.mark.parametrize(
    ("missing", "command"),
    [
        (["HarfBuzz-subset"], "apt-get install libharfbuzz-subset0"),
        (["Fontconfig"], "apt-get install libpangoft2-1.0-0"),
        (["GObject", "Pango", "HarfBuzz"], "apt-get install libpango-1.0-0"),
    ],
)
def test_only_what_is_missing(system, missing: list[str], command: str) -> None:
    system(DEBIAN)
    assert fix_command(missing) == command


@pytest.mark.parametrize("release", [UNKNOWN, None])
def test_an_unknown_system(system, release: dict[str, str] | None) -> None:
    system(release, root=False)
    assert fix_command() == BY_HAND


def test_mac(system, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    system(None, kernel="Darwin", root=False)
    monkeypatch.setattr(doctor, "_HOMEBREW", (tmp_path / "none", tmp_path))
    assert fix_command() == "brew install pango"
    (tmp_path / "libpango-1.0.dylib").touch()
    assert fix_command() == f"export DYLD_FALLBACK_LIBRARY_PATH={tmp_path}"


def test_windows(system) -> None:
    system(None, kernel="Windows")
    assert fix_command() == "run handouts in WSL (docs/install.md)"


def test_an_old_pango(monkeypatch: pytest.MonkeyPatch, shipped: dict[str, Path]) -> None:
    old = tuple(
        doctor.Library(library.name, library.names, lambda handle: "1.43.9") if library.name == "Pango" else library
        for library in doctor.LIBRARIES
    )
    monkeypatch.setattr(doctor, "LIBRARIES", old)
    assert lines(diagnose(shipped))[2] == (
        "FAIL  Pango: 1.43.9 is too old, 1.44 or newer is needed · a newer release of this system brings a newer Pango"
    )


def test_an_old_python(monkeypatch: pytest.MonkeyPatch, shipped: dict[str, Path]) -> None:
    monkeypatch.setattr("platform.python_version", lambda: "3.10.12")
    monkeypatch.setattr("sys.version_info", (3, 10, 12, "final", 0))
    python = diagnose(shipped)[0]
    assert report([python]) == "FAIL  Python: 3.10.12 is too old · install Python 3.11 or newer"


def test_a_missing_font_package(monkeypatch: pytest.MonkeyPatch, shipped: dict[str, Path]) -> None:
    monkeypatch.setattr("sys.executable", "/opt/my env/bin/python")
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    pip = "'/opt/my env/bin/python' -m pip install --force-reinstall"
    assert lines(diagnose(shipped))[7:9] == [
        f"FAIL  Source Sans: the package font-source-sans-pro is not installed · {pip} font-source-sans-pro",
        f"FAIL  Source Serif: the package font-source-serif-pro is not installed · {pip} font-source-serif-pro",
    ]


def test_missing_font_files(monkeypatch: pytest.MonkeyPatch, shipped: dict[str, Path], tmp_path: Path) -> None:
    package = tmp_path / "font_source_sans_pro"
    files = package / "files"
    files.mkdir(parents=True)
    (package / "__init__.py").touch()
    for cut in ("Regular", "It", "Semibold", "Bold"):
        (files / f"SourceSansPro-{cut}.ttf").touch()
    monkeypatch.delitem(sys.modules, "font_source_sans_pro", raising=False)  # imported by another test
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("sys.executable", "/env/bin/python")
    assert lines(diagnose(shipped))[7] == (
        f"FAIL  Source Sans: SourceSansPro-SemiboldIt.ttf, SourceSansPro-BoldIt.ttf not in {files}"
        " · /env/bin/python -m pip install --force-reinstall font-source-sans-pro"
    )


def test_missing_and_empty_folders(shipped: dict[str, Path], tmp_path: Path) -> None:
    (shipped["styles"] / "inner" / "file").unlink()
    shipped["content"] = tmp_path / "gone"
    assert lines(diagnose(shipped))[9:] == [
        f"ok    templates {shipped['templates']}",
        f"FAIL  styles: nothing in {shipped['styles']} · install handouts again (docs/install.md)",
        f"FAIL  content: no folder {tmp_path / 'gone'} · as above",
    ]


def test_the_doctor_never_imports_weasyprint() -> None:
    program = (
        "import sys; from handouts import doctor; doctor.report(doctor.diagnose({})); "
        "sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
