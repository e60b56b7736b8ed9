"""Flee's map: locations.csv and routes.csv."""

from __future__ import annotations

import math
from collections.abc import Collection

from nostoi.case.complaints import near
from nostoi.case.flee.cells import Cells, Rows, Source
from nostoi.case.flee.folder import KINDS, Link, Location
from nostoi.case.quantities import shown

LOCATIONS = "input_csv/locations.csv"
ROUTES = "input_csv/routes.csv"
ACTS = (
    "initial_idps", "conflict_intensity", "capacity_per_day", "deactivation_probability",
    "farmer_fraction", "trade_volume", "hdi",
)  # fmt: skip
"""Further columns of locations.csv that act in Flee and not here; they are carried along."""


def read_locations(source: Source) -> tuple[Location, ...]:
    """The rows of locations.csv that can be read."""
    table = source.table(LOCATIONS)
    if table is None:
        return ()
    found: dict[str, Location] = {}
    lines: dict[str, int] = {}
    for line, cells in table:
        row = Cells(LOCATIONS, line, cells, source.out)
        place = _location(row, table) if row.long_enough(8) else None
        name = row.get(0)
        if name in lines:
            said = f"the name {shown(name)} stands twice (first in line {lines[name]})"
            row.add(126, said, "name")
        lines.setdefault(name, line)
        if place is not None:
            found.setdefault(name, place)
    if not table.rows:
        source.out.add(157, "the table has no rows", LOCATIONS, 1)
    for word in ACTS:
        if word in table.header[8:]:
            said = f"the column {word!r} acts in Flee and is only carried along here"
            source.out.add(196, said, LOCATIONS, 1, word)
    return tuple(found.values())


def kind_of(text: str) -> str | None:
    """Kind of a location from its type, None if Flee knows no such type."""
    word = text.lower()
    kind = next((kind for part, kind in KINDS.items() if part in word), None)
    return "idp_camp" if kind == "camp" and "idp" in word else kind


def _location(row: Cells, table: Rows) -> Location | None:
    """One row, or None with complaints."""
    kind = kind_of(row.get(5))
    if kind is None:
        row.add(181, f"unknown type {shown(row.get(5))}{near(row.get(5), KINDS)}", "location_type")
    for k, column in ((0, "name"), (2, "country")):
        if not row.get(k):
            row.add(106, f"the cell {column!r} is empty", column)
    latitude, longitude = row.real(3, "latitude"), row.real(4, "longitude")
    if abs(latitude) > 90 or abs(longitude) > 180:
        row.add(117, "latitude or longitude is out of range (latitude comes first)", "latitude")
    onset: int | None = None
    if kind == "conflict" or row.get(6):
        onset = row.whole(6, "conflict_date")
    number = row.whole(7, "population", blank=0)
    if number is not None and number < 0:
        row.add(411, "a count is negative", "population")
    more = zip(table.header[8:], row.cells[8:], strict=False)
    if kind is None or number is None or math.isnan(latitude + longitude):
        return None
    return Location(
        name=row.get(0),
        region=row.get(1),
        country=row.get(2),
        latitude=latitude,
        longitude=longitude,
        kind=kind,
        conflict_date=onset,
        number=number,
        more=tuple((word, cell) for word, cell in more if word and cell),
    )


def read_routes(source: Source, names: Collection[str]) -> tuple[Link, ...]:
    """The rows of routes.csv that can be read."""
    table = source.table(ROUTES)
    if table is None:
        return ()
    found: list[Link] = []
    seen: dict[frozenset[str], tuple[int, float]] = {}
    flagged: list[int] = []
    for line, cells in table:
        row = Cells(ROUTES, line, cells, source.out)
        link = _link(row, table, names) if row.long_enough(3) else None
        if link is None:
            continue
        pair = frozenset((link.first, link.second))
        if pair in seen:
            before, km = seen[pair]
            said = f"this road stands in line {before} too, there with {km:g} km"
            row.add(126 if km == link.km else 190, said, "distance")
        seen.setdefault(pair, (line, link.km))
        flagged += [line] if link.redirection else []
        found.append(link)
    if flagged:
        said = f"{len(flagged)} road(s) carry a flag of forced redirection, which moves nobody"
        source.out.add(194, said, ROUTES, flagged[0], "forced_redirection")
    return tuple(found)


def _link(row: Cells, table: Rows, names: Collection[str]) -> Link | None:
    """One road, or None with complaints."""
    known = [known_name(row, k, f"name{k + 1}", names) for k in (0, 1)]
    if row.get(0) == row.get(1):
        row.add(161, "the road leads from a place to itself", "name2")
    km = row.real(2, "distance")
    if km <= 0:
        row.add(182, f"a road of {km:g} km", "distance")
    flag = row.whole(3, "forced_redirection", blank=0)
    if flag is not None and flag not in (0, 1, 2):
        row.add(107, f"{flag} is not one of 0, 1 and 2", "forced_redirection")
    more = zip(table.header[4:], row.cells[4:], strict=False)
    if not all(known) or math.isnan(km) or flag is None:
        return None
    kept = tuple((word, cell) for word, cell in more if word and cell)
    return Link(row.get(0), row.get(1), km, flag, kept)


def known_name(row: Cells, k: int, column: str, names: Collection[str]) -> bool:
    """Whether a cell names a location, with a complaint if not; nothing is said without names."""
    name = row.get(k)
    if name in names or not names:
        return True
    row.add(160, f"unknown location {shown(name)}{near(name, names)}", column)
    return False
