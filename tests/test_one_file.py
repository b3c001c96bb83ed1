"""All editions in one PDF for the print shop: each page as it is by itself, and what they share stored once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat
from tickets import edition, product, ticket
from trades import change

from handouts.editions.masters import Press, Refusal, prepare
from handouts.finishing.collection import Collection, collect
from handouts.job import Edition, Job
from handouts.stamping.one_file import Entry, write

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><rect width="300" height="100" fill="#{}"/></svg>'
COLORS = ("#5b1a3f", "#0d4b45", "#203a7c")
# Only a layout can break an address into three lines.
LONG = "https://careers.office-of-admissions.fenbridge.example.edu/health-careers/programs/2030/tours/apply.html"
TITLE = "Editions in one file, for the print shop: without tags and links"
# What an edition may add to the file, in bytes.
MOST = 8000


@dataclass(frozen=True)
class Shop:
    """Two products with their presses; editions of theirs as single PDFs and as entries of a collection."""

    presses: tuple[tuple[Job, Press], ...]
    collection: Collection
    full: int

    def single(self, place: int, wanted: Edition) -> bytes:
        made = self.presses[place][1].stamp(wanted)
        assert not isinstance(made, Refusal), made
        return made.pdf

    def entry(self, place: int, wanted: Edition, title: str = "-") -> Entry:
        made = self.presses[place][1].entry(wanted, place, title)
        assert made is not None
        return made

    def bound(self, entries: Sequence[Entry]) -> bytes:
        pages = write(out := BytesIO(), self.collection, iter(entries), TITLE)
        assert pages == sum(len(self.collection.sheets[entry.place]) for entry in entries)
        return out.getvalue()


# An edition that cannot be stamped.
LAID_OUT = edition(
    organization="Laid Out College", url=LONG, color=COLORS[2], accent=COLORS[0], logo="beside/b.svg"
)


def full_of(job: Job, press: Press, wanted: Edition) -> bytes:
    result = press.build(replace(job, edition=wanted))
    assert result.built, result.findings
    return Path(result.job.output, result.file).read_bytes()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Baker and potter, of which one has two pages; and one edition that was laid out in full."""
    back = '<section class="back"><h2>Notes</h2><p>Write here.</p></section>\n</body>'
    root = ticket(
        tmp_path_factory.mktemp("shop"),
        ".back { break-before: page } .back h2 { color: var(--ink) }",
        {"</body>": "{% if front.title == 'Potter' %}" + back + "{% else %}</body>{% endif %}"},
    )
    change(root, "templates/card/format.toml", "pages = [1, 1]", "pages = [1, 2]")
    for name, color in (("a", "c00"), ("b", "0a0")):
        (root.parent / f"{name}.svg").write_text(SVG.format(color), "utf-8")
    asked = edition(logo="beside/a.svg", color=COLORS[0], accent=COLORS[1])
    jobs = [product(root, asked), product(root, asked, subject="potter")]
    presses = tuple((job, prepare(job)) for job in jobs)
    assert [press.reason for _, press in presses] == ["", ""]
    assert isinstance(presses[0][1].stamp(LAID_OUT), Refusal)
    pdfs = [press.base for _, press in presses] + [full_of(*presses[0], LAID_OUT)]
    return Shop(presses, collect(pdfs), 2)


def wanted(number: int, logo: str = "a") -> Edition:
    return edition(
        organization=f"College Nº {number}",
        url=f"https://no{number}.example.org/visit",
        color=COLORS[number % 3],
        accent=COLORS[(number + 1) % 3],
        logo=f"beside/{logo}.svg",
    )


def rasters(data: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.render(scale=60 / 72).to_pil().convert("RGB") for page in document]


def counts(data: bytes) -> Counter[str]:
    """How many streams there are of each kind, and in all."""
    with pikepdf.open(BytesIO(data)) as document:
        streams = [obj for obj in document.objects if isinstance(obj, pikepdf.Stream)]
        kinds = Counter(str(obj.get("/Subtype", obj.get("/Type", ""))) for obj in streams)
        fonts = Counter({"fonts": sum("/Length1" in obj for obj in streams)})
    return kinds + fonts


