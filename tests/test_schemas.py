"""JSON Schemas of what people write: valid, fresh, in the words of the docs, and of one mind with the program."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import ValidationError
from trades import PROJECT, run

from handouts import imprint, model, profiles, schemas
from handouts.content import split_front_matter
from handouts.project import Project

ROOT = Path(__file__).resolve().parents[1]
MADE = {name.removesuffix(schemas.ENDING): json.loads(data) for name, data in schemas.schemas().items()}
# Where the files of each schema stand.
PLACES = {
    "front-matter": "content/*/*.md",
    "format": "templates/*/format.toml",
    "brand": "styles/brands/*/brand.toml",
    "handouts": "handouts.toml",
    "booklet": "content/booklet.toml",
    "facts": "content/facts.toml",
    "charts": "content/charts.toml",
    "profile": "styles/profiles/*/profile.toml",
    "palette": "styles/palette.toml",
}
ROOTS = (ROOT, PROJECT, *sorted(path.parent for path in (ROOT / "examples").glob("*/handouts.toml")), ROOT / "starter")
FILES = [(name, path) for name, place in PLACES.items() for root in ROOTS for path in sorted(root.glob(place))]
every_schema = pytest.mark.parametrize("name", MADE)


def told(path: Path) -> Any:
    """What a file says, as JSON can say it: dates are texts there."""
    text = path.read_text(encoding="utf-8")
    data = yaml.safe_load(split_front_matter(text, path.name)[0]) if path.suffix == ".md" else tomllib.loads(text)
    return json.loads(json.dumps(data, default=datetime.date.isoformat))


def flaws(name: str, data: Any) -> list[str]:
    judge = jsonschema.Draft202012Validator(MADE[name], format_checker=jsonschema.FormatChecker())
    return [f"{'.'.join(map(str, error.path))}: {error.message}" for error in judge.iter_errors(data)]


def tables(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema of a table with keys of its own, in a schema."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from tables(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from tables(part)


def misspelled(data: Any) -> Iterator[Any]:
    """The same with one key that nobody knows, in each of its tables in turn; in lists, in the first."""
    if isinstance(data, dict):
        yield {**data, "colour_": "x"}
        for key, value in data.items():
            yield from ({**data, key: worse} for worse in misspelled(value))
    elif isinstance(data, list) and data:
        yield from ([worse, *data[1:]] for worse in misspelled(data[0]))


@every_schema
def test_it_is_one(name: str) -> None:
    assert MADE[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(MADE[name])
    references = re.findall(r'"\$ref": "([^"]+)"', json.dumps(MADE[name]))
    assert {f"#/$defs/{noun}" for noun in MADE[name].get("$defs", {})} == set(references)


@every_schema
def test_it_knows_every_key_in_the_words_of_the_docs(name: str) -> None:
    assert list(tables(MADE[name]))
    for table in tables(MADE[name]):
        assert table["additionalProperties"] is False
        assert "title" not in table or table is MADE[name]
        for key, field in table["properties"].items():
            assert "title" not in field
            words = field.get("description", "")
            assert words and not re.search(r"\]\(|\bsee\b|\|", words), f"{key}: {words!r}"


def test_words_are_those_of_the_tables() -> None:
    facts = MADE["facts"]["$defs"]["Fact"]["properties"]
    assert facts["label"]["description"] == "the caption under the large figure, at most six words"
    assert "id" not in facts and "name" not in MADE["brand"]["properties"]
    row = "| `notice` | | a text that must be printed; see [notices](#notices) |"
    assert row in (ROOT / "docs/brands.md").read_text()
    assert MADE["brand"]["properties"]["notice"]["description"] == "a text that must be printed"


@pytest.mark.parametrize(("name", "path"), FILES, ids=lambda value: str(value).removeprefix(str(ROOT)))
def test_what_we_ship_is_valid(name: str, path: Path) -> None:
    assert flaws(name, told(path)) == []


def test_there_are_files_of_each_kind() -> None:
    assert {name for name, _ in FILES} == set(MADE) == set(PLACES)


@every_schema
def test_a_misspelled_key_is_not(name: str) -> None:
    path = max((path for one, path in FILES if one == name), key=lambda path: path.stat().st_size)
    data = told(path)
    if "properties" not in MADE[name]:
        data = dict(list(data.items())[:5])
    worse = list(misspelled(data))
    assert worse
    # What papers are called is the project's own.
    free = [data for data in worse if not flaws(name, data)]
    assert all("colour_" in data["papers"] for data in free)


OWN_FACT = {"value": 1, "source": "b", "period": "2026", "read": "2026-01-02"}
# The noun, the schema, a key, and what may be written there or not; the program and the schema are of one mind.
CASES = [
    (model.FrontMatter, "front-matter", "glance", [["a", {"b": "of all"}], [], [["a"]], [{"a": 1}], "a"]),
    (model.FrontMatter, "front-matter", "reviewed", ["2026-11", "2026-13", "26-11", "November"]),
    (model.FrontMatter, "front-matter", "order", [3, "three", [3]]),
    (model.Fact, "facts", "value", [1, 1.5, "2+", True, [1]]),
    (model.Fact, "facts", "confidence", ["verified", "sure"]),
    (model.Fact, "facts", "read", ["2026-11-23", "23.11.2026"]),
    (model.Format, "format", "pages", [[1, 2], [1], [1, 2, 3], [0, 1], "1"]),
    (model.Format, "format", "scope", ["each", "some"]),
    (model.Format, "format", "fit", [{"floor": 10, "full": 12}, {"floor": 9, "full": 12}, {"floor": 10}]),
    (imprint.Brand, "brand", "color_cmyk", [[0, 0, 0, 80], [0, 0, 0], [0, 0, 0, 101]]),
    (imprint.Brand, "brand", "facts", [{"a": OWN_FACT}, {"a": 1}, {"a": {**OWN_FACT, "id": "a"}}]),
    (imprint.LocalSource, "LocalSource", "date", [2026, "2026-09", True, [2026]]),
    (profiles.Profile, "profile", "safe", ["0.25in", "3mm", "3", 3]),
    (profiles.Profile, "profile", "bleed", [{"letter": "3mm"}, {"letter": 3}]),
    (profiles.Profile, "profile", "spacing", [1.5, 3]),
    (profiles.Profile, "profile", "duplex", ["long", "wide"]),
    (model.Settings, "handouts", "event", [{"name": "Fair"}, {"place": "Hall"}]),
]
NEEDED = {
    model.FrontMatter: {"title": "A"},
    model.Fact: {"id": "a", "value": 1, "text": "A.", "source": "b", "period": "2026", "read": "2026-01-02"}
    | {"confidence": "verified"},
    model.Format: {"name": "a", "title": "A", "scope": "each", "styles": [], "papers": {}, "pages": [1, 1]},
    imprint.Brand: {"name": "a"},
    imprint.LocalSource: {"title": "A", "publisher": "B", "read": "2026-01-02"},
}


def accepted(noun: type[model.Noun], data: dict[str, Any]) -> bool:
    try:
        noun.model_validate(data)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("noun", "name", "key", "values"), CASES, ids=lambda value: str(value)[:20])
def test_it_is_of_one_mind_with_the_program(noun: type[model.Noun], name: str, key: str, values: list[Any]) -> None:
    verdicts = []
    for value in values:
        data = {**NEEDED.get(noun, {}), key: value}
        verdicts.append(accepted(noun, data))
        written = {one: data[one] for one in data if one not in ("id", "name")}
        if name == "LocalSource":
            assert (not flaws("brand", {"sources": {"a": written}})) == verdicts[-1], value
        else:
            assert (not flaws(name, {"a": written} if name in ("facts", "charts") else written)) == verdicts[-1], value
    assert {True, False} == set(verdicts)


def test_profiles_of_a_project_are_known(tmp_path: Path) -> None:
    assert flaws("handouts", {"profiles": {"press": {"ink_limit": 300}}}) == []
    assert flaws("handouts", {"profiles": {"press": {"ink_limt": 300}}})


def test_the_command(trades: Path) -> None:
    result = run(trades, "schema")
    assert (result.exit_code, result.stdout) == (0, f"schemas  {len(MADE)} schemas, {len(MADE)} written\n")
    assert {path.name for path in (trades / "schemas").iterdir()} == set(schemas.schemas())
    for arguments in (["schema"], ["schema", "--check"]):
        assert run(trades, *arguments).stdout == f"schemas  {len(MADE)} schemas, all as this version writes them\n"
    (trades / "schemas/brand.schema.json").unlink()
    (trades / "schemas/facts.schema.json").write_text("{}")
    result = run(trades / "content", "schema", "--check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        "error: ../schemas/brand.schema.json  is missing · run: handouts schema",
        "error: ../schemas/facts.schema.json  is not what this version of handouts writes · run: handouts schema",
    ]
    assert not (trades / "content/schemas").exists()
    assert "2 written" in run(trades, "schema").stdout
    assert run(trades, "schema", "--check").exit_code == 0


def test_another_folder(trades: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "no project"
    elsewhere.mkdir()
    result = run(elsewhere, "schema")
    assert (result.exit_code, "make one first: handouts new DIR" in result.stderr) == (1, True)
    assert "9 written" in run(elsewhere, "schema", "-o", "here").stdout
    (elsewhere / "here/brand.schema.json").write_text("")
    assert run(elsewhere, "schema", "--check", "-o", "here").stderr == (
        "error: here/brand.schema.json  is not what this version of handouts writes · run: handouts schema -o here\n"
    )
    (elsewhere / "file").write_text("")
    result = run(elsewhere, "schema", "-o", "file/below")
    assert result.exit_code == 1
    assert "error: file/below/front-matter.schema.json  cannot be written" in result.stderr


def test_the_docs_name_every_schema_and_its_files() -> None:
    page = (ROOT / "docs/commands/schema.md").read_text()
    [block] = re.findall(r"<!-- associations -->\n```toml\n(.*?)```", page, re.DOTALL)
    rules = tomllib.loads(block)["rule"]
    places = {rule["schema"]["path"]: rule["include"] for rule in rules}
    assert places == {
        f"schemas/{name}{schemas.ENDING}": [place] for name, place in PLACES.items() if name != "front-matter"
    }
    assert f"schemas/front-matter{schemas.ENDING}" in page


def test_descriptions_are_read_from_what_we_ship(trades: Path) -> None:
    """A project's own folder of docs is not asked."""
    (trades / "docs").mkdir()
    (trades / "docs/design.md").write_text("<!-- keys: Format -->\n| a | b | c |\n|---|---|---|\n| `title` | | x |\n")
    assert Project(trades).find("docs/design.md")
    run(trades, "schema")
    text = (trades / "schemas/format.schema.json").read_text()
    assert json.loads(text)["properties"]["title"]["description"] == "what it is called in messages"
