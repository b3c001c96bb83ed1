"""All editions of a merge bound into one PDF for the print shop, in the order of the spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from handouts.editions.chunks import FOLDER, Chunk, Done, prepared, product_of
from handouts.editions.manifest import ONE_FILE, Record, read_records
from handouts.findings import counted
from handouts.finishing.collection import collect
from handouts.job import Job
from handouts.project import placing, read_named
from handouts.stamping.one_file import Entry, write
from handouts.updating import FAST


def bind(chunks: Sequence[Chunk], parts: Sequence[Done], output: str) -> Path:
    """Write the PDF of all editions that `parts` say were made of the chunks; returns its path."""
    places: dict[Job | str, int] = {}
    pdfs: list[bytes] = []
    count = 0
    for _, job, record, chunk in _editions(chunks, parts):
        count += 1
        known = job if record.state == FAST else record.file
        if known not in places:
            places[known] = len(pdfs)
            pdfs.append(_page_of(chunk, job, record, output))
    target = Path(output, FOLDER, ONE_FILE)
    title = f"{counted(count, 'edition')} in one file, for the print shop: without tags and links"
    with placing(target) as out:
        write(out, collect(pdfs), _entries(chunks, parts, places), title)
    return target


def _page_of(chunk: Chunk, job: Job, record: Record, output: str) -> bytes:
    """What an edition shares with others, or, laid out in full, all of it."""
    press, _ = prepared(chunk.run, chunk.engine.prepare, job)
    if record.state == FAST and press is not None and press.base:
        return press.base
    return read_named(Path(output, FOLDER, record.file))


def _entries(chunks: Sequence[Chunk], parts: Sequence[Done], places: dict[Job | str, int]) -> Iterator[Entry]:
    many = len(chunks[0].wish.jobs) > 1 if chunks else False
    for order, job, record, chunk in _editions(chunks, parts):
        name = dict(order.edition.brand).get("organization", "")
        what = [" ".join(filter(None, (job.format, job.subject)))] if many else []
        title = " · ".join([order.id, name, *what])
        entry = None
        if record.state == FAST:
            press, _ = prepared(chunk.run, chunk.engine.prepare, job)
            entry = press.entry(order.edition, places[job], title)
        yield entry or Entry(title, places[job if record.state == FAST else record.file], {})


def _editions(chunks: Sequence[Chunk], parts: Sequence[Done]) -> Iterator[tuple]:
    """Every edition that was made: its row, its product, its line of the manifest, its chunk."""
    for chunk, done in zip(chunks, parts, strict=True):
        records = iter(read_records(done.lines))
        for order in chunk.orders():
            for job in chunk.wish.jobs:
                record = next(records)
                if record.file:
                    yield order, product_of(job, order, chunk.wish, chunk.engine), record, chunk
