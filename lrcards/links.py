"""Files and folders that decks are linked to: what changed in them since they were last imported."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import file_digest, sha256
from pathlib import Path

from lrcards.collection.store import Collection
from lrcards.text import clean

_KEY = "link "
"""What the keys begin with under which a collection keeps its links."""


@dataclass(frozen=True, slots=True)
class Print:
    """By what the files of a link are known to be the same.

    Attributes:
        stamp: of their names, sizes and times; quick to take.
        digest: of their names and contents.
    """

    stamp: str
    digest: str


@dataclass(frozen=True, slots=True)
class Link:
    """A file or folder as it was when it was last imported; ``deck`` is what its notes were put into."""

    path: Path
    deck: str | None
    print: Print


class State(StrEnum):
    """What became of a link."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"


def print_of(path: Path) -> Print:
    """Return the print of a file, or of the decks in a folder."""
    stamp, digest = _stamp(path), sha256()
    for file in _files(path):
        with file.open("rb") as content:
            digest.update(f"{file.relative_to(path)}\0".encode())
            digest.update(file_digest(content, "sha256").digest())
    return Print(stamp, digest.hexdigest())


def state_of(link: Link) -> State:
    """Return what became of a link; its files are read only if their sizes or times changed."""
    try:
        if not link.path.exists():
            return State.MISSING
        same = _stamp(link.path) == link.print.stamp or print_of(link.path).digest == link.print.digest
    except OSError:
        return State.MISSING
    return State.SAME if same else State.CHANGED


@dataclass(frozen=True, slots=True)
class News:
    """What became of links: in a sentence, empty if nothing did, and the first that changed."""

    sentence: str
    changed: Link | None


def news(links: Sequence[Link]) -> News:
    """Return what became of links since they were last imported."""
    states = {link: state_of(link) for link in links}
    told = []
    for state, what in ((State.CHANGED, "Changed"), (State.MISSING, "No longer where it was")):
        names = [clean(link.path.name) for link in links if states[link] is state]
        if names:
            told.append(f"{what}: {', '.join(names)}.")
    changed = next((link for link in links if states[link] is State.CHANGED), None)
    if changed:
        told.append("Press i to look at what it brings.")
    return News(" ".join(told), changed)


def read(collection: Collection) -> list[Link]:
    """Return the links of a collection, by path."""
    links = []
    for key, text in sorted(collection.metas(_KEY).items()):
        data = json.loads(text)
        links.append(Link(Path(key.removeprefix(_KEY)), data["deck"], Print(**data["print"])))
    return links


def remember(collection: Collection, links: Iterable[Link], now: datetime) -> None:
    """Link files or folders, or note that they were imported again."""
    for link in links:
        data = {"deck": link.deck, "print": asdict(link.print)}
        collection.set_meta(f"{_KEY}{link.path}", json.dumps(data, ensure_ascii=False), now)


def forget(collection: Collection, path: Path) -> None:
    """Link a file or folder no more; its notes stay."""
    collection.forget_meta(f"{_KEY}{path}")


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    # A start without a linked folder need not load what reads decks.
    from lrcards.cards.formats.reading import markdown_files

    return list(markdown_files(path)) or sorted(file for file in path.iterdir() if file.is_file())


def _stamp(path: Path) -> str:
    stats = {str(file.relative_to(path)): file.stat() for file in _files(path)}
    seen = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()]
    return sha256(json.dumps(seen).encode()).hexdigest()
