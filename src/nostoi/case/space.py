"""From a resolved case with sites to the network and the counts that its camps had.

    space = space_of(case)          # sites, roads, conflicts, closures as arrays by day
    counts = camp_counts(case)      # persons in each camp on each day, from the ledger

Both have the same sites in the same order, and day 0 is the start of the case.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from nostoi.base.calendar import Floats
from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.case.ledger import CampSpec
from nostoi.case.sites import Closure
from nostoi.world.space import NO_LIMIT, SITE_KINDS, CampCounts, Space
from nostoi.world.towns import Bools, Ints

Points = list[tuple[dt.date, float]]


def space_of(case: Case) -> Space:
    """The network of a case.

    Raises:
        NostoiError: N304 if the case has no sites.
    """
    if not case.sites:
        do = "add sites.csv and conflicts.csv, or import a case that has them"
        raise NostoiError(Finding(304, "the case has no sites", file="sites.csv", do=do))
    sites = sorted(case.sites, key=lambda site: site.town)
    towns = {town.town: town for town in case.towns}
    names = tuple(site.town for site in sites)
    places = tuple(towns[name].place for name in names)
    number = {name: k for k, name in enumerate(names)}
    roads = sorted(
        {
            (*sorted((number[leg.start], number[leg.end])), leg.km)
            for leg in case.legs
            if leg.km is not None and leg.start in number and leg.end in number
        }
    )
    days = (case.spec.end - case.spec.start).days + 1
    intensity, since = _conflicts(case, number, days)
    first = np.array([road[0] for road in roads], np.int64)
    second = np.array([road[1] for road in roads], np.int64)
    closed, no_camp = _closed(case, number, places, (first, second), days)
    return Space(
        names=names,
        labels=tuple(towns[name].name for name in names),
        places=places,
        start=case.spec.start,
        kind=np.array([SITE_KINDS.index(site.kind) for site in sites], np.int64),
        foreign=np.array([place != case.spec.origin for place in places]),
        population=np.array([site.population for site in sites]),
        capacity=np.array([NO_LIMIT if s.capacity is None else s.capacity for s in sites]),
        first=first,
        second=second,
        km=np.array([road[2] for road in roads]),
        intensity=intensity,
        since=since,
        closed=closed,
        no_camp=no_camp,
    )


def _conflicts(case: Case, number: Mapping[str, int], days: int) -> tuple[Floats, Ints]:
    """Intensity, and days since the outbreak; each [day, site]."""
    intensity = np.zeros((days, len(number)))
    for spell in case.conflicts:
        first = (spell.start - case.spec.start).days
        last = (spell.end - case.spec.start).days
        intensity[max(first, 0) : last + 1, number[spell.town]] = spell.intensity
    since = np.full(intensity.shape, -1, np.int64)
    before = np.full(len(number), -1, np.int64)
    for day in range(days):
        before = np.where(intensity[day] > 0, before + 1, -1)
        since[day] = before
    return intensity, since


def _closed(
    case: Case,
    number: Mapping[str, int],
    places: tuple[str, ...],
    ends: tuple[Ints, Ints],
    days: int,
) -> tuple[Bools, Bools]:
    """Closed roads [day, road] and camps that do not exist yet [day, site]."""
    closed = np.zeros((days, len(ends[0])), np.bool_)
    no_camp = np.zeros((days, len(number)), np.bool_)
    country = np.array(places)
    for row in case.closures:
        first = max((row.start - case.spec.start).days, 0)
        end = days if row.end is None else (row.end - case.spec.start).days + 1
        if row.what in ("camp", "idp_camp"):
            no_camp[first:end, number[row.first]] = True
        elif row.what != "redirection":
            closed[first:end, _shut(row, number, country, ends)] = True
    return closed, no_camp


def _shut(
    row: Closure, number: Mapping[str, int], country: NDArray[np.str_], ends: tuple[Ints, Ints]
) -> Bools:
    """Which roads a closure shuts; [road]."""
    a, b = ends
    if row.what == "location":
        return np.asarray((a == number[row.first]) | (b == number[row.first]))
    if row.what == "link":
        x, y = number[row.first], number[row.second]
        return np.asarray(((a == x) & (b == y)) | ((a == y) & (b == x)))
    there = (country[a] == row.first) & (country[b] == row.second)
    return np.asarray(there | ((country[a] == row.second) & (country[b] == row.first)))


def camp_counts(case: Case) -> CampCounts:
    """Persons in each camp on each day by the rows of observers of family `camp`.

    A new registration multiplies all earlier counts of its series, so that the last of them meets
    it. Between dates the course is a straight line cut to whole persons, outside them flat.
    """
    space = space_of(case)
    days = [case.spec.start + dt.timedelta(days=day) for day in range(space.days)]
    sums: dict[str | None, NDArray[np.int64]] = defaultdict(lambda: np.zeros(space.days, np.int64))
    published: dict[str, Points] = defaultdict(list)
    for name, spec in case.evidence.observers.items():
        if not isinstance(spec, CampSpec):
            continue
        points = sorted((row.period_end, row.value) for row in case.evidence.used_by(name))
        if points:
            published[spec.town or "total"] += points
            recounts = [r.date for r in case.recounts if r.town == spec.town]
            sums[spec.town] += whole_course(recounted(points, recounts, case.spec.start), days)
    persons = np.stack([sums[space.names[k]] for k in space.camps], axis=1)
    total = sums[None] if None in sums else persons.sum(axis=1)
    kept = {name: tuple(points) for name, points in published.items()}
    return CampCounts(space.camps, persons, total, kept)


def recounted(points: Points, recounts: Iterable[dt.date], start: dt.date) -> Points:
    """Counts after new registrations, taken one after the other; those before `start` are left."""
    for date in recounts:
        k = next((k for k, point in enumerate(points) if point[0] == date), 0)
        if k > 0 and date >= start and points[k - 1][1] > 0:
            ratio = points[k][1] / points[k - 1][1]
            points = [(day, value * ratio if j < k else value)
                      for j, (day, value) in enumerate(points)]  # fmt: skip
    return points


def whole_course(points: Points, days: list[dt.date]) -> NDArray[np.int64]:
    """Whole persons on each day, on straight lines between dates; [day]."""
    at = [day.toordinal() for day in days]
    dates = [day.toordinal() for day, _ in points]
    # A hair is added because a line that meets a whole number may be computed just below it.
    line = np.interp(at, dates, [value for _, value in points])
    return np.asarray(np.floor(line + 1e-9), np.int64)
