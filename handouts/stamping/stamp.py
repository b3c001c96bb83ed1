"""Stamping: an edition's texts, code, logo and colors put into a master's slots; no layout, only bytes."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handouts.brands import tokens
from handouts.job import Edition
from handouts.qr import breakable, printed_address, qr_rows
from handouts.slots import SLOT_TEXTS, Stack, revision_code
from handouts.stamping.filling import Misfit, Set, fill, surely_fits
from handouts.stamping.master import Element, Link, Master, Page
from handouts.stamping.painting import code_box, ink_of, paint_code, paint_line, paint_logo, paint_word
from handouts.stamping.shaping import Face
from handouts.stamping.wrapping import Box
from handouts.typography import JOINER, MAY_BREAK, held, occasion
from handouts.updating import FAST, Growing, entry_of, updated

_PX = 0.75
_SIGN = printed_address(SLOT_TEXTS["url"])
# Level 6 takes half as long again, for a tenth of some two kilobytes.
_PACKED = 3
_NO_TEXTS = ("url", "logo", "color", "accent")


@dataclass(frozen=True)
class Logo:
    """A logo as PDF objects: the first is painted, in a square of one unit; others are named in it as "@1 0 R".

    Each is the source of a dictionary without its brackets and length, and the data of a stream. `ratio` is width by
    height, `digest` the hash of the file.
    """

    digest: str
    ratio: float
    objects: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True)
class Stamped:
    """A finished edition; `sha256` is the hash of its PDF, of 64 hexadecimal digits."""

    pdf: bytes
    sha256: str
    pages: int
    revision: str


class Pour:
    """What an edition adds to its master: objects, numbered on; what is painted where pages are cut; and for each page
    with slots, who owns it in the tree, and its annotations."""

    def __init__(self, master: Master):
        self.next = master.size
        self.objects: dict[int, bytes] = {}
        self.streams: dict[str, list[bytes]] = {name: [] for page in master.pages for name in page.streams}
        self.owners = {page.index: list(page.owners) for page in master.pages}
        self.annotations = {page.index: list(page.annotations) for page in master.pages}
        self.palette = ""
        self.revision = ""

    def beside(self, page: Page, spot: int) -> list[bytes]:
        """Where a page's code and logo are painted: with its first texts, unless something there would hide them."""
        name = f"spot {spot}"
        return self.streams[name if name in page.streams else next(iter(page.streams))]

    def put(self, number: int, source: str) -> None:
        self.objects[number] = source.encode("latin-1")

    def stream(self, number: int, head: str, data: bytes) -> None:
        self.objects[number] = b"<< %s/Length %d >>\nstream\n%s\nendstream" % (head.encode("latin-1"), len(data), data)


def values_of(texts: Mapping[str, str], edition: Edition, logo: str) -> dict[str, str]:
    """What stands in the slots, by name: what the edition says, else `texts`; `logo` is the hash of the edition's."""
    values = {**texts, **{name: text for name, text in edition.brand if name != "notice"}}
    if edition.event:
        event = dict(edition.event)
        values["event"] = occasion(*(event.get(name, "") for name in ("event", "date", "booth")))
    if logo:
        values["logo"] = logo
    return {name: text for name, text in values.items() if text}


def edition_key(product: str, values: Mapping[str, str]) -> str:
    """64 hexadecimal digits that change with anything that an edition is made of; `product` is the hash of all that
    stands outside its slots."""
    told = "\0".join(f"{name}\0{values[name]}" for name in sorted(values))
    return hashlib.sha256(f"{product}\0{told}".encode()).hexdigest()


def misfits(master: Master, values: Mapping[str, str], faces: Mapping[str, Face]) -> list[Misfit]:
    """The texts that have no room in their stacks, even at their smallest type."""
    texts = _texts(master, values)
    found = []
    for stack in master.stacks:
        if not surely_fits(stack, texts, faces):
            filled = fill(stack, texts, faces, master.language)
            if isinstance(filled, Misfit) and filled.certain:
                found.append(filled._replace(characters=_excess(stack, texts, faces, master.language, filled)))
    return found


