"""Stamping: what an edition adds to its master, and what it leaves out; masters as bytes; painted operators."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tickets import EVENT, edition, product, ticket
from trades import change

from handouts.editions.masters import Press, Refusal, prepare
from handouts.job import Edition
from handouts.preflight.annotations import notes
from handouts.preflight.evidence import Printed
from handouts.stamping.master import Master, load
from handouts.stamping.painting import code_box, ink_of, number
from handouts.stamping.stamp import edition_key, text_string, values_of

FULL = {
    "unit": "Office of Counseling",
    "phone": "+1 (555) 010-0199",
    "email": "first.last@pena.example.org",
    "address": "1200½ St. Mary’s Road",
    "color": "#5b1a3f",
    "accent": "#0d4b45",
}
TEXTS = ("unit", "phone", "email", "address", "event")
ONE_LINE = "https://pena.example.org/visit"
TWO_LINES = "https://www.fenbridge.example.edu/health-careers/programs/tours-and-visits"
THREE_LINES = "https://careers.office-of-admissions.fenbridge.example.edu/health-careers/programs/2030/tours/apply.html"
REVISION = re.compile(r"\b[0-9a-f]{4}-[0-9a-f]{4}\b")
quietly = settings(derandomize=True, deadline=None, max_examples=150)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tickets of a project that has no event of its own, and whose brand says nothing."""
    found = ticket(tmp_path_factory.mktemp("stamp"), brand='organization = ""\n')
    settings_file = (found / "handouts.toml").read_text("utf-8")
    change(found, "handouts.toml", settings_file[settings_file.index("[event]") :].split("\n\n")[0], "")
    return found


@pytest.fixture(scope="module")
def press(root: Path) -> Press:
    made = prepare(product(root, wanted()))
    assert made.reason == ""
    return made


@pytest.fixture(scope="module")
def master(press: Press) -> Master:
    return press.kept.master


def wanted(*without: str, url: str = ONE_LINE, **other: str) -> Edition:
    """An edition that says all but these."""
    values = {"call_to_action": "Ask us", **FULL, **other, "url": url}
    made = edition(**{name: "" if name in without else text for name, text in values.items()})
    return replace(made, event=() if "event" in without else EVENT)


def stamped(press: Press, made: Edition) -> bytes:
    found = press.stamp(made)
    assert not isinstance(found, Refusal), found
    return found.pdf


def tags(pdf: bytes) -> list[tuple[str, str]]:
    """The elements of a tree but its root, each with its text; revisions, which differ, are told as "-"."""
    printed = Printed("stamped.pdf", pdf)
    found = [(element.tag, " ".join(printed.passages.text(element).split())) for element in printed.tags.elements]
    return [(tag, REVISION.sub("-", text)) for tag, text in found if tag != "Document"]


def elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every element of the tree, from its root."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            yield one
            waiting.append(one.get("/K", pikepdf.Array()))


@pytest.mark.parametrize("without", [*((name,) for name in (*TEXTS, "call_to_action")), (*TEXTS, "call_to_action")])
def test_a_missing_text_leaves_no_trace_in_the_tree(press: Press, without: tuple[str, ...]) -> None:
    """Its element is gone, and no other holds nothing; the rest stands as it stood."""
    whole, part = (stamped(press, made) for made in (wanted(), wanted(*without)))
    values = press.values(wanted())
    gone = [" ".join(values[name].split()) for name in without]
    kept = [(tag, text) for tag, text in tags(whole) if text not in gone]
    assert len(tags(whole)) - len(kept) == len(without)
    assert tags(part) == kept
    with pikepdf.open(BytesIO(part)) as document:
        assert all(len(one.K) if isinstance(one.K, pikepdf.Array) else True for one in elements(document))
        reached = {one.objgen for one in elements(document)}
        owners = document.Root.StructTreeRoot.ParentTree.Nums[1]
        assert {one.objgen for one in owners if isinstance(one, pikepdf.Dictionary)} <= reached


