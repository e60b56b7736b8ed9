"""From a shape at the mode to draws: exact posteriors, and a space that is learnt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from tests.infer.toys import Counts, Walled, stretched

from nostoi.base.errors import NostoiError
from nostoi.infer import hmc
from nostoi.infer.diagnostics import judge, mcse_mean, measure
from nostoi.infer.gradient import FloatArray, Gradient, compile_gradient
from nostoi.infer.hmc import (
    JITTER,
    LEAST,
    MOST,
    Sampler,
    Stage,
    State,
    Trajectory,
    second_chance,
)
from nostoi.infer.metric import geometric, learnt, power
from nostoi.infer.mode import find_mode
from nostoi.infer.sample import LONG, sample, windows
from nostoi.infer.settings import Settings
from nostoi.infer.whiten import Whitening, load_whitening, whiten


def normal(precision: FloatArray, mean: FloatArray) -> Gradient:
    """Log density and gradient of a normal with known answers."""

    def look(z: FloatArray) -> tuple[float, FloatArray]:
        pull = precision @ (z - mean)
        return -0.5 * float((z - mean) @ pull), -pull

    return look


def flat(dim: int) -> Whitening:
    """The space as it is."""
    return whiten(np.zeros(dim), np.eye(dim))


def test_a_stretched_normal_is_recovered(tmp_path: Path) -> None:
    target = stretched()
    rules = Settings(chains=4, draws=1000, seed=2)
    shape = find_mode(target).whitening()
    held = sample(compile_gradient(target), shape, rules, tmp_path)
    found = measure(held.z)
    verdict = judge([found], held.diverging, held.energy)
    assert verdict.converged, verdict.reasons
    sd = np.sqrt(np.diag(target.cov))
    assert (np.abs(held.z.mean(axis=(0, 1)) - target.mean) < 4 * mcse_mean(held.z)).all()
    assert_allclose(held.z.std(axis=(0, 1)) / sd, 1.0, atol=0.1)
    again = [float(target.log_density(z)) for z in held.z[0, :5]]
    assert_allclose(held.logp[0, :5], again, rtol=1e-9)


def test_counts_have_a_gamma_posterior(tmp_path: Path) -> None:
    target = Counts()
    shape = find_mode(target).whitening()
    held = sample(compile_gradient(target), shape, Settings(2, 800, seed=4), tmp_path)
    rate = np.exp(held.z)
    error = mcse_mean(rate)
    assert (np.abs(rate.mean(axis=(0, 1)) - target.shape / target.rate) < 4 * error).all()
    assert_allclose(rate.std(axis=(0, 1)), np.sqrt(target.shape) / target.rate, rtol=0.15)


def test_a_space_that_does_not_fit_is_mended_by_the_windows(tmp_path: Path) -> None:
    """Two directions of 60 are four times as wide and half as wide as the space says."""
    wide = np.ones(60)
    wide[:2] = 16.0, 0.25
    rules = Settings(chains=4, draws=50, seed=1)
    sample(normal(np.diag(1.0 / wide), np.zeros(60)), flat(60), rules, tmp_path)
    space = load_whitening(tmp_path / "space.npz")
    there = np.linalg.solve(space.scale, np.diag(np.sqrt(wide)))
    spread = np.linalg.eigvalsh(there @ there.T)
    assert spread[-1] < 3.0 and spread[0] > 0.4


def test_where_the_normal_part_is_all_every_path_is_accepted() -> None:
    """A standard normal: the turn is exact, and the energy is kept whatever the step."""
    gradient = normal(np.eye(50), np.zeros(50))
    stage = Stage("chains", 0, flat(50), 0.9, np.ones((1, 50)), 200)
    sampler = Sampler(gradient, stage, 5)
    _, rows = sampler.advance(sampler.start(0), 200, lambda _steps: None)
    assert_allclose(rows["accept"], 1.0, atol=1e-9)
    assert not rows["diverging"].any()
    assert_allclose(rows["slope"], -rows["z"], atol=1e-9)
    assert_allclose(np.log(rows["step_size"] / 0.9).std(), JITTER, rtol=0.2)
    assert set(rows["steps"]) <= set(range(max(1, round(LEAST / 0.9)), round(MOST / 0.9) + 1))


def test_a_path_turned_round_leads_back() -> None:
    """Speed reversed at its end, a path ends where it began: the map is its own inverse."""
    rng = np.random.default_rng(3)
    target = compile_gradient(Counts())
    stage = Stage("chains", 0, find_mode(Counts()).whitening(), 0.4, np.zeros((1, 3)), 1)
    sampler = Sampler(target, stage, 1)
    begin = sampler.start(0)
    push = rng.standard_normal(3)
    there = sampler._path(begin, push, 0.4, 7)
    back = sampler._path(there.end, -there.speed, 0.4, 7)
    assert_allclose(back.end.w, begin.w, atol=1e-10)
    assert_allclose(-back.speed, push, atol=1e-10)
    assert there.rise == pytest.approx(-back.rise, abs=1e-9)


def funnel(z: FloatArray) -> tuple[float, FloatArray]:
    """Width exp(y / 2) of three numbers, y ~ N(0, 1.5^2): too narrow below for any one step."""
    y, x = z[0], z[1:]
    precision = np.exp(-y)
    value = -0.5 * y**2 / 2.25 - 0.5 * precision * float(x @ x) - 1.5 * y
    slope = np.concatenate([[-y / 2.25 + 0.5 * precision * float(x @ x) - 1.5], -precision * x])
    return value, slope


@pytest.mark.parametrize("again", [hmc.AGAIN, 1.0])
def test_second_tries_keep_the_posterior(monkeypatch: pytest.MonkeyPatch, again: float) -> None:
    """The width of a funnel has its marginal, however often a refused path is tried again."""
    monkeypatch.setattr(hmc, "AGAIN", again)
    stage = Stage("chains", 0, flat(4), 0.5, np.zeros((4, 4)), 0)
    sampler = Sampler(funnel, stage, 6)
    kept, steps = [], []
    for chain in range(4):
        _, rows = sampler.advance(sampler.start(chain), 6000, lambda _steps: None)
        kept.append(rows["z"][:, 0])
        steps.append(rows["steps"])
    y = np.array(kept)
    tried = (np.array(steps) > 3 * round(hmc.MOST / stage.step)).mean()
    assert tried > 0.02
    for values, wanted in ((y, 0.0), (y**2, 2.25)):
        assert abs(values.mean() - wanted) < 4 * mcse_mean(values)


def test_without_a_second_look_the_narrow_end_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: a second try that forgets the first breaks the balance."""
    monkeypatch.setattr(hmc, "AGAIN", 1.0)
    monkeypatch.setattr(hmc, "second_chance", lambda _path, finer, _back: finer.chance)
    sampler = Sampler(funnel, Stage("chains", 0, flat(4), 0.5, np.zeros((4, 4)), 0), 6)
    runs = [sampler.advance(sampler.start(c), 6000, lambda _steps: None)[1] for c in range(4)]
    square = np.array([rows["z"][:, 0] for rows in runs]) ** 2
    assert abs(square.mean() - 2.25) > 4 * mcse_mean(square)


