"""Finished pages taken apart: what an edition writes anew, and everything that keeps a page from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import zxingcpp
from PIL import ImageChops
from tickets import edition, press_of, product, ticket

from handouts.brands import tokens
from handouts.build import build
from handouts.editions.masters import Refusal
from handouts.finishing.parting import CannotPart, take_apart
from handouts.finishing.repertoire import CHARACTERS
from handouts.job import Edition
from handouts.preflight.annotations import notes
from handouts.preflight.evidence import Printed
from handouts.recipe import Finished, finished
from handouts.slots import SLOT_TEXTS
from handouts.stacks import Places
from handouts.stamping.master import Master, load
from handouts.stamping.shaping import Face

HEAD = "<h1>{{ front.title }}"
SERIES = "{{ series }}</p>"
TITLE = "<title>{{ title }}"
CODE = "{{ part.code(address) }}"
LOGO = "{{ part.logo() }}"
REACHED, PRINTED = "{{ part.reached(address) }}", "{{ printed_address(address)|breakable }}"
LINE = "{{ brand[key]|held }}"
DRAWN = '<svg width="30" height="10" viewBox="0 0 30 10">%s</svg><h1>{{ front.title }}'
BLEND = '<linearGradient id="b"><stop stop-color="#fff"/><stop offset="1" stop-color="#eee"/></linearGradient>'
OUTSIDE, TOLD = "a name or address is printed outside the slots", "a name or address is told outside the slots"
BACK = '<div style="break-before: page; position: relative; height: 4in"><p>Scan.</p>%s</div></body>'

# Added to the style sheet; what is replaced in the page; why the page cannot be stamped.
FAULTS = {
    "body": ("", {SERIES: "{{ brand.organization }}</p>"}, OUTSIDE),
    "capitals": ("", {SERIES: "{{ brand.organization|upper }}</p>"}, OUTSIDE),
    "letters": (".series { letter-spacing: 2px }", {SERIES: "For {{ brand.unit }}</p>"}, OUTSIDE),
    "pieces": ("", {SERIES: "{{ brand.phone[:4] }}<b>{{ brand.phone[4:] }}</b></p>"}, OUTSIDE),
    "begins": ("", {SERIES: "{{ brand.organization[:4] }}.</p>"}, OUTSIDE),
    "event": ("", {SERIES: "{{ occasion }}</p>"}, OUTSIDE),
    "address": ("", {SERIES: "{{ printed_address(address) }}</p>"}, OUTSIDE),
    "running head": (
        "@page { margin-top: 1in; @top-left { content: string(who); font: 8pt var(--sans) } }"
        "h1 { string-set: who attr(title) }",
        {HEAD: '<h1 title="{{ brand.organization }}">{{ front.title }}'},
        OUTSIDE,
    ),
    "see-through words": (
        ".series { opacity: 0.9 }",
        {SERIES: "{{ brand.organization }}</p>"},
        "something on the page is see-through",
    ),
    "title": ("", {TITLE: "<title>{{ brand.organization }}"}, "a name or address is in the title of the document"),
    "author": (
        "",
        {TITLE: '<meta name="author" content="{{ brand.organization }}"><title>{{ title }}'},
        "a name or address is in the title of the document",
    ),
    "alternative text": (
        "",
        {HEAD: DRAWN % "<title>{{ brand.organization }}</title><rect width='9' height='9'/>"},
        TOLD,
    ),
    "bookmark": (".organization { bookmark-level: 1; bookmark-label: content(text) }", {}, TOLD),
    "link": ("", {SERIES: '<a href="{{ address }}">Visit the guild of bakers</a></p>'}, TOLD),
    "words of the code": (
        "",
        {CODE: '<div class="code" data-slot="code">{{ qr(address, brand.unit ~ printed_address(address)) }}</div>'},
        "the code is tagged in an unknown way",
    ),
    "mute code": (
        "",
        {CODE: '<div class="code" data-slot="code">{{ qr(address, "Scan") }}</div>'},
        "the code is tagged in an unknown way",
    ),
    "linked line": (
        "",
        {LINE: '<a href="https://example.org">{{ brand[key]|held }}</a>'},
        'the slot "organization" leads somewhere by itself',
    ),
    "other link": (
        "",
        {REACHED: f'<p data-slot="url"><a href="https://example.org">{PRINTED}</a></p>'},
        'the slot "url" leads somewhere by itself',
    ),
    "blend": (
        "",
        {HEAD: DRAWN % f"<defs>{BLEND}</defs><rect width='30' height='10' fill='url(#b)'/>"},
        "the page blends colors into each other",
    ),
    "moved line": (
        ".phone { position: relative; top: 2px }",
        {},
        'the text of the slot "phone" is not where it should be',
    ),
    "first letter": (
        ".phone::first-letter { letter-spacing: 0 }",
        {},
        "a slot's text is tagged in more than one way",
    ),
    "picture of the logo": (
        "",
        {HEAD: '<img style="width: 10mm" src="{{ brand.logo_address }}" alt="Mark"><h1>{{ front.title }}'},
        "a logo is drawn outside its slot",
    ),
}

# Pages that are unlike others, and can be stamped all the same.
FINE = {
    "see-through type before": (".dates { color: rgba(0, 0, 0, 0.8) } .revision { color: #000 }", {}),
    "see-through type beside": (
        ".stack { position: static } .dates { color: rgba(0, 0, 0, 0.8) } .revision { color: #000 }",
        {},
    ),
    "code on white": (".code { background: #fff }", {}),
    "logo on grey": (".logo { background-color: #eee }", {}),
    "framed stack": (".stack { border: 2px dashed var(--accent); padding: 3px }", {}),
    "revision twice": ("", {'<p class="dates">': '<p>{{ part.revision_code() }}</p><p class="dates">'}),
    "code behind": ("", {CODE: "", "</body>": BACK % CODE}),
    "codes on both pages": ("", {"</body>": BACK % CODE}),
    "logos on both pages": ("", {"</body>": BACK % LOGO}),
    "address without a link": ("", {REACHED: f'<p data-slot="url">{PRINTED}</p>'}),
}


def everything(folder: Path, **other: str) -> Edition:
    """An edition that sets all that an edition can; its logo ends at no full dot of a screen."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><path fill="#a23" d="M0 0h30v10z"/></svg>'
    (folder / "logo.svg").write_text(drawing, "utf-8")
    full = {"unit": "Office of Counseling", "color": "#5b1a3f", "accent": "#9a4123", "logo": "beside/logo.svg"}
    return edition(**{**full, **other})


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_says_a_name_elsewhere_is_not_stamped(fault: str, tmp_path: Path) -> None:
    style, page, reason = FAULTS[fault]
    wanted = everything(tmp_path)
    press = press_of(ticket(tmp_path, style, page), wanted)
    assert (press.reason, press.base) == (reason, b"")
    assert press.stamp(wanted) == Refusal(reason)


