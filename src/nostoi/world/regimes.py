"""Entry and stay rules of a host by date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import numpy as np

from nostoi.base.calendar import Clock, Floats

UNLIMITED = 10_000.0
"""Days of stay where no limit bites: none set, or a short trip over the border renews it."""

DOOR = 1e-3
"""Smallest share let in; a closed door is never quite closed, and its log stays finite."""


class RegimeRow(Protocol):
    """Rules of one place in one period of `regimes.csv`."""

    @property
    def place(self) -> str: ...
    @property
    def start(self) -> date: ...
    @property
    def end(self) -> date: ...
    @property
    def entry(self) -> float: ...
    @property
    def stay_days(self) -> float | None: ...
    @property
    def visa_run(self) -> bool: ...
    @property
    def permit_ease(self) -> float: ...
    @property
    def recognition(self) -> float | None: ...


def regime_columns(
    clock: Clock, hosts: tuple[str, ...], regimes: Iterable[RegimeRow]
) -> dict[str, Floats]:
    """Columns entry, stay_days and permit_ease of `at`; each [host, step].

    A step in which the rules change carries their mean, weighted by days.
    """
    shape = (len(hosts), clock.n)
    entry, stay, ease = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row in regimes:
        if row.place not in hosts:
            continue
        host = hosts.index(row.place)
        share = clock.window(row.start, row.end)
        limit = UNLIMITED if row.visa_run or row.stay_days is None else row.stay_days
        entry[host] += share * row.entry
        stay[host] += share * limit
        ease[host] += share * row.permit_ease
    return {"entry": np.maximum(entry, DOOR), "stay_days": stay, "permit_ease": ease}


def recognition_column(
    clock: Clock, hosts: tuple[str, ...], usual: Floats, regimes: Iterable[RegimeRow]
) -> Floats:
    """How readily each host takes skills as they are, [host, step].

    Args:
        clock: the steps.
        hosts: codes of the hosts.
        usual: what each host does where no regime says otherwise, [host].
        regimes: rules of entry and stay; only those with a recognition of their own count.
    """
    column = np.repeat(usual[:, None], clock.n, axis=1)
    for row in regimes:
        if row.place in hosts and row.recognition is not None:
            host = hosts.index(row.place)
            share = clock.window(row.start, row.end)
            column[host] += share * (row.recognition - usual[host])
    return column
