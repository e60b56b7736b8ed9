"""Quantities: what a report says of one draw, computed from the record of the cohort engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock
from nostoi.base.numerics import jitted
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.engine.rates import readiness
from nostoi.infer.frame import Frame
from nostoi.infer.model import CaseTarget
from nostoi.infer.whiten import THREADS

Array = Any

DIMS: dict[str, tuple[str, ...]] = {
    "left_total": (),
    "left_since_event": (),
    "again_total": (),
    "again_since_event": (),
    "called_up_total": (),
    "ready_total": (),
    "abroad_end": ("rule",),
    "returned_end": ("rule",),
    "returned_share_end": ("rule",),
    "ready_now": ("group",),
    "would": ("group",),
    "could": ("group",),
    "leave_to": ("place",),
    "home_from": ("place",),
    "onward": ("place_from", "place"),
    "stock_place": ("place", "date"),
    "arrivals_place": ("place", "date"),
    "home_place": ("place", "date"),
    "stock_rule": ("rule", "date"),
    "returned_rule": ("rule", "date"),
    "leave_week": ("date",),
    "home_week": ("date",),
    "on_week": ("date",),
    "again_week": ("date",),
    "leave_group": ("group", "date"),
    "stock_group": ("group", "date"),
    "returned_group": ("group", "date"),
    "belief_home": ("group", "date"),
    "rumour_home": ("date",),
}
"""Axes of every quantity; persons, but for `SHARES`."""

SHARES = ("returned_share_end", "ready_now", "would", "could", "belief_home", "rumour_home")
"""Quantities that are shares; all others count persons."""


def weekly(target: CaseTarget) -> tuple[Any, Any]:
    """Matrices [date, step]: one sums flows over each week, one reads stocks at its end."""
    return weeks_of(target.model.world.clock)


def weeks_of(clock: Clock) -> tuple[Any, Any]:
    """The same matrices of a clock; a last week that is cut short counts as one."""
    ends = [i for i, closes in enumerate(clock.week_ends) if closes]
    if not clock.week_ends[-1]:
        ends.append(clock.n - 1)
    sums, reads = np.zeros((len(ends), clock.n)), np.zeros((len(ends), clock.n))
    first = 0
    for row, end in enumerate(ends):
        sums[row, first : end + 1] = 1.0
        reads[row, end] = 1.0
        first = end + 1
    return sums, reads


def coordinates(target: CaseTarget) -> dict[str, Any]:
    """Labels of the axes."""
    world = target.model.world
    _, reads = weekly(target)
    last = [world.clock.edges[int(np.argmax(row)) + 1] - 1 for row in reads]
    return {
        "place": list(world.hosts),
        "place_from": list(world.hosts),
        "group": list(world.groups),
        "rule": list(RULES),
        "date": np.array([np.datetime64(world.clock.on(d), "ns") for d in last]),
    }


def quantities(target: CaseTarget, z: Array, record: Record) -> dict[str, Array]:
    """All quantities of one draw z [dim] and its record; axes as in `DIMS`."""
    values = target.values(z)
    sums, reads = (jnp.asarray(m) for m in weekly(target))
    event = target.model.world.event
    would, could = readiness(target.model, target.model.numbers(values))
    back, abroad = record.returned[-1].sum(-1), record.abroad[-1].sum(-1)
    leave, again = record.leave.sum(1), record.again.sum(1)
    return {
        "left_total": leave.sum(),
        "left_since_event": leave[event:].sum(),
        "again_total": again.sum(),
        "again_since_event": again[event:].sum(),
        "called_up_total": record.called_up[-1].sum(),
        "ready_total": (record.returned[-1, 0] * would * could).sum(),
        "abroad_end": abroad,
        "returned_end": back,
        "returned_share_end": back / jnp.maximum(back + abroad, 1.0),
        "ready_now": would * could,
        "would": would,
        "could": could,
        "leave_to": record.leave_to.sum(0),
        "home_from": record.go_home.sum(0),
        "onward": record.onward,
        "stock_place": (reads @ record.abroad[:, 0]).T,
        "arrivals_place": (sums @ record.arrive).T,
        "home_place": (sums @ record.go_home).T,
        "stock_rule": (reads @ record.abroad.sum(-1)).T,
        "returned_rule": (reads @ record.returned.sum(-1)).T,
        "leave_week": sums @ leave,
        "home_week": sums @ record.go_home.sum(1),
        "on_week": sums @ record.go_on.sum(1),
        "again_week": sums @ again,
        "leave_group": (sums @ record.leave).T,
        "stock_group": (reads @ record.abroad_group[:, 0]).T,
        "returned_group": (reads @ record.returned[:, 0]).T,
        "belief_home": (reads @ record.belief).T,
        "rumour_home": reads @ (record.rumour @ (record.home[0] / record.home[0].sum())),
    }


BLOCK = 25
"""Draws that a thread works out before it takes the next ones."""

KINDS = (np.float32, np.float64, np.float64)
"""Numbers of the quantities, of the predictions and of the unknowns."""


class Derivation:
    """Quantities and predictions of draws of a target, compiled once."""

    def __init__(self, target: CaseTarget, *, framed: bool = True) -> None:
        """The target in any of its frames, or in none: then x is z, and less is compiled."""

        def all_of(x: Array, words: Array, frame: Frame) -> Any:
            key = jax.random.wrap_key_data(words)
            z, record, read = target.place(x, frame) if framed else target.plain_place(x)
            said = target.panel.predictions(key, read, target.values(z))
            return quantities(target, z, record), said, {"z": z}

        def rows(x: Array, words: Array, frame: Frame) -> Any:
            """One row of numbers for each part: to hand over dozens of arrays costs more time."""
            parts = zip(KINDS, self._parts(x, words, frame), strict=True)
            return [
                jnp.concatenate(
                    [jnp.ravel(value).astype(kind) for _, value in sorted(part.items())]
                )
                for kind, part in parts
            ]

        self._target = target
        self._parts, self._step = all_of, jitted(rows)

    def prepare(self) -> None:
        """Compiles what the first draw needs, so that it can be done beside something else."""
        self._step(np.zeros(self._target.dim), _words(0, 1)[0], self._target.frame)

    def over(
        self, draws: Any, frame: Frame, seed: int, report: Callable[[int, int], None] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any], Any]:
        """Quantities and predictions of all draws x [chain, draw, dim], and their unknowns z.

        Returns:
            two mappings from name to arrays [chain, draw, ...], float32 for the quantities, and
            z [chain, draw, dim].
        """
        chains, n = draws.shape[:2]
        flat = draws.reshape(chains * n, -1)
        words = _words(seed, chains * n)
        frame = jax.tree.map(jnp.asarray, frame)  # once, and not at every draw
        first = self._step(flat[0], words[0], frame)
        found = [
            np.empty((chains * n, row.size), kind) for kind, row in zip(KINDS, first, strict=True)
        ]

        def fill(first: int) -> None:
            for i in range(first, min(first + BLOCK, chains * n)):
                for store, row in zip(found, self._step(flat[i], words[i], frame), strict=True):
                    store[i] = row

        with ThreadPoolExecutor(THREADS) as pool:
            for done, _ in enumerate(pool.map(fill, range(0, chains * n, BLOCK)), start=1):
                if report is not None:
                    report(min(done * BLOCK, chains * n), chains * n)
        shapes = jax.eval_shape(self._parts, flat[0], words[0], frame)
        parts = [_parted(*both, (chains, n)) for both in zip(found, shapes, strict=True)]
        return parts[0], parts[1], parts[2]["z"]


def _words(seed: int, n: int) -> Any:
    """Keys of n draws as plain numbers, [draw, word]: to take one out of an array of keys costs a
    tenth of a draw.
    """
    return np.asarray(jax.random.key_data(jax.random.split(jax.random.key(seed), n)))


def _parted(rows: Any, shapes: dict[str, Any], draws: tuple[int, int]) -> dict[str, Any]:
    """Rows of numbers [draw, number] as named arrays [chain, draw, ...]."""
    parts, at = {}, 0
    for name, shape in sorted(shapes.items()):
        parts[name] = rows[:, at : at + shape.size].reshape(*draws, *shape.shape)
        at += shape.size
    return parts
