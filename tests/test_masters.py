"""Masters kept between runs and used: never trusted where they are damaged or old, and exact in what they refuse."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from tickets import NAMED, edition, press_of, product, ticket
from trades import change

from handouts.editions import masters
from handouts.editions.masters import Press, Refusal, frame_of, prepare
from handouts.findings import Findings
from handouts.job import Edition, Job
from handouts.preflight.evidence import Printed
from handouts.project import Project


def stored(root: Path) -> list[Path]:
    return sorted((root.parent / ".ledger/masters").glob("*"))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The products that are laid out from now on."""
    found: list[Job] = []
    make = masters._made

    def counted(job: Job) -> object:
        found.append(job)
        return make(job)

    monkeypatch.setattr(masters, "_made", counted)
    return found


# What decides about a master


def test_a_frame_is_what_makes_another_product() -> None:
    plain = edition()
    assert frame_of(plain) == Edition("", ())
    for name in ("organization", "unit", "phone", "email", "address", "url", "call_to_action"):
        assert frame_of(edition(**{name: "x"})) == frame_of(plain), name
    assert frame_of(replace(plain, id="two", event=())) == frame_of(plain)
    for name in ("logo", "color", "accent"):
        assert frame_of(edition(**{name: "a"})) == frame_of(edition(**{name: "b"})) != frame_of(plain), name
    assert frame_of(edition(color="a")) != frame_of(edition(accent="a"))
    assert frame_of(edition(notice="a")) != frame_of(edition(notice="b"))
    full = edition(notice="Ask.", logo="beside/a.svg", color="#5b1a3f")
    assert frame_of(frame_of(full)) == frame_of(full)
    assert frame_of(replace(full, brand=full.brand[::-1])) == frame_of(full)


def test_each_product_has_a_place_of_its_own(tmp_path: Path) -> None:
    root = ticket(tmp_path)
    wanted = edition()
    jobs = [
        product(root, wanted),
        product(root, wanted, brand="default"),
        product(root, edition(color="#5b1a3f")),
        product(root, edition(notice="Ask for other formats.")),
        product(root, wanted, subject="potter"),
        product(root, wanted, paper="a4"),
    ]
    presses = [prepare(job) for job in jobs]
    assert len(stored(root)) == len(jobs)
    keys = [press.key(wanted) for press in presses]
    # A card is the same on both papers, as its format says; all others differ.
    assert (len(set(keys)), keys[0] == keys[-1]) == (len(jobs) - 1, True)


# The store


def test_a_second_time_nothing_is_laid_out(tmp_path: Path, made: list[Job]) -> None:
    root, wanted = ticket(tmp_path), edition(color="#5b1a3f")
    first = press_of(root, wanted)
    second = press_of(root, wanted)
    assert len(made) == 1
    assert (second.kept, second.key(wanted)) == (first.kept, first.key(wanted))
    assert second.stamp(wanted) == first.stamp(wanted)


