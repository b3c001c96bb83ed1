"""Tables of YAML and TOML made into records: every mistake a plain sentence with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from handouts.findings import Finding, Findings, nearest
from handouts.model import Noun
from handouts.project import Project

N = TypeVar("N", bound=Noun)

# What to write, by the kind of mistake that pydantic names.
_ADVICE = {
    "string_type": 'write text between "double quotes"',
    "int_type": "write a whole number, without quotes",
    "int_from_float": "write a whole number",
    "int_parsing": "write a whole number, without quotes",
    "float_type": "write a number, without quotes",
    "float_parsing": "write a number, without quotes",
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false, without quotes",
    "tuple_type": "write a list",
    "too_long": "write fewer values: the fewest and the most",
    "too_short": "write one more value",
    "dict_type": "write a table of keys and values",
    "model_type": "write a table of keys and values",
    "date_type": "write a date without quotes, such as 2026-11-23",
    "date_parsing": "write a date without quotes, such as 2026-11-23",
    "date_from_datetime_parsing": "write a date without quotes, such as 2026-11-23",
    "date_from_datetime_inexact": "write a date without a time, such as 2026-11-23",
}
# The branches of "number or text", which pydantic reports one by one.
_BRANCHES = frozenset({"int", "float", "str"})


def validate(
    noun: type[N],
    data: object,
    file: str,
    findings: list[Finding],
    line_of: Callable[[tuple[str, ...]], int] = lambda path: 0,
    where: str = "",
) -> N | None:
    """Make a record, or add a plain sentence for each key that is unknown, missing or of the wrong kind.

    `line_of` gives the line of a path of keys, or of the table around it; `where` is printed before a key's name.
    """
    try:
        return noun.model_validate(data)
    except ValidationError as error:
        told = set()
        for problem in error.errors():
            path = tuple(str(part) for part in problem["loc"] if part not in _BRANCHES)
            name = _name(where, path)
            if name not in told:
                told.add(name)
                message, hint = _sentence(noun, data, problem, path, name, error)
                findings.append(Finding(file, line_of(path), message, hint))
        return None


def _name(where: str, path: tuple[str, ...]) -> str:
    """A key as it is printed; the places of a list count from 1: "chapter 2: kind"."""
    text = where
    for part in path:
        if part.isdigit() and text:
            text += f" {int(part) + 1}: "
        else:
            text += part if not text or text.endswith((" ", ".")) else f".{part}"
    return text.rstrip(": ") or "this table"


def _sentence(
    noun: type[Noun], data: object, problem: Any, path: tuple[str, ...], name: str, error: ValidationError
) -> tuple[str, str]:
    kind, key = problem["type"], path[-1] if path else ""
    if kind == "extra_forbidden":
        if len(path) == 1 and isinstance(data, Mapping):
            known = [field for field in noun.model_fields if field not in data] or list(noun.model_fields)
            return f'unknown key "{name}"', nearest(key, known)
        return f'unknown key "{name}"', "mend the name, or delete it"
    if kind == "missing":
        return f'the key "{name}" is missing', f"add {key}"
    if key == "reviewed":
        return '"reviewed" is not a month', "write the year and the month, such as 2026-11"
    if problem["input"] is None:
        return f'the key "{name}" has no value', "write one after it, or delete the key"
    if kind == "literal_error":
        expected = problem["ctx"]["expected"].replace("'", '"')
        return f'"{name}" cannot be {_shown(problem["input"])}', f"write {expected}"
    if kind == "string_pattern_mismatch":
        return f'"{name}" cannot be {_shown(problem["input"])}', "write a color such as #1f3a5f, in small letters"
    branches = {one["loc"][-1] for one in error.errors() if tuple(map(str, one["loc"][:-1])) == path}
    if branches & _BRANCHES:
        return f'"{name}" cannot be {_shown(problem["input"])}', 'write a number, or text between "double quotes"'
    told = problem["msg"].removeprefix("Value error, ").replace("Input should", "it should")
    return f'"{name}" cannot be {_shown(problem["input"])}', _ADVICE.get(kind, told)


def _shown(value: object) -> str:
    """A value as it was written, cut to a length that can be read."""
    try:
        text = json.dumps(value, default=str, ensure_ascii=False)
    except (ValueError, RecursionError):  # YAML can hold a list that holds itself
        return "this"
    return text if len(text) <= 60 else f"{text[:57]}…"


class TomlLines:
    """The lines of the tables and keys of a TOML text that is valid."""

    def __init__(self, text: str):
        self.lines = text.split("\n")
        self.at: dict[tuple[str, ...], int] = {}
        self._read()

    def _read(self) -> None:
        table: tuple[str, ...] = ()
        counts: dict[tuple[str, ...], int] = {}
        inside = ""
        for number, line in enumerate(self.lines, 1):
            if not inside:
                if match := re.match(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]", line):
                    table = _keys(match[2])
                    if match[1] == "[[":
                        counts[table] = counts.get(table, -1) + 1
                        self.at.setdefault(table, number)
                        table = (*table, str(counts[table]))
                    self.at.setdefault(table, number)
                elif match := re.match(r'\s*((?:"[^"]*"|\'[^\']*\'|[\w.-]+)(?:\s*\.\s*[\w-]+)*)\s*=', line):
                    self.at.setdefault((*table, *_keys(match[1])), number)
            # Long strings may hold lines that look like keys.
            for sign in re.findall(r"\"\"\"|'''", line):
                inside = "" if inside == sign else inside or sign

    def line(self, path: tuple[str, ...]) -> int:
        """The line of a key, or of the nearest table around it; 0 for neither."""
        return next((self.at[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.at), 0)

    def line_with(self, words: str, path: tuple[str, ...]) -> int:
        """The first line with these words from a table's beginning on; else the table's."""
        start = self.line(path)
        return next((n for n, line in enumerate(self.lines[start:], start + 1) if words in line), start)


def _keys(text: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.\s]+', text))


def load_table(project: Project, file: str, noun: type[N], named: str = "name") -> dict[str, N]:
    """A TOML file of tables as records by name; the table's name becomes the record's `named` key.

    *Why a cache:* every product of a project asks for the same facts, and each edit of a preview.
    """
    return dict(_table(_Source(project.text(file), project, file), noun, named))


@dataclass(frozen=True)
class _Source:
    """A file of a project: the same as another one of its name with the same text."""

    text: str
    project: Project = field(compare=False)
    file: str


@lru_cache(maxsize=16)
def _table(source: _Source, noun: type[N], named: str) -> dict[str, N]:
    file = source.file
    data, lines = source.project.toml(file), TomlLines(source.text)
    findings: list[Finding] = []
    records: dict[str, N] = {}
    for name, table in data.items():
        if not isinstance(table, dict):
            hint = "put it under a name in brackets, such as [an-id]"
            findings.append(Finding(file, lines.line((name,)), f'"{name}" stands outside a table', hint))
            continue

        def line_of(path: tuple[str, ...], name: str = name) -> int:
            return lines.line((name, *path))

        extra = {named: name} if named in noun.model_fields else {}
        if record := validate(noun, {**table, **extra}, file, findings, line_of, f"{name}."):
            records[name] = record
    if findings:
        raise Findings(findings)
    return records


def load_record(project: Project, file: str, noun: type[N], extra: Mapping[str, object] | None = None) -> N:
    """A whole TOML file as one record."""
    data, lines = project.toml(file), TomlLines(project.text(file))
    findings: list[Finding] = []
    record = validate(noun, {**data, **(extra or {})}, file, findings, lines.line)
    if record is None:
        raise Findings(findings)
    return record