def test_an_edition_of_such_a_page_is_laid_out_in_full(tmp_path: Path) -> None:
    root, wanted = ticket(tmp_path, "", {SERIES: "{{ brand.organization }}</p>"}), everything(tmp_path)
    press = press_of(root, wanted)
    result = press.build(product(root, wanted, edition=wanted))
    text = Printed("one.pdf", (tmp_path / result.file).read_bytes()).pages[0].text
    assert (result.built, text.count("Pe\u00f1a College"), "zq" in text.lower()) == (True, 2, False)


@pytest.mark.parametrize("fine", FINE)
def test_a_stamped_page_is_the_one_laid_out_in_full(fine: str, tmp_path: Path) -> None:
    style, page = FINE[fine]
    root, wanted = ticket(tmp_path, style, page), everything(tmp_path)
    form = root / "templates/card/format.toml"
    form.write_text(form.read_text("utf-8").replace("[1, 1]", "[1, 2]"), "utf-8")
    same(root, wanted)


def test_one_color_for_both_is_stamped_as_two_are(tmp_path: Path) -> None:
    same(ticket(tmp_path), everything(tmp_path, color="#5b1a3f", accent="#5b1a3f"))


def test_letters_that_a_face_joins_are_there(tmp_path: Path) -> None:
    same(ticket(tmp_path), everything(tmp_path, organization="Offtoft Swifft Fjord", unit="Pfft Fifth Stuff Craft"))


