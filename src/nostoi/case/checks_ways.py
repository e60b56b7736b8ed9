"""Holding towns.csv and legs.csv against each other, the places and the dates of the case."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from nostoi.case.checks_world import ends_early, twice, unknown_place
from nostoi.case.complaints import Complaints, near
from nostoi.case.parse import Parts, Row
from nostoi.case.quantities import shown
from nostoi.case.resolve import one_way_legs
from nostoi.case.schema import CaseFile
from nostoi.case.ways import Leg, Town

_TOWNS, _LEGS = "towns.csv", "legs.csv"


def check_ways(parts: Parts, out: Complaints) -> None:
    """All complaints about towns and legs; none if the case has neither."""
    raw = parts.reading.short
    if not raw.get("towns") and not raw.get("legs"):
        return
    for table, file, other in (("towns", _TOWNS, _LEGS), ("legs", _LEGS, _TOWNS)):
        if not raw.get(table) and table not in parts.reading.broken:
            out.add(164, f"{other} stands without {file}", other, 1)
            return
    _towns(parts, out)
    _legs(parts, out)
    _overlaps(parts, out)
    complete = not {"towns", "legs"} & parts.reading.broken and all(
        len(found) == len(raw.get(table, []))
        for table, found in (("towns", parts.towns), ("legs", parts.legs))
    )
    if complete and parts.towns and parts.legs and parts.spec is not None:
        _journeys(parts, parts.spec, out)


def unknown_town(
    code: str, towns: Collection[str] | None, at: tuple[str, int | None, str], out: Complaints
) -> bool:
    """Whether a town is not in towns.csv, with a complaint; unsure = no."""
    if towns is None or code in towns:
        return False
    out.add(160, f"unknown town {shown(code)}{near(code, towns)}", *at)
    return True


def _towns(parts: Parts, out: Complaints) -> None:
    """No town twice; posts have a capacity; only towns of the origin have a weight."""
    places = parts.names("places", "place")
    twice(((row.it.town, row.line) for row in parts.towns), _TOWNS, "this town", out)
    for row in parts.towns:
        unknown_place(row.it.place, places, (_TOWNS, row.line, "place"), out)
        _cells_of_kind(row, parts.spec, out)
    if parts.spec is None or len(parts.towns) < len(parts.reading.short.get("towns", [])):
        return
    origin = parts.spec.origin
    if parts.towns and not any(r.it.weight > 0 and r.it.place == origin for r in parts.towns):
        out.add(166, f"no town of {origin!r} has a weight", _TOWNS, 1, "weight")


def _cells_of_kind(row: Row[Town], spec: CaseFile | None, out: Complaints) -> None:
    """A capacity belongs to a post, a weight to a town of the origin."""
    it = row.it
    if it.kind == "post" and it.capacity is None:
        out.add(162, f"the post {it.town!r} has no capacity", _TOWNS, row.line, "capacity")
    if it.kind == "town" and it.capacity is not None:
        out.add(167, "a town has no capacity; posts do", _TOWNS, row.line, "capacity")
    at_home = spec is None or it.place == spec.origin
    if it.weight > 0 and (it.kind == "post" or not at_home):
        said = "only towns of the origin have a weight"
        out.add(167, said, _TOWNS, row.line, "weight")


def _legs(parts: Parts, out: Complaints) -> None:
    """Legs lead from one known town to another, in an order of dates, within the case."""
    towns, spec = parts.names("towns", "town"), parts.spec
    for row in parts.legs:
        it = row.it
        unknown_town(it.start, towns, (_LEGS, row.line, "from"), out)
        unknown_town(it.end, towns, (_LEGS, row.line, "to"), out)
        ends_early(it.open_from, it.open_to, (_LEGS, row.line, "open_to"), out)
        if it.start == it.end:
            out.add(161, "the leg leads from a town to itself", _LEGS, row.line, "to")
        if spec is not None and it.open_from is not None and it.open_from > spec.end:
            said = f"the leg opens ({it.open_from}) after the case ends"
            out.add(119, said, _LEGS, row.line, "open_from")
        if spec is not None and it.open_to is not None and it.open_to < spec.start:
            said = f"the leg closes ({it.open_to}) before the case starts"
            out.add(119, said, _LEGS, row.line, "open_to")
    money = parts.routes[0].it.unit if parts.routes else ""
    for row in parts.legs if money else ():
        if row.it.unit != money:
            said = f"{shown(row.it.unit)} is not {money!r}, the currency of routes.csv"
            out.add(114, said, _LEGS, row.line, "unit")


def _overlaps(parts: Parts, out: Complaints) -> None:
    """No two rows give the same way, mode and papers for the same day."""
    by_way: dict[tuple[str, str, str, str], list[tuple[dt.date, dt.date, int]]] = defaultdict(list)
    for row in parts.legs:
        first, last = row.it.open_from or dt.date.min, row.it.open_to or dt.date.max
        if row.it.start == row.it.end or last < first:
            continue
        for leg in one_way_legs([row]):
            by_way[leg.start, leg.end, leg.mode, leg.papers].append((first, last, row.line))
    said: set[int] = set()
    for periods in by_way.values():
        last, line = dt.date.min, 0
        for k, (start, end, here) in enumerate(sorted(periods)):
            if k > 0 and start <= last and here not in said:
                text = f"this leg is open on days of the leg in line {line}"
                out.add(165, text, _LEGS, here, "open_from")
                said.add(here)
            if k == 0 or end > last:
                last, line = end, here


def _journeys(parts: Parts, spec: CaseFile, out: Complaints) -> None:
    """Warn about hosts to which no open legs lead from the origin on any date of the case."""
    place = {row.it.town: row.it.place for row in parts.towns}
    legs = one_way_legs(parts.legs)
    starts = {r.it.town for r in parts.towns if r.it.weight > 0 and r.it.place == spec.origin}
    reached: set[str] = set()
    for day in _days_of_change(legs, spec):
        open_ = [leg for leg in legs if (leg.open_from or day) <= day <= (leg.open_to or day)]
        seen, last = set(starts), set[str]()
        while seen != last:
            last = set(seen)
            seen |= {leg.end for leg in open_ if leg.start in seen}
        reached |= {place[town] for town in seen if town in place}
    for host in parts.places:
        if host.it.kind == "host" and host.it.place not in reached:
            said = f"no journey leads to {host.it.place!r} on any date"
            out.add(163, said, "places.csv", host.line, "place")


def _days_of_change(legs: Sequence[Leg], spec: CaseFile) -> list[dt.date]:
    """The first day of the case and every day on which a leg opens: more is never reachable."""
    opens = {leg.open_from for leg in legs if leg.open_from is not None}
    return [spec.start, *sorted(day for day in opens if spec.start < day <= spec.end)]
