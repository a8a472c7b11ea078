"""Colours that stand out against the paper they are drawn on."""

from textual.color import BLACK, WHITE, Color

LEAST_CONTRAST = 3.0
"""What WCAG 2.2 asks of graphics (success criterion 1.4.11)."""


def legible(ink: Color, paper: Color) -> Color:
    """Return an opaque ink, darkened or lightened as far as it takes to stand out against the paper."""
    far = max(BLACK, WHITE, key=lambda end: contrast(end, paper))
    tries = (ink.blend(far, share / 10) for share in range(10))
    return next((colour for colour in tries if contrast(colour, paper) >= LEAST_CONTRAST), far)


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two opaque colours, from 1 to 21, as WCAG 2.2 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
