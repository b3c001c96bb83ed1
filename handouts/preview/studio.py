"""The products on show: what each was made of, which are built anew, and who is told."""

from __future__ import annotations

import hashlib
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from handouts.findings import Findings
from handouts.job import Job
from handouts.planning import output_name
from handouts.preview.beside import Lost, Mistake
from handouts.preview.building import Builder, Outcome, Standing, mistaken
from handouts.preview.choice import Choice, Choices, choices
from handouts.preview.pictures import Pictures
from handouts.preview.products import BUILDING, FAILED, FRESH, STALE, Product, Shown, products
from handouts.project import Project, read_named

# So many of the pages that were opened last are built by a process of their own, before all others.
_MOST_FRONT = 2
# An event for a page in a browser: its name, what it tells, and the choice that it concerns, or None for all of them.
Event = tuple[str, dict[str, object], "Choice | None"]

_NOTHING = (b"", "")


@dataclass(eq=False)
class _Piece:
    """A product under a choice that somebody has looked at."""

    product: Product
    choice: Choice
    job: Job
    shown: Shown
    # The bytes that are shown in place of the file, and their stamp: of a build that is not done yet.
    glimpse: tuple[bytes, str] = _NOTHING
    # When it was looked at, as a page of its own and at all: the later, the higher.
    opened: int = 0
    seen: int = 0
    # The change of files up to which its state is known.
    known: int = -1
    wanted: bool = False
    busy: bool = False
    standing: Standing = field(default_factory=Standing)


