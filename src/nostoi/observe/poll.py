"""Polls at home: the felt threat, as a question about fear or mood shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.record import Record
from nostoi.base.sums import taken
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values

Array = Any
TALK = 0.08
"""Share who talk at which a search count shows its level (its slope turns around this)."""


@final
class BeliefPoll(Observer):
    """Percent who fear or are anxious: logit = offset + slope x logit(belief).

    Search counts follow the share who talk: log = offset + slope x log(rumour).
    """

    family = "poll"
    shares = frozenset({"talk", "belief"})

    def __init__(self, sources: Sequence[Source], setting: Setting) -> None:
        """Questions of the given sources."""
        super().__init__(sources, setting)
        self.weights = setting.persons / setting.persons.sum()
        search = [any(r.measure == "search" for r in s.rows) for s in self.sources]
        self.search = np.array(search)[self.of]
        covered = (self.windows > 0) * self.clock.lengths
        self.mean = covered / np.maximum(covered.sum(1, keepdims=True), 1e-9)
        offset, slope = [], []
        for source, is_search in zip(self.sources, search, strict=True):
            typical = float(np.median([row.value for row in source.rows]))
            start = np.log(typical) if is_search else 0.0
            offset.append((start, source.spec.scale_sd))
            slope.append((0.5 if is_search else 0.8, 0.3))
        card = ("logit", "Level of the question")
        self.params = (
            self.per_source("offset", "normal", offset, card),
            self.per_source("slope", "log", slope, ("ratio", "Steepness of the question")),
        )

    def read(self, record: Record) -> Readings:
        """Share who talk, and felt chance of call-up, over the row's period."""
        talk = self.mean @ (record.rumour @ self.weights)
        return {"talk": talk, "belief": self.mean @ (record.belief @ self.weights)}

    def expected(self, seen: Readings, p: Values) -> Array:
        """Percent (or queries); [row]."""
        offset, slope = taken(p["poll.offset"], self.of), taken(p["poll.slope"], self.of)
        talk, belief = seen["talk"], seen["belief"]
        queries = jnp.exp(jnp.minimum(offset, 30.0) + slope * jnp.log((talk + 0.01) / TALK))
        logit = offset + slope * jnp.log(belief / (1.0 - belief))
        percent = 100.0 / (1.0 + jnp.exp(-jnp.minimum(logit, 30.0)))
        return jnp.where(self.search, queries, percent)
