"""A preview that runs as a command does, and Debian's Chromium that looks at it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No network of its own, and no sandbox, which the superuser of a container cannot have.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
# Milliseconds that anything may take on a busy machine.
PATIENCE = 40_000
expect.set_options(timeout=PATIENCE)


@contextmanager
def previewed(root: Path, *arguments: str) -> Iterator[str]:
    """`handouts preview` in a project's folder: hands out its address, and ends it as Ctrl-C does."""
    command = [sys.executable, "-m", "handouts", "preview", "--no-open", "--port", "0", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (root.parent / "preview.log").open("w+", encoding="utf-8") as errors:
        server = subprocess.Popen(
            command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        )
        try:
            said = next((line for line in server.stdout if "http://" in line), "")
            errors.seek(0)
            assert said, errors.read()
            yield re.search(r"http://[\d.]+:\d+", said)[0]
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            server.stdout.close()
        errors.seek(0)
        assert "Traceback" not in errors.read()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; skips the test where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser is installed: none of {', '.join(NAMES)}")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking(browser: Browser, address: str, noted: str = "", **settings: object) -> Iterator[BrowserContext]:
    """A window of its own at an address. In the end nothing may have gone wrong in it but what is expected to be
    `noted`, and nothing may have been asked of any other place."""
    context = browser.new_context(base_url=address, **{"viewport": DESKTOP, "color_scheme": "light", **settings})
    context.set_default_timeout(PATIENCE)
    asked: set[str] = set()
    wrong: list[str] = []

    def note(request: Request) -> None:
        asked.add(urlsplit(request.url).netloc)

    def follow(page: Page) -> None:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type in ("error", "warning") else None)

    context.on("request", note)
    context.on("page", follow)
    try:
        yield context
    finally:
        context.close()
    assert asked == {urlsplit(address).netloc}, asked
    wrong = [line for line in wrong if not (noted and noted in line)]
    assert not wrong, wrong


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page as it is now: rule and place."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['target']}" for rule in found for node in rule["nodes"]]
