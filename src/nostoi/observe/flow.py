"""Registers of migration: persons who stay at least as long as the country's rule asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock
from nostoi.base.phases import RULE_DAYS, RULES
from nostoi.base.record import Record
from nostoi.case.ledger import FlowSpec, Observation
from nostoi.observe.observer import Observer, Values, share_param

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

    def __init__(self, rows: tuple[Observation, ...], rule: int, clock: Clock) -> None:
        """Weights over the steps for each row."""
        span = timedelta(days=round(RULE_DAYS[RULES[rule]]))
        last = clock.end - span
        self.rule = rule
        shifted, seen, full = [], [], []
        for row in rows:
            stop = min(row.period_end, last) if rule else row.period_end
            stop = max(stop, row.period_start)
            shifted.append(clock.window(row.period_start + span, stop + span))
            seen.append(clock.window(row.period_start, stop))
            full.append(clock.window(row.period_start, row.period_end))
        shape = (-1, clock.n)
        self.shifted = np.array(shifted).reshape(shape)
        self.seen, self.full = np.array(seen).reshape(shape), np.array(full).reshape(shape)

    def count(self, record: Record, hosts: Any) -> Array:
        """Persons [row], summed over the hosts chosen by `hosts` (an index or a slice)."""
        arrive = record.arrive[:, hosts].reshape(record.arrive.shape[0], -1).sum(1)
        reach = passed(record, self.rule)[:, hosts].reshape(arrive.shape[0], -1).sum(1)
        stretch = (self.full @ arrive) / jnp.maximum(self.seen @ arrive, 1e-6)
        return (self.shifted @ reach) * stretch


@final
class MigrationCount(Observer):
    """Immigrants, emigrants or their balance under a residence rule."""

    family = "flow"

    def __init__(
        self,
        name: str,
        spec: FlowSpec,
        rows: tuple[Observation, ...],
        clock: Clock,
        host: int,
    ) -> None:
        """Statistical office of the host with the given position."""
        super().__init__(name, rows, clock)
        self.host, self.rule = host, RULES.index(spec.rule)
        self.stayers = Stayers(rows, self.rule, clock)
        measures = np.array([row.measure for row in rows])
        self.sign_in = np.where(measures == "departures", 0.0, 1.0)
        self.sign_out = np.select(
            [measures == "departures", measures == "net"], [1.0, -1.0], default=0.0
        )
        spread = spec.coverage_sd / max(1.0 - spec.coverage, 0.05)
        self.params = (
            share_param(self.own("coverage"), min(spec.coverage, 0.98), spread, "Coverage"),
        )

    def expected(self, record: Record, p: Values) -> Array:
        """Persons who change residence in the period; [row]."""
        into = self.stayers.count(record, self.host)
        out = self.windows @ record.exits[:, self.rule, self.host]
        return p[self.own("coverage")] * (self.sign_in * into + self.sign_out * out)
