"""The accessibility pass on small documents by bare WeasyPrint: every step is seen in the PDF, veraPDF judges all."""

from __future__ import annotations

import importlib.util
import logging
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import font_source_sans_pro
import pikepdf
import pypdfium2
import pytest
from weasyprint import CSS, HTML

from handouts.finishing.accessibility import MARKS, PageLabels, finish

FONTS = Path(font_source_sans_pro.__file__).parent / "files"
DISC = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Ccircle cx='5' cy='5' r='5'/%3E%3C/svg%3E"
STYLE = f"""
@font-face {{ font-family: Sans; src: url({(FONTS / "SourceSansPro-Regular.ttf").as_uri()}) }}
@font-face {{ font-family: Sans; font-weight: 700; src: url({(FONTS / "SourceSansPro-Bold.ttf").as_uri()}) }}
@page {{ size: 120mm 150mm; margin: 16mm 12mm;
  @top-left {{ content: element(head) }} @bottom-right {{ content: "Folio " counter(page) }}
  @left-middle {{ content: ""; background: #ddd; width: 3mm }} }}
html {{ font-family: Sans; font-size: 10pt }}
h1, h2 {{ bookmark-level: 1 }}
.head {{ position: running(head) }} dl {{ break-inside: avoid }} .absolute {{ position: absolute; right: 0; top: 0 }}
.toc a::after {{ content: leader(".") target-counter(attr(href), page) }}
.icon {{ background: url("{DISC}") no-repeat; padding-left: 20px }} .arrow::before {{ content: "\\2192  " }}
.grid {{ display: grid; grid-template-columns: 1fr 1fr }} .flex {{ display: flex }} .faint {{ opacity: .5 }}
.table {{ display: table }} .table > div {{ display: table-cell }} .columns {{ columns: 2; height: 30mm }}
@counter-style step {{ system: extends decimal; prefix: "Step "; suffix: ": " }} .steps {{ list-style-type: step }}
"""


