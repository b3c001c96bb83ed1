"""The objects of a PDF as plain Python values: whoever reads them never meets a wrong type, a loop or a gap.

Other programs write anything anywhere. Here alone is that dealt with: what is not of the kind asked for reads as empty.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pikepdf

_REFERENCE = re.compile(r"(\d+) (\d+) R")
_HOPS = 16  # a reference may lead to a reference; longer chains are a loop
_LAST_OBJECT, _LAST_GENERATION = 2**31 - 1, 65_535
_DEEPEST = 64  # levels of a name tree or a list of actions
_LETTER = (0.0, 0.0, 612.0, 792.0)


def plain(obj: Any) -> Any:
    """An object of pikepdf as plain values: numbers, true and false, null, lists, dictionaries, and strings."""
    # pikepdf hands scalars back as Python's own; only containers, names and strings are objects.
    if isinstance(obj, pikepdf.Object):
        return json.loads(obj.to_json(dereference=True, schema_version=2))
    if isinstance(obj, Decimal):
        return float(obj)
    return obj


class Values:
    """A PDF's objects by reference: "12 0 R", as one stands in a dictionary that was read here.

    Why JSON: qpdf writes an object as JSON as fast as it looks up one entry, and puts strings,
    names and references apart ("u:text", "/Name", "12 0 R"), so a value can be passed on without its document.
    """

    def __init__(self, pdf: pikepdf.Pdf):
        self._pdf = pdf
        self._known: dict[str, Any] = {}

    def of(self, value: Any) -> Any:
        """What a value stands for: a reference is followed, all else is itself."""
        for _ in range(_HOPS):
            if not isinstance(value, str) or not (match := _REFERENCE.fullmatch(value)):
                return value
            if value not in self._known:
                self._known[value] = self._read(int(match[1]), int(match[2]))
            value = self._known[value]
        return None

    def _read(self, number: int, generation: int) -> Any:
        if number > _LAST_OBJECT or generation > _LAST_GENERATION:
            return None
        return plain(self._pdf.get_object(number, generation))

    def dictionary(self, value: Any) -> dict[str, Any]:
        """A dictionary, or that of a stream."""
        found = self.of(value)
        return found if isinstance(found, dict) else {}

    def array(self, value: Any) -> list[Any]:
        found = self.of(value)
        return found if isinstance(found, list) else []

    def several(self, value: Any) -> list[Any]:
        """One value, or an array of them; nothing for null."""
        found = self.of(value)
        if isinstance(found, list):
            return found
        return [] if found is None else [value]

    def name(self, value: Any) -> str:
        """A name without its slash."""
        found = self.of(value)
        if not isinstance(found, str):
            return ""
        return found.removeprefix("n:")[1:] if found.startswith(("/", "n:/")) else ""

    def text(self, value: Any) -> str:
        """A string; bytes that are no text read as Latin-1."""
        found = self.of(value)
        if not isinstance(found, str):
            return ""
        if found.startswith("b:"):
            return bytes.fromhex(found[2:]).decode("latin-1")
        return found[2:] if found.startswith("u:") else ""

    def number(self, value: Any) -> float | None:
        found = self.of(value)
        return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else None

    def integer(self, value: Any) -> int | None:
        found = self.of(value)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def trim(self, page: Any) -> tuple[float, float, float, float]:
        """The trimmed page in its own coordinates: left, bottom, right, top. Letter size where the file says nothing.

        Why: a page may inherit its size from the node above it, which pdfium's own answer leaves out.
        """
        media = self.rectangle(page, "/MediaBox") or _LETTER
        for key in ("/TrimBox", "/CropBox"):
            if found := self.rectangle(page, key):
                left, bottom, right, top = found
                inner = max(left, media[0]), max(bottom, media[1]), min(right, media[2]), min(top, media[3])
                if inner[0] < inner[2] and inner[1] < inner[3]:
                    return inner
        return media

    def rectangle(self, page: Any, key: str) -> tuple[float, float, float, float] | None:
        """A box of a page as the file has it: left, bottom, right, top; None where it has none, or an empty one."""
        node = self.dictionary(page)
        for _ in range(_DEEPEST):
            edges = [self.number(edge) for edge in self.array(node.get(key))]
            if len(edges) == 4 and None not in edges:
                left, bottom, right, top = edges
                box = min(left, right), min(bottom, top), max(left, right), max(bottom, top)
                return box if box[0] < box[2] and box[1] < box[3] else None
            # Of the boxes, these two alone are inherited.
            node = self.dictionary(node.get("/Parent")) if key in ("/MediaBox", "/CropBox") else {}
        return None

    @property
    def catalog(self) -> dict[str, Any]:
        """The dictionary from which everything is reached."""
        return plain(self._pdf.Root)

    @property
    def trailer(self) -> dict[str, Any]:
        return plain(self._pdf.trailer)

    def data(self, value: Any) -> bytes:
        """What a stream holds, unpacked; nothing where it is none, or cannot be unpacked."""
        match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        found = self._pdf.get_object(int(match[1]), int(match[2])) if match and self.of(value) is not None else None
        if not isinstance(found, pikepdf.Stream):
            return b""
        try:
            return found.read_bytes()
        except (pikepdf.PdfError, pikepdf.DataDecodingError):
            return b""

    def tree(self, value: Any, key: str = "/Names") -> Iterator[tuple[Any, Any]]:
        """The pairs of a name tree, or of a number tree by "/Nums"."""
        waiting, seen = [(value, 0)], set()
        while waiting:
            node, depth = waiting.pop()
            if isinstance(node, str):
                if node in seen:
                    continue
                seen.add(node)
            found = self.dictionary(node)
            pairs = self.array(found.get(key))
            yield from zip(pairs[::2], pairs[1::2], strict=False)
            if depth < _DEEPEST:
                waiting += [(kid, depth + 1) for kid in self.array(found.get("/Kids"))]
