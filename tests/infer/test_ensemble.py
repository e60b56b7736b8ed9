"""Ensemble Kalman inversion against exact posteriors."""

import numpy as np
import pytest
from numpy.typing import NDArray

from nostoi.base.normals import normals, uniforms
from nostoi.base.streams import seed_word, stream, two_uniforms
from nostoi.infer.ensemble import Cloud, invert

Floats = NDArray[np.float64]

SLOPES = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -1.0], [0.3, 0.0, 0.8], [1.0, 1.0, 1.0]])
NOISE = np.array([0.5, 0.3, 0.4, 0.2])
DATA = np.array([1.0, -2.0, 0.5, 0.0])


def linear(cloud: Floats) -> Floats:
    """A linear model with four data."""
    return np.asarray(cloud @ SLOPES.T)


def exact() -> tuple[Floats, Floats]:
    """Posterior mean and covariance for a standard normal prior, by the textbook."""
    precision = np.eye(3) + SLOPES.T @ np.diag(NOISE**-2) @ SLOPES
    cov = np.linalg.inv(precision)
    return np.asarray(cov @ SLOPES.T @ (DATA / NOISE**2)), cov


def fit(members: int, seed: int) -> Cloud:
    """The linear problem with a cloud of some size."""
    return invert(linear, normals(seed, "prior", members, 3), DATA, NOISE, seed)


def test_tables_are_the_streams() -> None:
    """A cell of a table is the number that the engine's streams give for the same key."""
    u, v = uniforms(9, "name", 3, 4, 7)
    word = np.uint64(2 + (3 << 32))
    with np.errstate(over="ignore"):
        want = two_uniforms(seed_word(9), stream("name"), word, np.uint64(7))
    assert (u[2, 3], v[2, 3]) == want
    assert np.array_equal(normals(1, "x", 5, 5)[:2, :3], normals(1, "x", 2, 3))
    with pytest.raises(ValueError, match="a day"):
        uniforms(1, "x", 1, 1, -1)


def test_normals_are_normal() -> None:
    """Mean, spread, tails and correlation of 200,000 numbers."""
    x = normals(3, "x", 100_000, 2)
    assert x.mean() == pytest.approx(0.0, abs=0.01)
    assert x.std() == pytest.approx(1.0, abs=0.01)
    assert (np.abs(x) > 1.959964).mean() == pytest.approx(0.05, abs=0.002)
    assert (x[:, 0] * x[:, 1]).mean() == pytest.approx(0.0, abs=0.013)


def test_linear_case_is_exact() -> None:
    """40,000 members: mean within 0.02 posterior deviations, covariance within 3 %."""
    mean, cov = exact()
    cloud = fit(40_000, 1)
    sd = np.sqrt(np.diag(cov))
    assert np.abs(cloud.members.mean(0) - mean).max() < 0.02 * sd.max()
    assert np.abs(np.cov(cloud.members.T) - cov).max() < 0.03 * np.diag(cov).max()
    assert sum(cloud.powers) == pytest.approx(1.0)
    assert len(cloud.powers) > 1
    assert cloud.misfit[-1] < cloud.misfit[0]


def test_small_clouds_are_overconfident() -> None:
    """Twelve members shrink the spread by a tenth or more; a thousand by less than two per cent."""
    want = float(np.trace(exact()[1]))
    ratio = {
        size: np.mean([np.trace(np.cov(fit(size, s).members.T)) for s in range(seeds)]) / want
        for size, seeds in ((12, 400), (1000, 20))
    }
    assert ratio[12] < 0.9
    assert ratio[1000] == pytest.approx(1.0, abs=0.02)


def test_mildly_nonlinear_case() -> None:
    """A growth rate seen through an exponential, against the posterior on a fine grid."""
    times = np.array([1.0, 2.0, 3.0])
    data, noise = np.exp(0.4 * times), np.full(3, 0.15)

    def grow(cloud: Floats) -> Floats:
        return np.asarray(np.exp(cloud * times))

    cloud = invert(grow, 0.3 * normals(2, "prior", 4000, 1), data, noise, 2)
    grid = np.linspace(-1, 1.5, 20_001)
    misses = ((data - np.exp(grid[:, None] * times)) / noise) ** 2
    weight = np.exp(-0.5 * misses.sum(1) - 0.5 * (grid / 0.3) ** 2)
    weight /= weight.sum()
    mean = float(weight @ grid)
    sd = float(np.sqrt(weight @ (grid - mean) ** 2))
    assert cloud.members.mean() == pytest.approx(mean, abs=0.5 * sd)
    assert 0.7 * sd < cloud.members.std() < 1.5 * sd


def test_same_seed_same_bytes_and_no_data_no_news() -> None:
    """The answer is a function of the seed; without data the prior comes back."""
    assert np.array_equal(fit(50, 4).members, fit(50, 4).members)
    assert not np.array_equal(fit(50, 4).members, fit(50, 5).members)
    prior = normals(1, "prior", 10, 3)
    none = invert(lambda c: np.zeros((len(c), 0)), prior, [], [])
    assert np.array_equal(none.members, prior)


def test_few_steps_still_use_all_the_data() -> None:
    """With one step the whole likelihood is taken at once."""
    cloud = invert(linear, normals(1, "prior", 100, 3), DATA, NOISE, most=1)
    assert cloud.powers == (1.0,)


@pytest.mark.parametrize(
    ("prior", "data", "noise", "words"),
    [
        (np.zeros((1, 3)), DATA, NOISE, "two members"),
        (np.zeros((5, 3)), DATA, NOISE[:2], "must both be"),
        (np.zeros((5, 3)), DATA, 0 * NOISE, "above zero"),
        (np.zeros((5, 3)), DATA[:2], NOISE[:2], "the model gave"),
        (np.full((5, 3), np.inf), DATA, NOISE, "finite"),
    ],
)
def test_bad_input(prior: Floats, data: Floats, noise: Floats, words: str) -> None:
    """Misuse is refused in words."""
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=words):
        invert(linear, prior, data, noise)
