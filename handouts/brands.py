"""What a brand may be: its name, its colors and its logo, judged without any heavy library.

*Why apart from `imprint.py`, which reads brand files:* a merge asks the same of thousands of rows, and should not wait
for the library that checks records.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from xml.etree import ElementTree

from handouts.addresses import check_addresses
from handouts.color import BLACK, WHITE, Color, grey, luminance, mixed, named, ratio
from handouts.findings import Finding, Findings, nearest
from handouts.project import Project

FOLDER = "styles/brands"
# What is said of it: a message and a hint.
Advice = tuple[str, str]

# The contrast that type of any size asks for, by WCAG 2.2.
NEEDED = 4.5
_STEPS = 256
# The tint lies under dark text: as much of the ink in white as the palette's own have, and never darker than this.
_MOST_INK, _DARKEST_TINT = 0.1, 0.82
# An accent on ink is pale from the start: this share of white is mixed with it at least.
_LEAST_WHITE = 0.6
# What the house has, where a brand sets only one of both: its accent on ink, and the lightest ink that the palette may
# hold, which carries white at 7:1.
_HOUSE_ON_INK: Color = (0xF3, 0xC9, 0xA5)
_LIGHTEST_INK: Color = (0x59, 0x59, 0x59)
_COLOR = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")

# The place of a logo in inches, and how fine a picture must be there.
LOGO_WIDTH, LOGO_HEIGHT = 2.2, 0.45
_DOTS = 300
_MOST_BYTES, _MOST_PIXELS = 1_000_000, 4000
_PNG = b"\x89PNG\r\n\x1a\n"
_NO_DRAWING = {
    "script": (" holds a program (<script>)", "delete it; drawing programs can save plain SVG"),
    "foreignObject": (" holds a part that is no drawing (<foreignObject>)", "save it as plain SVG, or as PNG"),
    "image": (" holds a picture (<image>)", "save the logo as PNG, or draw it with paths only"),
    "text": (
        " holds text that is set in a font, which others may not have",
        "turn its text into paths in your drawing program",
    ),
}
_LENGTH = re.compile(r"\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|q)?\s*", re.IGNORECASE)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
# Folders that stand beside a brand's in the output, and names that Windows keeps for itself.
_TAKEN = ("editions", "proofs")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def is_own(project: Project, file: str) -> bool:
    """True for a file that the project has itself, and does not take from what we ship."""
    path = project.find(file)
    return path is not None and path.is_relative_to(project.root)


def check_name(name: str, formats: Iterable[str] = ()) -> Advice | None:
    """What is wrong with a brand's name, which is a folder's name too, in the project and in the output."""
    if advice := check_folder_name(name, "a brand", "north-college"):
        return advice
    if name.lower() in (*_TAKEN, *(form.lower() for form in formats)):
        hint = f"choose another, such as {name.lower()}-brand"
        return f'a brand cannot be named "{name}", as a folder of the output is', hint
    return None


def check_folder_name(name: str, what: str, example: str) -> Advice | None:
    """What is wrong with a name that is to be a folder's on any system; `what` it names, and an example of one."""
    if _can_name(name):
        return None
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-")
    such = plain if _can_name(plain) else example
    return f'"{name}" cannot name {what}', f"use letters, digits and hyphens, 40 at most, such as {such}"


def _can_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and _DEVICES.fullmatch(name) is None


def written(value: str) -> str:
    """A color as style sheets write it, "#1a2b3c", from "#1A2B3C" or "#abc"; empty for what is no color."""
    match = _COLOR.fullmatch(value) if value.startswith("#") else None
    if match is None:
        return ""
    digits = match[1].lower()
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)


def check_colors(color: str, accent: str) -> list[tuple[str, str, str]]:
    """What is wrong with a brand's colors, as key, message and hint; empty ones are not asked."""
    given = {"color": color, "accent": accent}
    return [(key, *advice) for key, value in given.items() if value and (advice := _check_color(key, value))]


