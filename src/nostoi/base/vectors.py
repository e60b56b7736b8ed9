"""Numba's decorators, told to use the widest vectors of this processor.

Take them from here: Numba reads its settings once, before it compiles for the first time.
"""

from __future__ import annotations

from typing import Any

import numba
from numba.core import codegen, config

RECENT = "+avx512fp16"
"""What processors have that keep their pace with vectors of 64 bytes (Intel from 2023 on)."""

HALVED = "prefer-256-bit"
"""LLVM's choice for all processors of that make, since the older ones slowed down."""


_settings: Any = config
_host: Any = codegen


def _widen() -> None:
    """Turns the choice off on a recent processor, where nobody has chosen features."""
    chosen, host = _settings.CPU_FEATURES, _host.get_host_cpu_features()
    if chosen is None and RECENT in host.split(","):
        _settings.CPU_FEATURES = f"{host},-{HALVED}"


_widen()

njit: Any = numba.njit
cfunc: Any = numba.cfunc
