"""Formats of one's own: made from three text files, or like one that is there; and which file wins."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from trades import as_json, change, command, run

import handouts.project
from handouts.cli import main
from handouts.content import load_format
from handouts.preflight.evidence import Printed
from handouts.preflight.rules import Box
from handouts.profiles import as_profiled, load_profile, styles_of
from handouts.project import Project
from handouts.provenance import origins

ROOT = Path(__file__).resolve().parents[1]
OWN = ROOT / "docs/own-formats.md"
POSTER = ("templates/poster/format.toml", "templates/poster/page.html", "styles/poster.css")
# Every profile, some on top of each other.
WISHES = ((), ("--paper", "a4", "--for", "press"), ("--for", "office", "--ink-saver", "--grey"), ("--large-print",))


@pytest.fixture
def poster(trades: Path) -> Path:
    assert run(trades, "format", "new", "poster", "--like", "specialty").exit_code == 0
    return trades


def files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and "output" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def words(file: Path) -> list[list[tuple[str, Box]]]:
    """The words of each page with their places, but for the code of the revision: style sheets' names are in that."""
    pages = Printed(file.name, file.read_bytes()).pages
    said = [[(word.text, word.box) for word in page.words] for page in pages]
    return [[(text, box) for text, box in page if not re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", text)] for page in said]


def test_a_format_of_three_text_files_in_an_empty_folder(tmp_path: Path, no_network: None) -> None:
    """Those of docs/own-formats.md, word for word, and its one file of content."""
    found = re.findall(r"`([\w/]+\.\w+)`:\n\n```\w+\n(.*?)^```$", OWN.read_text(), re.MULTILINE | re.DOTALL)
    texts = dict(found)
    assert list(texts) == [
        "content/people/ada.md",
        "templates/card/format.toml",
        "templates/card/page.html",
        "styles/card.css",
    ]
    for file, text in {**texts, "handouts.toml": ""}.items():
        change(tmp_path, file, "", text)
    result = run(tmp_path, "build", "card", "--strict")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "output/card/ada.pdf  1 page\n", "")
    with pikepdf.open(tmp_path / "output/card/ada.pdf") as pdf:
        box = pdf.pages[0].trimbox
    assert [round(float(side) / 72 * 25.4) for side in box] == [0, 0, 148, 210]
    assert {one.file for one in origins(Project(tmp_path)) if one.own} == set(texts) - {"content/people/ada.md"}


def test_what_is_written_and_told(trades: Path) -> None:
    before = files(trades)
    result = run(trades, "format", "new", "poster", "--like", "Specialty")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "templates/poster/format.toml  what it needs, how many pages it may have, on which paper",
        "templates/poster/page.html    what stands where on the page",
        "styles/poster.css             what it looks like",
        "styles/profiles/*/poster.css  the same in 4 profiles, such as for a print shop",
        "",
        "It looks like specialty until you change it. Now run: handouts build poster baker",
    ]
    after = files(trades)
    assert {name: data for name, data in after.items() if name in before} == before
    profiles = ("ink-saver", "large-print", "office", "press")
    assert set(after) - set(before) == {*POSTER, *(f"styles/profiles/{one}/poster.css" for one in profiles)}
    assert after[POSTER[1]] == (ROOT / "templates/specialty/page.html").read_bytes()
    assert after[POSTER[2]] == (ROOT / "styles/specialty.css").read_bytes()


def test_its_format_explains_each_key(poster: Path) -> None:
    text = (poster / POSTER[0]).read_text()
    old = tomllib.loads((ROOT / "templates/specialty/format.toml").read_text())
    assert tomllib.loads(text) == {**old, "title": "poster", "styles": ["poster.css"]}
    lines = text.splitlines()
    assert lines[0].startswith('# The format "poster", made like specialty')
    for key in old:
        [number] = [number for number, line in enumerate(lines) if re.match(rf"{key} =|\[{key}\]", line)]
        assert lines[number - 1].startswith("# ") and lines[number - 1].endswith("."), key
    assert all(len(line) <= 120 for line in lines)


