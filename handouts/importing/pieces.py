"""Blocks of our Markdown, and how they stand below and inside each other without running into one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# What our reader follows is 12 containers deep; a list takes two, and a quotation in the last one more.
DEEPEST = 9


@dataclass(frozen=True)
class Piece:
    """One block: its lines, without what the containers around it put before them.

    `kind` is "text", "code", "rule", "table", "list", "quote", "terms", "note" or "heading", whose `level` is that of
    the source.
    """

    kind: str
    lines: tuple[str, ...]
    level: int = 0


def text(words: str) -> list[Piece]:
    """A paragraph; none where there is nothing to read."""
    lines = tuple(line for line in words.split("\n") if line.strip())
    return [Piece("text", lines)] if lines else []


def code(content: str, info: str = "") -> Piece:
    """A block of code as it is, in a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", content, re.MULTILINE)), default=2)
    fence = "`" * (longest + 1)
    name = info if re.fullmatch(r"[\w+#.-]*", info) else ""
    return Piece("code", (fence + name, *content.removesuffix("\n").split("\n"), fence))


def listing(items: Sequence[Sequence[Piece]], start: int | None, tight: bool, turn: bool) -> Piece:
    """A list, numbered from `start` where that is a number. `turn` asks for the other sign of two, since a list that
    stands right below another with the same sign would be the rest of it."""
    lines: list[str] = []
    for number, item in enumerate(items):
        marker = ("*" if turn else "-") if start is None else f"{start + number}{')' if turn else '.'}"
        body = stacked(item, tight)
        indent = " " * (len(marker) + 1)
        lines += [] if tight or not lines else [""]
        lines.append(f"{marker} {body[0]}" if body else marker)
        lines += [f"{indent}{line}" if line else "" for line in body[1:]]
    return Piece("list", tuple(lines))


def quotation(pieces: Sequence[Piece], title: str | None = None) -> Piece:
    """A quotation, or a box with a title."""
    lines = [] if title is None else [f"[!{title}]", *([""] if pieces else [])]
    lines += stacked(pieces)
    return Piece("quote", tuple(f"> {line}" if line else ">" for line in lines))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], aligns: Sequence[str]) -> Piece:
    """A table with pipes; every row gets as many cells as the widest has."""
    wide = max(map(len, (head, *rows)))
    marks = {"left": ":---", "right": "---:", "center": ":---:"}

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join([*cells, *[''] * (wide - len(cells))])} |"

    ruler = line([marks.get(align, "---") for align in (*aligns, *[""] * wide)][:wide])
    return Piece("table", (line(head), ruler, *map(line, rows)))


def terms(pairs: Sequence[tuple[str, Sequence[Piece]]]) -> Piece:
    """A list of terms (a word alone) and their meanings (nothing, and blocks), in the order of the source."""
    lines: list[str] = []
    for term, meaning in pairs:
        if term:
            lines += [*([""] if lines else []), term]
        else:
            body = stacked(meaning)
            lines += [f": {body[0]}" if body else ": ", *(f"  {line}" if line else "" for line in body[1:])]
    return Piece("terms", tuple(lines))


def note(label: str, pieces: Sequence[Piece]) -> Piece:
    """The text of a footnote."""
    body = stacked(pieces)
    first = f"[^{label}]: {body[0]}" if body and pieces[0].kind == "text" else f"[^{label}]:"
    rest = body[1:] if body and pieces[0].kind == "text" else ["", *body]
    return Piece("note", (first, *(f"    {line}" if line else "" for line in rest)))


def stacked(pieces: Sequence[Piece], tight: bool = False) -> list[str]:
    """The lines of blocks below each other, a blank line between them; in a `tight` list a list or code may follow
    words without one."""
    lines: list[str] = []
    for before, piece in pairwise([None, *pieces]):
        if before and not (tight and before.kind == "text" and piece.kind in ("list", "code")):
            lines.append("")
        lines += piece.lines
    return lines
