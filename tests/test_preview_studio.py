"""What is built while somebody looks, and what is told of it."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from showing import Told, studio
from trades import BAKER, change, copied, run

from handouts.build import unchanged
from handouts.editions.rows import Order
from handouts.job import Edition
from handouts.preview import building
from handouts.preview.choice import Choice
from handouts.preview.pictures import PAGE
from handouts.preview.products import BUILDING, FAILED, FRESH, STALE
from handouts.preview.studio import Studio
from handouts.project import Project

CARD, OTHER, SHEET = "card/baker", "card/potter", "specialty/potter"
POTTER = "content/specialties/potter.md"
A4 = Choice(paper="a4")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


def fail(*arguments: object) -> None:
    raise ZeroDivisionError("nobody thought of this")


def is_red(one: Studio, key: str) -> bool:
    """Whether the corner of the first page is."""
    png = one.pictures.draw(PAGE, *one.pdf(key, Choice()), 1, 24)
    return Image.open(BytesIO(png)).convert("RGB").getpixel((1, 1)) == (0xB0, 0x00, 0x20)


def test_what_is_looked_at_is_built_as_a_build_would_and_nothing_else(root: Path):
    with studio(root) as one, Told(one) as told:
        before = one.show(CARD, Choice())
        assert (before.state, before.pages, before.stamp, before.findings) == (STALE, 0, "", ())
        shown = told.until(CARD, FRESH)
        assert (shown.pages, shown.sizes) == (1, ((306.0, 396.0),))
        job = Choice().job(Project(root), "card", "baker", str(root / "output"))
        assert [result.pages for result in unchanged([job])] == [1]
    assert [path.name for path in (root / "output").rglob("*.pdf")] == ["baker.pdf"]
    assert run(root, "build", "card", "baker").stdout.endswith(" · unchanged\n")
    with studio(root) as again:
        assert again.show(CARD, Choice()) == shown


def test_only_what_depends_on_a_file_is_built_again(root: Path):
    with studio(root) as one, Told(one) as told:
        # What was opened last comes first, so the other one is built when this is done with.
        for key in (OTHER, CARD):
            one.show(key, Choice())
        first = told.until(CARD, FRESH)
        before = told.until(OTHER, FRESH)
        told.events.clear()
        change(root, POTTER, "title: Potter", "title: Potter of Tinkerton")
        one.changed([POTTER])
        told.wait(lambda told: told["key"] == OTHER and told["state"] == FRESH)
        assert {event["key"] for _, event in told.events} == {OTHER}
        assert one.show(CARD, Choice()) == first
        assert one.show(OTHER, Choice()).stamp not in ("", before.stamp)


def test_all_products_are_built_and_what_takes_long_comes_last(root: Path):
    for kind in ("specialty", "topic"):
        shutil.copytree(Path(__file__).parent / "project/templates/card", root / "templates" / kind)
    with studio(root) as one, Told(one) as told:
        listed = one.gallery(Choice())
        assert [shown.key for shown in listed] == [product.key for product in one.products]
        assert listed[0].folds
        first = told.wait(lambda told: told["state"] == BUILDING)
        assert not one.show(first["key"], Choice(), opened=False).folds


def test_a_mistake_stands_over_the_last_good_page(root: Path):
    with studio(root) as one, Told(one) as told:
        one.show(CARD, Choice())
        good = told.until(CARD, FRESH)
        text = (root / BAKER).read_text(encoding="utf-8")
        change(root, BAKER, "title: Baker", "titel: Baker")
        one.changed([BAKER])
        bad = told.until(CARD, FAILED)
        assert (bad.stamp, bad.pages, bad.sizes) == (good.stamp, good.pages, good.sizes)
        assert {finding.file for finding in bad.findings} == {BAKER}
        assert any(finding.line == 2 and "titel" in finding.message for finding in bad.findings)
        # Whatever is saved, what failed is tried again; its findings stay until it is better.
        told.events.clear()
        one.changed(["styles/card.css"])
        again = told.wait(lambda told: told["state"] == FAILED)
        assert {event["findings"] for _, event in told.events} == {again["findings"]} != {0}
        (root / BAKER).write_text(text, encoding="utf-8")
        one.changed([BAKER])
        mended = told.until(CARD, FRESH)
        assert (mended.findings, mended.stamp) == ((), good.stamp)


def test_a_page_is_shown_before_its_fit_is_searched(root: Path):
    with studio(root) as one, Told(one) as told:
        one.show(SHEET, Choice())
        before = told.until(SHEET, FRESH)
        change(root, POTTER, "title: Potter", "title: Settop")
        told.events.clear()
        one.changed([POTTER])
        early = told.wait(lambda told: told["stamp"] not in ("", before.stamp))
        assert early["state"] == BUILDING
        pdf, stamp = one.pdf(SHEET, Choice())
        assert stamp == early["stamp"]
        assert pdf != (root / "output/specialty/potter.pdf").read_bytes()
        done = told.until(SHEET, FRESH)
        assert one.pdf(SHEET, Choice()) == ((root / "output/specialty/potter.pdf").read_bytes(), done.stamp)
    # What was shown in between leaves no trace.
    shown = (root / "output/specialty/potter.pdf").read_bytes()
    run(root, "build", "specialty", "potter", "-o", "fresh")
    assert (root / "fresh/specialty/potter.pdf").read_bytes() == shown


def test_a_mistake_of_our_own_is_a_finding_and_its_trace_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    with studio(root) as one, Told(one) as told:
        with monkeypatch.context() as patch:
            patch.setattr(building, "_build_there", fail)
            one.show(CARD, Choice())
            (finding,) = told.until(CARD, FAILED).findings
        assert finding.message == "this is a mistake in handouts itself"
        assert "ZeroDivisionError: nobody thought of this" in capsys.readouterr().err
        one.changed([BAKER])
        assert told.until(CARD, FRESH).findings == ()


def test_style_sheets_are_read_anew_in_both_processes(root: Path):
    with studio(root) as one, Told(one) as told:
        # The second is looked at from afar, and built beside.
        one.show(CARD, Choice())
        one.show(OTHER, Choice(), opened=False)
        assert not [key for key in (CARD, OTHER) if told.until(key, FRESH) and is_red(one, key)]
        with (root / "styles/card.css").open("a", encoding="utf-8") as style:
            style.write("@page { @top-left-corner { content: ''; background: #b00020 } }\n")
        one.changed(["styles/card.css"])
        left = {CARD, OTHER}
        while left:
            left.discard(told.wait(lambda told: told["state"] == FRESH)["key"])
        assert is_red(one, CARD)
        assert is_red(one, OTHER)


def test_content_that_comes_and_goes_is_listed(root: Path):
    with studio(root) as one, Told(one) as told:
        shutil.copy(root / BAKER, root / "content/specialties/miller.md")
        one.survey()
        told.wait(lambda told: True, name="products")
        assert one.show("card/miller", Choice()).title == "Baker"
        (root / "content/specialties/miller.md").unlink()
        one.survey()
        told.wait(lambda told: True, name="products")
        assert one.show("card/miller", Choice()) is None
        assert one.pdf("card/miller", Choice()) == (b"", "")
        told.events.clear()
        one.survey()
        assert told.events == []


def test_what_nobody_looks_at_is_not_built(root: Path):
    one, north = Studio(Project(root), str(root / "output")), Choice(brand="northgate")
    # Looked at once, and left for another paper.
    assert one.show(CARD, north, opened=False).state == one.show(CARD, A4).state == STALE
    with Told(one, A4) as told:
        one.start()
        told.until(CARD, FRESH)
        change(root, BAKER, "title: Baker", "title: Master baker")
        one.changed([BAKER])
        told.wait(lambda told: told["state"] == FRESH)
        assert one.show(CARD, north, opened=False).state == STALE
    one.close()
    assert not (root / "output/northgate").exists()


def test_an_edition_is_built_with_its_row(root: Path):
    row = Edition("north", (("organization", "North High School"),))
    rows = {"north": Order(2, "north", row, paper="a4")}
    choice = Choice(edition="north")
    with studio(root, orders=rows) as one, Told(one, choice) as told:
        assert one.choices.editions == (("", "none"), ("north", "north"))
        one.show(CARD, choice)
        shown = told.until(CARD, FRESH)
        assert shown.file == (root / "output/editions/north/card-baker.a4.pdf").as_posix()
        assert Path(shown.file).is_file()
        told.events.clear()
        one.changed([POTTER])
        one.changed([BAKER])
        change(root, BAKER, "title: Baker", "title: Master baker")
        one.changed([BAKER])
        told.wait(lambda told: told["state"] == FRESH)
        assert one.show(CARD, choice).stamp != shown.stamp


@pytest.mark.parametrize("gone", ["content/specialties", "content", "."])
def test_a_folder_that_is_gone_is_no_end(root: Path, gone: str):
    with studio(root) as one, Told(one) as told:
        one.show(CARD, Choice())
        told.until(CARD, FRESH)
        shutil.rmtree(root / gone)
        one.changed(["content/", "styles/", "templates/"])
        one.survey()
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(Path(__file__).parent / "project", root)
        one.changed(["content/", "styles/", "templates/"])
        one.survey()
        one.show(CARD, Choice())
        assert told.until(CARD, FRESH).pages == 1


def test_what_lies_in_the_place_of_a_pdf_is_no_page(root: Path):
    with studio(root) as one, Told(one) as told:
        one.show(CARD, Choice())
        told.until(CARD, FRESH)
    (root / "output/card/baker.pdf").write_bytes(b"no PDF at all")
    with studio(root) as one, Told(one) as told:
        one.show(CARD, Choice())
        assert told.until(CARD, FRESH).pages == 1
