"""Tables and code of any size, so that they may be set on a page: how narrow a column may become, what stays together.

*Why here:* a style sheet can let the words of a table break anywhere, so that it never runs off the page, or nowhere.
It cannot say that a word is broken only where the columns do not fit otherwise, nor that short code stays on one page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from markupsafe import Markup

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_HEAD = re.compile(r"<th(?: style=\"([^\"]*)\")?>")
_TAG = re.compile(r"<[^>]*>")
# The width of a letter of a word on the average, in em, with room for capitals; the space between two columns.
_LETTER, _GAP = 0.56, 0.8
# What the columns may ask for together, in em: less than a page is wide, since a table may stand in a list.
_ROOM = 36.0
_START = re.compile(r'<ol[^>]* start="(\d+)">')
_CODE = re.compile(r"<pre><code>(.*?)</code></pre>", re.DOTALL)
# Lines of code that are not parted by the end of a page.
_TOGETHER = 14


def measured(html: str) -> Markup:
    """HTML whose tables say in `--least`, on the cells of their heads, how narrow each column may become, in em; blocks
    of code are paragraphs of the class "code", those of a few lines of the class "short" too.

    Why paragraphs: the engine tags each line of a <pre> as a text of its own. Lists say where they start in their
    style, as the engine knows no attribute for it.
    """
    started = _START.sub(lambda one: f'{one[0][:-1]} style="counter-reset: list-item {int(one[1]) - 1}">', html)
    return Markup(_CODE.sub(_as_paragraph, _TABLE.sub(lambda table: _with_widths(table[0]), started)))


def _as_paragraph(code: re.Match[str]) -> str:
    lines = code[1].rstrip("\n")
    return f'<p class="code{" short" if lines.count(chr(10)) < _TOGETHER else ""}">{lines}</p>'


def _with_widths(table: str) -> str:
    widths = iter(least_widths([_CELL.findall(row) for row in _ROW.findall(table)]))

    def said(head: re.Match[str]) -> str:
        style = f"{head[1].rstrip(';')}; " if head[1] else ""
        return f'<th style="{style}--least: {next(widths):.1f}em">'

    return _HEAD.sub(said, table)


def least_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """The widths of columns in em at which no word is broken; where that is too much, the widest are held to one
    measure. `rows` hold the cells' HTML."""
    count = max(map(len, rows), default=0)
    wanted = [max((_longest(row[at]) for row in rows if at < len(row)), default=0) * _LETTER for at in range(count)]
    room = _ROOM - _GAP * count
    limit = max(wanted, default=0.0)
    left, others = room, count
    for width in sorted(wanted):
        if width * others > left:
            limit = max(0.0, left / others)
            break
        left, others = left - width, others - 1
    return [min(width, limit) for width in wanted]


def _longest(cell: str) -> int:
    words = unescape(_TAG.sub("", cell.replace("<br>", " "))).split()
    return max(map(len, words), default=0)