ODD = """# Ours.
# By hand.
  'title'= "odd # one" # its name
scope="each"
"content" = "specialties"
styles = [
  "topic.css",  # shared
  "card.css",
]
pages = [1,
1]
[ papers ]
letter = "card"
title = "card"
"""


def test_a_format_that_is_written_in_another_way(trades: Path) -> None:
    text = "\ufeff" + ODD.replace("\n", "\r\n")
    change(trades, "templates/odd/format.toml", "", text)
    change(trades, "templates/odd/page.html", "", "<p>{{ title }}</p>\n")
    assert run(trades, "format", "new", "even", "--like", "odd").exit_code == 0
    made = (trades / "templates/even/format.toml").read_text()
    assert tomllib.loads(made) == {**tomllib.loads(ODD), "title": "even", "styles": ["topic.css", "even.css"]}
    assert "By hand" not in made
    assert (trades / "styles/even.css").read_bytes() == (trades / "styles/card.css").read_bytes()
    assert load_format(Project(trades), "even").papers == {"letter": "card", "title": "card"}


@pytest.mark.parametrize("wishes", WISHES, ids=" ".join)
def test_it_is_built_at_once_as_the_other_is(poster: Path, wishes: tuple[str, ...]) -> None:
    for name in ("poster", "specialty"):
        result = run(poster, "build", name, "baker", "--strict", *wishes)
        assert (result.exit_code, result.stderr) == (0, "")
    [made] = [path for path in (poster / "output/poster").glob("baker*.pdf") if ".ticket." not in path.name]
    assert words(made) == words(poster / "output/specialty" / made.name)
    assert len(words(made)[0]) > 30


@pytest.mark.parametrize("profile", ["press", "office", "large-print"])
def test_its_profiles_are_its_own(poster: Path, profile: str) -> None:
    project = Project(poster)
    asked = load_profile(project, (profile,))
    sheet = f"styles/profiles/{profile}/poster.css"
    assert sheet in styles_of(project, asked, load_format(project, "poster"))
    assert (poster / sheet).read_bytes() == (ROOT / f"styles/profiles/{profile}/specialty.css").read_bytes()


def test_a_whole_booklet(trades: Path) -> None:
    """Its parts come along under their new names, and in large print it has the pages that the other has."""
    assert run(trades, "format", "new", "magazine", "--like", "booklet").exit_code == 0
    text = (trades / "templates/magazine/page.html").read_text()
    assert '"templates/magazine/chapters.html"' in text and "templates/booklet/" not in text
    project = Project(trades)
    large = load_profile(project, ("large-print",))
    assert as_profiled(load_format(project, "magazine"), large).papers == {"letter": "letter", "a4": "a4"}
    assert run(trades, "build", "magazine").exit_code == run(trades, "build", "booklet").exit_code == 0
    assert words(trades / "output/magazine.pdf") == words(trades / "output/booklet.pdf")


def test_like_one_with_the_sheet_of_another(trades: Path) -> None:
    """The leaflet is the booklet's page and looks; a profile knows it by its sheet and by its own name."""
    change(trades, "styles/profiles/press/leaflet.css", "", "h1 { color: #000; }\n")
    assert run(trades, "format", "new", "flyer", "--like", "leaflet").exit_code == 0
    assert load_format(Project(trades), "flyer").styles == ("flyer.css",)
    theirs = [root / "styles/profiles/press" / name for root, name in ((ROOT, "booklet.css"), (trades, "leaflet.css"))]
    both = "\n".join(path.read_text() for path in theirs)
    assert (trades / "styles/profiles/press/flyer.css").read_text() == both


def test_a_copy_of_ours_hides_it(trades: Path) -> None:
    told = run(trades, "format", "new", "topic", "--like", "topic").stdout
    assert told.endswith("\n\nIt is used in place of ours. Now run: handouts build topic apprenticeship\n")
    assert files(trades)["templates/topic/format.toml"] == (ROOT / "templates/topic/format.toml").read_bytes()
    change(trades, "styles/topic.css", "/*", "/* Ours now.")
    told = {one.file: one for one in origins(Project(trades))}
    assert told["styles/topic.css"].whose == "yours, in place of ours"
    assert told["templates/topic/page.html"].whose == "yours, the same as ours: without it, ours is used"
    assert told["styles/specialty.css"].whose == "ours"


