"""`handouts impose`: a finished PDF in, sheets to fold or to cut out."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handouts import options

if TYPE_CHECKING:
    from handouts.findings import Finding
    from handouts.imposing.plan import Plan, Wish

_GRID = re.compile(r"([1-9]\d?)\s*[x×]\s*([1-9]\d?)")
_FOLD_ONLY = {"--signature": "signature", "--creep": "creep", "--separate-cover": "separate_cover"}
_CUT_ONLY = {"--order": "order", "--gap": "gap"}


class _Length(click.ParamType):
    name = "length"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from handouts.imposing.papers import length

        try:
            return length(value)
        except ValueError:
            self.fail(f'"{value}" is no length: write a number and mm, in or pt, such as 0.1mm', param, ctx)


class _Paper(click.ParamType):
    name = "paper"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> object:
        from handouts.imposing.papers import PAPERS, paper

        try:
            return paper(value)
        except ValueError:
            known = ", ".join(PAPERS)
            self.fail(f'"{value}" is no paper: choose from {known}, or write its size, such as 13x19in', param, ctx)


class _Grid(click.ParamType):
    name = "grid"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        match = _GRID.fullmatch(str(value).strip().lower())
        if not match:
            self.fail(f'"{value}" is no grid: write columns and rows, such as 2x2', param, ctx)
        return int(match[1]), int(match[2])


def _fours(context: click.Context, parameter: click.Parameter, value: int | None) -> int | None:
    if value is not None and (value < 4 or value % 4):
        raise click.BadParameter(f"{value} pages cannot be folded: write a multiple of 4, such as 16")
    return value


@click.command()
@click.argument("file", metavar="FILE.pdf", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="SHEETS.pdf", type=click.Path(path_type=Path), required=True, help="Where sheets go."
)
@click.option("--saddle-stitch", is_flag=True, help="Two pages a side, to fold and staple: the default.")
@click.option("--signature", metavar="PAGES", type=int, callback=_fours, help="Fold so many pages together, not all.")
@click.option(
    "--creep", metavar="LENGTH", type=_Length(), help="Move the pages of each further inner sheet to the fold: 0.1mm."
)
@click.option("--separate-cover", is_flag=True, help="Write the outer four pages to SHEETS.cover.pdf.")
@click.option("--n-up", "grid", metavar="COLUMNSxROWS", type=_Grid(), help="So many pages a side, to cut apart: 2x2.")
@click.option(
    "--order",
    type=click.Choice(("cut-stack", "rows", "repeat")),
    default=None,
    help="Where pages go with --n-up.  [default: cut-stack]",
)
@click.option("--gap", metavar="LENGTH", type=_Length(), help="Room between pages with --n-up.")
@click.option("--cut-marks", is_flag=True, help="Draw where to cut, and where to fold, outside the pages.")
@click.option(
    "--duplex",
    type=click.Choice(("long", "short", "none")),
    default=None,
    help="The edge on which the printer turns sheets.  [default: the one that needs no back upside down]",
)
@click.option(
    "--paper",
    metavar="PAPER",
    type=_Paper(),
    help="letter, tabloid, a4, a3 … or a size, such as 13x19in.  [default: the smallest with room]",
)
@click.option("--scale", type=click.Choice(("none", "fit")), default="none", help="Shrink pages if the paper is small.")
@click.option(
    "--proof", metavar="PROOF.png", type=click.Path(path_type=Path), help="Write a picture of the sheets and the fold."
)
@options.strict
@options.as_json("the results")
def impose(
    file: Path,
    output: Path,
    saddle_stitch: bool,
    grid: tuple[int, int] | None,
    cut_marks: bool,
    duplex: str | None,
    paper: object,
    scale: str,
    proof: Path | None,
    strict: bool,
    as_json: bool,
    **of_style: object,
) -> None:
    """Lay the pages of FILE.pdf onto sheets: a booklet to fold, or many pages a side to cut apart.

    A booklet gets the blank pages it needs before its last one. With --n-up, the order cut-stack is for a pile that is
    cut at once: lay its stacks together, from the upper left row by row, the first on top, and they read 1, 2, 3.
    "rows" fills one sheet after the other, "repeat" fills each with one page, for cards.

    \b
      handouts impose output/booklet.pdf -o sheets.pdf --creep 0.1mm --proof proof.png
      handouts impose cards.pdf -o sheets.pdf --n-up 2x5 --order repeat --cut-marks
    """
    from handouts import report
    from handouts.findings import Findings
    from handouts.imposing.plan import Wish

    _one_style(saddle_stitch, grid, of_style)
    columns, rows = grid or (2, 1)
    wish = Wish(
        style="n-up" if grid else "saddle-stitch",
        signature=of_style["signature"] or 0,
        creep=of_style["creep"] or 0.0,
        columns=columns,
        rows=rows,
        order=of_style["order"] or "cut-stack",
        gap=of_style["gap"] or 0.0,
        marks=cut_marks,
        duplex=duplex or "",
        paper=paper,
        fit=scale == "fit",
    )
    written: list[tuple[Path, Plan, Path | None]] = []
    try:
        _keep_apart(file, output, proof)
        found = _write(file, output, proof, wish, bool(of_style["separate_cover"]), written)
    except Findings as error:
        found = list(error.findings)
    for line in report.finding_lines(found):
        click.echo(line, err=True)
    if as_json:
        click.echo(_json(written, found))
    else:
        for target, plan, picture in written:
            click.echo(_line(target, plan))
            if picture:
                click.echo(f"proof: {picture}")
    sys.exit(report.check_code(found, strict))


def _one_style(saddle_stitch: bool, grid: object, of_style: dict[str, object]) -> None:
    """Options of one way with those of the other are a slip, and not left out in silence."""
    if saddle_stitch and grid:
        raise click.UsageError("choose --saddle-stitch or --n-up")
    other, way = (_FOLD_ONLY, "--saddle-stitch") if grid else (_CUT_ONLY, "--n-up")
    for option, name in other.items():
        if of_style[name]:
            raise click.UsageError(f"{option} is for {way}")


def _keep_apart(file: Path, output: Path, proof: Path | None) -> None:
    from handouts.findings import Finding, Findings

    names = [one.resolve() for one in (file, output, _of_cover(output), *([proof, _of_cover(proof)] if proof else []))]
    if len(set(names)) < len(names):
        message = "the file, its sheets and their proof need names of their own"
        raise Findings([Finding(str(output), 0, message, "choose another with -o, or with --proof")])


def _of_cover(target: Path) -> Path:
    return target.with_name(f"{target.stem}.cover{target.suffix}")


def _write(
    file: Path,
    output: Path,
    proof: Path | None,
    wish: Wish,
    separate_cover: bool,
    written: list[tuple[Path, Plan, Path | None]],
) -> list[Finding]:
    """Write the sheets, with a cover apart those of both parts; returns warnings. Nothing is written in vain."""
    from dataclasses import replace

    from handouts.imposing.writing import impose as sheets_of
    from handouts.imposing.writing import planned
    from handouts.project import put_in_place, read_named

    data = read_named(file)
    parts = [("inside", output, proof), ("cover", _of_cover(output), proof and _of_cover(proof))]
    if not separate_cover:
        parts = [("whole", output, proof)]
    plans = [planned(data, replace(wish, part=part), str(file), file.stem) for part, _, _ in parts]
    sheets = [sheets_of(data, plan) for plan in plans]
    for (_, target, picture), plan, pdf in zip(parts, plans, sheets, strict=True):
        put_in_place(target, pdf)
        if picture:
            from handouts.imposing.proof import proof as drawn

            put_in_place(picture, drawn(pdf, plan))
        written.append((target, plan, picture))
    # The cover and the inside come from one file, and what is said of it is said once.
    return list(dict.fromkeys(finding for plan in plans for finding in plan.warnings))


def _line(target: Path, plan: Plan) -> str:
    """ "sheets.pdf  10 sheets of letter (8.5 × 11 in), 2 blank pages · print at 100 %, turned on the short edge"."""
    from handouts.findings import counted

    told = [f"{counted(len(plan.sheets), 'sheet')} of {plan.paper}"]
    told += [f"pages at {plan.scale * 100:.0f} %"] if plan.scale < 1 else []
    told += [counted(plan.blanks, "blank page")] if plan.blanks else []
    turned = "on one side" if plan.duplex == "none" else f"turned on the {plan.duplex} edge"
    return f"{target}  {', '.join(told)} · print at 100 %, {turned}"


def _json(written: list[tuple[Path, Plan, Path | None]], found: list[Finding]) -> str:
    import json

    told = {
        "outputs": [
            {
                "file": target.as_posix(),
                "title": plan.title,
                "sheets": len(plan.sheets),
                "blanks": plan.blanks,
                "paper": plan.paper.name or None,
                "size": [round(side, 2) for side in plan.size],
                "scale": round(plan.scale, 4),
                "duplex": plan.duplex,
                "proof": picture.as_posix() if picture else None,
            }
            for target, plan, picture in written
        ],
        "findings": [finding.record for finding in found],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)
