"""The addresses of a preview, and who may ask for them: nobody but this computer's own browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from handouts.findings import Findings
from handouts.preview import pages
from handouts.preview.beside import Lost, Mistake
from handouts.preview.choice import Choice
from handouts.preview.pictures import PAGE, SHEET
from handouts.preview.products import Shown
from handouts.preview.studio import Event, Studio
from handouts.project import read_named

HOST = "127.0.0.1"
# How many ports are tried after the one that was asked for.
_MOST_TRIED = 50
_ASSETS = Path(__file__).parent / "assets"
_KINDS = {
    "preview.css": "text/css; charset=utf-8",
    "preview.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_DPI = 96
# Seconds between two signs of life to a page that listens, and how long open connections may take to end.
_ALIVE, _PATIENCE = 15.0, 1
_SAFE = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
# A picture whose stamp is in its address never changes; all else is asked for anew.
_FOR_EVER, _NEVER = "private, max-age=31536000, immutable", "no-store"
Ends = Callable[..., Awaitable[None]]


class Guard:
    """Turns away whoever is not this computer's own browser looking at these pages: a site that lets its name lead here
    (the Host header tells), or one that asks behind the back of who looks at it (Origin, Sec-Fetch-Site)."""

    def __init__(self, app: Ends, port: int):
        self._app = app
        self._hosts = {f"{name}:{port}" for name in (HOST, "localhost", "[::1]")}
        if port == 80:
            self._hosts |= {name.rpartition(":")[0] for name in self._hosts}

    async def __call__(self, scope: dict[str, Any], receive: Ends, send: Ends) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def safely(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFE.items():
                    headers[name] = value
                headers.setdefault("cache-control", _NEVER)
            await send(message)

        headers = Headers(scope=scope)
        app = self._app if self._is_known(headers) else PlainTextResponse("This preview is for this computer.\n", 403)
        await app(scope, receive, safely)

    def _is_known(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        return (
            headers.getlist("host") == [headers.get("host")]
            and headers.get("host", "").lower() in self._hosts
            and (origin is None or origin.lower().removeprefix("http://") in self._hosts)
            and headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        )


class Streams:
    """The pages in browsers that listen to events; each has a queue, which ends with None."""

    def __init__(self, studio: Studio):
        self._studio = studio
        self._open: set[asyncio.Queue[Event | None]] = set()

    async def listen(self, choice: Choice) -> AsyncIterator[str]:
        """Events as a browser wants them, from now on."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def tell(event: Event) -> None:
            # Where the server has just ended, nobody listens any more.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(queue.put_nowait, event)

        self._open.add(queue)
        self._studio.listen(tell, choice)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _ALIVE)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event is None:
                    return
                name, told, _ = event
                yield f"event: {name}\ndata: {json.dumps(told)}\n\n"
        finally:
            self._studio.leave(tell)
            self._open.discard(queue)

    def end(self) -> None:
        for queue in self._open:
            queue.put_nowait(None)


