"""Short chains from the normal curve: they keep what is right and mend what is skewed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nostoi.infer import short
from nostoi.infer.middle import middle
from nostoi.infer.short import CHAINS, KEPT, short_chains
from nostoi.infer.whiten import Whitening, whiten

RATE, SHAPE = 3.0, 1.5
DIM = 40


def log_gamma(z: Any) -> tuple[float, Any]:
    """Log density of logs of Gamma(SHAPE, RATE) variables, and its gradient."""
    rising = RATE * np.exp(z)
    return float((SHAPE * z - rising).sum()), SHAPE - rising


def curve() -> Whitening:
    mode = np.full(DIM, np.log(SHAPE / RATE))
    return middle(log_gamma, whiten(mode, SHAPE * np.eye(DIM)), 7)


def test_a_normal_posterior_stays_as_it_is() -> None:
    """Moments of 24 x 14 draws of 40 directions alike, within four standard errors."""
    shape = whiten(np.ones(DIM), 4.0 * np.eye(DIM))
    found = short_chains(lambda z: (-2.0 * float((z - 1) @ (z - 1)), -4.0 * (z - 1)), shape, 5)
    assert found.x.shape == (CHAINS, KEPT, DIM)
    every = 2.0 * (found.x - 1.0)
    means = every.mean(1)
    assert abs(every.mean()) < 4 * means.std() / np.sqrt(means.size)
    assert (every**2).mean() == pytest.approx(1.0, abs=4 * (every**2).mean(1).std() / 31)
    assert found.accept.mean() > 0.9


def test_skew_that_the_curve_lacks_is_found() -> None:
    """Third central moment of log Gamma(1.5): psi''(1.5) = -0.829; the curve has none."""
    every = short_chains(log_gamma, curve(), 7).x.reshape(-1)
    mean = 0.0364899739785765 - np.log(RATE)
    variance = np.pi**2 / 2.0 - 4.0
    assert every.mean() == pytest.approx(mean, abs=0.05)
    assert every.var() == pytest.approx(variance, rel=0.1)
    assert ((every - mean) ** 3).mean() == pytest.approx(-0.829, abs=0.25)


def test_streams_hang_on_seed_and_chain_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (short_chains(log_gamma, curve(), seed) for seed in (1, 2))
    monkeypatch.setattr(short, "THREADS", 1)
    monkeypatch.setattr(short, "CHAINS", 3)
    few = short_chains(log_gamma, curve(), 1)
    assert few.x.tobytes() == one.x[:3].tobytes()
    assert one.x.tobytes() != other.x.tobytes()


def test_where_the_density_ends_a_path_is_refused() -> None:
    """Outside |z| < 2 the density is not finite: no draw lies there, and none is lost."""

    def cut(z: Any) -> tuple[float, Any]:
        inside = bool((np.abs(z) < 2.0).all())
        return (float(-0.5 * z @ z) if inside else float("nan")), -z

    shape = whiten(np.zeros(3), 100.0 * np.eye(3))
    found = short_chains(cut, shape, 3)
    assert np.isfinite(found.x).all() and (np.abs(found.x) < 2.0).all()
    assert found.accept.min() == 0.0
