"""Journeys: the cheapest open way from the origin to each host, by date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import numpy as np

from nostoi.base.calendar import Clock, Floats

DAY_COST = 1000.0
"""What a day on the way costs in origin money (assumption: food and a bed), used to compare."""

LAND = ("car", "bus", "train", "foot")
"""Modes that need no ticket sold out within hours."""


class RouteRow(Protocol):
    """One way from one place to another of `routes.csv`."""

    @property
    def origin(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def days(self) -> float: ...
    @property
    def cost(self) -> float: ...
    @property
    def papers_days(self) -> float: ...
    @property
    def open_from(self) -> date | None: ...
    @property
    def open_to(self) -> date | None: ...


def route_columns(
    clock: Clock, origin: str, hosts: tuple[str, ...], routes: Iterable[RouteRow]
) -> dict[str, Floats]:
    """Columns of `at`, each [host, step]: journey_rub, journey_days, papers_days, land (0 or 1).

    `papers_days` are those of the journey's days that pass before anybody sets out.
    A host without an open direct route in a step keeps the cheapest of all its routes at
    three times its cost and days: a detour.
    """
    known = [r for r in routes if r.origin == origin]
    shape = (len(hosts), clock.n)
    cost, days, papers, land = (np.zeros(shape) for _ in range(4))
    for i, host in enumerate(hosts):
        ways = [r for r in known if r.to == host]
        if not ways:
            raise ValueError(f"routes.csv has no way from {origin} to {host}")
        total = np.array([r.cost + DAY_COST * r.days for r in ways])
        open_ = np.array([_open_share(clock, r) for r in ways]) > 0.5
        detour = ~open_.any(axis=0)
        ranked = np.where(open_ | detour, total[:, None], np.inf)
        best = ranked.argmin(axis=0)
        factor = np.where(detour, 3.0, 1.0)
        cost[i] = factor * total[best]
        days[i] = factor * np.array([r.days for r in ways])[best]
        papers[i] = factor * np.array([r.papers_days for r in ways])[best]
        by_land = np.array([r.mode in LAND for r in ways])
        land[i] = (open_ & by_land[:, None]).any(axis=0)
    return {"journey_rub": cost, "journey_days": days, "papers_days": papers, "land": land}


def _open_share(clock: Clock, route: RouteRow) -> Floats:
    """Share of each step in which the route is open; [step]."""
    return clock.window(route.open_from or clock.start, route.open_to or clock.end)
