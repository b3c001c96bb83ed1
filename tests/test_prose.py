"""Markdown to sections: marks, quotes, headings, tables, and what stands in HTML, comments and code."""

from __future__ import annotations

import re

import pytest

from handouts.model import Mark
from handouts.prose import read_sections, read_text, render
from handouts.typography import bound, typeset

FILE = "content/trades/baker.md"


def nothing(name: str) -> bytes | None:
    return None


def html(source: str) -> str:
    """Rendered Markdown with plain spaces, so that tests of other things do not count them."""
    return render(source).replace("\u00a0", " ")


def advice(source: str) -> list[str]:
    return [str(finding) for finding in read_text(source, FILE, 1, nothing)[2]]


def test_sections() -> None:
    source = "## What you do {#duties}\n\nBake.\n\n## Is it you?\n\n- Yes\n"
    sections, findings = read_sections(source, FILE, 10, nothing)
    assert findings == []
    assert [(one.name, one.heading, one.line) for one in sections] == [
        ("duties", "What you\u00a0do", 10),
        ("is-it-you", "Is it\u00a0you?", 14),
    ]
    assert [one.html for one in sections] == ["<p>Bake.</p>", "<ul>\n<li>Yes</li>\n</ul>"]


def test_a_heading_is_no_list_and_has_real_quotes() -> None:
    sections, findings = read_sections('## 1. "Bread" -- and *more* {#one}\n\nx', FILE, 1, nothing)
    assert findings == []
    assert sections[0].heading.replace("\u00a0", " ") == "1. &ldquo;Bread&rdquo; &ndash; and <em>more</em>"


def test_headings_need_no_blank_line() -> None:
    sections, findings = read_sections("## A {#a}\nwords\n### Inner\nmore\n## B {#b}\nlast", FILE, 1, nothing)
    assert findings == []
    assert [one.html for one in sections] == ["<p>words</p>\n<h3>Inner</h3>\n<p>more</p>", "<p>last</p>"]


def test_code_holds_no_section() -> None:
    sections, findings = read_sections("## A {#a}\n\n```\n## B {#b}\n<div> [@x] **\n```\nend", FILE, 1, nothing)
    assert findings == []
    assert len(sections) == 1
    assert sections[0].html == "<pre><code>## B {#b}\n&lt;div&gt; [@x] **\n</code></pre>\n<p>end</p>"
    assert sections[0].marks == ()


def test_marks_and_their_lines() -> None:
    text = "Word [@one] and [=two] more.\n\nAgain [@one; @three] with [@four;\n@five] `[@code]`."
    rendered, marks, findings = read_text(text, FILE, 5, nothing)
    assert findings == []
    assert marks == [
        Mark(keys=("one",), figure=False, line=5),
        Mark(keys=("two",), figure=True, line=5),
        Mark(keys=("one", "three"), figure=False, line=7),
        Mark(keys=("four", "five"), figure=False, line=7),
    ]
    assert rendered.startswith('<p>Word<x-mark cites="one"></x-mark> and <x-mark figure="two"></x-mark> ')
    assert "<code>[@code]</code>" in rendered


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"A" \'b\' -- c --- d...', "<p>&ldquo;A&rdquo; &lsquo;b&rsquo; &ndash; c &mdash; d&hellip;</p>"),
        ("don't", "<p>don&rsquo;t</p>"),
        ('`"a" -- b`', '<p><code>"a" -- b</code></p>'),
        ("Salt &amp; pepper &lt; 3 &copy; A & B", "<p>Salt &amp; pepper &lt; 3 &copy; A &amp; B</p>"),
        ("<https://example.org/a_b>", '<p><a href="https://example.org/a_b">https://example.org/a_b</a></p>'),
        ("[a](https://example.org/b)", '<p><a href="https://example.org/b">a</a></p>'),
        ("[a][b]\n\n[b]: https://example.org/b", '<p><a href="https://example.org/b">a</a></p>'),
        ("H<sub>2</sub>O 10<sup>3</sup><br>x", "<p>H<sub>2</sub>O 10<sup>3</sup><br>\nx</p>"),
        ("one  \ntwo\\\nthree", "<p>one<br>\ntwo<br>\nthree</p>"),
        ("> quoted\n> twice", "<blockquote>\n<p>quoted\ntwice</p>\n</blockquote>"),
        ("a\n\n***\n\nb", "<p>a</p>\n<hr>\n<p>b</p>"),
        ("1 < 2 and 3 > 2", "<p>1 &lt; 2 and 3 &gt; 2</p>"),
        (r"\*no\* \[@x]", "<p>*no* [@x]</p>"),
    ],
)
def test_inline(source: str, expected: str) -> None:
    assert html(source) == expected
    assert advice(source) == []


