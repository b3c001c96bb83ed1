"""Tags, language, title, descriptions, headings, tables, links, order: each fault is told by its own id alone."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
import sheets
from pikepdf import Array, Dictionary, Name, String
from sheets import BODY, SENTENCE, edited, elements, ids, judged, notes, read, sheet

Edit = Callable[[pikepdf.Pdf], object]


def first(pdf: pikepdf.Pdf, tag: str) -> pikepdf.Object:
    return next(elements(pdf, tag))


def without(key: str) -> Edit:
    return lambda pdf: pdf.Root.__delitem__(key)


def put(key: str, value: object) -> Edit:
    return lambda pdf: pdf.Root.__setitem__(key, value)


def nameless(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Metadata"]
    del pdf.docinfo["/Title"]


def titled(title: str) -> Edit:
    return lambda pdf: pdf.docinfo.__setitem__("/Title", String(title))


def loose_text(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources.Font["/Loose"] = font
    page.contents_add(pdf.make_stream(b"q BT /Loose 9 Tf 40 40 Td (left out) Tj ET Q"))


def artifact_text(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    page.obj.Resources.Font["/Loose"] = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.contents_add(pdf.make_stream(b"/Artifact BMC q BT /Loose 9 Tf 40 40 Td (decoration) Tj ET Q EMC"))


def artifact_form(pdf: pikepdf.Pdf) -> None:
    """Text in a form that is painted as an artifact, as letterheads are."""
    page = pdf.pages[0]
    form = pdf.make_stream(b"BT /Loose 9 Tf 40 40 Td (letterhead) Tj ET")
    fonts = Dictionary(Loose=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    form.stream_dict = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 300, 300]), Resources=Dictionary(Font=fonts)
    )
    if "/XObject" not in page.obj.Resources:
        page.obj.Resources.XObject = Dictionary()
    page.obj.Resources.XObject["/Head"] = form
    page.contents_add(pdf.make_stream(b"/Artifact <</Type /Pagination>> BDC /Head Do EMC"))


def untagged_paragraph(pdf: pikepdf.Pdf) -> None:
    del list(elements(pdf, "LBody"))[-1]["/K"]


def mapped(pdf: pikepdf.Pdf) -> None:
    """Tags of a program's own that stand for headings, by two steps and with a loop beside."""
    first(pdf, "H1").S = Name.Headline
    pdf.Root.StructTreeRoot.RoleMap = Dictionary(
        Headline=Name.Title1, Title1=Name.H1, Loop=Name.Other, Other=Name.Loop
    )


def scopeless(pdf: pikepdf.Pdf) -> None:
    for cell in elements(pdf, "TH"):
        del cell["/A"]


def by_headers(pdf: pikepdf.Pdf) -> None:
    scopeless(pdf)
    heads = list(elements(pdf, "TH"))
    for number, cell in enumerate(heads):
        cell.ID = String(f"head{number}")
    for number, cell in enumerate(elements(pdf, "TD")):
        cell.A = Dictionary(O=Name.Table, Headers=Array([String(f"head{number % 2}")]))


def headless(pdf: pikepdf.Pdf) -> None:
    for cell in list(elements(pdf, "TH")):
        cell.S = Name.TD