def _excess(
    stack: Stack, texts: Mapping[str, Sequence[Box]], faces: Mapping[str, Face], language: str, misfit: Misfit
) -> int:
    """By how many characters a text is too long, counted from its end: by one less it does not fit. About as many where
    other texts of its stack are too long as well."""
    text = "".join(box.text for box in texts[misfit.slot])

    def fits(fewer: int) -> bool:
        kept = (Box(text[: len(text) - fewer]),) if fewer < len(text) else ()
        filled = fill(stack, {**texts, misfit.slot: kept}, faces, language)
        return not isinstance(filled, Misfit) or not filled.certain

    least, most = 0, len(text)
    if not fits(most):
        return misfit.characters
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if fits(middle) else (middle, most)
    return sum(sign not in (JOINER, MAY_BREAK) for sign in text[len(text) - most :])


def unprintable(master: Master, values: Mapping[str, str], faces: Mapping[str, Face]) -> dict[str, str]:
    """Characters that the font of a slot has not, by the slot's name."""
    texts = {**values, "url": printed_address(values.get("url") or master.address)}
    found = {}
    for slot in (slot for stack in master.stacks for slot in stack.slots):
        if lacking := faces[slot.face].has_no(texts.get(slot.name, "")):
            found[slot.name] = lacking
    return found


def stamp(
    master: Master, values: Mapping[str, str], faces: Mapping[str, Face], logo: Logo | None, key: str
) -> Stamped | Misfit:
    """The PDF of an edition, byte for byte the same for the same values; a Misfit where a text cannot be set.

    `key` stands at its end, with the number of its pages and its revision.
    """
    poured = pour(master, values, faces, logo)
    if isinstance(poured, Misfit):
        return poured
    if logo is not None and master.logo:
        put_logo(poured, master.logo, logo)
    for page in master.pages:
        for name, number in page.streams.items():
            # Not compressed: that would take a tenth of an edition's time, for four of its hundred kilobytes.
            poured.stream(number, "", _painted(poured, name))
        poured.put(page.tree, f"[ {' '.join(poured.owners[page.index])} ]")
        if page.annotations_at:
            poured.put(page.annotations_at, f"[ {' '.join(poured.annotations[page.index])} ]")
    if master.palette:
        poured.put(master.palette, poured.palette)
    poured.put(master.catalog, master.catalog_source)
    entry = entry_of(key, FAST, master.page_count, poured.revision)
    poured.put(master.info, f"<< {entry} {master.info_source}")
    marks = (key[:32], key[32:])
    pdf = updated(master.base, poured.objects, size=poured.next, root=master.catalog, info=master.info, marks=marks)
    digest = master.begun.copy()
    digest.update(pdf[len(master.base) :])
    return Stamped(pdf, digest.hexdigest(), master.page_count, poured.revision)


def pour(master: Master, values: Mapping[str, str], faces: Mapping[str, Face], logo: Logo | None) -> Pour | Misfit:
    """What an edition paints into the slots, with the elements that tell of it; a Misfit where a text cannot be set."""
    poured = Pour(master)
    texts = _texts(master, values)
    lines: list[list[Set]] = []
    for stack in master.stacks:
        found = fill(stack, texts, faces, master.language)
        if isinstance(found, Misfit):
            return found
        lines.append(found[1])
    colors = tokens(values.get("color", ""), values.get("accent", "")) if master.colors else {}
    inks = {ink_of(value): ink_of(colors[name]) for name, value in master.colors.items()}
    table = "".join(colors[name].removeprefix("#") for name in master.colors)
    poured.palette = f"[ /Indexed /DeviceRGB {len(master.colors) - 1} <{table}> ]"
    address = values.get("url") or master.address
    if misfit := _pour_texts(poured, master, lines, inks, address):
        return misfit
    for code in master.codes:
        spot, rows = master.spots[code.spot], qr_rows(address)
        page = next(page for page in master.pages if page.index == spot.page)
        poured.beside(page, code.spot).append(paint_code(code.mcid, spot, rows))
        words = text_string(code.words.replace(_SIGN, printed_address(address)))
        box = code_box(spot, len(rows), page.height)
        poured.put(code.number, f"<< /A << /BBox [ {box} ] /O /Layout >> /Alt {words} {code.rest}")
    poured.revision = revision_code(master.frame, values)
    for index, mcid in master.inline.items():
        word = paint_word(master, mcid, master.spots[int(index)], poured.revision, faces, inks)
        poured.streams[f"spot {index}"].append(word)
    for index, spot in enumerate(master.spots):
        if spot.name == "logo" and logo is not None and master.logo:
            page = next(page for page in master.pages if page.index == spot.page)
            poured.beside(page, index).append(paint_logo(spot, logo.ratio))
    return poured


