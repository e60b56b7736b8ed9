"""Small networks for the tests of movement, and a stage on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from nostoi.engine.hop.run import Inflow, Stage, set_stage
from nostoi.rules.hop.params import hop_params
from nostoi.world.space import SITE_KINDS, Space

DAYS = 20


def space(kinds: dict[str, str], roads: list[tuple[str, str, float]], days: int = DAYS) -> Space:
    """A network whose zones of conflict are active on all days; sites in the order given."""
    names = tuple(kinds)
    kind = np.array([SITE_KINDS.index(k) for k in kinds.values()], np.int64)
    at = {name: k for k, name in enumerate(names)}
    n = len(names)
    fights = (kind == 0).astype(float)
    return Space(
        names=names,
        labels=names,
        places=tuple("HOME" if k != "camp" else "ABROAD" for k in kinds.values()),
        start=date(2030, 1, 1),
        kind=kind,
        foreign=kind == 2,
        population=np.full(n, 1000.0),
        capacity=np.zeros(n),
        first=np.array([at[a] for a, _, _ in roads], np.int64),
        second=np.array([at[b] for _, b, _ in roads], np.int64),
        km=np.array([km for _, _, km in roads]),
        intensity=np.repeat(fights[None], days, axis=0),
        since=np.where(np.repeat(fights[None], days, axis=0) > 0, np.arange(days)[:, None], -1),
        closed=np.zeros((days, len(roads)), np.bool_),
        no_camp=np.zeros((days, n), np.bool_),
    )


def stage(
    net: Space, newcomers: int = 1000, start: dict[str, int] | None = None, **own: float
) -> Stage:
    """A stage with so many newcomers on day 0, and people who are there from the start."""
    there = np.array([(start or {}).get(name, 0) for name in net.names], np.int64)
    come = np.zeros(net.days, np.int64)
    come[0] = newcomers
    limit = np.broadcast_to(net.capacity, (net.days, net.n)).copy()
    return set_stage(net, Inflow(there, come, limit), hop_params(own))


def town_between(days: int = DAYS) -> Space:
    """Zones, a town, camps abroad and at home, a marker; roads of 30 to 900 km."""
    kinds = {
        "zone": "conflict", "town": "town", "near": "camp", "far": "camp", "mark": "marker",
        "inner": "idp_camp", "second": "conflict",
    }  # fmt: skip
    roads = [
        ("zone", "town", 150.0), ("town", "near", 80.0), ("town", "mark", 30.0),
        ("mark", "far", 900.0), ("zone", "inner", 60.0), ("zone", "second", 210.0),
        ("second", "town", 330.0),
    ]  # fmt: skip
    net = space(kinds, roads, days)
    net = replace(net, capacity=np.where(np.array(net.names) == "near", 300.0, 0.0))
    net.closed[4:7, 3] = True
    net.no_camp[:5, 2] = True
    return net
