"""The PDFs that we ship, page by page: sizes, type, space, codes, tags, destinations, bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import paper
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from paper import INCH, MM
from shipped import BOOKLET, PAPERS, ROOT, SPECIALTIES, by_room, facts, jobs, of, section_text, squeezed, subject

Built = Mapping[tuple[str, str, str], Path]
SHEETS = [pytest.param(slug, size, id=f"{slug}-{size}") for size in PAPERS for slug in SPECIALTIES]
ALL = [
    pytest.param((job.format, job.subject, size), id="-".join(filter(None, (job.format, job.subject, size))))
    for size in PAPERS
    for job in jobs(size)
]
SIZES = {  # in inches
    ("booklet", "letter"): (5.5, 8.5),
    ("booklet", "a4"): (148 / 25.4, 210 / 25.4),
    ("", "letter"): (8.5, 11),
    ("", "a4"): (210 / 25.4, 297 / 25.4),
}
# The specialty sheet's geometry, in inches, as styles/specialty.css has it: what the columns are searched by.
MARGIN, SIDE, GLANCE = 0.6, 2.4, 3.04


# Pages


@pytest.mark.parametrize("key", ALL)
def test_pages_are_as_many_and_as_large_as_they_should_be(built: Built, key: tuple[str, str, str]) -> None:
    form, _, size = key
    pages = paper.read(built[key])
    low, high = {"specialty": (1, 1), "topic": (1, 2), "booklet": (24, 40)}[form]
    assert low <= len(pages) <= high
    assert form != "booklet" or len(pages) % 4 == 0
    wanted = SIZES["booklet" if form == "booklet" else "", size]
    for page in pages:
        assert (page.width / INCH, page.height / INCH) == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize("key", ALL)
def test_files_are_small(built: Built, key: tuple[str, str, str]) -> None:
    assert built[key].stat().st_size < (3_000_000 if key[0] == "booklet" else 1_000_000)


@pytest.mark.parametrize("key", ALL)
def test_only_our_fonts_and_all_of_them_inside(built: Built, key: tuple[str, str, str]) -> None:
    fonts = [one for one in paper.opened(built[key]).objects if _is(one, "/Font") and one.get("/Subtype") != "/Type0"]
    assert fonts
    for font in fonts:
        assert re.fullmatch(r"/[A-Z]{6}\+Source-?S(ans|erif)-?Pro\b.*", str(font.BaseFont))
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font.FontDescriptor)


def _is(one: pikepdf.Object, kind: str) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == kind


@pytest.mark.parametrize("key", ALL)
def test_no_picture_is_in_colours_a_press_would_have_to_guess(built: Built, key: tuple[str, str, str]) -> None:
    pictures = [one for one in paper.opened(built[key]).objects if isinstance(one, pikepdf.Stream)]
    assert not [one for one in pictures if one.get("/Subtype") == "/Image" and one.get("/ColorSpace") != "/DeviceGray"]


# Type and space


@pytest.mark.parametrize("key", ALL)
def test_nothing_is_set_too_small_to_read(built: Built, key: tuple[str, str, str]) -> None:
    """Under 8 pt there are only cite marks: digits and commas, and those at 5.5 pt or more."""
    for page in paper.read(built[key]):
        small = [char for char in page.printed if char.size < paper.SMALLEST]
        assert {char.text for char in small} <= set("0123456789,")
        assert all(char.size >= 5.5 for char in small)


@pytest.mark.parametrize("key", ALL)
def test_no_word_comes_near_the_trim(built: Built, key: tuple[str, str, str]) -> None:
    for number, page in enumerate(paper.read(built[key]), 1):
        for char in page.printed:
            inside = min(char.left, char.bottom, page.width - char.right, page.height - char.top)
            assert inside >= 0.25 * INCH, f"{char} on page {number}"


def body_size(path: Path, slug: str) -> float:
    """The type size of a sheet's running text: that of the first words under "How it works"."""
    (page,) = paper.read(path)
    first = squeezed(section_text(subject("specialties", slug), "how"))[:25]
    printed = page.printed
    words = squeezed("".join(char.text for char in printed))
    assert len(words) == len(printed), "a character is squeezed into one, so places stay the same"
    return printed[words.index(first)].size


