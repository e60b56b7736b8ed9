"""The pooled step size: the law of acceptance in many dimensions, and a step that is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from nostoi.infer.chains import run_chains
from nostoi.infer.nuts import Settings
from nostoi.infer.pace import pooled_step, roughness
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
    """Chains tune themselves, the pooled step is foretold, and other chains keep it."""
    flat = Whitening(np.zeros(Round.dim), np.eye(Round.dim), 0.0, 0, 1.0, 1.0)
    tuned = Settings(chains=2, warmup=60, draws=60, seed=3)
    first = run_chains(Round, flat, tuned, tmp_path / "first", workers=0)
    step = pooled_step(first.step_size.mean(1), first.accept.mean(1), 0.8)
    kept = Settings(chains=2, warmup=20, draws=150, seed=4, step_size=step, adapt=False)
    held = run_chains(Round, flat, kept, tmp_path / "kept", workers=0)
    assert (held.step_size == step).all()
    assert held.accept.mean() == pytest.approx(0.8, abs=0.08)
