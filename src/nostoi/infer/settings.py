"""How to sample."""

from __future__ import annotations

from dataclasses import dataclass, replace

QUICK_DRAWS = 150
"""Draws of each chain of a quick fit, at most."""


@dataclass(frozen=True)
class Settings:
    """How many chains and draws, and what they aim at.

    chains, draws: numbers of those that count; seed: of all streams; chunk: draws between two
    savings; accept: chance of acceptance that the step size aims at: high, for where the posterior
    is narrower than elsewhere a longer step is refused again and again, and its tails are few.
    """

    chains: int = 4
    draws: int = 1100
    seed: int = 1
    chunk: int = 10
    accept: float = 0.85

    def short(self) -> Settings:
        """The same with so few draws that the answer is approximate."""
        return replace(self, draws=min(self.draws, QUICK_DRAWS))
