"""No word is lost: what the HTML says is laid out, and what is laid out is on the paper."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid import FILE, judged, lay_out, some

from handouts.boxes import PICTURE, words
from handouts.preflight.conservation import gaps, lost_in_layout, lost_on_paper, normal, words_of
from handouts.preflight.evidence import Printed

TALL = "position: absolute; top: 0; left: 0; width: 60mm"
DRAWING = '<svg style="width: 30mm; height: 10mm" viewBox="0 0 30 10">{}</svg>'
LOREM = "understanding the responsibility of a technologist in communication with patients " * 4


def lost(html: str, css: str = "") -> list[str]:
    """The messages about words that the layout dropped."""
    return [finding.message for finding in lost_in_layout(FILE, html, words(lay_out(html, css).pages))]


# name: HTML, CSS. Nothing of these stands on any page, and the engine says not a word.
LOST = {
    "an absolute box taller than the page": (f'<div style="{TALL}">{some(900)}</div>', ""),
    "a float taller than the page, with nothing after": (
        f'<div style="float: left; width: 60mm">{some(900)}</div>', ""
    ),
    "a style that takes words away": ('<p>kept</p><p class="gone">dropped by style</p>', ".gone { display: none }"),
    "lines that are clamped": (f"<p>{some(90)}</p>", "p { max-lines: 2; continue: discard }"),
    "a running head that no margin shows": (
        '<p class="head">who we are</p><p>text</p>', ".head { position: running(h) }"
    ),
    "words that are not visible": ('<p>kept <span style="visibility: hidden">hidden words</span></p>', ""),
    "words without a size": ('<p>kept <span style="font-size: 0">words of no size</span></p>', ""),
    "words scaled to nothing": ('<p>kept</p><p style="transform: scale(0)">words of no size</p>', ""),
    "words of a drawing that leave the page": (
        DRAWING.format('<text x="200" y="5" font-size="4">far away</text>').replace("10mm", "10mm; overflow: visible"),
        "",
    ),
    "a picture in a box taller than the page": (
        f'<div style="{TALL}">{some(100)}<div style="height: 130mm"></div>{DRAWING.format("")}</div>', ""
    ),
}

# Nothing of these is lost, whatever becomes of the words on the way.
KEPT = {
    "hyphens at the ends of lines": f'<p lang="en" style="hyphens: auto; width: 24mm">{LOREM}</p>',
    "soft hyphens": f'<p style="width: 20mm">{LOREM.replace("ti", "ti&shy;")}</p>',
    "another sign for the hyphen": '<p lang="en" style="hyphens: auto; width: 24mm; hyphenate-character: \'=\'">'
    f'{LOREM}</p>',
    "ligatures": "<p>office fluffy waffle ﬁne ﬂat</p>",
    "capitals by style": '<p style="text-transform: uppercase">straße, façade, ﬁne</p>',
    "small capitals": '<p style="font-variant: small-caps">Small Capitals</p>',
    "spaces of many kinds": "<p>10&nbsp;mm 10&#8239;mm a&#8203;b c&zwnj;d e&#8288;f <b>g</b>h</p>",
    "accents and signs": "<p>naïve Ünïcode e\u0301 ½ x² H₂O ™ … “quotes” ‘so’ – and — 5 × 3 ≤ 20 °C µm</p>",
    "a span inside a word": '<p>an <span style="white-space: nowrap">x-ray</span>, <b>M</b>agnetic</p>',
    "an address that breaks": '<p style="width: 20mm">example.org/<wbr>long/<wbr>path/<wbr>of/<wbr>many/<wbr>parts</p>',
    "lists with bullets and numbers": "<ul><li>one</li></ul><ol start=9><li>two</li><li>three</li></ol>",
    "counters and quotes by style": '<style>p::before { content: "§" counter(page) " " }</style>'
    '<p>law</p><q>quoted</q>',
    "a first letter": "<style>p::first-letter { font-size: 3em; float: left }</style><p>Once upon a time</p>",
    "a header of a table on each page": "<table><thead><tr><th>head</th></tr></thead>"
    f"{'<tr><td>row</td></tr>' * 60}</table>",
    "a footer of a table on each page": "<table><tfoot><tr><td>foot</td></tr></tfoot>"
    f"{'<tr><td>row</td></tr>' * 60}</table>",
    "a caption below": "<table style='caption-side: bottom'><caption>caption</caption><tr><td>cell</td></tr></table>",
    "footnotes": f'<p>text<span style="float: footnote">a note</span> {some(200)}'
    '<span style="float: footnote">b</span></p>',
    "a running head by an element": "<style>@page { @top-left { content: element(h) } }</style>"
    f'<h2 style="position: running(h)">the head</h2><p>{some(300)}</p>',
    "a running head by a string": "<style>@page { @top-left { content: string(h) } }</style>"
    f'<h2 style="string-set: h content()">the head</h2><p>{some(300)}</p>',
    "folios": f'<style>@page {{ @bottom-left {{ content: "Page " counter(page) }} }}</style><p>{some(300)}</p>',
    "a table of contents": "<style>a::after { content: leader('.') target-counter(attr(href), page) }</style>"
    '<ul><li><a href="#x">Chapter</a></li></ul><h2 id="x">Chapter</h2>',
    "a box that stays on each page": f'<div style="position: fixed; bottom: -7mm">stamp</div><p>{some(300)}</p>',
    "items in another order": '<div style="display: flex"><p style="order: 2">first</p><p>second</p></div>',
    "columns and floats": f'<div style="columns: 2"><div style="float: left">side</div>{some(60)}</div>',
    "words that are only read out": '<h2 style="position: absolute; color: transparent">heading</h2><p>text</p>',
    "titles and scripts": "<title>no</title><script>no()</script><!-- no --><p>yes</p><template>no</template>",
    "what is hidden in the source": '<p hidden>no</p><div style="display: none"><p>no<p>neither</div><p>yes</p>',
    "a hidden list that leaves its ends out": "<ul><li hidden>no<li>yes</ul><p>yes</p>",
    "words of a drawing": DRAWING.format(
        "<title>no</title><desc>no</desc><defs><text>no</text></defs><style>.a{}</style>"
        '<text x="2" y="5" font-size="4">two <tspan font-weight="bold">bold</tspan> words</text>'
    ),
    "half of it see-through": '<p style="opacity: 0.5">pale words</p>',
    "words from right to left": '<p dir="rtl">שלום עולם</p>',
    "preformatted lines": "<pre>one  two\n  three\tfour</pre>",
    "turned and scaled": '<p style="transform: rotate(-90deg); width: 9mm; margin: 9mm 0">label</p>',
    "a hanging number": '<p style="padding-left: 2em; text-indent: -2em">'
    '<b style="display: inline-block; width: 2em">1</b>source</p>',
    "nothing at all": "",
}


@pytest.mark.parametrize("name", LOST)
def test_whatever_loses_words_is_one_finding(name: str):
    found = judged(*LOST[name])[1]
    assert [finding.id for finding in found] == ["text-lost"]
    assert found[0].severity == "error" and found[0].file == FILE


@pytest.mark.parametrize("name", KEPT)
def test_words_that_only_look_different_are_not_lost(name: str):
    html = KEPT[name]
    rendered = lay_out(html)
    runs = words(rendered.pages)
    assert list(lost_in_layout(FILE, html, runs)) == []
    assert list(lost_on_paper(Printed(FILE, rendered.write_pdf()), runs)) == []
    # And the layout holds no others. One of the cases hyphenates with a sign of its own.
    own = "".join(run.text for run in runs if not run.made).replace("=", "")
    assert sorted(normal(own)) == sorted(normal("".join(words_of(html))))


def test_words_cut_by_the_edge_of_a_drawing_are_found_on_paper():
    """The box tree knows a drawing as one picture."""
    html = DRAWING.format('<text x="5" y="5" font-size="5">far too long a label</text>')
    assert [(finding.id, finding.page) for finding in judged(html)[1]] == [("fit-clipped", 1)]
    assert judged(DRAWING.format('<text x="1" y="5" font-size="3">label</text>'))[1] == []


def test_a_finding_counts_the_words_and_names_the_first():
    (message,) = lost(f'<p>kept</p><div style="{TALL}">{some(900)}</div>')
    first = int(re.search(r'from "word(\d+) ', message)[1])
    assert message.startswith(f"{900 - first} words of the text are not on the page, from")


def test_few_words_are_named_in_full():
    css = ".gone { display: none }"
    assert lost('<p>one</p><p class="gone">two three</p><p>four</p>', css) == [
        '2 words of the text are not on the page, "two three"'
    ]
    assert lost('<p>one</p><p class="gone">two</p>', css) == ['1 word of the text is not on the page, "two"']
    assert lost(f'<p class="gone">{DRAWING.format("")}</p><p>one</p>', css) == [
        "1 picture is not on the page, beside the text"
    ]


def test_a_finding_names_the_page_before_the_gap():
    html = '<p>one</p><p style="break-before: page">two</p><p class="gone">three</p>'
    (finding,) = lost_in_layout(FILE, html, words(lay_out(html, ".gone { display: none }").pages))
    assert finding.page == 2


def test_words_missing_on_paper_are_named_by_their_place():
    html = '<p>one</p><p style="break-before: page">two <span style="visibility: hidden">three four</span> five</p>'
    rendered = lay_out(html)
    runs = words(rendered.pages)
    (finding,) = lost_on_paper(Printed(FILE, rendered.write_pdf()), runs)
    assert (finding.message, finding.page) == ('2 words of the text are not on the page, "three four"', 2)
    assert finding.box == pytest.approx(next(run.box for run in runs if "three" in run.text), abs=0.1)


def test_a_page_of_another_text_lacks_all_its_words():
    runs = words(lay_out("<p>alpha beta</p>").pages)
    printed = Printed(FILE, lay_out("<p>gone</p>").write_pdf())
    assert [finding.id for finding in lost_on_paper(printed, runs)] == ["text-lost"]


WORDS = st.lists(st.text("abcdefg-é", min_size=1, max_size=8), min_size=1, max_size=60)


@settings(max_examples=150, deadline=None)
@given(WORDS, st.integers(0, 60), st.integers(1, 10), st.randoms(use_true_random=False))
def test_a_lost_word_is_missed_in_whatever_order(text: list[str], start: int, number: int, chance):
    kept = text[:start] + text[start + number :]
    chance.shuffle(kept)
    gone = text[start : start + number]
    missing = gaps(text, "".join(map(normal, kept)))
    assert bool(missing) == bool(normal("".join(gone)))


@settings(max_examples=150, deadline=None)
@given(WORDS, st.integers(0, 60), st.integers(1, 10))
def test_where_the_order_holds_only_lost_words_are_named(text: list[str], start: int, number: int):
    text = [f"{word}{place}." for place, word in enumerate(text)]
    gone = text[start : start + number]
    missing = gaps(text, "".join(map(normal, text[:start] + text[start + number :])))
    assert [word for gap in missing for word in gap.words] == gone


def test_moved_words_are_not_taken_for_lost_ones():
    text = [f"{word}." for word in some(60).split()]
    moved = text[:10] + text[20:55] + text[10:20]
    assert [word for gap in gaps(text, "".join(map(normal, moved))) for word in gap.words] == text[55:]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a<b>b</b>c d</p><p>e</p>", "abc d e"),
        ("<li>a<li>b<br>c", "a b c"),
        ("a &amp; b&nbsp;c &lt;d&gt;", "a & b c <d>"),
        ('<img alt="no" src="x">a<svg><text>b</text><g>no</g></svg>', f"{PICTURE} a {PICTURE} b"),
        ('<svg style="display:none"><text>no</text></svg>a', "a"),
        ("<head><title>no</title></head><body>a</body>", "a"),
        ("<div hidden><br><p>no</div>a", "a"),
    ],
)
def test_the_words_of_a_source(html: str, expected: str):
    assert words_of(html) == expected.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("follow-up", "FOLLOW‐UP"),
        ("co\u00adoperate", "cooperate"),
        ("ﬁne", "fine"),
        ("é", "e\u0301"),
        ("x²", "x2"),
        ("straße", "STRASSE"),
        ("10\u202fmm", "10 mm"),
        ("a\u200bb", "ab"),
    ],
)
def test_what_counts_as_the_same(one: str, other: str):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(("one", "other"), [("10–12", "1012"), ("a.b", "ab"), ("5 %", "5"), ("0.5", "05")])
def test_what_does_not_count_as_the_same(one: str, other: str):
    assert normal(one) != normal(other)
