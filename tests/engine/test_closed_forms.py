"""Answers that a pencil finds: two states, counted shares, rumours, ageing, readiness."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from tests.worlds import clock_of, constant_rates, model_of, values_of, world_of

from nostoi.base.phases import RULE_DAYS, RULES, Phases
from nostoi.base.record import Record
from nostoi.base.recursion import run_linear
from nostoi.engine import cohorts
from nostoi.engine.fields import rumour_step
from nostoi.engine.hazards import factor, shares_of_exit
from nostoi.engine.model import Model
from nostoi.engine.rates import Scene, make_rates, readiness, with_reference
from nostoi.observe.flow import passed
from nostoi.rules.moves import RULES as ALL_RULES
from nostoi.rules.moves import choose_rules, rules_of
from nostoi.world.world import World

EXIT, RETURN = 0.004 / 7.0, 0.03 / 7.0
FINE, DEFAULT = Phases(60, 1, 2), Phases(4, 4, 14)
BEAMED = {"journey_days": 1e-6}


def two_states(weeks: int, step_days: int, phases: Phases, leave: float) -> tuple[World, Record]:
    """One group, one host, journeys of no time, constant rates and no rules."""
    world = world_of(clock_of(weeks, step_days), phases, 1, 1, BEAMED)
    model = model_of(world, ())
    values = constant_rates(world, leave, RETURN)
    return world, run(model, values)


def run(model: Model, values: dict[str, Any]) -> Record:
    """Record of a run, compiled."""
    found: Record = jax.jit(lambda v: cohorts.run(model, v))(values)
    return found


@pytest.mark.parametrize("phases", [FINE, DEFAULT], ids=["fine", "default"])
@pytest.mark.parametrize("step_days", [1, 7])
def test_exit_and_return(monkeypatch: pytest.MonkeyPatch, phases: Phases, step_days: int) -> None:
    """Exit 0.004 and return 0.03 a week: after a year 0.0975677 are away (METHODS 5, row 15)."""
    monkeypatch.setattr(cohorts, "BACK_DAYS", 1e-6)
    _, record = two_states(52, step_days, phases, EXIT)
    away = float(record.abroad[-1, 0].sum()) / 1e6
    assert away == pytest.approx(0.0975677, rel=2e-3 if step_days == 1 else 2.5e-3)


@pytest.mark.parametrize("phases", [FINE, DEFAULT], ids=["fine", "default"])
@pytest.mark.parametrize("step_days", [1, 7])
def test_counted_share(phases: Phases, step_days: int) -> None:
    """Of a steady stream exp(-r t) stay for t: 0.67706, 0.45841, 0.21014 at 13, 26, 52 weeks.

    Persons who leave within a step are counted by its end: the engine's share is larger by half
    a step of exits, exp(r dt / 2), at every threshold.
    """
    np.testing.assert_allclose(
        np.exp(-RETURN * 7 * np.array([13, 26, 52])), [0.67706, 0.45841, 0.21014], atol=5e-6
    )
    world, record = two_states(120, step_days, phases, EXIT / 10)
    ends = np.asarray(world.clock.edges[1:], float)
    late = ends > 92 * 7
    arrived = np.cumsum(np.asarray(record.arrive)[:, 0])
    for rule in (1, 2, 3):
        days = RULE_DAYS[RULES[rule]]
        came = np.interp(ends - days, ends, arrived)
        reach = passed(record, late[None, :].astype(float), np.array([rule]), np.array([0]))[0]
        share = float(reach) / (came[-1] - came[~late][-1])
        wanted = np.exp(-RETURN * (days - step_days / 2.0))
        assert share == pytest.approx(wanted, rel=2.5e-3)
        assert share == pytest.approx(
            np.exp(-RETURN * days), rel=4e-3 if step_days == 1 else 1.7e-2
        )


def test_a_stream_counts_after_three_months() -> None:
    """Without returns the stock of three months is the stream of 91.3 days before, exactly, once
    the first block is full: its persons are taken to be spread over it.
    """
    world = world_of(clock_of(40), DEFAULT, 1, 1, BEAMED)
    model = model_of(world, ())
    record = run(model, constant_rates(world, 1e-6, 0.0))
    ends = np.asarray(world.clock.edges[1:], float)
    stock = np.asarray(record.abroad)[:, :, 0]
    before = np.interp(ends - RULE_DAYS["3m"], ends, stock[:, 0], left=0.0)
    assert (stock[ends <= 91, 1] == 0.0).all()
    full = ends > 91 + 28
    np.testing.assert_allclose(stock[full, 1], before[full], rtol=2e-3)


def test_a_pulse_of_arrivals_stays_together() -> None:
    """With single weeks, one wave counts from no one to all between day 91 and 98."""
    world = world_of(clock_of(30), Phases(20, 1, 2), 1, 1, BEAMED)
    mood = choose_rules(("mood_to_leave",))
    model = model_of(world, mood)
    values = constant_rates(world, 1e-9, 0.0)
    values["leave_mood"] = np.zeros(world.knots.shape[1])
    values["leave_mood"][1] = 25.0
    record = run(model, values)
    arrive = np.asarray(record.arrive)[:, 0]
    stock = np.asarray(record.abroad)[:, :, 0] / arrive.sum()
    main = int(arrive.argmax())
    assert arrive[main] > 0.95 * arrive.sum()
    oldest = np.asarray(world.clock.edges[1:]) - 7.0 * main
    assert (stock[oldest <= 91, 1] < 0.05).all()
    assert (stock[oldest >= 105, 1] > 0.95).all()


def test_never_heard_share_of_a_rumour() -> None:
    """Theta = exp(-2 (1 - theta)): 0.2031879 (METHODS 5, row 14), with one tiny seed."""
    dt = 0.005

    def step(state: Any, _: Any) -> Any:
        ignorant, spreading = state
        rates = {"seed": 0.0, "hear": spreading, "stop": 1.0 - ignorant, "forget": 0.0}
        return rumour_step(rates, ignorant, spreading, dt), None

    first = (jnp.asarray(1.0 - 1e-7), jnp.asarray(1e-7))
    (ignorant, spreading), _ = jax.lax.scan(step, first, None, length=24000)
    assert float(spreading) < 1e-9
    assert float(ignorant) == pytest.approx(0.2031879, abs=1e-3)
    assert np.exp(-2 * (1 - 0.2031879)) == pytest.approx(0.2031879, rel=1e-6)


@pytest.mark.parametrize("dt", [0.1, 1.0, 7.0, 1000.0])
def test_a_rumour_step_keeps_shares(dt: float) -> None:
    """Whatever the rates and the step: exits are exponential, so nothing leaves 0..1."""
    rng = np.random.default_rng(2)
    ignorant = rng.uniform(size=200)
    spreading = rng.uniform(size=200) * (1.0 - ignorant)
    rates = {name: rng.exponential(size=200) for name in ("seed", "hear", "stop", "forget")}
    found = rumour_step(rates, ignorant, spreading, dt)
    assert all(float(part.min()) >= -1e-12 for part in (*found, 1.0 - found[0] - found[1]))


def test_linear_recursion() -> None:
    keep = jnp.array([0.5, 0.9, 0.0])
    found = run_linear(keep, jnp.array([1.0, 0.0, 2.0]), jnp.asarray(4.0))
    np.testing.assert_allclose(found, [3.0, 2.7, 2.0])


def test_competing_moves_share_one_draw() -> None:
    """Two rates of log 2 a day: three quarters leave in a day, half of them each way."""
    rate = jnp.log(2.0)
    share = rate * shares_of_exit(2 * rate, jnp.asarray(1.0))
    assert float(share) == pytest.approx(0.375)
    assert float(shares_of_exit(jnp.asarray(0.0), jnp.asarray(7.0))) == pytest.approx(0.0)


@pytest.fixture(scope="module")
def full() -> Model:
    """All rules, two groups and two hosts, eight weeks."""
    return model_of(world_of(clock_of(8), Phases(1, 4, 2), 2, 2))


@pytest.fixture(scope="module")
def scene(full: Model) -> Scene:
    """Its scene at a draw of the prior."""
    return Scene(full, full.numbers(values_of(full, 1)))


def test_quiet_times_have_an_appeal_of_one(full: Model) -> None:
    """The reference is the summed weight of all hosts in the first step, mean over groups."""
    model = with_reference(full)
    p = model.numbers(values_of(model))
    weigh = cohorts._weigher(model, SimpleNamespace(**p))
    static = jax.jit(lambda p: make_rates(model, p).weight[0])(p)
    appeal, weights = weigh(static, jnp.zeros(2))
    assert float(jnp.log(appeal).mean()) == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(weights.sum(-1), 1.0)


def pushes() -> list[tuple[str, str]]:
    """(move, rule) of every push that one number alone scales."""
    moves = ("leave", "leave_again", "go_home", "move_on")
    found = [(move, rule) for move in moves for rule in rules_of(move, "push")]
    return [(move, rule.name) for move, rule in found if len(rule.columns("p")) == 1]


@pytest.mark.parametrize(("move", "name"), pushes())
def test_a_push_off_is_a_push_of_zero(scene: Scene, move: str, name: str) -> None:
    rule = next(rule for rule in ALL_RULES if rule.name == name)
    if move in ("go_home", "move_on"):
        view = scene.abroad(scene.slow, with_days=True)
    else:
        days = scene.world.phases.days[None, None, :, None]
        view = scene.at_home(been_away=1.0, days=days)
    view.now.amnesty = view.now.amnesty + 0.5  # only scenarios have one
    on = factor(move, ALL_RULES, view)
    off = factor(move, tuple(r for r in ALL_RULES if r is not rule), view)
    number = rule.columns("p")[0]
    nothing = jnp.zeros_like(getattr(view.p, number))
    view.p = SimpleNamespace(**vars(view.p) | {number: nothing})
    np.testing.assert_allclose(factor(move, ALL_RULES, view) + 0 * on, off + 0 * on, rtol=1e-12)
    assert np.abs(np.asarray(on - off)).max() > 0.0


def test_bands_of_savings_are_averaged_after_the_rule(scene: Scene, full: Model) -> None:
    """A cell feels the mean of `can_pay` over its bands, not `can_pay` of the mean."""
    rule = choose_rules(("can_pay",))
    found = factor("leave", rule, scene.at_home())
    need = full.world.at["journey_cost"].min(0) * full.world.now["fare"] + 1.0
    by_hand = 1.0 / (1.0 + (full.world.savings[:, :, None] / need) ** -2.0)
    np.testing.assert_allclose(found[:, 0, 0, :], by_hand.mean(0), rtol=1e-9)


def test_readiness_by_hand() -> None:
    """Without rules: 1 - exp(-30 base) would within thirty days, and all could."""
    model = model_of(world_of(clock_of(30), DEFAULT, 2, 1), ())
    p = model.numbers(constant_rates(model.world, 0.01, 0.0))
    would, could = readiness(model, p)
    np.testing.assert_allclose(would, 1.0 - np.exp(-0.3), rtol=1e-9)
    np.testing.assert_allclose(could, 1.0)
