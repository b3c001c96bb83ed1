"""The objects of a page that an edition writes anew: entered before a PDF is saved, found again in what was saved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name

from handouts.finishing.structure import Element as TreeElement
from handouts.finishing.structure import Reference
from handouts.slots import Spot, Stack
from handouts.stamping.master import Code, Element, Link, Master, Page, Parent

# A comment in a stream, at the places where it is cut: with the name of what is printed there.
CUT = b"%%handouts %s\n"
CUTS = re.compile(CUT.replace(b"%%", b"%").replace(b"%s", rb"(\w+ \d+)"))
_REGISTRY = "/HandoutsSlots"
_ITEM = re.compile(rb"<<.*?>>|\d+ \d+ R|\d+|null")


@dataclass
class Found:
    """What was found in the slots of a PDF.

    `texts` are stack, slot, element and marked content of each text; `figures` spot, element and content of each code;
    `inline` the content of words by their spot. By page, `taken` is all of that content, `spare` what a text has beside
    its first piece, and `cuts` the names of what an edition prints where the stream is cut. `holders` are the elements
    above others, by the identity of these.
    """

    stacks: tuple[Stack, ...]
    spots: tuple[Spot, ...]
    colors: dict[str, str]
    holders: dict[int, TreeElement]
    texts: list[tuple[int, str, TreeElement, int]] = field(default_factory=list)
    figures: list[tuple[int, TreeElement, int]] = field(default_factory=list)
    inline: dict[str, int] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)
    logo: pikepdf.Object | None = None
    palette: pikepdf.Object | None = None

    def __post_init__(self) -> None:
        self.used = sorted({one.page for one in (*self.stacks, *self.spots)})
        self.taken: dict[int, set[int]] = {page: set() for page in self.used}
        self.spare: dict[int, set[int]] = {page: set() for page in self.used}
        self.cuts: dict[int, list[str]] = {page: [] for page in self.used}


def enter_objects(document: pikepdf.Pdf, found: Found, data: Sequence[bytes], numbers: list) -> None:
    """Make each thing that an edition writes anew an object of its own, and list them for `read_master`: numbers are
    given on saving. `data` are the streams of all pages, `numbers` is the parent tree."""
    listed: list[pikepdf.Object | None] = []
    keys = {int(key): index for index, key in enumerate(numbers[::2])}
    for page in found.used:
        obj = document.pages[page].obj
        # Pieces of the stream, and between them names: in the order in which they are painted, not that of the search.
        parts = CUTS.split(data[page])
        found.cuts[page] = [name.decode() for name in parts[1::2]]
        obj.Contents = Array([document.make_stream(b"\n" if at % 2 else part) for at, part in enumerate(parts)])
        place = 2 * keys[int(obj.StructParents)] + 1
        tree = numbers[place] = document.make_indirect(numbers[place])
        if "/Annots" in obj:
            obj.Annots = document.make_indirect(obj.Annots)
        listed += [obj.Contents, tree, obj.get("/Annots", None)]
    for page, stream in enumerate(data):
        if page not in found.used:
            document.pages[page].obj.Contents.write(stream)
    for _, _, element, _ in found.texts:
        listed += [element.obj, found.holders[id(element)].obj]
        if element.tag == "Link":
            (first,) = [kid for kid in element.kids if isinstance(kid, Reference)]
            listed += _second_line(document, first, element, numbers)
    listed += [element.obj for _, element, _ in found.figures]
    listed += [found.palette, found.logo, document.Root, document.docinfo]
    tree = document.Root.StructTreeRoot.ParentTree
    tree.Nums = Array(numbers)
    document.Root[_REGISTRY] = Array(listed)


def _second_line(
    document: pikepdf.Pdf, first: Reference, element: TreeElement, numbers: list
) -> list[pikepdf.Object]:
    """An annotation that the second line of a link may use, beside the first; with their references."""
    root = document.Root.StructTreeRoot
    key = int(root.ParentTreeNextKey)
    annotation = document.make_indirect(
        Dictionary(Type=Name.Annot, Subtype=Name.Link, StructParent=key, A=first.annotation.A)
    )
    for name in ("/BS", "/F", "/Contents"):
        annotation[name] = first.annotation[name]
    page = document.pages[element.page].obj
    reference = document.make_indirect(Dictionary(Type=Name.OBJR, Pg=page, Obj=annotation))
    numbers += [key, element.obj]
    root.ParentTreeNextKey = key + 1
    return [first.annotation, annotation, first.obj, reference]


def read_master(base: bytes, found: Found, glyphs: dict[str, tuple[int, ...]]) -> Master:
    """The master, with the numbers that its objects were given."""
    with pikepdf.open(BytesIO(base)) as document:
        listed = iter(document.Root[_REGISTRY])
        pages = [_page(document, found, page, next(listed), next(listed), next(listed)) for page in found.used]
        elements, links = [], []
        parents: dict[int, Parent] = {}
        for stack, slot, element, mcid in found.texts:
            own, holder = _open(next(listed)), _open(next(listed))
            parents.setdefault(holder.number, holder)
            elements.append(Element(own.number, own.rest, stack, slot, mcid, holder.number))
            if element.tag == "Link":
                annotations, references = (next(listed), next(listed)), (next(listed), next(listed))
                links.append(
                    Link(
                        element=len(elements) - 1,
                        annotations=tuple(one.objgen[0] for one in annotations),
                        references=tuple(f"{one.objgen[0]} 0 R" for one in references),
                        rests=tuple(_without(one, "/A", "/Contents", "/Rect") for one in annotations),
                    )
                )
        codes = []
        for spot, _, mcid in found.figures:
            obj = next(listed)
            words = str(obj.Alt)
            codes.append(Code(obj.objgen[0], _without(obj, "/A", "/Alt"), words, spot, mcid))
        palette, logo, catalog, info = listed
        return Master(
            base=base,
            size=int(document.trailer.Size),
            catalog=catalog.objgen[0],
            catalog_source=f"<< {_without(catalog, _REGISTRY)}",
            info=info.objgen[0],
            info_source=_without(info),
            stacks=found.stacks,
            spots=found.spots,
            pages=tuple(pages),
            elements=tuple(elements),
            parents=tuple(parents.values()),
            links=tuple(links),
            codes=tuple(codes),
            inline=found.inline,
            fonts=found.fonts,
            glyphs=glyphs,
            colors=found.colors,
            palette=palette.objgen[0] if palette is not None else 0,
            logo=logo.objgen[0] if logo is not None else 0,
            page_count=len(document.pages),
        )


def _page(
    document: pikepdf.Pdf,
    found: Found,
    index: int,
    contents: pikepdf.Object,
    tree: pikepdf.Object,
    annotations: pikepdf.Object | None,
) -> Page:
    linked = any(element.tag == "Link" and element.page == index for _, _, element, _ in found.texts)
    return Page(
        index=index,
        height=float(document.pages[index].trimbox[3]),
        streams={name: one.objgen[0] for name, one in zip(found.cuts[index], list(contents)[1::2], strict=True)},
        tree=tree.objgen[0],
        owners=tuple(
            "null" if mcid in found.spare[index] else owner for mcid, owner in enumerate(_references(tree))
        ),
        annotations_at=annotations.objgen[0] if linked else 0,
        annotations=tuple(_references(annotations)) if linked else (),
    )


def _references(array: pikepdf.Object) -> Iterator[str]:
    for match in _ITEM.finditer(array.unparse(resolved=True).strip(b"[] ")):
        yield match[0].decode("latin-1")


def _open(obj: pikepdf.Object) -> Parent:
    return Parent(obj.objgen[0], _without(obj, "/K"), tuple(_references(obj.K)))


def _without(obj: pikepdf.Object, *keys: str) -> str:
    """The source of a dictionary after its first bracket, without some of its entries."""
    kept = Dictionary({key: value for key, value in obj.items() if key not in keys})
    return kept.unparse().decode("latin-1").removeprefix("<<").lstrip()