def same(root: Path, wanted: Edition) -> None:
    """Assert that an edition is stamped, and comes out as it would be laid out."""
    press = press_of(root, wanted)
    assert press.reason == ""
    result = build(product(root, wanted, edition=wanted))
    assert result.built, result.findings
    stamped = Printed("stamped.pdf", press.stamp(wanted).pdf)
    full = Printed("full.pdf", (root.parent / result.file).read_bytes())
    assert [looks(one) for one in stamped.pages] == [looks(one) for one in full.pages]
    for told in (tags, links):
        assert told(stamped) == told(full)
    for one, other in zip(stamped.pages, full.pages, strict=True):
        counts = ImageChops.difference(one.raster(100), other.raster(100)).convert("L").histogram()
        assert sum(counts[24:]) < 0.00002 * sum(counts)


def looks(page: object) -> tuple[list[str], list[str]]:
    """The words of a page, and where its codes lead."""
    return sorted(page.text.split()), sorted(code.text for code in zxingcpp.read_barcodes(page.raster(150)))


def tags(printed: Printed) -> list[tuple[str, str | None, list[str]]]:
    return [(one.tag, one.alt, printed.passages.text(one).split()) for one in printed.tags.elements]


def links(printed: Printed) -> list[tuple[int, str, str, str]]:
    return [(note.page, note.kind, note.contents, str(note.entries.get("/A"))) for note in notes(printed)]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """The ticket with empty slots, a logo and colors, and a code on white: finished, and not taken apart."""
    folder = tmp_path_factory.mktemp("parting")
    root = ticket(folder, ".code { background: #fff }")
    texts = tuple((name, text) for name, text in SLOT_TEXTS.items() if name != "event")
    empty = Edition("", texts, (("event", SLOT_TEXTS["event"]),))
    return finished(product(root, empty, edition=empty))


def places_of(done: Finished) -> Places:
    return done.sheet.places(done.layout)


COLORS = tokens(SLOT_TEXTS["color"], SLOT_TEXTS["accent"])


def parted(done: Finished, places: Places, pdf: bytes = b"", colors: dict[str, str] = COLORS) -> Master:
    return take_apart(pdf or done.pdf, places.stacks, places.spots, colors, done.sheet.faces)


def rewritten(done: Finished, change: Callable[[bytes], bytes]) -> bytes:
    """The finished page with another stream."""
    out = BytesIO()
    with pikepdf.open(BytesIO(done.pdf)) as document:
        contents = document.pages[0].obj.Contents
        changed = change(contents.read_bytes())
        assert changed != contents.read_bytes()
        contents.write(changed)
        document.save(out)
    return out.getvalue()


def test_colors_that_are_one_cannot_be_told_apart(done: Finished) -> None:
    with pytest.raises(CannotPart, match=r"^two of the brand's colors cannot be told apart$"):
        parted(done, places_of(done), colors={"--ink": "#1b2d3f", "--accent": "#1b2d3f"})


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("revision", "the revision is not where it should be"),
        ("code", "the code is tagged in an unknown way"),
        ("logo", "the logo is drawn in an unknown way"),
    ],
)
def test_a_spot_that_is_told_twice_is_found_once(name: str, reason: str, done: Finished) -> None:
    places = places_of(done)
    (spot,) = (one for one in places.spots if one.name == name)
    other = replace(spot, top=spot.top + 5)
    with pytest.raises(CannotPart, match=f"^{reason}$"):
        parted(done, replace(places, spots=(*places.spots, other)))


def test_a_stack_that_is_told_elsewhere_is_not_found(done: Finished) -> None:
    places = places_of(done)
    stacks = (replace(places.stacks[0], top=places.stacks[0].top - 5),)
    with pytest.raises(CannotPart, match=r'^the text of the slot "call_to_action" is not where it should be$'):
        parted(done, replace(places, stacks=stacks))


