"""What was asked of a project and what it answered: the record that tells later whether anything has changed."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

# How questions on what we ship begin.
_OURS = "ours "
# The answer to a question that was answered in two ways: no project answers so.
_TORN = "changed meanwhile"


class Reads:
    """Questions with their answers: hashes, no contents, and no path of the machine.

    A question is "read NAME", answered by the SHA-256 of the bytes and by "" for none; "find NAME", answered by "there"
    or ""; "names FOLDER PATTERN", answered by the SHA-256 of the list; or "today". One on what we ship begins with
    "ours ". `Project.answer` answers them again.
    """

    def __init__(self, notes: dict[str, str] | None = None, kind: str = ""):
        self.notes = {} if notes is None else notes
        self._kind = kind

    def note(self, question: str, answer: str) -> None:
        """Keep an answer. Where it was another before, a file was changed in the middle, and neither will do."""
        question = self._kind + question
        self.notes[question] = answer if self.notes.get(question, answer) == answer else _TORN

    def repeat(self, other: Reads) -> None:
        """Note all that another record holds."""
        for question, answer in other.notes.items():
            self.note(question, answer)

    def told(self) -> dict[str, str]:
        """All that must be asked again: what was read was found too."""
        return {
            question: answer
            for question, answer in self.notes.items()
            if "find " not in question or question.replace("find ", "read ", 1) not in self.notes
        }

    def of_ours(self) -> Reads:
        """The same record, for questions on what we ship."""
        return Reads(self.notes, _OURS)

    @staticmethod
    def on_ours(question: str) -> str:
        """What a question asks of what we ship; "" where it asks the project."""
        return question.removeprefix(_OURS) if question.startswith(_OURS) else ""


def once(size: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A cache for functions of a project and names; it keeps `size` results.

    *Why not `lru_cache` alone:* what a later call gets without reading was read for it too. So the reads of the first
    call are kept beside its result, and noted in the record of each project that asks again.

    The function's first argument is a `handouts.project.Project`, which stands above this module.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.lru_cache(maxsize=size)
        def first(project: Any, *arguments: Any) -> tuple[Any, Reads]:
            reads = Reads()
            return function(replace(project, reads=reads), *arguments), reads

        @functools.wraps(function)
        def again(project: Any, *arguments: Any) -> Any:
            value, reads = first(project, *arguments)
            project.reads.repeat(reads)
            return value

        again.cache_clear = first.cache_clear  # type: ignore[attr-defined]
        return again

    return decorate
