"""Wages, prices and exchange rates by place and date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

import numpy as np

from nostoi.base.calendar import Clock, Floats


class MoneyRow(Protocol):
    """A wage, cost of living or exchange rate of `money.csv`."""

    @property
    def place(self) -> str: ...
    @property
    def date(self) -> dt.date: ...
    @property
    def quantity(self) -> str: ...
    @property
    def value(self) -> float: ...


def series(clock: Clock, rows: Iterable[MoneyRow], place: str, quantity: str) -> Floats:
    """Figures of one place over the steps, log-linear between dates, flat outside; [step]."""
    found = sorted(
        (clock.day(r.date), r.value) for r in rows if r.place == place and r.quantity == quantity
    )
    if not found:
        raise ValueError(f"money.csv has no {quantity} for {place}")
    days, values = np.array([f[0] for f in found]), np.array([f[1] for f in found])
    curve: Floats = np.exp(np.interp(clock.mids, days, np.log(values)))
    return curve


def money_columns(
    clock: Clock, origin: str, hosts: tuple[str, ...], rows: Iterable[MoneyRow]
) -> dict[str, Floats]:
    """Columns of `at`, each [host, step].

    wage_ratio: monthly wage there over that at home, both in origin money at the day's rate.
    price_ratio: monthly cost of living there over that at home, likewise.
    cover: share of the cost of living there that the average wage there pays.
    """
    known = list(rows)
    wage_home = series(clock, known, origin, "wage")
    living_home = series(clock, known, origin, "living")
    columns: dict[str, list[Floats]] = {"wage_ratio": [], "price_ratio": [], "cover": []}
    for host in hosts:
        rate = series(clock, known, host, "exchange")
        wage, living = series(clock, known, host, "wage"), series(clock, known, host, "living")
        columns["wage_ratio"].append(wage / rate / wage_home)
        columns["price_ratio"].append(living / rate / living_home)
        columns["cover"].append(wage / living)
    return {name: np.array(values) for name, values in columns.items()}
