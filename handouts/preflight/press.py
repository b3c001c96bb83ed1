"""Whether a file for a print shop is in its inks alone, and in no more of them, no finer and no smaller than prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from handouts.color import luminance
from handouts.findings import Finding, counted
from handouts.preflight.evidence import Page, Printed
from handouts.preflight.ink import Word, around, overlap, quoted
from handouts.preflight.paints import Paint, inside, paints_of
from handouts.preflight.product import Product
from handouts.preflight.rules import Box, Rule
from handouts.preflight.spaces import Inks
from handouts.preflight.trimming import bled_page

COLOR_SPACE = Rule("color-space", "error", "ours", "A file for print is in its inks alone: CMYK, or greys.")
INK_LIMIT = Rule("ink-limit", "error", "ours", "No place takes more ink than the print shop allows.")
LINE_THIN = Rule("line-thin", "warning", "ours", "On a press, lines are 0.25 points wide.")
TYPE_REVERSED = Rule("type-reversed", "warning", "ours", "Light type on a ground of several inks has 8 points or more.")
BLACK_RICH = Rule("black-rich", "error", "ours", "On a press, black type is of black ink alone.")

_NAMED = {
    **{"area": "area", "line": "line", "text": "piece of type", "picture": "picture", "gradient": "gradient"},
    **{"mask": "mask", "group": "transparent group", "color": "color that nothing shows"},
}
_THINNEST, _HAIR = 0.25, 0.005  # points; places in a PDF are rounded
_SMALL, _SLACK = 8.0, 0.05  # points
# An ink of less than this is a tint that nobody sees.
_SOME = 0.05
# Black enough to be called so: by its black ink, or by what all inks make of it together.
_BLACK = 0.6
_DARK, _EVEN = 0.25, 0.1
# Luminances, 0 to 1: of type that is lighter than its ground by as much, and of a ground that is dark.
_LIGHTER, _DARK_GROUND = 0.3, 0.3
# A ground that lets less through than this is one.
_OPAQUE = 0.5
_DPI = 100
# Where a piece of type begins, against its first letter, in sizes of type.
_LEFT, _RIGHT, _LEVEL = 0.4, 0.7, 0.6


class Type(NamedTuple):
    """A piece of type as it is painted, and its words as they are read; `at` is its number among the page's paints."""

    paint: Paint
    words: tuple[Word, ...]
    at: int

    @property
    def box(self) -> Box:
        return around(word.box for word in self.words)


def color_space(product: Product) -> Iterator[Finding]:
    """Colors that are no inks of this file, painted with or only set: one finding a page."""
    colors = product.material.profile.colors
    if colors == "rgb":
        return
    for page, paints in _pages(product):
        foreign = [(paint, name) for paint in paints if (name := paint.space.foreign(colors))]
        if not foreign:
            continue
        kinds = Counter(paint.kind for paint, _ in foreign)
        what = _listed([counted(number, _NAMED[kind]) for kind, number in kinds.most_common()])
        names = _listed(sorted({name for _, name in foreign}))
        yield COLOR_SPACE.found(
            product.printed.file,
            f"{what} {'is' if len(foreign) == 1 else 'are'} in {names}; "
            f"this file is printed in {'CMYK' if colors == 'cmyk' else 'DeviceGray'}",
            "say its inks beside its color in styles/, or build it with the profile of the printer: --icc FILE",
            page=page.number,
            box=next((paint.box for paint, _ in foreign if paint.box), ()),
        )


def ink_limit(product: Product) -> Iterator[Finding]:
    """Places with more ink than dries: one finding a page, for the heaviest of them."""
    limit = product.material.profile.ink_limit
    if limit is None:
        return
    for page, paints in _pages(product):
        area = bled_page(product, page)
        heavy = [paint for paint in paints if paint.total > limit + 0.5 and inside(paint, area)]
        if heavy:
            worst = max(heavy, key=lambda paint: paint.total)
            more = f", and {len(heavy) - 1} more like it" if len(heavy) > 1 else ""
            yield INK_LIMIT.found(
                product.printed.file,
                f"{_one(worst)} takes {worst.total:.0f} % of ink, {_shown(worst.inks)}{more}; "
                f"the limit is {limit:g} %",
                "take less of cyan, magenta and yellow where there is black, or choose a lighter color",
                page=page.number,
                box=overlap(worst.box, area) if worst.box else (),
            )


def line_thin(product: Product) -> Iterator[Finding]:
    """Lines, and areas as thin as lines, that a press may lose: one finding a page."""
    if product.material.profile.colors != "cmyk":
        return
    for page, paints in _pages(product):
        area = bled_page(product, page)
        thin = [
            paint
            for paint in paints
            if paint.width is not None and paint.width < _THINNEST - _HAIR and inside(paint, area)
        ]
        if thin:
            worst = min(thin, key=lambda paint: paint.width or 0.0)
            yield LINE_THIN.found(
                product.printed.file,
                f"{counted(len(thin), 'line')} under {_THINNEST:g} pt, the thinnest {worst.width:.2f} pt: "
                "a press may lose them",
                f"make them {_THINNEST:g} pt wide or more",
                page=page.number,
                box=overlap(worst.box, area) if worst.box else (),
            )