def test_each_page_is_as_it_is_by_itself(shop: Shop) -> None:
    """In the order of the spreadsheet: products in turn, among them one that was laid out in full."""
    asked = [(number % 2, wanted(number, "ab"[number % 3 == 0])) for number in range(6)]
    entries = [shop.entry(place, one) for place, one in asked]
    singles = [shop.single(place, one) for place, one in asked]
    entries.insert(3, Entry("full", shop.full, {}))
    singles.insert(3, full_of(*shop.presses[0], LAID_OUT))
    bound = shop.bound(entries)
    ours, theirs = rasters(bound), [page for data in singles for page in rasters(data)]
    assert len(ours) == len(theirs) == 3 * 1 + 1 + 3 * 2
    for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        assert sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) < 0.001, number
    # They are not all alike.
    assert len({page.tobytes() for page in ours}) >= 8
    with pypdfium2.PdfDocument(bound) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert [number for number in range(6) if f"College Nº {number}" in "".join(texts)] == list(range(6))
    assert "Laid Out College" in texts[4]
    assert not any("zqslot" in text.lower() for text in texts)


def test_bookmarks_lead_to_the_first_page_of_each(shop: Shop) -> None:
    titles = ["a · Peña College", "b (1) \\ “two”", "c"]
    entries = [shop.entry(place, wanted(place), title) for place, title in zip((1, 0, 1), titles, strict=True)]
    with pikepdf.open(BytesIO(shop.bound(entries))) as document, document.open_outline() as outline:
        marks = [(mark.title, document.pages.index(pikepdf.Page(mark.destination[0]))) for mark in outline.root]
        holder = document.Root.Outlines
        assert holder.Count == 3
        back, mark = [], holder.Last
        while mark is not None:
            assert mark.Parent.objgen == holder.objgen
            back.append(str(mark.Title))
            mark = mark.get("/Prev")
    assert marks == list(zip(titles, (0, 2, 3), strict=True))
    assert back == titles[::-1]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 130])
def test_the_file_is_whole_whatever_its_length(shop: Shop, count: int) -> None:
    """Two readers, and the tree of pages: each node counts what it holds, and none is long."""
    one = shop.entry(0, wanted(1))
    out = BytesIO()
    assert write(out, shop.collection, (one._replace(title=str(number)) for number in range(count)), TITLE) == count
    with pikepdf.open(BytesIO(out.getvalue())) as document:
        assert document.check_pdf_syntax() == []
        assert len(document.pages) == count
        tree = document.Root.Pages
        assert tree.Count == count == sum(int(node.Count) for node in tree.Kids)
        for node in tree.Kids:
            assert node.Parent.objgen == tree.objgen
            assert node.Count == len(node.Kids) <= 51
            assert all(page.Parent.objgen == node.objgen for page in node.Kids)
        with document.open_outline() as outline:
            assert [mark.title for mark in outline.root] == [str(number) for number in range(count)]
    if count:
        with pypdfium2.PdfDocument(out.getvalue()) as document:
            assert len(document) == count


def test_what_is_shared_is_stored_once(shop: Shop) -> None:
    few, many = ([shop.entry(number % 2, wanted(number)) for number in range(count)] for count in (4, 24))
    small, large = shop.bound(few), shop.bound(many)
    assert (len(large) - len(small)) / 20 < MOST
    # Of twelve pairs of sheets: fonts of one product serve the other too, and so does a logo.
    ours, theirs = counts(small), counts(large)
    assert ours["fonts"] == theirs["fonts"] > 0
    assert {kind for kind in ours if ours[kind] != theirs[kind]} <= {"", "/XRef"}
    alone = sum(counts(shop.single(place, wanted(place)))["fonts"] for place in (0, 1))
    assert ours["fonts"] < alone + counts(shop.collection.base)["fonts"]
    with pikepdf.open(BytesIO(large)) as document:
        data = [obj.read_raw_bytes() for obj in document.objects if isinstance(obj, pikepdf.Stream)]
    doubled = [source for source, times in Counter(data).items() if times > 1 and len(source) > 300]
    assert doubled == []


def test_a_logo_of_two_editions_is_one_object(shop: Shop) -> None:
    logos = ("a", "b", "a", "a", "b")
    bound = shop.bound([shop.entry(0, wanted(number, logo)) for number, logo in enumerate(logos)])
    with pikepdf.open(BytesIO(bound)) as document:
        numbers = [page.Resources.XObject["/Logo"].objgen for page in document.pages]
    assert [numbers.index(number) for number in numbers] == [0, 1, 0, 0, 1]


