"""The recipe: how one job becomes one PDF, and many jobs many."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.findings import Finding, Findings, errors
from handouts.planning import output_name, project_of
from handouts.project import Project, put_in_place, read_named

if TYPE_CHECKING:
    from handouts.finishing.accessibility import PageLabels
    from handouts.fit import Fitted, Laid
    from handouts.job import Job
    from handouts.latitude import Kept, Setting, Stretch
    from handouts.model import Subject
    from handouts.pdf import Layout, Sheet
    from handouts.preflight.product import Product

# What a page too many counts for in the search, in mm.
_A_LINE = 5.0


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
    from handouts.finishing.memory import document_key, inscribe
    from handouts.material import gather
    from handouts.pdf import Sheet
    from handouts.preflight.evidence import Printed
    from handouts.preflight.product import Product

    project = project_of(job)
    target = Path(job.output) / output_name(job)
    material = gather(project, job.format, job.subject, job.brand, job.language)
    document = compose(project, material, job.paper)
    key = document_key(project, document)
    sheet = Sheet(project, document)
    layout, kept = _fitted(sheet, material.subject, _remembered(target, key))
    if missing := -layout.pages % document.format.multiple:
        document = compose(project, material, job.paper, padding=missing)
        sheet = Sheet(project, document)
        layout, kept = _fitted(sheet, material.subject)
    pdf = finish(
        sheet.write(layout),
        labels=_page_labels(document.format.covers),
        link_texts=document.link_texts,
        memory=inscribe(key, kept),
    )
    findings = _judged(project, layout, Product.of(project, Printed(target.as_posix(), pdf), document, material))
    if errors(findings):
        raise Findings(findings)
    put_in_place(target, pdf)
    return Result(job, output_name(job), layout.pages, document.revision, _told(kept), tuple(findings))


def _judged(project: Project, layout: Layout, product: Product) -> list[Finding]:
    """Every check that concerns one product: of its layout, its pages, its file, its words."""
    from handouts.boxes import flaws, words
    from handouts.preflight.conservation import lost_in_layout, lost_on_paper
    from handouts.preflight.geometry import misfits, without_echoes
    from handouts.preflight.table import judge_product

    file, pages = product.printed.file, layout.rendered.pages
    found, runs = flaws(pages), words(pages)
    return [
        *misfits(file, found),
        *lost_in_layout(file, product.document.html, runs),
        *lost_on_paper(product.printed, runs, found),
        *without_echoes(judge_product(project, product), found),
    ]


def _remembered(target: Path, key: str) -> Kept | None:
    """How the PDF that stands in this place was fitted, where it was made of the very same things."""
    from handouts.finishing.memory import recall

    # What is missing or cannot be read is not remembered.
    with contextlib.suppress(Findings):
        known, kept = recall(read_named(target))
        return kept if known == key else None
    return None


def _page_labels(covers: int) -> list[PageLabels]:
    """How viewers name the pages: covers by name, the others by the number that is printed on them."""
    from handouts.finishing.accessibility import PageLabels

    cover = [PageLabels(0, "none", prefix="Cover")] if covers else []
    return [*cover, PageLabels(covers, "decimal", start=covers + 1)]


def _fitted(sheet: Sheet, subject: Subject | None, before: Kept | None = None) -> tuple[Layout, Kept | None]:
    """The layout, and how it was fitted; the second is None where nothing is."""
    if sheet.document.format.fit is None:
        return sheet.lay_out(), None
    fitted = fit_sheet(sheet, subject, before)
    return fitted.layout, fitted.kept


def fit_sheet(sheet: Sheet, subject: Subject | None, before: Kept | None = None) -> Fitted:
    """The layout of a document at the roomiest setting that fits; `before` is how the same one was fitted earlier.

    Findings are raised for a text that does not fit even at the smallest type, and say how far it is over.
    """
    from handouts.fit import Laid, fit_page, too_long, too_many_pages
    from handouts.latitude import check_measure, read_latitude

    document, form = sheet.document, sheet.document.format
    latitude = read_latitude(sheet.project, form, document.styles)

    def lay_out(setting: Setting, stretch: Stretch) -> Laid:
        layout = sheet.lay_out(setting, stretch)
        room = check_measure(layout.measure.room, layout.measure.body, latitude, setting, form)
        # Pages too many are no room either, even where the text itself would fit.
        if layout.pages > form.pages[1]:
            room = min(room, -_A_LINE * (layout.pages - form.pages[1]))
        return Laid(layout, room, layout.measure.height, layout.measure.stretch)

    fitted = fit_page(latitude, lay_out, before)
    if fitted.fits:
        return fitted
    sections = subject.sections if subject else ()
    printed = [one for one in sections if f" s-{one.name}\"" in document.html] or sections
    if fitted.layout.measure.room >= 0:
        raise Findings([too_many_pages(document.file, printed, fitted.layout.pages, form)])
    over = fitted.layout.overrun
    there = [one for one in printed if one.name in over.sections]
    beside = [one for one in printed if one not in there]
    raise Findings([too_long(document.file, there, over.lines, over.words, beside)])


def _told(kept: Kept | None) -> str:
    """How a page was fitted, in words."""
    return f"fits at {100 * kept.setting.scale:.0f} %, {max(0.0, kept.room):.0f} mm to spare" if kept else ""


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
    results = run_all(build, [jobs[number] for number in order], workers, report, leave=_leave)
    return [result for _, result in sorted(zip(order, results, strict=True), key=lambda pair: pair[0])]


def _leave() -> None:
    """What a worker process does before it ends."""
    from handouts.pdf import forget

    forget()
