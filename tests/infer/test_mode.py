"""The most probable point, the whitening there, and draws from the normal approximation."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import jax
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from tests.infer.toys import Counts, Slow, Walled, stretched

from nostoi.base.errors import NostoiError
from nostoi.infer.gradient import FloatArray, compile_gradient
from nostoi.infer.laplace import draw_laplace, pareto_khat
from nostoi.infer.mode import ModeSettings, find_mode
from nostoi.infer.whiten import curvature, load_whitening, save_whitening, whiten

EXACT = ModeSettings(tolerance=1e-14)


def test_mode_of_a_stretched_normal_is_its_mean() -> None:
    target = stretched()
    mode = find_mode(target, settings=EXACT)
    assert mode.converged
    assert_allclose(mode.z, target.mean, atol=1e-7)
    assert_allclose(mode.curvature, np.linalg.inv(target.cov), rtol=1e-5, atol=1e-3)


def test_mode_of_counts_has_a_closed_form() -> None:
    target = Counts()
    steps: list[tuple[str, int, float, float]] = []
    mode = find_mode(target, settings=EXACT, report=lambda *row: steps.append(row))
    assert_allclose(mode.z, np.log(target.shape / target.rate), atol=1e-7)
    assert_allclose(np.diag(mode.curvature), target.shape, rtol=1e-6)
    assert steps
    assert all(later[2] >= first[2] - 1e-6 for first, later in pairwise(steps))


def test_mode_beside_a_wall_of_nan_is_found_by_shorter_steps() -> None:
    mode = find_mode(Walled(), np.array([0.9, -20.0]), EXACT)
    assert_allclose(mode.z, (1.0 - np.sqrt(21.0)) / 2.0, atol=1e-7)


def test_a_start_that_is_not_finite_is_refused() -> None:
    with pytest.raises(NostoiError, match="N501"):
        find_mode(Walled(start_ok=False))


def test_an_unfinished_search_says_so() -> None:
    mode = find_mode(stretched(), settings=ModeSettings(iterations=2, rounds=0))
    assert not mode.converged
    assert mode.gain > 1e-8


def test_curvature_by_differences_equals_automatic_differentiation() -> None:
    target = Slow(work=20)
    mode = find_mode(target, start=np.array([0.3, -0.2, 0.8, 0.1]))
    exact = -np.asarray(jax.hessian(target.log_density)(mode.z))
    assert_allclose(mode.curvature, exact, atol=1e-6)


def test_a_rough_curvature_costs_half_and_is_near() -> None:
    target, asked = Slow(work=20), []
    exact = compile_gradient(target)

    def gradient(z: FloatArray) -> tuple[float, FloatArray]:
        asked.append(z)
        return exact(z)

    at = np.array([0.3, -0.2, 0.8, 0.1])
    fine, many = curvature(gradient, at), len(asked)
    rough, few = curvature(gradient, at, rough=True), len(asked) - many
    assert (many, few) == (9, 5)
    assert_allclose(rough, fine, rtol=1e-4, atol=1e-4)


def test_whitening_makes_the_covariance_round_and_flat_directions_are_held() -> None:
    target = stretched()
    shape = find_mode(target).whitening()
    root = np.linalg.inv(shape.scale)
    assert_allclose(root @ target.cov @ root.T, np.eye(target.dim), atol=1e-4)
    assert_allclose(shape.log_det, 0.5 * np.linalg.slogdet(target.cov)[1], atol=1e-4)
    held = whiten(np.zeros(3), np.diag([-2.0, 0.1, 4.0]))
    assert held.floored == 2
    assert (held.lowest, held.highest) == (-2.0, 4.0)
    assert_allclose(np.diag(held.scale), [2.0**0.5, 2.0**0.5, 0.5])


def test_whitening_is_read_back_to_the_last_bit(tmp_path: Path) -> None:
    shape = find_mode(Counts()).whitening()
    save_whitening(tmp_path / "map.npz", shape, value=-3.5)
    back = load_whitening(tmp_path / "map.npz")
    assert_array_equal(back.centre, shape.centre)
    assert back.scale.tobytes() == shape.scale.tobytes()
    assert (back.log_det, back.floored, back.highest) == (shape.log_det, 0, shape.highest)
    assert [path.name for path in tmp_path.iterdir()] == ["map.npz"]


def test_laplace_is_exact_for_a_normal() -> None:
    target = stretched()
    drawn = draw_laplace(target, find_mode(target).whitening(), draws=4000, seed=3)
    sd = np.sqrt(np.diag(target.cov))
    assert_allclose((drawn.z.mean(axis=0) - target.mean) / sd, 0.0, atol=4 / 4000**0.5)
    assert_allclose(drawn.z.std(axis=0) / sd, 1.0, atol=0.05)
    assert np.ptp(drawn.log_weight) < 1e-2
    assert drawn.trusted
    assert drawn.ess > 3999
    known = 0.5 * np.linalg.slogdet(2 * np.pi * target.cov)[1]
    assert_allclose(drawn.log_evidence, known, atol=1e-4)


def test_laplace_draws_are_keyed() -> None:
    target = Counts()
    shape = find_mode(target).whitening()
    few, many = (draw_laplace(target, shape, draws=n, seed=7) for n in (50, 80))
    assert_array_equal(few.z, many.z[:50])
    assert not np.array_equal(few.z, draw_laplace(target, shape, draws=50, seed=8).z)


@pytest.mark.parametrize("tail", [0.2, 0.5, 1.0])
def test_khat_finds_the_tail_of_pareto_weights(tail: float) -> None:
    uniform = np.random.default_rng(2).uniform(size=20_000)
    assert_allclose(pareto_khat(-tail * np.log(uniform)), tail, atol=0.12)


def test_khat_of_equal_and_of_few_weights() -> None:
    assert pareto_khat(np.zeros(500)) == -np.inf
    assert np.isnan(pareto_khat(np.zeros(10)))
