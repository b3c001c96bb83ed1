"""Front matter, Markdown and TOML read into the nouns, with the line of every mistake."""

from __future__ import annotations

import json
import re

import yaml

from handouts.contact import is_web_address
from handouts.findings import Finding, Findings, nearest
from handouts.model import (
    Booklet,
    Chapter,
    Chart,
    Fact,
    Format,
    FrontMatter,
    Ink,
    Settings,
    Subject,
)
from handouts.project import FILE, Project
from handouts.prose import read_sections
from handouts.records import TomlLines, load_record, load_table, validate

_FENCE = "---"
# What the YAML library says, in words of people who never heard of blocks and mappings.
_PLAIN_PROBLEMS = {
    "expected <block end>, but found '<block sequence start>'": "the lines do not line up",
    "expected <block end>, but found '<block mapping start>'": "the lines do not line up",
    "expected <block end>, but found '-'": "the lines do not line up",
    "mapping values are not allowed here": "a colon stands where none is expected",
    "could not find expected ':'": "a key has no colon after it",
}


def load_subject(project: Project, kind: str, slug: str) -> Subject:
    """Read `content/KIND/SLUG.md`; Findings hold everything that is wrong with it by itself."""
    subject, findings = read_subject(project, kind, slug)
    if subject is None or findings:
        raise Findings(findings)
    return subject


def read_subject(project: Project, kind: str, slug: str) -> tuple[Subject | None, list[Finding]]:
    """A content file as far as it can be read, with its findings; Findings are raised where it cannot be at all."""
    file = f"content/{kind}/{slug}.md"
    source = project.text(file)
    head, body, body_line = split_front_matter(source, file)
    findings: list[Finding] = []
    front = _front_matter(head, file, findings)
    sections, more = read_sections(body, file, body_line, project.peek)
    findings += more
    if "%" in slug:
        findings.append(Finding(file, 0, "the sign % in a file's name breaks the links to it", "rename the file"))
    if front is None:
        return None, findings
    return Subject(slug=slug, kind=kind, file=file, front=front, sections=tuple(sections)), findings


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
        findings.append(_yaml_finding(error, file))
        return None
    except RecursionError:
        findings.append(Finding(file, 2, "the front matter is nested too deeply", "write lists and single values"))
        return None
    except ValueError as error:  # a date such as 2026-13-01
        hint = 'mend the date, or put it between "double quotes"'
        message = f"the front matter holds a date that is none: {error}"
        findings.append(Finding(file, _bad_value(node) + 2, message, hint))
        return None
    if not isinstance(data, dict):
        findings.append(Finding(file, 2, "the front matter holds no keys", "write lines such as title: My subject"))
        return None
    lines: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 2
        if key.value in lines:
            message = f'the key "{key.value}" is here twice'
            findings.append(Finding(file, line, message, f"keep this one or the one on line {lines[key.value]}"))
        lines.setdefault(key.value, line)
    named = {str(key): value for key, value in data.items()}
    return validate(FrontMatter, named, file, findings, lambda path: lines.get(path[0], 1) if path else 1)


def _yaml_finding(error: yaml.YAMLError, file: str) -> Finding:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = _PLAIN_PROBLEMS.get(error.problem, error.problem) if getattr(error, "problem", None) else "cannot be read"
    if "'\\t'" in problem:
        hint = "indent with spaces, not with a tab"
    elif "line up" in problem:
        hint = "begin every key at the left edge, and every item of a list with the same number of spaces"
    elif "constructor" in problem:
        hint = 'put text that begins with ! between "double quotes"'
    else:
        hint = 'put text that holds a colon or a quote between "double quotes"'
    return Finding(file, (mark.line if mark else 0) + 2, f"the front matter is not valid YAML: {problem}", hint)


def _bad_value(node: yaml.MappingNode) -> int:
    """The line, from 0, of the value that cannot be made."""
    for key, value in node.value:
        try:
            yaml.SafeLoader("").construct_object(value, deep=True)
        except ValueError:
            return key.start_mark.line
    return 0


def load_facts(project: Project) -> dict[str, Fact]:
    return load_table(project, "content/facts.toml", Fact, "id") if project.find("content/facts.toml") else {}


def load_charts(project: Project) -> dict[str, Chart]:
    return load_table(project, "content/charts.toml", Chart) if project.find("content/charts.toml") else {}


def load_palette(project: Project) -> dict[str, Ink]:
    return load_table(project, "styles/palette.toml", Ink)


def load_references(project: Project) -> dict[str, dict[str, object]]:
    """CSL-JSON entries by id."""
    file = "content/references.json"
    if not project.find(file):
        return {}
    text = project.text(file)
    if not text.strip():
        raise Findings([Finding(file, 1, "this file is empty", "write [] for no references, or delete it")])
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise Findings(
            [Finding(file, error.lineno, message, "check commas, quotes and brackets on this line and the one before")]
        ) from error
    except RecursionError as error:
        raise Findings([Finding(file, 1, "is nested too deeply", "export your references as CSL-JSON")]) from error
    if not isinstance(entries, list):
        raise Findings([Finding(file, 1, "is not a list of references", "export your references as CSL-JSON")])
    findings = []
    known: dict[str, dict[str, object]] = {}
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"]:
            findings.append(Finding(file, 0, f"reference {number} has no id", 'give it an "id", a word in quotes'))
        elif entry["id"] in known:
            lines = id_lines(text, entry["id"])
            message = f'two references have the id "{entry["id"]}"'
            findings.append(Finding(file, lines[-1], message, f"rename one; the other is on line {lines[0]}"))
        else:
            known[entry["id"]] = entry
    if findings:
        raise Findings(findings)
    return known