def black_rich(product: Product) -> Iterator[Finding]:
    """Black type in several inks, which never meet exactly: one finding a page and color."""
    for page, types in _typed(product):
        groups: dict[Inks, list[Type]] = {}
        for one in types:
            if one.paint.inks and _is_rich(one.paint.inks):
                groups.setdefault(one.paint.inks, []).append(one)
        for inks, found in groups.items():
            yield BLACK_RICH.found(
                product.printed.file,
                f"{_quoted(found)} is printed in {_shown(inks)}; black type needs black ink alone",
                "set it in black ink, C 0 M 0 Y 0 K 100: other inks shift by a hair, and make it blurred",
                page=page.number,
                box=around(one.box for one in found),
            )


def type_reversed(product: Product) -> Iterator[Finding]:
    """Small light type that several inks leave free: one finding a page and size."""
    for page, types in _typed(product):
        groups: dict[float, list[tuple[Type, Inks]]] = {}
        for one in types:
            if one.paint.size < _SMALL - _SLACK and (inks := _dark_ground(product.printed, page, one)):
                groups.setdefault(round(one.paint.size, 1), []).append((one, inks))
        for size, found in groups.items():
            yield TYPE_REVERSED.found(
                product.printed.file,
                f"{_quoted([one for one, _ in found])} is light type of {size:g} pt on {_shown(found[0][1])}; "
                f"on several inks it needs {_SMALL:g} pt",
                "set it larger, or on a ground of one ink: those that shift by a hair close small letters",
                page=page.number,
                box=around(one.box for one, _ in found),
            )


def _pages(product: Product) -> Iterator[tuple[Page, tuple[Paint, ...]]]:
    return zip(product.printed.pages, paints_of(product.printed), strict=False)


def _typed(product: Product) -> Iterator[tuple[Page, list[Type]]]:
    """The type of each page of a file in CMYK, where something of it is on the trimmed page."""
    if product.material.profile.colors == "cmyk":
        for page, paints in _pages(product):
            yield page, list(_types(page, paints))


def _types(page: Page, paints: Iterable[Paint]) -> Iterator[Type]:
    """Each piece of type with its words; what prints nothing, or cannot be found among the letters, is left out.

    A piece is known by the place where it begins, which is where the first of its letters stands.
    """
    begins: dict[int, list[tuple[float, float, int]]] = {}
    words: dict[int, list[Word]] = {}
    for word in page.visible:
        for run in dict.fromkeys(id(char.run) for char in word.chars):
            words.setdefault(run, []).append(word)
        for char in word.chars:
            begins.setdefault(round(char.baseline), []).append((char.box[0], char.baseline, id(char.run)))
    for at, paint in enumerate(paints):
        if paint.kind != "text" or not paint.box:
            continue
        x, y = paint.box[0], paint.box[3]
        near = [
            (abs(left - x), run)
            for row in (round(y) - 1, round(y), round(y) + 1)
            for left, baseline, run in begins.get(row, ())
            if abs(baseline - y) < _LEVEL and -_LEFT * paint.size < left - x < _RIGHT * paint.size
        ]
        if near:
            yield Type(paint, tuple(words[min(near)[1]]), at)


def _is_rich(inks: Inks) -> bool:
    """Whether a color is a black, and of more than black ink."""
    cyan, magenta, yellow, black = inks
    if max(cyan, magenta, yellow) <= _SOME:
        return False
    light = [(1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)]
    return black > _BLACK or (max(light) < _DARK and max(light) - min(light) < _EVEN)


def _dark_ground(printed: Printed, page: Page, one: Type) -> Inks | None:
    """The inks behind light type where they are several and dark; else None."""
    letter = one.words[0].chars[0].box
    x, y = (letter[0] + letter[2]) / 2, (letter[1] + letter[3]) / 2
    behind = paints_of(printed)[page.number - 1][: one.at]
    grounds = (
        paint
        for paint in reversed(behind)
        if paint.kind in ("area", "picture", "gradient") and paint.alpha > _OPAQUE and paint.covers(x, y)
    )
    ground = next(grounds, None)
    if ground is None or ground.inks is None or sum(ink > _SOME for ink in ground.inks) < 2:
        return None
    # How dark it is, the raster tells: a picture has many colors.
    seen = page.background(page.fine(_DPI), box=one.box).resize((1, 1)).convert("RGB").getpixel((0, 0))
    light, dark = luminance(one.words[0].chars[0].run.color), luminance(seen)
    return ground.inks if dark < _DARK_GROUND and light - dark > _LIGHTER else None


def _one(paint: Paint) -> str:
    kind = _NAMED[paint.kind]
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _shown(inks: Inks | None) -> str:
    """Inks in percent, as print shops write them."""
    return " ".join(f"{name} {100 * ink:.0f}" for name, ink in zip("CMYK", inks or (), strict=False))


def _quoted(types: Iterable[Type]) -> str:
    return quoted({id(word): word for one in types for word in one.words}.values())


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


OURS: tuple[Callable[[Product], Iterator[Finding]], ...] = (
    color_space,
    ink_limit,
    line_thin,
    type_reversed,
    black_rich,
)
