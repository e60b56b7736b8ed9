"""A single look at the camps: no look ahead, who stays, and how newcomers are split."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.study.arms.conflict import CAMPS, DAYS, ground, reports, true_counts
from tests.study.arms.test_arms import FEW, TRUST, disturbed

from nostoi.study.arms.learn import learn
from nostoi.study.arms.onelook import Look, Split, after_a_day, one_look, published, shipped_split
from nostoi.study.arms.reports import Reports, Row

LOOK = 30
CALM = replace(TRUST, scatter_rate=1e-9, anew_chance=0.0)


def test_the_future_cannot_reach_a_single_look() -> None:
    total = true_counts().sum(1)
    plain = one_look(ground(), reports(), total, TRUST, Look(LOOK), FEW)
    other = one_look(*disturbed(150), TRUST, Look(LOOK), FEW)
    seen = plain.days <= 150
    assert plain.days.tolist() == list(range(LOOK + 1, DAYS))
    assert np.array_equal(plain.quantiles[:, seen], other.quantiles[:, seen])
    assert not np.array_equal(plain.quantiles[:, ~seen], other.quantiles[:, ~seen])


def test_with_a_long_memory_newcomers_keep_the_shares_of_the_look() -> None:
    """Nothing fades and nobody errs: the shares of the day of the look for ever."""
    total = np.linspace(1000.0, 9000.0, DAYS)
    seen = np.array([500.0, 300.0, 0.0])
    kept = CALM
    made = one_look(
        ground(), Reports(CAMPS, reports().start, DAYS, ((), (), ())), total, kept,
        Look(LOOK, Split(1.0, 1e12), seen), FEW,
    )  # fmt: skip
    assert np.allclose(made.median, total[made.days, None] * seen / 800.0, rtol=1e-3, atol=0.1)


def test_newcomers_drift_to_where_the_roads_lead() -> None:
    """The quicker what was seen is forgotten, the more of them go where the roads lead."""
    total = np.linspace(1000.0, 9000.0, DAYS)
    far_only = np.array([0.0, 0.0, 1000.0])
    always = replace(ground(), is_open=np.ones((DAYS, 3), np.bool_))
    found = [
        one_look(
            always, reports(), total, TRUST, Look(LOOK, Split(2.0, days), far_only), FEW
        ).median
        for days in (1.0, 100.0, 1e6)
    ]
    west = [float(table[-1, 2]) for table in found]
    assert west[0] < west[1] < west[2]
    assert found[0][-1, 0] > 10.0 * found[2][-1, 0]


def test_those_in_no_report_are_put_where_no_report_has_come() -> None:
    """Two camps were counted on the day itself; whoever is missing is in the third."""
    camp = ((Row(0, 0, 100.0), Row(LOOK, LOOK, 400.0)),) * 2
    some = Reports(CAMPS, reports().start, DAYS, (*camp, (Row(0, 0, 50.0),)))
    total = np.linspace(250.0, 1000.0, DAYS)
    total[LOOK] = 1000.0
    belief = learn(ground(), some, LOOK, TRUST, members=20)
    pull = np.full((20, 3), 1.0 / 3.0)
    assert np.allclose(published(belief, pull, total), [400.0, 400.0, 200.0])
    total[LOOK] = 425.0
    assert np.allclose(published(belief, pull, total), [200.0, 200.0, 25.0])


def test_newcomers_go_by_shares_and_leavers_by_where_people_are() -> None:
    persons, share = np.array([[600.0, 300.0, 0.0]]), np.array([[0.0, 0.5, 0.5]])
    assert np.allclose(after_a_day(persons, 100.0, share), [[600.0, 350.0, 50.0]])
    assert np.allclose(after_a_day(persons, -300.0, share), [[400.0, 200.0, 0.0]])
    assert np.allclose(after_a_day(persons, -2000.0, share), 0.0)


def test_a_look_needs_a_day_after_it() -> None:
    total = true_counts().sum(1)
    with pytest.raises(ValueError, match="no day"):
        one_look(ground(), reports(), total, TRUST, Look(DAYS - 1))


def test_the_shipped_split_is_a_split() -> None:
    assert 0.1 < shipped_split().power < 4.0
    assert shipped_split().days > 0
