"""The article, which needs nothing but a title: in every profile, with every kind of block, and with a brand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from foreign_texts import DRAWING, picture

from handouts.build import build, make
from handouts.content import load_format
from handouts.job import Job
from handouts.material import gather
from handouts.planning import plan
from handouts.preflight.wording import judge_project
from handouts.project import Project
from handouts.wide import least_widths, measured

TEXT = """---
title: How we lend our tools
---

## {#opening}

Anybody may borrow a plane[^1]. It costs $12 for 3 weeks, and 40% of it comes back to you when you bring the tool home.

[^1]: The large saw stays here.

## What there is {#what}

- Planes
  - for smoothing
    1. wide
    2. narrow
- [ ] Saws
- [x] Chisels

7. seven
8. eight

### Where it hangs

| Tool | Wall | Days |
|:-----|:----:|-----:|
| Plane | east | 14 |
| A saw with `code` | west | 7 |

```
def borrow(tool):
    return book.sign(tool)
```

> A dull tool is a sad tool.

> [!NOTE]
> Wipe it.

Sole
: what slides

![A plane seen from the side](plane.svg)

![A wall with tools](wall.png)

## Nothing under it
"""
BRAND = """organization = "Shelf Street Workshop"
phone = "555-0142"
url = "https://example.org/shelf"
call_to_action = "Borrow a tool"
notice = "The workshop lends to grown-ups only."
"""


def article(root: Path, text: str = TEXT, **files: bytes) -> Project:
    for name, data in {
        "handouts.toml": b'series = "Tools"\n',
        "content/articles/tools.md": text.encode(),
        "content/articles/plane.svg": DRAWING,
        "content/articles/wall.png": picture(2000, 400),
        **files,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Project(root)


PROFILES = {
    "screen": ((), "letter"),
    "A4": ((), "a4"),
    "large print": (("large-print",), "letter"),
    "press": (("press",), "letter"),
    "office": (("office",), "a4"),
    "little ink": (("ink-saver",), "letter"),
    "grey": (("grey",), "letter"),
}


@pytest.mark.parametrize(("profiles", "paper"), PROFILES.values(), ids=PROFILES.keys())
def test_every_profile_builds_it_without_a_finding(tmp_path: Path, profiles: tuple[str, ...], paper: str) -> None:
    project = article(tmp_path)
    job = Job(str(project.root), "article", "tools", paper=paper, profiles=profiles, output=str(tmp_path / "out"))
    result = build(job)
    assert [str(finding) for finding in result.findings] == []
    assert result.pages > 0


def test_a_brand_prints_what_it_says(tmp_path: Path) -> None:
    project = article(tmp_path, **{"styles/brands/shelf/brand.toml": BRAND.encode()})
    made = make(Job(str(project.root), "article", "tools", brand="shelf", output=str(tmp_path / "out")))
    assert [str(finding) for finding in made.result.findings] == []
    assert made.result.built


def test_reviewed_is_printed_where_it_is_told_and_kept_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDOUTS_TODAY", "2027-06-01")
    project = article(tmp_path, TEXT.replace("tools\n---", "tools\nreviewed: 2026-03\n---", 1))
    assert gather(project, "article", "tools").reviewed == "2026-03"
    assert [finding.id for finding in judge_project(project)] == ["review-overdue"]


def test_it_is_not_held_to_the_words_of_a_handout(tmp_path: Path) -> None:
    project = article(tmp_path)
    assert judge_project(project) == []
    form = (Project(tmp_path).shipped.text("templates/article/format.toml")).replace("unasked", "# unasked")
    path = tmp_path / "templates/article/format.toml"
    path.parent.mkdir(parents=True)
    path.write_text(form, encoding="utf-8")
    assert {finding.id for finding in judge_project(project)} == {"figure-unsourced"}


def test_other_formats_ask_for_a_heading_with_words_and_a_review(tmp_path: Path) -> None:
    text = '---\ntitle: A\n---\n\n## {#opening}\n\nWords.\n'
    project = article(tmp_path, **{"content/topics/a.md": text.encode()})
    result = make(plan(project, "topic", ["a"])[0]).result
    said = {str(finding) for finding in result.findings}
    assert "content/topics/a.md:5  this heading has no words · write them after ##" in said
    assert 'content/topics/a.md:1  the key "reviewed" is missing · add reviewed' in said


def test_the_format_asks_for_no_key_but_the_title(tmp_path: Path) -> None:
    form = load_format(Project(tmp_path).shipped, "article")
    assert (form.requires, form.sections, form.pages, form.fit) == ((), (), (1, 400), None)


def test_columns_are_as_wide_as_their_longest_words_where_there_is_room() -> None:
    assert least_widths([["a", "four"], ["abc de", "<b>x</b>"]]) == pytest.approx([3 * 0.56, 4 * 0.56])
    assert least_widths([]) == []
    narrow, wide = least_widths([["ab", "w" * 300]])
    assert narrow == pytest.approx(2 * 0.56)
    assert narrow + wide < 36


def test_tables_lists_and_code_are_made_fit_for_a_page() -> None:
    table = '<table><thead><tr><th style="text-align: right;">ab</th><th>c</th></tr></thead></table>'
    html = measured(f'{table}<ol start="7"><li>x</li></ol><pre><code>a\nb\n</code></pre>')
    assert re.findall(r"<th [^>]*>", html) == [
        '<th style="text-align: right; --least: 1.1em">',
        '<th style="--least: 0.6em">',
    ]
    assert '<ol start="7" style="counter-reset: list-item 6">' in html
    assert html.endswith('<p class="code short">a\nb</p>')
    long = "x\n" * 20
    assert measured(f"<pre><code>{long}</code></pre>").startswith('<p class="code">')
