"""Lists and other blocks: CommonMark's structure, checked against another implementation of it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from handouts.blocks import Block, read_blocks
from handouts.prose import render

REFERENCE = MarkdownIt("commonmark", {"html": False})


def outline(element: ET.Element) -> list[object]:
    """The lists of a tree as nested Python lists: ["ul", [words, …lists], …]; words without marks and white space."""
    found: list[object] = []
    for child in element:
        if child.tag in {"ul", "ol"}:
            start = child.get("start", "")
            found.append([child.tag + start, *([words(item), *outline(item)] for item in child)])
        elif child.tag != "li":
            found += outline(child)
    return found


def words(item: ET.Element) -> str:
    """An item's own words, without those of lists in it."""
    text = item.text or ""
    for child in item:
        text += "" if child.tag in {"ul", "ol"} else " " + words(child)
        text += " " + (child.tail or "")
    return " ".join(text.split())


def ours(source: str) -> list[object]:
    return outline(ET.fromstring(f"<div>{render(source).replace('<br>', '<br/>').replace('<hr>', '<hr/>')}</div>"))


def theirs(source: str) -> list[object]:
    return outline(ET.fromstring(f"<div>{REFERENCE.render(source)}</div>"))


CASES = {
    "under a paragraph": ("Words\n- a\n- b", [["ul", ["a"], ["b"]]]),
    "numbered, under a paragraph": ("Words\n1. a\n2. b", [["ol", ["a"], ["b"]]]),
    "another number interrupts nothing": ("Words\n2. a", []),
    "two spaces": ("- a\n  - b\n    - c\n- d", [["ul", ["a", ["ul", ["b", ["ul", ["c"]]]]], ["d"]]]),
    "three spaces": ("1. a\n   - b\n2. c", [["ol", ["a", ["ul", ["b"]]], ["c"]]]),
    "four spaces": ("- a\n    - b\n        - c\n- d", [["ul", ["a", ["ul", ["b", ["ul", ["c"]]]]], ["d"]]]),
    "one space is no level": ("- a\n - b", [["ul", ["a"], ["b"]]]),
    "numbered with bullets": ("1. a\n   - b\n   - c\n2. d", [["ol", ["a", ["ul", ["b"], ["c"]]], ["d"]]]),
    "bullets with numbers": ("- a\n  1. b\n  2. c", [["ul", ["a", ["ol", ["b"], ["c"]]]]]),
    "parentheses": ("1) a\n2) b", [["ol", ["a"], ["b"]]]),
    "another start": ("7. a\n8. b", [["ol7", ["a"], ["b"]]]),
    "loose": ("- a\n\n- b\n\n- c", [["ul", ["a"], ["b"], ["c"]]]),
    "a second paragraph": ("- a\n\n  b\n- c", [["ul", ["a b"], ["c"]]]),
    "a line that goes on": ("- a\nb\n- c", [["ul", ["a b"], ["c"]]]),
    "a paragraph after": ("- a\n\nb", [["ul", ["a"]]]),
    "a rule ends it": ("- a\n***\n- b", [["ul", ["a"]], ["ul", ["b"]]]),
    "a rule is no item": ("- - -\n\n* * *", []),
    "a year": ("In\n2020. not a list", []),
    "under a heading": ("### H\n- a\n### H\n1. b", [["ul", ["a"]], ["ol", ["b"]]]),
    "tabs": ("-\ta\n\t- b\n\t\t- c", [["ul", ["a", ["ul", ["b", ["ul", ["c"]]]]]]]),
    "other markers": ("- a\n* b\n+ c", [["ul", ["a"]], ["ul", ["b"]], ["ul", ["c"]]]),
    "code in an item": ("- a\n\n  ```\n  - x\n  ```\n- b", [["ul", ["a - x"], ["b"]]]),
    "code keeps its signs": ("```\n- x\n  1. y\n```\n- a", [["ul", ["a"]]]),
    "code by spaces in an item": ("-     x\n- a", [["ul", ["x"], ["a"]]]),
    "an empty item": ("- a\n-\n- b", [["ul", ["a"], [""], ["b"]]]),
    "in a quotation": ("> Words\n> - a\n>   - b", [["ul", ["a", ["ul", ["b"]]]]]),
    "a quotation in an item": ("- > a\n  > - b", [["ul", ["a", ["ul", ["b"]]]]]),
    "a table under it": ("- a\n\n| x | y |\n|---|---|\n| 1 | 2 |", [["ul", ["a"]]]),
}


