"""What a preview offers: the switches, and the products of a project."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from trades import BAKER, change, copied

from handouts.preview.choice import Choice, Choices, choices
from handouts.preview.products import Product, products
from handouts.project import Project

FORM = "templates/card/format.toml"
KNOWN = Choices(
    brands=(("default", "Neutral"), ("kiln", "Kiln & Co")),
    profiles=(("screen", "For the screen"), ("office+grey", "Office, grey")),
    editions=(("", "none"), ("north hill", "north hill")),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


def test_a_choice_is_an_address_and_back():
    choice = Choice(brand="kiln", paper="a4", profile="office+grey", edition="north hill")
    assert choice.query() == "?brand=kiln&paper=a4&profile=office%2Bgrey&edition=north+hill"
    assert Choice.of(dict(parse_qsl(choice.query()[1:])), KNOWN) == choice
    assert choice.query(brand="default", profile="screen", edition="") == "?paper=a4"
    assert Choice().query() == ""


@pytest.mark.parametrize(
    "params", [{}, {"brand": "../../etc"}, {"paper": "A4", "language": "xx"}, {"edition": "south"}, {"job": "kiln"}]
)
def test_what_is_not_offered_is_as_if_nobody_had_chosen(params: dict[str, str]):
    assert Choice.of(params, KNOWN) == Choice()


def test_the_switches_are_what_the_project_has(root: Path):
    change(root, "styles/brands/kiln/brand.toml", "", 'organization = "Kiln & Co"\n')
    change(root, "styles/brands/bare/brand.toml", "", "\n")
    change(root, "styles/brands/torn/brand.toml", "", "organization = \n")
    change(root, "styles/profiles/poster/profile.toml", "", 'title = "for a wall"\n')
    change(root, "content/labels/es.toml", "", "\n")
    offered = choices(Project(root), ["north", "south"])
    assert dict(offered.brands) == {
        "default": "Tinkerton Guild School",
        "bare": "bare",
        "kiln": "Kiln & Co",
        "northgate": "Northgate Community College",
        "torn": "torn",
    }
    assert offered.brands[0][0] == "default"
    assert dict(offered.profiles) == {
        "screen": "For the screen",
        "large-print": "In large print",
        "office": "For an office printer",
        "office+ink-saver": "For an office printer, with little ink",
        "office+grey": "For an office printer, in greys",
        "poster": "For a wall",
        "press": "For the print shop",
    }
    assert offered.languages == (("en", "English"), ("es", "Español"))
    assert offered.editions == (("", "none"), ("north", "north"), ("south", "south"))
    assert choices(Project(root)).editions == ()


def test_a_choice_says_what_is_built(root: Path):
    job = Choice("kiln", "a4", "office+grey").job(Project(root), "card", "baker", "out")
    assert (job.brand, job.paper, job.profiles) == ("kiln", "a4", ("office", "grey"))
    assert (job.format, job.subject, job.output, job.edition) == ("card", "baker", "out", None)
    assert Choice().job(Project(root), "booklet", "", "out").profiles == ()


def test_products_are_those_of_the_project(root: Path):
    found = {one.key: one for one in products(Project(root))}
    assert list(found) == [
        *("booklet", "card/baker", "card/potter", "leaflet", "specialty/baker", "specialty/potter"),
        "topic/apprenticeship",
    ]
    assert found["card/baker"] == Product("card/baker", "card", "baker", "Baker", "trade card")
    assert found["leaflet"] == Product("leaflet", "leaflet", "", "Made by hand", "leaflet", folds=True)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: 'Baker: of bread'\n---\n", "Baker: of bread"),
        ("---\ntitle: Baker's dozen\nrev", "Baker's dozen"),
        ("---\nreviewed: 2026-11\n---\ntitle: Not this\n", "Baker"),
        ("", "Baker"),
    ],
)
def test_a_file_that_is_half_written_has_a_title(root: Path, text: str, title: str):
    (root / BAKER).write_text(text, encoding="utf-8")
    assert next(one.title for one in products(Project(root)) if one.key == "card/baker") == title


def test_a_file_that_is_no_text_has_the_title_of_its_name(root: Path):
    (root / BAKER).write_bytes(b"\xff\xfe\x00broken")
    (root / BAKER).rename(root / "content/specialties/master-baker.md")
    assert "Master baker" in {one.title for one in products(Project(root))}


def test_a_format_that_cannot_be_read_keeps_its_products(root: Path):
    before = products(Project(root))
    change(root, FORM, "", "title = ")
    assert products(Project(root), before) == before
    alone = [one for one in products(Project(root)) if one.format == "card"]
    assert alone == [Product("card", "card", "", "card", "card")]
