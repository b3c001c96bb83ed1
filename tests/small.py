"""A project of a few lines, written where a test wants it: what the tests of the stages share.

It has one format of one page ("card"), one that prints everything at once ("leaflet"), and looks of its own, so that
nothing in these tests hangs on the real content or design.
"""

from __future__ import annotations

import json
from pathlib import Path

from handouts.project import Project

CARD = """\
title = "card"
scope = "each"
content = "cards"
styles = ["card.css"]
requires = ["reviewed"]
pages = [1, 1]

[papers]
letter = "card"
a4 = "card"

[fit]
floor = 10.0
full = 12.5
"""

CARD_PAGE = """\
<!doctype html>
<html lang="{{ language }}">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
<h1>{{ subject.front.title }}</h1>
<main data-fit="text">
{% for section in subject.sections %}
<h2>{{ section.heading|safe }}</h2>
{{ prose(section) }}
{% endfor %}
</main>
<footer data-fit="foot">
{% for source in sources %}
<p id="source-{{ source.number }}">{{ source.number }} {{ source.html }} {{ source.periods|join(", ") }}</p>
{% endfor %}
<p>{{ label.reviewed }} {{ month(subject.front.reviewed) }} · {{ label.revision }} {{ revision }}</p>
</footer>
</body>
</html>
"""

LEAFLET = """\
title = "leaflet"
scope = "all"
styles = ["card.css"]
pages = [4, 8]
multiple = 4
covers = 1
citations = "apa7"

[papers]
letter = "card"
"""

LEAFLET_PAGE = """\
<!doctype html>
<html lang="{{ language }}">
<head><meta charset="utf-8"><title>{{ title }}</title></head>
<body>
<h1>{{ booklet.title }}</h1>
{% for chapter in booklet.chapter %}
{% set card = find(chapter.subject) %}
<section class="leaf">
<h2>{{ card.title }}</h2>
{% for section in card.sections %}
{{ prose(section) }}
{% endfor %}
<p class="low">{{ card.title }}</p>
</section>
{% endfor %}
{% for number in range(padding) %}
<p class="leaf">Notes {{ number }}</p>
{% endfor %}
{% for source in sources %}
<p id="source-{{ source.number }}">{{ source.html }}</p>
{% endfor %}
<p>{{ label.reviewed }} {{ month(booklet.reviewed) }} · {{ label.revision }} {{ revision }}</p>
</body>
</html>
"""

CARD_STYLE = """\
@font-face { font-family: Card Sans; src: url(/fonts/SourceSansPro-Regular.ttf) }
:root { --fit-space: 0.5 1 2; --fit-leading: 1.2 1.4 1.5; --fit-drawing: 1 1 1; --nominal: 11pt }
html { --scale: 1; --leading: 1.4; --space: 1; --stretch: 0mm; --body: calc(var(--nominal) * var(--scale)) }
html { font: var(--body)/var(--leading) Card Sans }
body { margin: 0 }
main { padding-bottom: var(--stretch) }
h1, h2, p { margin: 0 0 calc(2mm * var(--space)); font-size: 1em; font-weight: 400 }
h1, h2 { bookmark-level: 1 }
h2 { bookmark-level: 2 }
footer { position: absolute; bottom: 0; left: 0; right: 0 }
.leaf { break-before: page }
.low { margin-top: 70mm }
"""

BOOKLET = """\
title = "All cards"
subtitle = "In one leaflet"
color = "teal"
drawing = "cover"
promise = "Short"
about = "Made for a test."
reviewed = "2026-11"

[[chapter]]
kind = "card"
subject = "ct"

[[chapter]]
kind = "card"
subject = "mri"
"""

FACTS = """\
[ct-pay]
value = 77660
unit = "USD per year"
text = "Technologists earn $77,660 a year."
subject = "pay"
source = "handbook"
period = "May 2024"
read = 2026-10-03
confidence = "verified"

[ct-growth]
value = 5
unit = "percent"
text = "Jobs grow by 5 percent."
subject = "growth"
source = "handbook"
period = "2024-34"
read = 2026-10-03
confidence = "verified"

[card-rule]
value = 24
unit = "credits"
text = "24 credits are asked for."
source = "board"
period = "undated"
read = 2026-10-03
confidence = "verified"
"""

REFERENCES = [
    {
        "id": "board",
        "type": "webpage",
        "title": "Keeping a card",
        "author": [{"literal": "The Board"}],
        "URL": "https://board.example/keep",
        "accessed": {"date-parts": [[2026, 10, 3]]},
    },
    {
        "id": "handbook",
        "type": "webpage",
        "title": "Handbook of cards",
        "author": [{"literal": "The Office"}],
        "URL": "https://office.example/cards",
        "issued": {"date-parts": [[2025, 8, 28]]},
    },
]

CT = """\
---
title: Computed tomography
reviewed: 2026-11
---

## What you will do {#duties}

You make pictures in slices. Pay is [=ct-pay] a year. Keep it up with [=card-rule].

## How it grows {#growth}

The work grows by [=ct-growth]. Read more.[@handbook]
"""

MRI = """\
---
title: MRI
reviewed: 2026-11
---

## What you will do {#duties}

You make pictures with a magnet.[@board]
"""

FILES = {
    "handouts.toml": 'series = "Small careers"\n',
    "templates/card/format.toml": CARD,
    "templates/card/page.html": CARD_PAGE,
    "templates/leaflet/format.toml": LEAFLET,
    "templates/leaflet/page.html": LEAFLET_PAGE,
    "styles/base/tokens.css": "",
    "styles/base/type.css": "",
    "styles/base/parts.css": "",
    "styles/papers/card.css": "@page { size: 100mm 140mm; margin: 8mm }\n",
    "styles/card.css": CARD_STYLE,
    "content/booklet.toml": BOOKLET,
    "content/facts.toml": FACTS,
    "content/references.json": json.dumps(REFERENCES, indent=2),
    "content/cards/ct.md": CT,
    "content/cards/mri.md": MRI,
}


def project(root: Path, changes: dict[str, str] | None = None) -> Project:
    """Write the small project under `root`, with other texts, or more files, where `changes` has them."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Project(root)
