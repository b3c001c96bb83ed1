"""Composing: marks and their numbers, the source list, the revision, and templates that ask for what is not there."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import small

from handouts.document import Document, compose
from handouts.findings import Findings
from handouts.material import gather
from handouts.qr import qr_code

PAGE = "<!doctype html>\n<html><head><title>x</title></head><body>\n{}\n</body></html>\n"


def composed(root: Path, changes: dict[str, str] | None = None, slug: str = "ct", paper: str = "letter") -> Document:
    project = small.project(root, changes)
    return compose(project, gather(project, "card", slug), paper)


def filled(root: Path, template: str, changes: dict[str, str] | None = None) -> str:
    """What a page template becomes, without the page around it."""
    html = composed(root, {"templates/card/page.html": PAGE.format(template), **(changes or {})}).html
    return html.partition("<body>\n")[2].partition("</body>")[0].strip()


def refused(root: Path, template: str, changes: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(Findings) as caught:
        filled(root, template, changes)
    return [str(finding) for finding in caught.value.findings]


class Seen(HTMLParser):
    """Cite marks in the order of a page, and the numbers of its source list."""

    def __init__(self, html: str):
        super().__init__()
        self.marks: list[str] = []
        self.sources: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "a" and named["href"].startswith("#"):
            self.marks.append(named["href"].removeprefix("#source-"))
        if named.get("id", "").startswith("source-"):
            self.sources.append(named["id"].removeprefix("source-"))


def test_marks_count_the_sources_in_the_order_of_the_list(tmp_path: Path):
    seen = Seen(composed(tmp_path).html)
    # The handbook is cited for the pay and the growth and by name, the board for the rule.
    assert seen.marks == ["1", "2", "1", "1"]
    assert seen.sources == ["1", "2"]


def test_a_style_that_sorts_renumbers_the_marks(tmp_path: Path):
    form = small.CARD.replace('pages = [1, 1]', 'pages = [1, 1]\ncitations = "apa7"')
    document = composed(tmp_path, {"templates/card/format.toml": form})
    seen = Seen(document.html)
    assert seen.marks == ["2", "1", "2", "2"]
    assert seen.sources == ["1", "2"]
    assert document.html.index("The Board") < document.html.index("The Office")


def test_only_what_is_cited_is_listed(tmp_path: Path):
    document = composed(tmp_path, slug="mri")
    assert Seen(document.html).sources == ["1"]
    assert "The Office" not in document.html


def test_figures_are_printed_with_value_and_mark(tmp_path: Path):
    template = '{{ figure("ct-pay") }}|{{ figure("ct-growth", mark=False) }}|{{ cite("card-rule", "ct-pay") }}'
    html = filled(tmp_path, template)
    assert html == (
        '$77,660<sup class="cite"><a href="#source-1">1</a></sup>|+5%|'
        '<sup class="cite"><a href="#source-1">1</a>,<a href="#source-2">2</a></sup>'
    )


def test_the_source_list_tells_the_periods_of_its_figures(tmp_path: Path):
    html = filled(
        tmp_path,
        '{{ prose(subject.section("duties")) }}{{ figure("ct-growth") }}'
        "{% for source in sources %}[{{ source.number }} {{ source.key }} {{ source.periods|join('; ') }}]{% endfor %}",
    )
    # An undated figure says no period.
    assert html.endswith("[1 handbook May\u00a02024; 2024–34][2 board ]")


def test_a_fact_that_is_only_cited_says_no_period(tmp_path: Path):
    template = '{{ cite("ct-pay") }}{% for source in sources %}[{{ source.periods|length }}]{% endfor %}'
    assert filled(tmp_path, template).endswith("[0]")


def test_links_to_sources_are_told_by_their_words(tmp_path: Path):
    texts = composed(tmp_path).link_texts
    assert list(texts) == ["#source-1", "#source-2"]
    assert texts["#source-1"].startswith("1: The Office")
    assert "<" not in texts["#source-1"]


def test_headings_can_be_moved_down_a_level(tmp_path: Path):
    text = small.CT.replace("You make", "### One\n\n#### Two\n\nYou make")
    html = filled(tmp_path, '{{ prose(subject.section("duties"), deeper=True) }}', {"content/cards/ct.md": text})
    assert re.findall(r"</?h\d", html) == ["<h4", "</h4", "<h5", "</h5"]


def test_a_document_names_its_title_and_its_styles_in_order(tmp_path: Path):
    document = composed(tmp_path)
    assert document.title == "Computed tomography – Small careers"
    assert document.file == "content/cards/ct.md"
    assert document.styles == (
        "styles/base/tokens.css",
        "styles/base/type.css",
        "styles/base/parts.css",
        "styles/papers/card.css",
        "styles/card.css",
    )


def test_a_paper_that_a_format_does_not_have_is_refused(tmp_path: Path):
    with pytest.raises(Findings) as caught:
        composed(tmp_path, paper="a3")
    assert [str(finding) for finding in caught.value.findings] == [
        'templates/card/format.toml  there is no paper "a3" for card · known are: letter, a4'
    ]


CHANGES = {
    "a word": {"content/cards/ct.md": small.CT.replace("slices", "thin slices")},
    "a heading": {"content/cards/ct.md": small.CT.replace("What you will do", "Your day")},
    "a figure": {"content/facts.toml": small.FACTS.replace("77660", "78980")},
    "a period": {"content/facts.toml": small.FACTS.replace("May 2024", "May 2025")},
    "a source": {"content/references.json": json.dumps(small.REFERENCES).replace("The Office", "The Bureau")},
    "a label of the page": {"templates/card/page.html": small.CARD_PAGE.replace("<h1>", '<h1 class="large">')},
    "its style": {"styles/card.css": small.CARD_STYLE.replace("2mm", "3mm")},
    "a style of all": {"styles/base/type.css": "h1 { color: navy }"},
    "the size of its paper": {"styles/papers/card.css": "@page { size: 90mm 140mm }"},
    "the series": {"handouts.toml": 'series = "Other careers"\n'},
}
SAME = {
    "a fact that is not printed": {"content/facts.toml": small.FACTS + small.FACTS.replace("[c", "[other-c")},
    "a note for editors": {"content/facts.toml": small.FACTS.replace("[ct-growth]", '[ct-growth]\nnote = "Check."')},
    "a reference that is not cited": {
        "content/references.json": json.dumps([*small.REFERENCES, {**small.REFERENCES[0], "id": "third"}])
    },
    "another card": {"content/cards/mri.md": small.MRI.replace("magnet", "large magnet")},
    "a file nobody names": {"styles/other.css": "h1 { color: navy }"},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_revision_changes_with_all_that_is_printed(tmp_path: Path, changes: dict[str, str]):
    before, after = composed(tmp_path / "a"), composed(tmp_path / "b", changes)
    assert re.fullmatch(r"[0-9a-f]{4}-[0-9a-f]{4}", before.revision)
    assert before.revision != after.revision


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_a_revision_changes_with_nothing_else(tmp_path: Path, changes: dict[str, str]):
    before, after = composed(tmp_path / "a"), composed(tmp_path / "b", changes)
    assert (before.revision, before.html) == (after.revision, after.html)


def test_a_revision_changes_with_a_drawing_that_is_printed(tmp_path: Path):
    page = small.CARD_PAGE.replace("<h1>", '<h1 style="background: url(/templates/drawings/{{ subject.slug }}.svg)">')
    files = {"templates/card/page.html": page, "templates/drawings/ct.svg": "<svg/>", "templates/drawings/x.svg": "x"}
    before = composed(tmp_path / "a", files)
    other = composed(tmp_path / "b", {**files, "templates/drawings/x.svg": "y"})
    drawn = composed(tmp_path / "c", {**files, "templates/drawings/ct.svg": "<svg><path/></svg>"})
    assert before.revision == other.revision
    assert before.revision != drawn.revision


def test_letter_and_a4_are_one_revision(tmp_path: Path):
    assert composed(tmp_path / "a").revision == composed(tmp_path / "b", paper="a4").revision


def test_the_revision_is_printed(tmp_path: Path):
    document = composed(tmp_path)
    assert f"Revision {document.revision}</p>" in document.html


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("\n{{ nothing }}", "templates/card/page.html:4  asks for something unknown: 'nothing' is undefined"),
        (
            "{{ subject.front.colour }}",
            "templates/card/page.html:3  asks for something unknown: "
            "'handouts.model.FrontMatter object' has no attribute 'colour'",
        ),
        (
            "{{ label.nothing }}",
            "templates/card/page.html:3  asks for something unknown: 'dict object' has no attribute 'nothing'",
        ),
        ("{% if no %}x{% endif %}", "templates/card/page.html:3  asks for something unknown: 'no' is undefined"),
    ],
)
def test_an_unknown_name_is_told_with_template_and_line(tmp_path: Path, template: str, told: str):
    assert refused(tmp_path, template) == [f"{told} · mend the name in the template"]


def test_an_unknown_name_in_a_part_is_told_where_it_stands(tmp_path: Path):
    parts = "{% macro one(card) %}\n{{ card.nothing }}\n{% endmacro %}\n"
    template = '{% import "templates/parts/card.html" as part %}\n{{ part.one(subject) }}'
    assert refused(tmp_path, template, {"templates/parts/card.html": parts}) == [
        "templates/parts/card.html:2  asks for something unknown: 'handouts.model.Subject object' has no attribute "
        "'nothing' · mend the name in the template"
    ]


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (
            "\n\n{% for card in %}",
            "templates/card/page.html:5  is not a valid template: Expected an expression, got 'end of statement block'"
            " · mend the tag on this line",
        ),
        (
            "{% if subject %}{% endfor %}",
            "templates/card/page.html:3  is not a valid template: Encountered unknown tag 'endfor'. Jinja was looking "
            "for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'."
            " · mend the tag on this line",
        ),
        (
            "{{ 1|no }}",
            "templates/card/page.html:3  is not a valid template: No filter named 'no'. · mend the tag on this line",
        ),
    ],
)
def test_a_template_with_a_mistake_is_told_with_its_line(tmp_path: Path, template: str, told: str):
    assert refused(tmp_path, template) == [told]


@pytest.mark.parametrize("name", ["templates/parts/gone.html", "/etc/passwd", "../secret.html", "templates/../../x"])
def test_templates_see_nothing_outside_the_project(tmp_path: Path, name: str):
    (tmp_path / "secret.html").write_text("secret")
    told = refused(tmp_path / "project", f'\n{{% include "{name}" %}}')
    [line] = told
    assert line.startswith(f'templates/card/page.html:4  asks for the template "{name}", which is missing · mend')


def test_what_a_text_holds_is_escaped(tmp_path: Path):
    text = small.CT.replace("title: Computed tomography", 'title: "CT & <b>scans</b>"')
    assert filled(tmp_path, "{{ subject.title }}", {"content/cards/ct.md": text}) == "CT &amp; &lt;b&gt;scans&lt;/b&gt;"


def test_a_source_that_is_not_there_is_told(tmp_path: Path):
    told = refused(tmp_path, '{{ cite("ghost") }}')
    assert told == [
        'content/references.json  no reference has the id "ghost", which is cited · add it, or mend the "source" in '
        "content/facts.toml (content/cards/ct.md)"
    ]


def test_a_code_that_cannot_be_made_is_told(tmp_path: Path):
    assert filled(tmp_path / "a", '{{ qr("https://a.example", "Code") }}') == qr_code("https://a.example", "Code")
    assert refused(tmp_path / "b", '{{ qr("", "Code") }}') == [
        'content/cards/ct.md  the QR code has no address · set "url" of the brand, or "more" of the content, to a '
        "short web address"
    ]


def test_dates_are_printed_in_words(tmp_path: Path):
    template = '{{ month("2026-11") }}, {{ review_by("2026-11") }}, {{ period("2024-34") }}, {{ period("2026-01") }}'
    assert filled(tmp_path / "a", template) == "November\u00a02026, November\u00a02027, 2024–34, Jan.\u00a02026"
    template = '{{ month("2026-11", short=True) }}, {{ review_by("2026-09", short=True) }}'
    assert filled(tmp_path / "b", template) == "Nov.\u00a02026, Sept.\u00a02027"


def test_the_same_material_is_the_same_document(tmp_path: Path):
    first, second = composed(tmp_path / "a"), composed(tmp_path / "b")
    assert first == second
