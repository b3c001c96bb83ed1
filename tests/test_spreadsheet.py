"""Spreadsheets as people save them: of every kind of CSV and of workbooks, and what is none of them."""

from __future__ import annotations

import codecs
import io
import tracemalloc
import zipfile

import pytest
from workbooks import MAIN, NAMES, SHEETS, STYLES, TYPES, number, text, workbook

from handouts.editions.spreadsheet import MOST_BYTES, Table, read_table
from handouts.findings import Findings

SHEET, LOOKS = "xl/worksheets/sheet1.xml", "xl/styles.xml"
PLAIN = "id,organization\nnorth,Nörd High\nsouth,Süd High\n"
READ = [(2, ["north", "Nörd High"]), (3, ["south", "Süd High"])]


def rows(table: Table) -> list[tuple[int, list[str]]]:
    return list(table.rows())


def wrong(data: bytes, file: str = "schools.csv") -> str:
    with pytest.raises(Findings) as caught:
        rows(read_table(data, file))
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("cp1252"),
        PLAIN.encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.replace(",", "\t").encode("utf-16-be"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip().encode(),
        f"{PLAIN},\n\n , \n".encode(),
        PLAIN.replace("Nörd High", '"Nörd High"').encode(),
    ],
    ids=[
        *("UTF-8", "mark", "1252", "UTF-16", "UTF-16 BE, tabs", "semicolons", "tabs", "CRLF", "CR", "no end"),
        *("empty rows", "quoted"),
    ],
)
def test_every_kind_of_csv(data: bytes) -> None:
    table = read_table(data, "schools.csv")
    assert (table.header, table.line, rows(table)) == (("id", "organization"), 1, READ)


def test_lines_are_those_of_an_editor() -> None:
    told = '\r\nid;"Street,\r\n town";x\r\n\r\n1;"2 Elm Road\r\nSpringfield";""\r\n;;\r\n3;"a ""b""; c";\r\n'
    table = read_table(told.encode(), "schools.csv")
    assert (table.line, table.header) == (2, ("id", "Street, town", "x"))
    assert rows(table) == [(5, ["1", "2 Elm Road\r\nSpringfield", ""]), (8, ["3", 'a "b"; c', ""])]
    assert rows(table) == rows(table)


def test_a_line_that_tells_the_delimiter() -> None:
    table = read_table(b"sep=|\r\nid|a,b,c\r\n1|2\r\n", "schools.csv")
    assert (table.line, table.header, rows(table)) == (2, ("id", "a,b,c"), [(3, ["1", "2"])])


def test_the_header_decides_on_the_delimiter() -> None:
    table = read_table(b'"id, or number";name\nx;"a, b, c"\n', "schools.csv")
    assert (table.header, rows(table)) == (("id, or number", "name"), [(2, ["x", "a, b, c"])])


def test_a_letter_that_was_lost_is_marked() -> None:
    assert rows(read_table(b"id\nN\x81\xf6\n", "schools.csv")) == [(2, ["N\ufffdö"])]
    assert rows(read_table("id\nN".encode("utf-16") + b"\x00\xd8\n\0", "schools.csv")) == [(2, ["N\ufffd"])]


SAVE = "save the spreadsheet as .xlsx or CSV, and name that file"
EMPTY = "this file is empty · give it a row of column names, and a row for each edition"
OPEN = 'a quotation mark that begins in this row is never closed · close it, or delete it: "…"'
INSIDE = (
    "text follows a closing quotation mark · put the whole cell between quotation marks, and double those inside it: "
    '"the ""new"" school"'
)
LONG = "is 50 MB long, more than the 50 MB that are read · check that it is the right file, or split it"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", f":1  {EMPTY}"),
        (b"\r\n , \n\n", f":1  {EMPTY}"),
        (b"\nid,organization\n,,\n", ":2  there is no row below the column names · add a row for each edition"),
        (b"%PDF-1.7\n", f"  is a PDF, not a spreadsheet · {SAVE}"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", f"  is a workbook of an old kind (.xls), or one with a password · {SAVE}"),
        (b"\x89PNG\r\n\x1a\n", f"  is a picture, not a spreadsheet · {SAVE}"),
        (b"id\n1\n2\0\n", f":3  holds a NUL byte, which no text has · {SAVE}"),
        (b'id,name\n1,a\n2,"b\n3,c\n', f":3  {OPEN}"),
        (b'id,name\n1,"the" new\n', f":2  {INSIDE}"),
        (b'id,name\n1,"' + b"x" * 200_000, f":2  {OPEN}"),
        (b"x" * (MOST_BYTES + 1), f"  {LONG}"),
        (
            b"PK\x03\x04junk",
            "  is a damaged workbook, or a protected one · "
            "open it in the program that made it, and save it again, or as CSV",
        ),
    ],
    ids=["empty", "rows", "header", "PDF", "old", "picture", "NUL", "open", "inside", "cell", "long", "archive"],
)
def test_what_is_no_csv(data: bytes, said: str) -> None:
    assert wrong(data) == f"schools.csv{said}"


