"""Flee's closures.csv, and what closures seal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nostoi.case.complaints import near
from nostoi.case.flee.cells import Cells, Source
from nostoi.case.flee.folder import CLOSURES, Closure, FleeFolder, Location
from nostoi.case.flee.locations import known_name
from nostoi.case.quantities import shown

FILE = "input_csv/closures.csv"


@dataclass(frozen=True)
class Closings:
    """The rows of closures.csv that can be read, and their lines."""

    rows: tuple[Closure, ...] = ()
    lines: tuple[int, ...] = ()


def read_closures(source: Source, places: Sequence[Location]) -> Closings:
    """Every closure; whether it acts within the period is seen later."""
    table = source.table(FILE)
    if table is None:
        return Closings()
    found: list[tuple[Closure, int]] = []
    for line, cells in table:
        row = Cells(FILE, line, cells, source.out)
        closure = _closure(row, places) if row.long_enough(5) else None
        if closure is not None:
            found.append((closure, line))
    return Closings(tuple(c for c, _ in found), tuple(line for _, line in found))


def _closure(row: Cells, places: Sequence[Location]) -> Closure | None:
    """One row, or None with complaints."""
    kind = row.get(0)
    if kind not in CLOSURES:
        row.add(183, f"unknown kind of closure {shown(kind)}{near(kind, CLOSURES)}", "closure_type")
        return None
    known = _names(row, kind, places)
    first, reopens = row.whole(3, "closure_start"), row.whole(4, "closure_end")
    if first is None or reopens is None or not known:
        return None
    idle = kind == "remove_forced_redirection"
    if not idle and (first < 0 or reopens < -1 or -1 < reopens <= first):
        said = f"closed from day {first} to day {reopens}: this ends before it begins"
        row.add(118, said, "closure_end", "give the day of reopening, or -1 for never")
        return None
    if idle:
        row.add(194, "this row moves nobody in Flee since version 3; it is carried along")
    return Closure(kind, row.get(1), row.get(2), first, reopens)


def _names(row: Cells, kind: str, places: Sequence[Location]) -> bool:
    """Whether the names of a closure are known; says which are ignored."""
    if kind == "country":
        countries = {place.country for place in places}
        known = True
        for k in (1, 2):
            if countries and row.get(k) not in countries:
                said = f"unknown country {shown(row.get(k))}{near(row.get(k), countries)}"
                row.add(120, said, f"name{k}")
                known = False
        return known
    names = {place.name for place in places}
    two = kind in ("link", "remove_forced_redirection")
    ends = [known_name(row, k, f"name{k}", names) for k in ((1, 2) if two else (1,))]
    if not two and row.get(2):
        said = f"Flee does not read {shown(row.get(2))}: all roads of {shown(row.get(1))} close"
        row.add(195, said, "name2")
    if kind == "link" and all(ends):
        row.add(195, "closures of a link do nothing in Flee; here they close it", "closure_type")
    return all(ends)


def closed_on(folder: FleeFolder, day: int, rows: Iterable[Closure] | None = None) -> set[int]:
    """Numbers of the links that are closed on a day."""
    country = {place.name: place.country for place in folder.locations}
    active = [
        c
        for c in (folder.closures if rows is None else rows)
        if c.first <= day < c.last(folder.length)
    ]
    return {
        k
        for k, link in enumerate(folder.links)
        if any(_shuts(c, (link.first, link.second), country) for c in active)
    }


def _shuts(closure: Closure, ends: tuple[str, str], country: dict[str, str]) -> bool:
    """Whether a closure shuts the road between two places."""
    names = {closure.name1, closure.name2}
    if closure.kind == "country":
        return {country[end] for end in ends} == names
    if closure.kind == "link":
        return set(ends) == names
    return closure.kind == "location" and closure.name1 in ends


def look_at_seals(folder: FleeFolder, closings: Closings, source: Source) -> None:
    """Complain about closures that shut people in, warn where no camp can be reached."""
    changes = {
        0,
        *(c.first for c in closings.rows),
        *(c.last(folder.length) for c in closings.rows),
    }
    onsets = {first for runs in folder.conflicts.values() for first, _, _ in runs}
    days = sorted(day for day in changes | onsets if 0 <= day < folder.length)
    sealed: dict[tuple[int, str], int] = {}
    cut_off: int | None = None
    for day in days:
        shut = closed_on(folder, day)
        zones = [name for name in folder.conflicts if folder.intensity(name, day) > 0]
        for name in zones:
            for k, closure in enumerate(closings.rows):
                if _seals(folder, shut, name, closure, day):
                    sealed.setdefault((k, name), day)
        if cut_off is None and zones and not _a_camp_in_reach(folder, shut, zones):
            cut_off = day
    for (k, name), day in sealed.items():
        closure = closings.rows[k]
        days_shut = closure.last(folder.length) - max(closure.first, day)
        said = (
            f"this closure seals {name!r}, where a conflict drives people out, for {days_shut} days"
        )
        source.out.add(184, said, FILE, closings.lines[k], "name1")
    if cut_off is not None and not sealed:
        source.out.add(199, f"on day {cut_off} no road leads from a conflict to a camp", FILE, 1)


def _seals(folder: FleeFolder, shut: set[int], name: str, closure: Closure, day: int) -> bool:
    """Whether a zone has roads, all are shut, and this closure has a part in it."""
    if not closure.first <= day < closure.last(folder.length):
        return False
    mine = {k for k, link in enumerate(folder.links) if name in (link.first, link.second)}
    return bool(mine) and mine <= shut and bool(mine & closed_on(folder, day, [closure]))


def _a_camp_in_reach(folder: FleeFolder, shut: set[int], zones: list[str]) -> bool:
    """Whether open roads lead from any of the zones to any camp."""
    camps = {place.name for place in folder.camps}
    seen, last = set(zones), set[str]()
    while seen != last:
        last = set(seen)
        for k, link in enumerate(folder.links):
            if k not in shut and (link.first in seen or link.second in seen):
                seen |= {link.first, link.second}
    return bool(seen & camps)
