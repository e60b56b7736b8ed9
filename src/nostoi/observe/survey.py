"""Surveys of those who left: what share came back depends on whom and what one asks.

The frame is everybody who had been abroad for at least the rule's span; "returned" are those
of them now at home. Where errands count as returns, those who visited are added.
"""

from __future__ import annotations

from typing import Any, final

import jax.numpy as jnp

from nostoi.base.calendar import Clock
from nostoi.base.phases import RULES
from nostoi.base.record import Record
from nostoi.case.ledger import Observation, SurveySpec
from nostoi.observe.observer import Observer, Values, plain_param, share_param

Array = Any
VISITED = 0.12
"""Share of those abroad who visited home for errands (prior median; RU22-0047: 65 % of the
15 % who came back did so for errands only, RU22-0076)."""


def returned_share(record: Record, rule: int) -> Array:
    """Share returned among all who were abroad at least the rule's span; [step]."""
    back = record.returned_once[:, rule]
    away = record.abroad[:, rule].sum(-1)
    return back / jnp.maximum(back + away, 1.0)


@final
class ReturnSurvey(Observer):
    """Percent of respondents who came back, in the survey's own words and frame."""

    family = "survey"

    def __init__(
        self, name: str, spec: SurveySpec, rows: tuple[Observation, ...], clock: Clock
    ) -> None:
        """Survey with the definition of `spec`."""
        super().__init__(name, rows, clock)
        self.rule, self.visits = RULES.index(spec.rule), spec.visits
        bias = plain_param(
            self.own("bias"), 0.0, spec.bias_sd, "logit", "Selection of the survey"
        )
        self.params = (bias,)
        self.bias_names = (bias.name,) * len(rows)
        if spec.visits:
            self.params += (share_param(self.own("visited"), VISITED, 0.5, "Visited home"),)

    def expected(self, record: Record, p: Values) -> Array:
        """Percent returned at the end of the row's period; [row]."""
        share = self.ends @ returned_share(record, self.rule)
        if self.visits:
            share = 1.0 - (1.0 - share) * (1.0 - p[self.own("visited")])
        return 100.0 * share
