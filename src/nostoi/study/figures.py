"""What a fit says of figures that nobody published: recomputed for some of its draws.

A figure of an observer becomes a row that the observer could have published; a second panel with
these rows answers it with the same border, register or poll that the fit used, noise included.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr

from nostoi.base.calendar import Clock, Floats
from nostoi.base.numerics import jitted
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.case.case import Ledger
from nostoi.case.facts import Figure
from nostoi.case.ledger import Observation, allowed_units
from nostoi.infer.model import CaseTarget
from nostoi.observe.panel import Panel
from nostoi.observe.survey import returned_shares

Array = Any
THINNED = 60
"""Draws that figures are recomputed for: enough for a 90 percent interval by eye."""
YEAR = 365.25


@dataclass(frozen=True)
class Answer:
    """The model's answer to a figure, one number per draw.

    Attributes:
        shown: as it would be published, with bias and noise; the same as `plain` for quantities.
        plain: what it should be.
    """

    shown: Floats
    plain: Floats


def values_of(target: CaseTarget, posterior: xr.Dataset, draws: int = THINNED) -> list[Any]:
    """Natural parameter values of evenly thinned draws, as `CaseTarget.record` takes them."""
    base = target.pack.unpack(np.zeros(target.dim), np)
    total = posterior.sizes["chain"] * posterior.sizes["draw"]
    chosen = np.linspace(0, total - 1, min(draws, total)).round().astype(int)
    found = {}
    for name in base:
        if name in posterior:
            whole = posterior[name].transpose("chain", "draw", ...).values
            flat = np.asarray(whole, float).reshape(total, *np.shape(base[name]))
            found[name] = flat[chosen]
    return [{**base, **{k: v[i] for k, v in found.items()}} for i in range(len(chosen))]


class Questions:
    """Figures that the model is asked for, compiled once.

    Attributes:
        target: the case.
    """

    def __init__(self, target: CaseTarget, figures: Sequence[tuple[Figure, float]]) -> None:
        """Each figure with the size of what was published: a balance errs in proportion to it."""
        self.target, self._n = target, len(figures)
        panel, places = _panel(target, figures)
        clock, hosts = target.model.world.clock, target.model.world.hosts

        def one(value: Mapping[str, Array], key: Array) -> tuple[Array, Array]:
            record = target.record(dict(value))
            drawn, biased = panel.draw(key, record, value), panel.expected(record, value)
            own = [
                _quantity(figure, record, clock, hosts) if figure.quantity else jnp.nan
                for figure, _ in figures
            ]
            shown = [own[i] if k is None else drawn[k] for i, k in enumerate(places)]
            plain = [own[i] if k is None else biased[k] for i, k in enumerate(places)]
            return jnp.stack(shown), jnp.stack(plain)

        self._step = jitted(one)

    def prepare(self) -> None:
        """Compiles what the first answer needs, so that it can be done beside something else."""
        self._ask([self.target.pack.unpack(np.zeros(self.target.dim), np)], 0)

    def answers(self, values: Sequence[Any], seed: int) -> list[Answer]:
        """The model's answer to every figure.

        Args:
            values: parameter values, one mapping per draw.
            seed: of the noise of the observers.
        """
        shown, plain = self._ask(values, seed)
        return [Answer(shown[:, i], plain[:, i]) for i in range(self._n)]

    def _ask(self, values: Sequence[Any], seed: int) -> tuple[Floats, Floats]:
        """What would be published and what should be, each [draw, figure]."""
        keys = jax.random.split(jax.random.key(seed), len(values))
        pairs = [self._step(value, key) for value, key in zip(values, keys, strict=True)]
        shown, plain = (np.stack([np.asarray(pair[i]) for pair in pairs]) for i in (0, 1))
        return shown, plain


def _panel(
    target: CaseTarget, figures: Sequence[tuple[Figure, float]]
) -> tuple[Panel, list[int | None]]:
    """The fit's panel with a row for each observed figure, and where these rows stand in it."""
    ledger = target.case.evidence
    extra = {
        f"figure-{i}": _row(ledger, figure, size, f"figure-{i}")
        for i, (figure, size) in enumerate(figures)
        if figure.observer
    }
    if not extra:
        return target.panel, [None] * len(figures)
    setting = target.panel.observers[0].setting
    panel = Panel(replace(ledger, rows=(*ledger.rows, *extra.values())), setting)
    position = {row.id: k for k, row in enumerate(panel.rows)}
    return panel, [position.get(f"figure-{i}") for i in range(len(figures))]


def _row(ledger: Ledger, figure: Figure, size: float, name: str) -> Observation:
    """The row that an observer could have published; all else as in its first row."""
    like = ledger.used_by(figure.observer)[0]
    units = allowed_units(like.count_type, figure.measure)
    changes = {
        "id": name,
        "measure": figure.measure,
        "group": figure.group,
        "rule": figure.rule,
        "period_start": figure.start,
        "period_end": figure.end,
        "value": size,
        "low": None,
        "high": None,
        "bound": "point",
        "per": figure.per,
        "unit": like.unit if like.unit in units or not units else units[0],
    }
    return like.model_copy(update=changes)


def _quantity(figure: Figure, record: Record, clock: Clock, hosts: Sequence[str]) -> Array:
    """A quantity of the record over the figure's period."""
    window = jnp.asarray(clock.window(figure.start, figure.end))
    here = np.array([not figure.place or host == figure.place for host in hosts])
    known: dict[str, Callable[[], Array]] = {
        "departures": lambda: window @ (record.leave.sum(1) + record.again.sum(1)) / _days(figure),
        "onward": lambda: window @ record.go_on[:, here].sum(1),
        "onward_share": lambda: _within_a_year(
            record.go_on[:, here], record.abroad[:, 0, here], window, clock
        ),
        "left_share": lambda: _within_a_year(
            record.exits[:, 1, here], record.abroad[:, 1, here], window, clock
        ),
        "returned_share": lambda: (
            100.0 * clock.at_end(figure.end) @ returned_shares(record)[:, RULES.index(figure.rule)]
        ),
    }
    return known[str(figure.quantity)]()


def _days(figure: Figure) -> int:
    return (figure.end - figure.start).days + 1


def _within_a_year(moves: Array, stock: Array, window: Array, clock: Clock) -> Array:
    """Percent who move within a year at the period's rate of moves per person-day."""
    persons = window * clock.lengths @ stock.sum(1)
    return 100.0 * -jnp.expm1(-YEAR * (window @ moves.sum(1)) / jnp.maximum(persons, 1.0))
