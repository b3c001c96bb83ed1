"""The peer's whole command: `python -m benchmarks.typst_peer FOLDER OUT COUNT` makes so many editions with Typst.

Two processes, each with one compiler, which remembers what it laid out before: one page takes it 15 times longer the
first time. They are spawned, since the compiler starts threads, which a fork would lose.

*Why a small source for each edition, and no `sys_inputs`:* these are part of Typst's library, and with another library
nothing of what it remembers holds.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import typst

PROCESSES = 2


def work(folder: Path, out: Path, editions: list[dict[str, str]]) -> int:
    """Compile editions in this process; each becomes OUT/ID.pdf."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder / "fonts")])
    compiler = typst.Compiler(b"", root=str(folder), font_paths=fonts)
    for edition in editions:
        pdf = compiler.compile(input=source(edition).encode(), format="pdf")
        (out / f"{edition['id']}.pdf").write_bytes(pdf)
    return len(editions)


def source(edition: dict[str, str]) -> str:
    """The edition's own Typst file. JSON writes strings as Typst reads them."""
    values = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in edition.items())
    return f'#import "/sheet.typ": sheet\n#sheet(({values}))\n'


def main(folder: Path, out: Path, count: int) -> None:
    editions = json.loads((folder / "editions.json").read_bytes())[:count]
    out.mkdir(parents=True, exist_ok=True)
    # Both parts of the work are of one size.
    parts = [editions[start::PROCESSES] for start in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        done = sum(pool.map(work, [folder] * PROCESSES, [out] * PROCESSES, parts))
    print(f"{done} editions, {os.cpu_count()} cores")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