def content_of(poured: Pour, name: str) -> bytes:
    """What is painted where a page's stream is cut, as the compressed data of a stream."""
    return zlib.compress(_painted(poured, name), _PACKED)


def _painted(poured: Pour, name: str) -> bytes:
    return b"".join([b"q\n", *poured.streams[name], b"Q\n"])


def _pour_texts(
    poured: Pour, master: Master, lines: Sequence[Sequence[Set]], inks: Mapping, address: str
) -> Misfit | None:
    """The lines of all stacks, and the elements that hold another number of them than the sentinel's one."""
    pages = {page.index: page for page in master.pages}
    links = {link.element: link for link in master.links}
    lost: dict[int, set[str]] = {}
    for index, element in enumerate(master.elements):
        own = [line for line in lines[element.stack] if line.slot.name == element.slot]
        page = pages[master.stacks[element.stack].page]
        owners = poured.owners[page.index]
        if not own:
            owners[element.mcid] = "null"
            lost.setdefault(element.parent, set()).add(f"{element.number} 0 R")
            continue
        mcids = [element.mcid, *range(len(owners), len(owners) + len(own) - 1)]
        owners += [f"{element.number} 0 R"] * (len(own) - 1)
        painted = (paint_line(master, mcid, line, inks) for mcid, line in zip(mcids, own, strict=True))
        poured.streams[f"stack {element.stack}"] += painted
        if index in links:
            if len(own) > len(links[index].annotations):
                return Misfit(element.slot, certain=False)
            _put_link(poured, element, links[index], own, mcids, address, page)
        elif len(mcids) > 1:
            poured.put(element.number, f"<< /K [ {_joined(mcids)} ] {element.rest}")
    for parent in master.parents:
        if gone := lost.get(parent.number):
            kids = " ".join(kid for kid in parent.kids if kid not in gone)
            poured.put(parent.number, f"<< /K [ {kids} ] {parent.rest}")
    return None


def _texts(master: Master, values: Mapping[str, str]) -> dict[str, Sequence[Box]]:
    address = printed_address(values.get("url") or master.address)
    texts = {name: (Box(held(text)),) for name, text in values.items() if name not in _NO_TEXTS}
    return {**texts, "url": (Box(breakable(address)),)}


def _put_link(
    poured: Pour,
    element: Element,
    link: Link,
    lines: Sequence[Set],
    mcids: Sequence[int],
    address: str,
    page: Page,
) -> None:
    """The link's annotations, one for each line, and its element."""
    words = text_string(" ".join("".join(run.text.replace(MAY_BREAK, "") for _, run in line.runs) for line in lines))
    target = f"/A << /S /URI /Type /Action /URI {text_string(address)} >>"
    for place, rest, line in zip(link.annotations, link.rests, lines, strict=False):
        bottom, top = page.height - _PX * (line.top + line.leading), page.height - _PX * line.top
        box = " ".join(f"{value:.3f}" for value in (_PX * line.left, bottom, _PX * (line.left + line.width), top))
        poured.put(place, f"<< {target} /Contents {words} /Rect [ {box} ] {rest}")
    if len(lines) > 1:
        annotations = poured.annotations[page.index]
        first = annotations.index(f"{link.annotations[0]} 0 R")
        annotations.insert(first + 1, f"{link.annotations[1]} 0 R")
    kids = " ".join([*link.references[: len(lines)], _joined(mcids)])
    poured.put(element.number, f"<< /K [ {kids} ] {element.rest}")


def put_logo(poured: Pour | Growing, number: int, logo: Logo) -> None:
    """Put the objects of a logo, the first under a number of its own."""
    numbers = {"@0": number, **{f"@{index}": poured.next + index - 1 for index in range(1, len(logo.objects))}}
    poured.next += len(logo.objects) - 1
    for index, (head, data) in enumerate(logo.objects):
        for name, known in numbers.items():
            head = head.replace(f"{name} 0 R", f"{known} 0 R")
        poured.stream(numbers[f"@{index}"], head, data)


def _joined(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


def text_string(text: str) -> str:
    """A text string of PDF, as source in Latin-1."""
    if text.isascii():
        return "(" + text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") + ")"
    return f"<feff{text.encode('utf-16-be').hex()}>"
