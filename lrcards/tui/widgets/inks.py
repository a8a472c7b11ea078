"""The inks that rasters are drawn with, by number; a canvas or a terminal chooses their colours."""

INKS = ("paper", "curve", "lane-1", "lane-2", "lane-3", "lane-4", "guide", "optimum")

PAPER, CURVE, LANE_1, LANE_2, LANE_3, LANE_4, GUIDE, OPTIMUM = range(len(INKS))
LANES = (LANE_1, LANE_2, LANE_3, LANE_4)
