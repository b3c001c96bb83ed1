"""Booklets laid onto sheets in the same go as they are built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handouts.build import Result
from handouts.findings import Finding, Findings, counted
from handouts.planning import project_of
from handouts.project import put_in_place, read_named


@dataclass(frozen=True)
class Sheets:
    """What became of a booklet: the file of its sheets, how many they are, and what is to be said of it."""

    file: str
    number: int
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        return f"{self.file}  {counted(self.number, 'sheet')}, to be folded"


def folds(result: Result) -> bool:
    """Whether a format is a booklet: one with covers."""
    form = project_of(result.job).toml(f"templates/{result.job.format}/format.toml")
    return bool(form.get("covers"))


def lay_on_sheets(results: Sequence[Result]) -> list[Sheets]:
    """Impose every booklet among the results that was built, 2-up for saddle stitch, beside it: "booklet.sheets.pdf".

    Raises Findings where there is none to be folded, or where one cannot be.
    """
    from handouts.imposing.plan import Wish
    from handouts.imposing.writing import impose, planned

    booklets = [result for result in results if folds(result)]
    if not booklets:
        message = "nothing here is folded: only a booklet is laid onto sheets"
        raise Findings([Finding("", 0, message, "leave out --imposed, or build booklet")])
    done, found = [], []
    for result in filter(lambda one: one.built, booklets):
        source = Path(result.job.output, result.file)
        target = source.with_name(f"{source.stem}.sheets.pdf")
        try:
            pdf = read_named(source)
            plan = planned(pdf, Wish(), source.as_posix(), source.stem)
            put_in_place(target, impose(pdf, plan))
            done.append(Sheets(target.as_posix(), len(plan.sheets), plan.warnings))
        except Findings as findings:
            found += findings.findings
    if found:
        raise Findings(found)
    return done
