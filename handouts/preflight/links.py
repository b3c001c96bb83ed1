"""Whether bookmarks and links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from handouts.findings import Finding
from handouts.preflight.annotations import bookmarks, notes
from handouts.preflight.evidence import Printed
from handouts.preflight.rules import Rule

BOOKMARK_BROKEN = Rule("bookmark-broken", "error", "any", "Each bookmark leads to a page of the PDF or to an address.")
BOOKMARKS_MISSING = Rule("bookmarks-missing", "warning", "any", "A PDF of more than 20 pages has bookmarks.")
LINK_BROKEN = Rule("link-broken", "error", "any", "Each link leads to a place in the PDF or to a whole address.")

_MOST_WITHOUT = 20
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_HOST = re.compile(r"//([^/?#]*@)?(\[[0-9A-Fa-f:.]+\]|[^/?#:]*)(:\d*)?")
_HERE = re.compile(r"localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.?]+(\?.*)?")
_SHOWN = 80


def wrong_address(address: str) -> str:
    """What is wrong with a web, mail or telephone address, in words that follow "leads to …"; empty where nothing is.

    Other schemes are taken as they are, but for those that only work on one computer or run a program.
    """
    shown = f'"{address[:_SHOWN]}"'
    if not address.strip():
        return "an empty address"
    if re.search(r"[\s<>\"{}|\\^`]", address) and not _DRIVE.match(address):
        return f"{shown}, which holds signs that no address may have"
    match = None if _DRIVE.match(address) else _SCHEME.fullmatch(address)
    if not match:
        return f"{shown}, which is a place on one computer and no web address"
    scheme, rest = match[1].lower(), match[2]
    if scheme in ("file", "javascript", "vbscript", "data", "about", "blob"):
        return f"{shown}, which works on no computer but the author's" if scheme == "file" else f"{shown}, no address"
    if scheme in ("http", "https", "ftp"):
        host = _HOST.match(rest)
        if not host or not host[2]:
            return f"{shown}, which names no website"
        if _HERE.fullmatch(host[2]) or not re.search(r"[^.]\.[^.]|^\[", host[2]):
            return f"{shown}, which is no website that others can reach"
    if scheme == "mailto" and not (_MAIL.fullmatch(rest) or re.match(r"\?.*to=", rest)):
        return f"{shown}, which is no mail address"
    if scheme == "tel" and not re.search(r"\d{3}", rest.replace("-", "")):
        return f"{shown}, which is no telephone number"
    return ""


class _Places:
    """The places that a PDF's destinations may name."""

    def __init__(self, printed: Printed):
        values = self._values = printed.values
        catalog = values.catalog
        self._pages = set(printed.leaves)
        self._count = len(printed.leaves)
        self._named = {"/" + name[1:]: place for name, place in values.dictionary(catalog.get("/Dests")).items()}
        names = values.dictionary(catalog.get("/Names")).get("/Dests")
        self._named |= {values.text(name): place for name, place in values.tree(names)}
        self._relative = bool(values.text(values.dictionary(catalog.get("/URI")).get("/Base")))

    def wrong(self, entries: dict[str, Any]) -> str:
        """Why a link or bookmark leads nowhere, in words that follow "leads to"; empty where it leads somewhere."""
        values = self._values
        if "/Dest" in entries:
            return self._wrong_place(entries["/Dest"])
        action = values.dictionary(entries.get("/A"))
        kind = values.name(action.get("/S"))
        if kind == "GoTo":
            return self._wrong_place(action.get("/D"))
        if kind == "URI":
            address = values.text(action.get("/URI"))
            if self._relative and address.strip() and not _SCHEME.match(address):
                return ""
            return wrong_address(address)
        return "" if kind else "nothing"

    def _wrong_place(self, place: Any) -> str:
        values = self._values
        found = values.of(place)
        name = ""
        if isinstance(found, str):
            name = "/" + values.name(place) if values.name(place) else values.text(place)
            if name not in self._named:
                return f'a place that does not exist: "{name.removeprefix("/")[:_SHOWN]}"'
            found = values.of(self._named[name])
        if isinstance(found, dict):
            found = values.of(found.get("/D"))
        if not isinstance(found, list) or not found:
            return f'a place that is none: "{name[:_SHOWN]}"' if name else "a place that is none"
        page = values.integer(found[0])
        if page is not None:
            return "" if 0 <= page < self._count else f"page {page + 1}, and there are {self._count}"
        return "" if found[0] in self._pages else "a page that is not in the PDF"


def broken_bookmarks(printed: Printed) -> Iterator[Finding]:
    """Bookmarks that lead nowhere. One that only gathers others may."""
    places = _Places(printed)
    for entries in bookmarks(printed):
        wrong = places.wrong(entries)
        if wrong and not (wrong == "nothing" and "/First" in entries):
            title = printed.values.text(entries.get("/Title"))[:_SHOWN]
            hint = "give the bookmark a page to lead to, or take it out"
            yield BOOKMARK_BROKEN.found(printed.file, f"the bookmark “{title}” leads to {wrong}", hint)


def missing_bookmarks(printed: Printed) -> Iterator[Finding]:
    """A long document in which nobody can jump to a chapter."""
    if len(printed.pages) > _MOST_WITHOUT and not next(bookmarks(printed), None):
        message = f"has {len(printed.pages)} pages and no bookmarks to find a chapter by"
        yield BOOKMARKS_MISSING.found(printed.file, message, "export it with bookmarks made from the headings")


def broken_links(printed: Printed) -> Iterator[Finding]:
    """Links to places that are not there, and to addresses that are none."""
    places = _Places(printed)
    for note in notes(printed):
        if note.kind == "Link" and (wrong := places.wrong(note.entries)):
            action = printed.values.dictionary(note.entries.get("/A"))
            outward = "/Dest" not in note.entries and printed.values.name(action.get("/S")) == "URI"
            hint = "write the whole address, such as https://example.org/page" if outward else "set its goal anew"
            yield LINK_BROKEN.found(printed.file, f"a link leads to {wrong}", hint, page=note.page, box=note.box)


ANY = (broken_bookmarks, broken_links)
READ = (missing_bookmarks,)
