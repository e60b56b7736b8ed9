"""The loops of `loops.py` as operations of JAX, where XLA takes them."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from pathlib import Path
from typing import Any

import jax
import numpy as np

from nostoi.base import ffi
from nostoi.base.compiled import module_of

Array = Any
NAMES = ("add_up", "spread", "recur", "recur_back")

ENTRY = """# loops {mark}
from numba import cfunc
from nostoi.base.ffi import SIGNATURE
from nostoi.base import loops
"""
HANDLER = """
@cfunc(SIGNATURE, cache=True)
def {name}(frame):
    return loops.on_{name}(frame)
"""
"""Text of the module that is compiled; it changes with every source that it is made from."""


def _text() -> str:
    found = hashlib.sha256()
    for name in ("loops.py", "ffi.py"):
        found.update((Path(__file__).parent / name).read_bytes())
    handlers = (HANDLER.format(name=name) for name in NAMES)
    return ENTRY.format(mark=found.hexdigest()) + "".join(handlers)


_once = threading.Lock()


def available() -> bool:
    """Whether XLA takes our loops; compiles them, or reads them from the cache.

    Threads that ask at the same time wait for the first: XLA takes a name only once.
    """
    with _once:
        return _registered()


@cache
def _registered() -> bool:
    module: Any = module_of(_text(), "loops")
    return all(ffi.register(f"nostoi_{name}", getattr(module, name).address) for name in NAMES)


def call(name: str, shapes: tuple[tuple[int, ...], ...], *inputs: Array) -> Any:
    """Results of a loop, float64, of these shapes. Needs `available()`."""
    outline = [jax.ShapeDtypeStruct(shape, np.float64) for shape in shapes]
    return jax.ffi.ffi_call(f"nostoi_{name}", outline, vmap_method="sequential")(*inputs)
