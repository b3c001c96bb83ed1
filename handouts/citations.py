"""CSL references to printed source lists, in whatever form a style file gives them."""

from __future__ import annotations

import datetime
import io
import re
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace

import citeproc
from citeproc.source.json import CiteProcJSON
from markupsafe import Markup, escape

from handouts.findings import Finding, Findings, errors

FILE = "content/references.json"
TYPES = ("article-journal", "book", "legislation", "report", "webpage")
TEXTS = ("title", "container-title", "publisher", "volume", "issue", "page", "number", "genre", "edition")
DOI_PREFIX = r"https?://(?:dx\.)?doi\.org/"
NAME_PARTS = ("family", "given", "suffix", "dropping-particle", "non-dropping-particle")

# Italics travel through citeproc-py as control characters, since it does not escape what it is given: the text that
# comes out is escaped once, and the marks become tags after that.
OPEN, CLOSE = "\x02", "\x03"
QUOTES = "\u201c\u201d\u2018\u2019"


def format_references(entries: Sequence[Mapping], csl: bytes, csl_file: str = "style.csl") -> list[tuple[str, Markup]]:
    """Print references as (id, HTML) pairs: sorted as the style sorts, else in the order given.

    `entries` are CSL-JSON items, `csl` is a CSL 1.0 style as bytes and `csl_file` its name for findings. Italics are
    `<em>`; addresses are links in which `<wbr>` lets a line break without entering copied text. Raises Findings, all
    together, for entries or a style that cannot be printed.
    """
    if trouble := errors(check_references(entries)):
        raise Findings(trouble)
    source = CiteProcJSON([{**_for_citeproc(entry), "id": str(index)} for index, entry in enumerate(entries)])
    printed = citeproc.CitationStylesBibliography(_style(csl, csl_file), source, _MARKS)
    printed.register(citeproc.Citation([citeproc.CitationItem(str(index)) for index in range(len(entries))]))
    printed.sort()
    ordered = [entries[int(key)] for key in printed.keys]
    return [
        (entry["id"], _as_html(str(text), _address(entry)))
        for entry, text in zip(ordered, printed.bibliography(), strict=True)
    ]


def check_references(entries: Sequence[Mapping]) -> tuple[Finding, ...]:
    """All that keeps references from being printed: repeated ids, unknown types, no title, nobody named, bad dates."""
    found = [finding for entry in entries for finding in _check(entry)]
    for name, count in Counter(entry.get("id") for entry in entries).items():
        if count > 1:
            hint = "rename or remove all but one of them"
            found.append(_finding(f'the id "{name}" is given to {count} references', hint))
    return tuple(sorted(set(found)))


def _check(entry: Mapping) -> list[Finding]:
    name = f'reference "{entry.get("id", "")}"'
    found = []
    if not entry.get("id") or not isinstance(entry["id"], str):
        found.append(_finding(f'a reference titled "{entry.get("title", "")}" has no id', 'give it an "id" in quotes'))
    if entry.get("type") not in TYPES:
        message = f'{name} is of the unknown type "{entry.get("type", "")}"'
        found.append(_finding(message, f"use one of {', '.join(TYPES)}"))
    if not entry.get("title"):
        found.append(_finding(f"{name} has no title", 'give "title" as the source prints it'))
    if not entry.get("author") and not entry.get("publisher"):
        message = f"{name} has neither author nor publisher"
        found.append(_finding(message, 'give "author", or "publisher" where nobody signed'))
    if not all(
        isinstance(person, Mapping) and isinstance(person.get("literal") or person.get("family"), str)
        for person in entry.get("author") or ()
    ):
        hint = 'give "literal" for a body, "family" and "given" for a person'
        found.append(_finding(f"{name} has an author without a name", hint))
    for key in TEXTS:
        if not isinstance(entry.get(key, ""), str | int):
            found.append(_finding(f'"{key}" of {name} is not text', "write it in quotes"))
    for key in ("issued", "accessed"):
        if key in entry and not _is_date(entry[key]):
            hint = 'write {"date-parts": [[2025, 8, 28]]}; month and day may be left out'
            found.append(_finding(f'"{key}" of {name} is not a date', hint))
    if entry.get("URL") and not re.fullmatch(r"https?://[^\x00-\x20]+", str(entry["URL"])):
        hint = "copy it whole, with its https:// and without spaces"
        found.append(_finding(f"the URL of {name} is not a web address", hint))
    if entry.get("DOI") and not re.fullmatch(rf"({DOI_PREFIX})?10\.[^\x00-\x20]+", str(entry["DOI"])):
        found.append(_finding(f"the DOI of {name} is not a DOI", 'it starts with "10."'))
    if entry.get("type") == "webpage" and not (entry.get("URL") and (entry.get("issued") or entry.get("accessed"))):
        found.append(_finding(f"{name} is a page without address or date", 'give "URL", and "issued" or "accessed"'))
    return found


def _finding(message: str, hint: str) -> Finding:
    return Finding(FILE, 0, message, hint)


