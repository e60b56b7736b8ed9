"""From a case with sites back to what a Flee folder can say."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from nostoi.case.case import Case
from nostoi.case.flee.folder import TOTAL, Closure, FleeFolder, Link, Location, Runs, Series
from nostoi.case.flee.to_case import SHOWN_AS
from nostoi.case.flee.words import WORDS
from nostoi.case.ledger import CampSpec
from nostoi.case.sites import Closure as Row
from nostoi.case.sites import Site
from nostoi.case.tags import read_tags

_FLEE_SAYS = {shown: kind for kind, shown in SHOWN_AS.items()}


def flee_folder(case: Case) -> FleeFolder:
    """What a case with sites says in Flee's words; the home country comes first.

    Whatever Flee has no word for (money, rules of entry, groups) is left out.
    """
    towns = {town.town: town for town in case.towns}
    sites = sorted(case.sites, key=lambda s: (towns[s.town].place != case.spec.origin, s.town))
    spells = _conflicts(case)
    return FleeFolder(
        name=case.spec.name,
        start=case.spec.start,
        length=(case.spec.end - case.spec.start).days + 1,
        locations=tuple(_location(case, site, spells) for site in sites),
        links=_links(case),
        closures=tuple(_closure(case, row) for row in case.closures),
        conflicts=spells,
        series=_series(case),
        corrections=tuple((towns[r.town].name, r.date) for r in case.recounts),
        settings=_settings(case),
    )


def _name(case: Case, town: str) -> str:
    return next(t.name for t in case.towns if t.town == town)


def _day(case: Case, date: dt.date) -> int:
    return (date - case.spec.start).days


def _location(case: Case, site: Site, spells: dict[str, Runs]) -> Location:
    """A site as a row of locations.csv."""
    town = next(t for t in case.towns if t.town == site.town)
    tags = dict(read_tags(site.tags))
    onset = tags.pop("conflict_date", None)
    if onset is None and site.kind == "conflict":
        onset = str(spells[town.name][0][0] if town.name in spells else 0)
    camp = site.kind in ("camp", "idp_camp")
    number = (site.capacity or 0) if camp else site.population
    return Location(
        town.name, site.region, town.place, town.latitude, town.longitude, site.kind,
        None if onset is None else int(onset), round(number), tuple(tags.items()),
    )  # fmt: skip


def _links(case: Case) -> tuple[Link, ...]:
    """Each pair of one-way legs once, in the direction of the row where Flee's flag needs it."""
    found: dict[frozenset[str], Link] = {}
    for leg in case.legs:
        first, second = _name(case, leg.start), _name(case, leg.end)
        tags = dict(read_tags(leg.tags))
        flag, start = int(tags.pop("forced_redirection", 0)), tags.pop("row_from", first)
        if start == second:
            first, second = second, first
        link = Link(first, second, leg.km or 0.0, flag, tuple(tags.items()))
        found.setdefault(frozenset((first, second)), link)
    return tuple(found.values())


def _closure(case: Case, row: Row) -> Closure:
    """A closure with days instead of dates."""
    tags = read_tags(row.tags)
    kind = _FLEE_SAYS.get(row.what, row.what)
    if row.what == "country":
        first, second = row.first, row.second
    else:
        first = _name(case, row.first)
        second = _name(case, row.second) if row.second else tags.get("name2", "")
    start = int(tags.get("first", _day(case, row.start)))
    reopens = -1 if row.end is None else _day(case, row.end) + 1
    return Closure(kind, first, second, start, int(tags.get("reopens", reopens)))


def _conflicts(case: Case) -> dict[str, Runs]:
    """Spells by name, in rising order."""
    found: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for row in case.conflicts:
        spell = (_day(case, row.start), _day(case, row.end) + 1, row.intensity)
        found[_name(case, row.town)].append(spell)
    return {name: tuple(sorted(spells)) for name, spells in sorted(found.items())}


def _series(case: Case) -> dict[str, Series]:
    """Counts of each camp; the total, or else the sum that Flee asks for, comes first."""
    parts: dict[str, list[tuple[str, tuple[tuple[dt.date, int], ...]]]] = {TOTAL: []}
    for name, spec in case.evidence.observers.items():
        if isinstance(spec, CampSpec):
            key = TOTAL if spec.town is None else _name(case, spec.town)
            rows = sorted((r.period_end, round(r.value)) for r in case.evidence.used_by(name))
            parts.setdefault(key, []).append((spec.series or f"{name}.csv", tuple(rows)))
    if not parts[TOTAL]:
        days = sorted({day for some in parts.values() for _, rows in some for day, _ in rows})
        sums = tuple((day, _on(day, parts)) for day in days)
        parts[TOTAL] = [("refugees.csv", sums)]
    return {
        key: Series(tuple(f for f, _ in some), tuple(rows for _, rows in some))
        for key, some in parts.items()
    }


def _on(day: dt.date, parts: dict[str, list[tuple[str, tuple[tuple[dt.date, int], ...]]]]) -> int:
    """Sum over the camps of the last count up to a day."""
    last = [
        next((count for date, count in reversed(rows) if date <= day), 0)
        for some in parts.values()
        for _, rows in some
    ]
    return sum(last)


def _settings(case: Case) -> dict[str, float]:
    """The parameters of the case that Flee has a word for."""
    known = {ours for section in WORDS.values() for _, ours in section.values() if ours}
    known |= {f"decay_{k}" for k in range(1, 6)}
    return {name: own.value for name, own in case.params.items() if name in known}
