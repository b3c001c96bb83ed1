"""What a press file says of itself: PDF/X-4 for a press that is known, and else what to ask the print shop for."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from pressed import mixtures, opened, used
from presses import press_profile
from trades import PROJECT, change, run, said

from handouts.findings import Findings
from handouts.finishing.memory import recall
from handouts.job import Job
from handouts.prepress.icc import read_press
from handouts.profiles import SCREEN, asks, load_profile
from handouts.project import Project
from handouts.recipe import finished


@pytest.fixture
def shop(trades: Path) -> Path:
    """The small project, with the profile of a print shop in it."""
    (trades / "press").mkdir()
    (trades / "press/letterpress.icc").write_bytes(press_profile())
    return trades


def pressed(root: Path, *wishes: tuple[str, str]) -> bytes:
    return finished(Job(str(root), "card", "baker", profiles=("press",), wishes=wishes)).pdf


def metadata(document: pikepdf.Pdf) -> str:
    return document.Root.Metadata.read_bytes().decode()


def test_a_known_press_is_named_with_its_profile(shop: Path) -> None:
    pdf = pressed(shop, ("icc", str(shop / "press/letterpress.icc")))
    with opened(pdf) as document:
        (intent,) = document.Root.OutputIntents
        assert (intent.S, intent.OutputConditionIdentifier) == ("/GTS_PDFX", "Tinkerton Letterpress")
        assert intent.DestOutputProfile.read_bytes() == press_profile()
        assert intent.DestOutputProfile.N == 4
        told = metadata(document)
        assert re.search(r"GTS_PDFXVersion[^>]*>PDF/X-4<", told)
        assert (document.pdf_version, document.docinfo.Trapped, document.is_encrypted) == ("1.6", "/False", False)
        assert document.docinfo.CreationDate == document.docinfo.ModDate == "D:20300101000000Z"
        assert told.count("2030-01-01T00:00:00Z") == 3
        assert {kind for _, kind in used(document)} == {"cmyk"}
        for page in document.pages:
            assert "/TrimBox" in page.obj
            assert "/Annots" not in page.obj


def test_an_unknown_press_is_not_named(trades: Path) -> None:
    pdf = pressed(trades)
    with opened(pdf) as document:
        assert "/OutputIntents" not in document.Root
        assert "PDF/X" not in metadata(document)
        # No claim of PDF/UA either, and no tags that nobody may trust.
        assert "pdfuaid:part" not in metadata(document)
        assert not {"/StructTreeRoot", "/MarkInfo"} & set(document.Root.keys())
        assert document.docinfo.Title


def test_grey_paper_keeps_its_tags_and_its_claim(trades: Path) -> None:
    pdf = finished(Job(str(trades), "card", "baker", profiles=("office", "grey"))).pdf
    with opened(pdf) as document:
        assert "pdfuaid:part" in metadata(document)
        assert "/StructTreeRoot" in document.Root
        assert {kind for what, kind in used(document) if what != "note"} == {"grey"}


def test_the_same_bytes_each_time_and_the_fit_is_remembered(shop: Path) -> None:
    wish = ("icc", str(shop / "press/letterpress.icc"))
    first = pressed(shop, wish)
    assert first == pressed(shop, wish)
    key, _ = recall(first)
    assert key
    assert recall(pressed(shop))[0] == key


def test_a_project_names_its_print_shop(shop: Path) -> None:
    settings = (shop / "handouts.toml").read_text(encoding="utf-8")
    change(shop, "handouts.toml", "", settings + '\n[profiles.press]\nicc = "press/letterpress.icc"\n')
    with opened(pressed(shop)) as document:
        assert document.Root.OutputIntents[0].Info == "Tinkerton Letterpress"


def test_colors_without_inks_are_asked_of_the_press(shop: Path) -> None:
    change(shop, "styles/card.css", "color: var(--ink)", "color: #c8401f")
    change(shop, "styles/card.css", ".glance {", ".glance { background: linear-gradient(#c8401f, #221100);")
    with opened(pressed(shop, ("icc", str(shop / "press/letterpress.icc")))) as document:
        assert ("gradient", "cmyk") in used(document)
        assert max(map(sum, mixtures(document))) <= 2.4 + 1e-6
        assert {kind for _, kind in used(document)} <= {"cmyk", "/Pattern"}


def test_without_a_press_the_command_says_what_to_ask_for(shop: Path) -> None:
    done = run(shop, "build", "card", "baker", "--for", "press", "--strict")
    assert (done.exit_code, done.stderr) == (0, "")
    asked = asks(load_profile(Project(shop), ("press",)))
    assert done.stdout.splitlines()[-2:] == list(asked)
    assert "--icc FILE" in asked[-1]
    named = run(shop, "build", "card", "baker", "--for", "press", "--icc", str(shop / "press/letterpress.icc"))
    assert "PDF/X" not in named.stdout
    assert asks(SCREEN) == ()


def test_a_profile_that_was_changed_is_read_again(shop: Path) -> None:
    file = shop / "press/letterpress.icc"
    words = ("build", "card", "baker", "--for", "press", "--icc", str(file))
    run(shop, *words)
    file.write_bytes(press_profile("Second Letterpress"))
    assert "unchanged" not in run(shop, *words).stdout
    with pikepdf.open(shop / "output/card/baker.press.pdf") as document:
        assert document.Root.OutputIntents[0].Info == "Second Letterpress"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no profile at all", "is no ICC color profile"),
        (b"", "is no ICC color profile"),
        (press_profile(space=b"RGB "), "is a color profile for red, green and blue, not for the four inks of a press"),
        (press_profile(kind=b"scnr"), "is a color profile of a scanner, not of a press"),
        (press_profile().replace(b"B2A0", b"B2Ax"), "is a color profile that does not say which inks a color takes"),
    ],
)
def test_a_wrong_profile_is_told_in_words(shop: Path, data: bytes, message: str) -> None:
    (shop / "press/letterpress.icc").write_bytes(data)
    with pytest.raises(Findings) as told:
        read_press(Project(shop), "press/letterpress.icc")
    (finding,) = told.value.findings
    hint = "ask the print shop for the ICC profile of its press and paper"
    assert str(finding) == f"press/letterpress.icc  {message} · {hint}"


def test_a_missing_profile_is_told_in_words(trades: Path) -> None:
    settings = (trades / "handouts.toml").read_text(encoding="utf-8")
    change(trades, "handouts.toml", "", settings + '\n[profiles.press]\nicc = "press.icc"\n')
    (line,) = said(trades, "card", "baker", "--for", "press")
    assert line == "press.icc  this file is missing · add it to the project in ROOT"
    with pytest.raises(Findings, match="this file is not there"):
        read_press(Project(PROJECT), str(trades / "gone.icc"))


def test_a_press_answers_with_inks(shop: Path) -> None:
    press = read_press(Project(shop), "press/letterpress.icc")
    white, black, red = press.of_colors([(255, 255, 255), (0, 0, 0), (200, 30, 20)])
    assert max(white) < 0.05
    assert black[3] > 0.9
    assert red[1] > red[0]
    assert read_press(Project(shop), "") is None
