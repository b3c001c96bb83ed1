"""The recipe of `handouts check`: what is judged, and how one PDF is."""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from handouts.findings import Finding, Findings, in_order
from handouts.job import Job
from handouts.planning import DEFAULTS, output_name, plan, project_of
from handouts.preflight.rules import OUTPUT_MISSING
from handouts.project import Project, put_in_place, read_named

if TYPE_CHECKING:
    from handouts.preflight.evidence import Printed


@dataclass(frozen=True)
class Target:
    """One PDF to be judged: `file` as findings name it, and the job that builds it where it is one of ours.

    `pictures` is the folder that proofs of its pages are written to, empty for none.
    """

    file: str
    job: Job | None = None
    pictures: str = ""


@dataclass(frozen=True)
class Verdict:
    """What was found in one PDF. Findings may lie in the content files that it is made of."""

    file: str
    pages: int
    findings: tuple[Finding, ...]
    pictures: tuple[str, ...] = ()


def check(
    project: Project,
    words: Sequence[str],
    output: str,
    papers: Sequence[str],
    workers: int,
    pictures: bool,
    brand: str | None = None,
) -> tuple[list[Verdict], list[Finding]]:
    """Judge what the words of the command name; returns a verdict for each PDF, and all findings in order.

    Without words the content of the whole project is judged too, printed or not, and each of its brands. `brand` is the
    one that the PDFs were built with; None is every one, but for a format the neutral one.
    """
    from handouts.workers import run_all

    folder = str(Path(output, "proofs")) if pictures else ""
    targets = [replace(target, pictures=folder) for target in targets_in(project, words, output, papers, brand)]
    # Booklets take longest: begun first, no core waits for them at the end.
    order = sorted(targets, key=lambda target: -Path(target.file).stat().st_size if Path(target.file).is_file() else 0)
    verdicts = sorted(run_all(judge, order, workers, lambda verdict: None), key=lambda verdict: verdict.file)
    findings = [finding for verdict in verdicts for finding in verdict.findings]
    findings += _verdicts_of_verapdf(verdicts)
    if not words:
        from handouts.preflight.brands import judge_brands
        from handouts.preflight.wording import judge_project

        findings += judge_project(project)
        findings += judge_brands(project)
    return verdicts, in_order(findings)


def _verdicts_of_verapdf(verdicts: Sequence[Verdict]) -> list[Finding]:
    """What veraPDF says of all files that could be opened: asked once, since it takes a second to start."""
    from handouts.preflight import verapdf
    from handouts.preflight.evidence import Printed

    if not verapdf.installed():
        return []
    readable = [verdict.file for verdict in verdicts if verdict.pages]
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(contextlib.closing(Printed(file, read_named(Path(file))))) for file in readable]
        return list(verapdf.verdicts(files))


def targets_in(
    project: Project, words: Sequence[str], output: str, papers: Sequence[str], brand: str | None = None
) -> list[Target]:
    """What the words of the command name: PDF files, a format with subjects, or, without any, all that is built.

    A file that is the output of a job is judged as ours, and by the profiles of its name. Raises Findings for unknown
    names, and for what is asked for by name and not built.
    """
    if words and all(_is_file(word) for word in words):
        every = _with_profiles(project, _all_jobs(project, output, papers, brand))
        ours = {Path(output, output_name(job)).resolve(): job for job in every}
        return [Target(word, ours.get(Path(word).resolve())) for word in dict.fromkeys(words)]
    if any(_is_file(word) for word in words):
        message = f'"{next(word for word in words if not _is_file(word))}" is no PDF, and the others are'
        raise Findings([Finding("", 0, message, "name a format and its subjects, or files that end in .pdf")])
    if not words or list(words) == ["all"]:
        jobs = _all_jobs(project, output, papers, brand)
    else:
        asked = {"output": output, "brand": brand or DEFAULTS["brand"]}
        jobs = [job for paper in papers for job in plan(project, words[0], words[1:], paper=paper, **asked)]
    every = _with_profiles(project, jobs)
    found = [Target(Path(output, output_name(job)).as_posix(), job) for job in every]
    built = [target for target in found if Path(target.file).is_file()]
    if words:
        done = {(target.job.format, target.job.subject) for target in built if target.job}
        missing = [target for target in found if (target.job.format, target.job.subject) not in done]
        first = {(target.job.format, target.job.subject): target for target in reversed(missing)}
        findings = [
            OUTPUT_MISSING.found(target.file, "is not built yet", _build_again(target.job)) for target in first.values()
        ]
        if findings:
            raise Findings(findings)
    return built


