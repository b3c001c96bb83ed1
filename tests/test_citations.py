"""Source lists: exact entries in both styles, their order, their escaping, and every finding word for word."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from markupsafe import Markup

from handouts.citations import check_references, format_references
from handouts.findings import Findings

ROOT = Path(__file__).parents[1]
APA7 = (ROOT / "templates/citations/apa7.csl").read_bytes()
COMPACT = (ROOT / "templates/citations/compact.csl").read_bytes()
CONTENT = json.loads((ROOT / "content/references.json").read_text(encoding="utf-8"))


def day(*parts: int) -> dict:
    return {"date-parts": [list(parts)]}


def page(**changes: object) -> dict:
    """A sound webpage, with some keys changed; None takes a key away."""
    entry = {
        "id": "page",
        "type": "webpage",
        "title": "About ultrasound",
        "author": [{"literal": "Some Society"}],
        "URL": "https://example.org/about",
        "accessed": day(2026, 11, 23),
    }
    entry |= {key.replace("_", "-"): value for key, value in changes.items()}
    return {key: value for key, value in entry.items() if value is not None}


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def printed(entry: dict, style: bytes = APA7) -> str:
    [(name, html)] = format_references([entry], style)
    assert name == entry["id"]
    assert isinstance(html, Markup)
    return plain(html)


BLS = page(
    author=[{"literal": "U.S. Bureau of Labor Statistics"}],
    title="Diagnostic medical sonographers",
    container_title="Occupational Outlook Handbook",
    issued=day(2025, 8, 28),
    note="Mirror: not to be printed.",
    URL="https://www.bls.gov/ooh/sonographers.htm",
)
LAW = page(
    type="legislation",
    title="Occupational dose limits for adults, 10 C.F.R. § 20.1201",
    author=[{"literal": "U.S. Nuclear Regulatory Commission"}],
)
ARTICLE = page(
    type="article-journal",
    title="3 T: The good, the bad and the ugly",
    issued=day(2022),
    author=[{"family": "Graves", "given": "Martin J."}],
    DOI="10.1259/bjr.1",
    URL="https://doi.org/10.1259/bjr.1",
    container_title="The British Journal of Radiology",
    volume="95",
    issue="1130",
    page="12-19",
    publisher="British Institute of Radiology",
)
PEOPLE = page(
    author=[
        {"family": "Zhou", "given": "Troy"},
        {"family": "O'Brien", "given": "Ann-Marie K."},
        {"family": "King", "given": "Martin", "suffix": "Jr."},
    ],
    issued=day(2026, 6, 4),
    publisher="Physics Services",
)
REPORT = page(
    type="report",
    author=[{"literal": "U.S. Department of Education"}],
    title="Staff report",
    issued=day(2017, 2, 22),
    genre="Compliance report",
    number=7,
    publisher="Office of Education",
)
BOOK = page(
    type="book",
    author=[{"family": "Bushong", "given": "Stewart C."}],
    title="Radiologic science",
    edition=12,
    publisher="Elsevier",
    issued=day(2021, 3),
    URL=None,
    accessed=None,
)
QUESTION = page(title="What is an MRI exam like?")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (
            BLS,
            "U.S. Bureau of Labor Statistics. (2025, August 28). Diagnostic medical sonographers. "
            "Occupational Outlook Handbook. https://www.bls.gov/ooh/sonographers.htm",
        ),
        (page(), "Some Society. (n.d.). About ultrasound. Retrieved November 23, 2026, from https://example.org/about"),
        (page(issued=day(2026, 7)), "Some Society. (2026, July). About ultrasound. https://example.org/about"),
        (
            page(publisher="Some Copier"),
            "Some Society. (n.d.). About ultrasound. "
            "Retrieved November 23, 2026, from Some Copier, https://example.org/about",
        ),
        (
            page(publisher="some society", issued=day(2026, 7)),
            "Some Society. (2026, July). About ultrasound. https://example.org/about",
        ),
        (
            page(author=None, publisher="Some Hospital"),
            "About ultrasound. (n.d.). Retrieved November 23, 2026, from Some Hospital, https://example.org/about",
        ),
        (
            page(accessed=day(2026, 11)),
            "Some Society. (n.d.). About ultrasound. Retrieved November 2026, from https://example.org/about",
        ),
        (
            REPORT,
            "U.S. Department of Education. (2017, February 22). Staff report (Compliance report No. 7). "
            "Office of Education. https://example.org/about",
        ),
        (
            LAW,
            "Occupational dose limits for adults, 10 C.F.R. §\u00a020.1201 (n.d.). "
            "Retrieved November 23, 2026, from https://example.org/about",
        ),
        (
            {**LAW, "issued": day(2022)},
            "Occupational dose limits for adults, 10 C.F.R. §\u00a020.1201 (2022). https://example.org/about",
        ),
        (
            ARTICLE,
            "Graves, M. J. (2022). 3 T: The good, the bad and the ugly. The British Journal of Radiology, 95(1130), "
            "12\u201319. https://doi.org/10.1259/bjr.1",
        ),
        (
            {**ARTICLE, "DOI": "https://doi.org/10.1259/bjr.1", "page": None, "number": "20210708"},
            "Graves, M. J. (2022). 3 T: The good, the bad and the ugly. The British Journal of Radiology, 95(1130), "
            "Article 20210708. https://doi.org/10.1259/bjr.1",
        ),
        (
            PEOPLE,
            "Zhou, T., O\u2019Brien, A.-M. K., & King, M., Jr. (2026, June 4). About ultrasound. Physics Services. "
            "https://example.org/about",
        ),
        (BOOK, "Bushong, S. C. (2021). Radiologic science (12th ed.). Elsevier."),
        (
            QUESTION,
            "Some Society. (n.d.). What is an MRI exam like? "
            "Retrieved November 23, 2026, from https://example.org/about",
        ),
        (
            {**QUESTION, "issued": day(2026, 7)},
            "Some Society. (2026, July). What is an MRI exam like? https://example.org/about",
        ),
        (
            page(title="Medical imaging, B.S.", issued=day(2026, 7)),
            "Some Society. (2026, July). Medical imaging, B.S. https://example.org/about",
        ),
    ],
)
def test_apa7(entry, expected):
    assert printed({key: value for key, value in entry.items() if value is not None}) == expected


def test_the_reference_of_the_starting_article_is_printed_exactly():
    [entry] = [entry for entry in CONTENT if entry["id"] == "radiologyinfo-2009"]
    assert printed(entry) == (
        "Unknown. (2009). Diagnostic Radiology. Retrieved January 23, 2009, from Radiology Info, "
        "https://www.radiologyinfo.org/en/sitemap/category.cfm?category=diag"
    )


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (BLS, "U.S. Bureau of Labor Statistics, Diagnostic medical sonographers (Aug. 2025)."),
        (page(), "Some Society, About ultrasound (read Nov. 2026)."),
        (page(issued=day(2009)), "Some Society, About ultrasound (2009)."),
        (page(issued=day(2025, 9, 16)), "Some Society, About ultrasound (Sept. 2025)."),
        (page(author=None, publisher="Some Hospital"), "Some Hospital, About ultrasound (read Nov. 2026)."),
        (QUESTION, "Some Society, What is an MRI exam like? (read Nov. 2026)."),
        (
            LAW,
            "U.S. Nuclear Regulatory Commission, Occupational dose limits for adults, 10 C.F.R. §\u00a020.1201 "
            "(read Nov. 2026).",
        ),
        (ARTICLE, "Graves, 3 T: The good, the bad and the ugly, The British Journal of Radiology (2022)."),
        (PEOPLE, "Zhou et al., About ultrasound (June 2026)."),
        ({**PEOPLE, "author": PEOPLE["author"][:2]}, "Zhou & O\u2019Brien, About ultrasound (June 2026)."),
        (page(type="book", URL=None, accessed=None), "Some Society, About ultrasound (n.d.)."),
    ],
)
def test_compact(entry, expected):
    assert printed(entry, COMPACT) == expected


def test_html_is_escaped_once_and_addresses_may_break():
    entry = page(
        title='Safety & <b>dose</b> < "5 mSv" -- what\'s \x02new\x03...',
        author=[{"literal": "A&B <i>"}],
        publisher="R&D",
        URL='https://example.org/a-b_c?x=1&y="2"',
    )
    [(_, html)] = format_references([entry], APA7)
    assert html == (
        "A&amp;B &lt;i&gt;. (n.d.). <em>Safety &amp; &lt;b&gt;dose&lt;/b&gt; &lt; \u201c5 mSv\u201d \u2013 what\u2019s "
        "new \u2026</em> Retrieved November 23, 2026, from R&amp;D, "
        '<a href="https://example.org/a-b_c?x=1&amp;y=&#34;2&#34;">https://example.<wbr>org/<wbr>a-<wbr>b_<wbr>c?<wbr>x=<wbr>1'
        "&amp;<wbr>y=<wbr>&#34;2&#34;</a>"
    )


def test_italics():
    [(_, html)] = format_references([ARTICLE], APA7)
    assert html.startswith(
        "Graves, M. J. (2022). 3 T: The good, the bad and the ugly. "
        "<em>The British Journal of Radiology</em>, <em>95</em>(1130), "
    )
    assert "<em>" not in format_references([LAW], APA7)[0][1]
    assert format_references([page()], COMPACT)[0][1] == "Some Society, <em>About ultrasound</em> (read Nov. 2026)."


def test_apa7_sorts_by_author_date_and_title_and_compact_does_not():
    entries = [
        page(id="new", issued=day(2025)),
        page(id="Law", type="legislation", title="A law"),
        page(id="december", issued=day(2024, 12, 31)),
        page(id="january", issued=day(2025, 1, 2)),
        page(id="undated-b", title="B"),
        page(id="undated-a", title="a"),
        page(id="unsigned", author=None, publisher="Zed", title="Middle"),
        page(id="other", author=[{"literal": "another body"}]),
    ]
    assert [name for name, _ in format_references(entries, APA7)] == [
        "Law",
        "other",
        "unsigned",
        "undated-a",
        "undated-b",
        "december",
        "new",
        "january",
    ]
    assert [name for name, _ in format_references(entries, COMPACT)] == [entry["id"] for entry in entries]


def test_the_same_entries_give_the_same_text_and_stay_as_they_were():
    before = json.dumps(CONTENT)
    first = format_references(CONTENT, COMPACT), format_references(CONTENT, APA7)
    assert (format_references(CONTENT, COMPACT), format_references(CONTENT[::-1], APA7)) == first
    assert json.dumps(CONTENT) == before
    assert format_references([], APA7) == []


@pytest.mark.parametrize("style", [APA7, COMPACT], ids=["apa7", "compact"])
def test_every_reference_we_ship_is_printed_cleanly(style, capfd):
    lines = format_references(CONTENT, style)
    assert sorted(name for name, _ in lines) == sorted(entry["id"] for entry in CONTENT)
    notes = {entry["id"]: entry["note"] for entry in CONTENT if "note" in entry}
    for name, html in lines:
        words = re.sub(r"<a .*</a>", "URL", html)
        assert not re.search(r"[?!.]</em>\.|[?!.]\.| [,.;]|,\.|\s\s|\(\)|None|[\"'\x00-\x1f]|--", words), (name, words)
        assert not re.search(r"\s|\.\.", plain(html).partition("https://")[2]), name
        assert ("<a href=" in html) == (style is APA7)
        assert name not in notes or notes[name] not in plain(html)
    assert capfd.readouterr() == ("", "")


FILE = "content/references.json"


@pytest.mark.parametrize(
    ("entry", "finding"),
    [
        (page(title=None), 'reference "page" has no title · give "title" as the source prints it'),
        (
            page(type="song"),
            'reference "page" is of the unknown type "song" · '
            "use one of article-journal, book, legislation, report, webpage",
        ),
        (
            page(author=None),
            'reference "page" has neither author nor publisher · give "author", or "publisher" where nobody signed',
        ),
        (
            page(author=[{"given": "Ann"}]),
            'reference "page" has an author without a name · '
            'give "literal" for a body, "family" and "given" for a person',
        ),
        (page(volume=["1"]), '"volume" of reference "page" is not text · write it in quotes'),
        (
            page(URL="www.example.org"),
            'the URL of reference "page" is not a web address · copy it whole, with its https:// and without spaces',
        ),
        (page(DOI="bjr.1"), 'the DOI of reference "page" is not a DOI · it starts with "10."'),
        *(
            (page(**gap), 'reference "page" is a page without address or date · give "URL", and "issued" or "accessed"')
            for gap in ({"accessed": None}, {"URL": None})
        ),
        *(
            (
                page(issued=bad),
                '"issued" of reference "page" is not a date · '
                'write {"date-parts": [[2025, 8, 28]]}; month and day may be left out',
            )
            for bad in (
                day(2025, 13),
                day(2025, 2, 30),
                day(2025, 1, 1, 1),
                day(),
                day("2025"),
                {"date-parts": []},
                {"date-parts": [[2024], [2025]]},
                {"raw": "2025"},
                "2025",
            )
        ),
    ],
)
def test_findings(entry, finding):
    assert [str(found) for found in check_references([entry])] == [f"{FILE}  {finding}"]
    with pytest.raises(Findings, match=f"^{re.escape(f'{FILE}  {finding}')}$"):
        format_references([entry], APA7)


def test_all_findings_are_raised_together():
    entries = [page(), page(), page(id="b", title="", type="map"), page(id=None, title="Nameless")]
    with pytest.raises(Findings) as caught:
        format_references(entries, COMPACT)
    assert str(caught.value).splitlines() == [
        f'{FILE}  a reference titled "Nameless" has no id · give it an "id" in quotes',
        f'{FILE}  reference "b" has no title · give "title" as the source prints it',
        f'{FILE}  reference "b" is of the unknown type "map" · '
        "use one of article-journal, book, legislation, report, webpage",
        f'{FILE}  the id "page" is given to 2 references · rename or remove all but one of them',
    ]
    assert check_references(CONTENT) == ()


@pytest.mark.parametrize(
    ("style", "finding"),
    [
        (b"<style>\n<info></style>", "mine.csl:2  this citation style is not well-formed XML"),
        (b"", "mine.csl:1  this citation style is not well-formed XML"),
        (b"\n<html/>", "mine.csl:2  this citation style does not follow CSL 1.0"),
        (APA7.replace(b'variable="DOI"', b'variable="doi"'), None),
        (
            re.sub(rb"(?s)<bibliography.*</bibliography>", b"", APA7),
            "mine.csl  this citation style has no bibliography",
        ),
    ],
    ids=["broken", "empty", "html", "unknown-variable", "no-bibliography"],
)
def test_a_style_that_cannot_be_used_is_a_finding(style, finding):
    if finding is None:
        line = style[: style.index(b'variable="doi"')].count(b"\n") + 1
        finding = f"mine.csl:{line}  this citation style does not follow CSL 1.0"
    with pytest.raises(Findings) as caught:
        format_references([page()], style, "mine.csl")
    assert str(caught.value) == f"{finding} · compare it with apa7.csl, and docs/citations.md"