def test_mail_addresses_are_links() -> None:
    assert advice("<guild@example.org>") == []
    assert render("<guild@example.org>").startswith('<p><a href="&#109;&#97;&#105;&#108;')


def test_a_table_right_under_words() -> None:
    found = html("Words\n| a | b |\n|---|:-:|\n| 1 | [@x] |\n\nafter")
    assert re.sub(r"\s*\n\s*", "", found) == (
        '<p>Words</p><table><thead><tr><th>a</th><th style="text-align: center;">b</th></tr></thead>'
        '<tbody><tr><td>1</td><td style="text-align: center;"><x-mark cites="x"></x-mark></td></tr></tbody></table>'
        "<p>after</p>"
    )


def test_a_table_in_an_item() -> None:
    found = html("- a\n\n  | x | y |\n  |---|---|\n  | 1 | 2 |\n- b")
    assert found.count("<li>") == 2 and "<table>" in found and "|" not in found


def test_a_tag_that_is_not_closed_swallows_nothing() -> None:
    source = "<div>\n\nWords\n\n- a\n- b"
    assert html(source) == "<p>&lt;div&gt;</p>\n<p>Words</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    assert len(advice(source)) == 1


def test_comments_are_cut_and_lines_stay() -> None:
    source = "## A {#a}\n<!-- one\n## not {#this}\n-->\nWords `<!-- kept -->` [@x]\n\n```\n<!-- kept -->\n```\n"
    source += "> ```\n> <!-- kept -->\n> ```\n"
    sections, findings = read_sections(source, FILE, 1, nothing)
    assert findings == []
    assert sections[0].marks[0].line == 5
    assert sections[0].html.count("&lt;!-- kept --&gt;") == 3
    assert "one" not in sections[0].html and len(sections) == 1


def test_a_comment_that_is_not_closed_swallows_nothing() -> None:
    sections, findings = read_sections("## A {#a}\n\n<!-- x\n\n## B {#b}\n\ny", FILE, 1, nothing)
    assert [str(one) for one in findings] == [f"{FILE}:3  this comment is never closed · close it with -->"]
    assert [one.name for one in sections] == ["a"]


def test_an_image_is_named_by_its_path() -> None:
    rendered, _, findings = read_text("![An oven](oven.png)", FILE, 1, lambda name: b"\x89PNG\r\n")
    assert findings == []
    assert rendered == '<p><img alt="An oven" src="/content/trades/oven.png"></p>'


def test_the_last_word_keeps_company() -> None:
    assert render("This is a long line at the end") == "<p>This is a long line at the\u00a0end</p>"
    assert render("- two words\n- it is so *very* odd") == (
        "<ul>\n<li>two words</li>\n<li>it is so <em>very</em> odd</li>\n</ul>"
    )
    assert "\u00a0" not in render("It ends with an incomprehensible counterrevolutionary")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('He said "no"', "He said “no”"),
        ("the baker's 'dozen'", "the baker’s ‘dozen’"),
        ("a -- b --- c...", "a – b — c…"),
        ("https://example.org/--/'x'", "https://example.org/--/'x'"),
        (3, 3),
        (None, None),
    ],
)
def test_typeset(typed: object, printed: object) -> None:
    assert typeset(typed) == printed