def application(studio: Studio, streams: Streams, name: str) -> Starlette:
    """The addresses; `name` is what the project is called."""

    def chosen(request: Request) -> Choice:
        return Choice.of(request.query_params, studio.choices)

    def gallery(request: Request) -> Response:
        choice = chosen(request)
        return HTMLResponse(pages.gallery(choice, studio.choices, studio.gallery(choice), name))

    def product(request: Request) -> Response:
        choice, key = chosen(request), request.path_params["key"]
        keys = [one.key for one in studio.products]
        shown = studio.show(key, choice)
        if shown is None or key not in keys:
            return missing(request)
        place = keys.index(key)
        beside = (keys[place - 1] if place else "", keys[place + 1] if place + 1 < len(keys) else "")
        neighbours = tuple(studio.titled(one, choice) for one in beside)
        view = request.query_params.get("view", pages.SINGLE)
        return HTMLResponse(pages.product(choice, studio.choices, shown, neighbours, view, name))

    def missing(request: Request, error: Exception | None = None) -> Response:
        return HTMLResponse(pages.not_found(chosen(request), studio.choices, name), 404)

    def picture(request: Request) -> Response:
        key, asked = request.path_params["key"], request.query_params
        kind = SHEET if request.url.path.startswith(f"/{SHEET}/") else PAGE
        folds = {one.key for one in studio.products if one.folds}
        pdf, stamp = studio.pdf(key, chosen(request)) if kind == PAGE or key in folds else (b"", "")
        dpi = asked.get("dpi", "")
        dots = int(dpi) if dpi.isascii() and dpi.isdigit() and len(dpi) < 6 else _DPI
        try:
            png = studio.pictures.draw(kind, pdf, stamp, request.path_params["number"], dots) if pdf else None
        except (Findings, Lost, Mistake):
            png = None
        if png is None:
            return PlainTextResponse("There is no such page.\n", 404)
        kept = _FOR_EVER if asked.get("stamp") == stamp else _NEVER
        return Response(png, media_type="image/png", headers={"cache-control": kept})

    def pdf(request: Request) -> Response:
        key, choice = request.path_params["key"], chosen(request)
        data, _ = studio.file(key, choice)
        if not data:
            return missing(request)
        file = quote(Path(studio.show(key, choice, opened=False).file).name)
        how = "attachment" if request.query_params.get("download") else "inline"
        disposition = f"{how}; filename*=utf-8''{file}"
        return Response(data, media_type="application/pdf", headers={"content-disposition": disposition})

    def states(request: Request) -> Response:
        return JSONResponse([_told(one) for one in studio.gallery(chosen(request))])

    def state(request: Request) -> Response:
        shown = studio.show(request.path_params["key"], chosen(request), opened=False)
        return JSONResponse(_told(shown)) if shown else PlainTextResponse("There is no such product.\n", 404)

    async def events(request: Request) -> Response:
        return StreamingResponse(streams.listen(chosen(request)), media_type="text/event-stream")

    def asset(request: Request) -> Response:
        file = request.path_params["name"]
        path = _ASSETS / file
        if file not in _KINDS or path.resolve().parent != _ASSETS.resolve() or not path.is_file():
            return PlainTextResponse("There is no such file.\n", 404)
        return Response(read_named(path), headers={"content-type": _KINDS[file]})

    routes = {
        "/": gallery,
        "/product/{key:path}": product,
        "/picture/{key:path}/{number:int}.png": picture,
        "/sheet/{key:path}/{number:int}.png": picture,
        "/pdf/{key:path}": pdf,
        "/state": states,
        "/state/{key:path}": state,
        "/events": events,
        "/assets/{name}": asset,
    }
    found = [Route(path, endpoint, methods=["GET"]) for path, endpoint in routes.items()]
    return Starlette(routes=found, exception_handlers={404: missing})


def _told(shown: Shown) -> dict[str, object]:
    """A product for programs; boxes of findings are parts of the page's width and height, from its upper left."""
    told = asdict(shown) | {"findings": [finding.record for finding in shown.findings]}
    for record in told["findings"]:
        page = record["page"] or 0
        if record["box"] and 1 <= page <= len(shown.sizes):
            width, height = shown.sizes[page - 1]
            sides = zip(record["box"], (width, height, width, height), strict=True)
            record["box"] = [round(at / side, 5) for at, side in sides]
        else:
            record["box"] = None
    return told


class Server(uvicorn.Server):
    """Serves a studio until it is interrupted. `port` is the one that was found free."""

    def __init__(self, studio: Studio, name: str, port: int):
        """Raises OSError where no port is free from the one that is asked for on; 0 takes any."""
        self._streams = Streams(studio)
        self._app = application(studio, self._streams, name)
        self._socket, self.port = self._bound(port)
        super().__init__(_settings(Guard(self._app, self.port), self.port))

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def _bound(self, port: int) -> tuple[socket.socket, int]:
        last = min(port + _MOST_TRIED, 65536) - 1 if port else 0
        for one in range(port, last + 1):
            bound = socket.socket()
            try:
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                bound.bind((HOST, one))
                return bound, bound.getsockname()[1]
            except OSError:
                bound.close()
                if one == last:
                    raise
        raise OSError(f"{port} is no port")

    def serve_until_interrupted(self, ready: Callable[[], None]) -> None:
        """Raises KeyboardInterrupt when it was; `ready` is called once it answers."""
        self._ready = ready
        self.run(sockets=[self._socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Pages that listen would keep it from ending.
        self._streams.end()
        await super().shutdown(sockets)


def _settings(app: Ends, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        HOST,
        port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_PATIENCE,
    )