def test_a_workbook_reads_as_people_see_it() -> None:
    cells = {
        "B3": text(" id "),
        "C3": text("organization"),
        "B5": number(12),
        "C5": number(46493, 1),
        "D5": ' t="e"><f>A1</f><v>#REF!</v>',
        "E5": ' t="b"><v>1</v>',
        "F5": number("46493.4", 1),
        "G5": number("0.1"),
        "H5": ' t="str"><f>A1</f><v>a_x000D_b_x0041_</v>',
        "I5": number("12.000000000000001"),
        "J5": ' t="d"><v>2027-04-16</v>',
        "K5": number("0.4", 1),
        "L5": ' t="s"><v>1</v>',
        "M5": number("5.55010014E9"),
        "A6": text("  "),
        "XFD1048576": text("far"),
    }
    spoken = '<si><r><t>One </t></r><r><t>&amp; two</t></r><rPh sb="0" eb="3"><t>spoken</t></rPh></si>'
    table = read_table(workbook(cells, shared=["<si><t>x</t></si>", spoken]), "schools.xlsx")
    assert (table.line, table.header) == (3, ("", "id", "organization"))
    (line, first), (last, far) = rows(table)
    assert (line, last, len(far), far[-1]) == (5, 1_048_576, 16_384, "far")
    assert first == [
        *("", "12", "April 16, 2027", "#REF!", "TRUE", "April 16, 2027, 9:36 AM", "0.1", "a\rb_x0041_", "12"),
        *("April 16, 2027", "9:36 AM", "One & two", "5550100140"),
    ]


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("General", "1234.5", "1234.5"),
        ("0000", "7", "0007"),
        ("0000", "12345", "12345"),
        (r"[<=9999999]###\-####;\(###\)\ ###\-####", "5550100142", "(555) 010-0142"),
        (r"[<=9999999]###\-####;\(###\)\ ###\-####", "5550100", "555-0100"),
        ("#,##0", "1234", "1234"),
        ("0.00", "12", "12"),
        ('"No. "0', "12", "12"),
        ("000-00", "-5", "-5"),
        ("[$-409]mmmm d, yyyy;@", "46493", "April 16, 2027"),
        ('"days" 0', "5", "5"),
        ("h:mm", "0.75", "6:00 PM"),
    ],
)
def test_formats_of_numbers(code: str, value: str, shown: str) -> None:
    table = read_table(workbook({"A1": text("id"), "A2": number(value, 2)}, code=code), "schools.xlsx")
    assert rows(table) == [(2, [shown])]


def test_dates_of_eastern_programs() -> None:
    """Their formats have numbers and no codes."""
    styles = STYLES.format(main=MAIN, code="General").replace('numFmtId="164"/></cellXfs>', 'numFmtId="31"/></cellXfs>')
    told = workbook({"A1": text("date"), "A2": number(46493, 2)}, more={LOOKS: styles})
    assert rows(read_table(told, "schools.xlsx")) == [(2, ["April 16, 2027"])]


def test_the_first_sheet_that_is_seen() -> None:
    sheets = '<sheet name="A" sheetId="1" state="hidden" r:id="rId4"/><sheet name="B" sheetId="2" r:id="rId1"/>'
    cells = {"A1": text("id"), "A2": number(0, 1)}
    told = workbook(cells, sheets=sheets, settings='<workbookPr date1904="1"/>')
    assert rows(read_table(told, "schools.xlsx")) == [(2, ["12:00 AM"])]
    hidden = workbook(cells, sheets='<sheet name="A" sheetId="1" state="veryHidden" r:id="rId1"/>')
    assert wrong(hidden, "a.xlsx") == "a.xlsx  this workbook has no sheet that is seen · unhide its first sheet"


@pytest.mark.parametrize("program", SHEETS)
def test_workbooks_of_every_program(program: str) -> None:
    shared = ["<si><t>id</t></si>", "<si><t>Nörd High</t></si>"]
    told = workbook({}, shared=shared, names=NAMES, more={SHEET: SHEETS[program]})
    table = read_table(told, "schools.xlsx")
    assert (table.header[0], [(line, cells[0]) for line, cells in table.rows()]) == ("id", [(3, "Nörd High")])


