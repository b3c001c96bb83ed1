"""Excel workbooks written by hand, as small as a reader takes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
# Style 1 is a date, style 2 the format of the case.
STYLES = (
    '<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="{code}"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)

# As Excel, LibreOffice, Google Sheets and programs that know only the standard write the same two cells: with all that
# stands around them.
SHEETS = {
    "Excel": f'''<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="urn:mc" mc:Ignorable="x14ac"
    xmlns:x14ac="urn:x14"><sheetPr filterMode="1"/><dimension ref="A1"/>
    <sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/>
    <selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>
    <sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/>
    <cols><col min="1" max="1" width="9.5" style="1"/></cols>
    <sheetData><row r="1" spans="1:1" s="1" customFormat="1" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c>
    </row><row r="3" spans="1:1" hidden="1" x14ac:dyDescent="0.25"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"/></row>
    </sheetData><sheetProtection algorithmName="SHA-512" hashValue="ab==" saltValue="ab==" spinCount="9" sheet="1"/>
    <autoFilter ref="A1:A3"><filterColumn colId="0"><customFilters><customFilter val="North"/></customFilters>
    </filterColumn></autoFilter><mergeCells count="1"><mergeCell ref="C1:D1"/></mergeCells>
    <conditionalFormatting sqref="A1"><cfRule type="duplicateValues" dxfId="0" priority="1"/></conditionalFormatting>
    <dataValidations count="1"><dataValidation type="list" allowBlank="1" sqref="A2"><formula1>"a,b"</formula1>
    </dataValidation></dataValidations><hyperlinks><hyperlink ref="A3" r:id="rId7"/></hyperlinks>
    <pageSetup paperSize="9" orientation="portrait" horizontalDpi="4294967293" r:id="rId8"/><drawing r:id="rId9"/>
    <tableParts count="1"><tablePart r:id="rId3"/></tableParts></worksheet>''',
    "LibreOffice": f'''<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheetPr filterMode="false">
    <pageSetUpPr fitToPage="false"/></sheetPr><dimension ref="A1:C3"/><cols>
    <col collapsed="false" customWidth="false" hidden="false" outlineLevel="0" max="1025" min="1" style="0"/></cols>
    <sheetData><row r="1" customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0">
    <c r="A1" s="0" t="s"><v>0</v></c></row><row r="3" customFormat="false" ht="12.8" hidden="false">
    <c r="A3" t="s"><v>1</v></c></row></sheetData><printOptions headings="false"/><headerFooter differentFirst="false">
    <oddHeader>&amp;C&amp;&quot;Times New Roman,Regular&quot;&amp;12&amp;A</oddHeader></headerFooter></worksheet>''',
    "Google Sheets": f'''<worksheet xmlns="{MAIN}" xmlns:mx="urn:mx">
    <sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr>
    <sheetViews><sheetView workbookViewId="0"/></sheetViews>
    <sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>
    <sheetData><row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>
    <row r="3"><c r="A3" s="1" t="s"><v>1</v></c></row><row r="1000"><c r="A1000"/></row></sheetData></worksheet>''',
    "prefixes": f'''<?xml version="1.0" encoding="utf-8"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c t="s">
    <x:v>0</x:v></x:c></x:row><x:row/><x:row><x:c t="inlineStr"><x:is><x:t>Nörd High</x:t></x:is></x:c></x:row>
    </x:sheetData></x:worksheet>''',
}
NAMES = (
    '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">A!$A$1:$A$3</definedName>'
    '<definedName name="_xlnm.Print_Titles" localSheetId="0">A!$1:$1</definedName>'
    '<definedName name="gone">#REF!</definedName></definedNames>'
)


def text(words: str) -> str:
    """A cell of text; what comes after `<c`, and before `</c>`."""
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(words)}</t></is>'


def number(value: float | int | str, style: int = 0) -> str:
    return f' s="{style}"><v>{value}</v>'


def workbook(
    cells: Mapping[str, str],
    *,
    code: str = "General",
    shared: Iterable[str] = (),
    sheets: str = '<sheet name="A" sheetId="1" r:id="rId1"/>',
    settings: str = "",
    names: str = "",
    more: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook of the cells of one sheet, "B3" to what `text` and `number` give, in the order of the rows.

    A second sheet, which `sheets` may name as rId4, is empty. `more` are parts that are added, or that take the place
    of others.
    """
    rows: dict[int, list[str]] = {}
    for place, cell in cells.items():
        row = int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        rows.setdefault(row, []).append(f'<c r="{place}"{cell}</c>')
    body = "".join(f'<row r="{row}">{"".join(found)}</row>' for row, found in rows.items())
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{KIND}sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{settings}'
        f"<sheets>{sheets}</sheets>{names}</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
        f'<Relationship Id="rId4" Type="{OFFICE}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
        "xl/styles.xml": STYLES.format(main=MAIN, code=escape(code, {'"': "&quot;"})),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"".join(shared)}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>',
        "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
        **(more or {}),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return written.getvalue()
