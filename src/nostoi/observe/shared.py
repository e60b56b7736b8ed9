"""What all sources get wrong together: no comparison between sources can show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nostoi.rules.params import Param

SHARED = "shared.error"
SHARED_SD = 0.09
"""Prior log sd of what all counts show over what persons did (decisions/042).

By this much those who left and those who are abroad were missed beyond their intervals in sixty
worlds made by single people and read without such a term. Kennedy and O'Hagan (2001) on the
discrepancy of a model, Shirani-Mehr et al. (2018) on the error that all polls share.
"""


def shared_error() -> Param:
    """The common factor of all counts."""
    return Param(
        SHARED, "", "log", (1.0,), SHARED_SD, "ratio", "decisions/042",
        "What all counts together show over what persons did",
    )  # fmt: skip


def as_shown(
    seen: Mapping[str, Any], shares: Collection[str], p: Mapping[str, Any]
) -> dict[str, Any]:
    """Readings as sources take them: counts times the common factor, those in `shares` as is."""
    factor = p[SHARED]
    return {name: one if name in shares else factor * one for name, one in seen.items()}
