"""Files that are damaged, locked, too large, too old, that run programs or lean on other files."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Permissions, String
from sheets import CHECKS, SENTENCE, edited, ids, judged, notes, sheet

from handouts.findings import Finding
from handouts.preflight.evidence import Printed
from handouts.preflight.file import opened

Edit = Callable[[pikepdf.Pdf], object]


def script(**more: object) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('bees')"), **more)


def root(key: str, value: object) -> Edit:
    return lambda pdf: pdf.Root.__setitem__("/" + key, value)


def note(**entries: object) -> Edit:
    """One annotation more, which the tags hold too."""

    def edit(pdf: pikepdf.Pdf) -> None:
        entries.setdefault("Rect", Array([50, 50, 80, 80]))
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(Dictionary(Type=Name.Annot, **entries)))

    return edit


def link_does(action: Dictionary) -> Edit:
    return lambda pdf: notes(pdf)[0].__setitem__("/A", action)


def attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["bees.csv"] = b"hive,honey"


def scripts_by_name(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Names.JavaScript = Dictionary(Names=Array([String("start"), script()]))


def field(pdf: pikepdf.Pdf) -> None:
    inner = pdf.make_indirect(Dictionary(T=String("name"), AA=Dictionary(K=script())))
    outer = pdf.make_indirect(Dictionary(T=String("form"), Kids=Array([inner])))
    inner.Kids = Array([outer])
    pdf.Root.AcroForm = Dictionary(Fields=Array([outer]))


def outside(pdf: pikepdf.Pdf) -> None:
    """A picture that is kept in another file."""
    picture = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, F=String("bees.raw"))
    pdf.pages[0].obj.Resources.XObject = Dictionary(Far=picture)


PROGRAMS: dict[str, Edit] = {
    "on opening": root("OpenAction", script()),
    "on closing": root("AA", Dictionary(WC=script())),
    "by name": scripts_by_name,
    "of a page": lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary(O=script())),
    "of a link": link_does(script()),
    "after a link": link_does(Dictionary(S=Name.URI, URI=String("https://example.org/"), Next=Array([script()]))),
    "of a field": field,
    "of a bookmark": lambda pdf: pdf.Root.Outlines.First.__setitem__("/A", script()),
}


@pytest.mark.parametrize("case", PROGRAMS)
def test_programs_are_told(case: str) -> None:
    (finding,) = judged(edited(sheet(), PROGRAMS[case]))
    assert (finding.id, finding.severity, finding.message) == ("javascript", "error", "runs a program (JavaScript)")
    assert finding.page == (1 if case in ("of a page", "of a link", "after a link") else 0)


LEANING: dict[str, tuple[Edit, str]] = {
    "an attachment": (attach, "holds attached files"),
    "an attachment on the page": (note(Subtype=Name.FileAttachment), "holds an attached file"),
    "a film": (note(Subtype=Name.RichMedia), "holds a film or a program"),
    "a link into another file": (
        link_does(Dictionary(S=Name.GoToR, F=String("other.pdf"), D=Array([0]))),
        "leads into another file",
    ),
    "a program": (root("OpenAction", Dictionary(S=Name.Launch, F=String("bees.exe"))), "opens another program or file"),
    "a website on opening": (
        root("OpenAction", Dictionary(S=Name.URI, URI=String("https://example.org/"))),
        "opens a website as soon as it is opened",
    ),
    "a server": (
        root("AcroForm", Dictionary(Fields=Array([Dictionary(A=Dictionary(S=Name.SubmitForm))]))),
        "sends what is typed to a server",
    ),
    "a picture elsewhere": (outside, "keeps a part of itself in another file"),
    "a form of its own kind": (
        root("AcroForm", Dictionary(Fields=Array([]), XFA=String("form"))),
        "is a form that only one program can show (XFA)",
    ),
}


@pytest.mark.parametrize("case", LEANING)
def test_what_leans_on_other_files_is_told(case: str) -> None:
    edit, message = LEANING[case]
    (finding,) = judged(edited(sheet(), edit))
    assert (finding.id, finding.severity, finding.message) == ("external-reference", "error", message)


SOUND: dict[str, Edit] = {
    "opens on its first page": lambda pdf: pdf.Root.__setitem__(
        "/OpenAction", Array([pdf.pages[0].obj, Name.Fit])
    ),
    "goes to a page on opening": lambda pdf: pdf.Root.__setitem__(
        "/OpenAction", Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]))
    ),
    "a field": root("AcroForm", Dictionary(Fields=Array([Dictionary(T=String("name"))]))),
    "actions in a loop": lambda pdf: (
        pdf.Root.__setitem__("/OpenAction", pdf.make_indirect(Dictionary(S=Name.Named, N=Name.FirstPage))),
        pdf.Root.OpenAction.__setitem__("/Next", pdf.Root.OpenAction),
    ),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_stays_in_the_file_is_let_be(case: str) -> None:
    assert judged(edited(sheet(), SOUND[case])) == []


def test_a_large_file_says_what_takes_the_room() -> None:
    def swell(pdf: pikepdf.Pdf) -> None:
        picture = pdf.make_stream(os.urandom(1_400_000), Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
        pdf.pages[0].obj.Resources.XObject = Dictionary(Big=picture)

    (finding,) = judged(edited(sheet(), swell))
    assert (finding.id, finding.severity) == ("file-size", "warning")
    assert finding.message.startswith("takes 1.4 MB for 1 page: pictures 1.4 MB")
    assert "300 pixels an inch" in finding.hint
    two = sheet(f'<h1>Bees</h1><p>{SENTENCE}</p><p style="break-before: page">{SENTENCE}</p>')
    assert ids(edited(two, swell)) == []


def test_a_large_font_is_named() -> None:
    def swell(pdf: pikepdf.Pdf) -> None:
        for obj in pdf.objects:
            if isinstance(obj, pikepdf.Dictionary) and "/FontFile2" in obj:
                obj.FontFile2 = pdf.make_stream(os.urandom(1_200_000))
                break

    message = next(one.message for one in judged(edited(sheet(), swell)) if one.id == "file-size")
    assert "fonts 1.2 MB" in message


@pytest.mark.parametrize(("version", "told"), [(b"1.3", True), (b"1.4", False), (b"2.0", False), (b"3.0", True)])
def test_versions(version: bytes, told: bool) -> None:
    plain = edited(sheet(), lambda pdf: None, force_version="1.4")
    found = judged(plain.replace(b"%PDF-1.4", b"%PDF-" + version))
    assert [one.id for one in found] == ["pdf-version"] * told
    if told:
        assert found[0].message == f"is a PDF of version {version.decode()}; printers expect 1.4 to 2.0"


def test_the_catalog_raises_a_version() -> None:
    raised = edited(sheet(), root("Version", Name("/1.7")), force_version="1.4")
    assert ids(raised.replace(b"%PDF-1.4", b"%PDF-1.3")) == []


def lock(user: str = "", **forbidden: bool) -> bytes:
    return edited(
        sheet(), lambda pdf: None, encryption=Encryption(owner="keeper", user=user, allow=Permissions(**forbidden))
    )


def test_locks() -> None:
    assert ids(lock()) == []
    assert ids(lock(modify_other=False, extract=False)) == []
    (finding,) = judged(lock(print_lowres=False, print_highres=False))
    assert (finding.id, finding.severity, finding.message) == ("pdf-locked", "warning", "forbids printing")
    (finding,) = judged(lock(print_highres=False))
    assert finding.message == "forbids printing in full quality"


def test_a_password_is_told() -> None:
    found = opened("bees.pdf", lock(user="honey"))
    assert isinstance(found, Finding)
    assert (found.id, found.severity) == ("pdf-locked", "error")


def wide(pdf: pikepdf.Pdf) -> None:
    for key in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox"):
        pdf.pages[0].obj[key] = Array([0, 0, 72 * 63_360, 500])


# A page that is listed twice, and a count that is no number: more than the library foresees.
TWICE = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [ 3 0 R 3 0 R ] /Count (a) >>\nendobj\n"
    b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 100 100 ] >>\nendobj\n"
    b"trailer << /Root 1 0 R /Size 4 >>\n%%EOF\n"
)

DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda data: b"", "is empty"),
    "blanks": (lambda data: b"\0\n " * 100, "is empty"),
    "a picture": (lambda data: b"\x89PNG\r\n\x1a\n" + bytes(500), "is no PDF"),
    "text": (lambda data: b"Working with bees", "is no PDF"),
    "its first line": (lambda data: data[:9], "is damaged and cannot be opened"),
    "its first third": (lambda data: data[: len(data) // 3], "is damaged and cannot be opened"),
    "a page of a mile": (
        lambda data: edited(data, wide),
        "has a page of a size that no printer knows: 63,360.0 by 6.9 in",
    ),
    "one page twice": (lambda data: TWICE, "is damaged and cannot be opened"),
    "its pages": (lambda data: edited(data, lambda pdf: pdf.pages.__delitem__(0)), "is damaged and cannot be opened"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_file_is_a_finding(case: str) -> None:
    damage, message = DAMAGED[case]
    found = opened("bees.pdf", damage(sheet()))
    assert isinstance(found, Finding)
    assert (found.id, found.severity, found.message, found.file) == ("pdf-damaged", "error", message, "bees.pdf")
    assert found.hint


def test_a_page_may_inherit_its_size() -> None:
    def hand_up(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        pdf.Root.Pages.MediaBox = Array([0, 0, 340, 454])
        for key in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox"):
            if key in page:
                del page[key]

    found = opened("bees.pdf", edited(sheet(), hand_up))
    assert isinstance(found, Printed)
    assert (found.pages[0].width, found.pages[0].height) == (340, 454)
    assert found.pages[0].raster(72).size == (340, 454)
    assert ids(found.data) == []


def test_a_sound_file_is_opened() -> None:
    assert isinstance(opened("bees.pdf", sheet()), Printed)


def test_what_readers_mend_is_a_warning(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture) -> None:
    printed = opened("bees.pdf", sheet().replace(b"startxref\n", b"startxref\n1"))
    assert isinstance(printed, Printed)
    (finding,) = judged(printed.data)
    assert (finding.id, finding.severity) == ("pdf-damaged", "warning")
    assert "which programs mend by guessing" in finding.message
    assert capfd.readouterr() == ("", "")


_JUNK = (b"null", b"true", b"[ ]", b"<< >>", b"(text)", b"/Name", b"-1", b"99999999999", b"1 0 R", b"9999 0 R")
_VALUE = re.compile(rb"(/[A-Z]\w*) (\d+ 0 R|\[[^\[\]]*\]|/\w+|\([^)]*\)|-?[\d.]+|true|false)")


def broken(data: bytes, seed: int) -> bytes:
    """A PDF with bytes turned over, its end torn off, or values that are not of the kind that belongs there."""
    chance = random.Random(seed)
    if seed % 4 == 0:
        return data[: chance.randrange(10, len(data))]
    if seed % 4 == 1:
        turned = bytearray(data)
        for _ in range(chance.choice((1, 10, 100))):
            turned[chance.randrange(9, len(data))] = chance.randrange(256)
        return bytes(turned)
    places = list(_VALUE.finditer(data))
    for place in sorted(chance.sample(places, chance.choice((1, 3, 20))), key=lambda one: -one.start()):
        data = data[: place.start(2)] + chance.choice(_JUNK) + data[place.end(2) :]
    return data


@pytest.mark.parametrize("seed", range(60))
def test_a_broken_file_is_judged_without_a_trace(seed: int, capfd: pytest.CaptureFixture) -> None:
    plain = edited(
        sheet(),
        lambda pdf: None,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        compress_streams=False,
    )
    found = opened("bees.pdf", broken(plain, seed))
    findings = [found] if isinstance(found, Finding) else [one for check in CHECKS for one in check(found)]
    assert all(one.id and one.message and one.hint and str(one) for one in findings)
    assert capfd.readouterr() == ("", "")
