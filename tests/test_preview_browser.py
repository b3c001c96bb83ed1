"""The preview as people meet it: the real command, in a real browser, while files are saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import DESKTOP, PHONE, chromium, looking, previewed, violations
from playwright.sync_api import Browser, BrowserContext, Page, expect
from trades import BAKER, KILN, change, copied

BOOKLET = "content/booklet.toml"
POTTER = "content/specialties/potter.md"
BRAND = 'organization = "Kiln and Sons"\nunit = "Pots"\ncolor = "#1746b8"\n'
CARD, SHEET, LEAFLET = "/product/card/baker", "/product/specialty/potter", "/product/leaflet"
# The color in the middle of a picture's upper edge, which is that of a sheet's band.
EDGE = """image => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  return [...drawing.getImageData(image.naturalWidth / 2, 4, 1, 1).data.slice(0, 3)];
}"""
SCROLL = "([x, y]) => { const pages = document.getElementById('pages'); pages.scrollLeft = x; pages.scrollTop = y; }"
SCROLLED = "() => { const pages = document.getElementById('pages'); return [pages.scrollLeft, pages.scrollTop]; }"
# Looks at the picture whenever the window is drawn: is there nothing in its middle?
WATCHED = """() => {
  window.ours = document.getElementById("picture-1");
  [window.frames_seen, window.frames_empty] = [0, 0];
  const drawing = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const look = () => {
    drawing.clearRect(0, 0, 4, 4);
    drawing.drawImage(document.getElementById("picture-1"), 0, 0, 4, 4);
    window.frames_seen += 1;
    window.frames_empty += drawing.getImageData(1, 1, 1, 1).data[3] === 0;
    requestAnimationFrame(look);
  };
  look();
}"""
FOCUSED = "() => document.activeElement.id || document.activeElement.getAttribute('href') || ''"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copied(tmp_path_factory.mktemp("preview"))
    change(root, KILN, "", BRAND)
    # Booklets take longest: they have no chapters here but those that must be.
    text = (root / BOOKLET).read_text(encoding="utf-8")
    head, *chapters = text.partition("\n[[path]]")[0].split("[[chapter]]\n")
    kept = [one for one in chapters if not one.startswith(('kind = "compare"', 'kind = "glossary"', 'kind = "notes"'))]
    assert len(kept) == len(chapters) - 3
    path = text.removeprefix(text.partition("\n[[path]]")[0])
    change(root, BOOKLET, "", "[[chapter]]\n".join([head, *kept]) + path)
    return root


@pytest.fixture(scope="module")
def address(browser: Browser, root: Path) -> Iterator[str]:
    with previewed(root) as found:
        yield found


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[BrowserContext]:
    with looking(browser, address) as context:
        yield context


def opened(window: BrowserContext, address: str) -> Page:
    """A page whose product is built."""
    page = window.new_page()
    page.goto(address)
    expect(page.locator("body.gallery .chip.fresh, body[data-state=fresh]").first).to_be_visible()
    return page


def picture(page: Page) -> str:
    """The address of the first page's picture, once it is shown: it changes with what is printed."""
    image = page.locator("#picture-1")
    expect(image).to_have_js_property("complete", True)
    return image.get_attribute("src")


def changed(page: Page, before: str) -> str:
    expect(page.locator("#picture-1")).not_to_have_attribute("src", before)
    expect(page.locator("body")).to_have_attribute("data-state", "fresh")
    return picture(page)


def test_the_gallery_shows_every_product(window: BrowserContext) -> None:
    page = opened(window, "/")
    cards = page.locator(".card")
    expect(cards).to_have_count(7)
    assert page.locator("h2").all_inner_texts()[:2] == ["Booklet 1", "Trade card 2"]
    # The others are built while the tests go on.
    for card in ("card/baker", "card/potter"):
        expect(page.locator(f"[id='card-{card}'] .chip.fresh")).to_be_visible()
        image = page.locator(f"[id='thumb-{card}']")
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        drawn, shown = (
            image.evaluate(f"image => image.{width} / image.{height}")
            for width, height in (("naturalWidth", "naturalHeight"), ("clientWidth", "clientHeight"))
        )
        assert drawn == pytest.approx(shown, rel=0.02)
    page.get_by_role("link", name="Potter").first.click()
    expect(page.locator("h1")).to_have_text("Potter")


