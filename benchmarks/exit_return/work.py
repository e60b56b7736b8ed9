"""What all contenders of the common work "exit-return" share: its size, its start, its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

DAYS, HOSTS, GROUPS = 200, 12, 4

REFERENCE = {(49, 0): 687_417, (99, 0): 480_938, (199, 0): 494_585, (199, 1): 97_832,
             (199, 12): 12_324}  # fmt: skip
"""Mean counts of 30 runs with a million persons, by (day from 0, place)."""

SPREAD = {0: 500.0, 1: 540.0}
"""Standard deviation of one run with a million persons; other places by counting."""


@dataclass(frozen=True)
class Played:
    """A played run.

    Attributes:
        counts: persons by day and place, [day, place], home first.
        wall: seconds of the loop over days.
        cpu: seconds of all cores in that loop.
        before: seconds for the initial draw and what precedes the first day.
    """

    counts: Any
    wall: float
    cpu: float
    before: float


def start_savings(persons: int, seed: int) -> Any:
    """Months of savings on the first morning: exponential with mean 10, float32 [person]."""
    rng = np.random.Generator(np.random.Philox(key=seed))
    return rng.exponential(10.0, persons).astype(np.float32)


def deviations(counts: Any, persons: int, runs: int = 1) -> dict[tuple[int, int], float]:
    """How far counts (a mean of so many runs) lie from the reference, in standard deviations.

    The reference is itself a mean of 30 runs; its own error is counted in.
    """
    share = persons / 1e6
    found = {}
    for (day, place), wanted in REFERENCE.items():
        one = SPREAD.get(place, np.sqrt(wanted))
        error = one * np.sqrt(share / runs + share * share / 30)
        found[day, place] = float((counts[day, place] - wanted * share) / error)
    return found


def agrees(counts: Any, persons: int, runs: int = 1) -> bool:
    """Whether every count lies within four standard deviations."""
    return max(abs(d) for d in deviations(counts, persons, runs).values()) <= 4.0
