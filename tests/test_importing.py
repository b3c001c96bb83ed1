"""A folder of other people's Markdown becomes a project: what is carried over, what is left out, and how it is told."""

from __future__ import annotations

import os
from pathlib import Path

import foreign_texts
import pytest
from click.testing import CliRunner

from handouts.cli import main
from handouts.content import read_subject
from handouts.findings import Findings
from handouts.importing.importing import Imported, import_folder
from handouts.project import Project


def imported(tmp_path: Path, files: dict[str, str | bytes]) -> Imported:
    folder = tmp_path / "texts"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_folder(folder, tmp_path / "project")


def article(tmp_path: Path, text: str | bytes, name: str = "text.md") -> str:
    """The text under the front matter that a file becomes."""
    made = imported(tmp_path, {name: text})
    return made.articles[0].text.split("---\n", 2)[2].strip()


def told(made: Imported) -> list[str]:
    return [str(finding) for finding in made.findings if finding.file != "content/articles"]


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Imported]:
    root = tmp_path_factory.mktemp("foreign")
    source = foreign_texts.write_folder(root / "shelf-notes")
    return root / "shelf", import_folder(source, root / "shelf")


def test_thirty_files_are_carried_over_and_counted(thirty: tuple[Path, Imported]) -> None:
    root, made = thirty
    assert len(made.articles) == foreign_texts.ARTICLES
    assert [(one.source, dict(one.lost.words), one.lost.items) for one in made.articles if one.lost.total] == []
    assert made.lines() == [
        "30 files, 1,525 words and 41 list items, 2 pictures: all carried over but for 8 words, left out with what is "
        "told below"
    ]
    assert not {"failed", "plain"} & {kind for one in made.articles for kind in one.left.places}
    assert (root / "handouts.toml").read_text(encoding="utf-8").endswith('series = "Shelf notes"\n')
    assert sorted(path.name for path in (root / "content/articles/pictures").iterdir()) == ["plane.svg", "shelf.png"]


def test_our_own_reader_finds_nothing_wrong_in_them(thirty: tuple[Path, Imported]) -> None:
    project = Project(thirty[0])
    for slug in project.subjects("articles"):
        assert read_subject(project, "articles", slug)[1] == [], slug


def test_each_kind_that_is_left_out_is_told_once(thirty: tuple[Path, Imported]) -> None:
    said = [str(finding).split(" · ")[0] for finding in thirty[1].findings]
    assert said == [
        "README.md:1  3 badges from the network are left out (Build, Chat, Coverage)",
        "binary.md  1 file called Markdown holds no text, and is left out",
        "content/articles  30 articles say no month in which somebody last checked the words",
        "deep.md:7  9 lists nested too deeply go on at the level before; also deep.md:8, deep.md:9 and 6 more",
        "diagram.md:3  1 diagram written as code is printed as code (mermaid)",
        "emoji.md:1  4 signs without a letter in our fonts are left out (🎉, 🚀, 🔧 …); also emoji.md:3, emoji.md:5 "
        "and 1 more",
        "emoji.md:3  3 icons by name are left out, or printed as a word (:material-check:, :rocket:, :wrench:); also "
        "emoji.md:6",
        "empty.md  1 file holds no words, and is left out",
        "front-toml.md:3  4 keys of another program's front matter are left out (draft, date, tags …); also "
        "front-yaml.md:3, front-yaml.md:4 and 1 more",
        "html.md:13  1 list item in a line or a cell of a table is printed as words of it",
        "html.md:26  1 frame, film or form is left out (iframe)",
        "html.md:26  1 script or style in the text is left out (script)",
        "latin.md  2 files are no UTF-8, and were read by guess (Windows text, UTF-16); also utf16.md",
        "linked.md  1 link to another file or folder is left out",
        "links.md:3  6 links to another file or place are printed as plain words (borrowing/rules.md#top, #links, "
        "http:// …); also README.md:6, table-cells.md:3",
        "links.md:8  1 picture from the network is not fetched: its words are printed (far)",
        "links.md:8  1 picture has no description, and got the file's name (pictures/shelf.png)",
        "links.md:8  1 picture is missing, or of a kind that cannot be printed: the description is (pictures/gone.png)",
        "no-heading.md  2 articles have no heading of the first level, and are named after the file (No heading, "
        "Borrowing); also borrowing/README.md",
        "variables.md:1  5 variables of another program, in braces, are printed as written ({{ site.title }}, "
        "{{ page.version | upcase }}, {% if admin %} …); also variables.md:3",
    ]
    assert all(finding.severity == "warning" and finding.hint for finding in thirty[1].findings)


