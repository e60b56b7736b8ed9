"""Double precision, a compile cache of its own, and helpers that workers can import."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import jax
import pytest

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


@pytest.fixture(autouse=True, scope="session")
def _numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """JAX in double precision; worker processes share a fresh compile cache."""
    jax.config.update("jax_enable_x64", True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "NOSTOI_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield
