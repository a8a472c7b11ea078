import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrcards.tui.widgets.raster import Axis, Raster

UNIT = Axis(0.0, 1.0)


def picture(raster: Raster) -> list[str]:
    return ["".join(piece.text for piece in row) for row in raster.rows()]


def test_an_empty_raster_is_blank():
    assert picture(Raster(3, 2, UNIT, UNIT)) == ["   ", "   "]


def test_a_diagonal_runs_from_the_lower_left_to_the_upper_right():
    raster = Raster(2, 1, UNIT, UNIT)
    raster.line([0, 1], [0, 1], 1)
    assert picture(raster) == ["⡠⠊"]


def test_a_point_outside_is_not_moved_to_the_edge():
    raster = Raster(4, 2, UNIT, UNIT)
    raster.points([2.0, -1.0, 0.5], [0.5, 0.5, 7.0], 1)
    assert picture(raster) == ["    ", "    "]


def test_a_line_to_a_far_point_is_cut_at_the_edge_with_its_slope_kept():
    near, far = Raster(10, 5, UNIT, UNIT), Raster(10, 5, UNIT, UNIT)
    near.line([0, 1], [0, 1], 1)
    far.line([0, 1e12], [0, 1e12], 1)
    assert picture(near) == picture(far)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_non_finite_point_breaks_the_line_and_nothing_else(bad):
    raster = Raster(8, 2, UNIT, UNIT)
    raster.line([0, 0.2, bad, 0.8, 1], [0.5, 0.5, 0.5, 0.5, 0.5], 1)
    row = picture(raster)[1] + picture(raster)[0]
    assert "  " in row
    assert row.strip()


def test_a_marker_off_the_edge_is_an_arrow_that_tells_which_way():
    raster = Raster(5, 3, UNIT, UNIT)
    raster.marker(9, 0.5, "●", 1)
    raster.marker(-9, 0.5, "●", 1)
    raster.marker(0.5, 9, "●", 1)
    raster.marker(0.5, -9, "●", 1)
    assert picture(raster) == ["  ▲  ", "◀   ▶", "  ▼  "]


def test_rows_are_split_where_the_ink_or_the_shade_changes():
    raster = Raster(4, 1, UNIT, UNIT)
    raster.text(1, 0, "ab", 3)
    assert raster.rows() == [[(" ", 0, 0), ("ab", 3, 0), (" ", 0, 0)]]
    raster.shade(np.array([[0, 0, 5, 5]]))
    assert raster.rows() == [[(" ", 0, 0), ("a", 3, 0), ("b", 3, 5), (" ", 0, 5)]]


def test_an_axis_that_cannot_show_a_value_on_a_log_scale_says_nan():
    axis = Axis(1e-3, 1e3, log=True)
    np.testing.assert_allclose(axis.fraction([1e-3, 1, 1e3]), [0, 0.5, 1])
    assert np.isnan(axis.fraction([0.0, -1.0])).all()


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1), st.booleans())
def test_an_axis_around_values_holds_every_finite_one(values, log):
    axis = Axis.around(values, log=log)
    share = axis.fraction([v for v in values if abs(v) <= 1e300 and (v > 0 or not log)])
    assert ((share >= -1e-9) & (share <= 1 + 1e-9)).all()


@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=2, max_size=30))
def test_no_input_makes_drawing_fail_or_warn(points):
    raster = Raster(12, 6, UNIT, UNIT)
    xs, ys = zip(*points, strict=True)
    raster.line(xs, ys, 1)
    raster.points(xs, ys, 2)
    raster.marker(xs[0], ys[0], "x", 3)
    assert all(len(row) == 12 for row in picture(raster))
