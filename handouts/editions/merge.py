"""The recipe of a merge: each row of a spreadsheet, with each product, becomes a PDF; what is done already stays."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handouts import ledger
from handouts.editions.chunks import (
    FOLDER,
    Chunk,
    Done,
    Engine,
    Wish,
    all_there,
    chunk_moved,
    logos,
    prepared,
    too_long,
    work,
)
from handouts.editions.manifest import NAME, ONE_FILE, manifest, sweep
from handouts.editions.muster import Rows
from handouts.findings import Finding, Findings, errors
from handouts.job import Edition, Job
from handouts.parcels import Place, Post, Tell, moved
from handouts.planning import output_name, project_of
from handouts.project import put_in_place
from handouts.workers import Cluster, Crew

if TYPE_CHECKING:
    from handouts.editions.rows import Roll

# How many PDFs one task makes: few enough that two processes end together, many enough that asking costs nothing.
_CHUNK = 50
# Whether a product can be stamped on, and what is wrong with it.
_Answer = tuple[bool, tuple[Finding, ...]]


@dataclass(frozen=True)
class Merged:
    """What became of a merge. `states` counts PDFs: "fast", "full", "not built", and of those built "unchanged".

    `bound` is the one file of all editions, empty where none was asked for.
    """

    manifest: str
    bound: str
    lines: tuple[bytes, ...]
    states: Counter[str]
    findings: tuple[Finding, ...]


def merge(
    roll: Roll,
    wish: Wish,
    engine: Engine,
    workers: int,
    report: Callable[[Done], None],
    begin: Callable[[int], None],
    cluster: Cluster | None = None,
    lay_out: Callable[[int], None] = lambda count: None,
) -> Merged:
    """Check every row, make every edition that is not there yet, write the manifest.

    `lay_out` gets the number of products that are not known yet, where there are any, before they are laid out; `begin`
    the number of PDFs, and `report` each chunk as it is done. Raises Findings, all of them, before any edition
    is made where a row or a product is wrong, but with `keep_going` makes the others. An interrupt leaves a manifest of
    what is there, and so do workers that are lost. With a cluster, its workers lay out and make; what is there already
    does not travel.
    """
    _check_names(wish)
    run = os.urandom(8).hex()
    with Crew(workers if cluster is None else 1, _leave) as crew:
        hands = _Hands(run, wish, crew, cluster)
        rows = Rows(run, roll.table.file, wish, engine)
        measured = crew.run_all(too_long, rows.read(roll), lambda found: None)
        del roll  # and with it the whole text of the table
        plain, found = _prepare(rows, engine, hands, lay_out)
        measured += crew.run_all(too_long, list(rows.left()), lambda found: None)
        rows.judge([*found, *(one for part in measured for one in part)])
        if errors(rows.findings) and not wish.keep_going:
            raise Findings(rows.findings)
        total = rows.count * len(wish.jobs)
        begin(total)
        target = Path(wish.jobs[0].output, FOLDER, NAME)
        sweep(target.parent)
        chunks = rows.cut(min(_CHUNK, -(-total // (4 * workers))) if plain else 1)
        parts = _make(chunks, hands, report, target)
    listed = manifest(one.lines for one in parts)
    put_in_place(target, listed)
    bound, found = _bound(wish, chunks, parts, listed)
    return Merged(
        target.as_posix(),
        bound,
        tuple(one.lines for one in parts),
        sum((one.states for one in parts), Counter()),
        (*rows.findings, *(finding for one in parts for finding in one.findings), *found),
    )


def _bound(
    wish: Wish, chunks: Sequence[Chunk], parts: Sequence[Done], listed: bytes
) -> tuple[str, list[Finding]]:
    """Bind all editions into one file where that is asked for; returns its path, and what is wrong with one that an
    earlier merge has left. `listed` is the manifest, whose hash is kept to know that."""
    output = wish.jobs[0].output
    file, mark = Path(output, FOLDER, ONE_FILE), Path(output, ledger.FOLDER, "one-file")
    digest = hashlib.sha256(listed).hexdigest().encode()
    if wish.one_file:
        from handouts.editions.binding import bind

        bind(chunks, parts, output)
        with contextlib.suppress(Findings):  # as any record: without it, the file is taken for an older one
            ledger.store(mark, digest)
        return file.as_posix(), []
    known = ledger.stored(mark)
    if not file.is_file() or known == digest:
        return "", []
    message = f"is of an earlier merge, and {'does' if known else 'may'} not hold what {NAME} lists now"
    hint = "to renew it, run the same command with --one-file; if nobody needs it, delete it"
    return "", [Finding(file.as_posix(), 0, message, hint, "warning")]


def _check_names(wish: Wish) -> None:
    """An edition's files stand in one folder, where "a-b" of "c" and "a" of "b-c" would have the same name."""
    names = Counter(output_name(replace(job, edition=Edition("id"))) for job in wish.jobs)
    if twice := sorted(name.rpartition("/")[2] for name, number in names.items() if number > 1):
        message = f"{' and '.join(twice)} would be written twice in each folder"
        raise Findings([Finding("", 0, message, "rename a format or a subject, or merge them one after the other")])


