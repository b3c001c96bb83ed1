"""Brands on the command line: building with one, judging it, listing them, starting one."""

from __future__ import annotations

from pathlib import Path

import pytest
from trades import KILN, as_json, change, run, said, with_brand

from handouts.imprint import load_brand
from handouts.project import Project


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_brand_that_is_not_there(trades: Path, command: str) -> None:
    result = run(trades, command, "card", "baker", "--brand", "klin", "--json")
    [found] = as_json(result)["findings"]
    assert (result.exit_code, found["message"]) == (1, 'there is no brand "klin"')
    assert found["hint"] == "known are: default, northgate"
    with_brand(trades, "")
    assert said(trades, "card", "bakr", "--brand", "klin") == [
        'there is no brand "klin" · did you mean kiln?',
        'there is no card "bakr" · did you mean baker?',
    ]


def test_build_and_check_with_a_brand(trades: Path) -> None:
    with_brand(trades, 'organization = "The Kiln"\n')
    result = run(trades, "build", "card", "baker", "--brand", "KILN")
    assert result.stdout.startswith("output/kiln/card/baker.pdf  1 page")
    assert not (trades / "output/card").exists()
    result = run(trades, "check", "card", "--json")
    assert [(one["file"], one["hint"]) for one in as_json(result)["findings"]] == [
        ("output/card/baker.pdf", "run: handouts build card baker"),
        ("output/card/potter.pdf", "run: handouts build card potter"),
    ]
    result = run(trades, "check", "card", "--brand", "kiln", "--json")
    assert [(one["file"], one["hint"]) for one in as_json(result)["findings"]] == [
        ("output/kiln/card/potter.pdf", "run: handouts build card potter --brand kiln"),
    ]
    change(trades, KILN, "The Kiln", "Another kiln")
    for words in ((), ("output/kiln/card/baker.pdf",)):
        told = as_json(run(trades, "check", *words, "--json"))["findings"]
        assert [one["hint"] for one in told if one["id"] == "output-stale"] == [
            "run: handouts build card baker --brand kiln"
        ], words


def test_list_shows_brands(trades: Path) -> None:
    with_brand(trades, "")
    assert run(trades, "list").stdout.split("\n\n")[-1].splitlines() == [
        "brands  (who hands it out: --brand NAME)",
        "  default               styles/brands/default/brand.toml",
        "  kiln                  styles/brands/kiln/brand.toml",
        "  northgate             styles/brands/northgate/brand.toml",
    ]
    assert as_json(run(trades, "list", "--json"))["brands"][1] == {"brand": "kiln", "file": KILN}


def test_a_new_brand(trades: Path) -> None:
    file = "styles/brands/north-valley/brand.toml"
    result = run(trades, "brand", "new", "north-valley")
    assert (result.exit_code, result.stdout) == (
        0,
        f"{file}  written: fill it in, then run: handouts build specialty --brand north-valley\n",
    )
    brand = load_brand(Project(trades), "north-valley")
    assert (brand.organization, brand.call_to_action) == ("", "Talk to us today")
    before = (trades / file).read_bytes()
    for name in ("north-valley", "North-Valley"):
        result = run(trades, "brand", "new", name)
        assert (result.exit_code, result.stderr) == (
            1,
            f"error: {file}  is there already, and is kept · write in it, or start one with another name\n",
        )
    assert (trades / file).read_bytes() == before
    # Ours is no reason not to begin one's own.
    assert run(trades, "brand", "new", "northgate").exit_code == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Nord Äst!", '"Nord Äst!" cannot name a brand · use letters, digits and hyphens, 40 at most, such as nord-st'),
        ("../x", '"../x" cannot name a brand · use letters, digits and hyphens, 40 at most, such as x'),
        ("CON", '"CON" cannot name a brand · use letters, digits and hyphens, 40 at most, such as north-college'),
        ("Card", 'a brand cannot be named "Card", as a folder of the output is · choose another, such as card-brand'),
        (
            "editions",
            'a brand cannot be named "editions", as a folder of the output is · choose another, such as editions-brand',
        ),
    ],
)
def test_a_bad_name(trades: Path, name: str, said: str) -> None:
    result = run(trades, "brand", "new", name)
    assert (result.exit_code, result.stderr) == (1, f"error: {said}\n")


def test_a_new_brand_outside_a_project(tmp_path: Path) -> None:
    result = run(tmp_path, "brand", "new", "north")
    assert (result.exit_code, result.stderr) == (
        1,
        "error: this folder is no project, and a brand is a part of one · go to your project's folder, or start one: "
        "handouts new my-handouts\n",
    )
    assert list(tmp_path.iterdir()) == []
