"""Weighted means of exp(strength x known): strength, weights and a factor are unknown.

XLA writes down every exponential and every derivative of one; here they stay in registers.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from nostoi.base.calendar import Floats
from nostoi.base.operation import SMALL

Array = Any


def mean_exp(strength: Array, known: Floats, shares: Array, factor: Array) -> Array:
    """Sum over bands of shares x exp(strength x known), times factor; [cell, n].

    Args:
        strength: a number.
        known: [band, cell, n].
        shares: [band, n].
        factor: [cell, k]; applied again and again where k is a part of n.
    """
    if not SMALL.available():
        mean = jnp.einsum("bn,bcn->cn", shares, jnp.exp(strength * known))
        return mean * jnp.tile(factor, (1, mean.shape[1] // factor.shape[1]))
    return _mean(jnp.reshape(strength, (1,)), known, shares, factor)


@jax.custom_vjp
def _mean(strength: Array, known: Array, shares: Array, factor: Array) -> Array:
    return SMALL.call("nostoi_mean_exp", [known.shape[1:]], strength, known, shares, factor)[0]


def _forward(*inputs: Array) -> tuple[Array, Any]:
    return _mean(*inputs), inputs


def _backward(kept: Any, wish: Array) -> tuple[Array, None, Array, Array]:
    _, known, shares, factor = kept
    row = known.shape[2:]
    shapes = [(1,), shares.shape, factor.shape, row, row]
    by_strength, by_shares, by_factor, *_ = SMALL.call("nostoi_mean_exp_back", shapes, *kept, wish)
    return by_strength, None, by_shares, by_factor


_mean.defvjp(_forward, _backward)