@pytest.mark.parametrize("name", CASES)
def test_list(name: str) -> None:
    source, expected = CASES[name]
    assert ours(source) == expected
    if "table" not in name:
        assert theirs(source) == expected


INDENT = st.sampled_from(["", "", "", " ", "  ", "  ", "   ", "    ", "\t", "      "])
SIGN = st.sampled_from(["- ", "- ", "* ", "+ ", "1. ", "2. ", "1) ", "10. ", "-   ", "-\t", "-", "", "", "", "> "])
WORDS = st.sampled_from(["a", "b c", "2020. not a list", "### H", "***", "x - y", "", "d"])
LINE = st.builds("{}{}{}{}".format, INDENT, SIGN, st.sampled_from(["", "", "", "- ", "1. "]), WORDS)
LINES = st.lists(st.one_of(LINE, st.just("")), min_size=1, max_size=9)


def skeleton(block: Block, tight: bool = False) -> list[object]:
    """All blocks of a tree that print something, as (kind, words) or [kind, …]; "words" are a tight item's own."""
    found: list[object] = []
    for child in block.children:
        if child.kind in {"paragraph", "heading", "code"}:
            kind = "words" if tight and child.kind == "paragraph" else child.kind
            found += _printed(kind, "\n".join(child.lines))
        elif child.kind == "rule":
            found.append("rule")
        elif child.kind == "list":
            items = [["item", *skeleton(item, not child.loose)] for item in child.children]
            found.append(["ol" if child.ordered else "ul", *items])
        else:
            found.append(["quote", *skeleton(child)])
    return found


def reference_skeleton(source: str) -> list[object]:
    stack: list[list[object]] = [[]]
    names = {"bullet_list": "ul", "ordered_list": "ol", "list_item": "item", "blockquote": "quote"}
    kind = ""
    for token in REFERENCE.parse(source):
        name = token.type.removesuffix("_open").removesuffix("_close")
        if name in names and token.nesting == 1:
            stack.append([names[name]])
        elif name in names:
            closed = stack.pop()
            stack[-1].append(closed)
        elif token.nesting == 1:
            kind = "words" if token.hidden else name
        elif token.type in {"inline", "code_block", "fence"}:
            stack[-1] += _printed(kind if token.type == "inline" else "code", token.content)
        elif token.type == "hr":
            stack[-1].append("rule")
    return stack[0]


def _printed(kind: str, text: str) -> list[object]:
    """A block with its words, nothing for one without: it prints nothing."""
    return [(kind, " ".join(text.split()))] if text.strip() else []


def leaves_commonmark(source: str) -> bool:
    """Whether markdown-it-py may be wrong here. It measures an indent from the open item, and so lets a line that is
    four spaces in, and only goes on with a paragraph, begin a block; and after an empty item and a blank line it begins
    another list."""
    far_in = any(line.expandtabs(4).startswith("    ") for line in source.split("\n"))
    return far_in or re.search(r"(?:[-+*]|\d[.)])[ \t]*\n[ >]*\n", source) is not None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(LINES)
def test_blocks_are_those_of_commonmark(lines: list[str]) -> None:
    source = "\n".join(lines)
    if not leaves_commonmark(source):
        assert skeleton(read_blocks(source)) == reference_skeleton(source)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(LINES)
def test_no_word_is_lost(lines: list[str]) -> None:
    """Every word of the source is printed once, whatever the blocks."""
    source = "\n".join(f"{line} w{number}" if line.strip("\t #*>-") else line for number, line in enumerate(lines))
    html = render(source)
    for number, line in enumerate(lines):
        if line.strip("\t #*>-"):
            assert html.count(f"w{number}") == 1, (source, html)


DEPTHS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from("-*1")), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(DEPTHS, st.sampled_from([2, 3, 4]), st.booleans())
def test_nested_lists_as_people_write_them(items: list[tuple[int, str]], step: int, under_words: bool) -> None:
    """Items at any depth, at two, three or four spaces a level, right under words or not."""
    lines, depth = ["Words"] if under_words else [], -1
    for number, (wanted, sign) in enumerate(items):
        depth = min(wanted, depth + 1)
        marker = "1." if sign == "1" and step > 2 else "-" if sign == "1" else sign
        lines.append(f"{' ' * (step * depth)}{marker} w{number}")
    source = "\n".join(lines)
    assert ours(source) == theirs(source)
    assert "Words" in render(source) or not under_words

