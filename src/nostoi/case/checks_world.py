"""Holding the world's files against each other: dates, places, routes, regimes, money, signals."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable

from nostoi.case.complaints import Complaints, near
from nostoi.case.known import is_place_code, known_params, known_rules
from nostoi.case.parse import Parts, Row
from nostoi.case.quantities import shown
from nostoi.case.resolve import one_way
from nostoi.case.schema import FORMAT, CallUp, CaseFile, DailyWindow, Regime

_DAY = dt.timedelta(days=1)


def check_world(parts: Parts, out: Complaints) -> None:
    """All complaints about the world of a case."""
    if parts.spec is not None:
        _spec(parts, parts.spec, out)
        _origin(parts, parts.spec, out)
        _signals(parts, parts.spec, out)
    _places(parts, out)
    _routes(parts, out)
    _reach(parts, out)
    _regimes(parts, out)
    _words(parts, out)


def unknown_place(
    code: str, places: Collection[str] | None, at: tuple[str, int, str], out: Complaints
) -> bool:
    """Whether a place is not in places.csv, with a complaint; unsure = no."""
    if places is None or code in places:
        return False
    out.add(120, f"unknown place {shown(code)}{near(code, places)}", *at)
    return True


def twice(keyed: Iterable[tuple[Hashable, int]], file: str, said: str, out: Complaints) -> None:
    """Complain about every key after its first time."""
    first: dict[Hashable, int] = {}
    for key, line in keyed:
        if key in first:
            out.add(126, f"{said} stands twice (first in line {first[key]})", file, line)
        first.setdefault(key, line)


def ends_early(
    start: dt.date | None, end: dt.date | None, at: tuple[str, int, str], out: Complaints
) -> None:
    """Complain if a period ends before it begins."""
    if start is not None and end is not None and end < start:
        out.add(118, f"the period ends ({end}) before it begins ({start})", *at)


def _spec(parts: Parts, spec: CaseFile, out: Complaints) -> None:
    """The dates and names of case.yaml."""
    file, locate = "case.yaml", parts.reading.document("case").locate
    line = {key: locate((key,))[0] or 1 for key in ("nostoi", "name", "start", "end", "event")}
    if spec.nostoi != FORMAT:
        said = f"this case is written in format {spec.nostoi}; this Nostoi reads format {FORMAT}"
        out.add(127, said, file, line["nostoi"], "nostoi")
    if parts.reading.folder_name not in ("", spec.name):
        said = f"the case is called {spec.name!r}, its folder otherwise"
        out.add(154, said, file, line["name"], "name")
    if spec.end <= spec.start:
        out.add(118, "the case ends before it begins", file, line["end"], "end")
    elif not spec.start <= spec.event <= spec.end:
        out.add(119, f"{spec.event} is outside the case", file, line["event"], "event")
    periods: dict[tuple[int | str, ...], DailyWindow | CallUp] = {}
    periods |= {("clock", "daily", k): it for k, it in enumerate(spec.clock.daily)}
    periods |= {("call_ups", k): it for k, it in enumerate(spec.call_ups)}
    for path, period in periods.items():
        at = (file, locate(path)[0] or 1, ".".join(str(part) for part in path))
        ends_early(period.start, period.end, at, out)
        if period.start < spec.start or period.end > spec.end:
            out.add(119, "the period is outside the case", *at)


def _origin(parts: Parts, spec: CaseFile, out: Complaints) -> None:
    """One origin, the same in case.yaml and places.csv, and no regime on it."""
    places = parts.names("places", "place")
    row = parts.reading.document("case").locate(("origin",))[0] or 1
    if unknown_place(spec.origin, places, ("case.yaml", row, "origin"), out):
        return
    for place in parts.places:
        is_origin = place.it.place == spec.origin
        if is_origin != (place.it.kind == "origin"):
            said = f"{place.it.place!r} is of kind {place.it.kind!r}, the origin is {spec.origin!r}"
            out.add(130, said, "places.csv", place.line, "kind")
    for regime in parts.regimes:
        if regime.it.place == spec.origin:
            out.add(133, "a regime stands on the origin", "regimes.csv", regime.line, "place")


def _places(parts: Parts, out: Complaints) -> None:
    """No place twice; hosts say how people fare there."""
    twice(((row.it.place, row.line) for row in parts.places), "places.csv", "this place", out)
    for row in parts.places:
        for column in ("language", "recognition", "freedom"):
            if row.it.kind == "host" and column not in row.it.model_fields_set:
                said = f"the cell {column!r} of a host is empty"
                out.add(106, said, "places.csv", row.line, column)
    if "places" not in parts.reading.broken and not any(
        row.get("kind") == "host" for row in parts.reading.short.get("places", [])
    ):
        out.add(157, "the table has no host", "places.csv", 1)


def _routes(parts: Parts, out: Complaints) -> None:
    """Routes lead from one known place to another, in an order of dates, once."""
    file, places = "routes.csv", parts.names("places", "place")
    for row in parts.routes:
        unknown_place(row.it.origin, places, (file, row.line, "from"), out)
        unknown_place(row.it.to, places, (file, row.line, "to"), out)
        ends_early(row.it.open_from, row.it.open_to, (file, row.line, "open_to"), out)
        if row.it.origin == row.it.to:
            out.add(131, "the route leads from a place to itself", file, row.line, "to")
        if row.it.papers_days >= row.it.days:
            said = (
                f"{row.it.papers_days:g} days of papers leave none of {row.it.days:g} for the way"
            )
            out.add(117, said, file, row.line, "papers_days")
    keyed = (
        ((r.it.origin, r.it.to, r.it.mode, r.it.open_from, r.it.open_to), r.line)
        for r in one_way([row for row in parts.routes if row.it.origin != row.it.to])
    )
    twice(keyed, file, "this route", out)


def _reach(parts: Parts, out: Complaints) -> None:
    """People can leave, and every host can be reached."""
    raw = parts.reading.short
    if {"routes", "places"} & parts.reading.broken or parts.spec is None:
        return
    if len(parts.routes) < len(raw["routes"]) or len(parts.places) < len(raw["places"]):
        return
    if parts.spec.origin not in {row.it.place for row in parts.places}:
        return
    ways = [row.it for row in one_way(parts.routes)]
    seen, last = {parts.spec.origin}, set[str]()
    while seen != last:
        last = set(seen)
        seen |= {way.to for way in ways if way.origin in seen}
    if len(seen) == 1:
        out.add(132, "no route leads out of the origin", "routes.csv", 1, "from")
        return
    for row in parts.places:
        if row.it.place not in seen:
            said = f"no route leads to {row.it.place!r}"
            out.add(136, said, "places.csv", row.line, "place")


def _regimes(parts: Parts, out: Complaints) -> None:
    """The regimes of a host follow each other without overlap or gap, from start to end."""
    file, places = "regimes.csv", parts.names("places", "place")
    by_place: dict[str, list[Row[Regime]]] = defaultdict(list)
    for row in parts.regimes:
        unknown_place(row.it.place, places, (file, row.line, "place"), out)
        ends_early(row.it.start, row.it.end, (file, row.line, "to"), out)
        by_place[row.it.place].append(row)
    complete = len(parts.regimes) == len(parts.reading.short.get("regimes", []))
    if parts.spec is None or "regimes" in parts.reading.broken or not complete:
        return
    for host in parts.places:
        if host.it.kind == "host" and host.it.place != parts.spec.origin:
            _cover(host.it.place, by_place.get(host.it.place, []), parts.spec, out)


def _cover(place: str, rows: list[Row[Regime]], spec: CaseFile, out: Complaints) -> None:
    """Complain about overlaps and gaps in the regimes of one host."""
    file, due, line = "regimes.csv", spec.start, 1
    for k, row in enumerate(sorted(rows, key=lambda row: row.it.start)):
        if row.it.end < row.it.start:
            return
        line = row.line
        if k > 0 and row.it.start < due:
            out.add(134, f"this period of {place!r} overlaps another", file, line, "from")
        elif row.it.start > due:
            said = f"{place!r} has no regime from {due} to {row.it.start - _DAY}"
            out.add(135, said, file, line, "from")
        # No day follows the last one of the calendar.
        due = max(due, row.it.end if row.it.end == dt.date.max else row.it.end + _DAY)
    if due <= spec.end:
        out.add(135, f"{place!r} has no regime from {due} to {spec.end}", file, line, "to")


def _signals(parts: Parts, spec: CaseFile, out: Complaints) -> None:
    """Signals happen within the case, at places that can be named, with reasons where needed."""
    file, places = "signals.csv", parts.names("places", "place")
    twice(((row.it.id, row.line) for row in parts.signals), file, "this id", out)
    for row in parts.signals:
        it = row.it
        ends_early(it.date, it.end_date, (file, row.line, "end_date"), out)
        if not spec.start <= it.date <= spec.end:
            out.add(119, f"{it.date} is outside the case", file, row.line, "date")
        if places is not None and not is_place_code(it.place, places):
            said = f"unknown place {shown(it.place)}{near(it.place, places)}"
            out.add(120, said, file, row.line, "place")
        if it.strength == 0 and not it.reason:
            out.add(139, "a signal of strength 0 gives no reason", file, row.line, "reason")


def _words(parts: Parts, out: Complaints) -> None:
    """Names of parameters and rules that Nostoi knows, and one that no group may take."""
    if "exposed" in (parts.keys("people", "groups") or ()):
        row, column = parts.reading.document("people").locate(("groups", "exposed"))
        said = "the name 'exposed' is taken: in the ledger it means all groups with exposure"
        out.add(109, said, "people.yaml", row, column)
    params, rules = known_params(), known_rules()
    for name in sorted(parts.keys("params") or ()):
        if params and name not in params:
            row, column = parts.reading.document("params").locate((name,))
            said = f"unknown parameter {shown(name)}{near(name, params)}"
            out.add(124, said, "params.yaml", row, column)
    choice = parts.spec.rules if parts.spec else None
    for name in (*(choice.only or ()), *choice.leave_out) if choice else ():
        if rules and name not in rules:
            row, column = parts.reading.document("case").locate(("rules",))
            out.add(125, f"unknown rule {shown(name)}{near(name, rules)}", "case.yaml", row, column)
