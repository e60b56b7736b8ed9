"""Rows as linear functions: the factor of some rows is that of an exact Bayesian regression."""

from __future__ import annotations

import numpy as np
import pytest
from tests.study.doctor.patient import SMALL

from nostoi.case.load import load
from nostoi.infer.linear import Linear, linearise
from nostoi.infer.model import target_of

RNG = np.random.default_rng(12)


def test_the_factor_is_the_posterior_of_a_free_shift() -> None:
    """Unknowns with N(0, 1), a shift with a flat prior: mean and sd of the joint posterior."""
    rows, dim = 12, 5
    slope, variance = RNG.standard_normal((rows, dim)), RNG.uniform(0.1, 1.0, rows)
    prior, said = RNG.standard_normal(rows), RNG.standard_normal(rows)
    along = (np.arange(rows) < 4).astype(float)
    design = np.column_stack([slope, along])
    precision = design.T @ (design / variance[:, None]) + np.diag([1.0] * dim + [0.0])
    mean = np.linalg.solve(precision, design.T @ ((said - prior) / variance))
    shift, error = Linear(said, prior, prior, slope, variance).factor(along)
    assert shift == pytest.approx(mean[-1], rel=1e-9)
    assert error == pytest.approx(np.sqrt(np.linalg.inv(precision)[-1, -1]), rel=1e-9)


def test_a_coverage_of_ones_own_takes_the_factor_up_but_does_not_hide_it() -> None:
    """Rows that hang on one unknown with prior sd s alone: error^2 = s^2 + v / n."""
    n, s, v = 7, 0.3, 0.09
    said = np.full(n, np.log(3.0))
    none = np.zeros(n)
    linear = Linear(said, none, none, np.full((n, 1), s), np.full(n, v))
    shift, error = linear.factor(np.ones(n))
    assert shift == pytest.approx(np.log(3.0))
    assert error == pytest.approx(np.sqrt(s**2 + v / n))


def test_slopes_are_those_of_the_model() -> None:
    """Central differences of the expectation in a random direction, on a small case."""
    target = target_of(load(SMALL))
    z = 0.2 * RNG.standard_normal(target.dim)
    found = linearise(target, z)
    move = 1e-5 * RNG.standard_normal(target.dim)

    def centre(at: np.ndarray) -> np.ndarray:
        values = target.values(at)
        return np.asarray(
            target.panel.centre_and_width(target.panel.read(target.record(values)), values)[0]
        )

    change = (centre(z + move) - centre(z - move)) / 2.0
    assert found.slope.shape == (len(target.panel.rows), target.dim)
    assert found.slope @ move == pytest.approx(change, rel=1e-4, abs=1e-9)
    assert found.here == pytest.approx(centre(z))
    assert found.prior + found.slope @ z == pytest.approx(found.here)
