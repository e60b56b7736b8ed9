"""Moves within a day: leave a queue, follow the plan, pass a gate. Rows change in place."""

from __future__ import annotations

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.engine.journeys.manner import Manner
from nostoi.engine.journeys.plan import Plan
from nostoi.engine.journeys.queue import ahead_of, let_through
from nostoi.engine.journeys.travellers import ARRIVED, BACK, ON_THE_WAY, Travellers
from nostoi.world.network import Network
from nostoi.world.towns import Bools, Ints

Trail = list[tuple[Ints, Ints, Floats]]
"""Rows that set out, their legs and the times, batch by batch in the order of the day's work."""


def leave_queues(
    network: Network,
    day: int,
    now: Travellers,
    plan: Plan,
    capacity: Floats,
    mine: Bools,
    manner: Manner,
    trail: Trail | None = None,
) -> None:
    """Those who wait go another way if it has become better, or turn back if none is left.

    Each compares the persons before them in the queue with the ways that do not pass its gate.

    Args:
        network: towns, legs and gates.
        day: day of the clock.
        now: travellers, changed in place.
        plan: best ways under the queues of this moment.
        capacity: persons per day through each gate, [gate].
        mine: rows that choose now, [row].
        manner: what a day is worth, and the least gain for which somebody leaves.
        trail: hears of every leg that is taken.
    """
    queueing = np.where(now.state == ON_THE_WAY, now.gate, -1)
    rows = np.flatnonzero(mine & (queueing >= 0))
    if not len(rows):
        return
    ahead = ahead_of(queueing, now.joined, now.person, now.count)[rows]
    gate = now.gate[rows]
    at = (now.papers[rows], now.goal[rows], gate)
    wait = np.full(len(rows), np.inf)
    np.divide(ahead, capacity[gate], out=wait, where=capacity[gate] > 0)
    stay = plan.pass_cost[at] + manner.day_value * wait
    other = plan.leave_cost[at]
    goes = np.where(np.isfinite(stay), other < stay - manner.switch, True)
    rows, gate, leg = rows[goes], gate[goes], plan.leave_leg[at][goes]
    now.ready[rows] = np.maximum(now.joined[rows], day)
    now.gate[rows], now.joined[rows] = -1, 0.0
    stuck = leg < 0
    _turn(now, rows[stuck])
    _take(network, day, now, rows[~stuck], leg[~stuck], trail)


def follow(
    network: Network,
    day: int,
    now: Travellers,
    plan: Plan,
    goals: Bools,
    mine: Bools,
    trail: Trail | None = None,
) -> None:
    """Those who are in a town take the next legs of their best way, as far as the day lasts.

    Args:
        network: towns, legs and gates.
        day: day of the clock.
        now: travellers, changed in place.
        plan: best ways under the queues of this moment.
        goals: which towns each goal consists of, [goal, town].
        mine: rows that move now, [row].
        trail: hears of every leg that is taken.
    """
    while True:
        free = mine & (now.state == ON_THE_WAY) & (now.gate < 0) & (now.ready < day + 1)
        rows = np.flatnonzero(free)
        there = goals[now.goal[rows], now.town[rows]]
        done = rows[there]
        now.state[done] = np.where(now.turned[done], BACK, ARRIVED)
        rows = rows[~there]
        if not len(rows):
            return
        leg = plan.take[now.papers[rows], now.goal[rows], now.town[rows]]
        stuck = rows[leg < 0]
        homeward = now.goal[stuck] == now.back[stuck]
        # Whoever is on the way back and finds no way waits for one.
        now.ready[stuck[homeward]] = day + 1.0
        _turn(now, stuck[~homeward])
        _take(network, day, now, rows[leg >= 0], leg[leg >= 0], trail)


def pass_gates(
    network: Network,
    day: int,
    now: Travellers,
    plan: Plan,
    capacity: Floats,
    left: Ints,
    manner: Manner,
    trail: Trail | None = None,
) -> tuple[Travellers, Ints]:
    """The first in every queue pass; a party that passes in part is split if parties may be.

    Args:
        network: towns, legs and gates.
        day: day of the clock.
        now: travellers, changed in place.
        plan: best ways under the queues of this moment.
        capacity: persons per day through each gate, [gate].
        left: whole persons that each gate may still let through today, int64 [gate].
        manner: whether parties are split.
        trail: hears of every leg that is taken.

    Returns:
        The travellers, with new rows for what stays behind of parties that were split; and the
        persons who passed each gate, int64 [gate].
    """
    gate = np.where((now.state == ON_THE_WAY) & (now.joined < day + 1), now.gate, -1)
    ahead = ahead_of(gate, now.joined, now.person, now.count)
    go = let_through(ahead, now.count, gate, left)
    if not manner.split:
        go = np.where(go > 0, now.count, 0)
    rows = np.flatnonzero(go)
    barred = plan.pass_leg[now.papers[rows], now.goal[rows], gate[rows]] < 0
    go[rows[barred]] = 0
    rows = rows[~barred]
    passed = np.zeros(network.gates.n, np.int64)
    np.add.at(passed, gate[rows], go[rows])
    split = rows[go[rows] < now.count[rows]]
    behind = now.chosen(split)
    behind.count[:] -= go[split]
    now.count[rows] = go[rows]
    leg = plan.pass_leg[now.papers[rows], now.goal[rows], gate[rows]]
    turn = day + ahead[rows] / capacity[gate[rows]]
    start = np.clip(np.maximum(turn, now.joined[rows]), day, np.nextafter(day + 1.0, 0.0))
    now.gate[rows], now.joined[rows] = -1, 0.0
    _go(network, now, rows, leg, start, trail)
    return (now.with_more(behind) if len(split) else now), passed


def _turn(now: Travellers, rows: Ints) -> None:
    """Make for where they set out from."""
    now.goal[rows] = now.back[rows]
    now.turned[rows] = True


def _take(
    network: Network, day: int, now: Travellers, rows: Ints, leg: Ints, trail: Trail | None
) -> None:
    """Set out on a leg, or join the queue of its gate."""
    time = np.maximum(now.ready[rows], day)
    gate = network.gates.of_leg[leg]
    waits = gate >= 0
    queue = rows[waits]
    now.gate[queue], now.joined[queue], now.ready[queue] = gate[waits], time[waits], time[waits]
    _go(network, now, rows[~waits], leg[~waits], time[~waits], trail)


def _go(
    network: Network, now: Travellers, rows: Ints, leg: Ints, time: Floats, trail: Trail | None
) -> None:
    """Set out on a leg at a time."""
    if trail is not None and len(rows):
        trail.append((rows, leg, time))
    now.town[rows] = network.legs.end[leg]
    now.ready[rows] = time + network.legs.days[leg]
    now.spent[rows] += network.legs.cost[leg]