def id_lines(text: str, name: str) -> list[int]:
    """The lines of a JSON text on which entries get this id; [0] where it is written in another way."""
    given = re.compile(rf'"id"\s*:\s*{re.escape(json.dumps(name, ensure_ascii=False))}')
    return [text.count("\n", 0, match.start()) + 1 for match in given.finditer(text)] or [0]


def load_glossary(project: Project) -> dict[str, str]:
    """Terms with their definitions, in the order they are printed: alphabetical without regard to case."""
    file = "content/glossary.toml"
    if not project.find(file):
        return {}
    terms, lines = project.toml(file), TomlLines(project.text(file))
    findings = [
        Finding(file, lines.line((term,)), f'"{term}" has no definition', f'write "{term}" = "what it means"')
        for term, meaning in terms.items()
        if not isinstance(meaning, str) or not meaning.strip()
    ]
    if findings:
        raise Findings(findings)
    return {term: str(terms[term]) for term in sorted(terms, key=str.casefold)}


def load_format(project: Project, name: str) -> Format:
    """The `format.toml` of a folder of `templates/`, with everything that it names."""
    file = f"templates/{name}/format.toml"
    form = load_record(project, file, Format, {"name": name})
    lines = TomlLines(project.text(file))
    findings = []
    if form.pages[0] > form.pages[1]:
        message = f"the fewest pages, {form.pages[0]}, are more than the most, {form.pages[1]}"
        findings.append(Finding(file, lines.line(("pages",)), message, "write the smaller number first"))
    if form.scope == "each" and not form.content:
        message = 'the key "content" is missing, which a format of scope "each" needs'
        findings.append(Finding(file, lines.line(("scope",)), message, "name a folder of content/"))
    for kind, told in form.chapters.items():
        for key, words, known in (
            ("needs", told.needs, list(Chapter.model_fields)),
            ("compares", (told.compares,) if told.compares else (), list(form.chapters)),
        ):
            line = lines.line(("chapters", kind, key))
            what = "key of a chapter" if key == "needs" else "kind of chapter"
            for word in (word for word in words if word not in known):
                findings.append(Finding(file, line, f'there is no {what} "{word}"', nearest(word, known)))
    wanted = [
        (f"templates/{name}/page.html", "scope", "the page of this format"),
        (f"templates/citations/{form.citations}.csl", "citations", f'the citation style "{form.citations}"'),
        *((f"styles/{style}", "styles", f'the style sheet "{style}"') for style in form.styles),
        *((f"styles/papers/{sheet}.css", "papers", f'the paper "{sheet}"') for sheet in form.papers.values()),
    ]
    for path, key, what in wanted:
        if project.find(path) is None:
            folder, _, last = path.rpartition("/")
            stem, ending = last.split(".", 1)
            others = [one.rpartition("/")[2].removesuffix(f".{ending}") for one in project.names(folder, f"*.{ending}")]
            near = nearest(stem, others) if key != "scope" else ""
            hint = f"{near} Or add {path}" if near.endswith("?") else f"add {path}"
            findings.append(Finding(file, lines.line_with(f'"{stem}', (key,)), f"{what} is missing", hint))
    if findings:
        raise Findings(findings)
    return form


def check_address(key: str, url: str, file: str, line: int) -> list[Finding]:
    """A web address is printed as a QR code too, so it must be whole."""
    if not url or is_web_address(url):
        return []
    message = f'"{key}" is not a web address: {url}'
    return [Finding(file, line, message, "copy it whole, with its https:// and without spaces")]


def load_booklet(project: Project) -> Booklet:
    return load_record(project, "content/booklet.toml", Booklet)


def load_labels(project: Project, language: str) -> dict[str, object]:
    """The interface words of a language. A copy of our own must hold every word that ours holds, in the same form."""
    file = f"content/labels/{language}.toml"
    labels, lines = project.toml(file), TomlLines(project.text(file))
    findings = []
    ours = project.shipped.toml("content/labels/en.toml")
    for name, word in ours.items():
        if name not in labels:
            findings.append(Finding(file, 0, f'the label "{name}" is missing', f"add {name} = {json.dumps(word)}"))
        elif isinstance(word, str) and not isinstance(labels[name], str):
            message, hint = f'the label "{name}" is not text', f"write it between quotes, such as {json.dumps(word)}"
            findings.append(Finding(file, lines.line((name,)), message, hint))
        elif isinstance(word, list) and not _are_words(labels[name], len(word)):
            message = f'the label "{name}" is not a list of {len(word)} words'
            findings.append(Finding(file, lines.line((name,)), message, f"write {json.dumps(word[:2])[:-1]}, …]"))
    if findings:
        raise Findings(findings)
    return labels


def _are_words(value: object, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(isinstance(word, str) for word in value)


def load_settings(project: Project) -> Settings:
    """The series and the occasion named in `handouts.toml`; both are empty where there is none."""
    return load_record(project, FILE, Settings) if project.find(FILE) else Settings()