def test_they_build_and_say_nothing_but_what_is_known(thirty: tuple[Path, Imported]) -> None:
    """The pictures of the folder are coarse, which every build tells; nothing else is wrong with thirty articles."""
    root, made = thirty
    before = os.getcwd()
    os.chdir(root)
    try:
        result = CliRunner().invoke(main, ["build", "all", "--jobs", "1"])
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.output
    assert [line for line in result.stderr.splitlines() if "prints at 160 ppi; sharp print needs 300" not in line] == []
    assert len(list((root / "output/article").glob("*.pdf"))) == len(made.articles)


def test_names_are_joined_and_never_twice(tmp_path: Path) -> None:
    names = ("a/b.md", "a-b.md", "c/b.md", "A/B.MD", "x y.es.md", "ü.md")
    made = imported(tmp_path, dict.fromkeys(names, "Words.\n"))
    slugs = {one.source: one.slug for one in made.articles}
    assert slugs["c/b.md"] == "c-b"
    assert sorted(slugs.values()) == ["a-b", "a-b-2", "a-b-3", "c-b", "x-y-es", "ü"]
    assert sorted(Project(tmp_path / "project").subjects("articles")) == sorted(slugs.values())


TITLES = {
    "# The *first* one\n\n# Second\n": "The first one",
    "Words\n\nA head\n===\n": "A head",
    "## Lower\n\nWords\n": "My file",
    '---\ntitle: "Front: yes"\n---\n# Other\n': "Front: yes",
    "---\ntitle: >-\n  folded\n  title\ndate: 1\n---\nWords\n": "folded title",
    "+++\ntitle = 'Toml'\n+++\nWords\n": "Toml",
    '<h1 align="center">Raw <b>one</b></h1>\n\nWords\n': "Raw one",
    "# ![Our logo](https://example.org/logo.png)\n\nWords\n": "Our logo",
    "# A \"quoted\" \\* [page](https://example.org) 🎉\n": "A “quoted” * page",
    "---\n\nA rule above, no front matter.\n\n---\n": "My file",
}


@pytest.mark.parametrize(("text", "title"), TITLES.items(), ids=TITLES.values())
def test_titles(tmp_path: Path, text: str, title: str) -> None:
    made = imported(tmp_path, {"my_file.md": text})
    subject, findings = read_subject(Project(tmp_path / "project"), "articles", made.articles[0].slug)
    assert (findings, subject.title) == ([], title)
    assert made.articles[0].lost.total == 0


