"""The linear recursion: a closed form, the slow way, and the derivative."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from numpy.testing import assert_allclose

from nostoi.base.recursion import by_pairs, run_linear


def test_a_constant_recursion_is_a_geometric_sum() -> None:
    keep, pulled = jnp.full((20, 2, 3), 0.5), jnp.full((20, 2, 3), 3.0)
    found = np.asarray(run_linear(keep, pulled, jnp.zeros((2, 3))))
    wanted = 6.0 * (1.0 - 0.5 ** np.arange(1, 21))
    assert_allclose(found, np.broadcast_to(wanted[:, None, None], found.shape), rtol=1e-14)


def test_values_and_derivatives_are_those_of_pairs() -> None:
    rng = np.random.default_rng(1)
    keep, pulled = rng.uniform(0, 1, (30, 4)), rng.standard_normal((30, 4))
    start, wish = rng.standard_normal(4), rng.standard_normal((30, 4))
    both = []
    for solve in (run_linear, by_pairs):
        value = lambda k, p, s, solve=solve: (wish * solve(k, p, s)).sum()  # noqa: E731
        both.append(jax.value_and_grad(value, argnums=(0, 1, 2))(keep, pulled, jnp.asarray(start)))
    assert_allclose(both[0][0], both[1][0], rtol=1e-12)
    for one, other in zip(both[0][1], both[1][1], strict=True):
        assert_allclose(one, other, rtol=1e-10, atol=1e-12)