def all_headings(tag: str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        for element in list(elements(pdf)):
            if str(element.S) in ("/H1", "/H2"):
                element.S = Name("/" + tag)

    return edit


def described(words: str) -> Edit:
    return lambda pdf: notes(pdf)[0].__setitem__("/Contents", String(words))


def loose_link(pdf: pikepdf.Pdf) -> None:
    link = first(pdf, "Link")
    link.K = Array([kid for kid in link.K if isinstance(kid, int)])


def swapped(pdf: pikepdf.Pdf) -> None:
    """The first paragraph is read after the second."""
    (document,) = pdf.Root.StructTreeRoot.K
    kids = list(document.K)
    kids[1], kids[2] = kids[2], kids[1]
    document.K = Array(kids)


FAULTS: dict[str, tuple[Edit, list[tuple[str, str, str]]]] = {
    "no tags": (without("/StructTreeRoot"), [("tags-missing", "error", "has no tags")]),
    "tags switched off": (
        put("/MarkInfo", Dictionary(Marked=False)),
        [("tags-missing", "error", "has tags, but does not say that they are to be used (MarkInfo/Marked is off)")],
    ),
    "no language": (without("/Lang"), [("language-missing", "error", "does not say which language it is in")]),
    "no real language": (put("/Lang", String("English (US)")), [("language-missing", "error", '"English (US)"')]),
    "no title": (nameless, [("title-missing", "error", "has no title")]),
    "a file's name for a title": (
        titled("Microsoft Word - bees final.docx"),
        [("title-missing", "warning", 'only the name of a file: "Microsoft Word - bees final.docx"')],
    ),
    "title not shown": (without("/ViewerPreferences"), [("title-missing", "error", "DisplayDocTitle is off")]),
    "text beside the tags": (loose_text, [("content-untagged", "error", "2 words would be left out")]),
    "a paragraph outside the tags": (
        untagged_paragraph,
        [("content-untagged", "error", "2 words would be left out when the page is read aloud: “A smoker”")],
    ),
    "no alternative text": (
        lambda pdf: first(pdf, "Figure").__delitem__("/Alt"),
        [("alt-missing", "error", "1 picture without words for who cannot see it")],
    ),
    "blank alternative text": (
        lambda pdf: first(pdf, "Figure").__setitem__("/Alt", String("  ")),
        [("alt-missing", "error", "1 picture without words")],
    ),
    "a file's name for a picture": (
        lambda pdf: first(pdf, "Figure").__setitem__("/Alt", String("hive-2.PNG")),
        [("alt-missing", "warning", "1 picture described by the name of a file")],
    ),
    "first heading of level 2": (
        lambda pdf: first(pdf, "H1").__setitem__("/S", Name.H2),
        [("heading-order", "error", "the first heading is of level 2: “Bees”")],
    ),
    "a level skipped": (
        lambda pdf: first(pdf, "H2").__setitem__("/S", Name.H3),
        [("heading-order", "error", "a heading of level 3 follows one of level 1: “Through the year”")],
    ),
    "a table without heads": (headless, [("table-headers", "error", "a table of 6 cells has no header cells")]),
    "heads without scope": (scopeless, [("table-headers", "error", "2 header cells of a table without a word")]),
    "a silent link": (
        lambda pdf: notes(pdf)[0].__delitem__("/Contents"),
        [("link-text", "error", "1 link without a description (Contents)")],
    ),
    "a vague link": (described("Click here!"), [("link-text", "error", "tells nothing, such as “here”")]),
    "a spelled link": (
        described("https://example.org/bees?year=2026"),
        [("link-text", "warning", "1 link described by an address, which is read out in place of the words")],
    ),
    "a link outside the tags": (loose_link, [("link-text", "error", "2 links that the tags do not reach")]),
    "paragraphs in the wrong order": (swapped, [("reading-order", "warning", "which stands below it")]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_by_its_own_id(fault: str) -> None:
    edit, wanted = FAULTS[fault]
    found = judged(edited(sheet(), edit))
    assert [(one.id, one.severity) for one in found] == [(one, severity) for one, severity, _ in wanted]
    for finding, (_, _, words) in zip(found, wanted, strict=True):
        assert words in finding.message and finding.hint
        assert finding.file == "bees.pdf"


SOUND: dict[str, Edit] = {
    "as it is": lambda pdf: None,
    "text of an artifact": artifact_text,
    "a form painted as an artifact": artifact_form,
    "tags by a role map": mapped,
    "heads found by their ids": by_headers,
    "headings of no level": all_headings("H"),
    "a title in its metadata alone": lambda pdf: pdf.docinfo.__delitem__("/Title"),
    "a figure that is read as text": lambda pdf: (
        first(pdf, "Figure").__delitem__("/Alt"),
        first(pdf, "Figure").__setitem__("/ActualText", String("H")),
    ),
    "another language": put("/Lang", String("es-419")),
    "a hidden link": lambda pdf: (
        notes(pdf)[0].__delitem__("/Contents"),
        notes(pdf)[0].__setitem__("/F", 2),
    ),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_right_is_let_be(case: str) -> None:
    assert judged(edited(sheet(), SOUND[case])) == []


def test_two_pages_without_a_heading_are_hard_to_find_ones_way_in() -> None:
    body = f'<p>{SENTENCE}</p><p style="break-before: page">{SENTENCE}</p>'
    (finding,) = judged(sheet(body))
    assert (finding.id, finding.severity) == ("heading-order", "warning")
    assert finding.message == "has 2 pages and no heading, so nobody can jump from part to part"
    assert ids(sheet(f"<p>{SENTENCE}</p>")) == []


def test_pages_are_read_in_their_order() -> None:
    body = f'<h1>Bees</h1><p>{SENTENCE}</p><p style="break-before: page">Last of all</p>'

    def turn(pdf: pikepdf.Pdf) -> None:
        (document,) = pdf.Root.StructTreeRoot.K
        document.K = Array([document.K[0], document.K[2], document.K[1]])

    assert ids(sheet(body)) == []
    (finding,) = judged(edited(sheet(body), turn))
    assert (finding.id, finding.page) == ("reading-order", 1)
    assert finding.message.endswith("is read aloud after text of page 2")


def test_columns_and_notes_are_no_jumps() -> None:
    columns = f'<h1>Bees</h1><div style="columns: 2; column-fill: auto; height: 50mm">{f"<p>{SENTENCE}</p>" * 4}</div>'
    table = "".join(f"<tr><th scope='row'>{n}</th><td>{SENTENCE * n}</td><td>{n}</td></tr>" for n in (1, 2, 3))
    assert ids(sheet(f"{columns}<p>{SENTENCE}</p><table>{table}</table><p>End</p>", "p { break-inside: avoid }")) == []


def test_a_place_is_told_in_points_of_the_trimmed_page() -> None:
    (finding,) = judged(edited(sheet(), FAULTS["a level skipped"][0]))
    (word, *_) = [word for word in read(sheet()).pages[0].words if word.text == "Through"]
    assert finding.page == 1
    assert finding.box[:2] == pytest.approx(word.box[:2], abs=0.2)


def test_many_alike_are_one_finding_a_page() -> None:
    body = f'<h1>Bees</h1><p>{sheets.DRAWING} {sheets.DRAWING}</p><p style="break-before: page">{sheets.DRAWING}</p>'

    def silence(pdf: pikepdf.Pdf) -> None:
        for figure in elements(pdf, "Figure"):
            del figure["/Alt"]

    found = judged(edited(sheet(body), silence))
    assert [(one.id, one.page, one.message.split()[0]) for one in found] == [
        ("alt-missing", 1, "2"),
        ("alt-missing", 2, "1"),
    ]


def test_a_file_without_tags_is_not_told_what_follows_from_that() -> None:
    data = edited(sheet(BODY.replace("<h1>", "<h3>")), without("/StructTreeRoot"))
    assert ids(data) == ["tags-missing"]


UNKIND: dict[str, Edit] = {
    "a loop": lambda pdf: first(pdf, "P").__setitem__("/K", pdf.Root.StructTreeRoot.K[0]),
    "an element twice": lambda pdf: pdf.Root.StructTreeRoot.K.append(first(pdf, "P")),
    "wrong types": lambda pdf: (
        first(pdf, "P").__setitem__("/K", Array([String("x"), None, True, Array([1]), Dictionary(Obj=3)])),
        first(pdf, "H2").__setitem__("/S", String("H2")),
        first(pdf, "Figure").__setitem__("/Alt", 5),
        first(pdf, "TH").__setitem__("/A", Name.Scope),
        pdf.Root.__setitem__("/Lang", Array([])),
        pdf.Root.StructTreeRoot.__setitem__("/RoleMap", Array([])),
    ),
    "no kids": lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/K", Array([])),
    "annotations that are none": lambda pdf: pdf.pages[0].obj.__setitem__("/Annots", Array([1, Name.Link, None])),
    "a rectangle that is none": lambda pdf: notes(pdf)[0].__setitem__("/Rect", Array([1, 2])),
}


@pytest.mark.parametrize("case", UNKIND)
def test_a_tree_that_is_none_is_judged_all_the_same(case: str) -> None:
    for finding in judged(edited(sheet(), UNKIND[case])):
        assert finding.message and finding.hint


def test_a_tree_of_many_levels_is_read_to_its_end() -> None:
    def deepen(pdf: pikepdf.Pdf) -> None:
        root = pdf.Root.StructTreeRoot
        for _ in range(3000):
            root.K = Array([pdf.make_indirect(Dictionary(S=Name.Div, K=root.K))])

    data = edited(sheet(), deepen)
    assert ids(data) == []
    assert len(read(data).tags.elements) > 3000
