"""From a resolved case to the network that journeys read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from nostoi.case.case import Case
from nostoi.case.sites import Closure
from nostoi.case.ways import Leg
from nostoi.world.network import Network, make_network

DAY = dt.timedelta(days=1)
Spell = tuple[dt.date | None, dt.date | None]
"""First and last day; None = without one."""


def network_of(case: Case) -> Network | None:
    """Towns, legs and gates of a case; None if it has only the whole trips of routes.csv.

    A closure (closures.csv) cuts the days on which a leg is open: the spells that remain are legs
    of their own which share a queue, like rows of different dates. Nobody sets out on a closed leg;
    who is on it arrives.
    """
    if not case.towns:
        return None
    places = tuple(place.place for place in case.places)
    return make_network(case.spec.start, places, case.towns, open_legs(case))


def open_legs(case: Case) -> list[Leg]:
    """The one-way legs of a case, each in the spells in which no closure shuts it."""
    place = {town.town: town.place for town in case.towns}
    found = []
    for leg in case.legs:
        shut = [row for row in case.closures if shuts(row, leg, place)]
        for first, last in spells_left((leg.open_from, leg.open_to), shut):
            found.append(leg.model_copy(update={"open_from": first, "open_to": last}))
    return found


def shuts(closure: Closure, leg: Leg, place: Mapping[str, str]) -> bool:
    """Whether a closure shuts a leg, in either direction; `place` of each town."""
    if closure.what == "location":
        return closure.first in (leg.start, leg.end)
    ends = {closure.first, closure.second}
    if closure.what == "link":
        return {leg.start, leg.end} == ends
    return closure.what == "country" and {place[leg.start], place[leg.end]} == ends


def spells_left(spell: Spell, closures: Iterable[Closure]) -> list[Spell]:
    """What closures leave of a spell, in the order of time."""
    left = [spell]
    for row in closures:
        before = [(first, _least(last, row.start - DAY)) for first, last in left]
        after = [] if row.end is None else [(_most(f, row.end + DAY), last) for f, last in left]
        left = [one for one in before + after if _is_spell(*one)]
    return sorted(left, key=lambda one: one[0] or dt.date.min)


def _is_spell(first: dt.date | None, last: dt.date | None) -> bool:
    return first is None or last is None or first <= last


def _least(day: dt.date | None, other: dt.date) -> dt.date:
    return other if day is None else min(day, other)


def _most(day: dt.date | None, other: dt.date) -> dt.date:
    return other if day is None else max(day, other)
