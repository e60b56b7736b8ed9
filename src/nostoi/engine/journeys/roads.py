"""Roads: a network with what an engine must assume of the people who travel on it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from nostoi.engine.journeys.timetable import Timetable
from nostoi.world.legs import PAPERS
from nostoi.world.network import Network
from nostoi.world.towns import Ints


@dataclass(frozen=True)
class Roads:
    """A network and its travellers.

    Attributes:
        network: towns, legs and gates.
        day_value: what a day on the way is worth, in money of the origin, more than 0.
        papers: shares of those who leave by the best papers they hold, in the order of `PAPERS`.
            Whoever goes to a host that asks for more is taken to have got them: the choice of a
            host has already weighed who is let in (assumption: half hold no passport for abroad,
            one in ten a visa).
        bound: share of journeys to a host that are bound for one certain town of it, all its towns
            alike; the others end in whichever town of the host is reached best (assumption).
        rounds: parts of a day's people who choose one after the other (`manner.Manner`).
    """

    network: Network
    day_value: float
    papers: tuple[float, float, float] = (0.5, 0.4, 0.1)
    bound: float = 0.5
    rounds: int = 4

    def __post_init__(self) -> None:
        """Refuses what makes no sense.

        Raises:
            ValueError: for a day worth nothing, shares outside 0..1 or without a sum, no rounds.
        """
        if not self.day_value > 0:
            raise ValueError("a day on the way must be worth more than 0")
        if min(self.papers) < 0 or not sum(self.papers) > 0 or len(self.papers) != len(PAPERS):
            raise ValueError("shares of papers must not be negative and must have a sum")
        if not 0 <= self.bound <= 1:
            raise ValueError("the share bound for a certain town must lie in 0..1")
        if self.rounds < 1:
            raise ValueError("a day needs at least one round")

    def for_parties(self, size: float) -> Roads:
        """The same roads, with room for parties of a whole number of persons.

        Agents who stand for `size` persons travel as parties of the nearest whole number, at least
        one; what passes a gate is stretched so that as many agents pass in a day as should.
        """
        stretch = max(round(size), 1) / size
        legs, gates = self.network.legs, self.network.gates
        legs = replace(legs, capacity=legs.capacity * stretch)
        gates = replace(gates, limit=gates.limit * stretch)
        return replace(self, network=replace(self.network, legs=legs, gates=gates))


def least_papers(table: Timetable) -> Ints:
    """Least papers with which a goal can be reached on free roads.

    Returns:
        Number in `PAPERS`, or their number where no papers help, int64 [period, goal, town].
    """
    open_to = np.array([np.isfinite(plan.cost) for plan in table.plans])
    least: Ints = np.where(open_to.any(1), open_to.argmax(1), len(PAPERS)).astype(np.int64)
    return least
