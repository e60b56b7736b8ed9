"""Surveys of those who left: what share came back depends on whom and what one asks.

The frame is everybody who had been abroad for at least the rule's span; "returned" are those
of them now at home. Where errands count as returns, those who visited are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import jax.numpy as jnp
import numpy as np

from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.base.sums import along, taken
from nostoi.observe.observer import Observer, Readings, Setting, Source, Values
from nostoi.rules.params import Param

Array = Any
VISITED = 0.11
"""Share of those abroad who visited home for errands (prior median): 65 % of the 15 % who came
back did so for errands only (RU22-0047, RU22-0076), out of all who left."""


def returned_shares(record: Record) -> Array:
    """Share returned among all who were abroad at least the rule's span; [step, rule]."""
    back = record.returned_once
    away = record.abroad.sum(-1)
    return back / jnp.maximum(back + away, 1.0)


@final
class ReturnSurvey(Observer):
    """Percent of respondents who came back, in the survey's own words and frame."""

    family = "survey"
    shares = frozenset({"returned"})

    def __init__(self, sources: Sequence[Source], setting: Setting) -> None:
        """Surveys of the given sources."""
        super().__init__(sources, setting)
        specs = [source.spec for source in self.sources]
        self.rule = np.array([RULES.index(spec.rule) for spec in specs], int)[self.of]
        self.visits = np.array([spec.visits for spec in specs])[self.of]
        bias = [(0.0, spec.bias_sd) for spec in specs]
        card = ("logit", "Selection of the survey: its share over what it should be")
        visited = Param(
            "survey.visited", "", "logit", (VISITED,), 0.5, "share 0..1", "RU22-0047",
            "Share of those abroad who visited home",
        )  # fmt: skip
        self.params = (self.per_source("bias", "normal", bias, card), visited)

    def read(self, record: Record) -> Readings:
        """Share returned at the end of the row's period."""
        return {"returned": along(self.ends, returned_shares(record), self.rule)}

    def expected(self, seen: Readings, p: Values) -> Array:
        """Percent returned at the end of the row's period; [row]."""
        share = seen["returned"]
        visited = 1.0 - (1.0 - share) * (1.0 - p["survey.visited"])
        return 100.0 * jnp.where(self.visits, visited, share)

    def bias(self, p: Values) -> Array:
        """Selection of each row's survey, logit; [row]."""
        return taken(p["survey.bias"], self.of)
