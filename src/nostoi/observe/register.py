"""Papers: numbers, permits, asylum files. A permit that expires is not a departure.

Papers are issued to a share of those who arrive (or who have stayed three months), some time
after; quiet returns do not cancel them. A valid paper is one issued within its validity, or
renewed; what was issued before the case, or would have been issued without it, is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, final

import numpy as np

from nostoi.base.calendar import Floats
from nostoi.base.record import Record
from nostoi.base.sums import taken
from nostoi.case.ledger import Observation, RegisterSpec
from nostoi.observe.flow import passed
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values

Array = Any
LONG = 60.0
"""Papers that need a stay of at least so many days are issued to those who stay 3 months."""


@final
class PaperCount(Observer):
    """Papers issued in a period, or valid at a date."""

    family = "register"

    def __init__(self, sources: Sequence[Source], setting: Setting) -> None:
        """Registries of the given sources."""
        super().__init__(sources, setting)
        specs = [source.spec for source in self.sources]
        self.host = self.hosts_of_rows()
        self.long = np.array([spec.after >= LONG for spec in specs])[self.of]
        pairs = [self._holders(row, specs[i]) for row, i in zip(self.rows, self.of, strict=True)]
        self.fresh = np.array([pair[0] for pair in pairs])
        self.old = np.array([pair[1] for pair in pairs])
        days = np.array([(r.period_end - r.period_start).days + 1.0 for r in self.rows])
        settled = np.array([spec.settled for spec in specs])[self.of]
        before = np.array([spec.before for spec in specs])[self.of]
        self.usual = np.where(self.measures == "valid", settled, before * days)
        coverage = [(spec.coverage, spec.coverage_sd) for spec in specs]
        renewal = [(min(max(spec.renewal, 0.02), 0.98), 0.7) for spec in specs]
        self.params = (
            self.per_source("coverage", "log", coverage, ("ratio", "Papers per person entitled")),
            self.per_source("renewal", "logit", renewal, ("share 0..1", "Share of papers renewed")),
            self.per_source(
                "usual", "log", [(1.0, 0.15)] * len(specs), ("ratio", "Papers without the case")
            ),
        )

    def _holders(self, row: Observation, spec: RegisterSpec) -> tuple[Floats, Floats]:
        """Steps whose arrivals hold a first paper, and an older one, in the row; [step]."""
        delay = timedelta(days=spec.lag if spec.after >= LONG else spec.after + spec.lag)

        def arrivals(first: date, last: date) -> Floats:
            return self.clock.window(first - delay, last - delay)

        nobody = np.zeros(self.clock.n)
        if row.measure == "issued":
            return arrivals(row.period_start, row.period_end), nobody
        start = self.clock.start
        if spec.validity is None:
            return arrivals(start, row.period_end), nobody
        expiry = row.period_end - timedelta(days=spec.validity)
        if expiry <= start:
            return arrivals(start, row.period_end), nobody
        return arrivals(expiry, row.period_end), arrivals(start, expiry - timedelta(days=1))

    def read(self, record: Record) -> Readings:
        """Those who are entitled to a first paper, and to a renewed one; persons."""
        rule = np.where(self.long, 1, 0)
        entitled = [passed(record, weights, rule, self.host) for weights in (self.fresh, self.old)]
        return dict(zip(("first", "again"), entitled, strict=True))

    def expected(self, seen: Readings, p: Values) -> Array:
        """Papers; [row]."""
        again = seen["again"] * taken(p["register.renewal"], self.of)
        papers = taken(p["register.coverage"], self.of) * (seen["first"] + again)
        return papers + taken(p["register.usual"], self.of) * self.usual
