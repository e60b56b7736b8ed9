"""Weighted sums whose weights never change: as cheap as their entries are few.

XLA has no product of a sparse matrix. As a dense one, the sum over two weeks at one border costs
all weeks at all borders.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from nostoi.base.calendar import Floats
from nostoi.base.operation import SMALL

Array = Any
Whole = NDArray[np.int64]


class Sums(NamedTuple):
    """Sums over places of an array of one axis.

    starts: first entry of each sum, and the number of all, [sum + 1]; places, weights: [entry];
    size: of the array.
    """

    starts: Whole
    places: Whole
    weights: Floats
    size: int

    def of(self, x: Array) -> Array:
        """The sums over x [place]; [sum]."""
        entries, n = (self.starts, self.places, self.weights), len(self.starts) - 1
        if not SMALL.available():
            rows = np.repeat(np.arange(n), np.diff(self.starts))
            return jax.ops.segment_sum(self.weights * jnp.asarray(x)[self.places], rows, n)

        @jax.custom_vjp
        def add_up(x: Array) -> Array:
            return SMALL.call("nostoi_add_up", [(n,)], *entries, x)[0]

        def spread(_: None, wish: Array) -> tuple[Array]:
            return (SMALL.call("nostoi_spread", [(self.size,)], *entries, wish)[0],)

        add_up.defvjp(lambda x: (add_up(x), None), spread)
        return add_up(jnp.asarray(x))


def sums(weights: Floats, places: Whole, size: int) -> Sums:
    """Sums of weights [sum, entry] at places [sum, entry] of an array of `size` numbers.

    What has no weight is left out.
    """
    here = np.asarray(weights) != 0.0
    starts = np.concatenate([[0], np.cumsum(here.sum(1))]).astype(np.int64)
    return Sums(starts, np.asarray(places, np.int64)[here], np.asarray(weights)[here], size)


def along(weights: Floats, series: Array, *columns: Any) -> Array:
    """Sum over steps of weights [sum, step] times one column of series [step, ...] each; [sum].

    `columns`: where that column stands on every axis behind the steps, each [sum].
    """
    steps, axes = len(series), series.shape[1:]
    own = np.ravel_multi_index([np.asarray(column, int) for column in columns], axes)
    places = np.arange(steps) * int(np.prod(axes)) + own[:, None]
    return sums(weights, places, series.size).of(series.reshape(-1))


def taken(x: Array, index: Any) -> Array:
    """Entries of x [place] at places that never change, [entry].

    As a sum of what stands there: the slope of an index is a loop of XLA with a step for each
    entry, that of a sum is one pass.
    """
    here = np.asarray(index)[:, None] == np.arange(np.shape(x)[0])
    return jnp.where(here, x, 0.0).sum(1)
