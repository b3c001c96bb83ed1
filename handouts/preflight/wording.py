"""Checks of what is said: how hard it reads, figures that nobody vouches for, reviews and notices that are due."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from handouts import reading
from handouts.agreement import BOOKLET
from handouts.findings import Finding
from handouts.material import Material
from handouts.model import REVIEW_MONTHS, Fact
from handouts.preflight import sources
from handouts.preflight.rules import Rule
from handouts.preflight.words import CELL, CITED, Passage, Words, read_words, squeeze, words_of
from handouts.project import Project
from handouts.quantities import add_months, show_month

if TYPE_CHECKING:
    from handouts.preflight.product import Product

READING_GRADE = Rule("reading-grade", "warning", "project", "A file reads no harder than the grade it aims at.")
SENTENCE_LONG = Rule("sentence-long", "warning", "project", "No sentence has more words than one breath holds.")
FIGURE_UNSOURCED = Rule("figure-unsourced", "error", "project", "Every figure in a sentence brings a source along.")
REVIEW_OVERDUE = Rule("review-overdue", "warning", "project", "The next review of a page is not past.")
REVIEW_MISSING = Rule("review-missing", "error", "ours", "The review's month and the revision are printed.")
NOTICE_MISSING = Rule("notice-missing", "error", "ours", "The organization's notices are printed and can be read.")

# The formula was fitted to passages of a hundred words and more; on fewer, one long word tips it.
_FEWEST_WORDS = 100
_HARDEST = 5
_SHOWN_WORDS = 12
_SMALLEST_NOTICE = 8.0  # points
_ROUNDING = 0.05
_MONEY = r"(?:[$£€¥]|\b(?:USD|EUR|GBP))\s?\d[\d,.]*"
_PERCENT = r"\d[\d,.]*\s?(?:%|per\s?cent\b)"
_THOUSANDS = r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,]*\d)|(?<![\w.,#])\d{5,}\b"
_UNITS = ("hour", "week", "month", "year", "credit", "million", "billion", "thousand")
# A project's own units, where they are plain words: "exams", "contact hours", but not "times (theoretical)".
_PLAIN_UNIT = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]{2,})*")


def reading_grade(words: Words) -> Iterator[Finding]:
    """Files whose text reads harder than the target, with the sentences to mend first."""
    if words.language != "en":
        return
    familiar = tuple(words.glossary)
    target = words.settings.reading.grade
    for file, passages in _by_file(words).items():
        texts = [(passage, passage.plain(words.facts)) for passage in passages]
        text = "\n".join(printed for _, printed in texts)
        found = reading.grade(text, familiar)
        if round(found, 1) <= target or len(text.split()) < _FEWEST_WORDS:
            continue
        hard = [
            (one, words.line(passage, sentence), sentence)
            for passage, printed in texts
            for one, sentence in reading.hardest(printed, _HARDEST, familiar)
        ]
        first = sorted(hard, key=lambda one: (-one[0], one[1]))[:_HARDEST]
        worst = "; ".join(f"line {line}, grade {one:.0f}: {_opening(sentence)}" for one, line, sentence in first)
        message = f"reads at grade {found:.1f}, and is to be read at grade {target:g}"
        yield READING_GRADE.found(file, message, f"shorten or split the hardest sentences ({worst})")


def long_sentences(words: Words) -> Iterator[Finding]:
    """Every sentence with more words than the limit, by its line."""
    if words.language != "en":
        return
    limit = words.settings.reading.words
    for passage in words.passages:
        for sentence in reading.long_sentences(passage.plain(words.facts), limit):
            message = f"a sentence of {reading.word_count(sentence)} words, more than {limit}: {_opening(sentence)}"
            line = words.line(passage, sentence)
            yield SENTENCE_LONG.found(passage.file, message, "make two sentences of it", line=line)


def unsourced_figures(words: Words) -> Iterator[Finding]:
    """Figures typed into a sentence, a table's row or a heading that has neither a mark nor a figure by id."""
    figure = figures(words.facts.values())
    for passage in words.passages:
        if passage.sourced:
            continue
        for unit in _units(passage.marked):
            if CITED in unit or not (match := figure.search(unit)):
                continue
            said = unit.replace(CELL, " ")
            message = f'the figure "{match[0].strip(" .,")}" has no source: {_opening(said)}'
            if passage.marks:
                hint = "add a mark such as [@fact-id] to the sentence, or print the figure itself with [=fact-id]"
            else:
                hint = "no mark can stand here: say it in the text with [=fact-id], or say it without the number"
            yield FIGURE_UNSOURCED.found(passage.file, message, hint, line=words.line(passage, said))


def figures(facts: Iterable[Fact]) -> re.Pattern[str]:
    """What reads as a figure: money, percent, counts of five digits or with thousands, and numbers with a unit of time
    or of one of the facts. Years, times of day, ordinals and numbers in words are none."""
    counted = [fact.unit.split(" per ")[0].strip() for fact in facts if str(fact.value)[:1].isdigit()]
    plain = {*_UNITS, *(unit.removesuffix("s") for unit in counted if _PLAIN_UNIT.fullmatch(unit))}
    longest_first = "|".join(sorted(plain, key=lambda unit: (-len(unit), unit)))
    with_unit = rf"(?<![\w.:])\d+(?:[.,]\d+)?[\s-]?(?:{longest_first})s?\b"
    return re.compile("|".join((_MONEY, _PERCENT, _THOUSANDS, with_unit)))


