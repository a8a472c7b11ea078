"""Work that would hold up everything else, done in a process of its own that can be stopped.

fsrs-rs keeps Python's interpreter for itself while it fits or simulates, so that not even a thread would let
the screen go on. The two processes speak in pickles over pipes.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from lrcards.errors import LrcardsError

Result = TypeVar("Result")
Report = Callable[[Any], object]
"""Takes what the work tells of its progress."""


PROGRESS, RESULT, MISTAKE = "progress", "result", "mistake"


class StoppedError(Exception):
    """The work was stopped before it was done."""


class Errand(Generic[Result]):
    """One call of a function in a process of its own.

    Args:
        function: a function of a module; it is called with what to report progress to, and the arguments.
        arguments: these and the result can be pickled.
    """

    def __init__(self, function: Callable[..., Result], *arguments: Any) -> None:
        self._job = pickle.dumps((function, arguments))
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self, report: Report) -> Result:
        """Wait for the result, and pass progress on as it comes.

        Raises:
            LrcardsError: what the function raised.
            StoppedError: ``stop`` was called.
        """
        command = [sys.executable, "-m", "lrcards.apart"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as self._process:
            process = self._process
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            if self._is_stopped:
                process.kill()
            try:
                process.stdin.write(self._job)
                process.stdin.close()
                while True:
                    kind, value = pickle.load(process.stdout)
                    if kind == RESULT:
                        return value  # type: ignore[no-any-return]
                    if kind == MISTAKE:
                        what, remedy, path, line = value
                        raise LrcardsError(what, remedy, path=path, line=line)
                    report(value)
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                if self._is_stopped:
                    raise StoppedError from None
                raise RuntimeError(process.stderr.read().decode(errors="replace")) from error

    def stop(self) -> None:
        """End the work, from another thread than the one that waits; what is not committed is not done."""
        self._is_stopped = True
        if self._process is not None:
            self._process.kill()


def main() -> None:
    """Do the job that comes on standard input, and tell of it on standard output."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr

    def tell(kind: str, value: object) -> None:
        pickle.dump((kind, value), answers)
        answers.flush()

    function, arguments = pickle.load(sys.stdin.buffer)
    try:
        result = function(lambda value: tell(PROGRESS, value), *arguments)
    except LrcardsError as error:
        tell(MISTAKE, (error.what, error.remedy, error.path, error.line))
    else:
        tell(RESULT, result)


if __name__ == "__main__":
    main()
