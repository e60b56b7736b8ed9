"""What all sources get wrong together: no comparison between sources can show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nostoi.base.record import Record
from nostoi.rules.params import Param

SHARED = "shared.error"
SHARED_SD = 0.09
"""Prior log sd of what all counts show over what persons did (decisions/042).

By this much those who left and those who are abroad were missed beyond their intervals in sixty
worlds made by single people and read without such a term. Kennedy and O'Hagan (2001) on the
discrepancy of a model, Shirani-Mehr et al. (2018) on the error that all polls share.
"""

NOT_PERSONS = ("belief", "rumour")
"""Parts of a record that are shares of people and no counts of them."""


def shared_error() -> Param:
    """The common factor of all counts."""
    return Param(
        SHARED, "", "log", (1.0,), SHARED_SD, "ratio", "decisions/042",
        "What all counts together show over what persons did",
    )  # fmt: skip


def as_shown(record: Record, p: Mapping[str, Any]) -> Record:
    """The record that sources read: every count times the common factor, shares as they are."""
    factor = p[SHARED]
    counts = {name: factor * value for name, value in record._asdict().items()
              if name not in NOT_PERSONS}  # fmt: skip
    return record._replace(**counts)
