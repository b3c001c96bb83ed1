"""The pages of a preview as HTML: the gallery, one product, and what is said where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

import jinja2

from handouts.findings import Finding, counted, errors
from handouts.preview.choice import Choice, Choices
from handouts.preview.products import BUILDING, FAILED, FRESH, STALE, Shown, Size
from handouts.typography import typeset

SINGLE, SPREAD, SHEET = "single", "spread", "sheet"
VIEWS = {SINGLE: "Pages", SPREAD: "Spreads", SHEET: "Sheets"}
# What the switches are called, in the order in which they stand.
SWITCHES = {
    "brand": "Brand",
    "paper": "Paper",
    "profile": "Made for",
    "language": "Language",
    "edition": "Edition",
}
# A state in a word, and what it means.
STATES = {
    FRESH: ("Fresh", "as a build would make it now"),
    STALE: ("Stale", "something that it is made of has changed"),
    BUILDING: ("Building", "is being built"),
    FAILED: ("Failed", "could not be built; what is shown is the last good one"),
}
# Resolutions that a browser may choose from, in dots per inch: a screen shows 96 of them to an inch at 100 %, or twice
# as many.
RESOLUTIONS = (48, 72, 96, 144, 192, 288)
# A page in the gallery is a third of its size, so that a small format is seen to be one; a poster is shrunk to this.
_THUMB, _WIDEST, _HIGHEST = 1 / 3, 214.0, 288.0
_THUMB_RESOLUTION = 72
# A screen shows a point on this many of its pixels, in its own size.
_PIXELS = 96 / 72
_LETTER: Size = (612.0, 792.0)
# How many findings stand over the last good page before a link says that there are more.
_MOST_TOLD = 3
_ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Mark:
    """The box of a finding on its page; left, top, width and height in percent of the page."""

    number: int
    finding: Finding
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Leaf:
    """One picture: a page, or one side of a sheet. `width` and `height` are in points, `sources` the same picture in
    several sizes, as `srcset` wants them. A leaf without a number is the empty half of a spread."""

    number: int
    width: float
    height: float
    source: str = ""
    sources: str = ""
    label: str = ""
    marks: tuple[Mark, ...] = ()

    @property
    def across(self) -> int:
        """Its width on a screen in its own size."""
        return round(self.width * _PIXELS)

    @property
    def down(self) -> int:
        return round(self.height * _PIXELS)


def gallery(choice: Choice, choices: Choices, products: Sequence[Shown], project_name: str) -> str:
    """All products, by format. `products` are in the order in which they are to stand."""
    groups: dict[str, list[Shown]] = {}
    for shown in products:
        groups.setdefault(shown.format, []).append(shown)
    states = [one.state for one in products]
    told = [f"{states.count(state)} {word.lower()}" for state, (word, _) in STATES.items() if state in states]
    return _render(
        "gallery.html", choice, choices, "/", project_name, groups=groups, summary=", ".join(told), thumb=_thumb
    )


def product(
    choice: Choice,
    choices: Choices,
    shown: Shown,
    neighbours: tuple[Shown | None, Shown | None],
    view: str,
    project_name: str,
) -> str:
    """One product with its pages and findings; `neighbours` are the product before it and the one after."""
    offered = views(shown)
    view = view if view in offered else SINGLE
    path = f"/product/{quote(shown.key)}"
    told = (errors(shown.findings) or shown.findings) if is_broken(shown) else ()
    return _render(
        "product.html",
        choice,
        choices,
        path,
        project_name,
        shown=shown,
        before=neighbours[0],
        after=neighbours[1],
        view=view,
        views={one: (VIEWS[one], path + _more(choice, view=one if one != SINGLE else "")) for one in offered},
        rows=list(_rows(shown, view, choice)),
        broken=is_broken(shown),
        told=told[:_MOST_TOLD],
        untold=len(shown.findings) - len(told[:_MOST_TOLD]),
        download=f"/pdf/{quote(shown.key)}{_more(choice, download='1')}",
        boxed={mark.number for leaf in _leaves(shown, SINGLE, choice) for mark in leaf.marks} if view != SHEET else (),
    )


def not_found(choice: Choice, choices: Choices, project_name: str) -> str:
    """What is said for an address at which there is nothing."""
    return _render("missing.html", choice, choices, "/", project_name)


def views(shown: Shown) -> tuple[str, ...]:
    """The ways to look at a product: spreads from two pages on, sheets of what is folded."""
    return (SINGLE, *((SPREAD,) if shown.pages > 1 else ()), *((SHEET,) if shown.sheets else ()))


def is_broken(shown: Shown) -> bool:
    """Whether the last attempt failed: its errors stay until a better one is done, while that is under way too."""
    return shown.state == FAILED or bool(errors(shown.findings))


def _render(name: str, choice: Choice, choices: Choices, path: str, project_name: str, **values: object) -> str:
    switches = [(switch, label, choices.of(switch)) for switch, label in SWITCHES.items()]
    return _templates().get_template(name).render(
        choice=choice,
        query=choice.query(),
        path=path,
        project=project_name,
        switches=[one for one in switches if len(one[2]) > 1],
        states=STATES,
        counted=counted,
        **values,
    )


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"address": quote, "printed": typeset}
    return environment


def _more(choice: Choice, **more: str) -> str:
    """The query of a choice with more behind it; what is empty is left out."""
    query = choice.query()
    said = urlencode({key: value for key, value in more.items() if value})
    return f"{query}{'&' if query else '?'}{said}" if said else query


def _thumb(shown: Shown, choice: Choice) -> Leaf:
    """The first page as it stands in the gallery, or empty paper; `width` and `height` are in pixels of the screen."""
    width, height = shown.sizes[0] if shown.pages else _LETTER
    part = min(_THUMB, _WIDEST / width, _HIGHEST / height)
    source = _picture(shown, choice, "picture", 1, _THUMB_RESOLUTION) if shown.pages else ""
    return Leaf(1, round(width * part), round(height * part), source)


def _picture(shown: Shown, choice: Choice, kind: str, number: int, dpi: int) -> str:
    return f"/{kind}/{quote(shown.key)}/{number}.png{_more(choice, dpi=str(dpi), stamp=shown.stamp)}"


def _rows(shown: Shown, view: str, choice: Choice) -> Iterator[list[Leaf]]:
    """What stands beside each other: a page, two that face each other, or one side of a sheet."""
    leaves = list(_leaves(shown, view, choice))
    if view != SPREAD:
        yield from ([leaf] for leaf in leaves)
        return
    # Two pages are a sheet's front and back, and shown together. More of them open like a book: the first is on the
    # right.
    if len(leaves) > 2:
        leaves.insert(0, Leaf(0, leaves[0].width, leaves[0].height))
    for pair in (leaves[place : place + 2] for place in range(0, len(leaves), 2)):
        yield [*pair, *[Leaf(0, pair[0].width, pair[0].height)] * (2 - len(pair))]


def _leaves(shown: Shown, view: str, choice: Choice) -> Iterator[Leaf]:
    kind = "sheet" if view == SHEET else "picture"
    for number, (width, height) in enumerate(shown.sheets if view == SHEET else shown.sizes, 1):
        label = f"Page {number}"
        if view == SHEET:
            label = f"Sheet {(number + 1) // 2}, {'front' if number % 2 else 'back'}"
        addresses = {round(width * dpi / 72): _picture(shown, choice, kind, number, dpi) for dpi in RESOLUTIONS}
        yield Leaf(
            number,
            width,
            height,
            _picture(shown, choice, kind, number, 96),
            ", ".join(f"{address} {pixels}w" for pixels, address in addresses.items()),
            label,
            tuple(_marks(shown, number)) if view != SHEET else (),
        )


def _marks(shown: Shown, page: int) -> Iterator[Mark]:
    """The findings that have a box on a page. Those of a build that failed are of pages that nobody sees."""
    if is_broken(shown):
        return
    width, height = shown.sizes[page - 1]
    for number, finding in enumerate(shown.findings, 1):
        if finding.page == page and len(finding.box) == 4:
            left, top, right, bottom = (
                max(0.0, min(1.0, at / side))
                for at, side in zip(finding.box, (width, height, width, height), strict=True)
            )
            percent = (round(100 * part, 2) for part in (left, top, right - left, bottom - top))
            yield Mark(number, finding, *percent)
