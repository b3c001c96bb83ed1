"""Masters made, kept and used: a product is laid out once, and thousands of editions are stamped on it."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from handouts import ledger
from handouts.brands import tokens
from handouts.editions.manifest import sweep
from handouts.findings import Finding, Findings, counted, errors
from handouts.job import BRAND_KEYS, Edition, Job
from handouts.planning import project_of
from handouts.project import Project
from handouts.qr import breakable, printed_address
from handouts.slots import SLOT_TEXTS
from handouts.stamping.filling import Misfit
from handouts.stamping.logos import Logo, read_logo
from handouts.stamping.master import Master, load
from handouts.stamping.one_file import Entry
from handouts.stamping.shaping import Face
from handouts.stamping.stamp import (
    Stamped,
    content_of,
    edition_key,
    misfits,
    pour,
    stamp,
    unprintable,
    values_of,
)
from handouts.typography import held, occasion
from handouts.updating import FULL, entry_of

if TYPE_CHECKING:
    from handouts.build import Result
    from handouts.recipe import Finished

_FOLDER, _LOGOS = "masters", "logos"
# What a row may set that is no slot, or that a page without it has no place for.
_FRAME = ("notice", "logo", "color", "accent")
_SLOTS = tuple(name for name in BRAND_KEYS if name not in _FRAME)


@dataclass(frozen=True)
class Refusal:
    """Why an edition has to be laid out in full."""

    reason: str


def frame_of(edition: Edition) -> Edition:
    """What of an edition decides about its master: a notice as it is, a logo and colors by being there."""
    given = dict(edition.brand)
    marks = [(name, given[name] if name == "notice" else SLOT_TEXTS[name]) for name in _FRAME if given.get(name)]
    return Edition("", tuple(marks))


@dataclass(frozen=True)
class _Kept:
    """What a store holds of a product: `digest` changes with anything that it is made of, `texts` is what its brand
    says where an edition does not, `reason` is why there is no master."""

    digest: str
    texts: Mapping[str, str]
    reason: str
    findings: tuple[Finding, ...]
    master: Master | None


@dataclass
class Press:
    """A product as it is ready for editions: stamped where there is a master, laid out in full where there is none."""

    project: Project
    store: Path
    kept: _Kept
    faces: Mapping[str, Face] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Bounded, and no longer kept than the press: a logo may be another in the next run.
        self._digest = lru_cache(maxsize=256)(lambda path: hashlib.sha256(self.project.read(path)).hexdigest())

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Warnings that all editions share."""
        return self.kept.findings

    @property
    def reason(self) -> str:
        """Why all editions are laid out in full; empty where they are stamped."""
        return self.kept.reason

    @property
    def base(self) -> bytes:
        """The PDF that editions are stamped on; empty where there is none."""
        return self.kept.master.base if self.kept.master else b""

    def values(self, edition: Edition) -> dict[str, str]:
        """What stands in the slots of an edition."""
        path = dict(edition.brand).get("logo", "")
        return values_of(self.kept.texts, edition, self._digest(path) if path else "")

    def key(self, edition: Edition) -> str:
        """64 hexadecimal digits that change with anything that the edition's PDF is made of."""
        return edition_key(self.kept.digest, self.values(edition))

    def complaints(self, edition: Edition) -> list[tuple[str, str]]:
        """What keeps an edition's texts from being printed, in full too: each a message and what to do."""
        if self.kept.master is None:
            return []
        values = self.values(edition)
        found = []
        for name, signs in unprintable(self.kept.master, values, self.faces).items():
            named = ", ".join(f'"{sign}" (U+{ord(sign):04X})' for sign in signs)
            found.append((f"{_told(name)}: {named} is in no font", "write it with other characters"))
        for one in misfits(self.kept.master, values, self.faces):
            much = counted(one.characters, "character")
            message = f"{_told(one.slot)} is {much} too long for its place"
            found.append((message, "shorten it"))
        return list(dict.fromkeys(found))

    def stamp(self, edition: Edition) -> Stamped | Refusal:
        """The PDF of an edition, or why it has to be laid out in full."""
        if self.kept.master is None:
            return Refusal(self.kept.reason)
        values = self.values(edition)
        key = edition_key(self.kept.digest, values)
        made = stamp(self.kept.master, values, self.faces, self._logo(edition), key)
        if isinstance(made, Stamped):
            return made
        named = _told(made.slot)
        return Refusal(f"{named} is too long for its place" if made.certain else f"only a layout can set {named}")

    def entry(self, edition: Edition, place: int, title: str) -> Entry | None:
        """The edition as one PDF among others, None where it has to be laid out in full; `place` is its master's."""
        if self.kept.master is None:
            return None
        logo = self._logo(edition)
        poured = pour(self.kept.master, self.values(edition), self.faces, logo)
        if isinstance(poured, Misfit):
            return None
        contents = {
            page.index: tuple(content_of(poured, name) for name in page.streams) for page in self.kept.master.pages
        }
        return Entry(title, place, contents, poured.palette if self.kept.master.palette else "", logo)

    def _logo(self, edition: Edition) -> Logo | None:
        path = dict(edition.brand).get("logo", "")
        return read_logo(self.project, path, self.store / _LOGOS) if path else None

    def build(self, job: Job) -> Result:
        """Lay an edition out in full, and put it in its place with its key."""
        from handouts.build import deliver, make
        from handouts.finishing.memory import sign

        made = make(job)
        if not made.result.built:
            return made.result
        entry = entry_of(self.key(job.edition), FULL, made.result.pages, made.result.revision)
        return deliver(replace(made, pdf=sign(made.pdf, entry)))


