"""Short form in, full form out.

People write the short form; everything downstream reads the full one, in which every default is
written out and every two-way route is two one-way routes. Resolving twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from nostoi.base.errors import NostoiError
from nostoi.case.complaints import Complaints
from nostoi.case.gather import Reading, Short
from nostoi.case.parse import Parts, Row, parse
from nostoi.case.schema import Place, Route
from nostoi.case.ways import Leg


def resolve(short: Short) -> dict[str, Any]:
    """The full form of a case, as plain data that JSON can hold.

    `short` maps ``case people params observers`` to documents and ``places routes regimes money
    signals observations sources`` to lists of rows (column -> cell). Every value is checked for
    itself; `check` also holds the files against each other. Raises `NostoiError` with all findings.
    """
    out = Complaints()
    parts = parse(Reading(short=short), out)
    if out.errors or parts.spec is None:
        raise NostoiError(*out.in_order())
    return full_form(parts)


def full_form(parts: Parts) -> dict[str, Any]:
    """The full form of parts that all fit (`parts.spec` is there)."""
    return (
        _ways(parts)
        | _sites(parts)
        | {
            "case": _plain(parts.spec),
            "places": [_plain(place) for place in origin_first(parts.places)],
            "routes": [_plain(row.it) for row in one_way(parts.routes)],
            "regimes": _all(parts.regimes),
            "money": _all(parts.money),
            "signals": _all(parts.signals),
            "people": {"groups": {name: _plain(it) for name, it in parts.groups.items()}},
            "params": {name: _plain(it) for name, it in parts.params.items()},
            "observations": _all(parts.observations),
            "sources": _all(parts.sources),
            "observers": {name: _plain(it) for name, it in parts.observers.items()},
        }
    )


def _ways(parts: Parts) -> dict[str, Any]:
    """Towns, one-way legs and what closes them, if any; towns and legs in one order."""
    if not parts.towns:
        return {}
    towns = sorted((row.it for row in parts.towns), key=lambda town: town.town)
    legs = sorted((_plain(leg) for leg in one_way_legs(parts.legs)), key=leg_order)
    found = {"towns": [_plain(town) for town in towns], "legs": legs}
    # A case without closures has the form, and the hash, that it had before they could stand alone.
    return found | ({"closures": _all(parts.closures)} if parts.closures else {})


def _sites(parts: Parts) -> dict[str, Any]:
    """Sites, conflicts, closures and recounts, if the case has sites."""
    if not parts.sites:
        return {}
    return {
        "sites": sorted(_all(parts.sites), key=lambda site: str(site["town"])),
        "conflicts": _all(parts.conflicts),
        "closures": _all(parts.closures),
        "recounts": _all(parts.recounts),
    }


def leg_order(leg: dict[str, Any]) -> tuple[str, ...]:
    """Key that puts the legs of a full form in their one order."""
    return tuple(str(leg[key] or "") for key in ("from", "to", "mode", "open_from", "papers"))


def one_way_legs(legs: Sequence[Row[Leg]]) -> list[Leg]:
    """Every two-way leg as two one-way legs."""
    split: list[Leg] = []
    for row in legs:
        out = row.it.model_copy(update={"both_ways": False})
        split.append(out)
        if row.it.both_ways:
            split.append(out.model_copy(update={"start": out.end, "end": out.start}))
    return split


def one_way(routes: Sequence[Row[Route]]) -> list[Row[Route]]:
    """Every two-way route as two one-way routes, the return right after the way out."""
    split: list[Row[Route]] = []
    for row in routes:
        out = row.it.model_copy(update={"both_ways": False})
        split.append(Row(row.line, out))
        if row.it.both_ways:
            back = {"origin": out.to, "to": out.origin}
            split.append(Row(row.line, out.model_copy(update=back)))
    return split


def origin_first(places: Sequence[Row[Place]]) -> list[Place]:
    """The origin, then the hosts in their order."""
    return sorted((row.it for row in places), key=lambda place: place.kind != "origin")


def _plain(it: BaseModel | None) -> Any:
    """A model as plain data under the names that the files use."""
    return None if it is None else it.model_dump(mode="json", by_alias=True)


def _all(rows: Sequence[Row[Any]]) -> list[Any]:
    """The rows of a table as plain data."""
    return [_plain(row.it) for row in rows]
