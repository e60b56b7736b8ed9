"""Reports, ground and rivals: who could know what, and when."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from tests.study.arms.conflict import flee_case, reports

from nostoi.base.scores import rescaled_ard
from nostoi.case.space import camp_counts
from nostoi.study.arms.ground import DETOUR, ground_of
from nostoi.study.arms.reports import Reports, Row, reports_of, total_of
from nostoi.study.arms.rivals import by_capacity, held, lagged, last_known, shares_of, split

ROWS = (Row(0, 0, 0.0), Row(20, 25, 800.0), Row(40, 40, 400.0, anew=True), Row(50, 60, 600.0))
ONE = Reports(("x",), dt.date(2030, 1, 1), 70, (ROWS,))


def test_nothing_is_known_before_it_is_out() -> None:
    """A count of day 20 that came out on day 25 is unknown on day 24."""
    assert ONE.as_of(24)[0].persons.tolist() == [0.0]
    assert ONE.as_of(25)[0].persons.tolist() == [0.0, 800.0]
    assert ONE.as_of(59)[0].days.tolist() == [0, 20, 40]


def test_a_new_registration_scales_what_was_known_before() -> None:
    """Once it is out; the figure of the day stays as it was published."""
    assert ONE.as_of(40)[0].persons.tolist() == [0.0, 400.0, 400.0]
    day = ONE.of_the_day()[:, 0]
    assert [day[k] for k in (0, 10, 20, 39, 40, 45, 50, 69)] == [
        0, 400, 800, 800, 400, 500, 600, 600,
    ]  # fmt: skip
    after = ONE.in_hindsight()[:, 0]
    assert [after[k] for k in (10, 20, 39, 40, 45)] == [200, 400, 400, 400, 500]


def test_months_end() -> None:
    """Last days of January and February; the case ends before March does."""
    assert ONE.month_ends(0) == (30, 58)
    assert ONE.month_ends(31) == (58,)


def test_until_drops_what_came_later() -> None:
    """The same courses on every day up to then."""
    cut = reports().until(100)
    for day in (10, 100):
        pairs = zip(cut.as_of(day), reports().as_of(day), strict=True)
        assert all(np.array_equal(a.persons, b.persons) for a, b in pairs)
    assert max(row.out for rows in cut.rows for row in rows) <= 100


def test_reports_of_an_imported_case(tmp_path: Path) -> None:
    """Two files of one camp add up; hindsight is what the importer computes for Flee."""
    case = flee_case(tmp_path)
    found = reports_of(case)
    assert found.camps == ("north", "south")
    assert [(row.day, row.persons, row.anew) for row in found.rows[0]] == [
        (0, 0.0, False), (30, 2000.0, False), (40, 1000.0, True), (60, 1500.0, False),
    ]  # fmt: skip
    assert [(row.day, row.persons) for row in found.rows[1]] == [(0, 100), (10, 110), (31, 520)]
    north = camp_counts(case).persons[:, 0]
    assert np.array_equal(found.in_hindsight()[:, 0], north)
    assert total_of(case)[60] == pytest.approx(1500 + 520)


def test_ground_of_an_imported_case(tmp_path: Path) -> None:
    """Ways by road, longer over a shut border; outbreaks that end; a camp that opens."""
    ground = ground_of(flee_case(tmp_path))
    assert ground.zones == ("alpha", "beta")
    shut, free = ground.km[ground.state[0]], ground.km[ground.state[30]]
    assert free.tolist() == [[180.0, 70.0], [130.0, 220.0]]
    assert shut[0, 0] == 100.0 + DETOUR * 80.0
    assert ground.since[[0, 9, 10, 49, 50]].tolist() == [
        [0, -1],
        [9, -1],
        [10, 0],
        [49, 39],
        [-1, 40],
    ]
    assert ground.is_open[[0, 14, 15]].tolist() == [[True, False], [True, False], [True, True]]


def test_news_go_on_but_nothing_new_is_expected(tmp_path: Path) -> None:
    """On day 5 the first outbreak is expected to last and the second is unknown."""
    ground = ground_of(flee_case(tmp_path))
    assert ground.age(np.array([3, 5, 60]), 5).tolist() == [[3, -1], [5, -1], [60, -1]]
    assert ground.age(np.array([60]), 69).tolist() == [[-1, 50]]


def test_rivals_by_hand() -> None:
    """Totals 10, 20, 40 in shares that change."""
    counts = np.array([[10.0, 0.0], [10.0, 10.0], [10.0, 30.0]])
    assert held(counts, 1).tolist() == [[5.0, 5.0], [10.0, 10.0], [20.0, 20.0]]
    assert by_capacity(counts, [1.0, 3.0])[2].tolist() == [10.0, 30.0]
    late = lagged(counts, 1)
    assert np.isnan(late[0]).all()
    assert late[1:].tolist() == [[20.0, 0.0], [20.0, 20.0]]
    assert np.isnan(shares_of([[0.0, 0.0]])).all()
    assert split(9.0, [1.0, 2.0]).tolist() == [3.0, 6.0]
    assert split(9.0, [0.0, 0.0, 0.0]).tolist() == [3.0, 3.0, 3.0]
    assert last_known(ONE, 30).tolist() == [800.0]
    assert rescaled_ard(held(counts, 1), counts) == pytest.approx((1 + 0 + 0.5) / 3)
