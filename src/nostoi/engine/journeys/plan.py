"""Plans: the best journey from every town to every goal on one date, under today's queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.engine.journeys.search import along, every_goal
from nostoi.world.legs import PAPERS
from nostoi.world.network import Network
from nostoi.world.towns import Bools, Ints


@dataclass(frozen=True)
class Plan:
    """Best ways on a date. Goals are the towns by their number, then the places.

    Attributes:
        cost: generalised cost; infinite without a way, 0 at the goal, [papers, goal, town].
        take: leg to take next; -1 at the goal and without a way, int64 [papers, goal, town].
        pass_cost: cost on from a gate for those let through now, [papers, goal, gate].
        pass_leg: leg that they take, -1 if none, int64 [papers, goal, gate].
        leave_cost: cost from a gate for those who leave its queue, [papers, goal, gate].
        leave_leg: leg that they take, -1 if none, int64 [papers, goal, gate].
        waits: days of waiting at each gate that the plan reckons with, [gate].
    """

    cost: Floats
    take: Ints
    pass_cost: Floats
    pass_leg: Ints
    leave_cost: Floats
    leave_leg: Ints
    waits: Floats


def goal_towns(network: Network) -> Bools:
    """Which towns each goal consists of: every town alone, then all of a place; [goal, town].

    Goal k is town k; goal `towns.n + p` is place p, where the place 0 is home.
    """
    towns = network.towns
    places = np.array([(towns.place == p) & ~towns.post for p in range(len(towns.places))])
    return np.concatenate([np.eye(towns.n, dtype=np.bool_), places])


def place_goal(network: Network, place: str) -> int:
    """Number of the goal `anywhere in this place`.

    Raises:
        ValueError: if there is no such place.
    """
    return network.towns.n + network.towns.places.index(place)


def leg_prices(
    network: Network, day: int, waits: Floats, day_value: float, papers: int
) -> tuple[Floats, Floats]:
    """Generalised cost of every leg for holders of some papers; infinite if not open to them.

    Args:
        network: towns, legs and gates.
        day: day of the clock.
        waits: days of waiting at each gate, [gate].
        day_value: what a day on the way is worth, in money of the origin, more than 0.
        papers: number in `PAPERS`.

    Returns:
        Prices without the wait and with it, each [leg].
    """
    legs, gates = network.legs, network.gates
    usable = legs.open_on(day) & (legs.papers <= papers)
    bare = np.where(usable, legs.cost + day_value * legs.days, np.inf)
    wait = np.zeros(legs.n)
    queued = gates.of_leg >= 0
    wait[queued] = waits[gates.of_leg[queued]]
    return bare, bare + day_value * wait


def best_plan(network: Network, day: int, waits: Floats, day_value: float) -> Plan:
    """Best ways from every town to every goal, for all papers.

    Args:
        network: towns, legs and gates.
        day: day of the clock.
        waits: days of waiting at each gate, [gate]; zeros for free roads.
        day_value: what a day on the way is worth, in money of the origin, more than 0.

    Raises:
        ValueError: if a day is worth nothing, for then a circle may cost nothing.
    """
    if not day_value > 0:
        raise ValueError("a day on the way must be worth more than 0")
    legs, gates = network.legs, network.gates
    goals = np.ascontiguousarray(goal_towns(network).T)
    prices = [leg_prices(network, day, waits, day_value, papers) for papers in range(len(PAPERS))]
    bare, full = (np.array(part) for part in zip(*prices, strict=True))
    ends = (legs.start, legs.end, gates.of_leg)
    found: tuple[Any, ...] = every_goal(ends, bare, full, goals, gates.town)
    cost, take, pass_cost, pass_leg, leave_cost, leave_leg = (x.transpose(0, 2, 1) for x in found)
    return Plan(cost, take, pass_cost, pass_leg, leave_cost, leave_leg, waits.copy())


def totals(network: Network, plan: Plan, papers: int, goal: int) -> tuple[Floats, Floats]:
    """Money and days of the best ways to one goal, waits included.

    Args:
        network: towns, legs and gates.
        plan: best ways on a date.
        papers: number in `PAPERS`.
        goal: number of the goal.

    Returns:
        Money and days, infinite without a way, each [town].
    """
    legs, gates = network.legs, network.gates
    days = legs.days.copy()
    queued = gates.of_leg >= 0
    days[queued] += plan.waits[gates.of_leg[queued]]
    take, least = plan.take[papers, goal], plan.cost[papers, goal]
    return along(take, legs.end, least, legs.cost), along(take, legs.end, least, days)


def to_places(network: Network, plan: Plan, papers: int) -> tuple[Floats, Floats, Floats]:
    """What the best journey to every place takes from every town, as a choice of host needs it.

    Args:
        network: towns, legs and gates.
        plan: best ways on a date.
        papers: number in `PAPERS`.

    Returns:
        Generalised cost, money, and days on the way with waits, each [place, town]; the place 0
        is home; infinite without a way.
    """
    first = network.towns.n
    goals = range(first, first + len(network.towns.places))
    found = [totals(network, plan, papers, goal) for goal in goals]
    money, days = (np.array(part) for part in zip(*found, strict=True))
    return plan.cost[papers, first:].copy(), money, days


def way(network: Network, plan: Plan, papers: int, goal: int, town: int) -> list[int]:
    """Legs of the best way from a town to a goal; empty at the goal and without a way."""
    found: list[int] = []
    leg = int(plan.take[papers, goal, town])
    while leg >= 0:
        found.append(leg)
        leg = int(plan.take[papers, goal, network.legs.end[leg]])
    return found
