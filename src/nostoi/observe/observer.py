"""Observer: an institution that counts, badly. Abstract here; every child is final.

A child says what it would show on average (`expected`). How figures scatter around that, the
bias of their publisher and the reading of roundings is the same for all and lives here:
`draw` and `loglik` are two faces of one distribution, which the tests hold together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock, Floats
from nostoi.base.record import Record
from nostoi.case.ledger import Observation
from nostoi.observe import scale
from nostoi.observe.noise import draw_t4, interval_log_mass
from nostoi.rules.params import Param

Array = Any
Values = Mapping[str, Any]

BIAS_SD = {
    "office": 0.05,
    "official_statement": 0.15,
    "press": 0.2,
    "estimate": 0.25,
    "ngo": 0.2,
    "pollster": 0.1,
    "survey": 0.3,
}
"""Prior scale of a publisher's bias (log or logit) by its kind (assumption)."""

NET_SHARE = 0.02
"""A balance errs by about this share of the traffic that it is the difference of."""


class Observer(ABC):
    """A way in which the world gets counted.

    Attributes:
        name: such as "border:KAZ".
        family: such as "crossing".
        rows: figures it published, in the order of all [row] arrays.
        params: its own parameters (baseline, coverage, bias ...).
    """

    family: str

    def __init__(self, name: str, rows: tuple[Observation, ...], clock: Clock) -> None:
        """Observer of the given rows on the given clock."""
        self.name, self.rows, self.clock = name, rows, clock
        self.low, self.high, self.scales = scale.interval(rows)
        self.spread = scale.prior_spread(rows)
        self.windows = np.array([self.window(row) for row in rows]).reshape(-1, clock.n)
        self.ends = np.array([clock.at_end(row.period_end) for row in rows]).reshape(-1, clock.n)
        self.params: tuple[Param, ...] = ()
        self.bias_names: tuple[str, ...] = ("",) * len(rows)

    def window(self, row: Observation) -> Floats:
        """Weights [step] that sum a flow over the row's period, per day where it is a rate."""
        total = self.clock.window(row.period_start, row.period_end)
        days = (row.period_end - row.period_start).days + 1
        lengths = {"": 1.0, "day": days, "week": days / 7.0, "month": days / 30.44}
        return total / lengths[row.per]

    @abstractmethod
    def expected(self, record: Record, p: Values) -> Array:
        """What the rows would show on average, natural units, without bias; [row]."""

    def traffic(self, record: Record, p: Values) -> Array:
        """Crossings behind a balance (in plus out), natural units; [row]. 0 where none."""
        return jnp.zeros(len(self.rows))

    def bias(self, p: Values) -> Array:
        """Bias of each row's publisher on the row's scale; [row]. Balances carry none."""
        values = [p[name] if name else 0.0 for name in self.bias_names]
        return jnp.where(self.scales == scale.LINEAR, 0.0, jnp.stack([*map(jnp.asarray, values)]))

    def centre(self, record: Record, p: Values) -> Array:
        """Expected figure with bias, on the row's scale; [row]."""
        return scale.to_scale(self.expected(record, p), self.scales) + self.bias(p)

    def width(self, record: Record, p: Values) -> Array:
        """Scale of the residual on the row's scale; [row]."""
        base = self.spread * p[f"noise.{self.family}"]
        extra = NET_SHARE * self.traffic(record, p) * p[f"noise.{self.family}"]
        return jnp.where(self.scales == scale.LINEAR, base + extra, base)

    def loglik(self, record: Record, p: Values) -> Array:
        """Log likelihood of each published figure; [row]."""
        centre, width = self.centre(record, p), self.width(record, p)
        return interval_log_mass((self.low - centre) / width, (self.high - centre) / width)

    def draw(self, key: Array, record: Record, p: Values) -> Array:
        """Figures that could have been published instead, natural units; [row]."""
        noise = draw_t4(key, (len(self.rows),))
        drawn = self.centre(record, p) + self.width(record, p) * noise
        return scale.from_scale(drawn, self.scales)

    def own(self, suffix: str) -> str:
        """Full name of one of this observer's parameters."""
        return f"{self.name}.{suffix}"


def log_param(name: str, value: float, sd: float, unit: str, meaning: str) -> Param:
    """Positive parameter with a log-normal prior."""
    return Param(name, "", "log", (value,), sd, unit, "evidence/observers.yaml", meaning)


def plain_param(name: str, value: float, sd: float, unit: str, meaning: str) -> Param:
    """Parameter with a normal prior."""
    return Param(name, "", "normal", (value,), sd, unit, "evidence/observers.yaml", meaning)


def share_param(name: str, value: float, sd: float, meaning: str) -> Param:
    """Share 0..1 with a logit-normal prior."""
    return Param(
        name, "", "logit", (value,), sd, "share 0..1", "evidence/observers.yaml", meaning
    )