def test_a_long_text_is_read_in_time() -> None:
    """Ten thousand items, nested and with marks: seconds, not minutes."""
    source = "Words\n" + "\n".join(f"{'  ' * (n % 3)}- item {n} [@x{n}]" for n in range(2_000))
    rendered, marks, findings = read_text(source, FILE, 1, nothing)
    assert findings == []
    assert rendered.count("<li>") == len(marks) == 2_000
    assert marks[-1].line == 2_001


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("when things go wrong.", "when things go\u00a0wrong."),
        ("one word", "one word"),
        ("alone", "alone"),
        ("an extraordinarily electroencephalographic", "an extraordinarily electroencephalographic"),
        ("", ""),
    ],
)
def test_a_lead_does_not_end_on_a_lonely_word(text: str, expected: str) -> None:
    assert bound(text) == expected


def test_footnotes_are_numbered_as_they_are_met_and_through_sections() -> None:
    source = "## A {#a}\n\nx[^b] y[^a] z[^b]\n\n[^a]: first\n\n    more\n[^b]: second\n\n"
    source += "## B {#b}\n\nw[^a]\n\n[^a]: third\n"
    sections, findings = read_sections(source, FILE, 1, nothing)
    assert findings == []
    mark = '<sup class="cite">{}</sup>'
    assert sections[0].html.split("\n")[0] == f"<p>x{mark.format(1)} y{mark.format(2)} z{mark.format(1)}</p>"
    notes = sections[0].html.partition("</p>\n")[2].replace("\n", "")
    assert notes == '<ol class="notes" start="1"><li>second</li><li>first<p>more</p></li></ol>'
    assert mark.format(3) in sections[1].html and 'start="3"' in sections[1].html


def test_a_footnote_without_a_text_is_told_and_code_holds_none() -> None:
    assert advice("a[^x] and `[^y]`\n\n[^z]: nobody asks") == [
        f"{FILE}:1  the footnote [^x] has no text · add it to this section, on a line that begins with the mark and a "
        "colon"
    ]
    assert "<li>nobody asks</li>" in html("a\n\n[^z]: nobody asks")


def test_tasks_have_boxes() -> None:
    assert html("- [ ] one\n- [x] **two**\n- [y] three\n- plain").replace("\n", "") == (
        '<ul><li class="task">☐ one</li><li class="task">☑ <strong>two</strong></li><li>[y] three</li>'
        "<li>plain</li></ul>"
    )


def test_a_quotation_may_be_a_box_with_a_title() -> None:
    assert html("> [!NOTE]\n> Words.").replace("\n", "") == (
        '<blockquote class="box"><p><strong>Note</strong></p><p>Words.</p></blockquote>'
    )
    assert "<strong>Own <em>title</em></strong>" in html("> [!Own *title*]\n>\n> Words.")
    assert "class" not in html("> Words [!no] box")


def test_terms_and_struck_words() -> None:
    terms = "<dl><dt>Sole</dt><dd>slides</dd><dd>wears</dd></dl>"
    assert html("Sole\n: slides\n: wears").replace("\n", "").replace("<p>", "").replace("</p>", "") == terms
    assert html("~~gone~~ and ~~ not ~~") == "<p><del>gone</del> and ~~ not ~~</p>"


def test_only_a_first_section_may_have_a_name_and_no_words() -> None:
    sections, findings = read_sections("## {#opening}\n\nx\n\n## {#other}\n\ny", FILE, 1, nothing)
    assert [str(finding) for finding in findings] == [f"{FILE}:5  this heading has no words · write them after ##"]
    assert [(one.name, one.heading) for one in sections] == [("opening", ""), ("other", "")]
