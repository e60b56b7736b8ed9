"""How to sample."""

from __future__ import annotations

from dataclasses import dataclass, replace

QUICK_DRAWS = 150
"""Draws of each chain of a quick fit, at most."""


@dataclass(frozen=True)
class Settings:
    """How many chains and draws, and what they aim at.

    chains, draws: numbers of those that count; go_on: whether chains that do not agree after so
    many draws make more; seed: of all streams; chunk: draws between two savings; accept: chance of
    acceptance that the step size aims at: high, for where the posterior is narrower than elsewhere
    a longer step is refused again and again, and its tails are few.
    """

    chains: int = 4
    draws: int = 900
    go_on: bool = True
    seed: int = 1
    chunk: int = 10
    accept: float = 0.85

    def short(self) -> Settings:
        """The same with so few draws that the answer is approximate."""
        return replace(self, draws=min(self.draws, QUICK_DRAWS), go_on=False)

    def exactly(self, draws: int | None) -> Settings:
        """The same with so many draws a chain and no more; None leaves it as it is."""
        return self if draws is None else replace(self, draws=draws, go_on=False)

    def lengths(self) -> tuple[int, ...]:
        """Draws of each chain after which it is asked whether the chains agree."""
        if not self.go_on:
            return (self.draws,)
        return tuple(range(self.draws, 2 * self.draws + 1, max(1, self.draws // 3)))
