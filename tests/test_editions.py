"""Rows become editions: columns by any name, every cell checked, each bad row told with its line."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from trades import PROJECT

from handouts.editions.columns import COLUMNS, column_lines, match_columns, simplify
from handouts.editions.rows import Order, Roll
from handouts.editions.spreadsheet import read_table
from handouts.findings import Findings
from handouts.job import BRAND_KEYS, EVENT_KEYS, Edition
from handouts.project import Project

FILE = "schools.csv"
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def orders(rows: Iterable[Sequence[str]], folder: Path = PROJECT, ignored: Sequence[str] = ()) -> list[Order]:
    told = io.StringIO()
    csv.writer(told).writerows(rows)
    return list(Roll(Project(PROJECT, folder), read_table(told.getvalue().encode(), FILE), ignored).orders())


def said(key: str, value: str, folder: Path = PROJECT) -> list[str]:
    """What is wrong with a row that holds one value beside what it needs, without its place."""
    header, row = ["id", "organization"], ["north", "North High"]
    if key in header:
        row[header.index(key)] = value
    else:
        header, row = [*header, key], [*row, value]
    (order,) = orders([header, row], folder)
    assert (order.edition is None) == bool(order.findings)
    assert all((one.file, one.line) == (FILE, 2) for one in order.findings)
    return [f"{one.message} · {one.hint}" for one in order.findings]


def header_wrong(header: Sequence[str], ignored: Sequence[str] = ()) -> list[str]:
    with pytest.raises(Findings) as caught:
        match_columns(header, FILE, 1, ignored)
    return [str(one) for one in caught.value.findings]


def test_a_whole_row() -> None:
    header = [
        *("ID", "School", "Unit", "Phone number", "E-Mail", "Address", "Website", "Call to action", "NOTICE", "color"),
        *("Accent", "Event", "Date", "booth", "paper", "Language"),
    ]
    row = [
        *("n 1", "  Nörth \n High ", "Office", "+1 (555) 010-0142 ext. 5", "a@example.org", "1 Elm <b>Road</b>"),
        *("https://example.org", "Come", "All are welcome.", "#15A", "#9A4123", "Fair", "April 16", "7", "A4", "EN"),
    ]
    (order,) = orders([header, row])
    assert (order.line, order.id, order.paper, order.brand, order.language) == (2, "n 1", "a4", "", "en")
    assert order.edition == Edition(
        "n 1",
        (
            ("organization", "Nörth High"),
            ("unit", "Office"),
            ("phone", "+1 (555) 010-0142 ext. 5"),
            ("email", "a@example.org"),
            ("address", "1 Elm <b>Road</b>"),
            ("url", "https://example.org"),
            ("call_to_action", "Come"),
            ("notice", "All are welcome."),
            ("color", "#1155aa"),
            ("accent", "#9a4123"),
        ),
        (("event", "Fair"), ("date", "April 16"), ("booth", "7")),
    )


def test_an_empty_cell_says_nothing() -> None:
    (order,) = orders([["organization", "id", "phone", "event"], ["North", "n", " ", ""]])
    assert order.edition == Edition("n", (("organization", "North"),))
    (order,) = orders([["organization", "id", "phone"], ["North", "n"]])
    assert order.edition == Edition("n", (("organization", "North"),))


def test_letters_are_composed() -> None:
    (order,) = orders([["id", "organization"], ["n", "Pen\u0303a\u00a0High"]])
    assert order.edition == Edition("n", (("organization", "Peña\u00a0High"),))


def test_every_key_has_a_column() -> None:
    names = [column.name for column in COLUMNS]
    assert names == ["id", *BRAND_KEYS, *EVENT_KEYS, "brand", "paper", "language"]
    lines = column_lines()
    assert len(lines) == len(COLUMNS) + 3
    assert lines[0].split() == ["column", "what", "it", "holds", "limit", "example"]
    assert [line.split()[0] for line in lines[1:-2]] == names
    assert max(map(len, lines)) <= 115


def test_the_page_about_editions_has_every_column() -> None:
    page = (Path(__file__).parents[1] / "docs/editions.md").read_text(encoding="utf-8")
    lines = page.split("<!-- columns -->\n")[1].split("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[0].strip("`") for row in rows] == [column.name for column in COLUMNS]
    for column, row in zip(COLUMNS, rows, strict=True):
        told = {simplify(name) for name in row[1].split(",") if name}
        known = {simplify(name) for name in column.others}
        assert told - {simplify(column.name)} <= known
        # Names of two words go without saying where one of them is told.
        assert all(any(word in name for word in told) for name in known)


@pytest.mark.parametrize(
    "name",
    ["organization", "ORGANIZATION", " School ", "school_name", "College", "Organisation", "Institution", "Name"],
)
def test_columns_by_other_names(name: str) -> None:
    assert match_columns(["@id", name], FILE, 1) == ("id", "organization")


def test_the_examples_are_good() -> None:
    for column in COLUMNS:
        if column.name != "logo":
            assert said(column.name, column.example) == []


@pytest.mark.parametrize(
    ("header", "ignored", "lines"),
    [
        (
            ["id", "organization", "Fone", "colr", "Shoe size"],
            [],
            [
                f'{FILE}:1  there is no column "Fone" · did you mean "phone"? If it is not, use --ignore "Fone"',
                f'{FILE}:1  there is no column "Shoe size" · rename it (see handouts merge --columns), or use '
                '--ignore "Shoe size"',
                f'{FILE}:1  there is no column "colr" · did you mean "color"? If it is not, use --ignore "colr"',
            ],
        ),
        (
            ["Notes", "phone", "url"],
            ["notes"],
            [
                f'{FILE}:1  the column "id" is missing: the edition\'s own short name: its folder · '
                'add it, with a value such as "north-high" in each row',
                f'{FILE}:1  the column "organization" is missing: who hands the paper out · '
                'add it, with a value such as "North High School" in each row',
            ],
        ),
        (
            ["id", "School", "name", "ID"],
            [],
            [
                f'{FILE}:1  the column "id" is here twice: "id" and "ID" · delete one, or use --ignore "ID"',
                f'{FILE}:1  the column "organization" is here twice: "School" and "name" · delete one, or use '
                '--ignore "name"',
            ],
        ),
        (
            ["7", "North High", ""],
            [],
            [
                f"{FILE}:1  the first row names no column that is known: 7, North High · begin the file with a row of "
                "names, such as id, organization, phone; for all, see handouts merge --columns",
            ],
        ),
        (
            ["id", "organization", "Notes"],
            ["Note", "notes"],
            ['there is no column "Note" to ignore · did you mean Notes?'],
        ),
    ],
    ids=["unknown", "missing", "twice", "none", "ignored"],
)
def test_headers(header: list[str], ignored: list[str], lines: list[str]) -> None:
    assert header_wrong(header, ignored) == lines


def test_a_column_is_left_out() -> None:
    rows = [["id", "Shoe size", "organization", "phone", ""], ["n", "12\x07", "North", "call me", " "]]
    (order,) = orders(rows, ignored=["shoe SIZE", "Phone"])
    assert order.edition == Edition("n", (("organization", "North"),))


ID_HINT = "use letters, digits, hyphens, dots and spaces inside, such as"
PHONE = "write one number in digits, such as (555) 010-0142 ext. 5"
LOGO = "copy it there, and name it by its path from there, such as logos/north.svg"
ANEW = "delete it: type the words before and after it anew"
CUT = "shorten it by 7, such as by cutting what follows the question mark"
X30 = "x" * 30 + "…"


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("id", "", "the id is missing · give each row a short name of its own, such as north-high"),
        ("id", "#REF!", "the id is a formula that fails: #REF! · mend the formula, and save the file again"),
        ("id", "a/b\\c", f'the id "a/b\\c" cannot name a folder · {ID_HINT} a-b-c'),
        ("id", "..", f'the id ".." cannot name a folder · {ID_HINT} north-high'),
        ("id", "=1+1", f'the id "=1+1" cannot name a folder · {ID_HINT} 1-1'),
        *(
            ("id", name, f'the id "{name}" cannot name a folder · {ID_HINT} {such}')
            for name, such in {
                # Devices on Windows, and names that it would cut.
                "con.txt": "con-txt",
                "NUL": "NUL-1",
                "Lpt9 .x": "Lpt9--x",
                "com¹": "com¹-1",
                "north.": "north",
                ".north": "north",
                # What a merge writes beside the folders.
                "manifest.csv": "manifest-csv",
                "Editions.PDF": "Editions-PDF",
                "north.zip": "north-zip",
            }.items()
        ),
        ("id", "x" * 83, f"the id is 3 characters too long for a folder · shorten it to 80 letters: {X30}"),
        ("id", "語" * 70, f"the id is 4 characters too long for a folder · shorten it to 66 letters: {'語' * 30}…"),
        ("organization", " ", 'the organization is missing · write its name in the column "organization"'),
        ("unit", "x" * 121, f"the unit is 1 character too long for its place · shorten it to 120: {X30}"),
        (
            "url",
            "example.org",
            "the web address is not a web address: example.org · copy it whole, with its https:// and without spaces",
        ),
        (
            "url",
            f"https://example.org/{'x' * 200}",
            f"the web address takes 220 bytes; as a QR code, more than 213 are too fine to scan · {CUT}",
        ),
        (
            "email",
            "a@b",
            "the e-mail address is not an e-mail address: a@b · write one address, such as visits@example.org",
        ),
        ("phone", "call me", f"the phone number is not a phone number: call me · {PHONE}"),
        ("phone", "(555", f"the phone number is not a phone number: (555 · {PHONE}"),
        ("color", "blue", 'color "blue" is no color · write # and six digits or letters from a to f, such as #1f3a5f'),
        ("unit", "a\x07b", f"the unit holds a sign that cannot be printed (U+0007) · {ANEW}"),
        ("unit", "a\u200bb", f"the unit holds a sign that cannot be printed (U+200B) · {ANEW}"),
        (
            "unit",
            "a\ufffdb",
            "in the unit a letter was lost when the file was saved: a\ufffdb · type it anew, and save the file as CSV "
            "UTF-8 or .xlsx",
        ),
        ("unit", "#REF!", "the unit is a formula that fails: #REF! · mend the formula, and save the file again"),
        ("date", "#######", "the date is a formula that fails: ####### · mend the formula, and save the file again"),
        ("notice", "so " * 121, "the notice has 121 words; there is room for 120 · shorten it"),
        ("paper", "a5", 'there is no paper "a5" · did you mean a4?'),
        ("brand", "defalt", 'there is no brand "defalt" · did you mean default?'),
        ("language", "tlh", 'there is no language "tlh" · known are: en'),
        ("logo", "../a.svg", f'the logo "../a.svg" does not lie in the folder of the spreadsheet · {LOGO}'),
        ("logo", "C:\\a.svg", f'the logo "C:\\a.svg" does not lie in the folder of the spreadsheet · {LOGO}'),
        ("logo", "a.gif", 'the logo "a.gif" is neither SVG nor PNG · save it as SVG, or as PNG'),
    ],
)
def test_cells(key: str, value: str, line: str) -> None:
    assert said(key, value) == [line]
    if such := line.partition(f"{ID_HINT} ")[2]:
        assert said(key, such) == []


@pytest.mark.parametrize(
    "number",
    [
        *("+1 (555) 010-0142", "+1 (555) 010-0142 ext. 5", "555.010.0142 x12", "5550100142", "(555) 010\u2011 0142"),
        *("+49 (0) 555/0142-0", "555 010 0142, extension 7", "911", "555-0142 #3"),
    ],
)
def test_good_phone_numbers(number: str) -> None:
    assert said("phone", number) == []


def test_logos_lie_beside_the_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "logos").mkdir()
    (tmp_path / "logos/north.svg").write_text(SQUARE)
    rows = [["id", "organization", "logo"], ["a", "A", "logos\\north.svg"], ["b", "B", "logos/noth.svg"]]
    good, bad = orders(rows, tmp_path)
    assert good.edition == Edition("a", (("organization", "A"), ("logo", "beside/logos/north.svg")))
    assert [str(one) for one in bad.findings] == [
        f'{FILE}:3  the logo "noth.svg" is missing · did you mean north.svg?'
    ]


def test_cells_outside_the_header() -> None:
    rows = [["id", "", "organization"], ["a", "stray", "A"], ["b", "", "B", "", "more"], ["c", " ", "C", ""]]
    assert [[str(one) for one in order.findings] for order in orders(rows)] == [
        [f'{FILE}:2  "stray" stands in column B, which has no name · name the column in the first row, or empty it'],
        [
            f'{FILE}:3  the row has more cells than the 3 columns of the first row: "more" · put a text that holds a '
            "comma or semicolon between quotation marks"
        ],
        [],
    ]


def test_ids_are_there_once() -> None:
    """Not even in another case, or with an accent written apart: there are disks on which these are one folder."""
    names = ["north", "North", "north ", "south", "Peña", "PEN\u0303A", "straße", "STRASSE"]
    made = orders([["id", "organization"], *([name, "A"] for name in names)])
    assert [[str(one) for one in order.findings] for order in made] == [
        [],
        [f'{FILE}:3  the id "North" is here twice · give each row an id of its own; the other is on line 2'],
        [f'{FILE}:4  the id "north" is here twice · give each row an id of its own; the other is on line 2'],
        [],
        [],
        [f'{FILE}:7  the id "PEÑA" is here twice · give each row an id of its own; the other is on line 6'],
        [],
        [f'{FILE}:9  the id "STRASSE" is here twice · give each row an id of its own; the other is on line 8'],
    ]


# What is wrong with a row, and how what is said of it begins.
BAD: tuple[tuple[dict[str, str], str], ...] = (
    ({"id": ""}, "the id is missing"),
    ({"id": "ROW-3"}, 'the id "ROW-3" is here twice'),
    ({"id": "a:b"}, 'the id "a:b" cannot name a folder'),
    ({"id": "aux"}, 'the id "aux" cannot name a folder'),
    ({"organization": ""}, "the organization is missing"),
    ({"organization": "x" * 123}, "the organization is 3 characters too long for its place"),
    ({"organization": "#N/A"}, "the organization is a formula that fails: #N/A"),
    ({"phone": "0800 COLLEGE"}, "the phone number is not a phone number"),
    ({"email": "a@b@c.org"}, "the e-mail address is not an e-mail address"),
    ({"url": "www.example.org"}, "the web address is not a web address"),
    ({"url": "https://example.org/" + "y" * 200}, "the web address takes 220 bytes"),
    ({"color": "#12345"}, 'color "#12345" is no color'),
    ({"color": "#ffee00"}, "color #ffee00: white text on it has a contrast of 1.2:1"),
    ({"accent": "red"}, 'accent "red" is no color'),
    ({"logo": "nowhere.svg"}, 'the logo "nowhere.svg" is missing'),
    ({"logo": "/etc/north.png"}, 'the logo "/etc/north.png" does not lie in the folder of the spreadsheet'),
    ({"logo": "broken.png"}, 'the logo "broken.png" '),
    ({"logo": "script.svg"}, 'the logo "script.svg" '),
    ({"unit": "a\x0cb"}, "the unit holds a sign that cannot be printed (U+000C)"),
    ({"unit": "N\ufffdrd"}, "in the unit a letter was lost"),
    ({"notice": "word " * 130}, "the notice has 130 words; there is room for 120"),
    ({"paper": "tabloid"}, 'there is no paper "tabloid"'),
    ({"brand": "nobody"}, 'there is no brand "nobody"'),
    ({"language": "tlh"}, 'there is no language "tlh"'),
    ({"booth": "b" * 61}, "the booth is 1 character too long for its place"),
)


def test_a_thousand_rows_of_which_fifty_are_bad(tmp_path: Path) -> None:
    """Just those are told, whatever is wrong with them, and each with its own line."""
    (tmp_path / "north.svg").write_text(SQUARE)
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    (tmp_path / "script.svg").write_text(SQUARE.replace("<path", "<script/><path"))
    rows = [{"id": f"row-{number}", "organization": f"School {number}", "logo": "north.svg"} for number in range(1000)]
    bad = {7 + 19 * number: BAD[number % len(BAD)] for number in range(50)}
    for number, (wrong, _) in bad.items():
        rows[number] |= wrong
    header = [column.name for column in COLUMNS]
    made = orders([header, *([row.get(name, "") for name in header] for row in rows)], tmp_path)
    assert len(made) == 1000
    found = [one for order in made for one in order.findings]
    assert [one.line - 2 for one in found] == sorted(bad)
    for one, (_, message) in zip(found, bad.values(), strict=True):
        assert one.message.startswith(message), one
    assert all((order.edition is None) == bool(order.findings) for order in made)


def test_reading_rows_loads_nothing_heavy() -> None:
    heavy = "weasyprint pydantic jinja2 markdown pikepdf PIL zxingcpp yaml uharfbuzz multiprocessing"
    script = f"import sys, handouts.editions.rows; print(*[name for name in '{heavy}'.split() if name in sys.modules])"
    loaded: Any = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert loaded.stdout == "\n"
