"""The blocks of a foreign text written as Markdown of ours, and the text as an article in sections."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from handouts.importing import pieces
from handouts.importing.inline import Page, coded, guarded, heading, write_inline
from handouts.importing.pieces import DEEPEST, Piece
from handouts.importing.source import BOXES, alert_of, box_of, parse, tree
from handouts.importing.tags import read_tags, written_tags

_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")
_DIAGRAMS = frozenset({"mermaid", "plantuml", "puml", "dot", "graphviz", "d2", "vega", "vega-lite", "wavedrom"})
_DIRECTIVE = re.compile(r"\{([\w-]+)\}\s*(.*)")


def write_blocks(nodes: Sequence[SyntaxTreeNode], page: Page, before: int, depth: int = 0) -> list[Piece]:
    """Blocks of the tree as blocks of ours, in order. `before` is how many lines stand above the first line of the
    tree, `depth` how many containers are around these blocks."""
    return _Blocks(page, before).write(nodes, depth)


class _Blocks:
    def __init__(self, page: Page, before: int):
        self.page, self.before = page, before

    def write(self, nodes: Sequence[SyntaxTreeNode], depth: int) -> list[Piece]:
        found: list[Piece] = []
        turn = False
        for node in nodes:
            if span := node.map:
                self.page.line = span[0] + 1 + self.before
            follows = bool(found) and found[-1].kind == "list"
            turn = follows and not turn
            found += self._block(node, depth, turn)
        return found

    def _block(self, node: SyntaxTreeNode, depth: int, turn: bool) -> list[Piece]:
        page = self.page
        match node.type:
            case "paragraph":
                return pieces.text(guarded(self.words(node)))
            case "heading":
                words = heading(self.words(node))
                # Inside a list or a quotation it would be no heading of the page.
                if depth and words:
                    return pieces.text(guarded(words if page.careful or "**" in words else f"**{words}**"))
                return [Piece("heading", (words,), int(node.tag[1]))] if words else []
            case "fence" | "code_block":
                return self._code(node, depth)
            case "hr":
                return [Piece("rule", ("___",))]
            case "bullet_list" | "ordered_list":
                return [self._list(node, depth, turn)]
            case "blockquote":
                return self._quote(node, depth)
            case "table":
                return [self._table(node)]
            case "dl":
                return [self._terms(node, depth)]
            case "footnote_reference":
                # A second text of the same name is a footnote of its own: nobody asks for it, and it is printed.
                label = page.note(str(node.meta["label"]))
                if label in page.texts:
                    label = page.note(f"{label} {len(page.texts)}")
                page.texts[label] = ()
                page.texts[label] = pieces.note(label, self.write(node.children, depth + 1)).lines
                return []
            case "admonition":
                title = node.children[0] if node.children and node.children[0].type == "admonition_title" else None
                said = self.words(title) if title else str(node.meta.get("tag", "note"))
                return self._box(said, node.children[1 if title else 0 :], depth)
            case "container_box":
                kind, title = box_of(node.info)
                return self._box(page.text(title or kind), node.children, depth)
            case "html_block":
                return written_tags(read_tags(node.content), page, depth)
        return self.write(node.children, depth)

    def words(self, node: SyntaxTreeNode) -> str:
        """The line of a block that holds one."""
        inline = next((child for child in node.children if child.type == "inline"), None)
        return write_inline(_tokens(inline), self.page) if inline else ""

    def _code(self, node: SyntaxTreeNode, depth: int) -> list[Piece]:
        info = node.info.strip()
        if (directive := _DIRECTIVE.fullmatch(info)) and directive[1] in BOXES:
            inner = tree(parse(node.content)).children
            return self._box(self.page.text(directive[2] or directive[1]), inner, depth)
        if info.split(" ")[0].strip("{}").lower() in _DIAGRAMS:
            self.page.leave("diagrams", info)
        return [coded(node.content, self.page, info)]

    def _box(self, title: str, nodes: Sequence[SyntaxTreeNode], depth: int) -> list[Piece]:
        said = " ".join(title.split()) or "Note"
        said = said[:1].upper() + said[1:]
        if depth >= DEEPEST:
            return [*pieces.text(said), *self.write(nodes, depth)]
        return [pieces.quotation(self.write(nodes, depth + 1), said)]

    def _quote(self, node: SyntaxTreeNode, depth: int) -> list[Piece]:
        inline = node.children[0].children[0] if node.children and node.children[0].type == "paragraph" else None
        tokens = _tokens(inline) if inline else []
        # What stands on the same line may be a title, or half of the first sentence: it is printed below.
        if alert := alert_of(tokens):
            return self._box(alert.capitalize(), node.children, depth)
        if depth >= DEEPEST:
            return self.write(node.children, depth)
        return [pieces.quotation(self.write(node.children, depth + 1))]

    def _list(self, node: SyntaxTreeNode, depth: int, turn: bool) -> Piece:
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        tight = all(
            child.hidden for item in node.children for child in item.children if child.type == "paragraph"
        )
        items = list(self._items(node, depth))
        return pieces.listing(items, start, tight, turn)

    def _items(self, node: SyntaxTreeNode, depth: int) -> Iterator[list[Piece]]:
        """The items of a list; those of lists that are nested too deeply follow the item that holds them."""
        for item in node.children:
            lists = [child for child in item.children if child.type in ("bullet_list", "ordered_list")]
            deep = lists if depth + 2 > DEEPEST else []
            task = self._task(item)
            body = self.write([child for child in item.children if child not in deep], depth + 2)
            if task and body:
                body[0] = Piece("text", (task + body[0].lines[0], *body[0].lines[1:]))
            yield body
            for nested in deep:
                self.page.leave("deep")
                yield from self._items(nested, depth)

    def _task(self, item: SyntaxTreeNode) -> str:
        """The sign of a task, taken from the words of an item: "[x] ", or ""."""
        first = item.children[0] if item.children else None
        tokens = _tokens(first.children[0]) if first and first.type == "paragraph" and first.children else []
        if not tokens or tokens[0].type != "text" or not (match := _TASK.match(tokens[0].content)):
            return ""
        tokens[0].content = tokens[0].content[match.end() :]
        if match[1] != " ":
            self.page.left.words["x"] += 1
        return f"[{match[1].lower()}] "

    def _table(self, node: SyntaxTreeNode) -> Piece:
        rows = [row for part in node.children for row in part.children]
        cells = [[_cell(self.words(cell)) for cell in row.children] for row in rows]
        aligns = [str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in rows[0].children]
        return pieces.table(cells[0], cells[1:], aligns)

    def _terms(self, node: SyntaxTreeNode, depth: int) -> Piece:
        pairs: list[tuple[str, Sequence[Piece]]] = []
        for child in node.children:
            if child.type == "dt":
                pairs.append((guarded(self.words(child).replace("\n", " ")) or "–", ()))
            else:
                pairs.append(("", self.write(child.children, depth + 2)))
        return pieces.terms(pairs)


def _cell(words: str) -> str:
    return " ".join(words.replace("<br>\n", "<br>").split())


def _tokens(inline: SyntaxTreeNode) -> list[Token]:
    return inline.token.children or [] if inline.type == "inline" else []


def article(title: str, blocks: Sequence[Piece], notes: dict[str, tuple[str, ...]]) -> str:
    """An article of ours: front matter, then sections, each with the texts of the footnotes that it asks for."""
    lines = ["---", f"title: {json.dumps(title, ensure_ascii=False)}", "---"]
    asked: set[str] = set()
    sections: list[tuple[str, list[Piece]]] = [("## {#opening}", [])]
    names = {"opening"}
    open_levels: list[int] = []
    for piece in blocks:
        if piece.kind != "heading":
            sections[-1][1].append(piece)
            continue
        while open_levels and open_levels[-1] >= piece.level:
            open_levels.pop()
        open_levels.append(piece.level)
        level = min(len(open_levels) + 1, 6)
        if level == 2:
            sections.append((f"## {piece.lines[0]} {{#{_name(piece.lines[0], names)}}}", []))
        else:
            sections[-1][1].append(Piece("text", (f"{'#' * level} {piece.lines[0]}",)))
    for number, (head, body) in enumerate(sections):
        wanted = [name for name in _asked(body) if name in notes]
        asked.update(wanted)
        # A text that nobody asks for is printed all the same.
        spare = [name for name in notes if name not in asked] if number == len(sections) - 1 else []
        body += [Piece("note", notes[name]) for name in _with_theirs([*wanted, *spare], notes)]
        if number or body:
            lines += ["", head, *([""] if body else []), *pieces.stacked(body)]
    return "\n".join(lines) + "\n"


def _asked(body: Sequence[Piece]) -> list[str]:
    said = "\n".join(line for piece in body if piece.kind != "code" for line in piece.lines)
    return list(dict.fromkeys(re.findall(r"(?<!\\)\[\^([a-z0-9-]+)\]", said)))


def _with_theirs(names: Sequence[str], notes: dict[str, tuple[str, ...]]) -> list[str]:
    """Names of footnotes, and of those that their texts ask for."""
    found = dict.fromkeys(names)
    waiting = list(names)
    while waiting:
        for name in re.findall(r"\[\^([a-z0-9-]+)\](?!:)", "\n".join(notes[waiting.pop()])):
            if name in notes and name not in found:
                found[name] = None
                waiting.append(name)
    return list(found)


def _name(heading: str, names: set[str]) -> str:
    """A name for a section that no other has."""
    bare = re.sub(r"&#?\w+;|<[^>]*>|\]\([^)]*\)", " ", heading)
    stem = "-".join(re.findall(r"[^\W_]+", bare.lower())[:6]) or "part"
    name, number = stem, 2
    while name in names:
        name, number = f"{stem}-{number}", number + 1
    names.add(name)
    return name
