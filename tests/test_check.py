"""`handouts check`: what it judges, how it tells, its exit codes; what each rule finds is tested in its own room."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import trades
from PIL import Image

from handouts import report
from handouts.check import Verdict
from handouts.findings import Finding

TODAY = "2026-11-23"
RED = (200, 16, 46)
UNUSED = '[{"id": "unused", "type": "book", "title": "Bread", "author": [{"literal": "A. Miller"}]},'


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project of invented trades with one sheet built."""
    root = trades.copied(tmp_path_factory.mktemp("first"))
    assert run(root, "build", "specialty", "baker").exit_code == 0
    return root


@pytest.fixture
def built(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it that a test may break."""
    monkeypatch.setenv("HANDOUTS_TODAY", TODAY)
    monkeypatch.setenv("COLUMNS", "100")
    return Path(shutil.copytree(first, tmp_path / "trades"))


def run(root: Path, *arguments: str):
    return trades.run(root, *arguments)


def spoiled(path: Path) -> None:
    """Take the language out of a PDF."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.Root.Lang
        pdf.save(path)


def ids(result) -> list[str]:
    return [finding["id"] for finding in trades.as_json(result)["findings"]]


def test_a_good_sheet_has_nothing_to_mend(built: Path):
    result = run(built, "check", "specialty", "baker", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "output/specialty/baker.pdf · 1 page · nothing to mend",
        "1 PDF judged: nothing to mend",
    ]


def test_the_whole_project_is_its_words_and_what_is_built(built: Path):
    trades.change(built, "content/references.json", "[", UNUSED)
    result = run(built, "check", "--json")
    told = trades.as_json(result)
    assert [one["file"] for one in told["files"]] == ["output/specialty/baker.pdf"]
    assert "reference-orphan" in ids(result)
    assert result.exit_code == 0
    assert run(built, "check", "--strict").exit_code == 1


def test_a_finding_is_told_with_page_cause_and_fix(built: Path):
    spoiled(built / "output/specialty/baker.pdf")
    result = run(built, "check", "specialty", "baker", "--json")
    [finding] = trades.as_json(result)["findings"]
    assert (result.exit_code, finding["file"], finding["id"], finding["severity"]) == (
        1,
        "output/specialty/baker.pdf",
        "language-missing",
        "error",
    )
    assert set(finding) == {"file", "line", "page", "box", "id", "severity", "message", "hint"}
    table = run(built, "check", "specialty", "baker").stdout
    assert "output/specialty/baker.pdf · 1 page · 1 error" in table
    assert "[language-missing]" in table


def test_any_pdf_is_judged_by_its_name(built: Path, tmp_path: Path):
    Image.new("RGB", (600, 800), "white").save(tmp_path / "Flyer.PDF", "PDF")
    result = run(built, "check", str(tmp_path / "Flyer.PDF"), "--json")
    assert result.exit_code == 1
    assert "tags-missing" in ids(result)
    assert not {"output-stale", "page-count", "review-missing"} & set(ids(result))


def test_a_file_that_lies_where_we_build_it_is_ours(built: Path):
    trades.change(built, trades.BAKER, "the town sleeps", "the whole town sleeps")
    assert ids(run(built, "check", "output/specialty/baker.pdf", "--json")) == ["output-stale"]


def test_what_is_older_than_its_words_is_told_and_nothing_else(built: Path):
    trades.change(built, trades.BAKER, "the town sleeps", "the whole town sleeps")
    result = run(built, "check", "specialty", "baker")
    assert result.exit_code == 1
    assert "is older than its words or looks" in " ".join(result.stdout.split())


def test_what_is_not_built_cannot_be_judged(built: Path):
    result = run(built, "check", "specialty", "potter", "--json")
    [finding] = trades.as_json(result)["findings"]
    assert (result.exit_code, finding["id"]) == (1, "output-missing")
    assert finding["hint"] == "run: handouts build specialty potter"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["missing.pdf"], "this file is not there · check its name, and the folder"),
        (["specialty", "flyer.pdf"], '"specialty" is no PDF, and the others are'),
        (["poster"], 'there is no format "poster"'),
        (["specialty", "bakr"], 'there is no specialty "bakr" · did you mean baker?'),
        (["handouts.toml"], "is no PDF · only PDFs can be judged; export it as one"),
        (["content"], 'there is no format "content"'),
    ],
)
def test_what_cannot_be_judged_is_a_finding(built: Path, words: list[str], says: str):
    result = run(built, "check", *words, "--json")
    [finding] = trades.as_json(result)["findings"]
    assert result.exit_code == 1
    assert says in f"{finding['message']} · {finding['hint']}"


