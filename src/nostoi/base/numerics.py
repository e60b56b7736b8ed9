"""Sets JAX up for this package: double precision, CPU, and a compile cache that lasts."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

SINGLE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
"""One chain uses one core: small arrays lose time when XLA splits them."""


def cache_folder() -> Path:
    """Folder of the compile cache: NOSTOI_CACHE, else XDG_CACHE_HOME/nostoi, else ~/.cache."""
    chosen = os.environ.get("NOSTOI_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nostoi"


def prepare() -> None:
    """Turns on float64, calls that wait and a lasting compile cache. Call before any JAX array."""
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    flags = os.environ.get("XLA_FLAGS", "")
    if "intra_op_parallelism_threads" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} {SINGLE_THREAD}".strip()
    import jax

    jax.config.update("jax_enable_x64", True)
    # Else each call goes to another thread and back: a tenth of the time of a short one.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    folder = cache_folder() / "xla"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.3)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


OPTIONS = {"xla_cpu_experimental_ynn_fusion_type": "", "xla_cpu_use_fusion_emitters": False}
"""Sums by XLA itself, for those of its library YNN take longer for a few thousand numbers; and its
plainer code for loops, which takes two thirds of the time to compile and runs as fast."""


def jitted(function: Callable[..., Any]) -> Any:
    """jax.jit of a function, with those of `OPTIONS` that this XLA knows."""
    import jax

    return jax.jit(function, compiler_options=known(OPTIONS))


def known(options: dict[str, Any]) -> dict[str, Any]:
    """Those options of a compilation that this XLA knows."""
    return {name: value for name, value in options.items() if _knows(name, value)}


@cache
def _knows(name: str, value: Any) -> bool:
    import jax

    try:
        jax.jit(lambda x: x, compiler_options={name: value})(0.0)
    except (RuntimeError, ValueError):
        return False
    return True
