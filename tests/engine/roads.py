"""Small road networks for tests, written as rows of towns and legs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from nostoi.world.network import Network, make_network

START = date(2030, 1, 1)


@dataclass(frozen=True)
class T:
    """A row of towns.csv."""

    town: str
    place: str = "AAA"
    kind: str = "town"
    weight: float = 0.0
    capacity: float | None = None
    latitude: float = 0.0
    longitude: float = 0.0


@dataclass(frozen=True)
class L:
    """A row of legs.csv, one-way."""

    start: str
    end: str
    days: float = 1.0
    cost: float = 0.0
    mode: str = "car"
    papers: str = "internal"
    capacity: float | None = None
    open_from: date | None = None
    open_to: date | None = None


def on(day: int) -> date:
    """Date of a day of the clock."""
    return START + timedelta(days=day)


def network(towns: list[T], legs: list[L]) -> Network:
    """A network of the origin AAA and the hosts BBB and CCC."""
    return make_network(START, ("AAA", "BBB", "CCC"), towns, legs)


def two_posts(first: float = 100.0, second: float = 50.0, detour: float = 400.0) -> Network:
    """Home, a near post, and another one that costs `detour` more; both lead to the host."""
    return network(
        [
            T("home", weight=1.0),
            T("north", kind="post", capacity=first),
            T("south", kind="post", capacity=second),
            T("host", "BBB"),
        ],
        [
            L("home", "north", 0.01),
            L("home", "south", 0.01, cost=detour),
            L("north", "home", 0.01),
            L("south", "home", 0.01),
            L("north", "south", 0.01, cost=detour),
            L("north", "host", 0.01),
            L("south", "host", 0.01),
        ],
    )


def no_waits(roads: Network) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Free roads."""
    return np.zeros(roads.gates.n)
