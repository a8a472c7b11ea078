"""By how much an interval may be moved, so that cards learnt together do not stay together."""

# (from, to, share): the part of an interval between from and to days may be moved by this share of itself.
RANGES = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


def fuzz(interval: float) -> float:
    """Return by how many days, up or down, an interval in days may be moved.

    Intervals below 2.5 days stay; others move by a day and a share that falls as they grow (Anki's
    ``rslib/src/scheduler/states/fuzz.rs``).
    """
    if interval < RANGES[0][0]:
        return 0.0
    return 1 + sum(share * max(0.0, min(interval, end) - start) for start, end, share in RANGES)
