"""How hard a text is to read: its sentences, its Flesch-Kincaid grade, and the sentences to mend first.

Text is plain here: no markup, and each heading, list item and paragraph on a line of its own. The end of a line ends a
sentence, whether or not a full stop stands there.

Why not a library: those that count syllables from a dictionary fetch it when first used, and a build is offline.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache

from pyphen import Pyphen

# One instance: opening it reads the patterns, which takes longer than a booklet's words do.
_PATTERNS = Pyphen(lang="en_US")

_WORD = re.compile(r"[$£€]?\d[\d.,:/–-]*%?|[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_END = re.compile(r"""[.!?…]+["'”’)\]]*\s+(?=["'“‘(\[]*[A-Z0-9$])""")

# A full stop after one of these belongs to the word. Titles never end a sentence, and "No." does not before a figure.
# The others may end one: then what follows tells, since a name seldom starts with one of the openers.
_TITLE = re.compile(r"(?:^|[\s(])(?:Dr|Mr|Mrs|Ms|Prof|St|vs|approx|e\.g|i\.e)$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|[\s(])(?:No|Nos|Fig)$", re.IGNORECASE)
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:(?:[A-Za-z]\.)+[A-Za-z]|[A-Z]|Ph\.D|Jr|Sr|Inc|Co|Dept|etc)$")
_OPENER = re.compile(
    r"""["'“‘(\[]*(?:a|all|an|and|ask|at|but|each|every|find|for|he|her|his|how|if|in|its?|many|most|no|on|one|our|she"""
    r"|so|some|that|the|their|then|there|these|they|this|those|to|we|what|when|where|who|with|your?)\b",
    re.IGNORECASE,
)

# What an apostrophe adds without a syllable.
_CLITIC = re.compile(r"['’](?:s|t|d|ll|m|re|ve)$", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouy]+")
# Endings whose e is not heard. Heard: table, passes, images, pictures, needed, studied, free.
_SILENT = re.compile(
    r"[^aeiouy](?<![^aeiouy]l)e$"
    r"|[^aeioucgsxyz](?<![^aeiouy]l)(?<![cs]h)es$"
    r"|[^aeioudty]ed$"
)


def grade(text: str, familiar: Collection[str] = ()) -> float:
    """The Flesch-Kincaid grade, in years of school (8.0: an eighth grader reads it with ease). 0.0 without words.

    `familiar` are terms that the reader is told the meaning of, as in a glossary: no word of such a term counts more
    than two syllables, in the plural too. The formula is Kincaid's of 1975: 0.39 words per sentence + 11.8 syllables
    per word - 15.59.

    Why: a handout about a trade cannot do without the trade's own words. The formula takes them for hard each time.
    """
    found = sentences(text)
    if not found:
        return 0.0
    words = sum(len(_words(sentence)) for sentence in found)
    spoken = sum(_spoken(sentence, familiar) for sentence in found)
    return 0.39 * words / len(found) + 11.8 * spoken / words - 15.59


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order, each with at least one word; a full stop inside "U.S." or "7.5" ends none."""
    found = []
    for line in text.splitlines():
        start = 0
        for end in _END.finditer(line):
            if _ends(line[start : end.start()], line[end.start() : end.end()], line[end.end() :]):
                found.append(line[start : end.end()].strip())
                start = end.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if _WORD.search(sentence)]


def hardest(text: str, n: int, familiar: Collection[str] = ()) -> list[tuple[float, str]]:
    """The `n` sentences of the highest grade, as (grade, sentence), hardest first.

    Sentences of fewer than five words are left out: the heading "Certification" would lead every list.
    """
    graded = [(grade(sentence, familiar), sentence) for sentence in sentences(text) if len(_words(sentence)) >= 5]
    return sorted(graded, key=lambda pair: -pair[0])[:n]


def long_sentences(text: str, limit: int = 25) -> list[str]:
    """The sentences of more than `limit` words, in order."""
    return [sentence for sentence in sentences(text) if len(_words(sentence)) > limit]


def word_count(sentence: str) -> int:
    """How many words a sentence has; "part-time" and "$89,340" are one each."""
    return len(_words(sentence))


@cache
def syllables(word: str) -> int:
    """About how many syllables a word has, 1 or more; parts of a hyphenated word are added up.

    The larger of two counts that err to the low side: hyphenation points + 1 (no break is allowed next to the edge of a
    word, as in "a-bout") and groups of vowels, but for a silent ending ("ra-di-ol-o-gy" has a group of two sounds).
    Together they come within 5 % of a count by hand (tests/test_reading.py); the first alone is 10 % short.

    A figure counts as one syllable, as most tools have it. A word of up to five capitals is spelled out: "TV" is two.
    """
    if not word[0].isalpha():
        return 1
    return sum(_part_syllables(part) for part in re.split(r"[-.]", _CLITIC.sub("", word)))


def _part_syllables(part: str) -> int:
    if part.isupper() and len(part) <= 5:
        return len(part) + 2 * part.count("W")
    lower = re.sub("['’]", "", part.lower())
    groups = len(_VOWELS.findall(lower)) - bool(_SILENT.search(lower))
    return max(1, groups, len(_PATTERNS.positions(lower)) + 1)


def _words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


def _spoken(sentence: str, familiar: Collection[str]) -> int:
    """The syllables of a sentence, those of familiar terms held to two a word."""
    spans = [match.span() for match in _terms(frozenset(familiar)).finditer(sentence)] if familiar else []
    total = 0
    for match in _WORD.finditer(sentence):
        count = syllables(match[0])
        known = any(start <= match.start() and match.end() <= end for start, end in spans)
        total += min(2, count) if known else count
    return total


@lru_cache(maxsize=8)
def _terms(familiar: frozenset[str]) -> re.Pattern[str]:
    # The longest first, so that "computed tomography" is taken whole where "tomography" is a term as well.
    longest_first = sorted(familiar, key=lambda term: (-len(term), term))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})(?:e?s)?\b", re.IGNORECASE)


def _ends(before: str, mark: str, after: str) -> bool:
    if not mark.startswith(".") or mark.startswith(".."):
        return True
    if _TITLE.search(before) or (_NUMBERED.search(before) and after[:1].isdigit()):
        return False
    if _ABBREVIATION.search(before):
        return _OPENER.match(after) is not None
    return True
