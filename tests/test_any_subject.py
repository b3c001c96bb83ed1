"""Nothing that ships for any subject knows ours, neither by words of imaging nor by names that our content has."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest
from trades import change

from handouts.document import compose
from handouts.material import gather
from handouts.project import Project

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = sorted((ROOT / "handouts").rglob("*.py"))
SHIPPED = Project(ROOT)

IMAGING = re.compile(
    r"ultras|\bmri\b|\bct\b|radiog|radiol|mammog|sonog|nuclear|x-ray|imaging|\bdose\b|medic|\bpatients\b|hospital|clinic",
    re.IGNORECASE,
)
# The only lines that may name our subject: examples in the help of commands. They name what is there after installing,
# so that they can be typed as they stand.
SPOKEN = {
    ("handouts/cli.py", "handouts build specialty ultrasound"),
    ("handouts/cli.py", 'handouts build specialty ct "Nuclear Medicine"'),
    ("handouts/cli.py", "handouts check specialty ultrasound --picture"),
    ("handouts/cli_merge.py", "handouts merge schools.csv specialty ultrasound ct"),
}
# Names of our sections and files that are also words of the code, and what they are there.
OTHERS = {
    "fit": "the key of a format, and what `impose --scale` does with a page",
    "path": "the key of a booklet's diagram, and an element of SVG",
    "words": "the name of an argument of the command line",
    "where": "a key of the JSON of `list --where`",
    "body": "an element of HTML",
    "names": "a key of profiles, and a method of the project",
    "warning": "a severity",
    "glance": "a key of the front matter",
    "growth": "what a fact of any field can be about: quantities.py prints its sign",
}


def lines_of_ours() -> list[tuple[str, str]]:
    """Every line that goes with any subject: code, templates, style sheets, labels. Drawings and the example of a brand
    are content: a project has its own."""
    folders = [("handouts", ".py"), ("templates", ".html"), ("templates", ".toml"), ("templates", ".csl")]
    folders += [("styles", ".css"), ("styles", ".toml"), ("content/labels", ".toml")]
    files = [path for folder, ending in folders for path in sorted((ROOT / folder).rglob(f"*{ending}"))]
    names = [path.relative_to(ROOT).as_posix() for path in files]
    return [
        (name, line.strip())
        for name, path in zip(names, files, strict=True)
        if not name.startswith("styles/brands/northgate/")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_no_line_names_our_subject() -> None:
    assert {(name, line) for name, line in lines_of_ours() if IMAGING.search(line)} == SPOKEN


def test_what_the_help_names_is_there() -> None:
    known = {*SHIPPED.subjects("specialties"), *SHIPPED.formats(), "schools.csv"}
    for _, line in SPOKEN:
        words = re.findall(r'"[^"]+"|[\w.-]+', line)[2:]
        said = [word.strip('"').lower().replace(" ", "-") for word in words if not word.startswith("--")]
        assert said and set(said) <= known, line


def names_of_ours() -> set[str]:
    """The folders, files and sections of our own content, and the kinds of chapter of our booklet."""
    kinds = {path.parent.name for path in ROOT.glob("content/*/*.md")}
    files = [(kind, slug) for kind in kinds for slug in SHIPPED.subjects(kind)]
    sections = {
        name for kind, slug in files for name in re.findall(r"\{#([\w-]+)\}", SHIPPED.text(f"content/{kind}/{slug}.md"))
    }
    chapters = SHIPPED.toml("templates/booklet/format.toml")["chapters"]
    found = kinds | {slug for _, slug in files} | sections | {name for name in chapters if name not in END_MATTER}
    assert {"specialties", "topics", "topic", "ultrasound", "duties", "path"} <= found
    return found


# Files of content/ that every project may have, and words of the trade.
END_MATTER = {"glossary", "references", "notes", "compare"}


def test_the_code_knows_no_name_of_our_content() -> None:
    ours = names_of_ours()
    said = set()
    for path in PACKAGE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said |= {node.value} & ours
                # Paths too: "content/specialties/…".
                said |= {part for part in node.value.split("/")[1:] if "content/" in node.value} & ours
    assert said - OTHERS.keys() == set()
    assert OTHERS.keys() - said == set(), "an exception that nothing needs any more"


def test_kinds_of_chapter_may_have_other_names(trades: Path) -> None:
    """The booklet of the small project is the same page for page, whatever its chapters are called."""
    before = compose(Project(trades), gather(Project(trades), "leaflet", ""), "letter")
    form = "templates/leaflet/format.toml"
    for kind, prints in (("lesson", "topic"), ("trades", "specialties"), ("table", "compare"), ("words", "glossary")):
        change(trades, form, f"[chapters.{prints}]", f'[chapters.{kind}]\nprints = "{prints}"')
        change(trades, "content/booklet.toml", f'kind = "{prints}"', f'kind = "{kind}"')
    change(trades, form, 'compares = "specialties"', 'compares = "trades"')
    after = compose(Project(trades), gather(Project(trades), "leaflet", ""), "letter")
    html = after.html.replace(after.revision, before.revision)
    # The names of kinds are the anchors of chapters without a subject.
    for kind, prints in (("trades", "specialties"), ("table", "compare")):
        html = html.replace(f'id="{kind}"', f'id="{prints}"').replace(f'href="#{kind}"', f'href="#{prints}"')
    assert html.replace('href="#words"', 'href="#glossary"') == before.html


def test_a_folder_of_content_may_have_another_name(trades: Path) -> None:
    """A format of two files prints what the shipped one does, from content that is not called specialties."""
    before = compose(Project(trades), gather(Project(trades), "specialty", "baker"), "letter")
    (trades / "content/specialties").rename(trades / "content/crafts")
    text = (ROOT / "templates/specialty/format.toml").read_text(encoding="utf-8")
    change(trades, "templates/craft/format.toml", "", text.replace('content = "specialties"', 'content = "crafts"'))
    change(trades, "templates/craft/page.html", "", '{% include "templates/specialty/page.html" %}')
    shutil.rmtree(trades / "templates/leaflet")
    after = compose(Project(trades), gather(Project(trades), "craft", "baker"), "letter")
    assert after.html.replace(after.revision, before.revision) == before.html


@pytest.mark.parametrize("word", ["specialt", "topic", "picture", "pay", "credential"])
def test_labels_speak_of_no_content(word: str) -> None:
    """What names a figure, a chapter or a drawing stands in the content; "Topic" is the name of a format's sheets."""
    labels = SHIPPED.toml("content/labels/en.toml")
    assert [key for key, label in labels.items() if word in str(label).lower() and key != "topic"] == []
