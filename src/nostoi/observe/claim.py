"""Claims: numbers that officials, analysts and the press give without a published count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.base.sums import along, taken
from nostoi.observe.flow import Stayers, everywhere
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values

Array = Any
COUNTED = ("left", "abroad", "returned")
"""Claims of persons; others are percentages."""


@final
class Claim(Observer):
    """Persons who left, are abroad or came back, or the share who came back."""

    family = "claim"
    shares = frozenset({"percent"})

    def __init__(self, sources: Sequence[Source], setting: Setting) -> None:
        """Claims of the given sources."""
        super().__init__(sources, setting)
        specs = [source.spec for source in self.sources]
        self.quantity = np.array([spec.quantity for spec in specs])[self.of]
        self.of_persons = np.isin(self.quantity, COUNTED)
        self.rule = np.array([RULES.index(spec.rule) for spec in specs], int)[self.of]
        self.stayers = Stayers(self.rows, self.rule, np.zeros(len(self.rows), int), self.clock)
        first = [specs[i].since or self.clock.start for i in self.of]
        self.since = np.array(
            [self.clock.window(f, row.period_end) for f, row in zip(first, self.rows, strict=True)]
        )
        bias = [(0.0, spec.bias_sd) for spec in specs]
        card = ("log or logit", "Bias of these claims: figure over what it should be")
        self.params = (self.per_source("bias", "normal", bias, card),)

    def read(self, record: Record) -> Readings:
        """Persons, and percent of all who left, at the end of the row's period."""
        leave = record.leave.sum(1)
        left = self.windows @ leave
        stayed = self.stayers.count(everywhere(record))
        abroad = along(self.ends, record.abroad.sum(-1), self.rule)
        back = along(self.ends, record.returned.sum(-1), self.rule)
        percent = 100.0 * back / jnp.maximum(self.since @ leave, 1.0)
        wanted = [self.quantity == q for q in COUNTED]
        first = jnp.where(self.rule == 0, left, stayed)
        return {"persons": jnp.select(wanted, [first, abroad, back], 0.0), "percent": percent}

    def expected(self, seen: Readings, p: Values) -> Array:
        """Persons or percent; [row]."""
        return jnp.where(self.of_persons, seen["persons"], seen["percent"])

    def bias(self, p: Values) -> Array:
        """Bias of each row's source on its scale; [row]."""
        return taken(p["claim.bias"], self.of)
