"""Arrivals by border post: the arrivals of each host, shared out by the best ways on free roads.

The cohort engine knows hosts, not posts. Which post a journey passes follows from the roads of the
case: the best way from every town of the origin, by papers, on the last day of the case, without
queues. What would divert people, a queue or a post closed later, is not in it; the shares are the
same for every draw, so the intervals hold the doubt of how many come and none of which way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.case.build import clock_of
from nostoi.case.case import Case
from nostoi.engine.daily import roads_of
from nostoi.engine.journeys.plan import Plan, best_plan, place_goal, way
from nostoi.engine.journeys.roads import Roads
from nostoi.study.forecast import WEEK, Forecast
from nostoi.world.legs import PAPERS

Floats = Any


@dataclass(frozen=True)
class PostPeak:
    """The busiest time at one border post, by draw.

    Attributes:
        post: its name.
        capacity: persons whom it lets out in a day (towns.csv).
        day: number of the busiest day in `Forecast.days`, [draw].
        on_day, in_week: persons who pass on it, and in the busiest seven days, [draw].
    """

    post: str
    capacity: float
    day: Floats
    on_day: Floats
    in_week: Floats

    @property
    def full(self) -> float:
        """Share of the draws in which more persons come on the busiest day than can pass."""
        return float(np.mean(self.on_day > self.capacity))


def post_shares(case: Case, hosts: Sequence[str]) -> tuple[tuple[str, ...], Floats, Floats]:
    """Names of the posts, their capacities [post], and shares of arrivals, [host, post].

    A row sums to at most 1; the rest passes no post of the case. Nothing for a case without roads.
    """
    roads = roads_of(case)
    if roads is None:
        return (), np.zeros(0), np.zeros((len(hosts), 0))
    network = roads.network
    posts = np.flatnonzero(network.gates.post)
    names = tuple(network.towns.names[network.gates.town[g]] for g in posts)
    free, day = np.zeros(network.gates.n), clock_of(case, 1).step(case.spec.end)
    plan = best_plan(network, day, free, roads.day_value)
    column = {int(gate): k for k, gate in enumerate(posts)}
    shares = np.zeros((len(hosts), len(posts)))
    for h, host in enumerate(hosts):
        if host in network.towns.places:
            for gate, weight in _passed(roads, plan, host):
                if gate in column:
                    shares[h, column[gate]] += weight
    return names, network.gates.limit[posts], shares


def _passed(roads: Roads, plan: Plan, host: str) -> list[tuple[int, float]]:
    """Gates on the ways to a host, each with the share of its arrivals that pass it."""
    network, found = roads.network, []
    towns = network.towns
    goals = [(place_goal(network, host), 1.0 - roads.bound)]
    own = np.flatnonzero((towns.place == towns.places.index(host)) & ~towns.post)
    goals += [(int(town), roads.bound / len(own)) for town in own]
    papers = np.asarray(roads.papers) / sum(roads.papers)
    total = 0.0
    for town in np.flatnonzero(towns.weight > 0):
        for held in range(len(PAPERS)):
            for goal, part in goals:
                legs = _way(roads, plan, (held, goal, int(town)))
                weight = float(towns.weight[town] * papers[held] * part)
                if legs:
                    total += weight
                    gates = {int(network.gates.of_leg[leg]) for leg in legs}
                    found += [(gate, weight) for gate in gates if gate >= 0]
    return [(gate, weight / total) for gate, weight in found]


def _way(roads: Roads, plan: Plan, trip: tuple[int, int, int]) -> list[int]:
    """Legs with the papers held, or with the least better ones that open a way."""
    held, goal, town = trip
    for papers in range(held, len(PAPERS)):
        legs = way(roads.network, plan, papers, goal, town)
        if legs:
            return legs
    return []


def post_peaks(case: Case, found: Forecast) -> tuple[PostPeak, ...]:
    """The busiest day and week of every post that a forecast sends anybody through."""
    hosts = found.horizon.model.world.hosts
    names, limit, shares = post_shares(case, hosts)
    out = []
    for k in np.flatnonzero(shares.sum(0) > 0):
        days = np.einsum("dht,h->dt", found.arrive, shares[:, k])
        span = min(WEEK, days.shape[1])
        total = np.concatenate([np.zeros((len(days), 1)), days.cumsum(1)], 1)
        weeks = (total[:, span:] - total[:, :-span]).max(1)
        out.append(PostPeak(names[k], float(limit[k]), days.argmax(1), days.max(1), weeks))
    return tuple(out)
