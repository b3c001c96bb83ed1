"""Pages placed on sheets: a finished PDF in, the PDF of its sheets out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from handouts.finishing.saving import saved
from handouts.imposing.choosing import plan_for
from handouts.imposing.plan import Box, Plan, Wish
from handouts.imposing.sheets import ENTRY, Place, Sheet
from handouts.imposing.source import Forms, inked, leaves_of, mended, opened, title_of

# What of a document concerns its sheets: its language, the color that it was made for, which layers are printed.
_KEPT = ("/Type", "/Pages", "/Lang", "/OutputIntents", "/OCProperties")
# What its information says of the work, and not of a file that conforms to anything.
_TOLD = ("/Author", "/Subject", "/Keywords", "/Trapped")
_DUPLEX = {"long": "/DuplexFlipLongEdge", "short": "/DuplexFlipShortEdge", "none": "/Simplex"}
# Black alone, on every printer and press.
_MARKS = "0 G 0.25 w 0 J"
_DASHED = "[ 3 2 ] 0 d"


def planned(pdf: bytes, wish: Wish, file: str = "", name: str = "Sheets") -> Plan:
    """How the pages of a PDF are laid onto sheets, with warnings in it.

    `file` is its path as findings name it, `name` its title where it has none. Raises Findings where the file is no
    sound PDF, or its pages cannot be laid out as wished.
    """
    with opened(pdf, file) as document:
        found = plan_for(leaves_of(document, file), wish, file, title_of(document, name))
        return replace(found, warnings=(*mended(document, file), *found.warnings))


def impose(pdf: bytes, plan: Plan) -> bytes:
    """The PDF of the sheets: front, back, front, back, each as large as the paper, as `plan` for this very PDF says.

    Pages stay what they are: text, fonts, drawings, colors and the output intent. Tags, links, bookmarks and
    claims of conformance go, for a sheet is for paper; filled fields become ink. The same input gives the same bytes.

    A booklet with its cover apart is two plans and two calls: `replace(wish, part="cover")` and `part="inside"`.
    """
    with opened(pdf, plan.file) as document:
        inked(document)
        forms = Forms(document, plan.leaves)
        sides = [_side(document, plan, sheet, side, forms) for sheet in plan.sheets for side in sheet.sides]
        _put_pages(document, sides)
        _tell(document, plan)
        return saved(document, min_version="1.7", encryption=False)


def _side(
    document: pikepdf.Pdf, plan: Plan, sheet: Sheet, side: tuple[Place, ...], forms: Forms
) -> pikepdf.Dictionary:
    """One side of a sheet as a page, that still has to be told its parent."""
    painted, found = [], Dictionary()
    for place in side:
        form = forms.of(place.page) if place.page else None
        if form is not None:
            found[f"/P{place.page}"] = form
            clip, matrix = _rectangle(plan.clip(place)), _numbers(plan.matrix(place, sheet), 7)
            painted.append(f"q {clip} re W n {matrix} cm /P{place.page} Do Q")
    content = "\n".join([*painted, *_drawn_marks(plan)])
    left, bottom, right, top = plan.block
    trim = max(left, 0.0), max(bottom, 0.0), min(right, plan.size[0]), min(top, plan.size[1])
    return Dictionary(
        Type=Name.Page,
        MediaBox=_array((0.0, 0.0, *plan.size)),
        BleedBox=_array(plan.bleed),
        TrimBox=_array(trim),
        Resources=Dictionary(XObject=found),
        Contents=document.make_stream(content.encode("ascii")),
    )


def _drawn_marks(plan: Plan) -> Iterator[str]:
    if plan.marks:
        lines = [f"{_numbers(line.start)} m {_numbers(line.end)} l S" for line in plan.marks if not line.dashed]
        folds = [f"{_numbers(line.start)} m {_numbers(line.end)} l S" for line in plan.marks if line.dashed]
        yield " ".join(["q", _MARKS, *lines, *([_DASHED, *folds] if folds else []), "Q"])


def _rectangle(box: Box) -> str:
    return _numbers((box[0], box[1], box[2] - box[0], box[3] - box[1]))


def _numbers(values: tuple[float, ...], digits: int = 4) -> str:
    """Numbers as PDF source: never as "-0", nor with an exponent."""
    return " ".join(f"{round(value, digits) + 0.0:.{digits}f}".rstrip("0").rstrip(".") for value in values)


def _array(values: tuple[float, ...]) -> Array:
    return Array([Decimal(f"{value:.4f}") for value in values])


def _put_pages(document: pikepdf.Pdf, sides: list[Dictionary]) -> None:
    """Make the sides the pages of the document, in place of its own."""
    root = document.make_indirect(Dictionary(Type=Name.Pages, Count=len(sides)))
    for side in sides:
        side.Parent = root
    root.Kids = Array([document.make_indirect(side) for side in sides])
    document.Root.Pages = root


def _tell(document: pikepdf.Pdf, plan: Plan) -> None:
    """What the file says of itself: its title, and how it is to be printed; nothing that is true of pages alone."""
    for key in set(document.Root.keys()) - {*_KEPT}:
        del document.Root[key]
    document.Root.ViewerPreferences = Dictionary(
        DisplayDocTitle=True, Duplex=Name(_DUPLEX[plan.duplex]), PrintScaling=Name("/None")
    )
    known = document.trailer.get("/Info")
    told = {key: known[key] for key in _TOLD if key in known} if isinstance(known, Dictionary) else {}
    info = {**told, "/Producer": String("handouts"), "/Title": String(plan.title)}
    info[ENTRY] = String(str(plan.wish))
    document.trailer.Info = document.make_indirect(Dictionary(info))
    for obj in document.objects:
        if isinstance(obj, pikepdf.Stream):
            for key in ("/StructParent", "/StructParents"):
                if key in obj:
                    del obj[key]
