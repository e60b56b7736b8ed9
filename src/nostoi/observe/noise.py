"""How far published figures scatter around what an observer would show on average.

Residuals are Student-t with four degrees of freedom, whose distribution function is algebra:
one wild figure cannot drag an estimate along. A rounded figure, a range or "more than" is an
interval of the same distribution, not a point.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

Array = Any

LOG_NORM = -0.9808292530117262
"""log of Gamma(5/2) / (sqrt(4 pi) Gamma(2)): the t4 density at zero."""

NARROW = 0.005
"""Intervals narrower than this many scales use a second-order rule, wider ones the distribution
function. Where one takes over from the other both are exact to ten digits, so that no step is left.
"""


def t4_log_density(x: Array) -> Array:
    """Log density of the standard t with four degrees of freedom."""
    return LOG_NORM - 2.5 * jnp.log1p(x * x / 4.0)


def t4_share_below(x: Array) -> Array:
    """Distribution function of the standard t with four degrees of freedom.

    0.5 + 0.75 r (1 - r^2 / 3) with r = x / sqrt(4 + x^2), written by q = 1 - |r|: the tail is
    q^2 (3 - q) / 4, which keeps its digits however far out it lies.
    """
    size = jnp.where(x < 0, -x, x)
    root = jnp.sqrt(4.0 + size * size)
    q = 4.0 / (root * (root + size))
    tail = q * q * (3.0 - q) / 4.0
    return jnp.where(x < 0, tail, 1.0 - tail)


def interval_log_mass(low: Array, high: Array) -> Array:
    """Log of the mass of the standard t4 between `low` and `high` (low < high).

    Wide intervals use the distribution function on the side of the tail, where differences
    keep their digits; narrow ones the density in the middle times the width.
    """
    width, middle = high - low, (high + low) / 2.0
    a, b = jnp.where(middle > 0, -high, low), jnp.where(middle > 0, -low, high)
    wide = width > NARROW
    mass = t4_share_below(jnp.where(wide, b, 1.0)) - t4_share_below(jnp.where(wide, a, -1.0))
    spread = 1.0 + middle * middle / 4.0
    bend = -1.25 / spread + 35.0 / 16.0 * (middle / spread) ** 2
    narrow = t4_log_density(middle) + jnp.log(width)
    narrow = narrow + jnp.log1p(bend * jnp.minimum(width, NARROW) ** 2 / 24.0)
    return jnp.where(wide, jnp.log(jnp.maximum(mass, 1e-300)), narrow)


def t4_quantile(share: Array) -> Array:
    """Quantile of the standard t with four degrees of freedom at `share` in (0, 1).

    Closed form (Shaw 2006, Journal of Computational Finance 9:37): with a = 4 u (1 - u),
    x^2 / 4 + 1 = cos(arccos(sqrt a) / 3) / sqrt a.
    """
    root = jnp.sqrt(4.0 * share * (1.0 - share))
    size = 2.0 * jnp.sqrt(jnp.maximum(jnp.cos(jnp.arccos(root) / 3.0) / root - 1.0, 0.0))
    return jnp.sign(share - 0.5) * size


def draw_t4(key: Array, shape: tuple[int, ...]) -> Array:
    """Draws of the standard t with four degrees of freedom, from one uniform number each."""
    return t4_quantile(jax.random.uniform(key, shape, minval=1e-12, maxval=1.0 - 1e-12))
