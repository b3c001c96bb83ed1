"""From the words of a command to jobs, and from a job to the name of its file."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from handouts.content import load_format
from handouts.findings import Finding, Findings
from handouts.job import Job
from handouts.model import Format
from handouts.project import Project

DEFAULTS = {"paper": "letter", "brand": "default", "language": "en"}


def simplify(name: str) -> str:
    """A name as it is compared: without case, spaces, hyphens or underscores."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def plan(
    project: Project, format_name: str, subjects: Sequence[str], *, output: str = "output", paper: str = "letter"
) -> list[Job]:
    """The jobs of one command, in the order of the formats and subjects. "all" is every format.

    Raises Findings for unknown names, all of them at once, each with the nearest known one.
    """
    formats = {simplify(name): name for name in project.formats()}
    wanted = list(formats.values()) if format_name == "all" else [formats.get(simplify(format_name), "")]
    if wanted == [""]:
        raise Findings([_unknown("format", format_name, [*formats.values(), "all"])])
    if subjects and format_name == "all":
        raise Findings(
            [
                Finding(
                    "",
                    0,
                    f'"all" takes no subject, but "{subjects[0]}" is given',
                    "leave it out, or name one format",
                )
            ]
        )
    findings: list[Finding] = []
    jobs: list[Job] = []
    for name in wanted:
        form = load_format(project, name)
        slugs = _choose(project, form, subjects, findings) if form.scope == "each" else [""]
        if form.scope == "all" and subjects:
            findings.append(Finding("", 0, f'{name} takes no subject, but "{subjects[0]}" is given', "leave it out"))
        jobs += [Job(root=str(project.root), format=name, subject=slug, paper=paper, output=output) for slug in slugs]
    if findings:
        raise Findings(findings)
    return jobs


def _choose(project: Project, form: Format, subjects: Sequence[str], findings: list[Finding]) -> list[str]:
    known = project.subjects(form.content)
    if not known:
        findings.append(
            Finding(
                f"content/{form.content}",
                0,
                "holds no content files",
                f"add a Markdown file with front matter, such as content/{form.content}/my-subject.md",
            )
        )
        return []
    by_name = {simplify(slug): slug for slug in known}
    if len(by_name) < len(known):
        twins = sorted(slug for slug in known if by_name[simplify(slug)] != slug)
        findings += [
            Finding(
                f"content/{form.content}/{twin}.md",
                0,
                f"has the same name as {by_name[simplify(twin)]}.md but for case, spaces or hyphens",
                "rename one of them",
            )
            for twin in twins
        ]
    chosen = {}
    for subject in subjects:
        if simplify(subject) in by_name:
            chosen[by_name[simplify(subject)]] = None
        else:
            findings.append(_unknown(form.name, subject, known))
    return list(chosen) if subjects else known


def _unknown(what: str, name: str, known: Sequence[str]) -> Finding:
    near = get_close_matches(simplify(name), [simplify(one) for one in known], n=1, cutoff=0.5)
    named = next((one for one in known if near and simplify(one) == near[0]), None)
    hint = f"did you mean {named}?" if named else f"known are: {', '.join(known)}"
    return Finding("", 0, f'there is no {what} "{name}"', hint)


def project_of(job: Job) -> Project:
    """The project of a job, with the folder that its edition's files lie in."""
    return Project(Path(job.root), Path(job.beside) if job.beside else None)


def output_name(job: Job) -> str:
    """The one rule that names every output: `[BRAND/]FORMAT/SUBJECT[.a4][.LANG].pdf`; what is default is left out."""
    stem = f"{job.format}/{job.subject}" if job.subject else job.format
    variants = [getattr(job, key) for key in ("paper", "language") if getattr(job, key) != DEFAULTS[key]]
    brand = "" if job.brand == DEFAULTS["brand"] else f"{job.brand}/"
    return f"{brand}{'.'.join([stem, *variants])}.pdf"
