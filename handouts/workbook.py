"""Excel workbooks (.xlsx) as rows of text, each cell as people see it.

*Why not a library:* those that are small read a formula's error as an empty cell, or fill the memory of the machine for
one stray cell in the last row. A row is read here when it is asked for.
"""

from __future__ import annotations

import datetime
import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

from handouts.findings import Finding, Findings

# Unpacked, a workbook is some ten times its size; more is no list of schools.
_MOST_UNPACKED = 500_000_000
_AT_ONCE = 1 << 16
_MOST_COLUMNS = 16_384
_NOT_ONE = "is not an Excel workbook", "save it as .xlsx or CSV in the program that made it"
# Number formats that every workbook knows by number, and which print a date or a time.
# https://learn.microsoft.com/en-us/dotnet/api/documentformat.openxml.spreadsheet.numberingformat
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_UNSPOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Workbook:
    """The first sheet that is not hidden. Findings where the bytes are no workbook."""

    def __init__(self, data: bytes, file: str):
        self.file = file
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as error:
            raise Findings([Finding(file, 0, *_NOT_ONE)]) from error
        book = next(iter(self._related("", "/officeDocument").values()), "")
        if not book.endswith(".xml") or "wordprocessing" in book:
            raise Findings([Finding(file, 0, *_NOT_ONE)])
        sheets: list[str] = []
        self._epoch = datetime.datetime(1899, 12, 30)

        def begin(name: str, given: dict[str, str]) -> None:
            if name == "workbookPr" and given.get("date1904") in ("1", "true"):
                self._epoch = datetime.datetime(1904, 1, 1)
            elif name == "sheet" and given.get("state", "visible") == "visible":
                sheets.append(next((value for key, value in given.items() if key.rpartition(":")[2] == "id"), ""))

        self._parse(book, begin)
        places = self._related(book, "/worksheet")
        self._sheet = next((places[sheet] for sheet in sheets if sheet in places), "")
        if not self._sheet:
            raise Findings([Finding(file, 0, "this workbook has no sheet that is seen", "unhide its first sheet")])
        self._formats = self._read_formats(next(iter(self._related(book, "/styles").values()), ""))
        self._texts = self._read_texts(next(iter(self._related(book, "/sharedStrings").values()), ""))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that holds a cell: its number as the program shows it, and its cells from column A on."""
        number, column, kind, style = 0, 0, "n", 0
        text: list[str] = []
        cells: list[str] = []
        done: list[tuple[int, list[str]]] = []

        def begin(name: str, given: dict[str, str]) -> None:
            nonlocal number, column, kind, style, cells
            if name == "row":
                number = int(given.get("r", number + 1))
                column, cells = 0, []
            elif name == "c":
                column = _column(given["r"]) if "r" in given else column + 1
                kind, style = given.get("t", "n"), int(given.get("s", 0))
                text.clear()

        def end(name: str, said: str) -> None:
            if name in ("v", "t"):
                text.append(said)
            elif name == "c" and 0 < column <= _MOST_COLUMNS:
                cells.extend([""] * (column - len(cells)))
                cells[column - 1] = self._shown("".join(text), kind, style)
            elif name == "row" and cells:
                done.append((number, cells))

        for _ in self._steps(self._sheet, begin, end):
            yield from done
            done.clear()

    def _shown(self, value: str, kind: str, style: int) -> str:
        """One cell as its program shows it."""
        if kind == "s":
            return self._texts[int(value)]
        if kind in ("str", "inlineStr"):
            return _unescaped(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "d":
            return _date(datetime.datetime.fromisoformat(value), True)
        if kind == "e" or not value:
            return value
        form = self._formats[style] if style < len(self._formats) else ""
        number = float(value)
        if form == "date":
            # A second is 1/86400 of a day, and rounding keeps 9:36 from being 9:35:59.
            moment = self._epoch + datetime.timedelta(seconds=round(number * 86_400))
            return _date(moment, number >= 1)
        return _masked(number, form) or f"{number:.15g}"

    def _read_formats(self, part: str) -> list[str]:
        """For each style of a cell: "date", the code of its number format, or nothing for a plain number."""
        codes: dict[int, str] = {}
        styles: list[int] = []
        inside = ""

        def begin(name: str, given: dict[str, str]) -> None:
            nonlocal inside
            if name in ("cellXfs", "cellStyleXfs"):
                inside = name
            elif name == "numFmt":
                codes[int(given["numFmtId"])] = given.get("formatCode", "")
            elif name == "xf" and inside == "cellXfs":
                styles.append(int(given.get("numFmtId", 0)))

        if part:
            self._parse(part, begin)
        dated = {number for number, code in codes.items() if re.search("[dmyhs]", _UNSPOKEN.sub("", code).lower())}
        dated |= _DATES - codes.keys()
        return ["date" if one in dated else codes.get(one, "") for one in styles]

    def _read_texts(self, part: str) -> list[str]:
        """The texts that cells name by number; how a text is spoken (`rPh`) is left out."""
        texts: list[str] = []
        parts: list[str] = []
        spoken = False

        def begin(name: str, given: dict[str, str]) -> None:
            nonlocal spoken
            if name == "si":
                parts.clear()
            spoken = spoken or name == "rPh"

        def end(name: str, said: str) -> None:
            nonlocal spoken
            if name == "t" and not spoken:
                parts.append(said)
            elif name == "si":
                texts.append(_unescaped("".join(parts)))
            elif name == "rPh":
                spoken = False

        if part:
            self._parse(part, begin, end)
        return texts

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts of one kind that a part of the archive names, by the id it knows them by."""
        folder, _, name = part.rpartition("/")
        file = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, str] = {}

        def begin(name: str, given: dict[str, str]) -> None:
            if name == "Relationship" and given.get("Type", "").endswith(kind):
                target = given.get("Target", "")
                found[given.get("Id", "")] = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")

        if file in self._archive.namelist():
            self._parse(file, begin)
        return found

    def _parse(
        self, part: str, begin: Callable[[str, dict[str, str]], None], end: Callable[[str, str], None] | None = None
    ) -> None:
        for _ in self._steps(part, begin, end):
            pass

    def _steps(
        self, part: str, begin: Callable[[str, dict[str, str]], None], end: Callable[[str, str], None] | None = None
    ) -> Iterator[None]:
        """Parse a part of the archive piece by piece; `end` gets an element's own text."""
        parser = expat.ParserCreate()
        said: list[str] = []
        unpacked = 0

        def started(name: str, given: dict[str, str]) -> None:
            said.clear()
            begin(name.rpartition(":")[2], given)

        def ended(name: str) -> None:
            if end:
                end(name.rpartition(":")[2], "".join(said))
            said.clear()

        def refuse(*_: object) -> None:
            raise ValueError("a workbook declares no document type")

        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = started, ended
        parser.CharacterDataHandler = said.append
        parser.StartDoctypeDeclHandler = refuse
        try:
            with self._archive.open(part) as stream:
                while piece := stream.read(_AT_ONCE):
                    unpacked += len(piece)
                    if unpacked > _MOST_UNPACKED:
                        message = f"holds more than {_MOST_UNPACKED // 1_000_000} MB"
                        raise Findings([Finding(self.file, 0, message, "copy its first sheet into a new workbook")])
                    parser.Parse(piece, False)
                    yield
                parser.Parse(b"", True)
                yield
        # What a damaged or forged archive makes the readers of zip, XML and numbers say.
        except (KeyError, ValueError, IndexError, OverflowError, NotImplementedError, RuntimeError, EOFError,
                OSError, zipfile.BadZipFile, zipfile.zlib.error, expat.ExpatError) as error:
            hint = "open it in the program that made it, and save it again"
            raise Findings([Finding(self.file, 0, "is a damaged workbook, or a protected one", hint)]) from error


