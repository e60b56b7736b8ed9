"""Legs between towns as arrays: where they lead, what they take, when they are open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.world.towns import Bools, Ints

MODES = ("plane", "train", "bus", "car", "foot", "ship")
"""Ways to travel, by their number in `Legs.mode`."""

PAPERS = ("internal", "passport", "visa")
"""Papers in rising order, by their number in `Legs.papers`: each allows what those before allow."""

NEVER = 2**40
"""A day number beyond every calendar, for legs without a first or last day."""


class LegRow(Protocol):
    """A one-way leg of `legs.csv`."""

    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def days(self) -> float: ...
    @property
    def cost(self) -> float: ...
    @property
    def open_from(self) -> date | None: ...
    @property
    def open_to(self) -> date | None: ...
    @property
    def capacity(self) -> float | None: ...
    @property
    def papers(self) -> str: ...


@dataclass(frozen=True)
class Legs:
    """One-way legs in the order of their ends, mode, papers and first day; all arrays [leg].

    Attributes:
        start: town where the leg starts, int64.
        end: town where it ends, int64.
        mode: number in `MODES`, int64.
        papers: least papers needed, number in `PAPERS`, int64.
        days: days on the way, without any wait.
        cost: price in origin money.
        capacity: persons per day; infinite without a limit.
        first: first day on which people set out, days since the start of the clock, int64.
        last: last such day, int64.
    """

    start: Ints
    end: Ints
    mode: Ints
    papers: Ints
    days: Floats
    cost: Floats
    capacity: Floats
    first: Ints
    last: Ints

    @property
    def n(self) -> int:
        """Number of legs."""
        return len(self.start)

    def open_on(self, day: int) -> Bools:
        """Which legs are open on a day of the clock; [leg]."""
        return (self.first <= day) & (day <= self.last)


def leg_arrays(start: date, towns: tuple[str, ...], rows: Iterable[LegRow]) -> Legs:
    """One-way legs of a case.

    Args:
        start: first day of the clock.
        towns: names of the towns in the order of their numbers.
        rows: legs in any order.
    """
    number = {name: k for k, name in enumerate(towns)}

    def day(when: date | None, otherwise: int) -> int:
        return otherwise if when is None else (when - start).days

    table = sorted(
        (
            number[r.start],
            number[r.end],
            MODES.index(r.mode),
            PAPERS.index(r.papers),
            day(r.open_from, -NEVER),
            day(r.open_to, NEVER),
            r.days,
            r.cost,
            np.inf if r.capacity is None else r.capacity,
        )
        for r in rows
    )
    columns = list(zip(*table, strict=True)) if table else [()] * 9
    whole = [np.array(column, np.int64) for column in columns[:6]]
    days, cost, capacity = (np.array(column, np.float64) for column in columns[6:])
    return Legs(
        start=whole[0],
        end=whole[1],
        mode=whole[2],
        papers=whole[3],
        days=days,
        cost=cost,
        capacity=capacity,
        first=whole[4],
        last=whole[5],
    )
