"""Convergence measures against known answers."""

from __future__ import annotations

import importlib
import importlib.util

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special, stats

from nostoi.infer.diagnostics import (
    ebfmi,
    ess_bulk,
    ess_tail,
    judge,
    mcse_mean,
    measure,
    rhat,
)
from nostoi.infer.ess import normal_ranks
from nostoi.infer.gradient import FloatArray

CHAINS, DRAWS = 4, 1000


def autoregressive(rho: float, variables: int, seed: int = 1) -> FloatArray:
    """Stationary AR(1) draws [chain, draw, variable], mean 0 and variance 1."""
    r = np.random.default_rng(seed)
    noise = r.normal(size=(CHAINS, DRAWS, variables))
    x = np.empty_like(noise)
    x[:, 0] = noise[:, 0]
    for t in range(1, DRAWS):
        x[:, t] = rho * x[:, t - 1] + np.sqrt(1 - rho**2) * noise[:, t]
    return x


@pytest.mark.parametrize("rho", [-0.3, 0.0, 0.5, 0.9])
def test_effective_size_of_an_autoregression_is_known(rho: float) -> None:
    x = autoregressive(rho, 60)
    known = CHAINS * DRAWS * (1 - rho) / (1 + rho)
    assert_allclose(np.median(ess_bulk(x)), known, rtol=0.1)
    assert_allclose(np.median(mcse_mean(x)), known**-0.5, rtol=0.1)
    assert np.median(rhat(x)) < 1.02


def test_error_of_the_mean_is_what_means_scatter_by() -> None:
    x = autoregressive(0.7, 400)
    scatter = x.mean(axis=(0, 1)).std()
    assert_allclose(mcse_mean(x).mean(), scatter, rtol=0.12)


@pytest.mark.parametrize("lags", [3, 4, 40, 5000])
def test_short_and_long_correlations_are_the_same_however_they_are_summed(
    lags: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One by one as far as they reach in so many lags, the others by their waves."""
    x = np.concatenate([autoregressive(rho, 8) for rho in (-0.5, 0.0, 0.6, 0.99)], axis=2)
    held = measure(x)
    monkeypatch.setattr("nostoi.infer.ess.NEAR", lags)
    other = measure(x)
    for name in ("rhat", "ess_bulk", "ess_tail"):
        assert_allclose(getattr(other, name), getattr(held, name), rtol=1e-10)


def test_ties_share_the_mean_of_their_ranks() -> None:
    """Against SciPy, for draws of whole numbers, for some ties and for none."""
    r = np.random.default_rng(2)
    x = np.stack([r.poisson(2.0, 240).astype(float), r.normal(size=240), np.ones(240)])
    x[1, 7] = x[1, 100]
    x[1, 5] = x[1, 8] = x[1, 20] = x[1].max() + 1.0
    wanted = special.ndtri((stats.rankdata(x, axis=1) - 0.375) / 240.25)
    assert_allclose(normal_ranks(x.reshape(3, 4, 60)).reshape(3, -1), wanted, atol=1e-12)


def test_a_shifted_chain_and_a_wider_chain_are_seen() -> None:
    x = autoregressive(0.0, 3)
    x[0, :, 1] += 1.0
    x[0, :, 2] *= 4.0
    values = rhat(x)
    assert values[0] < 1.01
    assert (values[1:] > 1.05).all()
    assert ess_bulk(x)[1] < 100
    assert ess_tail(x)[2] < ess_tail(x)[0] / 4


def test_measures_do_not_change_under_a_monotone_map() -> None:
    x = autoregressive(0.5, 4)
    assert_allclose(ess_bulk(x), ess_bulk(np.exp(3 * x)))
    assert_allclose(ess_tail(x), ess_tail(np.exp(3 * x)), rtol=0.01)


def test_constants_stuck_chains_and_infinite_draws() -> None:
    x = autoregressive(0.0, 5)
    x[..., 1] = 3.0
    x[..., 2] = np.arange(CHAINS)[:, None]
    x[0, 7, 3] = np.inf
    x[..., 4] = np.nan
    held = measure(x)
    assert np.isnan(held.rhat[[1, 4]]).all()
    assert np.isinf(held.rhat[[2, 3]]).all()
    assert held.ess_bulk[2] < 2 * CHAINS
    assert held.ess_bulk[3] == 0
    assert np.isfinite(held.rhat[0])


def test_blocks_and_shapes_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    x = autoregressive(0.5, 12)
    whole = measure(x.reshape(CHAINS, DRAWS, 3, 4))
    monkeypatch.setattr("nostoi.infer.diagnostics.BLOCK", 5 * CHAINS * DRAWS)
    for name in ("rhat", "ess_bulk", "ess_tail"):
        values = getattr(whole, name)
        assert values.shape == (3, 4)
        assert_allclose(values.ravel(), getattr(measure(x), name), rtol=1e-12)
    assert_allclose(whole.rhat.ravel(), rhat(x))
    assert ess_bulk(x[:, :, 0]).shape == ()


def test_ebfmi_of_independent_energies_is_two_and_of_a_random_walk_is_small() -> None:
    r = np.random.default_rng(0)
    assert_allclose(ebfmi(r.normal(size=(4, 5000))), 2.0, atol=0.15)
    assert (ebfmi(np.cumsum(r.normal(size=(4, 1000)), axis=1)) < 0.1).all()


def test_a_verdict_names_every_fault() -> None:
    r = np.random.default_rng(0)
    x, energy = autoregressive(0.0, 3), r.normal(size=(CHAINS, DRAWS))
    clean = np.zeros((CHAINS, DRAWS), dtype=bool)
    good = judge([measure(x), measure(np.ones((CHAINS, DRAWS)))], clean, energy)
    assert good.converged
    assert good.reasons == ()
    assert not good.more_would_help
    x[0] += 2.0
    flawed = clean.copy()
    flawed[1, 3] = True
    bad = judge([measure(x)], flawed, np.cumsum(energy, axis=1))
    assert not bad.converged
    assert bad.divergences == 1
    assert [reason.split()[0] for reason in bad.reasons] == ["R-hat", "bulk", "tail", "1", "E-BFMI"]
    assert not bad.more_would_help, "a divergence goes away by no draw"
    apart = judge([measure(x)], clean, energy)
    assert apart.more_would_help
    assert not judge([], clean, energy).converged


def test_agrees_with_arviz() -> None:
    if importlib.util.find_spec("arviz") is None:
        pytest.skip("ArviZ is not installed; it is not a dependency")
    az = importlib.import_module("arviz")
    x = np.exp(autoregressive(0.6, 5))
    data = az.convert_to_dataset({"x": x})
    assert_allclose(rhat(x), az.rhat(data)["x"].values)
    assert_allclose(ess_bulk(x), az.ess(data, method="bulk")["x"].values)
    assert_allclose(ess_tail(x), az.ess(data, method="tail")["x"].values)
