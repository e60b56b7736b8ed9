"""Answers that a pencil finds: constant rates, two states, and counted shares of places."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2
from tests.worlds import clock_of, constant_rates, model_of, world_of

from nostoi.base.phases import RULE_DAYS, RULES, Phases
from nostoi.engine.agents.run import AgentRun, Settings, run
from nostoi.engine.model import Model

EXIT, RETURN, ONWARD = 0.002, 0.006, 0.01
PEOPLE = 40_000


def plain(hosts: int, weeks: int, days_on_the_way: float = 1e-6) -> Model:
    """One group, no rules, journeys of one day unless said otherwise."""
    at = {"journey_days": days_on_the_way}
    return model_of(world_of(clock_of(weeks, 1), Phases(4, 4, 14), 1, hosts, at), ())


def played(model: Model, leave: float, home: float, onward: float = 0.0, seed: int = 1) -> AgentRun:
    """A run with constant rates; an agent is a person."""
    values = constant_rates(model.world, leave, home, onward)
    hosts = len(model.world.hosts)
    values["leave_base"] = np.log(leave / hosts)  # without rules the appeal is the number of hosts
    model.world.who["persons"][:] = PEOPLE
    return run(model, values, Settings(seed=seed))


def test_exit_alone_is_exponential() -> None:
    """Those who never left: exp(-rate t) of all, every day, within five standard errors."""
    found = played(plain(1, 52), EXIT, 0.0).record.home[:, 0] / PEOPLE
    wanted = np.exp(-EXIT * np.arange(1, 365))
    error = np.sqrt(wanted * (1 - wanted) / PEOPLE)
    assert (np.abs(found - wanted) < 5 * error).all()
    assert found[-1] == pytest.approx(0.4829, abs=0.013)


def test_two_states_and_journeys_of_a_day() -> None:
    """A Markov chain by hand: home, out, away, back (two days on average), home again."""
    record = played(plain(1, 52), EXIT, RETURN).record
    land = -np.expm1(-0.5)
    leave, home = -np.expm1([-EXIT, -RETURN])
    state = np.array([1.0, 0, 0, 0, 0])  # home, out, away, back, returned
    step = np.array(
        [
            [1 - leave, leave, 0, 0, 0],
            [0, 0, 1, 0, 0],
            [0, 0, 1 - home, home, 0],
            [0, 0, 0, 1 - land, land],
            [0, leave, 0, 0, 1 - leave],
        ]
    )
    for t in range(364):
        state = state @ step
        if t in (30, 120, 363):
            found = np.array([record.home[t, 0], record.abroad[t, 0, 0], record.returned[t, 0, 0]])
            wanted = state[[0, 2, 4]]
            error = np.sqrt(wanted * (1 - wanted) / PEOPLE)
            assert (np.abs(found / PEOPLE - wanted) < 5 * error).all(), t


def test_places_are_chosen_by_their_weights() -> None:
    """Without rules all hosts draw alike; onward movers never choose the host where they are."""
    record = played(plain(3, 30), EXIT, 0.0, ONWARD).record
    to = record.leave_to.sum(0)
    assert ((to - to.mean()) ** 2 / to.mean()).sum() < chi2.ppf(0.9999, 2)
    assert np.diagonal(record.onward).tolist() == [0.0, 0.0, 0.0]
    pairs = record.onward / record.onward.sum(1, keepdims=True)
    np.testing.assert_allclose(pairs[~np.eye(3, dtype=bool)], 0.5, atol=0.03)
    np.testing.assert_allclose(record.onward.sum(1), record.go_on.sum(0))


def test_stays_of_three_six_and_twelve_months() -> None:
    """Without returns, those abroad for at least a rule are all who had arrived by then."""
    record = played(plain(1, 80), EXIT, 0.0).record
    arrived = np.cumsum(record.arrive[:, 0])
    for k, rule in enumerate(RULES[1:], 1):
        days = int(np.ceil(RULE_DAYS[rule] - 0.5))
        np.testing.assert_array_equal(record.abroad[days:, k, 0], arrived[:-days])
        assert record.abroad[:days, k].sum() == 0.0


def test_counted_stays_are_exponential() -> None:
    """Of those who leave a host, exp(-rate t) had stayed for t; both by count and by law."""
    record = played(plain(1, 100), 0.02, RETURN).record
    late = slice(500, None)
    exits = record.exits[late].sum((0, 2))
    came = record.arrive[:, 0]
    for k, rule in enumerate(RULES[1:], 1):
        days = int(np.ceil(RULE_DAYS[rule] - 0.5))
        stayed = sum(came[t - a] * np.exp(-RETURN * (a - 1)) for t in range(500, 700)
                     for a in range(days, t + 1)) * -np.expm1(-RETURN)  # fmt: skip
        assert exits[k] == pytest.approx(stayed, abs=6 * np.sqrt(stayed))
