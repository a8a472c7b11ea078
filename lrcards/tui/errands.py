"""What a screen does in another process while it shows how far that is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import ProgressBar, Static

from lrcards.apart import Errand, StoppedError
from lrcards.errors import LrcardsError


class Running(Vertical):
    """A sentence and a bar while an errand runs; then it is gone. To take it away stops the errand.

    Args:
        doing: what is being done.
        steps: how far the errand counts.
        function, arguments: as ``Errand`` takes them.
    """

    DEFAULT_CSS = """
    Running { height: auto; padding: 1 2; }
    Running Static { height: auto; }
    """

    @dataclass
    class Done(Message):
        """The result is there."""

        result: Any

    @dataclass
    class Progress(Message):
        """So many steps are done."""

        steps: int

    @dataclass
    class Refused(Message):
        """It could not be done."""

        reason: str

    def __init__(self, doing: str, steps: int, function: Callable[..., Any], *arguments: Any) -> None:
        super().__init__()
        self._doing = doing
        self._steps = steps
        self._errand: Errand[Any] = Errand(function, *arguments)

    def compose(self) -> ComposeResult:
        """Lay out the sentence and the bar."""
        yield Static(Content(self._doing))
        yield ProgressBar(total=self._steps, show_eta=False)

    def on_mount(self) -> None:
        """Begin."""
        self.run_worker(self._run, thread=True)

    def on_unmount(self) -> None:
        """Stop, if it is not done."""
        self._errand.stop()

    def _run(self) -> None:
        try:
            self.post_message(self.Done(self._errand.run(self._report)))
        except LrcardsError as error:
            self.post_message(self.Refused(str(error)))
        except StoppedError:
            pass

    def _report(self, steps: int) -> None:
        self.post_message(self.Progress(steps))

    def on_running_progress(self, event: Progress) -> None:
        """Show how far it is."""
        event.stop()
        self.query_one(ProgressBar).update(progress=event.steps)
