"""The recipe: plan the jobs, run one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.findings import Finding, Findings, errors
from handouts.project import Project

if TYPE_CHECKING:
    from handouts.model import Job

DEFAULTS = {"paper": "letter", "brand": "default", "language": "en"}


@dataclass(frozen=True)
class Result:
    """What became of one job: the file and its pages, or the findings that kept it from being built."""

    job: Job
    file: str
    pages: int = 0
    revision: str = ""
    fit: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def built(self) -> bool:
        return self.pages > 0


def simplify(name: str) -> str:
    """A name as it is compared: without case, spaces, hyphens or underscores."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def plan(
    project: Project, format_name: str, subjects: Sequence[str], *, output: str = "output", paper: str = "letter"
) -> list[Job]:
    """The jobs of one command, in the order of the formats and subjects. "all" is every format.

    Raises Findings for unknown names, all of them at once, each with the nearest known one.
    """
    from handouts.content import load_format
    from handouts.model import Job

    formats = {simplify(name): name for name in project.formats()}
    wanted = list(formats.values()) if format_name == "all" else [formats.get(simplify(format_name), "")]
    if wanted == [""]:
        raise Findings([_unknown("format", format_name, [*formats.values(), "all"])])
    if subjects and format_name == "all":
        raise Findings(
            [
                Finding(
                    "all",
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
            findings.append(Finding(name, 0, f'{name} takes no subject, but "{subjects[0]}" is given', "leave it out"))
        jobs += [Job(root=str(project.root), format=name, subject=slug, paper=paper, output=output) for slug in slugs]
    if findings:
        raise Findings(findings)
    return jobs


def _choose(project: Project, form: object, subjects: Sequence[str], findings: list[Finding]) -> list[str]:
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
    return Finding(name, 0, f'there is no {what} "{name}"', hint)


def output_name(job: Job) -> str:
    """The one rule that names every output: `[BRAND/]FORMAT/SUBJECT[.a4][.LANG].pdf`; what is default is left out."""
    stem = f"{job.format}/{job.subject}" if job.subject else job.format
    variants = [value for value in (job.paper, job.language) if value not in DEFAULTS.values()]
    brand = "" if job.brand == DEFAULTS["brand"] else f"{job.brand}/"
    return f"{brand}{'.'.join([stem, *variants])}.pdf"


def build(job: Job) -> Result:
    """Build one PDF: load, compose, lay out and fit, write, finish, check, record.

    Findings are handed back, not raised, so that one bad file does not keep the others from being built; the PDF of an
    earlier good build then stays.
    """
    try:
        return _build(job)
    except Findings as found:
        return Result(job, output_name(job), findings=found.findings)


def _build(job: Job) -> Result:
    from handouts.document import compose
    from handouts.finishing.accessibility import finish
    from handouts.material import gather
    from handouts.pdf import Sheet

    project = Project(Path(job.root))
    material = gather(project, job.format, job.subject, job.brand, job.language)
    document = compose(project, material, job.paper)
    sheet = Sheet(project, document)
    layout, fit = _fitted(sheet, document)
    if missing := -layout.pages % document.format.multiple:
        document = compose(project, material, job.paper, padding=missing)
        sheet = Sheet(project, document)
        layout, fit = _fitted(sheet, document)
    findings = _page_findings(layout.pages, document)
    if errors(findings):
        raise Findings(findings)
    pdf = finish(sheet.write(layout), labels=_page_labels(document.format.covers), link_texts=document.link_texts)
    file = output_name(job)
    put_in_place(Path(job.output) / file, pdf)
    return Result(job, file, layout.pages, document.revision, fit, tuple(findings))


def _page_labels(covers: int) -> list[object]:
    """How viewers name the pages: covers by name, the others by the number that is printed on them."""
    from handouts.finishing.accessibility import PageLabels

    cover = [PageLabels(0, "none", prefix="Cover")] if covers else []
    return [*cover, PageLabels(covers, "decimal", start=covers + 1)]


def _fitted(sheet: object, document: object) -> tuple[object, str]:
    """The layout at the roomiest setting that fits, and how it fits in words."""
    from handouts.fit import fit_page

    if document.format.fit is None:
        return sheet.lay_out(), ""

    def lay_out(setting: object, before: object) -> tuple[object, float]:
        layout = sheet.lay_out(setting, before)
        most = document.format.pages[1]
        room = layout.room if layout.pages <= most and layout.room is not None else -10.0 * (layout.pages - most)
        return layout, room

    fitted = fit_page(document.format.fit, lay_out)
    if not fitted.fits:
        raise Findings(
            [
                Finding(
                    document.file,
                    0,
                    f"the text is {-fitted.room:.0f} mm too long for the page, even at the "
                    "smallest type that is readable",
                    "shorten the longest sections",
                )
            ]
        )
    return fitted.layout, f"fits at {100 * fitted.setting.scale:.0f} %, {max(0.0, fitted.room):.0f} mm to spare"


def _page_findings(pages: int, document: object) -> list[Finding]:
    form = document.format
    low, high = form.pages
    findings = []
    if not low <= pages <= high:
        allowed = f"{low}" if low == high else f"{low} to {high}"
        findings.append(
            Finding(
                document.file,
                0,
                f"takes {pages} pages; the {form.title} has {allowed}",
                "shorten the text" if pages > high else "add to the text",
            )
        )
    if pages % form.multiple:
        findings.append(
            Finding(
                document.file,
                0,
                f"takes {pages} pages, which is not a multiple of {form.multiple}",
                "add a notes page, or shorten a chapter",
            )
        )
    return findings


def put_in_place(target: Path, data: bytes) -> None:
    """Write a file so that its path never holds half of it: under a temporary name beside it, then moved."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(target)
    except OSError as error:
        raise Findings(
            [
                Finding(
                    str(target),
                    0,
                    f"cannot be written: {error.strerror}",
                    "check that the folder is yours and the disk has room, or choose another with -o",
                )
            ]
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def run(jobs: Sequence[Job], workers: int, report: Callable[[Result], None]) -> list[Result]:
    """Build all jobs and hand each result to `report` as it comes; returns them in the order of the jobs."""
    from handouts.workers import run_all

    return run_all(build, jobs, workers, report)