def test_content_that_is_broken_is_told_and_the_pdf_still_judged(built: Path):
    trades.change(built, trades.BAKER, "[=", "[=no-such-")
    spoiled(built / "output/specialty/baker.pdf")
    assert set(ids(run(built, "check", "specialty", "baker", "--json"))) == {"cite-unresolved", "language-missing"}


def test_a_proof_boxes_each_finding_on_its_page(built: Path):
    with pikepdf.open(built / "output/specialty/baker.pdf", allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        page.trimbox = page.mediabox
        page.mediabox = page.trimbox = page.cropbox = [30, 30, 560, 760]
        pdf.save(built / "output/specialty/baker.pdf")
    result = run(built, "check", "specialty", "baker", "--picture", "--json")
    told = trades.as_json(result)
    [picture] = told["files"][0]["pictures"]
    assert picture == "output/proofs/output-specialty-baker-p1.png"
    assert any(finding["box"] for finding in told["findings"])
    image = Image.open(BytesIO((built / picture).read_bytes()))
    colors = dict((color, count) for count, color in image.convert("RGB").getcolors(1 << 24))
    assert colors.get(RED, 0) > 200


def test_a_table_groups_by_file_and_numbers_its_findings():
    findings = [
        Finding("b.pdf", 0, "has no title", "give it one", id="title-missing"),
        Finding("a.pdf", 0, "is small", "set it larger", "warning", id="type-small", page=2, box=(1, 2, 3, 4)),
        Finding("a.md", 7, "reads hard", "write it simpler", "warning", id="reading-grade"),
    ]
    verdicts = [Verdict("a.pdf", 2, (), ("p.png",)), Verdict("b.pdf", 1, ()), Verdict("c.pdf", 4, ())]
    assert report.check_tables(verdicts, findings, 100, False).splitlines() == [
        "a.pdf · 2 pages · 1 warning",
        "   1  page 2    warning  is small [type-small]                        set it larger",
        "b.pdf · 1 page · 1 error",
        "   1            error    has no title [title-missing]                 give it one",
        "c.pdf · 4 pages · nothing to mend",
        "a.md · 1 warning",
        "   1  line 7    warning  reads hard [reading-grade]                   write it simpler",
        "proof: p.png",
        "3 PDFs judged: 1 error, 2 warnings",
    ]


def test_a_project_without_pdfs_is_told_what_to_do():
    told = "0 PDFs judged: nothing to mend · no PDF is built yet: run handouts build all, or name a file"
    assert report.check_tables([], [], 100, False) == told


def test_words_of_a_finding_are_never_markup():
    finding = Finding("a.md", 1, "holds [bold]this[/bold]", "see [link=x]", "warning")
    table = report.check_tables([], [finding], 100, False)
    assert "holds [bold]this[/bold]" in table
    assert "see [link=x]" in table


def test_only_errors_fail_unless_strict():
    warning = Finding("a", 0, "b", severity="warning")
    error = Finding("a", 0, "b")
    assert [report.check_code([warning], strict) for strict in (False, True)] == [0, 1]
    assert [report.check_code([error], strict) for strict in (False, True)] == [1, 1]
    assert report.check_code([], True) == 0
