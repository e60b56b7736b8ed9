"""The parameters of movement over a network as named numbers."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib import resources
from typing import NamedTuple

from nostoi.rules.params import Param, from_row


class HopParams(NamedTuple):
    """One number for each row of `params.csv`, where units and sources stand."""

    hop_speed: float
    conflict_chance: float
    town_chance: float
    camp_chance: float
    idp_camp_chance: float
    foreign_weight: float
    camp_weight: float
    conflict_weight: float
    softening: float
    distance_power: float
    weight_softening: float
    weight_power: float
    capacity_buffer: float
    capacity_scale: float
    turn_back: float
    no_short_stints: float
    look_ahead: float
    decay_1: float
    decay_2: float
    decay_3: float
    decay_4: float
    decay_5: float
    decay_days: float
    start_in_camps: float
    arrivals_from_camps: float
    home_rate: float
    onward_rate: float


def hop_cards() -> tuple[Param, ...]:
    """Every parameter with its prior, unit and source."""
    return tuple(from_row(row) for row in _rows())


def learned_numbers() -> dict[str, float]:
    """Parameters as seven conflicts taught them (`verification/flee_learn.py`), by name."""
    return {row["name"]: float(row["learned"]) for row in _rows() if row["learned"]}


def _rows() -> list[dict[str, str]]:
    text = resources.files("nostoi.rules.hop").joinpath("params.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def hop_params(own: Mapping[str, float] | None = None) -> HopParams:
    """The shipped numbers with those of a case, a scenario or a draw in their place.

    Raises:
        KeyError: if `own` names no parameter.
    """
    values = {card.name: card.value[0] for card in hop_cards()}
    for name, value in (own or {}).items():
        if name not in values:
            raise KeyError(name)
        values[name] = float(value)
    return HopParams(**values)


def fade(since: int, p: HopParams) -> float:
    """Draw left of a conflict that broke out `since` days ago; falls in steps."""
    steps = (p.decay_1, p.decay_2, p.decay_3, p.decay_4, p.decay_5)
    return steps[min(int(since // p.decay_days), 4)]