class Studio:
    """All that is shown of a project. Its methods may be called by any thread."""

    def __init__(self, project: Project, output: str, orders: Mapping[str, object] | None = None, beside: str = ""):
        self.project, self.output = project, output
        self._orders, self._beside = dict(orders or {}), beside
        self.pictures = Pictures()
        self._lock = threading.Condition()
        self._pieces: dict[tuple[str, Choice], _Piece] = {}
        self._listeners: dict[Callable[[Event], None], Choice] = {}
        self._last: Choice | None = None
        self._products: list[Product] = []
        self._changes = self._looks = self._clock = 0
        self._closed = False
        self.choices = Choices()
        self.survey()
        self._builders = (Builder(), Builder(patient=True))
        self._threads = [
            threading.Thread(target=self._work, args=(builder, front), daemon=True)
            for builder, front in zip(self._builders, (True, False), strict=True)
        ]

    def start(self) -> None:
        """Begin to build what is looked at. Raises Findings where nothing can be built on this machine."""
        self._builders[0].load()
        for thread in (*self._threads, threading.Thread(target=self.pictures.start, daemon=True)):
            thread.start()

    def close(self) -> None:
        """End everything that was begun, builds in the middle."""
        with self._lock:
            self._closed = True
            self._lock.notify_all()
        for builder in self._builders:
            builder.close()
        self.pictures.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()

    # What is shown.

    @property
    def products(self) -> list[Product]:
        return self._products

    def gallery(self, choice: Choice) -> list[Shown]:
        """All products under a choice; what of them is not fresh is built from now on, one after the other."""
        listed = self._products
        # What folds takes long to build, and is begun last.
        shown = {one.key: self._look(one, choice) for one in sorted(listed, key=lambda one: one.folds)}
        return [shown[one.key] for one in listed]

    def show(self, key: str, choice: Choice, opened: bool = True) -> Shown | None:
        """One product; None where there is none. One that is `opened` is built before all others."""
        product = next((one for one in self._products if one.key == key), None)
        return self._look(product, choice, opened) if product else None

    def titled(self, key: str, choice: Choice) -> Shown | None:
        """A product without its state: its name, for a link to it."""
        product = next((one for one in self._products if one.key == key), None)
        return self._blank(product, self._job(product, choice)) if product else None

    def pdf(self, key: str, choice: Choice) -> tuple[bytes, str]:
        """The bytes that the pictures are made of, and their stamp; empty where there are none."""
        piece = self._pieces.get((key, choice))
        if piece and piece.glimpse[0]:
            return piece.glimpse
        return self.file(key, choice)

    def file(self, key: str, choice: Choice) -> tuple[bytes, str]:
        """The PDF that stands in the output folder, and its stamp; empty where there is none."""
        self.show(key, choice, opened=False)
        piece = self._pieces.get((key, choice))
        return self._file(piece) if piece else _NOTHING

    def _file(self, piece: _Piece) -> tuple[bytes, str]:
        try:
            pdf = read_named(Path(piece.shown.file))
        except Findings:
            return _NOTHING
        return pdf, _stamp(pdf)

    def _look(self, product: Product, choice: Choice, opened: bool = False) -> Shown:
        with self._lock:
            self._clock += 1
            self._last = choice
            piece = self._pieces.get((product.key, choice)) or self._begun(product, choice)
            # Somebody else has just asked for the first time.
            self._lock.wait_for(lambda: piece.known >= 0 or not piece.busy)
            piece.seen = self._clock
            piece.opened = self._clock if opened else piece.opened
            unknown = piece.known < 0 and not piece.busy
            piece.busy |= unknown
            self._lock.notify_all()
        if unknown:
            # For the first time: what the ledger says of it, and the PDF that stands there.
            changes = self._changes
            try:
                self._settle(piece, changes)
            finally:
                self._release(piece)
        return piece.shown

    def _begun(self, product: Product, choice: Choice) -> _Piece:
        job = self._job(product, choice)
        piece = self._pieces[product.key, choice] = _Piece(product, choice, job, self._blank(product, job))
        return piece

    def _blank(self, product: Product, job: Job) -> Shown:
        file = Path(job.output, output_name(job)).as_posix()
        return Shown(
            product.key, product.title, product.format, product.format_title, file=file, folds=product.folds
        )

    def _job(self, product: Product, choice: Choice) -> Job:
        job = choice.job(self.project, product.format, product.subject, self.output)
        if order := self._orders.get(choice.edition):
            # What a row says is stronger than a switch, as in a merge.
            said = {key: getattr(order, key) for key in ("paper", "brand", "language") if getattr(order, key)}
            job = replace(job, edition=order.edition, beside=self._beside, **said)
        return job

    # What changes.

    def changed(self, names: Iterable[str]) -> None:
        """Files of the project were changed, by their project paths: what depends on them is known no longer."""
        with self._lock:
            self._changes += 1
            # Style sheets are parsed once a process, and are parsed anew from now on.
            self._looks += any(name.startswith("styles/") for name in names)
            self._lock.notify_all()

    def survey(self) -> None:
        """Read anew which products there are, and what there is to choose from; who listens is told of a change."""
        try:
            found = products(self.project, self._products)
            offered = choices(self.project, self._orders)
        except OSError:
            # The folder is just being moved or deleted: what was there stays on show.
            return
        with self._lock:
            same = (found, offered) == (self._products, self.choices)
            self._products, self.choices = found, offered
            by_key = {one.key: one for one in found}
            for key in [key for key in self._pieces if key[0] not in by_key]:
                del self._pieces[key]
            for (key, _), piece in self._pieces.items():
                piece.product = one = by_key[key]
                piece.shown = replace(piece.shown, title=one.title, format_title=one.format_title, folds=one.folds)
        if not same:
            self._tell(("products", {}, None))

    def listen(self, listener: Callable[[Event], None], choice: Choice) -> None:
        """Tell somebody of every event from now on; what is shown under this choice is kept fresh."""
        with self._lock:
            self._listeners[listener] = choice
            self._lock.notify_all()

    def leave(self, listener: Callable[[Event], None]) -> None:
        with self._lock:
            self._listeners.pop(listener, None)

    def _tell(self, event: Event) -> None:
        with self._lock:
            listeners = [one for one, choice in self._listeners.items() if event[2] in (None, choice)]
        for listener in listeners:
            listener(event)

    def _say(self, piece: _Piece, **news: object) -> None:
        """Something of a product has changed, or not; who listens is told."""
        with self._lock:
            before, piece.shown = piece.shown, replace(piece.shown, **news)
            if before == piece.shown or self._pieces.get((piece.product.key, piece.choice)) is not piece:
                return
            shown = piece.shown
        told = {"key": shown.key, "state": shown.state, "stamp": shown.stamp, "findings": len(shown.findings)}
        self._tell(("product", told, piece.choice))

    # What is built.

    def _work(self, builder: Builder, front: bool) -> None:
        """Builds until it is closed: the page that was opened last comes first."""
        last: _Piece | None = None
        while not self._closed:
            with self._lock:
                piece, changes, looks = self._next(front), self._changes, self._looks
                if piece:
                    piece.busy = True
            if piece is None:
                if last:
                    builder.rest(last.job)
                with self._lock:
                    self._lock.wait_for(lambda: self._closed or self._next(front))
                continue
            last = piece
            try:
                if piece.known < changes:
                    self._settle(piece, changes)
                else:
                    self._build(piece, builder, changes, looks)
            except Exception:
                # Nothing that happens to one product keeps the others from being built.
                piece.known, piece.wanted = changes, False
                self._say(piece, state=FAILED, findings=mistaken(traceback.format_exc()).findings)
            finally:
                self._release(piece)

    def _next(self, front: bool) -> _Piece | None:
        """The piece that is to be looked after next: first those of which nothing is known, then those to be built."""
        live = {*self._listeners.values(), self._last}
        due = [one for one in self._pieces.values() if one.choice in live]
        # What folds has many pages: while it is built, nothing else would be shown.
        quick = (one for one in due if one.opened and not one.product.folds)
        first = sorted(quick, key=lambda one: -one.opened)[:_MOST_FRONT]
        if front and first:
            due = [one for one in first if not one.busy and (one.wanted or one.known < self._changes)]
            return due[0] if due else None
        # Where no page is opened, both build what is listed.
        due = [one for one in due if one not in first and not one.busy and not (front and one.product.folds)]
        unknown = [one for one in due if one.known < self._changes]
        due = unknown or [one for one in due if one.wanted]
        return min(due, key=lambda one: (-one.opened, one.product.folds, one.seen), default=None)

    def _release(self, piece: _Piece) -> None:
        with self._lock:
            piece.busy = False
            self._lock.notify_all()

    def _settle(self, piece: _Piece, changes: int) -> None:
        """Find out whether what stands there is what a build would make now."""
        result = piece.standing.ask(piece.job)
        news: dict[str, object] = {}
        if result:
            piece.glimpse, piece.wanted = _NOTHING, False
            news = {"state": FRESH, "findings": result.findings}
        else:
            piece.wanted = True
            # What failed is said to have, until it is better.
            news = {"state": STALE} if piece.shown.state == FRESH else {}
        piece.known = changes
        self._say(piece, **news, **({} if piece.glimpse[0] else self._pictured(piece, *self._file(piece))))

    def _pictured(self, piece: _Piece, pdf: bytes, stamp: str) -> dict[str, object]:
        """What there is to say of the PDF that is shown from now on."""
        if stamp == piece.shown.stamp:
            return {}
        self.pictures.drop(piece.shown.stamp)
        if not pdf:
            return {"pages": 0, "sizes": (), "sheets": (), "stamp": ""}
        try:
            measured = self.pictures.measure(pdf, stamp, piece.product.folds)
        except (Lost, Mistake):
            # No PDF, whatever it is called; or nobody is there any more who could look.
            return {"pages": 0, "sizes": (), "sheets": (), "stamp": ""}
        return {"pages": len(measured.pages), "sizes": measured.pages, "sheets": measured.sheets, "stamp": stamp}

    def _build(self, piece: _Piece, builder: Builder, changes: int, looks: int) -> None:
        self._say(piece, state=BUILDING)

        def glimpse(pdf: bytes) -> None:
            stamp = _stamp(pdf)
            news = self._pictured(piece, pdf, stamp)
            piece.glimpse = pdf, stamp
            self._say(piece, findings=(), **news)

        outcome = builder.build(piece.job, looks, glimpse)
        if self._closed:
            return
        with self._lock:
            late = self._changes > changes
        self._take(piece, outcome, late)

    def _take(self, piece: _Piece, outcome: Outcome, late: bool) -> None:
        """What became of a build. One that failed while files were being saved is tried again before anything is said
        of it: an editor may have been in the middle of one."""
        piece.glimpse = _NOTHING
        piece.standing.keep(outcome)
        piece.wanted = late and not outcome.built
        news = self._pictured(piece, *self._file(piece))
        if outcome.built:
            self._say(piece, state=FRESH, findings=outcome.findings, **news)
        elif late:
            self._say(piece, state=STALE, **news)
        else:
            self._say(piece, state=FAILED, findings=outcome.findings, **news)


def _stamp(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()[:16]