def prepare(job: Job) -> Press:
    """The press of a product; `job.edition` is a `frame_of` what is to be stamped on it.

    What was laid out before is taken from the store beside the ledger, while all that it was made of is the same.
    Raises Findings where the product cannot be built.
    """
    project, place = project_of(job), _place(job)
    kept = _recall(project, place)
    if kept is None:
        kept, body = _made(job)
        sweep(place.parent)
        ledger.store(place, body)
    faces = {face: _face(project, face, kept.master.glyphs[face]) for face in kept.master.fonts} if kept.master else {}
    return Press(project, Path(job.output, ledger.FOLDER), kept, faces)


def is_known(job: Job) -> bool:
    """Whether a product was laid out before, so that `prepare` is quick."""
    return _recall(project_of(job), _place(job)) is not None


def load_layout() -> None:
    """Load all that `prepare` needs for a product that is not known."""
    importlib.import_module("handouts.recipe")
    importlib.import_module("handouts.finishing.parting")


def _told(slot: str) -> str:
    return f"the {slot.replace('_', ' ')}"


@lru_cache(maxsize=32)
def _face(project: Project, name: str, glyphs: tuple[int, ...]) -> Face:
    return Face(project.read(name), glyphs)


def _place(job: Job) -> Path:
    """Where the store keeps a product."""
    asked = (job.format, job.subject, job.paper, job.brand, job.language, job.edition and job.edition.brand)
    if job.profiles:
        asked = (*asked, job.profiles, job.wishes)
    return Path(job.output, ledger.FOLDER, _FOLDER, f"{hashlib.sha256(repr(asked).encode()).hexdigest()[:32]}.master")


def _recall(project: Project, place: Path) -> _Kept | None:
    """What the store holds of a product, None where that is nothing, damaged, or no longer true."""
    body = ledger.stored(place)
    if body is None:
        return None
    head, _, dump = body.partition(b"\n")
    try:
        record = json.loads(head)
        if not ledger.Answers(project).agree(record["record"]):
            return None
        findings = tuple(Finding(**{**one, "box": tuple(one["box"])}) for one in record["findings"])
        kept = _Kept(record["digest"], record["texts"], record["reason"], findings, load(dump) if dump else None)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    # There is a master, or a reason why there is none.
    return kept if bool(kept.reason) == (kept.master is None) else None


