"""From the words of a command to jobs, and from a job to the name of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from handouts.findings import Finding, Findings
from handouts.job import Job
from handouts.project import Project

BOOKLET = "content/booklet.toml"
DEFAULTS = {"paper": "letter", "brand": "default", "language": "en"}


def simplify(name: str) -> str:
    """A name as it is compared: without case, spaces, hyphens or underscores."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


class Shape(Protocol):
    """What a plan asks of a format."""

    @property
    def name(self) -> str: ...
    @property
    def scope(self) -> str: ...
    @property
    def content(self) -> str: ...


@dataclass(frozen=True)
class Outline:
    """A format as far as a plan needs it, believed as it is written."""

    name: str
    scope: str
    content: str


def outline(project: Project, name: str) -> Outline:
    """A format's outline, read without the library that checks records, which takes long to load.

    *Why that is enough for a first plan:* where the ledger finds each of its jobs unchanged, their formats are those
    that were checked when they were built. For all other jobs the plan is made again, with all that is checked.
    """
    form = project.toml(f"templates/{name}/format.toml")
    return Outline(name, str(form.get("scope", "")), str(form.get("content", "")))


def checked(project: Project, name: str) -> Shape:
    """A format with everything that it names; Findings where anything is wrong with it."""
    from handouts.content import load_format

    return load_format(project, name)


def plan(
    project: Project,
    format_name: str,
    subjects: Sequence[str],
    *,
    output: str = "output",
    paper: str = "letter",
    brand: str = DEFAULTS["brand"],
    profiles: Sequence[str] = (),
    wishes: Sequence[tuple[str, str]] = (),
    shape: Callable[[Project, str], Shape] = checked,
) -> list[Job]:
    """The jobs of one command, in the order of the formats and subjects. "all" is every format that
    there is content for.

    Raises Findings for unknown names, all of them at once, each with the nearest known one. `shape` reads a format:
    `outline` is quick, and believes it.
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
    if brand != DEFAULTS["brand"]:
        brand = _brand(project, brand, findings)
    known = project.profiles()
    findings += [_unknown("profile", name, known) for name in profiles if name not in known]
    forms = {name: shape(project, name) for name in wanted}
    if format_name == "all":
        every, forms = forms, {name: form for name, form in forms.items() if _has_content(project, form)}
        findings += [] if forms else [_nothing_to_build(every.values())]
    for name, form in forms.items():
        slugs = _choose(project, form, subjects, findings) if form.scope == "each" else [""]
        if form.scope == "all" and subjects:
            findings.append(Finding("", 0, f'{name} takes no subject, but "{subjects[0]}" is given', "leave it out"))
        words = {"root": str(project.root), "paper": paper, "brand": brand, "output": output}
        words |= {"profiles": tuple(profiles), "wishes": tuple(wishes)}
        jobs += [Job(format=name, subject=slug, **words) for slug in slugs]
    if findings:
        raise Findings(findings)
    return jobs


def _has_content(project: Project, form: Shape) -> bool:
    return bool(project.subjects(form.content) if form.scope == "each" else project.find(BOOKLET))


def _nothing_to_build(forms: Iterable[Shape]) -> Finding:
    folders = sorted({form.content for form in forms if form.scope == "each"})
    hint = f"add a Markdown file with front matter to {' or '.join(f'content/{folder}' for folder in folders)}"
    return Finding("content", 0, "holds nothing that a format prints", hint)


def _brand(project: Project, wanted: str, findings: list[Finding]) -> str:
    known = project.brands()
    by_name = {simplify(name): name for name in known} | {name: name for name in known}
    found = by_name.get(wanted) or by_name.get(simplify(wanted), "")
    if not found:
        findings.append(_unknown("brand", wanted, known))
    return found


def _choose(project: Project, form: Shape, subjects: Sequence[str], findings: list[Finding]) -> list[str]:
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
    from difflib import get_close_matches

    near = get_close_matches(simplify(name), [simplify(one) for one in known], n=1, cutoff=0.5)
    named = next((one for one in known if near and simplify(one) == near[0]), None)
    hint = f"did you mean {named}?" if named else f"known are: {', '.join(known)}"
    return Finding("", 0, f'there is no {what} "{name}"', hint)


def project_of(job: Job) -> Project:
    """The project of a job, with the folder that its edition's files lie in."""
    return Project(Path(job.root), Path(job.beside) if job.beside else None)


def output_name(job: Job) -> str:
    """The one rule that names every output: `[BRAND/]FORMAT/SUBJECT[.a4][.LANG][.PROFILE].pdf`; what is default is left
    out.

    An edition's is `editions/ID/FORMAT-SUBJECT[.a4][.LANG].pdf`: one folder for a school, whatever brand it has.
    """
    stem = f"{job.format}/{job.subject}" if job.subject else job.format
    variants = [getattr(job, key) for key in ("paper", "language") if getattr(job, key) != DEFAULTS[key]]
    variants += job.profiles
    folder = "" if job.brand == DEFAULTS["brand"] else f"{job.brand}/"
    if job.edition:
        folder, stem = f"editions/{job.edition.id}/", stem.replace("/", "-")
    return f"{folder}{'.'.join([stem, *variants])}.pdf"
