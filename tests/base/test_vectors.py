"""Loops use the widest vectors of a recent processor, and what a person chose stays."""

from __future__ import annotations

from typing import Any

import pytest

from nostoi.base import vectors

WIDE = "+avx512f,+avx512fp16"


@pytest.mark.parametrize(
    ("chosen", "host", "wanted"),
    [
        (None, WIDE, f"{WIDE},-prefer-256-bit"),
        (None, "+avx2", None),
        (None, "+avx512f,-avx512fp16", None),
        ("+avx2", WIDE, "+avx2"),
        ("", WIDE, ""),
    ],
)
def test_features_that_numba_is_told(
    chosen: Any, host: str, wanted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors._host, "get_host_cpu_features", lambda: host)
    monkeypatch.setattr(vectors._settings, "CPU_FEATURES", chosen)
    vectors._widen()
    assert vectors._settings.CPU_FEATURES == wanted


def test_loops_compile_with_what_numba_was_told() -> None:
    """An older setting would be kept, and whoever comes first would decide for all others."""
    loop = vectors.njit(lambda x: x + 1.0)
    assert loop(1.0) == 2.0
    told = vectors._settings.CPU_FEATURES
    if told is not None:
        assert loop.targetctx.codegen().magic_tuple()[2] == told
