"""What can be built: formats, their subjects, and the files behind them. Read without any heavy library."""

from __future__ import annotations

import json
from dataclasses import dataclass

from handouts.project import Project


@dataclass(frozen=True)
class Entry:
    """One format: its name and title, its subjects with their content files, and the files all of them share."""

    name: str
    title: str
    subjects: dict[str, str]
    files: tuple[str, ...]


def catalog(project: Project) -> list[Entry]:
    """Every format of a project, sorted by name."""
    entries = []
    for name in project.formats():
        form = project.toml(f"templates/{name}/format.toml")
        each = form.get("scope") == "each"
        kind = str(form.get("content", ""))
        subjects = {slug: f"content/{kind}/{slug}.md" for slug in project.subjects(kind)} if each else {}
        files = [
            f"templates/{name}/format.toml",
            f"templates/{name}/page.html",
            *(f"styles/{style}" for style in form.get("styles", ())),
        ]
        if not each:
            files.append("content/booklet.toml")
        entries.append(Entry(name, str(form.get("title", name)), subjects, tuple(files)))
    return entries


def subjects_of(project: Project, format_name: str) -> list[str]:
    """Subjects of a format for shell completion; none for a format that takes none or is not there."""
    return next((list(entry.subjects) for entry in catalog(project) if entry.name == format_name), [])


def catalog_lines(entries: list[Entry]) -> list[str]:
    lines = []
    for entry in entries:
        lines += [
            *([""] if lines else []),
            f"{entry.name}  ({entry.title})",
            f"  {'looks':<22}{', '.join(entry.files)}",
        ]
        lines += [f"  {slug:<22}{file}" for slug, file in entry.subjects.items()]
    return lines or ["no formats: add a folder with a format.toml to templates/"]


def catalog_json(entries: list[Entry]) -> str:
    return json.dumps(
        [
            {"format": entry.name, "title": entry.title, "files": entry.files, "subjects": entry.subjects}
            for entry in entries
        ],
        indent=2,
    )