def test_every_owner_of_marked_content_is_owned_by_it(press: Press) -> None:
    """The parent tree and the elements' kids say the same, line by line, whatever the number of lines."""
    made = wanted(url=TWO_LINES, organization="The Very Long Named Northern College of Peña and Fenbridge")
    with pikepdf.open(BytesIO(stamped(press, made))) as document:
        (page,) = document.pages
        painted = {
            int(operands[1].MCID)
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "BDC" and "/MCID" in operands[1]
        }
        nums = document.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(key): value for key, value in zip(list(nums)[::2], list(nums)[1::2], strict=True)}
        tree = owners[int(page.StructParents)]
        owned: dict[int, tuple[int, int]] = {}
        for one in elements(document):
            kids = one.K if isinstance(one.K, pikepdf.Array) else [one.K]
            for kid in kids:
                if not isinstance(kid, pikepdf.Object):
                    assert int(kid) not in owned
                    owned[int(kid)] = one.objgen
                elif kid.get("/Type") == "/OBJR":
                    assert owners[int(kid.Obj.StructParent)].objgen == one.objgen
    assert painted == owned.keys()
    assert {place: one.objgen for place, one in enumerate(tree) if one is not None} == owned
    assert sum(value == owned[max(owned)] for value in owned.values()) == 2


@pytest.mark.parametrize(("url", "count"), [(ONE_LINE, 1), (TWO_LINES, 2)])
def test_a_link_has_an_annotation_for_each_line(press: Press, url: str, count: int) -> None:
    printed = Printed("stamped.pdf", stamped(press, wanted(url=url)))
    found = [note for note in notes(printed) if url in str(note.entries.get("/A"))]
    assert len(found) == count
    said = {note.contents for note in found}
    assert len(said) == 1
    assert said.pop().replace(" ", "") == re.sub("^https://(www.)?", "", url)
    ends = [note.box for note in found]
    for upper, lower in pairwise(ends):
        assert upper[3] == pytest.approx(lower[1], abs=0.01)
        assert upper[0] == lower[0]
    assert all(right - left > 60 and bottom - top == pytest.approx(12.0) for left, top, right, bottom in ends)
    (link,) = [one for one in printed.tags.elements if one.tag == "Link" and "example" in printed.passages.text(one)]
    assert sum(type(kid).__name__ == "Annotation" for kid in link.kids) == count


def test_a_link_of_three_lines_is_left_to_the_engine(press: Press) -> None:
    assert press.stamp(wanted(url=THREE_LINES)) == Refusal("only a layout can set the url")


def test_every_reader_opens_what_is_added(press: Press, master: Master) -> None:
    for made in (wanted(), wanted(*TEXTS, "call_to_action"), wanted(url=TWO_LINES)):
        pdf = stamped(press, made)
        assert pdf.startswith(master.base)
        with pikepdf.open(BytesIO(pdf)) as document:
            assert document.check_pdf_syntax() == []
            assert len(document.pages) == master.page_count
            assert int(document.trailer.Size) > master.size
        with pypdfium2.PdfDocument(pdf) as document:
            text = "".join(page.get_textpage().get_text_range() for page in document)
        assert "Peña College" in text
        assert "Zq" not in text and "zqslot" not in text


def test_files_are_named_by_what_is_in_them(press: Press) -> None:
    marks = []
    for made in (wanted(), wanted(phone="+1 (555) 010-0198"), wanted(color="#203a7c"), wanted("event"), wanted()):
        with pikepdf.open(BytesIO(stamped(press, made))) as document:
            marks.append(tuple(bytes(part).hex() for part in document.trailer.ID))
        assert "".join(marks[-1]) == press.key(made)
    assert marks[0] == marks[4]
    assert len(set(marks)) == 4


def test_what_is_told_of_the_file_is_that_of_a_full_layout(press: Press, root: Path) -> None:
    """Title and producer, and no date, in the document information and in XMP; and the key near the end."""
    made = wanted()
    found = press.stamp(made)
    result = press.build(replace(product(root, made), edition=made))
    full = Path(result.job.output, result.file).read_bytes()
    told = []
    for pdf, state in ((found.pdf, "fast"), (full, "full")):
        with pikepdf.open(BytesIO(pdf)) as document:
            info = {key: str(value) for key, value in document.docinfo.items()}
            metadata = document.Root.Metadata.read_bytes()
        entry = f"{press.key(made)} {state} {found.pages} {found.revision}"
        assert info.pop("/HandoutsEdition") == entry
        assert f"/HandoutsEdition ({entry})".encode() in pdf[-4096:]
        info.pop("/HandoutsFit", "")
        told.append((info, metadata))
    assert told[0] == told[1]
    info, metadata = told[0]
    assert info["/Title"] in metadata.decode()
    assert "Date" not in str(info) + metadata.decode()