def test_each_edition_has_colors_of_its_own(shop: Shop) -> None:
    bound = shop.bound([shop.entry(number % 2, wanted(number)) for number in range(4)])
    with pikepdf.open(BytesIO(bound)) as document:
        tables = [bytes(page.Resources.ColorSpace["/Brand"][3]) for page in document.pages]
    editions = (0, 1, 1, 2, 3, 3)
    for number, table in zip(editions, tables, strict=True):
        found = {table[at : at + 3].hex() for at in range(0, len(table), 3)}
        assert {COLORS[number % 3][1:], COLORS[(number + 1) % 3][1:]} <= found


def test_only_the_palette_itself_is_exchanged(shop: Shop) -> None:
    """An object whose number ends with the same digits is another one."""
    (sheet,) = shop.collection.sheets[0]
    source = f"<< /One 9{sheet.palette} 0 R /Brand {sheet.palette} 0 R /Two {sheet.palette}9 0 R >>"
    collection = replace(shop.collection, sheets=((replace(sheet, resources=source),),))
    write(out := BytesIO(), collection, [shop.entry(0, wanted(1))._replace(logo=None)], TITLE)
    found = re.search(rb"/One (\d+) 0 R /Brand (\d+) 0 R /Two (\d+) 0 R >>", out.getvalue())
    one, brand, two = map(int, found.groups())
    assert (str(one), str(two)) == (f"9{sheet.palette}", f"{sheet.palette}9")
    assert brand >= collection.size


def test_it_says_that_it_is_for_paper(shop: Shop) -> None:
    """In the title, which viewers show; and there is nothing that a screen reader or a click would miss by half."""
    with pikepdf.open(BytesIO(shop.bound([shop.entry(0, wanted(0)), Entry("full", shop.full, {})]))) as document:
        assert str(document.docinfo.Title) == TITLE
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert not {"/StructTreeRoot", "/MarkInfo", "/Metadata"} & document.Root.keys()
        for page in document.pages:
            assert not {"/Annots", "/StructParents", "/Tabs"} & page.keys()
            assert [float(edge) for edge in page.MediaBox] == [0, 0, 432, 504]
        kinds = {str(obj.get("/Type", "")) for obj in document.objects if isinstance(obj, pikepdf.Dictionary)}
    assert not kinds & {"/StructElem", "/Annot", "/OBJR", "/StructTreeRoot"}


def test_two_runs_write_the_same_bytes(shop: Shop) -> None:
    """Of the same rows; of others, they differ, and so do the names in their trailers."""
    runs = []
    for numbers in ((0, 1, 2), (0, 1, 2), (0, 2, 1)):
        pdfs = [press.base for _, press in shop.presses]
        again = replace(shop, collection=collect(pdfs))
        runs.append(again.bound([again.entry(0, wanted(number)) for number in numbers]))
    assert runs[0] == runs[1] != runs[2]
    marks = []
    for data in runs:
        with pikepdf.open(BytesIO(data)) as document:
            marks.append([bytes(part) for part in document.trailer.ID])
    assert marks[0] == marks[1] != marks[2]


def test_pages_of_any_pdf_are_collected_as_they_are() -> None:
    """Boxes, rotation, a stream of its own, and no resources of brands."""
    with pikepdf.new() as document:
        for box in ([0, 0, 200, 100], [-10.5, -20, 400.25, 300]):
            document.add_blank_page(page_size=(200, 100))
            page = document.pages[-1].obj
            page.MediaBox = pikepdf.Object.parse(str(box).replace(",", " ").encode())
            page.Contents = document.make_stream(b"1 0 0 rg 0 0 50 50 re f")
        document.pages[1].obj.Rotate = 90
        document.pages[1].obj.TrimBox = pikepdf.Array([0, 0, 300, 200])
        document.save(out := BytesIO())
    collection = collect([out.getvalue()])
    assert [(sheet.palette, sheet.logo) for sheet in collection.sheets[0]] == [(0, 0), (0, 0)]
    write(made := BytesIO(), collection, [Entry("x", 0, {})], TITLE)
    with pikepdf.open(BytesIO(made.getvalue())) as document:
        first, second = (page.obj for page in document.pages)
        assert "/Rotate" not in first
        assert (second.Rotate, [float(edge) for edge in second.TrimBox]) == (90, [0, 0, 300, 200])
        assert [float(edge) for edge in second.MediaBox] == [-10.5, -20, 400.25, 300]
        assert first.Contents[0].objgen == second.Contents[0].objgen
    assert [picture.getpixel((2, picture.height - 3)) for picture in rasters(made.getvalue())[:1]] == [(255, 0, 0)]
