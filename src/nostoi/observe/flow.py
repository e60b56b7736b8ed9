"""Registers of migration: persons who stay at least as long as the country's rule asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.calendar import Clock, Floats
from nostoi.base.phases import RULE_DAYS, RULES
from nostoi.base.record import Record
from nostoi.base.sums import Whole, along, taken
from nostoi.case.ledger import Observation
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values

Array = Any
READ = ("arrive", "abroad", "exits")
"""What `Stayers` read of a record."""


def passed(record: Record, weights: Floats, rules: Whole, hosts: Whole) -> Array:
    """Weighted sums over steps of the persons who reach a residence rule in a host; [row].

    Those above the threshold at the end of a step, less those above it before, plus those above it
    who left in it; arrivals, where the rule asks for no stay.

    Args:
        record: what happened.
        weights: of the steps, [row, step].
        rules: number of each row's rule, [row].
        hosts: position of each row's host, [row].
    """
    later = weights * (rules > 0)[:, None]
    more = later - np.concatenate([later[:, 1:], np.zeros_like(later[:, :1])], 1)
    stayed = along(more, record.abroad, rules, hosts) + along(later, record.exits, rules, hosts)
    return stayed + along(weights - later, record.arrive, hosts)


def everywhere(record: Record) -> Record:
    """The record with all hosts as one, in what `Stayers` reads."""
    one = {name: getattr(record, name).sum(-1, keepdims=True) for name in READ}
    return record._replace(**one)


class Stayers:
    """Arrivals of a period who stay as long as the rule asks, seen when they reach it.

    Where the rule's span runs past the end of the clock, the last part is filled in by the
    arrivals themselves: those seen so far, times all arrivals over the arrivals so far.
    """

    def __init__(
        self, rows: Sequence[Observation], rules: Whole, hosts: Whole, clock: Clock
    ) -> None:
        """Weights over the steps for each row, its residence rule and its host."""
        self.rules, self.hosts = rules, hosts
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

    def count(self, record: Record) -> Array:
        """Persons; [row]."""
        reach = passed(record, self.shifted, self.rules, self.hosts)
        arrive, seen = (along(w, record.arrive, self.hosts) for w in (self.full, self.seen))
        return reach * (arrive / jnp.maximum(seen, 1e-6))


@final
class MigrationCount(Observer):
    """Immigrants, emigrants or their balance under a residence rule."""

    family = "flow"

    def __init__(self, sources: Sequence[Source], setting: Setting) -> None:
        """Statistical offices of the given sources."""
        super().__init__(sources, setting)
        rules = np.array([RULES.index(source.spec.rule) for source in self.sources], int)
        self.rule, self.host = rules[self.of], self.hosts_of_rows()
        self.stayers = Stayers(self.rows, self.rule, self.host, self.clock)
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
        into = self.stayers.count(record)
        out = along(self.windows, record.exits, self.rule, self.host)
        return {"moved": self.sign_in * into + self.sign_out * out}

    def expected(self, seen: Readings, p: Values) -> Array:
        """Persons who change residence in the period; [row]."""
        return taken(p["flow.coverage"], self.of) * seen["moved"]
