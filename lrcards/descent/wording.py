"""Numbers, points and cycles as people write them, for the reasons of a verdict."""

import numpy as np

from lrcards.descent.objectives import Array

# A cycle of more points shows this many.
_MOST_POINTS = 8


def number(value: float, digits: int = 4) -> str:
    """Return a number rounded to some digits: 0.02537, 63000, 1.2e-9, 2.1e37."""
    text = f"{float(value) + 0.0:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text
    return f"{float(text):.0f}" if 0 <= int(exponent) < 6 else f"{mantissa}e{int(exponent)}"


def percent(share: float) -> str:
    """Return a share as a percentage of three digits."""
    return f"{number(100 * share, 3)} %"


def steps(count: int) -> str:
    """Return "1 step", "2 steps" and so on."""
    return f"{count} step{'' if count == 1 else 's'}"


def point(x: Array) -> str:
    """Return a point (d,) by its coordinates, or by its distance from the origin if they are too many."""
    if len(x) > 3:
        return f"a point at a distance of {number(float(np.linalg.norm(x)))} from the origin"
    shown = ", ".join(number(float(coordinate)) for coordinate in x)
    return shown if len(x) == 1 else f"({shown})"


def visits(orbit: Array) -> str:
    """Return how the points (period, d) of a cycle follow each other, the one farthest left first."""
    orbit = np.roll(orbit, -int(orbit[:, 0].argmin()), axis=0)
    if len(orbit) == 2:
        return f"alternates {point(orbit[0])} ↔ {point(orbit[1])}"
    shown = " → ".join(point(each) for each in orbit[:_MOST_POINTS])
    return f"repeats every {len(orbit)} steps: {shown}{' → …' if len(orbit) > _MOST_POINTS else ''}"


def extent(points: Array) -> str:
    """Return the corners of the box around points (n, d)."""
    return f"{point(points.min(axis=0))} and {point(points.max(axis=0))}"
