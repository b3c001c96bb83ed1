"""What the house adds to the layout engine: one layout, write and finish against the engine alone.

Both lay out the same parsed HTML with the same parsed style sheets and fonts, warm and in one process, and write
PDF/UA-1. Reading, composing and the search for the setting that fits are left out: they are not the engine's work.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

from benchmarks.table import Row
from handouts import pdf
from handouts.document import compose
from handouts.finishing.accessibility import finish
from handouts.fit import Laid, fit_page
from handouts.job import Job
from handouts.latitude import Setting, Stretch, read_latitude
from handouts.material import gather
from handouts.project import Project


def overhead(project: Project, job: Job, rounds: int) -> Row:
    """The ratio of CPU times, ours by the engine's; the two take turns, so that a busy minute slows both."""
    document = compose(project, gather(project, job.format, job.subject), job.paper)
    sheet = pdf.Sheet(project, document)

    def lay_out(setting: Setting, stretch: Stretch) -> Laid:
        layout = sheet.lay_out(setting, stretch)
        return Laid(layout, layout.measure.room, layout.measure.height, layout.measure.stretch)

    kept = fit_page(read_latitude(project, document.format, document.styles), lay_out).kept

    def ours() -> bytes:
        return finish(sheet.write(sheet.lay_out(kept.setting, kept.stretch)), link_texts=document.link_texts)

    # The first style sheet is our own, for the finishing pass.
    styles = sheet.styles[1:]

    def alone() -> bytes:
        rendered = sheet.html.render(stylesheets=styles, font_config=sheet.fonts, pdf_variant="pdf/ua-1")
        return rendered.write_pdf(pdf_variant="pdf/ua-1")

    house, engine = _in_turns(ours, alone, rounds)
    measured = f"{1000 * house:.0f} ms / {1000 * engine:.0f} ms of CPU, medians of {rounds}"
    name = f"{job.format} {job.subject}: laid out, written, finished / engine alone"
    return Row(name, house / engine, "≤ 1.25", measured)


def _in_turns(one: Callable[[], bytes], other: Callable[[], bytes], rounds: int) -> tuple[float, float]:
    """Median CPU times in seconds."""
    times: dict[Callable[[], bytes], list[float]] = {one: [], other: []}
    one(), other()
    gc.collect()
    gc.freeze()
    try:
        for number in range(rounds):
            for call in (one, other) if number % 2 else (other, one):
                gc.collect()
                start = time.process_time()
                call()
                times[call].append(time.process_time() - start)
    finally:
        gc.unfreeze()
    return statistics.median(times[one]), statistics.median(times[other])
