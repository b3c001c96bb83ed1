"""Stamped editions beside the same ones laid out in full: the same words, glyphs, tags, links and looks."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from engine import names
from PIL import Image, ImageChops, ImageFilter, ImageStat
from trades import copied, with_brand

from handouts.build import run
from handouts.editions.masters import Press, frame_of, prepare
from handouts.job import Edition, Job
from handouts.preflight.annotations import notes
from handouts.preflight.evidence import Printed
from handouts.preflight.table import judge_any

COUNT = 20
# Of those that are asked for, until there are so many: names are odd on purpose, and some only the engine can break.
MOST_REFUSED = 2
ADDRESSES = (
    "https://wa.example.org",
    "https://www.fenbridge.example.edu/health-careers/tours",
    "http://av.example.org/visit?from=fair&year=2030",
    "https://careers.office-of-admissions.tofield.example.org/apply.html",
)
EVENTS = (
    (),
    (("event", "Québec–Łódź Health Night"), ("date", "May 4, 2030"), ("booth", "Booth 12A")),
    (("event", "Open House"),),
    (("event", "Annual Career & Technical Education Fair of the North"), ("date", "October 31, 2030")),
)


@dataclass(frozen=True)
class Pair:
    """An edition, stamped and laid out in full."""

    job: Job
    revisions: tuple[str, str]
    stamped: bytes
    full: bytes

    @cached_property
    def printed(self) -> tuple[Printed, Printed]:
        return Printed("stamped.pdf", self.stamped), Printed("full.pdf", self.full)


def logo(folder: Path, number: int, chance: random.Random) -> str:
    """A new mark of some squares, as a picture or as a drawing."""
    colors = [f"#{chance.randrange(1 << 24):06x}" for _ in range(9)]
    wide = chance.choice((1, 2, 3))
    name = f"logo{number}.{'svg' if number % 2 else 'png'}"
    if number % 2:
        squares = (
            f'<rect x="{100 * wide * (i % 3)}" y="{100 * (i // 3)}" width="{100 * wide}" height="100" fill="{color}"/>'
            for i, color in enumerate(colors)
        )
        text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {300 * wide} 300">{"".join(squares)}</svg>'
        (folder / name).write_text(text, "utf-8")
    else:
        picture = Image.new("RGB", (3, 3))
        picture.putdata([tuple(bytes.fromhex(color[1:])) for color in colors])
        picture.resize((300 * wide, 300), Image.Resampling.NEAREST).save(folder / name)
    return f"beside/{name}"


def jobs(root: Path, folder: Path) -> Iterator[Job]:
    """Editions without end, of one-pagers mostly: names of 3 to 60 characters, and with or without everything else."""
    chance = random.Random("editions")
    base = Job(str(root), "specialty", "baker", output=str(folder), beside=str(folder))
    sheet = replace(base, brand="plain")
    # Products, and whether their editions have a logo and a color: each of these is laid out once to be stamped.
    kinds = (
        (sheet, False, True),
        (sheet, True, True),
        (sheet, False, False),
        (base, False, True),
        (replace(sheet, paper="a4"), True, False),
        (replace(base, format="topic", subject="apprenticeship"), True, True),
    )
    pool = sorted(names(chance, 4000, odd=True), key=len)
    for number in range(10 * COUNT):
        length = 3 + 3 * (number % COUNT)
        product, has_logo, has_color = kinds[number % len(kinds)]
        name = chance.choice([one for one in pool if len(one) == length])
        row = {
            "organization": name,
            "unit": chance.choice(("", "Office of Counseling & Career-Technical Education", "École d’été")),
            "phone": chance.choice(("", "+1 (555) 010-0199, ext. 7")),
            "email": chance.choice(("", "first.last@fen-bridge.example.org")),
            "address": chance.choice(("", "1200½ St. Mary’s Road, Suite #4, Wilkes-Barre, PA 18700")),
            "url": ADDRESSES[number % 4],
            "call_to_action": chance.choice(("", "Visit us: “Ask anything!”")),
            "logo": logo(folder, number, chance) if has_logo else "",
            "color": chance.choice(("#5b1a3f", "#0d4b45", "#203a7c")) if has_color else "",
        }
        brand = tuple((key, text) for key, text in row.items() if text)
        yield replace(product, edition=Edition(f"row{number}", brand, chance.choice(EVENTS)))


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    """The first editions that can be stamped."""
    folder = tmp_path_factory.mktemp("editions")
    root = copied(folder)
    with_brand(root, 'call_to_action = "Talk to us"\n', name="plain")
    presses: dict[Job, Press] = {}
    taken, refused = [], []
    for job in jobs(root, folder):
        product = replace(job, edition=frame_of(job.edition))
        press = presses.get(product) or presses.setdefault(product, prepare(product))
        made = press.stamp(job.edition)
        if hasattr(made, "pdf"):
            taken.append((job, made))
        else:
            refused.append((job.edition, made.reason))
        if len(taken) == COUNT:
            break
    assert len(refused) <= MOST_REFUSED, refused
    results = run([job for job, _ in taken], 2, lambda result: None)
    pairs = []
    for (job, made), result in zip(taken, results, strict=True):
        assert not [str(one) for one in result.findings if one.severity == "error"], job.edition
        assert (made.pages, result.built) == (result.pages, True)
        pairs.append(Pair(job, (made.revision, result.revision), made.pdf, (folder / result.file).read_bytes()))
    return pairs


def test_the_sample_has_everything(pairs: list[Pair]) -> None:
    brands = [dict(pair.job.edition.brand) for pair in pairs]
    lengths = {len(brand["organization"]) for brand in brands}
    assert min(lengths) <= 6
    assert max(lengths) >= 50
    assert any(not brand["organization"].isascii() for brand in brands)
    for key in ("unit", "phone", "email", "address", "call_to_action", "logo", "color"):
        assert 0 < sum(key in brand for brand in brands) < COUNT, key
    assert {brand.get("logo", ".")[-3:] for brand in brands} == {".", "svg", "png"}
    assert {pair.job.paper for pair in pairs} == {"letter", "a4"}
    assert {pair.job.format for pair in pairs} == {"specialty", "topic"}
    assert len({pair.job.edition.event for pair in pairs}) == len(EVENTS)


def test_revisions_are_the_same(pairs: list[Pair]) -> None:
    assert [pair.revisions[0] for pair in pairs] == [pair.revisions[1] for pair in pairs]
    assert len({pair.revisions[0] for pair in pairs}) == COUNT


def test_words_are_the_same(pairs: list[Pair]) -> None:
    """In the order in which they are read aloud, and just as another reader takes them from the file."""
    for pair in pairs:
        read, found = [], []
        for printed, data in zip(pair.printed, (pair.stamped, pair.full), strict=True):
            read.append([(passage.element.tag, passage.text) for passage in printed.passages.all])
            with pypdfium2.PdfDocument(data) as document:
                found.append([page.get_textpage().get_text_range() for page in document])
        assert read[0] == read[1], pair.job.edition
        assert found[0] == found[1], pair.job.edition
        name = dict(pair.job.edition.brand)["organization"]
        assert any(" ".join(text.split()) == " ".join(name.split()) for _, text in read[0])


class Shown(NamedTuple):
    """A text as it is painted: its marks, its face and size, its color of 0 to 1, and the operator's glyphs, each with
    what corrects the place of the next."""

    tag: str
    face: str
    size: float
    color: tuple[float, ...]
    glyphs: tuple[bytes | float, ...]


def shown(page: pikepdf.Page) -> Iterator[tuple[Shown, tuple[float, ...]]]:
    """The texts of a page in the order of its streams, each with its matrix."""
    resources = page.obj.Resources
    brand = bytes(resources.ColorSpace["/Brand"][3]) if "/Brand" in resources.get("/ColorSpace", {}) else b""
    inks = [tuple(value / 255 for value in brand[at : at + 3]) for at in range(0, len(brand), 3)]
    tag, saved = "", []
    color, face, size, matrix = (0.0, 0.0, 0.0), "", 0.0, ()
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC" | "BMC":
                tag = str(operands[0])
            case "EMC":
                tag = ""
            case "q":
                saved.append((color, face, size))
            case "Q":
                color, face, size = saved.pop()
            case "rg":
                color = tuple(map(float, operands))
            case "sc":
                color = inks[int(operands[0])]
            case "Tf":
                face, size = str(resources.Font[operands[0]].BaseFont).partition("+")[2], float(operands[1])
            case "Tm":
                matrix = tuple(map(float, operands))
            case "TJ":
                glyphs = tuple(bytes(one) if isinstance(one, pikepdf.String) else float(one) for one in operands[0])
                yield Shown(tag, face, size, tuple(round(value, 4) for value in color), glyphs), matrix
            case "Tj" | "k" | "g" | "scn" | "cm" if tag == "/Span":
                raise AssertionError(f"{operator} in a text is read by no test")


def test_glyphs_are_the_same(pairs: list[Pair]) -> None:
    """Text for text in the order of the file: marks, faces, colors, glyphs and kerning are equal, not alike."""
    for pair in pairs:
        texts = []
        for data in (pair.stamped, pair.full):
            with pikepdf.open(BytesIO(data)) as document:
                texts.append([list(shown(page)) for page in document.pages])
        for ours, theirs in zip(*texts, strict=True):
            assert [text for text, _ in ours] == [text for text, _ in theirs], pair.job.edition
            for (text, place), (_, other) in zip(ours, theirs, strict=True):
                assert place == pytest.approx(other, abs=0.001), (pair.job.edition, text)
        assert sum(map(len, texts[0])) > 40


def test_tags_are_the_same(pairs: list[Pair]) -> None:
    for pair in pairs:
        trees = []
        for printed in pair.printed:
            elements = printed.tags.elements
            depths = [sum(1 for _ in element.above()) for element in elements]
            trees.append(
                [
                    ("  " * depth + element.tag, element.alt, element.actual, printed.passages.text(element).split())
                    for depth, element in zip(depths, elements, strict=True)
                ]
            )
        assert trees[0] == trees[1], pair.job.edition


def test_links_are_the_same(pairs: list[Pair]) -> None:
    for pair in pairs:
        found = [
            [(note.page, note.kind, note.contents, str(note.entries.get("/A")), note.box) for note in notes(printed)]
            for printed in pair.printed
        ]
        assert [note[:4] for note in found[0]] == [note[:4] for note in found[1]], pair.job.edition
        for ours, theirs in zip(*found, strict=True):
            assert ours[4] == pytest.approx(theirs[4], abs=0.1), (pair.job.edition, ours)


def strange(one: Image.Image, other: Image.Image) -> int:
    """How many pixels of a picture are brighter or darker than all that stand at their place in another, or beside."""
    over = ImageChops.subtract(one, other.filter(ImageFilter.MaxFilter(3)))
    under = ImageChops.subtract(other.filter(ImageFilter.MinFilter(3)), one)
    return sum(ImageChops.lighter(over, under).convert("L").histogram()[24:])


def test_looks_are_the_same(pairs: list[Pair]) -> None:
    """At 100 dpi. Only the edge of a shape may fall on the other side of a pixel's edge, by a hair."""
    for pair in pairs:
        for stamped, full in zip(*(printed.pages for printed in pair.printed), strict=True):
            difference = ImageChops.difference(stamped.raster(100), full.raster(100))
            assert sum(ImageStat.Stat(difference).mean) / 3 < 0.01, pair.job.edition
            if not any(difference.convert("L").histogram()[24:]):
                continue
            for one, other in ((stamped, full), (full, stamped)):
                assert strange(one.raster(100), other.raster(100)) == 0, pair.job.edition


