"""Options of a compilation are taken where XLA knows them, and cost nothing where not."""

from __future__ import annotations

import jax
import pytest

from nostoi.base import numerics


@pytest.mark.parametrize("options", [numerics.PLAIN_SUMS, {"xla_cpu_no_such_option": "1"}])
def test_a_function_is_compiled_whatever_xla_knows(
    options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numerics, "PLAIN_SUMS", options)
    assert float(numerics.jitted(lambda x: 2.0 * x)(3.0)) == 6.0


def test_the_xla_of_our_libraries_knows_the_option() -> None:
    """Else the gradient is slower and nobody notices."""
    assert float(jax.jit(lambda x: x, compiler_options=numerics.PLAIN_SUMS)(1.0)) == 1.0
