"""The preview's pages by themselves: what is written in them, and that nothing of it is taken for markup."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest

import handouts.preview
from handouts.findings import Finding
from handouts.preview import pages
from handouts.preview.choice import Choice, Choices
from handouts.preview.products import Shown

USUAL = Choice()
ASSETS = Path(handouts.preview.__file__).parent / "assets"
CHOICES = Choices(
    brands=(("default", "Neutral"), ("kiln", "Kiln & Sons")),
    profiles=(("screen", "For the screen"), ("office+grey", "Office, grey")),
    editions=(("", "none"), ("north-valley", "north-valley")),
)
WRONG = Finding("content/specialties/baker.md", 7, 'there is no fact "<b>pay</b>"', "did you mean 'baker-pay'?")
PALE = Finding("output/card/baker.pdf", 0, "text is too pale", "darken it", "warning", "contrast", 2, (30, 20, 90, 70))
BAKER = Shown(
    key="card/baker",
    title="Baker",
    format="card",
    format_title="trade card",
    state="fresh",
    pages=2,
    sizes=((300, 200), (300, 200)),
    stamp="5eed",
    file="card/baker.pdf",
)
POTTER = replace(BAKER, key="card/potter", title="Potter")
LEAFLET = replace(
    BAKER,
    key="leaflet",
    title="Made by hand",
    format="leaflet",
    format_title="leaflet",
    pages=8,
    sizes=((396, 612),) * 8,
    folds=True,
    sheets=((792, 612),) * 4,
)
NEW = Shown("card/smith", "Smith", "card", "trade card")
HOSTILE = replace(BAKER, title='<script>alert("1")</script>', key='card/"><script>', findings=(WRONG, PALE))


class Reader(HTMLParser):
    """A page's elements as names and attributes, its text, and what opens without being closed."""

    VOID = frozenset({"meta", "link", "img", "input", "br", "rect", "circle", "path", "use"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]

    @property
    def addresses(self) -> list[str]:
        keys = ("href", "src", "action")
        found = [value for _, attrs in self.elements for name, value in attrs.items() if name in keys]
        sets = [attrs["srcset"] for _, attrs in self.elements if "srcset" in attrs]
        return [*found, *(one.split()[0] for some in sets for one in some.split(","))]


def gallery(*shown: Shown, choice: Choice = USUAL, choices: Choices = CHOICES) -> Reader:
    return Reader(pages.gallery(choice, choices, shown, "Trades of Tinkerton"))


def product(shown: Shown, view: str = "single", choice: Choice = USUAL, choices: Choices = CHOICES) -> Reader:
    return Reader(pages.product(choice, choices, shown, (POTTER, LEAFLET), view, "Trades of Tinkerton"))


def everything() -> list[Reader]:
    states = [replace(HOSTILE, state=state) for state in pages.STATES]
    return [
        gallery(),
        gallery(BAKER, POTTER, LEAFLET, NEW, *(replace(one, key=f"{one.key}{one.state}") for one in states)),
        *(product(one, view) for one in (*states, BAKER, LEAFLET, NEW) for view in pages.VIEWS),
        Reader(pages.not_found(Choice(), CHOICES, "Trades of Tinkerton")),
    ]


def test_what_people_write_is_never_markup() -> None:
    for reader in (gallery(HOSTILE), product(HOSTILE), product(replace(HOSTILE, state="failed"))):
        assert [attrs for _, attrs in reader.elements if "onerror" in attrs] == []
        assert reader.all("script") == [{"src": "/assets/preview.js"}]
        assert reader.all("b") == []
        assert "<script>alert(“1”)</script>" in reader.text
    assert """there is no fact "<b>pay</b>" did you mean 'baker-pay'?""" in product(HOSTILE).text


def test_a_key_is_quoted_in_every_address() -> None:
    named = [one for one in product(HOSTILE).addresses if one.startswith(("/product", "/picture", "/pdf"))]
    assert [one for one in named if re.search(r'["<> ]', one)] == []
    assert any(one.startswith("/picture/card/%22%3E%3Cscript%3E/1.png?") for one in named)


def test_ids_are_unique_and_labels_name_what_is_there() -> None:
    for reader in everything():
        ids = Counter(attrs["id"] for _, attrs in reader.elements if "id" in attrs)
        assert [name for name, count in ids.items() if count > 1] == []
        named = [attrs[key] for _, attrs in reader.elements for key in ("for", "aria-labelledby") if key in attrs]
        named += [one[1:] for one in reader.addresses if one.startswith("#")]
        assert set(named) <= set(ids)
        for select in reader.all("select"):
            assert reader.all("label", **{"for": select["id"]}) or select.get("aria-label")
        assert all("alt" in image for image in reader.all("img"))
        assert reader.all("html") == [{"lang": "en"}]
        assert len(reader.all("h1")) == len(reader.all("main")) == 1


def test_nothing_is_asked_of_another_place() -> None:
    for reader in everything():
        assert [one for one in reader.addresses if not re.match(r"[/#](?!/)", one)] == []
        # Our own rule for what a browser may load forbids both.
        assert [attrs for _, attrs in reader.elements if "style" in attrs] == []
        assert [attrs for _, attrs in reader.elements if any(name.startswith("on") for name in attrs)] == []
        assert reader.all("style") == []
    names = ElementTree.fromstring((ASSETS / "icon.svg").read_bytes()).tag
    assert names == "{http://www.w3.org/2000/svg}svg"
    files = {path.name: path.read_text(encoding="utf-8") for path in ASSETS.iterdir()}
    assert {"layout.html", "preview.css", "preview.js", "icon.svg"} <= files.keys()
    for name, text in files.items():
        text = text.replace("http://www.w3.org/2000/svg", "")
        assert re.findall(r"(?:https?:|wss?:)?//[\w.]+\.\w+|@import|\beval\b|innerHTML", text) == [], name


@pytest.mark.parametrize("state", pages.STATES)
def test_every_state_has_a_word_and_a_shape(state: str) -> None:
    word = pages.STATES[state][0]
    for reader in (gallery(replace(BAKER, state=state)), product(replace(BAKER, state=state))):
        assert word in reader.text
        shape = reader.all("use", href=f"#shape-{state}")
        assert shape
        assert len(reader.all("symbol", id=f"shape-{state}")) == 1
    shapes = re.findall(r"<symbol.*?</symbol>", (ASSETS / "parts.html").read_text(encoding="utf-8"), re.DOTALL)
    assert len({re.sub(r'id="[\w-]+"', "", one) for one in shapes}) == len(pages.STATES)


def test_the_gallery_groups_by_format_and_counts() -> None:
    reader = gallery(BAKER, replace(POTTER, state="failed", findings=(WRONG,)), LEAFLET, NEW)
    assert len(reader.all("section")) == 2
    assert "4 products: 2 fresh, 1 stale, 1 failed" in reader.text
    assert "Trade card 3" in reader.text
    assert "8 pages" in reader.text
    assert "1 finding" in reader.text
    assert "no page yet" in reader.text
    assert "There are no products yet" in gallery().text
    assert "Potters’ wheels" in gallery(replace(POTTER, title="Potters' wheels")).text


@pytest.mark.parametrize(
    ("size", "thumb"),
    [((612, 792), (204, 264)), ((396, 612), (132, 204)), ((1728, 2592), (192, 288)), ((842, 595), (214, 151))],
)
def test_thumbnails_keep_proportions_and_a_third_of_the_size(size: tuple[int, int], thumb: tuple[int, int]) -> None:
    image = gallery(replace(BAKER, sizes=(size,), pages=1)).all("img")[0]
    assert (int(image["width"]), int(image["height"])) == thumb


def test_every_address_keeps_the_choice() -> None:
    choice = Choice(brand="kiln", paper="a4", profile="office+grey")
    shown = replace(BAKER, findings=(PALE,))
    seen = product(shown, "spread", choice), product(LEAFLET, "sheet", choice)
    for reader in (gallery(shown, LEAFLET, choice=choice), *seen):
        # A form says what is chosen by its switches.
        forms = {one["action"] for one in reader.all("form")}
        ways = [one for one in reader.addresses if one not in forms and not one.startswith(("#", "/assets/"))]
        assert len(ways) >= 4
        for way in ways:
            said = parse_qs(urlsplit(way).query)
            assert {"brand": ["kiln"], "paper": ["a4"], "profile": ["office+grey"]}.items() <= said.items(), way
        assert reader.all("body")[0]["data-events"] == f"/events{choice.query()}"
    pictures = [one for one in product(shown, choice=choice).addresses if one.startswith("/picture")]
    assert all("stamp=5eed" in one for one in pictures)
    assert len(pictures) == 2 * (1 + len(pages.RESOLUTIONS))


def test_switches_show_what_is_chosen_and_only_where_there_is_a_choice() -> None:
    reader = product(BAKER, "spread", Choice(brand="kiln"))
    assert [one["name"] for one in reader.all("select") if "name" in one] == ["brand", "paper", "profile", "edition"]
    assert [one["value"] for one in reader.all("option") if "selected" in one] == ["kiln", "letter", "screen", ""]
    assert reader.all("form") == [{"class": "switches", "method": "get", "action": "/product/card/baker"}]
    assert reader.all("input", name="view")[0]["value"] == "spread"
    assert reader.all("button", type="submit")
    assert "Kiln & Sons" in reader.text
    alone = Choices(papers=(("letter", "Letter"),))
    assert product(BAKER, choices=alone).all("form") == gallery(BAKER, choices=alone).all("form") == []


def leaves(reader: Reader) -> list[list[str]]:
    """The leaves of each row: numbers, and "" for the empty half of a spread."""
    rows: list[list[str]] = []
    for _, attrs in reader.elements:
        if attrs.get("class") == "row":
            rows.append([])
        elif attrs.get("class", "").startswith("leaf"):
            rows[-1].append(attrs.get("id", "").removeprefix("leaf-"))
    return rows


def test_pages_stand_alone_in_spreads_or_on_sheets() -> None:
    assert leaves(product(LEAFLET)) == [[str(number)] for number in range(1, 9)]
    assert leaves(product(LEAFLET, "spread")) == [["", "1"], ["2", "3"], ["4", "5"], ["6", "7"], ["8", ""]]
    assert leaves(product(BAKER, "spread")) == [["1", "2"]]
    sheets = product(LEAFLET, "sheet")
    assert leaves(sheets) == [["1"], ["2"], ["3"], ["4"]]
    assert "Sheet 2, back" in sheets.text
    assert all(one["src"].startswith("/sheet/leaflet/") for one in sheets.all("img"))
    # What is not folded has no sheets, and what has one page no spreads.
    assert leaves(product(BAKER, "sheet")) == [["1"], ["2"]]
    assert pages.views(replace(BAKER, pages=1, sizes=((300, 200),))) == ("single",)
    assert [one["id"] for one in product(LEAFLET, "sheet").all("a", **{"aria-current": "true"})] == ["view-sheet"]


def test_a_finding_is_boxed_on_its_page_and_linked_both_ways() -> None:
    reader = product(replace(BAKER, findings=(replace(WRONG, severity="warning"), PALE)))
    box = reader.all("a", id="box-2")[0]
    assert box["href"] == "#finding-2"
    assert box["aria-label"] == "Finding 2: text is too pale"
    rect = reader.all("rect", x="10.0%")[0]
    assert (rect["y"], rect["width"], rect["height"]) == ("10.0%", "20.0%", "25.0%")
    assert reader.all("a", href="#box-2")
    assert reader.all("li", id="finding-2")[0]["class"] == "warning"
    # The first has no place in the PDF, but one in a file that can be opened.
    assert reader.all("a", id="box-1") == []
    assert "Edit content/specialties/baker.md:7" in reader.text


def test_a_box_stays_on_its_page() -> None:
    beyond = replace(PALE, box=(-30, 150, 450, 260))
    rect = product(replace(BAKER, findings=(beyond,))).all("rect", rx="2")[0]
    assert [rect[key] for key in ("x", "y", "width", "height")] == ["0.0%", "75.0%", "100.0%", "25.0%"]


def test_what_failed_is_told_over_the_last_good_page_without_boxes() -> None:
    many = tuple(replace(WRONG, line=line) for line in range(1, 6))
    reader = product(replace(BAKER, state="failed", findings=(*many, PALE)))
    assert "Not built. This is the last good one." in reader.text
    assert "3 more in the list" in reader.text
    assert [one for one in reader.all("li") if "id" not in one] == [{}] * 3
    assert leaves(reader) == [["1"], ["2"]]
    assert [one for one in reader.addresses if one.startswith("#box")] == reader.all("a", id="box-6") == []
    assert reader.all("div", id="banner")[0]["aria-live"] == "polite"
    assert "(failed)" in reader.text
    never = product(replace(NEW, state="failed", findings=(WRONG,)))
    assert "Not built." in never.text
    assert "last good" not in never.text
    assert "There is no page to show yet." in never.text
    assert product(BAKER).all("details", **{"class": "banner"}) == []


@pytest.mark.parametrize("state", ["stale", "building", "failed"])
def test_what_failed_is_told_until_it_is_better(state: str) -> None:
    assert product(replace(BAKER, state=state, findings=(WRONG,))).all("details", **{"class": "banner"})
    assert product(replace(BAKER, state="building", findings=(PALE,))).all("details", **{"class": "banner"}) == []


def test_a_product_is_downloaded_and_leads_to_the_next() -> None:
    reader = product(BAKER, choice=Choice(paper="a4"))
    assert [one["href"] for one in reader.all("a", id="download")] == ["/pdf/card/baker?paper=a4&download=1"]
    assert reader.all("a", rel="prev")[0]["href"] == "/product/card/potter?paper=a4"
    assert reader.all("a", rel="next")[0]["href"] == "/product/leaflet?paper=a4"
    assert product(NEW).all("a", id="download") == []
    alone = Reader(pages.product(Choice(), CHOICES, BAKER, (None, None), "single", "Trades"))
    assert alone.all("a", rel="prev") == alone.all("a", rel="next") == []


def test_an_address_without_a_product_leads_back() -> None:
    reader = Reader(pages.not_found(Choice(brand="kiln"), CHOICES, "Trades"))
    assert "There is no product at this address." in reader.text
    assert "/?brand=kiln" in reader.addresses
