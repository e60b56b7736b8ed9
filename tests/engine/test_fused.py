"""The fused loops against the plain cohort engine: values, derivatives, persons."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit
from numpy.testing import assert_allclose
from tests.worlds import clock_of, constant_rates, model_of, values_of, world_of

from nostoi.base.phases import Phases
from nostoi.engine import cohorts
from nostoi.engine.fused import operation
from nostoi.engine.fused import run as fused
from nostoi.engine.fused.shares import exit_share, share_slope, table_points
from nostoi.engine.model import Model
from nostoi.engine.rates import make_rates
from nostoi.rules.moves import RULES

PHASES = Phases(4, 4, 14)


def small(groups: int = 3, hosts: int = 3, weeks: int = 40) -> Model:
    """A small world with every rule on."""
    return model_of(world_of(clock_of(weeks, 7, (12, 16)), PHASES, groups, hosts))


def both(model: Model, values: dict[str, Any]) -> tuple[Any, Any]:
    """Records of the plain and of the fused run."""
    return (
        jax.jit(lambda v: cohorts.run(model, v))(values),
        jax.jit(lambda v: fused.run(model, v))(values),
    )


def test_the_loops_are_taken() -> None:
    assert operation.available()


def test_threads_that_ask_at_once_register_the_loops_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """XLA refuses a second handler of the same name, and the slow engine would be taken."""
    calls: list[str] = []

    def slowly(name: str, _address: int) -> bool:
        calls.append(name)
        time.sleep(0.05)
        return calls.count(name) == 1

    monkeypatch.setattr("nostoi.base.ffi.register", slowly)
    monkeypatch.setattr(operation.LOOPS, "_taken", None)
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda _: operation.available(), range(4)))
    assert sorted(calls) == sorted([operation.FORWARD, operation.BACKWARD])


@pytest.mark.parametrize("seed", [None, 1, 2])
@pytest.mark.parametrize("groups,hosts", [(1, 1), (3, 3)])
def test_same_record(seed: int | None, groups: int, hosts: int) -> None:
    """Every field of the record agrees; the table of live pulls costs the last digits."""
    model = small(groups, hosts)
    plain, fast = both(model, values_of(model, seed, 0.5))
    for name, one, other in zip(plain._fields, plain, fast, strict=True):
        size = float(jnp.abs(one).max()) + 1e-9
        assert_allclose(np.asarray(other) / size, np.asarray(one) / size, atol=3e-8, err_msg=name)


def test_same_derivative() -> None:
    """Random weights on all outputs: the adjoint agrees with automatic differentiation."""
    model = small()
    values = values_of(model, 3, 0.4)
    plain = cohorts.run(model, values)
    rng = np.random.default_rng(5)
    weights = [rng.normal(size=part.shape) / (float(jnp.abs(part).max()) + 1e-9) for part in plain]

    def total(run: Any) -> Any:
        def of(v: dict[str, Any]) -> Any:
            parts = run(model, v)
            return sum((w * part).sum() for w, part in zip(weights, parts, strict=True))

        return jax.jit(jax.grad(of))

    one, other = total(cohorts.run)(values), total(fused.run)(values)
    scale = max(float(jnp.abs(part).max()) for part in one.values())
    for name in one:
        assert_allclose(other[name] / scale, one[name] / scale, atol=2e-7, err_msg=name)


def test_derivative_of_the_loops_by_differences() -> None:
    """A central difference of the loops themselves, along a random direction of each input."""
    model = small(2, 3, 20)
    p = model.numbers(values_of(model, 2, 0.3))
    rates = make_rates(model, p)
    moving, fixed = fused.moving_of(model, p, rates), fused.fixed_of(model)
    rng = np.random.default_rng(7)

    def total(m: Any) -> Any:
        counts = operation.counts_of(m, fixed)
        return (counts.abroad[:, 2] ** 2).sum() / 1e6 + counts.returned.sum() + counts.onward.sum()

    grad = jax.grad(total)(moving)
    for i, part in enumerate(moving):
        way = np.asarray(part) * rng.normal(size=part.shape)
        if not way.any():
            continue
        h = 1e-6
        ahead, behind = (
            moving._replace(**{moving._fields[i]: part + s * h * way}) for s in (1, -1)
        )
        slope = (float(total(ahead)) - float(total(behind))) / (2.0 * h)
        assert float((grad[i] * way).sum()) == pytest.approx(slope, rel=2e-5, abs=1e-2)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), scale=st.floats(0.0, 1.5))
def test_persons_conserved(seed: int, scale: float) -> None:
    """Home, away, on the way, returned and called up add up to everybody in every step."""
    model = small(2, 2, 20)
    record = fused.run(model, values_of(model, seed, scale))
    total = record.home.sum(1) + record.abroad[:, 0].sum(1) + record.on_the_way
    total = total + record.returned[:, 0].sum(1) + record.called_up.sum(1)
    everybody = model.world.who["persons"].sum()
    assert_allclose(np.asarray(total), everybody, rtol=1e-11)


def test_without_rules_one_host() -> None:
    """Where nothing depends on newcomers the two agree to rounding."""
    world = world_of(clock_of(30), PHASES, 1, 1)
    model = model_of(world, ())
    plain, fast = both(model, constant_rates(world, 0.001, 0.004))
    assert_allclose(np.asarray(fast.abroad), np.asarray(plain.abroad), rtol=1e-12, atol=1e-9)


def test_fallback_is_the_plain_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "available", lambda: False)
    model = small(1, 2, 10)
    values = values_of(model)
    one, other = cohorts.run(model, values), fused.run(model, values)
    np.testing.assert_array_equal(np.asarray(one.abroad), np.asarray(other.abroad))


def test_exit_share_and_its_slope() -> None:
    """1 - exp(-x) to 14 digits, and the derivative of the share over the rate."""

    def left(x: float) -> float:
        found: float = exit_share(x)
        return found

    told: Any = njit(left)
    for x in (0.0, 1e-12, 1e-5, 0.3, 2.0, 9.0, 35.0, 600.0):
        assert told(x) == pytest.approx(-np.expm1(-x), rel=3e-14, abs=1e-300)
    assert share_slope.py_func(1e-9, 7.0, 7.0) == pytest.approx(-24.5, rel=1e-7)
    for rate in (1e-4, 1e-3, 0.05, 1.0):
        h = 1e-4 * rate
        there = {r: -np.expm1(-7.0 * r) / r for r in (rate - h, rate, rate + h)}
        slope = (there[rate + h] - there[rate - h]) / (2.0 * h)
        assert share_slope.py_func(rate, 7.0, there[rate]) == pytest.approx(slope, rel=1e-4)


def test_table_spans_all_persons() -> None:
    points, top = table_points(1e6)
    assert points[0] == 0.0 and points[-1] == pytest.approx(1e6) and top > 0.0
    assert all(rule in RULES for rule in small().rules)


def test_phases_that_hold_nobody() -> None:
    """What the loops pass over is empty in the plain engine, and they pass over nothing more."""
    model = small(2, 2, 90)
    p = model.numbers(values_of(model, 1, 0.3))
    trace, _ = cohorts.scan(model, p, cohorts.make_shares(model, make_rates(model, p)))
    full = np.asarray(trace.state.host.sum((1, 2)) > 0.0)
    held = fused.phases_held(model.world.phases.moves(model.world.clock))
    last = np.where(full.any(1), full.shape[1] - np.argmax(full[:, ::-1], axis=1), 1)
    np.testing.assert_array_equal(held, last)
    assert held[0] == 1 and held[-1] == PHASES.n
