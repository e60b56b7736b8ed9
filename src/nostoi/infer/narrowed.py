"""Narrowed: how far the evidence narrowed a prior, and the word for it."""

from __future__ import annotations

LEARNED, PARTLY = 0.5, 0.8
"""Posterior sd over prior sd up to which a number counts as learned, and as partly learned."""


def verdict(ratio: float) -> str:
    """'learned', 'partly' or 'prior', by posterior sd ÷ prior sd on the unit scale."""
    if ratio < LEARNED:
        return "learned"
    return "partly" if ratio <= PARTLY else "prior"
