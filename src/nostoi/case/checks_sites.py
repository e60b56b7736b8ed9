"""Holding sites, conflicts, closures and recounts against towns, legs and the dates of the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import pairwise

from nostoi.case.checks_observers import check_town_of
from nostoi.case.checks_ways import unknown_town
from nostoi.case.checks_world import ends_early, twice, unknown_place
from nostoi.case.complaints import Complaints
from nostoi.case.parse import Parts, Row
from nostoi.case.sites import Closure, Site

_SITES, _CONFLICTS, _CLOSURES = "sites.csv", "conflicts.csv", "closures.csv"
_RECOUNTS = "evidence/recounts.csv"
_NEEDS_SITES = {"conflicts": _CONFLICTS, "recounts": _RECOUNTS}


def check_sites(parts: Parts, out: Complaints) -> None:
    """All complaints about the four tables of movement over a network."""
    raw = parts.reading.short
    check_town_of(parts, out)
    if not raw.get("sites"):
        for table, file in _NEEDS_SITES.items():
            if raw.get(table):
                out.add(168, f"{file} stands without sites.csv", file, 1)
        _closures_alone(parts, out)
        return
    if not raw.get("towns"):
        out.add(168, "sites.csv stands without towns.csv and legs.csv", _SITES, 1)
        return
    towns = parts.names("towns", "town")
    twice(((row.it.town, row.line) for row in parts.sites), _SITES, "this site", out)
    for row in parts.sites:
        unknown_town(row.it.town, towns, (_SITES, row.line, "town"), out)
        _numbers(row, out)
    sites = parts.names("sites", "town")
    _conflicts(parts, sites, out)
    for closure in parts.closures:
        _closure(closure, parts, sites, out)
    recounts = (((row.it.town, row.it.date), row.line) for row in parts.recounts)
    twice(recounts, _RECOUNTS, "this recount", out)
    for recount in parts.recounts:
        unknown_town(recount.it.town, sites, (_RECOUNTS, recount.line, "town"), out)
    for leg in parts.legs:
        if leg.it.km is None:
            out.add(106, "the cell 'km' is empty; sites need it", "legs.csv", leg.line, "km")


def _closures_alone(parts: Parts, out: Complaints) -> None:
    """Without sites closures shut legs of journeys; no town is a camp that could be closed."""
    if parts.reading.short.get("closures") and not parts.reading.short.get("towns"):
        out.add(168, f"{_CLOSURES} stands without towns.csv", _CLOSURES, 1)
        return
    for row in parts.closures:
        if row.it.what in ("camp", "idp_camp"):
            said = f"{_CLOSURES} closes a camp and stands without sites.csv"
            out.add(168, said, _CLOSURES, row.line, "what")
        _closure(row, parts, parts.names("towns", "town"), out)


def _numbers(row: Row[Site], out: Complaints) -> None:
    """A capacity belongs to a camp."""
    if row.it.capacity is not None and row.it.kind not in ("camp", "idp_camp"):
        out.add(167, "only camps have a capacity", _SITES, row.line, "capacity")


def _conflicts(parts: Parts, sites: Collection[str] | None, out: Complaints) -> None:
    """Spells lie within the case and do not overlap at one town; somebody can start."""
    by_town: dict[str, list[tuple[object, object, int]]] = defaultdict(list)
    for row in parts.conflicts:
        at = (_CONFLICTS, row.line, "town")
        unknown_town(row.it.town, sites, at, out)
        ends_early(row.it.start, row.it.end, (_CONFLICTS, row.line, "to"), out)
        spec = parts.spec
        if spec is not None and (row.it.start < spec.start or row.it.end > spec.end):
            out.add(119, "the spell is outside the case", _CONFLICTS, row.line, "from")
        by_town[row.it.town].append((row.it.start, row.it.end, row.line))
    for spells in by_town.values():
        ordered = sorted(spells, key=lambda spell: (str(spell[0]), spell[2]))
        for a, b in pairwise(ordered):
            if str(b[0]) <= str(a[1]):
                out.add(165, f"this spell overlaps that of line {a[2]}", _CONFLICTS, b[2], "from")
    if not parts.conflicts and "conflicts" not in parts.reading.broken:
        out.add(169, "no conflict drives anybody out", _SITES, 1)


def _closure(
    row: Row[Closure], parts: Parts, sites: Collection[str] | None, out: Complaints
) -> None:
    """The names of a closure fit its kind, and its period is one."""
    it, ends = row.it, ("first", "second")
    two = it.what in ("country", "link", "redirection")
    if two and not it.second:
        out.add(106, "the cell 'second' is empty", _CLOSURES, row.line, "second")
    for column in ends if two and it.second else ends[:1]:
        at = (_CLOSURES, row.line, column)
        if it.what == "country":
            unknown_place(getattr(it, column), parts.names("places", "place"), at, out)
        else:
            unknown_town(getattr(it, column), sites, at, out)
    if it.what != "redirection":
        ends_early(it.start, it.end, (_CLOSURES, row.line, "to"), out)
