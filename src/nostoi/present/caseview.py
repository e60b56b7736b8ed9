"""What a report needs of a case, as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.case.schema import Place

BOUNDARIES = "boundaries.geojson"


@dataclass(frozen=True)
class Spot:
    """A place on the map: code, name, and degrees (NaN = not on the map)."""

    code: str
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class CaseView:
    """A case as the report sees it.

    Attributes:
        persons: people of the origin by group at the start.
        ledger: rows of evidence/observations.csv, text by column.
        publishers: name by publisher key.
        observers: settings by observer name (family, place, rule ...).
        limits: text of limits.md.
        boundaries: GeoJSON feature collection that replaces the shipped one.
        hash: fingerprint of the resolved case; empty = unknown.
    """

    name: str
    title: str
    question: str
    origin: Spot
    start: str
    end: str
    event: str
    event_name: str
    threshold: float = 10.0
    round_to: float = 5.0
    places: Mapping[str, Spot] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, float] = field(default_factory=dict)
    ledger: tuple[Mapping[str, str], ...] = ()
    publishers: Mapping[str, str] = field(default_factory=dict)
    observers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    limits: str = ""
    boundaries: Mapping[str, Any] | None = None
    hash: str = ""

    def place(self, code: str) -> str:
        """Name of a place, or its code."""
        return self.places[code].name if code in self.places else code

    def group(self, name: str) -> str:
        """Label of a group, or its name."""
        return self.groups.get(name) or name

    def publisher(self, key: str) -> str:
        """Name of a publisher, or its key."""
        return self.publishers.get(key) or key

    def source(self, name: str) -> str:
        """A source of bias for a reader: "kz-mvd (crossing)" by the publisher's name.

        An observer ("survey:outrush (survey)") goes by the publisher of its rows if it has one.
        """
        key, _, family = name.partition(" (")
        tail = f" ({family}" if family else ""
        if key in self.publishers or key not in self.observers:
            return self.publisher(key) + tail
        said = {row.get("publisher", "") for row in self.ledger if row.get("observer") == key}
        if len(said) == 1:
            return self.publisher(said.pop()) + tail
        return key.partition(":")[2].replace("-", " ") + tail if ":" in key else name

    def row(self, number: str) -> Mapping[str, str]:
        """Ledger row of an id, empty if there is none."""
        return next((row for row in self.ledger if row.get("id") == number), {})


def view(case: Case) -> CaseView:
    """The view of a loaded case.

    Raises:
        NostoiError: N703, the case's boundaries.geojson is not a feature collection.
    """
    spec, evidence = case.spec, case.evidence
    return CaseView(
        name=spec.name,
        title=spec.title,
        question=spec.question,
        origin=_spot(case.origin),
        start=spec.start.isoformat(),
        end=spec.end.isoformat(),
        event=spec.event.isoformat(),
        event_name=spec.event_name,
        threshold=float(spec.disclosure.threshold),
        round_to=float(spec.disclosure.round_to),
        places={place.place: _spot(place) for place in case.places},
        groups={name: group.label for name, group in case.groups.items()},
        persons={name: float(group.persons) for name, group in case.groups.items()},
        ledger=tuple(_plain(row.model_dump(mode="json")) for row in evidence.rows),
        publishers={key: source.name for key, source in evidence.sources.items()},
        observers={k: dict(v.model_dump(mode="json")) for k, v in evidence.observers.items()},
        limits=case.limits,
        boundaries=_boundaries(case.folder / BOUNDARIES),
        hash=case.hash,
    )


def _spot(place: Place) -> Spot:
    return Spot(place.place, place.name, place.latitude, place.longitude)


def _plain(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: "" if value is None else str(value) for key, value in row.items()}


def _boundaries(path: Path) -> Mapping[str, Any] | None:
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        what = "the boundaries are not a GeoJSON feature collection"
        do = "export them as GeoJSON in degrees, or remove the file to use the shipped map"
        raise NostoiError(Finding(703, what, file=path.name, do=do))
    return found
