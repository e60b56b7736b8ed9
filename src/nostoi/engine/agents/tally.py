"""From the counts of each day to the record that both engines write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.engine.agents.columns import STOCKS, Array, Counts, shapes_of, side_by_side
from nostoi.engine.agents.evening import Sheet
from nostoi.engine.agents.scene import Fields
from nostoi.world.world import World


class Tally:
    """Counts of all days; each array as in `Counts` with the day in front."""

    def __init__(self, days: int, groups: int, hosts: int) -> None:
        self.shape = (groups, hosts, len(RULES))
        shapes = shapes_of(*self.shape)
        self.whole, parts = side_by_side(shapes, (days,))
        self.days = Counts(*parts)
        self.stocks = sum(int(np.prod(shape)) for shape in shapes[-STOCKS:])

    def enter(self, day: int, sheets: Sequence[Sheet]) -> None:
        """Adds up the counts of all workers for one day and clears them."""
        for sheet in sheets:
            self.whole[day] += sheet.today
            sheet.today[...] = 0

    def newcomers(self, day: int) -> Array:
        """Persons with a record in each host on the evening before `day`, [group, host]."""
        before: Array = self.days.abroad[max(day - 1, 0)].sum(0)
        return before

    def everybody(self, day: int, called: int) -> int:
        """Persons with a record or still at home on the evening of `day`, and those called up."""
        return int(self.whole[day, -self.stocks :].sum()) + called


def reversed_sum(by_class: Array, axis: int) -> Array:
    """Persons by longest rule fulfilled -> persons who fulfil at least each rule."""
    return np.flip(np.cumsum(np.flip(by_class, axis), axis), axis)


def write_record(world: World, tally: Tally, fields: Fields, weight: float) -> Record:
    """The record of a run; `weight` is the number of persons that an agent stands for."""
    d = tally.days
    exposed: Floats = (world.who["exposure"] >= 0.5).astype(float)
    on = d.onward.sum(3)
    abroad = reversed_sum(d.abroad, 1)
    since = reversed_sum(reversed_sum(d.back, 1), 2)
    exits = reversed_sum(d.exits, 1)
    counts: dict[str, Any] = {
        "leave": d.leave,
        "again": d.again,
        "leave_to": d.out.sum(1),
        "arrive": d.arrive.sum(1),
        "arrive_on": d.onward.sum((1, 2)),
        "go_home": d.go.sum(1),
        "go_on": on.sum(1),
        "go_home_group": d.go.sum(2),
        "exits": exits,
        "onward": d.onward.sum((0, 1)),
        "abroad": abroad.sum(2),
        "abroad_group": abroad.sum(3),
        "on_the_way": d.way[:, 0],
        "returned": np.einsum("tkkg->tkg", since),
        "returned_once": reversed_sum(d.back, 1).sum((2, 3)),
        "home": d.home,
        "called_up": np.cumsum(d.called, 0),
        "exposed_arrive": np.einsum("tgh,g->th", d.arrive, exposed),
        "exposed_exit": np.einsum("tgh,g->th", d.go + on, exposed),
    }
    scaled = {name: weight * np.asarray(value, float) for name, value in counts.items()}
    return Record(
        **scaled, belief=fields.belief[:, :, 0].copy(), rumour=fields.rumour[:, :, 0].copy()
    )
