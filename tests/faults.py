"""Ways to break a PDF of ours: each function here makes one fault in an open PDF, and no other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO

import pikepdf
from paint import Edit, Paint, Text
from pikepdf import Array, Dictionary, Name, Operator, String
from PIL import Image
from sheets import elements, notes

_BDC = Operator("BDC")


# ---- the file


def saved(edit: Edit = lambda pdf: None, **how: object) -> Callable[[bytes], bytes]:
    """An edit of an open PDF as one of its bytes; `how` are options of pikepdf's save."""

    def edited(data: bytes) -> bytes:
        pdf, out = pikepdf.open(BytesIO(data)), BytesIO()
        edit(pdf)
        pdf.save(out, **how)
        return out.getvalue()

    return edited


def locked(**allowed: bool) -> Callable[[bytes], bytes]:
    """A PDF that opens without a password, and forbids something; in an old way, since new ones never forbid to read
    aloud."""
    how = {"R": 3, "aes": False, "metadata": False}
    return saved(encryption=pikepdf.Encryption(owner="owner", user="", allow=pikepdf.Permissions(**allowed), **how))


def old(data: bytes) -> bytes:
    """A PDF that says it is of version 1.3."""
    return re.sub(rb"^%PDF-\d\.\d", b"%PDF-1.3", data, count=1)


def stuffed(pdf: pikepdf.Pdf) -> None:
    """A page carries more than a megabyte that nothing shows, and that nothing can compress by much."""
    noise = Image.effect_noise((1300, 1300), 100).tobytes()
    pdf.pages[0].PieceInfo = Dictionary(Notes=Dictionary(Private=pdf.make_stream(noise)))


def extra_page(pdf: pikepdf.Pdf) -> None:
    pdf.add_blank_page(page_size=tuple(pdf.pages[0].mediabox[2:]))


def fewer_pages(pdf: pikepdf.Pdf) -> None:
    """The last page within is gone; what led to it leads to the one before, as programs that take out pages do it."""
    places = [*pikepdf.NameTree(pdf.Root.Names.Dests).values(), *(mark.Dest for mark in _bookmarks(pdf.Root.Outlines))]
    places += [link.Dest for link in _links(pdf) if isinstance(link.get("/Dest"), Array)]
    before, gone = pdf.pages[-3].obj, pdf.pages[-2].obj
    for place in places:
        if place[0].objgen == gone.objgen:
            place[0] = before
    del pdf.pages[-2]


def giant(pdf: pikepdf.Pdf) -> None:
    """A page 300 in high."""
    for box in ("/MediaBox", "/TrimBox", "/BleedBox"):
        pdf.pages[0].obj[box] = Array([0, 0, 612, 21_600])


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert('Hello')"))


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["prices.txt"] = b"Prices of ten programs"


def without_title(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Title"]
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


def titled(title: str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Title"] = title

    return edit


def without(*path: str) -> Edit:
    """An entry of the catalog taken out: `without("ViewerPreferences", "DisplayDocTitle")`."""

    def edit(pdf: pikepdf.Pdf) -> None:
        owner = pdf.Root
        for name in path[:-1]:
            owner = owner[f"/{name}"]
        del owner[f"/{path[-1]}"]

    return edit


# ---- bookmarks and links


def lost_bookmark(pdf: pikepdf.Pdf) -> None:
    """The last chapter's bookmark leads to a name that nothing has."""
    pdf.Root.Outlines.Last.Dest = String("no-such-chapter")


def _bookmarks(above: pikepdf.Object) -> Iterator[pikepdf.Object]:
    mark = above.get("/First")
    while mark is not None:
        yield mark
        yield from _bookmarks(mark)
        mark = mark.get("/Next")


def _links(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    return (note for note in notes(pdf) if note.Subtype == "/Link")


def silent_link(pdf: pikepdf.Pdf) -> None:
    del next(_links(pdf)).Contents


def lost_link(pdf: pikepdf.Pdf) -> None:
    next(link for link in _links(pdf) if "/Dest" in link).Dest = String("source-99")


def half_address(pdf: pikepdf.Pdf) -> None:
    next(link for link in _links(pdf) if "/A" in link).A.URI = String("www.example")


def starting_link(pdf: pikepdf.Pdf) -> None:
    """A link starts a program."""
    link = next(_links(pdf))
    del link["/Dest"]
    link.A = Dictionary(S=Name.Launch, F=String("prices.exe"))


# ---- tags


def unmarked(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def without_words(pdf: pikepdf.Pdf) -> None:
    """A figure without a description."""
    del next(elements(pdf, "Figure")).Alt


def deep_heading(pdf: pikepdf.Pdf) -> None:
    next(elements(pdf, "H2")).S = Name.H4


def no_first_heading(pdf: pikepdf.Pdf) -> None:
    next(elements(pdf, "H1")).S = Name.P


def plain_cells(pdf: pikepdf.Pdf) -> None:
    """A table of which no cell is a header."""
    for cell in list(elements(pdf, "TH")):
        cell.S = Name.TD


def aimless_headers(pdf: pikepdf.Pdf) -> None:
    """Header cells that do not say what they head."""
    for cell in elements(pdf, "TH"):
        for attributes in cell.A if isinstance(cell.A, Array) else [cell.A]:
            if "/Scope" in attributes:
                del attributes["/Scope"]


def swapped(pdf: pikepdf.Pdf) -> None:
    """The first section's text is read before its heading."""
    section = next(elements(pdf, "Sect"))
    section.K[0], section.K[1] = section.K[1], section.K[0]


def fonts(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Each font of the first page once, in the order of their use."""
    named = pdf.pages[0].resources.Font
    used = dict.fromkeys(str(text.font) for text in Paint(pdf).texts)
    return (named[name] for name in used)


def without_font_file(pdf: pikepdf.Pdf) -> None:
    del next(fonts(pdf)).DescendantFonts[0].FontDescriptor["/FontFile2"]


def without_letters(pdf: pikepdf.Pdf) -> None:
    """A font that does not say which letters it prints."""
    del list(fonts(pdf))[2]["/ToUnicode"]


def renamed_font(pdf: pikepdf.Pdf) -> None:
    """A font of the machine, as it gets into a PDF where a typeface lacks a character."""
    font = next(fonts(pdf))
    inner = font.DescendantFonts[0]
    font.BaseFont = inner.BaseFont = inner.FontDescriptor.FontName = Name("/ABCDEF+DejaVu-Sans")


def password(data: bytes) -> bytes:
    return saved(encryption=pikepdf.Encryption(owner="owner", user="user"))(data)


def untagged(words: str) -> Edit:
    """A line of text that is taken out of its tag."""

    def edit(pdf: pikepdf.Pdf) -> None:
        paint = Paint(pdf)
        text = paint.parts.index(paint.line(words))
        begin = max(at for at, part in enumerate(paint.parts[:text]) if not isinstance(part, Text) and part[1] == _BDC)
        del paint.parts[paint.first("EMC", after=text)], paint.parts[begin]
        paint.write()

    return edit
