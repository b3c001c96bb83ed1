"""Front matter, Markdown and TOML read into the nouns, with the line of every mistake."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import yaml
from pydantic import ValidationError

from handouts.findings import Finding, Findings
from handouts.model import (
    Booklet,
    Brand,
    Chart,
    Event,
    Fact,
    Format,
    FrontMatter,
    Ink,
    Noun,
    Section,
    Subject,
)
from handouts.project import Project
from handouts.prose import nearest, read_sections

N = TypeVar("N", bound=Noun)
_FENCE = "---"


def load_subject(project: Project, kind: str, slug: str) -> Subject:
    """Read `content/KIND/SLUG.md`; Findings hold everything that is wrong with it."""
    file = f"content/{kind}/{slug}.md"
    source = project.text(file)
    head, body, body_line = split_front_matter(source, file)
    findings: list[Finding] = []
    front = _front_matter(head, file, findings)
    sections, more = read_sections(body, file, body_line, lambda path: project.find(path) is not None)
    findings += more
    if findings or front is None:
        raise Findings(findings)
    return Subject(slug=slug, kind=kind, file=file, front=front, sections=tuple(sections))


def split_front_matter(source: str, file: str) -> tuple[str, str, int]:
    """Cut a content file into its YAML head, its text, and the line the text begins on."""
    lines = source.split("\n")
    if not source.strip():
        raise Findings([Finding(file, 1, "this file is empty", "start it with the front matter: ---, title: …, ---")])
    if lines[0].rstrip() != _FENCE:
        raise Findings(
            [
                Finding(
                    file,
                    1,
                    "the front matter is missing",
                    "begin the file with a line ---, then title: and the other keys, then a line ---",
                )
            ]
        )
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in (_FENCE, "...")), None)
    if end is None:
        raise Findings(
            [Finding(file, 1, "the front matter is never closed", "end it with a line of three hyphens: ---")]
        )
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _front_matter(head: str, file: str, findings: list[Finding]) -> FrontMatter | None:
    """The YAML head as a record; a mistake is a finding with its line in the file (the head begins on line 2)."""
    try:
        node = yaml.compose(head, Loader=yaml.SafeLoader)
        data = yaml.safe_load(head)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        findings.append(
            Finding(
                file,
                (mark.line if mark else 0) + 2,
                f"the front matter is not valid YAML: {problem}",
                'put text that holds a colon or a quote between "double quotes"',
            )
        )
        return None
    if not isinstance(data, dict):
        findings.append(Finding(file, 2, "the front matter holds no keys", "write lines such as title: Ultrasound"))
        return None
    lines = {key.value: key.start_mark.line + 2 for key, _ in node.value}
    for number, (key, _) in enumerate(node.value):
        if any(key.value == other.value for other, _ in node.value[:number]):
            findings.append(Finding(file, key.start_mark.line + 2, f'the key "{key.value}" is here twice', "keep one"))
    return validate(FrontMatter, data, file, findings, lambda key: lines.get(key, 1))


def validate(
    noun: type[N],
    data: Mapping[str, object],
    file: str,
    findings: list[Finding],
    line_of: Callable[[str], int] = lambda key: 0,
    where: str = "",
) -> N | None:
    """Make a record, or add a plain sentence for each key that is unknown, missing or of the wrong kind."""
    try:
        return noun.model_validate(data)
    except ValidationError as error:
        for problem in error.errors():
            path = [str(part) for part in problem["loc"]]
            key = path[0] if path else ""
            name = where + ".".join(path)
            if problem["type"] == "extra_forbidden":
                known = [field for field in noun.model_fields if field not in data]
                message, hint = f'unknown key "{name}"', nearest(key, known) if len(path) == 1 else "delete it"
            elif problem["type"] == "missing":
                message, hint = f'the key "{name}" is missing', f"add {path[-1]}"
            elif key == "reviewed":
                message, hint = '"reviewed" is not a month', "write the year and the month, such as 2026-11"
            else:
                message = f'"{name}" cannot be {json.dumps(problem["input"], default=str, ensure_ascii=False)[:60]}'
                hint = problem["msg"].removeprefix("Value error, ").replace("Input should", "it should")
            findings.append(Finding(file, line_of(key), message, hint))
        return None


def key_lines(text: str) -> dict[str, int]:
    """Lines of the top-level tables and keys of a TOML text, for findings."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if match := re.match(r'\s*(?:\[+\s*)?"?([\w-]+)"?\s*(?:[\]=.]|$)', line):
            lines.setdefault(match[1], number)
    return lines


def _load_table(project: Project, file: str, noun: type[N], named: str = "name") -> dict[str, N]:
    """A TOML file of tables as records by name; the table's name becomes the record's `named` key."""
    data, lines = project.toml(file), key_lines(project.text(file))
    findings: list[Finding] = []
    records: dict[str, N] = {}
    for name, table in data.items():
        if not isinstance(table, dict):
            findings.append(
                Finding(file, lines.get(name, 0), f'"{name}" stands outside a table', f"put it under [{name}]")
            )
            continue
        extra = {named: name} if named in noun.model_fields else {}
        line = lines.get(name, 0)
        if record := validate(noun, {**table, **extra}, file, findings, lambda _, line=line: line, f"{name}."):
            records[name] = record
    if findings:
        raise Findings(findings)
    return records