def test_a_second_time_nothing_heavy_is_loaded(tmp_path: Path) -> None:
    """By a process of its own, which stamps an edition too."""
    root, wanted = ticket(tmp_path), edition(color="#5b1a3f")
    pdf = press_of(root, wanted).stamp(wanted).pdf
    script = (
        "import sys, hashlib\n"
        "from handouts.editions.masters import prepare\n"
        "from handouts.job import Edition, Job\n"
        f"job, edition = {product(root, wanted)!r}, {wanted!r}\n"
        "print(hashlib.sha256(prepare(job).stamp(edition).pdf).hexdigest())\n"
        "heavy = 'weasyprint pikepdf pydantic jinja2 markdown citeproc PIL pypdfium2 lxml'.split()\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ran.stdout.splitlines(), ran.stderr) == ([hashlib.sha256(pdf).hexdigest(), "[]"], "")


def sealed(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def retold(data: bytes, **record: object) -> bytes:
    """A master whose head says something else, under a seal that is right."""
    head, _, dump = data.partition(b"\n")[2].partition(b"\n")
    return sealed(json.dumps(json.loads(head) | record).encode() + b"\n" + dump)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut off": lambda data: data[: len(data) // 2],
    "without its end": lambda data: data[:-1],
    "longer": lambda data: data + b"\n",
    "one bit": lambda data: data[:-500] + bytes([data[-500] ^ 1]) + data[-499:],
    "another seal": lambda data: b"0" * 64 + data[64:],
    "no seal": lambda data: data.partition(b"\n")[2],
    "foreign": lambda data: b"%PDF-1.7\n" + os.urandom(2000),
    "of other programs": lambda data: retold(data, record={"reads": {}, "programs": {}}),
    "of no record": lambda data: retold(data, record={}),
    "no master": lambda data: sealed(b"{}\n"),
    "no JSON": lambda data: sealed(b"{\n"),
    "a list": lambda data: sealed(b"[]\n"),
    "other fields": lambda data: retold(data, findings=[{"what": "?"}]),
    "of another form": lambda data: sealed(data.partition(b"\n")[2].replace(b"master 1", b"master 0")),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_store_is_made_again(damage: str, tmp_path: Path, made: list[Job]) -> None:
    root, wanted = ticket(tmp_path), edition()
    press = press_of(root, wanted)
    (place,) = stored(root)
    whole = place.read_bytes()
    place.write_bytes(DAMAGE[damage](whole))
    assert press_of(root, wanted).stamp(wanted) == press.stamp(wanted)
    assert len(made) == 2
    assert place.read_bytes() == whole


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    root, wanted = ticket(tmp_path), edition()
    press_of(root, wanted)
    (place,) = stored(root)
    place.unlink()
    place.mkdir()
    with pytest.raises(Findings, match=re.escape(place.name)):
        press_of(root, wanted)


CHANGES = {
    "style sheet": ("styles/card.css", "font-size: 8pt", "font-size: 8.5pt"),
    "template": ("templates/card/page.html", "<p class=\"dates\">", "<p class=\"dates\">As of "),
    "text": ("content/specialties/baker.md", "Weigh flour", "Take flour"),
    "figure": ("content/facts.toml", "41250", "41260"),
    "brand": ("styles/brands/plain/brand.toml", "Ask us", "Ask me"),
    "event": ("handouts.toml", "Booth 7", "Booth 8"),
}


@pytest.mark.parametrize("changed", CHANGES)
def test_a_store_of_what_has_changed_is_made_again(changed: str, tmp_path: Path, made: list[Job]) -> None:
    root, wanted = ticket(tmp_path), edition()
    before = press_of(root, wanted)
    change(root, *CHANGES[changed])
    after = press_of(root, wanted)
    assert len(made) == 2
    assert after.key(wanted) != before.key(wanted)
    # What is changed back is as it was.
    change(root, CHANGES[changed][0], CHANGES[changed][2], CHANGES[changed][1])
    assert press_of(root, wanted).key(wanted) == before.key(wanted)


def test_a_store_of_another_version_is_made_again(
    tmp_path: Path, made: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, wanted = ticket(tmp_path), edition()
    press_of(root, wanted)
    known = dict(masters.ledger.programs())
    monkeypatch.setattr(masters.ledger, "programs", lambda: known | {"weasyprint": "1"})
    press_of(root, wanted)
    assert len(made) == 2


def test_warnings_are_repeated_from_the_store_and_change_overnight(
    tmp_path: Path, made: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, wanted = ticket(tmp_path), edition()
    due = (
        "content/specialties/baker.md:17  was last reviewed in 2030-01, and its next review was due by 2031-01 · "
        "check it against its sources, then set reviewed to this month"
    )
    told = []
    for day in ("2031-01-31", "2031-01-31", "2031-02-01", "2031-02-01"):
        monkeypatch.setenv("HANDOUTS_TODAY", day)
        press = press_of(root, wanted)
        told.append((len(made), [str(one) for one in press.findings], [one.severity for one in press.findings]))
    assert told == [(1, [], []), (1, [], []), (2, [due], ["warning"]), (2, [due], ["warning"])]


def test_a_product_that_cannot_be_built_is_told_and_not_kept(tmp_path: Path) -> None:
    root = ticket(tmp_path)
    change(root, "content/specialties/baker.md", "title: Baker\n", "")
    with pytest.raises(Findings, match="title"):
        press_of(root, edition())
    assert stored(root) == []


def test_a_reason_is_kept_too(tmp_path: Path, made: list[Job]) -> None:
    root, wanted = ticket(tmp_path, ".phone { letter-spacing: 1px }"), edition()
    presses = [press_of(root, wanted) for _ in range(2)]
    assert len(made) == 1
    assert {press.reason for press in presses} == {'the slot "phone" is set with letter-spacing'}
    assert presses[0].key(wanted) == presses[1].key(wanted)
    assert (presses[1].base, presses[1].faces, presses[1].complaints(wanted)) == (b"", {}, [])


# Faces


def with_face(root: Path, data: bytes) -> Path:
    """The project with a face of its own for names."""
    (root / "styles/own.ttf").write_bytes(data)
    sheet = root / "styles/card.css"
    face = '@font-face { font-family: "Own"; src: url(own.ttf) } .organization { font-family: "Own" }'
    sheet.write_text(sheet.read_text("utf-8") + face, "utf-8")
    return root


def test_a_face_of_other_units_is_left_to_the_engine(tmp_path: Path) -> None:
    font = TTFont(BytesIO(Project(tmp_path).read("fonts/SourceSerifPro-Regular.ttf")))
    scale_upem(font, 2048)
    out = BytesIO()
    font.save(out)
    root, wanted = with_face(ticket(tmp_path), out.getvalue()), edition()
    press = press_of(root, wanted)
    assert press.reason == "a face of 2048 units to the em; the engine's rounding is known for 1000"
    assert in_full(root, press, wanted).count("Pe\u00f1a College") == 1


def test_a_face_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(Findings) as told:
        press_of(with_face(ticket(tmp_path), b"no font"), edition())
    assert [(one.file, one.line) for one in told.value.findings] == [("styles/card.css", 0)]


# What editions are refused for


LONG = {
    "a word": "W" * 70,
    "a word of narrow letters": "i" * 160,
    "a word of all letters": "Llanfairpwllgwyngyll" * 5,
    "short words": "ab " * 250 + "ab",
    "long words": "Metropolitan Conservatory " * 30 + "of Art",
    "words and a long one": "The College of " + "Antidisestablishmentarianism" * 4,
}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    folder = tmp_path_factory.mktemp("masters")
    return press_of(ticket(folder), edition())


@pytest.mark.parametrize("slot", ["organization", "unit", "address"])
@pytest.mark.parametrize("kind", LONG)
def test_a_text_is_too_long_by_as_many_characters_as_are_told(kind: str, slot: str, press: Press) -> None:
    text = LONG[kind]
    ((message, hint),) = press.complaints(edition(**{slot: text}))
    (number,) = re.findall(rf"^the {slot} is (\d+) characters? too long for its place$", message)
    assert hint == "shorten it"
    assert press.complaints(edition(**{slot: text[: len(text) - int(number)]})) == []
    assert press.complaints(edition(**{slot: text[: len(text) - int(number) + 1]})) != []


def test_a_text_too_long_is_refused_where_it_is_stamped(press: Press) -> None:
    assert press.stamp(edition(unit="W" * 70)) == Refusal("the unit is too long for its place")
    assert press.entry(edition(unit="W" * 70), 0, "one") is None


def test_signs_that_no_font_has_are_named(press: Press) -> None:
    wanted = edition(organization="\u6771\u4eac \u6771 \U0001f600", phone="\u0e01")
    assert press.complaints(wanted) == [
        ('the organization: "\u6771" (U+6771), "\u4eac" (U+4EAC), "\U0001f600" (U+1F600) is in no font', HINT),
        ('the phone: "\u0e01" (U+0E01) is in no font', HINT),
    ]
    assert press.stamp(wanted) == Refusal("only a layout can set the organization")


HINT = "write it with other characters"


def test_what_fits_is_not_complained_of(press: Press) -> None:
    for name in ("X", "Pe\u00f1a College", "\u0141\u00f3d\u017a Technikum", "St. Mary\u2019s \u201cOld\u201d School"):
        assert press.complaints(edition(organization=name)) == [], name


# Laid out in full


def in_full(root: Path, press: Press, wanted: Edition) -> str:
    """The text of an edition that a press lays out in full, and whose file says so."""
    result = press.build(product(root, wanted, edition=wanted))
    assert result.built, result.findings
    pdf = (root.parent / result.file).read_bytes()
    assert b"/HandoutsEdition (%s full %d %s)" % (
        press.key(wanted).encode(),
        result.pages,
        result.revision.encode(),
    ) in pdf[-4000:]
    return Printed("full.pdf", pdf).pages[0].text


@pytest.mark.parametrize("style", ["", ".phone { letter-spacing: 1px }"])
def test_an_edition_in_full_has_the_key_of_the_stamped_one(style: str, tmp_path: Path) -> None:
    root, wanted = ticket(tmp_path, style), edition(color="#5b1a3f", phone="+1 555 010 0199")
    press = press_of(root, wanted)
    assert "Pe\u00f1a College" in in_full(root, press, wanted)
    if not style:
        entry = re.findall(rb"/HandoutsEdition \((\w+) fast 1 ([0-9a-f-]+)\)", press.stamp(wanted).pdf)
        assert entry == [(press.key(wanted).encode(), press.stamp(wanted).revision.encode())]


def test_a_key_changes_with_all_that_an_edition_says(tmp_path: Path) -> None:
    root = ticket(tmp_path)
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"/>', "utf-8")
    (tmp_path / "b.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"/>', "utf-8")
    (tmp_path / "c.svg").write_bytes((tmp_path / "a.svg").read_bytes())
    full = {name: "x" for name in ("unit", "phone", "email", "address", "call_to_action")}
    plain = edition(logo="beside/a.svg", color="#5b1a3f", accent="#9a4123", **full)
    press = press_of(root, plain)
    others = [
        *(replace(plain, brand=(*plain.brand, (name, "y"))) for name in (*full, "organization", "url")),
        replace(plain, brand=(*plain.brand, ("logo", "beside/b.svg"))),
        replace(plain, brand=(*plain.brand, ("color", "#0d4b45"))),
        replace(plain, brand=(*plain.brand, ("accent", "#0d4b45"))),
        replace(plain, event=()),
        replace(plain, event=(("event", "Fair"),)),
    ]
    keys = [press.key(one) for one in (plain, *others)]
    assert len(set(keys)) == len(keys)
    # A name of the file, or of the row, is printed nowhere.
    assert press.key(replace(plain, id="two")) == keys[0]
    assert press.key(replace(plain, brand=(*plain.brand, ("logo", "beside/c.svg")))) == keys[0]


# What a template does with a value, and not only with its place


ASKING = {
    "whether there is one": "{% if brand.phone %}Call us.{% endif %}",
    "how long it is": "{{ brand.organization|length }} letters",
    "its first letter": "{{ brand.organization[:1] }}",
    "whether there is an event": "{% if occasion %}Come and see us.{% endif %}",
}


@pytest.mark.parametrize("asking", ASKING)
def test_a_page_that_hangs_on_a_value_is_stamped_as_it_would_be_laid_out(asking: str, tmp_path: Path) -> None:
    root = ticket(tmp_path, page={"{{ series }}</p>": f"{{{{ series }}}} {ASKING[asking]}</p>"})
    change(root, "handouts.toml", "", 'series = "Trades of Tinkerton"\n')
    wanted = Edition("one", tuple(NAMED.items()), ())
    press = press_of(root, wanted)
    stamped = press.stamp(wanted)
    if isinstance(stamped, Refusal):
        assert press.reason
    else:
        words = Printed("stamped.pdf", stamped.pdf).pages[0].text.split()
        assert sorted(words) == sorted(in_full(root, press, wanted).split())


@pytest.mark.parametrize("slot", ["call_to_action", "organization"])
def test_a_slot_that_may_break_at_a_hyphen_is_laid_out_in_full(slot: str, tmp_path: Path) -> None:
    """The engine would end a line there, and stamping never does."""
    old = "{{ brand.call_to_action|held }}" if slot == "call_to_action" else "{{ brand[key]|held }}"
    press = press_of(ticket(tmp_path, page={old: old.replace("|held", "")}), edition())
    assert press.reason == f'the slot "{slot}" is printed without its filter: held'
