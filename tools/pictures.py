"""Make the pictures of the README from freshly built PDFs: `python tools/pictures.py`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from handouts.build import Result, run
from handouts.findings import Finding, Findings
from handouts.planning import plan
from handouts.project import Project
from handouts.report import finding_lines
from handouts.workers import cores

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SHEETS = ("radiography", "ultrasound", "nuclear-medicine")
SPREAD = "Radiography"

GROUND, EDGE, SHADE = "#f1f3f5", "#d4dade", "#5b6b78"
MARGIN, GAP = 44, 36  # pixels around the sheets, and between them


def main() -> int:
    """Build, picture, save; returns the exit code."""
    with tempfile.TemporaryDirectory() as output:
        project = Project(ROOT)
        jobs = plan(project, "specialty", SHEETS, output=output) + plan(project, "booklet", (), output=output)
        results = run(jobs, cores(), _tell)
        if findings := [finding for result in results for finding in result.findings]:
            print("\n".join(finding_lines(findings)), file=sys.stderr)
            return 1
        sheets = [page(Path(output, result.file), 0, 500) for result in results[:-1]]
        booklet = Path(output, results[-1].file)
        left = page_of(booklet, SPREAD)
        spread = [page(booklet, number, 620) for number in (left, left + 1)]
    save("one-pager.png", on_ground(sheets))
    save("spread.png", on_ground([bound(spread)]))
    return 0


def page(file: Path, number: int, width: int) -> Image.Image:
    """One page of a PDF, `number` counted from 0, so many pixels wide; drawn at twice the size, for finer lines."""
    with pypdfium2.PdfDocument(file) as pdf:
        drawn = pdf[number].render(scale=2 * width / pdf[number].get_width()).to_pil().convert("RGB")
    return drawn.resize((width, round(drawn.height * width / drawn.width)), Image.Resampling.LANCZOS)


def page_of(file: Path, title: str) -> int:
    """The index of the page that a bookmark leads to; Findings where no bookmark has that title."""
    with pypdfium2.PdfDocument(file) as pdf:
        for bookmark in pdf.get_toc():
            if bookmark.get_title() == title:
                return bookmark.get_dest().get_index()
    raise Findings([Finding(file.name, 0, f'has no bookmark "{title}"', "mend SPREAD in tools/pictures.py")])


def bound(pages: Sequence[Image.Image]) -> Image.Image:
    """Two facing pages as one sheet, with the shade of the fold between them."""
    left, right = pages
    width, height = left.size
    sheet = Image.new("RGB", (width + right.width, height), "white")
    sheet.paste(left, (0, 0))
    sheet.paste(right, (width, 0))
    reach = 26
    shade = Image.new("L", (2 * reach, 1))
    shade.putdata([round(46 * (1 - abs(at - reach + 0.5) / reach) ** 2) for at in range(2 * reach)])
    sheet.paste(SHADE, (width - reach, 0), shade.resize((2 * reach, height)))
    return sheet


def on_ground(sheets: Sequence[Image.Image]) -> Image.Image:
    """Sheets side by side on a light ground, each with a thin edge and a soft shadow, so that white paper shows."""
    width = sum(sheet.width for sheet in sheets) + GAP * (len(sheets) - 1) + 2 * MARGIN
    height = max(sheet.height for sheet in sheets) + 2 * MARGIN
    ground = Image.new("RGB", (width, height), GROUND)
    shadow = Image.new("L", (width, height), 0)
    places, left = [], MARGIN
    for sheet in sheets:
        places.append((left, MARGIN, left + sheet.width, MARGIN + sheet.height))
        left += sheet.width + GAP
    for x1, y1, x2, y2 in places:
        ImageDraw.Draw(shadow).rectangle((x1, y1 + 9, x2, y2 + 9), fill=110)
    ground.paste(SHADE, (0, 0), shadow.filter(ImageFilter.GaussianBlur(12)))
    for sheet, (x1, y1, x2, y2) in zip(sheets, places, strict=True):
        ground.paste(sheet, (x1, y1))
        ImageDraw.Draw(ground).rectangle((x1 - 1, y1 - 1, x2, y2), outline=EDGE)
    return ground


def save(name: str, picture: Image.Image) -> None:
    """Write a picture to docs/pictures, small enough to be checked in.

    Why maximum coverage: the usual palette goes by area, and a bullet in the accent colour would come out grey.
    """
    PICTURES.mkdir(parents=True, exist_ok=True)
    small = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
    small.save(PICTURES / name, optimize=True)
    print(f"docs/pictures/{name}  {picture.width} x {picture.height}, {(PICTURES / name).stat().st_size // 1000} kB")


def _tell(result: Result) -> None:
    print(result.file if result.built else f"{result.file}  not built")


if __name__ == "__main__":
    sys.exit(main())
