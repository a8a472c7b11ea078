"""The inks and shades that rasters are drawn with, by number; whoever shows them chooses the colours."""

INKS = (
    "paper",
    "curve",
    "lane-1",
    "lane-2",
    "lane-3",
    "lane-4",
    "guide",
    "optimum",
    "good",
    "fair",
    "bad",
)

PAPER, CURVE, LANE_1, LANE_2, LANE_3, LANE_4, GUIDE, OPTIMUM, GOOD, FAIR, BAD = range(len(INKS))
LANES = (LANE_1, LANE_2, LANE_3, LANE_4)

SHADES = 12
"""How many shades there are besides none."""
