"""Timetable: best journeys on free roads for all dates, computed once per unchanged network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.engine.journeys.plan import Plan, best_plan, to_places
from nostoi.world.network import Network
from nostoi.world.towns import Ints


@dataclass(frozen=True)
class Timetable:
    """Plans without queues.

    Attributes:
        network: towns, legs and gates.
        first: first day of each period in which no leg opens or closes, int64 [period].
        plans: the plan of each period.
        days: number of days covered.
    """

    network: Network
    first: Ints
    plans: tuple[Plan, ...]
    days: int

    def period(self, day: int) -> int:
        """Number of the period in which a day of the clock lies."""
        return int(np.searchsorted(self.first, day, side="right")) - 1

    def plan_on(self, day: int) -> Plan:
        """The plan of a day of the clock."""
        return self.plans[self.period(day)]

    def to_places(self, papers: int) -> tuple[Floats, Floats, Floats]:
        """What the best journey to every place takes from every town on every day.

        Args:
            papers: number in `PAPERS`.

        Returns:
            Generalised cost, money, and days on the way, each [place, town, day]; infinite
            without a way.
        """
        each = [to_places(self.network, plan, papers) for plan in self.plans]
        found = np.moveaxis(np.array(each), 0, -1)
        lengths = np.diff(np.append(self.first, self.days))
        cost, money, days = np.repeat(found, lengths, axis=-1)
        return cost, money, days


def timetable(network: Network, days: int, day_value: float) -> Timetable:
    """Best ways for the first `days` days of the clock, on free roads.

    Args:
        network: towns, legs and gates.
        days: number of days.
        day_value: what a day on the way is worth, in money of the origin, more than 0.
    """
    first = network.changes(days)
    free = np.zeros(network.gates.n)
    plans = tuple(best_plan(network, int(day), free, day_value) for day in first)
    return Timetable(network, first, plans, days)
