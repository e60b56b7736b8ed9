"""The best ways of the plain twin: what a journey costs from every town, by the queues of now."""

from __future__ import annotations

from heapq import heappop, heappush
from math import inf, isfinite

import numpy as np

from nostoi.engine.journeys.roads import Roads

NOWHERE = -1


class Ways:
    """Best ways on one day under given waits; goals are towns by number, then places."""

    def __init__(self, roads: Roads) -> None:
        """Ways over some roads; `look` says on which day."""
        self.roads, self.network = roads, roads.network
        legs, towns = self.network.legs, range(self.network.towns.n)
        self.out = [np.flatnonzero(legs.start == town).tolist() for town in towns]
        self.into = [np.flatnonzero(legs.end == town).tolist() for town in towns]
        self.day, self.waits = NOWHERE, list[float]()
        self.known: dict[tuple[int, int], list[float]] = {}

    def look(self, day: int, waits: list[float]) -> None:
        """People see the waits of the moment."""
        if day != self.day or waits != self.waits:
            self.day, self.waits, self.known = day, waits, {}

    def price(self, papers: int, leg: int, waiting: bool = True) -> float:
        """Money of a leg, and of the time that it takes; infinite if it is closed to somebody."""
        legs, gate = self.network.legs, int(self.network.gates.of_leg[leg])
        if not legs.first[leg] <= self.day <= legs.last[leg] or legs.papers[leg] > papers:
            return inf
        bare = float(legs.cost[leg]) + self.roads.day_value * float(legs.days[leg])
        wait = self.waits[gate] if waiting and gate != NOWHERE else 0.0
        return bare + self.roads.day_value * wait

    def is_end(self, goal: int, town: int) -> bool:
        """Whether a town is a goal, or lies in the place that is one."""
        towns = self.network.towns
        if goal < towns.n:
            return town == goal
        return bool(towns.place[town] == goal - towns.n and not towns.post[town])

    def costs(self, papers: int, goal: int) -> list[float]:
        """Least price from every town to a goal, spreading from the goal (Dijkstra)."""
        if (papers, goal) in self.known:
            return self.known[papers, goal]
        least = [0.0 if self.is_end(goal, town) else inf for town in range(len(self.out))]
        edge = [(0.0, town) for town, cost in enumerate(least) if cost == 0.0]
        while edge:
            cost, town = heappop(edge)
            for leg in self.into[town] if cost == least[town] else []:
                found, start = self.price(papers, leg) + cost, self.network.legs.start[leg]
                if found < least[start]:
                    least[start] = found
                    heappush(edge, (found, int(start)))
        self.known[papers, goal] = least
        return least

    def best_leg(self, papers: int, goal: int, town: int) -> int:
        """First leg of the best way; the lowest number of those that are equally good."""
        least = self.costs(papers, goal)
        for leg in self.out[town] if isfinite(least[town]) else []:
            if self.price(papers, leg) + least[self.network.legs.end[leg]] == least[town]:
                return int(leg)
        return NOWHERE

    def at_gate(self, papers: int, goal: int, gate: int, passing: bool) -> tuple[float, int]:
        """Price and first leg of the best way for somebody who stands at a gate.

        For those whom it lets through now, by the legs that pass it, without a wait; else by all
        other legs of its town.
        """
        gates, best = self.network.gates, (inf, NOWHERE)
        least = self.costs(papers, goal)
        for leg in self.out[gates.town[gate]]:
            if (gates.of_leg[leg] == gate) == passing:
                price = self.price(papers, leg, waiting=not passing)
                best = min(best, (price + least[self.network.legs.end[leg]], leg))
        return best if isfinite(best[0]) else (inf, NOWHERE)