def load_facts(project: Project) -> dict[str, Fact]:
    return _load_table(project, "content/facts.toml", Fact, "id") if project.find("content/facts.toml") else {}


def load_charts(project: Project) -> dict[str, Chart]:
    return _load_table(project, "content/charts.toml", Chart) if project.find("content/charts.toml") else {}


def load_palette(project: Project) -> dict[str, Ink]:
    return _load_table(project, "styles/palette.toml", Ink)


def load_references(project: Project) -> dict[str, dict[str, object]]:
    """CSL-JSON entries by id."""
    file = "content/references.json"
    if not project.find(file):
        return {}
    try:
        entries = json.loads(project.text(file))
    except json.JSONDecodeError as error:
        raise Findings(
            [
                Finding(
                    file,
                    error.lineno,
                    f"is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}",
                    "check commas, quotes and brackets near this line",
                )
            ]
        ) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and entry.get("id") for entry in entries):
        raise Findings(
            [Finding(file, 1, "is not a list of references, each with an id", "export your references as CSL-JSON")]
        )
    findings = [
        Finding(file, 0, f'two references have the id "{entry["id"]}"', "rename one")
        for number, entry in enumerate(entries)
        if any(entry["id"] == other["id"] for other in entries[:number])
    ]
    if findings:
        raise Findings(findings)
    return {str(entry["id"]): entry for entry in entries}


def load_glossary(project: Project) -> dict[str, str]:
    """Terms with their definitions, in the order they are printed: alphabetical without regard to case."""
    file = "content/glossary.toml"
    if not project.find(file):
        return {}
    terms = project.toml(file)
    findings = [
        Finding(file, 0, f'"{term}" has no definition', 'write "term" = "what it means"')
        for term, meaning in terms.items()
        if not isinstance(meaning, str) or not meaning.strip()
    ]
    if findings:
        raise Findings(findings)
    return {term: str(terms[term]) for term in sorted(terms, key=str.casefold)}


def load_format(project: Project, name: str) -> Format:
    file = f"templates/{name}/format.toml"
    return _load_record(project, file, Format, {"name": name})


def load_brand(project: Project, name: str) -> Brand:
    return _load_record(project, f"styles/brands/{name}/brand.toml", Brand, {"name": name})


def load_booklet(project: Project) -> Booklet:
    return _load_record(project, "content/booklet.toml", Booklet, {})


def load_labels(project: Project, language: str) -> dict[str, object]:
    """The interface words of a language; what the project does not translate itself comes from ours."""
    return project.toml(f"content/labels/{language}.toml")


def load_event(project: Project) -> Event:
    """The occasion named in `handouts.toml`, empty when none is."""
    findings: list[Finding] = []
    event = validate(Event, project.settings().get("event", {}), "handouts.toml", findings, where="event.")
    if event is None:
        raise Findings(findings)
    return event


def _load_record(project: Project, file: str, noun: type[N], extra: Mapping[str, object]) -> N:
    data, lines = project.toml(file), key_lines(project.text(file))
    findings: list[Finding] = []
    record = validate(noun, {**data, **extra}, file, findings, lambda key: lines.get(key, 0))
    if record is None:
        raise Findings(findings)
    return record


def check_subject(
    subject: Subject, form: Format, facts: Mapping[str, Fact], references: Iterable[str]
) -> list[Finding]:
    """What a format needs of a content file and the file lacks, and every id it names that is not there."""
    findings: list[Finding] = []
    named = {section.name: section for section in subject.sections}
    for key in form.requires:
        if not getattr(subject.front, key):
            findings.append(
                Finding(subject.file, 1, f'the {form.title} needs "{key}" in the front matter', f"add {key}:")
            )
    for name in form.sections:
        if name not in named:
            findings.append(
                Finding(
                    subject.file,
                    0,
                    f"the {form.title} needs the section {{#{name}}}, which is missing",
                    f"add a heading such as ## … {{#{name}}} with its text",
                )
            )
        elif not named[name].html.strip():
            findings.append(
                Finding(subject.file, named[name].line, f"the section {{#{name}}} is empty", "write its text")
            )
    for item in (*subject.front.glance, *subject.front.figures):
        findings += _check_id(item.fact, True, subject.file, 1, facts, ())
    for section in subject.sections:
        findings += check_marks(section, subject.file, facts, references)
    return findings


def check_marks(section: Section, file: str, facts: Mapping[str, Fact], references: Iterable[str]) -> list[Finding]:
    """Ids in a section's marks that name neither a fact nor a reference, and facts that nobody has verified."""
    return [
        finding
        for mark in section.marks
        for key in mark.keys
        for finding in _check_id(key, mark.figure, file, mark.line, facts, references)
    ]


def _check_id(
    key: str, figure: bool, file: str, line: int, facts: Mapping[str, Fact], references: Iterable[str]
) -> list[Finding]:
    if key in facts:
        if facts[key].confidence == "verified":
            return []
        return [
            Finding(
                file,
                line,
                f'the fact "{key}" is not verified, so it is not printed',
                "verify it in content/facts.toml, or take it out of the text",
            )
        ]
    if not figure and key in references:
        return []
    known = [*facts] if figure else [*facts, *references]
    kind = "fact" if figure else "fact or reference"
    return [Finding(file, line, f'no {kind} has the id "{key}"', nearest(key, known) if known else "add it")]
