"""A finished page with empty slots, taken apart into what never changes and the few objects that an edition does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from handouts.finishing import structure
from handouts.finishing.marked_content import ARTIFACT, FONT, MARK, Fonts, PageContent
from handouts.finishing.memory import ENTRY
from handouts.finishing.registry import CUT, CUTS, Found, enter_objects, read_master
from handouts.finishing.repertoire import widen
from handouts.finishing.saving import saved
from handouts.finishing.structure import Element as TreeElement
from handouts.finishing.structure import Reference
from handouts.qr import printed_address
from handouts.slots import SIGN, SLOT_TEXTS, Spot, Stack
from handouts.stamping.master import Master

_COLOR = re.compile(rb"(?<![\w.])([\d.]+) ([\d.]+) ([\d.]+) (rg|RG)(?=\s)")
_LEFT = re.compile(rb"1 0 0 -1 ([\d.-]+) ([\d.-]+) Tm")
# What shows text, and where it begins; what a string of PDF holds of SLOT_TEXTS, by chance a part of no other.
_SHOWN = re.compile(rb"^(BT)$|/(\w+) [\d.]+ Tf|<([0-9a-fA-F]+)>", re.MULTILINE)
_NAMES = [text.lower() for text in SLOT_TEXTS.values() if text.lower().startswith(SIGN)]
_SIGNED = re.compile("|".join([*_NAMES, "zqslot"]))
_WIDE = re.compile(rb"<feff([0-9a-f]+)>")
_SHOW = re.compile(rb"\[[^\]]*\] TJ\n")
_END = b"EMC\n"
_STATE = re.compile(rb"^/\S+ gs\n", re.MULTILINE)
# What leaves ink, but for texts; where these stand, and how far from that their ink may be, in CSS pixels.
_PAINTED = re.compile(rb"(?:^(?:[fBb]\*?|[Ss]|EI)| (?:Do|sh))$", re.MULTILINE)
_PLACED = re.compile(rb"^(\S+ \S+ \S+ \S+) (\S+) (\S+) Tm\n\[", re.MULTILINE)
_UPRIGHT, _INK = b"1 0 0 -1", 60
# Coordinates are written with six digits.
_NEAR = 0.01
_SAVE, _RESTORE = re.compile(rb"^q$", re.MULTILINE), re.compile(rb"^Q$", re.MULTILINE)


class CannotPart(Exception):
    """Why a page cannot be given another name without a new layout, in words."""


def take_apart(
    pdf: bytes,
    stacks: tuple[Stack, ...],
    spots: tuple[Spot, ...],
    colors: Mapping[str, str],
    faces: Mapping[str, bytes],
) -> Master:
    """The master of a finished PDF whose slots hold SLOT_TEXTS, as `handouts.stacks` found them in its layout.

    `colors` are those that an edition changes, by what they stand for ("--ink": "#1b2d3f"); `faces` are the font files
    by the project paths that the slots name. Raises CannotPart where the page has something that cannot be changed so.
    """
    with pikepdf.open(BytesIO(pdf)) as document:
        work = _Work(document, stacks, spots, colors)
        work.empty_slots()
        work.join_cuts()
        work.give_colors()
        work.check_rest()
        glyphs = work.widen_fonts(faces)
        enter_objects(document, work.found, work.data, work.numbers)
        if ENTRY in document.docinfo:
            del document.docinfo[ENTRY]
        base = saved(document)
    return read_master(base, work.found, glyphs)


class _Work:
    """One PDF being taken apart; objects that an edition writes anew are entered in a registry."""

    def __init__(
        self,
        document: pikepdf.Pdf,
        stacks: tuple[Stack, ...],
        spots: tuple[Spot, ...],
        colors: Mapping[str, str],
    ):
        self.document = document
        try:
            self.root = structure.read(document)
        except ValueError as error:  # content in a form: it is tagged in a way of its own
            raise CannotPart("something on the page is see-through") from error
        holders = {id(kid): one for one in self.root.walk() for kid in one.kids if isinstance(kid, TreeElement)}
        self.found = Found(stacks, spots, dict(colors), holders)
        self.numbers = list(document.Root.StructTreeRoot.ParentTree.Nums)
        parents = {int(key): value for key, value in zip(self.numbers[::2], self.numbers[1::2], strict=True)}
        fonts = Fonts(document.pages[0].obj.Resources.Font)
        self.contents = [
            PageContent(page, fonts, len(parents[int(page.obj.StructParents)]), finished=True)
            for page in document.pages
        ]
        self.data = [page.obj.Contents.read_bytes() for page in document.pages]
        self.fonts = fonts
        self.logos: set[tuple[int, int]] = set()

    # What stands in the slots

    def empty_slots(self) -> None:
        """Take the texts, the codes and the logo out of the page streams, and remember their elements."""
        for index, stack in enumerate(self.found.stacks):
            expected = stack.top
            margin = 0.0
            for slot in stack.slots:
                expected += max(margin, slot.above)
                found = list(self._at(stack.page, stack.left, stack.width, expected + slot.baseline))
                expected, margin = expected + slot.leading, slot.below
                if not found:
                    raise CannotPart(f'the text of the slot "{slot.name}" is not where it should be')
                element, mcid = self._tagged(stack.page, found)
                self._check_link(slot.name, element)
                self.found.texts.append((index, slot.name, element, mcid))
                for mcid in found:
                    self._take(stack.page, mcid, slot.face, f"stack {index}")
        for index, spot in enumerate(self.found.spots):
            if spot.name == "revision":
                found = list(self._at(spot.page, spot.left, spot.width, spot.top))
                if not found:
                    raise CannotPart("the revision is not where it should be")
                self._tagged(spot.page, found)
                self.found.inline[str(index)] = found[0]
                self._take(spot.page, found[0], spot.face, f"spot {index}")
            elif spot.name == "code":
                self._take_code(index, spot)
            else:
                self._take_logo(index, spot)

    def join_cuts(self) -> None:
        """Take back the cut of a code or logo that may as well be painted with the first texts of its page, where
        nothing that is painted between the two could hide it. Each stream costs an edition its time."""
        places = enumerate(self.found.spots)
        own = {b"spot %d" % index: spot for index, spot in places if spot.name in ("code", "logo")}
        for page in self.found.used:
            parts = CUTS.split(self.data[page])
            names, streams = parts[1::2], parts[::2]
            first = next((at for at, name in enumerate(names) if name not in own), 0)
            joined = streams[0]
            for at, (name, stream) in enumerate(zip(names, streams[1:], strict=True)):
                between = b"".join(streams[min(at, first) + 1 : max(at, first) + 1])
                if at == first or name not in own or _may_hide(between, own[name]):
                    joined += CUT % name
                joined += stream
            self.data[page] = joined

    def _at(self, page: int, left: float, width: float, baseline: float) -> Iterator[int]:
        """The marked content whose text begins on a base line, within a width."""
        content = self.contents[page]
        for mcid in sorted(content.mcids()):
            if content.form(mcid) is not None or not (place := _LEFT.search(content.source(mcid))):
                continue
            x, y = float(place[1]), float(place[2])
            if abs(y - baseline) < _NEAR and left - _NEAR < x < left + width:
                yield mcid

    def _tagged(self, page: int, mcids: list[int]) -> tuple[TreeElement, int]:
        owners = [one for one in self.root.walk() if one.page == page and set(one.kids) & set(mcids)]
        # An address is in pieces, between which it may break.
        if len(owners) != 1 or (len(mcids) > 1 and owners[0].tag != "Link"):
            raise CannotPart("a slot's text is tagged in more than one way")
        self.found.spare[page] |= set(mcids[1:])
        return owners[0], mcids[0]

    def _check_link(self, slot: str, element: TreeElement) -> None:
        """An edition's link leads to its address, and is that of the slot that prints it."""
        for one in (element, *self._above(element)):
            targets = [str(kid.annotation.A.get("/URI", "")) for kid in one.kids if isinstance(kid, Reference)]
            if one.tag == "Link" and (slot != "url" or one is not element or set(targets) != {SLOT_TEXTS["url"]}):
                raise CannotPart(f'the slot "{slot}" leads somewhere by itself')

    def _above(self, element: TreeElement) -> Iterator[TreeElement]:
        while (holder := self.found.holders.get(id(element))) is not None:
            yield (element := holder)

    def _take(self, page: int, mcid: int, face: str, name: str) -> None:
        """Take a text out of the stream: what is shown goes, and the state of type and color that it leaves stays.

        Behind the first of its stack, the stream is cut: there an edition paints its own, as opaque as that was.
        """
        if font := FONT.search(self.contents[page].source(mcid)):
            self.found.fonts[face] = font[1].decode()
        first = name not in self.found.cuts[page]
        if first:
            self.found.cuts[page].append(name)
        self._replace(page, mcid, lambda source: _SHOW.sub(b"", source), CUT % name.encode() if first else b"")

    def _replace(self, page: int, mcid: int, change: Callable[[bytes], bytes], behind: bytes) -> None:
        self.found.taken[page].add(mcid)
        data = self.data[page]
        mark = next(one for one in MARK.finditer(data) if int(one[2]) == mcid)
        end = data.index(_END, mark.end())
        changed = ARTIFACT + change(data[mark.end() : end]) + _END + behind
        self.data[page] = data[: mark.start()] + changed + data[end + len(_END) :]

    def _take_code(self, index: int, spot: Spot) -> None:
        printed = printed_address(SLOT_TEXTS["url"])
        for one in self.root.walk():
            if one.tag == "Figure" and one.page == spot.page and printed in str(one.obj.get("/Alt", "")):
                mcids = [kid for kid in one.kids if isinstance(kid, int)]
                told = str(one.obj.Alt).replace(printed, "")
                if len(mcids) != 1 or mcids[0] in self.found.taken[spot.page] or _SIGNED.search(told.lower()):
                    break
                (mcid,) = mcids
                source = self.contents[spot.page].source(mcid)
                if len(_SAVE.findall(source)) != len(_RESTORE.findall(source)):
                    raise CannotPart("the code is not drawn by itself")
                # As opaque as it was, whatever was painted before it.
                state = b"q\n%s%sQ\n" % (b"".join(_STATE.findall(source)[:1]), CUT % (b"spot %d" % index))
                self._replace(spot.page, mcid, lambda source: b"", state)
                self.found.figures.append((index, one, mcid))
                return
        raise CannotPart("the code is tagged in an unknown way")

    def _take_logo(self, index: int, spot: Spot) -> None:
        resources = self.document.pages[spot.page].obj.Resources
        for name, form in dict(resources.get("/XObject", {})).items():
            painted, data = name.encode() + b" Do\n" + _END, self.data[spot.page]
            if form.get("/Subtype") == Name.Form and _LOGO in form.read_bytes() and painted in data:
                self.logos.add(form.objgen)
                if len(re.findall(re.escape(name.encode()) + rb"\s+Do\b", data)) > 1:
                    raise CannotPart("a logo is drawn twice")
                self.data[spot.page] = data.replace(painted, _END + CUT % (b"spot %d" % index))
                del resources.XObject[name]
                break
        else:
            raise CannotPart("the logo is drawn in an unknown way")
        if self.found.logo is None:
            self.found.logo = self.document.make_indirect(Dictionary())
        resources.XObject["/Logo"] = self.found.logo

    # Colors

    def give_colors(self) -> None:
        """Let every operator that sets one of the brand's colors take it from a palette that an edition writes."""
        values = {_rgb(value.encode()): index for index, value in enumerate(self.found.colors.values())}
        if len(values) < len(self.found.colors):
            raise CannotPart("two of the brand's colors cannot be told apart")
        if not values:
            return
        self.found.palette = self.document.make_indirect(Array())

        def change(match: re.Match[bytes]) -> bytes:
            index = values.get(b" ".join(match.group(1, 2, 3)))
            if index is None:
                return match[0]
            return b"/Brand CS %d SC" % index if match[4] == b"RG" else b"/Brand cs %d sc" % index

        self.data = [_COLOR.sub(change, data) for data in self.data]
        holders = [page.obj.Resources for page in self.document.pages]
        for obj in list(self.document.objects):
            if _is_painted(obj):
                source = obj.read_bytes()
                if (changed := _COLOR.sub(change, source)) != source:
                    obj.write(changed)
                    if "/Resources" not in obj:
                        obj.Resources = Dictionary()
                    holders.append(obj.Resources)
            kind = obj.get("/ShadingType") if isinstance(obj, pikepdf.Dictionary | pikepdf.Stream) else None
            if kind is not None:
                raise CannotPart("the page blends colors into each other")
        for holder in holders:
            if "/ColorSpace" not in holder:
                holder.ColorSpace = Dictionary()
            holder.ColorSpace["/Brand"] = self.found.palette

    def check_rest(self) -> None:
        """Nothing outside the slots may hold what stands in them."""
        forms = [obj for obj in self.document.objects if _is_painted(obj)]
        others = [form.read_bytes() for form in forms if form.objgen not in self.logos]
        if any(_LOGO in data for data in (*self.data, *others)):
            raise CannotPart("a logo is drawn outside its slot")
        for data in (*self.data, *(form.read_bytes() for form in forms)):
            text = self._text(data)
            if SIGN in text or _SIGNED.search(text.replace("\n", "")):
                raise CannotPart("a name or address is printed outside the slots")
        own = {element.obj.objgen for _, element, _ in self.found.figures}
        for _, _, element, _ in self.found.texts:
            own |= {kid.annotation.objgen for kid in element.kids if isinstance(kid, Reference)}
        info = self.document.docinfo.objgen
        for obj in self.document.objects:
            if obj.objgen not in own and _SIGNED.search(_strings(obj)):
                where = "in the title of the document" if obj.objgen == info else "told outside the slots"
                raise CannotPart(f"a name or address is {where}")

    def _text(self, data: bytes) -> str:
        """All that a stream prints, in small letters; texts of one piece stand on a line of their own."""
        font, pieces = b"", []
        for begins, name, glyphs in _SHOWN.findall(data):
            font = name or font
            pieces.append("\n" if begins else self.fonts.text(font, glyphs) if glyphs else "")
        return "".join(pieces).lower()

    def widen_fonts(self, faces: Mapping[str, bytes]) -> dict[str, tuple[int, ...]]:
        """Embed every character that a name may have; returns the glyphs of each font by its file."""
        fonts = self.document.pages[0].obj.Resources.Font
        named = self.found.fonts.items()
        return {face: widen(self.document, fonts["/" + name], faces[face]) for face, name in named}