def test_codes_lead_to_the_same_address(pairs: list[Pair]) -> None:
    for pair in pairs:
        addresses = [
            [code.text for page in printed.pages for code in zxingcpp.read_barcodes(page.raster(150))]
            for printed in pair.printed
        ]
        assert addresses[0] == addresses[1] == [dict(pair.job.edition.brand)["url"]], pair.job.edition


def test_no_fault_is_found_in_what_is_stamped(pairs: list[Pair]) -> None:
    for pair in pairs:
        assert [str(finding) for finding in judge_any(pair.printed[0])] == [], pair.job.edition


def test_verapdf_finds_no_failure(pairs: list[Pair], tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
    try:
        import verapdf
    finally:
        sys.path.pop(0)
    if reason := verapdf.available():
        pytest.skip(f"veraPDF was not asked: {reason}")
    for number, pair in enumerate(pairs):
        (tmp_path / f"{number}.pdf").write_bytes(pair.stamped)
    verdicts = verapdf.validate(sorted(tmp_path.glob("*.pdf")))
    assert len(verdicts) == COUNT
    assert {path.name: failures for path, failures in verdicts.items() if failures} == {}


def test_what_cannot_be_set_alike_is_refused(tmp_path: Path) -> None:
    """Never wrong: a character that no face has, a text too long, one that only the engine can break."""
    root = copied(tmp_path)
    job = Job(str(root), "specialty", "baker", output=str(tmp_path))
    press = prepare(job)
    for name, reason in {
        "東京 College": "only a layout can set the organization",
        "College of a\u0301rt": "only a layout can set the organization",
        "Жukov College": "only a layout can set the organization",
        "W" * 60: "the organization is too long for its place",
    }.items():
        made = press.stamp(Edition("one", (("organization", name),)))
        assert getattr(made, "reason", "") == reason, name


def test_the_same_edition_is_the_same_bytes(tmp_path: Path) -> None:
    root = copied(tmp_path)
    edition = Edition("one", (("organization", "Peña College"), ("color", "#5b1a3f")))
    job = Job(str(root), "specialty", "baker", output=str(tmp_path), edition=frame_of(edition))
    # The second press is of a master from the store.
    made = [prepare(job).stamp(edition).pdf for _ in range(2)]
    assert made[0] == made[1]
    assert prepare(job).stamp(Edition("one", (*edition.brand[:1], ("color", "#0d4b45")))).pdf != made[0]
