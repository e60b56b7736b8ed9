"""Exponentials of compiled loops: NumPy's, and means of them with their derivative."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numba import njit
from numpy.testing import assert_allclose

from nostoi.base import tilted
from nostoi.base.exponential import exponential, growth
from nostoi.base.operation import SMALL


def _power(x: float) -> float:
    found: float = exponential(x)
    return found


def _grown(x: float) -> float:
    found: float = growth(x)
    return found


power: Any = njit(_power)
grown: Any = njit(_grown)
"""The functions for callers that are not compiled."""


def test_exponentials_are_those_of_numpy() -> None:
    rng = np.random.default_rng(1)
    for x in (0.0, 1e-300, -1e-12, 0.34657, -0.34658, 707.9, -707.9, *rng.uniform(-50, 50, 2000)):
        assert power(float(x)) == pytest.approx(np.exp(x), rel=1e-15)
        assert grown(float(x)) == pytest.approx(np.expm1(x), rel=1e-15, abs=1e-300)


def test_beyond_all_floats_they_stop_and_nan_stays_nan() -> None:
    assert power(1e4) == power(np.inf) == pytest.approx(np.exp(708.0), rel=1e-14)
    assert 0.0 < power(-np.inf) < 1e-300
    assert grown(-np.inf) == -1.0
    assert np.isnan(power(np.nan))
    assert np.isnan(grown(np.nan))


@pytest.mark.parametrize("part", [6, 2])
def test_means_and_derivatives_are_those_of_xla(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a factor for every cell, and with one that holds again and again."""
    rng = np.random.default_rng(2)
    known = rng.standard_normal((3, 7, 6))
    given = (jnp.asarray(0.7), rng.random((3, 6)), rng.standard_normal((7, part)))
    wish = rng.standard_normal((7, 6))

    def value(strength: jax.Array, shares: jax.Array, factor: jax.Array) -> jax.Array:
        found: jax.Array = (wish * tilted.mean_exp(strength, known, shares, factor)).sum()
        return found

    assert SMALL.available()
    both = [jax.value_and_grad(value, argnums=(0, 1, 2))(*given)]
    monkeypatch.setattr(type(SMALL), "available", lambda _self: False)
    both.append(jax.value_and_grad(value, argnums=(0, 1, 2))(*given))
    assert_allclose(both[0][0], both[1][0], rtol=1e-12)
    for one, other in zip(both[0][1], both[1][1], strict=True):
        assert_allclose(one, other, rtol=1e-11, atol=1e-13)


def test_one_band_of_one_share_is_an_exponential() -> None:
    known = np.log(np.arange(1.0, 7.0)).reshape(1, 2, 3)
    found = tilted.mean_exp(jnp.asarray(2.0), known, np.ones((1, 3)), jnp.ones((2, 3)))
    assert_allclose(np.asarray(found).ravel(), np.arange(1.0, 7.0) ** 2, rtol=1e-14)