def _made(job: Job) -> tuple[_Kept, bytes]:
    """Lay a product out with empty slots and take it apart; returns what to keep of it, and that as bytes."""
    from handouts.finishing.memory import document_key
    from handouts.recipe import finished

    frame = dict(job.edition.brand) if job.edition else {}
    slots = {name: SLOT_TEXTS[name] for name in _SLOTS}
    full = Edition("", tuple({**slots, **frame}.items()), (("event", SLOT_TEXTS["event"]),))
    done = finished(replace(job, edition=full))
    if errors(done.findings):
        raise Findings(done.findings)
    texts = _texts(done, job, frame)
    master, reason = _parted(done, frame, texts)
    if master and (reason := _hindrance(done, job, frame)):
        master = None
    made_of = master.digest if master else document_key(done.project, done.document)
    digest = hashlib.sha256(json.dumps([made_of, texts, ledger.programs()["handouts"]]).encode()).hexdigest()
    kept = _Kept(digest, texts, reason, done.findings, master)
    head = {
        "record": ledger.recorded(done.project),
        "digest": digest,
        "texts": texts,
        "reason": reason,
        "findings": [dataclasses.asdict(one) for one in done.findings],
    }
    body = json.dumps(head, sort_keys=True).encode() + b"\n" + (master.dump() if master else b"")
    return kept, body


def _hindrance(done: Finished, job: Job, frame: Mapping[str, str]) -> str:
    """Why a page cannot serve any edition: it says something else beside its slots where a name is of other letters, or
    there is no more than a name; or a slot does not print what it is given, held together."""
    from handouts.document import compose
    from handouts.material import gather_job, with_edition
    from handouts.pdf import Sheet

    others = {name: f"Oth-er {name}" for name in _SLOTS}
    others["url"] = f"{SLOT_TEXTS['url']}and/some/more"
    sheets = [Sheet(done.project, done.document)]
    material = gather_job(done.project, replace(job, edition=None))
    for texts, event in ((others, "Oth-er event"), ({name: others[name] for name in ("organization", "url")}, "")):
        edition = Edition("", tuple({**texts, **frame}.items()), (("event", event),))
        sheets.append(Sheet(done.project, compose(done.project, with_edition(material, edition), job.paper)))
    if len({sheet.rest() for sheet in sheets}) > 1:
        return "the page asks for a name, an address or an event outside the slots"
    wanted = {**{name: held(text) for name, text in others.items() if name != "url"}, "event": held("Oth-er event")}
    wanted["url"] = breakable(printed_address(others["url"]))
    for name, text in sheets[1].said():
        if name in wanted and text != wanted[name]:
            return f'the slot "{name}" is printed without its filter: {"breakable" if name == "url" else "held"}'
    return ""


def _texts(done: Finished, job: Job, frame: Mapping[str, str]) -> dict[str, str]:
    """What the brand and the project say in the slots."""
    from handouts.imprint import load_brand

    brand, event = load_brand(done.project, job.brand), done.material.settings.event
    texts = {name: getattr(brand, name) for name in (*_SLOTS, "color", "accent")}
    texts["event"] = occasion(event.name, event.date, event.booth)
    if brand.logo and "logo" not in frame:
        texts["logo"] = hashlib.sha256(done.project.read(brand.logo)).hexdigest()
    return {name: text for name, text in texts.items() if text}


def _parted(done: Finished, frame: Mapping[str, str], texts: Mapping[str, str]) -> tuple[Master | None, str]:
    """The master of a finished page, or why there is none."""
    from handouts.finishing.parting import CannotPart, take_apart
    from handouts.stacks import agree

    places = done.sheet.places(done.layout)
    if places.unknown or not places.stacks:
        return None, places.unknown or "the format has no slots"
    how = (done.kept.setting, done.kept.stretch) if done.kept else ()
    if not agree(places, done.sheet.places(done.sheet.lay_out_smallest(*how))):
        return None, "where texts are set in smaller type, something else changes too"
    brand, material = done.material.brand, done.material
    spots = tuple(one for one in places.spots if one.name != "logo" or "logo" in frame)
    colors = tokens(brand.color, brand.accent) if frame.keys() & {"color", "accent"} else {}
    try:
        for face in {slot.face for stack in places.stacks for slot in stack.slots}:
            Face(done.sheet.faces[face])
        master = take_apart(done.pdf, places.stacks, spots, colors, done.sheet.faces)
    except (CannotPart, ValueError) as cannot:
        return None, str(cannot)
    address = material.subject.front.more if material.subject else material.booklet.more
    return (
        replace(master, frame=done.document.frame, address=address, language=material.language),
        "",
    )
