"""Drives a headless Chromium by its DevTools protocol, for tests of pages."""

import asyncio
import base64
import itertools
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PROGRAM = next(filter(None, map(shutil.which, NAMES)), None)
OPTIONS = (
    *("--headless=new", "--no-sandbox", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--enable-unsafe-swiftshader", "--remote-debugging-port=0", "--window-size=1100,700"),
)
CONTROLS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")


class Page:
    """A tab, with the addresses that it asked for and what its sockets brought.

    Attributes:
        addresses: every address that was asked for, in order.
        screen: the text that came through the page's sockets, without what only steers the terminal.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, session: str) -> None:
        self._socket, self._session = socket, session
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.addresses: list[str] = []
        self.screen = ""

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command of the protocol and return its result."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json(
            {"id": number, "sessionId": self._session, "method": method, "params": parameters}
        )
        return await answer

    async def listen(self) -> None:
        """Take in what the browser tells, until it ends."""
        async for message in self._socket:
            told = message.json()
            if told.get("id") in self._answers:
                self._answers.pop(told["id"]).set_result(told.get("result", {}))
            self._note(told.get("method"), told.get("params", {}))

    def _note(self, event: str | None, told: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.addresses.append(told["request"]["url"])
        elif event == "Network.webSocketCreated":
            self.addresses.append(told["url"])
        elif event == "Network.webSocketFrameReceived" and told["response"]["opcode"] == 2:
            data = base64.b64decode(told["response"]["payloadData"]).decode("utf-8", "replace")
            self.screen += CONTROLS.sub("", data)

    async def press(self, key: str) -> None:
        """Press a key that types one character."""
        typed = {"key": key, "text": key, "unmodifiedText": key}
        await self.ask("Input.dispatchKeyEvent", type="keyDown", **typed)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def shows(self, text: str) -> None:
        """Wait until a text has come since this was last asked."""
        while text not in self.screen:
            await asyncio.sleep(0.05)
        self.screen = ""


@asynccontextmanager
async def opened(address: str, profile: Path) -> AsyncIterator[Page]:
    """Open a page in a browser of its own."""
    assert PROGRAM
    browser = subprocess.Popen(
        [PROGRAM, *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    listening = None
    try:
        port, path = await _devtools(profile)
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"http://127.0.0.1:{port}{path}", max_msg_size=0) as socket,
        ):
            await socket.send_json({"id": 0, "method": "Target.getTargets"})
            targets = (await socket.receive_json())["result"]["targetInfos"]
            tab = next(target["targetId"] for target in targets if target["type"] == "page")
            attach = {"targetId": tab, "flatten": True}
            await socket.send_json({"id": 0, "method": "Target.attachToTarget", "params": attach})
            page = Page(socket, (await socket.receive_json())["params"]["sessionId"])
            listening = asyncio.create_task(page.listen())
            await page.ask("Network.enable")
            await page.ask("Page.enable")
            await page.ask("Page.navigate", url=address)
            yield page
    finally:
        if listening:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
        browser.kill()
        browser.wait()


async def _devtools(profile: Path) -> tuple[str, str]:
    file = profile / "DevToolsActivePort"
    while not file.exists() or len(file.read_text().split()) < 2:
        await asyncio.sleep(0.05)
    port, path = file.read_text().split()
    return port, path
