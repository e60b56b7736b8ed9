"""From a Flee folder to the files of an ordinary case.

What Flee does not have (prices, papers, rules of entry, savings) is filled with neutral values
whose source column says `assumption`; movement over the network reads none of them.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nostoi.case.flee.evidence import evidence_files
from nostoi.case.flee.folder import Closure, FleeFolder, Location
from nostoi.case.flee.reach import km_to_countries
from nostoi.case.tags import write_tags

KM_PER_DAY = 400.0
"""Speed of Flee's validation runs; only the planned journeys of a case read days."""

SHOWN_AS = {"idpcamp": "idp_camp", "remove_forced_redirection": "redirection"}
_NO_PRICE = "assumption: Flee has no prices"
_LIMITS = """# What this case cannot tell

Imported from a folder of the simulator Flee. Stocks of camps in Flee's public cases come from
UNHCR's portals, dates of conflicts from ACLED, populations from citypopulation.de. Where capacities
of camps were taken from the very series that a run is held against (in Flee's public cases they are
its maxima), a run that uses them has seen the future.

Prices, papers, rules of entry and savings are not in Flee; the values here are neutral and movement
over the network does not read them.
"""


@dataclass(frozen=True)
class Names:
    """Names of towns in the case: Flee's name -> slug."""

    slug: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Slug of a location."""
        return self.slug[name]


def names_of(locations: Sequence[Location]) -> Names:
    """A slug for each location, the same whatever the order of the rows."""
    found: dict[str, str] = {}
    for name in sorted(place.name for place in locations):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:56] or "site"
        taken, n = set(found.values()), 2
        free = slug
        while free in taken:
            free, n = f"{slug}-{n}", n + 1
        found[name] = free
    return Names(found)


def case_files(folder: FleeFolder, name: str) -> dict[str, str]:
    """Path -> text of every file of the case `name`."""
    names = names_of(folder.locations)
    return {
        "case.yaml": _case(folder, name),
        "places.csv": _places(folder),
        "routes.csv": _routes(folder),
        "regimes.csv": _regimes(folder),
        "signals.csv": table(("id", "date", "kind", "place", "strength", "half_life_days"), ()),
        "people.yaml": _people(folder),
        "params.yaml": _params(folder),
        "towns.csv": _towns(folder, names),
        "legs.csv": _legs(folder, names),
        "sites.csv": _sites(folder, names),
        "conflicts.csv": _conflicts(folder, names),
        "closures.csv": _closures(folder, names),
        "limits.md": _LIMITS,
        **evidence_files(folder, names.slug),
    }


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV text; None is an empty cell and whole floats have no point."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[cell_of(value) for value in row] for row in rows])
    return out.getvalue()


def cell_of(value: object) -> str:
    """Text of a cell."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


def _day(folder: FleeFolder, day: int) -> dt.date:
    return folder.start + dt.timedelta(days=day)


def _case(folder: FleeFolder, name: str) -> str:
    end = _day(folder, folder.length - 1)
    return (
        f"nostoi: 1\nname: {_quoted(name)}\ntitle: {_quoted(f'Flight in {folder.home}')}\n"
        f"question: {_quoted('How many people are in which camp, and when?')}\n"
        f"origin: {_quoted(folder.home)}\nstart: {folder.start}\nend: {end}\n"
        f"event: {folder.start}\n"
        "event_name: the first day\nclock: {step: 7 days}\nseed: 1\n"
    )


def _quoted(text: str) -> str:
    """Text as YAML takes it whatever signs it holds."""
    return "'" + text.replace("'", "''") + "'"


def _countries(folder: FleeFolder) -> list[str]:
    """Home first, then the others in the order of the file."""
    return list(dict.fromkeys([folder.home, *(place.country for place in folder.locations)]))


def _places(folder: FleeFolder) -> str:
    header = ("place", "name", "kind", "latitude", "longitude", "language", "recognition",
              "freedom", "source")  # fmt: skip
    rows = []
    for country in _countries(folder):
        sites = [place for place in folder.locations if place.country == country]
        latitude = round(sum(place.latitude for place in sites) / len(sites), 4)
        longitude = round(sum(place.longitude for place in sites) / len(sites), 4)
        kind = "origin" if country == folder.home else "host"
        said = "middle of its locations; shares are an assumption: Flee has none"
        title = country.replace("_", " ")
        rows.append((country, title, kind, latitude, longitude, 0.5, 0.5, 0.5, said))
    return table(header, rows)


