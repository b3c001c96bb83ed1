"""Charts as geometry: axes from zero, round ticks, bars in the proportion of their values, and what is refused."""

from __future__ import annotations

import datetime
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.charts import draw
from handouts.findings import Findings
from handouts.model import Bar, Chart, Fact

quietly = settings(derandomize=True, deadline=None, max_examples=80)
amounts = st.one_of(st.integers(1, 10**9), st.floats(1e-6, 1e9))


def fact(name: str, value: float | str, unit: str = "mSv", period: str = "undated", verified: bool = True) -> Fact:
    return Fact(
        id=name,
        value=value,
        unit=unit,
        text=name,
        source="handbook",
        period=period,
        read=datetime.date(2026, 10, 3),
        confidence="verified" if verified else "unverified",
    )


def chart(*rows: Bar, scale: str = "linear") -> Chart:
    return Chart(name="bars", title="Bars", scale=scale, rows=rows)


def drawn(values: list[float], scale: str = "linear"):
    facts = {f"f{number}": fact(f"f{number}", value) for number, value in enumerate(values)}
    return draw(chart(*(Bar(fact=name, label=name) for name in facts), scale=scale), facts)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([97020, 89340, 78980], ["0", "25,000", "50,000", "75,000", "100,000"]),
        ([13, 7, 5, 3], ["0", "5", "10", "15"]),
        ([4], ["0", "1", "2", "3", "4"]),
        ([100], ["0", "25", "50", "75", "100"]),
        ([0.3], ["0", "0.1", "0.2", "0.3"]),
        ([0, 0], ["0", "1"]),
        ([9000000], ["0", "2,500,000", "5,000,000", "7,500,000", "10,000,000"]),
        ([0.00035], ["0", "0.0001", "0.0002", "0.0003", "0.0004"]),
    ],
)
def test_ticks_are_round_and_begin_at_zero(values: list[float], labels: list[str]):
    assert [tick.label for tick in drawn(values).ticks] == labels


@quietly
@given(st.lists(amounts, min_size=1, max_size=12))
def test_a_linear_axis_is_true_to_its_values(values: list[float]):
    drawing = drawn(values)
    ends = [row.end for row in drawing.rows]
    assert drawing.ticks[0].at == 0
    assert drawing.ticks[-1].at == pytest.approx(100)
    assert all(0 < end <= 100 + 1e-6 for end in ends)
    # In proportion: a bar twice as long is twice as much.
    assert ends == pytest.approx([max(ends) * value / max(values) for value in values])
    # The axis ends at the next round number: it is not so long that the longest bar looks short.
    assert max(ends) > 50
    assert 2 <= len(drawing.ticks) <= 5
    gaps = [after.at - before.at for before, after in zip(drawing.ticks, drawing.ticks[1:], strict=False)]
    assert gaps == pytest.approx([gaps[0]] * len(gaps))


@quietly
@given(st.lists(amounts, min_size=1, max_size=12))
def test_a_log_axis_places_powers_of_ten_evenly(values: list[float]):
    drawing = drawn(values, "log")
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    last = max(last, first + 1)
    assert [tick.label for tick in drawing.ticks] == [
        f"{10**power:,}" if power >= 0 else f"0.{'0' * (-power - 1)}1" for power in range(first, last + 1)
    ]
    assert [tick.at for tick in drawing.ticks] == pytest.approx(
        [100 * number / (last - first) for number in range(last - first + 1)]
    )
    for row, value in zip(drawing.rows, values, strict=True):
        assert row.end == pytest.approx(100 * (math.log10(value) - first) / (last - first), abs=1e-6)


@quietly
@given(st.lists(amounts, min_size=2, max_size=12), st.sampled_from(["linear", "log"]))
def test_bars_are_ordered_as_their_values(values: list[float], scale: str):
    ends = [row.end for row in drawn(values, scale).rows]
    for one, first in zip(values, ends, strict=True):
        for other, second in zip(values, ends, strict=True):
            assert one <= other or first >= second


def test_a_row_says_what_it_shows():
    facts = {
        "pay": fact("pay", 77660, "USD per year", "May 2024"),
        "all": fact("all", 49500, "USD per year", "May 2024"),
        "none": fact("none", "no pay"),
    }
    drawing = draw(
        chart(
            Bar(fact="pay", label="Radiologic", bound="<"),
            Bar(fact="all", label="All jobs", reference=True),
            Bar(fact="none", label="Nothing", none=True),
        ),
        facts,
        highlight="pay",
    )
    pay, all_jobs, none = drawing.rows
    assert (pay.label, pay.shown, pay.highlighted, pay.reference) == ("Radiologic", "<$77,660", True, False)
    assert (all_jobs.shown, all_jobs.highlighted, all_jobs.reference) == ("$49,500", False, True)
    assert (none.shown, none.end) == ("no pay", None)
    assert drawing.facts == tuple(facts.values())
    assert not drawing.one_period


def test_a_title_may_name_the_one_period_of_all_figures():
    facts = {name: fact(name, 5, period="May 2024") for name in ("a", "b")}
    assert draw(chart(Bar(fact="a", label="A"), Bar(fact="b", label="B")), facts).one_period


@pytest.mark.parametrize(
    ("rows", "scale", "told"),
    [
        (
            [Bar(fact="gone", label="Gone")],
            "linear",
            'content/charts.toml  the chart "bars" names the fact "gone", which is not there'
            " · mend the id, or add it to content/facts.toml",
        ),
        (
            [Bar(fact="rumour", label="Rumour")],
            "linear",
            'content/charts.toml  the chart "bars" names the fact "rumour", which is not verified'
            " · verify it, or take the row out",
        ),
        (
            [Bar(fact="words", label="Words")],
            "linear",
            'content/charts.toml  the chart "bars" names the fact "words", which is not a number'
            " · give it a number, or none = true",
        ),
        (
            [Bar(fact="loss", label="Loss")],
            "linear",
            'content/charts.toml  the chart "bars" names the fact "loss": -2 has no place on a linear axis'
            " · take the row out, or set none = true",
        ),
        (
            [Bar(fact="zero", label="Zero")],
            "log",
            'content/charts.toml  the chart "bars" names the fact "zero": 0 has no place on a log axis'
            " · take the row out, or set none = true",
        ),
        (
            [Bar(fact="dose", label="Dose"), Bar(fact="pay", label="Pay")],
            "linear",
            'content/charts.toml  the chart "bars" mixes units: USD per year, mSv · draw one unit in a chart',
        ),
        (
            [Bar(fact="words", label="Words", none=True)],
            "linear",
            'content/charts.toml  the chart "bars" has no row with a number · add one',
        ),
        ([], "linear", 'content/charts.toml  the chart "bars" has no row with a number · add one'),
    ],
)
def test_what_cannot_be_drawn_honestly_is_refused(rows: list[Bar], scale: str, told: str):
    facts = {
        "rumour": fact("rumour", 3, verified=False),
        "words": fact("words", "many"),
        "loss": fact("loss", -2),
        "zero": fact("zero", 0),
        "dose": fact("dose", 7.7),
        "pay": fact("pay", 77660, "USD per year"),
    }
    with pytest.raises(Findings) as caught:
        draw(chart(*rows, scale=scale), facts)
    assert [str(finding) for finding in caught.value.findings] == [told]


def test_all_findings_of_a_chart_come_together():
    with pytest.raises(Findings) as caught:
        draw(chart(Bar(fact="one", label="One"), Bar(fact="two", label="Two")), {})
    assert len(caught.value.findings) == 2