def test_a_logo_that_is_painted_twice_is_told(done: Finished) -> None:
    pdf = rewritten(done, lambda data: re.sub(rb"(/x0 Do\n)", rb"\1\1", data))
    with pytest.raises(CannotPart, match=r"^a logo is drawn twice$"):
        parted(done, places_of(done), pdf)


def test_a_code_that_others_are_drawn_with_is_told(done: Finished) -> None:
    pdf = rewritten(done, lambda data: re.sub(rb"(/Figure\n<</MCID \d+>>\nBDC\n)", rb"\1q\n", data))
    with pytest.raises(CannotPart, match=r"^the code is not drawn by itself$"):
        parted(done, places_of(done), pdf)


def test_a_master_is_empty_and_says_where_everything_goes(done: Finished) -> None:
    places = places_of(done)
    master = parted(done, places)
    assert load(master.dump()) == master == parted(done, places)
    names = [spot.name for spot in places.spots]
    # The code's white box comes after the revision, and so what stands on it, or behind it, is painted by itself.
    code, logo, revision = (f"spot {names.index(name)}" for name in ("code", "logo", "revision"))
    assert list(master.pages[0].streams) == [revision, code, "stack 0", logo]
    assert [element.slot for element in master.elements] == [slot.name for slot in places.stacks[0].slots]
    assert (len(master.links), len(master.codes), master.page_count) == (1, 1, 1)
    faces = {one.face for one in (*places.stacks[0].slots, *places.spots)}
    assert (master.colors, {*master.fonts, ""}) == (COLORS, faces)
    with pikepdf.open(BytesIO(master.base)) as document:
        contents = list(document.pages[0].obj.Contents)
        assert [contents[at].objgen[0] for at in (1, 3, 5, 7)] == list(master.pages[0].streams.values())
        assert {one.read_bytes() for one in contents[1::2]} == {b"\n"}
        assert document.Root.objgen[0] == master.catalog
        assert "/HandoutsFit" not in document.docinfo
        resources = document.pages[0].obj.Resources
        assert resources.ColorSpace.Brand.objgen[0] == master.palette
        assert resources.XObject.Logo.objgen[0] == master.logo
        source = b"".join(one.read_bytes() for one in contents)
        for value in COLORS.values():
            inks = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
            assert " ".join(f"{ink:.6f}".rstrip("0").rstrip(".") for ink in inks).encode() + b" rg" not in source
        assert b"/Brand cs 0 sc\n" in source
    (page,) = Printed("base.pdf", master.base).pages
    (before,) = Printed("done.pdf", done.pdf).pages
    assert "zq" not in page.text.lower()
    kept = [word for word in before.text.split() if "zq" not in word.lower() and word != done.document.revision]
    assert page.text.split() == kept


def test_every_name_can_be_set_in_its_fonts(done: Finished) -> None:
    master = parted(done, places_of(done))
    with pikepdf.open(BytesIO(master.base)) as document:
        fonts = document.pages[0].obj.Resources.Font
        for file, name in master.fonts.items():
            font, face = fonts["/" + name], Face(done.sheet.faces[file])
            (descendant,) = font.DescendantFonts
            widths = dict(zip(map(int, descendant.W[::2]), (int(one[0]) for one in descendant.W[1::2]), strict=True))
            source = font.ToUnicode.read_bytes().partition(b"endcodespacerange")[2]
            told = {
                int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
                for code, text in re.findall(rb"<(\w{4})> <(\w+)>", source)
            }
            assert sorted(told) == sorted(widths) == list(master.glyphs[file])
            for sign in (one for one in CHARACTERS if not face.lacks(one)):
                (glyph,) = face.shape(sign).glyphs
                # A hyphen and a space that does not break are shown as the others are.
                assert told[glyph.id] in (sign, {"\u00a0": " ", "\u2010": "-"}.get(sign)), sign
                assert widths[glyph.id] == pytest.approx(face.about(sign) * 1000, abs=1)
            # Letters that the face joins, when they stand beside each other.
            for letters in ("ff", "ft", "fft", "ffi", "fjord", "Offtown"):
                assert {glyph.id for glyph in face.shape(letters).glyphs} <= told.keys(), letters
            assert "/CIDSet" not in descendant.FontDescriptor
