"""The centre of the nearest normal curve: exact where it is known in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nostoi.infer.middle import middle, recentre
from nostoi.infer.whiten import Whitening, whiten

RATE, SHAPE = 3.0, 4.0


def log_gamma(z: Any) -> tuple[float, Any]:
    """Log density of logs of Gamma(SHAPE, RATE) variables, and its gradient."""
    rising = RATE * np.exp(z)
    return float((SHAPE * z - rising).sum()), SHAPE - rising


def at_mode(dim: int) -> Whitening:
    return whiten(np.full(dim, np.log(SHAPE / RATE)), SHAPE * np.eye(dim))


def test_the_middle_of_a_normal_posterior_is_its_mode() -> None:
    rng = np.random.default_rng(3)
    root = rng.normal(size=(5, 5))
    precision, centre = root @ root.T + np.eye(5), rng.normal(size=5)

    def normal(z: Any) -> tuple[float, Any]:
        pull = precision @ (z - centre)
        return float(-0.5 * (z - centre) @ pull), -pull

    shape = whiten(centre + 0.5, precision)
    assert np.allclose(recentre(normal, shape, 1).centre, centre, atol=1e-6)
    assert np.allclose(middle(normal, shape, 1).centre, centre, atol=1e-6)


def test_a_skewed_posterior_is_met_left_of_its_mode_by_half_a_variance() -> None:
    """E exp(m + s w) = exp(m + s^2 / 2), so the best m is the mode - s^2 / 2."""
    found = recentre(log_gamma, at_mode(4), 7, pairs=4000).centre
    assert found == pytest.approx(np.full(4, np.log(SHAPE / RATE) - 0.5 / SHAPE), abs=0.02)


def test_the_middle_is_nearer_to_the_mean_than_the_mode_is() -> None:
    """The mean of log Gamma(4, 3) is digamma(4) - log 3."""
    mean = 1.2561176684318 - np.log(RATE)
    found = middle(log_gamma, at_mode(4), 7).centre
    assert np.abs(found - mean).max() < 0.5 * abs(np.log(SHAPE / RATE) - mean)


def test_the_same_seed_gives_the_same_bytes_and_another_another() -> None:
    one, two, other = (middle(log_gamma, at_mode(3), seed).centre for seed in (1, 1, 2))
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() != other.tobytes()
