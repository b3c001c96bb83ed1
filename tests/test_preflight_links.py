"""Bookmarks and links: each that leads nowhere is told, and none that leads somewhere."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from sheets import SENTENCE, edited, ids, judged, notes, sheet

from handouts.preflight.links import wrong_address

Edit = Callable[[pikepdf.Pdf], object]


def leads(**entries: object) -> Edit:
    """The first link leads elsewhere."""

    def edit(pdf: pikepdf.Pdf) -> None:
        note = notes(pdf)[0]
        for key in ("/A", "/Dest"):
            if key in note:
                del note[key]
        for key, value in entries.items():
            note["/" + key] = value(pdf) if callable(value) else value

    return edit


def to(address: str) -> Edit:
    return leads(A=Dictionary(S=Name.URI, URI=String(address)))


def bookmark(**entries: object) -> Edit:
    """The first bookmark leads elsewhere."""

    def edit(pdf: pikepdf.Pdf) -> None:
        item = pdf.Root.Outlines.First
        for key in ("/A", "/Dest"):
            if key in item:
                del item[key]
        for key, value in entries.items():
            item["/" + key] = value

    return edit


def gone(pdf: pikepdf.Pdf) -> object:
    """A page that has been taken out of the file, as editors do it: what leads to it stays."""
    return Array([pdf.make_indirect(Dictionary(Type=Name.Page)), Name.Fit])


BROKEN: dict[str, tuple[Edit, str, str]] = {
    "no address": (to(" "), "link-broken", "a link leads to an empty address"),
    "no website": (to("http://"), "link-broken", '"http://", which names no website'),
    "a blank in it": (to("https://example.org/my bees"), "link-broken", "signs that no address may have"),
    "a script": (to("javascript:alert(1)"), "link-broken", "no address"),
    "a file": (to("file:///C:/bees.html"), "link-broken", "works on no computer but the author's"),
    "a path": (to("C:\\bees\\year.pdf"), "link-broken", "a place on one computer and no web address"),
    "a relative address": (to("year.html"), "link-broken", "a place on one computer and no web address"),
    "the author's own computer": (to("http://localhost:8000/"), "link-broken", "no website that others can reach"),
    "no mail address": (to("mailto:keepers"), "link-broken", "no mail address"),
    "nothing": (leads(), "link-broken", "a link leads to nothing"),
    "a name that is not there": (leads(Dest=String("spring")), "link-broken", 'does not exist: "spring"'),
    "an old name that is not there": (
        leads(A=Dictionary(S=Name.GoTo, D=Name.Spring)),
        "link-broken",
        'does not exist: "Spring"',
    ),
    "a page that is gone": (leads(Dest=gone), "link-broken", "a page that is not in the PDF"),
    "a page too many": (leads(Dest=Array([7, Name.Fit])), "link-broken", "leads to page 8, and there are 1"),
    "no place": (leads(Dest=Array([])), "link-broken", "a place that is none"),
    "a bookmark to a name that is not there": (
        bookmark(Dest=String("spring")),
        "bookmark-broken",
        "the bookmark “Bees” leads to a place that does not exist",
    ),
    "a bookmark to no page": (bookmark(A=Dictionary(S=Name.GoTo, D=Array([9]))), "bookmark-broken", "page 10"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_leads_nowhere_is_told(fault: str) -> None:
    edit, wanted, words = BROKEN[fault]
    (finding,) = judged(edited(sheet(), edit))
    assert (finding.id, finding.severity) == (wanted, "error")
    assert words in finding.message and finding.hint
    if wanted == "link-broken":
        assert finding.page == 1 and len(finding.box) == 4


def named(pdf: pikepdf.Pdf) -> None:
    """A destination by name, in both places where a file may keep them."""
    place = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Dests = Dictionary(Spring=Dictionary(D=place))
    leaf = pdf.make_indirect(Dictionary(Names=Array([String("summer"), place, String("year"), place])))
    pdf.Root.Names = Dictionary(Dests=Dictionary(Kids=Array([leaf, leaf])))
    first, second = notes(pdf)[:2]
    del first["/A"]
    first.Dest = Name.Spring
    second.Dest = String("summer")


SOUND: dict[str, Edit] = {
    "by name": named,
    "a number of a page": leads(Dest=Array([0, Name.Fit])),
    "mail": to("mailto:bees@example.org?subject=Honey"),
    "telephone": to("tel:+1-555-0100"),
    "an address with a port": to("https://user@example.org:8443/a/b.html?c=%20d#e"),
    "another scheme": to("doi:10.1000/182"),
    "a base for relative ones": lambda pdf: (
        to("year.html")(pdf),
        pdf.Root.__setitem__("/URI", Dictionary(Base=String("https://example.org/"))),
    ),
    "the next page": leads(A=Dictionary(S=Name.Named, N=Name.NextPage)),
    "a bookmark that gathers others": bookmark(),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_leads_somewhere_is_let_be(case: str) -> None:
    assert judged(edited(sheet(), SOUND[case])) == []


def test_bookmarks_in_a_loop_are_met_once() -> None:
    def tie(pdf: pikepdf.Pdf) -> None:
        item = pdf.Root.Outlines.First
        item.Next = item
        item.First = item
        item.Dest = String("spring")

    assert ids(edited(sheet(), tie)) == ["bookmark-broken"]


def test_a_long_file_wants_bookmarks() -> None:
    pages = "".join(f'<p style="break-before: page">{SENTENCE}</p>' for _ in range(20))
    long = sheet(f"<h1>Bees</h1>{pages}")
    assert ids(long) == []
    (finding,) = judged(edited(long, lambda pdf: pdf.Root.__delitem__("/Outlines")))
    assert (finding.id, finding.severity) == ("bookmarks-missing", "warning")
    assert finding.message == "has 21 pages and no bookmarks to find a chapter by"
    assert ids(edited(sheet(), lambda pdf: pdf.Root.__delitem__("/Outlines"))) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://www.example.co.uk:80/a?b=c&d=e#f",
        "https://[2001:db8::1]/",
        "HTTPS://EXAMPLE.ORG/",
        "ftp://example.org/bees.txt",
        "https://example.org/caf%C3%A9",
        "https://büro.example/",
        "mailto:a.b@example.org",
        "sms:+15550100",
    ],
)
def test_a_whole_address_is_one(address: str) -> None:
    assert wrong_address(address) == ""


@pytest.mark.parametrize("address", ["", "https:///bees", "http:example.org", "https://intranet/", "tel:none", "#year"])
def test_half_an_address_is_none(address: str) -> None:
    assert wrong_address(address) != ""
