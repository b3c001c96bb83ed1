"""`handouts new DIR --from FOLDER`: a folder of Markdown becomes a project, and what was lost is told, if anything."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from handouts.content import split_front_matter
from handouts.findings import Finding, Findings, counted, errors, in_order
from handouts.importing import pieces
from handouts.importing.counting import Count, of_ours, of_source
from handouts.importing.folder import Foreign, folder_here, is_picture, is_text, names_in, read_text
from handouts.importing.inline import Page
from handouts.importing.leavings import Leavings
from handouts.importing.pieces import Piece
from handouts.importing.signs import printable
from handouts.importing.source import read_source, tree
from handouts.importing.writing import article, write_blocks
from handouts.project import FILE, read_named
from handouts.prose import read_sections, render
from handouts.starter import placed_whole, write

ARTICLES = "content/articles"
_PICTURES = "pictures"
_LONGEST_NAME = 80
_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"<svg", b"<?xml")
_SETTINGS = """# A project is a folder with this file.

# The line at the top of every article.
series = {series}
"""


@dataclass(frozen=True)
class Article:
    """A file of the folder as a content file of ours, with the count of what was written, of what is printed, and of
    what was left out with a reason."""

    source: str
    slug: str
    text: str
    written: Count
    printed: Count
    left: Leavings

    @property
    def lost(self) -> Count:
        """Words and items that neither are printed nor were left out; none, if all is well."""
        words = self.written.words - self.left.words - self.printed.words
        return Count(words, max(0, self.written.items - self.left.items - self.printed.items))


@dataclass(frozen=True)
class Imported:
    """A project made of a folder: where it stands, its articles, its pictures, and what there is to mend in it."""

    folder: Path
    articles: tuple[Article, ...]
    pictures: int
    findings: tuple[Finding, ...]

    def lines(self) -> list[str]:
        """What was carried over, counted, and what was not."""
        words = sum(one.written.total for one in self.articles)
        items = sum(one.written.items for one in self.articles)
        left = sum((one.written.words & one.left.words).total() for one in self.articles)
        lost = sum(one.lost.total for one in self.articles)
        lost_items = sum(one.lost.items for one in self.articles)
        read = f"{counted(len(self.articles), 'file')}, {words:,} words and {items:,} list items"
        read += f", {counted(self.pictures, 'picture')}" if self.pictures else ""
        if lost or lost_items:
            return [f"{read}: {lost:,} words and {lost_items:,} list items are lost, see below"]
        if left:
            return [f"{read}: all carried over but for {counted(left, 'word')}, left out with what is told below"]
        return [f"{read}: all carried over"]


@dataclass
class _Pictures:
    """The pictures that articles ask for: their names beside our files, by their paths in the folder."""

    folder: Path
    there: frozenset[str]
    names: dict[str, str] = field(default_factory=dict)

    def place(self, file: str, address: str) -> str:
        """Where a picture that a file names will stand; "" for one that is not there or cannot be printed."""
        path = unquote(re.split(r"[?#]", address)[0])
        inside = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(file), path)
        name = posixpath.normpath(inside)
        if name in self.names:
            return self.names[name]
        if name not in self.there or not is_picture(name) or not self._is_whole(name):
            return ""
        stem, ending = posixpath.splitext(re.sub(r"[^\w.-]+", "-", posixpath.basename(name)))
        stem = stem.replace(".", "-").strip("-") or "picture"
        ending = ending.lower().replace(".jpeg", ".jpg")
        taken, number, free = {one.casefold() for one in self.names.values()}, 2, f"{_PICTURES}/{stem}{ending}"
        while free.casefold() in taken:
            free, number = f"{_PICTURES}/{stem}-{number}{ending}", number + 1
        self.names[name] = free
        return free

    def _is_whole(self, name: str) -> bool:
        try:
            return read_named(self.folder / name).lstrip().startswith(_SIGNATURES)
        except Findings:
            return False


def import_folder(source: Path, target: Path) -> Imported:
    """Make a project at `target` of the Markdown files in a folder.

    Findings are raised where the folder holds none, or the project cannot stand there; whatever is wrong with a file is
    told among the findings that are handed back, once for each kind, and never stops the others.
    """
    folder, left = folder_here(source), Leavings()
    names = names_in(folder, Path(os.path.realpath(target)), left)
    texts = [read for name in names if is_text(name) and (read := read_text(folder, name, left))]
    if not texts:
        hint = "name a folder with files that end in .md"
        raise Findings([*left.findings(), Finding(str(source), 0, "holds no Markdown file that can be read", hint)])
    pictures = _Pictures(folder, frozenset(names))
    slugs = _slugs([text.name for text in texts])
    articles = tuple(_article(text, slug, pictures) for text, slug in zip(texts, slugs, strict=True))
    with placed_whole(target) as place:
        write(place, FILE, _SETTINGS.format(series=_quoted(_named(folder.name))).encode())
        for one in articles:
            write(place, f"{ARTICLES}/{one.slug}.md", one.text.encode())
        for name, ours in pictures.names.items():
            write(place, f"{ARTICLES}/{ours}", read_named(folder / name))
    for one in articles:
        left.take(one.left)
    findings = [*left.findings(), *(finding for one in articles for finding in _told_lost(one)), _unreviewed(articles)]
    return Imported(target, articles, len(pictures.names), tuple(in_order(findings)))


def _article(foreign: Foreign, slug: str, pictures: _Pictures) -> Article:
    """A file as an article; where ours would read another text than the one that was written, with fewer signs.

    The last way is the text as it is, in one block of code: no word is lost, whatever it holds.
    """
    for careful in (False, True):
        left = Leavings()
        try:
            made = _written(foreign, slug, pictures, left, careful)
        except RecursionError:
            break
        if made and not made.lost.total and not made.lost.items:
            if careful:
                left.leave("plain", foreign.name, 0)
            return made
    left = Leavings()
    left.leave("failed", foreign.name, 0)
    count = Count()
    count.add(foreign.text)
    title = _named(foreign.name)
    words = printable(foreign.text.expandtabs(4))[0]
    body = article(title, [pieces.code(words)], {})
    return Article(foreign.name, slug, body, count, _printed(title, body, slug, pictures) or Count(), left)


def _written(foreign: Foreign, slug: str, pictures: _Pictures, left: Leavings, careful: bool) -> Article | None:
    """A file as an article; None where our own reader finds a mistake in it."""
    source = read_source(foreign.text, foreign.name, left)
    written = of_source(source.tokens)
    page = Page(foreign.name, left, lambda address: pictures.place(foreign.name, address), careful)
    blocks = write_blocks(tree(source.tokens).children, page, source.before)
    title, blocks = _titled(source.title, blocks, foreign.name, left)
    text = article(title, blocks, page.texts)
    printed = _printed(title, text, slug, pictures)
    return Article(foreign.name, slug, text, written, printed, left) if printed else None


def _titled(given: str, blocks: list[Piece], file: str, left: Leavings) -> tuple[str, list[Piece]]:
    """The title of an article, and its blocks without the heading that it is taken from.

    A heading that says otherwise than the front matter stays.
    """
    given = " ".join(printable(given)[0].split())
    for at, piece in enumerate(blocks):
        if piece.kind != "heading" or piece.level != 1:
            continue
        words = _plain(piece.lines[0])
        if not words:
            continue
        if given and given.casefold() != words.casefold():
            break
        shown = re.findall(r"!\[[^\]]*\]\((?:<[^>]*>|[^)]*)\)", piece.lines[0])
        return words, [*blocks[:at], *(Piece("text", (one,)) for one in shown), *blocks[at + 1 :]]
    if not given:
        given = _named(file)
        left.leave("untitled", file, 0, example=given)
    return given, blocks


def _plain(heading: str) -> str:
    """The words of a heading, or of its pictures' descriptions where it has no others."""
    html = render(re.sub(r"\[\^[^\]]*\]", "", heading))
    words = " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
    described = " ".join(unescape(alt) for alt in re.findall(r'<img alt="([^"]*)"', html))
    return words or described


