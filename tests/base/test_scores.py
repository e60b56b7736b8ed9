"""Scores against closed forms and published definitions."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import norm

from nostoi.base.scores import (
    HUB,
    ard,
    bias,
    bias_of_quantiles,
    covered,
    crps_of_ensemble,
    crps_of_quantiles,
    rescaled_ard,
    wis,
    wis_of_logs,
)

numbers = st.floats(-1e6, 1e6)


def crps_of_normal(mean: float, sd: float, y: float) -> float:
    """Closed form (Gneiting and Raftery 2007)."""
    z = (y - mean) / sd
    return float(sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi)))


@pytest.mark.parametrize("y", [-3.0, 0.0, 0.7, 5.0])
def test_crps_of_a_normal(y: float) -> None:
    """An ensemble at the 20,001 middle quantiles of a normal has its closed-form CRPS."""
    levels = (np.arange(20_001) + 0.5) / 20_001
    members = norm.ppf(levels, 1.0, 2.0)
    want = crps_of_normal(1.0, 2.0, y)
    assert float(crps_of_ensemble(members, y)) == pytest.approx(want, rel=2e-4)
    assert float(crps_of_quantiles(levels, members, y)) == pytest.approx(want, rel=2e-4)


def test_crps_of_two_members_by_hand() -> None:
    """Members 1 and 3, figure 2: mean error 1, half the mean difference of pairs 1/2 (fair: 1)."""
    assert float(crps_of_ensemble([1.0, 3.0], 2.0)) == 0.5
    assert float(crps_of_ensemble([1.0, 3.0], 2.0, fair=True)) == 0.0


def test_fair_crps_has_no_bias_of_size() -> None:
    """The mean fair score of samples of five is the score of the normal itself; plain is above."""
    drawn = np.random.default_rng(1).normal(size=(5, 200_000))
    y = np.full(200_000, 0.5)
    want = crps_of_normal(0.0, 1.0, 0.5)
    assert crps_of_ensemble(drawn, y, fair=True).mean() == pytest.approx(want, abs=0.004)
    excess = crps_of_ensemble(drawn, y).mean() - want
    assert excess == pytest.approx(1 / math.sqrt(math.pi) / 5, abs=0.004)


@pytest.mark.parametrize("y", [-0.5, 0.0, 0.3, 1.0, 2.0])
def test_crps_of_quantiles_of_the_uniform_is_exact(y: float) -> None:
    """Uniform on 0..1: y^2 - y + 1/3 inside, and 1/3 and the distance outside."""
    inside = min(max(y, 0.0), 1.0)
    want = inside**2 - inside + 1 / 3 + abs(y - inside)
    assert float(crps_of_quantiles([0.0, 0.4, 1.0], [0.0, 0.4, 1.0], y)) == pytest.approx(want)


@example([0.0, 2.698488721967553e-305], 4852.0)
@given(st.lists(numbers, min_size=1, max_size=6), numbers)
def test_crps_of_steps_is_that_of_the_ensemble(members: list[float], y: float) -> None:
    """Quantiles that jump at k/n are the ensemble: the two formulas agree."""
    x = np.sort(members)
    n = len(x)
    edge = 1e-9
    levels = np.concatenate([[k / n + edge, (k + 1) / n - edge] for k in range(n)])
    values = np.repeat(x, 2)
    size = 1.0 + abs(x).max() + abs(y)
    assert float(crps_of_quantiles(levels, values, y)) == pytest.approx(
        float(crps_of_ensemble(x, y)), abs=1e-6 * size
    )


def test_wis_is_the_sum_of_interval_scores() -> None:
    """Bracher et al. 2021, formula (2): weights w0 = 1/2, wk = alpha/2, over K + 1/2."""
    levels = np.array(HUB)
    values = norm.ppf(levels, 10.0, 3.0)
    y = 18.0
    total = 0.5 * abs(y - values[11])
    for k in range(11):
        low, high, alpha = values[k], values[-1 - k], 2 * levels[k]
        miss = 2 / alpha * max(low - y, 0.0) + 2 / alpha * max(y - high, 0.0)
        total += alpha / 2 * (high - low + miss)
    assert len(levels) == 23
    assert float(wis(levels, values, y)) == pytest.approx(total / 11.5)


def test_wis_by_hand() -> None:
    """Median 5, 50 % interval 4..8, figure 9: (0.5*4 + 0.25*(4 + 4*1)) / 1.5 = 8/3."""
    assert float(wis([0.25, 0.5, 0.75], [4.0, 5.0, 8.0], 9.0)) == pytest.approx(8 / 3)


@given(numbers, numbers)
def test_one_number_scores_its_error(guess: float, y: float) -> None:
    """A forecast that is one number: CRPS and WIS are the absolute error."""
    want = pytest.approx(abs(guess - y), abs=1e-6)
    assert float(crps_of_ensemble([guess, guess], y)) == want
    assert float(crps_of_quantiles([0.1, 0.5], [guess, guess], y)) == want
    assert float(wis([0.1, 0.5, 0.9], [guess] * 3, y)) == want


def test_log_scale() -> None:
    """On the log scale a doubling is log 2, whatever the size."""
    values = np.array([[9.0, 999.0]] * 3)
    assert wis_of_logs([0.1, 0.5, 0.9], values, [19.0, 1999.0]) == pytest.approx(math.log(2))
    with pytest.raises(ValueError, match="not negative"):
        wis_of_logs([0.1, 0.5, 0.9], values - 10.0, [1.0, 1.0])


def test_coverage_and_bias() -> None:
    """Ends count as inside; bias is +1 when all lies above."""
    assert covered([0, 0, 0], [1, 1, 1], [0.0, 1.0, 1.5]) == pytest.approx(2 / 3)
    assert bias([[1.0, 1.0], [2.0, 3.0]], [0.0, 2.0]).tolist() == [1.0, 0.0]


def test_bias_of_quantiles() -> None:
    """Half the mass below: no bias; beyond the ends: fully missed; a flat run: its middle."""
    levels, values = [0.1, 0.5, 0.9], np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0]])
    assert bias_of_quantiles(levels, values, [2.0, 5.0]).tolist() == [0.0, 0.0]
    assert bias_of_quantiles(levels, values, [0.0, 6.0]).tolist() == [1.0, -1.0]
    assert bias_of_quantiles(levels, values, [2.5, 5.0])[0] == pytest.approx(-0.4)


def test_ard_by_hand() -> None:
    """Day 1: (1 + 1)/4, day 2: (2 + 0)/8; scaled to the true totals day 2 errs by 1.6 + 1.6."""
    simulated = [[2.0, 2.0], [2.0, 4.0], [5.0, 5.0]]
    data = [[1.0, 3.0], [4.0, 4.0], [0.0, 0.0]]
    assert ard(simulated, data) == pytest.approx((2 / 4 + 2 / 8) / 2)
    second = (abs(2 * 8 / 6 - 4) + abs(4 * 8 / 6 - 4)) / 8
    assert rescaled_ard(simulated, data) == pytest.approx((2 / 4 + second) / 2)
    assert rescaled_ard([[0.0, 0.0]], [[1.0, 1.0]]) == 1.0


def test_bad_input() -> None:
    """Each misuse is refused in words."""
    with pytest.raises(ValueError, match="do not fit"):
        crps_of_ensemble([[1.0], [2.0]], 1.0)
    with pytest.raises(ValueError, match="two members"):
        crps_of_ensemble([1.0], 1.0, fair=True)
    with pytest.raises(ValueError, match="levels must rise"):
        crps_of_quantiles([0.5, 0.5], [1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match="not fall"):
        crps_of_quantiles([0.1, 0.5], [2.0, 1.0], 1.0)
    with pytest.raises(ValueError, match="do not fit levels"):
        wis([0.1, 0.5, 0.9], [1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match="symmetric"):
        wis([0.1, 0.5], [1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match="must both be"):
        ard([1.0], [1.0])
    with pytest.raises(ValueError, match="nobody"):
        ard([[1.0]], [[0.0]])
