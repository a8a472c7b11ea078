"""Contrast of colours, and inks that are made to stand out."""

import pytest
from textual.color import BLACK, WHITE, Color

from lrcards.descent.presets import PRESETS
from lrcards.tui.screens.lab import LabScreen
from lrcards.tui.themes import ROUND
from lrcards.tui.widgets.canvas import Canvas
from lrcards.tui.widgets.contrast import LEAST_CONTRAST, contrast, legible
from lrcards.tui.widgets.inks import LANES, SHADES


def test_contrast_is_as_the_standard_has_it():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1
    # The grey that is known as the lightest one for text on white.
    assert contrast(Color.parse("#767676"), WHITE) == pytest.approx(4.54, abs=0.005)


def test_an_ink_that_stands_out_is_left_alone():
    assert legible(Color(200, 0, 0), WHITE) == Color(200, 0, 0)


@pytest.mark.parametrize("paper", [WHITE, BLACK, Color(128, 128, 128), Color(173, 188, 200)])
def test_an_ink_as_pale_as_the_paper_is_made_to_stand_out(paper):
    assert contrast(legible(paper, paper), paper) >= LEAST_CONTRAST


async def test_every_lane_stands_out_on_every_shade_of_every_theme(learner):
    async with learner.at(lambda _: LabScreen(PRESETS["rosenbrock"])) as app:
        for theme in ROUND:
            app.theme = theme
            await learner.settle()
            canvas = app.screen.query_one("#landscape", Canvas)
            for lane in LANES:
                for shade in range(SHADES):
                    style = canvas._style(lane, shade)
                    ink, paper = (Color.from_rich_color(each) for each in (style.color, style.bgcolor))
                    assert contrast(ink, paper) >= LEAST_CONTRAST - 0.05
