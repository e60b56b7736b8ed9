"""The cohort engine keeps what it must keep, whatever the parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds import clock_of, constant_rates, model_of, run_all, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.base.record import Record
from nostoi.engine import cohorts
from nostoi.engine.model import Model
from nostoi.engine.rates import make_rates
from nostoi.rules.moves import choose_rules
from nostoi.rules.params import Pack
from nostoi.world.world import World

Runner = Callable[[dict[str, Any]], Any]
SEEDS = range(4)


@pytest.fixture(scope="module")
def model() -> Model:
    """Two groups, three hosts, twenty weeks of which one is counted in days."""
    return model_of(world_of(clock_of(20, daily=(6, 6)), Phases(2, 4, 5), 2, 3))


@pytest.fixture(scope="module")
def runner(model: Model) -> Runner:
    """The engine compiled once."""
    return jax.jit(lambda values: run_all(model, values))


@pytest.fixture(scope="module")
def record(model: Model, runner: Runner) -> Record:
    """Record of a draw of the prior."""
    found: Record = runner(values_of(model, 0))[3]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_lost_and_nobody_is_made(model: Model, runner: Runner, seed: int) -> None:
    """Far into the tails of the prior; also no state and no flow is negative."""
    shares, trace, last, record = runner(values_of(model, seed, scale=1.5))
    start = model.world.who["persons"].sum()
    assert float(cohorts.persons(shares, last, trace)) == pytest.approx(start, rel=1e-9)
    for part in jax.tree.leaves((trace, last, record)):
        assert np.isfinite(np.asarray(part)).all()
        assert np.asarray(part).min() >= -1e-9 * start


@pytest.mark.parametrize("seed", SEEDS)
def test_record_adds_up_at_every_step(model: Model, runner: Runner, seed: int) -> None:
    """Home, away, on the way, returned and called up are all persons; flows agree."""
    record = runner(values_of(model, seed))[3]
    everybody = (
        record.home.sum(1)
        + record.abroad[:, 0].sum(1)
        + record.on_the_way
        + record.returned[:, 0].sum(1)
        + record.called_up.sum(1)
    )
    np.testing.assert_allclose(everybody, model.world.who["persons"].sum(), rtol=1e-9)
    np.testing.assert_allclose(record.leave_to.sum(1), (record.leave + record.again).sum(1))
    np.testing.assert_allclose(record.go_home.sum(1), record.go_home_group.sum(1))
    np.testing.assert_allclose(record.exits[:, 0], record.go_home + record.go_on, rtol=1e-9)
    np.testing.assert_allclose(record.arrive_on.sum(1), record.go_on.sum(1), rtol=1e-6)
    np.testing.assert_allclose(record.onward.sum(1), record.go_on.sum(0), rtol=1e-6)
    np.testing.assert_allclose(record.abroad[:, 0].sum(1), record.abroad_group[:, 0].sum(1))
    stock = np.asarray(record.abroad[:, 0])
    np.testing.assert_allclose(
        np.diff(stock, axis=0), (record.arrive - record.go_home - record.go_on)[1:], atol=1e-6
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_residence_rules_are_nested(model: Model, runner: Runner, seed: int) -> None:
    record = runner(values_of(model, seed))[3]
    for name in ("abroad", "abroad_group", "returned", "returned_once", "exits"):
        by_rule = np.asarray(getattr(record, name))
        assert (np.diff(by_rule, axis=1) <= 1e-9 * by_rule.max()).all(), name
    assert (np.asarray(record.returned).sum(-1) <= np.asarray(record.returned_once) + 1e-6).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_fields_are_shares(model: Model, runner: Runner, seed: int) -> None:
    record = runner(values_of(model, seed, scale=2.0))[3]
    for name in ("belief", "rumour"):
        field = np.asarray(getattr(record, name))
        assert field.min() >= 0.0
        assert field.max() <= 1.0


def test_onward_movers_never_land_where_they_were(record: Record) -> None:
    assert np.diagonal(record.onward).tolist() == [0.0, 0.0, 0.0]
    assert np.asarray(record.onward).sum() > 0.0
    out = jnp.array([[10.0, 0.0, 4.0]])
    weights = jnp.array([[0.5, 0.3, 0.2]])
    found = cohorts.onward_to(out, weights)
    np.testing.assert_allclose(found, [[4 * 0.5 / 0.8, 10 * 0.6 + 4 * 0.3 / 0.8, 10 * 0.4]])


def test_with_one_host_nobody_moves_on() -> None:
    """There is nowhere to go on to, and nobody may be lost on the way there."""
    model = model_of(world_of(clock_of(8), Phases(2, 4, 3), 1, 1), ())
    values = constant_rates(model.world, 1e-3, 1e-3, 0.02)
    shares, trace, last, record = jax.jit(lambda v: run_all(model, v))(values)
    assert float(record.go_on.sum()) == 0.0
    assert float(cohorts.persons(shares, last, trace)) == pytest.approx(1e6, rel=1e-12)


def test_without_a_quota_nobody_is_called_up() -> None:
    """A rule switched off must not leave the base rate of one per day behind."""
    world = world_of(clock_of(8), Phases(2, 4, 3), 1, 1)
    rules = ("quota", "summons_arrives")
    for chosen in (rules, rules[1:], ()):
        model = model_of(world, choose_rules(chosen))
        rates = make_rates(model, model.numbers(values_of(model))).call_up
        quota = world.now["call_rate"] * 0.8 if chosen == rules else 0.0 * world.clock.mids
        np.testing.assert_allclose(rates[:, 0], quota)


def test_same_inputs_same_bytes(model: Model, runner: Runner) -> None:
    """Also after compiling anew."""
    values = values_of(model, 3)
    again = jax.jit(lambda v: run_all(model, v))
    for one, two in zip(runner(values)[3], again(values)[3], strict=True):
        assert np.asarray(one).tobytes() == np.asarray(two).tobytes()


def test_run_is_the_record_of_the_scan(model: Model, record: Record) -> None:
    found = jax.jit(lambda values: cohorts.run(model, values))(values_of(model, 0))
    for one, two in zip(found, record, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-9)


def test_gradient_is_that_of_finite_differences(model: Model) -> None:
    """Of a mix of flows and stocks, in three random directions."""
    pack = Pack(model.params)

    def mix(z: Any) -> Any:
        found = cohorts.run(model, pack.unpack(z, jnp))
        parts = (found.leave, found.abroad[:, 1], found.returned, found.onward, found.exits)
        return sum(jnp.log1p(part).sum() for part in parts) / 100.0

    both = jax.jit(jax.value_and_grad(mix))
    rng = np.random.default_rng(1)
    z = 0.5 * rng.standard_normal(pack.dim)
    slope = np.asarray(both(z)[1])
    assert np.isfinite(slope).all()
    for _ in range(3):
        way = rng.standard_normal(pack.dim)
        h = 1e-5
        found = (both(z + h * way)[0] - both(z - h * way)[0]) / (2 * h)
        assert slope @ way == pytest.approx(float(found), rel=1e-6, abs=1e-7)


def reordered(world: World, groups: list[int], hosts: list[int]) -> World:
    """The world with its groups and hosts in another order."""
    return replace(
        world,
        hosts=tuple(world.hosts[i] for i in hosts),
        groups=tuple(world.groups[i] for i in groups),
        who={name: column[groups] for name, column in world.who.items()},
        savings=world.savings[:, groups],
        at={name: column[hosts] for name, column in world.at.items()},
        attraction=world.attraction[hosts],
    )


def test_the_order_of_groups_and_hosts_does_not_matter(model: Model, record: Record) -> None:
    groups, hosts = [1, 0], [2, 0, 1]
    values = values_of(model, 0)
    values["leaning"] = values["leaning"][groups]
    for name in ("climate", "stepping", "attraction"):
        values[name] = values[name][hosts]
    other = model_of(reordered(model.world, groups, hosts))
    found = jax.jit(lambda v: cohorts.run(other, v))(values)
    for name in ("leave", "again", "abroad_group", "returned", "home", "belief", "called_up"):
        np.testing.assert_allclose(
            getattr(found, name), np.asarray(getattr(record, name))[..., groups], 1e-8, 1e-9
        )
    for name in ("arrive", "go_home", "go_on", "abroad", "exposed_exit"):
        np.testing.assert_allclose(
            getattr(found, name), np.asarray(getattr(record, name))[..., hosts], 1e-8, 1e-9
        )
    onward = np.asarray(record.onward)[np.ix_(hosts, hosts)]
    np.testing.assert_allclose(found.onward, onward, rtol=1e-6)
