"""The slots of laid-out pages: what is told of them, and every look that keeps a page from being stamped."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp
from tickets import edition, press_of, product, ticket

from handouts.editions.masters import Refusal
from handouts.job import Edition
from handouts.pdf import Sheet
from handouts.preflight.evidence import Printed
from handouts.recipe import finished
from handouts.slots import SIGN, SLOT_TEXTS, STEPS, revision_code
from handouts.stacks import agree, overfull

FOOT = '<div class="stack" data-stack="foot">'
LINES = '<p class="{{ key }}" data-slot="{{ key }}">{{ brand[key]|held }}</p>'
REACHED = "{{ part.reached(address) }}"
CODE = "{{ part.code(address) }}"
REVISION = "{{ part.revision_code() }}"
URL = '<p data-slot="url">%s</p>'
PRINTED = "{{ printed_address(address)|breakable }}"
EMPTY = {REACHED: "", 'data-slot="call_to_action"': "", LINES: "<p>{{ brand[key] }}</p>"}

CENTERED = 'the slot "revision" is set with text-align; the slot "revision" is set with text-align-last'
# Added to the style sheet; what is replaced in the page; what is told of it.
FAULTS = {
    "turned": (".stack { transform: rotate(2deg) }", {}, "a slot is turned or scaled"),
    "line-turned": (".phone { transform: rotate(2deg) }", {}, "a slot is turned or scaled"),
    "see-through": (".stack { opacity: 0.99 }", {}, "a slot is see-through"),
    "line-see-through": (".phone { opacity: 0.99 }", {}, "a slot is see-through"),
    "around-see-through": (
        ".around { opacity: 0.99 }",
        {CODE: f'<div class="around">{CODE}</div>'},
        "a slot is see-through",
    ),
    "logo-hidden": (".logo { visibility: hidden }", {}, "a slot is hidden"),
    "cut-off": (".stack { overflow: hidden }", {}, "a slot is cut off at the edge of a box"),
    "grows": (".stack { height: auto; min-height: 1.7in }", {}, "a stack is no block of its own height"),
    "in-line": (
        ".stack { position: static; display: inline-block }",
        {},
        "a stack is no block of its own height",
    ),
    "columns": (".stack { columns: 2 }", {}, "a stack has columns"),
    "foreign": ("", {REACHED: f"<p>Ask!</p>{REACHED}"}, "something that is no slot stands in a stack"),
    "twice": (
        "",
        {LINES: f"{LINES}{{% if key == 'phone' %}}{LINES}{{% endif %}}"},
        'the slot "phone" stands in a stack twice',
    ),
    "no-stack": (
        "",
        {FOOT: '<div class="stack">', REACHED: "", 'data-slot="call_to_action"': ""},
        'the slot "organization" stands in no stack; the slot "unit" stands in no stack',
    ),
    "padding": (".phone { padding-left: 3px }", {}, 'the slot "phone" is no plain line of text'),
    "border": (".phone { border-bottom: 1px solid }", {}, 'the slot "phone" is no plain line of text'),
    "margin": (".phone { margin-left: 3px }", {}, 'the slot "phone" is no plain line of text'),
    "aside": (".phone { position: relative; left: 5px }", {}, 'the slot "phone" is no plain line of text'),
    "bullet": (".phone { display: list-item }", {}, 'the slot "phone" is no plain line of text'),
    "link-padding": (".web a { padding-left: 5px }", {}, 'the slot "url" is no plain line of text'),
    "link-border": (".web a { border-bottom: 1px solid }", {}, 'the slot "url" is no plain line of text'),
    "link-aside": (".web a { position: relative; left: 5px }", {}, 'the slot "url" is no plain line of text'),
    "link-block": (".web a { display: inline-block }", {}, 'the slot "url" is no plain line of text'),
    "beside": (
        ".x { position: absolute; left: 2in }",
        {REACHED: URL % f'<a href="{{{{ address }}}}">{PRINTED}</a><b class="x">!</b>'},
        'the slot "url" is no plain line of text',
    ),
    "more": (".phone::before { content: 'T ' }", {}, 'the slot "phone" prints more than its text'),
    "capitals": (
        ".phone { text-transform: uppercase }",
        {},
        'the slot "phone" prints more than its text; the slot "phone" is set with text-transform',
    ),
    "other": (
        "",
        {LINES: LINES.replace("{{ brand[key]|held }}", "{{ brand[key]|upper }}")},
        'the slot "organization" prints more than its text; the slot "unit" prints more than its text',
    ),
    "address-whole": (
        "",
        {REACHED: URL % '<a href="{{ address }}">{{ printed_address(address) }}</a>'},
        'the slot "url" prints more than its text',
    ),
    "first-letter": (".web::first-letter { color: #a00000 }", {}, 'the slot "url" is printed in more than one way'),
    "narrow": (".phone { width: 1in }", {}, 'the slot "phone" has a size or place of its own'),
    "high": (".phone { height: 0.25in }", {}, 'the slot "phone" has a size or place of its own'),
    "background": (".phone { background: #eee }", {}, 'the slot "phone" has a background'),
    "link-background": (".web a { background: #eee }", {}, 'the slot "url" has a background'),
    "outline": (".phone { outline: 1px solid }", {}, 'the slot "phone" has an outline'),
    "link-outline": (".web a { outline: 1px solid }", {}, 'the slot "url" has an outline'),
    "nowrap": (".phone { white-space: nowrap }", {}, 'the slot "phone" is set with white-space'),
    "last": (
        ".phone { text-align-last: right }",
        {},
        'the slot "phone" is no plain line of text; the slot "phone" is set with text-align-last',
    ),
    "indent": (
        ".phone { text-indent: 3px }",
        {},
        'the slot "phone" is no plain line of text; the slot "phone" is set with text-indent',
    ),
    "language": ("", {LINES: LINES.replace("<p", '<p lang="tr"')}, "a slot is set in a language of its own"),
    "ink": (".phone { color: rgba(0, 0, 0, 0.9) }", {}, 'the slot "phone" is printed in a color that is no plain one'),
    "code-other": (
        "",
        {CODE: '<div class="code" data-slot="code">{{ qr("https://example.org/x", "Scan") }}</div>'},
        'the slot "code" is no code of its address',
    ),
    "code-text": (
        "",
        {CODE: '<div class="code" data-slot="code">Scan</div>'},
        'the slot "code" is no code of its address',
    ),
    "code-outside": (
        "",
        {CODE: '<div class="code">{{ qr(address, "Scan") }}</div>'},
        "a code stands in no slot",
    ),
    "revision-more": (
        "",
        {REVISION: '<span data-slot="revision">No. {{ revision }}</span> {{ label.revision }} {{ revision }}'},
        'the slot "revision" prints more than its text',
    ),
    "revision-pieces": (
        "",
        {REVISION: '{{ label.revision }} <b data-slot="revision">{{ revision[:4] }}<i>{{ revision[4:] }}</i></b>'},
        'the slot "revision" is no plain line of text',
    ),
    "revision-letters": (".revision { letter-spacing: 1px }", {}, 'the slot "revision" is set with letter-spacing'),
    "revision-centered": (".dates { text-align: center }", {}, CENTERED),
    "logo-middle": (".logo { background-position: center }", {}, "LOGO"),
    "logo-cover": (".logo { background-size: cover }", {}, "LOGO"),
    "logo-rows": (".logo { background-repeat: repeat-x }", {}, "LOGO"),
    "logo-round": (".logo { border-radius: 9px }", {}, "LOGO"),
    "logo-border": (".logo { border: 4px solid; background-origin: border-box }", {}, "LOGO"),
    "logo-padding": (".logo { padding: 4px }", {}, "LOGO"),
    "no-slots": ("", {**EMPTY, FOOT: '<div class="stack">'}, "the format has no slots"),
    "smaller-margin": (
        ".phone { margin-top: 3pt }",
        {},
        "where texts are set in smaller type, something else changes too",
    ),
    "smaller-type": (
        ".phone { font-size: 9pt }",
        {},
        "where texts are set in smaller type, something else changes too",
    ),
}
STRANGE_LOGO = "the logo is no background at the left and in the middle of its box"
# Properties of type that only the engine can set.
TYPE = {
    "font-kerning": "none",
    "font-variant-ligatures": "none",
    "font-feature-settings": "'smcp'",
    "font-variant-caps": "small-caps",
    "font-variant-numeric": "oldstyle-nums",
    "hyphens": "auto",
    "letter-spacing": "1px",
    "overflow-wrap": "anywhere",
    "text-decoration-line": "underline",
    "word-spacing": "2px",
    "word-break": "break-all",
}


def everything(folder: Path) -> Edition:
    """An edition that sets all that an edition can."""
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10"/></svg>'
    (folder / "logo.svg").write_text(drawing, "utf-8")
    return edition(phone="+1 555 010 0199", color="#5b1a3f", accent="#9a4123", logo="beside/logo.svg")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_page_that_cannot_be_stamped_says_why(fault: str, tmp_path: Path) -> None:
    style, page, reason = FAULTS[fault]
    wanted = everything(tmp_path)
    press = press_of(ticket(tmp_path, style, page), wanted)
    told = STRANGE_LOGO if reason == "LOGO" else reason
    assert (press.reason, press.base) == (told, b"")
    assert press.stamp(wanted) == Refusal(told)
    assert press.entry(wanted, 0, "one") is None


@pytest.mark.parametrize("name", TYPE)
def test_type_that_only_the_engine_can_set_says_so(name: str, tmp_path: Path) -> None:
    press = press_of(ticket(tmp_path, f".phone {{ {name}: {TYPE[name]} }}"), everything(tmp_path))
    assert press.reason == f'the slot "phone" is set with {name}'


def test_two_reasons_are_told_and_no_more(tmp_path: Path) -> None:
    style = ".stack { columns: 2; opacity: 0.99; overflow: hidden } .phone { letter-spacing: 1px }"
    press = press_of(ticket(tmp_path, style), everything(tmp_path))
    assert press.reason == "a slot is see-through; a slot is cut off at the edge of a box"


@pytest.mark.parametrize(
    "style", ["", ".stack { outline: 1px solid; background: #eee; padding: 4px }", ".web a { color: #7a1f1f }"]
)
def test_what_stays_as_it_is_may_look_as_it_likes(style: str, tmp_path: Path) -> None:
    wanted = everything(tmp_path)
    press = press_of(ticket(tmp_path, style), wanted)
    assert press.reason == ""
    assert b"/HandoutsEdition" in press.stamp(wanted).pdf


def test_an_edition_of_such_a_page_is_laid_out_in_full(tmp_path: Path) -> None:
    root, wanted = ticket(tmp_path, ".phone { letter-spacing: 1px }"), everything(tmp_path)
    press = press_of(root, wanted)
    result = press.build(product(root, wanted, edition=wanted))
    pdf = (tmp_path / result.file).read_bytes()
    entry = f"/HandoutsEdition ({press.key(wanted)} full {result.pages} {result.revision})"
    assert (result.built, pdf.count(entry.encode())) == (True, 1)
    (page,) = Printed("one.pdf", pdf).pages
    assert "Pe\u00f1a College" in page.text
    assert [code.text for code in zxingcpp.read_barcodes(page.raster(150))] == ["https://pena.example.org/visit"]


def sheet(root: Path, wanted: Edition) -> Sheet:
    """The ticket with full slots, laid out and not taken apart."""
    texts = tuple((name, text) for name, text in SLOT_TEXTS.items() if name not in ("event", "logo", "color", "accent"))
    return finished(product(root, wanted, edition=Edition("", texts, (("event", SLOT_TEXTS["event"]),)))).sheet


def test_places_are_where_the_style_sheet_puts_them(tmp_path: Path) -> None:
    ticketed = sheet(ticket(tmp_path), everything(tmp_path))
    places = ticketed.places(ticketed.lay_out())
    (stack,) = places.stacks
    assert places.unknown == ""
    # In CSS pixels: a margin of 0.4 in, and a page 7 in high whose foot is 0.2 in above that.
    inches = [96 * one for one in (0.4, 7 - 0.4 - 0.2 - 1.7, 2.6, 1.7)]
    assert [stack.left, stack.top, stack.width, stack.height] == pytest.approx(inches)
    names = ["call_to_action", "organization", "unit", "phone", "email", "address", "event", "url"]
    assert [slot.name for slot in stack.slots] == names
    assert stack.slots[0].size == pytest.approx(14 * 96 / 72)
    assert [slot.size for slot in stack.slots[1:]] == pytest.approx([10 * 96 / 72] * 7)
    assert [slot.leading for slot in stack.slots[1:]] == pytest.approx([12 * 96 / 72] * 7)
    # In the order of the page: the revision is in the text, code and foot are behind it.
    assert [spot.name for spot in places.spots] == ["revision", "code"]
    code = places.spots[1]
    # 28 mm, as the shipped style has it.
    assert (code.width, code.height) == (pytest.approx(28 * 96 / 25.4), pytest.approx(28 * 96 / 25.4))
    assert code.left == pytest.approx(96 * 3.9)


def test_the_smallest_type_has_to_move_nothing_else(tmp_path: Path) -> None:
    ticketed = sheet(ticket(tmp_path), everything(tmp_path))
    places = ticketed.places(ticketed.lay_out())
    smallest = ticketed.places(ticketed.lay_out_smallest())
    assert agree(places, smallest)
    assert not agree(smallest, places)
    assert not agree(places, places)
    (large,), (small,) = places.stacks, smallest.stacks
    assert [slot.size for slot in small.slots] == pytest.approx([slot.size * STEPS[-1] for slot in large.slots])


def test_a_stack_that_runs_over_is_set_smaller_until_it_fits(tmp_path: Path) -> None:
    ticketed = sheet(ticket(tmp_path, ".stack { height: 1.3in }"), everything(tmp_path))
    (stack,) = (one for one in ticketed.html.etree_element.iter() if one.get("data-stack"))
    assert float(stack.attrib.pop("style").rpartition(" ")[2]) in STEPS[1:]
    layout = ticketed.lay_out()
    assert overfull(layout.rendered.pages) == [stack]
    while ticketed.lower_voices(layout):
        layout = ticketed.lay_out()
    assert float(stack.get("style").rpartition(" ")[2]) in STEPS[1:]
    assert overfull(layout.rendered.pages) == []


def test_a_code_has_the_same_size_whatever_its_address(tmp_path: Path) -> None:
    """A longer address has more modules, and a code that fills its box is larger then: it cannot be stamped."""
    press = press_of(ticket(tmp_path, ".code svg { width: 38mm; height: 38mm }"), everything(tmp_path))
    assert press.reason


def test_a_revision_changes_with_whatever_is_printed() -> None:
    told = ({}, {"x": "y"}, {"x": "z"}, {"y": "x"})
    codes = [revision_code(frame, values) for frame in ("a", "b") for values in told]
    assert len(set(codes)) == 8
    assert all(len(code) == 9 and code[4] == "-" for code in codes)
    assert revision_code("a", {"x": "1", "y": "2"}) == revision_code("a", {"y": "2", "x": "1"})


def test_every_empty_slot_has_a_text_of_its_own_with_the_sign_in_it() -> None:
    texts = [text for name, text in SLOT_TEXTS.items() if name not in ("logo", "color", "accent")]
    assert len(set(texts)) == len(texts)
    assert all(SIGN in text.lower() for text in texts)
