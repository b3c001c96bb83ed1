"""The README and the pages of docs/ are held to the code; `python tests/test_docs.py` writes the help blocks anew."""

from __future__ import annotations

import ast
import re
import shlex
import struct
from pathlib import Path

import click
import jinja2
import jinja2.meta
import pytest
from click.testing import CliRunner

from handouts import imprint
from handouts.cli import main
from handouts.content import load_format
from handouts.planning import plan
from handouts.preflight.table import every_rule
from handouts.project import Project
from handouts.report import ExitCode

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
COMMANDS = DOCS / "commands"
PAGES = [README, ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
PICTURES = DOCS / "pictures"

# Keys that no editor writes: the name of the table, or of the folder; what the command names.
NAMED_BY_PLACE = {"Fact": "id", "Chart": "name", "Format": "name", "Brand": "name", "Profile": "names"}
NOT_WRITTEN = {"Glance", "Kept", "Mark", "Section", "Setting", "Stretch", "Subject"}
AUDIENCES = {"specialty": "sheet", "topic": "handout"}
HELP_WIDTH = 100
# Formats that a reader makes while reading.
MADE_HERE = {"poster", "card"}
# Commands for few: the README has no room for them, and leads to the pages of all.
NOT_IN_README = {"schema"}

FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")
HELP = re.compile(r"(<!-- help: (handouts[ \w-]*) -->\n)(?:\n```text\n.*?\n```\n)?", re.DOTALL)
RULES = re.compile(r"(<!-- rules -->\n)(?:\|.*\n)*")
PLACEHOLDER = re.compile(r"[A-Z]{3,}|\[.*|\S*…")

# What a page of a command has, in this order; others may stand between, and those in brackets may be missing.
HEADINGS = ("Synopsis", "Examples", "(Files)", "Exit codes", "See also")

on_every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def code_lines(text: str) -> list[str]:
    """Lines of fenced blocks, and code in running text, without comments and indents."""
    blocks = [line for block in FENCE.findall(text) for line in block.splitlines()]
    spans = [span for _, span in SPAN.findall(FENCE.sub("", text))]
    return [re.sub(r"\s+#.*", "", line).strip() for line in [*blocks, *spans]]


def commands(text: str) -> list[list[str]]:
    """The arguments of every `handouts …` in the code of a page."""
    found = (re.fullmatch(r"(?:\S*/)?handouts (.+)", line) for line in code_lines(text))
    return [shlex.split(match[1]) for match in found if match]


def table(page: Path, marker: str) -> list[list[str]]:
    """Cells of the table that follows a `<!-- marker -->`, without its head."""
    _, found, rest = page.read_text(encoding="utf-8").partition(f"<!-- {marker} -->\n")
    assert found, f"{page.name} has no <!-- {marker} -->"
    rows = [line for line in rest.split("\n\n")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def names(cell: str) -> list[str]:
    return re.findall(r"`([\w./-]+)", cell)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def with_help(text: str) -> str:
    """A page of commands with what `--help` prints under each of its markers."""

    def block(match: re.Match[str]) -> str:
        arguments = [*match[2].split()[1:], "--help"]
        printed = CliRunner().invoke(main, arguments, prog_name="handouts", terminal_width=HELP_WIDTH)
        assert printed.exit_code == 0, printed.output
        lines = [line.rstrip() for line in printed.output.rstrip().splitlines()]
        return f"{match[1]}\n```text\n{chr(10).join(lines)}\n```\n"

    return HELP.sub(block, text)


def with_rules(text: str) -> str:
    """The page of preflight with the table of all rules under its marker."""
    rows = [f"| `{rule.id}` | {rule.severity} | {rule.applies} | {rule.asks} |" for rule in every_rule().values()]
    head = "| id | severity | applies to | what is right |\n|---|---|---|---|"
    return RULES.sub(lambda match: f"{match[1]}{head}\n{chr(10).join(rows)}\n", text)


def test_every_rule_of_preflight_is_told() -> None:
    text = (DOCS / "preflight.md").read_text(encoding="utf-8")
    assert with_rules(text) == text
    lines = (line for line in text.splitlines() if line.startswith("- **`"))
    told = {name for line in lines for name in re.findall(r"\*\*`([\w-]+)`", line)}
    assert told == set(every_rule())


def test_the_readme_stays_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 90


def test_the_readme_counts_the_subjects() -> None:
    words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    text, project = " ".join(README.read_text(encoding="utf-8").split()), Project(ROOT)
    specialties, topics = (words[len(project.subjects(kind))] for kind in ("specialties", "topics"))
    assert f"{specialties} one-page sheets, {topics} classroom handouts" in text


def test_the_readme_names_what_there_is_to_edit() -> None:
    paths = {line for line in code_lines(README.read_text(encoding="utf-8")) if re.fullmatch(r"[\w./-]+", line)}
    edited = {path for path in paths if path.split("/")[0] in ("content", "styles", "templates", "handouts.toml")}
    assert {"content/facts.toml", "styles/", "templates/", "handouts.toml"} <= edited
    assert [path for path in sorted(edited) if not (ROOT / path).exists()] == []


@on_every_page
def test_every_command_is_one(page: Path) -> None:
    # With the group's own settings: Click keeps the help option that a command is first asked for.
    group = click.Context(main, info_name="handouts", **main.context_settings)
    for name, *arguments in commands(page.read_text(encoding="utf-8")):
        if name.startswith("-"):
            assert any(name in option.opts for option in main.get_params(group)), name
            continue
        assert name in main.commands, f"handouts {name}"
        if not arguments or any(PLACEHOLDER.fullmatch(argument) for argument in arguments):
            continue
        try:
            context = main.commands[name].make_context(name, list(arguments), parent=group)
        except click.exceptions.Exit as printed:  # an option that prints something, and that is all
            assert printed.exit_code == 0
            continue
        if name == "build" and context.params["format_name"] not in MADE_HERE:
            assert plan(Project(ROOT), context.params["format_name"], context.params["subjects"])


@on_every_page
def test_every_target_of_make_is_one(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {line.split()[1] for line in code_lines(page.read_text(encoding="utf-8")) if re.match(r"make \w", line)}
    assert named <= targets


def test_the_readme_gives_every_command() -> None:
    text = README.read_text(encoding="utf-8")
    assert {"make booklet", "make test"} <= set(code_lines(text))
    assert {name for name, *_ in commands(text)} == set(main.commands) - NOT_IN_README


@on_every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = SPAN.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


def test_the_readme_shows_its_pictures() -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(docs/pictures/([\w-]+\.png)\)", README.read_text(encoding="utf-8"))
    assert {name for _, name in shown} == {path.name for path in PICTURES.iterdir()} == {"one-pager.png", "spread.png"}
    for words, name in shown:
        data = (PICTURES / name).read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", data[16:24])
        assert width > 400 and height > 400
        assert len(data) < 250_000
        assert len(words.split()) > 5, f"{name} has no alternative text"


def documented_models() -> dict[str, Path]:
    return {
        name: page
        for page in sorted(DOCS.glob("*.md"))
        for name in re.findall(r"<!-- keys: (\w+) -->", page.read_text(encoding="utf-8"))
    }


def test_every_noun_that_is_written_is_documented() -> None:
    assert set(documented_models()) == {noun.__name__ for noun in imprint.Noun.__subclasses__()} - NOT_WRITTEN


@pytest.mark.parametrize("name", documented_models())
def test_documented_keys_are_those_of_the_model(name: str) -> None:
    rows = table(documented_models()[name], f"keys: {name}")
    noun = next(noun for noun in imprint.Noun.__subclasses__() if noun.__name__ == name)
    fields = {key: field for key, field in noun.model_fields.items() if key != NAMED_BY_PLACE.get(name)}
    documented = [key for row in rows for key in names(row[0])]
    assert sorted(documented) == sorted(fields)
    always = {key for row in rows for key in names(row[0]) if row[1] == "always"}
    assert always == {key for key, field in fields.items() if field.is_required()}


@pytest.mark.parametrize("form", AUDIENCES)
def test_documented_needs_are_those_of_the_format(form: str) -> None:
    needs, word = load_format(Project(ROOT), form), AUDIENCES[form]

    def needed(marker: str) -> set[str]:
        return {key for row in table(DOCS / "content.md", marker) if word in row[1] for key in names(row[0])}

    assert needed("keys: FrontMatter") == set(needs.requires)
    assert needed(f"sections: {form}") == set(needs.sections)


def test_documented_properties_are_those_of_the_style_sheet() -> None:
    documented = [name for row in table(DOCS / "design.md", "tokens") for name in names(row[0])]
    text = (ROOT / "styles/base/tokens.css").read_text(encoding="utf-8")
    assert sorted(documented) == sorted(re.findall(r"^\s+(--[\w-]+):", text, re.MULTILINE))


def test_documented_names_are_those_that_templates_use() -> None:
    documented = {name for row in table(DOCS / "design.md", "names") for name in names(row[0])}
    environment = jinja2.Environment()
    environment.filters |= {"breakable": str, "bound": str, "held": str, "measured": str, "parted": str}
    trees = [environment.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "templates").rglob("*.html")]
    used = {name for tree in trees for name in jinja2.meta.find_undeclared_variables(tree)}
    filters = {node.name for tree in trees for node in tree.find_all(jinja2.nodes.Filter)}
    used |= filters - set(jinja2.Environment().filters)
    assert used <= documented
    # Given to templates too, and not used by ours.
    assert documented - used <= {"event", "subjects"}


def imports(path: Path) -> set[str]:
    """First parts of the names that a module of the package imports from the package."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "handouts":
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("handouts.")}
    return found


def modules() -> list[Path]:
    return [path for path in sorted((ROOT / "handouts").rglob("*.py")) if not path.stem.startswith("__")]


def test_every_module_has_its_line() -> None:
    lines = [name for row in table(DOCS / "architecture.md", "modules") for name in names(row[0])]
    assert sorted(lines) == sorted(path.relative_to(ROOT / "handouts").as_posix() for path in modules())


def documented_commands() -> dict[str, list[str]]:
    """The pages that the commands ask for, each with its help blocks: "brand" has those of its own commands too."""
    inner = {name: getattr(command, "commands", {}) for name, command in main.commands.items()}
    return {"README": ["handouts"]} | {
        name: [f"handouts {name}", *(f"handouts {name} {one}" for one in sorted(inner[name]))] for name in inner
    }


def test_every_command_has_its_page() -> None:
    pages = {path.stem for path in COMMANDS.glob("*.md")}
    assert pages == set(documented_commands()), "docs/commands/README.md tells how to add a page"
    rows = table(COMMANDS / "README.md", "commands")
    assert sorted(row[0] for row in rows) == [f"[`handouts {name}`]({name}.md)" for name in sorted(main.commands)]


@pytest.mark.parametrize("name", documented_commands())
def test_help_is_fresh(name: str) -> None:
    text = (COMMANDS / f"{name}.md").read_text(encoding="utf-8")
    assert sorted(shown for _, shown in HELP.findall(text)) == documented_commands()[name]
    assert with_help(text) == text, "run python tests/test_docs.py"


@pytest.mark.parametrize("name", main.commands)
def test_a_page_of_a_command_has_its_parts(name: str) -> None:
    text = (COMMANDS / f"{name}.md").read_text(encoding="utf-8")
    title, *headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    assert title == f"handouts {name}"
    known = [heading.strip("()") for heading in HEADINGS]
    given = [heading for heading in headings if heading in known]
    assert given == [heading for heading in known if heading in given]
    assert {heading for heading in HEADINGS if heading in known} <= set(given)
    purpose = text.partition("\n## ")[0].split("\n", 1)[1].strip()
    assert purpose.endswith(".") and len(purpose.split()) >= 5
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]
    assert codes == sorted(codes) and set(codes) <= {code.value for code in ExitCode}


def test_exit_codes_are_documented() -> None:
    text = (COMMANDS / "README.md").read_text(encoding="utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == {code.value for code in ExitCode}


if __name__ == "__main__":
    for page in COMMANDS.glob("*.md"):
        page.write_text(with_help(page.read_text(encoding="utf-8")), encoding="utf-8")
    page = DOCS / "preflight.md"
    page.write_text(with_rules(page.read_text(encoding="utf-8")), encoding="utf-8")
