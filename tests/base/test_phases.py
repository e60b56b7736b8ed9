"""Phases of days since the move: they never smear, and thresholds follow the ages exactly."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from nostoi.base.calendar import Clock, Floats, make_clock
from nostoi.base.phases import RULE_DAYS, Phases

START = date(2030, 1, 1)
DEFAULT = Phases(4, 4, 14)


def weeks(n: int, step_days: int = 7) -> Clock:
    """A clock of n whole weeks."""
    return make_clock(START, START + timedelta(days=7 * n - 1), step_days)


def follow(phases: Phases, clock: Clock, arrivals: Floats) -> Floats:
    """Persons by phase at the end of each step, before they pass on; [step, phase]."""
    passing, cells, seen = phases.moves(clock), np.zeros(phases.n), []
    for step in range(clock.n):
        cells[0] += arrivals[step]
        seen.append(cells.copy())
        going = cells * passing[step]
        cells = cells - going
        cells[1:] += going[:-1]
    return np.array(seen)


def test_phases_pass_on_at_the_ends_of_weeks_and_blocks() -> None:
    passing = Phases(2, 3, 3).moves(weeks(6))
    np.testing.assert_array_equal(passing[:, :2], 1.0)
    np.testing.assert_array_equal(passing[:, 2], [0, 0, 1, 0, 0, 1])
    np.testing.assert_array_equal(passing[:, 3], [0, 0, 1, 0, 0, 1])
    np.testing.assert_array_equal(passing[:, 4], 0.0)


def test_days_pass_on_at_the_end_of_their_week_only() -> None:
    passing = Phases(2, 2, 2).moves(weeks(4, step_days=1))
    assert np.flatnonzero(passing[:, 0]).tolist() == [6, 13, 20, 27]
    assert np.flatnonzero(passing[:, 2]).tolist() == [13, 27]


def test_typical_days_rise() -> None:
    assert DEFAULT.n == 18
    np.testing.assert_allclose(DEFAULT.days[:6], [7.0 / 3.0, 7.0, 14.0, 21.0, 35.0, 56.0])
    assert (np.diff(DEFAULT.days) > 0).all()


@pytest.mark.parametrize("step_days", [1, 7])
@pytest.mark.parametrize("rule", ["any", "3m", "6m", "12m"])
def test_share_above_is_exact_for_a_steady_stream(rule: str, step_days: int) -> None:
    """One arrival a day since the start: at the end of day t, t - threshold of them are above.

    The open last block knows no ages: on single days a quarter of a day's arrivals is early.
    """
    clock = weeks(60, step_days)
    cells = follow(DEFAULT, clock, clock.lengths)
    found = (cells * DEFAULT.above(clock, RULE_DAYS[rule])).sum(1)
    days = np.asarray(clock.edges[1:], float)
    np.testing.assert_allclose(found, np.maximum(days - RULE_DAYS[rule], 0.0), atol=0.26)


@pytest.mark.parametrize("week", range(8))
def test_a_wave_of_one_week_keeps_its_shape(week: int) -> None:
    """All of them stay together until the open block; nobody is ahead, nobody is left behind."""
    clock = weeks(60)
    wave = np.zeros(clock.n)
    wave[week] = 1.0
    cells = follow(DEFAULT, clock, wave)
    assert set(np.unique(cells)) <= {0.0, 1.0}
    assert (cells.sum(1)[week:] == 1.0).all()


def ramp(phases: Phases, week: int) -> tuple[float, float]:
    """Oldest possible age (days) of a wave of one week at which nobody yet counts as three
    months, and youngest possible age at which everybody does.
    """
    clock = weeks(40)
    wave = np.zeros(clock.n)
    wave[week] = 1.0
    counted = (follow(phases, clock, wave) * phases.above(clock, RULE_DAYS["3m"])).sum(1)
    oldest = np.asarray(clock.edges[1:]) - 7.0 * week
    return float(oldest[counted <= 0][-1]), float(oldest[counted >= 1][0]) - 7.0


@pytest.mark.parametrize("week", range(4))
def test_single_weeks_count_a_wave_between_day_91_and_98(week: int) -> None:
    """Nobody while all are younger than 91 days, everybody once all have 98 days."""
    assert ramp(Phases(20, 1, 4), week) == (91.0, 98.0)


def test_blocks_count_a_wave_within_a_block_of_the_threshold() -> None:
    """With blocks of four weeks the persons of a block are taken to be spread over it: a wave of
    one week may start to count three weeks early, or end to count three weeks late.
    """
    ramps = [ramp(DEFAULT, week) for week in range(4)]
    assert ramps == [(91.0, 119.0), (84.0, 112.0), (77.0, 105.0), (70.0, 98.0)]
