"""Each fault gives exactly its id and no other, in products and projects that are sound but for it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import faults
import paint
import pikepdf
import pytest
import slips
import spoiled
from faults import saved
from paint import line
from shipped import PROJECT, source_of

from handouts.build import build
from handouts.check import Target, check, judge
from handouts.findings import Finding, Findings
from handouts.job import Job
from handouts.planning import plan
from handouts.preflight.table import every_rule
from handouts.project import FILE, Project

Key = tuple[str, str, str]

ONE_PAGER: Key = ("specialty", "ultrasound", "letter")
TOPIC: Key = ("topic", "role", "letter")
BOOKLET: Key = ("booklet", "", "letter")


class Fault(NamedTuple):
    """What is broken in a PDF of ours, in words, and the one id that tells it."""

    id: str
    what: str
    change: Callable[[bytes], bytes]
    product: Key = ONE_PAGER


class Slip(NamedTuple):
    """What is broken in a project, in words, and the one id that tells it."""

    id: str
    what: str
    change: Callable[[Path], None]


def edit(id: str, what: str, change: paint.Edit, product: Key = ONE_PAGER) -> Fault:
    return Fault(id, what, saved(change), product)


IN_PDFS = (
    # The file itself
    Fault("pdf-damaged", "an empty file", lambda data: b""),
    Fault("pdf-damaged", "a Word file with the wrong name", lambda data: b"PK\3\4" + data[8:]),
    Fault("pdf-damaged", "half a file", lambda data: data[: len(data) // 2]),
    Fault("pdf-damaged", "a file without its end", lambda data: data[:-600]),
    edit("pdf-damaged", "a page of 25 feet", faults.giant),
    Fault("pdf-locked", "a file that may not be printed", faults.locked(print_lowres=False, print_highres=False)),
    Fault("pdf-locked", "a file that may not be read aloud", faults.locked(accessibility=False)),
    Fault("pdf-locked", "a file with a password", faults.password),
    Fault("pdf-version", "a file of version 1.3", faults.old),
    edit("file-size", "a megabyte that nobody sees", faults.stuffed),
    edit("javascript", "a program that runs on opening", faults.script),
    edit("external-reference", "an attached file", faults.attachment),
    edit("external-reference", "a link that starts a program", faults.starting_link),
    # Pages
    edit("page-count", "a second page of a one-pager", faults.extra_page),
    # Bookmarks and links
    edit("bookmark-broken", "a bookmark to no place", faults.lost_bookmark),
    edit("link-broken", "a link to no place", faults.lost_link),
    edit("link-broken", "a link to half an address", faults.half_address),
    edit("link-text", "a link without a description", faults.silent_link),
    # Read aloud
    edit("tags-missing", "no tags", faults.without("StructTreeRoot")),
    edit("tags-missing", "tags that do not count", faults.unmarked),
    edit("language-missing", "no language", faults.without("Lang")),
    edit("title-missing", "no title", faults.without_title),
    edit("title-missing", "a file name for a title", faults.titled("Microsoft Word - flyer3.docx")),
    edit("title-missing", "a title that is not shown", faults.without("ViewerPreferences", "DisplayDocTitle")),
    edit("alt-missing", "a figure without words", faults.without_words),
    edit("heading-order", "a level of headings left out", faults.deep_heading),
    edit("heading-order", "a title that is no heading", faults.no_first_heading),
    edit("table-headers", "a table without headers", faults.plain_cells),
    edit("table-headers", "headers that say not what they head", faults.aimless_headers),
    edit("reading-order", "a text read before its heading", faults.swapped),
    edit("content-untagged", "a line outside the tags", faults.untagged("Your contact")),
    # Fonts
    edit("font-embedded", "a font left out", faults.without_font_file),
    edit("text-unmapped", "a font that hides its letters", faults.without_letters),
    edit("font-fallback", "a font of the machine", faults.renamed_font),
    edit("glyph-missing", "a glyph left out", line("Talk to us", paint.Text.lose_a_glyph)),
    # Seen on the page
    edit("safe-margin", "words 0.2 in from the edge", line("Careers in", lambda text: text.move_to(43, 21))),
    edit("safe-margin", "words 0.1 in from the edge", line("Careers in", lambda text: text.move_to(7, 36))),
    edit("fit-overflow", "words over the edge", line("Careers in", lambda text: text.move_to(-8, 36))),
    edit("fit-clipped", "words cut off by a box", line("Talk to us", lambda text: text.clip(40, 20))),
    edit("fit-overlap", "two lines over each other", line("Talk to us", lambda text: text.move(0, 12))),
    edit("fit-overlap", "words under a shape", paint.decorated("0.9 0.9 0.9 rg 133 676 116 18 re f")),
    edit("type-small", "type of 7 points", line("Your contact", lambda text: text.set_size(7))),
    edit("type-small", "type of 5 points", line("Your contact", lambda text: text.set_size(5))),
    edit("contrast", "pale words", line("Talk to us", lambda text: text.color(0.8, 0.8, 0.8))),
    edit("contrast", "words on a dark field", paint.decorated("0.2 0.2 0.2 rg 133 676 116 18 re f", under=True)),
    edit("contrast-grey", "red on black", paint.red_on_black("Your contact")),
    edit("image-resolution", "a picture of 72 pixels an inch", paint.coarse_picture(36)),
    edit("image-resolution", "a picture of 200 pixels an inch", paint.coarse_picture(100)),
    edit("review-missing", "no review and revision", line("Reviewed", paint.Text.unpaint)),
    edit("review-missing", "another revision", paint.other_revision),
    # QR codes
    edit("qr-unreadable", "a label on the code", paint.over_code),
    edit("qr-unreadable", "a label on a corner of the code", paint.cornerless_code),
    edit("qr-address", "the code of another address", paint.code_for_another),
    edit("qr-small", "a code of 20 mm", paint.code_of_width(20)),
    edit("qr-quiet", "a rule beside the code", paint.rule_by_code),
    edit("qr-contrast", "a pale code", paint.code_in(0.5, 0.5, 0.5)),
    edit("qr-module", "a code of a very long address", paint.fine_code(2, 200, 195), TOPIC),
    # Flow
    edit("orphan", "a first line left alone", paint.orphaned, TOPIC),
    edit("widow", "a last line left alone", paint.widowed, TOPIC),
    edit("heading-stranded", "a heading left alone", paint.stranded, TOPIC),
    edit("page-multiple", "a page less than is folded", faults.fewer_pages, BOOKLET),
    edit("page-hollow", "a page without its text", paint.emptied(20), BOOKLET),
    edit("bookmarks-missing", "a booklet without bookmarks", faults.without("Outlines"), BOOKLET),
)


# In the one-pager as it is made for a print shop.
IN_PRESS = (
    edit("color-space", "a red that is no ink", spoiled.drawn("1 0 0 rg 12 400 15 15 re f")),
    edit("color-space", "a red that nobody sees", spoiled.drawn("1 0 0 rg")),
    edit("ink-limit", "all inks in one place", spoiled.drawn("1 1 1 1 k 12 400 15 15 re f")),
    edit("line-thin", "a line of a tenth of a point", spoiled.drawn("0.1 w 0 0 0 1 K 12 400 m 27 400 l S")),
    edit("black-rich", "a black of all inks", spoiled.colored("Your contact", 0.6, 0.5, 0.4, 0.8)),
    edit("type-reversed", "a white cite mark on several inks", spoiled.reversed_mark("median pay")),
    edit("page-boxes", "half a bleed", spoiled.narrow_bleed),
    edit("bleed-short", "a white strip beside a band", spoiled.drawn("0 0 0 0 k -9 700 9 101 re f")),
    edit("pdf-x", "a label without a press", spoiled.labelled_without_press),
)

# Judged by `handouts check`, which reads all words of the project.
IN_WORDS = (
    Slip("cite-unresolved", "a mark without a source", slips.added("They like it [@no-such-source].")),
    Slip("cite-unresolved", "a figure without a fact", slips.added("They earn [=no-such-fact].")),
    Slip("fact-unverified", "a figure that nobody verified", slips.fact(slips.PAY, "confidence", '"unverified"')),
    Slip("reference-orphan", "a source of nothing", slips.one_more(id="echoes", author=[{"literal": "A. Sound"}])),
    Slip("reference-duplicate", "a source listed twice", slips.again(source_of(slips.PAY))),
    Slip("fact-stale", "pay of three years ago", slips.reference(source_of(slips.PAY), issued=slips.on(2023, 8, 29))),
    Slip("figure-undated", "a figure of no time", slips.fact(slips.PAY, "period", '"of late"')),
    Slip("figure-undated", "a source read later", slips.reference(slips.UNDATED, accessed=slips.on(2027, 1, 1))),
    Slip("figure-unsourced", "money without a source", slips.added("Some of them earn $70,000 a year.")),
    Slip("reading-grade", "hard words", slips.added(slips.HARD_WORDS)),
    Slip("sentence-long", "a long sentence", slips.added("You look and " + "look and " * 12 + "look.")),
    Slip("review-overdue", "an old review", slips.replaced(slips.SHEET, "reviewed: 202", "reviewed: 2025-06 #")),
)

# Judged by the build, which sees the layout too.
IN_LOOKS = (
    Slip("fit-overflow", "more text than a page holds", slips.before("## How", slips.MANY_WORDS)),
    Slip("fit-overflow", "a line that must not break", slips.looks(".promise { white-space: nowrap; width: 1in }")),
    Slip("fit-overflow", "words beside the page", slips.looks(".job { position: absolute; left: -6in }")),
    Slip("fit-clipped", "a box that hides", slips.looks(".promise { height: 20pt; overflow: hidden }")),
    Slip("fit-overlap", "two lines in one place", slips.looks(".job { margin-top: -30pt }")),
    Slip("fit-overlap", "a box over words", slips.looks(slips.COVER)),
    Slip("text-lost", "words that the looks take away", slips.looks(".job { display: none }")),
    Slip("safe-margin", "a narrow margin", slips.looks(".sheet { --side: 0.2in }")),
    Slip("type-small", "small type", slips.looks(".series { font-size: 7.5pt }")),
    Slip("contrast", "pale type", slips.looks(".prose p { color: #bbb }")),
    Slip("glyph-missing", "a character of no font", slips.before("## A day", "You like \U0010fffd.")),
    Slip("review-missing", "a template without it", slips.replaced(slips.PARTS, '<p class="dates">', "<p hidden>")),
)

# A sheet that was built before the slip, judged by `handouts check specialty ultrasound`.
IN_OUTPUTS = (
    Slip("output-stale", "other words since", slips.before("## How", "You also walk a lot.")),
    Slip("output-stale", "other looks since", slips.looks(".job { font-style: italic }")),
    Slip("output-missing", "no sheet", lambda root: (root / BUILT).unlink()),
    Slip("notice-missing", "a notice not printed", slips.added('[required]\nnotices = ["Open to all."]', FILE)),
)
BUILT = "output/specialty/ultrasound.pdf"

# What no fault of these tables can give.
ELSEWHERE = {
    "pdfua": "needs veraPDF: tests/test_preflight_verapdf.py",
    "type-profile": "asked of large print alone: tests/test_preflight_type.py",
    "ink-edge": "asked of an office printer's alone: tests/test_office.py",
    "ink-coverage": "asked of an office printer's alone: tests/test_office.py",
}
# What is no fault of the file, but of what is asked of it.
INTENT = "intent-missing"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2026-11-23")


def ids(findings: Iterable[Finding]) -> set[str]:
    return {finding.id for finding in findings}


def named(fault: Fault | Slip) -> str:
    return f"{fault.id}: {fault.what}"


def judged(root: Path, *words: str) -> set[str]:
    """What `handouts check` says of a project, or of one product of it."""
    try:
        return ids(check(Project(root), words, str(root / "output"), ["letter"], 1, False)[1])
    except Findings as found:
        return ids(found.findings)


def with_sheet(folder: Path, built: Mapping[Key, Path]) -> Path:
    """A copy of the project with one sheet built."""
    root = slips.copied(folder)
    (root / BUILT).parent.mkdir(parents=True)
    shutil.copy(built[ONE_PAGER], root / BUILT)
    return root


@pytest.mark.parametrize("fault", IN_PDFS, ids=named)
def test_a_fault_in_a_pdf_gives_its_id_and_no_other(built: Mapping[Key, Path], tmp_path: Path, fault: Fault):
    form, subject, paper_ = fault.product
    [job] = plan(PROJECT, form, [subject] if subject else [], paper=paper_)
    file = tmp_path / "broken.pdf"
    file.write_bytes(fault.change(built[fault.product].read_bytes()))
    assert ids(judge(Target(str(file), job)).findings) == {fault.id}


@pytest.fixture(scope="module")
def for_press(tmp_path_factory: pytest.TempPathFactory) -> tuple[Job, bytes]:
    """The one-pager for a print shop, and the job that makes it."""
    folder = tmp_path_factory.mktemp("press")
    [job] = plan(PROJECT, "specialty", ["ultrasound"], output=str(folder), profiles=("press",))
    result = build(job)
    assert result.built, result.findings
    return job, (folder / result.file).read_bytes()


@pytest.mark.parametrize("fault", IN_PRESS, ids=named)
def test_a_fault_in_a_sheet_for_a_print_shop_gives_its_id_and_no_other(
    for_press: tuple[Job, bytes], tmp_path: Path, fault: Fault
):
    job, pdf = for_press
    file = tmp_path / "broken.pdf"
    file.write_bytes(fault.change(pdf))
    assert ids(judge(Target(str(file), job)).findings) == {fault.id}


def test_a_sheet_for_a_print_shop_that_is_only_saved_anew_gives_none(for_press: tuple[Job, bytes], tmp_path: Path):
    job, pdf = for_press
    file = tmp_path / "saved.pdf"
    file.write_bytes(saved(spoiled.drawn(""))(pdf))
    assert judge(Target(str(file), job)).findings == ()
    # The same sheet, made for a press that is known, would name it.
    known = replace(job, wishes=(("icc", "printer.icc"),))
    assert ids(judge(Target(str(file), known)).findings) == {INTENT}


@pytest.mark.parametrize("key", [ONE_PAGER, TOPIC], ids=lambda key: key[0])
def test_a_product_that_is_only_saved_anew_gives_none(built: Mapping[Key, Path], tmp_path: Path, key: Key):
    form, subject, paper_ = key
    file = tmp_path / "saved.pdf"

    def rewritten(pdf: pikepdf.Pdf) -> None:
        for number in range(1, len(pdf.pages) + 1):
            paint.Paint(pdf, number).write()

    file.write_bytes(saved(rewritten)(built[key].read_bytes()))
    assert judge(Target(str(file), plan(PROJECT, form, [subject], paper=paper_)[0])).findings == ()


def test_a_project_without_a_slip_gives_none(built: Mapping[Key, Path], tmp_path: Path):
    root = with_sheet(tmp_path, built)
    slips.added("")(root)
    assert judged(root) == set()


@pytest.mark.parametrize("slip", IN_WORDS, ids=named)
def test_a_slip_in_the_words_gives_its_id_and_no_other(tmp_path: Path, slip: Slip):
    root = slips.copied(tmp_path)
    slip.change(root)
    assert judged(root) == {slip.id}


@pytest.mark.parametrize("slip", IN_LOOKS, ids=named)
def test_a_slip_in_the_looks_gives_its_id_and_no_other(tmp_path: Path, slip: Slip):
    root = slips.copied(tmp_path)
    slip.change(root)
    [job] = plan(Project(root), "specialty", ["ultrasound"], output=str(root / "output"))
    result = build(job)
    assert ids(result.findings) == {slip.id}
    assert result.built == (every_rule()[slip.id].severity == "warning") == (root / BUILT).exists()


@pytest.mark.parametrize("slip", IN_OUTPUTS, ids=named)
def test_a_slip_after_a_build_gives_its_id_and_no_other(built: Mapping[Key, Path], tmp_path: Path, slip: Slip):
    root = with_sheet(tmp_path, built)
    slip.change(root)
    assert judged(root, "specialty", "ultrasound") == {slip.id}


def test_every_rule_has_its_fault():
    told = {fault.id for fault in (*IN_PDFS, *IN_PRESS, *IN_WORDS, *IN_LOOKS, *IN_OUTPUTS)} | {INTENT}
    assert told | ELSEWHERE.keys() == every_rule().keys()
    assert not told & ELSEWHERE.keys()
    assert len(told) >= 30
