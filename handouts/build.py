"""The recipe: how one job becomes one PDF, and many jobs many."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.findings import Finding, Findings, errors
from handouts.planning import output_name
from handouts.project import Project

if TYPE_CHECKING:
    from handouts.document import Document
    from handouts.finishing.accessibility import PageLabels
    from handouts.model import Job, Setting
    from handouts.pdf import Layout, Sheet

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


def _page_labels(covers: int) -> list[PageLabels]:
    """How viewers name the pages: covers by name, the others by the number that is printed on them."""
    from handouts.finishing.accessibility import PageLabels

    cover = [PageLabels(0, "none", prefix="Cover")] if covers else []
    return [*cover, PageLabels(covers, "decimal", start=covers + 1)]


def _fitted(sheet: Sheet, document: Document) -> tuple[Layout, str]:
    """The layout at the roomiest setting that fits, and how it fits in words."""
    from handouts.fit import fit_page

    if document.format.fit is None:
        return sheet.lay_out(), ""

    def lay_out(setting: Setting, before: Layout | None) -> tuple[Layout, float]:
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


def _page_findings(pages: int, document: Document) -> list[Finding]:
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
        # Where even this fails there is nothing to remove, and the reason is on its way.
        with contextlib.suppress(OSError):
            temporary.unlink()


def run(jobs: Sequence[Job], workers: int, report: Callable[[Result], None]) -> list[Result]:
    """Build all jobs and hand each result to `report` as it comes; returns them in the order of the jobs.

    The longest are begun first, so that no core waits at the end for a booklet that another has just started: the more
    pages a format may have, the longer it takes.
    """
    from handouts.content import load_format
    from handouts.workers import run_all

    lengths = {(job.root, job.format): 0 for job in jobs}
    for root, name in lengths:
        # A format that cannot be read is a finding of its jobs, which end at once.
        with contextlib.suppress(Findings):
            lengths[root, name] = load_format(Project(Path(root)), name).pages[1]
    order = sorted(range(len(jobs)), key=lambda number: -lengths[jobs[number].root, jobs[number].format])
    results = run_all(build, [jobs[number] for number in order], workers, report)
    return [result for _, result in sorted(zip(order, results, strict=True), key=lambda pair: pair[0])]
