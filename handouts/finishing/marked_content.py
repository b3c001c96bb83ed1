"""Marked content in page streams: what its text says, in which stream it stands, and making it an artifact."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf

# Exactly as WeasyPrint writes it; text is hexadecimal in its streams, so this cannot occur inside a string.
MARK = re.compile(rb"/(\w+)\n<</MCID (\d+)>>\nBDC\n")
ARTIFACT = b"/Artifact\nBMC\n"
PAGINATION = b"/Artifact\n<</Type/Pagination%s>>\nBDC\n"
FORM = re.compile(rb"/(\S+) Do\b")
BASELINE = re.compile(rb"[\d.-]+ ([\d.-]+) Tm\n")
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9a-fA-F]+)>")
FONT = re.compile(rb"/(\w+) [\d.]+ Tf")
CHARACTER = re.compile(rb"<(\w+)>\s*<(\w+)>")
# WeasyPrint flips the axis before it paints, so that its coordinates are CSS pixels from the top of the trimmed page.
POINTS_PER_PIXEL = 0.75


class Fonts:
    """Characters of the glyphs in a document's fonts, from their ToUnicode maps, each read when first asked for."""

    def __init__(self, fonts: pikepdf.Object):
        self._fonts = fonts
        self._maps: dict[bytes, dict[bytes, str]] = {}

    def text(self, font: bytes, glyphs: bytes) -> str:
        """What a hexadecimal string of glyphs says in the font of that resource name."""
        if font not in self._maps:
            source = self._fonts["/" + font.decode()].ToUnicode.read_bytes()
            mappings = source[source.index(b"endcodespacerange") :]
            self._maps[font] = {
                code.lower(): bytes.fromhex(characters.decode()).decode("utf-16-be")
                for code, characters in CHARACTER.findall(mappings)
            }
        characters = self._maps[font]
        width = len(next(iter(characters), b"0000"))
        codes = (glyphs[at : at + width].lower() for at in range(0, len(glyphs), width))
        return "".join(characters.get(code, "") for code in codes)


class PageContent:
    """One page's marked content, in its own stream and in the forms painted there (content with opacity).

    MCIDs count from 0 through page and forms together; `count` is how many there are by the parent tree. Raises
    ValueError where the streams hold others, or, but in a page that is `finished`, not all of them. Streams are changed
    only by `save`.
    """

    def __init__(self, page: pikepdf.Page, fonts: Fonts, count: int, finished: bool = False):
        self._fonts = fonts
        self._count = count
        self._streams: list[tuple[pikepdf.Object, bytes]] = []
        self._places: dict[int, tuple[int, re.Match[bytes]]] = {}
        self._artifacts: dict[int, bytes] = {}
        self.height = float(page.trimbox[3])
        self._read(page.obj.Contents, page.obj.Resources, set())
        if not self._places.keys() <= set(range(count)) or (len(self._places) < count and not finished):
            raise ValueError(f"page {page.index + 1}: marked content is not numbered from 0 to {count - 1}")

    def _read(self, stream: pikepdf.Object, resources: pikepdf.Object, seen: set[str]) -> None:
        data = stream.read_bytes()
        marks = list(MARK.finditer(data))
        if marks or not self._streams:
            index = len(self._streams)
            self._streams.append((stream, data))
            for mark in marks:
                self._places[int(mark[2])] = index, mark
        for name in dict.fromkeys(FORM.findall(data)):
            key = name.decode()
            if key not in seen and len(self._places) < self._count:  # most forms are shading: leave them unread
                seen.add(key)
                form = resources.XObject["/" + key]
                if form.Subtype == pikepdf.Name.Form:
                    self._read(form, form.get("/Resources", resources), seen)

    def mcids(self) -> set[int]:
        """Every MCID of the page that is not made an artifact."""
        return self._places.keys() - self._artifacts.keys()

    def page_mcids(self) -> set[int]:
        """Those in the page's own stream."""
        return {mcid for mcid in self.mcids() if self._places[mcid][0] == 0}

    def form(self, mcid: int) -> pikepdf.Object | None:
        """The form that holds this content, or None for the page's own stream."""
        index = self._places[mcid][0]
        return self._streams[index][0] if index else None

    def forms(self) -> Iterator[tuple[pikepdf.Object, set[int]]]:
        """Each form with marked content, and its MCIDs."""
        for index, (stream, _) in enumerate(self._streams[1:], start=1):
            if found := {mcid for mcid in self.mcids() if self._places[mcid][0] == index}:
                yield stream, found

    def source(self, mcid: int) -> bytes:
        """The operators between the marks of a piece of content."""
        index, mark = self._places[mcid]
        data = self._streams[index][1]
        return data[mark.end() : data.index(b"EMC", mark.end())]

    def glyphs(self, mcid: int) -> tuple[bytes, ...]:
        """The strings of glyphs shown, for telling whether two pieces of content look alike."""
        return tuple(glyphs for _, glyphs in SHOWN.findall(self.source(mcid)) if glyphs)

    def text(self, mcid: int) -> str:
        """What the content says, by the fonts' ToUnicode maps; empty for drawings."""
        index, mark = self._places[mcid]
        font = b""
        pieces = []
        for name, glyphs in SHOWN.findall(self.source(mcid)):
            if name:
                font = name
            else:
                font = font or FONT.findall(self._streams[index][1], 0, mark.start())[-1]
                pieces.append(self._fonts.text(font, glyphs))
        return "".join(pieces)

    def is_blank(self, mcid: int) -> bool:
        """Whether the content is a text without a glyph."""
        return b"BT\n" in self.source(mcid) and not self.glyphs(mcid)

    def is_artifact(self, mcid: int) -> bool:
        """Whether content has been made an artifact by this pass."""
        return mcid in self._artifacts

    def make_artifact(self, mcid: int) -> None:
        """Take content out of the reading order: decoration."""
        self._artifacts[mcid] = ARTIFACT

    def make_pagination(self, mcid: int) -> None:
        """Take content of a page-margin box out of the reading order: running head or folio.

        Text is a header where its base line is in the upper half of the page, a footer elsewhere: PDF/UA-1 7.8 asks for
        one of the two. Drawings there have coordinates of their own and are left unclassified.
        """
        edge = b""
        if self._places[mcid][1][1] == b"Span" and (baseline := BASELINE.search(self.source(mcid))):
            upper = float(baseline[1]) * POINTS_PER_PIXEL < self.height / 2
            edge = b"/Subtype/Header/Attached[/Top]" if upper else b"/Subtype/Footer/Attached[/Bottom]"
        self._artifacts[mcid] = PAGINATION % edge

    def save(self) -> None:
        """Write the streams in which content has become an artifact: its opening operator is all that changes."""
        for index in {self._places[mcid][0] for mcid in self._artifacts}:
            stream, data = self._streams[index]
            stream.write(MARK.sub(lambda mark: self._artifacts.get(int(mark[2]), mark[0]), data))
