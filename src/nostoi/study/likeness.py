"""How much a simulated life is like one that was told: part by part, with a distance.

A description (`lives/NAME.yaml`) is a list of parts. Each part that the simulation can see gets a
**gap** for each stay: 0 where the part is fulfilled, else how far it is missed, in units of the
part's own scale (`SCALES`), at most `FARTHEST`. The distance of a life is the least sum of gaps of
any of its stays; all parts together are fulfilled where it is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nostoi.base.calendar import Clock, Floats
from nostoi.case.lives import Life, Window
from nostoi.engine.journeys.roads import Roads
from nostoi.study.stays import NEVER, Stays
from nostoi.world.legs import MODES, PAPERS
from nostoi.world.world import World

Array = Any

SCALES = {"leaves": 7.0, "stay": 30.0, "returns": 30.0}
"""Days outside the window that count as one unit of distance, by dated part."""

OTHER = 2.0
"""Distance of another group, host or ending: as much as to leave a fortnight out of the window."""

FARTHEST = 4.0
"""Most that one part can add, and what it adds where the thing asked for never happened."""


@dataclass(frozen=True)
class Seen:
    """A part of a description that the simulation can see.

    Attributes:
        name: key in the file.
        asks: what it asks for, as plain data.
        gap: distance of each stay in this part, [stay].
    """

    name: str
    asks: Any
    gap: Floats


@dataclass(frozen=True)
class Unseen:
    """A part of a description that the simulation has no column for."""

    name: str
    asks: Any
    why: str


@dataclass(frozen=True)
class Likeness:
    """What is asked, what can be seen of it, and how near each stay comes.

    Attributes:
        seen: parts with gaps, in the order of a life.
        unseen: parts that are said to be unseen and are not asked for.
        distance: sum of gaps, [stay].
    """

    seen: tuple[Seen, ...]
    unseen: tuple[Unseen, ...]
    distance: Floats = field(repr=False)


def likeness(life: Life, stays: Stays, clock: Clock, names: Names) -> Likeness:
    """How near each stay comes to a description."""
    seen = tuple(_seen(life, stays, clock, names))
    total = np.zeros(len(stays))
    for part in seen:
        total = total + part.gap
    return Likeness(seen, tuple(_unseen(life, {part.name for part in seen})), total)


@dataclass(frozen=True)
class Names:
    """Names of groups, hosts and towns by position."""

    groups: tuple[str, ...]
    hosts: tuple[str, ...]
    towns: tuple[str, ...] = ()


def names_of(world: World, roads: Roads | None) -> Names:
    """The names of a world and its roads."""
    towns = () if roads is None else roads.network.towns.names
    return Names(world.groups, world.hosts, towns)


def _seen(life: Life, s: Stays, clock: Clock, names: Names) -> Iterator[Seen]:
    """The parts that the columns of stays can answer, in the order of a life."""
    if life.groups:
        wanted = [names.groups.index(name) for name in life.groups]
        yield Seen("groups", list(life.groups), _other(np.isin(s.group, wanted)))
    yield from _origin(life, s, names)
    if life.leaves is not None:
        yield Seen("leaves", _dates(life.leaves), _outside(life.leaves, s.left, clock))
    yield from _way(life, s)
    if life.host is not None:
        here = (s.host == names.hosts.index(life.host)) & (s.arrived != NEVER)
        yield Seen("host", life.host, _other(here))
    if life.town is not None and s.town is not None:
        here = (s.town == names.towns.index(life.town)) & (s.arrived != NEVER)
        yield Seen("town", life.town, _other(here))
    if life.stay is not None:
        days = np.where(s.homeward, s.ended - s.arrived, 0).astype(float)
        gap = _beyond(days, life.stay.low, life.stay.high, SCALES["stay"])
        asks = {"from_days": life.stay.low, "to_days": life.stay.high}
        yield Seen("stay", asks, np.where(s.homeward, gap, FARTHEST))
    if life.returns is not None:
        gap = _outside(life.returns, s.returned, clock, "returns")
        yield Seen("returns", _dates(life.returns), gap)
    back = s.returned != NEVER
    ending = {"yes": s.again, "no": back & ~s.again, "open": back & s.home_at_end}
    yield Seen("leaves_again", life.leaves_again, _other(ending[life.leaves_again]))


def _origin(life: Life, s: Stays, names: Names) -> Iterator[Seen]:
    """Who somebody is, as far as only roads tell."""
    if life.origin_town is not None and s.home is not None:
        same = s.home == names.towns.index(life.origin_town)
        yield Seen("origin_town", life.origin_town, _other(same))
    if life.papers is not None and s.papers is not None:
        yield Seen("papers", life.papers, _other(s.papers == PAPERS.index(life.papers)))


def _way(life: Life, s: Stays) -> Iterator[Seen]:
    """The way out: one for each mode that it lacks, one for another order."""
    if not life.modes or s.modes is None:
        return
    used = s.modes[:, [MODES.index(mode) for mode in life.modes]]
    lacks = np.isinf(used).sum(1)
    order = np.where(np.isinf(used), -np.inf, used)
    wrong = (order[:, 1:] < np.maximum.accumulate(order, 1)[:, :-1]) & ~np.isinf(used[:, 1:])
    gap = lacks + (wrong.any(1) if life.in_order else 0)
    asks = {"modes": list(life.modes), "in_order": bool(life.in_order)}
    yield Seen("modes", asks, np.minimum(gap.astype(float), FARTHEST))


def _dates(window: Window) -> dict[str, str]:
    return {"from": window.start.isoformat(), "to": window.end.isoformat()}


def _other(right: Array) -> Floats:
    gap: Floats = np.where(right, 0.0, OTHER)
    return gap


def _beyond(value: Floats, low: float, high: float, scale: float) -> Floats:
    """How far outside low..high, in units of the scale."""
    out = np.maximum(np.maximum(low - value, value - high), 0.0)
    gap: Floats = np.minimum(out / scale, FARTHEST)
    return gap


def _outside(window: Window, days: Array, clock: Clock, part: str = "leaves") -> Floats:
    """Distance of day numbers from a window of dates; farthest where it never happened."""
    low, high = clock.day(window.start), clock.day(window.end)
    gap = _beyond(days.astype(float), low, high, SCALES[part])
    kept: Floats = np.where(days == NEVER, FARTHEST, gap)
    return kept


BLIND: dict[str, tuple[str, Callable[[Life], Any]]] = {
    "age": (
        "people of the model have no age",
        lambda life: None if life.age is None else [life.age.low, life.age.high],
    ),
    "origin_town": ("no towns in this run", lambda life: life.origin_town),
    "papers": ("no papers in this run", lambda life: life.papers),
    "modes": ("no roads in this run", lambda life: list(life.modes) or None),
    "town": ("no towns in this run", lambda life: life.town),
}
"""Parts that may lack a column: why, and what the description asks."""


def _unseen(life: Life, seen: set[str]) -> list[Unseen]:
    asked = [(name, why, ask(life)) for name, (why, ask) in BLIND.items() if name not in seen]
    return [Unseen(name, what, why) for name, why, what in asked if what is not None]
