"""Letters and signs that our fonts have, and what is printed for those they lack."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import uharfbuzz

from handouts.project import Project, shipped_root

# The faces of an article's text: what one of them lacks is told for all.
_FACES = ("SourceSansPro-Regular.ttf", "SourceSansPro-It.ttf", "SourceSansPro-Semibold.ttf", "SourceSansPro-Bold.ttf")
# What means the same, or looks it: ticks, crosses, arrows, bullets, and the lines that trees of files are drawn with.
_STANDS_FOR = {
    **dict.fromkeys("✅✔☑🗸", "✓"),
    **dict.fromkeys("❌✗✘❎✖☒", "×"),
    **dict.fromkeys("➜➔➡⇒⟶►▶⮕", "→"),
    **dict.fromkeys("■□▪▫●○◦‣⁃∙", "•"),
    **dict.fromkeys("─━═╌┄╴", "-"),
    **dict.fromkeys("│┃║┆┊╎", "|"),
    **dict.fromkeys("├┝┣╠└┕┗╚┌┏╔┐┓╗┘┛╝┤┫╣┬┳╦┴┻╩┼╋╬╭╮╯╰╘╞", "+"),
    **dict.fromkeys("█▓▒░▀▄▌▐", "#"),
    **dict.fromkeys("‐‑", "-"),
    **dict.fromkeys("★☆⭐", "*"),
    **dict.fromkeys("❯❱⟩", ">"),
}
# Signs without width of their own, which only tell other signs how to look.
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0020-\U000e007f]")
_LEFT_OUT = frozenset({"So", "Sk", "Sm", "Cn", "Co", "Cs", "Cf", "Cc", "Po", "Pd", "Pe", "Ps", "Mn", "Me", "No"})
_ICON = re.compile(r"(?<![\w:/]):([a-z][a-z0-9_+-]*|[+-]1):(?![\w:/])")
_SETS = ("material-", "fontawesome-", "octicons-", "simple-", "bootstrap-", "lucide-", "mdi-", "octicon-")
# Short codes whose names are not those of Unicode.
_NAMED = """+1 -1 arrow_right bangbang boom book books bookmark bug bulb calendar clap construction exclamation eyes
gear heart heavy_check_mark heavy_plus_sign information_source info key link lock mag memo muscle
no_entry note octocat ok_hand package pencil pencil2 point_down point_right pray pushpin question
rotating_light rocket ship smile smiley sparkles star star2 tada thumbsup thumbsdown thinking
triangular_flag_on_post warning wave white_check_mark wink wrench x zap art bar_chart computer email
fire globe_with_meridians hammer hourglass"""
_CODES = frozenset(_NAMED.split())


@cache
def covered() -> frozenset[int]:
    """The letters and signs that every face of an article's text has, as numbers."""
    ours = Project(shipped_root())
    faces = (uharfbuzz.Face(ours.read(f"fonts/{name}")) for name in _FACES)
    return frozenset.intersection(*(frozenset(face.unicodes) for face in faces))


def printable(text: str) -> tuple[str, list[str], list[str]]:
    """A text as our fonts can print it, the signs that are left out of it, and the letters that they lack, which stay.

    A sign between two words leaves a space.
    """
    if text.isascii():
        return text, [], []
    out: list[str] = []
    gone: list[str] = []
    lacking: list[str] = []
    for sign in UNSEEN.sub("", text):
        if sign.isascii() or ord(sign) in covered() or sign.isspace():
            out.append(sign)
        elif sign in _STANDS_FOR:
            out.append(_STANDS_FOR[sign])
        elif (plain := unicodedata.normalize("NFKC", sign)) != sign and all(ord(one) in covered() for one in plain):
            out.append(plain)
        elif unicodedata.category(sign) in _LEFT_OUT:
            gone.append(sign)
            out.append(" " if out and out[-1].isalnum() else "")
        else:
            lacking.append(sign)
            out.append(sign)
    return "".join(out), gone, lacking


def name_of(sign: str) -> str:
    """The word for a sign that stands alone: "rocket"."""
    return unicodedata.name(sign, "sign").lower().replace("white heavy ", "").replace(" sign", "") or "sign"


def icons(text: str) -> list[re.Match[str]]:
    """Codes of icons in a text, such as ":rocket:" and ":material-check:"; other words between colons are none."""
    return [match for match in _ICON.finditer(text) if _is_icon(match[1])]


def icon_word(code: str) -> str:
    """What an icon that stands alone is printed as: its name without that of its set."""
    parts = re.split(r"[-_]+", code)
    named = parts[1:] if code.startswith(_SETS) and len(parts) > 1 else parts
    return " ".join(part for part in named if part) or code


def _is_icon(code: str) -> bool:
    if code in _CODES or code.startswith(_SETS):
        return True
    try:
        return unicodedata.category(unicodedata.lookup(code.replace("_", " "))) == "So"
    except KeyError:
        return False
