"""The booklet that we ship: contents, folios, running heads, bookmarks, references, the comparison."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import paper
import pytest
from paper import INCH
from shipped import BOOKLET, PAPERS, PROJECT, composed, facts, squeezed, subject

from handouts import content

Built = Mapping[tuple[str, str, str], Path]
SPECIALTY_PAGES = next(chapter for chapter in BOOKLET["chapter"] if chapter["kind"] == "specialties")["subjects"]


@pytest.fixture(params=PAPERS)
def booklet(built: Built, request: pytest.FixtureRequest) -> Path:
    return built["booklet", "", request.param]


def openers(path: Path) -> dict[str, int]:
    """Pages, from 0, that a chapter, a specialty or a part of the end matter opens on, by the name of its anchor."""
    named = paper.destinations(paper.opened(path))
    return {name: page for name, page in named.items() if not name.startswith("source-")}


def test_bookmarks_lead_to_the_pages_they_name(booklet: Path) -> None:
    pages, marks = paper.read(booklet), paper.outline(paper.opened(booklet))
    chapters = {chapter.get("title") for chapter in BOOKLET["chapter"]} - {None}
    specialties = {subject("specialties", slug).title for slug in SPECIALTY_PAGES}
    assert chapters | specialties | {"Glossary", "References", "Notes"} < {title for title, _ in marks}
    # The page of plates has a heading for those who hear it; everybody else sees six drawings.
    unseen = next(chapter["caption"] for chapter in BOOKLET["chapter"] if chapter["kind"] == "specialties")
    for title, page in marks:
        assert title == unseen or squeezed(title) in squeezed(pages[page].text()), f"{title} is not on page {page + 1}"
    assert [page for _, page in marks] == sorted(page for _, page in marks)
    assert set(openers(booklet).values()) <= {page for _, page in marks}


def test_the_contents_name_the_pages_that_readers_find(booklet: Path) -> None:
    pdf, pages = paper.opened(booklet), paper.read(booklet)
    at = next(number for number, page in enumerate(pages) if "Contents" in page.text(28))
    entries = [link for link in paper.links(pdf) if link.page == at]
    assert [link.name for link in entries] == sorted(openers(booklet), key=openers(booklet).get)
    assert len(entries) == len(BOOKLET["chapter"]) + len(SPECIALTY_PAGES)
    for link in entries:
        left, low, right, high = link.box
        line = [char for char in pages[at].printed if left <= char.left <= right and low <= char.bottom <= high]
        text = "".join(char.text for char in line)
        number = re.search(r"\d+$", text)
        assert number, text
        assert number[0] == pdf.pages[link.goal].label == str(link.goal + 1), text
        assert number[0] == link.says.split()[-1]


def inside(page: paper.Page) -> paper.Page:
    """A page without its running head and folio."""
    high = page.height - 0.62 * INCH
    kept = (char for char in page.chars if not char or (char.bottom < high and char.top > 0.6 * INCH))
    return replace(page, chars=tuple(kept))


def folio(page: paper.Page) -> str:
    return "".join(char.text for char in page.printed if char.top < 0.6 * INCH and abs(char.size - 9) < 0.2)


def running_head(page: paper.Page) -> str:
    return "".join(char.text for char in page.printed if char.bottom > page.height - 0.62 * INCH and char.size < 8.5)


def test_pages_carry_their_number_and_openers_no_running_head(booklet: Path) -> None:
    pdf, pages = paper.opened(booklet), paper.read(booklet)
    assert pdf.pages[0].label == "Cover"
    with_head = set()
    for number, page in enumerate(pages):
        head, printed = running_head(page), folio(page)
        assert printed in {"", str(number + 1)} and (not printed or pdf.pages[number].label == printed)
        if head:
            with_head.add(number)
            assert printed
    assert not with_head & set(openers(booklet).values())
    # Only what is bare goes without a number: covers, the six plates, and the page of an imprint.
    assert sum(1 for page in pages if not folio(page)) <= 4
    assert len(with_head) >= 10


def test_left_heads_name_the_booklet_and_right_heads_the_chapter(booklet: Path) -> None:
    titles = {squeezed(title) for title, _ in paper.outline(paper.opened(booklet))}
    for number, page in enumerate(paper.read(booklet)):
        if head := squeezed(running_head(page)):
            assert head == squeezed(BOOKLET["title"]) if number % 2 else head in titles


def test_inner_margins_are_wider_and_mirrored(booklet: Path) -> None:
    """Folios hold the outer edge: left on even pages, right on odd ones, 0.6 in from the trim."""
    for number, page in enumerate(paper.read(booklet), 1):
        low = [char for char in page.printed if char.top < 0.6 * INCH and abs(char.size - 9) < 0.2]
        if low:
            gap = page.width - max(char.right for char in low) if number % 2 else min(char.left for char in low)
            assert gap / INCH == pytest.approx(0.6, abs=0.03)


def test_each_reference_is_printed_once_and_cited(booklet: Path) -> None:
    html = composed("booklet").document.html
    listed = re.findall(r'<li id="source-(\d+)">', html)
    marks = set(re.findall(r'href="#source-(\d+)"', html))
    assert listed == [str(number) for number in range(1, len(listed) + 1)]
    assert marks == set(listed)
    assert set(content.load_references(PROJECT)) >= {facts()[name].source for name in composed("booklet").facts}
    text = squeezed("".join(inside(page).text(7.9, 8.3) for page in paper.read(booklet)))
    for name, said in composed("booklet").document.link_texts.items():
        words = squeezed(said.partition(": ")[2])
        assert text.count(words) == 1, name
    named = {link.name for link in paper.links(paper.opened(booklet)) if link.name.startswith("source-")}
    assert named == {f"source-{number}" for number in listed}


def test_the_comparison_holds_the_facts_values(booklet: Path) -> None:
    pages, first = paper.read(booklet), openers(booklet)["compare"]
    after = min(page for page in openers(booklet).values() if page > first)
    text = squeezed("".join(page.text() for page in pages[first:after]))
    chapter = next(one for one in BOOKLET["chapter"] if one["kind"] == "compare")
    charts = content.load_charts(PROJECT)
    for name in chapter["charts"]:
        assert squeezed(charts[name].title) in text
        rows, log = charts[name].rows, charts[name].scale == "log"
        shown = ["none" if log and row.none else f"{row.bound}{facts()[row.fact].shown_large}" for row in rows]
        # The dots of a log chart are painted after its labels, so they stand in a run of their own.
        said = [f"{row.label}{value}" for row, value in zip(rows, shown, strict=True) if not log or row.none]
        dots = [value for row, value in zip(rows, shown, strict=True) if log and not row.none]
        for words in (*said, "".join(dots), *(row.label for row in rows)):
            assert squeezed(words) in text, words
    for slug in SPECIALTY_PAGES:
        front = subject("specialties", slug).front
        shown = [facts()[item.fact].shown_large for item in front.glance]
        star = "*" if front.note else ""
        row = f"{front.title}{shown[0]}{star}{shown[1]}{star}{shown[2]}{shown[3]}"
        assert squeezed(row) in text, row