@pytest.mark.parametrize("size", PAPERS)
def test_sister_sheets_have_one_body_size(built: Built, size: str) -> None:
    sizes = {slug: body_size(built["specialty", slug, size], slug) for slug in SPECIALTIES}
    middle = (min(sizes.values()) + max(sizes.values())) / 2
    assert all(10 <= one <= 12.5 for one in sizes.values()), sizes
    assert all(abs(one / middle - 1) <= 0.04 for one in sizes.values()), sizes


@pytest.mark.parametrize("size", PAPERS)
def test_sister_sheets_line_up(built: Built, size: str) -> None:
    """The figures at a glance, set in 21 pt, stand within 1 mm of the same height on all eight."""
    heights = {}
    for slug in SPECIALTIES:
        (page,) = paper.read(built["specialty", slug, size])
        heights[slug] = Counter(round(char.bottom) for char in page.printed if abs(char.size - 21) < 0.1).most_common(1)
    lines = [found[0][0] for found in heights.values()]
    assert max(lines) - min(lines) <= 1 * MM, heights


@pytest.mark.parametrize(("slug", "size"), SHEETS)
def test_a_sheet_says_enough_and_not_too_much(built: Built, slug: str, size: str) -> None:
    """320 to 430 words. A word is what stands between two spaces and holds a letter or a digit, in 9.5 pt or more.

    That is title, promise, figures, text, chart and call to action; the small print is left out, which is the source
    list, its dates, the series line, the code's address and the label of the line to write on.
    """
    (page,) = paper.read(built["specialty", slug, size])
    words = [word for word in page.text(9.5).split() if any(letter.isalnum() for letter in word)]
    assert 320 <= len(words) <= 430, len(words)


@pytest.mark.parametrize(("slug", "size"), SHEETS)
def test_a_sheet_has_no_hole(built: Built, slug: str, size: str) -> None:
    """No empty block is taller than 25 mm: rows of one even colour, as wide as a column or as the type area.

    Searched are the left column, the tinted right one and the whole width, from the figures down to the trim, in a
    picture of 40 dpi; so the end of a column counts as well as a gap within it.
    """
    path = built["specialty", slug, size]
    (page,) = paper.read(path)
    width, height = page.width / INCH, page.height / INCH
    side, edge = width - MARGIN - SIDE, width - MARGIN
    image = paper.picture(path, 0, 40, grey=True)
    for left, right in ((MARGIN, side - 0.28), (side + 0.03, edge - 0.03), (MARGIN, edge)):
        blank, at = paper.tallest_blank(image, left / width, right / width, GLANCE / height, 1)
        assert blank * height * 25.4 <= 25, f"at {at * height:.1f} in"


@pytest.mark.parametrize("key", [key for key in ALL if key.values[0][0] != "booklet"])
def test_no_caption_ends_in_a_short_word_alone(built: Built, key: tuple[str, str, str]) -> None:
    """Under the figures at a glance; the narrow columns of the booklet have not always room for two words."""
    page = pypdfium2.PdfDocument(built[key])[0].get_textpage().get_text_range()
    front = of(*key[:2]).front
    for item in (*front.glance, *front.figures):
        words = (item.caption or facts()[item.fact].label).replace("'", "\u2019").split()
        caption = r"\s+".join(map(re.escape, words)) + r"(,\s+[\w. \u00a0\u2013]+)?"
        printed = re.search(caption, page)
        assert printed, words
        lines = printed[0].split("\r\n")
        assert len(lines) == 1 or " " in lines[-1].replace("\u00a0", " ") or len(lines[-1]) > 7, lines


