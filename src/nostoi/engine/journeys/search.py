"""Best ways in a small graph: exact labels by correcting them until none can be bettered.

All goals are worked on side by side: their labels stand next to each other in memory, so that one
instruction of the processor betters several of them. A leg with an infinite price is closed.
"""

from __future__ import annotations

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.vectors import njit
from nostoi.world.towns import Bools, Ints


@njit(cache=True)
def labels(start: Ints, end: Ints, price: Floats, goals: Bools, least: Floats, take: Ints) -> None:
    """Least price from every town to the nearest town of each goal.

    Args:
        start: town where each leg starts, [leg].
        end: town where it ends, [leg].
        price: price of each leg, more than 0, infinite if closed, [leg].
        goals: whether a town belongs to a goal, [town, goal].
        least: filled with the least price, infinite without a way, [town, goal].
        take: filled with the leg to take, the first one of those that are equally good, -1 at the
            goal and without a way, [town, goal].
    """
    many = goals.shape[1]
    least[...] = np.where(goals, 0.0, np.inf)
    take[...] = -1
    usable = np.flatnonzero(np.isfinite(price))
    lower = 1
    while lower:
        lower = 0
        for leg in usable:
            here, there, more = least[start[leg]], least[end[leg]], price[leg]
            for k in range(many):
                found = more + there[k]
                lower |= found < here[k]
                here[k] = min(found, here[k])
    for leg in usable[::-1]:
        here, there, more = least[start[leg]], least[end[leg]], price[leg]
        for k in range(many):
            if more + there[k] == here[k] and here[k] < np.inf and not goals[start[leg], k]:
                take[start[leg], k] = leg


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
    gate_of_leg: Ints, end: Ints, price: Floats, least: Floats, best: Floats, take: Ints
) -> None:
    """Best way on for those who pass a gate now.

    Args:
        gate_of_leg: gate of each leg or -1, [leg].
        end: town where each leg ends, [leg].
        price: price of each leg without its wait, infinite if closed, [leg].
        least: least price from every town on, [town, goal].
        best: filled with the price from the gate to the goal without the wait, [gate, goal].
        take: filled with the leg, -1 if none, [gate, goal].
    """
    best[...], take[...] = np.inf, -1
    for leg in np.flatnonzero(gate_of_leg >= 0):
        gate, there, more = gate_of_leg[leg], least[end[leg]], price[leg]
        for k in range(best.shape[1]):
            found = more + there[k]
            if found < best[gate, k]:
                best[gate, k], take[gate, k] = found, leg


@njit(cache=True)
def around(
    ends: tuple[Ints, Ints, Ints],
    price: Floats,
    least: Floats,
    gate_town: Ints,
    best: Floats,
    take: Ints,
) -> None:
    """Best way for those who stand at a gate and leave its queue.

    Args:
        ends: start, end and gate (or -1) of each leg, each [leg].
        price: price of each leg with its wait, infinite if closed, [leg].
        least: least price from every town on, [town, goal].
        gate_town: town of each gate, [gate].
        best: filled with the price by any leg that does not pass the gate, [gate, goal].
        take: filled with that leg, -1 if none, [gate, goal].
    """
    start, end, gate_of_leg = ends
    best[...], take[...] = np.inf, -1
    usable = np.flatnonzero(np.isfinite(price))
    for gate in range(len(gate_town)):
        for leg in usable:
            if start[leg] != gate_town[gate] or gate_of_leg[leg] == gate:
                continue
            there, more = least[end[leg]], price[leg]
            for k in range(best.shape[1]):
                found = more + there[k]
                if found < best[gate, k]:
                    best[gate, k], take[gate, k] = found, leg


@njit(cache=True)
def every_goal(
    ends: tuple[Ints, Ints, Ints], bare: Floats, full: Floats, goals: Bools, gate_town: Ints
) -> tuple[Floats, Ints, Floats, Ints, Floats, Ints]:
    """`labels`, `through` and `around` for every goal and all papers.

    Args:
        ends: start, end and gate of each leg, each [leg].
        bare: price of each leg without its wait, infinite if closed, [papers, leg].
        full: the same with its wait, [papers, leg].
        goals: which towns each goal consists of, [town, goal].
        gate_town: town of each gate, [gate].

    Returns:
        Price and leg from every town, each [papers, town, goal]; for those let through at a gate,
        and for those who leave its queue, each [papers, gate, goal].
    """
    start, end, gate_of_leg = ends
    towns, many = goals.shape
    at_town, at_gate = (len(full), towns, many), (len(full), len(gate_town), many)
    cost, take = np.empty(at_town), np.empty(at_town, np.int64)
    pass_cost, pass_leg = np.empty(at_gate), np.empty(at_gate, np.int64)
    leave_cost, leave_leg = np.empty(at_gate), np.empty(at_gate, np.int64)
    for k in range(len(full)):
        labels(start, end, full[k], goals, cost[k], take[k])
        through(gate_of_leg, end, bare[k], cost[k], pass_cost[k], pass_leg[k])
        around(ends, full[k], cost[k], gate_town, leave_cost[k], leave_leg[k])
    return cost, take, pass_cost, pass_leg, leave_cost, leave_leg
