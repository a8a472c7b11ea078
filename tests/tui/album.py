"""Pictures of one state of the app, at every size and in every theme, compared with those that were kept.

To compare, to update and to report is left to syrupy and pytest-textual-snapshot; what is ours is that one
run of the app is taken from many sides, and that a kept picture is named after the screen that it shows.
"""

import inspect
import pickle
import re
from typing import Any

import pytest
from pytest_textual_snapshot import PseudoApp, PseudoConsole, SVGImageExtension, node_to_report_path
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from lrcards.tui.themes import ROUND

SIZES = ((80, 24), (140, 45), (200, 60))
EVERY_SIDE = {f"{width}x{height}-{theme}" for width, height in SIZES for theme in ROUND}
"""What the names of a screen's pictures end in, from the smallest in the dark on."""


class Picture(SVGImageExtension):
    """A picture as SVG, without what Rich repeats for each run of characters and no viewer needs."""

    def serialize(self, *args: Any, **kwargs: Any) -> Any:
        """Return what is kept, a third smaller and to the eye the same."""
        svg = super().serialize(*args, **kwargs)
        svg = re.sub(r'<clipPath id="terminal-line-\d+">.*?</clipPath>\s*', "", svg, flags=re.DOTALL)
        svg = re.sub(r' clip-path="url\(#terminal-line-\d+\)"', "", svg)
        svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
        svg = svg.replace(' shape-rendering="crispEdges"', "").replace("&#160;", "\u00a0")
        return svg.replace("<style>", "<style>\n    rect { shape-rendering: crispEdges; }", 1)


class Album:
    """The pictures that one test takes.

    Attributes:
        different: the names of those that are not as the kept ones.
    """

    def __init__(self, snapshot: SnapshotAssertion, node: pytest.Function) -> None:
        self._kept = snapshot.use_extension(Picture)
        self._node = node
        self.different: list[str] = []

    def add(self, name: str, svg: str) -> None:
        """Compare a picture with the kept one, or keep it if asked to; a difference goes into the report."""
        kept = self._kept(name=name)
        is_same = bool(kept == svg)
        if not is_same:
            self.different.append(name)
        result = next(reversed(kept.executions.values()))
        console = Console(legacy_windows=False, force_terminal=True)
        path, line, test = self._node.reportinfo()
        entry = (
            is_same,
            "" if is_same else str(result.recalled_data or ""),
            "" if is_same else svg,
            PseudoApp(PseudoConsole(console.legacy_windows, console.size)),
            path,
            line,
            f"{test} {name}",
            inspect.getdoc(self._node.function) or "",
            "",
            result.recalled_data is not None,
        )
        report = node_to_report_path(self._node)
        report.with_name(f"{report.name}_{name}").write_bytes(pickle.dumps(entry))
