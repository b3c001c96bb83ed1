"""The ten minutes of docs/first-handout.md, as they are told there: from nothing to a sheet that is fit to print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "first-handout.md"
STEP = re.compile(r"^## \d\. (.*?)\n(.*?)(?=^## )", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"Open `([\w/.-]+)`")


def told() -> dict[str, tuple[str, list[tuple[str, str]]]]:
    """The steps of the page: the file that each says to open, and its blocks with their languages."""
    steps = STEP.findall(PAGE.read_text(encoding="utf-8"))
    return {name: (next(iter(FILE.findall(text)), ""), BLOCK.findall(text)) for name, text in steps}


class Counsellor:
    """Somebody who types what the page says, in an empty home."""

    def __init__(self, home: Path):
        self.folder = home
        kept = ("PATH", "LANG", "DYLD_FALLBACK_LIBRARY_PATH")
        self.environment = {name: os.environ[name] for name in kept if name in os.environ}
        self.environment |= {"HOME": str(home), "HANDOUTS_TODAY": "2026-11-23"}

    def type(self, line: str) -> str:
        """Type a command, which must find nothing to mend; what it prints."""
        program, *arguments = shlex.split(line)
        if program == "cd":
            (place,) = arguments
            self.folder /= place
            return ""
        assert program == "handouts"
        done = subprocess.run(
            [sys.executable, "-m", "handouts", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def set(self, file: str, line: str) -> None:
        """Write a line of settings in the place of the one that sets the same, also where it is put out of use."""
        key = re.escape(line.removeprefix("# ").split(" = ")[0])
        self._write(file, rf"^{key} = .*$", line)

    def reword(self, file: str, old: str, new: str) -> None:
        self._write(file, f"^{re.escape(old)}$", new)

    def _write(self, file: str, pattern: str, new: str) -> None:
        path = self.folder / file
        text, times = re.subn(pattern, new.replace("\\", r"\\"), path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert times == 1, f"{file}: {pattern}"
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def counsellor(tmp_path: Path) -> Counsellor:
    return Counsellor(tmp_path)


def test_ten_minutes(counsellor: Counsellor) -> None:
    said = []
    for file, blocks in told().values():
        sentences = [text.rstrip("\n") for language, text in blocks if language == "markdown"]
        for language, text in blocks:
            for line in text.splitlines():
                if language == "toml":
                    counsellor.set(file, line)
                elif not language:
                    said.append(counsellor.type(line))
        if sentences:
            counsellor.reword(file, *sentences)
    assert said[-1].splitlines()[-1] == "1 PDF judged: nothing to mend"

    sheet = counsellor.folder / "output/specialty/ultrasound.pdf"
    with pikepdf.open(sheet) as pdf:
        assert [tuple(map(float, page.MediaBox)) for page in pdf.pages] == [(0, 0, 612, 792)]
    with pypdfium2.PdfDocument(sheet) as pdf:
        words = " ".join(pdf[0].get_textpage().get_text_bounded().split())
        band = pdf[0].render(scale=1).to_pil().convert("RGB").getpixel((4, 4))
    changed = ["Millbrook High School", "555-0164", "careers@example.org", "Ask us when to take them."]
    assert [text for text in changed if text not in words] == []
    assert "Hazel" not in words
    assert band == (0x5A, 0x2A, 0x4F)


def test_what_the_command_says_comes_next_is_what_the_page_says(counsellor: Counsellor) -> None:
    (_, ((_, start),)), (_, ((_, look),)) = list(told().values())[:2]
    printed = counsellor.type(start.splitlines()[0]).splitlines()
    steps = [line.strip() for line in printed if line.startswith("     ")]
    assert steps[:2] == [*start.splitlines()[1:], *look.splitlines()]
