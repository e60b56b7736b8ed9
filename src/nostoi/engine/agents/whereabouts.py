"""Whereabouts: in which town, on which leg or in which queue everybody with a record is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nostoi.engine.agents.columns import Array


class Whereabouts(NamedTuple):
    """One row per person who has a record, in the order of `People`; [row].

    Towns, legs and gates are numbers in `Roads.network`.
    """

    home: Array  # town where the person lives at the origin, int16
    papers: Array  # number in `world.legs.PAPERS`, int8
    town: Array  # where the person is, or where the leg ends that they are on, int16; -1 unknown
    gate: Array  # gate in whose queue the person waits, int16; -1 none
    leg: Array  # leg that the person is on, int16; -1 none
    spent: Array  # paid for the legs of the journey under way, or of the last, float64


class Steps(NamedTuple):
    """Legs on which people set out within one day; those of one person in order; [step]."""

    row: Array  # row of the person in `People`, int64
    leg: Array  # leg in `Roads.network.legs`; -1 where no road leads and a trip is drawn, int16
    start: Array  # when they set out on it, in days of the clock, float64


class Trips(NamedTuple):
    """What a run saw of journeys, in agents; gates and legs as in `Roads.network`."""

    queue: Array  # agents in each queue in the evening, int64 [day, gate]
    wait: Array  # days of waiting for who joins in the evening, [day, gate]
    passed: Array  # agents let through in the day, int64 [day, gate]
    legs: Array  # agents who set out on each leg, int64 [leg]
    set_out: Array  # journeys begun, int64 [day]
    unmapped: Array  # of these, journeys that no road leads to, drawn as exponential trips [day]
    turned: Array  # journeys that ended where they began, for want of a way, int64 [day]


def no_whereabouts(room: int) -> Whereabouts:
    """Columns for so many people of whom nothing is known."""
    kinds = (np.int16, np.int8, np.int16, np.int16, np.int16, np.float64)
    found = Whereabouts(*(np.zeros(room, kind) for kind in kinds))
    for column in (found.home, found.town, found.gate, found.leg):
        column[:] = -1
    return found


def no_trips(days: int, gates: int, legs: int) -> Trips:
    """Nothing seen yet."""
    whole = ((days, gates), (days, gates), (days, gates), (legs,), (days,), (days,), (days,))
    kinds = (np.int64, np.float64, *(np.int64,) * 5)
    return Trips(*(np.zeros(shape, kind) for shape, kind in zip(whole, kinds, strict=True)))