def _may_hide(source: bytes, spot: Spot) -> bool:
    """Whether something in a part of a stream is painted where a spot is; True where that takes more to tell."""
    if _PAINTED.search(source):
        return True
    return any(
        turned != _UPRIGHT
        or (float(x) < spot.left + spot.width and -_INK < float(y) - spot.top < spot.height + _INK)
        for turned, x, y in _PLACED.findall(source)
    )


def _is_painted(obj: pikepdf.Object) -> bool:
    """Whether an object is a stream that pages paint: a form, or a pattern of tiles."""
    return isinstance(obj, pikepdf.Stream) and (obj.get("/Subtype") == Name.Form or "/PatternType" in obj)


def _strings(obj: pikepdf.Object) -> str:
    """What the strings of an object say, in small letters."""
    if isinstance(obj, pikepdf.Stream):
        obj = Dictionary(dict(obj.items()))
    source = obj.unparse(resolved=True).lower()
    wide = (bytes.fromhex(text.decode()).decode("utf-16-be") for text in _WIDE.findall(source))
    return "\n".join([source.decode("latin-1"), *wide]).lower()


def _rgb(color: bytes) -> bytes:
    """A color of style sheets as the engine writes it into a stream."""
    values = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return b" ".join(f"{value:.6f}".rstrip("0").rstrip(".").encode() for value in values)


# What the empty logo is filled with.
_LOGO = _rgb(b"#1d2f41")
