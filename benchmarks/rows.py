"""A spreadsheet of plainly invented schools, the same for the same seed: the rows that the editions are made from.

Names have 3 to 60 characters, with the accents that real ones have; every row has its own name, color, address for the
code, event and date, and each tenth a logo of its own, PNG and SVG in turns.
"""

from __future__ import annotations

import colorsys
import csv
import datetime
import random
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from PIL import Image, ImageDraw

# Parts of invented names.
_FIRST, _LAST, _ACCENTED = (
    tuple(words.split())
    for words in (
        "Ald Bel Cor Dun Eln Fen Gar Hol Ist Jor Kel Lor Mar Nor Oak Pen Quil Ros Stan Thorn Ul Vel Wes Yar Zel",
        "bridge bury dale field ford gate ham hurst ley mont port ridge shaw stead ton vale view well wick wood",
        "Peña Núñez Åker São Côte Grünfeld Łomża Québec Český Ørsted Żory Bañado Saint-Éloi L’Anse",
    )
)
_KINDS = (
    *("College", "High School", "Career Center", "Community College", "Technical College", "Academy"),
    *("Institute of Health Sciences", "School of Allied Health", "Joint Vocational School District"),
    "Regional Center for Health Careers & Technology",
)
_EVENTS = ("Career Fair", "Open House", "Job Shadow Day", "Health Night", "Family Evening")
_SEASONS = ("Spring", "Summer", "Fall", "Winter", "Annual")
LONGEST = 60


@dataclass(frozen=True)
class School:
    """One row; the fields are the columns of the spreadsheet. `logo` is a file name beside it, or empty."""

    id: str
    organization: str
    unit: str
    phone: str
    email: str
    url: str
    logo: str
    color: str
    event: str
    date: str
    booth: str


def schools(count: int, seed: int) -> list[School]:
    """So many rows; those of another seed differ in everything."""
    chance = random.Random(seed)
    taken: set[str] = set()
    return [_school(number, count, seed, chance, taken) for number in range(count)]


def _school(number: int, count: int, seed: int, chance: random.Random, taken: set[str]) -> School:
    """One row, with nothing in it that is `taken` by another."""
    slug = f"s{seed}-{number + 1:05d}"
    name = _new(taken, lambda: _name(number, chance))
    # A third of the addresses is short, and a few are long: their codes have more modules.
    path = chance.choice(("", "imaging", "apply", "visit", "health-careers/tours"))
    # Days in another order than the rows, none of them twice: 389 is a prime that divides no round number.
    day = datetime.date(2027, 1, 1) + datetime.timedelta(days=number * 389 % max(count, 1000))
    return School(
        id=slug,
        organization=name,
        unit="School counseling office" if number % 3 == 2 else "",
        phone=f"(555) 01{number % 10}-{chance.randrange(10_000):04d}",
        email=f"careers@{slug}.example.org",
        url=f"https://{slug}.example.org/{path}".rstrip("/"),
        logo=f"logos/{slug}.{'svg' if number // 10 % 2 else 'png'}" if number % 10 == 4 else "",
        color=_new(taken, lambda: _color(chance)),
        event=_new(taken, lambda: f"{chance.choice(_FIRST)}{chance.choice(_LAST)} {_event(chance)}"),
        date=f"{day:%B} {day.day}, {day.year}",
        booth=f"Booth {chance.randrange(1, 200)}" if number % 2 else "",
    )


def _new(taken: set[str], make: Callable[[], str]) -> str:
    while (made := make()) in taken:
        pass
    taken.add(made)
    return made


def _name(number: int, chance: random.Random) -> str:
    """Each 50th is an abbreviation, another 50th as long as a name may be; each fourth place has accents."""
    if number % 50 == 7:
        return "".join(chance.choice("ABCDEÉFGHIJKLMNOÖPQRSTUVWXYZ") for _ in range(3 + number // 50 % 3))
    town = chance.choice(("", "", "", "New ", "Fort ", "Lake ")) + chance.choice(_FIRST) + chance.choice(_LAST)
    if number % 4 == 1:
        town = f"{chance.choice(_ACCENTED)} {town}"
    kind = chance.choice(_KINDS)
    if number % 50 == 9:
        kind = _KINDS[-1]
    elif number % 3 == 0:
        town = f"{chance.choice(('North', 'South', 'East', 'West', 'Upper', 'Lower'))} {town}"
    return f"{town} {kind}"[:LONGEST].rstrip()


def _color(chance: random.Random) -> str:
    """Dark enough to carry white text."""
    hue, light, strong = chance.random(), 0.14 + 0.1 * chance.random(), 0.35 + 0.35 * chance.random()
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, light, strong))


def _event(chance: random.Random) -> str:
    return f"{chance.choice(_SEASONS)} {chance.choice(_EVENTS)}"


def write_rows(rows: list[School], folder: Path) -> Path:
    """The spreadsheet `rows.csv` in a folder, with the logos that it names beside it."""
    (folder / "logos").mkdir(parents=True, exist_ok=True)
    for row in rows:
        if row.logo:
            _write_logo(folder / row.logo, row.color, row.id)
    target = folder / "rows.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in fields(School)])
        writer.writerows(astuple(row) for row in rows)
    return target


def _write_logo(target: Path, color: str, seed: str) -> None:
    """A mark of four bars on a tile, sharp enough for print where it is a PNG."""
    chance = random.Random(seed)
    heights = [chance.randrange(80, 340) for _ in range(4)]
    bars = [(60 + 80 * place, 400 - height, 40, height - 40) for place, height in enumerate(heights)]
    if target.suffix == ".svg":
        drawn = "".join(f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="#fff"/>' for x, y, w, h in bars)
        tile = f'<rect width="400" height="400" fill="{color}"/>'
        target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">{tile}{drawn}</svg>\n')
        return
    picture = Image.new("RGB", (400, 400), color)
    pen = ImageDraw.Draw(picture)
    for x, y, width, height in bars:
        pen.rectangle((x, y, x + width, y + height), fill="#fff")
    picture.save(target, optimize=True)
