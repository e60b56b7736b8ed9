"""The frame: a shear that leaves the posterior as it is and straightens its valleys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from numpy.testing import assert_allclose
from tests.infer.toys import stretched

from nostoi.case.load import load
from nostoi.infer.frame import follow, frame_at, plain_frame
from nostoi.infer.gradient import compile_gradient
from nostoi.infer.model import target_of
from nostoi.infer.target import framed

SMALL = Path(__file__).parents[1] / "cases" / "valid" / "small"


@pytest.fixture(scope="module")
def small_target() -> Any:
    """Target of the base of the corpus."""
    return target_of(load(SMALL))


class Product:
    """Published log(arrivals x coverage) = 3, twice, with coverage and log arrivals unknown."""

    middle = np.array([3.0, 3.1])
    width = np.array([0.05, 0.05])

    def look(self, arrivals: Any, unknowns: Any) -> tuple[Any, Any]:
        """Centre and width; arrivals enter through a curve."""
        centre = jnp.log1p(jnp.exp(arrivals)) + 0.8 * unknowns[0] + jnp.zeros(2)
        return centre, jnp.asarray(self.width)


def make(arrivals: float) -> Any:
    toy = Product()
    anchor = np.array([arrivals, 0.2])
    low, high = toy.middle - 1e-9, toy.middle + 1e-9
    return toy, frame_at(anchor, 1, lambda own: toy.look(arrivals, own), low, high)


def place(toy: Product, frame: Any, x: Any) -> Any:
    """Z of x for the toy, as `CaseTarget.place` does it."""
    change = follow(frame, 1, lambda own: toy.look(x[0], own)[0])
    return jnp.concatenate([x[:1], x[1:] + change])


def test_anchor_stays_and_volume_is_kept() -> None:
    toy, frame = make(2.5)
    assert_allclose(place(toy, frame, jnp.asarray(frame.anchor)), frame.anchor, atol=1e-12)
    for x in ([2.5, 0.2], [1.0, -1.0], [4.0, 2.0]):
        jacobian = jax.jacfwd(lambda v: place(toy, frame, v))(jnp.asarray(x))
        assert float(jnp.linalg.det(jacobian)) == pytest.approx(1.0, abs=1e-12)


def test_the_observer_follows_the_engine() -> None:
    """Wherever the engine goes along x, the product stays where the figures are."""
    toy, frame = make(2.5)
    fit = float(toy.look(2.5, frame.anchor[1:])[0][0])
    for arrivals in (1.0, 2.0, 3.0, 4.0):
        z = place(toy, frame, jnp.asarray([arrivals, 0.2]))
        centre = float(toy.look(z[0], z[1:])[0][0])
        assert abs(centre - fit) < 0.02
        plain = float(toy.look(arrivals, frame.anchor[1:])[0][0])
        assert arrivals == 2.5 or abs(plain - fit) > 10 * abs(centre - fit)


def test_gain_is_the_ridge_solution() -> None:
    """One unknown, two rows: K = (1 + 2 w s^2)^-1 w s with s = 0.8 / 0.05 and w = 1.25."""
    _, frame = make(2.5)
    s, w = 0.8 / 0.05, 1.25
    assert_allclose(frame.gain, np.full((1, 2), w * s / (1.0 + 2.0 * w * s * s)), rtol=1e-6)


def test_plain_frame_changes_nothing() -> None:
    frame = plain_frame(3, 1, 2)
    assert not frame.gain.any() and frame.gain.shape == (1, 2)


def test_targets_without_a_frame_are_left_alone() -> None:
    target = stretched()
    density, frame = framed(target)
    assert frame == ()
    assert float(density(jnp.zeros(target.dim), ())) == float(
        target.log_density(jnp.zeros(target.dim))
    )


def test_another_frame_compiles_nothing_anew(small_target: Any) -> None:
    """The case's density in two frames: one compiled function, the same mass and mode."""
    gradient = compile_gradient(small_target)
    z = 0.1 * np.random.default_rng(1).normal(size=small_target.dim)
    value, _ = gradient(z)
    there = small_target.framed_at(z)
    assert gradient.framed(there.frame)(z)[0] == pytest.approx(value, abs=1e-9)
    x = z + 0.05
    moved, *_ = there.place(jnp.asarray(x), there.frame)
    inside = gradient.framed(there.frame)(x)[0]
    assert inside == pytest.approx(gradient(np.asarray(moved))[0], abs=1e-8)
    assert replace(there, frame=small_target.frame).log_density(moved) == pytest.approx(
        inside, abs=1e-8
    )
