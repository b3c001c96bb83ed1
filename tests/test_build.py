"""The recipe: which jobs a command means, how outputs are named and put in place, and what one build does."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
import small
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts import workers
from handouts.build import build, run
from handouts.findings import Findings
from handouts.job import Job
from handouts.planning import output_name, plan, simplify
from handouts.project import Project, placing, put_in_place

quietly = settings(derandomize=True, deadline=None, max_examples=60)
CARDS = {
    f"content/cards/{name}.md": small.MRI for name in ("nuclear-medicine", "obstetric-ultrasound", "pediatric-ct")
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small.project(tmp_path / "project")


def told(caught: pytest.ExceptionInfo[Findings]) -> list[str]:
    return [str(finding) for finding in caught.value.findings]


def planned(project: Project, format_name: str, *subjects: str) -> list[tuple[str, str]]:
    return [(job.format, job.subject) for job in plan(project, format_name, subjects)]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("Nuclear Medicine", "nuclear-medicine"),
        ("NUCLEAR_MEDICINE", "nuclear-medicine"),
        ("nuclearmedicine", "nuclear-medicine"),
        ("Pediatric CT", "pediatric-ct"),
        ("CT", "ct"),
    ],
)
def test_subjects_are_met_without_case_spaces_and_hyphens(tmp_path: Path, typed: str, slug: str):
    assert planned(small.project(tmp_path, CARDS), "Card", typed) == [("card", slug)]


@quietly
@given(st.text(max_size=30), st.sampled_from([" ", "-", "_", "."]))
def test_simple_names_are_simple_already(name: str, sign: str):
    assert simplify(simplify(name)) == simplify(name)
    assert simplify(sign.join(name)) == simplify(name)


def test_no_subject_is_every_subject_and_a_subject_named_twice_is_one_job(project: Project):
    assert planned(project, "card") == [("card", "ct"), ("card", "mri")]
    assert planned(project, "card", "mri", "CT", "M R I") == [("card", "mri"), ("card", "ct")]
    assert planned(project, "leaflet") == [("leaflet", "")]


def test_all_is_every_format_that_there_is_content_for(project: Project):
    # The looks that a project does not have are ours; the subjects never are.
    assert project.formats() == ["article", "booklet", "card", "leaflet", "specialty", "topic"]
    assert planned(project, "card") + planned(project, "leaflet") == [("card", "ct"), ("card", "mri"), ("leaflet", "")]
    assert planned(project, "all") == [("booklet", ""), ("card", "ct"), ("card", "mri"), ("leaflet", "")]
    with pytest.raises(Findings) as caught:
        plan(project, "topic", ())
    assert told(caught) == [
        "content/topics  holds no content files · add a Markdown file with front matter, such as "
        "content/topics/my-subject.md"
    ]


def test_where_there_is_nothing_to_build_all_says_so(tmp_path: Path):
    (tmp_path / "handouts.toml").touch()
    with pytest.raises(Findings) as caught:
        plan(Project(tmp_path), "all", ())
    assert told(caught) == [
        "content  holds nothing that a format prints · add a Markdown file with front matter to content/articles or "
        "content/specialties or content/topics"
    ]


def test_jobs_carry_what_was_asked_for(project: Project):
    [job] = plan(project, "card", ["ct"], output="elsewhere", paper="a4")
    assert job == Job(root=str(project.root), format="card", subject="ct", paper="a4", output="elsewhere")


@pytest.mark.parametrize(
    ("format_name", "subjects", "messages"),
    [
        ("cart", [], ['there is no format "cart" · did you mean card?']),
        (
            "zzz",
            [],
            ['there is no format "zzz" · known are: article, booklet, card, leaflet, specialty, topic, all'],
        ),
        (
            "card",
            ["nuclear medecine", "pet", "ct"],
            [
                'there is no card "nuclear medecine" · did you mean nuclear-medicine?',
                'there is no card "pet" · known are: ct, mri, nuclear-medicine, obstetric-ultrasound, '
                "pediatric-ct",
            ],
        ),
        ("leaflet", ["ct"], ['leaflet takes no subject, but "ct" is given · leave it out']),
        ("all", ["ct"], ['"all" takes no subject, but "ct" is given · leave it out, or name one format']),
    ],
)
def test_unknown_names_are_told_with_the_nearest(
    tmp_path: Path, format_name: str, subjects: Sequence[str], messages: list[str]
):
    with pytest.raises(Findings) as caught:
        plan(small.project(tmp_path, CARDS), format_name, subjects)
    assert told(caught) == messages


def test_two_files_of_the_same_name_are_refused(tmp_path: Path):
    project = small.project(tmp_path, {"content/cards/c-t.md": small.CT})
    with pytest.raises(Findings) as caught:
        plan(project, "card", [])
    assert told(caught) == [
        "content/cards/c-t.md  has the same name as ct.md but for case, spaces or hyphens · rename one of them"
    ]


@pytest.mark.parametrize(
    ("job", "name"),
    [
        (Job(root=".", format="specialty", subject="ct"), "specialty/ct.pdf"),
        (Job(root=".", format="specialty", subject="ct", paper="a4"), "specialty/ct.a4.pdf"),
        (Job(root=".", format="specialty", subject="ct", language="es"), "specialty/ct.es.pdf"),
        (Job(root=".", format="specialty", subject="ct", paper="a4", language="es"), "specialty/ct.a4.es.pdf"),
        (Job(root=".", format="specialty", subject="ct", brand="acme"), "acme/specialty/ct.pdf"),
        (
            Job(root=".", format="topic", subject="role", brand="acme", paper="a4", language="es"),
            "acme/topic/role.a4.es.pdf",
        ),
        (Job(root=".", format="booklet"), "booklet.pdf"),
        (Job(root=".", format="booklet", paper="a4"), "booklet.a4.pdf"),
        (Job(root=".", format="booklet", brand="acme", paper="a4", language="es"), "acme/booklet.a4.es.pdf"),
    ],
)
def test_one_rule_names_every_output(job: Job, name: str):
    assert output_name(job) == name


def test_no_two_variants_share_a_path():
    jobs = [
        Job(root=".", format=form, subject=subject, brand=brand, paper=paper, language=language)
        for form, subjects in (("booklet", [""]), ("specialty", ["ct", "mri"]), ("topic", ["ct"]))
        for subject, brand, paper, language in itertools.product(
            subjects, ("default", "acme"), ("letter", "a4"), ("en", "es", "fr")
        )
    ]
    assert len({output_name(job) for job in jobs}) == len(jobs)


def test_a_file_is_put_in_place_with_its_folders(tmp_path: Path):
    target = tmp_path / "new" / "folder" / "ct.pdf"
    put_in_place(target, b"one")
    put_in_place(target, b"two")
    assert target.read_bytes() == b"two"
    assert os.listdir(target.parent) == ["ct.pdf"]


def test_an_earlier_file_outlives_a_write_that_fails_half_way(tmp_path: Path):
    target = tmp_path / "ct.pdf"
    put_in_place(target, b"the earlier file")
    with pytest.raises(Findings) as caught, placing(target) as file:
        file.write(b"the la")
        raise OSError(28, "No space left on device")
    assert told(caught) == [
        f"{target}  cannot be written: No space left on device · check that the folder is yours and the disk has room, "
        "or choose another with -o"
    ]
    assert target.read_bytes() == b"the earlier file"
    assert os.listdir(tmp_path) == ["ct.pdf"]


def test_an_interrupt_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(path: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        put_in_place(tmp_path / "ct.pdf", b"data")
    assert os.listdir(tmp_path) == []


def test_a_place_that_cannot_be_written_is_a_finding(tmp_path: Path):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(Findings) as caught:
        put_in_place(tmp_path / "taken" / "ct.pdf", b"data")
    assert told(caught) == [
        f"{tmp_path / 'taken' / 'ct.pdf'}  cannot be written: File exists · check that the folder is yours and the "
        "disk has room, or choose another with -o"
    ]
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(Findings):
        put_in_place(tmp_path / "folder.pdf", b"data")
    assert sorted(os.listdir(tmp_path)) == ["folder.pdf", "taken"]


def test_a_file_may_be_read_as_any_new_file_may(tmp_path: Path):
    (tmp_path / "plain").write_bytes(b"")
    put_in_place(tmp_path / "ct.pdf", b"data")
    assert stat.S_IMODE((tmp_path / "ct.pdf").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_card_is_built_to_its_place_the_same_twice(project: Project, tmp_path: Path):
    results = [build(job) for name in "ab" for job in plan(project, "card", ["ct"], output=str(tmp_path / name))]
    first, second = ((tmp_path / name / "card" / "ct.pdf").read_bytes() for name in "ab")
    assert first == second
    assert {result.file for result in results} == {"card/ct.pdf"}
    assert all(result.built and result.pages == 1 and not result.findings for result in results)
    assert results[0].fit == "fits at 114 %, 19 mm to spare"
    with pikepdf.open(tmp_path / "a" / "card" / "ct.pdf") as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.Root.Lang) == "en"
        assert str(pdf.docinfo.Title) == "Computed tomography – Small careers"


def test_a_leaflet_is_filled_up_to_a_multiple_of_four_pages(project: Project, tmp_path: Path):
    """Two cards on a page each and a first page are three: one page of notes is asked for, and stands in the PDF."""
    [job] = plan(project, "leaflet", [], output=str(tmp_path))
    result = build(job)
    assert (result.pages, result.findings, result.fit) == (4, (), "")
    with pikepdf.open(tmp_path / "leaflet.pdf") as pdf:
        assert len(pdf.pages) == 4
        labels = list(pdf.Root.PageLabels.Nums)
        assert labels[0] == 0
        assert (labels[2], labels[3].S, labels[3].St) == (1, "/D", 2)


@pytest.mark.parametrize(
    ("pages", "multiple", "message"),
    [
        ("[1, 2]", 1, "leaflet.pdf  takes 3 pages; the leaflet has 1 to 2 · shorten the text"),
        ("[5, 8]", 1, "leaflet.pdf  takes 3 pages; the leaflet has 5 to 8 · add to the text"),
        ("[2, 2]", 1, "leaflet.pdf  takes 3 pages; the leaflet has 2 · shorten the text"),
    ],
)
def test_too_many_and_too_few_pages_are_told(tmp_path: Path, pages: str, multiple: int, message: str):
    form = small.LEAFLET.replace("[4, 8]", pages).replace("multiple = 4", f"multiple = {multiple}")
    project = small.project(tmp_path, {"templates/leaflet/format.toml": form})
    result = build(plan(project, "leaflet", [], output=str(tmp_path / "out"))[0])
    assert [str(finding) for finding in result.findings] == [f"{tmp_path}/out/{message}"]
    assert not result.built
    assert not (tmp_path / "out").exists()


def test_notes_pages_that_a_template_does_not_print_are_told(tmp_path: Path):
    page = small.LEAFLET_PAGE.replace("range(padding)", "range(0)")
    project = small.project(tmp_path, {"templates/leaflet/page.html": page})
    result = build(plan(project, "leaflet", [], output=str(tmp_path / "out"))[0])
    assert {finding.id: finding.message for finding in result.findings} == {
        "page-multiple": "takes 3 pages, which is not a multiple of 4",
        "page-count": "takes 3 pages; the leaflet has 4 to 8",
    }


def test_a_text_that_is_too_long_keeps_the_earlier_pdf(tmp_path: Path):
    project = small.project(tmp_path)
    [job] = plan(project, "card", ["ct"], output=str(tmp_path / "out"))
    assert build(job).built
    earlier = (tmp_path / "out/card/ct.pdf").read_bytes()
    small.project(tmp_path, {"content/cards/ct.md": small.CT + "\nOne more line of words.\n" * 60})
    result = build(job)
    assert not result.built
    assert [str(finding) for finding in result.findings] == [
        "content/cards/ct.md  is 59 lines (about 305 words) too long for the page, even at the smallest type · shorten "
        'its longest sections: "How it grows" (307 words, line 10), "What you will do" (15 words, line 6)'
    ]
    assert (tmp_path / "out/card/ct.pdf").read_bytes() == earlier


def test_the_longest_jobs_are_begun_first_and_results_keep_their_order(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    begun: list[Job] = []

    def run_all(task, jobs, count, report, leave):
        begun.extend(jobs)
        return [f"{job.format} {job.subject}".strip() for job in jobs]

    monkeypatch.setattr(workers, "run_all", run_all)
    jobs = [*plan(project, "card", []), *plan(project, "leaflet", [])]
    assert run(jobs, 2, lambda result: None) == ["card ct", "card mri", "leaflet"]
    assert [job.format for job in begun] == ["leaflet", "card", "card"]


def test_one_bad_file_does_not_keep_the_others_from_being_built(tmp_path: Path):
    project = small.project(tmp_path, {"content/cards/mri.md": "---\ntitle: MRI\n---\n"})
    results = run(plan(project, "card", [], output=str(tmp_path / "out")), 2, lambda result: None)
    assert [(result.job.subject, result.built) for result in results] == [("ct", True), ("mri", False)]
    assert results[1].findings[0].message == 'the key "reviewed" is missing'


def test_a_format_that_cannot_be_read_is_a_finding_of_its_jobs(project: Project):
    jobs = plan(project, "card", [])
    (project.root / "templates/card/format.toml").write_text("pages = ")
    results = run(jobs, 1, lambda result: None)
    assert [result.findings[0].file for result in results] == ["templates/card/format.toml"] * 2
