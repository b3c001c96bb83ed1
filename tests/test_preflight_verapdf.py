"""veraPDF's verdict: what it finds in words for people, and a warning wherever it gives none."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pikepdf
import pytest
from sheets import edited, elements, sheet

from handouts.preflight.evidence import Printed
from handouts.preflight.verapdf import installed, verdicts

TOOLS = Path(__file__).resolve().parent.parent / "tools"


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program of the name into the search path."""
    path = folder / "bin" / "verapdf"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")


def reports(folder: Path, *jobs: object) -> str:
    """A script that prints such a report."""
    (folder / "report.json").write_text(json.dumps({"report": {"jobs": jobs}}), "utf-8")
    return f"cat '{folder / 'report.json'}'"


def job(name: str, *rules: dict, compliant: bool = False) -> dict:
    result = {"compliant": compliant, "details": {"ruleSummaries": list(rules)}}
    return {"itemDetails": {"name": f"/any/where/{name}"}, "validationResult": [result]}


def rule(clause: str, count: int, page: int = 0) -> dict:
    context = f"root/document[0]/pages[{page}](9 0 obj PDPage)/annots[0]"
    checks = [{"context": context}]
    return {"clause": clause, "failedChecks": count, "description": "As the standard says it", "checks": checks}


def printed(name: str = "bees.pdf", data: bytes | None = None) -> Printed:
    return Printed(name, sheet() if data is None else data)


def test_each_clause_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = job("0.pdf", rule("7.3", 2), rule("7.3", 1), rule("7.18.5", 1), rule("9.9", 1, 4), rule("7.5", 0))
    program(tmp_path, reports(tmp_path, first, job("1.pdf", compliant=True)), monkeypatch)
    found = list(verdicts([printed("a.pdf"), printed("b.pdf")]))
    assert {(one.file, one.id, one.severity) for one in found} == {("a.pdf", "pdfua", "error")}
    assert [(one.message, one.page) for one in found] == [
        ("breaks PDF/UA-1, clause 7.3, 3 times: it asks that every figure has words for who cannot see it", 1),
        ("breaks PDF/UA-1, clause 7.18.5, once: it asks that links are tagged as such and described in words", 1),
        ("breaks PDF/UA-1, clause 9.9, once: As the standard says it", 0),
    ]


def test_all_files_go_through_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = reports(tmp_path, job("0.pdf", compliant=True), job("1.pdf", compliant=True))
    program(tmp_path, f"echo \"$@\" >> '{tmp_path / 'calls'}'\n{report}", monkeypatch)
    untagged = edited(sheet(), lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"))
    assert list(verdicts([printed(), printed("none.pdf", untagged), printed()])) == []
    (call,) = (tmp_path / "calls").read_text().splitlines()
    assert call.startswith("--flavour ua1 --format json ")
    assert [Path(one).name for one in call.split()[4:]] == ["0.pdf", "1.pdf"]
    assert not any(Path(one).exists() for one in call.split()[4:])


def test_files_without_tags_are_not_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "exit 3", monkeypatch)
    untagged = edited(sheet(), lambda pdf: pdf.Root.__delitem__("/StructTreeRoot"))
    assert list(verdicts([printed(data=untagged)])) == []
    assert list(verdicts([])) == []


def test_without_the_program_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not installed()
    assert list(verdicts([printed()])) == []


SILENT = {
    "it fails": ("echo 'no Java' >&2; exit 1", "gave no verdict: it ended with code 1 and no report (no Java)"),
    "it says nothing": ("exit 0", "gave no verdict: it ended with code 0 and no report (it said nothing)"),
    "it talks": ("echo '<html>'", "gave no verdict: it ended with code 0 and no report (it said nothing)"),
    "another report": ("echo '{\"report\": []}'", "gave no verdict: it ended with code 0 and no report"),
}


@pytest.mark.parametrize("case", SILENT)
def test_a_program_that_fails_is_a_warning(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, message = SILENT[case]
    program(tmp_path, script, monkeypatch)
    (finding,) = verdicts([printed(), printed()])
    assert (finding.id, finding.severity, finding.file) == ("pdfua", "warning", "verapdf")
    assert finding.message.startswith(message) and finding.hint


def test_a_program_that_cannot_start_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "", monkeypatch)
    (tmp_path / "bin" / "verapdf").write_text("#!/no/such/shell\n", "utf-8")
    (finding,) = verdicts([printed()])
    assert (finding.severity, finding.message[:16]) == ("warning", "gave no verdict:")


def test_a_program_that_hangs_is_stopped_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, f"sleep 60 & echo $! > '{tmp_path / 'child'}'; wait", monkeypatch)
    start = time.monotonic()
    (finding,) = verdicts([printed()], seconds=1)
    assert time.monotonic() - start < 20
    assert (finding.severity, finding.message) == ("warning", "was stopped after 1 seconds without a verdict")
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not _runs(child):
            break
        time.sleep(0.05)
    assert not _runs(child)


def _runs(process: int) -> bool:
    """Whether a process lives; one that has ended and was not yet taken note of does not."""
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_file_that_is_left_out_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = {"itemDetails": {"name": "0.pdf"}, "taskException": {"exception": "broken"}}
    program(tmp_path, reports(tmp_path, failed, job("1.pdf", compliant=True)), monkeypatch)
    (finding,) = verdicts([printed("a.pdf"), printed("b.pdf")])
    assert (finding.file, finding.severity) == ("a.pdf", "warning")
    assert finding.message == "got no verdict from veraPDF, which could not read it to the end"


def test_a_report_of_another_shape_is_read_as_far_as_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Older versions write one result without a list around it; nothing else in it is sure.
    older = {"itemDetails": {"name": "0.pdf"}, "validationResult": {"compliant": False, "details": None}}
    odd = job("1.pdf", rule("7.3", 1) | {"checks": None}, {"failedChecks": "many"}, compliant=False)
    program(tmp_path, reports(tmp_path, older, odd), monkeypatch)
    found = list(verdicts([printed("a.pdf"), printed("b.pdf")]))
    assert [(one.file, one.message[:26]) for one in found] == [
        ("a.pdf", "breaks PDF/UA-1; veraPDF d"),
        ("b.pdf", "breaks PDF/UA-1, clause 7."),
    ]


def test_the_real_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(TOOLS))
    import verapdf as tool

    jar = tool.CACHE / f"{tool.ARTIFACT.partition(':')[2]}-{tool.VERSION}.jar"
    if not shutil.which("java") or not jar.exists():
        pytest.skip("veraPDF is asked where Java is installed and tools/verapdf.py has fetched it")
    program(tmp_path, f"exec java -cp '{jar}' {tool.MAIN_CLASS} \"$@\"", monkeypatch)

    def break_it(pdf: pikepdf.Pdf) -> None:
        del next(elements(pdf, "Figure"))["/Alt"]
        next(elements(pdf, "H2")).S = pikepdf.Name.H4

    found = list(verdicts([printed("sound.pdf"), printed("broken.pdf", edited(sheet(), break_it))]))
    assert {(one.file, one.severity) for one in found} == {("broken.pdf", "error")}
    assert sorted(one.message.partition(", once")[0] for one in found) == [
        "breaks PDF/UA-1, clause 7.3",
        "breaks PDF/UA-1, clause 7.4.2",
    ]
