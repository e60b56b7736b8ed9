"""From the short form to models: every value checked for itself, nothing yet against the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from nostoi.case.complaints import Complaints, Words, explain
from nostoi.case.facts import Fact, Facts
from nostoi.case.files import LIFE, PAGES, TABLES
from nostoi.case.gather import Reading, Short
from nostoi.case.ledger import Observation, ObserverSpec, Source
from nostoi.case.lives import Life
from nostoi.case.plans import Plan, read_plan
from nostoi.case.quantities import FROM_FILE, day
from nostoi.case.schema import (
    CaseFile,
    Group,
    MoneyRow,
    ParamOverride,
    People,
    Place,
    Regime,
    Route,
    Signal,
)
from nostoi.case.sites import Closure, Conflict, Recount, Site
from nostoi.case.ways import Leg, Town

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


@dataclass(frozen=True)
class Row(Generic[M]):
    """A row that fits its model, with its line in the file."""

    line: int
    it: M


@dataclass
class Parts:
    """The models of a case; what did not fit is left out (and complained about)."""

    reading: Reading
    spec: CaseFile | None
    places: list[Row[Place]]
    routes: list[Row[Route]]
    regimes: list[Row[Regime]]
    money: list[Row[MoneyRow]]
    signals: list[Row[Signal]]
    observations: list[Row[Observation]]
    sources: list[Row[Source]]
    groups: dict[str, Group]
    params: dict[str, ParamOverride]
    observers: dict[str, ObserverSpec]
    facts: tuple[Fact, ...] = ()
    towns: list[Row[Town]] = field(default_factory=list)
    legs: list[Row[Leg]] = field(default_factory=list)
    lives: dict[str, Life] = field(default_factory=dict)
    scenarios: dict[str, Plan] = field(default_factory=dict)
    sites: list[Row[Site]] = field(default_factory=list)
    conflicts: list[Row[Conflict]] = field(default_factory=list)
    closures: list[Row[Closure]] = field(default_factory=list)
    recounts: list[Row[Recount]] = field(default_factory=list)
    seen: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def names(self, table: str, column: str) -> set[str] | None:
        """All names in a column, also of rows that do not fit; None if the file is unreadable."""
        if table in self.reading.broken:
            return None
        if (table, column) not in self.seen:
            rows = self.reading.short.get(table, [])
            self.seen[table, column] = {row[column] for row in rows if row.get(column)}
        return self.seen[table, column]

    def keys(self, page: str, *path: str) -> set[str] | None:
        """All keys of a YAML block, also of entries that do not fit; None if unreadable."""
        data: Any = self.reading.short.get(page)
        for part in path:
            data = data.get(part) if isinstance(data, dict) else None
        return None if page in self.reading.broken or not isinstance(data, dict) else set(data)


def parse(reading: Reading, out: Complaints) -> Parts:
    """The models of everything that was read; complaints go to `out`."""
    short = written_out(reading.short)
    people = _page(reading, short, "people", People, out)
    facts = _page(reading, short, "facts", Facts, out)
    return Parts(
        reading=reading,
        spec=_page(reading, short, "case", CaseFile, out),
        places=list(_rows(reading, short, "places", Place, out)),
        routes=list(_rows(reading, short, "routes", Route, out)),
        regimes=list(_rows(reading, short, "regimes", Regime, out)),
        money=list(_rows(reading, short, "money", MoneyRow, out)),
        signals=list(_rows(reading, short, "signals", Signal, out)),
        observations=list(_rows(reading, short, "observations", Observation, out)),
        sources=list(_rows(reading, short, "sources", Source, out)),
        groups=people.groups if people else {},
        params=_page(reading, short, "params", dict, out) or {},
        observers=_page(reading, short, "observers", dict, out) or {},
        facts=facts.facts if facts else (),
        towns=list(_rows(reading, short, "towns", Town, out)),
        legs=list(_rows(reading, short, "legs", Leg, out)),
        lives=dict(_lives(reading, out)),
        scenarios=dict(_plans(reading, out)),
        sites=list(_rows(reading, short, "sites", Site, out)),
        conflicts=list(_rows(reading, short, "conflicts", Conflict, out)),
        closures=list(_rows(reading, short, "closures", Closure, out)),
        recounts=list(_rows(reading, short, "recounts", Recount, out)),
    )


def written_out(short: Short) -> Short:
    """The short form with the defaults that depend on another file or on a key's name."""
    full = dict(short)
    case = short.get("case")
    if isinstance(case, dict):
        ends = {"from": _date_or(case.get("start"), dt.date.min)}
        ends |= {"to": _date_or(case.get("end"), dt.date.max)}
        full["regimes"] = [ends | _given(row) for row in short.get("regimes", [])]
    people = short.get("people")
    groups = people.get("groups") if isinstance(people, dict) else None
    if isinstance(people, dict) and isinstance(groups, dict):
        named = {
            name: {"label": name} | group if isinstance(group, dict) else group
            for name, group in groups.items()
        }
        full["people"] = people | {"groups": named}
    return full


def _date_or(value: object, otherwise: dt.date) -> dt.date:
    """A date of case.yaml, or a stand-in where it is wrong (which is said elsewhere)."""
    try:
        return day(value)
    except PydanticCustomError:
        return otherwise


def _given(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a row that are not empty."""
    return {column: cell for column, cell in cells.items() if cell not in ("", None)}


def _rows(
    reading: Reading, short: Short, table: str, model: type[M], out: Complaints
) -> Iterator[Row[M]]:
    """The rows of one table that fit their model."""
    words = Words(TABLES[table].file, TABLES[table].columns, table=True)
    for k, cells in enumerate(short.get(table, [])):
        line = reading.line(table, k)
        try:
            it = model.model_validate(
                _given(cells), context=FROM_FILE, by_alias=True, by_name=False
            )
        except ValidationError as error:
            explain(error.errors(include_url=False), words, partial(_cell, line), out)
        else:
            yield Row(line, it)


def _cell(line: int, loc: Sequence[int | str]) -> tuple[int | None, str]:
    """The line and the column of an error in a row."""
    return line, str(loc[0]) if loc else ""


def _lives(reading: Reading, out: Complaints) -> Iterator[tuple[str, Life]]:
    """The lives to look for that fit their model, each under the name of its file."""
    for name, document in reading.lives.items():
        try:
            life = Life.model_validate(
                document.data, context=FROM_FILE, by_alias=True, by_name=False
            )
        except ValidationError as error:
            words = Words(document.name, LIFE.words)
            explain(error.errors(include_url=False), words, document.locate, out)
        else:
            yield name, life


def _plans(reading: Reading, out: Complaints) -> Iterator[tuple[str, Plan]]:
    """The scenarios that fit their model, each under the name of its file."""
    for name, document in reading.scenarios.items():
        plan = read_plan(document, name, out)
        if plan is not None:
            yield name, plan


def _page(reading: Reading, short: Short, page: str, wanted: type[T], out: Complaints) -> T | None:
    """One YAML document as its model, None if it does not fit or was not read."""
    if page in reading.broken:
        return None
    data = short.get(page) or {}
    try:
        found = PAGES[page].adapter.validate_python(
            data, context=FROM_FILE, by_alias=True, by_name=False
        )
    except ValidationError as error:
        words = Words(PAGES[page].file, PAGES[page].words)
        explain(error.errors(include_url=False), words, reading.document(page).locate, out)
        return None
    return found if isinstance(found, wanted) else None