def _routes(folder: FleeFolder) -> str:
    header = ("from", "to", "mode", "days", "cost", "unit", "source")
    km = km_to_countries(folder)
    said = f"shortest way by road at {KM_PER_DAY:g} km a day; {_NO_PRICE}"
    ways = [
        (country, round(max(km[country], 1) / KM_PER_DAY, 4))
        for country in _countries(folder)[1:]
        if country in km
    ]
    rows = [(folder.home, country, "car", days, 0, "XXX", said) for country, days in ways]
    return table(header, rows)


def _regimes(folder: FleeFolder) -> str:
    said = "assumption: Flee has no rules of entry but closed borders (closures.csv)"
    rows = [(country, 1, 0.5, said) for country in _countries(folder)[1:]]
    return table(("place", "entry", "permit_ease", "source"), rows)


def _people(folder: FleeFolder) -> str:
    zones = [p.number for p in folder.locations if p.country == folder.home and not p.is_camp]
    return (
        "groups:\n  people:\n    label: people of the places listed\n"
        f"    persons: {max(sum(zones), 1)}\n    exposure: 0\n    family: 0.5\n"
        "    savings: {median: 3 months, sigma: 1}\n"
        "    source: 'sum of the populations listed; shares and savings are an assumption'\n"
    )


def _params(folder: FleeFolder) -> str:
    lines = [
        f"{name}: {{value: {value!r}, source: simsetting.yml}}\n"
        for name, value in folder.settings.items()
    ]
    return "".join(lines) or "{}\n"


def _towns(folder: FleeFolder, names: Names) -> str:
    header = ("town", "name", "place", "kind", "latitude", "longitude", "weight", "source")
    at_home = [p for p in folder.locations if p.country == folder.home and not p.is_camp]
    anybody = any(place.number for place in at_home)
    rows = []
    for place in folder.locations:
        weight = (place.number if anybody else 1) if place in at_home else 0
        rows.append(
            (names[place.name], place.name, place.country, "town", place.latitude,
             place.longitude, weight, "locations.csv")
        )  # fmt: skip
    return table(header, sorted(rows, key=lambda row: row[2] != folder.home))


def _legs(folder: FleeFolder, names: Names) -> str:
    header = ("from", "to", "mode", "days", "cost", "unit", "km", "tags", "source")
    rows = []
    for link in folder.links:
        flag = [("forced_redirection", str(link.redirection)), ("row_from", link.first)]
        tags = write_tags((*(flag if link.redirection else ()), *link.more))
        days = round(link.km / KM_PER_DAY, 4) or 0.0001
        ends = names[link.first], names[link.second]
        rows.append((*ends, "car", days, 0, "XXX", link.km, tags, _NO_PRICE))
    return table(header, rows)


def _sites(folder: FleeFolder, names: Names) -> str:
    header = ("town", "kind", "region", "population", "capacity", "tags")
    rows = []
    for place in folder.locations:
        onset = [] if place.conflict_date is None else [("conflict_date", str(place.conflict_date))]
        persons = (0, place.number or None) if place.is_camp else (place.number, None)
        tags = write_tags((*onset, *place.more))
        rows.append((names[place.name], place.kind, place.region, *persons, tags))
    return table(header, rows)


def _conflicts(folder: FleeFolder, names: Names) -> str:
    rows = [
        (names[name], _day(folder, first), _day(folder, end - 1), value)
        for name, spells in sorted(folder.conflicts.items())
        for first, end, value in spells
    ]
    return table(("town", "from", "to", "intensity"), rows)


def _closures(folder: FleeFolder, names: Names) -> str:
    header = ("what", "first", "second", "from", "to", "tags")
    return table(header, [_closure(closure, folder, names) for closure in folder.closures])


def _closure(closure: Closure, folder: FleeFolder, names: Names) -> tuple[object, ...]:
    """A closure under the words of the case; what Flee does not read becomes a tag."""
    what = SHOWN_AS.get(closure.kind, closure.kind)
    two = closure.kind in ("country", "link", "remove_forced_redirection")
    first, second = closure.name1, closure.name2
    if what != "country":
        first = names[first]
        second = names[second] if two else ""
    unread = [("name2", closure.name2)] if closure.name2 and not two else []
    ends: dt.date | None = None
    if what == "redirection":
        unread = [("first", str(closure.first)), ("reopens", str(closure.reopens))]
    elif closure.reopens >= 0:
        ends = _day(folder, closure.reopens - 1)
    first_day = max(closure.first, 0)
    return what, first, second, _day(folder, first_day), ends, write_tags(unread)
