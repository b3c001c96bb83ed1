"""PDFs that are added to, without a library: objects at the end, and a cross-reference that goes before the others.

An incremental update as in ISO 32000-1, 7.5.6, with a cross-reference stream, as the base has to have one.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Mapping
from typing import BinaryIO

# How an edition was made: stamped on a finished page, or laid out by itself.
FAST, FULL = "fast", "full"


def entry_of(key: str, state: str, pages: int, revision: str) -> str:
    """The entry of a PDF's information that says which edition it is, and how it was made; it stands near its end."""
    return f"/HandoutsEdition ({key} {state} {pages} {revision})"


def updated(
    base: bytes, objects: Mapping[int, bytes], *, size: int, root: int, info: int, marks: tuple[str, str]
) -> bytes:
    """A PDF with objects in place of those of the same number, or added to them.

    `size` is one more than the highest number of both; `root` and `info` are the numbers of the catalog and of the
    document information, which stands last; `marks` identify the file, each of 32 hexadecimal digits.
    """
    parts, at = [base], len(base)
    places: dict[int, int] = {}
    for number in sorted(objects, key=lambda one: (one == info, one)):
        part = b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
        places[number] = at
        parts.append(part)
        at += len(part)
    places[size] = at
    return b"".join([*parts, _reference(base, sorted(places.items()), root, info, marks)])


def _reference(
    base: bytes, places: Iterable[tuple[int, int]], root: int, info: int, marks: tuple[str, str]
) -> bytes:
    """The cross-reference stream to objects at their places, by number; the last one is the stream itself."""
    runs: list[list[int]] = []
    table = bytearray()
    number = at = 0
    for number, at in places:
        if runs and sum(runs[-1]) == number:
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
        table += b"\x01" + at.to_bytes(5, "big") + b"\0"
    index = " ".join(f"{first} {count}" for first, count in runs)
    start = int(base[base.rindex(b"startxref") :].split()[1])
    head = (
        f"{number} 0 obj\n<< /Type /XRef /Size {number + 1} /W [ 1 5 1 ] /Index [ {index} ] /Root {root} 0 R "
        f"/Info {info} 0 R /ID [ <{marks[0]}> <{marks[1]}> ] /Prev {start} /Length {len(table)} >>\nstream\n"
    )
    return b"%s%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head.encode(), table, at)


class Growing:
    """A PDF that is added to object by object, each written at once: what is in memory are their places.

    `next` is the number that a further object gets.
    """

    def __init__(self, out: BinaryIO, base: bytes, size: int):
        self.next = size
        self._out, self._base, self._at = out, base, 0
        self._digest = hashlib.sha256()
        self._numbers, self._places = array("Q"), array("Q")
        self._write(base)

    def reserve(self) -> int:
        """The number of an object that is put later."""
        self.next += 1
        return self.next - 1

    def put(self, number: int, source: str | bytes) -> None:
        """Write an object: its source, in Latin-1."""
        body = source.encode("latin-1") if isinstance(source, str) else source
        self._numbers.append(number)
        self._places.append(self._at)
        self._write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def add(self, source: str) -> int:
        """Write an object of its own; returns its number."""
        number = self.reserve()
        self.put(number, source)
        return number

    def stream(self, number: int, head: str, data: bytes) -> None:
        """Write a stream: the source of its dictionary, without brackets and length, and its data."""
        self.put(number, b"<< %s/Length %d >>\nstream\n%s\nendstream" % (head.encode("latin-1"), len(data), data))

    def finish(self, root: int, info: int) -> None:
        """Write the cross-reference."""
        self._numbers.append(self.reserve())
        self._places.append(self._at)
        order = sorted(range(len(self._numbers)), key=self._numbers.__getitem__)
        mark = self._digest.hexdigest()
        places = ((self._numbers[place], self._places[place]) for place in order)
        self._write(_reference(self._base, places, root, info, (mark[:32], mark[32:])))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)
        self._at += len(data)
