"""A new format, made like one that is there: its folder of `templates/`, its style sheet, and those of the profiles."""

from __future__ import annotations

import re
import shlex
import textwrap
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from handouts import brands
from handouts.content import load_format
from handouts.findings import Finding, Findings, nearest
from handouts.model import Format
from handouts.planning import simplify
from handouts.profiles import FOLDER as PROFILES
from handouts.project import Project, put_in_place
from handouts.schemas import described

# What is no name for a format: words of commands, folders of the output, and style sheets of profiles that are for all.
_TAKEN = ("all", "base", "screen", "editions", "proofs")
_KEY = re.compile(r"\s*(?:\[\s*\"?([\w-]+)|[\"']?([\w-]+)[\"']?\s*=)")
_WIDTH = 110


@dataclass(frozen=True)
class Started:
    """A new format: its name, the one it is like, its files by their project paths, and a subject to build, where there
    is one; `content` is the folder of its subjects, empty for a format that has none."""

    name: str
    like: str
    files: tuple[str, ...]
    content: str
    subject: str

    def lines(self) -> list[str]:
        """What to do next, as it is printed."""
        own = {
            f"templates/{self.name}/format.toml": "what it needs, how many pages it may have, on which paper",
            f"templates/{self.name}/page.html": "what stands where on the page",
            f"styles/{self.name}.css": "what it looks like",
        }
        others = [file for file in self.files if file not in own]
        width = max(map(len, own))
        told = [f"{file:<{width}}  {what}" for file, what in own.items() if file in self.files]
        told += [f"{file:<{width}}  a part of it" for file in others if not file.startswith(PROFILES)]
        if count := sum(file.startswith(PROFILES) for file in others):
            where = f"{PROFILES}/*/{self.name}.css"
            told.append(f"{where:<{width}}  the same in {count} profiles, such as for a print shop")
        if self.content and not self.subject:
            return [*told, "", f"Now add a file to content/{self.content}, and run: handouts build {self.name}"]
        words = shlex.join(["handouts", "build", self.name, *filter(None, [self.subject])])
        said = f"looks like {self.like} until you change it" if self.name != self.like else "is used in place of ours"
        return [*told, "", f"It {said}. Now run: {words}"]


def alike(project: Project) -> list[str]:
    """The formats that one can be made like, a line each."""
    told = []
    for name in project.formats():
        form = project.toml(f"templates/{name}/format.toml")
        each = form.get("scope") == "each"
        what = f"one PDF for each file of content/{form.get('content', '')}" if each else "one PDF of the whole content"
        told.append(f"  {name:<12}  {form.get('title', name)}: {what}")
    return told


def start_format(project: Project, name: str, like: str) -> Started:
    """Write a format's files into a project, never over others; Findings where they cannot be, each with what to do."""
    known = project.formats()
    by_name = {simplify(one): one for one in known}
    if simplify(like) not in by_name:
        raise Findings([Finding("", 0, f'there is no format "{like}"', nearest(like, known))])
    like = by_name[simplify(like)]
    if advice := _check_name(project, name, like):
        raise Findings([Finding("", 0, *advice)])
    form = load_format(project, like)
    texts = _copies(project, form, name)
    hint = "delete it if it is left over from another, or choose another name"
    there = [file for file in texts if (project.root / file).exists() or (project.root / file).is_symlink()]
    if there:
        raise Findings([Finding(file, 0, "is there already, and is kept", hint) for file in there])
    _write(project.root, texts)
    subjects = project.subjects(form.content) if form.scope == "each" else []
    content = form.content if form.scope == "each" else ""
    return Started(name, like, tuple(texts), content, subjects[0] if subjects else "")


def _write(root: Path, texts: Mapping[str, bytes]) -> None:
    """All files or none; what makes them a format comes last, so that half of one is none."""
    written = []
    try:
        for file in sorted(texts, key=lambda file: file.endswith("/format.toml")):
            put_in_place(root / file, texts[file])
            written.append(root / file)
    except BaseException:
        for path in written:
            path.unlink()
        raise


