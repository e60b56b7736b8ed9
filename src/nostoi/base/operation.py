"""Compiled loops as operations of JAX, where XLA takes them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np

from nostoi.base import ffi
from nostoi.base.compiled import module_of

Array = Any
HERE = Path(__file__).parent
SHARED = (HERE / "ffi.py", HERE / "exponential.py")
"""What all loops are made from."""

ENTRY = """# loops {mark}
from nostoi.base.vectors import cfunc
from nostoi.base.ffi import SIGNATURE
import {module} as loops
"""
HANDLER = """
@cfunc(SIGNATURE, cache=True)
def {name}(frame):
    return loops.{name}(frame)
"""
"""Text of the module that is compiled; it changes with every source that it is made from."""


class Loops:
    """Some loops of one module, which share what they are compiled from."""

    def __init__(
        self, module: str, handlers: Mapping[str, str], sources: Sequence[Path] = ()
    ) -> None:
        """Loops of a module.

        Args:
            module: name of the module that holds the handlers.
            handlers: name of the operation -> handler, a function from a call frame to an error.
            sources: files that the handlers are made from, beside `SHARED`.
        """
        self._module, self._handlers = module, dict(handlers)
        self._sources = (*sources, *SHARED)
        self._once = threading.Lock()
        self._taken: bool | None = None

    def available(self) -> bool:
        """Whether XLA takes the loops; compiles them, or reads them from the cache.

        Never where JAX keeps to 4 bytes a number (`numerics.prepare` was not called): loops of 8
        would read and write what belongs to others.

        Threads that ask at the same time wait for the first: XLA takes a name only once.
        """
        if jax.dtypes.canonicalize_dtype(np.float64) != np.float64:
            return False
        with self._once:
            if self._taken is None:
                self._taken = self._register()
            return self._taken

    def call(self, name: str, shapes: Sequence[tuple[int, ...]], *inputs: Array) -> Any:
        """Results of an operation, float64, of these shapes. Needs `available()`."""
        outline = [jax.ShapeDtypeStruct(shape, np.float64) for shape in shapes]
        return jax.ffi.ffi_call(name, outline, vmap_method="sequential")(*inputs)

    def _register(self) -> bool:
        made: Any = module_of(self._text(), "loops")
        pairs = self._handlers.items()
        return all(ffi.register(name, getattr(made, handler).address) for name, handler in pairs)

    def _text(self) -> str:
        mark = hashlib.sha256(b"".join(path.read_bytes() for path in self._sources)).hexdigest()
        handlers = (HANDLER.format(name=name) for name in self._handlers.values())
        return ENTRY.format(mark=mark, module=self._module) + "".join(handlers)


SMALL = Loops(
    "nostoi.base.loops",
    {
        "nostoi_add_up": "on_add_up",
        "nostoi_spread": "on_spread",
        "nostoi_recur": "on_recur",
        "nostoi_recur_back": "on_recur_back",
        "nostoi_mean_exp": "on_mean_exp",
        "nostoi_mean_exp_back": "on_mean_exp_back",
    },
    (HERE / "loops.py",),
)
"""What `sums.py`, `recursion.py` and `tilted.py` are made of."""
