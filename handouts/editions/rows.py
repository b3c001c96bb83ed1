"""Rows of a spreadsheet become editions, each cell checked; what is wrong is told with the row's line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from handouts import brands
from handouts.contact import FLAWS
from handouts.editions.columns import BY_NAME, MOST_NOTICE_WORDS, match_columns, simplify
from handouts.editions.spreadsheet import Table
from handouts.findings import Finding, counted, nearest
from handouts.job import BRAND_KEYS, EVENT_KEYS, Edition
from handouts.project import BESIDE, Project

# Signs that print nothing or nonsense: control characters, marks of direction, spaces without width, and what stands
# for a letter that was lost when the file was saved.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ue000-\uf8ff\ud800-\udfff]"
)
_LOST = "\ufffd"
_SPACES = re.compile(r"[ \t\r\n]+")
_FORMULA_ERROR = re.compile(r"#(?:(?:REF|VALUE|DIV/0|NULL|NUM|SPILL|CALC|FIELD|BLOCKED)!|N/A|NAME\?|GETTING_DATA|#+)")
_ID = re.compile(r"\w(?:[\w.\- ]*\w)?")
_NO_ID = re.compile(r"[^\w.\-]+")
# Windows opens a device by such a name, whatever follows its dot.
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
_DEVICES = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[\d¹²³]) *(?:\..*)?", re.IGNORECASE)
# What stands beside the folders of the rows, and of which a merge writes some itself.
_FILES = (".zip", ".csv", ".pdf")
# A file name may take 255 bytes, and the archive of an edition has four more.
_MOST_ID_BYTES = 200
_PAPERS = {"letter": "letter", "usletter": "letter", "a4": "a4", "dina4": "a4"}
_REQUIRED = {
    "id": "give each row a short name of its own, such as north-high",
    "organization": 'write its name in the column "organization"',
}
# Columns of which more is asked than not to be too long.
_FORMED = {*FLAWS, "notice", "logo", "paper", "brand", "language"}
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Order:
    """One row: the edition, and what it says of the job besides; empty where the command decides.

    Where `findings` are not empty the row cannot be built, and `edition` is None.
    """

    line: int
    id: str
    edition: Edition | None = None
    paper: str = ""
    brand: str = ""
    language: str = ""
    findings: tuple[Finding, ...] = ()


class Roll:
    """All rows of a table, read and checked one by one.

    Raises Findings where the header is wrong. *Why not a list:* ten thousand rows take no more memory than one.
    """

    def __init__(self, project: Project, table: Table, ignored: Sequence[str] = ()):
        self.project = project
        self.table = table
        self.columns = match_columns(table.header, table.file, table.line, ignored)
        self._ignored = {simplify(name) for name in ignored}
        self._brands = {simplify(name): name for name in project.brands()}
        files = project.names("content/labels", "*.toml")
        self._languages = {name.casefold(): name for name in (file.split("/")[-1][:-5] for file in files)}
        # Rows share their logos: each is read once.
        self._logo = lru_cache(maxsize=1024)(partial(_check_logo, project))

    def orders(self) -> Iterator[Order]:
        """The rows in their order, the good and the bad; Findings where the file cannot be read on."""
        taken: dict[str, int] = {}
        for line, cells in self.table.rows():
            yield self._order(line, cells, taken)

    def _order(self, line: int, cells: list[str], taken: dict[str, int]) -> Order:
        found: list[tuple[str, str]] = []
        values: dict[str, str] = {}
        for place, cell in enumerate(cells):
            if cell:
                key = self.columns[place] if place < len(self.columns) else ""
                if key:
                    values[key] = _cleaned(key, cell, found)
                else:
                    self._check_stray(place, cell, found)
        name = values.get("id", "")
        for key, hint in _REQUIRED.items():
            # A cell that was told to be broken is not missing.
            if not values.get(key) and not any(message.startswith(f"the {key} ") for message, _ in found):
                found.append((f"the {key} is missing", hint))
        if name:
            found += _check_id(name, line, taken)
        for key, value in values.items():
            if len(value) > BY_NAME[key].most or key in _FORMED:
                values[key] = self._checked(key, value, found)
        if "color" in values or "accent" in values:
            wrong = brands.check_colors(values.get("color", ""), values.get("accent", ""))
            found += [(message, hint) for _, message, hint in wrong]
        if found:
            told = tuple(Finding(self.table.file, line, *one) for one in dict.fromkeys(found))
            return Order(line, name[:_LONGEST_SHOWN], findings=told)
        for key in ("color", "accent"):
            if key in values:
                values[key] = brands.written(values[key])
        edition = Edition(
            name,
            tuple([(key, values[key]) for key in BRAND_KEYS if values.get(key)]),
            tuple([(key, values[key]) for key in EVENT_KEYS if values.get(key)]),
        )
        return Order(
            line, name, edition, values.get("paper", ""), values.get("brand", ""), values.get("language", "")
        )

    def _check_stray(self, place: int, cell: str, found: list[tuple[str, str]]) -> None:
        """A cell under no name that is known: under an ignored one it is left out, else it would be lost."""
        shown = cell.strip()[:_LONGEST_SHOWN]
        if not shown:
            return
        if place >= len(self.columns):
            count = len(self.columns)
            message = f'the row has more cells than the {counted(count, "column")} of the first row: "{shown}"'
            hint = "put a text that holds a comma or semicolon between quotation marks"
            found.append((message, hint))
        elif simplify(self.table.header[place]) not in self._ignored:
            message = f'"{shown}" stands in column {_letters(place)}, which has no name'
            found.append((message, "name the column in the first row, or empty it"))

    def _checked(self, key: str, value: str, found: list[tuple[str, str]]) -> str:
        """A value as it is kept; what is wrong with it is added to `found`."""
        if not value or key == "id":
            return value
        column = BY_NAME[key]
        if key == "notice":
            if (count := len(value.split())) > MOST_NOTICE_WORDS:
                message = f"the notice has {count} words; there is room for {MOST_NOTICE_WORDS}"
                found.append((message, "shorten it"))
        elif (over := len(value) - column.most) > 0 and key != "url":
            message = f"the {_spoken(key)} is {counted(over, 'character')} too long for its place"
            found.append((message, f"shorten it to {column.most}: {value[:30]}…"))
        elif key in FLAWS:
            if flaw := _flaw(key, value):
                found.append((f"the {_spoken(key)} {flaw[0]}", flaw[1]))
        elif key == "logo":
            path = brands.logo_path(BESIDE, value)
            found += self._logo(path, value)
            return path
        elif key == "paper":
            return self._known(key, value, _PAPERS, ("letter", "a4"), found)
        elif key == "brand":
            return self._known(key, value, self._brands, tuple(self._brands.values()), found)
        elif key == "language":
            return self._known(key, value, self._languages, tuple(self._languages.values()), found)
        return value

    def _known(
        self, key: str, value: str, known: dict[str, str], names: Sequence[str], found: list[tuple[str, str]]
    ) -> str:
        simple = value.casefold() if key == "language" else simplify(value)
        if simple not in known:
            found.append((f'there is no {key} "{value}"', nearest(value, names)))
        return known.get(simple, "")


def _check_logo(project: Project, path: str, value: str) -> tuple[tuple[str, str], ...]:
    if not path:
        message = f'the logo "{value}" does not lie in the folder of the spreadsheet'
        return ((message, "copy it there, and name it by its path from there, such as logos/north.svg"),)
    return tuple(brands.check_logo(project, path))


def _cleaned(key: str, cell: str, found: list[tuple[str, str]]) -> str:
    """A cell as it is printed: composed letters, single spaces, no line ends."""
    if cell.isascii() and cell.isprintable():
        cell = " ".join(cell.split())
    else:
        if sign := _UNPRINTABLE.search(cell):
            message = f"the {_spoken(key)} holds a sign that cannot be printed (U+{ord(sign[0]):04X})"
            found.append((message, "delete it: type the words before and after it anew"))
            cell = _UNPRINTABLE.sub("", cell)
        if _LOST in cell:
            shown = cell.strip()[:_LONGEST_SHOWN]
            message = f"in the {_spoken(key)} a letter was lost when the file was saved: {shown}"
            found.append((message, "type it anew, and save the file as CSV UTF-8 or .xlsx"))
            cell = cell.replace(_LOST, "")
        cell = _SPACES.sub(" ", unicodedata.normalize("NFC", cell)).strip()
    if cell[:1] == "#" and _FORMULA_ERROR.fullmatch(cell):
        message = f"the {_spoken(key)} is a formula that fails: {cell}"
        found.append((message, "mend the formula, and save the file again"))
        return ""
    return cell


@lru_cache(maxsize=512)
def _flaw(key: str, value: str) -> tuple[str, str] | None:
    return FLAWS[key](value)


def _check_id(name: str, line: int, taken: dict[str, int]) -> list[tuple[str, str]]:
    """What keeps an id from being the name of a folder, on any system and beside all others."""
    most = min(BY_NAME["id"].most, len(name.encode()[:_MOST_ID_BYTES].decode(errors="ignore")))
    if (over := len(name) - most) > 0:
        message = f"the id is {counted(over, 'character')} too long for a folder"
        return [(message, f"shorten it to {most} letters: {name[:30]}…")]
    if not _ID.fullmatch(name) or _DEVICES.fullmatch(name) or name.lower().endswith(_FILES):
        plain = _NO_ID.sub("-", name).replace(".", "-").strip("- ")
        plain = f"{plain}-1" if _DEVICES.fullmatch(plain) else plain
        such = plain if _ID.fullmatch(plain) else "north-high"
        hint = f"use letters, digits, hyphens, dots and spaces inside, such as {such}"
        return [(f'the id "{name[:_LONGEST_SHOWN]}" cannot name a folder', hint)]
    first = taken.setdefault(name.casefold(), line)
    if first != line:
        hint = f"give each row an id of its own; the other is on line {first}"
        return [(f'the id "{name}" is here twice', hint)]
    return []


def _spoken(key: str) -> str:
    return {"url": "web address", "email": "e-mail address", "phone": "phone number"}.get(key, key.replace("_", " "))


def _letters(place: int) -> str:
    """A column's letters as programs for spreadsheets show them: 0 is "A", 27 is "AB"."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