@pytest.mark.parametrize("key", [key for key in ALL if key.values[0][0] != "booklet"])
def test_the_revision_stands_behind_the_dates(built: Built, key: tuple[str, str, str]) -> None:
    pages = list(pypdfium2.PdfDocument(built[key]))
    page = pages[-1].get_textpage().get_text_range()
    (line,) = [line for line in page.split("\r\n") if line.startswith("Reviewed ")]
    assert re.search(r" · Revision [0-9a-f]{4}-[0-9a-f]{4}$", line.strip()), line


# Codes


def codes(path: Path, page: int, grey: bool) -> list[tuple[str, float]]:
    """What the QR codes of a page say, and the width of each in mm without its quiet zone."""
    image = paper.picture(path, page, 300, grey=grey)
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return [
        (code.text, (code.position.top_right.x - code.position.top_left.x) / 300 * 25.4) for code in found if code.valid
    ]


@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
@pytest.mark.parametrize("key", ALL)
def test_the_code_leads_to_the_address_printed_beside_it(built: Built, key: tuple[str, str, str], grey: bool) -> None:
    form, slug, _ = key
    pages = paper.read(built[key])
    ((says, width),) = codes(built[key], len(pages) - 1, grey)
    assert says == (of(form, slug).front.more if slug else BOOKLET["more"])
    assert width >= 25
    typed = re.sub(r"^https?://(www\.)?", "", says).rstrip("/")
    assert typed in squeezed(pages[-1].text())


# Access


@pytest.mark.parametrize("key", ALL)
def test_a_reader_is_told_language_title_and_structure(built: Built, key: tuple[str, str, str]) -> None:
    pdf = paper.opened(built[key])
    assert pdf.Root.Lang == "en"
    assert pdf.Root.MarkInfo.Marked is True
    assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
    with pdf.open_metadata() as data:
        assert data["pdfuaid:part"] == "1"
        assert data["dc:title"].endswith("Careers in medical imaging")
        assert data["dc:title"] == str(pdf.docinfo.Title)
    for page in pdf.pages:
        assert page.obj.Tabs == "/S"


@pytest.mark.parametrize("key", ALL)
def test_headings_begin_with_the_title_and_skip_no_level(built: Built, key: tuple[str, str, str]) -> None:
    tags = [str(one.S)[1:] for one in paper.elements(paper.opened(built[key]))]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"H[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("key", ALL)
def test_tables_have_rows_with_heads(built: Built, key: tuple[str, str, str]) -> None:
    for table in [one for one in paper.elements(paper.opened(built[key])) if one.S == "/Table"]:
        tags = Counter(str(one.S)[1:] for one in _inside(table))
        assert tags["TR"] >= 2 and tags["TH"] >= 2 and tags["TD"] >= 2


