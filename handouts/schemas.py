"""JSON Schemas of the files that people write: made from the nouns, with the words of the tables in `docs/`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handouts import imprint, model, profiles
from handouts.findings import Finding
from handouts.model import Noun
from handouts.project import Project, put_in_place, read_named, shipped_root

FOLDER = "schemas"
ENDING = ".schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

# The tables that explain keys: a comment that names the noun, a head of two lines, and a row for each key or two.
_TABLE = re.compile(r"<!-- keys: (\w+) -->\n\|.*\n\|[-|]+\n((?:\|.*\n?)+)")
# The ends of cells that lead to other places of the docs, which a schema is far from.
_LEADS_ON = re.compile(r"[;,:]? see (?:below|\[[^\]]*\]\([^)]*\)(?: below)?)\.?$")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

# Keys that nobody writes: the name of the table or of the folder, and what the command names.
_BY_PLACE = {"Fact": "id", "Chart": "name", "Format": "name", "Brand": "name", "Profile": "names"}
_LENGTH = {"type": "string", "pattern": r"^(\d*\.?\d+) ?(in|mm|pt)$"}
_BODY = {"type": "number", "minimum": model.SMALLEST_BODY, "maximum": model.LARGEST_BODY}
# What is read from another form than the one it has afterwards, or is judged by a function: the form that is written.
_WRITTEN: dict[str, dict[str, dict[str, Any]]] = {
    "Profile": {"safe": _LENGTH, "bleed": {"type": "object", "additionalProperties": _LENGTH}},
    "FrontMatter": {"reviewed": {"type": "string", "pattern": r"^(\d{4}-(0[1-9]|1[0-2])(-\d\d)?)?$"}},
    "LocalSource": {"date": {"type": ["string", "integer"]}},
    "Fit": {"floor": _BODY, "full": _BODY},
}
# `- id`, or `- id: caption`.
_ITEM = {
    "anyOf": [
        {"type": "string"},
        {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": {"type": "string"}},
    ]
}


@dataclass(frozen=True)
class Written:
    """A kind of file that people write: the name of its schema, the noun it is read into, and where such files stand.
    With `tables`, each of a file's tables is such a noun, by its name."""

    name: str
    noun: type[Noun]
    place: str
    tables: bool = False


FILES = (
    Written("front-matter", model.FrontMatter, "the head of content/KIND/NAME.md, between two lines ---"),
    Written("format", model.Format, "templates/NAME/format.toml"),
    Written("brand", imprint.Brand, "styles/brands/NAME/brand.toml"),
    Written("handouts", model.Settings, "handouts.toml"),
    Written("booklet", model.Booklet, "content/booklet.toml"),
    Written("facts", model.Fact, "content/facts.toml", tables=True),
    Written("charts", model.Chart, "content/charts.toml", tables=True),
    Written("profile", profiles.Profile, "styles/profiles/NAME/profile.toml"),
    Written("palette", model.Ink, "styles/palette.toml", tables=True),
)


def described() -> dict[str, dict[str, str]]:
    """What each key is, by noun and key, in the words of the tables that come along in `docs/`."""
    ours = Project(shipped_root())
    told: dict[str, dict[str, str]] = {}
    for page in ours.names("docs", "*.md"):
        for noun, rows in _TABLE.findall(ours.text(page)):
            for row in rows.splitlines():
                keys, _, meaning = (cell.strip() for cell in row.strip("|").split("|", 2))
                words = _LINK.sub(r"\1", _LEADS_ON.sub("", meaning))
                told.setdefault(noun, {}).update(dict.fromkeys(re.findall(r"`([\w-]+)`", keys), words))
    return told


def schemas() -> dict[str, bytes]:
    """Every schema as the bytes of a file, by the file's name."""
    words = described()
    made = {written.name: _schema(written, words) for written in FILES}
    return {
        f"{name}{ENDING}": f"{json.dumps(schema, indent=2, ensure_ascii=False)}\n".encode()
        for name, schema in made.items()
    }


def write_schemas(folder: Path) -> list[str]:
    """Write every schema into a folder; the names of the files that were not there so."""
    written = []
    for name, data in schemas().items():
        if not (folder / name).exists() or read_named(folder / name) != data:
            put_in_place(folder / name, data)
            written.append(name)
    return written


def check_schemas(folder: Path, shown: str, options: str = "") -> list[Finding]:
    """The schemas of a folder that are missing, or not those of this program. `shown` is the folder as it is told,
    `options` are those of the command that writes them there."""
    findings = []
    hint = f"run: handouts schema{options}"
    for name, data in schemas().items():
        if not (folder / name).exists():
            findings.append(Finding(f"{shown}/{name}", 0, "is missing", hint))
        elif read_named(folder / name) != data:
            findings.append(Finding(f"{shown}/{name}", 0, "is not what this version of handouts writes", hint))
    return findings


def _schema(written: Written, words: dict[str, dict[str, str]]) -> dict[str, Any]:
    made = written.noun.model_json_schema()
    nouns = made.pop("$defs", {})
    record = {**made, "title": written.noun.__name__}
    if written.noun is model.Settings:
        record["properties"]["profiles"]["additionalProperties"] = {"$ref": "#/$defs/Profile"}
        nouns["Profile"] = profiles.Profile.model_json_schema()
    for noun in (record, *nouns.values()):
        _as_written(noun, words)
    if "Glance" in nouns:
        nouns["Glance"] = _ITEM
    record.pop("title")
    if written.tables:
        nouns[written.noun.__name__] = record
        record = {"type": "object", "additionalProperties": {"$ref": f"#/$defs/{written.noun.__name__}"}}
    named = {"$schema": DIALECT, "title": f"handouts: {written.name}", "description": written.place}
    return named | _plain(record) | ({"$defs": {name: _plain(nouns[name]) for name in sorted(nouns)}} if nouns else {})


def _as_written(noun: dict[str, Any], words: dict[str, dict[str, str]]) -> None:
    """A noun's schema with keys as people write them, and what each of them is."""
    name = noun["title"]
    noun.pop("description", None)
    unwritten = _BY_PLACE.get(name, "")
    noun["properties"].pop(unwritten, None)
    noun["required"] = [key for key in noun.get("required", []) if key != unwritten]
    for key, field in noun["properties"].items():
        kept = {"default": field["default"]} if "default" in field else {}
        changed = _WRITTEN.get(name, {}).get(key)
        told = words.get(name, {}).get(key, "")
        noun["properties"][key] = ({"description": told} if told else {}) | (changed | kept if changed else field)


def _plain(schema: Any) -> Any:
    """A schema without what says nothing: titles that repeat keys, defaults that are empty, values that neither TOML
    nor our front matter has (null); and in words that older programs understand as well."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _named(value) if key == "properties" else _plain(value) for key, value in _said(schema)}
    if branches := [one for one in plain.get("anyOf", ()) if one != {"type": "null"}]:
        plain["anyOf"] = branches
        if len(branches) == 1:
            plain = {key: value for key, value in plain.items() if key != "anyOf"} | branches[0]
    places = plain.get("prefixItems", [])
    if places and all(place == places[0] for place in places):
        plain["items"] = places[0]
        plain.pop("prefixItems")
    return plain


def _named(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(schema) for name, schema in properties.items()}


def _said(schema: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in schema.items():
        empty = (key == "default" and (not value or isinstance(value, dict))) or (key == "required" and not value)
        if not empty and not (key == "title" and isinstance(value, str)):
            yield key, value
