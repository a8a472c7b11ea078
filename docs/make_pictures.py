"""Makes the pictures in this folder from the running program: ``python docs/make_pictures.py``."""

import asyncio
import re
import tempfile
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from textual.screen import Screen

from lrcards.cards.model import Rating
from lrcards.collection.exams import keep_exam
from lrcards.descent.presets import PRESETS
from lrcards.desk import Desk
from lrcards.settings import Settings
from lrcards.study.exam.exam import Exam
from lrcards.tui.app import LrcardsApp
from lrcards.tui.screens.lab import LabScreen

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SIZE = (120, 36)
WHEN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LABS = ("three-regimes", "kink", "plateau-drop", "cosine-vs-step", "helicopter", "rosenbrock")


DAYS_BEFORE = 45


def live(path: Path) -> None:
    """Study a new collection for some weeks, forgetting one answer in eight, with an exam ahead."""
    chance, now = Random(1), WHEN - timedelta(days=DAYS_BEFORE)
    ratings = [Rating.AGAIN, Rating.HARD, *[Rating.GOOD] * 5, Rating.EASY]
    with Desk.open(path, Settings(), lambda: now, UTC, Random(0)) as desk:
        for _ in range(DAYS_BEFORE):
            sitting = desk.sitting(limit=30)
            while sitting.current is not None:
                now += timedelta(seconds=chance.uniform(4, 20))
                sitting.answer(chance.choice(ratings))
            now = WHEN - (WHEN - now) // timedelta(days=1) * timedelta(days=1)
        exam = Exam("Optimisation", (WHEN + timedelta(days=18)).date(), "deck:*", 15.0)
        keep_exam(desk.collection, exam, WHEN)


async def take(
    name: str,
    keys: list[str],
    first: str | None = None,
    theme: str = "textual-dark",
    *,
    lived: bool = False,
) -> None:
    """Save a picture of the program after some keys.

    Args:
        name: what the file is called.
        keys: what is pressed.
        first: a preset to open the lab on, if any.
        theme: the colours.
        lived: begin with a collection that was studied for some weeks.
    """

    def lab(_: Desk) -> Screen[None]:
        return LabScreen(PRESETS[first or ""])

    with tempfile.TemporaryDirectory() as folder:
        if lived:
            live(Path(folder) / "collection.db")
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
            await app.workers.wait_for_complete()
            await pilot.pause(0.3)
            svg = app.export_screenshot(title="lrcards")
    # The font would be asked of a foreign host; any monospaced one will do.
    svg = re.sub(r"@font-face\s*\{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
    (PICTURES / f"{name}.svg").write_text(svg, encoding="utf-8")


async def main() -> None:
    """Take all pictures."""
    await take("home", [], lived=True)
    await take("study", ["j", "enter", "space"])
    await take("study-light", ["j", "enter", "space"], theme="textual-light")
    await take("statistics", ["s"], lived=True)
    await take("exams", ["x"], lived=True)
    await take("browse", ["slash", *"tag:regimes", "enter", "j"], lived=True)
    for preset in LABS:
        await take(f"lab-{preset}", ["end"], preset)


if __name__ == "__main__":
    # A card tells which file it is from: from the repository's folder, not from that of whoever runs this.
    with chdir(ROOT), patch("lrcards.desk.shipped_decks", return_value=Path("decks")):
        asyncio.run(main())
