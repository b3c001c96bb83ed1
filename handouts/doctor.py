"""Whether this machine has what a build needs, and the one command that mends what is missing."""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cffi import FFI

OLDEST_PYTHON = (3, 11)
OLDEST_PANGO = (1, 44)

_ffi = FFI()
_ffi.cdef("const char *pango_version_string(void); const char *hb_version_string(void); int FcGetVersion(void);")


@dataclass(frozen=True)
class Check:
    """One thing a build needs.

    `detail` is its version or place, or what is wrong; `fix` is a command, or short advice where there is none.
    """

    name: str
    ok: bool
    detail: str
    fix: str = ""


def _text(function: str) -> Callable[[Any], str]:
    return lambda library: _ffi.string(getattr(library, function)()).decode()


def _fontconfig_version(library: Any) -> str:
    number = library.FcGetVersion()
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


@dataclass(frozen=True)
class Library:
    """A shared library: the names it is tried under, in order, and how it tells its version ("" where it cannot)."""

    name: str
    names: tuple[str, ...]
    version: Callable[[Any], str] = lambda library: ""


# The names are those that WeasyPrint 70 tries (its text/ffi.py), for Linux, macOS and Windows.
LIBRARIES = (
    Library(
        "GObject",
        (
            "libgobject-2.0-0",
            "gobject-2.0-0",
            "gobject-2.0",
            "libgobject-2.0.so.0",
            "libgobject-2.0.0.dylib",
            "libgobject-2.0-0.dll",
        ),
    ),
    Library(
        "Pango",
        (
            "libpango-1.0-0",
            "pango-1.0-0",
            "pango-1.0",
            "libpango-1.0.so.0",
            "libpango-1.0.dylib",
            "libpango-1.0-0.dll",
        ),
        _text("pango_version_string"),
    ),
    Library(
        "PangoFT2",
        (
            "libpangoft2-1.0-0",
            "pangoft2-1.0-0",
            "pangoft2-1.0",
            "libpangoft2-1.0.so.0",
            "libpangoft2-1.0.dylib",
            "libpangoft2-1.0-0.dll",
        ),
    ),
    Library(
        "HarfBuzz",
        ("libharfbuzz-0", "harfbuzz", "harfbuzz-0.0", "libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
        _text("hb_version_string"),
    ),
    Library(
        "HarfBuzz-subset",
        (
            "libharfbuzz-subset-0",
            "harfbuzz-subset",
            "harfbuzz-subset-0.0",
            "libharfbuzz-subset.so.0",
            "libharfbuzz-subset.0.dylib",
            "libharfbuzz-subset-0.dll",
        ),
    ),
    Library(
        "Fontconfig",
        (
            "libfontconfig-1",
            "fontconfig-1",
            "fontconfig",
            "libfontconfig.so.1",
            "libfontconfig.1.dylib",
            "libfontconfig-1.dll",
        ),
        _fontconfig_version,
    ),
)

# The package that brings each library. The three names on Debian bring the others along, under names that differ from
# release to release; Alpine lets a package be asked for by the library in it.
_APT = {
    "GObject": "libpango-1.0-0",
    "Pango": "libpango-1.0-0",
    "PangoFT2": "libpangoft2-1.0-0",
    "HarfBuzz": "libpango-1.0-0",
    "HarfBuzz-subset": "libharfbuzz-subset0",
    "Fontconfig": "libpangoft2-1.0-0",
}
_PANGO_AND_HARFBUZZ = dict.fromkeys(_APT, "pango") | {"HarfBuzz": "harfbuzz", "HarfBuzz-subset": "harfbuzz"}
_APK = {library.name: f"so:{library.names[3]}" for library in LIBRARIES}
_BREW = dict.fromkeys(_APT, "pango")

# By the names in ID and ID_LIKE of os-release.
_INSTALLERS: dict[str, tuple[str, Mapping[str, str]]] = {
    "debian": ("apt-get install", _APT),
    "ubuntu": ("apt-get install", _APT),
    "fedora": ("dnf install", _PANGO_AND_HARFBUZZ),
    "rhel": ("dnf install", _PANGO_AND_HARFBUZZ),
    "arch": ("pacman -S --needed", _PANGO_AND_HARFBUZZ),
    "alpine": ("apk add", _APK),
}
_BY_HAND = "install Pango 1.44 or newer, and HarfBuzz with its subset library, with your system's packages"
_WINDOWS = "run handouts in WSL (docs/install.md)"
_NEWER = "a newer release of this system brings a newer Pango"
# Where Homebrew puts libraries, and where a Python that is not Homebrew's own does not look.
_HOMEBREW = (Path("/opt/homebrew/lib"), Path("/usr/local/lib"))

# The cuts that the styles use: upright and italic, in three weights.
_FONTS = {
    "Source Sans": ("font_source_sans_pro", "SourceSansPro"),
    "Source Serif": ("font_source_serif_pro", "SourceSerifPro"),
}
_CUTS = ("Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
REINSTALL = "install handouts again (docs/install.md)"


def diagnose(shipped: Mapping[str, Path]) -> list[Check]:
    """Everything a build needs, in the order it needs it.

    `shipped` names the folders that come with handouts ("templates", "styles", "content") and says where they lie.
    Nothing is imported that could fail: WeasyPrint, which dies at import without Pango, stays out.
    """
    return [_check_python(), *_check_libraries(), *_check_fonts(), *_check_folders(shipped)]


def report(checks: Iterable[Check]) -> str:
    """The checks as plain lines. A command that mends several of them is printed with the first of these."""
    lines, told = [], set()
    for check in checks:
        if check.ok:
            lines.append(f"ok    {check.name} {check.detail}".rstrip())
        else:
            advice = "as above" if check.fix in told else check.fix
            lines.append(f"FAIL  {check.name}: {check.detail} · {advice}")
            told.add(check.fix)
    return "\n".join(lines)


def pango_message(error: OSError) -> str:
    """What to tell, in place of a trace, somebody whose build ended with `error` when it loaded WeasyPrint.

    The lines are those of `handouts doctor`. Where every library loads by itself, `error` is the only thing known.
    """
    failed = [check for check in _check_libraries() if not check.ok]
    if not failed:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return f"the libraries that lay out text cannot be loaded: {reason} · {fix_command()}"
    return f"the libraries that lay out text cannot be loaded; nothing was built\n{report(failed)}"


def fix_command(missing: Collection[str] | None = None) -> str:
    """The one command that installs the libraries named in `missing` (all, if None) on this system.

    Where no command is known for the system, advice on what to install. On macOS, libraries that Homebrew installed
    already are only to be pointed at.
    """
    wanted = [library.name for library in LIBRARIES if missing is None or library.name in missing]
    system = platform.system()
    if system == "Windows":
        return _WINDOWS
    if system == "Darwin":
        for folder in _HOMEBREW:
            if (folder / "libpango-1.0.dylib").exists():
                return f"export DYLD_FALLBACK_LIBRARY_PATH={folder}"
        return _install("brew install", _BREW, wanted)
    for name in _distribution():
        if name in _INSTALLERS:
            command, packages = _INSTALLERS[name]
            return _as_root(_install(command, packages, wanted))
    return _BY_HAND


def dlopen(names: Sequence[str]) -> Any | None:
    """The first library that opens under one of `names`, None if none does.

    Through cffi, as WeasyPrint does: it looks for a bare name along other ways than ctypes does.
    """
    for name in names:
        try:
            return _ffi.dlopen(name)
        except OSError:
            continue
    return None


def _check_python() -> Check:
    version = platform.python_version()
    if sys.version_info >= OLDEST_PYTHON:
        return Check("Python", True, version)
    return Check("Python", False, f"{version} is too old", "install Python 3.11 or newer")


def _check_libraries() -> list[Check]:
    opened = {library: dlopen(library.names) for library in LIBRARIES}
    missing = [library.name for library, handle in opened.items() if handle is None]
    # One command mends all of them, so each of them names that one.
    fix = fix_command(missing) if missing else ""
    checks = []
    for library, handle in opened.items():
        if handle is None:
            checks.append(Check(library.name, False, "not found", fix))
            continue
        version = library.version(handle)
        if library.name == "Pango" and _numbers(version) < OLDEST_PANGO:
            needed = ".".join(map(str, OLDEST_PANGO))
            checks.append(Check("Pango", False, f"{version} is too old, {needed} or newer is needed", _NEWER))
        else:
            checks.append(Check(library.name, True, version))
    return checks


def _check_fonts() -> list[Check]:
    checks = []
    for name, (package, stem) in _FONTS.items():
        fix = f"{shlex.quote(sys.executable)} -m pip install --force-reinstall {package.replace('_', '-')}"
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            checks.append(Check(name, False, f"the package {package.replace('_', '-')} is not installed", fix))
            continue
        folder = Path(spec.origin).parent / "files"
        absent = [f"{stem}-{cut}.ttf" for cut in _CUTS if not (folder / f"{stem}-{cut}.ttf").is_file()]
        if absent:
            checks.append(Check(name, False, f"{', '.join(absent)} not in {folder}", fix))
        else:
            checks.append(Check(name, True, f"({len(_CUTS)} fonts)"))
    return checks


def _check_folders(shipped: Mapping[str, Path]) -> list[Check]:
    checks = []
    for name, folder in shipped.items():
        if not folder.is_dir():
            checks.append(Check(name, False, f"no folder {folder}", REINSTALL))
        elif not any(path.is_file() for path in folder.rglob("*")):
            checks.append(Check(name, False, f"nothing in {folder}", REINSTALL))
        else:
            checks.append(Check(name, True, str(folder)))
    return checks


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _distribution() -> list[str]:
    """The names this system answers to, its own first: ["linuxmint", "ubuntu", "debian"]."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:  # neither /etc/os-release nor its stand-in: a system that does not say what it is
        return []
    return [release.get("ID", ""), *release.get("ID_LIKE", "").split()]


def _install(command: str, packages: Mapping[str, str], wanted: Iterable[str]) -> str:
    return " ".join([command, *dict.fromkeys(packages[name] for name in wanted)])


def _as_root(command: str) -> str:
    if os.geteuid() == 0:
        return command
    return f"sudo {command}" if shutil.which("sudo") else f"su -c '{command}'"
