"""The app in a browser: whom the server lets in, what its pages ask for, and a sitting in a real browser."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from lrcards.cli import group
from lrcards.errors import LrcardsError

pytest.importorskip("textual_serve", reason="needs the extra: pip install 'lrcards[web]'")

import chromium
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from lrcards import serving

# What names a thing and is not asked for: namespaces, and where the parts of textual.js come from.
NAMESPACES = re.compile(
    r"http://www\.w3\.org/|http://bellard\.org/jslinux/|https://github\.com/chjj/term\.js"
)


@pytest.fixture
async def client(monkeypatch):
    """A browser before the server, which says that it opened the app instead of doing it."""

    async def opened(_server, _request):
        return web.Response(text="opened")

    monkeypatch.setattr(serving.Server, "handle_websocket", opened)
    async with TestClient(TestServer(serving.application("", {"localhost", "Study-Room"}))) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "study-room", "[::1]:80", "192.168.0.7"]
)
async def test_a_request_may_name_this_machine_or_an_address(client, host):
    assert (await client.get("/", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    "host", ["rebound.example", "localhost.rebound.example:8000", "127.0.0.1.nip.io", "[", ""]
)
async def test_a_name_that_a_site_lets_lead_here_is_refused(client, host):
    assert (await client.get("/", headers={"Host": host})).status in (400, 403)


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", None]
)
async def test_only_our_own_page_opens_the_app(client, origin):
    headers = {"Host": "127.0.0.1", **({"Origin": origin} if origin else {})}
    assert (await client.get("/ws", headers=headers)).status == 403


async def test_our_own_page_opens_the_app(client):
    headers = {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:8000"}
    assert await (await client.get("/ws", headers=headers)).text() == "opened"


async def test_no_file_of_the_page_names_another_host(client):
    seen, left = set(), ["/"]
    while left:
        address = left.pop()
        seen.add(address)
        answer = await client.get(address)
        assert answer.status == 200, address
        if address.endswith(".ttf"):
            continue
        text = await answer.text()
        named = re.findall(r"(?:https?|wss?)://\w[^\s\"'`)]*|(?<=[\"'(])//\w+\.\w[^\"')]*", text)
        assert [name for name in named if not NAMESPACES.match(name)] == [], address
        found = re.findall(r"""(?:src|href)="((?!data:)[^"]+)"|url\("?(?:\.\./)?([^")]+)""", text)
        if not address.endswith(".js"):
            left += [f"/{''.join(names)}" for names in found if f"/{''.join(names)}" not in seen]
    assert {"/static/js/textual.js", "/static/fonts/RobotoMono-VariableFont_wght.ttf"} <= seen


async def test_the_browser_is_told_to_ask_no_other_host(client):
    headers = (await client.get("/")).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "http" not in headers["Content-Security-Policy"]


def serve(*arguments):
    return CliRunner().invoke(group, ["serve", *arguments])


@pytest.fixture
def _own_collection(tmp_path, monkeypatch):
    monkeypatch.setenv("LRCARDS_COLLECTION", str(tmp_path / "collection.db"))


@pytest.mark.usefixtures("_own_collection")
def test_others_are_let_in_only_if_it_is_said():
    error = serve("--host", "0.0.0.0", "--port", "0").exception
    assert isinstance(error, LrcardsError)
    assert "Others could reach 0.0.0.0" in str(error)
    assert "--share" in str(error)


@pytest.mark.usefixtures("_own_collection")
def test_sharing_warns(monkeypatch):
    monkeypatch.setattr(serving, "serve", lambda _listening, _host, ready: ready())
    result = serve("--share", "--port", "0")
    assert "can study and change this collection" in result.stderr
    assert f"http://{socket.gethostname()}:" in result.stdout


@pytest.mark.usefixtures("_own_collection")
def test_a_taken_port_is_told_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        error = serve("--port", str(taken.getsockname()[1])).exception
    assert isinstance(error, LrcardsError)
    assert "Choose another with --port" in str(error)


def test_without_the_extra_it_is_told_what_to_install(tmp_path):
    code = "import sys; sys.modules['textual_serve'] = None; from lrcards.cli import main; main()"
    environment = {**os.environ, "LRCARDS_COLLECTION": str(tmp_path / "collection.db")}
    run = subprocess.run(
        [sys.executable, "-c", code, "serve"], capture_output=True, text=True, env=environment, check=False
    )
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "lrcards: The app in a browser needs textual-serve. Install it: pip install 'lrcards[web]'."
    ]


@contextmanager
def served(collection, folder):
    """Serve a collection as a user does, and give the address."""
    command = [sys.executable, "-m", "lrcards", "--collection", str(collection), "serve", "--port", "0"]
    environment = {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=folder) as server:
        try:
            yield re.search(r"http://\S+", server.stdout.readline())[0]
        finally:
            server.terminate()
            assert server.wait() == 0


@pytest.mark.skipif(chromium.PROGRAM is None, reason="needs Chromium on the path")
async def test_a_browser_studies_a_card_and_runs_a_lab(tmp_path):
    collection = tmp_path / 'it\'s $(touch pwned); "mine".db'
    with served(collection, tmp_path) as address:
        async with asyncio.timeout(30), chromium.opened(address, tmp_path / "profile") as page:
            await page.shows("Optimisers")
            await page.press("\r")
            await page.shows("Show answer")
            await page.press(" ")
            await page.shows("Again")
            await page.press("3")
            await page.shows("Show answer")
            await page.press("g")
            await page.shows("Leave")
            await page.press("a")
            await page.shows("playing")
            addresses = page.addresses
    checked = CliRunner().invoke(group, ["--collection", str(collection), "check", "--json"])
    assert json.loads(checked.stdout)["reviews"] == 1
    assert {re.sub(r"^(http|ws)://", "", name).split("/")[0] for name in addresses} == {address[7:-1]}
    assert not (tmp_path / "pwned").exists()
