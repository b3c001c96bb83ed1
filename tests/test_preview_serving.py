"""The addresses of a preview: what is served, to whom, and nothing else."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
from collections.abc import Iterator
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from showing import PATIENCE, Told, ask, served, studio
from trades import copied

from handouts.findings import Finding
from handouts.preview import serving
from handouts.preview.choice import Choice
from handouts.preview.products import FRESH, Shown
from handouts.preview.serving import Server

CARD = "card/baker"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copied(tmp_path_factory.mktemp("served"))
    # One product is enough to be served.
    for kind in ("booklet", "leaflet", "specialty", "topic"):
        shutil.rmtree(root / "templates" / kind, ignore_errors=True)
    return root


@pytest.fixture(scope="module")
def shown(root: Path) -> Iterator[SimpleNamespace]:
    """A preview whose card of the baker is built."""
    with studio(root) as one, served(one) as server, Told(one) as told:
        told.until(CARD, FRESH)
        yield SimpleNamespace(studio=one, server=server, root=root, pdf=root / "output/card/baker.pdf")


@pytest.mark.parametrize("path", ["/", "/product/card/baker", "/product/card/baker?view=spread&paper=a4", "/?brand=no"])
def test_pages_are_served(shown: SimpleNamespace, path: str):
    answer = ask(shown.server, path)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Baker" in answer.body.decode()


def test_a_product_names_its_neighbours(shown: SimpleNamespace):
    page = ask(shown.server, "/product/card/baker").body.decode()
    assert 'href="/product/card/potter' in page


@pytest.mark.parametrize("name", ["preview.css", "preview.js", "icon.svg"])
def test_own_files_are_served(shown: SimpleNamespace, name: str):
    answer = ask(shown.server, f"/assets/{name}")
    assert answer.status == 200
    assert answer.body == (serving._ASSETS / name).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/handouts.toml",
        "/../handouts.toml",
        "/%2e%2e/handouts.toml",
        "/output/card/baker.pdf",
        "/assets/",
        "/assets/pages.py",
        "/assets/gallery.html",
        "/assets/../pages.py",
        "/assets/..%2fpages.py",
        "/assets/%2e%2e%2fpages.py",
        "/assets/..%5cpages.py",
        "/assets//etc/passwd",
        "/pdf/../../handouts.toml",
        "/pdf/%2e%2e%2f%2e%2e%2fhandouts.toml",
        "/pdf//etc/passwd",
        "/pdf/card/baker.pdf",
        "/pdf/card%00/baker",
        "/pdf/card/../card/baker",
        "/picture/..%2fcard/baker/1.png",
        "/picture/card/baker/0.png",
        "/picture/card/baker/2.png",
        "/picture/card/baker/-1.png",
        "/picture/card/baker/1.pdf",
        "/sheet/card/baker/1.png",
        "/product/card",
        "/product/../card/baker",
        "/state/card/nobody",
        "/" + "x" * 5000,
    ],
)
def test_nothing_else_is_served(shown: SimpleNamespace, path: str):
    answer = ask(shown.server, path)
    assert answer.status == 404
    assert b"Tinkerton" not in answer.body
    assert b"root:" not in answer.body
    assert b"from __future__" not in answer.body


def test_an_encoded_slash_is_a_slash_of_the_name(shown: SimpleNamespace):
    assert ask(shown.server, "/pdf/card%2fbaker").body == shown.pdf.read_bytes()


def test_a_link_among_own_files_is_not_followed(
    shown: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "assets").mkdir()
    (tmp_path / "secret").write_text("hidden", encoding="utf-8")
    (tmp_path / "assets/preview.css").symlink_to(tmp_path / "secret")
    (tmp_path / "assets/icon.svg").write_text("<svg/>", encoding="utf-8")
    monkeypatch.setattr(serving, "_ASSETS", tmp_path / "assets")
    assert ask(shown.server, "/assets/preview.css").status == 404
    assert ask(shown.server, "/assets/icon.svg").body == b"<svg/>"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_this_computer_may_ask(shown: SimpleNamespace, name: str):
    assert ask(shown.server, "/assets/icon.svg", Host=f"{name}:{shown.server.port}").status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "localhost",
        "localhost:1",
        "127.0.0.1:{port}@evil.example",
        "0.0.0.0:{port}",
        "127.0.0.2:{port}",
        "localhost.:{port}",
        "",
    ],
)
def test_a_name_that_is_led_here_is_turned_away(shown: SimpleNamespace, host: str):
    for path in ("/", "/events", "/pdf/card/baker", "/assets/icon.svg", "/nothing"):
        answer = ask(shown.server, path, Host=host.format(port=shown.server.port))
        assert answer.status in (400, 403), path
        assert b"Baker" not in answer.body


def test_two_hosts_or_none_are_turned_away(shown: SimpleNamespace):
    port = shown.server.port
    for head in (b"", b"Host: localhost:%d\r\nHost: evil.example\r\n" % port):
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as plug:
            plug.sendall(b"GET / HTTP/1.0\r\n" + head + b"\r\n")
            assert plug.recv(100).split()[1] in (b"400", b"403")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost:{port}"}, 200),
        ({"Origin": "http://127.0.0.1:{port}", "Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://localhost:{port}"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": "http://localhost:{port}", "Sec_Fetch_Site": "cross-site"}, 403),
    ],
)
def test_another_site_is_turned_away(shown: SimpleNamespace, headers: dict[str, str], status: int):
    told = {name: text.format(port=shown.server.port) for name, text in headers.items()}
    for path in ("/", "/state", "/picture/card/baker/1.png"):
        assert ask(shown.server, path, **told).status == status


@pytest.mark.parametrize("path", ["/", "/state", "/assets/icon.svg", "/picture/card/baker/1.png", "/nothing"])
@pytest.mark.parametrize("host", ["", "evil.example"])
def test_every_answer_is_told_to_stay_in_its_place(shown: SimpleNamespace, path: str, host: str):
    headers = ask(shown.server, path, **({"Host": host} if host else {})).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"]
    assert not [name for name in headers if name.startswith("access-control") or name == "server"]


@pytest.mark.parametrize("path", ["/", "/state", "/pdf/card/baker", "/events", "/assets/preview.js"])
def test_nothing_is_changed_by_asking(shown: SimpleNamespace, path: str):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert ask(shown.server, path, method).status == 405


def test_a_head_has_no_body(shown: SimpleNamespace):
    for path in ("/", "/pdf/card/baker"):
        head, whole = ask(shown.server, path, "HEAD"), ask(shown.server, path)
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.body))


def test_a_picture_is_the_page(shown: SimpleNamespace):
    stamp = shown.studio.show(CARD, Choice()).stamp
    for asked, dots in (("", 96), ("?dpi=48", 48), ("?dpi=1", 24), ("?dpi=9999", 400), ("?dpi=x", 96), ("?dpi=²", 96)):
        answer = ask(shown.server, f"/picture/card/baker/1.png{asked}".replace("²", "%C2%B2"))
        assert answer.headers["content-type"] == "image/png"
        width, height = Image.open(BytesIO(answer.body)).size
        assert abs(width - 4.25 * dots) <= 1
        assert abs(height - 5.5 * dots) <= 1
        assert answer.headers["cache-control"] == "no-store"
    kept = ask(shown.server, f"/picture/card/baker/1.png?stamp={stamp}").headers["cache-control"]
    assert "immutable" in kept
    assert ask(shown.server, "/picture/card/baker/1.png?stamp=other").headers["cache-control"] == "no-store"


def test_the_pdf_is_the_file(shown: SimpleNamespace):
    plain, saved = ask(shown.server, "/pdf/card/baker"), ask(shown.server, "/pdf/card/baker?download=1")
    assert plain.body == saved.body == shown.pdf.read_bytes()
    assert plain.headers["content-type"] == "application/pdf"
    assert plain.headers["content-disposition"] == "inline; filename*=utf-8''baker.pdf"
    assert saved.headers["content-disposition"] == "attachment; filename*=utf-8''baker.pdf"


def test_states_are_told_to_programs(shown: SimpleNamespace):
    told = ask(shown.server, f"/state/{CARD}").json
    assert told == {
        "key": CARD,
        "title": "Baker",
        "format": "card",
        "format_title": "trade card",
        "state": "fresh",
        "pages": 1,
        "sizes": [[306.0, 396.0]],
        "findings": [],
        "stamp": shown.studio.show(CARD, Choice()).stamp,
        "file": shown.pdf.as_posix(),
        "folds": False,
        "sheets": [],
    }
    assert CARD in [one["key"] for one in ask(shown.server, "/state").json]


def test_boxes_are_parts_of_the_page():
    found = (
        Finding("a.pdf", 0, "wide", page=2, box=(10.0, 20.0, 100.0, 40.0)),
        Finding("a.pdf", 0, "far", page=3, box=(10.0, 20.0, 100.0, 40.0)),
        Finding("a.md", 7, "wrong", "mend it"),
    )
    told = serving._told(Shown("a", "A", "a", "a", pages=2, sizes=((50.0, 50.0), (200.0, 80.0)), findings=found))
    assert [one["box"] for one in told["findings"]] == [[0.05, 0.25, 0.5, 0.5], None, None]
    assert told["findings"][2]["line"] == 7
    assert json.loads(json.dumps(told))


@contextlib.contextmanager
def listening(server: Server, query: str = "") -> Iterator[Iterator[str]]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request("GET", f"/events{query}")
        answer = connection.getresponse()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield (line.decode().rstrip() for line in iter(answer.readline, b""))


def test_events_are_told_under_their_choice(shown: SimpleNamespace):
    with listening(shown.server) as lines, listening(shown.server, "?paper=a4") as others:
        assert [next(lines), next(lines)] == ["retry: 1000", ""]
        assert next(others) == "retry: 1000"
        told = {"key": CARD, "state": "building", "stamp": "x", "findings": 0}
        shown.studio._tell(("product", told, Choice()))
        shown.studio._tell(("products", {}, None))
        assert next(line for line in lines if line) == "event: product"
        assert json.loads(next(lines).removeprefix("data: ")) == told
        assert [next(lines), next(lines)] == ["", "event: products"]
        assert next(line for line in others if line) == "event: products"


def test_a_page_that_listens_is_told_that_all_is_well(shown: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(serving, "_ALIVE", 0.01)
    with listening(shown.server) as lines:
        assert next(line for line in lines if line.startswith(":")) == ": still here"


def test_it_ends_while_pages_listen(shown: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    # They are told to end, and not cut off.
    monkeypatch.setattr(serving, "_PATIENCE", 10 * PATIENCE)
    with contextlib.ExitStack() as pages:
        with served(shown.studio) as server:
            lines = [pages.enter_context(listening(server)) for _ in range(3)]
            assert all(next(one) == "retry: 1000" for one in lines)
        # Each ends, whatever was told before.
        assert [list(one)[-1] for one in lines] == [""] * 3


def test_a_port_that_is_taken_is_left_alone(shown: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    taken = shown.server.port
    with served(shown.studio, taken) as second:
        assert taken < second.port < taken + 50
        assert ask(second, "/assets/icon.svg").status == 200
    monkeypatch.setattr(serving, "_MOST_TRIED", 1)
    with pytest.raises(OSError):
        Server(shown.studio, "Trades", taken)
