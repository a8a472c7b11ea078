"""Makes the pictures in this folder from the running program: ``python docs/make_pictures.py``."""

import asyncio
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from textual.screen import Screen

from lrcards.descent.presets import PRESETS
from lrcards.desk import Desk
from lrcards.settings import Settings
from lrcards.tui.app import LrcardsApp
from lrcards.tui.screens.lab import LabScreen

PICTURES = Path(__file__).parent / "pictures"
SIZE = (120, 36)
WHEN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LABS = ("three-regimes", "kink", "plateau-drop", "cosine-vs-step", "helicopter", "rosenbrock")


async def take(name: str, keys: list[str], first: str | None = None, theme: str = "textual-dark") -> None:
    """Save a picture of the program after some keys; of the lab on a preset, if one is named."""

    def lab(_: Desk) -> Screen[None]:
        return LabScreen(PRESETS[first or ""])

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(tables={"display": {"theme": theme}})
        app = LrcardsApp(
            lambda: Desk.open(Path(folder) / "collection.db", settings, lambda: WHEN, UTC, Random(0)),
            settings,
            lab if first else None,
        )
        async with app.run_test(size=SIZE) as pilot:
            await pilot.pause(1)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(0.3)
            svg = app.export_screenshot(title="lrcards")
    # The font would be asked of a foreign host; any monospaced one will do.
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
    (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")


async def main() -> None:
    """Take all pictures."""
    await take("home", [])
    await take("study", ["j", "enter", "space"])
    await take("study-light", ["j", "enter", "space"], theme="textual-light")
    for preset in LABS:
        await take(f"lab-{preset}", ["end"], preset)


if __name__ == "__main__":
    asyncio.run(main())
