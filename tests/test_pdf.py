"""Layout: what is opened and what never is, and what the engine's log becomes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import small

from handouts.document import Document
from handouts.findings import Findings
from handouts.latitude import Setting, Stretch
from handouts.model import Format
from handouts.pdf import Sheet

FORM = Format(name="card", title="card", scope="each", styles=(), papers={}, pages=(1, 1))
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
REFUSED = (
    "is not a file of the project, and nothing is fetched · save it in the project and name it by its path"
)
FACES = "@font-face { font-family: Sans; src: url(/fonts/SourceSansPro-Regular.ttf) } html { font: 9pt/1 Sans }"


def sheet(root: Path, body: str, style: str = "", files: dict[str, str] | None = None) -> Sheet:
    """A document of one style sheet, `styles/card.css`, on a page of 100 by 100 mm without margins."""
    page = "@page { size: 100mm; margin: 0 } body, h1, p { margin: 0 } h1 { font-size: 1em }"
    project = small.project(root, {"styles/card.css": f"{FACES}\n{page}\n{style}", **(files or {})})
    html = f'<!doctype html><html lang="en"><head><title>Card</title></head><body><h1>Card</h1>{body}</body></html>'
    document = Document(html, ("styles/card.css",), "Card", FORM, "0000-0000", "", {}, "content/cards/ct.md", {})
    return Sheet(project, document)


def told(caught: pytest.ExceptionInfo[Findings]) -> list[str]:
    return [str(finding) for finding in caught.value.findings]


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that would answer, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments: object) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}", asked
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ('<img src="{}" alt="x">', ""),
        ('<p style="background: url({})">x</p>', ""),
        ('<link rel="stylesheet" href="{}">', ""),
        ("<style>@import url({});</style>", ""),
        ('<object data="{}" type="image/svg+xml">x</object>', ""),
        ('<embed src="{}" type="image/svg+xml">', ""),
        ('<svg><title>x</title><image href="{}" width="9" height="9"/></svg>', ""),
        ("", "h1 {{ background: url({}) }}"),
        ("<ul><li>x</ul>", "li {{ list-style-image: url({}) }}"),
        ("", "h1::before {{ content: url({}) }}"),
        ("", "@import url({});"),
        ("", "@font-face {{ font-family: Other; src: url({}) }} h1 {{ font-family: Other }}"),
    ],
)
def test_no_way_leads_to_the_network(tmp_path: Path, server: tuple[str, list[str]], body: str, style: str):
    base, asked = server
    url = f"{base}/x.svg"
    # An @import counts only before every other rule.
    files = {"styles/card.css": style.format(url)} if style.startswith("@import") else {}
    with pytest.raises(Findings) as caught:
        page = sheet(tmp_path, body.format(url), style.format(url), files)
        page.write(page.lay_out())
    assert asked == []
    assert any(line.endswith(f'"{url}" {REFUSED}') for line in told(caught))


@pytest.mark.parametrize(("body", "style"), [('<img src="{}" alt="x">', ""), ("", "h1 {{ background: url({}) }}")])
@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "../../../../etc/passwd",
        "//example.invalid/x.svg",
        "file://host/styles/x.svg",
        "FILE:///etc/passwd",
        "javascript:1",
    ],
)
def test_nothing_outside_the_project_is_opened(tmp_path: Path, body: str, style: str, url: str):
    with pytest.raises(Findings) as caught:
        page = sheet(tmp_path, body.format(url), style.format(url))
        page.write(page.lay_out())
    [line] = told(caught)
    assert line.endswith(REFUSED)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/styles/gone.svg", 'the file "styles/gone.svg" is missing'),
        ("/styles/../secret.svg", '"file:///secret.svg" is not a file of the project, and nothing is fetched'),
        ("/styles/%2e%2e/secret.svg", '"file:///styles/%2e%2e/secret.svg" is not a file of the project'),
        ("/handouts.toml", '"file:///handouts.toml" is not a file of the project'),
        ("/templates/card/page.html", '"file:///templates/card/page.html" is not a file of the project'),
        ("ftp://example.invalid/x", '"ftp://example.invalid/x" is not a file of the project'),
        (PIXEL, f'"{PIXEL}" is not a file of the project'),
    ],
)
def test_only_pictures_styles_content_and_fonts_are_opened(tmp_path: Path, url: str, message: str):
    with pytest.raises(Findings) as caught:
        sheet(tmp_path, f'<img src="{url}" alt="x">', "", {"secret.svg": DRAWING}).lay_out()
    assert len(told(caught)) == 1
    assert told(caught)[0].startswith(f"content/cards/ct.md  {message}")


def test_a_link_that_leads_outside_is_not_followed(tmp_path: Path):
    (tmp_path / "secret.svg").write_text(DRAWING)
    (tmp_path / "project/content").mkdir(parents=True)
    (tmp_path / "project/content/x.svg").symlink_to(tmp_path / "secret.svg")
    with pytest.raises(Findings, match=r'the file "content/x\.svg" is missing'):
        sheet(tmp_path / "project", '<img src="/content/x.svg" alt="x">').lay_out()


def test_a_drawing_of_the_project_is_drawn(tmp_path: Path):
    page = sheet(tmp_path, '<img src="/content/x.svg" alt="A triangle">', "", {"content/x.svg": DRAWING})
    pdf = page.write(page.lay_out())
    image = pypdfium2.PdfDocument(pdf)[0].render().to_pil().convert("L")
    darkest, lightest = image.getextrema()
    assert darkest < 10
    assert lightest == 255


def test_a_drawing_that_reaches_outside_is_refused(tmp_path: Path, server: tuple[str, list[str]]):
    base, asked = server
    drawing = DRAWING.replace("<path", f'<image href="{base}/x.png" width="9" height="9"/><path')
    page = sheet(tmp_path, '<img src="/content/x.svg" alt="x">', "", {"content/x.svg": drawing})
    with pytest.raises(Findings) as caught:
        page.write(page.lay_out())
    assert asked == []
    assert told(caught) == [
        f'content/cards/ct.md  "{base}/x.png" {REFUSED}',
        "content/cards/ct.md  the layout engine says: Failed to render SVG image file:///content/x.svg"
        " · mend it: what the engine does not know, it leaves out",
    ]


@pytest.mark.parametrize(
    ("body", "style", "message"),
    [
        ("", "h1 { colour: red }", "styles/card.css:3  {}Ignored `colour: red ` at 3:6, unknown property."),
        ("", "h1 { float: middle }", "styles/card.css:3  {}Ignored `float: middle ` at 3:6, invalid value."),
        ("", "@container (width > 1px) { h1 { color: red } }", "styles/card.css:3  {}"),
        ('<p><a href="#gone">x</a></p>', "", "content/cards/ct.md  {}No anchor #gone for internal URI reference"),
        ('<p style="colour: red">x</p>', "", "content/cards/ct.md:1  {}Ignored `colour: red`"),
        ('<img src="/styles/card.css" alt="x">', "", "content/cards/ct.md  {}Failed to load image"),
    ],
)
def test_a_line_in_the_engine_s_log_is_a_finding(tmp_path: Path, body: str, style: str, message: str):
    with pytest.raises(Findings) as caught:
        page = sheet(tmp_path, body, style)
        page.write(page.lay_out())
    assert told(caught)[0].startswith(message.format("the layout engine says: "))
    assert told(caught)[0].endswith(" · mend it: what the engine does not know, it leaves out")


def test_all_lines_of_the_log_come_together(tmp_path: Path):
    with pytest.raises(Findings) as caught:
        sheet(tmp_path, "", "h1 { colour: red }\nh1 { float: middle }")
    assert [finding.line for finding in caught.value.findings] == [3, 4]


LINK = '<a href="https://example.org/a">our\u200b page</a>'
IN_A_BOX = 'the link "our page" is an item of {}, where the layout engine loses its address, https://example.org/a'
HINT = "put the link in a <span>, or take display: flex or grid from {} in styles/"


@pytest.mark.parametrize(
    ("body", "style", "message"),
    [
        (f'<p class="web">{LINK}</p>', "p { display: flex }", f"{IN_A_BOX} · {HINT}".format("p.web", "p.web")),
        (f"<p>{LINK}</p>", "p { display: inline-flex }", f"{IN_A_BOX} · {HINT}".format("p", "p")),
        (
            f"<div>{LINK.replace('our', '<b>our</b>')}</div>",
            "div { display: grid; position: absolute }",
            f"{IN_A_BOX} · {HINT}".format("div", "div"),
        ),
        ('<p><a href=" ">x</a></p>', "", 'the link "x" in p has no address · write it in the template, in href="…"'),
    ],
)
def test_a_link_that_would_lead_nowhere_is_a_finding(tmp_path: Path, body: str, style: str, message: str):
    page = sheet(tmp_path, body, style)
    with pytest.raises(Findings) as caught:
        page.write(page.lay_out())
    assert told(caught) == [f"content/cards/ct.md  {message}"]
    assert caught.value.findings[0].id == "link-broken"


@pytest.mark.parametrize(
    ("body", "style"),
    [
        (f"<p><span>{LINK}</span></p>", "p { display: flex }"),
        (f"<p>{LINK}</p>", "a { display: flex }"),
        (f"<p>{LINK}</p>", "p { display: flex } a { display: block }"),
        (f"<p>{LINK} and on</p>", "a { float: left }"),
        ('<p><a id="here">no link</a></p>', ""),
    ],
)
def test_other_links_are_fine(tmp_path: Path, body: str, style: str):
    page = sheet(tmp_path, body, style)
    assert page.write(page.lay_out()).startswith(b"%PDF")


def test_the_engine_s_logger_is_left_as_it_was(tmp_path: Path):
    logger = logging.getLogger("weasyprint")
    before = (list(logger.handlers), logger.propagate, logger.level)
    with pytest.raises(Findings):
        sheet(tmp_path, "", "h1 { colour: red }")
    sheet(tmp_path / "other", "").lay_out()
    assert (list(logger.handlers), logger.propagate, logger.level) == before


def test_a_setting_reaches_the_style_sheet_and_keeps_the_page_s_own(tmp_path: Path):
    style = "main { height: calc(10mm * var(--scale) * var(--own)); padding-bottom: var(--stretch) }"
    own = f"html {{ --own: 2; --stretch: 0mm }} {style}"
    page = sheet(tmp_path, '<main data-fit="text"></main><footer data-fit="foot"></footer>', own)
    page.own_style = "--own: 3"
    style = "footer { position: absolute; top: 90mm }"
    lengths = []
    handed = Stretch(values={"stretch": 7.0})
    for setting, stretch in ((Setting(scale=1.0), None), (Setting(scale=2.0), None), (Setting(scale=1.0), handed)):
        layout = page.lay_out(setting, stretch)
        [main] = [box for box in layout.rendered.pages[0]._page_box.descendants() if box.element_tag == "main"]
        lengths.append((main.height + main.padding_bottom) * 25.4 / 96)
    assert lengths == pytest.approx([30, 60, 37], abs=0.01)
    assert page.html.etree_element.get("style").startswith("--own: 3; --scale: 1.0; --leading: ")


def test_a_sheet_laid_out_again_is_the_same(tmp_path: Path):
    """Trials on the way to the setting that is kept leave nothing behind in the PDF."""
    body = '<main data-fit="text"><p>Words</p></main><footer data-fit="foot"></footer>'
    tried = sheet(tmp_path, body, "p { font-size: calc(9pt * var(--scale)) }")
    for scale in (0.8, 1.2):
        tried.lay_out(Setting(scale=scale))
    fresh = sheet(tmp_path, body, "p { font-size: calc(9pt * var(--scale)) }")
    first, second = (page.write(page.lay_out(Setting(scale=1.0))) for page in (tried, fresh))
    assert first == second
    with pikepdf.open(BytesIO(first)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()


def test_many_projects_in_one_process_leave_none_without_its_faces(tmp_path: Path) -> None:
    """Fonts are kept for a few projects, and style sheets for more: both go together."""
    roots = [tmp_path / str(number) for number in range(6)]
    for root in [*roots, *roots]:
        face = "@font-face { font-family: Ours; src: url(/fonts/SourceSansPro-Regular.ttf) } * { font: 9pt/1 Ours }"
        page = sheet(root, "<p>Words</p>", face)
        with pikepdf.open(BytesIO(page.write(page.lay_out()))) as pdf:
            names = [str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()]
        assert [name.partition("+")[2] for name in names] == ["Ours"], root
