"""Brands: colors, logos, figures of their own. What is said of bad files is in test_messages.py."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from trades import KILN, as_json, change, run, with_brand

from handouts import brands
from handouts.color import luminance, ratio
from handouts.document import compose
from handouts.findings import Findings
from handouts.imprint import Brand, LocalFact, LocalSource, load_brand
from handouts.job import Edition
from handouts.material import Material, gather
from handouts.project import Project
from handouts.typography import JOINER

ROOT = Path(__file__).resolve().parents[1]
TEXT = (0x1D, 0x23, 0x29)
LOCAL = """\
organization = "The Kiln"

[facts.apprentice-years]
value = 30
unit = "months"
label = "at the Kiln"
source = "kiln-book"
period = "2029"
read = 2029-11-02

[facts.baker-pay]
value = 39000
row = "Bakers, at the Kiln"
source = "kiln-book"
period = "2029"
read = 2029-11-02

[sources.kiln-book]
title = "The book of the Kiln"
publisher = "The Kiln"
url = "https://example.org/kiln"
date = "2029-10"
read = 2029-11-02
"""
TWIN = """
[sources.twin]
title = "A"
publisher = "B"
url = "https://example.org/kiln/"
read = 2029-11-02

[facts.market-share]
value = 60
source = "twin"
period = "2029"
read = 2029-11-02
"""


def color(text: str) -> tuple[int, ...]:
    return tuple(int(text[at : at + 2], 16) for at in (1, 3, 5))


def picture(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), "#1f3a5f").save(data, "PNG")
    return data.getvalue()


def test_a_brand(trades: Path) -> None:
    brand = load_brand(Project(trades), "default")
    assert brand.organization == "Tinkerton Guild School"
    assert 100 <= len(brand.notice.split()) <= 120
    assert (brand.logo, brand.logo_address, brand.tokens, brand.ink) == ("", "", {}, None)


def test_a_brand_with_looks(trades: Path) -> None:
    (trades / "styles/brands/kiln").mkdir()
    (trades / "styles/brands/kiln/our logo (2).png").write_bytes(picture(660, 200))
    text = 'color = "#246"\naccent = "#00336A"\nlogo = "our logo (2).png"\n'
    brand = load_brand(with_brand(trades, text), "kiln")
    assert (brand.color, brand.accent) == ("#224466", "#00336a")
    assert brand.logo == "styles/brands/kiln/our logo (2).png"
    assert brand.logo_address == "/styles/brands/kiln/our%20logo%20%282%29.png"
    assert brand.ink is not None and brand.ink.solid == "#224466"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("#1A2b3C", "#1a2b3c"),
        ("#Fa0", "#ffaa00"),
        ("1a2b3c", ""),
        ("#12345", ""),
        ("navy", ""),
        ("", ""),
        ("#1a2b3c ", ""),
    ],
)
def test_colors_are_written_in_one_way(given: str, plain: str) -> None:
    assert brands.written(given) == plain


def test_a_color_that_fails_gets_the_nearest_that_passes() -> None:
    (key, message, hint), other = brands.check_colors("#e8b33c", "#f90")
    assert key == "color"
    assert message == "color #e8b33c: white text on it has a contrast of 1.9:1, and needs 4.5:1"
    assert hint == "take #937126, the nearest that passes"
    assert other == (
        "accent",
        "accent #f90: as text on white it has a contrast of 2.1:1, and needs 4.5:1",
        "take #aa6600, the nearest that passes",
    )
    assert brands.check_colors("#937126", "#aa6600") == []


@pytest.mark.parametrize("wrong", ["#ff0000", "#ffffff", "#00e0e0", "#8a8a8a", "#ffe600", "#f0f"])
def test_the_nearest_passes_and_keeps_its_hue(wrong: str) -> None:
    [(_, _, hint)] = brands.check_colors(wrong, "")
    better = hint.split()[1].rstrip(",")
    assert brands.check_colors(better, better) == []
    # Only just: a step lighter, it would not pass. Hue is what the order of its channels says.
    assert ratio(color(better), (255, 255, 255)) < 4.62
    given, taken = color(brands.written(wrong)), color(better)
    assert sorted(range(3), key=lambda at: given[at]) == sorted(range(3), key=lambda at: taken[at])


@pytest.mark.parametrize("own", ["#000000", "#1746b8", "#7a1f5c", "#0f5c3a", "#a35a00", "#767676", "#ee0000"])
@pytest.mark.parametrize("accent", ["", "#c41e63", "#000000", "#767676"])
def test_tokens_hold_their_contrast(own: str, accent: str) -> None:
    assert brands.check_colors(own, accent) == []
    found = brands.tokens(own, accent)
    assert list(found) == ["--ink", "--tint", *(["--accent"] if accent else []), "--accent-on-ink"]
    assert found["--ink"] == own and found.get("--accent", "") == accent
    assert ratio(color(own), color(found["--tint"])) >= 4.5
    assert ratio(TEXT, color(found["--tint"])) >= 13
    assert luminance(color(found["--tint"])) >= 0.82
    assert ratio(color(found["--accent-on-ink"]), color(own)) >= 4.5


def test_an_accent_alone_can_be_read_on_every_ink_of_the_palette() -> None:
    found = brands.tokens("", "#9a3412")
    assert list(found) == ["--accent", "--accent-on-ink"]
    palette = tomllib.loads((ROOT / "styles/palette.toml").read_text("utf-8"))
    assert all(ratio(color(found["--accent-on-ink"]), color(ink["solid"])) >= 4.5 for ink in palette.values())
    assert brands.tokens("", "") == {}


def test_the_accent_of_the_house_stays_where_it_can_be_read() -> None:
    tokens = (ROOT / "styles/base/tokens.css").read_text("utf-8")
    assert f"--accent-on-ink: {brands.tokens('#1f3a5f', '')['--accent-on-ink']};" in tokens


def test_colors_reach_the_page(trades: Path) -> None:
    project = with_brand(trades, 'color = "#1746b8"\naccent = "#c41e63"\n')
    material = gather(project, "specialty", "baker", "kiln")
    assert {material.ink(name).solid for name in ("bronze", "teal")} == {"#1746b8"}
    assert material.brand_style == "--accent: #c41e63; --accent-on-ink: " + brands.tokens("#1746b8", "#c41e63")[
        "--accent-on-ink"
    ]
    html = compose(project, material, "letter").html
    assert f'style="--ink: #1746b8; --tint: #e8ecf8; {material.brand_style}"' in html
    plain = gather(project, "specialty", "baker")
    assert plain.brand_style == ""
    assert 'style="--ink: #5a4a12; --tint: #f3efdf"' in compose(project, plain, "letter").html


# Logos


def test_a_logo_fine_enough(trades: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="9"/>'
    change(trades, "styles/brands/kiln/wide.svg", "", drawing)
    project = Project(trades)
    folder = trades / "styles/brands/kiln"
    for name, size in {"wide.png": (660, 60), "tall.png": (40, 135), "large.png": (4000, 900)}.items():
        (folder / name).write_bytes(picture(*size))
        assert brands.check_logo(project, f"styles/brands/kiln/{name}") == []
    assert brands.check_logo(project, "styles/brands/kiln/wide.svg") == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            picture(120, 40),
            'the logo "a.png" is 120 × 40 px, which prints at 88 dots an inch, and needs 300 · '
            "save it at 405 × 135 px or more, or as SVG",
        ),
        (
            picture(4001, 900),
            'the logo "a.png" is 4001 × 900 px, more than 4000 · save it 601 × 135 px or somewhat larger',
        ),
        (picture(700, 140)[:-9], 'the logo "a.png" is damaged, or only a part of the file · save it again'),
        (
            picture(700, 140).replace(b"IDAT", b"IDAX"),
            'the logo "a.png" is damaged, or only a part of the file · save it again',
        ),
        (b"", 'the logo "a.png" is empty · save it again'),
        (b"\0" * 1_000_001, 'the logo "a.png" takes 1.0 MB, and may take 1 · save it smaller, or as SVG'),
        (b"\xff\xd8\xff\xe0", 'the logo "a.png" is no PNG, whatever its name says · '
         "open it in a drawing program, and save it as PNG"),
    ],
)
def test_a_picture_that_is_no_logo(trades: Path, data: bytes, said: str) -> None:
    (trades / "styles/brands/default/a.png").write_bytes(data)
    advice = brands.check_logo(Project(trades), "styles/brands/default/a.png")
    assert [" · ".join(one) for one in advice] == [said]


@pytest.mark.parametrize(
    ("folder", "name", "path"),
    [
        ("beside", "logos\\north.svg", "beside/logos/north.svg"),
        ("beside", "./north.svg", "beside/north.svg"),
        ("beside", "../north.svg", ""),
        ("beside", "a/../../north.svg", ""),
        ("beside", "/etc/north.svg", ""),
        ("beside", "C:\\north.svg", ""),
    ],
)
def test_where_a_logo_lies(folder: str, name: str, path: str) -> None:
    assert brands.logo_path(folder, name) == path


def test_a_logo_beside_a_spreadsheet(trades: Path) -> None:
    (trades / "rows").mkdir()
    (trades / "rows/a.png").write_bytes(picture(660, 140))
    project = Project(trades, trades / "rows")
    assert brands.check_logo(project, "beside/a.png") == []
    assert [message for message, _ in brands.check_logo(project, "beside/b.png")] == ['the logo "b.png" is missing']


def test_judging_colors_and_logos_loads_nothing_heavy() -> None:
    heavy = "pydantic weasyprint jinja2 markdown pikepdf PIL yaml citeproc"
    script = f"import sys, handouts.brands; print(*[name for name in '{heavy}'.split() if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout == "\n"


# Figures of a brand's own


def local(root: Path) -> tuple[Project, Material]:
    project = with_brand(root, LOCAL)
    return project, gather(project, "card", "baker", "kiln")


def test_a_local_fact_replaces_ours(trades: Path) -> None:
    project, material = local(trades)
    years = material.facts["apprentice-years"]
    assert (years.shown, years.label, years.subject) == ("30\u00a0months", "at the Kiln", "education")
    pay = material.facts["baker-pay"]
    assert (pay.shown, pay.label, pay.period, pay.kind) == ("$39,000", "median pay a year", "2029", "official")
    assert [row.label for row in material.chart("pay").rows][:2] == ["Bakers, at the Kiln", "Potters"]
    assert list(material.facts) == list(gather(project, "card", "baker").facts)
    html = compose(project, material, "letter").html
    assert '<strong>30\u00a0months</strong> <span>at the <span class="pair">Kiln, 2029<' in html
    assert "The Kiln, <em>The book of the Kiln</em>" in html and "https://example.org/kiln" not in html
    plain = compose(project, gather(project, "card", "baker"), "letter").html
    assert "<strong>3\u00a0years</strong>" in plain and "Kiln" not in plain


def test_what_is_printed_of_ours_is_not_kept_for_another_figure(trades: Path) -> None:
    """The words that stand for our figure would print it in place of theirs."""
    change(trades, "content/facts.toml", 'unit = "years"\n', 'unit = "years"\ndisplay = "three years"\nshort = "3 y"\n')
    _, material = local(trades)
    assert material.facts["apprentice-years"].shown_large == "30\u00a0months"


def test_a_label_wins_over_the_caption_of_a_page(trades: Path) -> None:
    change(trades, "content/specialties/baker.md", "  - apprentice-years\n", "  - apprentice-years: with a master\n")
    project, material = local(trades)
    assert [item.caption for item in material.subject.front.glance] == ["", "", "", "the credential of a master"]
    assert [item.caption for item in gather(project, "card", "baker").subject.front.glance][2] == "with a master"


def test_a_page_finds_its_own_local_facts_stale(trades: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = with_brand(trades, LOCAL)
    monkeypatch.setenv("HANDOUTS_TODAY", "2033-02-01")
    warnings = [line for line in run(trades, "build", "card", "baker", "--brand", "kiln").stderr.splitlines()]
    assert [line for line in warnings if KILN in line] == [
        f'warning: {KILN}:3  "apprentice-years" is 39 months old: its source, kiln-book, is of 2029-10-31, and a fact '
        "such as this is read again after 36 (printed by content/specialties/baker.md) · read the source again and "
        f"update value, period and read, and its date in {KILN}; or take the fact out of the text; timeless = true is "
        "for what can never change",
        f'warning: {KILN}:11  "baker-pay" is 39 months old: its source, kiln-book, is of 2029-10-31, and pay is read '
        "again after 24 (printed by content/specialties/baker.md and 1 more) · read the source again and update value, "
        f"period and read, and its date in {KILN}; or take the fact out of the text; timeless = true is for what can "
        "never change",
    ]
    assert load_brand(project, "kiln").file == KILN


def test_check_judges_brands_that_are_not_built(trades: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2030-02-01")
    with_brand(trades, LOCAL.replace('source = "kiln-book"', 'source = "guild-rules"').replace('"2029"', '"lately"'))
    with_brand(trades, 'color = "#e8b33c"\n', "faint")
    with_brand(trades, "", "specialty")
    with_brand(trades, LOCAL + TWIN, "twins")
    found = [
        (one["file"].removeprefix("styles/brands/"), one["line"], one["id"], one["message"])
        for one in as_json(run(trades, "check", "--json"))["findings"]
        if "brands" in one["file"]
    ]
    assert found == [
        ("faint/brand.toml", 1, "content",
         "color #e8b33c: white text on it has a contrast of 1.9:1, and needs 4.5:1"),
        ("kiln/brand.toml", 8, "figure-undated",
         'the period of "apprentice-years" names no year: "lately" '
         "(printed by content/specialties/baker.md and 2 more)"),
        ("kiln/brand.toml", 15, "figure-undated",
         'the period of "baker-pay" names no year: "lately" (printed by content/specialties/baker.md and 1 more)'),
        ("kiln/brand.toml", 18, "reference-orphan",
         'nothing is told from the source "kiln-book": no fact of this file names it'),
        ("specialty/brand.toml", None, "content",
         'a brand cannot be named "specialty", as a folder of the output is'),
        ("twins/brand.toml", 25, "reference-duplicate",
         '"twin" is the same source as "kiln-book" on line 18: they have the same address'),
    ]


# Editions


def test_an_edition_sets_what_it_names(trades: Path) -> None:
    project = with_brand(trades, 'organization = "The Kiln"\nphone = "555-0100"\ncolor = "#1746b8"\n')
    words = (("organization", "North <b>School</b>"), ("color", "#7a1f5c"))
    edition = Edition("north", words, (("event", "Open day"),))
    material = gather(project, "specialty", "baker", "kiln", edition=edition)
    assert (material.brand.organization, material.brand.phone) == ("North <b>School</b>", "555-0100")
    assert material.ink("bronze").solid == "#7a1f5c"
    assert material.event.model_dump() == {"name": "Open day", "date": "", "booth": ""}
    html = compose(project, material, "letter").html.replace(JOINER, "")
    assert "&lt;b&gt;School&lt;/b&gt;" in html and "<b>School" not in html
    assert gather(project, "specialty", "baker", "kiln", edition=Edition("south")).event.booth == "Booth 7"


def test_the_starter_teaches_every_key(trades: Path) -> None:
    """Each line of it is right as it stands, once its sign is taken away."""
    text = (ROOT / "styles/brands/starter.toml").read_text("utf-8")
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    keys = [line for line in lines if re.match(r"\[|\w+ = ", line)]
    whole = tomllib.loads("\n".join(keys))
    assert set(whole) == set(Brand.model_fields) - {"name"}
    assert set(whole["facts"].popitem()[1]) == set(LocalFact.model_fields)
    assert set(whole["sources"].popitem()[1]) == set(LocalSource.model_fields)
    filled = "\n".join(keys).replace("associate-degree-length", "apprentice-years")
    change(trades, "styles/brands/kiln/logo.svg", "", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    assert gather(with_brand(trades, filled), "card", "baker", "kiln").facts["apprentice-years"].shown == "22 months"


def test_a_folder_that_cannot_name_a_brand(trades: Path) -> None:
    with pytest.raises(Findings) as caught:
        load_brand(with_brand(trades, "", "our brand"), "our brand")
    assert str(caught.value) == (
        'styles/brands/our brand/brand.toml  "our brand" cannot name a brand · rename the folder: use letters, digits '
        "and hyphens, 40 at most, such as our-brand"
    )


FACES = """\
@font-face { font-family: "Kiln Sans"; src: url(kiln.ttf) }
@font-face { font-family: "Kiln Sans"; font-weight: 700; src: url("/styles/brands/kiln/kiln.ttf") }
:root { --sans: "Kiln Sans"; --text: #222222 }
"""


def test_a_brand_may_bring_faces(trades: Path) -> None:
    """They are embedded like ours, and preflight knows them."""
    project = with_brand(trades, "")
    change(trades, "styles/brands/kiln/brand.css", "", FACES)
    (trades / "styles/brands/kiln/kiln.ttf").write_bytes(project.read("fonts/SourceSerifPro-Regular.ttf"))
    document = compose(project, gather(project, "card", "baker", "kiln"), "letter")
    assert document.styles[-2:] == ("styles/card.css", "styles/brands/kiln/brand.css")
    plain = compose(project, gather(project, "card", "baker"), "letter")
    assert document.revision != plain.revision
    assert run(trades, "build", "card", "baker", "--brand", "kiln").exit_code == 0
    with pikepdf.open(trades / "output/kiln/card/baker.pdf") as pdf:
        fonts = {str(font.BaseFont)[8:] for font in pdf.pages[0].Resources.Font.values()}
    assert any(font.startswith("Kiln-Sans") for font in fonts)
    change(trades, "styles/brands/kiln/brand.css", "#222222", "#333333")
    assert compose(project, gather(project, "card", "baker", "kiln"), "letter").revision != document.revision