def _check_name(project: Project, name: str, like: str) -> tuple[str, str] | None:
    """What is wrong with a format's name, which names its folder, its style sheets and its PDFs."""
    if advice := brands.check_folder_name(name, "a format", "poster"):
        return advice
    other = f"choose another, such as {name.lower()}-sheet"
    taken = {simplify(one) for one in (*_TAKEN, *project.profiles(), *project.brands())}
    folders = {simplify(file.split("/")[1]) for file in project.names("templates", "*/*")}
    formats = {simplify(one): one for one in project.formats()}
    twin = formats.get(simplify(name), "")
    if twin and brands.is_own(project, f"templates/{twin}/format.toml"):
        return f'the format "{twin}" is there already, and is kept', "change its files, or choose another name"
    if twin and twin != like:
        hint = f"for a copy of it to change, write --like {twin}; for another format, choose another name"
        return f'"{twin}" is a format that comes along', hint
    if twin and twin != name:
        return f'"{name}" differs from "{twin}" in case or hyphens alone', f"write {twin}, or choose another name"
    if not twin and (simplify(name) in taken or simplify(name) in folders):
        return f'"{name}" cannot name a format: another thing has that name', other
    return None


def _copies(project: Project, form: Format, name: str) -> dict[str, bytes]:
    """The files of the new format by their project paths: what belongs to the old one alone, under the new name."""
    old, named = form.name, f"{form.name}.css"
    # One sheet is the format's own: that of its name, or else the last one. The others are shared, and stay.
    own = named if named in form.styles else form.styles[-1]
    sheet = own if name == old else f"{name}.css"
    inside = [file for file in project.names(f"templates/{old}", "**/*") if project.find(file)]
    renamed = {file: f"templates/{name}/{file.split('/', 2)[2]}" for file in inside}
    renamed[f"styles/{own}"] = f"styles/{sheet}"
    texts = {new: _with_new_paths(project.read(file), renamed) for file, new in renamed.items()}
    for profile in project.profiles():
        # A profile knows a format by its sheet and by its own name; the new one has one name for both.
        sheets = [f"{PROFILES}/{profile}/{one}" for one in dict.fromkeys((own, named))]
        if found := [project.read(file) for file in sheets if project.find(file)]:
            texts[f"{PROFILES}/{profile}/{sheet}"] = b"\n".join(found)
    if name != old:
        styles = [sheet if one == own else one for one in form.styles]
        changed = {"title": name.replace("-", " ").lower(), "styles": styles}
        text = _explained(project.text(f"templates/{old}/format.toml"), changed)
        about = f'# The format "{name}", made like {old}: this folder, and styles/{sheet}. Change what you like.\n\n'
        texts[f"templates/{name}/format.toml"] = f"{about}{text}".encode()
    return texts


def _with_new_paths(data: bytes, renamed: Mapping[str, str]) -> bytes:
    """A file that names others of its format by their new paths."""
    for old, new in renamed.items():
        data = re.sub(rb"(?<![\w./-])(/?)" + re.escape(old.encode()) + rb"(?![\w-])", rb"\1" + new.encode(), data)
    return data


def _explained(text: str, changed: Mapping[str, object]) -> str:
    """A `format.toml` with other values for some keys, and before each key that has no comment what it is."""
    words, lines, made = described()["Format"], text.split("\n"), []
    number, inside = 0, False
    # What the old one says of itself is not true of the new one.
    while lines[number].startswith("#"):
        number += 1
    while number < len(lines):
        line = lines[number]
        table, key = found.groups() if (found := _KEY.match(line)) else (None, None)
        end = _end(lines, number) if key else number + 1
        inside = inside or bool(table)
        told = words.pop(table or ("" if inside or not key else key), "")
        if told and "#" not in line and not lines[number - 1].startswith("#"):
            made += [""] * bool(made and made[-1])
            made += [f"# {part}" for part in textwrap.wrap(_sentence(told), _WIDTH)]
        made += [f"{key} = {_toml(changed[key])}"] if not inside and key in changed else lines[number:end]
        number = end
    return "\n".join(made).lstrip("\n")


def _end(lines: list[str], start: int) -> int:
    """Where the value ends that begins on a line: the number of the line after it."""
    for end in range(start + 1, len(lines) + 1):
        try:
            tomllib.loads("\n".join(lines[start:end]))
        except tomllib.TOMLDecodeError:
            continue
        return end
    return start + 1


def _toml(value: object) -> str:
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, list) else f'"{value}"'


def _sentence(words: str) -> str:
    """A cell of the docs as a comment: words of a file between quotes, no other marks, and a period."""
    plain = re.sub(r"`([\w-]+)`", r'"\1"', words).replace("`", "")
    return f"{plain[:1].upper()}{plain[1:]}" + ("" if plain.endswith((".", "…")) else ".")