def _column(place: str) -> int:
    """The number of a cell's column, counted from 1: "B3" is 2."""
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number


def _unescaped(text: str) -> str:
    """A workbook writes signs that XML forbids as _x000B_."""
    return _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text) if "_x" in text else text


def _date(moment: datetime.datetime, dated: bool) -> str:
    """A date as it is printed: "April 16, 2027", with its time of day where it has one."""
    date = f"{_MONTHS[moment.month - 1]} {moment.day}, {moment.year}"
    if dated and not (moment.hour or moment.minute):
        return date
    time = f"{moment.hour % 12 or 12}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"
    return f"{date}, {time}" if dated else time


def _masked(number: float, code: str) -> str:
    """A whole number in a format such as 0000 or (###) ###-####, as ids and phone numbers are shown; else nothing."""
    if not code or number != int(number) or number < 0:
        return ""
    chosen = code.split(";")[0]
    for part in code.split(";"):
        condition = _CONDITION.match(part)
        if condition is None or _holds(number, condition[1], float(condition[2])):
            chosen = part
            break
    mask = re.sub(r"\\(.)", r"\1", _CONDITION.sub("", chosen).replace('"', ""))
    if not re.fullmatch(r"0{2,}|[(]?[0#]+(?:[)\- /]+[0#]+)+", mask):
        return ""
    digits = list(str(int(number)))
    shown: list[str] = []
    for sign in reversed(mask):
        if sign in "0#":
            shown.append(digits.pop() if digits else "0" * (sign == "0"))
        else:
            shown.append(sign)
    return "".join([*digits, *reversed(shown)])


def _holds(number: float, sign: str, limit: float) -> bool:
    return {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[sign]
