"""The words of our one-pager as a Typst module, so that the peer sets the same text: made before any clock starts."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import tinyhtml5

from handouts.document import compose
from handouts.job import Job
from handouts.material import gather
from handouts.project import Project, font_files

HERE = Path(__file__).resolve().parent
# What each element becomes, around the markup of what is in it.
_AROUND = {
    "p": ("\n\n", "\n\n"),
    "strong": ("#strong[", "]"),
    "b": ("#strong[", "]"),
    "em": ("#emph[", "]"),
    "sup": ("#super[", "]"),
}
_GLANCE = "ul[@class='glance']/li"
# A face that the page does not use would be one more to search.
_FACES = (*("SansPro-Regular", "SansPro-It", "SansPro-Semibold", "SansPro-Bold"), "SerifPro-Regular", "SerifPro-Bold")


def prepare(project: Project, job: Job, folder: Path) -> None:
    """Put into a folder all that `sheet.typ` reads: our words, our drawing, our faces."""
    material = gather(project, job.format, job.subject)
    page = tinyhtml5.parse(compose(project, material, job.paper).html, namespace_html_elements=False)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sheet.typ").write_bytes((HERE / "sheet.typ").read_bytes())
    (folder / "words.typ").write_text(words(page, material.brand.call_to_action), encoding="utf-8")
    (folder / "drawing.svg").write_bytes(project.read(f"templates/drawings/{material.subject.front.drawing}-band.svg"))
    (folder / "fonts").mkdir(exist_ok=True)
    for name in (f"Source{face}.ttf" for face in _FACES):
        (folder / "fonts" / name).write_bytes(font_files()[name].read_bytes())


def words(page: Element, call: str) -> str:
    """The Typst module: one name for each text and each column of our page; `call` stands over the contact."""
    chart = _find(page, "section[@class='pay']")
    path, *side = _all(page, "div[@class='side']/section")
    texts = {
        "series": _inside(_find(page, "p[@class='series']")),
        "title": _inside(_find(page, "h1")),
        "job": _inside(_find(page, "p[@class='job']")),
        "promise": _inside(_find(page, "p[@class='promise']")),
        "path": _inside(_find(path, "h2")),
        "call": _escaped(call),
        "sources": _sources(page) + _markup(_find(page, "p[@class='dates']")),
    }
    lists = {
        "glance": [
            f"([{_inside(_find(item, 'strong'))}], [{_inside(_find(item, 'span'))}])" for item in _all(page, _GLANCE)
        ],
        "wide": [_section(one) for one in _all(page, "div[@class='wide']/section") if one is not chart],
        "steps": [f"[{_inside(item).strip()}]" for item in _all(path, "li")],
        "side": [_section(one) for one in side],
        "bars": [_bar(row) for row in _all(chart, "tbody/tr")],
    }
    # The chart is drawn from its numbers, under its heading.
    lists["wide"].append(f"([{_inside(_find(chart, 'h2'))}], [])")
    lines = [f"#let {name} = [{text.strip()}]" for name, text in texts.items()]
    lines += [f"#let {name} = ({', '.join(items)},)" for name, items in lists.items()]
    return "\n".join(lines) + "\n"


def _section(element: Element) -> str:
    """A heading, and what stands under it."""
    title, *texts = element
    return f"([{_inside(title)}], [{''.join(map(_markup, texts)).strip()}])"


def _bar(row: Element) -> str:
    """A chart's row: what is particular of it, its label, its length as a share, its value."""
    bar = _find(row, "span")
    share = float(re.search(r"([\d.]+)%", bar.get("style"))[1]) / 78
    value = _escaped(bar.tail or "") + "".join(_markup(one) for one in _find(row, "td") if one is not bar)
    return f'("{row.get("class", "")}", [{_inside(_find(row, "th"))}], {share:.4f}, [{value}])'


def _sources(page: Element) -> str:
    """Each source under the name that its marks link to."""
    return "".join(
        f"#block[{_inside(item).strip()}] <{item.get('id')}>\n" for item in _all(page, "ol[@class='sources']/li")
    )


def _find(element: Element, path: str) -> Element:
    return _all(element, path)[0]


def _all(element: Element, path: str) -> list[Element]:
    if not (found := element.findall(f".//{path}")):
        raise ValueError(f"our page has no {path} any more: mend benchmarks/typst_sheet.py")
    return found


def _markup(element: Element) -> str:
    inside = _inside(element)
    before, after = _AROUND.get(element.tag, ("", ""))
    if element.tag in ("ul", "ol"):
        mark = "-" if element.tag == "ul" else "+"
        inside = "".join(f"\n{mark} {_inside(item).strip()}" for item in element.findall("li"))
        before, after = "\n", "\n\n"
    elif (target := element.get("href", "")).startswith("#"):
        before, after = f"#link(<{target[1:]}>)[", "]"
    return before + inside + after + _escaped(element.tail or "")


def _inside(element: Element) -> str:
    return _escaped(element.text or "") + "".join(_markup(one) for one in element)


def _escaped(text: str) -> str:
    """Typst reads none of our signs as its own. Line ends are spaces."""
    return re.sub(r"([\\#*_`$<>@\[\]+=/~\"'-])", r"\\\1", re.sub(r"\s+", " ", text))
