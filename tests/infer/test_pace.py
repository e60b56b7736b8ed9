"""The pooled step size: the law of acceptance in many dimensions, and a step that is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from nostoi.infer.chains import run_chains
from nostoi.infer.gradient import FloatArray
from nostoi.infer.hmc import Stage
from nostoi.infer.pace import pooled_step, roughness
from nostoi.infer.settings import Settings
from nostoi.infer.whiten import Whitening

DIM = 300


def round_(z: FloatArray) -> tuple[float, FloatArray]:
    """A standard normal in many dimensions, and its slope."""
    return -0.5 * float(z @ z), -z


def test_the_law_is_inverted() -> None:
    """Steps and acceptances of one law give back its k, and the step for any acceptance."""
    k = 3.7
    step = np.array([0.1, 0.3, 0.5])
    accept = 2.0 * norm.cdf(-0.5 * k * step**2)
    assert roughness(step, accept) == pytest.approx([k, k, k])
    wanted = pooled_step(step, accept, 0.8)
    assert 2.0 * norm.cdf(-0.5 * k * wanted**2) == pytest.approx(0.8)


def test_acceptances_of_one_or_none_do_not_break_it() -> None:
    step = pooled_step(np.array([0.2, 0.2]), np.array([1.0, 0.0]), 0.8)
    assert 0.0 < step < 2.0


def test_the_acceptance_is_the_one_foretold(tmp_path: Path) -> None:
    """Chains in a space that is off by a third tell the step for the acceptance wanted."""
    start = np.random.default_rng(1).normal(size=(2, DIM))
    space = Whitening(np.zeros(DIM), 1.3 * np.eye(DIM), 0.0, 0, 1.0, 1.0)
    first = Stage("first", 0, space, 0.25, start, 60)
    tried = run_chains(round_, first, Settings(chains=2, seed=3), tmp_path)
    step = pooled_step(tried.step_size.mean(1), tried.accept.mean(1), 0.8)
    assert step > 0.3
    kept = replace(first, name="kept", step=step, starts=tried.z[:, -1], draws=150)
    held = run_chains(round_, kept, Settings(chains=2, seed=3), tmp_path)
    assert held.accept.mean() == pytest.approx(0.8, abs=0.08)