@pytest.mark.parametrize(("first", "back", "rise"), [(2.0, 3.0, 0.4), (5.0, 1.5, -0.7)])
def test_second_tries_are_in_balance(first: float, back: float, rise: float) -> None:
    """To be refused and then go there is as likely as to be refused there and come back."""
    state = State(0, 0, np.zeros(1), 0.0, np.zeros(1))

    def path(rise: float) -> Trajectory:
        return Trajectory(state, np.zeros(1), rise, 1)

    there = second_chance(path(first), path(rise), path(back))
    home = second_chance(path(back), path(-rise), path(first))
    went = (1.0 - path(first).chance) * there
    came = np.exp(-rise) * (1.0 - path(back).chance) * home
    assert went == pytest.approx(came) and went > 0
    assert second_chance(path(first), path(rise), path(0.1)) == 0.0


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    target, rules = compile_gradient(Counts()), Settings(2, 20, seed=9)
    shape = find_mode(Counts()).whitening()
    one, two = (sample(target, shape, rules, tmp_path / name) for name in "ab")
    assert one.z.tobytes() == two.z.tobytes()
    other = sample(target, shape, replace(rules, seed=10), tmp_path / "c")
    assert not np.array_equal(one.z, other.z)
    again = sample(target, shape, rules, tmp_path / "a")
    assert_array_equal(again.z, one.z)
    assert len(list((tmp_path / "a").glob("window-*"))) == len(windows(rules)) == 3
    assert windows(replace(rules, draws=2 * LONG))[-1] == LONG


def test_no_finite_start_is_refused(tmp_path: Path) -> None:
    gradient = compile_gradient(Walled(start_ok=False))
    with pytest.raises(NostoiError, match="N502"):
        sample(gradient, flat(2), Settings(2, 10), tmp_path)
    stage = Stage("chains", 0, flat(2), 0.2, np.full((1, 2), 5.0), 10)
    with pytest.raises(NostoiError, match="N502"):
        Sampler(compile_gradient(Walled()), stage, 1).start(0)


def test_a_path_beyond_the_wall_is_divergent_and_refused() -> None:
    """Where the density is not finite the path ends, and the chain stays where it was."""
    stage = Stage("chains", 0, replace(flat(2), scale=30.0 * np.eye(2)), 1.4, np.zeros((1, 2)), 20)
    sampler = Sampler(compile_gradient(Walled()), stage, 1)
    _, rows = sampler.advance(sampler.start(0), 20, lambda _steps: None)
    assert rows["diverging"].any() and np.isfinite(rows["z"]).all()
    assert (rows["accept"][rows["diverging"]] == 0.0).all()


def test_the_learnt_space_of_a_normal_is_its_own() -> None:
    """Draws and slopes of a normal: the geometric mean is its covariance, with few draws too."""
    rng = np.random.default_rng(2)
    turn, _ = np.linalg.qr(rng.normal(size=(30, 30)))
    root = (turn * np.geomspace(0.5, 2.0, 30)) @ turn.T
    draws = rng.normal(size=(60, 30)) @ root + 3.0
    slopes = -(draws - 3.0) @ np.linalg.inv(root @ root)
    space = learnt(flat(30), draws, slopes)
    there = np.linalg.solve(space.scale, root)
    spread = np.linalg.eigvalsh(there @ there.T)
    assert 0.6 < spread[0] and spread[-1] < 1.6
    assert space.log_det == pytest.approx(np.linalg.slogdet(space.scale)[1])
    exact = geometric(draws - draws.mean(0), slopes - slopes.mean(0), ridge=0.0)
    assert_allclose(exact, root @ root, atol=1e-8)


def test_directions_that_no_draw_shows_are_left_as_they_are() -> None:
    apart = np.zeros((3, 40))
    apart[:, 0] = 4.0, -4.0, 0.0
    shape = geometric(apart, -apart / 9.0)
    assert_allclose(shape[1:, 1:], np.eye(39), atol=1e-12)
    assert shape[0, 0] > 5.0
    assert_allclose(power(shape, 0.5) @ power(shape, 0.5), shape, atol=1e-12)
