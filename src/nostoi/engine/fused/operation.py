"""The fused run as a differentiable JAX function."""

from __future__ import annotations

from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.ffi import register
from nostoi.engine.fused.layout import (
    COUNT_AXES,
    MOVING_AXES,
    STATE_AXES,
    Counts,
    Fixed,
    Moving,
    States,
    shapes,
    sizes,
)

Array = Any
FORWARD, BACKWARD = "nostoi_cohorts_forward", "nostoi_cohorts_backward"


@cache
def available() -> bool:
    """Whether XLA takes our compiled loops; compiles them, or reads them from Numba's cache."""
    from nostoi.engine.fused.handlers import backward, forward

    handlers: tuple[Any, Any] = (forward, backward)
    names = (FORWARD, BACKWARD)
    return all(register(n, h.address) for n, h in zip(names, handlers, strict=True))


def _call(name: str, axes: tuple[str, ...], lengths: dict[str, int], *inputs: Array) -> Any:
    outline = [jax.ShapeDtypeStruct(shape, np.float64) for shape in shapes(axes, lengths)]
    return jax.ffi.ffi_call(name, outline)(*inputs)


@jax.custom_vjp
def counts_of(moving: Moving, fixed: Fixed) -> Counts:
    """Flows and stocks of all steps; see `layout.py` for the shapes. Needs `available()`."""
    return _forward(moving, fixed)[0]


def _forward(moving: Moving, fixed: Fixed) -> tuple[Counts, Any]:
    made = _call(FORWARD, COUNT_AXES + STATE_AXES, sizes(moving, fixed), *moving, *fixed)
    n = len(COUNT_AXES)
    return Counts(*made[:n]), (moving, fixed, States(*made[n:]))


def _backward(kept: Any, wish: Counts) -> tuple[Moving, Fixed]:
    moving, fixed, states = kept
    inputs = (*moving, *fixed, *states, *wish)
    grad = _call(BACKWARD, MOVING_AXES, sizes(moving, fixed), *inputs)
    return Moving(*grad), Fixed(*(jnp.zeros_like(part) for part in fixed))


counts_of.defvjp(_forward, _backward)
