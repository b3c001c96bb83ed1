"""The recipe: one job, from the files that it names to a finished PDF that was judged."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handouts.boxes import flaws, words
from handouts.document import Document, compose
from handouts.findings import Finding, Findings
from handouts.finishing.accessibility import PageLabels, finish
from handouts.finishing.memory import document_key, inscribe, recall
from handouts.fit import ROUNDING, Fitted, Laid, fit_page, tightened, too_long, too_many_pages
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


def finished(job: Job, glimpse: Callable[[bytes], None] | None = None) -> Finished:
    """Load, compose, lay out and fit, write, finish, check. Raises Findings where there is nothing to be judged.

    `glimpse` gets the PDF as soon as it can be looked at: before the search for its fit, as it looks at the setting of
    the last build, if it fits there; and when it is what will be written, before it is judged.
    """
    project = project_of(job)
    target = Path(job.output) / output_name(job)
    material = gather_job(project, job)
    document = compose(project, material, job.paper)
    known, before = _remembered(target)
    if glimpse and before and (early := _early(project, material, document, before)):
        glimpse(early)
    key = document_key(project, document)
    sheet = Sheet(project, document)
    layout, kept = _fitted(sheet, material.subject, before if known == key else None)
    # Where the last page would have a blank one before it, one for notes stands there.
    if missing := (-layout.pages % document.format.multiple + layout.gap) * (document.format.multiple > 1):
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
    if glimpse:
        glimpse(pdf)
    beside = accompanying(project, whole, pdf, document, material, paper, name, layout.pages)
    with contextlib.closing(Printed(target.as_posix(), pdf)) as printed:
        judged = tuple(_judged(project, layout, Product.of(project, printed, document, material)))
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


def _remembered(target: Path) -> tuple[str, Kept | None]:
    """The key of the PDF that stands in this place, the same for what was made of the very same things; and how it was
    fitted."""
    # What is missing or cannot be read is not remembered.
    with contextlib.suppress(Findings):
        return recall(read_named(target))
    return "", None


def _early(project: Project, material: Material, document: Document, before: Kept) -> bytes:
    """The page as it was fitted before its text was changed, or a hint tighter; empty where it does not fit so either,
    or will not look so.

    *Why not the beginning of the search:* a page is to be the same whatever stood in its place. So this one is shown to
    whoever waits, and never written; it has a sheet of its own, since a layout leaves traces in it.
    """
    form, profile = document.format, material.profile
    if form.fit is None or profile.bleed or profile.colors != "rgb":
        return b""
    # What is wrong is told by the build itself.
    with contextlib.suppress(Findings):
        sheet, latitude = Sheet(project, document), read_latitude(project, form, document.styles)
        kept = before
        for _ in range(2 if latitude.allows(before.setting) else 0):
            layout = sheet.lay_out(kept.setting, kept.stretch)
            room, height = layout.measure.room, layout.measure.height
            if layout.pages <= form.pages[1] and room >= -ROUNDING:
                return sheet.sketch(with_voices(sheet, layout, kept))
            # A line more: what was handed to the columns is taken back, and what is lacking then.
            tighter = tightened(latitude, before.setting, max(0.0, -room - before.room) / max(1.0, height))
            kept = Kept(setting=tighter, stretch=Stretch(), room=0.0, left=0.0)
    return b""


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
