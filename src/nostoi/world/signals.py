"""Public signals: dated events that press on people, and how the pressure decays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from nostoi.base.calendar import Clock, Floats

FARE_SURGE = 4.0
"""Fares in a fresh panic are about five times the usual ones (RU22-0114 to RU22-0118: eight to
fifteen times on single days, back to normal within three to four weeks)."""


class SignalRow(Protocol):
    """A dated event of `signals.csv`."""

    @property
    def date(self) -> dt.date: ...
    @property
    def end_date(self) -> dt.date: ...
    @property
    def kind(self) -> str: ...
    @property
    def strength(self) -> float: ...
    @property
    def half_life_days(self) -> float: ...


def pressure(clock: Clock, signal: SignalRow) -> Floats:
    """Mean pressure of one event in each step: full while it lasts, then halving; [step].

    The mean over a step is exact, so that a weekly and a daily clock agree on the total.
    """
    rate = np.log(2.0) / signal.half_life_days
    first, last = clock.day(signal.date), clock.day(signal.end_date) + 1
    edges = np.asarray(clock.edges, float)
    during = np.clip(edges, first, last) - first
    after = -np.expm1(-rate * np.clip(edges - last, 0.0, None)) / rate
    total = during + after
    mean: Floats = signal.strength * np.diff(total) / clock.lengths
    return mean


def signal_columns(
    clock: Clock, signals: Iterable[SignalRow], call_rate: Floats
) -> dict[str, Floats]:
    """Columns of `now`, each [step]: what presses on everybody at a date.

    Args:
        clock: the steps.
        signals: events of all kinds; kinds that act through regimes carry strength 0.
        call_rate: share of the exposed called up per day, [step].
    """
    rows = list(signals)

    def of(*kinds: str, sign: float = 1.0) -> Floats:
        chosen = [s for s in rows if s.kind in kinds and s.strength * sign > 0]
        return sign * sum((pressure(clock, s) for s in chosen), np.zeros(clock.n))

    mobilisation = of("mobilisation")
    return {
        "mobilisation": mobilisation,
        "war": of("war"),
        "rumour": of("rumour"),
        "sowing": np.clip(of("rumour") - of("rumour", sign=-1.0), 0.0, None),
        "enforcement": np.clip(
            of("enforcement_law", "e_summons") - of("enforcement_law", sign=-1.0), 0.0, None
        ),
        "calm": of("decree_status", sign=-1.0),
        "repression": of("repression"),
        "exit_ban": np.clip(of("exit_ban"), 0.0, 1.0),
        "e_summons": np.clip(of("e_summons"), 0.0, 1.0),
        "recruitment": of("recruitment_drive"),
        "decree": in_force(clock, rows),
        "closed": np.clip(of("closure"), 0.0, 1.0),
        "amnesty": of("amnesty"),
        "fare": 1.0 + FARE_SURGE * mobilisation,
        "call_rate": call_rate,
    }


def in_force(clock: Clock, rows: Iterable[SignalRow]) -> Floats:
    """Share of each step in which an order of mobilisation stands; [step].

    The first order stands until one of the kind `decree_end`; later orders may follow.
    """
    dated = sorted(
        (clock.day(row.date), row.kind == "mobilisation")
        for row in rows
        if row.kind in ("mobilisation", "decree_end") and row.strength > 0
    )
    ends = np.asarray(clock.edges[1:], float)
    standing, decree = False, np.zeros(clock.n)
    for day, begins in dated:
        if begins != standing:
            since = np.clip((ends - day) / clock.lengths, 0.0, 1.0)
            decree = decree + since if begins else decree - since
            standing = begins
    return decree
