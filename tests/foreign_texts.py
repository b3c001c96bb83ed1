"""A folder of thirty Markdown files such as other people have them, made anew: every kind that an import meets."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path


def picture(width: int = 640, height: int = 240) -> bytes:
    """A PNG of one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xb0" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60" width="400" height="120">
<rect width="200" height="60" fill="#dde3e8"/><circle cx="40" cy="30" r="18" fill="#33414e"/></svg>"""

FILES: dict[str, str | bytes] = {
    # A front page with badges, an icon row, and links to the other files.
    "README.md": """[![Build](https://img.shields.io/badge/build-passing-green.svg)](https://example.org/ci)
![Chat](https://badges.example.org/chat.svg) ![Coverage](https://example.org/badge/coverage.svg)

# The lending shelf

Tools for everybody on our street. Read [how to borrow](borrowing/rules.md), then come by.
More on [our page](https://example.org/shelf), or write to <shelf@example.org>.

![A shelf with five planes](pictures/shelf.png)
![A plane](pictures/plane.svg "Number four")
""",
    "borrowing/rules.md": """# How to borrow

1. Ask at the desk.
2. Sign the book.
   - Write so that it can be read.
     - With a pen.
       1. Blue
       2. Black
   - Tell us your phone number: 555-0142.
3. Take the tool.

   Bring it back within two weeks.

* A second list
* right below

+ and a third
""",
    "borrowing/install.md": "Setting up\n==========\n\nThe shelf\n---------\n\nFour screws hold it.\n",
    "repair/install.md": "# Setting up the bench\n\nThe bench is heavy. Two people carry it.\n",
    "borrowing/README.md": "A page without any heading. It is named after its folder.\n",
    "several-heads.md": "Words before any heading.\n\n# First\n\nOne.\n\n## Inner\n\nTwo.\n\n# Second\n\n"
    "#### Deep\n\nThree.\n\n## Inner\n\nFour.\n\n## Empty one\n\n## Empty two\n",
    "no-heading.md": "Only words, and *some* of **them** ~~struck~~ marked.  \nA hard break above, and one\\\nhere.\n",
    "footnotes.md": """# Footnotes

A plane[^1] cuts. A saw[^saw] cuts too, and so does the same plane[^1].

## Later

Somebody asks again[^1], and for one that is not there[^none].

[^1]: A plane has a sole.

    It has a blade too, in a second paragraph.

    - and a list
[^saw]: A saw has teeth.
[^never]: Nobody asks for this one.
""",
    "tasks.md": "# Before you leave\n\n- [ ] Wipe the blade\n- [x] Put the guard on\n  - [ ] and lock it\n"
    "- No task at all\n\n1. [X] First\n2. [ ] Second\n",
    "table-wide.md": "# A wide table\n\n| "
    + " | ".join(f"Measure{n}" for n in range(12))
    + " |\n"
    + "|---" * 12
    + "|\n"
    + "".join("| " + " | ".join(f"value{n}x{row}" for n in range(12)) + " |\n" for row in range(4)),
    "table-long.md": "# A long table\n\nTool | Wall | Days\n:--|:-:|--:\n"
    + "".join(f"Tool number {row} | {'east' if row % 2 else 'west'} | {row % 14}\n" for row in range(130)),
    "table-cells.md": "# Cells\n\n| sign | code | words |\n|---|---|---|\n| ✅ | `a \\| b` | *soft* \\| hard |\n"
    "| ❌ |  | https://example.org/a_rather_long_address_without_any_space_in_it/for/the/cell |\n"
    "| 🚀 | `x` | [w](x.md) |\n",
    "code.md": "# Code\n\n```python\ndef borrow(tool):\n\treturn book.sign(tool)  # 14 days\n```\n\n"
    "    indented = True\n\n~~~\n```\nfences in a fence\n```\n~~~\n\n```text\n" + "long line " * 130
    + "\n```\n\nInline `a`, ``b ` c`` and `[@x]`.\n",
    "tree.md": "# A tree of files\n\n```\nshelf/\n├── planes/\n│   └── number-four.md\n└── saws/\n```\n",
    "quotes.md": "# Quotes\n\n> A dull tool\nis a sad tool.\n>\n> > Nested words.\n\n"
    "> [!NOTE]\n> Wipe it.\n\n> [!TIP] Oil it.\n> Twice.\n",
    "boxes.md": """# Boxes

!!! note "Before you start"
    Read this.

    - and this

!!! warning
    Sharp!

??? tip "Folded away"
    Hidden words.

:::tip Own title
Words in a container.
:::

::: {.callout-important}
Quarto words.
:::

```{note} A directive
Its *words* count.
```
""",
    "emoji.md": "# Emoji 🎉 and icons\n\nReady 🚀 to go :rocket: and :material-check: done ✅.\n\n"
    "- 🔧\n- :wrench:\n- at 10:30:15 o'clock\n",
    "variables.md": "# {{ site.title }}\n\n"
    "Version {{ page.version | upcase }} {% if admin %}secret{% endif %} {{< figure >}}.\n"
    "\nNo mark: [@smith] [=total] {#own} {: .big} [x] $a_b$ a*b*c snake_case "
    "__init__ --flag 1 < 2 > 0 & more &copy;\n",
    "html.md": """# Raw HTML

<details>
<summary>Open me</summary>

Hidden **words** in Markdown.

</details>

Press <kbd>Ctrl</kbd>+<kbd>C</kbd>, drink H<sub>2</sub>O, see x<sup>2</sup><br>and <b>bold</b> <em>soft</em>
<u>under</u>. A <your-name> that is no tag, and List<String>.

<table>
<caption>Sizes</caption>
<tr><th>Plane</th><th>Length</th></tr>

<tr><td>Number four</td><td>9 inches<ul><li>short</li></ul></td></tr>
</table>

<div align="center">
<img src="pictures/shelf.png" alt="The shelf again">
<p>A paragraph in a box.</p>
<ul><li>one<li>two</ul>
</div>

<iframe src="https://example.org/film"></iframe>
<script>alert("no")</script>
<!-- a note
of two lines -->
""",
    "diagram.md": "# A diagram\n\n```mermaid\ngraph TD\n  Desk --> Shelf\n```\n",
    "front-yaml.md": "---\ntitle: \"From the front: a title\"\ndate: 2026-05-01\ntags: [wood]\nlayout: post\n---\n"
    "\nWords.\n\n# Another\n",
    "front-toml.md": "+++\ntitle = 'From TOML'\ndraft = true\n+++\n\n# From TOML\n\nWords under it.\n",
    "terms.md": "# Terms\n\nSole\n: what slides\n\nBlade\n:   what cuts\n\n    and is ground\n\n***\n\nEnd.\n",
    "links.md": "# Links\n\n[Here](https://example.org/here), [a file](borrowing/rules.md#top), [ref][one], [one],\n"
    "<https://example.org>,\n"
    "[empty](), [`code`](https://example.org/code_(x)), [anchor](#links), [bad](http://),\n"
    "[mail](mailto:shelf@example.org).\n"
    "\n![gone](pictures/gone.png) ![](pictures/shelf.png) ![far](https://example.org/far.jpg)\n\n"
    "[one]: https://example.org/one 'Title'\n",
    "deep.md": "# Deep\n\n" + "".join("  " * level + f"- level {level}\n" for level in range(14))
    + "\n"
    + "> " * 9
    + "quoted\n",
    "windows.md": b"\xef\xbb\xbf# Windows\r\n\r\nA line\r\nand another.\r\n\r\n- one\r\n- two\r\n",
    "utf16.md": "# Saved as UTF-16\n\nGrüße aus der Werkstatt.\n".encode("utf-16"),
    "latin.md": "# Saved as Windows text\n\nCafé, naïve, “quoted”.\n".encode("cp1252"),
    "Ümläut & co.markdown": "# Odd names\n\nThe file's name has a space, an umlaut and a sign.\n",
    "signs.md": "# Signs that mean themselves\n\n\\# no heading\n\\- no item\n1986\\. A year.\n\n* * *\n\n"
    "#hash\n+1 for it\n= equal\n"
    "~ about\n: colon\n| pipe |\n\n\\*stars\\* \\[brackets\\] \\`ticks\\` \\~\\~tildes\\~\\~ a\\_b "
    "** not bold ** _x _y\n",
    # What is no text, or nobody wrote.
    "empty.md": "\n\n",
    "binary.md": b"\x00\x01\x02PNG\x00",
    ".git/notes.md": "# Hidden\n",
    "node_modules/x/README.md": "# Of a program\n",
    "notes.txt": "Not Markdown.\n",
    "pictures/shelf.png": picture(),
    "pictures/plane.svg": DRAWING,
}
# Of these, the ones that become articles.
ARTICLES = 30


def write_folder(folder: Path) -> Path:
    """Write the files, and a link that leads to one of them."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.symlink(folder / "README.md", folder / "linked.md")
    return folder
