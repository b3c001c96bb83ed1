"""Checks of the brands of a project, built or not: files that cannot be read, figures of their own that grow stale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handouts import brands, imprint
from handouts.findings import Finding, Findings
from handouts.preflight import sources
from handouts.preflight.words import Words, read_words
from handouts.project import Project


def judge_brands(project: Project) -> list[Finding]:
    """Everything that is wrong with the brands that a project has itself, each by its file and line."""
    findings: list[Finding] = []
    words = None
    for name in project.brands():
        file = f"{brands.FOLDER}/{name}/brand.toml"
        if not brands.is_own(project, file):
            continue
        if advice := brands.check_name(name, project.formats()):
            findings.append(Finding(file, 0, advice[0], f"rename the folder: {advice[1]}"))
            continue
        try:
            brand = imprint.load_brand(project, name)
        except Findings as found:
            findings += found.findings
            continue
        if brand.facts or brand.sources:
            # What is wrong with the content itself is told elsewhere.
            words = words or read_words(project)[0]
            findings += _judge_figures(words, brand)
    return findings


def _judge_figures(words: Words, brand: imprint.Brand) -> Iterator[Finding]:
    """What is wrong with a brand's own facts and sources, and what they are no longer fit for."""
    if not words.facts:  # the content could not be read
        return
    found = imprint.check_local(words.project, brand, words.facts, words.references, words.charts)
    yield from found
    if found:
        return
    own = replace(
        words,
        facts=imprint.with_facts(brand, words.facts),
        references=imprint.with_sources(brand, words.references),
        brand=brand,
        whole=False,
    )
    for check in (sources.duplicates, sources.stale, sources.undated):
        yield from (one for one in check(own) if one.file == brand.file)
    used = {fact.source for fact in brand.facts.values()}
    for name in brand.sources:
        if name not in used:
            message = f'nothing is told from the source "{name}": no fact of this file names it'
            file, line = own.reference_place(name)
            yield sources.REFERENCE_ORPHAN.found(file, message, "name it as the source of one, or delete it", line=line)
