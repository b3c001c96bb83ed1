"""PDFs that are added to: whatever is put is read back as it was put, and all else as it was."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, ObjectStreamMode

from handouts.finishing.memory import sign
from handouts.updating import FAST, FULL, Growing, entry_of, updated

MARKS = ("0123456789abcdef" * 2, "fedcba9876543210" * 2)
KEY = "5eed" * 16
OLD = 6  # objects that the base has beside its catalog, information, tree and page
# How far from its end a PDF is searched for the edition that it is.
END = 4096
quietly = settings(derandomize=True, deadline=None, max_examples=60)


def based() -> bytes:
    """A PDF with a page, and with streams and dictionaries within reach of its catalog, as it is saved for masters."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 100))
        kept = [
            document.make_stream(b"trailer startxref 7 %%EOF endstream endobj " * number)
            if number % 2
            else document.make_indirect(Dictionary(Number=number, Text=pikepdf.String("Peña (" * number)))
            for number in range(OLD)
        ]
        document.Root.Kept = Array(kept)
        document.docinfo["/Title"] = pikepdf.String("before")
        document.save(out := BytesIO(), deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    return out.getvalue()


BASE = based()


def content(obj: pikepdf.Object) -> tuple[bytes, bytes]:
    """An object as it is read: its source, or a stream's dictionary and data."""
    if isinstance(obj, pikepdf.Stream):
        return Dictionary(dict(obj.items())).unparse(), obj.read_raw_bytes()
    return obj.unparse(resolved=True), b""


def every(pdf: bytes) -> dict[int, tuple[bytes, bytes]]:
    """The objects of a PDF by number, but those that hold others or tell where they are."""
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.check_pdf_syntax() == []
        read = {obj.objgen[0]: obj for obj in document.objects if isinstance(obj, pikepdf.Object) and obj.objgen[0]}
        return {
            number: content(obj)
            for number, obj in read.items()
            if not (isinstance(obj, pikepdf.Stream) and obj.get("/Type") in (Name.XRef, Name.ObjStm))
        }


def numbers(pdf: bytes) -> dict[str, int]:
    with pikepdf.open(BytesIO(pdf)) as document:
        trailer = document.trailer
        return {"size": int(trailer.Size), "root": trailer.Root.objgen[0], "info": trailer.Info.objgen[0]}


def opens(pdf: bytes) -> None:
    """Another reader finds its way too, and the cross-reference names objects in their order, as ISO 32000 asks."""
    *_, index = re.findall(rb"/Index \[ ([\d ]+) \]", pdf)
    runs = [*map(int, index.split())]
    ends = [first + count for first, count in zip(runs[::2], runs[1::2], strict=True)]
    assert all(end < first for end, first in zip(ends, runs[2::2], strict=False)), runs
    with pypdfium2.PdfDocument(pdf) as document:
        assert [page.get_size() for page in document] == [(200, 100)]


texts = st.binary(max_size=60) | st.sampled_from([b"endobj\n", b"startxref\n0\n%%EOF\n", b"\nendstream\nendobj\n"])
streams = st.tuples(st.just("stream"), texts)
records = st.tuples(st.just("record"), st.integers(-(2**31), 2**31 - 1))


def source(kind: str, value: bytes | int) -> bytes:
    if kind == "stream":
        return b"<< /Made true /Length %d >>\nstream\n%s\nendstream" % (len(value), value)
    return b"<< /Made true /Number %d >>" % value


def expected(kind: str, value: bytes | int) -> tuple[bytes, bytes]:
    if kind == "stream":
        return Dictionary(Made=True, Length=len(value)).unparse(), value
    return Dictionary(Made=True, Number=value).unparse(), b""


@quietly
@given(
    replaced=st.dictionaries(st.integers(0, OLD - 1), streams | records),
    added=st.dictionaries(st.integers(0, 30), streams | records),
)
def test_what_is_put_is_read_back_and_nothing_else_changes(replaced: dict, added: dict) -> None:
    """Numbers that nobody uses stay free between others."""
    known = numbers(BASE)
    with pikepdf.open(BytesIO(BASE)) as document:
        kept = [obj.objgen[0] for obj in document.Root.Kept]
    before = every(BASE)
    put = {kept[place]: one for place, one in replaced.items()}
    put |= {known["size"] + place: one for place, one in added.items()}
    objects = {number: source(*one) for number, one in put.items()}
    objects[known["info"]] = b"<< /Title (after) >>"
    size = 1 + max(known["size"] - 1, *objects)
    made = updated(BASE, objects, **{**known, "size": size}, marks=MARKS)
    assert made.startswith(BASE)
    after = every(made)
    assert {number: after[number] for number in put} == {number: expected(*one) for number, one in put.items()}
    untouched = before.keys() - objects.keys()
    assert {number: after[number] for number in untouched} == {number: before[number] for number in untouched}
    assert {number for number in after.keys() - before.keys() - put.keys() if after[number][0] != b"null"} == set()
    with pikepdf.open(BytesIO(made)) as document:
        assert str(document.docinfo.Title) == "after"
        assert document.trailer.Root.objgen[0] == known["root"]
        assert [bytes(part).hex() for part in document.trailer.ID] == list(MARKS)
        assert int(document.trailer.Size) == size + 1
    opens(made)


@quietly
@given(rounds=st.lists(st.dictionaries(st.integers(0, OLD - 1), records, min_size=1), min_size=2, max_size=4))
def test_updates_upon_updates(rounds: list[dict]) -> None:
    """The last word counts."""
    with pikepdf.open(BytesIO(BASE)) as document:
        kept = [obj.objgen[0] for obj in document.Root.Kept]
    made, last = BASE, {}
    for written in rounds:
        put = {kept[place]: one for place, one in written.items()}
        last |= put
        known = numbers(made)
        objects = {number: source(*one) for number, one in put.items()}
        made = updated(made, {**objects, known["info"]: b"<< >>"}, **known, marks=MARKS)
    after = every(made)
    assert {number: after[number] for number in last} == {number: expected(*one) for number, one in last.items()}
    opens(made)


def test_the_information_stands_last() -> None:
    known = numbers(BASE)
    objects = {known["info"]: b"<< /Title (here) >>", known["size"]: b"<< /A (%s) >>" % (b"x" * 9000)}
    made = updated(BASE, objects, **{**known, "size": known["size"] + 1}, marks=MARKS)
    assert b"/Title (here)" in made[-400:]


@quietly
@given(
    order=st.permutations(range(12)),
    holes=st.sets(st.integers(0, 11), max_size=6),
    one=streams | records,
)
def test_a_growing_pdf_holds_what_was_put_in_any_order(order: list[int], holes: set[int], one: tuple) -> None:
    """Numbers may be given away and be used later, or never."""
    known = numbers(BASE)
    before = every(BASE)
    file = Growing(out := BytesIO(), BASE, known["size"])
    given_away = [file.reserve() for _ in order]
    assert given_away == list(range(known["size"], known["size"] + 12))
    put = {}
    for place in order:
        if place not in holes:
            put[given_away[place]] = one
            if one[0] == "stream":
                file.stream(given_away[place], "/Made true ", one[1])
            else:
                file.put(given_away[place], source(*one).decode("latin-1"))
    text = file.add("<< /Text (\xf1) >>")
    file.put(known["info"], b"<< /Title (grown) >>")
    file.finish(known["root"], known["info"])
    made = out.getvalue()
    after = every(made)
    assert {number: after[number] for number in put} == {number: expected(*one) for number in put}
    assert after[text] == (Dictionary(Text=pikepdf.String("ñ")).unparse(), b"")
    for number in before.keys() - {known["info"]}:
        assert after[number] == before[number]
    opens(made)


def test_a_growing_pdf_is_named_by_its_bytes() -> None:
    marks = set()
    for title in (b"one", b"two", b"one"):
        known = numbers(BASE)
        file = Growing(out := BytesIO(), BASE, known["size"])
        file.put(known["info"], b"<< /Title (%s) >>" % title)
        file.finish(known["root"], known["info"])
        with pikepdf.open(BytesIO(out.getvalue())) as document:
            marks.add(tuple(bytes(part) for part in document.trailer.ID))
    assert len(marks) == 2


@pytest.mark.parametrize("state", [FAST, FULL])
def test_the_entry_of_an_edition_is_read_at_the_end_of_its_file(state: str) -> None:
    """In plain letters, whether the edition was stamped, or laid out and then signed; and by whoever opens the PDF."""
    entry = entry_of(KEY, state, 2, "1a2b-3c4d")
    known = numbers(BASE)
    if state == FAST:
        made = updated(BASE, {known["info"]: f"<< {entry} /Title (before) >>".encode()}, **known, marks=MARKS)
    else:
        made = sign(BASE, entry)
    assert re.findall(rb"/HandoutsEdition \((\w+) (\w+) (\d+) (\S+)\)", made[-END:]) == [
        (KEY.encode(), state.encode(), b"2", b"1a2b-3c4d")
    ]
    with pikepdf.open(BytesIO(made)) as document:
        assert document.check_pdf_syntax() == []
        assert str(document.docinfo["/HandoutsEdition"]) == f"{KEY} {state} 2 1a2b-3c4d"
        assert str(document.docinfo["/Title"]) == "before"


def test_signing_keeps_the_name_of_the_file() -> None:
    """Its /ID is a hash of what was laid out."""
    with pikepdf.open(BytesIO(BASE)) as document:
        before = [bytes(part) for part in document.trailer.ID]
    with pikepdf.open(BytesIO(sign(BASE, entry_of(KEY, FULL, 1, "-")))) as document:
        assert [bytes(part) for part in document.trailer.ID] == before