@lru_cache(maxsize=1024)
def _check_color(key: str, value: str) -> Advice | None:
    if not (plain := written(value)):
        like = f"did you mean #{value.lower()}?" if _COLOR.fullmatch(value) else ""
        return f'{key} "{value}" is no color', like or "write # and six digits or letters from a to f, such as #1f3a5f"
    ink = _parsed(plain)
    if _passes(ink, WHITE):
        return None
    measured = int(ratio(ink, WHITE) * 10) / 10  # rounded down: "4.5:1, and needs 4.5:1" would puzzle
    what = {"color": "white text on it", "accent": "as text on white it"}[key]
    message = f"{key} {value}: {what} has a contrast of {measured:.1f}:1, and needs {NEEDED}:1"
    better = next(mixed(ink, BLACK, step / _STEPS) for step in range(1, _STEPS + 1) if _dark(ink, step))
    return message, f"take {named(better)}, the nearest that passes"


def _dark(ink: Color, step: int) -> bool:
    return _passes(mixed(ink, BLACK, step / _STEPS), WHITE)


def _passes(one: Color, other: Color) -> bool:
    """Whether text of one color on the other can be read, on paper and on a grey copy of it."""
    return ratio(one, other) >= NEEDED and ratio(grey(one), grey(other)) >= NEEDED


def _parsed(color: str) -> Color:
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


@lru_cache(maxsize=1024)
def _tokens(color: str, accent: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, Color] = {}
    ink = _parsed(written(color)) if color else _LIGHTEST_INK
    if color:
        found["--ink"] = ink
        shares = (_MOST_INK * (1 - step / _STEPS) for step in range(_STEPS + 1))
        tints = (mixed(WHITE, ink, share) for share in shares)
        found["--tint"] = next(
            (tint for tint in tints if _passes(ink, tint) and luminance(tint) >= _DARKEST_TINT), WHITE
        )
    if accent:
        found["--accent"] = _parsed(written(accent))
    if color or accent:
        start, least = (found["--accent"], round(_LEAST_WHITE * _STEPS)) if accent else (_HOUSE_ON_INK, 0)
        pale = (mixed(start, WHITE, step / _STEPS) for step in range(least, _STEPS + 1))
        found["--accent-on-ink"] = next((one for one in pale if _passes(one, ink)), WHITE)
    return tuple((name, named(value)) for name, value in found.items())


def tokens(color: str, accent: str) -> dict[str, str]:
    """The custom properties that a brand's colors set, as "#rrggbb"; both have passed `check_colors`, or are empty.

    `color` is the ink of the whole document, and brings the tint that lies under it. What stands in the accent on ink
    is set with either of both: the house's own would be too faint on a lighter ink.
    """
    return dict(_tokens(color, accent))


def logo_path(folder: str, name: str) -> str:
    """The project path of a logo that is named by its place in a folder; empty where it leads out of it."""
    path = posixpath.normpath(name.replace("\\", "/"))
    return "" if path.startswith(("/", "..")) or re.match(r"[A-Za-z]:", path) else f"{folder}/{path}"


def check_logo(project: Project, name: str) -> list[Advice]:
    """What keeps a file from being printed as a logo; `name` is a project path ("beside/logos/north.svg")."""
    folder, _, last = name.rpartition("/")
    ending = last.rpartition(".")[2].lower()
    if ending not in ("svg", "png"):
        return [(f'the logo "{last}" is neither SVG nor PNG', "save it as SVG, or as PNG")]
    if project.find(name) is None:
        others = [other.rpartition("/")[2] for kind in ("svg", "png") for other in project.names(folder, f"*.{kind}")]
        near = nearest(last, others)
        return [(f'the logo "{last}" is missing', near if near.endswith("?") else "add it, or mend its name")]
    try:
        data = project.read(name)
        if len(data) > _MOST_BYTES:
            message = f'the logo "{last}" takes {len(data) / 1e6:.1f} MB, and may take {_MOST_BYTES / 1e6:.0f}'
            return [(message, "save it smaller, or as SVG")]
        if not data:
            return [(f'the logo "{last}" is empty', "save it again")]
        advice = _check_png(data) if ending == "png" else _check_svg(project, name)
    except Findings as found:
        advice = [_at(one) for one in found.findings]
    return [(f'the logo "{last}"{message}', hint) for message, hint in advice]