def test_nothing_is_written_over(trades: Path) -> None:
    change(trades, "styles/poster.css", "", "p { color: #000; }\n")
    change(trades, "styles/profiles/press/poster.css", "", "")
    before = files(trades)
    result = run(trades, "format", "new", "poster", "--like", "specialty")
    hint = "is there already, and is kept · delete it if it is left over from another, or choose another name"
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"error: styles/poster.css  {hint}",
        f"error: styles/profiles/press/poster.css  {hint}",
    ]
    assert files(trades) == before


def test_all_of_it_is_written_or_nothing(trades: Path) -> None:
    change(trades, "styles/profiles", "", "a file where a folder should be\n")
    before = files(trades)
    result = run(trades, "format", "new", "poster", "--like", "specialty")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "poster.css  cannot be written: " in result.stderr
    assert files(trades) == before


def test_in_what_we_ship_it_works_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("templates", "styles", "content"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "handouts.toml").touch()
    monkeypatch.setattr(handouts.project, "shipped_root", lambda: tmp_path)
    assert Project(tmp_path).is_shipped
    assert run(tmp_path, "format", "new", "poster", "--like", "topic").exit_code == 0
    assert load_format(Project(tmp_path), "poster").styles == ("poster.css",)
    for name in ("poster", "topic"):
        assert "is there already, and is kept" in run(tmp_path, "format", "new", name, "--like", "topic").stderr
    assert {one.whose for one in origins(Project(tmp_path))} == {"ours"}


@pytest.mark.parametrize(
    ("name", "like", "said"),
    [
        ("../x", "card", '"../x" cannot name a format · use letters, digits and hyphens, 40 at most, such as x'),
        ("Plakat für alle", "card", "use letters, digits and hyphens, 40 at most, such as plakat-f-r-alle"),
        ("con", "card", '"con" cannot name a format · use letters, digits and hyphens, 40 at most, such as poster'),
        ("all", "card", "another thing has that name · choose another, such as all-sheet"),
        ("Parts", "card", "another thing has that name · choose another, such as parts-sheet"),
        ("office", "card", "another thing has that name"),
        ("large-print", "card", "another thing has that name"),
        ("Northgate", "card", "another thing has that name"),
        ("card", "card", 'the format "card" is there already, and is kept · change its files, or choose another name'),
        ("Card", "topic", 'the format "card" is there already'),
        ("topic", "card", '"topic" is a format that comes along · for a copy of it to change, write --like topic;'),
        ("Topic", "topic", '"Topic" differs from "topic" in case or hyphens alone · write topic, or choose another'),
        ("poster", "speciality", 'there is no format "speciality" · did you mean specialty?'),
    ],
)
def test_a_name_that_cannot_be(trades: Path, name: str, like: str, said: str) -> None:
    before = files(trades)
    result = run(trades, "format", "new", name, "--like", like)
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr and result.stderr.startswith("error: ")
    assert files(trades) == before


def test_without_like_it_says_what_there_is(trades: Path) -> None:
    result = run(trades, "format", "new", "poster")
    first, *told = result.stderr.splitlines()
    assert result.exit_code == 1
    assert first == "error: a format is made like one that is there · add --like and the name of one of these:"
    assert [line.split()[0] for line in told] == Project(trades).formats()
    assert "  card          trade card: one PDF for each file of content/specialties" in told


def test_outside_a_project(tmp_path: Path) -> None:
    result = run(tmp_path, "format", "new", "poster", "--like", "specialty")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: this folder is no project: neither it nor a folder around it has a handouts.toml · make one first: "
        "handouts new DIR, then cd DIR\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_is_broken_is_not_copied(trades: Path) -> None:
    change(trades, "templates/card/format.toml", 'styles = ["card.css"]', 'styles = ["crad.css"]')
    result = run(trades, "format", "new", "poster", "--like", "card")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("error: templates/card/format.toml:5  the style sheet \"crad.css\" is missing")
    assert not (trades / "templates/poster").exists()