def _is_file(word: str) -> bool:
    return word.lower().endswith(".pdf") or Path(word).is_file()


def _all_jobs(project: Project, output: str, papers: Sequence[str], brand: str | None) -> list[Job]:
    voices = project.brands() if brand is None else [brand]
    asked = [{"output": output, "paper": paper, "brand": voice} for voice in voices for paper in papers]
    return [job for words in asked for job in plan(project, "all", [], **words)]


def _with_profiles(project: Project, jobs: Iterable[Job]) -> list[Job]:
    """Jobs, and after each the same in those profiles, alone or on top of each other, that its output folder holds."""
    known, found = set(project.profiles()), []
    for job in jobs:
        plain = Path(job.output, output_name(job))
        beside = sorted(path.name for path in plain.parent.glob(f"{glob.escape(plain.stem)}.*.pdf"))
        variants = (tuple(name.removesuffix(".pdf").removeprefix(f"{plain.stem}.").split(".")) for name in beside)
        found += [job, *(replace(job, profiles=names) for names in variants if known.issuperset(names))]
    return found


def _build_again(job: Job) -> str:
    voice = () if job.brand == DEFAULTS["brand"] else ("--brand", job.brand)
    # The first of several may be any; those on top of it are flags of the command.
    made_for = ("--for", *job.profiles[:1], *(f"--{name}" for name in job.profiles[1:])) if job.profiles else ()
    return f"run: handouts build {' '.join(filter(None, (job.format, job.subject, *voice, *made_for)))}"


def judge(target: Target) -> Verdict:
    """Judge one PDF, and, where it is one of ours, what it is made of: never raises for what is wrong with a file."""
    from handouts.preflight.file import opened

    try:
        data = read_named(Path(target.file))
    except Findings as found:
        return Verdict(target.file, 0, found.findings)
    printed = opened(target.file, data)
    if isinstance(printed, Finding):
        return Verdict(target.file, 0, (printed,))
    with contextlib.closing(printed):
        return _verdict(target, printed)


def _verdict(target: Target, printed: Printed) -> Verdict:
    from handouts.preflight.table import judge_any

    findings = judge_any(printed) if target.job is None else _judge_ours(target.job, printed)
    ordered = in_order(findings)
    pictures: list[str] = []
    if target.pictures:
        from handouts.preflight.proofs import proofs

        stem = target.file.removesuffix(".pdf").strip("./").replace("/", "-")
        for page, picture in proofs(printed, [one for one in ordered if one.file == target.file]):
            path = Path(target.pictures, f"{stem}-p{page}.png")
            put_in_place(path, picture)
            pictures.append(path.as_posix())
    return Verdict(target.file, len(printed.pages), tuple(ordered), tuple(pictures))


def _judge_ours(job: Job, printed: Printed) -> list[Finding]:
    """Judge a PDF beside what it should be made of by now.

    Where the content is broken, or has changed since, it cannot be held against it: then it is judged as any PDF.
    """
    from handouts.document import compose
    from handouts.finishing.memory import document_key, recall
    from handouts.material import gather_job
    from handouts.preflight.output import OUTPUT_STALE
    from handouts.preflight.product import Product
    from handouts.preflight.table import judge_any, judge_product

    project = project_of(job)
    try:
        material = gather_job(project, job)
        document = compose(project, material, job.paper)
    except Findings as found:
        return [*judge_any(printed), *found.findings]
    if recall(printed.data)[0] != document_key(project, document):
        stale = OUTPUT_STALE.found(printed.file, "is older than its words or looks", _build_again(job))
        return [stale, *judge_any(printed, material.profile)]
    return judge_product(project, Product.of(project, printed, document, material))
