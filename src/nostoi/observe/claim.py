"""Claims: numbers that officials, analysts and the press give without a published count."""

from __future__ import annotations

from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.case.ledger import ClaimSpec, Observation
from nostoi.observe.flow import Stayers
from nostoi.observe.observer import Observer, Values, plain_param

Array = Any


@final
class Claim(Observer):
    """Persons who left, are abroad or came back, or the share who came back."""

    family = "claim"

    def __init__(
        self, name: str, spec: ClaimSpec, rows: tuple[Observation, ...], clock: Clock
    ) -> None:
        """Claims with the definition of `spec`."""
        super().__init__(name, rows, clock)
        self.quantity, self.rule = spec.quantity, RULES.index(spec.rule)
        self.stayers = Stayers(rows, self.rule, clock)
        first = spec.since or clock.start
        self.since = np.array([clock.window(first, row.period_end) for row in rows])
        bias = plain_param(self.own("bias"), 0.0, spec.bias_sd, "log", "Bias of these claims")
        self.params = (bias,)
        self.bias_names = (bias.name,) * len(rows)

    def expected(self, record: Record, p: Values) -> Array:
        """Persons or percent, at the end of the row's period; [row]."""
        left = self.windows @ record.leave.sum(1)
        if self.quantity == "left":
            return left if self.rule == 0 else self.stayers.count(record, slice(None))
        if self.quantity == "abroad":
            return self.ends @ record.abroad[:, self.rule].sum(1)
        back = self.ends @ record.returned[:, self.rule].sum(1)
        if self.quantity == "returned":
            return back
        return 100.0 * back / jnp.maximum(self.since @ record.leave.sum(1), 1.0)
