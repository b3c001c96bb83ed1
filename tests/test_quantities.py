"""Numbers, periods and months as they are printed: a table of cases, and what holds for all of them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.quantities import add_months, show_month, show_period, show_value

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
quietly = settings(derandomize=True, deadline=None, max_examples=60)


@pytest.mark.parametrize(
    ("value", "unit", "subject", "printed"),
    [
        (89340, "USD per year", "pay", "$89,340"),
        (1234567, "USD", "", "$1,234,567"),
        (42.5, "USD per hour", "pay", "$42.5"),
        (57, "percent", "", "57%"),
        (13, "percent", "growth", "+13%"),
        (0, "percent", "growth", "0%"),
        (-2, "percent", "growth", "−2%"),
        (-2, "percent", "", "−2%"),
        (13, "percent", "education", "13%"),
        (24, "credits", "", "24\u00a0credits"),
        (24, "credits per two years", "", "24\u00a0credits"),
        (1200, "hours", "", "1,200\u00a0hours"),
        (0.001, "mSv", "dose", "0.001\u00a0mSv"),
        (7.7, "mSv", "dose", "7.7\u00a0mSv"),
        (1842, "", "", "1,842"),
        ("20-30", "minutes", "", "20–30\u00a0minutes"),
        ("RDMS", "", "", "RDMS"),
        ("RDMS", "credential", "", "RDMS"),
        ("5-10 year-old", "", "", "5–10 year-old"),
    ],
)
def test_a_value_carries_its_unit(value: float | str, unit: str, subject: str, printed: str):
    assert show_value(value, unit, subject) == printed


@quietly
@given(st.integers(-(10**12), 10**12), st.sampled_from(["", "USD per year", "percent", "credits", "hours per week"]))
def test_every_digit_of_a_number_is_printed(value: int, unit: str):
    printed = show_value(value, unit)
    assert "".join(sign for sign in printed if sign.isdigit()) == str(abs(value))
    assert all(len(group) == 3 for group in printed.split("\u00a0")[0].rstrip("%").split(",")[1:])


@quietly
@given(st.integers(1, 10**6))
def test_a_value_never_breaks_over_two_lines(value: int):
    assert " " not in show_value(value, "credits")


@pytest.mark.parametrize(
    ("month", "printed"),
    [
        ("2026-11", "November\u00a02026"),
        ("2026-01", "January\u00a02026"),
        ("2025-08-28", "August\u00a02025"),
        (datetime.date(2009, 1, 23), "January\u00a02009"),
    ],
)
def test_a_month_is_printed_with_its_name(month: str | datetime.date, printed: str):
    assert show_month(month, MONTHS) == printed


@pytest.mark.parametrize(
    ("period", "printed"),
    [
        ("May 2024", "May\u00a02024"),
        ("2024-34", "2024–34"),
        ("2024-2034", "2024–2034"),
        ("2025-08-28", "Aug.\u00a02025"),
        ("2025-08", "Aug.\u00a02025"),
        ("2025-12", "Dec.\u00a02025"),
        # Not a month: years that begin a span.
        ("2012-13", "2012–13"),
        ("fall 2025", "fall\u00a02025"),
        ("undated", "undated"),
    ],
)
def test_a_period_is_printed_as_a_month_or_a_span(period: str, printed: str):
    assert show_period(period, SHORT) == printed


@quietly
@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)))
def test_a_day_is_printed_as_its_month(day: datetime.date):
    assert show_period(day.isoformat(), SHORT) == show_month(day, SHORT) == f"{SHORT[day.month - 1]}\u00a0{day.year}"


@pytest.mark.parametrize(
    ("month", "count", "later"),
    [
        ("2026-11", 12, "2027-11"),
        ("2026-11", 1, "2026-12"),
        ("2026-11", 2, "2027-01"),
        ("2026-01", -1, "2025-12"),
        ("2026-12", 0, "2026-12"),
        ("2026-12", 13, "2028-01"),
    ],
)
def test_months_are_counted_over_the_end_of_a_year(month: str, count: int, later: str):
    assert add_months(month, count) == later


@quietly
@given(st.integers(1000, 2900), st.integers(1, 12), st.integers(-900, 900), st.integers(-900, 900))
def test_months_add_up(year: int, month: int, first: int, second: int):
    start = f"{year:04d}-{month:02d}"
    moved = add_months(add_months(start, first), second)
    assert moved == add_months(start, first + second)
    assert add_months(moved, -first - second) == start
    assert 1 <= int(moved.split("-")[1]) <= 12
