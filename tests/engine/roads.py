"""Small road networks for tests, written as rows of towns and legs."""

from __future__ import annotations

from dataclasses import dataclass, replace
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


def busy_roads() -> Network:
    """Two home towns and the host CCC behind two posts, DDD by air or over CCC; BBB is on no map.

    Ways close for weeks, seats are few, and papers are asked for; room for a few of those who
    stand for thousands.
    """
    towns = [
        T("alpha", weight=3.0),
        T("beta", weight=1.0),
        T("north", kind="post", capacity=14_000.0),
        T("south", kind="post", capacity=8_000.0),
        T("charlie", "CCC"),
        T("chester", "CCC"),
        T("delta", "DDD"),
    ]
    flight = L("alpha", "delta", 0.2, cost=150.0, mode="plane", papers="visa", capacity=5_000.0)
    hop = L("charlie", "delta", 0.5, cost=90.0, mode="plane", papers="passport", capacity=7_500.0)
    both = [
        L("alpha", "beta", 0.3, cost=10.0, mode="train"),
        L("alpha", "north", 0.4, cost=5.0, mode="bus"),
        L("beta", "south", 0.6, cost=5.0),
        L("north", "charlie", 0.2, cost=2.0, open_to=on(240)),
        L("north", "charlie", 0.2, cost=4.0, open_from=on(290)),
        L("south", "chester", 0.3, cost=1.0),
        L("charlie", "chester", 0.5, cost=20.0, mode="train"),
        *(replace(hop, open_from=a, open_to=b) for a, b in ((None, on(250)), (on(262), None))),
        *(replace(flight, open_from=a, open_to=b) for a, b in ((None, on(250)), (on(270), None))),
    ]
    back = [replace(leg, start=leg.end, end=leg.start) for leg in both]
    return make_network(START, ("AAA", "BBB", "CCC", "DDD"), towns, [*both, *back])


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
