"""From a wish to a plan: paper, scale and turn are chosen, and what speaks against it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from handouts.findings import Finding, Findings
from handouts.imposing import papers
from handouts.imposing.papers import SAME, Paper
from handouts.imposing.plan import MARK, SHORTEST_MARK, Duplex, Leaf, Plan, Wish, block_of, clearing
from handouts.imposing.sheets import Sheet, n_up, saddle_stitched, turned_backs

Size = tuple[float, float]

# Creep beyond this share of a page's width is a slip of the unit.
_MOST_CREEP = 0.1
# Nobody reads what is shrunk any further.
_LEAST_SCALE = 0.1


def plan_for(leaves: Sequence[Leaf], wish: Wish, file: str, title: str) -> Plan:
    """The plan for the pages of `file`, at least one; raises Findings for what cannot be laid out as asked."""
    page = _usual(leaves)
    metric = papers.is_metric(*page)
    found = list(_other_sizes(leaves, page, metric, wish.fit, file))
    if wish.folds and wish.duplex == "none":
        hint = "print it on both sides: leave out --duplex, or choose long or short"
        found.append(Finding(file, 0, "a sheet that is folded has two sides", hint))
    sheets = _sheets(len(leaves), wish)
    found += _creep(sheets, wish, page[0], metric, file)
    if any(one.severity == "error" for one in found):
        raise Findings(found)
    room = clearing(leaves, 1.0) + MARK if wish.marks else 0.0
    paper = wish.paper or _derived(wish, page, room, metric)
    if paper is None:
        needed = papers.sized(*block_of(wish, page), metric)
        hint = "name one by its size, such as --paper 22x34in; or shrink the pages: --paper letter --scale fit"
        raise Findings([Finding(file, 0, f"no paper that we know has room for {needed}", hint)])
    size, scale = _turned(paper, wish, page, room)
    if not wish.fit and (missing := _missing(size, block_of(wish, page))):
        raise Findings([_too_small(paper, missing, wish, page, metric, file)])
    if scale < _LEAST_SCALE:
        message = f"on {paper} the pages would be shrunk to {max(scale, 0.0) * 100:.0f} %"
        raise Findings([Finding(file, 0, message, "choose a larger --paper, or fewer pages a side")])
    upright: Duplex = "short" if size[0] > size[1] else "long"
    duplex = (wish.duplex or upright) if sheets[0].back else "none"
    if duplex not in (upright, "none"):
        sheets = turned_backs(sheets, *wish.grid)
    cell = (page[0] * scale, page[1] * scale)
    found += _without_marks(leaves, wish, size, cell, scale, paper, file)
    told = f"{title} (sheets: {wish})"
    return Plan(wish, file, told, paper, size, cell, scale, duplex, tuple(leaves), sheets, tuple(found))


def _sheets(count: int, wish: Wish) -> tuple[Sheet, ...]:
    if wish.folds:
        return saddle_stitched(count, wish.signature, wish.part)
    # A single page has nothing on its back.
    return n_up(count, wish.columns, wish.rows, wish.order, wish.duplex != "none" and count > 1)


def _usual(leaves: Sequence[Leaf]) -> Size:
    """The size that most pages have, and of sizes that as many have, the first."""
    rounded = [(round(width), round(height)) for width, height in (leaf.size for leaf in leaves)]
    [(most, _)] = Counter(rounded).most_common(1)
    return leaves[rounded.index(most)].size


def _other_sizes(leaves: Sequence[Leaf], page: Size, metric: bool, fit: bool, file: str) -> Iterator[Finding]:
    """One finding for each size that is not that of most pages, with the first page that has it."""
    others: dict[str, list[int]] = {}
    for number, leaf in enumerate(leaves, 1):
        if any(abs(one - other) > SAME for one, other in zip(leaf.size, page, strict=True)):
            others.setdefault(papers.sized(*leaf.size, metric), []).append(number)
    hint = "make all pages one size, or let --scale fit shrink and center it"
    if fit:
        hint = "it is centered in its place: look at it on its sheet"
    for size, numbers in others.items():
        more = f", and so {'is' if len(numbers) == 2 else 'are'} {len(numbers) - 1} more" if numbers[1:] else ""
        message = f"is {size}{more}; most pages are {papers.sized(*page, metric)}"
        yield Finding(file, 0, message, hint, "warning" if fit else "error", page=numbers[0])


def _creep(sheets: Sequence[Sheet], wish: Wish, width: float, metric: bool, file: str) -> Iterator[Finding]:
    most = max(sheet.depth for sheet in sheets) * wish.creep
    if wish.folds and most > _MOST_CREEP * width:
        creep, moved = papers.measured(wish.creep, metric), papers.measured(most, metric)
        message = f"a creep of {creep} a sheet moves the innermost pages by {moved}"
        hint = "give the thickness of one sheet, about 0.1mm; fold a thick booklet in signatures"
        yield Finding(file, 0, message, hint)


def _derived(wish: Wish, page: Size, room: float, metric: bool) -> Paper | None:
    """The paper that a block of pages asks for; where they may be shrunk, that of a single page."""
    if wish.fit:
        return papers.derived(*page, metric)
    width, height = block_of(wish, page)
    return papers.derived(width + 2 * room, height + 2 * room, metric)


def _turned(paper: Paper, wish: Wish, page: Size, room: float) -> tuple[Size, float]:
    """The sheet upright or on its side, whichever leaves the pages larger, and their scale there.

    Where it is the same, as the block of pages lies.
    """
    width, height = block_of(wish, page)

    def scale(size: Size) -> float:
        """Below 1 where the block, with room for marks, is larger than the sheet: gaps do not shrink."""
        gaps = [(count - 1) * wish.gap for count in wish.grid]
        clear = room if wish.fit else 0.0
        return min(
            1.0,
            (size[0] - 2 * clear - gaps[0]) / (width - gaps[0]),
            (size[1] - 2 * clear - gaps[1]) / (height - gaps[1]),
        )

    ways = [(paper.width, paper.height), (paper.height, paper.width)]
    if width > height:
        ways.reverse()
    best = max(ways, key=scale)
    return best, scale(best) if wish.fit else 1.0


def _missing(size: Size, block: Size) -> Size | None:
    """How much wider and higher a sheet would have to be; None where it is large enough."""
    short = tuple(max(needed - there, 0.0) for needed, there in zip(block, size, strict=True))
    return (short[0], short[1]) if max(short) > SAME else None


def _too_small(paper: Paper, missing: Size, wish: Wish, page: Size, metric: bool, file: str) -> Finding:
    columns, rows = wish.grid
    told = [
        f"{papers.measured(length, metric)} of {way}"
        for length, way in zip(missing, ("width", "height"), strict=True)
        if length > SAME
    ]
    pages = f"{columns} × {rows} pages of {papers.sized(*page, metric)}"
    larger = _derived(wish, page, 0.0, metric)
    hint = f"choose --paper {larger.name}" if larger else "choose a larger --paper"
    message = f"{paper} is too small for {pages}: it lacks {' and '.join(told)}"
    return Finding(file, 0, message, f"{hint}, or let --scale fit shrink the pages")


def _without_marks(
    leaves: Sequence[Leaf], wish: Wish, size: Size, cell: Size, scale: float, paper: Paper, file: str
) -> Iterator[Finding]:
    """Marks that would lie off the sheet are left out, and that is told."""
    if not wish.marks:
        return
    needed = clearing(leaves, scale) + SHORTEST_MARK
    margins = ((there - taken) / 2 for there, taken in zip(size, block_of(wish, cell), strict=True))
    named = zip(("left and right", "above and below"), margins, strict=True)
    sides = [name for name, margin in named if margin < needed]
    if sides:
        message = f"there is no room on {paper} for cut marks {' or '.join(sides)}"
        yield Finding(file, 0, message, "choose a larger --paper, or leave it out", "warning")