DAMAGED = (
    "a.xlsx  is a damaged workbook, or a protected one · "
    "open it in the program that made it, and save it again, or as CSV"
)
FOREIGN = "a.xlsx  is not an Excel workbook · save it as .xlsx or CSV in the program that made it"
STRICT = 'a.xlsx  is a Strict Open XML workbook · save it as "Excel Workbook (.xlsx)", or as CSV'
ONE = workbook({"A1": text("id"), "A2": text("n")})
LETTER = f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/vnd.ms-word.main+xml"/></Types>'
# The bit of each part that says that it is encrypted: before it, and in the directory.
LOCKED = ONE.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(b"\x14\3\x14\0\0", b"\x14\3\x14\0\1")


def packed(method: int, **parts: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (workbook({"A1": ' t="s"><v>4</v>'}), DAMAGED),
        (workbook({"A1": number("x")}), DAMAGED),
        (workbook({"A1": number(1, 7)}), DAMAGED),
        (workbook({}, more={SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>'}), DAMAGED),
        (workbook({}, more={SHEET: SHEETS["Excel"].replace('r="3"', 'r="9999999"')}), DAMAGED),
        (workbook({}, sheets='<sheet name="A" sheetId="1" r:id="rId9"/>'), DAMAGED),
        (ONE[: len(ONE) // 2], DAMAGED),
        (ONE.replace(b"PK\x01\x02", b"PK\x01\x09", 1), DAMAGED),
        (LOCKED, DAMAGED),
        (workbook({}, more={"[Content_Types].xml": LETTER}), FOREIGN),
        (packed(zipfile.ZIP_STORED, mimetype="application/vnd.oasis.opendocument.spreadsheet"), FOREIGN),
        (packed(zipfile.ZIP_BZIP2, **{"[Content_Types].xml": LETTER, "_rels/.rels": ""}), FOREIGN),
        (workbook({}, more={"_rels/.rels": '<Relationships x="http://purl.oclc.org/ooxml/officeDocument"/>'}), STRICT),
        (workbook({}), "a.xlsx:1  this file is empty · give it a row of column names, and a row for each edition"),
        (workbook({"A1": text("id")}), "a.xlsx:1  there is no row below the column names · add a row for each edition"),
    ],
    ids=[
        *("text", "number", "style", "cut off", "row", "sheet", "half", "directory", "encrypted"),
        *("letter", "OpenDocument", "packed", "strict", "empty", "header only"),
    ],
)
def test_what_is_no_workbook(data: bytes, said: str) -> None:
    assert wrong(data, "a.xlsx") == said


def test_a_workbook_that_swells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kilobytes can hold gigabytes."""
    monkeypatch.setattr("handouts.editions.workbook._MOST_UNPACKED", 2_000_000)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{" " * 3_000_000}</sheetData></worksheet>'
    data = workbook({}, more={SHEET: sheet})
    assert len(data) < 20_000
    assert wrong(data, "a.xlsx") == "a.xlsx  holds more than 2 MB · copy its first sheet into a new workbook"


BOMB = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{depth} '{f'&a{depth - 1};' * 10}'>" for depth in range(1, 10))
    + "]>"
)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>&a9;</v></c></row></sheetData></worksheet>'),
        ("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>&a9;</t></si></sst>'),
        ("xl/workbook.xml", f'<workbook xmlns="{MAIN}"><sheets><sheet name="&a9;" sheetId="1"/></sheets></workbook>'),
        ("[Content_Types].xml", f'<Types xmlns="{TYPES}"><Default Extension="&a9;" ContentType="x"/></Types>'),
        (LOOKS, f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="9" formatCode="&a9;"/></numFmts></styleSheet>'),
    ],
)
def test_entities_that_swell_are_refused(part: str, content: str) -> None:
    """Each of ten is ten of the next, so that some letters are gigabytes."""
    data = workbook({"A1": text("id"), "A2": text("n")}, more={part: BOMB + content})
    tracemalloc.start()
    assert wrong(data, "a.xlsx") == DAMAGED
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000


def test_rows_are_not_kept() -> None:
    """What a row leaves behind while the table is read is the empty shell of its element."""

    def peak(count: int) -> int:
        cells = {"A1": text("id")} | {f"A{row}": text(f"school {row} {'x' * 1000}") for row in range(2, count)}
        table = read_table(workbook(cells), "a.xlsx")
        tracemalloc.start()
        assert sum(1 for _ in table.rows()) == count - 2
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert (peak(5_000) - peak(1_000)) / 4_000 < 250
