"""Options of a compilation are taken where XLA knows them, and cost nothing where not."""

from __future__ import annotations

import pytest

from nostoi.base import numerics


def test_a_function_is_compiled_whatever_xla_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"xla_cpu_no_such_option": "1", **numerics.OPTIONS}
    assert numerics.known(options) == numerics.OPTIONS
    monkeypatch.setattr(numerics, "OPTIONS", options)
    assert float(numerics.jitted(lambda x: 2.0 * x)(3.0)) == 6.0


@pytest.mark.parametrize("name", numerics.OPTIONS)
def test_the_xla_of_our_libraries_knows_the_option(name: str) -> None:
    """Else the gradient, or compiling it, is slower and nobody notices."""
    assert name in numerics.known(numerics.OPTIONS)
