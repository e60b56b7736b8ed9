"""Registers of migration: persons who stay at least as long as the country's rule asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, final

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from nostoi.base.calendar import Clock
from nostoi.base.phases import RULE_DAYS, RULES
from nostoi.base.record import Record
from nostoi.case.ledger import Observation
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values

Array = Any


def passed(record: Record, rule: int) -> Array:
    """Persons who reach the residence rule in each step and host; [step, host].

    Those above the threshold now, less those above it before, plus those above it who left.
    """
    if rule == 0:
        return record.arrive
    stock = record.abroad[:, rule]
    before = jnp.concatenate([jnp.zeros_like(stock[:1]), stock[:-1]])
    return stock - before + record.exits[:, rule]


class Stayers:
    """Arrivals of a period who stay as long as the rule asks, seen when they reach it.

    Where the rule's span runs past the end of the clock, the last part is filled in by the
    arrivals themselves: those seen so far, times all arrivals over the arrivals so far.
    """

    def __init__(self, rows: Sequence[Observation], rules: NDArray[np.int_], clock: Clock) -> None:
        """Weights over the steps for each row and its residence rule."""
        self.rules = rules
        shifted, seen, full = [], [], []
        for row, rule in zip(rows, self.rules, strict=True):
            span = timedelta(days=round(RULE_DAYS[RULES[rule]]))
            stop = max(min(row.period_end, clock.end - span), row.period_start)
            shifted.append(clock.window(row.period_start + span, stop + span))
            seen.append(clock.window(row.period_start, stop))
            full.append(clock.window(row.period_start, row.period_end))
        shape = (-1, clock.n)
        self.shifted = np.array(shifted).reshape(shape)
        self.seen, self.full = np.array(seen).reshape(shape), np.array(full).reshape(shape)

    def count(self, record: Record, by_host: Array) -> Array:
        """Persons; [row].

        Args:
            record: what happened.
            by_host: weights of the hosts that each row counts, [row, host].
        """
        arrive = by_host @ record.arrive.T
        every = jnp.stack([passed(record, rule) for rule in range(len(RULES))])
        reach = jnp.einsum("rh,rth->rt", by_host, every[self.rules])
        stretch = (self.full * arrive).sum(-1) / jnp.maximum((self.seen * arrive).sum(-1), 1e-6)
        return (self.shifted * reach).sum(-1) * stretch


@final
class MigrationCount(Observer):
    """Immigrants, emigrants or their balance under a residence rule."""

    family = "flow"

    def __init__(self, sources: Sequence[Source], setting: Setting) -> None:
        """Statistical offices of the given sources."""
        super().__init__(sources, setting)
        rules = np.array([RULES.index(source.spec.rule) for source in self.sources], int)
        self.rule, self.host = rules[self.of], self.hosts_of_rows()
        self.stayers = Stayers(self.rows, self.rule, self.clock)
        self.by_host = np.eye(len(setting.hosts))[self.host]
        self.sign_in = np.where(self.measures == "departures", 0.0, 1.0)
        self.sign_out = np.select(
            [self.measures == "departures", self.measures == "net"], [1.0, -1.0], default=0.0
        )
        specs = [source.spec for source in self.sources]
        values = [(s.coverage, s.coverage_sd) for s in specs]
        card = ("ratio", "Persons counted over persons who moved")
        self.params = (self.per_source("coverage", "log", values, card),)

    def read(self, record: Record) -> Readings:
        """Persons who change residence in the period, as the row counts them."""
        into = self.stayers.count(record, self.by_host)
        exits = record.exits[:, self.rule, self.host].T
        out = (self.windows * exits).sum(-1)
        return {"moved": self.sign_in * into + self.sign_out * out}

    def expected(self, seen: Readings, p: Values) -> Array:
        """Persons who change residence in the period; [row]."""
        return p["flow.coverage"][self.of] * seen["moved"]
