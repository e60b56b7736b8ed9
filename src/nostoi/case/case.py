"""A resolved case in memory: what every floor above reads. Nothing here reads a disk."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nostoi.case.facts import Fact
from nostoi.case.ledger import Observation, ObserverSpec, Source
from nostoi.case.lives import Life
from nostoi.case.plans import Plan
from nostoi.case.schema import (
    CaseFile,
    Group,
    MoneyRow,
    ParamOverride,
    Place,
    Regime,
    Route,
    Signal,
)
from nostoi.case.sites import Closure, Conflict, Recount, Site
from nostoi.case.ways import Leg, Town


@dataclass(frozen=True)
class Ledger:
    """The evidence: typed rows, their publishers, and the observers that use some of them."""

    rows: tuple[Observation, ...]
    sources: dict[str, Source]
    observers: dict[str, ObserverSpec]

    def used_by(self, observer: str) -> tuple[Observation, ...]:
        """The rows that `observer` reads, in the order of the ledger."""
        return tuple(row for row in self.rows if row.observer == observer)

    def account(self) -> Account:
        """How many rows are used, by whom, and why the others are not."""
        unused = [row for row in self.rows if not row.used]
        return Account(
            rows=len(self.rows),
            used=len(self.rows) - len(unused),
            by_observer=dict(Counter(row.observer for row in self.rows if row.used)),
            unused=dict(Counter(row.reason for row in unused).most_common()),
        )


@dataclass(frozen=True)
class Account:
    """The account of the evidence: `used` + the sum of `unused` = `rows`."""

    rows: int
    used: int
    by_observer: dict[str, int]
    unused: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """The account for a machine; the keys are stable (see docs/json-output.md)."""
        return {
            "rows": self.rows,
            "used": self.used,
            "by_observer": dict(self.by_observer),
            "unused": [{"reason": reason, "rows": n} for reason, n in self.unused.items()],
        }


@dataclass(frozen=True)
class Case:
    """A crisis, resolved and checked.

    `places` starts with the origin; `routes` are one-way; `code` is the text of a trusted rules.py;
    `facts` judge a fit and change none of its numbers, so they are no part of `full`;
    `full` is the full form as plain data (what `resolve` returns) and `hash` its sha256, the same
    whatever the order of keys, the white space and the comments in the files. Towns, legs and
    closures change no number of the cohort model: they are part of `full` but not of `hash`, so
    that a fit outlives a better road (in a case with sites they do, and are); `lives` and
    `scenarios` are questions to a simulation and part of neither.
    """

    folder: Path
    spec: CaseFile
    places: tuple[Place, ...]
    routes: tuple[Route, ...]
    regimes: tuple[Regime, ...]
    money: tuple[MoneyRow, ...]
    signals: tuple[Signal, ...]
    groups: dict[str, Group]
    params: dict[str, ParamOverride]
    evidence: Ledger
    limits: str
    code: str
    full: dict[str, Any]
    hash: str
    facts: tuple[Fact, ...] = ()
    towns: tuple[Town, ...] = ()
    legs: tuple[Leg, ...] = ()
    lives: dict[str, Life] = field(default_factory=dict)
    scenarios: dict[str, Plan] = field(default_factory=dict)
    sites: tuple[Site, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    closures: tuple[Closure, ...] = ()
    recounts: tuple[Recount, ...] = ()

    @property
    def origin(self) -> Place:
        """The place that people leave."""
        return self.places[0]

    @property
    def hosts(self) -> tuple[Place, ...]:
        """The places that people go to, in the order of places.csv."""
        return self.places[1:]


JOURNEYS = frozenset({"towns", "legs", "closures"})
"""Keys of the full form that only journeys read, unless the case has sites."""


def fingerprint(full: dict[str, Any]) -> str:
    """The sha256 of a full form, written as JSON with sorted keys."""
    text = json.dumps(full, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
