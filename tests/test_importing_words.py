"""No word and no list item of a foreign text is lost: texts of all kinds of blocks, put together at random."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.importing import importing, inline
from handouts.importing.counting import of_ours, of_source
from handouts.importing.folder import Foreign
from handouts.importing.importing import Article, import_folder
from handouts.importing.source import parse

# Words, signs that mean something somewhere, and marks whole and broken.
_WORDS = (
    r"plane saw oak Übung x_y __init__ 3.5 10:30 a*b don't C++ #5 100% $x$ {a} [x] (y) --flag -- ... e.g. \* \_ | ^ ~ `"
    r" * _ ! # > + - = : <b>bold</b> <br> <kbd>Ctrl</kbd> H<sub>2</sub>O <your-name> List<String> &amp; &copy; &lt;"
    r" `code` ``a`b`` **strong** *em* ***both*** _under_ ~~gone~~ [link](http://example.org/a_b) [rel](b.md) [@x] [=y]"
    r" ![alt](x.png) ![far](https://example.org/x.png) <https://example.org/x?a=1&b=2> a@b.org [^1] [^z] {{ title }}"
    r" {% if %} :rocket: :material-check: 🚀 ✅ → ├── [@scope/name](http://example.org) <li>item </div>"
)
WORDS = _WORDS.split()
HTML = (
    "<details><summary>{0}</summary>\n\n{1}\n\n</details>",
    "<table><tr><td>{0}</td>\n\n<td>{1}</td></tr></table>",
    "<ul><li>{0}<li>{1}</ul>",
    "<!-- {0} -->",
    '<div align="center">\n{0}\n</div>',
    "<p>{0}",
)


def line(r: random.Random, most: int = 9) -> str:
    return " ".join(r.choice(WORDS) for _ in range(r.randint(1, most)))


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + one if one else "" for one in text.split("\n"))


def a_list(r: random.Random, depth: int) -> str:
    marker = r.choice(["- ", "* ", "1. ", "3) ", "- [ ] ", "- [x] "])
    lines = []
    for _ in range(r.randint(1, 4)):
        body = line(r) if depth > 2 or r.random() < 0.6 else block(r, depth + 1)
        if depth < 3 and r.random() < 0.3:
            body += r.choice(["\n", "\n\n"]) + block(r, depth + 1)
        lines += [marker + indented(body, r.choice([2, 3, 4])).lstrip(), *([""] if r.random() < 0.2 else [])]
    return "\n".join(lines)


def a_table(r: random.Random) -> str:
    count = r.randint(1, 4)

    def row() -> str:
        return f"| {' | '.join(line(r, 3).replace('|', chr(92) + '|') for _ in range(count))} |"

    return "\n".join([row(), "|" + "---|" * count, *(row() for _ in range(r.randint(0, 3)))])


def block(r: random.Random, depth: int = 0) -> str:
    kinds = {
        "text": lambda: "\n".join(line(r) for _ in range(r.randint(1, 3))),
        "heading": lambda: f"{'#' * r.randint(1, 6)} {line(r)}",
        "underlined": lambda: f"{line(r)}\n{r.choice(['===', '---'])}",
        "list": lambda: a_list(r, depth),
        "quote": lambda: "\n".join(f"> {one}" for one in block(r, depth + 1).split("\n")),
        "fence": lambda: f"```{r.choice(['', 'python', 'mermaid'])}\n{line(r)}\n```",
        "indented": lambda: indented(line(r), 4),
        "table": lambda: a_table(r),
        "footnote": lambda: f"[^{r.choice('1az')}]: {line(r)}{r.choice(['', chr(10) * 2 + '    ' + line(r)])}",
        "admonition": lambda: f"{r.choice(['!!! note', '??? tip'])} {r.choice(['', chr(34) + 'T' + chr(34)])}\n"
        + indented(block(r, depth + 1), 4),
        "container": lambda: f"::: tip {line(r, 1)}\n{block(r, depth + 1)}\n:::",
        "alert": lambda: f"> [!NOTE]{r.choice(['', ' ' + line(r)])}\n> {line(r)}",
        "html": lambda: r.choice(HTML).format(line(r), line(r)),
        "terms": lambda: f"{line(r, 2)}\n: {line(r)}\n\n---",
    }
    names = [name for name in kinds if depth < 4 or name in ("text", "table", "fence")]
    return kinds[r.choice(names)]()


def imported(text: str, folder: Path = Path("/")) -> Article:
    return importing._article(Foreign("text.md", text), "text", importing._Pictures(folder, frozenset()))


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_no_word_is_lost(r: random.Random) -> None:
    text = "\n\n".join(block(r) for _ in range(r.randint(1, 5)))
    made = imported(text)
    assert (dict(made.lost.words), made.lost.items) == ({}, 0), text
    assert not {"failed", "plain"} & made.left.places.keys(), text


def test_the_two_counts_agree_on_what_a_word_is() -> None:
    source = of_source(parse("# A *b*c\n\n- d`e` <b>f</b>g<br>h\n- ![i](x.png)\n\n<ul><li>j</ul><script>k</script>\n"))
    ours = of_ours("A bc", [], ['<ul><li>d<code>e</code> fg<br>h</li><li><img alt="i"></li><li>j</li></ul>'])
    assert source == ours
    assert (sorted(source.words), source.items) == (["a", "bc", "de", "fg", "h", "i", "j"], 3)


def test_a_sign_without_width_is_no_end_of_a_word() -> None:
    assert of_source(parse("over\u200btime\n")).words == of_ours("", [], ["<p>overtime</p>"]).words


def test_an_item_in_a_summary_is_words() -> None:
    made = imported("<details><summary><li>item</summary>\n\nplane\n\n</details>")
    assert (made.lost.total, made.lost.items, list(made.left.places)) == (0, 0, ["untitled"])


def test_footnotes_are_no_list_items() -> None:
    html = '<p>a<sup class="cite">1</sup></p><ol class="notes" start="1"><li>b<ul><li>c</li></ul></li><li>d</li></ol>'
    count = of_ours("", [], [html])
    assert (sorted(count.words), count.items) == (["a", "b", "c", "d"], 1)


def test_a_text_that_is_read_otherwise_loses_its_signs_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where emphasis would be read as something else, the words stay, and it is told."""
    sign = inline._Writer._sign
    monkeypatch.setattr(inline._Writer, "_sign", lambda self, one: sign(self, one) and "**~~")
    made = imported("# A\n\nSome *soft* words.\n")
    assert (made.lost.total, list(made.left.places)) == (0, ["plain"])
    assert "Some soft words&#46;" in made.text


def test_a_text_that_cannot_be_written_is_printed_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "_written", lambda *arguments: None)
    made = imported("# A ```fence``` *and* words\n\n```\ncode\n```\n")
    assert (made.lost.total, list(made.left.places)) == (0, ["failed"])
    assert made.text.endswith("````\n# A ```fence``` *and* words\n\n```\ncode\n```\n````\n")


def test_a_word_that_is_lost_all_the_same_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# One\n\ntwo three\n\n- four\n")
    printed = importing._printed

    def forgetful(*arguments: object) -> object:
        count = printed(*arguments)
        count.words.subtract(["two", "three"])
        return count

    monkeypatch.setattr(importing, "_printed", forgetful)
    made = import_folder(tmp_path, tmp_path / "new")
    assert made.lines() == ["1 file, 4 words and 0 list items: 2 words and 0 list items are lost, see below"]
    lost = next(finding for finding in made.findings if finding.severity == "error")
    assert lost.message == "2 words and 0 list items are lost (two, three)"


def test_a_text_nested_beyond_reading_is_printed_as_it_is() -> None:
    made = imported("> " * 400 + "deep words\n")
    assert made.lost.total == 0
    assert "deep words" in made.text