def test_another_brand_has_its_own_name_and_color(window: BrowserContext) -> None:
    page = opened(window, SHEET)
    before, color = picture(page), page.locator("#picture-1").evaluate(EDGE)
    page.get_by_label("Brand").focus()
    page.get_by_label("Brand").select_option("Kiln and Sons")
    changed(page, before)
    expect(page).to_have_url(re.compile("brand=kiln"))
    assert page.evaluate(FOCUSED) == "switch-brand"
    assert color != [0x17, 0x46, 0xB8]
    assert page.locator("#picture-1").evaluate(EDGE) == pytest.approx([0x17, 0x46, 0xB8], abs=2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename == "potter.pdf"
    # What is chosen goes along to the next product, and back.
    page.get_by_role("link", name="Previous").click()
    expect(page.get_by_label("Brand")).to_have_value("kiln")
    page.go_back()
    page.go_back()
    expect(page.get_by_label("Brand")).to_have_value("default")
    assert picture(page).split("stamp=")[1] == before.split("stamp=")[1]


def test_what_is_saved_is_seen_at_the_same_place(window: BrowserContext, root: Path) -> None:
    page = opened(window, CARD)
    page.locator("#zoom").select_option("300")
    page.evaluate(SCROLL, [90, 200])
    before, place = picture(page), page.evaluate(SCROLLED)
    assert place == [90, 200]
    page.locator("#zoom-in").focus()
    old = page.locator("#picture-1").evaluate("image => image.currentSrc")
    page.evaluate(WATCHED)
    change(root, BAKER, "Weigh flour, water and salt, and mix them.", "Weigh flour, seeds, water and salt, and mix.")
    changed(page, before)
    assert page.evaluate(SCROLLED) == place
    assert page.locator("#zoom").input_value() == "300"
    assert page.evaluate(FOCUSED) == "zoom-in"
    # The page is the same one, no other was opened in its place, and the paper was empty at no time.
    assert page.evaluate("() => window.ours === document.getElementById('picture-1')")
    frames, empty = page.evaluate("() => [window.frames_seen, window.frames_empty]")
    assert frames > 0
    assert empty == 0
    assert page.locator("#picture-1").evaluate("image => image.currentSrc") != old


def test_a_mistake_is_told_over_the_last_good_page_until_it_is_mended(window: BrowserContext, root: Path) -> None:
    page, beside = opened(window, SHEET), opened(window, "/")
    before = picture(page)
    change(root, POTTER, "[@guild-rules]", "[@guild-ruels]")
    banner = page.locator(".banner")
    expect(banner).to_contain_text("Not built. This is the last good one.")
    line = 1 + (root / POTTER).read_text(encoding="utf-8").partition("[@guild-ruels]")[0].count("\n")
    expect(banner).to_contain_text(f"{POTTER}:{line}")
    expect(banner).to_contain_text("guild-ruels")
    expect(page.locator("#finding-1")).to_contain_text(f"Edit {POTTER}:{line}")
    expect(page.locator(".facts .chip.failed")).to_have_text("Failed")
    assert picture(page) == before
    assert page.locator("#banner").get_attribute("aria-live") == "polite"
    expect(beside.locator("[id='card-specialty/potter'] .chip.failed")).to_be_visible()
    assert violations(page) == []
    change(root, POTTER, "[@guild-ruels]", "[@guild-rules]")
    expect(banner).to_have_count(0)
    expect(page.locator("body")).to_have_attribute("data-state", "fresh")
    expect(page.locator("#status")).to_have_text("Potter: Specialty one-pager Fresh 1 page")
    expect(beside.locator(".chip.failed")).to_have_count(0)


def test_two_windows_follow_the_same_file(window: BrowserContext, root: Path) -> None:
    one, other = opened(window, CARD), opened(window, "/product/specialty/baker")
    gallery = opened(window, "/")
    before = picture(one), picture(other)
    change(root, BAKER, "title: Baker\n", "title: Night baker\n")
    changed(one, before[0])
    changed(other, before[1])
    for page in (one, other):
        expect(page.locator("h1")).to_have_text("Night baker")
    expect(gallery.get_by_role("link", name="Night baker")).to_have_count(2)
    change(root, BAKER, "title: Night baker\n", "title: Baker\n")
    expect(one.locator("h1")).to_have_text("Baker")


def test_what_comes_and_goes_is_seen(browser: Browser, address: str, root: Path) -> None:
    # A browser notes in its console that there is nothing at an address.
    with looking(browser, address, noted="404 (Not Found)") as window:
        _comes_and_goes(window, root)


def _comes_and_goes(window: BrowserContext, root: Path) -> None:
    gallery = opened(window, "/")
    text = (root / POTTER).read_text(encoding="utf-8")
    change(root, "content/specialties/smith.md", "", text.replace("title: Potter", "title: Smith"))
    expect(gallery.get_by_role("link", name="Smith")).to_have_count(2)
    page = opened(window, "/product/card/smith")
    (root / "content/specialties/smith.md").unlink()
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(gallery.get_by_role("link", name="Smith")).to_have_count(0)
    assert violations(page) == []


def test_sizes_and_views(window: BrowserContext) -> None:
    page = opened(window, CARD)
    shown = page.locator("#picture-1")
    percent = page.locator("#percent")

    def share() -> float:
        """Of its printed size: a card is 4.25 by 5.5 inches, and the screen shows 96 pixels to the inch."""
        return shown.bounding_box()["width"] / float(page.locator("#leaf-1").get_attribute("data-width")) * 72 / 96

    stage = page.locator("#pages").bounding_box()
    fitted = share()
    assert shown.bounding_box()["height"] <= stage["height"]
    for key, wanted in (("+", "next"), ("-", "back")):
        page.keyboard.press(key)
        assert (share() > fitted) == (wanted == "next")
    for size in ("50", "100", "300"):
        page.locator("#zoom").select_option(size)
        assert share() == pytest.approx(int(size) / 100, abs=0.005)
        expect(percent).to_have_text(f"{size} %")
    page.locator("#zoom").select_option("width")
    assert shown.bounding_box()["width"] == pytest.approx(stage["width"], abs=80)
    page.locator("body").press("0")
    assert share() == pytest.approx(fitted, abs=0.005)
    # Keys can be turned off: who speaks to a computer may say one by chance.
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Keys are on").uncheck()
    page.locator("#pages").press("+")
    assert share() == pytest.approx(fitted, abs=0.005)
    page.locator("#zoom").select_option("75")
    page.reload()
    assert share() == pytest.approx(0.75, abs=0.005)
    expect(page.get_by_label("Keys are on")).not_to_be_checked()

    page.goto(LEAFLET)
    expect(page.locator("body")).to_have_attribute("data-state", "fresh")
    page.get_by_role("link", name="Spreads").click()
    expect(page.locator(".row")).to_have_count(7)
    left, right = (page.locator(f"#leaf-{number}").bounding_box() for number in (2, 3))
    assert left["x"] + left["width"] == pytest.approx(right["x"], abs=1)
    assert left["y"] == right["y"]
    page.get_by_role("link", name="Sheets").click()
    expect(page.locator("figcaption").last).to_have_text("Sheet 3, back")
    picture(page)
    ratio = page.locator("#picture-1").evaluate("image => image.naturalWidth / image.naturalHeight")
    assert ratio == pytest.approx(792 / 612, rel=0.01)


def test_a_finding_leads_to_its_box_and_back(window: BrowserContext) -> None:
    page = opened(window, LEAFLET)
    link = page.get_by_role("link", name="Show on page").last
    number = link.get_attribute("href").removeprefix("#box-")
    expect(page.locator(f"#box-{number} rect")).not_to_be_in_viewport()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#box-{number} rect")).to_be_in_viewport()
    assert page.evaluate(FOCUSED) == f"box-{number}"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == f"finding-{number}"
    expect(page.locator(f"#finding-{number}")).to_be_in_viewport()


def test_all_of_it_is_reached_by_the_keyboard(window: BrowserContext) -> None:
    page = opened(window, "/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "/product/booklet"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Baker")
    wanted = [
        *("#pages", "/", "prev", "next", "download", "switch-brand", "switch-paper", "switch-profile"),
        *("zoom-out", "zoom", "zoom-in", "pages"),
    ]
    reached = []
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
        line = "() => getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(line) not in ("none", "hidden"), reached[-1]
        if page.evaluate("() => document.activeElement.matches('summary')"):
            break
    assert [one for one in reached if one in wanted] == wanted
    before = picture(page)
    page.locator("#switch-paper").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#switch-paper")).to_have_value("a4")
    expect(page.locator("#download")).to_have_attribute("href", re.compile("paper=a4"))
    assert page.evaluate(FOCUSED) == "switch-paper"
    changed(page, before)
    page.locator("#zoom-in").focus()
    size = page.locator("#percent").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#percent")).not_to_have_text(size)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, address: str, scheme: str, size: dict[str, int]) -> None:
    with looking(browser, address, viewport=size, color_scheme=scheme, reduced_motion="reduce") as window:
        for place in ("/", CARD, f"{LEAFLET}?view=spread"):
            page = opened(window, place)
            assert violations(page) == []
            for share in ("100%", "200%"):
                page.evaluate("share => { document.documentElement.style.fontSize = share; }", share)
                assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
        background = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        assert (int(background[4:].split(",")[0]) < 100) == (scheme == "dark")


def test_without_a_script_it_is_links_and_a_form(browser: Browser, address: str) -> None:
    with looking(browser, address, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto(f"{LEAFLET}?view=spread")
        expect(page.locator(".zoom")).to_be_hidden()
        page.get_by_label("Paper").select_option("A4")
        page.get_by_role("button", name="Show").click()
        expect(page).to_have_url(re.compile("view=spread.*paper=a4"))
        expect(page.get_by_label("Paper")).to_have_value("a4")
        page.get_by_role("link", name="Next").click()
        expect(page.locator("h1")).to_have_text("Baker")
        page.get_by_role("link", name="All products").click()
        expect(page).to_have_url(re.compile("/[?]paper=a4$"))


def test_a_preview_that_does_not_answer_is_told(browser: Browser, address: str) -> None:
    with looking(browser, address, noted="net::ERR") as window:
        page = opened(window, CARD)
        asked = "() => dispatchEvent(new PopStateEvent('popstate'))"
        window.set_offline(True)
        page.evaluate(asked)
        expect(page.locator("#lost")).to_contain_text("The preview does not answer.")
        window.set_offline(False)
        page.evaluate(asked)
        expect(page.locator("#lost")).to_be_empty()
