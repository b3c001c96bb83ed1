"""Small neat handouts made by other programs, as far as they are on this machine: what preflight meets in real life.

Each maker takes a folder and gives back a PDF as bytes. It is told by its program's name, and skipped without it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import shutil
import subprocess
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import font_source_sans_pro
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw, ImageFont
from weasyprint import HTML

FONT = Path(font_source_sans_pro.__file__).parent / "files" / "SourceSansPro-Regular.ttf"
TITLE = "Working with bees"
WORDS = (
    "A keeper looks after hives, from the first warm day of spring to the last of autumn. The work is quiet and needs",
    "a steady hand. You learn it at the side of somebody who knows, one season at a time, and never stop learning.",
)
ROWS = (("Season", "Work"), ("Spring", "Look for the queen"), ("Summer", "Take the honey"), ("Autumn", "Feed"))
ADDRESS = "https://example.org/bees"
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title><style>
@font-face {{ font-family: Sans; src: url("{FONT.as_uri()}") }}
@page {{ size: 210mm 297mm; margin: 25mm }}
html {{ font: 12pt/1.4 Sans }} h1 {{ font-size: 24pt }} td, th {{ padding: 2mm; text-align: left }}
</style></head><body><h1>{TITLE}</h1><p>{" ".join(WORDS)}</p>
<h2>Through the year</h2>
<table><tr>{"".join(f'<th scope="col">{cell}</th>' for cell in ROWS[0])}</tr>
{"".join(f"<tr><td>{one}</td><td>{other}</td></tr>" for one, other in ROWS[1:])}</table>
<h2>What you need</h2><ul><li>A veil and gloves</li><li>A smoker</li></ul>
<p>More is told by <a href="{ADDRESS}">the keepers of your town</a>.</p></body></html>"""



def _cells(*words: str) -> str:
    return "".join(f"<table:table-cell><text:p>{word}</text:p></table:table-cell>" for word in words)


