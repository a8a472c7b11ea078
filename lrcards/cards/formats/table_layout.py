"""What the columns of a table of cards are: by header lines, by a heading row, or by their order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lrcards.cards.formats.table_headers import Headers
from lrcards.text import one_line

NAMES = {
    "question": ("question", "front", "term", "text"),
    "answer": ("answer", "back", "definition"),
    "tags": ("tags", "tag"),
    "deck": ("deck",),
    "id": ("id", "guid"),
    "kind": ("kind", "notetype", "note type"),
    "experiment": ("experiment",),
    "ordinals": ("ordinals",),
    "faces": ("faces",),
    "typed": ("typed",),
}
"""What a heading may call each column, in small or capital letters."""

_ROLES = {name: role for role, names in NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column (from 0) is what.

    Attributes:
        roles: the column of each of ``NAMES`` that there is, but for question and answer.
        fields: the columns of a note's text: the question, the answer, and what follows the answer; ``None``
            if all columns without another role are, in their order.
        has_heading: whether the first row only names the columns.
    """

    roles: Mapping[str, int]
    fields: tuple[int, ...] | None = None
    has_heading: bool = False


def is_heading(row: Sequence[str]) -> bool:
    """Return whether a row names the columns: one as the question, and one more, if there are more."""
    roles = [_ROLES.get(one_line(cell).lower()) for cell in row]
    known = [role for role in roles if role]
    return "question" in known and len(set(known)) == len(known) and len(known) >= min(2, len(row))


def layout(headers: Headers, first_row: Sequence[str]) -> Layout:
    """Return what the columns are.

    Header lines count most, then a heading; else the first column is the question, the second the answer and
    the third the tags.
    """
    has_heading = is_heading(first_row)
    names = first_row if has_heading else headers.columns
    named = {
        role: column for column, name in enumerate(names) if (role := _ROLES.get(one_line(name).lower()))
    }
    roles = {**named, **headers.roles}
    text = [roles.pop(role) for role in ("question", "answer") if role in roles]
    if "question" not in named:
        if not roles and not headers.notetype and len(first_row) > 2:
            roles["tags"] = 2
        return Layout(roles, None, has_heading)
    others = (column for column in range(len(names)) if column not in {*text, *roles.values()})
    return Layout(roles, (*text, *others), has_heading)
