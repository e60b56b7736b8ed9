"""A run of movement over a network: what goes in from outside, what comes out, and the days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nostoi.base.calendar import Floats
from nostoi.base.streams import seed_word, stream
from nostoi.engine.hop.compiled import kernels_of_hops
from nostoi.engine.hop.paths import network
from nostoi.engine.hop.rows import Evening, Network, Outside, There
from nostoi.rules.hop.params import HopParams, fade
from nostoi.rules.hop.steps import driven_out
from nostoi.world.space import Space
from nostoi.world.towns import Ints

HOME_FOR_GOOD = 4
"""Phase of a record that has left the network for good (`records.GONE`)."""

STREAMS = ("hop.start", "hop.home", "hop.leave", "hop.choose")


@dataclass(frozen=True)
class Inflow:
    """What the network is told of the outside.

    Attributes:
        start: persons at each site on the morning of day 0, int64 [site].
        newcomers: persons who start from conflicts on each day, int64 [day].
        limit: persons each camp holds before `capacity_scale`; below 1 = any number, [day, site].
    """

    start: Ints
    newcomers: Ints
    limit: Floats


class State(NamedTuple):
    """People at an evening by their state, so that a run can go on; see `table.py`."""

    keys: NDArray[np.uint64]
    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """Persons in all states."""
        return int(self.counts.sum())


@dataclass(frozen=True)
class HopRun:
    """What happened; day k of the arrays is day `first` + k.

    Attributes:
        first: number of the first day played.
        persons: persons at each site in the evening, int64 [day, site].
        on_road: persons between sites in the evening, int64 [day].
        home: persons who went home from each site on the day, int64 [day, site].
        states: states that were told apart in the evening, int64 [day].
        end: people on the last evening, to go on from.
    """

    first: int
    persons: Ints
    on_road: Ints
    home: Ints
    states: Ints
    end: State

    @property
    def agent_steps(self) -> int:
        """Persons times days: the unit in which speeds are compared."""
        return int(self.persons.sum() + self.on_road.sum())


@dataclass(frozen=True)
class Stage:
    """A network with its outside, ready for the loops; made once for many seeds."""

    space: Space
    net: Network
    out: Outside
    p: HopParams
    start: State


def set_stage(space: Space, inflow: Inflow, p: HopParams) -> Stage:
    """Everything that a run reads, as arrays.

    Raises:
        ValueError: if the inflow has other days or sites than the space.
    """
    shape = (space.days, space.n)
    if inflow.limit.shape != shape or inflow.newcomers.shape != shape[:1]:
        raise ValueError(f"the inflow is not of {shape[0]} days and {shape[1]} sites")
    net = network(space, int(p.look_ahead))
    left = np.ones(shape)
    ages = np.unique(space.since[space.since >= 0])
    for age in ages:
        left[space.since == age] = fade(int(age), p)
    out = Outside(
        intensity=space.intensity,
        fade=left,
        closed=space.closed,
        no_camp=space.no_camp,
        newcomers=inflow.newcomers.astype(np.int64),
        start_weight=_starts(space, left, p),
        limit=inflow.limit * p.capacity_scale,
    )
    return Stage(space, net, out, p, resting(net, inflow.start))


def _starts(space: Space, left: Floats, p: HopParams) -> Floats:
    """Weight of each site as a start; [day, site]."""
    nothing: Any = np.zeros(1)
    site: Any = There  # the rule is one text for numbers and for arrays
    there = site(
        population=space.population, foreign=0, camp=0, conflict=0, intensity=space.intensity,
        fade=left, km=0, persons=0, limit=0, pull=0, room=1,
    )  # fmt: skip
    return np.asarray(driven_out(nothing, nothing, there, p), np.float64)


def resting(net: Network, persons: Ints) -> State:
    """People who wait at sites without having moved of late; `persons` is [site]."""
    sites = np.flatnonzero(persons > 0)
    keys = (np.uint64(len(net.path_end)) + sites.astype(np.uint64)) << np.uint64(40)
    return State(keys.astype(np.uint64), persons[sites].astype(np.int64))


def play(stage: Stage, seed: int, *, days: tuple[int, int] | None = None,
         state: State | None = None) -> HopRun:  # fmt: skip
    """Play days [first, end) of a stage, all by default, from `state` (the stage's start)."""
    first, end = days or (0, stage.space.days)
    n, sites = stage.space.days, stage.space.n
    evening = Evening(
        persons=np.zeros((n, sites), np.int64),
        on_road=np.zeros(n, np.int64),
        home=np.zeros((n, sites), np.int64),
        states=np.zeros(n, np.int64),
    )
    streams = np.array([stream(name) for name in STREAMS], np.uint64)
    before = tuple(stage.start if state is None else state)
    paths = len(stage.net.path_end)
    desk = (np.zeros(sites, np.int64), *(np.zeros(size) for size in (paths,) * 3 + (sites,) * 2))
    keys, counts = kernels_of_hops().play_days(
        (stage.net, stage.out, streams), stage.p, (first, end), seed_word(seed), before, evening,
        desk,
    )  # fmt: skip
    order = np.argsort(keys)
    return HopRun(
        first=first,
        persons=evening.persons[first:end],
        on_road=evening.on_road[first:end],
        home=evening.home[first:end],
        states=evening.states[first:end],
        end=State(keys[order], counts[order]),
    )


def play_singly(stage: Stage, seed: int) -> HopRun:
    """All days of a stage with a record for each person: the same law as `play`, one by one.

    `states` counts the records. People who begin in the same state are numbered in its order.
    """
    n, sites, paths = stage.space.days, stage.space.n, len(stage.net.path_end)
    evening = Evening(
        persons=np.zeros((n, sites), np.int64),
        on_road=np.zeros(n, np.int64),
        home=np.zeros((n, sites), np.int64),
        states=np.zeros(n, np.int64),
    )
    begun = np.repeat(stage.start.keys, stage.start.counts)
    room = len(begun) + int(np.maximum(stage.out.newcomers, 0).sum())
    keys, phase = np.zeros(room, np.uint64), np.zeros(room, np.int8)
    keys[: len(begun)] = begun
    streams = np.array([stream(f"{name}.one") for name in STREAMS], np.uint64)
    desk = (np.zeros(sites, np.int64), *(np.zeros(size) for size in (paths,) * 3 + (sites,) * 2))
    kernels_of_hops().play_records(
        (stage.net, stage.out, streams), stage.p, n, seed_word(seed), (keys, phase, len(begun)),
        evening, desk,
    )  # fmt: skip
    there, counts = np.unique(keys[phase != HOME_FOR_GOOD], return_counts=True)
    end = State(there, counts.astype(np.int64))
    return HopRun(0, evening.persons, evening.on_road, evening.home, evening.states, end)


def run(space: Space, inflow: Inflow, p: HopParams, seed: int) -> HopRun:
    """A whole run of a space. Same seed, same bytes."""
    return play(set_stage(space, inflow, p), seed)


def thinned(space: Space, by: int) -> Space:
    """The space for agents that stand for `by` persons each: Flee's `hasten`."""
    return replace(space, population=space.population // by, capacity=space.capacity // by)
