"""Persons present in a host at a date, or the change between two dates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, final

import numpy as np

from nostoi.base.calendar import Clock
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.case.ledger import Observation, StockSpec
from nostoi.observe.observer import Observer, Values, log_param

Array = Any


@final
class PresenceCount(Observer):
    """Newcomers present, all present, or the change of the newcomers' number."""

    family = "stock"

    def __init__(
        self,
        name: str,
        spec: StockSpec,
        rows: tuple[Observation, ...],
        clock: Clock,
        host: int,
    ) -> None:
        """Count of those present in the host with the given position."""
        super().__init__(name, rows, clock)
        self.host, self.rule = host, RULES.index(spec.rule)
        self.before = np.zeros_like(self.ends)
        for i, row in enumerate(rows):
            if row.measure == "change":
                self.before[i] = clock.at_end(row.period_start - timedelta(days=1))
        self.with_settled = np.array([row.measure == "all" for row in rows], float)
        if self.with_settled.any():
            meaning = "Persons there before the case"
            self.params = (
                log_param(self.own("settled"), max(spec.settled, 1.0), 0.2, "persons", meaning),
            )

    def expected(self, record: Record, p: Values) -> Array:
        """Persons; [row]."""
        stock = record.abroad[:, self.rule, self.host]
        count = (self.ends - self.before) @ stock
        return count + self.with_settled * p[self.own("settled")] if self.params else count
