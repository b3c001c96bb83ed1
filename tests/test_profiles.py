"""Profiles: data of folders on top of each other, what a project and a command set above them, and their files."""

from __future__ import annotations

from pathlib import Path

import pytest
from trades import as_json, change, run

from handouts.content import load_format
from handouts.findings import Findings
from handouts.job import Job
from handouts.material import gather
from handouts.planning import output_name, plan
from handouts.profiles import SCREEN, as_profiled, load_profile, styles_of
from handouts.project import Project

FOLDER = "styles/profiles"


def with_profiles(root: Path, **texts: str) -> Project:
    for name, text in texts.items():
        change(root, f"{FOLDER}/{name}/profile.toml", "", text)
    return Project(root)


def told(error: pytest.ExceptionInfo[Findings]) -> list[str]:
    return [str(one) for one in error.value.findings]


def test_none_is_for_the_screen(trades: Path) -> None:
    assert load_profile(Project(trades)) == SCREEN
    assert (SCREEN.name, SCREEN.colors, SCREEN.claims, SCREEN.bleed) == ("", "rgb", ("pdf/ua-1",), {})


def test_the_later_stands_on_top(trades: Path) -> None:
    project = with_profiles(
        trades,
        wall='colors = "cmyk"\nsafe = "6mm"\n[bleed]\nletter = "0.125in"\n[papers]\ncard = "a4"\n',
        thrift='coverage = 8\nsafe = "0.5in"\n[papers]\na5 = "a4"\n',
    )
    found = load_profile(project, ("wall", "thrift"))
    assert (found.name, found.colors, found.coverage, found.safe) == ("wall.thrift", "cmyk", 8, 36)
    assert found.bleed == {"letter": 9}
    assert found.papers == {"card": "a4", "a5": "a4"}
    assert load_profile(project, ("thrift", "wall")).safe == pytest.approx(6 * 72 / 25.4)


def test_a_project_sets_its_own_and_a_command_more(trades: Path) -> None:
    project = with_profiles(trades, wall='ink_limit = 240\ncolors = "cmyk"\n[bleed]\nletter = "3mm"\n')
    change(trades, "handouts.toml", "", (trades / "handouts.toml").read_text() + "\n[profiles.wall]\nink_limit = 300\n")
    assert load_profile(project, ("wall",)).ink_limit == 300
    found = load_profile(project, ("wall",), (("marks", "true"), ("icc", "/a/b.icc")))
    assert (found.ink_limit, found.marks, found.icc) == (300, True, "/a/b.icc")


def test_what_would_do_nothing_is_told(trades: Path) -> None:
    project = with_profiles(trades, wall='colors = "cmyk"\n[bleed]\nletter = "3mm"\n', thrift='colors = "grey"\n')
    wishes = (("marks", "true"), ("icc", "/a/b.icc"))
    assert load_profile(project, ("wall",), wishes).marks
    with pytest.raises(Findings) as error:
        load_profile(project, ("thrift",), wishes)
    assert [one.hint.split(",")[0] for one in error.value.findings] == ["add --for press"] * 2
    with pytest.raises(Findings):
        load_profile(project, (), wishes[:1])


def test_mistakes_are_told_with_their_lines(trades: Path) -> None:
    text = (trades / "handouts.toml").read_text()
    change(trades, "handouts.toml", "", text + '\n[profiles.wal]\nsafe = "1in"\n\n[profiles.wall]\nsafe = "1"\n')
    project = with_profiles(trades, wall="")
    with pytest.raises(Findings) as error:
        load_profile(project, ("wall", "wull"))
    line = text.count("\n") + 2
    assert len(told(error)) == 3
    wal, wall, wull = sorted(error.value.findings, key=lambda one: one.line or 99)
    assert (wal.file, wal.line, wal.message) == ("handouts.toml", line, 'there is no profile "wal"')
    assert (wall.file, wall.line) == ("handouts.toml", line + 4)
    assert "0.125in" in wall.hint
    assert wull.message == 'there is no profile "wull"'


def test_a_profile_that_is_broken(trades: Path) -> None:
    project = with_profiles(trades, wall='colors = "sepia"\nbled = 3\n')
    with pytest.raises(Findings) as error:
        load_profile(project, ("wall",))
    assert sorted(one.line for one in error.value.findings) == [1, 2]
    assert {one.file for one in error.value.findings} == {f"{FOLDER}/wall/profile.toml"}


def test_a_format_in_a_profile(trades: Path) -> None:
    project = with_profiles(trades, wall='fitted = false\n[papers]\ncard = "a4"\n')
    form = load_format(project, "card")
    assert as_profiled(form, SCREEN) is form
    large = as_profiled(form, load_profile(project, ("wall",)))
    assert large.papers["letter"] == "a4"
    assert large.fit is None
    assert large.pages[0] <= 1 < 40 < large.pages[1]


def test_its_style_sheets_apply_last(trades: Path) -> None:
    project = with_profiles(trades, wall="")
    for name in ("base", "card", "leaflet"):
        change(trades, f"{FOLDER}/wall/{name}.css", "", "p { color: #000 }\n")
    profile, form = load_profile(project, ("wall",)), load_format(project, "card")
    assert styles_of(project, profile, form) == (f"{FOLDER}/wall/base.css", f"{FOLDER}/wall/card.css")
    material = gather(project, "card", "baker", profiles=("wall",))
    assert material.styles[-2:] == (f"{FOLDER}/wall/base.css", f"{FOLDER}/wall/card.css")
    assert material.profile == profile


def test_the_names_of_files() -> None:
    job = Job("", "card", "baker", paper="a4", brand="kiln", profiles=("wall", "thrift"))
    assert output_name(job) == "kiln/card/baker.a4.wall.thrift.pdf"


def test_a_name_that_is_not_known(trades: Path) -> None:
    project = with_profiles(trades, wall="")
    with pytest.raises(Findings) as error:
        plan(project, "card", [], profiles=("wal",))
    assert "wall" in told(error)[0]


def test_a_build_is_not_done_twice(trades: Path) -> None:
    with_profiles(trades, wall="")
    first = run(trades, "build", "card", "baker", "--for", "wall", "--json")
    assert first.exit_code == 0, first.output
    again = as_json(run(trades, "build", "card", "baker", "--for", "wall", "--json"))
    assert (trades / "output/card/baker.wall.pdf").is_file()
    assert not (trades / "output/card/baker.pdf").exists()
    assert "unchanged" in run(trades, "build", "card", "baker", "--for", "wall").output, again
    change(trades, f"{FOLDER}/wall/profile.toml", "", 'title = "changed"\n')
    assert "unchanged" not in run(trades, "build", "card", "baker", "--for", "wall").output
