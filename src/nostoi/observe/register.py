"""Papers: numbers, permits, asylum files. A permit that expires is not a departure.

Papers are issued to a share of those who arrive (or who have stayed three months), some time
after; quiet returns do not cancel them. A valid paper is one issued within its validity, or
renewed; what was issued before the case is added.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, final

import numpy as np

from nostoi.base.calendar import Clock, Floats
from nostoi.base.record import Record
from nostoi.case.ledger import Observation, RegisterSpec
from nostoi.observe.flow import passed
from nostoi.observe.observer import Observer, Values, log_param, share_param

Array = Any
LONG = 60.0
"""Papers that need a stay of at least so many days are issued to those who stay 3 months."""


@final
class PaperCount(Observer):
    """Papers issued in a period, or valid at a date."""

    family = "register"

    def __init__(
        self,
        name: str,
        spec: RegisterSpec,
        rows: tuple[Observation, ...],
        clock: Clock,
        host: int,
    ) -> None:
        """Registry of the host with the given position."""
        super().__init__(name, rows, clock)
        self.spec, self.host = spec, host
        self.rule = 1 if spec.after >= LONG else 0
        self.delay = timedelta(days=spec.lag if self.rule else spec.after + spec.lag)
        pairs = [self._issue(row) for row in rows]
        self.issued = np.array([pair[0] for pair in pairs])
        self.renewed = np.array([pair[1] for pair in pairs])
        valid = np.array([row.measure == "valid" for row in rows])
        days = np.array([(r.period_end - r.period_start).days + 1 for r in rows])
        self.settled = np.where(valid, spec.settled, spec.before * days)
        found = [
            log_param(self.own("coverage"), spec.coverage, spec.coverage_sd, "ratio", "Coverage")
        ]
        if valid.any() and spec.validity is not None:
            value = min(max(spec.renewal, 0.02), 0.98)
            found.append(share_param(self.own("renewal"), value, 0.7, "Share renewed"))
        if self.settled.any():
            found.append(
                log_param(self.own("before"), 1.0, 0.15, "ratio", "Papers from before the case")
            )
        self.params = tuple(found)

    def _issue(self, row: Observation) -> tuple[Floats, Floats]:
        """Steps whose arrivals hold a first paper, and a renewed one, in the row; [step]."""
        if row.measure == "issued":
            return self._arrivals(row.period_start, row.period_end), np.zeros(self.clock.n)
        if self.spec.validity is None:
            return self._arrivals(self.clock.start, row.period_end), np.zeros(self.clock.n)
        expiry = row.period_end - timedelta(days=self.spec.validity)
        fresh = self._arrivals(max(expiry, self.clock.start), row.period_end)
        if expiry <= self.clock.start:
            return fresh, np.zeros(self.clock.n)
        return fresh, self._arrivals(self.clock.start, expiry - timedelta(days=1))

    def _arrivals(self, first: date, last: date) -> Floats:
        """Weights of the steps in which holders of papers issued in the period arrived."""
        return self.clock.window(first - self.delay, last - self.delay)

    def expected(self, record: Record, p: Values) -> Array:
        """Papers; [row]."""
        entitled = passed(record, self.rule)[:, self.host]
        count = self.issued @ entitled
        if self.own("renewal") in {param.name for param in self.params}:
            count = count + p[self.own("renewal")] * (self.renewed @ entitled)
        count = p[self.own("coverage")] * count
        if self.settled.any():
            count = count + p[self.own("before")] * self.settled
        return count
