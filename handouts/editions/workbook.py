"""Excel workbooks (.xlsx) as rows of text, each cell as people see it."""

from __future__ import annotations

import datetime
import io
import itertools
import math
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import openpyxl
from openpyxl.utils.datetime import from_excel

from handouts.findings import Finding, Findings

# Unpacked, a list of 100,000 schools takes some 100 MB; more is no list of schools.
_MOST_UNPACKED = 200_000_000
_MOST_ROWS = 1_048_576
# The parts of any such file that say what its other parts are.
_TYPES, _LINKS = "[Content_Types].xml", "_rels/.rels"
# Rows that are asked for at once: few, since one with a stray cell far to the right is long.
_BLOCK = 64
_NOT_ONE = "is not an Excel workbook", "save it as .xlsx or CSV in the program that made it"
_AGAIN = "open it in the program that made it, and save it again, or as CSV"
_DAMAGED = "is a damaged workbook, or a protected one", _AGAIN
_HIDDEN = "this workbook has no sheet that is seen", "unhide its first sheet"
_STRICT = "is a Strict Open XML workbook", 'save it as "Excel Workbook (.xlsx)", or as CSV'
# Names its parts by other addresses, so that openpyxl would find an empty workbook.
_STRICT_NAMES = b"http://purl.oclc.org/ooxml/"
# The number formats of dates in East Asian programs, which files name without their codes: openpyxl takes them for
# plain numbers, and a fair's date would be printed as 46493.
# https://learn.microsoft.com/en-us/dotnet/api/documentformat.openxml.spreadsheet.numberingformat
_EASTERN_DATES = {*range(27, 37), *range(50, 59)}
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_PERCENT = re.compile(r"0(?:\.(0+))?%")
_ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f])_")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
# A cell's value with the code of its number format.
_Cell = tuple[Any, str]
_T = TypeVar("_T")


class Workbook:
    """The first sheet that is not hidden. Findings where the bytes are no workbook."""

    def __init__(self, data: bytes, file: str):
        self._file = file
        book = self._guarded(lambda: self._opened(data))
        self._epoch = book.epoch
        seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not seen:
            raise self._wrong(_HIDDEN)
        self._sheet = seen[0]
        # What a sheet says of its own size may be wrong, and then rows would be lost or made up.
        self._sheet.reset_dimensions()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that holds a cell: its number as the program shows it, and its cells from column A on."""
        cells = ([self._plain(cell) for cell in row] for row in self._sheet.iter_rows())
        number = 0
        while block := self._guarded(lambda: list(itertools.islice(cells, _BLOCK))):
            for row in block:
                number += 1
                if row:
                    yield number, [_shown(*cell) for cell in row]
            if number > _MOST_ROWS:
                raise self._wrong(_DAMAGED)

    def _plain(self, cell: Any) -> _Cell:
        value = cell.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value, ""
        if cell.style_array.numFmtId in _EASTERN_DATES:
            return from_excel(value, self._epoch), ""
        return value, cell.number_format

    def _opened(self, data: bytes) -> Any:
        """The workbook, as openpyxl has it. Before that, an archive that is none or is too large is refused."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if not {_TYPES, _LINKS} <= {part.filename for part in parts}:
                raise self._wrong(_NOT_ONE)
            # Of these it is known how much they unpack to; a workbook has no others.
            if not {part.compress_type for part in parts} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise self._wrong(_NOT_ONE)
            if sum(part.file_size for part in parts) > _MOST_UNPACKED:
                message = f"holds more than {_MOST_UNPACKED // 1_000_000} MB"
                raise self._wrong((message, "copy its first sheet into a new workbook"))
            if _STRICT_NAMES in archive.read(_LINKS):
                raise self._wrong(_STRICT)
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)

    def _guarded(self, ask: Callable[[], _T]) -> _T:
        """What openpyxl answers, or a finding; it warns of much that has no say in the text of a cell.

        *Why any exception:* a damaged or forged file makes it stumble in as many ways as it has lines.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ask()
        except Findings:
            raise
        except OSError as error:  # there is no workbook among the parts
            raise self._wrong(_NOT_ONE) from error
        except Exception as error:
            raise self._wrong(_DAMAGED) from error

    def _wrong(self, what: tuple[str, str]) -> Findings:
        return Findings([Finding(self._file, 0, *what)])


def _shown(value: Any, code: str) -> str:
    """One cell as its program shows it, `code` being the number format of a number."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _unescaped(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return _day(value) if (value.hour, value.minute) == (0, 0) else f"{_day(value)}, {_time(value)}"
    if isinstance(value, datetime.date):
        return _day(value)
    if isinstance(value, datetime.time):
        return _time(value)
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if not math.isfinite(value):
        return "#NUM!"
    return _masked(value, code) or f"{value:.15g}"


def _unescaped(text: str) -> str:
    """Signs that XML forbids, and line ends, stand in a workbook as _x000D_; openpyxl leaves them so."""
    return _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text) if "_x" in text else text


def _day(date: datetime.date) -> str:
    return f"{_MONTHS[date.month - 1]} {date.day}, {date.year}"


def _time(time: datetime.time | datetime.datetime) -> str:
    return f"{time.hour % 12 or 12}:{time.minute:02d} {'AM' if time.hour < 12 else 'PM'}"


def _masked(number: float, code: str) -> str:
    """A percentage, or a whole number in a format such as 0000 or (###) ###-####, as ids and phones; else nothing."""
    if percent := _PERCENT.fullmatch(code):
        return f"{number:.{len(percent[1] or '')}%}"
    if number != int(number) or number < 0:
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
