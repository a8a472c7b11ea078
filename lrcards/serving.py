"""The app in a browser: a server on this machine whose every page runs the program on the same collection.

textual-serve joins a page to a process; the page is ours, since its own one asks a foreign host for a font.
No other site can lead a browser here: a request has to name this machine, and only our page opens the app.
"""

import asyncio
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from lrcards.errors import LrcardsError

try:
    from aiohttp import web
    from aiohttp.typedefs import Handler
    from textual_serve.server import Server
except ImportError as error:
    raise LrcardsError(
        "The app in a browser needs textual-serve", "Install it: pip install 'lrcards[web]'"
    ) from error

PAGE = Path(__file__).parent / "web"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What the browser holds the page to: it can ask no other host, and no other site can show or read it."""

ENDING = 0.5
"""Seconds that what is under way has when the server is told to end, and open pages after that."""


def listen(host: str, port: int, *, shared: bool) -> socket.socket:
    """Return a socket that listens at a port, 0 for any free one.

    Raises:
        LrcardsError: the host is unknown, or others could reach it though ``shared`` is false, or the port is
            taken.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise LrcardsError(
            f"There is no host {host!r}", "Leave out --host to stay on this machine"
        ) from error
    if not (shared or ip_address(address[0]).is_loopback):
        raise LrcardsError(
            f"Others could reach {host}, and study and change this collection",
            "Add --share if that is what you want",
        )
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise LrcardsError(
            f"Port {port} of {host} cannot be used: {os.strerror(error.errno or 0)}",
            "Choose another with --port, or any free one with --port 0",
        ) from error


def address_of(listening: socket.socket) -> str:
    """Return what to type into a browser."""
    host, port = listening.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = socket.gethostname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def serve(listening: socket.socket, host: str, ready: Callable[[], None]) -> None:
    """Serve the app until Ctrl+C; each page runs a process with this one's environment.

    Args:
        listening: where browsers reach it.
        host: the name that was asked for; a request may be for it.
        ready: called once pages can be opened.
    """

    async def begun(_: web.Application) -> None:
        ready()

    app = application(program(), {"localhost", host, socket.gethostname()})
    app.on_startup.append(begun)
    web.run_app(app, sock=listening, print=None, access_log=None, shutdown_timeout=ENDING)


def program() -> str:
    """Return what the shell needs to run this very program; modules in the current folder do not count."""
    words = [sys.executable, "-P", "-m", "lrcards"]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def application(command: str, names: set[str]) -> web.Application:
    """Return the server's pages.

    Args:
        command: what the shell runs for each page that is opened.
        names: how a request may name this machine, besides by an address.
    """
    server = Server(command)

    @web.middleware
    async def refuse_strangers(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_ours(request.host, names):
            raise web.HTTPForbidden(text=f"This is not {request.host}.")
        own = f"http://{request.host}"
        origin = request.headers.get("Origin", "" if request.path == "/ws" else own)
        if origin != own:
            raise web.HTTPForbidden(text="Another site cannot use lrcards.")
        return await handler(request)

    async def bind(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)

    async def index(_: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html")

    pages: set[asyncio.Task[object] | None] = set()

    async def run(request: web.Request) -> web.WebSocketResponse:
        page = asyncio.current_task()
        pages.add(page)
        try:
            return await server.handle_websocket(request)
        finally:
            pages.discard(page)

    async def end(_: web.Application) -> None:
        for page in filter(None, pages):
            page.cancel()

    app = web.Application(middlewares=[refuse_strangers])
    app.on_response_prepare.append(bind)
    app.on_shutdown.append(end)
    app.add_routes(
        [
            web.get("/", index),
            web.get("/ws", run),
            web.get("/download/{key}", server.handle_download),
            web.static("/page", PAGE),
            web.static("/static", server.statics_path),
        ]
    )
    return app


def is_ours(host: str, names: set[str]) -> bool:
    """Return whether a request's host is an address or one of the names of this machine.

    A site can let its own name lead to 127.0.0.1, but it cannot make the browser ask for another name.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
        if name in {known.lower() for known in names}:
            return True
        ip_address(name)
    except ValueError:
        return False
    return True
