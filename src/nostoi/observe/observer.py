"""Observer: a family of institutions that count, badly. Abstract here; every child is final.

One object stands for all sources of a family (all borders, all registers ...), so that their
figures are computed together. A child says what its rows sum up of a record (`read`), whatever the
observers' unknowns are, and what they would show of that on average (`expected`). How figures
scatter around that, the bias of their publisher and the reading of roundings is the same for all
and lives here: `draw` and `loglik` are two faces of one distribution, which the tests hold
together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

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
Readings = Mapping[str, Any]
"""What rows sum up of a record, by name, each [row]."""

NET_SHARE = 0.02
"""A balance errs by about this share of the traffic that it is the difference of."""

SMALL_BALANCE = 1000.0
"""Persons: balances that are expected to be smaller err as if they were of this size."""


@dataclass(frozen=True)
class Source:
    """One observer of `observers.yaml` with the rows that it published."""

    name: str
    spec: Any
    rows: tuple[Observation, ...]


@dataclass(frozen=True)
class Setting:
    """What all families read of a world: clock, hosts, sizes of the groups [group] and the
    share let in [host, step].
    """

    clock: Clock
    hosts: tuple[str, ...]
    persons: Floats
    entry: Floats


class Observer(ABC):
    """All sources of one family.

    Attributes:
        family: such as "crossing".
        sources: observers of the family, in the order of all [source] arrays.
        rows: their figures, in the order of all [row] arrays.
        of: position of each row's source, [row].
        params: parameters of the family (baseline, coverage, bias ...), mostly one per source.
        shares: names of the readings that are shares of people and no counts of them.
    """

    family: str
    shares: frozenset[str] = frozenset()

    def __init__(self, sources: Sequence[Source], setting: Setting) -> None:
        """Family of the given sources."""
        self.sources, self.setting = tuple(sources), setting
        self.clock = clock = setting.clock
        self.rows = tuple(row for source in self.sources for row in source.rows)
        self.of = np.repeat(np.arange(len(self.sources)), [len(s.rows) for s in self.sources])
        self.low, self.high, self.scales = scale.interval(self.rows)
        self.spread = np.hypot(scale.prior_spread(self.rows), self._scatter())
        shape = (len(self.rows), clock.n)
        self.windows = np.array([window(clock, row) for row in self.rows]).reshape(shape)
        self.ends = np.array([clock.at_end(row.period_end) for row in self.rows]).reshape(shape)
        self.measures = np.array([row.measure for row in self.rows], dtype=str)
        self.params: tuple[Param, ...] = ()

    def _scatter(self) -> Floats:
        """Log sd by which the link of a source's figures to persons itself varies; [row].

        That of a change is a share of what is expected, as its spread is. Balances of traffic
        have their share of the traffic instead.
        """
        wanted = [getattr(source.spec, "scatter", 0.0) for source in self.sources]
        change = np.array([row.measure == "change" for row in self.rows], bool)
        plain = (self.scales == scale.LOG) | change
        return np.where(plain, np.array(wanted, float)[self.of], 0.0)

    @abstractmethod
    def read(self, record: Record) -> Readings:
        """What the rows sum up of a record, whatever the observers' unknowns are.

        Sums over steps go by `base.sums.along`, which costs no more than the weights it has.
        """

    def beside(self, p: Values) -> Readings:
        """What rows sum up of movements that are no part of the record; by name, each [row]."""
        return {}

    def seen(self, record: Record, p: Values) -> Readings:
        """All that the rows sum up of a record and beside it."""
        return {**self.read(record), **self.beside(p)}

    @abstractmethod
    def expected(self, seen: Readings, p: Values) -> Array:
        """What the rows would show on average, natural units, without bias; [row]."""

    def traffic(self, seen: Readings, p: Values) -> Array:
        """Crossings behind a balance (in plus out), natural units; [row]. 0 where none."""
        return jnp.zeros(len(self.rows))

    def bias(self, p: Values) -> Array:
        """Bias of each row's publisher on the row's scale; [row]."""
        return jnp.zeros(len(self.rows))

    def centre(self, seen: Readings, p: Values) -> Array:
        """Expected figure with bias, on the row's scale; [row]."""
        return centred(self.expected(seen, p), self.bias(p), self.scales)

    def width(self, seen: Readings, p: Values) -> Array:
        """Scale of the residual on the row's scale; [row].

        That of a balance follows what is expected and never what was published: a figure near zero
        is no more precise than others, and `draw` and `loglik` stay faces of one distribution.
        """
        spread: Array = self.spread
        balance = self.scales == scale.LINEAR
        if balance.any():
            size = jnp.hypot(self.expected(seen, p), SMALL_BALANCE)
            own = self.spread * size + NET_SHARE * self.traffic(seen, p)
            spread = jnp.where(balance, own, spread)
        return spread * p[f"{self.family}.noise"]

    def loglik(self, seen: Readings, p: Values) -> Array:
        """Log likelihood of each published figure; [row]."""
        centre, width = self.centre(seen, p), self.width(seen, p)
        return interval_log_mass((self.low - centre) / width, (self.high - centre) / width)

    def draw(self, key: Array, seen: Readings, p: Values) -> Array:
        """Figures that could have been published instead, natural units; [row]."""
        noise = draw_t4(key, (len(self.rows),))
        drawn = self.centre(seen, p) + self.width(seen, p) * noise
        return scale.from_scale(drawn, self.scales)

    def hosts_of_rows(self) -> Any:
        """Position of each row's host; [row]."""
        found = [self.setting.hosts.index(source.spec.place) for source in self.sources]
        return np.array(found, int)[self.of]

    def per_source(
        self,
        suffix: str,
        kind: Literal["normal", "log", "logit"],
        values: Sequence[tuple[float, float]],
        card: tuple[str, str],
    ) -> Param:
        """Parameter with one element per source.

        Args:
            suffix: name behind the family's.
            kind: scale of the prior.
            values: prior median and sd of each source.
            card: unit and meaning.
        """
        return Param(
            name=f"{self.family}.{suffix}",
            dims=f"{self.family}_source",
            kind=kind,
            value=tuple(float(value) for value, _ in values),
            sd=tuple(float(sd) for _, sd in values),
            unit=card[0],
            source="evidence/observers.yaml",
            meaning=card[1],
            labels=tuple(source.name for source in self.sources),
        )


def centred(expected: Array, bias: Array, scales: Any) -> Array:
    """Expected figures with their bias, on their scales; each [row]. Balances carry no bias."""
    return scale.to_scale(expected, scales) + jnp.where(scales == scale.LINEAR, 0.0, bias)


def window(clock: Clock, row: Observation) -> Floats:
    """Weights [step] that sum a flow over the row's period, per day where it is a rate."""
    total = clock.window(row.period_start, row.period_end)
    days = (row.period_end - row.period_start).days + 1
    lengths = {"": 1.0, "day": days, "week": days / 7.0, "month": days / 30.44}
    return total / lengths[row.per]
