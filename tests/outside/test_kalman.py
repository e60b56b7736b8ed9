"""The linear oracle, against the Nile and against statsmodels.

Durbin and Koopman (2012) fit a local level to the yearly flow of the Nile, 1871-1970: variances
15,099 and 1,469.1. Published log-likelihoods differ by their treatment of the unknown first
level: -632.5377 with the start Normal(0, 10^6) and the first year left out (statsmodels'
default), -632.5456 with an exactly diffuse start.
"""

import numpy as np
import pytest
from scipy.optimize import minimize

from nostoi.infer.kalman import Linear, kalman_filter, kalman_smooth, local_level

statsmodels = pytest.importorskip("statsmodels.api")

NOISE, DRIFT = 15_099.0, 1_469.1


@pytest.fixture(scope="module")
def nile() -> np.ndarray:
    """Yearly volume at Aswan, 10^8 cubic metres [time]."""
    return np.asarray(statsmodels.datasets.nile.load_pandas().data["volume"], float)


def test_likelihood_of_the_nile(nile: np.ndarray) -> None:
    """Both conventions."""
    wide = kalman_filter(local_level(NOISE, DRIFT, nile[0], wide=1e6), nile[:, None])
    assert wide.terms[1:].sum() == pytest.approx(-632.5377, abs=5e-5)
    exact = kalman_filter(local_level(NOISE, DRIFT, nile[0]), nile[1:, None])
    assert exact.loglik == pytest.approx(-632.5456, abs=5e-5)


def test_likelihood_peaks_where_the_book_says(nile: np.ndarray) -> None:
    """Maximum likelihood with the exactly diffuse start: 15,099 and 1,469."""

    def loss(logs: np.ndarray) -> float:
        noise, drift = np.exp(logs)
        return -kalman_filter(local_level(noise, drift, nile[0]), nile[1:, None]).loglik

    best = minimize(loss, np.log([10_000.0, 2_000.0]), method="Nelder-Mead", tol=1e-7)
    noise, drift = np.exp(best.x)
    assert noise == pytest.approx(NOISE, abs=1.0)
    assert drift == pytest.approx(DRIFT, abs=0.5)


def test_equals_statsmodels(nile: np.ndarray) -> None:
    """Likelihood and smoothed level, also with two spells of missing years."""
    gaps = nile.copy()
    gaps[20:40] = gaps[60:80] = np.nan
    for series in (nile, gaps):
        theirs = statsmodels.tsa.UnobservedComponents(series, "llevel")
        smoothed = theirs.smooth([NOISE, DRIFT])
        model = local_level(NOISE, DRIFT, series[0], wide=1e6)
        terms = kalman_filter(model, series[:, None]).terms
        mean, cov = kalman_smooth(model, series[:, None])
        assert terms[1:].sum() == pytest.approx(smoothed.llf, abs=1e-8)
        np.testing.assert_allclose(mean[:, 0], smoothed.smoothed_state[0], rtol=1e-8)
        np.testing.assert_allclose(cov[:, 0, 0], smoothed.smoothed_state_cov[0, 0], rtol=1e-7)


def test_equals_the_joint_normal() -> None:
    """Two states, two series, partly missing: the likelihood of one big normal vector."""
    random = np.random.default_rng(3)
    model = Linear(
        step=np.array([[0.9, 0.1], [0.0, 0.8]]),
        watch=np.array([[1.0, 0.0], [1.0, 1.0]]),
        shock_cov=np.diag([0.3, 0.1]),
        noise_cov=np.array([[0.2, 0.05], [0.05, 0.4]]),
        mean=np.array([1.0, -1.0]),
        cov=np.eye(2),
    )
    length = 6
    observed = random.normal(size=(length, 2))
    observed[2, 0] = observed[4] = np.nan
    mean, cov = joint_normal(model, length)
    there = ~np.isnan(observed).ravel()
    surprise = observed.ravel()[there] - mean[there]
    spread = cov[np.ix_(there, there)]
    expected = -0.5 * (
        surprise @ np.linalg.solve(spread, surprise) + np.linalg.slogdet(2.0 * np.pi * spread)[1]
    )
    assert kalman_filter(model, observed).loglik == pytest.approx(expected, abs=1e-10)
    with pytest.raises(ValueError, match="series"):
        kalman_filter(model, observed[:, :1])


def joint_normal(model: Linear, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of all observations at once."""
    powers = [np.linalg.matrix_power(model.step, k) for k in range(length)]
    own = [model.cov]
    for _ in range(length - 1):
        own.append(model.step @ own[-1] @ model.step.T + model.shock_cov)
    blocks = [
        [powers[i - j] @ own[j] if i >= j else own[i] @ powers[j - i].T for j in range(length)]
        for i in range(length)
    ]
    watch = np.kron(np.eye(length), model.watch)
    cov = watch @ np.block(blocks) @ watch.T + np.kron(np.eye(length), model.noise_cov)
    return watch @ np.concatenate([p @ model.mean for p in powers]), cov
