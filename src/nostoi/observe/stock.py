"""Persons present in a host at a date, or the change between two dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, final

import numpy as np

from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.base.sums import along, taken
from nostoi.observe.bias import PublisherBias
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values

Array = Any


@final
class PresenceCount(Observer):
    """Newcomers present, all present, or the change of the newcomers' number."""

    family = "stock"

    def __init__(self, sources: Sequence[Source], setting: Setting, bias: PublisherBias) -> None:
        """Counts of those present by the given sources."""
        super().__init__(sources, setting)
        rules = np.array([RULES.index(source.spec.rule) for source in self.sources], int)
        self.rule, self.host, self.publishers = rules[self.of], self.hosts_of_rows(), bias
        self.between = self.ends.copy()
        for i, row in enumerate(self.rows):
            if row.measure == "change":
                self.between[i] -= self.clock.at_end(row.period_start - timedelta(days=1))
        self.with_settled = (self.measures == "all").astype(float)
        settled = [(max(s.spec.settled, 1.0), 0.2) for s in self.sources]
        card = ("persons", "Persons there before the case")
        self.params = (self.per_source("settled", "log", settled, card), bias.param(self.family))

    def read(self, record: Record) -> Readings:
        """Newcomers present, or the change of their number; persons."""
        return {"newcomers": along(self.between, record.abroad, self.rule, self.host)}

    def expected(self, seen: Readings, p: Values) -> Array:
        """Persons; [row]."""
        return seen["newcomers"] + self.with_settled * taken(p["stock.settled"], self.of)

    def bias(self, p: Values) -> Array:
        """Bias of each row's publisher, log; [row]."""
        return self.publishers.of_rows(p, self.family, self.rows)
