"""Some rows of a spreadsheet, made into PDFs in any process: stamped on finished pages, or laid out in full."""

from __future__ import annotations

import hashlib
import pickle
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.editions.manifest import Record, archive, lines, sweep
from handouts.findings import Finding, Findings
from handouts.job import Edition, Job
from handouts.parcels import Place, moved
from handouts.planning import output_name
from handouts.project import put_in_place, read_named
from handouts.updating import FAST, FULL

if TYPE_CHECKING:
    from handouts.editions.masters import Press, Refusal
    from handouts.editions.rows import Order
    from handouts.stamping.stamp import Stamped

FOLDER = "editions"
# An edition's PDF says near its end of what it is made: (KEY STATE PAGES REVISION).
_ENTRY = re.compile(rb"/HandoutsEdition ?\(([0-9a-f]{64}) ([a-z]+) (\d+) ([^()\s]*)\)")
_END = 4096


@dataclass(frozen=True)
class Engine:
    """Who makes the PDFs: functions that a worker process finds by their names.

    `frame` is what of an edition decides about the page that it is stamped on. `prepare` makes that page ready, for a
    job with such a frame, or knows why it cannot be; Findings where it cannot be built at all. `is_known` tells whether
    that takes no time. `load` loads what it takes otherwise, once, before there are processes that all would do so.
    """

    frame: Callable[[Edition], Edition]
    prepare: Callable[[Job], Press]
    is_known: Callable[[Job], bool]
    load: Callable[[], None]


@dataclass(frozen=True)
class Wish:
    """What a merge is asked for: products as jobs, and how."""

    jobs: tuple[Job, ...]
    beside: str = ""
    force: bool = False
    zipped: bool = False
    one_file: bool = False
    keep_going: bool = False


@dataclass(frozen=True)
class Chunk:
    """Some rows, as one worker makes them; picklable. `run` tells one merge from the next in the same process.

    `bad` are the lines of rows that were found wrong after they were packed. With `look`, nothing is made: it is only
    told what is there.
    """

    run: str
    number: int
    packs: tuple[bytes, ...]
    wish: Wish
    file: str
    engine: Engine
    bad: frozenset[int] = frozenset()
    look: bool = False

    def orders(self) -> Iterator[Order]:
        """The rows; those that are wrong have no edition."""
        for order in (order for pack in self.packs for order in unpacked(pack)):
            yield replace(order, edition=None) if order.line in self.bad else order


def packed(orders: Sequence[Order]) -> bytes:
    """Rows as bytes: ten thousand take less than two megabytes."""
    return zlib.compress(pickle.dumps(orders), 1)


def unpacked(pack: bytes) -> list[Order]:
    return pickle.loads(zlib.decompress(pack))


def chunk_moved(chunk: Chunk, place: Place) -> Chunk:
    """A chunk in another place."""
    wish = replace(chunk.wish, jobs=tuple(moved(job, place) for job in chunk.wish.jobs), beside=place.beside)
    return replace(chunk, wish=wish)


def logos(chunk: Chunk) -> list[str]:
    """The files beside the spreadsheet that a chunk reads, as project paths."""
    named = (dict(order.edition.brand).get("logo") for order in chunk.orders() if order.edition)
    return sorted({logo for logo in named if logo})


@dataclass(frozen=True)
class Done:
    """What became of a chunk: its lines of the manifest, how many PDFs are in which state, and what is wrong.

    *Why lines and not records:* ten thousand rows are to take hardly more memory than a thousand.
    """

    number: int
    lines: bytes
    states: Counter[str]
    findings: tuple[Finding, ...]


def product_of(job: Job, order: Order, wish: Wish, engine: Engine) -> Job:
    """A product as a row asks for it, without the row's own values: one finished page serves all such rows."""
    return replace(
        job,
        paper=order.paper or job.paper,
        brand=order.brand or job.brand,
        language=order.language or job.language,
        edition=engine.frame(order.edition),
        beside=wish.beside,
    )


@lru_cache(maxsize=64)
def prepared(run: str, prepare: Callable[[Job], Press], job: Job) -> tuple[Press | None, tuple[Finding, ...]]:
    """A product made ready, once for each process and run, with its warnings; or none, and what is wrong with it."""
    try:
        press = prepare(job)
    except Findings as found:
        return None, found.findings
    return press, press.findings


