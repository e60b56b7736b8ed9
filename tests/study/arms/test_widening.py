"""Wider intervals of the sum of camps: what they learn, and what they leave."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from tests.study.arms.conflict import ground, reports
from tests.study.arms.test_arms import CAPACITY, TRUST

from nostoi.base.normals import normals
from nostoi.base.scores import HUB
from nostoi.study.arms.judge import rounds
from nostoi.study.arms.widening import (
    Widening,
    distance,
    learn_widening,
    shipped_widening,
    widened,
)

PLAIN = np.asarray(norm.ppf(HUB)) * 10.0 + 100.0


def test_what_is_too_sure_by_a_known_factor_is_found_out() -> None:
    """Errors three times as large as believed above the median, twice below: factors 3 and 2."""
    z = normals(1, "widening", 20_000, 1)[:, 0]
    came = 100.0 + 10.0 * np.where(z > 0, 3.0 * z, 2.0 * z)
    apart = [{30: [distance(PLAIN, y) for y in came]}] * 2
    found = learn_widening(apart)
    assert found.above[0] == pytest.approx(3.0, rel=0.03)
    assert found.below[0] == pytest.approx(2.0, rel=0.03)
    wide = widened(PLAIN[None], found)[0]
    inside = (wide[HUB.index(0.1)] <= came) & (came <= wide[HUB.index(0.9)])
    assert inside.mean() == pytest.approx(0.8, abs=0.01)


def test_what_is_wide_enough_is_not_narrowed() -> None:
    assert learn_widening([{30: [0.1, -0.1, 0.2]}]) == Widening((1.0,), (1.0,))


def test_conflicts_count_alike_however_long() -> None:
    """A long calm conflict does not drown a short wild one."""
    found = learn_widening([{30: [0.0] * 1000}, {30: [5.0] * 10}])
    assert found.above == (5.0,)


def test_order_and_zero_hold() -> None:
    wide = widened(PLAIN[None], Widening((50.0,), (2.0,)))[0]
    assert np.all(np.diff(wide) >= 0)
    assert wide.min() == 0.0
    assert wide[HUB.index(0.5)] == PLAIN[HUB.index(0.5)]


def test_only_the_sum_is_widened() -> None:
    plain, wide = (
        rounds(ground(), reports(), TRUST, CAPACITY, members=20, widening=w)
        for w in (None, Widening((2.0, 2.0, 2.0), (2.0, 2.0, 2.0)))
    )
    for a, b in zip(plain, wide, strict=True):
        assert np.array_equal(a.quantiles[..., :-1], b.quantiles[..., :-1])
        assert np.all(np.ptp(b.quantiles[..., -1], axis=1) >= np.ptp(a.quantiles[..., -1], axis=1))


def test_the_shipped_factors_never_narrow() -> None:
    assert min(*shipped_widening().below, *shipped_widening().above) >= 1.0
