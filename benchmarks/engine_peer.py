"""The layout engine alone: `python -m benchmarks.engine_peer FOLDER OUT COUNT` lays each edition out anew.

Our HTML, composed beforehand, and our style sheets, parsed once a process with one font configuration; no search for
the setting that fits, no finishing, no checks. Two processes, forked when the engine is imported and all is parsed. It
prints how many seconds passed from the first page to the last: what remains of the command is its start.
"""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from handouts.pdf import Sheet, weasyprint

PROCESSES = 2
_shared: dict[str, Sheet] = {}


def work(out: Path, pages: list[tuple[str, str]]) -> None:
    """Lay out and write pages in this process: pairs of a name and HTML."""
    sheet = _shared["sheet"]
    # The first style sheet is our own, for the finishing pass.
    styles = sheet.styles[1:]
    for name, html in pages:
        parsed = weasyprint.HTML(string=html, base_url=sheet.html.base_url, url_fetcher=sheet.fetcher)
        rendered = parsed.render(stylesheets=styles, font_config=sheet.fonts, pdf_variant="pdf/ua-1")
        (out / f"{name}.pdf").write_bytes(rendered.write_pdf(pdf_variant="pdf/ua-1"))


def main(folder: Path, out: Path, count: int) -> None:
    project, document, pages = pickle.loads((folder / "pages.pickle").read_bytes())
    out.mkdir(parents=True, exist_ok=True)
    _shared["sheet"] = Sheet(project, document)
    work(out, pages[:1])
    start = time.perf_counter()
    parts = [pages[:count][first::PROCESSES] for first in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("fork")) as pool:
        list(pool.map(work, [out] * PROCESSES, parts))
    print(time.perf_counter() - start)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