def too_long(chunk: Chunk) -> list[Finding]:
    findings = []
    for order in chunk.orders():
        for job in chunk.wish.jobs if order.edition else ():
            press, _ = prepared(chunk.run, chunk.engine.prepare, product_of(job, order, chunk.wish, chunk.engine))
            found = press.complaints(order.edition) if press else ()
            findings += [Finding(chunk.file, order.line, f"{what} in {_spoken(job)}", hint) for what, hint in found]
            if found:
                break
    return findings


def work(chunk: Chunk) -> Done:
    """Make the editions of some rows, in any process."""
    records: list[Record] = []
    states: Counter[str] = Counter()
    findings: list[Finding] = []
    for order in chunk.orders():
        made = []
        if order.edition is None:
            made = [] if chunk.look else [Record(order.id)] * len(chunk.wish.jobs)
        else:
            for job in chunk.wish.jobs:
                try:
                    record, fresh = _edition(chunk, order, job)
                except Findings as found:
                    findings += _of_row(chunk.file, order, job, found.findings)
                    record, fresh = Record(order.id), False
                if record is not None:
                    made.append(record)
                    states.update(["unchanged"] * fresh)
        states.update(record.state.partition(":")[0] for record in made)
        records += made
        if chunk.wish.zipped and not chunk.look and all(record.file for record in made):
            findings += _pack(chunk, order, made)
    return Done(chunk.number, lines(records), states, tuple(findings))


def all_there(chunk: Chunk) -> bool:
    """Whether every edition of a chunk stands there as it would be made."""
    wanted = sum(order.edition is not None for order in chunk.orders()) * len(chunk.wish.jobs)
    return work(replace(chunk, look=True)).states["unchanged"] == wanted


def _edition(chunk: Chunk, order: Order, product: Job) -> tuple[Record | None, bool]:
    """One PDF: its record, and whether it was there already; no record where it is only looked for, and not there."""
    plain = product_of(product, order, chunk.wish, chunk.engine)
    job = replace(plain, edition=order.edition)
    name = output_name(job)
    file = name.removeprefix(f"{FOLDER}/")
    target = Path(job.output, name)
    press, _ = prepared(chunk.run, chunk.engine.prepare, plain)
    if press is None:  # told once, for the product
        return None if chunk.look else Record(order.id), False
    there = b""
    if target.parent.is_dir():
        sweep(target.parent)
        there = b"" if chunk.wish.force else _there(target)
    if entry := _ENTRY.search(there, max(0, len(there) - _END)):
        key, state, pages, revision = (part.decode() for part in entry.groups())
        if key == press.key(order.edition):
            digest = hashlib.sha256(there).hexdigest()
            state = FAST if state == FAST else _full(press.reason or _reason(press.stamp(order.edition)))
            return Record(order.id, file, int(pages), digest, revision, state), True
    if chunk.look:
        return None, False
    reason = press.reason
    if not reason:
        stamped = press.stamp(order.edition)
        reason = _reason(stamped)
        if not reason:
            put_in_place(target, stamped.pdf)
            return Record(order.id, file, stamped.pages, stamped.sha256, stamped.revision, FAST), False
    result = press.build(job)
    if not result.built:
        raise Findings(result.findings)
    digest = hashlib.sha256(read_named(target)).hexdigest()
    return Record(order.id, file, result.pages, digest, result.revision, _full(reason)), False


def _there(target: Path) -> bytes:
    """A PDF that stands in its place already; nothing where there is none, or it cannot be read."""
    try:
        return read_named(target)
    except Findings:
        return b""


def _reason(answer: Stamped | Refusal) -> str:
    return getattr(answer, "reason", "")


def _full(reason: str) -> str:
    return f"{FULL}: {reason}" if reason else FULL


def _of_row(file: str, order: Order, job: Job, findings: Sequence[Finding]) -> Iterator[Finding]:
    """What keeps a row's PDF from being built, told with the row's line."""
    for one in findings:
        place = f"{one.file}:{one.line}" if one.line else one.file
        message = f"{_spoken(job)} cannot be built for {order.id}: {': '.join(filter(None, (place, one.message)))}"
        yield replace(one, file=file, line=order.line, message=message)


def _spoken(job: Job) -> str:
    return " ".join(filter(None, (job.format, job.subject)))


def _pack(chunk: Chunk, order: Order, made: Sequence[Record]) -> list[Finding]:
    """Write the archive of a row, unless just that one is there."""
    output = Path(chunk.wish.jobs[0].output, FOLDER)
    target = output / f"{order.id}.zip"
    packed = archive([(record.file.partition("/")[2], read_named(output / record.file)) for record in made])
    try:
        if not target.is_file() or read_named(target) != packed:
            put_in_place(target, packed)
    except Findings as found:
        return list(found.findings)
    return []
