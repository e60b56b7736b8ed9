"""Weights against closed forms: a normal posterior without one of its figures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nostoi.base.errors import NostoiError
from nostoi.study.reweight import Rows, quantiles, smoothed

RNG = np.random.default_rng(7)
N = 40_000


def normal_rows(figures: list[float], sd: float) -> tuple[np.ndarray, Rows]:
    """Exact draws of a mean with prior N(0, 1) and figures N(mean, sd), as of a fit."""
    precision = 1.0 + len(figures) / sd**2
    centre = sum(figures) / sd**2 / precision
    draws = centre + RNG.standard_normal(N) / np.sqrt(precision)
    likelihood = -0.5 * ((np.array(figures) - draws[:, None]) / sd) ** 2
    names = tuple(f"p{k}" for k in range(len(figures)))
    return draws, Rows(names, names, names, likelihood, -0.5 * draws**2)


def moments(draws: np.ndarray, share: np.ndarray) -> tuple[float, float]:
    mean = float(share @ draws)
    return mean, float(np.sqrt(share @ (draws - mean) ** 2))


def test_a_figure_left_out_gives_the_exact_posterior_without_it() -> None:
    figures, sd = [0.4, 0.9, 1.3, -0.2], 1.0
    draws, rows = normal_rows(figures, sd)
    weights = rows.without(["p2"])
    precision = 1.0 + 3 / sd**2
    mean, spread = moments(draws, weights.share)
    assert mean == pytest.approx((0.4 + 0.9 - 0.2) / precision, abs=0.02)
    assert spread == pytest.approx(precision**-0.5, rel=0.02)
    assert weights.trusted


@pytest.mark.parametrize(
    ("likelihood", "prior"), [(0.8, 1.0), (1.25, 1.0), (1.0, 0.8), (1.0, 1.25)]
)
def test_powers_give_the_exact_posterior(likelihood: float, prior: float) -> None:
    figures, sd = [0.4, 0.9, 1.3], 0.8
    draws, rows = normal_rows(figures, sd)
    mean, spread = moments(draws, rows.powered(likelihood, prior).share)
    precision = prior + likelihood * len(figures) / sd**2
    assert mean == pytest.approx(likelihood * sum(figures) / sd**2 / precision, abs=0.02)
    assert spread == pytest.approx(precision**-0.5, rel=0.02)


def test_a_figure_that_carries_all_is_warned_of() -> None:
    draws = RNG.standard_normal(4000) * 0.02 + 3.0
    tight = -0.5 * ((3.0 - draws) / 0.02) ** 2
    rows = Rows(("a",), ("p",), ("o",), tight[:, None], -0.5 * draws**2)
    assert not rows.without(["p"]).trusted


def test_nothing_left_out_weighs_all_draws_alike() -> None:
    draws, rows = normal_rows([0.3, 0.1], 1.0)
    weights = rows.without([])
    assert weights.khat == float("-inf")
    assert np.allclose(weights.share, 1 / N)
    found = quantiles(draws, weights, (0.05, 0.5, 0.95))
    assert np.allclose(found, np.quantile(draws, (0.05, 0.5, 0.95)), atol=2e-3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-30, 30), min_size=1, max_size=400))
def test_weights_are_shares(logs: list[float]) -> None:
    weights = smoothed(np.array(logs))
    assert weights.share.sum() == pytest.approx(1.0)
    assert (weights.share >= 0).all()
    assert 1 - 1e-9 <= weights.ess <= len(logs) + 1e-6


def test_a_tail_index_is_recovered() -> None:
    for shape in (0.3, 0.8):
        logs = np.log((1 - RNG.random(20_000)) ** -shape)
        assert smoothed(logs).khat == pytest.approx(shape, abs=0.12)


def test_an_unknown_publisher_is_refused() -> None:
    _, rows = normal_rows([0.0], 1.0)
    with pytest.raises(NostoiError, match="723"):
        rows.without(["nobody"])
