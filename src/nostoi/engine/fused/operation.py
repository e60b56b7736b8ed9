"""The fused run as a differentiable JAX function."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base import ffi
from nostoi.base.compiled import module_of
from nostoi.engine.fused.layout import (
    BACKWARD_WORK,
    COUNT_AXES,
    FORWARD_WORK,
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


ENTRY = """# loops {mark}
from numba import cfunc
from nostoi.base.ffi import SIGNATURE
from nostoi.engine.fused import handlers

@cfunc(SIGNATURE, cache=True)
def forward(frame):
    return handlers.forward(frame)

@cfunc(SIGNATURE, cache=True)
def backward(frame):
    return handlers.backward(frame)
"""
"""Text of the module that is compiled; it changes with every source that it is made from."""


def _mark() -> str:
    """Hash of the sources of the loops."""
    found = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(ffi.__file__)):
        found.update(path.read_bytes())
    return found.hexdigest()


_once = threading.Lock()


def available() -> bool:
    """Whether XLA takes our compiled loops; compiles them, or reads them from the cache.

    Threads that ask at the same time wait for the first: XLA takes a name only once.
    """
    with _once:
        return _registered()


@cache
def _registered() -> bool:
    module: Any = module_of(ENTRY.format(mark=_mark()), "loops")
    handlers = {FORWARD: module.forward, BACKWARD: module.backward}
    return all(ffi.register(name, handler.address) for name, handler in handlers.items())


def _call(name: str, axes: tuple[str, ...], lengths: dict[str, int], *inputs: Array) -> Any:
    outline = [jax.ShapeDtypeStruct(shape, np.float64) for shape in shapes(axes, lengths)]
    return jax.ffi.ffi_call(name, outline, vmap_method="sequential")(*inputs)


@jax.custom_vjp
def counts_of(moving: Moving, fixed: Fixed) -> Counts:
    """Flows and stocks of all steps; see `layout.py` for the shapes. Needs `available()`."""
    return _forward(moving, fixed)[0]


def _forward(moving: Moving, fixed: Fixed) -> tuple[Counts, Any]:
    axes = COUNT_AXES + STATE_AXES + FORWARD_WORK
    made = _call(FORWARD, axes, sizes(moving, fixed), *moving, *fixed)
    n, last = len(COUNT_AXES), len(COUNT_AXES + STATE_AXES)
    return Counts(*made[:n]), (moving, fixed, States(*made[n:last]))


def _backward(kept: Any, wish: Counts) -> tuple[Moving, Fixed]:
    moving, fixed, states = kept
    inputs = (*moving, *fixed, *states, *wish)
    axes = MOVING_AXES + BACKWARD_WORK
    grad = _call(BACKWARD, axes, sizes(moving, fixed), *inputs)[: len(MOVING_AXES)]
    return Moving(*grad), Fixed(*(jnp.zeros_like(part) for part in fixed))


counts_of.defvjp(_forward, _backward)
