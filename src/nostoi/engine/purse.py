"""What is left of a person's savings abroad: one formula, for one person or for arrays."""

from __future__ import annotations

from typing import Any

from nostoi.base.maths import clip

EMPLOYED = 0.6
"""Share of newcomers with work at the usual wage (assumption; OutRush finds most at work)."""

MONTH = 30.44
"""Days of a month."""


def burn_of(cover: Any, remote: Any) -> Any:
    """Months of living costs used up per month abroad; remote earners keep their income.

    Args:
        cover: share of the cost of living there that the average wage there pays.
        remote: share of the group who earn at home, 0..1.
    """
    return (1.0 - remote) * (1.0 - clip(EMPLOYED * cover, 0.0, 1.0))


def savings_left(savings: Any, cost: Any, price_ratio: Any, burn: Any, days: Any) -> Any:
    """Months of living costs left `days` after the move.

    Args:
        savings: months of living costs at home before the journey.
        cost: of the journey, in the same unit.
        price_ratio: cost of living there over that at home.
        burn: months used up per month.
        days: since the move.
    """
    start = clip(savings - cost, 0.0, 1e9) / price_ratio
    return clip(start - burn * (days / MONTH), -3.0, 1e9)
