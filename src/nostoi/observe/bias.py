"""Bias of publishers: one number per publisher and family, shared by all its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nostoi.base.sums import taken
from nostoi.case.ledger import Observation
from nostoi.case.ledger import Source as Publisher
from nostoi.rules.params import Param

Array = Any

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


class PublisherBias:
    """Biases of the publishers of some rows of one family."""

    def __init__(self, rows: Sequence[Observation], publishers: Mapping[str, Publisher]) -> None:
        """Biases of the publishers that the rows name."""
        self.names = tuple(dict.fromkeys(row.publisher for row in rows))
        self.sd = tuple(BIAS_SD[publishers[name].kind] for name in self.names)

    def param(self, family: str) -> Param:
        """The biases as a parameter with one element per publisher."""
        return Param(
            name=f"{family}.bias",
            dims=f"{family}_publisher",
            kind="normal",
            value=(0.0,) * len(self.names),
            sd=self.sd,
            unit="log",
            source="evidence/sources.csv",
            meaning="Bias of a publisher: its figures over what they should be",
            labels=self.names,
        )

    def of_rows(self, p: Mapping[str, Array], family: str, rows: Sequence[Observation]) -> Array:
        """Bias of each row's publisher; [row]."""
        index = np.array([self.names.index(row.publisher) for row in rows], int)
        return taken(p[f"{family}.bias"], index)