def _is_date(value: object) -> bool:
    try:
        [parts] = value["date-parts"]
        datetime.date(*(*parts, 1, 1)[:3])
    except (TypeError, KeyError, ValueError):
        return False
    return 1 <= len(parts) <= 3


@lru_cache(maxsize=8)
def _style(csl: bytes, csl_file: str) -> citeproc.CitationStylesStyle:
    hint = "compare it with apa7.csl, and docs/citations.md"
    try:
        with warnings.catch_warnings():
            # citeproc-py reports a style that breaks the CSL schema as a warning, and later trips over it.
            warnings.simplefilter("error", UserWarning)
            style = citeproc.CitationStylesStyle(io.BytesIO(csl), validate=True)
    except SyntaxError as error:
        message = "this citation style is not well-formed XML"
        raise Findings([Finding(csl_file, error.lineno or 0, message, hint)]) from error
    except UserWarning as error:
        line = re.search(r"<string>:(\d+):", str(error))
        message = "this citation style does not follow CSL 1.0"
        raise Findings([Finding(csl_file, int(line[1]) if line else 0, message, hint)]) from error
    if not style.has_bibliography():
        raise Findings([Finding(csl_file, 0, "this citation style has no bibliography", hint)])
    return style


def _for_citeproc(entry: Mapping) -> dict[str, object]:
    """The part of an entry that a style may print; citeproc-py warns of other keys, and `note` is for editors.

    *Why `accessed` may go:* CSL cannot ask how exact a date is, and the day a page was read matters only where the page
    may have changed since: it has no date at all, or is a webpage that tells only its year.
    """
    kept = {key: _typographic(str(entry[key])) for key in TEXTS if entry.get(key)}
    authors = [
        {"literal": _typographic(person["literal"])}
        if person.get("literal")
        else {part: _typographic(person[part]) for part in NAME_PARTS if person.get(part)}
        for person in entry.get("author") or ()
    ]
    for key in ("container-title", "publisher"):
        if kept.get(key, "").casefold() in {person.get("literal", "").casefold() for person in authors}:
            kept.pop(key, None)
    dates = {key: {"date-parts": entry[key]["date-parts"]} for key in ("issued", "accessed") if key in entry}
    exactness = len(dates["issued"]["date-parts"][0]) if "issued" in dates else 0
    if entry.get("DOI") or exactness > (1 if entry["type"] == "webpage" else 0):
        dates.pop("accessed", None)
    if entry.get("DOI"):
        kept["DOI"] = _address(entry).removeprefix("https://doi.org/")
    elif entry.get("URL"):
        kept["URL"] = entry["URL"]
    return {"type": entry["type"], **kept, **dates, **({"author": authors} if authors else {})}


def _address(entry: Mapping) -> str:
    if doi := entry.get("DOI"):
        return "https://doi.org/" + re.sub(DOI_PREFIX, "", doi)
    return entry.get("URL", "")


def _typographic(text: str) -> str:
    """Real quotes, dashes and ellipses, single spaces, and a section sign that keeps its number."""
    text = " ".join(re.sub(r"[\x00-\x1f]", " ", text).split())
    for typed, real in (
        ("...", "\N{HORIZONTAL ELLIPSIS}"),
        ("---", "\N{EM DASH}"),
        ("--", "\N{EN DASH}"),
        ("\N{SECTION SIGN} ", "\N{SECTION SIGN}\N{NO-BREAK SPACE}"),
    ):
        text = text.replace(typed, real)
    for typed, (opening, closing) in (('"', QUOTES[:2]), ("'", QUOTES[2:])):
        text = re.sub(rf"(^|[\s(\[\u2013\u2014{QUOTES[0]}]){typed}", rf"\1{opening}", text).replace(typed, closing)
    return text


def _as_html(text: str, address: str) -> Markup:
    before, found, after = text.rpartition(address) if address else ("", "", text)
    return _marked_up(before) + (_link(found) if found else Markup()) + _marked_up(after)


def _marked_up(text: str) -> Markup:
    # A title or a name may bring its own full stop or question mark; citeproc-py sets another one after it.
    text = re.sub(rf"([.?!\u2026][{QUOTES}{CLOSE}]*)\.(?=\s|$)", r"\1", text)
    return escape(text).replace(OPEN, Markup("<em>")).replace(CLOSE, Markup("</em>"))


def _link(address: str) -> Markup:
    scheme, rest = address.split("://", 1)
    pieces = re.findall(r"[^/.?=&_-]+[/.?=&_-]*|^[/.?=&_-]+", rest)
    return Markup('<a href="{}">{}://{}</a>').format(address, scheme, Markup("<wbr>").join(pieces))


def _italic(text: object) -> str:
    return f"{OPEN}{text}{CLOSE}"


# What citeproc-py calls a formatter. Italics carry meaning in a source list; every other look is for the style sheets.
_PLAIN = ("preformat", "Bold", "Light", "Underline", "Superscript", "Subscript", "SmallCaps")
_MARKS = SimpleNamespace(Italic=_italic, Oblique=_italic, **dict.fromkeys(_PLAIN, str))
