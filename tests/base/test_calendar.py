"""The clock: which days a step holds, and how periods and dates read a series."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nostoi.base.calendar import interpolation, knots, make_clock

START = date(2022, 1, 1)
WEEKLY = make_clock(START, START + timedelta(days=27), 7)
MIXED = make_clock(START, START + timedelta(days=29), 7, [(date(2022, 1, 10), date(2022, 1, 11))])


def test_weeks_and_a_daily_window() -> None:
    """30 days: the second week overlaps the window and is split, the last is cut short."""
    assert WEEKLY.edges == (0, 7, 14, 21, 28)
    assert WEEKLY.week_ends == (True,) * 4
    assert MIXED.edges == (0, 7, 8, 9, 10, 11, 12, 13, 14, 21, 28, 30)
    assert MIXED.week_ends == (True, *(False,) * 6, True, True, True, False)
    assert MIXED.n == 11
    np.testing.assert_array_equal(MIXED.lengths, [7] + [1] * 7 + [7, 7, 2])
    assert MIXED.mids[0] == 3.5
    assert MIXED.mids[-1] == 29.0


def test_daily_clock() -> None:
    clock = make_clock(START, START + timedelta(days=8), 1)
    assert clock.edges == tuple(range(10))
    assert [i for i, closes in enumerate(clock.week_ends) if closes] == [6]


def test_weeks_are_dated_by_their_last_day() -> None:
    assert MIXED.weeks() == tuple(START + timedelta(days=d) for d in (6, 13, 20, 27))


def test_dates_and_days_and_steps() -> None:
    assert MIXED.day(date(2022, 1, 31)) == 30
    assert MIXED.on(30) == date(2022, 1, 31)
    assert MIXED.step(START) == 0
    assert MIXED.step(date(2022, 1, 8)) == 1
    assert MIXED.step(date(2022, 1, 14)) == 7
    assert MIXED.step(date(2021, 12, 1)) == 0
    assert MIXED.step(date(2023, 1, 1)) == 10


def test_window_is_the_share_of_each_step() -> None:
    """3 to 9 January: five of the seven days of week one, and two single days."""
    found = MIXED.window(date(2022, 1, 3), date(2022, 1, 9))
    np.testing.assert_allclose(found[:4], [5 / 7, 1.0, 1.0, 0.0])
    assert found[4:].sum() == 0.0


@settings(max_examples=60, deadline=None)
@given(first=st.integers(0, 29), length=st.integers(0, 29))
def test_window_sums_to_its_days(first: int, length: int) -> None:
    """A flow of one person a day sums to the days of the period inside the clock."""
    last = min(first + length, 29)
    found = MIXED.window(START + timedelta(days=first), START + timedelta(days=last))
    assert (found * MIXED.lengths).sum() == pytest.approx(last - first + 1)


def test_neighbouring_windows_add_up() -> None:
    a = MIXED.window(START, date(2022, 1, 12))
    b = MIXED.window(date(2022, 1, 13), date(2022, 1, 30))
    np.testing.assert_allclose(a + b, 1.0)


def test_days_outside_the_clock_are_not_counted() -> None:
    found = MIXED.window(date(2021, 1, 1), date(2024, 1, 1))
    np.testing.assert_allclose(found, 1.0)
    assert MIXED.window(date(2020, 1, 1), date(2020, 12, 31)).sum() == 0.0


@settings(max_examples=60, deadline=None)
@given(day=st.integers(7, 29))
def test_stock_is_read_between_the_ends_of_steps(day: int) -> None:
    """A stock that equals the day of its evening is read as that day."""
    ends = np.asarray(MIXED.edges[1:], float)
    weights = MIXED.at_end(START + timedelta(days=day - 1))
    assert weights.sum() == pytest.approx(1.0)
    assert weights @ ends == pytest.approx(day)


def test_stock_outside_the_clock_is_held() -> None:
    assert WEEKLY.at_end(date(2021, 1, 1)).tolist() == [1.0, 0.0, 0.0, 0.0]
    assert WEEKLY.at_end(START).tolist() == [1.0, 0.0, 0.0, 0.0]
    assert WEEKLY.at_end(date(2025, 1, 1)).tolist() == [0.0, 0.0, 0.0, 1.0]
    np.testing.assert_allclose(WEEKLY.at_end(START + timedelta(days=16)), [0, 4 / 7, 3 / 7, 0])


@pytest.mark.parametrize("step_days", [0, 2, 30])
def test_odd_steps_are_refused(step_days: int) -> None:
    with pytest.raises(ValueError, match="1 or 7 days"):
        make_clock(START, START + timedelta(days=20), step_days)


def test_a_clock_must_run() -> None:
    with pytest.raises(ValueError, match="after its start"):
        make_clock(START, START, 7)


def test_knots_read_a_straight_line_exactly() -> None:
    weights = knots(MIXED, 10)
    np.testing.assert_allclose(weights.sum(1), 1.0)
    nodes = np.arange(0.0, 30.0 + 10, 10)
    np.testing.assert_allclose(weights @ (3.0 + 2.0 * nodes), 3.0 + 2.0 * MIXED.mids)


def test_interpolation_is_flat_outside_its_nodes() -> None:
    weights = interpolation(np.array([-5.0, 5.0, 25.0]), np.array([0.0, 10.0, 20.0]))
    np.testing.assert_allclose(weights, np.array([[1.0, 0, 0], [0.5, 0.5, 0], [0, 0, 1.0]]))