def overdue_reviews(words: Words) -> Iterator[Finding]:
    """Files whose next review should have been before this month."""
    month = words.project.today().strftime("%Y-%m")
    dated = [(subject.file, subject.front.reviewed) for subject in words.subjects]
    dated += [(BOOKLET, words.booklet.reviewed)] if words.booklet else []
    for file, reviewed in (one for one in dated if one[1]):
        due = add_months(reviewed, REVIEW_MONTHS)
        if month <= due:
            continue
        lines = words.project.text(file).split("\n")
        line = next((number for number, text in enumerate(lines, 1) if re.match(r"\s*reviewed\s*[:=]", text)), 0)
        message = f"was last reviewed in {reviewed}, and its next review was due by {due}"
        hint = "check it against its sources, then set reviewed to this month"
        yield REVIEW_OVERDUE.found(file, message, hint, line=line)


WORDS = (*sources.WORDS, unsourced_figures, reading_grade, long_sentences, overdue_reviews)


def judge_words(words: Words) -> Iterator[Finding]:
    """Everything that is wrong with words and facts that could be read."""
    for check in WORDS:
        yield from (finding for finding in check(words) if finding.id not in words.unasked.get(finding.file, ()))


def judge_project(project: Project) -> list[Finding]:
    """Everything that is wrong with a project's content, printed or not. A file that cannot be read is told, and the
    others are judged."""
    words, findings = read_words(project)
    return [*findings, *judge_words(words)]


def for_document(project: Project, material: Material) -> Iterator[Finding]:
    """What is wrong with the words and facts that one document prints."""
    yield from judge_words(words_of(project, material))


def review_printed(product: Product) -> Iterator[Finding]:
    """Whether a product of ours says when it was reviewed, and which revision it is."""
    material, label = product.material, product.material.labels
    reviewed = (material.subject.front if material.subject else material.booklet).reviewed
    months = ("months", "months_short") if reviewed else ()
    dates = [f"{label['reviewed']} {show_month(reviewed, label[names])}" for names in months]
    revision = f"{label['revision']} {product.document.revision}"
    yield from check_review(product.printed.file, product.printed.text, dates, revision)


def check_review(file: str, text: str, dates: Sequence[str], revision: str) -> Iterator[Finding]:
    """The month of the review and the revision, each as it should be printed, in a document's text; a month may be
    written in any of the ways of `dates`, which are none where nobody reviewed it."""
    printed = squeeze(text)
    for what, ways in (("the month of its last review", dates), ("its revision", [revision])):
        if ways and not any(squeeze(words) in printed for words in ways):
            message = f'does not print {what}: "{ways[0].replace(chr(0xA0), " ")}"'
            hint = "build it again; if it is still missing, the template leaves it out"
            yield REVIEW_MISSING.found(file, message, hint)


def notices_printed(product: Product) -> Iterator[Finding]:
    """Whether a product of ours prints what the brand and the project require, at 8 points or more."""
    brand, wanted = product.material.brand, product.material.settings.required.notices
    notices = dict.fromkeys(filter(None, (brand.notice, *wanted)))
    if notices:
        words = (word for page in product.printed.pages for word in page.visible)
        signs = [(char.text, char.size) for word in words for char in word.chars]
        yield from check_notices(product.printed.file, signs, tuple(notices))


def check_notices(file: str, signs: Sequence[tuple[str, float]], notices: Sequence[str]) -> Iterator[Finding]:
    """Notices that a document does not print word for word, or too small. `signs` are its characters in the order of
    the file, each with its type size in points."""
    letters: list[str] = []
    sizes: list[float] = []
    for text, size in signs:
        for letter in squeeze(unicodedata.normalize("NFKC", text)):
            letters.append(letter)
            sizes.append(size)
    printed = "".join(letters)
    for notice in notices:
        wanted = squeeze(unicodedata.normalize("NFKC", notice))
        at = printed.find(wanted)
        if at < 0:
            message = f"does not print a notice that is required: {_opening(notice)}"
            hint = 'put it into "notice" of brand.toml, word for word, and print brand.notice in the template'
            yield NOTICE_MISSING.found(file, message, hint)
        elif (least := min(sizes[at : at + len(wanted)], default=_SMALLEST_NOTICE)) < _SMALLEST_NOTICE - _ROUNDING:
            message = f"prints a required notice at {least:.1f} pt, below {_SMALLEST_NOTICE:g}: {_opening(notice)}"
            yield NOTICE_MISSING.found(file, message, "set it at 8 pt or more in the style sheet")


def _by_file(words: Words) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in words.passages:
        if passage.prose:
            found.setdefault(passage.file, []).append(passage)
    return found


def _units(marked: str) -> Iterator[str]:
    """The sentences of a passage. The row of a table is one, since the mark of a figure may stand in another cell; a
    mark in the table's first row is one for all of its rows."""
    for table, lines in groupby(marked.split("\n"), key=lambda line: CELL in line):
        rows = list(lines)
        if not table:
            yield from (sentence for line in rows for sentence in reading.sentences(line))
        elif CITED not in rows[0]:
            yield from rows


def _opening(sentence: str) -> str:
    words = sentence.split()
    return f"\u201c{' '.join(words[:_SHOWN_WORDS])}{' …' if len(words) > _SHOWN_WORDS else ''}\u201d"


OURS = (review_printed, notices_printed)
