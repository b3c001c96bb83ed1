"""What can be built: formats, their subjects, brands, and the files behind them. Read without any heavy library."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handouts.findings import Finding, Findings
from handouts.planning import BOOKLET
from handouts.project import Project
from handouts.provenance import Origin


@dataclass(frozen=True)
class Entry:
    """One format: its name and title, its subjects with their content files, and the files all of them share; `lacks`
    is the folder or file of content that it prints, where there is nothing in it yet."""

    name: str
    title: str
    subjects: dict[str, str]
    files: tuple[str, ...]
    lacks: str = ""


def catalog(project: Project) -> list[Entry]:
    """Every format of a project, sorted by name; Findings hold what is wrong with any `format.toml`.

    Checked by hand and only as far as it is printed here: the library that checks records takes long to load.
    """
    entries = []
    findings: list[Finding] = []
    for name in project.formats():
        file = f"templates/{name}/format.toml"
        try:
            form = project.toml(file)
        except Findings as found:
            findings += found.findings
            continue
        styles = form.get("styles", [])
        if not isinstance(styles, list) or not all(isinstance(style, str) for style in styles):
            findings.append(Finding(file, 0, '"styles" is not a list of file names', 'write styles = ["card.css"]'))
            continue
        each = form.get("scope") == "each"
        kind = str(form.get("content", ""))
        subjects = {slug: f"content/{kind}/{slug}.md" for slug in project.subjects(kind)} if each else {}
        files = [
            f"templates/{name}/format.toml",
            f"templates/{name}/page.html",
            *(f"styles/{style}" for style in styles),
        ]
        if each:
            lacks = "" if subjects else f"content/{kind}"
        else:
            files.append(BOOKLET)
            lacks = "" if project.find(BOOKLET) else BOOKLET
        entries.append(Entry(name, str(form.get("title", name)), subjects, tuple(files), lacks))
    if findings:
        raise Findings(findings)
    return entries


def subjects_of(project: Project, format_name: str) -> list[str]:
    """Subjects of a format for shell completion; none for a format that takes none or is not there."""
    return next((list(entry.subjects) for entry in catalog(project) if entry.name == format_name), [])


def brand_files(project: Project) -> dict[str, str]:
    """Every brand of a project, ours among them, with its file."""
    return {name: f"styles/brands/{name}/brand.toml" for name in project.brands()}


def catalog_lines(entries: list[Entry], brands: Mapping[str, str]) -> list[str]:
    lines = []
    for entry in entries:
        lines += [
            *([""] if lines else []),
            f"{entry.name}  ({entry.title})",
            f"  {'looks':<22}{', '.join(entry.files)}",
        ]
        lines += [f"  {slug:<22}{file}" for slug, file in entry.subjects.items()]
        lines += [f"  {'nothing to print yet':<22}{entry.lacks}"] if entry.lacks else []
    lines = lines or ["no formats: add a folder with a format.toml to templates/"]
    return [*lines, "", "brands  (who hands it out: --brand NAME)", *(f"  {one:<22}{brands[one]}" for one in brands)]


def catalog_json(
    entries: list[Entry],
    brands: Mapping[str, str],
    findings: Sequence[Finding] = (),
    places: Sequence[Origin] | None = None,
) -> str:
    """The formats and brands, or what kept them from being read, as one JSON document; and where files come from, if
    that was asked."""
    where = {} if places is None else {"where": [place.record for place in places]}
    return json.dumps(
        {
            "formats": [
                {"format": entry.name, "title": entry.title, "files": entry.files, "subjects": entry.subjects}
                for entry in entries
            ],
            "brands": [{"brand": name, "file": file} for name, file in brands.items()],
            "findings": [finding.record for finding in findings],
            **where,
        },
        indent=2,
        ensure_ascii=False,
    )
