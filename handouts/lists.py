"""Lists as people write them, in the one form that Python-Markdown reads.

Python-Markdown wants a blank line before a list and four spaces for each level; without them the items silently become
running text. CommonMark, which editors and web sites follow, wants neither. This pass finds the items by CommonMark's
rules (https://spec.commonmark.org/0.31.2/#list-items) and writes them out again in the stricter form, keeping one line
a line so that line numbers stay true up to the blank lines it adds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARKER = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|\d{1,9}[.)])(?P<gap> +|$)(?P<text>.*)")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
_FENCE = re.compile(r" *(?P<fence>`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
_STEP = 4


@dataclass(frozen=True)
class _Item:
    """An open list item: the column its text starts at, and whether its list is numbered."""

    content: int
    ordered: bool


def normalise_lists(source: str) -> str:
    """Rewrite a Markdown text so that every CommonMark list is a list to Python-Markdown too."""
    out: list[str] = []
    stack: list[_Item] = []
    fence = ""
    paragraph = own_paragraph = False
    for raw in source.split("\n"):
        line = raw.expandtabs(_STEP).rstrip()
        indent = len(line) - len(line.lstrip())
        if fence:
            out.append(_shift(line, stack))
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if not line:
            out.append("")
            paragraph = False
            continue
        item = None if _RULE.match(line) else _MARKER.match(line)
        if item and _starts_item(item, stack, paragraph, indent):
            closed = _close(stack, indent)
            ordered = item["marker"][0].isdigit()
            new_list = (not stack and not closed) or (closed and closed[-1].ordered is not ordered)
            if out and out[-1] and (new_list or own_paragraph):
                out.append("")
            own_paragraph = False
            # More than four spaces after a marker are code inside the item; then the text starts one column after it.
            gap = len(item["gap"]) if item["text"] and len(item["gap"]) <= _STEP else 1
            marker = item["marker"].replace(")", ".")
            out.append(f"{' ' * (_STEP * len(stack))}{marker} {item['text']}")
            stack.append(_Item(indent + len(item["marker"]) + gap, ordered))
            paragraph = bool(item["text"])
            continue
        heading = bool(_HEADING.match(line))
        if stack and (heading or not paragraph):
            _close(stack, indent)
        if heading and out and out[-1]:
            out.append("")
        if match := _FENCE.match(line):
            fence = match["fence"]
        # A paragraph of its own inside an item would take the next item's marker for its text.
        own_paragraph = bool(stack) and (own_paragraph or not out[-1])
        out.append(_shift(line, stack))
        paragraph = not heading and not fence
        if heading:
            out.append("")
    return "\n".join(out)


def _starts_item(item: re.Match[str], stack: list[_Item], paragraph: bool, indent: int) -> bool:
    """CommonMark's exceptions: an indented code line, and what may not interrupt a paragraph."""
    if stack:
        return True
    if indent >= _STEP:
        return False
    return not paragraph or (bool(item["text"]) and (not item["marker"][0].isdigit() or int(item["marker"][:-1]) == 1))


def _close(stack: list[_Item], indent: int) -> list[_Item]:
    """Leave the items that a line at this column no longer belongs to; returns them, innermost first."""
    closed = []
    while stack and indent < stack[-1].content:
        closed.append(stack.pop())
    return closed


def _shift(line: str, stack: list[_Item]) -> str:
    """Move a line that continues an item under the column that Python-Markdown expects."""
    if not stack or not line:
        return line
    extra = max(0, len(line) - len(line.lstrip()) - stack[-1].content)
    return " " * (_STEP * len(stack) + extra) + line.lstrip()
