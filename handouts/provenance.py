"""Where files come from: of all that a project may use, which file wins, its own or ours. No heavy library."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from handouts.findings import Finding, Findings, counted
from handouts.project import FILE, Project, shipped_root

# What is listed, in this order: a heading, and what the paths of its files begin with. The first that fits counts.
_KINDS = (
    ("profiles", "styles/profiles/"),
    ("brands", "styles/brands/"),
    ("styles", "styles/"),
    ("parts", "templates/parts/"),
    ("citations", "templates/citations/"),
    ("drawings", "templates/drawings/"),
    ("formats", "templates/"),
    ("labels", "content/labels/"),
)
_SHOWN = ("formats", "styles", "parts", "citations", "drawings", "brands", "labels", "profiles")
# Files of these kinds are used because something names them; of others it cannot be told.
_NAMED = (".css", ".html", ".toml", ".csl")


@dataclass(frozen=True)
class Origin:
    """One file that wins: of which kind it is, by its project path; its place on the disk; whether the project has it
    itself, in place of one of ours (`hides`), word for word the same (`same`); and whether anything uses it."""

    kind: str
    file: str
    path: Path
    own: bool
    hides: bool = False
    same: bool = False
    used: bool = True

    @property
    def whose(self) -> str:
        """Whose it is, in words."""
        if not self.own:
            return "ours"
        said = ", in place of ours" if self.hides else ""
        if self.same:
            said = ", the same as ours: without it, ours is used"
        return f"yours{said}{'' if self.used else ', and nothing uses it'}"

    @property
    def record(self) -> dict[str, object]:
        """The same for programs."""
        return {
            "kind": self.kind,
            "file": self.file,
            "from": "project" if self.own else "shipped",
            "path": str(self.path),
            "hides": self.hides,
            "same": self.same,
            "used": self.used,
        }


def origins(project: Project) -> list[Origin]:
    """Every format, style, part, brand, file of labels and profile that a project may use, its own first in each kind's
    place; where the project is what we ship, all of it is ours."""
    files = [
        file
        for folder in ("templates", "styles", "content/labels")
        for file in project.names(folder, "**/*")
        if project.find(file)
    ]
    found = [_origin(project, file) for file in files]
    unused = _unused(project, [one for one in found if one.own and not one.hides])
    return [
        replace(one, used=one.file not in unused)
        for one in sorted(found, key=lambda one: (_SHOWN.index(one.kind), one.file))
    ]


def origin_lines(project: Project, found: Sequence[Origin]) -> list[str]:
    """The same as lines: by kind, a file and whose it is. Drawings of ours are counted."""
    lines = [] if project.is_shipped else [f"yours  {project.root}"]
    lines.append(f"ours   {shipped_root()}")
    width = max((len(one.file) for one in found), default=0)
    for kind in _SHOWN:
        listed = [one for one in found if one.kind == kind and (kind != "drawings" or one.own)]
        counts = sum(one.kind == kind for one in found) - len(listed)
        lines += ["", kind, *(f"  {one.file:<{width}}  {one.whose}" for one in listed)]
        folder = f"templates/drawings/ ({counted(counts, 'file')})"
        lines += [f"  {folder:<{width}}  ours"] if counts else []
    return lines


def outside(project: Project) -> list[Finding]:
    """Why nothing can be written here: the folder that a command is run in is of no project."""
    if Path.cwd().resolve().is_relative_to(project.root):
        return []
    hint = "make one first: handouts new DIR, then cd DIR"
    return [Finding("", 0, f"this folder is no project: neither it nor a folder around it has a {FILE}", hint)]


def _origin(project: Project, file: str) -> Origin:
    path = project.find(file)
    kind = next(kind for kind, start in _KINDS if file.startswith(start))
    own = not project.is_shipped and path.is_relative_to(project.root)
    ours = project.shipped.peek(file) if own else None
    return Origin(kind, file, path, own, ours is not None, ours is not None and ours == project.read(file))


def _unused(project: Project, own: Iterable[Origin]) -> set[str]:
    """Files of a project that no format, profile or brand takes, and that no other file of it names."""
    own = [one for one in own if one.file.endswith(_NAMED) and one.kind != "labels"]
    formats = {name: _table(project, f"templates/{name}/format.toml") for name in project.formats() if own}
    profiles = {name: _table(project, f"styles/profiles/{name}/profile.toml") for name in project.profiles() if own}
    sheets = {str(sheet) for form in formats.values() for sheet in _strings(form.get("styles"))}
    pages = {page for form in (*formats.values(), *profiles.values()) for page in _strings(form.get("papers"))}
    of_profiles = {"base", *formats, *profiles, *(sheet.removesuffix(".css") for sheet in sheets)}
    cited = {form.get("citations", "compact") for form in formats.values()}
    texts = {file: project.peek(file) or b"" for file in _texts(project)} if own else {}
    unused = set()
    for one in own:
        path = PurePosixPath(one.file)
        match path.parts:
            case ("styles", "base", _):
                used = path.suffix == ".css"
            case ("styles", "papers", _):
                used = path.stem in pages
            case ("styles", "profiles", name, "profile.toml") | ("styles", "brands", name, "brand.toml"):
                used = True
            case ("styles", "profiles", name, _):
                used = name in profiles and path.stem in of_profiles
            case ("styles", "brands", name, "brand.css"):
                used = name in project.brands()
            case ("templates", name, "format.toml" | "page.html"):
                used = name in formats
            case ("templates", "citations", _):
                used = path.stem in cited
            case ("styles", sheet):
                used = sheet in sheets
            case _:
                used = False
        named = re.compile(rb"(?<![\w-])" + re.escape(one.file.encode()) + rb"(?![\w-])")
        if not used and not any(named.search(text) for file, text in texts.items() if file != one.file):
            unused.add(one.file)
    return unused


def _texts(project: Project) -> list[str]:
    folders = ("templates", "styles")
    return [file for folder in folders for end in ("html", "css") for file in project.names(folder, f"**/*.{end}")]


def _table(project: Project, file: str) -> dict[str, object]:
    """A file of TOML; nothing of one that cannot be read, which the list itself tells."""
    try:
        return project.toml(file)
    except Findings:
        return {}


def _strings(value: object) -> list[str]:
    """What of a list or a table is text."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [one for one in values if isinstance(one, str)]