# The same for LibreOffice, in its own flat form: what it reads of HTML is no fair test of what it writes.
_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table", "meta")
)
OFFICE = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document {_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
<office:meta><dc:title>{TITLE}</dc:title></office:meta><office:body><office:text>
<text:h text:outline-level="1">{TITLE}</text:h><text:p>{" ".join(WORDS)}</text:p>
<text:h text:outline-level="2">Through the year</text:h>
<table:table><table:table-column table:number-columns-repeated="2"/>
{"".join(f"<table:table-row>{_cells(*row)}</table:table-row>" for row in ROWS)}
</table:table><text:list><text:list-item><text:p>A veil and gloves</text:p></text:list-item></text:list>
<text:p>More is told by <text:a xlink:type="simple" xlink:href="{ADDRESS}">the keepers of your town</text:a>.</text:p>
</office:text></office:body></office:document>"""


@dataclass(frozen=True)
class Maker:
    """A program that writes PDFs: what it needs on the machine, and how it is asked."""

    name: str
    write: Callable[[Path], bytes]
    module: str = ""
    command: str = ""

    def missing(self) -> str:
        """Why it cannot be asked here; empty where it can."""
        if self.module and not importlib.util.find_spec(self.module):
            return f"{self.module} is not installed"
        if self.command and not shutil.which(self.command):
            return f"{self.command} is not on this machine"
        return ""


def pillow(folder: Path) -> bytes:
    """A scan: one picture that fills the page, 300 pixels an inch."""
    picture = Image.new("RGB", (2480, 3508), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((300, 300), TITLE, fill="black", font=ImageFont.truetype(str(FONT), 120))
    draw.text((300, 520), "\n".join(WORDS), fill="black", font=ImageFont.truetype(str(FONT), 34))
    return _saved(lambda out: picture.save(out, "PDF", resolution=300.0, quality=90))


def weasyprint(folder: Path) -> bytes:
    return HTML(string=PAGE).write_pdf()


def weasyprint_tagged(folder: Path) -> bytes:
    return HTML(string=PAGE).write_pdf(pdf_variant="pdf/ua-1")


def weasyprint_archive(folder: Path) -> bytes:
    with warnings.catch_warnings():
        # It leaves the file of its colour profile open.
        warnings.simplefilter("ignore", ResourceWarning)
        return HTML(string=PAGE).write_pdf(pdf_variant="pdf/a-2b")


def weasyprint_pages(folder: Path) -> bytes:
    """Three tagged pages with bookmarks and links between them."""
    body = "".join(
        f'<h2 id="part{n}" style="break-before: page">Part {n}</h2><p>{" ".join(WORDS)}</p>'
        f'<p>Go on to <a href="#part{n % 3 + 1}">part {n % 3 + 1}</a>.</p>'
        for n in (1, 2, 3)
    )
    return HTML(string=PAGE.replace("</body>", body + "</body>")).write_pdf(pdf_variant="pdf/ua-1")


def by_hand(folder: Path) -> bytes:
    """Written object by object, with tags of its own names and a role map, as page layout programs have them."""
    pdf = _page(
        b"/Artifact BMC 0.5 w 72 60 m 523 60 l S EMC\n"
        b"/Headline <</MCID 0>> BDC BT /F1 24 Tf 72 740 Td (Working with bees) Tj ET EMC\n"
        b"/Body <</MCID 1>> BDC BT /F1 12 Tf 72 700 Td (A keeper looks after hives.) Tj ET EMC\n"
        b"/Body <</MCID 2>> BDC BT /F1 12 Tf 72 680 Td (The work is quiet and needs a steady hand.) Tj ET EMC\n"
    )
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    story = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Story, P=root, Pg=pdf.pages[0].obj))
    kids = [
        pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(tag), P=story, Pg=pdf.pages[0].obj, K=Array([number]))
        )
        for number, tag in enumerate(("/Headline", "/Body", "/Body"))
    ]
    story.K = Array(kids)
    root.K = story
    root.RoleMap = Dictionary(Story=Name.Sect, Headline=Name.Heading, Heading=Name.H1, Body=Name.P)
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=Array([0, Array(kids)])))
    pdf.pages[0].obj.StructParents = 0
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.Lang = String("en-GB")
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.docinfo["/Title"] = TITLE
    return _saved(lambda out: pdf.save(out, min_version="1.7"))


def by_hand_untagged(folder: Path) -> bytes:
    pdf = _page(b"BT /F1 24 Tf 72 740 Td (Working with bees) Tj 0 -40 Td /F1 12 Tf (A keeper of hives.) Tj ET\n")
    return _saved(lambda out: pdf.save(out, min_version="1.4"))


def pdfium_written(folder: Path) -> bytes:
    """Text that pdfium sets itself."""
    pdf = pypdfium2.PdfDocument.new()
    page = pdf.new_page(595, 842)
    data = FONT.read_bytes()
    font = pdfium.FPDFText_LoadFont(
        pdf.raw, (ctypes.c_uint8 * len(data)).from_buffer_copy(data), len(data), pdfium.FPDF_FONT_TRUETYPE, 1
    )
    for text, size, height in ((TITLE, 24, 740), (WORDS[0][:80], 12, 700)):
        piece = pdfium.FPDFPageObj_CreateTextObj(pdf.raw, font, size)
        encoded = (text + "\0").encode("utf-16-le")
        words = (pdfium.FPDF_WCHAR * (len(encoded) // 2)).from_buffer_copy(encoded)
        pdfium.FPDFText_SetText(piece, words)
        pdfium.FPDFPageObj_Transform(piece, 1, 0, 0, 1, 72, height)
        pdfium.FPDFPage_InsertObject(page.raw, piece)
    page.gen_content()
    return _saved(pdf.save)


def pdfium_two_up(folder: Path) -> bytes:
    """Two pages of a tagged file on one sheet, as print shops do it: the tags are lost on the way."""
    source = pypdfium2.PdfDocument(weasyprint_pages(folder))
    sheet = pypdfium2.PdfDocument(pdfium.FPDF_ImportNPagesToOne(source.raw, 842, 595, 2, 1))
    return _saved(sheet.save)


def qpdf_merged(folder: Path) -> bytes:
    """Two files in one, as an office joins them: the tags of both are left behind."""
    merged = pikepdf.new()
    for data in (weasyprint(folder), by_hand_untagged(folder)):
        merged.pages.extend(pikepdf.open(BytesIO(data)).pages)
    return _saved(lambda out: merged.save(out, min_version="1.7"))


def qpdf_encrypted(folder: Path) -> bytes:
    """Anybody may open, print and read it; only changes are forbidden."""
    pdf = pikepdf.open(BytesIO(weasyprint_tagged(folder)))
    lock = pikepdf.Encryption(owner="keeper", user="", allow=pikepdf.Permissions(modify_other=False))
    return _saved(lambda out: pdf.save(out, encryption=lock, linearize=True))


def chromium(folder: Path) -> bytes:
    source, target = folder / "bees.html", folder / "chromium.pdf"
    source.write_text(PAGE, "utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    _called([*command, "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()])
    return target.read_bytes()


def _office(folder: Path, options: str) -> bytes:
    source = folder / "bees.fodt"
    source.write_text(OFFICE, "utf-8")
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    target = f"pdf:writer_pdf_Export:{options}"
    _called(["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(folder), str(source)])
    return (folder / "bees.pdf").read_bytes()


def libreoffice(folder: Path) -> bytes:
    return _office(folder, '{"UseTaggedPDF":{"type":"boolean","value":"false"}}')


def libreoffice_tagged(folder: Path) -> bytes:
    return _office(folder, '{"PDFUACompliance":{"type":"boolean","value":"true"}}')


def typst(folder: Path) -> bytes:
    import typst as program

    source = folder / "bees.typ"
    rows = ", ".join(f"[{one}], [{other}]" for one, other in ROWS[1:])
    source.write_text(
        f'#set document(title: "{TITLE}")\n#set text(lang: "en", size: 12pt)\n= {TITLE}\n{" ".join(WORDS)}\n'
        f"#table(columns: 2, table.header([{ROWS[0][0]}], [{ROWS[0][1]}]), {rows})\n"
        f'- A veil and gloves\n- A smoker\n\nMore is told by #link("{ADDRESS}")[the keepers of your town].\n',
        "utf-8",
    )
    return program.compile(str(source))


def reportlab(folder: Path) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    registerFont(TTFont("Sans", str(FONT)))
    canvas = Canvas(out, pagesize=A4, lang="en", initialFontName="Sans")
    canvas.setTitle(TITLE)
    canvas.setFont("Sans", 24)
    canvas.drawString(72, 740, TITLE)
    canvas.setFont("Sans", 12)
    canvas.drawString(72, 700, WORDS[0][:80])
    canvas.linkURL(ADDRESS, (72, 690, 300, 715))
    canvas.save()
    return out.getvalue()


def fpdf2(folder: Path) -> bytes:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_title(TITLE)
    pdf.set_lang("en")
    pdf.add_page()
    pdf.add_font("Sans", fname=str(FONT))
    pdf.set_font("Sans", size=24)
    pdf.cell(text=TITLE)
    pdf.ln(20)
    pdf.set_font("Sans", size=12)
    pdf.multi_cell(0, text=" ".join(WORDS))
    return bytes(pdf.output())


def matplotlib(folder: Path) -> bytes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.27, 11.69))
    axes = figure.subplots()
    axes.bar([one for one, _ in ROWS[1:]], [3, 5, 2])
    axes.set_title(TITLE)
    return _saved(lambda out: figure.savefig(out, format="pdf"))


MAKERS = (
    Maker("pillow", pillow),
    Maker("weasyprint", weasyprint),
    Maker("weasyprint-tagged", weasyprint_tagged),
    Maker("weasyprint-archive", weasyprint_archive),
    Maker("weasyprint-pages", weasyprint_pages),
    Maker("by-hand", by_hand),
    Maker("by-hand-untagged", by_hand_untagged),
    Maker("pdfium", pdfium_written),
    Maker("pdfium-two-up", pdfium_two_up),
    Maker("qpdf-merged", qpdf_merged),
    Maker("qpdf-encrypted", qpdf_encrypted),
    Maker("chromium", chromium, command="chromium"),
    Maker("libreoffice", libreoffice, command="soffice"),
    Maker("libreoffice-tagged", libreoffice_tagged, command="soffice"),
    Maker("typst", typst, module="typst"),
    Maker("reportlab", reportlab, module="reportlab"),
    Maker("fpdf2", fpdf2, module="fpdf"),
    Maker("matplotlib", matplotlib, module="matplotlib"),
)


def _page(content: bytes) -> pikepdf.Pdf:
    """One page of A4 with a font of the standard fourteen, which readers know."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    pdf.pages[0].obj.Contents = pdf.make_stream(content)
    return pdf


def _saved(save: Callable[[BytesIO], object]) -> bytes:
    out = BytesIO()
    save(out)
    return out.getvalue()


def _called(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