def test_a_format_without_content_is_listed_with_what_it_lacks(trades: Path) -> None:
    change(trades, "templates/card/format.toml", 'content = "specialties"', 'content = "trades"')
    (trades / "content/booklet.toml").unlink()
    lines = run(trades, "list").stdout.splitlines()
    assert lines.count("  nothing to print yet  content/trades") == 1
    assert lines.count("  nothing to print yet  content/booklet.toml") == 2


def test_where_files_come_from(poster: Path) -> None:
    for file in ("styles/specialyt.css", "styles/papers/a9.css", "templates/parts/mine.html", "styles/pallete.toml"):
        change(poster, file, "", "\n")
    change(poster, "templates/parts/named.html", "", "\n")
    change(poster, POSTER[1], "<!doctype", '{% include "templates/parts/named.html" %}<!doctype')
    change(poster, "templates/draft/page.html", "", "\n")
    told = {one["file"]: one for one in as_json(run(poster, "list", "--where", "--json"))["where"]}
    unused = {file for file, one in told.items() if not one["used"]}
    assert unused == {
        *("styles/specialyt.css", "styles/papers/a9.css", "styles/pallete.toml"),
        *("templates/parts/mine.html", "templates/draft/page.html"),
    }
    assert told["styles/specialty.css"] == {
        "kind": "styles",
        "file": "styles/specialty.css",
        "from": "shipped",
        "path": str(ROOT / "styles/specialty.css"),
        "hides": False,
        "same": False,
        "used": True,
    }
    assert told["styles/brands/default/brand.toml"]["hides"]
    kinds = ["formats", "styles", "parts", "citations", "drawings", "brands", "labels", "profiles"]
    assert list(dict.fromkeys(one["kind"] for one in told.values())) == kinds
    assert told["content/labels/en.toml"]["from"] == "shipped"
    assert told["styles/profiles/press/poster.css"]["path"] == str(poster / "styles/profiles/press/poster.css")
    assert "where" not in as_json(run(poster, "list", "--json"))


def test_where_as_lines(trades: Path) -> None:
    change(trades, "styles/specialyt.css", "", "\n")
    lines = [re.sub(" +", " ", line) for line in run(trades, "list", "--where").stdout.splitlines()]
    assert lines[:3] == [f"yours {trades}", f"ours {ROOT}", ""]
    assert " styles/specialyt.css yours, and nothing uses it" in lines
    assert " styles/brands/default/brand.toml yours, in place of ours" in lines
    assert " styles/topic.css ours" in lines
    count = len(list((ROOT / "templates/drawings").iterdir()))
    assert f" templates/drawings/ ({count} files) ours" in lines


def test_where_in_a_project_that_is_broken(trades: Path) -> None:
    change(trades, "templates/card/format.toml", "pages = [1, 1]", "pages = [1, 1")
    result = run(trades, "list", "--where", "--json")
    assert (result.exit_code, "is not valid TOML" in result.stderr) == (1, True)
    assert "styles/card.css" in [one["file"] for one in as_json(result)["where"]]


@pytest.mark.parametrize("typed", [(), ("build",), ("format", "new")], ids=" ".join)
def test_python_m_handouts_is_the_same_command(tmp_path: Path, typed: tuple[str, ...]) -> None:
    said = command(tmp_path, *typed, "--help", COLUMNS="200").stdout
    assert said.startswith(f"Usage: {' '.join(('handouts', *typed))} [")
    expected = CliRunner().invoke(main, [*typed, "--help"], prog_name="handouts", terminal_width=98).output
    assert said == expected


def test_formats_complete(trades: Path) -> None:
    offered = command(
        trades, _HANDOUTS_COMPLETE="bash_complete", COMP_WORDS="handouts format new poster --like sp", COMP_CWORD="5"
    )
    assert offered.stdout.splitlines() == ["plain,specialty"]
