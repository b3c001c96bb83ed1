"""`handouts preview` as it is typed: what it prints, and how it ends."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from trades import change, copied, run

ADDRESS = re.compile(r"preview of trades: http://127\.0\.0\.1:(\d+)/  \(Ctrl-C ends it\)\n")
ROWS = "id,organization,paper\nnorth,North High School,a4\nsouth,,\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(tmp_path)


@contextlib.contextmanager
def previewed(root: Path, *words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "handouts", "preview", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=root, env={**os.environ, **environment}, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def test_ctrl_c_ends_it_with_one_line_while_a_page_listens(root: Path):
    with previewed(root, "--no-open", "--port", "0") as process:
        port = int(ADDRESS.fullmatch(process.stdout.readline())[1])
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", "/events")
            stream = connection.getresponse()
            assert stream.readline() == b"retry: 1000\n"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
    assert (out, err, process.returncode) == ("", "interrupted; what was built stays\n", 130)


def test_a_port_that_is_taken_is_told_and_the_next_is_used(root: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with previewed(root, "--no-open", "--port", str(port)) as process:
            told = re.fullmatch(r"port (\d+) is taken; using (\d+)\n", process.stdout.readline())
            assert int(told[1]) == port < int(told[2])
            assert ADDRESS.fullmatch(process.stdout.readline())[1] == told[2]


def test_the_browser_is_opened(root: Path, tmp_path: Path):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened.part\nmv {tmp_path}/opened.part {tmp_path}/opened\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    with previewed(root, "--port", "0", BROWSER=f"{browser} %s") as process:
        port = ADDRESS.fullmatch(process.stdout.readline())[1]
        while not (tmp_path / "opened").exists():
            assert process.poll() is None
    assert (tmp_path / "opened").read_text() == f"http://127.0.0.1:{port}/\n"


def test_rows_can_be_chosen_and_bad_ones_are_told(root: Path):
    change(root, "rows.csv", "", ROWS)
    with previewed(root, "--no-open", "--port", "0", "--editions", "rows.csv") as process:
        port = int(ADDRESS.fullmatch(process.stdout.readline())[1])
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", "/product/card/baker?edition=north")
            page = connection.getresponse().read().decode()
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=60)[1]
    assert 'value="north"' in page
    assert 'value="south"' not in page
    assert err.splitlines()[:-1] == [
        'error: rows.csv:3  the organization is missing · write its name in the column "organization"'
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--editions", "none.csv"], 1, "error: none.csv  this file is not there · check its name, and the folder\n"),
        (["--port", "70000"], 2, "70000 is not in the range 0<=x<=65535"),
        (["--port", "door"], 2, "'door' is not a valid integer range"),
    ],
)
def test_what_cannot_be_begun_is_told(root: Path, words: list[str], code: int, said: str):
    result = run(root, "preview", "--no-open", *words)
    assert result.exit_code == code
    assert said in result.stderr


def test_settings_that_cannot_be_read_are_told(root: Path):
    change(root, "handouts.toml", 'series = "', "series = ")
    result = run(root, "preview", "--no-open", "--port", "0")
    assert result.exit_code == 1
    assert result.stderr.startswith("error: handouts.toml:3  is not valid TOML")
