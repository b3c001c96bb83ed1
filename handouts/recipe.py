"""The recipe: one job, from the files that it names to a finished PDF that was judged."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handouts.boxes import flaws, words
from handouts.document import Document, compose
from handouts.findings import Finding, Findings
from handouts.finishing.accessibility import PageLabels, finish
from handouts.finishing.memory import document_key, inscribe, recall
from handouts.fit import Fitted, Laid, fit_page, too_long, too_many_pages
from handouts.job import Job
from handouts.latitude import Kept, Setting, Stretch, check_measure, read_latitude
from handouts.material import Material, gather_job
from handouts.model import Subject
from handouts.pdf import Layout, Sheet
from handouts.planning import output_name, project_of
from handouts.preflight.conservation import lost_in_layout, lost_on_paper
from handouts.preflight.evidence import Printed
from handouts.preflight.geometry import misfits, without_echoes
from handouts.preflight.product import Product
from handouts.preflight.table import judge_product
from handouts.prepress.accompany import accompanying
from handouts.prepress.deliver import delivered
from handouts.project import Project, read_named

# What a page too many counts for in the search, in mm.
_A_LINE = 5.0


@dataclass(frozen=True)
class Finished:
    """What became of a job that was laid out: its PDF, and what was found in it, which may be errors. `beside` are the
    files that go along with it, by their paths in the output folder."""

    project: Project
    material: Material
    document: Document
    sheet: Sheet
    layout: Layout
    kept: Kept | None
    pdf: bytes
    findings: tuple[Finding, ...]
    beside: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def fit(self) -> str:
        """How the page was fitted, in words."""
        if self.kept is None:
            return ""
        return f"fits at {100 * self.kept.setting.scale:.0f} %, {max(0.0, self.kept.room):.0f} mm to spare"


def finished(job: Job) -> Finished:
    """Load, compose, lay out and fit, write, finish, check. Raises Findings where there is nothing to be judged."""
    project = project_of(job)
    target = Path(job.output) / output_name(job)
    material = gather_job(project, job)
    document = compose(project, material, job.paper)
    key = document_key(project, document)
    sheet = Sheet(project, document)
    layout, kept = _fitted(sheet, material.subject, _remembered(target, key))
    if missing := -layout.pages % document.format.multiple:
        document = compose(project, material, job.paper, padding=missing)
        sheet = Sheet(project, document)
        layout, kept = _fitted(sheet, material.subject)
    whole = finish(
        sheet.write(layout),
        labels=_page_labels(document.format.covers),
        link_texts=document.link_texts,
        memory=inscribe(key, kept),
    )
    name, paper = output_name(job), job.paper
    pdf = delivered(project, whole, material, paper, name, document.revision)
    beside = accompanying(project, whole, pdf, document, material, paper, name, layout.pages)
    product = Product.of(project, Printed(target.as_posix(), pdf), document, material)
    judged = tuple(_judged(project, layout, product))
    return Finished(project, material, document, sheet, layout, kept, pdf, judged, beside)


def _judged(project: Project, layout: Layout, product: Product) -> list[Finding]:
    """Every check that concerns one product: of its layout, its pages, its file, its words."""
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
    # What is missing or cannot be read is not remembered.
    with contextlib.suppress(Findings):
        known, kept = recall(read_named(target))
        return kept if known == key else None
    return None


def _page_labels(covers: int) -> list[PageLabels]:
    """How viewers name the pages: covers by name, the others by the number that is printed on them."""
    cover = [PageLabels(0, "none", prefix="Cover")] if covers else []
    return [*cover, PageLabels(covers, "decimal", start=covers + 1)]


def _fitted(sheet: Sheet, subject: Subject | None, before: Kept | None = None) -> tuple[Layout, Kept | None]:
    """The layout, and how it was fitted; the second is None where nothing is."""
    if sheet.document.format.fit is None:
        layout, kept = sheet.lay_out(), None
    else:
        fitted = fit_sheet(sheet, subject, before)
        layout, kept = fitted.layout, fitted.kept
    return with_voices(sheet, layout, kept), kept


def with_voices(sheet: Sheet, layout: Layout, kept: Kept | None) -> Layout:
    """The layout with texts that do not fit in a stack of slots set smaller. Nothing else moves by that, so the fit
    stays as it is."""
    while sheet.lower_voices(layout):
        layout = sheet.lay_out(kept.setting, kept.stretch) if kept else sheet.lay_out()
    return layout


def fit_sheet(sheet: Sheet, subject: Subject | None, before: Kept | None = None) -> Fitted:
    """The layout of a document at the roomiest setting that fits; `before` is how the same one was fitted earlier.

    Findings are raised for a text that does not fit even at the smallest type, and say how far it is over.
    """
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
