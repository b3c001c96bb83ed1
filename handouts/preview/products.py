"""What is shown: the products of a project, and each of them under one choice at one moment."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from handouts.findings import Finding, Findings
from handouts.project import Project

FRESH, STALE, BUILDING, FAILED = "fresh", "stale", "building", "failed"
_TITLE = re.compile(r"""^title:[ \t]*(["']?)(.+?)\1[ \t]*$""", re.MULTILINE)
_BOOKLET = "content/booklet.toml"
Size = tuple[float, float]


@dataclass(frozen=True)
class Product:
    """One thing that can be printed. `key` is its format and subject, as its address names it: "card/baker",
    "booklet". `folds` is said of a booklet, whose pages may be laid onto sheets."""

    key: str
    format: str
    subject: str
    title: str
    format_title: str
    folds: bool = False


@dataclass(frozen=True)
class Shown:
    """One product under one choice, at one moment.

    `state` is "fresh", "stale" (not built yet, or something that it is made of has changed), "building" or "failed".
    `pages` are those of the last good PDF, 0 where there is none, `sizes` their width and height in points (trimmed),
    `sheets` those of each side of the sheets that it is folded of, empty for what is not folded. `findings` are those
    of the last attempt. `stamp` changes exactly when the pictures do; it is empty without a PDF. `file` is the path of
    the PDF in the output folder.
    """

    key: str
    title: str
    format: str
    format_title: str
    state: str = STALE
    pages: int = 0
    sizes: tuple[Size, ...] = ()
    findings: tuple[Finding, ...] = ()
    stamp: str = ""
    file: str = ""
    folds: bool = False
    sheets: tuple[Size, ...] = ()


def products(project: Project, before: Sequence[Product] = ()) -> list[Product]:
    """Every product of a project, in the order of formats and subjects.

    `before` is what was known: a format whose file cannot be read just now keeps its products, and one that never could
    be is shown as a single product, whose build tells what is wrong.
    """
    found: list[Product] = []
    for name in project.formats():
        try:
            form = project.toml(f"templates/{name}/format.toml")
        except Findings:
            found += [one for one in before if one.format == name] or [Product(name, name, "", name, name)]
            continue
        title, kind = str(form.get("title", name)), str(form.get("content", ""))
        if form.get("scope") == "each":
            for slug in project.subjects(kind):
                found.append(Product(f"{name}/{slug}", name, slug, _title(project, kind, slug), title))
        else:
            found.append(Product(name, name, "", _booklet_title(project) or title, title, bool(form.get("covers"))))
    return found


def _title(project: Project, kind: str, slug: str) -> str:
    """The title in the front matter, roughly read: a file that is half written has one too."""
    with contextlib.suppress(Findings):
        head = project.text(f"content/{kind}/{slug}.md").removeprefix("---\n").partition("\n---")[0]
        if said := _TITLE.search(head):
            return said[2]
    return slug.replace("-", " ").capitalize()


def _booklet_title(project: Project) -> str:
    with contextlib.suppress(Findings):
        said = project.toml(_BOOKLET).get("title")
        return said if isinstance(said, str) else ""
    return ""
