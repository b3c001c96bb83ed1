"""Compute the line drawings and write them to templates/drawings: `python tools/draw.py [--check]`."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from motifs.cover import cover
from motifs.echoes import obstetric_ultrasound, ultrasound
from motifs.field import mri
from motifs.frames import BAND_BLEED, FRAMES, SQUARE, TALL, TALL_BLEED
from motifs.pen import Frame, Pen
from motifs.rays import radiography
from motifs.tissue import mammography
from motifs.tomography import ct, pediatric_ct
from motifs.tracer import nuclear_medicine

DRAWINGS = Path(__file__).resolve().parent.parent / "templates" / "drawings"
MOTIFS: dict[str, Callable[[Frame], Pen]] = {
    "radiography": radiography,
    "ct": ct,
    "mri": mri,
    "mammography": mammography,
    "ultrasound": ultrasound,
    "nuclear-medicine": nuclear_medicine,
    "obstetric-ultrasound": obstetric_ultrasound,
    "pediatric-ct": pediatric_ct,
}


def draw() -> dict[str, str]:
    """Every drawing as SVG text, by file name."""
    drawings = {f"{name}{frame.suffix}.svg": motif(frame).svg() for name, motif in MOTIFS.items() for frame in FRAMES}
    drawings |= {f"cover{frame.suffix}.svg": cover(frame).svg() for frame in (SQUARE, TALL)}
    drawings |= {f"{name}-band-bleed.svg": motif(BAND_BLEED).svg() for name, motif in MOTIFS.items()}
    drawings["cover-tall-bleed.svg"] = cover(TALL_BLEED).svg()
    return drawings


def stale(drawings: dict[str, str], folder: Path = DRAWINGS) -> list[str]:
    """Names of the drawings that are missing in `folder` or differ there.

    Only our own names are looked at: the folder also holds drawings made by other hands, which are not ours to touch.
    """

    def current(name: str) -> bool:
        path = folder / name
        return path.exists() and path.read_text(encoding="utf-8") == drawings[name]

    return sorted(name for name in drawings if not current(name))


def main(arguments: list[str] | None = None) -> int:
    """Write the drawings, or with `--check` only say which are stale; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file on disk is stale")
    check = parser.parse_args(arguments).check
    drawings = draw()
    names = stale(drawings)
    for name in names:
        print(f"{'stale' if check else 'wrote'} {name}")
        if not check:
            (DRAWINGS / name).write_text(drawings[name], encoding="utf-8", newline="\n")
    return 1 if check and names else 0


if __name__ == "__main__":
    sys.exit(main())
