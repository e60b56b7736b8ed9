"""One day on the way: choose, set out, queue, pass in the order of coming, go round, turn back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.engine.journeys.manner import Manner
from nostoi.engine.journeys.moves import Trail, follow, leave_queues, pass_gates
from nostoi.engine.journeys.plan import Plan, best_plan, goal_towns
from nostoi.engine.journeys.queue import lengths
from nostoi.engine.journeys.travellers import ON_THE_WAY, Travellers
from nostoi.world.network import Network
from nostoi.world.towns import Ints


@dataclass(frozen=True)
class Evening:
    """The state after a day.

    Attributes:
        people: all travellers, also those who have arrived or are back.
        carry: parts of a person that a gate may still let through, below 1; negative where a
            whole party passed in advance, [gate].
        queue: persons in each queue, int64 [gate].
        served: persons let through in the day, int64 [gate].
        waits: days of waiting at each gate, as the next ones reckon with them, [gate].
        plan: best ways under the queues of the evening.
    """

    people: Travellers
    carry: Floats
    queue: Ints
    served: Ints
    waits: Floats
    plan: Plan


def waits_of(queue: Ints, capacity: Floats) -> Floats:
    """Days until a queue has passed at today's capacity; 0 at a closed gate; [gate].

    A closed gate needs no wait: its legs are closed, so that nobody plans to pass it.
    """
    waits: Floats = np.divide(queue, capacity, out=np.zeros(len(capacity)), where=capacity > 0)
    return waits


def round_of(person: Ints, rounds: int) -> Ints:
    """The round in which each person chooses, spread evenly whatever numbers persons have; [row].

    Multiples of the golden ratio: numbers that follow each other, or that share a factor with
    `rounds`, fall into all rounds alike.
    """
    golden, bits = np.uint64(11400714819323198485), np.uint64(24)
    fraction = (person.astype(np.uint64) * golden) >> np.uint64(64 - 24)
    return ((fraction * np.uint64(rounds)) >> bits).astype(np.int64)


def day_step(
    network: Network,
    day: int,
    people: Travellers,
    carry: Floats,
    manner: Manner,
    trail: Trail | None = None,
    free: Plan | None = None,
) -> Evening:
    """Everybody's next day.

    Rows may stand in any order; who comes to a gate at the same time passes in the order of their
    numbers. The sum of `count` never changes.

    Args:
        network: towns, legs and gates.
        day: day of the clock.
        people: travellers in the morning; rows that arrived may be left out.
        carry: parts of a person left at each gate from the day before, zeros at first, [gate].
        manner: how people choose.
        trail: hears of every leg that is taken; rows of parties that are split stand at the end.
        free: best ways of the day where nobody queues, if they are known already.
    """
    legs, gates = network.legs, network.gates
    capacity = gates.capacity(legs, day)
    goals = goal_towns(network)
    now = people.copy()

    def waiting() -> Ints:
        queueing = np.where(now.state == ON_THE_WAY, now.gate, -1)
        return lengths(queueing, now.count, gates.n)

    plan: Plan | None = None
    turn = round_of(now.person, manner.rounds)
    for part in range(manner.rounds):
        mine = turn == part
        if plan is not None and not mine.any():
            continue
        waits = waits_of(waiting(), capacity)
        if free is not None and not waits.any():
            plan = free
        elif plan is None or not np.array_equal(waits, plan.waits):
            plan = best_plan(network, day, waits, manner.day_value)
        leave_queues(network, day, now, plan, capacity, mine, manner, trail)
        follow(network, day, now, plan, goals, mine, trail)
    if plan is None:
        raise ValueError("a day needs at least one round")
    room = np.floor(capacity + carry).astype(np.int64)
    left = room.copy()
    while True:
        now, passed = pass_gates(network, day, now, plan, capacity, left, manner, trail)
        if not passed.any():
            break
        left = left - passed
        follow(network, day, now, plan, goals, np.ones(now.n, np.bool_), trail)
    queue = waiting()
    served = room - left
    # Unused room is lost with the day; a part of a person and a debt go on to the next.
    rest = np.minimum(capacity + carry - served, np.where(queue > 0, capacity + carry - room, 0.0))
    return Evening(now, rest, queue, served, waits_of(queue, capacity), plan)
