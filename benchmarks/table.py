"""What a benchmark hands back, and the table that is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One ratio with its goal, such as "≤ 1.25", and the times it was made from."""

    name: str
    ratio: float
    goal: str
    measured: str


def table(rows: Sequence[Row]) -> str:
    """The rows under a head, in columns."""
    cells = [("benchmark", "ratio", "goal", "measured")]
    cells += [(row.name, f"{row.ratio:.2f}", row.goal, row.measured) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )
