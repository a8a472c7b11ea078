"""Every key of the program by the place where it works, with the id that a keymap names it by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages

from textual.binding import Binding
from textual.dom import DOMNode

from lrcards import tui


@dataclass(frozen=True, slots=True)
class Bound:
    """One thing that keys do.

    Attributes:
        identifier: its id; what stands before the point is the place.
        keys: the keys by default, separated by commas.
        meaning: what it does.
    """

    identifier: str
    keys: str
    meaning: str

    @property
    def place(self) -> str:
        """The screen, or the part of one, where it works; ``app`` is everywhere."""
        return self.identifier.partition(".")[0]


def bindings() -> list[Bound]:
    """Return every binding, place by place, in the order in which they are written down.

    This imports every screen, which takes a moment.
    """
    found = {
        binding.id: Bound(binding.id, binding.key, binding.tooltip or binding.description)
        for node in _nodes()
        for binding in node.__dict__.get("BINDINGS", ())
        if isinstance(binding, Binding) and binding.id
    }
    places = {bound.place: number for number, bound in enumerate(found.values())}
    first = {"app": -3, "home": -2, "study": -1}
    return sorted(found.values(), key=lambda bound: first.get(bound.place, places[bound.place]))


def unknown(identifiers: Iterable[str]) -> list[str]:
    """Return the ids that no binding has."""
    known = {bound.identifier for bound in bindings()}
    return [identifier for identifier in identifiers if identifier not in known]


def taken_by(bound: Bound, key: str, every: Iterable[Bound], keymap: Mapping[str, str]) -> Bound | None:
    """Return what else a key does where something is bound, or everywhere; ``None`` if it is free there.

    What has a key in common by default, such as showing and rating, keeps sharing it.
    """
    for other in every:
        together = other.place == bound.place or "app" in (other.place, bound.place)
        shares = bool(set(bound.keys.split(",")) & set(other.keys.split(",")))
        taken = keymap.get(other.identifier, other.keys).split(",")
        if other != bound and together and not shares and key in taken:
            return other
    return None


def _nodes() -> Iterator[type[DOMNode]]:
    for module in sorted(each.name for each in walk_packages(tui.__path__, f"{tui.__name__}.")):
        for value in vars(import_module(module)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == module:
                yield value