def test_the_palette_holds_the_colors_of_the_edition(press: Press) -> None:
    for color, accent in (("#5b1a3f", "#0d4b45"), ("#203a7c", "#7a1f1f")):
        with pikepdf.open(BytesIO(stamped(press, wanted(color=color, accent=accent)))) as document:
            kind, _, most, table = document.pages[0].Resources.ColorSpace["/Brand"]
        colors = [bytes(table)[at : at + 3].hex() for at in range(0, len(bytes(table)), 3)]
        assert (str(kind), most) == ("/Indexed", len(colors) - 1)
        assert {color[1:], accent[1:]} <= set(colors)


def test_a_master_is_read_as_it_was_written(master: Master) -> None:
    again = load(master.dump())
    assert again == master
    assert again.dump() == master.dump()
    assert again.digest == master.digest == hashlib.sha256(master.dump()).hexdigest()
    assert list(again.colors) == list(master.colors)
    assert replace(master, address="https://other.example.org").digest != master.digest


def test_what_is_no_master_is_refused(master: Master) -> None:
    data = master.dump()
    magic, head, base = data.split(b"\n", 2)
    assert load(b"\n".join([magic, head, base])) == master
    odd = ({"codes": [3]}, {"pages": [None]}, {"stacks": [{}]}, {"glyphs": []}, {"spots": None})
    for damaged in (
        b"",
        b"\n\n",
        base,
        data[1:],
        data[: len(magic) + len(head) // 2],
        b"\n".join([magic[:-1] + b"0", head, base]),
        b"\n".join([magic[:-1] + b"10", head, base]),
        *(b"\n".join([magic, other, base]) for other in (b"[]", b"null", b"7", b"{}", b"\xff", b'{"pages": 1}')),
        b"\n".join([magic, head.replace(b'"stacks"', b'"heaps"'), base]),
        b"\n".join([magic, head.replace(b'"mcid"', b'"id"'), base]),
        b"\n".join([magic, head[:-1] + b', "more": 1}', base]),
        *(b"\n".join([magic, json.dumps(json.loads(head) | other).encode(), base]) for other in odd),
    ):
        assert load(damaged) is None, damaged[:80]


def test_an_edition_takes_what_it_does_not_say_from_its_brand() -> None:
    """But an event is one thing: another fair's booth must not stand beside it."""
    texts = {"organization": "Brand", "phone": "1", "event": "Old Fair · Booth 7", "logo": "old"}
    made = Edition("a", (("organization", "Peña"), ("notice", "No.")), (("event", "Fair"), ("booth", "3")))
    assert values_of(texts, made, "new") == {
        "organization": "Peña",
        "phone": "1",
        "event": "Fair\u00a0· 3",
        "logo": "new",
    }
    assert values_of(texts, Edition("a", ()), "") == texts
    assert values_of({"unit": ""}, Edition("a", ()), "") == {}


values = st.dictionaries(st.sampled_from(["organization", "unit", "url", "color"]), st.text(min_size=1, max_size=5))


@quietly
@given(one=values, other=values)
def test_keys_differ_where_values_do(one: dict[str, str], other: dict[str, str]) -> None:
    assert (edition_key("p", one) == edition_key("p", other)) is (one == other)
    assert edition_key("p", one) == edition_key("p", dict(reversed(one.items()))) != edition_key("q", one)


@quietly
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20) | st.text("()\\ab", max_size=9))
def test_text_strings_are_read_as_they_were_meant(text: str) -> None:
    assert str(pikepdf.Object.parse(text_string(text).encode("latin-1"))) == text


@quietly
@given(st.floats(-100_000, 100_000))
def test_numbers_are_written_as_pdf_has_them(value: float) -> None:
    written = number(value).decode()
    assert re.fullmatch(r"-?\d+(\.\d{1,6})?", written)
    assert float(written) == pytest.approx(value, abs=5e-7)


def test_inks_are_those_of_style_sheets() -> None:
    assert ink_of("#ff8000") == (1.0, 0.501961, 0.0)


def test_a_code_is_told_with_its_quiet_zone(master: Master) -> None:
    """Four modules on each side, in points from the lower left corner."""
    (code,) = master.codes
    spot = replace(master.spots[code.spot], left=100.0, top=200.0, width=100.0, height=100.0)
    assert code_box(spot, 25, 504.0) == "63.000 267.000 162.000 366.000"
