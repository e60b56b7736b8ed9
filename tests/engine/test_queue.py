"""A queue against its closed form, and the order of coming against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nostoi.engine.journeys.queue import ahead_of, fluid, lengths, let_through

SMALL = st.lists(st.floats(0, 1000), min_size=1, max_size=40)


def test_a_pulse_above_capacity_then_below() -> None:
    """150 a day for 4 days, then 60, at 100 a day: 4 x 50 = 200 wait, two days long; the rest
    shrinks by 40 a day and is gone after 200 / 40 = 5 days.
    """
    came = np.array([150.0] * 4 + [60.0] * 10)
    flow = fluid(came, np.full(14, 100.0))
    assert flow.queue.max() == flow.queue[3] == pytest.approx(200.0)
    assert flow.wait[3] == pytest.approx(2.0)
    assert flow.queue[7] == pytest.approx(40.0)
    assert flow.queue[8] == pytest.approx(0.0)
    assert np.flatnonzero(flow.queue > 1e-9).tolist() == list(range(8))
    np.testing.assert_allclose(flow.served, [100.0] * 9 + [60.0] * 5)


def test_the_wait_knows_that_the_gate_slows_down() -> None:
    """300 people, 200 a day today, 50 a day from tomorrow: 100 are left, who need two days."""
    flow = fluid(np.array([300.0, 0.0, 0.0]), np.array([200.0, 50.0, 50.0]))
    assert flow.queue.tolist() == [100.0, 50.0, 0.0]
    assert flow.wait.tolist() == [2.0, 1.0, 0.0]


def test_a_gate_that_stays_shut_lets_nobody_wait_in_vain_unseen() -> None:
    flow = fluid(np.array([10.0, 0.0]), np.zeros(2))
    assert np.isinf(flow.wait).all()
    assert flow.queue.tolist() == [10.0, 10.0]


@given(came=SMALL, capacity=SMALL, waiting=st.floats(0, 1000))
def test_what_came_is_what_passed_and_what_waits(
    came: list[float], capacity: list[float], waiting: float
) -> None:
    days = min(len(came), len(capacity))
    arrive, room = np.array(came[:days]), np.array(capacity[:days])
    flow = fluid(arrive, room, waiting)
    np.testing.assert_allclose(
        waiting + arrive.cumsum(), flow.queue + flow.served.cumsum(), rtol=1e-9, atol=1e-9
    )
    assert (flow.served <= room + 1e-9).all()
    assert (flow.queue >= 0).all()
    idle = flow.served < room - 1e-6
    assert (flow.queue[idle] == 0).all(), "nobody waits while the gate is free"


rows = st.lists(
    st.tuples(st.integers(-1, 2), st.integers(0, 3), st.integers(1, 5)), min_size=0, max_size=30
)


@given(drawn=rows, quota=st.tuples(*[st.integers(0, 20)] * 3))
@settings(max_examples=200)
def test_the_first_pass_first(
    drawn: list[tuple[int, int, int]], quota: tuple[int, int, int]
) -> None:
    """The same as letting single persons through one by one."""
    gate = np.array([row[0] for row in drawn], np.int64)
    joined = np.array([float(row[1]) for row in drawn])
    count = np.array([row[2] for row in drawn], np.int64)
    person = np.arange(len(drawn))[::-1].astype(np.int64)
    go = let_through(ahead_of(gate, joined, person, count), count, gate, np.array(quota, np.int64))
    plain = np.zeros(len(drawn), np.int64)
    for at in range(3):
        left = quota[at]
        for row in sorted(range(len(drawn)), key=lambda r: (joined[r], person[r])):
            if gate[row] == at:
                plain[row] = min(count[row], left)
                left -= plain[row]
    assert go.tolist() == plain.tolist()
    total = lengths(gate, count, 3)
    assert total.sum() == count[gate >= 0].sum()