def _make(chunks: Sequence[Chunk], hands: _Hands, report: Callable[[Done], None], target: Path) -> list[Done]:
    """Make the editions of all chunks; where that is cut off, write the manifest of what is there."""
    done: dict[int, Done] = {}

    def note(one: Done) -> None:
        done[one.number] = one
        report(one)

    try:
        hands.make(chunks, note)
    except (KeyboardInterrupt, Findings):
        parts = [done.get(chunk.number) or work(replace(chunk, look=True)) for chunk in chunks]
        put_in_place(target, manifest(one.lines for one in parts))
        raise
    return [done[number] for number in sorted(done)]


@dataclass(frozen=True)
class _Asked:
    """A product, to be prepared in any process."""

    run: str
    engine: Engine
    job: Job


@dataclass(frozen=True)
class _Hands:
    """Who does the tasks of a merge: processes here, or the workers of a cluster."""

    run: str
    wish: Wish
    crew: Crew
    cluster: Cluster | None

    def ask(self, asked: Sequence[_Asked]) -> list[_Answer]:
        """Make products ready."""
        if self.cluster is None:
            return self.crew.run_all(_ask, asked, lambda answer: None)
        post = self._post(_ask, _asked_moved, _answer_here)
        return self.cluster.run_all(post, asked, lambda answer: None, leave=_leave)

    def make(self, chunks: Sequence[Chunk], note: Callable[[Done], None]) -> None:
        """Make the editions of all chunks, and note each that is done."""
        if self.cluster is None:
            self.crew.run_all(work, chunks, note)
            return
        left = []
        for chunk in chunks:
            if self.wish.force or not all_there(chunk):
                left.append(chunk)
            else:
                note(work(chunk))
        post = self._post(work, chunk_moved, _done_here, logos)
        self.cluster.run_all(post, left, note, leave=_leave)

    def _post(self, task: Any, move: Any, mend: Any, needs: Any = lambda one: ()) -> Post[Any, Any]:
        job = replace(self.wish.jobs[0], beside=self.wish.beside)
        return Post(project_of(job), job.output, task, move, mend, needs, self.run)


def _asked_moved(asked: _Asked, place: Place) -> _Asked:
    return replace(asked, job=moved(asked.job, place))


def _answer_here(answer: _Answer, asked: _Asked, tell: Tell) -> _Answer:
    plain, found = answer
    return plain, tell(found)


def _done_here(done: Done, chunk: Chunk, tell: Tell) -> Done:
    return replace(done, findings=tell(done.findings))


def _prepare(
    rows: Rows, engine: Engine, hands: _Hands, lay_out: Callable[[int], None]
) -> tuple[bool, list[Finding]]:
    """Make every product ready: whether all of them can be stamped on, and what is wrong, warnings too."""
    asked = [_Asked(hands.run, engine, job) for job in rows.products]
    known = {one: _ask(one) for one in asked if rows.products[one.job]}
    new = [one for one in asked if one not in known]
    if new:
        lay_out(len(new))
    if len(new) > 1 and hands.cluster is None:
        engine.load()
    answers = known | dict(zip(new, hands.ask(new), strict=True))
    told = [answers[one] for one in asked]
    return all(plain for plain, _ in told), [finding for _, found in told for finding in found]


def _ask(asked: _Asked) -> _Answer:
    press, found = prepared(asked.run, asked.engine.prepare, asked.job)
    return press is None or not press.reason, found


def _leave() -> None:
    """What a worker process does before it ends."""
    if "handouts.pdf" in sys.modules:
        from handouts.pdf import forget
        from handouts.preflight.scanning import codes_of

        codes_of.cache_clear()
        forget()
