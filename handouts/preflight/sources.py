"""Checks of references and facts: everything cited, nothing listed twice or for nothing, no figure past its time."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator, Mapping
from typing import Any

from handouts.agreement import REFERENCES
from handouts.citations import DOI_PREFIX
from handouts.findings import Finding
from handouts.model import Fact
from handouts.preflight.rules import Rule
from handouts.preflight.words import Words, squeeze

# The first two are found by handouts/agreement.py, which every build asks.
CITE_UNRESOLVED = Rule("cite-unresolved", "error", "project", "Every mark names a fact or a reference that is there.")
FACT_UNVERIFIED = Rule("fact-unverified", "error", "project", "Only facts that somebody has verified are printed.")
REFERENCE_ORPHAN = Rule("reference-orphan", "warning", "project", "Every reference is the source of something.")
REFERENCE_DUPLICATE = Rule("reference-duplicate", "error", "project", "Every source is one reference.")
FACT_STALE = Rule("fact-stale", "warning", "project", "Every printed fact was read in its source not too long ago.")
FIGURE_UNDATED = Rule("figure-undated", "error", "project", "Every printed fact says its period, or when it was read.")

_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


def orphans(words: Words) -> Iterator[Finding]:
    """References that no mark names and no fact has as its source.

    *Why a fact that is printed nowhere counts:* facts.toml is a store, and a fact in it must name a reference.
    """
    if not words.whole:
        return
    used = {fact.source for fact in words.facts.values()} | words.cited.keys()
    # Of a source that is listed twice, one is to go in any case.
    used |= {name for first, second, _ in _pairs(words) for name in (first, second)}
    for name in words.references:
        if name not in used:
            message = f'nothing cites the reference "{name}": no mark names it, and it is the source of no fact'
            yield REFERENCE_ORPHAN.found(
                REFERENCES, message, f"cite it with [@{name}], or delete it", line=words.reference_place(name)[1]
            )


def duplicates(words: Words) -> Iterator[Finding]:
    """References that name one source twice: the same address, or the same title, author and year.

    In one document, only those that it cites: there the source would be printed twice.
    """
    for first, name, same in _pairs(words):
        (other, before), (file, line) = words.reference_place(first), words.reference_place(name)
        where = f"on line {before}" if other == file else f"in {other}, line {before}"
        message = f'"{name}" is the same source as "{first}" {where}: {same}'
        hint = f"keep one of them, and name that one wherever the other is named: {first}"
        yield REFERENCE_DUPLICATE.found(file, message, hint, line=line)


def _pairs(words: Words) -> Iterator[tuple[str, str, str]]:
    """Two references of one source, and by what they are one."""
    seen: dict[tuple[str, ...], str] = {}
    for name, entry in words.references.items():
        if not words.whole and name not in words.sources:
            continue
        keys = list(_identities(entry))
        first = next((seen[key] for key in keys if key in seen), None)
        for key in keys:
            seen.setdefault(key, name)
        if first is not None:
            yield first, name, next(key[0] for key in keys if seen[key] == first)


def _identities(entry: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """By what two references are one, each with the words that say so."""
    address = str(entry.get("URL") or "").strip()
    doi = str(entry.get("DOI") or "").strip() or (address if re.match(DOI_PREFIX, address, re.IGNORECASE) else "")
    if doi:
        yield "they have the same DOI", re.sub(DOI_PREFIX, "", doi, flags=re.IGNORECASE).casefold()
    elif address:
        host, _, path = re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE).partition("/")
        place = re.sub(r"[?&]utm_[^&#]*", "", path.partition("#")[0]).rstrip("/?&")
        yield "they have the same address", f"{host.casefold()}/{place}"
    title = squeeze(str(entry.get("title") or ""))
    authors = squeeze(
        " ".join(
            str(person.get("literal") or f"{person.get('family', '')} {person.get('given', '')}")
            for person in entry.get("author") or ()
            if isinstance(person, Mapping)
        )
    )
    # Two works by one author may share a title, where each has a DOI of its own.
    if title and authors and not doi:
        parts = _date_parts(entry, "issued")
        yield "they have the same title, author and year", title, authors, str(parts[0] if parts else "")


def stale(words: Words) -> Iterator[Finding]:
    """Printed facts whose source is older than the limit of their subject; `timeless` ones never are."""
    now = words.project.today()
    for name, files in words.printed.items():
        fact = words.facts[name]
        date, dated = page_date(fact, words.references.get(fact.source, {}))
        age, limit = months_between(date, now), words.settings.staleness.limit(fact.subject)
        if fact.timeless or age < limit:
            continue
        since = f"its source, {fact.source}, {'is of' if dated else 'was read on'} {date}"
        kind = fact.subject if fact.subject in ("pay", "fees") else "a fact such as this"
        message = f'"{name}" is {age} months old: {since}, and {kind} is read again after {limit} ({_some(files)})'
        beside = words.reference_place(fact.source)[0]
        hint = (
            f"read the source again and update value, period and read, and its date in {beside}; or take the fact out "
            "of the text; timeless = true is for what can never change"
        )
        file, line = words.fact_place(name)
        yield FACT_STALE.found(file, message, hint, line=line)


def page_date(fact: Fact, reference: Mapping[str, Any]) -> tuple[datetime.date, bool]:
    """The day staleness counts from, and whether the source says so: its own date, or else the day it was read.

    A source that tells only its year or month counts from the last day of it.
    """
    parts = _date_parts(reference, "issued")
    if not parts:
        return fact.read, False
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return datetime.date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]), True


def months_between(first: datetime.date, last: datetime.date) -> int:
    """Whole months from one day to another."""
    return 12 * (last.year - first.year) + last.month - first.month - (last.day < first.day)


def undated(words: Words) -> Iterator[Finding]:
    """Printed facts of which paper does not say when they held, or says that they were read later than they were."""
    for name, files in words.printed.items():
        fact = words.facts[name]
        reference = words.references.get(fact.source, {})
        told = FIGURE_UNDATED.severity
        accessed = _date_parts(reference, "accessed")
        if fact.dated and not _YEAR.search(fact.period):
            key, message = "period", f'the period of "{name}" names no year: "{fact.period}" ({_some(files)})'
            hint = 'write the time that the figure describes, such as "May 2024", or "undated"'
        elif _date_parts(reference, "issued"):
            continue
        elif not fact.dated and reference and not accessed:
            key, message = "source", f'"{name}" is undated, and so is its source "{fact.source}" ({_some(files)})'
            hint = f'give the reference "issued", or "accessed": the day somebody read it, such as {fact.read}'
        elif tuple(accessed[:2]) > (fact.read.year, fact.read.month):
            month = "-".join(f"{part:02}" for part in accessed[:2])
            told, key = "warning", "read"
            message = f'"{name}" was read on {fact.read}, and paper says that its source was read in {month}'
            theirs = "read" if words.brand and fact.source in words.brand.sources else "accessed"
            hint = f'read the fact again, then set "read"; or set "{theirs}" of "{fact.source}" back'
        else:
            continue
        file, line = words.fact_place(name, key)
        yield FIGURE_UNDATED.found(file, message, hint, line=line, severity=told)


def _date_parts(reference: Mapping[str, Any], key: str) -> list[int]:
    """The year, month and day of a reference, as far as it tells them; a date that is none is told elsewhere."""
    try:
        [parts] = reference[key]["date-parts"]
        datetime.date(*(*parts, 1, 1)[:3])
    except (TypeError, KeyError, ValueError):
        return []
    return list(parts)


def _some(files: tuple[str, ...]) -> str:
    """Where a fact is printed, in a few words."""
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    return f"printed by {files[0]}{more}"


WORDS = (orphans, duplicates, stale, undated)
