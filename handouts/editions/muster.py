"""All rows of a table: checked, packed, and their texts measured, while the table is still being read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from handouts.editions.chunks import Chunk, Engine, Wish, packed, prepared, product_of
from handouts.findings import Finding

if TYPE_CHECKING:
    from handouts.editions.rows import Order, Roll
    from handouts.job import Job

# Rows that are packed together: some are cheaper than each by itself, and many would make chunks uneven.
_PACK = 5
# So many packs are measured at once; and from so many PDFs on, by processes of their own.
_MEASURED = 10
_MANY = 200


class Rows:
    """All rows, checked and packed, with the products that they ask for and what is wrong.

    `products` tells of each whether it was known before. Packed, ten thousand rows take less than two megabytes.
    """

    def __init__(self, run: str, file: str, wish: Wish, engine: Engine):
        self._run, self._file, self._wish, self._engine = run, file, wish, engine
        self._packs: list[bytes] = []
        self._measured = 0
        self._bad: set[int] = set()
        self.count = 0
        self.products: dict[Job, bool] = {}
        self.findings: list[Finding] = []

    def read(self, roll: Roll) -> Iterator[Chunk]:
        """Read all rows; on the way come chunks to be measured, where there are many and each page is known."""
        pack: list[Order] = []
        for order in roll.orders():
            pack.append(order)
            self.count += 1
            self.findings += order.findings
            for job in self._wish.jobs if order.edition else ():
                self._note(product_of(job, order, self._wish, self._engine))
            if len(pack) == _PACK:
                self._packs.append(packed(pack))
                pack = []
                if self.count * len(self._wish.jobs) > _MANY and all(self.products.values()):
                    while len(self._packs) - self._measured >= _MEASURED:
                        yield self._next()
        if pack:
            self._packs.append(packed(pack))

    def left(self) -> Iterator[Chunk]:
        """What is still to be measured."""
        while self._measured < len(self._packs):
            yield self._next()

    def judge(self, findings: Iterable[Finding]) -> None:
        """Note what was found beside the rows' own: what is wrong with a line of the table keeps it from being made."""
        found = list(findings)
        self._bad |= {one.line for one in found if one.file == self._file}
        self.findings = sorted([*self.findings, *found], key=lambda one: (one.file, one.line))

    def cut(self, size: int) -> list[Chunk]:
        """All rows as chunks of about `size` PDFs."""
        packs = max(1, size // (_PACK * len(self._wish.jobs)))
        starts = range(0, len(self._packs), packs)
        return [self._chunk(number, start, start + packs) for number, start in enumerate(starts)]

    def _note(self, product: Job) -> None:
        if product not in self.products:
            self.products[product] = self._engine.is_known(product)
            if self.products[product]:
                # Here, so that processes that are forked from this one have it too.
                prepared(self._run, self._engine.prepare, product)

    def _next(self) -> Chunk:
        start, self._measured = self._measured, self._measured + _MEASURED
        return self._chunk(0, start, self._measured)

    def _chunk(self, number: int, start: int, end: int) -> Chunk:
        packs, bad = tuple(self._packs[start:end]), frozenset(self._bad)
        return Chunk(self._run, number, packs, self._wish, self._file, self._engine, bad)
