"""Panel: all observers of a case, built from its ledger, and their joint likelihood."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock, Floats
from nostoi.base.record import Record
from nostoi.case.case import Ledger
from nostoi.case.ledger import Observation
from nostoi.observe.border import BorderCount, TripCount
from nostoi.observe.claim import Claim
from nostoi.observe.flow import MigrationCount
from nostoi.observe.observer import BIAS_SD, Observer, Values, log_param, plain_param
from nostoi.observe.poll import BeliefPoll
from nostoi.observe.register import PaperCount
from nostoi.observe.stock import PresenceCount
from nostoi.observe.survey import ReturnSurvey
from nostoi.rules.params import Param

Array = Any
AT_A_HOST = {
    "crossing": BorderCount,
    "flow": MigrationCount,
    "stock": PresenceCount,
    "register": PaperCount,
}
WITH_BIAS = ("crossing", "stock")
"""Families whose publishers carry a shared bias; the others have a coverage or bias already."""


class Panel:
    """All observers that use at least one row.

    Attributes:
        observers: in the order of the ledger's observer file.
        rows: used rows, in the order of all [row] arrays.
        params: parameters of the observers, the biases of publishers, the noise by family.
    """

    def __init__(
        self, ledger: Ledger, clock: Clock, hosts: tuple[str, ...], persons: Floats
    ) -> None:
        """Panel of a ledger in a world with the given clock, hosts and group sizes."""
        self.observers: tuple[Observer, ...] = _build(ledger, clock, hosts, persons)
        biases: dict[str, Param] = {}
        for observer in self.observers:
            if observer.family in WITH_BIAS:
                _give_biases(observer, ledger, biases)
        families = dict.fromkeys(observer.family for observer in self.observers)
        noise = [
            log_param(f"noise.{f}", 1.0, 0.4, "ratio", f"Scatter of {f} figures over the prior's")
            for f in families
        ]
        own = [param for observer in self.observers for param in observer.params]
        self.params: tuple[Param, ...] = (*own, *biases.values(), *noise)
        self.rows: tuple[Observation, ...] = tuple(
            row for observer in self.observers for row in observer.rows
        )

    def loglik(self, record: Record, p: Values) -> Array:
        """Log likelihood of each used row; [row]."""
        return jnp.concatenate([o.loglik(record, p) for o in self.observers])

    def expected(self, record: Record, p: Values) -> Array:
        """Expected figures without bias and noise, natural units; [row]."""
        return jnp.concatenate([o.expected(record, p) for o in self.observers])

    def biased(self, record: Record, p: Values) -> Array:
        """Expected figures as the publishers would show them, natural units; [row]."""
        from nostoi.observe.scale import from_scale

        return jnp.concatenate(
            [from_scale(o.centre(record, p), o.scales) for o in self.observers]
        )

    def draw(self, key: Array, record: Record, p: Values) -> Array:
        """Figures that could have been published instead, natural units; [row]."""
        keys = jax.random.split(key, len(self.observers))
        return jnp.concatenate(
            [o.draw(k, record, p) for k, o in zip(keys, self.observers, strict=True)]
        )

    def observer_of_row(self) -> tuple[str, ...]:
        """Name of the observer of each used row."""
        return tuple(o.name for o in self.observers for _ in o.rows)


def _give_biases(observer: Observer, ledger: Ledger, biases: dict[str, Param]) -> None:
    """Adds one shared bias per family and publisher, and names it on the observer's rows."""
    names = []
    for row in observer.rows:
        name = f"bias.{observer.family}.{row.publisher}"
        sd = BIAS_SD[ledger.sources[row.publisher].kind]
        meaning = f"Bias of {row.publisher} in {observer.family} figures"
        biases.setdefault(name, plain_param(name, 0.0, sd, "log", meaning))
        names.append(name)
    observer.bias_names = tuple(names)


def _build(
    ledger: Ledger, clock: Clock, hosts: tuple[str, ...], persons: Floats
) -> tuple[Observer, ...]:
    """Observers with rows, crossings first since trips share their traffic."""
    made: dict[str, Observer] = {}
    order = sorted(ledger.observers, key=lambda n: ledger.observers[n].family == "trips")
    for name in order:
        spec, rows = ledger.observers[name], ledger.used_by(name)
        if not rows:
            continue
        made[name] = _one(name, spec, rows, clock, hosts, np.asarray(persons), made)
    return tuple(made.values())


def _one(
    name: str,
    spec: Any,
    rows: tuple[Observation, ...],
    clock: Clock,
    hosts: tuple[str, ...],
    persons: Floats,
    made: dict[str, Observer],
) -> Observer:
    """Observer of one entry of observers.yaml."""
    if spec.family in AT_A_HOST:
        return AT_A_HOST[spec.family](name, spec, rows, clock, hosts.index(spec.place))
    if spec.family == "trips":
        border = made[spec.crossing]
        assert isinstance(border, BorderCount)
        return TripCount(name, spec, rows, clock, border)
    if spec.family == "survey":
        return ReturnSurvey(name, spec, rows, clock)
    if spec.family == "poll":
        return BeliefPoll(name, spec, rows, clock, persons)
    return Claim(name, spec, rows, clock)
