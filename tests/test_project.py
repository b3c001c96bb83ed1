"""The one door for reading: encodings, links, folders, and nothing outside the project."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest
from trades import BAKER, change, said

from handouts.findings import Findings
from handouts.project import Project, find_root, shipped_root, today


def said_of(root: Path, data: bytes, file: str = BAKER) -> list[str]:
    (root / file).write_bytes(data)
    return said(root, "card", "baker")


def test_find_looks_in_the_project_first_and_then_in_ours(trades: Path) -> None:
    project = Project(trades)
    assert project.find("styles/card.css") == trades / "styles/card.css"
    assert project.find("styles/base/type.css") == shipped_root() / "styles/base/type.css"
    change(trades, "styles/base/type.css", "", "p { color: red }")
    assert project.find("styles/base/type.css") == trades / "styles/base/type.css"


def test_content_is_never_borrowed(trades: Path) -> None:
    project = Project(trades)
    assert project.find("content/topics/role.md") is None
    assert project.find("content/labels/en.toml") == shipped_root() / "content/labels/en.toml"
    assert project.subjects("specialties") == ["baker", "potter"]
    assert project.formats() == ["article", "booklet", "card", "leaflet", "specialty", "topic"]


@pytest.mark.parametrize("name", ["/etc/passwd", "../other", "content/../../other", "fonts/../../x", "fonts/none.ttf"])
def test_nothing_outside_is_found(trades: Path, name: str) -> None:
    (trades.parent / "other").write_text("x")
    assert Project(trades).find(name) is None


def test_a_link_inside_is_followed(trades: Path) -> None:
    (trades / BAKER).rename(trades / "content/specialties/real.md")
    (trades / BAKER).symlink_to("real.md")
    assert said(trades, "card", "baker") == []


def test_links_that_lead_out_or_nowhere(trades: Path) -> None:
    (trades / BAKER).rename(trades.parent / "baker.md")
    (trades / BAKER).symlink_to(trades.parent / "baker.md")
    outside = f"{BAKER}  this is a link that leads outside the project · copy the file itself here"
    assert said(trades, "card", "baker") == [outside]
    (trades.parent / "baker.md").unlink()
    assert said(trades, "card", "baker") == [f"{BAKER}  this is a link that leads nowhere · copy the file itself here"]


def test_a_content_folder_that_is_a_link(trades: Path) -> None:
    (trades / "content").rename(trades.parent / "content")
    (trades / "content").symlink_to(trades.parent / "content")
    assert said(trades, "card", "baker") == [
        f"{BAKER}  this is a link that leads outside the project · copy the file itself here"
    ]


def test_a_folder_in_place_of_a_file(trades: Path) -> None:
    (trades / BAKER).unlink()
    (trades / BAKER).mkdir()
    assert said(trades, "card", "baker") == [
        f"{BAKER}  this is a folder, not a file · rename the folder, and put a file in its place"
    ]


def test_an_empty_folder(trades: Path) -> None:
    for file in (trades / "content/specialties").iterdir():
        file.unlink()
    assert said(trades, "card") == [
        "content/specialties  holds no content files · "
        "add a Markdown file with front matter, such as content/specialties/my-subject.md"
    ]


def test_two_files_of_one_name(trades: Path) -> None:
    change(trades, "content/specialties/Bak-er.md", "", (trades / BAKER).read_text(encoding="utf-8"))
    assert said(trades, "card") == [
        "content/specialties/Bak-er.md  has the same name as baker.md but for case, spaces or hyphens · "
        "rename one of them"
    ]


def test_encodings(trades: Path) -> None:
    save = "save the file as UTF-8 in your editor"
    text = (trades / BAKER).read_text(encoding="utf-8").replace("Sums help.", "Summen hülfen.")
    assert said_of(trades, text.encode("latin-1")) == [f"{BAKER}:41  is not UTF-8 text (byte 0xfc) · {save}"]
    crlf = text.replace("\n", "\r\n")
    assert said_of(trades, crlf.encode("latin-1")) == [f"{BAKER}:41  is not UTF-8 text (byte 0xfc) · {save}"]
    utf16 = f"{BAKER}:1  is UTF-16 text, as Windows programs save it · {save}"
    assert said_of(trades, b"\xff\xfe" + text.encode("utf-16-le")) == [utf16]
    assert said_of(trades, b"\xfe\xff" + text.encode("utf-16-be")) == [utf16]
    assert said_of(trades, text.replace("Sum", "S\0um").encode()) == [
        f"{BAKER}:41  holds a sign that cannot be printed (U+0000) · delete it, or {save}"
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_byte_order_marks_and_line_ends(trades: Path, encoding: str, end: str) -> None:
    text = (trades / BAKER).read_text(encoding="utf-8")
    (trades / BAKER).write_bytes(text.replace("\n", end).encode(encoding))
    assert Project(trades).text(BAKER) == text


def test_a_file_too_long_for_a_handout(trades: Path) -> None:
    text = (trades / BAKER).read_text(encoding="utf-8")
    assert said_of(trades, (text + "words and more words\n" * 250_000).encode()) == [
        f"{BAKER}  is 5.3 MB long, more than any handout can hold · check that it is the right file, or split it"
    ]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(trades: Path) -> None:
    (trades / BAKER).chmod(0)
    assert said(trades, "card", "baker") == [f"{BAKER}  cannot be read: Permission denied · check that you may read it"]


def test_hidden_files_and_other_languages_are_no_subjects(trades: Path) -> None:
    for name in (".#baker.md", "baker.es.md", "baker.pt-BR.md", "notes.txt", "St. Honoré.md"):
        (trades / "content/specialties" / name).write_text("x")
    assert Project(trades).subjects("specialties") == ["St. Honoré", "baker", "potter"]


@pytest.mark.parametrize("name", ["my baker", "b🥐ker", 'ba"ker', "ba'ker", "ba&<ker", "B. Baker"])
def test_names_that_shells_and_browsers_dislike(trades: Path, name: str) -> None:
    (trades / BAKER).rename(trades / f"content/specialties/{name}.md")
    assert said(trades, "card", name, "-o", "out") == []
    assert (trades / f"out/card/{name}.pdf").is_file()


def test_a_percent_sign_in_a_name(trades: Path) -> None:
    (trades / BAKER).rename(trades / "content/specialties/ba%20ker.md")
    assert said(trades, "card", "ba%20ker") == [
        "content/specialties/ba%20ker.md  the sign % in a file's name breaks the links to it · rename the file"
    ]


def test_the_root_is_the_nearest_folder_with_our_file(trades: Path) -> None:
    assert find_root(trades / "content/specialties") == trades
    assert find_root(trades.parent) == shipped_root()


def test_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2030-02-01")
    assert today() == datetime.date(2030, 2, 1)
    monkeypatch.setenv("HANDOUTS_TODAY", "soon")
    with pytest.raises(Findings) as caught:
        today()
    assert str(caught.value) == 'HANDOUTS_TODAY  "soon" is not a date · write it as 2026-11-23, or unset it'
    monkeypatch.delenv("HANDOUTS_TODAY")
    assert today() == datetime.date.today()
