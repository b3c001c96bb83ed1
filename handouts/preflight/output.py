"""Whether a product is as its format says, and as its content says by now: pages, age."""

from __future__ import annotations

from collections.abc import Iterator

from handouts.findings import Finding
from handouts.model import Format
from handouts.preflight.product import Product
from handouts.preflight.rules import Rule

OUTPUT_STALE = Rule("output-stale", "error", "ours", "A product is built from the words and looks as they are now.")
PAGE_COUNT = Rule("page-count", "error", "ours", "A product has as many pages as its format allows.")
PAGE_MULTIPLE = Rule("page-multiple", "error", "ours", "A booklet's pages divide by four, so that it can be folded.")


def pages_allowed(product: Product) -> Iterator[Finding]:
    """Too many pages, too few, or a number that cannot be folded."""
    return count_pages(len(product.printed.pages), product.document.format, product.printed.file)


def count_pages(pages: int, form: Format, file: str) -> Iterator[Finding]:
    """What a format says against a number of pages; for the build, which counts them before it writes."""
    low, high = form.pages
    if not low <= pages <= high:
        allowed = f"{low}" if low == high else f"{low} to {high}"
        hint = "shorten the text" if pages > high else "add to the text"
        yield PAGE_COUNT.found(file, f"takes {pages} pages; the {form.title} has {allowed}", hint)
    if pages % form.multiple:
        message = f"takes {pages} pages, which is not a multiple of {form.multiple}"
        yield PAGE_MULTIPLE.found(file, message, "add a notes page, or shorten a chapter")


OURS = (pages_allowed,)
