"""The plain forecasts that any model must beat.

With the total in camps known, as in Flee's own validation, a rival is a table of shares:

- `held(counts, 30)`: the shares of day 30 for ever (`share30`);
- `lagged(counts, 30)`: the shares of 30 days before (`lag30`);
- `by_capacity`: shares of the stated capacities, which in Flee's public cases are the maxima of
  the very series that they are held against.

With nothing known but what was published, a rival is a figure: `last_known`, and shares of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nostoi.study.arms.reports import Reports

Floats = NDArray[np.float64]


def shares_of(counts: ArrayLike) -> Floats:
    """Shares of camps on each day [day, camp]; NaN on a day that holds nobody."""
    persons = np.asarray(counts, float)
    total = persons.sum(1, keepdims=True)
    return np.where(total > 0, persons / np.where(total > 0, total, 1.0), np.nan)


def held(counts: ArrayLike, day: int) -> Floats:
    """Counts [day, camp] if the shares of one day were those of every day."""
    persons = np.asarray(counts, float)
    return np.asarray(persons.sum(1, keepdims=True) * shares_of(persons)[day])


def lagged(counts: ArrayLike, days: int) -> Floats:
    """Counts [day, camp] if the shares were those of `days` before; NaN on the first days."""
    persons = np.asarray(counts, float)
    shares = np.full(persons.shape, np.nan)
    shares[days:] = shares_of(persons)[:-days]
    return np.asarray(persons.sum(1, keepdims=True) * shares)


def by_capacity(counts: ArrayLike, capacity: ArrayLike) -> Floats:
    """Counts [day, camp] if the total were split by capacity [camp]."""
    size = np.asarray(capacity, float)
    return np.asarray(np.asarray(counts, float).sum(1, keepdims=True) * size / size.sum())


def last_known(reports: Reports, day: int) -> Floats:
    """The last count of each camp that was out on a day [camp]; 0 where there is none."""
    known = reports.as_of(day)
    return np.array([course.persons[-1] if len(course.days) else 0.0 for course in known])


def split(total: float, weights: ArrayLike) -> Floats:
    """A total by weights [camp]; evenly if all are 0."""
    size = np.asarray(weights, float)
    whole = size.sum()
    return total * (size / whole if whole > 0 else np.full(size.shape, 1.0 / size.size))
