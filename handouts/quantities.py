"""Numbers, periods and months as they are printed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

NO_BREAK = "\u00a0"
EN_DASH = "\u2013"


def show_value(value: int | float | str, unit: str, subject: str = "") -> str:
    """Print a value with its unit: 89340 "USD per year" -> "$89,340", 57 "percent" -> "57%", 24 "credits" -> "24
    credits".

    A projected change (`subject` "growth" in percent) carries its sign. Text values are printed as they are.
    """
    if isinstance(value, str):
        return re.sub(r"(?<=\d)-(?=\d)", EN_DASH, value) + (f"{NO_BREAK}{unit}" if unit and value[:1].isdigit() else "")
    number = f"{value:,}"
    if unit.startswith("USD"):
        return f"${number}"
    if unit == "percent":
        sign = "+" if subject == "growth" and value > 0 else ""
        return f"{sign}{number.replace('-', chr(0x2212))}%"
    return f"{number}{NO_BREAK}{unit.split(' per ')[0]}" if unit else number


def show_month(month: str | datetime.date, months: Sequence[str]) -> str:
    """Print "2026-11" or a date as "November 2026"; `months` are the twelve names of the language."""
    text = month.strftime("%Y-%m") if isinstance(month, datetime.date) else month
    year, number = text.split("-")[:2]
    return f"{months[int(number) - 1]}{NO_BREAK}{year}"


def show_period(period: str, months: Sequence[str]) -> str:
    """Print the period a figure describes: "2024-34" -> "2024–34", "2025-08-28" -> "Aug. 2025"; other text stays."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", period) or re.fullmatch(r"(19|20)\d\d-(0[1-9]|1[0-2])", period):
        return show_month(period, months)
    return re.sub(r"(?<=\d)-(?=\d)", EN_DASH, period).replace(" ", NO_BREAK)


def add_months(month: str, count: int) -> str:
    """Move "2026-11" by a number of months: 12 later is "2027-11"."""
    year, number = (int(part) for part in month.split("-"))
    total = year * 12 + number - 1 + count
    return f"{total // 12:04d}-{total % 12 + 1:02d}"


def show_inches(points: float) -> str:
    """A length of so many points in inches, to the thousandth: "0.25", "0.125", "8.5"."""
    return f"{points / 72:.3f}".rstrip("0").rstrip(".")
