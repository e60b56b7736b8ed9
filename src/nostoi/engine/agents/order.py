"""What a run of the agent engine is asked for, whom it tells, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nostoi.base.record import Record
from nostoi.engine.agents.columns import Array, People
from nostoi.engine.agents.whereabouts import Steps, Trips, Whereabouts

Watch = Callable[[int, People], None]
"""Hears the day number and the people with a record in the evening (a view, not a copy)."""

Follow = Callable[[int, Whereabouts, Steps], None]
"""Hears the day number, where everybody with a record is, and the legs begun that day (views)."""


@dataclass(frozen=True)
class Settings:
    """How to run; threads and chunk change no byte of the result.

    Attributes:
        seed: of all random numbers.
        people: agents in all; None = one for every person.
        everyone: gives people who never left a record too (same law, more work).
        journeys: whether people travel leg by leg where a run has roads; if not, a journey is one
            draw of exponential days.
        threads: workers.
        chunk: people per piece of work.
    """

    seed: int = 0
    people: int | None = None
    everyone: bool = False
    journeys: bool = True
    threads: int = 1
    chunk: int = 65_536


@dataclass(frozen=True)
class AgentRun:
    """What a run leaves behind.

    Attributes:
        record: flows and stocks by day, in persons.
        people: people with a record, as they were on the last evening.
        weight: persons that an agent stands for.
        person_days: days of people with a record that were passed.
        own: personal columns on the last evening, [row].
        trips: what was seen of journeys; None without roads.
    """

    record: Record
    people: People
    weight: float
    person_days: int
    trips: Trips | None = None
    own: Mapping[str, Array] = field(default_factory=dict)
