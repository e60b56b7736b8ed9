"""Polls at home: the felt threat, as a question about fear or mood shows it."""

from __future__ import annotations

from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock, Floats
from nostoi.base.record import Record
from nostoi.case.ledger import Observation, PollSpec
from nostoi.observe.observer import Observer, Values, log_param, plain_param

Array = Any


@final
class BeliefPoll(Observer):
    """Percent who fear or are anxious: logit = offset + slope x logit(belief).

    Search counts follow the share who talk: log = offset + slope x log(rumour).
    """

    family = "poll"

    def __init__(
        self,
        name: str,
        spec: PollSpec,
        rows: tuple[Observation, ...],
        clock: Clock,
        persons: Floats,
    ) -> None:
        """Question of a poll; `persons` [group] weigh the groups' beliefs."""
        super().__init__(name, rows, clock)
        self.weights = persons / persons.sum()
        self.search = any(row.measure == "search" for row in rows)
        days = np.maximum((self.windows > 0).sum(1, keepdims=True), 1)
        weights = self.windows * clock.lengths[None, :]
        self.mean = weights / np.maximum(weights.sum(1, keepdims=True), 1e-9) if days.any() else 0
        typical = float(np.median([row.value for row in rows]))
        start = np.log(typical) if self.search else 0.0
        self.params = (
            plain_param(self.own("offset"), start, spec.scale_sd, "logit", "Level of the question"),
            log_param(self.own("slope"), 0.5 if self.search else 0.8, 0.3, "ratio", "Steepness"),
        )

    def expected(self, record: Record, p: Values) -> Array:
        """Percent (or queries); [row]."""
        offset, slope = p[self.own("offset")], p[self.own("slope")]
        if self.search:
            talk = self.mean @ (record.rumour @ self.weights)
            return jnp.exp(offset + slope * jnp.log((talk + 0.01) / 0.08))
        belief = self.mean @ (record.belief @ self.weights)
        logit = offset + slope * jnp.log(belief / (1.0 - belief))
        return 100.0 / (1.0 + jnp.exp(-logit))
