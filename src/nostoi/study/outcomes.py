"""What is kept of a run for comparisons: who moves, where to and when, week by week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import jax.numpy as jnp

from nostoi.base.calendar import Clock
from nostoi.base.record import Record
from nostoi.engine.rates import Scene
from nostoi.infer.quantities import weeks_of

Array = Any

DIMS: Mapping[str, tuple[str, ...]] = {
    "leave": ("date",),
    "again": ("date",),
    "home": ("date",),
    "on": ("date",),
    "called": ("date",),
    "leave_group": ("group", "date"),
    "home_group": ("group", "date"),
    "stock_group": ("group", "date"),
    "leave_to": ("place", "date"),
    "arrive": ("place", "date"),
    "home_place": ("place", "date"),
    "on_place": ("place", "date"),
    "stock_place": ("place", "date"),
    "stock": ("rule", "date"),
    "returned": ("rule", "date"),
    "belief": ("group", "date"),
}
"""Axes of what is kept, after the draw. Flows are per week, stocks at its end; persons, but for
belief (share 0..1)."""

FLOWS = (
    "leave", "again", "home", "on", "called", "leave_group", "home_group", "leave_to", "arrive",
    "home_place", "on_place",
)  # fmt: skip


def week_ends(clock: Clock) -> tuple[date, ...]:
    """Last day of every week, also of one that is cut short."""
    weeks = clock.weeks()
    return weeks if clock.week_ends[-1] else (*weeks, clock.end)


def measure_of(clock: Clock) -> Any:
    """The measure of a stage: (record, scene) -> name -> array with the axes of `DIMS`."""
    sums, reads = (jnp.asarray(matrix) for matrix in weeks_of(clock))

    def measure(record: Record, _scene: Scene) -> dict[str, Array]:
        called = jnp.diff(record.called_up, axis=0, prepend=jnp.zeros_like(record.called_up[:1]))
        return {
            "leave": sums @ record.leave.sum(1),
            "again": sums @ record.again.sum(1),
            "home": sums @ record.go_home.sum(1),
            "on": sums @ record.go_on.sum(1),
            "called": sums @ called.sum(1),
            "leave_group": (sums @ (record.leave + record.again)).T,
            "home_group": (sums @ record.go_home_group).T,
            "stock_group": (reads @ record.abroad_group[:, 0]).T,
            "leave_to": (sums @ record.leave_to).T,
            "arrive": (sums @ record.arrive).T,
            "home_place": (sums @ record.go_home).T,
            "on_place": (sums @ record.go_on).T,
            "stock_place": (reads @ record.abroad[:, 0]).T,
            "stock": (reads @ record.abroad.sum(-1)).T,
            "returned": (reads @ record.returned.sum(-1)).T,
            "belief": (reads @ record.belief).T,
        }

    return measure
