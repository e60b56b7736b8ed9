"""Holding every row of the ledger against its type, its publisher, its observer and the world."""

from __future__ import annotations

from collections.abc import Collection

from nostoi.case.checks_world import ends_early, twice
from nostoi.case.complaints import Complaints, near
from nostoi.case.known import is_place_code
from nostoi.case.ledger import (
    FAMILY_TAKES,
    MEASURES,
    CampSpec,
    ClaimSpec,
    Observation,
    allowed_units,
    place_of,
)
from nostoi.case.parse import Parts, Row
from nostoi.case.quantities import shown

_FILE = "evidence/observations.csv"
_HAS_RATE = {"crossing", "flow", "context", "issued", "search"}
_OF_A_HOST = ("crossing", "flow", "stock", "register")


def check_evidence(parts: Parts, out: Complaints) -> None:
    """All complaints about observations.csv and sources.csv."""
    twice(((row.it.id, row.line) for row in parts.observations), _FILE, "this id", out)
    publishers = ((row.it.publisher, row.line) for row in parts.sources)
    twice(publishers, "evidence/sources.csv", "this publisher", out)
    for row in parts.observations:
        _names(row, parts, out)
        _type(row, parts, out)
        _numbers(row, out)
        _dates(row, parts, out)
        _use(row, parts, out)
    _repeats(parts, out)


def _names(row: Row[Observation], parts: Parts, out: Complaints) -> None:
    """Places, groups, publishers and observers are known."""
    it = row.it
    places = parts.names("places", "place")
    if places is not None and not is_place_code(it.place, places):
        said = f"unknown place {shown(it.place)}{near(it.place, places)}"
        out.add(120, said, _FILE, row.line, "place")
    groups = parts.keys("people", "groups")
    if groups is not None:
        groups = groups | {"", "exposed"}
    if _unknown(it.group, groups):
        said = f"unknown group {shown(it.group)}{near(it.group, groups or ())}"
        out.add(121, said, _FILE, row.line, "group")
    publishers = parts.names("sources", "publisher")
    if _unknown(it.publisher, publishers):
        said = f"unknown publisher {shown(it.publisher)}{near(it.publisher, publishers or ())}"
        out.add(122, said, _FILE, row.line, "publisher")
    observers = parts.keys("observers")
    if it.used and _unknown(it.observer, observers):
        said = f"unknown observer {shown(it.observer)}{near(it.observer, observers or ())}"
        out.add(123, said, _FILE, row.line, "observer")


def _unknown(word: str, known: Collection[str] | None) -> bool:
    """Whether a word is surely unknown (not if the file that defines it could not be read)."""
    return known is not None and word not in known


def _type(row: Row[Observation], parts: Parts, out: Complaints) -> None:
    """Measure, unit and observer fit the type of count."""
    it = row.it
    measures = MEASURES[it.count_type]
    if it.measure not in measures:
        said = f"{shown(it.measure)} is no measure of {it.count_type} ({', '.join(measures)})"
        out.add(401, said, _FILE, row.line, "measure")
        return
    units = allowed_units(it.count_type, it.measure)
    if units and it.unit not in units:
        said = f"{shown(it.unit)} is no unit of {it.count_type} ({', '.join(units)})"
        out.add(402, said, _FILE, row.line, "unit")
    if it.per and not ({it.count_type, it.measure} & _HAS_RATE):
        said = f"a {it.count_type} is counted at a date, so it has no rate per {it.per}"
        out.add(402, said, _FILE, row.line, "per")
    observer = parts.observers.get(it.observer)
    if isinstance(observer, ClaimSpec) and it.count_type == "claim":
        if observer.quantity != it.measure:
            said = f"a claim of {it.measure} cannot go to {it.observer!r} for {observer.quantity}"
            out.add(403, said, _FILE, row.line, "observer")
    elif observer is not None and FAMILY_TAKES[observer.family] != it.count_type:
        said = f"a {it.count_type} cannot go to {it.observer!r} of family {observer.family}"
        out.add(403, said, _FILE, row.line, "observer")


def _numbers(row: Row[Observation], out: Complaints) -> None:
    """Signs, percentages and ranges."""
    it = row.it
    values = [v for v in (it.value, it.low, it.high) if v is not None]
    if it.unit == "percent" and "percent" in allowed_units(it.count_type, it.measure):
        if not all(0 <= value <= 100 for value in values):
            out.add(116, "a percentage is outside 0..100", _FILE, row.line, "value")
    elif it.measure not in ("net", "change") and it.count_type != "context" and min(values) < 0:
        out.add(411, "a count is negative", _FILE, row.line, "value")
    low = it.value if it.low is None else it.low
    high = it.value if it.high is None else it.high
    if not low <= high or not low <= it.value <= high:
        out.add(407, "low, value and high are not in this order", _FILE, row.line, "low")


def _dates(row: Row[Observation], parts: Parts, out: Complaints) -> None:
    """Periods in order, inside the case if used, and published afterwards."""
    it, spec = row.it, parts.spec
    ends_early(it.period_start, it.period_end, (_FILE, row.line, "period_end"), out)
    camp = isinstance(parts.observers.get(it.observer), CampSpec)
    if it.used and spec is not None and not camp:  # days between two counts read both
        if it.period_start < spec.start or it.period_end > spec.end:
            said = f"a used figure for {it.period_start} to {it.period_end} is outside the case"
            out.add(416, said, _FILE, row.line, "period_start")
    if it.published_by < it.period_end:
        said = f"published {it.published}, before the period ends ({it.period_end})"
        out.add(413, said, _FILE, row.line, "published")


def _use(row: Row[Observation], parts: Parts, out: Complaints) -> None:
    """A row is either used at the place where its observer counts, or says why it is not."""
    it = row.it
    if not it.used and not it.reason:
        out.add(404, "the row is not used and gives no reason", _FILE, row.line, "reason")
    if not it.used:
        return
    if it.reason:
        out.add(405, "the row is used and still gives a reason not to", _FILE, row.line, "reason")
    observer, places = parts.observers.get(it.observer), parts.names("places", "place") or set()
    origin = parts.spec.origin if parts.spec else ""
    camp = isinstance(parts.observers.get(it.observer), CampSpec)
    if it.place == origin and it.count_type in _OF_A_HOST and not camp:
        out.add(415, "origin and host are the same place", _FILE, row.line, "place")
    elif observer is not None and it.place in places:
        there = place_of(observer)
        if there in places and there != it.place:
            said = f"a figure of {it.place!r} goes to an observer of {there!r}"
            out.add(419, said, _FILE, row.line, "observer")


def _repeats(parts: Parts, out: Complaints) -> None:
    """A repeated figure names an original and is not used itself."""
    ids = parts.names("observations", "id") or set()
    repeats = {row.it.id: row.it.repeats for row in parts.observations}
    for row in parts.observations:
        it = row.it
        if not it.repeats:
            continue
        if it.repeats not in ids:
            said = f"unknown row {shown(it.repeats)}{near(it.repeats, ids)}"
            out.add(408, said, _FILE, row.line, "repeats")
        elif it.repeats == it.id or repeats.get(it.repeats):
            out.add(409, f"{it.repeats!r} is itself a repeat", _FILE, row.line, "repeats")
        elif it.used:
            out.add(410, "a repeated figure is used a second time", _FILE, row.line, "observer")
