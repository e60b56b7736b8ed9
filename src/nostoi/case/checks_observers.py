"""Holding the observers against the world, and the rows of one observer against each other."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from nostoi.case.checks_world import unknown_place
from nostoi.case.complaints import Complaints, near
from nostoi.case.ledger import CampSpec, CrossingSpec, Observation, TripsSpec, place_of
from nostoi.case.parse import Parts, Row
from nostoi.case.quantities import shown

_FILE = "evidence/observers.yaml"
_ROWS = "evidence/observations.csv"


def check_observers(parts: Parts, out: Complaints) -> None:
    """All complaints about observers and about their series."""
    places = parts.names("places", "place")
    for name, observer in parts.observers.items():
        row, column = parts.reading.document("observers").locate((name, "place"))
        at, place = (_FILE, row or 1, column), place_of(observer)
        if place is not None and not unknown_place(place, places, at, out):
            if parts.spec is not None and place == parts.spec.origin:
                out.add(418, f"the observer {name!r} counts at the origin", *at)
        if isinstance(observer, TripsSpec):
            _twin(parts, name, observer, out)
    _unused(parts, out)
    _series(parts, out)


def check_town_of(parts: Parts, out: Complaints) -> None:
    """The town of an observer of a camp is one of sites.csv."""
    sites = parts.names("sites", "town") or set()
    for name, observer in parts.observers.items():
        town = observer.town if isinstance(observer, CampSpec) else None
        if town is not None and town not in sites:
            row, column = parts.reading.document("observers").locate((name, "town"))
            out.add(160, f"unknown site {shown(town)}{near(town, sites)}", _FILE, row, column)


def _twin(parts: Parts, name: str, trips: TripsSpec, out: Complaints) -> None:
    """The crossing observer of a trips observer: there, of that family, of the same place."""
    row, column = parts.reading.document("observers").locate((name, "crossing"))
    twin = parts.observers.get(trips.crossing)
    if twin is None:
        said = f"unknown observer {shown(trips.crossing)}{near(trips.crossing, parts.observers)}"
        out.add(123, said, _FILE, row, column)
    elif not isinstance(twin, CrossingSpec) or twin.place != trips.place:
        said = f"{trips.crossing!r} is no crossing observer of {trips.place!r}"
        out.add(420, said, _FILE, row, column)


def _unused(parts: Parts, out: Complaints) -> None:
    """Warn about observers that no row names."""
    named = parts.names("observations", "observer")
    twins = {o.crossing for o in parts.observers.values() if isinstance(o, TripsSpec)}
    for name in parts.observers if named is not None else ():
        if name not in (named or set()) | twins:
            row, column = parts.reading.document("observers").locate((name,))
            out.add(421, f"no row uses the observer {name!r}", _FILE, row, column)


def _series(parts: Parts, out: Complaints) -> None:
    """The used rows of one observer and measure: not all zero, no jumps, no figure twice."""
    series: dict[tuple[str, ...], list[Row[Observation]]] = defaultdict(list)
    for row in parts.observations:
        if row.it.used:
            it = row.it
            series[it.observer, it.measure, it.place, it.group, it.rule].append(row)
    for rows in series.values():
        _same_figure(rows, out)
        if isinstance(parts.observers.get(rows[0].it.observer), CampSpec):
            continue  # camps open, fill within days and stand empty
        _all_zero(rows, out)
        if rows[0].it.count_type in ("stock", "register"):
            _jumps(rows, out)


def _all_zero(rows: list[Row[Observation]], out: Complaints) -> None:
    """Complain once about a series of two or more rows that are all zero."""
    if len(rows) > 1 and all(row.it.value == 0 for row in rows):
        said = f"all {len(rows)} rows of {rows[0].it.observer!r} are zero"
        out.add(412, said, _ROWS, rows[0].line, "value")


def _same_figure(rows: list[Row[Observation]], out: Complaints) -> None:
    """Complain about a figure that stands twice for the same period under two ids."""
    first: dict[tuple[object, ...], Row[Observation]] = {}
    for row in rows:
        it = row.it
        key = (it.period_start, it.period_end, it.value, it.bound, it.per)
        if key in first and first[key].it.id != it.id:
            said = f"the same figure as {first[key].it.id!r} would count twice"
            out.add(422, said, _ROWS, row.line, "repeats")
        first.setdefault(key, row)


def _jumps(rows: list[Row[Observation]], out: Complaints) -> None:
    """Warn where a stock or register changes by more than nine tenths from row to row."""
    points = [row for row in rows if row.it.bound in ("point", "about") and _level(row.it) >= 0]
    for a, b in pairwise(sorted(points, key=lambda row: row.it.period_end)):
        low, high = sorted((_level(a.it), _level(b.it)))
        if b.it.measure != "change" and high > 0 and (high - low) / high > 0.9:
            said = f"{b.it.value:g} after {a.it.value:g} in {a.it.id!r}: a jump of over 90 %"
            out.add(414, said, _ROWS, b.line, "value")


def _level(it: Observation) -> float:
    """The value, or papers issued per day, so that periods of other lengths can be compared."""
    if it.measure != "issued" or it.per:
        return it.value
    return it.value / max((it.period_end - it.period_start).days + 1, 1)
