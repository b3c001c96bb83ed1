"""The columns that a spreadsheet of editions may have, and which of its columns is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from handouts.contact import MOST_ADDRESS_BYTES
from handouts.findings import Finding, Findings, nearest

# A notice is counted in words, since it is set as running text.
MOST_NOTICE_WORDS = 120


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, the most characters that are taken, an example, and other names for it."""

    name: str
    what: str
    most: int
    example: str
    others: tuple[str, ...] = ()
    limit: str = ""

    @property
    def limited(self) -> str:
        """The limit in words."""
        return self.limit or f"{self.most} characters"


COLUMNS = (
    Column("id", "the edition's own short name: its folder", 80, "north-high", limit="80 letters, digits, - _ ."),
    Column(
        "organization",
        "who hands the paper out",
        120,
        "North High School",
        ("organisation", "organization name", "school", "school name", "college", "institution", "name"),
    ),
    Column("unit", "the part of it that answers", 120, "Counseling Office", ("department", "office")),
    Column("phone", "phone number", 60, "(555) 010-0142 ext. 5", ("phone number", "telephone", "tel")),
    Column("email", "e-mail address", 100, "visits@example.org", ("email address", "mail")),
    Column("address", "street and town", 160, "1 Main Street, Springfield", ("street address", "mailing address")),
    Column(
        "url",
        "web address, printed and as QR code",
        MOST_ADDRESS_BYTES,
        "https://example.org/visit",
        ("website", "web address", "web page", "homepage", "link"),
        f"{MOST_ADDRESS_BYTES} bytes",
    ),
    Column("call_to_action", "the line above the contact", 100, "Visit our open house", ("cta",)),
    Column(
        "notice",
        "a notice that must be printed",
        2000,
        "We are open to all.",
        ("disclaimer",),
        f"{MOST_NOTICE_WORDS} words",
    ),
    Column("logo", "a file beside the spreadsheet", 255, "logos/north.svg", ("logo file",), "SVG or PNG"),
    Column("color", "the color of bands and headings", 7, "#1f4e79", ("colour", "main color"), "4.5:1 on white"),
    Column("accent", "the color of marks and lines", 7, "#9a4123", ("accent color", "accent colour"), "4.5:1 on white"),
    Column("event", "the occasion", 120, "Spring Career Fair", ("event name", "occasion", "fair")),
    Column("date", "its date, printed as it is typed", 60, "April 16, 2027", ("event date",)),
    Column("booth", "where to find you there", 60, "Booth 12", ("booth number", "stand")),
    Column("brand", "a brand of this project", 60, "default", limit="see handouts list"),
    Column("paper", "the paper", 20, "a4", ("paper size",), "letter or a4"),
    Column("language", "the language", 12, "en", ("lang",), "see content/labels"),
)
BY_NAME = {column.name: column for column in COLUMNS}
REQUIRED = ("id", "organization")
_SEE = "see handouts merge --columns"


def simplify(name: str) -> str:
    """A column's name as it is compared: without case, spaces, hyphens, underscores and other marks."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


_KNOWN = {simplify(name): column.name for column in COLUMNS for name in (column.name, *column.others)}


def match_columns(header: Sequence[str], file: str, line: int, ignored: Sequence[str] = ()) -> tuple[str, ...]:
    """For each cell of the header the column it names: "" for one without a name, or that is ignored.

    Raises Findings for what is not known, here twice, or missing, all at once.
    """
    findings = []
    skipped = {simplify(name): name for name in ignored}
    found: dict[str, str] = {}
    columns = []
    for cell in header:
        name = simplify(cell)
        known = _KNOWN.get(name, "")
        if not cell or skipped.get(name):
            known = ""
        elif not known:
            near = get_close_matches(name, _KNOWN, n=1, cutoff=0.65)
            hint = f'did you mean "{_KNOWN[near[0]]}"? If it is not, use' if near else f"rename it ({_SEE}), or use"
            findings.append(Finding(file, line, f'there is no column "{cell}"', f'{hint} --ignore "{cell}"'))
        elif known in found:
            message = f'the column "{known}" is here twice: "{found[known]}" and "{cell}"'
            findings.append(Finding(file, line, message, f'delete one, or use --ignore "{cell}"'))
        else:
            found[known] = cell
        columns.append(known)
    if not found:
        message = f'the first row names no column that is known: {", ".join(cell for cell in header if cell)[:80]}'
        hint = f"begin the file with a row of names, such as id, organization, phone; for all, {_SEE}"
        raise Findings([Finding(file, line, message, hint)])
    present = {simplify(cell) for cell in header}
    for simple, name in skipped.items():
        if simple not in present:
            hint = nearest(name, [cell for cell in header if cell])
            findings.append(Finding("", 0, f'there is no column "{name}" to ignore', hint))
    for name in REQUIRED:
        if name not in found:
            column = BY_NAME[name]
            message = f'the column "{name}" is missing: {column.what}'
            hint = f'add it, with a value such as "{column.example}" in each row'
            findings.append(Finding(file, line, message, hint))
    if findings:
        raise Findings(findings)
    return tuple(columns)


def column_lines() -> list[str]:
    """The table of columns that `handouts merge --columns` prints."""
    rows = [("column", "what it holds", "limit", "example")]
    for one in COLUMNS:
        star = " *" if one.name in REQUIRED else ""
        rows.append((one.name + star, one.what, one.limited, one.example))
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*lines, "", "* needed; all others may be left out. An empty cell prints what the brand says."]
