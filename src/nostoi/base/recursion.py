"""b[t] = keep[t] b[t - 1] + pulled[t] for all steps."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp

from nostoi.base.operation import SMALL

Array = Any


def run_linear(keep: Array, pulled: Array, start: Array) -> Array:
    """Solution of the recursion from `start` [...]; keep, pulled and solution [step, ...]."""
    if not SMALL.available():
        return by_pairs(keep, pulled, start)
    flat = keep.reshape(len(keep), -1), pulled.reshape(len(pulled), -1), start.reshape(-1)
    return _run(*flat).reshape(pulled.shape)


def by_pairs(keep: Array, pulled: Array, start: Array) -> Array:
    """The same where XLA takes no loops of ours: neighbours are joined again and again."""

    def join(a: Any, b: Any) -> Any:
        return a[0] * b[0], a[1] * b[0] + b[1]

    kept, total = jax.lax.associative_scan(join, (keep, pulled))
    return kept * start + total


@jax.custom_vjp
def _run(keep: Array, pulled: Array, start: Array) -> Array:
    return SMALL.call("nostoi_recur", [jnp.shape(pulled)], keep, pulled, start)[0]


def _forward(keep: Array, pulled: Array, start: Array) -> tuple[Array, Any]:
    solution = _run(keep, pulled, start)
    return solution, (keep, start, solution)


def _backward(kept: Any, wish: Array) -> tuple[Array, Array, Array]:
    keep, start, _ = kept
    shapes = [keep.shape, keep.shape, start.shape]
    by_keep, by_pulled, by_start = SMALL.call("nostoi_recur_back", shapes, *kept, wish)
    return by_keep, by_pulled, by_start


_run.defvjp(_forward, _backward)
