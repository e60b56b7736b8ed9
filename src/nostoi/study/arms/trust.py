"""What is believed before a case is seen: centres of priors, and how errors behave.

The numbers are learned on other conflicts (`verification/arms_learn.py`), never on the case at
hand: of a fixed list of candidates, drawn without looking, the mean of those that forecast other
conflicts best.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from nostoi.base.normals import uniforms

FILE = "trust.csv"


@dataclass(frozen=True)
class Trust:
    """One number for each row of trust.csv, which says what it means and in which unit."""

    distance_power: float
    size_power: float
    fade_days: float
    return_rate: float
    onset_rate: float
    base_rate: float
    appeal_sd: float
    memory_days: float
    flow_sd: float
    first_sd: float
    unit: float
    trend_share: float
    damping_days: float
    swing: float
    scatter_rate: float
    scatter_own: float
    scatter_weight: float
    scatter_memory: float
    scatter_power: float
    shared: float
    tail: float
    anew_chance: float
    anew_size: float


@cache
def table() -> tuple[dict[str, str], ...]:
    """The rows of trust.csv."""
    text = files("nostoi.study.arms").joinpath(FILE).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def shipped() -> Trust:
    """The numbers learned on all public cases, for a case that is none of them."""
    return Trust(**{row["name"]: float(row["chosen"]) for row in table()})


def candidates(count: int, seed: int = 1) -> tuple[Trust, ...]:
    """A fixed list, drawn evenly between `low` and `high` of each row (or of its logarithm)."""
    rows = {row["name"]: row for row in table()}
    drawn, _ = uniforms(seed, "trust", count, len(rows))
    names = [field.name for field in fields(Trust)]
    return tuple(
        Trust(**{name: _between(rows[name], float(u)) for name, u in zip(names, line, strict=True)})
        for line in drawn
    )


def _between(row: dict[str, str], u: float) -> float:
    """The number at share u of the way from low to high; rounded to what can be read."""
    low, high = float(row["low"]), float(row["high"])
    value = low * (high / low) ** u if row["scale"] == "log" else low + (high - low) * u
    return float(f"{value:.3g}")
