"""The script of simulation-based calibration asks the posterior of the fit, not another one."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nostoi.base.numerics import jitted
from nostoi.case.load import load
from nostoi.infer.model import CaseTarget, target_of

SCRIPT = Path(__file__).parents[2] / "verification" / "sbc.py"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def inner(script: dict[str, Any]) -> CaseTarget:
    return target_of(load(script["CASE"]))


def test_with_the_figures_of_the_case_it_is_the_posterior_of_the_case(
    script: dict[str, Any], inner: CaseTarget
) -> None:
    mock = script["Mock"](inner, (inner.panel.low, inner.panel.high))
    z = np.random.default_rng(1).normal(size=(3, inner.dim)) / 2
    both = jitted(lambda at: jnp.stack([mock.log_density(at), inner.log_density(at)]))
    asked, wanted = np.stack([both(x) for x in z], axis=1)
    np.testing.assert_allclose(np.diff(asked), np.diff(wanted), rtol=1e-9)


def test_figures_of_a_world_have_the_ranges_of_the_case(
    script: dict[str, Any], inner: CaseTarget
) -> None:
    z = np.random.default_rng(2).normal(size=inner.dim)
    made = jax.jit(lambda at, key: script["published"](inner, at, key))
    low, high = made(z, jax.random.key(3))
    assert np.isfinite(low).all()
    np.testing.assert_allclose(high - low, inner.panel.high - inner.panel.low, atol=1e-12)
