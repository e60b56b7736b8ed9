"""One queue: what comes, what is let through, how long it takes, exactly and in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.world.towns import Ints


@dataclass(frozen=True)
class Flow:
    """A queue day by day; `came` = `served` + change of `queue`, each [day].

    Attributes:
        served: persons let through in the day.
        queue: persons who wait in the evening.
        wait: days that a person who joins in the evening will wait; infinite if not let
            through within the days given.
    """

    served: Floats
    queue: Floats
    wait: Floats


def fluid(came: Floats, capacity: Floats, waiting: float = 0.0) -> Flow:
    """A queue of a steady flow: within a day people come and pass evenly.

    The wait is that of the order of coming: the time until as many have been let through in all
    as had come before, under the capacity of the days that follow.

    Args:
        came: persons who join in each day, [day].
        capacity: persons per day let through, [day].
        waiting: persons who wait before the first day.
    """
    queue, served = np.zeros(len(came)), np.zeros(len(came))
    length = waiting
    for day, (more, most) in enumerate(zip(came, capacity, strict=True)):
        served[day] = min(length + more, most)
        length = length + more - served[day]
        queue[day] = length
    room = np.concatenate([[0.0], np.cumsum(capacity)])
    wait = np.array([_until(room, day + 1, ahead) for day, ahead in enumerate(queue)])
    return Flow(served, queue, wait)


def _until(room: Floats, now: int, ahead: float) -> float:
    """Days from `now` until `ahead` persons have been let through; `room` adds up capacity."""
    if ahead <= 0:
        return 0.0
    wanted = room[now] + ahead
    after = int(np.searchsorted(room, wanted))
    if after >= len(room):
        return float(np.inf)
    share = (wanted - room[after - 1]) / (room[after] - room[after - 1])
    return float(after - 1 + share - now)


def ahead_of(gate: Ints, joined: Floats, person: Ints, count: Ints) -> Ints:
    """Persons before each row in the queue of its gate, in the order of coming.

    Args:
        gate: gate where each row waits, -1 if nowhere, int64 [row].
        joined: time of joining, [row].
        person: number that decides between those who came together, int64 [row].
        count: persons of each row, int64 [row].

    Returns:
        Persons ahead; 0 for rows that do not wait; int64 [row].
    """
    rows = np.flatnonzero(gate >= 0)
    order = rows[np.lexsort((person[rows], joined[rows], gate[rows]))]
    sums = np.cumsum(count[order]) - count[order]
    sorted_gate = gate[order]
    first = np.ones(len(order), np.bool_)
    first[1:] = sorted_gate[1:] != sorted_gate[:-1]
    ahead = np.zeros(len(gate), np.int64)
    ahead[order] = sums - np.maximum.accumulate(np.where(first, sums, 0))
    return ahead


def let_through(ahead: Ints, count: Ints, gate: Ints, quota: Ints) -> Ints:
    """How many persons of each row pass today: the first `quota` of each gate.

    Args:
        ahead: persons before each row in its queue, int64 [row].
        count: persons of each row, int64 [row].
        gate: gate where each row waits, -1 if nowhere, int64 [row].
        quota: whole persons that each gate lets through, int64 [gate].

    Returns:
        Persons who pass; int64 [row].
    """
    most = np.where(gate >= 0, quota[np.maximum(gate, 0)] if len(quota) else 0, 0)
    return np.clip(most - ahead, 0, count)


def lengths(gate: Ints, count: Ints, gates: int) -> Ints:
    """Persons in each queue; int64 [gate]."""
    found = np.zeros(gates, np.int64)
    np.add.at(found, gate[gate >= 0], count[gate >= 0])
    return found
