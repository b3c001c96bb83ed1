"""What a PDF remembers of its fit: it saves the search, and never changes a byte."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import small

from handouts import fit, pdf
from handouts.build import Result, build
from handouts.document import Document, compose
from handouts.finishing.memory import ENTRY, document_key, inscribe, recall
from handouts.latitude import Kept, Setting, Stretch
from handouts.material import gather
from handouts.planning import plan
from handouts.project import Project

KEPT = Kept(
    setting=Setting(scale=1.05, leading=1.38, space=0.7),
    stretch=Stretch(values={"feather-1": 0.5}, joints="0112"),
    room=3.5,
    left=0.0012,
)
OPENED = """
from handouts.finishing import memory
import sys
print([name for name in ("weasyprint", "jinja2") if name in sys.modules])
"""


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[Setting | None]:
    """The settings of all layouts that a test makes."""
    made: list[Setting | None] = []
    own = pdf.Sheet.lay_out

    def lay_out(self: pdf.Sheet, setting: Setting | None = None, stretch: Stretch | None = None) -> pdf.Layout:
        made.append(setting)
        return own(self, setting, stretch)

    monkeypatch.setattr(pdf.Sheet, "lay_out", lay_out)
    return made


def made(project: Project, out: Path, form: str = "card", subject: str = "ct") -> Result:
    result = build(plan(project, form, [subject] if subject else [], output=str(out))[0])
    assert result.built, result.findings
    return result


def test_a_second_build_lays_out_once_and_is_the_same(tmp_path: Path, layouts: list[Setting | None]):
    project, out = small.project(tmp_path), tmp_path / "out"
    first, file = made(project, out), out / "card/ct.pdf"
    data = file.read_bytes()
    assert 1 < len(layouts) <= fit.MOST_TRIALS
    layouts.clear()
    assert made(project, out) == first
    assert len(layouts) == 1
    assert file.read_bytes() == data
    layouts.clear()
    file.unlink()
    assert made(project, out) == first
    assert len(layouts) > 1
    assert file.read_bytes() == data


def test_an_edit_makes_a_new_search_from_the_start(tmp_path: Path, layouts: list[Setting | None]):
    project, out = small.project(tmp_path), tmp_path / "out"
    made(project, out)
    searched = layouts.copy()
    layouts.clear()
    small.project(tmp_path, {"content/cards/ct.md": small.CT + "One more line. " * 40})
    made(project, out)
    assert layouts[0] == searched[0]
    assert len(layouts) > 1
    data = (out / "card/ct.pdf").read_bytes()
    shutil.rmtree(out)
    made(project, out)
    assert (out / "card/ct.pdf").read_bytes() == data


@pytest.mark.parametrize("kept", ["other room", "other setting"])
def test_a_memory_that_does_not_hold_is_not_believed(tmp_path: Path, layouts: list[Setting | None], kept: str):
    """As after an update of the machine's text layout, which sets lines in another width and has no version here."""
    project, out = small.project(tmp_path), tmp_path / "out"
    made(project, out)
    file = out / "card/ct.pdf"
    data = file.read_bytes()
    key, found = recall(data)
    assert found
    setting = replaced(found.setting) if kept == "other setting" else found.setting
    changed = found.model_copy(update={"setting": setting, "left": found.left + 0.2 * (kept == "other room")})
    with pikepdf.open(BytesIO(data)) as document:
        document.docinfo[ENTRY] = pikepdf.String(inscribe(key, changed))
        document.save(file)
    layouts.clear()
    made(project, out)
    assert len(layouts) > 2
    assert file.read_bytes() == data


def replaced(setting: Setting) -> Setting:
    return setting.model_copy(update={"scale": setting.scale - 0.01})


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nbroken", b"no PDF", None], ids=["empty", "damaged", "text", "ours"])
def test_what_is_no_memory_is_no_error(tmp_path: Path, data: bytes | None):
    project, out = small.project(tmp_path), tmp_path / "out"
    made(project, out)
    good = (out / "card/ct.pdf").read_bytes()
    if data is None:
        with pikepdf.open(BytesIO(good)) as document:
            document.docinfo[ENTRY] = pikepdf.String("nonsense {")
            document.save(out / "card/ct.pdf")
        data = (out / "card/ct.pdf").read_bytes()
    assert recall(data) == ("", None)
    (out / "card/ct.pdf").write_bytes(data)
    made(project, out)
    assert (out / "card/ct.pdf").read_bytes() == good


def test_what_is_written_is_read_again_and_is_ascii(tmp_path: Path):
    entry = inscribe("0" * 64, KEPT)
    assert entry.isascii()
    assert len(entry) < 400
    with pikepdf.new() as document:
        for text, read in ((entry, ("0" * 64, KEPT)), ("f" * 64, ("f" * 64, None)), ("0" * 64 + " {}", ("", None))):
            document.docinfo[ENTRY] = pikepdf.String(text)
            written = BytesIO()
            document.save(written)
            assert recall(written.getvalue()) == read


def test_what_is_not_fitted_has_its_key_too(tmp_path: Path):
    project, out = small.project(tmp_path), tmp_path / "out"
    result = made(project, out, "leaflet", "")
    assert result.fit == ""
    document = compose(project, gather(project, "leaflet", ""), "letter")
    assert recall((out / "leaflet.pdf").read_bytes()) == (document_key(project, document), None)


def composed(root: Path, changes: dict[str, str] | None = None) -> tuple[Project, Document]:
    project = small.project(root, changes)
    return project, compose(project, gather(project, "card", "ct"), "letter")


PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h{}v1z"/></svg>'
SHOWN = small.CARD_STYLE + "\nh1 { background: url(lines.svg) }\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"content/cards/ct.md": small.CT.replace("slices", "thin slices")},
        {"styles/card.css": small.CARD_STYLE.replace("2mm", "3mm")},
        {"styles/papers/card.css": "@page { size: 100mm 141mm; margin: 8mm }\n"},
        {"templates/card/format.toml": small.CARD.replace("floor = 10.0", "floor = 10.5")},
        {"styles/card.css": SHOWN, "styles/lines.svg": PICTURE.format(2)},
    ],
    ids=["words", "style", "paper", "sizes", "drawing"],
)
def test_a_key_changes_with_what_it_stands_for(tmp_path: Path, changes: dict[str, str]):
    before = {"styles/card.css": SHOWN, "styles/lines.svg": PICTURE.format(1)} if "styles/lines.svg" in changes else {}
    cases = {"one": before, "other": before, "changed": changes}
    keys = [document_key(*composed(tmp_path / name, case)) for name, case in cases.items()]
    assert keys[0] == keys[1] != keys[2]


def test_a_key_changes_with_the_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project, document = composed(tmp_path)
    before = document_key(project, document)
    assert document_key(project, replace(document, link_texts={"#source-1": "Other"})) != before
    monkeypatch.setattr("handouts.finishing.memory.version", lambda name: "99")
    assert document_key(project, document) != before


def test_the_key_needs_no_layout_engine():
    done = subprocess.run([sys.executable, "-c", OPENED], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
