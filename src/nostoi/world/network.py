"""Network: towns, legs and gates of a case, and the days on which it changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from nostoi.world.legs import LegRow, Legs, leg_arrays
from nostoi.world.posts import Gates, gates_of
from nostoi.world.towns import Ints, TownRow, Towns, town_arrays


@dataclass(frozen=True)
class Network:
    """What journeys read of a case.

    Attributes:
        start: first day of the clock; days are counted from it.
        towns: towns and posts.
        legs: one-way legs.
        gates: queues.
    """

    start: date
    towns: Towns
    legs: Legs
    gates: Gates

    def changes(self, days: int) -> Ints:
        """First days of the periods in which the network stays the same, within `days` days.

        The first one is 0; between two of them no leg opens or closes; [period].
        """
        edges = np.concatenate([[0], self.legs.first, self.legs.last + 1])
        return np.unique(edges[(edges >= 0) & (edges < days)])


def make_network(
    start: date,
    places: tuple[str, ...],
    towns: Iterable[TownRow],
    legs: Iterable[LegRow],
) -> Network:
    """The network of a case, the same whatever the order of the rows.

    Args:
        start: first day of the clock.
        places: codes of the places, the origin first.
        towns: rows of towns.csv.
        legs: rows of legs.csv, one-way.
    """
    known = town_arrays(places, towns)
    ways = leg_arrays(start, known.names, legs)
    return Network(start, known, ways, gates_of(known, ways))
