"""Small sound PDFs, and how a test breaks one of them: what the tests of preflight share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import font_source_sans_pro
import pikepdf
from weasyprint import CSS, HTML

from handouts.findings import Finding
from handouts.finishing.accessibility import MARKS, finish
from handouts.preflight import access, file, flow, links
from handouts.preflight.evidence import Printed

FONT = Path(font_source_sans_pro.__file__).parent / "files" / "SourceSansPro-Regular.ttf"
STYLE = f"""
@font-face {{ font-family: Sans; src: url({FONT.as_uri()}) }}
@page {{ size: 120mm 160mm; margin: 16mm 14mm; @bottom-right {{ content: counter(page) }} }}
html {{ font: 10pt/14pt Sans }} body {{ margin: 0 }}
h1, h2, p, ul, table {{ margin: 0 0 14pt }} h1 {{ bookmark-level: 1 }}
h2 {{ bookmark-level: 2; font-size: 12pt }} p {{ orphans: 1; widows: 1 }} h2 {{ break-after: auto }}
"""
SENTENCE = "A keeper looks after hives, and the work is quiet and needs a steady hand."
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><title>A hive</title>'
    '<path d="M0 0h40v40z"/></svg>'
)
BODY = f"""<h1>Bees</h1><p>{SENTENCE} It is told by <a href="https://example.org/bees">the keepers of your town</a>,
and in <a href="#year">the next part</a>.</p><p>Here is one: {DRAWING}</p>
<h2 id="year">Through the year</h2><table><tr><th scope="col">Season</th><th scope="col">Work</th></tr>
<tr><td>Spring</td><td>Look for the queen</td></tr><tr><td>Summer</td><td>Take the honey</td></tr></table>
<h2>What you need</h2><ul><li>A veil and gloves</li><li>A smoker</li></ul>"""
CHECKS = (*file.ANY, *access.READ, *links.ANY, *links.READ, *flow.ANY)


@cache
def sheet(body: str = BODY, style: str = "") -> bytes:
    """A tagged PDF of ours in small: laid out, finished, and without a fault but what `body` brings."""
    html = f'<!doctype html><html lang="en"><title>Working with bees</title><body>{body}</body></html>'
    looks = [CSS(string=MARKS), CSS(string=STYLE), CSS(string=style)]
    return finish(HTML(string=html).write_pdf(stylesheets=looks, pdf_variant="pdf/ua-1"))


def edited(data: bytes, edit: Callable[[pikepdf.Pdf], object], **how: object) -> bytes:
    """A PDF after an edit, saved with whatever options pikepdf knows."""
    pdf = pikepdf.open(BytesIO(data))
    edit(pdf)
    out = BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def read(data: bytes) -> Printed:
    return Printed("bees.pdf", data)


def judged(data: bytes, checks: Iterable[Callable[[Printed], Iterable[Finding]]] = CHECKS) -> list[Finding]:
    printed = read(data)
    return [finding for check in checks for finding in check(printed)]


def ids(data: bytes) -> list[str]:
    return [finding.id for finding in judged(data)]


def elements(pdf: pikepdf.Pdf, tag: str = "") -> Iterator[pikepdf.Object]:
    """The structure elements of a PDF of ours, in reading order."""
    waiting = list(pdf.Root.StructTreeRoot.K)
    while waiting:
        element = waiting.pop(0)
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            if tag in ("", str(element.S)[1:]):
                yield element
            kids = element.get("/K", [])
            waiting[:0] = list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def notes(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """The annotations of all pages."""
    return [note for page in pdf.pages for note in page.obj.get("/Annots", [])]
