"""Files that people save, seen as soon as they are saved."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from watchfiles import watch

from handouts.project import FILE, ROOMS

# Milliseconds: changes that follow each other as quickly as the first are told together, but not for longer than the
# second; the third is what is called quiet, and the last how often is looked where the system cannot tell of changes.
_STEP, _LONGEST, _QUIET, _POLL = 3, 200, 300, 300
# Seconds until a folder that is gone is looked for again.
_AGAIN = 0.5


class Watch:
    """Tells of changed files by their project paths: those in the folders that people edit, and `handouts.toml`.

    `tell` gets the names at once; those of folders end in "/", and anything in them may be different. `rest` is called
    when nothing has changed for a while after that. Both are called by a thread of this object.
    """

    def __init__(self, root: Path, tell: Callable[[list[str]], None], rest: Callable[[], None]):
        self.root = root
        self._tell, self._rest = tell, rest
        self._end, self._stop = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._inside, self._top)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        self._end.set()
        self._stop.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(2)

    def _rooms(self) -> dict[Path, int]:
        """The folders that are there, with what tells one from another that takes its place."""
        return _there(*(self.root / name for name in ROOMS))

    def _inside(self) -> None:
        """All that is in the folders; begun anew whenever one of them comes or goes."""
        begun = False
        while not self._end.is_set():
            self._stop.clear()
            rooms, fresh, restless = self._rooms(), begun, False
            for names in self._watched(rooms, True, self._stop):
                if fresh:
                    # What was changed while nobody looked is not known.
                    self._tell([f"{room}/" for room in ROOMS])
                if names:
                    self._tell(names)
                elif restless or fresh:
                    self._rest()
                restless, fresh = bool(names), False
                if self._rooms() != rooms:
                    break
            begun = True
            self._end.wait(0 if self._rooms() else _AGAIN)

    def _top(self) -> None:
        """What lies in the project's own folder."""
        while not self._end.is_set():
            restless, here = False, _there(self.root)
            for names in self._watched(here, False, self._end):
                if FILE in names:
                    self._tell([FILE])
                elif restless:
                    self._rest()
                restless = FILE in names
                if set(ROOMS) & set(names):
                    self._stop.set()
                if _there(self.root) != here:
                    break
            self._stop.set()
            self._end.wait(_AGAIN)

    def _watched(self, folders: Iterable[Path], inside: bool, stop: threading.Event) -> Iterator[list[str]]:
        """The names of what changes in folders, and no names where nothing did for a while; until they are gone."""
        if not folders:
            return
        seen = watch(
            *folders,
            watch_filter=None,
            step=_STEP if inside else 30 * _STEP,
            debounce=_LONGEST,
            stop_event=stop,
            recursive=inside,
            raise_interrupt=False,
            rust_timeout=_QUIET,
            yield_on_timeout=True,
            poll_delay_ms=_POLL,
            ignore_permission_denied=True,
        )
        try:
            for changes in seen:
                paths = sorted({Path(path) for _, path in changes})
                # Hidden files are what editors and systems leave while they save.
                shown = [path for path in paths if not path.name.startswith(".") and path.is_relative_to(self.root)]
                yield [path.relative_to(self.root).as_posix() for path in shown]
        except OSError:
            # A folder went while it was being looked at, and is looked for again.
            return


def _there(*folders: Path) -> dict[Path, int]:
    """Those of some folders that are there, each with the number that the system knows it by."""
    found = {}
    for folder in folders:
        with contextlib.suppress(OSError):
            if folder.is_dir():
                found[folder] = folder.stat().st_ino
    return found
