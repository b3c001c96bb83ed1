"""PDFs by other programs: each finding is true of them, and nothing true is left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from foreign import MAKERS, Maker

from handouts.preflight.evidence import Printed
from handouts.preflight.file import opened
from handouts.preflight.table import judge_any

# What is true of each: ids with the severity, by what the program left out. Their tags, where they have any, are good.
_UNTAGGED = {("tags-missing", "error")}
_HIDDEN_TITLE = {("title-missing", "error")}
_NOTHING_SAID = _UNTAGGED | {("language-missing", "error"), ("title-missing", "error")}
_UNEMBEDDED = {("font-embedded", "error")}
_ADDRESS_READ_OUT = {("link-text", "warning")}
EXPECTED = {
    "pillow": _NOTHING_SAID,
    "weasyprint": _UNTAGGED | _HIDDEN_TITLE,
    "weasyprint-tagged": _ADDRESS_READ_OUT,
    "weasyprint-archive": _UNTAGGED | _HIDDEN_TITLE,
    "weasyprint-pages": _ADDRESS_READ_OUT,
    "by-hand": _UNEMBEDDED,
    "by-hand-untagged": _NOTHING_SAID | _UNEMBEDDED,
    "pdfium": _NOTHING_SAID,
    "pdfium-two-up": _NOTHING_SAID,
    "qpdf-merged": _NOTHING_SAID | _UNEMBEDDED,
    "qpdf-encrypted": _ADDRESS_READ_OUT,
    "chromium": {("link-text", "error")},  # links without Contents
    "libreoffice": _UNTAGGED,
    "libreoffice-tagged": {("table-headers", "error")},
    "typst": _ADDRESS_READ_OUT | _HIDDEN_TITLE,
    "reportlab": _UNTAGGED | _HIDDEN_TITLE | {("pdf-version", "warning")},
    "fpdf2": _UNTAGGED | _HIDDEN_TITLE,
    "matplotlib": _NOTHING_SAID,
}


def test_every_program_is_expected_to_say_something() -> None:
    assert EXPECTED.keys() == {maker.name for maker in MAKERS}
    assert len([maker for maker in MAKERS if not maker.module and not maker.command]) >= 10


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.name)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:(fpdf|reportlab|matplotlib|fontTools)")
def test_a_clean_foreign_file_is_judged_by_what_is_true_of_it(maker: Maker, tmp_path: Path) -> None:
    if reason := maker.missing():
        pytest.skip(reason)
    printed = opened(f"{maker.name}.pdf", maker.write(tmp_path))
    assert isinstance(printed, Printed)
    found = judge_any(printed)
    assert {(one.id, one.severity) for one in found} == EXPECTED[maker.name], [str(one) for one in found]
    assert all(one.message and one.hint and one.file == f"{maker.name}.pdf" for one in found)
