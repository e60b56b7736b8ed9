"""The pooled step size: the law of acceptance in many dimensions, and a step that is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from nostoi.infer.chains import run_chains
from nostoi.infer.gradient import compile_gradient
from nostoi.infer.hmc import LENGTH, Settings
from nostoi.infer.pace import energy_lost, pooled_step, roughness, tried_step
from nostoi.infer.whiten import Whitening


class Round:
    """A standard normal in many dimensions."""

    dim = 300

    def log_density(self, z: Any) -> Any:
        """Log density up to a constant."""
        return -0.5 * jnp.sum(z * z)


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


def test_the_step_is_kept_and_the_acceptance_is_the_one_foretold(tmp_path: Path) -> None:
    """Trials from exact draws foretell the acceptance of chains that keep the step.

    The chains' trajectories end at all angles and not only at the trials', hence the tolerance.
    """
    flat = Whitening(np.zeros(Round.dim), np.eye(Round.dim), 0.0, 0, 1.0, 1.0)
    places = np.random.default_rng(2).standard_normal((16, Round.dim))
    step = tried_step(compile_gradient(Round()), flat, places, LENGTH, 0.8, 1)
    kept = Settings(chains=2, warmup=20, draws=150, seed=4, step_size=step, adapt=False)
    held = run_chains(Round, flat, kept, tmp_path / "kept", workers=0)
    assert (held.step_size == step).all()
    assert held.accept.mean() == pytest.approx(0.8, abs=0.1)


def test_a_space_ten_times_too_wide_asks_for_a_tenth_of_the_step() -> None:
    """The first trial is hopeless there; the rounds find the step all the same."""
    places = np.random.default_rng(2).standard_normal((16, Round.dim))
    found = []
    for wide in (1.0, 10.0):
        shape = Whitening(np.zeros(Round.dim), wide * np.eye(Round.dim), 0.0, 0, 1.0, 1.0)
        length = LENGTH / wide
        found.append(tried_step(compile_gradient(Round()), shape, places, length, 0.8, 1))
    assert found[0] / found[1] == pytest.approx(10.0, rel=0.35)


def test_the_energy_of_a_leapfrog_turn_by_hand() -> None:
    """One step of a standard normal from q = 1, p = 0 with h = 0.5: q = 0.875, p = -0.46875."""
    flat = Whitening(np.zeros(1), np.eye(1), 0.0, 0, 1.0, 1.0)
    look = compile_gradient(Round())
    lost = energy_lost(look, flat, (np.ones(1), np.zeros(1)), 0.5, 0.5)
    assert lost == pytest.approx(0.5 * (0.875**2 + 0.46875**2) - 0.5, abs=1e-12)
