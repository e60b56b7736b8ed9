"""Binomial numbers from one uniform number are exact inversions of the published law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import binom

from nostoi.engine.agents.chance import binomial, deviance, stirling_rest


@pytest.mark.parametrize("n", [30, 77, 1000, 20_000_000])
def test_rest_of_stirling(n: int) -> None:
    plain = gammaln(n + 1) - (n + 0.5) * np.log(n) + n - 0.5 * np.log(2 * np.pi)
    assert stirling_rest(n) == pytest.approx(plain, abs=1e-15 * n * np.log(n))


def test_deviance_near_the_mean() -> None:
    for x, mean in ((30.0, 30.4), (1e6, 1e6 + 0.7), (100.0, 100.0)):
        assert deviance(x, mean) == pytest.approx(x * math.log(x / mean) + mean - x, abs=1e-9)


@pytest.mark.parametrize(
    ("n", "p"), [(5, 0.3), (1000, 1e-3), (400, 0.2), (90, 0.5), (20_000, 0.97), (10**7, 2e-5)]
)
def test_mass_of_every_value(n: int, p: float) -> None:
    """Equally spaced uniforms: each value is found as often as its probability says."""
    m = 4001
    found = np.array([binomial(n, p, (i + 0.5) / m) for i in range(m)])
    values = np.arange(found.min(), found.max() + 1)
    share = np.array([(found == v).mean() for v in values])
    np.testing.assert_allclose(share, binom.pmf(values, n, p), atol=1.01 / m)
    assert binom.pmf(values, n, p).sum() > 1 - 3 / m


@pytest.mark.parametrize(("n", "p", "wanted"), [(0, 0.5, 0), (9, 0.0, 0), (9, 1.0, 9), (9, -1, 0)])
def test_ends(n: int, p: float, wanted: int) -> None:
    assert binomial(n, p, 0.7) == wanted


@pytest.mark.parametrize("u", [1e-300, 1 - 2**-53])
@pytest.mark.parametrize(("n", "p"), [(10, 0.1), (10**8, 0.4), (10**8, 1e-12)])
def test_extremes_of_luck_stay_inside(n: int, p: float, u: float) -> None:
    assert 0 <= binomial(n, p, u) <= n
