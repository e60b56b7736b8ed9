"""Best ways in a small graph: exact labels by correcting them until none can be bettered."""

from __future__ import annotations

import numpy as np
from numba import njit

from nostoi.base.calendar import Floats
from nostoi.world.towns import Bools, Ints


@njit(cache=True)
def labels(start: Ints, end: Ints, price: Floats, goal: Bools) -> tuple[Floats, Ints]:
    """Least price from every town to the nearest town of a goal.

    Args:
        start: town where each leg starts, [leg].
        end: town where it ends, [leg].
        price: price of each leg, more than 0, infinite if closed, [leg].
        goal: whether a town belongs to the goal, [town].

    Returns:
        The least price, infinite without a way, [town]; and the leg to take, the first one of
        those that are equally good, -1 at the goal and without a way, [town].
    """
    n = len(goal)
    least = np.full(n, np.inf)
    for town in range(n):
        if goal[town]:
            least[town] = 0.0
    better = True
    while better:
        better = False
        for leg in range(len(start)):
            found = price[leg] + least[end[leg]]
            if found < least[start[leg]]:
                least[start[leg]] = found
                better = True
    take = np.full(n, -1, np.int64)
    for leg in range(len(start) - 1, -1, -1):
        here = start[leg]
        if goal[here] or not np.isfinite(least[here]):
            continue
        if price[leg] + least[end[leg]] == least[here]:
            take[here] = leg
    return least, take


@njit(cache=True)
def along(take: Ints, end: Ints, least: Floats, amount: Floats) -> Floats:
    """Sum of an amount over the legs of the best way from every town.

    Args:
        take: leg to take, -1 at the goal and without a way, [town].
        end: town where each leg ends, [leg].
        least: price of the best way, [town].
        amount: what each leg adds, [leg].

    Returns:
        The sums; infinite without a way, [town].
    """
    total = np.full(len(take), np.inf)
    # Prices fall along a way, so the towns nearer to the goal are ready first.
    for town in np.argsort(least):
        if not np.isfinite(least[town]):
            continue
        leg = take[town]
        total[town] = 0.0 if leg < 0 else amount[leg] + total[end[leg]]
    return total


@njit(cache=True)
def through(
    gate_of_leg: Ints, end: Ints, price: Floats, least: Floats, gates: int
) -> tuple[Floats, Ints]:
    """Best way on for those who pass a gate now.

    Args:
        gate_of_leg: gate of each leg or -1, [leg].
        end: town where each leg ends, [leg].
        price: price of each leg without its wait, infinite if closed, [leg].
        least: least price from every town on, [town].
        gates: number of gates.

    Returns:
        The price from the gate to the goal without the wait, [gate]; and the leg, -1 if none.
    """
    best = np.full(gates, np.inf)
    take = np.full(gates, -1, np.int64)
    for leg in range(len(end)):
        gate = gate_of_leg[leg]
        if gate >= 0:
            found = price[leg] + least[end[leg]]
            if found < best[gate]:
                best[gate] = found
                take[gate] = leg
    return best, take


@njit(cache=True)
def around(
    start: Ints, end: Ints, gate_of_leg: Ints, price: Floats, least: Floats, gate_town: Ints
) -> tuple[Floats, Ints]:
    """Best way for those who stand at a gate and leave its queue.

    Args:
        start: town where each leg starts, [leg].
        end: town where it ends, [leg].
        gate_of_leg: gate of each leg or -1, [leg].
        price: price of each leg with its wait, infinite if closed, [leg].
        least: least price from every town on, [town].
        gate_town: town of each gate, [gate].

    Returns:
        The price by any leg that does not pass the gate, [gate]; and that leg, -1 if none.
    """
    towns = len(least)
    first, second = np.full(towns, np.inf), np.full(towns, np.inf)
    leg1, leg2 = np.full(towns, -1, np.int64), np.full(towns, -1, np.int64)
    # The best leg of each town, and the best one that does not pass the same gate.
    for leg in range(len(start)):
        here, found = start[leg], price[leg] + least[end[leg]]
        if found < first[here]:
            first[here], leg1[here] = found, leg
    for leg in range(len(start)):
        here, found = start[leg], price[leg] + least[end[leg]]
        other = leg1[here] < 0 or gate_of_leg[leg] != gate_of_leg[leg1[here]]
        if other and found < second[here]:
            second[here], leg2[here] = found, leg
    best = np.full(len(gate_town), np.inf)
    take = np.full(len(gate_town), -1, np.int64)
    for gate in range(len(gate_town)):
        here = gate_town[gate]
        if leg1[here] >= 0 and gate_of_leg[leg1[here]] != gate:
            best[gate], take[gate] = first[here], leg1[here]
        else:
            best[gate], take[gate] = second[here], leg2[here]
    return best, take


@njit(cache=True)
def every_goal(
    ends: tuple[Ints, Ints, Ints], price: tuple[Floats, Floats], goals: Bools, gate_town: Ints
) -> tuple[Floats, Ints, Floats, Ints, Floats, Ints]:
    """`labels`, `through` and `around` for every goal.

    Args:
        ends: start, end and gate of each leg, each [leg].
        price: price of each leg without its wait and with it, each [leg].
        goals: which towns each goal consists of, [goal, town].
        gate_town: town of each gate, [gate].

    Returns:
        Price and leg from every town, each [goal, town]; for those let through at a gate, and for
        those who leave its queue, each [goal, gate].
    """
    start, end, gate_of_leg = ends
    bare, full = price
    n, towns, gates = len(goals), goals.shape[1], len(gate_town)
    cost, take = np.empty((n, towns)), np.empty((n, towns), np.int64)
    pass_cost, pass_leg = np.empty((n, gates)), np.empty((n, gates), np.int64)
    leave_cost, leave_leg = np.empty((n, gates)), np.empty((n, gates), np.int64)
    for k in range(n):
        cost[k], take[k] = labels(start, end, full, goals[k])
        pass_cost[k], pass_leg[k] = through(gate_of_leg, end, bare, cost[k], gates)
        leave_cost[k], leave_leg[k] = around(start, end, gate_of_leg, full, cost[k], gate_town)
    return cost, take, pass_cost, pass_leg, leave_cost, leave_leg
