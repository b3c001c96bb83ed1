"""What a PDF remembers of its making: a key of all that it was laid out from, and the setting at which it fitted."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pikepdf
from pydantic import ValidationError

from handouts.latitude import Kept
from handouts.project import Project
from handouts.updating import updated

if TYPE_CHECKING:
    from handouts.document import Document

# Where it stands in the PDF: the document information, which viewers show as a property and printers ignore.
ENTRY = "/HandoutsFit"
# The programs whose versions decide about a layout. Their metadata is read, since to import the engine takes a while.
_MAKERS = ("handouts", "weasyprint", "pydyf", "tinycss2")
_ADDRESS = re.compile(r"url\(\s*[\"']?([^)\"'\s]+)|\bsrc\s*=\s*[\"']?([^\"'\s>]+)|@import\s+[\"']([^\"']+)")
_KEY = re.compile(r"[0-9a-f]{64}")


def document_key(project: Project, document: Document) -> str:
    """64 hexadecimal digits that change with anything that a document's layout depends on, and never by themselves.

    That is its HTML, its style sheets, every drawing and font that they name, its format, and the versions of the
    programs. A booklet's key is that of its first composition, before notes pages fill it up.
    """
    digest = hashlib.sha256()
    for name in _MAKERS:
        _add(digest, name, _version(name))
    page = f"templates/{document.format.name}/page.html"
    _add(digest, page, document.html)
    _add(digest, "format", document.format.model_dump_json())
    _add(digest, "links", repr(sorted(document.link_texts.items())))
    named: set[str] = set(_named(document.html, page))
    for style in document.styles:
        text = project.text(style)
        _add(digest, style, text)
        named |= set(_named(text, style))
    for name in sorted(named):
        _add(digest, name, project.peek(name) or b"")
    return digest.hexdigest()


def _add(digest: hashlib._Hash, name: str, data: str | bytes) -> None:
    """Hash a thing with its name and length, so that no two lists of things run together."""
    data = data.encode() if isinstance(data, str) else data
    digest.update(f"{name}\0{len(data)}\0".encode() + data)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return ""


def _named(text: str, file: str) -> Iterator[str]:
    """Project paths of the files that a page or style sheet loads."""
    for match in _ADDRESS.finditer(text):
        address = next(filter(None, match.groups())).partition("#")[0].partition("?")[0]
        if address and ":" not in address:
            path = posixpath.join(posixpath.dirname(f"/{file}"), unquote(address))
            yield posixpath.normpath(path).lstrip("/")


def inscribe(key: str, kept: Kept | None) -> str:
    """The entry of a PDF: its key and, where it was fitted, the layout that was kept. ASCII, the same on every run."""
    return f"{key} {kept.model_dump_json()}" if kept else key


def sign(pdf: bytes, entry: str) -> bytes:
    """A finished PDF whose information holds one entry more, in plain letters near the end of the file."""
    with pikepdf.open(BytesIO(pdf)) as document:
        trailer = document.trailer
        source = trailer.Info.unparse(resolved=True).removeprefix(b"<<")
        marks = tuple(bytes(part).hex() for part in trailer.ID)
        numbers = {"size": int(trailer.Size), "root": trailer.Root.objgen[0], "info": trailer.Info.objgen[0]}
    return updated(pdf, {numbers["info"]: f"<< {entry}".encode() + source}, marks=marks, **numbers)


def recall(pdf: bytes) -> tuple[str, Kept | None]:
    """The key and the kept layout that a PDF remembers; nothing for one that is damaged, or that others made.

    *Why no error:* a memory only saves time. Without it the same page is found again.
    """
    try:
        with pikepdf.open(BytesIO(pdf)) as document:
            entry = str(document.docinfo.get(ENTRY, ""))
        key, _, kept = entry.partition(" ")
        if not _KEY.fullmatch(key):
            return "", None
        return key, Kept.model_validate_json(kept) if kept else None
    except (pikepdf.PikepdfError, ValidationError, TypeError, ValueError):
        return "", None
