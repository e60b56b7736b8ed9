"""Double precision, a compile cache of its own, and helpers that workers can import."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import jax
import pytest

from nostoi.base.numerics import cache_folder

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)


def _taken(source: str, to: str) -> None:
    """Copies a file; half-written ones of other workers may be gone before their turn comes."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, to)


@pytest.fixture(autouse=True, scope="session")
def _numbers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """JAX in double precision; worker processes share a cache with no code of XLA in it.

    Our own loops, which the set-up compiles, are taken along where they are there.
    """
    jax.config.update("jax_enable_x64", True)
    fresh = tmp_path_factory.mktemp("cache")
    if cache_folder().is_dir():
        without = shutil.ignore_patterns("xla")
        shutil.copytree(
            cache_folder(), fresh, ignore=without, copy_function=_taken, dirs_exist_ok=True
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "NOSTOI_CACHE", str(fresh))
        yield