def _inside(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    kids = element.get("/K", ())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _inside(kid)


@pytest.mark.parametrize("key", ALL)
def test_every_link_says_where_it_leads_and_leads_there(built: Built, key: tuple[str, str, str]) -> None:
    found = paper.links(paper.opened(built[key]))
    assert found
    for link in found:
        assert link.says, link
        assert link.goal is not None or re.fullmatch(r"(https?://|mailto:|tel:)\S+", link.address), link


@pytest.mark.parametrize("key", ALL)
def test_the_file_is_sound(built: Built, key: tuple[str, str, str]) -> None:
    if shutil.which("qpdf"):
        done = subprocess.run(["qpdf", "--check", str(built[key])], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    else:
        assert paper.opened(built[key]).check_pdf_syntax() == []


def test_verapdf_finds_no_failure(built: Built) -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import verapdf
    finally:
        sys.path.remove(str(ROOT / "tools"))
    if reason := verapdf.available():
        pytest.skip(f"veraPDF was not asked: {reason}")
    verdicts = verapdf.validate(list(built.values()))
    assert len(verdicts) == len(ALL)
    assert {path.name: failures for path, failures in verdicts.items() if failures} == {}


# The same bytes


def test_another_folder_and_hash_seed_give_the_same_bytes(built: Built, tmp_path: Path) -> None:
    """tests/test_wheel.py asks the same of the booklet."""
    project, out = tmp_path / "some where" / "else", tmp_path / "out"
    for room in ("content", "styles", "templates"):
        shutil.copytree(ROOT / room, project / room)
    shutil.copy(ROOT / "handouts.toml", project)
    command = [sys.executable, "-m", "handouts", "build", "specialty", "ultrasound", "-o", str(out)]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = (out / "specialty" / "ultrasound.pdf").read_bytes()
    assert again == built["specialty", "ultrasound", "letter"].read_bytes()


# An event and a notice

NOTICE = "Our school does not turn anybody away because of age, race, faith, sex, birthplace or disability. " * 8
EVENT = '\n[event]\nname = "Spring Career Fair"\ndate = "April 16, 2027"\nbooth = "Booth 12"\n'


@pytest.fixture(scope="module")
def fair(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, tuple[str, ...]]]:
    """Every specialty for a fair, with a notice of 120 words, on the paper that has less room: its PDF and findings."""
    from handouts.build import run
    from handouts.planning import plan
    from handouts.project import Project

    root = tmp_path_factory.mktemp("fair")
    for room in ("content", "styles", "templates"):
        shutil.copytree(ROOT / room, root / room)
    (root / "handouts.toml").write_text((ROOT / "handouts.toml").read_text("utf-8") + EVENT, "utf-8")
    brand = root / "styles/brands/default/brand.toml"
    notice = " ".join(NOTICE.split()[:120])
    assert len(notice.split()) == 120
    brand.write_text(brand.read_text("utf-8") + f'notice = "{notice}"\n', "utf-8")
    planned = [
        job
        for slug in SPECIALTIES
        for job in plan(
            Project(root),
            "specialty",
            [slug],
            output=str(root / "output"),
            paper=by_room(built, "specialty", slug)[0],
        )
    ]
    results = run(planned, 2, lambda result: None)
    return {one.job.subject: (root / "output" / one.file, tuple(map(str, one.findings))) for one in results}


@pytest.mark.parametrize("slug", SPECIALTIES)
def test_a_sheet_has_room_for_an_event_and_a_notice(fair: Mapping, slug: str) -> None:
    path, findings = fair[slug]
    assert findings == ()
    (page,) = paper.read(path)
    words = squeezed(page.text())
    assert squeezed(" ".join(NOTICE.split()[:120])) in words
    assert squeezed("Spring Career Fair · April 16, 2027 · Booth 12") in words
    assert body_size(path, slug) >= 10
    assert not [char for char in page.printed if char.size < paper.SMALLEST and char.text not in "0123456789,"]


# What is built again


def test_a_specialty_s_file_is_read_by_its_sheets_and_the_booklet(built: Built) -> None:
    """So a change to it concerns these alone, and one to the tokens of the design all."""
    folder = built["booklet", "", "letter"].parent
    reads = {
        key: json.loads((folder / ".ledger" / path.relative_to(folder)).with_suffix(".json").read_bytes())["reads"]
        for key, path in built.items()
    }
    bound = {slug for chapter in BOOKLET["chapter"] for slug in chapter.get("subjects", ())}
    assert bound < set(SPECIALTIES)
    for slug in SPECIALTIES:
        readers = {key for key, asked in reads.items() if f"read content/specialties/{slug}.md" in asked}
        printed = [("specialty", slug), *([("booklet", "")] if slug in bound else [])]
        assert readers == {(form, one, size) for form, one in printed for size in PAPERS}
    for one in ("read styles/base/tokens.css", "read content/facts.toml", "today"):
        assert all(one in asked for asked in reads.values())
    lists = {key[0] for key, asked in reads.items() for one in asked if one.startswith("names content/specialties ")}
    assert lists == {"booklet"}