def svg(title: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">{title}<path d="M0 0h24v24z"/></svg>'


ROWS = "".join(f'<tr><th scope="row">Row {n}</th><td>{n}</td><td></td></tr>' for n in range(40))
ITEMS = "".join(f"<li>item {n} {'of many words ' * 9}</li>" for n in range(12))
BODY = f"""
<p class="head">Running <em>head</em> <a href="https://example.org/head">linked</a></p>
<h1>Sample</h1><p class="absolute">aside</p>
<ul class="toc"><li><a href="#one">Chapter one</a></li></ul>
<p>Pay<sup><a href="#source">1</a></sup> and <a href="https://example.org/long">a link of so many words that it must
break over the end of one line and perhaps of another</a>, <span lang="es">que tengas un día muy bueno y muy largo,
señor, en el departamento de radiología</span>.</p>
<p>Drawings: <a href="https://example.org/icon">{svg("<title>Scanner</title>")} with words</a>,
<a href="https://example.org/only">{svg("<title>Probe</title>")}</a>, {svg("")}</p>
<p class="faint">Faint text <b>bold</b></p>
<div class="grid"><div><h2 id="one">One</h2><p class="icon">icon</p></div><div>bare words</div></div>
<div class="flex"><p>left</p><p>right</p></div><div class="table"><div>cell one</div><div>cell two</div></div>
<div class="columns"><p>{"words in columns " * 18}</p></div>
<h3>Lists</h3><h4>Nested</h4>
<ul><li>outer<ul><li>inner</li></ul></li><li><p>first</p><p>second</p></li></ul>
<ol class="steps"><li>scan</li><li>read</li></ol><ul style="list-style: none"><li>plain one</li><li>plain two</li></ul>
<dl><dt>CT</dt><dd>tomography</dd><dt>MRI</dt><dt>MR</dt><dd>magnets</dd><dd><p>and</p><p>waves</p></dd></dl>
<p class="arrow">onward</p><blockquote><p lang="es">Cita</p></blockquote>
<figure>{svg("<title>Chart</title>")}<figcaption>Figure caption</figcaption></figure>
<table><caption>Long table</caption><thead><tr><th>Name</th><th colspan="2">Value</th></tr></thead>{ROWS}</table>
<ul>{ITEMS}</ul>
<ol><li id="source">Bureau. <a href="https://example.org/source">example.org/source</a></li></ol>
<p><a href="#one" style="display: block">Back <b>to</b> one</a></p>
"""
LABELS = (PageLabels(0, "none", "Cover"), PageLabels(1, "roman"), PageLabels(2, "decimal", start=3))
LINK_TEXTS = {"#source": "Source 1: Bureau"}


def written(body: str, lang: str = "en") -> bytes:
    document = HTML(string=f'<!doctype html><html lang="{lang}"><title>Sample</title><body>{body}</body></html>')
    return document.write_pdf(stylesheets=[CSS(string=MARKS), CSS(string=STYLE)], pdf_variant="pdf/ua-1")


def finished(pdf: bytes) -> bytes:
    return finish(pdf, labels=LABELS, link_texts=LINK_TEXTS, other_language="es")


@dataclass
class Sample:
    """A document before and after the pass, the latter open."""

    before: bytes
    after: bytes
    pdf: pikepdf.Pdf

    def elements(self, tag: str = "") -> list[pikepdf.Object]:
        found, todo = [], [self.pdf.Root.StructTreeRoot.K[0]]
        while todo:
            element = todo.pop(0)
            if isinstance(element, pikepdf.Dictionary) and "/S" in element:
                found.append(element)
                todo = [*element.K, *todo]
        return [element for element in found if tag in ("", str(element.S)[1:])]

    def slots(self) -> dict[int, pikepdf.Object]:
        numbers = list(self.pdf.Root.StructTreeRoot.ParentTree.Nums)
        return dict(zip(numbers[::2], numbers[1::2], strict=True))

    def annotations(self) -> list[pikepdf.Object]:
        return [annotation for page in self.pdf.pages for annotation in page.obj.get("/Annots", ())]


@pytest.fixture(scope="module")
def sample() -> Sample:
    before = written(BODY)
    after = finished(before)
    return Sample(before, after, pikepdf.open(BytesIO(after)))


def tags(element: pikepdf.Object) -> list[str]:
    return [str(kid.S)[1:] for kid in element.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def properties(page: pikepdf.Page) -> list[pikepdf.Dictionary]:
    """Those of all marked content in a page's own stream that has any."""
    instructions = pikepdf.parse_content_stream(page)
    return [instruction.operands[1] for instruction in instructions if str(instruction.operator) == "BDC"]


def test_running_heads_and_folios_become_pagination_artifacts(sample):
    pages = len(sample.pdf.pages)
    marks = [mark for page in sample.pdf.pages for mark in properties(page) if "/Type" in mark]
    assert {str(mark.Type) for mark in marks} == {"/Pagination"}
    kinds = [str(mark.get("/Subtype", "")) for mark in marks]
    assert pages > 3
    assert kinds.count("/Footer") == pages
    assert kinds.count("/Header") >= 3 * pages


def test_every_mark_is_owned_by_the_element_in_its_slot(sample):
    slots = sample.slots()
    for page in sample.pdf.pages:
        marks = [int(mark.MCID) for mark in properties(page) if "/MCID" in mark]
        owners = {mcid: owner for mcid, owner in enumerate(slots[page.obj.StructParents]) if owner is not None}
        assert sorted(marks) == sorted(owners)
        for mcid, owner in owners.items():
            assert mcid in [kid for kid in owner.K if isinstance(kid, int)]
            assert owner.Pg.objgen == page.obj.objgen
    assert sample.pdf.Root.StructTreeRoot.ParentTreeNextKey == max(slots) + 1


def test_content_painted_in_a_form_is_referred_to_there(sample):
    marks = [kid for element in sample.elements() for kid in element.K if getattr(kid, "Type", None) == "/MCR"]
    slots = sample.slots()
    assert len(marks) == 2
    assert all(slots[mark.Stm.StructParents][mark.MCID] is not None for mark in marks)


def test_links_say_where_they_lead_and_are_printed(sample):
    texts = {str(annotation.Contents) for annotation in sample.annotations()}
    assert texts == {
        "Chapter one 1",
        "Source 1: Bureau",
        "a link of so many words that it must break over the end of one line and perhaps of another",
        "Scanner with words",
        "Probe",
        "example.org/source",
        "Back to one",
    }
    assert {int(annotation.F) for annotation in sample.annotations()} == {4}


def test_a_link_is_one_element_with_one_annotation_a_line(sample):
    slots = sample.slots()
    lines = []
    for link in sample.elements("Link"):
        annotations = [kid.Obj for kid in link.K if getattr(kid, "Type", None) == "/OBJR"]
        lines.append(len(annotations))
        assert all(slots[annotation.StructParent].objgen == link.objgen for annotation in annotations)
    long = len([annotation for annotation in sample.annotations() if "many words" in str(annotation.Contents)])
    assert long > 1
    assert sorted(lines) == [1, 1, 1, 1, 1, 1, long]
    assert sum(lines) == len(sample.annotations())


def test_an_anchor_without_an_address_is_no_link():
    with pikepdf.open(BytesIO(finished(written('<p>to <a>nowhere</a> and <a href="#up" id="up">up</a></p>')))) as pdf:
        (paragraph,) = pdf.Root.StructTreeRoot.K[0].K
        assert tags(paragraph) == ["Link"]
        assert len(pdf.pages[0].obj.Annots) == 1


def test_a_link_in_a_running_head_is_no_link(sample):
    def leads_there(annotation: pikepdf.Object) -> bool:
        return "/A" in annotation and str(annotation.A.URI) == "https://example.org/head"

    with pikepdf.open(BytesIO(sample.before)) as before:
        assert any(leads_there(annotation) for page in before.pages for annotation in page.obj.get("/Annots", ()))
    assert not any(leads_there(annotation) for annotation in sample.annotations())


def test_leader_dots_are_not_read(sample):
    (toc,) = (link for link in sample.elements("Link") if "Chapter" in str(link.K[0].Obj.Contents))
    assert len([kid for kid in toc.K if isinstance(kid, int)]) == 2


def test_header_cells_have_a_scope_and_no_ids(sample):
    scopes = [str(cell.A.Scope) for cell in sample.elements("TH")]
    heads = len(sample.elements("THead"))
    assert heads > 1
    assert scopes.count("/Column") == 2 * heads
    assert scopes.count("/Row") == 40
    assert [int(cell.A.ColSpan) for cell in sample.elements("TH") if "/ColSpan" in cell.A] == [2] * heads
    assert not any("/ID" in cell for cell in sample.elements("TH"))
    assert not any("/A" in cell for cell in sample.elements("TD"))


def test_a_row_header_without_scope_speaks_for_its_row():
    after = finish(written("<table><tr><th>a<th>b<tr><th>c<td>d</table>"))
    table = Sample(b"", after, pikepdf.open(BytesIO(after)))
    cells = table.elements("TH")
    assert [str(cell.A.Scope) for cell in cells] == ["/Column", "/Column", "/Row"]


def test_terms_become_labels_of_their_descriptions(sample):
    shapes = [[tags(item) for item in entry.K] for entry in sample.elements("L")]
    assert [["Lbl", "LBody"], ["Lbl", "Lbl", "LBody", "LBody"]] in shapes
    assert [["LBody"], ["LBody"]] in shapes  # a list without markers is no list of terms


def test_list_items_hold_labels_and_bodies_only(sample):
    assert {tag for item in sample.elements("LI") for tag in tags(item)} == {"Lbl", "LBody"}
    assert any(tags(body) == ["P", "P"] for body in sample.elements("LBody"))


def test_ordered_lists_say_how_they_count(sample):
    numberings = [str(entry.A.ListNumbering) for entry in sample.elements("L") if "/A" in entry]
    assert {"/Disc", "/Circle", "/Decimal"} == set(numberings)
    assert numberings.count("/Decimal") == 2


def test_a_drawing_without_a_title_is_an_artifact(sample):
    figures = sample.elements("Figure")
    assert {str(figure.Alt) for figure in figures} == {"Scanner", "Probe", "Chart"}
    assert not any("/OBJR" in str(kid) for figure in figures for kid in figure.K)


def test_figures_are_measured_in_points_from_below(sample):
    document = pypdfium2.PdfDocument(sample.after)
    paths = [
        tuple(round(side) for side in item.get_bounds())
        for page in document
        for item in page.get_objects()
        if item.type == pypdfium2.raw.FPDF_PAGEOBJ_PATH
    ]
    for figure in sample.elements("Figure"):
        box = [float(side) for side in figure.A.BBox]
        assert box[2] - box[0] == pytest.approx(18, abs=0.01)
        assert tuple(round(side) for side in box) in paths
    document.close()


def test_marked_text_has_its_language(sample):
    spoken = [(str(element.S), str(element.Lang)) for element in sample.elements() if "/Lang" in element]
    assert set(spoken) == {("/P", "es"), ("/Span", "es")}
    assert spoken.count(("/Span", "es")) >= 2  # broken over lines


def test_elements_that_say_nothing_are_gone(sample):
    assert {str(element.S)[1:] for element in sample.elements()} <= {
        *("Document", "H1", "H2", "H3", "H4", "P", "L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TR", "TH"),
        *("TD", "Caption", "Figure", "Link", "Span", "BlockQuote", "NonStruct"),
    }
    assert [tags(element) for element in sample.elements("NonStruct")] == [["Figure", "Caption"]]
    assert all("/Lang" in span for span in sample.elements("Span"))
    assert len(sample.after) < 0.95 * len(sample.before)


def test_pages_have_labels(sample):
    document = pypdfium2.PdfDocument(sample.after)
    assert [document.get_page_label(index) for index in range(4)] == ["Cover", "i", "3", "4"]
    document.close()
    with pytest.raises(ValueError, match="page labels must begin with the first page"):
        finish(sample.before, labels=[PageLabels(1)])


def test_nothing_visible_changes(sample):
    before, after = pypdfium2.PdfDocument(sample.before), pypdfium2.PdfDocument(sample.after)
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert old.get_textpage().get_text_range() == new.get_textpage().get_text_range()
        assert bytes(old.render(scale=1).buffer) == bytes(new.render(scale=1).buffer)
    before.close()
    after.close()


def test_the_marks_paint_nothing_and_move_nothing():
    pages = []
    for style in ("", MARKS):
        html = HTML(string=f'<html lang="en"><title>Sample</title>{BODY}')
        pdf = pypdfium2.PdfDocument(html.write_pdf(stylesheets=[CSS(string=style), CSS(string=STYLE)]))
        pages.append([bytes(page.render(scale=1).buffer) for page in pdf])
        pdf.close()
    assert pages[0] == pages[1]


def test_information_and_metadata_agree(sample):
    with sample.pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == sample.pdf.docinfo.Title == "Sample"
        assert metadata["pdf:Producer"] == sample.pdf.docinfo.Producer
        assert metadata["pdfuaid:part"] == "1"


def test_same_bytes_in_this_process_and_in_others(sample, tmp_path):
    assert finished(sample.before) == sample.after
    source = tmp_path / "before.pdf"
    source.write_bytes(sample.before)
    program = (
        "import sys, hashlib, pathlib; sys.path[:0] = sys.argv[2:];"
        "from handouts.finishing.accessibility import finish;"
        "print(hashlib.sha256(finish(pathlib.Path(sys.argv[1]).read_bytes())).hexdigest())"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", program, str(source), *sys.path],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_a_pdf_without_tags_or_of_another_shape_is_refused(sample):
    with pytest.raises(ValueError, match="has no structure tree"):
        finish(HTML(string="<p>x").write_pdf())
    with pytest.raises(ValueError, match="not a structure element as WeasyPrint writes it"):
        finish(sample.after)


def test_verapdf_finds_nothing(sample, tmp_path):
    spec = importlib.util.spec_from_file_location("verapdf", Path(__file__).parent.parent / "tools" / "verapdf.py")
    verapdf = sys.modules["verapdf"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(verapdf)
    if reason := verapdf.available():
        pytest.skip(reason)
    spanish = written('<h1>Hola</h1><p>Un <span lang="en">scanner</span><table><tr><th>a<td>b</table>', lang="es")
    files = {"before": sample.before, "after": sample.after, "spanish": finish(spanish, other_language="en")}
    for name, content in files.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    verdicts = {path.stem: found for path, found in verapdf.validate(sorted(tmp_path.glob("*.pdf"))).items()}
    assert {failure.clause for failure in verdicts.pop("before")} == {"7.1", "7.2", "7.3", "7.18.5"}
    assert verdicts == {"after": [], "spanish": []}


@pytest.fixture(autouse=True)
def no_complaint_by_the_layout_engine(caplog):
    yield
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    assert not [record.getMessage() for record in records if record.levelno >= logging.WARNING]
