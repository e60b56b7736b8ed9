"""Sums with fixed weights: against a dense product, and their derivative."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nostoi.base.operation import SMALL
from nostoi.base.sums import along, taken


def test_the_loops_are_taken() -> None:
    assert SMALL.available()


def a_case() -> tuple[Any, Any, Any, Any]:
    """Weights [sum, step], a series [step, rule, host], and a column of each axis for each sum."""
    rng = np.random.default_rng(3)
    weights = rng.standard_normal((6, 9)) * (rng.random((6, 9)) < 0.4)
    series = rng.standard_normal((9, 4, 5))
    return weights, series, rng.integers(0, 4, 6), rng.integers(0, 5, 6)


@pytest.mark.parametrize("ours", [True, False], ids=["loops", "gather"])
def test_sums_are_those_of_a_dense_product(ours: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not ours:
        monkeypatch.setattr(SMALL, "_taken", False)
    weights, series, rules, hosts = a_case()
    wanted = np.einsum("rt,tr->r", weights, series[:, rules, hosts])
    assert_allclose(along(weights, series, rules, hosts), wanted, rtol=1e-13)
    assert_allclose(jax.jit(lambda x: along(weights, x, rules, hosts))(series), wanted, rtol=1e-13)
    slope = jax.grad(lambda x: (along(weights, x, rules, hosts) ** 2).sum())(jnp.asarray(series))
    by_hand = np.zeros_like(series)
    for r in range(6):
        by_hand[:, rules[r], hosts[r]] += 2.0 * wanted[r] * weights[r]
    assert_allclose(slope, by_hand, rtol=1e-12, atol=1e-15)


def test_no_sums_and_sums_of_nothing() -> None:
    none = along(np.zeros((0, 3)), np.ones((3, 2)), np.zeros(0, int))
    assert none.shape == (0,)
    assert_allclose(along(np.zeros((2, 3)), np.ones((3, 2)), np.zeros(2, int)), [0.0, 0.0])


def test_many_series_at_once() -> None:
    weights, series, rules, hosts = a_case()
    both = jnp.stack([series, 2.0 * series])
    found = jax.vmap(lambda x: along(weights, x, rules, hosts))(both)
    assert_allclose(found[1], 2.0 * found[0], rtol=1e-13)


def test_loops_of_8_bytes_are_not_taken_where_jax_keeps_to_4() -> None:
    """They would read what belongs to others: sums are those of single precision instead."""
    weights, series, first, second = a_case()
    whole = np.asarray(along(weights, jnp.asarray(series), first, second))
    with jax.enable_x64(False):
        assert not SMALL.available()
        half = np.asarray(along(weights, jnp.asarray(series), first, second))
    assert SMALL.available()
    assert half.dtype == np.float32
    np.testing.assert_allclose(half, whole, rtol=1e-4, atol=1e-4)


def test_what_is_taken_is_what_an_index_takes() -> None:
    """Value and slope, places that are asked for often or never, and an entry without a number."""
    index = np.array([2, 0, 2, 2, 4])
    x, weights = jnp.array([1.0, jnp.nan, 3.0, -2.0, jnp.inf]), jnp.arange(1.0, 6.0)
    assert_array_equal(taken(x, index), np.asarray(x)[index])
    slope = jax.grad(lambda x: (weights * taken(x, index)).sum())(x)
    assert_array_equal(slope, [2.0, 0.0, 1.0 + 3.0 + 4.0, 0.0, 5.0])
    assert taken(x, np.zeros(0, int)).shape == (0,)
