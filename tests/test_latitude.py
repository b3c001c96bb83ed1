"""What a style sheet declares for the fit: read as it stands, and told with its line where it is missing or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import small

from handouts import content
from handouts.findings import Findings
from handouts.latitude import Latitude, Setting, check_measure, read_latitude

STYLE = """\
/* --fit-space: 9 9 9; is only a remark */
:root {
  --nominal: 11pt;
  --fit-space: 0.5 1 2;
  --fit-leading: 1.2 1.4 1.5;
  --fit-drawing: .8 1 1;
}
"""


def latitude(root: Path, style: str = STYLE, *more: str, fit: str = "floor = 10.0\nfull = 12.5") -> Latitude:
    """What style sheets declare, the first of them being the format's; others apply before it."""
    form = small.CARD.replace("floor = 10.0\nfull = 12.5", fit)
    others = {f"styles/base/{number}.css": text for number, text in enumerate(more)}
    project = small.project(root, {"styles/card.css": style, "templates/card/format.toml": form, **others})
    return read_latitude(project, content.load_format(project, "card"), [*others, "styles/card.css"])


def told(root: Path, *arguments: str, **named: str) -> list[str]:
    with pytest.raises(Findings) as caught:
        latitude(root, *arguments, **named)
    return [str(finding) for finding in caught.value.findings]


def test_ranges_are_read_and_that_of_the_type_is_reckoned(tmp_path: Path):
    assert latitude(tmp_path) == Latitude(
        least=Setting(scale=0.9091, leading=1.2, space=0.5, drawing=0.8),
        design=Setting(scale=1.0, leading=1.4, space=1.0, drawing=1.0),
        most=Setting(scale=1.1363, leading=1.5, space=2.0, drawing=1.0),
        body=11.0,
    )


@pytest.mark.parametrize("nominal", ["10pt", "10.7pt", "11.5pt", "12.5pt"])
def test_rounding_never_leaves_the_sizes_of_the_format(tmp_path: Path, nominal: str):
    found = latitude(tmp_path, STYLE.replace("11pt", nominal))
    assert found.body * found.least.scale >= 10
    assert found.body * found.most.scale <= 12.5
    assert found.body * found.most.scale == pytest.approx(12.5, abs=0.01)


def test_the_last_style_sheet_counts(tmp_path: Path):
    found = latitude(tmp_path, ":root { --fit-space: 0.7 1 1.1 }", STYLE, ":root { --nominal: 12pt }")
    assert (found.least.space, found.body, found.least.leading) == (0.7, 12, 1.2)


def test_a_setting_is_allowed_within_the_ranges(tmp_path: Path):
    found = latitude(tmp_path)
    assert found.allows(found.least) and found.allows(found.design) and found.allows(found.most)
    assert not found.allows(Setting(scale=0.9, leading=1.4))
    assert not found.allows(Setting(leading=1.4, drawing=1.2))


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "  --fit-space: 0.5 1 2;\n",
            "",
            'styles/card.css  the format "card" is fitted, but no style sheet of it says --fit-space · add to its '
            ":root, such as --fit-space: 0.4 1 2.2;",
        ),
        (
            "  --nominal: 11pt;\n",
            "",
            'styles/card.css  the format "card" is fitted, but no style sheet of it says --nominal · add to its '
            ":root, such as --nominal: 11pt;",
        ),
        (
            "0.5 1 2",
            "0.5 1",
            'styles/card.css:4  "--fit-space" is not three numbers: 0.5 1 · write them so: --fit-space: 0.4 1 2.2;',
        ),
        (
            "0.5 1 2",
            "0.5 1 2mm",
            'styles/card.css:4  "--fit-space" is not three numbers: 0.5 1 2mm · write them so: --fit-space: 0.4 1 2.2;',
        ),
        (
            "0.5 1 2",
            "1 0.5 2",
            'styles/card.css:4  the numbers of "--fit-space" do not rise: 1 0.5 2 · write the least, the design\'s '
            "own, the most",
        ),
        (
            ".8 1 1",
            "0 1 1",
            'styles/card.css:6  the numbers of "--fit-drawing" do not rise: 0 1 1 · write the least, the design\'s '
            "own, the most",
        ),
        (
            "1.2 1.4 1.5",
            "0.9 1.4 1.5",
            "styles/card.css:5  lines cannot be 0.9, 1.4, 1.5 sizes of type high · write numbers from 1.1 to 2, such "
            "as --fit-leading: 1.3 1.38 1.45;",
        ),
        (
            "11pt",
            "4mm",
            'styles/card.css:3  "--nominal" is not a size in points: 4mm · write it so: --nominal: 11pt;',
        ),
        (
            "11pt",
            "9pt",
            "styles/card.css:3  the design's running text, 9 pt, lies outside of 10 to 12.5 pt · mend it, or the [fit] "
            "of templates/card/format.toml",
        ),
        (
            "--fit-leading: 1.2",
            "--fit-leading: 1.2 1.4 1.5; --fit-leding: 1.2",
            'styles/card.css:5  the fit turns nothing that is called "--fit-leding" · did you mean --fit-leading?',
        ),
    ],
)
def test_what_is_declared_wrongly_is_told(tmp_path: Path, old: str, new: str, finding: str):
    assert old in STYLE
    assert told(tmp_path, STYLE.replace(old, new, 1)) == [finding]


@pytest.mark.parametrize(
    ("fit", "finding"),
    [
        (
            "floor = 9.5\nfull = 12.5",
            'templates/card/format.toml:13  "fit.floor" cannot be 9.5 · running text is never set under 10 pt',
        ),
        (
            "floor = 10\nfull = 14",
            'templates/card/format.toml:14  "fit.full" cannot be 14 · running text is never set over 12.5 pt',
        ),
        (
            'floor = "10pt"\nfull = 12.5',
            'templates/card/format.toml:13  "fit.floor" cannot be "10pt" · write a number, without quotes',
        ),
        ("floor = 10", 'templates/card/format.toml:12  the key "fit.full" is missing · add full'),
        (
            "floor = 11.5\nfull = 11",
            "templates/card/format.toml:13  the smallest type, 11.5 pt, is larger than the largest, 11 pt · write the "
            "smaller number as floor",
        ),
    ],
)
def test_sizes_that_cannot_be_are_told_with_their_line(tmp_path: Path, fit: str, finding: str):
    assert finding in told(tmp_path, fit=fit)


def test_a_page_that_is_set_in_another_size_is_told(tmp_path: Path):
    found = latitude(tmp_path)
    form = content.load_format(small.project(tmp_path), "card")
    assert check_measure(3.0, 11.0, found, found.design, form) == 3.0
    with pytest.raises(Findings) as caught:
        check_measure(3.0, 9.0, found, found.design, form)
    assert str(caught.value) == (
        "styles/card.css  the running text comes out in 9.0 pt, and was set to 11.0 pt · let html have "
        "font-size: var(--body), and that be calc(var(--nominal) * var(--scale))"
    )


def test_a_page_that_marks_no_text_is_told(tmp_path: Path):
    found = latitude(tmp_path)
    with pytest.raises(Findings) as caught:
        check_measure(None, 11.0, found, found.design, content.load_format(small.project(tmp_path), "card"))
    assert str(caught.value) == (
        "templates/card/page.html  nothing says where the text stands and where it must end, so it cannot be fitted · "
        'mark the text by data-fit="text", and what stands below it by data-fit="foot"'
    )
