"""Names with levels, such as ``Maths::Algebra``: decks and tags have them."""

SEPARATOR = "::"


def path_to(name: str) -> tuple[str, ...]:
    """Return the names from the highest level down to this one: ``A``, ``A::B``, ``A::B::C``."""
    parts = name.split(SEPARATOR)
    return tuple(SEPARATOR.join(parts[:depth]) for depth in range(1, len(parts) + 1))


def is_within(name: str, ancestor: str) -> bool:
    """Return whether the name is the ancestor or one of the names below it."""
    return name == ancestor or name.startswith(ancestor + SEPARATOR)
