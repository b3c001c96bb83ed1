"""A small page with every slot, laid out in no time: the trade card as a ticket, for the tests of stamping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from trades import copied, with_brand

from handouts.editions.masters import Press, frame_of, prepare
from handouts.job import Edition, Job

STYLE = """\
@page { size: 6in 7in; margin: 0.4in }
:root { --page-width: 6in; --page-height: 7in }
body { font: 10pt/1.3 var(--sans); color: var(--text) }
h1 { color: var(--ink); font-size: 20pt }
.glance { list-style: none }
.glance strong { color: var(--accent) }
.sources, .dates { font-size: 8pt }
.stack { position: absolute; left: 0; bottom: 0.2in; width: 2.6in; height: 1.7in }
.stack { font-size: calc(10pt * var(--voice)); line-height: 1.2 }
.stack h2 { bookmark-level: none; margin-bottom: calc(3pt * var(--voice)); line-height: 1.15 }
.stack h2 { font-size: calc(14pt * var(--voice)) }
.code { position: absolute; left: 3.5in; bottom: 0.9in }
.logo { position: absolute; left: 3.4in; bottom: 0.2in; width: 1.6in; height: 0.42in; margin: 0 }
"""
PAGE = """\
{% import "templates/parts/parts.html" as part with context %}
{% set front = subject.front %}
{% set address = brand.url or front.more %}
<!doctype html>
{% set inks = ink(front.color) %}
{% set own = "; " ~ brand_style if brand_style else "" %}
<html lang="{{ language }}" style="--ink: {{ inks.solid }}; --tint: {{ inks.tint }}{{ own }}">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
<p class="series">{{ series }}</p>
<h1>{{ front.title }}</h1>
{{ part.glance(front.glance) }}
{{ part.section(subject.section("duties")) }}
{{ part.source_list() }}
<p class="dates">{{ label.reviewed }} {{ month(front.reviewed) }} · {{ part.revision_code() }}</p>
{{ part.code(address) }}
<div class="stack" data-stack="foot">
{% if brand.call_to_action %}
<h2 data-slot="call_to_action">{{ brand.call_to_action|held }}</h2>
{% endif %}
{% for key in ["organization", "unit", "phone", "email", "address"] if brand[key] %}
<p class="{{ key }}" data-slot="{{ key }}">{{ brand[key]|held }}</p>
{% endfor %}
{{ part.reached(address) }}
</div>
{% if brand.logo %}
{{ part.logo() }}
{% endif %}
{% if brand.notice %}
<p class="notice">{{ brand.notice }}</p>
{% endif %}
</body>
</html>
"""
NAMED = {"organization": "Peña College", "url": "https://pena.example.org/visit"}
EVENT = (("event", "Open House"), ("date", "May 4, 2030"))


def ticket(
    folder: Path, style: str = "", page: Mapping[str, str] | None = None, brand: str = 'call_to_action = "Ask us"\n'
) -> Path:
    """The project with tickets for cards, as `folder`/trades: `style` is added to its looks, and `page` replaces texts
    of its page by others. Its brand "plain" says little."""
    root = copied(folder)
    text = PAGE
    for old, new in (page or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    (root / "templates/card/page.html").write_text(text, "utf-8")
    (root / "styles/card.css").write_text(STYLE + style, "utf-8")
    with_brand(root, brand, name="plain")
    return root


def edition(**values: str) -> Edition:
    """An edition with a name and an address, unless others are given."""
    brand = tuple((key, text) for key, text in {**NAMED, **values}.items() if text)
    return Edition("one", brand, EVENT)


def product(root: Path, wanted: Edition, **other: str) -> Job:
    """The baker's ticket, as it is made ready for an edition; files are written and logos found beside the project."""
    folder = str(root.parent)
    job = Job(str(root), "card", "baker", brand="plain", output=folder, beside=folder, edition=frame_of(wanted))
    return replace(job, **other)


def press_of(root: Path, wanted: Edition, **other: str) -> Press:
    return prepare(product(root, wanted, **other))
