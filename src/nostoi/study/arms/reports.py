"""Counts of camps with the day on which each came out, so that nobody reads ahead.

A camp's series is a list of dated counts. Now and then a camp is registered anew; the count then
falls to what was found, and the earlier counts are known to have been too high. Three readings
of the same rows follow:

- `as_of(day)`: what a reader knew on that day: rows published by then, the earlier ones scaled by
  the new registrations published by then.
- `of_the_day()`: the figure that was in force on each day, in the registration of that day: a
  straight line between two reports, flat up to a new registration. This is what a forecast made
  in real time is held against.
- `in_hindsight()`: all counts scaled by all new registrations, as Flee's validation does.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nostoi.case.case import Case
from nostoi.case.ledger import CampSpec
from nostoi.case.space import camp_counts, space_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Row:
    """A count of `persons` on `day`, out on day `out`; `anew` where it is a new registration."""

    day: int
    out: int
    persons: float
    anew: bool = False


@dataclass(frozen=True)
class Course:
    """What one reader knows of one camp: `days` rising and `persons`, both [report]."""

    days: Ints
    persons: Floats


@dataclass(frozen=True)
class Reports:
    """All counts of a case; day 0 is its start.

    Attributes:
        camps: names, in the order of `Space.camps`.
        start: day 0.
        days: number of days.
        rows: of each camp, rising by day.
    """

    camps: tuple[str, ...]
    start: dt.date
    days: int
    rows: tuple[tuple[Row, ...], ...]

    def as_of(self, day: int) -> tuple[Course, ...]:
        """What was known of each camp on a day."""
        return tuple(_course([row for row in rows if row.out <= day]) for rows in self.rows)

    def of_the_day(self) -> Floats:
        """Persons in the registration of the day [day, camp]."""
        return np.stack([_in_force(rows, self.days) for rows in self.rows], axis=1)

    def in_hindsight(self) -> Floats:
        """Persons after all new registrations, whole ones as in Flee [day, camp]."""
        at = np.arange(self.days)
        lines = []
        for rows in self.rows:
            course = _course(list(rows))
            line = np.interp(at, course.days, course.persons) if len(course.days) else 0.0 * at
            lines.append(np.floor(line + 1e-9))
        return np.stack(lines, axis=1)

    def month_ends(self, first: int = 30) -> tuple[int, ...]:
        """Days that end a calendar month, from day `first` on."""
        dates = (self.start + dt.timedelta(days=day) for day in range(self.days))
        tomorrow = dt.timedelta(days=1)
        return tuple(
            day for day, date in enumerate(dates) if day >= first and (date + tomorrow).day == 1
        )

    def recounted(self) -> Reports:
        """The same reports as if every new registration had been known from the start.

        What Flee's validation takes for granted; no forecast made in real time could have it.
        """
        rows = []
        for own in self.rows:
            persons = _course(list(own)).persons.tolist()
            rows.append(
                tuple(
                    replace(row, persons=now, anew=False)
                    for row, now in zip(own, persons, strict=True)
                )
            )
        return replace(self, rows=tuple(rows))

    def until(self, day: int) -> Reports:
        """The same reports without the rows that came out after a day."""
        return replace(
            self, rows=tuple(tuple(row for row in rows if row.out <= day) for rows in self.rows)
        )


def reports_of(case: Case) -> Reports:
    """The counts of a case with sites.

    A camp whose counts come in several files is their sum on the dates of any of them.

    Raises:
        NostoiError: N304 if the case has no sites.
    """
    space = space_of(case)
    files: dict[str, list[list[Row]]] = defaultdict(list)
    for name, spec in case.evidence.observers.items():
        if isinstance(spec, CampSpec) and spec.town is not None:
            recounts = {recount.date for recount in case.recounts if recount.town == spec.town}
            found = [
                Row(
                    (row.period_end - case.spec.start).days,
                    (max(row.published_by, row.period_end) - case.spec.start).days,
                    float(row.value),
                    row.period_end in recounts and row.period_end >= case.spec.start,
                )
                for row in case.evidence.used_by(name)
                if row.value is not None
            ]
            files[spec.town].append(sorted(found, key=lambda row: row.day))
    camps = tuple(space.names[k] for k in space.camps)
    rows = tuple(tuple(_together(files[camp])) for camp in camps)
    return Reports(camps, space.start, space.days, rows)


def total_of(case: Case) -> Floats:
    """Persons in all camps after all new registrations [day]: what "arrivals known" knows."""
    return np.asarray(camp_counts(case).persons.sum(1), float)


def _together(files: list[list[Row]]) -> list[Row]:
    """One list of rows from several files: the sum of the last counts."""
    if len(files) <= 1:
        return files[0] if files else []
    days = sorted({row.day for rows in files for row in rows})
    summed = []
    for day in days:
        last = [[row for row in rows if row.day <= day][-1:] for rows in files]
        now = [rows[0] for rows in last if rows]
        fresh = [row for row in now if row.day == day]
        out, anew = max(row.out for row in fresh), any(row.anew for row in fresh)
        summed.append(Row(day, out, sum(row.persons for row in now), anew))
    return summed


def _course(rows: list[Row]) -> Course:
    """Counts in the registration of the last of them."""
    persons = np.array([row.persons for row in rows], float)
    for k, row in enumerate(rows):
        if row.anew and k > 0 and persons[k - 1] > 0:
            persons[:k] *= persons[k] / persons[k - 1]
    return Course(np.array([row.day for row in rows], np.int64), persons)


def _in_force(rows: tuple[Row, ...], days: int) -> Floats:
    """The figure of each day [day]: a line between reports, flat up to a new registration."""
    at = np.arange(days, dtype=float)
    if not rows:
        return 0.0 * at
    line = np.interp(at, [row.day for row in rows], [row.persons for row in rows])
    for before, row in pairwise(rows):
        if row.anew and before.persons > 0:
            line[(at >= before.day) & (at < row.day)] = before.persons
    return np.asarray(line)
