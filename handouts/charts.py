"""Charts as geometry: where a bar ends and where an axis is ticked, in percent of the axis."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from handouts.findings import Finding, Findings
from handouts.model import Chart, Fact

FILE = "content/charts.toml"


@dataclass(frozen=True)
class Row:
    """One drawn row. `end` is 0 to 100 percent of the axis, None for a row off the axis."""

    fact: Fact
    label: str
    shown: str
    end: float | None
    reference: bool
    highlighted: bool


@dataclass(frozen=True)
class Tick:
    """A line across the chart: its place in percent and its words."""

    at: float
    label: str


@dataclass(frozen=True)
class Drawing:
    """A chart ready to be printed; the longest bar ends within the axis."""

    chart: Chart
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(row.fact for row in self.rows)

    @property
    def one_period(self) -> bool:
        """Whether all figures describe the same period, so that the title can name it."""
        return len({fact.period for fact in self.facts}) == 1


def draw(chart: Chart, facts: Mapping[str, Fact], highlight: str = "") -> Drawing:
    """Place the rows of a chart on its axis: from zero, or, on a log scale, from a whole power of ten.

    Raises Findings for rows that cannot be drawn honestly: unknown or unverified facts, text where a number is needed,
    mixed units, a negative number, or zero on a log scale.
    """
    _check(chart, facts)
    values = [float(facts[row.fact].value) for row in chart.rows if not row.none]
    low, ticks = _axis(values, chart.scale)
    high = ticks[-1]

    def place(value: float) -> float:
        if chart.scale == "log":
            return 100 * (math.log10(value) - math.log10(low)) / (math.log10(high) - math.log10(low))
        return 100 * value / high

    rows = tuple(
        Row(
            fact=facts[row.fact],
            label=row.label,
            shown=f"{row.bound}{facts[row.fact].shown_large}",
            end=None if row.none else place(float(facts[row.fact].value)),
            reference=row.reference,
            highlighted=row.fact == highlight,
        )
        for row in chart.rows
    )
    return Drawing(chart, rows, tuple(Tick(place(tick) if tick else 0.0, _label(tick)) for tick in ticks))


def _axis(values: list[float], scale: str) -> tuple[float, list[float]]:
    """Start of the axis, and round numbers to tick it at, of which the last is at or beyond the largest value."""
    if scale == "log":
        first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        last = max(last, first + 1)
        return 10.0**first, [10.0**power for power in range(first, last + 1)]
    step = _round_step(max(values) / 4)
    count = max(1, math.ceil(max(values) / step - 1e-9))
    return 0.0, [step * number for number in range(count + 1)]


def _label(tick: float) -> str:
    """Plain digits: 2500000 is "2,500,000", not 2.5e+06, and a sum that ends in 0.30000000000000004 is "0.3"."""
    return f"{tick:,.9f}".rstrip("0").rstrip(".")


def _round_step(rough: float) -> float:
    """The nearest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `rough`."""
    if rough <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= rough - 1e-12 * power)


def _check(chart: Chart, facts: Mapping[str, Fact]) -> None:
    findings = []
    units = set()
    for row in chart.rows:
        fact = facts.get(row.fact)
        where = f'the chart "{chart.name}" names the fact "{row.fact}"'
        if fact is None:
            hint = "mend the id, or add it to content/facts.toml"
            findings.append(Finding(FILE, 0, f"{where}, which is not there", hint, id="cite-unresolved"))
        elif fact.confidence != "verified":
            hint = "verify it, or take the row out"
            findings.append(Finding(FILE, 0, f"{where}, which is not verified", hint, id="fact-unverified"))
        elif row.none:
            continue
        elif not isinstance(fact.value, int | float):
            findings.append(Finding(FILE, 0, f"{where}, which is not a number", "give it a number, or none = true"))
        elif fact.value < 0 or (chart.scale == "log" and fact.value == 0):
            findings.append(
                Finding(
                    FILE,
                    0,
                    f"{where}: {fact.value} has no place on a {chart.scale} axis",
                    "take the row out, or set none = true",
                )
            )
        else:
            units.add(fact.unit)
    if len(units) > 1:
        findings.append(
            Finding(
                FILE, 0, f'the chart "{chart.name}" mixes units: {", ".join(sorted(units))}', "draw one unit in a chart"
            )
        )
    if not findings and not units:
        findings.append(Finding(FILE, 0, f'the chart "{chart.name}" has no row with a number', "add one"))
    if findings:
        raise Findings(findings)