def _printed(title: str, text: str, slug: str, pictures: _Pictures) -> Count | None:
    """What our own reader makes of an article; None where it finds a mistake."""
    file = f"{ARTICLES}/{slug}.md"
    ours = {f"{ARTICLES}/{name}": original for original, name in pictures.names.items()}

    def picture(name: str) -> bytes | None:
        return _SIGNATURES[0] if name in ours else None

    _, body, line = split_front_matter(text, file)
    sections, findings = read_sections(body, file, line, picture)
    if errors(findings):
        return None
    return of_ours(title, [section.heading for section in sections], [section.html for section in sections])


def _slugs(names: Sequence[str]) -> list[str]:
    """Names of our files: the folders on the way to a file and its own, joined by hyphens, none twice."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        stem = name.rpartition(".")[0].replace("/", "-")
        slug = re.sub(r"-{2,}", "-", re.sub(r"[^\w-]+", "-", stem)).lower()[-_LONGEST_NAME:].strip("-_") or "text"
        free, number = slug, 2
        # Names that differ by hyphens alone would be one to the command line.
        while re.sub(r"[\W_]+", "", free).casefold() in taken:
            free, number = f"{slug}-{number}", number + 1
        taken.add(re.sub(r"[\W_]+", "", free).casefold())
        found.append(free)
    return found


def _named(path: str) -> str:
    """A title from a file's name; from its folder's, where it is the file that explains the folder."""
    folder, stem = posixpath.dirname(path), posixpath.splitext(posixpath.basename(path))[0]
    if stem.lower() in ("readme", "index", "_index") and folder:
        stem = posixpath.basename(folder)
    words = " ".join(re.sub(r"[\W_]+", " ", stem).split()) or "Untitled"
    return printable(words[:1].upper() + words[1:])[0].strip() or "Untitled"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _told_lost(one: Article) -> list[Finding]:
    """What should never be: words that are gone and nobody knows why."""
    if not one.lost.total and not one.lost.items:
        return []
    some = ", ".join(list(one.lost.words)[:5])
    message = f"{counted(one.lost.total, 'word')} and {counted(one.lost.items, 'list item')} are lost"
    hint = f"add them to {ARTICLES}/{one.slug}.md by hand, and tell us: this is a mistake in handouts"
    return [Finding(one.source, 0, f"{message}{f' ({some})' if some else ''}", hint, id="import")]


def _unreviewed(articles: Sequence[Article]) -> Finding:
    count = counted(len(articles), "article")
    message = f"{count} {'says' if len(articles) == 1 else 'say'} no month in which somebody last checked the words"
    hint = "add a line such as reviewed: 2026-11 under the title, and it is printed"
    return Finding(ARTICLES, 0, message, hint, severity="warning", id="import")
