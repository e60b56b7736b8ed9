"""A log of moves: what the lives of a run are made of, and nothing of the days between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nostoi.engine.agents.columns import (
    BACK,
    CALLED,
    HOME,
    HOST,
    ROAD,
    WAY_BACK,
    People,
)

Array = Any

MOVES = {
    (HOME, ROAD): "leave",
    (BACK, ROAD): "leave_again",
    (HOST, ROAD): "move_on",
    (ROAD, HOST): "arrive",
    (ROAD, BACK): "turn_back",
    (WAY_BACK, HOST): "turn_back",
    (HOST, WAY_BACK): "go_home",
    (WAY_BACK, BACK): "come_back",
    (HOME, CALLED): "call_up",
    (BACK, CALLED): "call_up",
}
"""Name of each change of status. Who finds no way on turns back to where they set out from."""

VIA = np.full((6, 6), -1, np.int8)
"""Status between two evenings where a whole journey lies between them, by (before, after)."""
VIA[[HOME, BACK, HOST], HOST] = VIA[[HOME, BACK], BACK] = ROAD
VIA[HOST, BACK] = WAY_BACK


@dataclass(frozen=True)
class Moves:
    """All moves of all people with a record, person by person and day by day; [move].

    Attributes:
        row: row of the person in the run, int32.
        day: day number, int16.
        before: status on the evening before, int8.
        after: status in the evening, int8.
        place: host where the person then is or goes (-1 = home), int16.
    """

    row: Array
    day: Array
    before: Array
    after: Array
    place: Array


class MoveLog:
    """Hears every evening of a run (`run(..., watch=log.watch)`) and keeps who moved.

    It compares each evening with the one before: a byte per person and ten bytes per move.
    """

    def __init__(self) -> None:
        self._status = np.zeros(0, np.int8)
        self._parts: list[tuple[Array, ...]] = []

    def watch(self, day: int, people: People) -> None:
        """An evening; everybody without a record so far was at home."""
        n = len(people.status)
        if n > len(self._status):
            longer = np.full(max(n, 3 * len(self._status) // 2), HOME, np.int8)
            longer[: len(self._status)] = self._status
            self._status = longer
        status = people.status
        today = (people.since == day) & (status != HOME) & (status != CALLED)
        rows = np.flatnonzero(today | (status != self._status[:n])).astype(np.int32)
        before, after, place = self._status[rows], status[rows], people.place[rows]
        via = VIA[before, after]
        self._enter(day, via >= 0, rows, before, via, place)
        direct = np.where(via >= 0, via, before)
        self._enter(day, np.ones(len(rows), bool), rows, direct, after, place)
        self._status[rows] = after

    def _enter(self, day: int, which: Array, *columns: Array) -> None:
        """Writes down some of the moves of a day."""
        row, before, after, place = (column[which] for column in columns)
        self._parts.append((row, np.full(len(row), day, np.int16), before, after, place))

    def moves(self) -> Moves:
        """Everything heard so far, person by person."""
        if not self._parts:
            kinds = (np.int32, np.int16, np.int8, np.int8, np.int16)
            return Moves(*(np.zeros(0, kind) for kind in kinds))
        columns = [np.concatenate(part) for part in zip(*self._parts, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        return Moves(*(column[order] for column in columns))
