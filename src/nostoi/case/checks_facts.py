"""Holding the facts of a case against its ledger, its observers and its places."""

from __future__ import annotations

from nostoi.case.complaints import Complaints, near
from nostoi.case.facts import Figure
from nostoi.case.ledger import FAMILY_TAKES, MEASURES
from nostoi.case.parse import Parts
from nostoi.case.quantities import shown

_FILE = "facts.yaml"


def check_facts(parts: Parts, out: Complaints) -> None:
    """All complaints about facts.yaml."""
    used = {row.it.id for row in parts.observations if row.it.used}
    ids = parts.names("observations", "id")
    for i, fact in enumerate(parts.facts):
        for j, part in enumerate(fact.parts):
            path = ("facts", i, "parts", j)
            for number in part.ledger:
                if ids is not None and number not in ids:
                    said = f"unknown row {shown(number)}{near(number, ids)}"
                    out.add(423, said, *_at(parts, *path))
            if part.row and ids is not None and part.row not in used:
                said = f"{shown(part.row)} is no used row of the ledger"
                out.add(423, said, *_at(parts, *path))
            for name, figure in (("of", part.of), ("over", part.over)):
                if figure is not None:
                    _figure(figure, (*path, name), parts, out)


def _at(parts: Parts, *path: int | str) -> tuple[str, int | None, str]:
    """File, line and key of a path."""
    line, key = parts.reading.document("facts").locate(path)
    return _FILE, line, key


def _figure(figure: Figure, path: tuple[int | str, ...], parts: Parts, out: Complaints) -> None:
    """Names and dates of one figure."""
    if figure.observer:
        _observed(figure, path, parts, out)
    places = parts.names("places", "place")
    if figure.place and places is not None and figure.place not in places:
        said = f"unknown place {shown(figure.place)}{near(figure.place, places)}"
        out.add(120, said, *_at(parts, *path, "place"))
    groups = (parts.keys("people", "groups") or set()) | {"", "exposed"}
    if figure.group not in groups:
        said = f"unknown group {shown(figure.group)}{near(figure.group, groups)}"
        out.add(121, said, *_at(parts, *path, "group"))
    spec = parts.spec
    if spec is not None and not spec.start <= figure.start <= figure.end <= spec.end:
        said = f"{figure.start} to {figure.end} is outside the case"
        out.add(119, said, *_at(parts, *path, "from"))


def _observed(figure: Figure, path: tuple[int | str, ...], parts: Parts, out: Complaints) -> None:
    """The observer reads some row, and the measure is one of its family."""
    observer = parts.observers.get(figure.observer)
    read = {row.it.observer for row in parts.observations}
    if observer is None or figure.observer not in read:
        known = read & set(parts.observers)
        said = f"no row uses an observer {shown(figure.observer)}{near(figure.observer, known)}"
        out.add(123, said, *_at(parts, *path, "observer"))
        return
    measures = MEASURES[FAMILY_TAKES[observer.family]]
    if figure.measure not in measures:
        said = f"{shown(figure.measure)} is no measure of {observer.family} ({', '.join(measures)})"
        out.add(401, said, *_at(parts, *path, "measure"))
