"""The inks and shades that rasters are drawn with, by number; their colours in the app."""

STYLES = {
    "paper": "$foreground",
    "curve": "$foreground 60%",
    "lane-1": "bold $text-primary",
    "lane-2": "bold $text-warning",
    "lane-3": "bold $text-success",
    "lane-4": "bold $text-error",
    "guide": "$foreground 40%",
    "optimum": "bold $text-accent",
    "good": "$text-success",
    "fair": "$text-warning",
    "bad": "$text-error",
}
"""What each ink looks like in the app, in the colours of its theme.

Component classes would say it, too, but Textual matches every one of them with the whole style sheet for
every canvas that is mounted, and the lab would open a fifth more slowly.
"""

INKS = tuple(STYLES)

PAPER, CURVE, LANE_1, LANE_2, LANE_3, LANE_4, GUIDE, OPTIMUM, GOOD, FAIR, BAD = range(len(INKS))
LANES = (LANE_1, LANE_2, LANE_3, LANE_4)

SHADES = 12
"""How many shades there are besides none."""