WRITTEN = {
    "words that look like marks": (
        "Ask [@smith] for [=total], a_b, *x, 1 < 2, `[@y]` and {#z}.",
        "Ask \\[@smith\\] for \\[=total\\], a_b, \\*x, 1 &lt; 2, `[@y]` and \\{#z}.",
    ),
    "lines that begin like blocks": ("\\# a\n1986\\. b\n\\- c", "&#35; a\n1986\\. b\n&#45; c"),
    "a box of another kind": ('!!! tip "Own"\n    Words.\n', "> [!Own]\n>\n> Words."),
    "a container": ("::: warning\nWords.\n:::\n", "> [!Warning]\n>\n> Words."),
    "tasks": ("* [x] a\n* [ ] b\n", "- [x] a\n- [ ] b"),
    "a link to the writer's own computer": ("[the site](http://localhost:8000/a)", "the site"),
    "a wish that is vague": ("[here](https://example.org/a)", "here (<https://example.org/a>)"),
    "a link that looks like a mark": ("[@smith](https://example.org)", "[&#64;smith](https://example.org)"),
    "a link to a file": ("[rules](rules.md)", "rules"),
    "tabs and Windows ends": (b"\xef\xbb\xbfa\r\n\r\n\tcode\r\n", "a\n\n```\ncode\n```"),
    "signs that stand alone": ("| 🚀 |\n|---|\n| :rocket: |\n| ok 🚀 |\n", "| rocket |\n| --- |\n| rocket |\n| ok |"),
    "a table of HTML": (
        "<table>\n<tr><td>a</td>\n\n<td>b | c</td></tr>\n</table>\n",
        "| a | b \\| c |\n| --- | --- |",
    ),
    "a number to begin with": ("7. a\n8. b\n", "7. a\n8. b"),
    "lists right below each other": ("- a\n\n* b\n", "- a\n\n* b"),
}


@pytest.mark.parametrize(("text", "ours"), WRITTEN.values(), ids=WRITTEN.keys())
def test_what_is_written(tmp_path: Path, text: str | bytes, ours: str) -> None:
    assert article(tmp_path, text).removeprefix("## {#opening}\n\n") == ours


def test_levels_of_headings_never_jump(tmp_path: Path) -> None:
    text = "# T\n\n### a\n\n##### b\n\n### c\n\n# d\n\n## e\n\n###### f\n"
    heads = [line for line in article(tmp_path, text).split("\n") if line.startswith("#")]
    assert heads == ["## a {#a}", "### b", "## c {#c}", "## d {#d}", "### e", "#### f"]


def test_what_is_passed_by(tmp_path: Path) -> None:
    ours = tmp_path / "texts"
    files = {"a.md": "Words.", "new/e.md": "Words.", "long.md": "word " * 250_000, "env/pyvenv.cfg": ""}
    made = imported(tmp_path, files | dict.fromkeys((".hidden/b.md", "node_modules/c.md", "env/d.md"), "No."))
    assert [one.source for one in made.articles] == ["a.md", "new/e.md"]
    again = import_folder(ours, ours / "new")
    assert [one.source for one in again.articles] == ["a.md"]


def test_folders_that_make_no_project(tmp_path: Path) -> None:
    cases = {"gone": "this folder is not there", "file.md": "this is a file, not a folder", "none": "holds no Markdown"}
    (tmp_path / "file.md").write_text("x")
    (tmp_path / "none").mkdir()
    for name, message in cases.items():
        with pytest.raises(Findings) as caught:
            import_folder(tmp_path / name, tmp_path / "project")
        assert message in str(caught.value)
    assert not (tmp_path / "project").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "project/content/articles").mkdir(parents=True)
    kept = tmp_path / "project/content/articles/text.md"
    kept.write_text("mine")
    with pytest.raises(Findings) as caught:
        imported(tmp_path, {"text.md": "Words."})
    assert "content/articles/text.md" in str(caught.value)
    assert (kept.read_text(), (tmp_path / "project/handouts.toml").exists()) == ("mine", False)


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "locked.md":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    made = imported(tmp_path, {"locked.md": "x", "open.md": "Words."})
    assert [one.slug for one in made.articles] == ["open"]
    assert told(made)[0].startswith("locked.md  1 file cannot be read (cannot be read: Permission denied)")


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("texts").mkdir()
    Path("texts/a.md").write_text("# A text\n\nWords.\n")
    result = CliRunner().invoke(main, ["new", "mine", "--from", "texts"])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("1 file, 3 words and 0 list items: all carried over\n")
    assert "add a line such as reviewed: 2026-11" in result.stderr
    assert Path("mine/content/articles/a.md").read_text() == '---\ntitle: "A text"\n---\n\n## {#opening}\n\nWords.\n'