def _check_png(data: bytes) -> list[Advice]:
    if not data.startswith(_PNG):
        return [(" is no PNG, whatever its name says", "open it in a drawing program, and save it as PNG")]
    size = _png_size(data)
    if size is None:
        return [(" is damaged, or only a part of the file", "save it again")]
    width, height = size
    if max(size) > _MOST_PIXELS:
        message = f" is {width} × {height} px, more than {_MOST_PIXELS}"
        return [(message, f"save it {_least(width, height)} px or somewhat larger")]
    # Behind the size: bits a sample, and the kind, of which 0 is grey.
    if tuple(data[24:26]) == (16, 0):
        return [(" is grey with 16 bits a pixel, which cannot be printed", "save it with 8 bits")]
    dots = max(width / LOGO_WIDTH, height / LOGO_HEIGHT)
    if dots < _DOTS:
        message = f" is {width} × {height} px, which prints at {int(dots)} dots an inch, and needs {_DOTS}"
        return [(message, f"save it at {_least(width, height)} px or more, or as SVG")]
    return []


def _least(width: int, height: int) -> str:
    """The size in pixels at which a picture of this shape is fine enough."""
    factor = _DOTS / max(width / LOGO_WIDTH, height / LOGO_HEIGHT)
    return f"{-int(-width * factor // 1)} × {-int(-height * factor // 1)}"


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG whose parts are all there and whole; None for any other.

    The form of a part: length, name, data, checksum (https://www.w3.org/TR/png-3/#5Chunk-layout).
    """
    at, size, pixels = len(_PNG), None, False
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 8 + length
        if end + 4 > len(data) or zlib.crc32(data[at + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            return None
        if kind == b"IHDR" and length == 13:
            size = struct.unpack_from(">II", data, at + 8)
        pixels = pixels or kind == b"IDAT"
        if kind == b"IEND":
            return size if pixels and size and min(size) > 0 else None
        at = end + 4
    return None


def _check_svg(project: Project, name: str) -> list[Advice]:
    source = project.text(name)
    if not source.lstrip().startswith("<"):
        return [(" is no SVG, whatever its name says", "open it in a drawing program, and save it as plain SVG")]
    found = list(dict.fromkeys(map(_at, check_addresses(project, [name]))))
    try:
        root = ElementTree.fromstring(source)
    except ElementTree.ParseError:  # told by the check of addresses, with its line
        return found
    if _local(root.tag) != "svg":
        return [(f" is no SVG: it begins with <{_local(root.tag)}>", "save it again as plain SVG")]
    if advice := list(dict.fromkeys(_strange(root))) or found:
        return advice
    if not _has_size(root):
        return [(" does not say its size", 'give its <svg> a viewBox, such as viewBox="0 0 300 100"')]
    return []


def _at(finding: Finding) -> Advice:
    where = f", line {finding.line}:" if finding.line else ""
    return f"{where} {finding.message}", finding.hint


def _strange(root: ElementTree.Element) -> Iterator[Advice]:
    """What a logo holds beside its drawing: programs, pictures, text, other files."""
    for element in root.iter():
        tag = _local(element.tag)
        if tag in _NO_DRAWING:
            yield _NO_DRAWING[tag]
            continue
        for name, value in element.attrib.items():
            key = _local(name).lower()
            if key.startswith("on"):
                yield f" holds a program ({key})", "delete it; drawing programs can save plain SVG"
            elif tag != "a" and key in ("href", "src") and not value.startswith("#"):
                yield f' needs another file, "{value[:60]}"', "save the logo as one file"


def _has_size(root: ElementTree.Element) -> bool:
    if box := root.get("viewBox"):
        try:
            numbers = [float(part) for part in re.split(r"[\s,]+", box.strip())]
        except ValueError:
            return False
        return len(numbers) == 4 and min(numbers[2:]) > 0
    sides = [_LENGTH.fullmatch(root.get(key, "")) for key in ("width", "height")]
    return all(side is not None and float(side[1]) > 0 for side in sides)


def _local(name: object) -> str:
    """The name of a tag or attribute without its namespace; comments and instructions have none."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""
