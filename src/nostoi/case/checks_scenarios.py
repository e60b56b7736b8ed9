"""Holding the scenarios against the case: words it knows, days it has, changes that agree."""

from __future__ import annotations

from nostoi.case.checks_world import ends_early, unknown_place
from nostoi.case.complaints import Complaints, near
from nostoi.case.known import is_place_code, known_params, open_params
from nostoi.case.parse import Parts
from nostoi.case.plans import HOSTS, Plan, clashes
from nostoi.case.quantities import shown
from nostoi.case.scenario import (
    Change,
    MoneyChange,
    ParamChange,
    RegimeChange,
    SignalChange,
    SignalGone,
    first_day,
    last_day,
)


def check_scenarios(parts: Parts, out: Complaints) -> None:
    """All complaints about the files in `scenarios`."""
    for plan in parts.scenarios.values():
        check_plan(plan, parts, out)


def check_plan(plan: Plan, parts: Parts, out: Complaints) -> None:
    """All complaints about one scenario."""
    spec, start = parts.spec, plan.scenario.start
    if spec is not None and start < spec.start:
        out.add(119, f"{start} is before the case", *plan.at("from"))
    for k, change in enumerate(plan.scenario.changes):
        at = plan.at("changes", k)
        first = first_day(change, plan.scenario)
        if first is not None and first < start:
            out.add(175, f"{first} is before {start}, where the scenario begins", *at)
        ends_early(first, last_day(change), at, out)
        _words(change, plan, parts, at, out)
    hosts = [row.it.place for row in parts.places if row.it.kind == "host"]
    out.found += clashes([plan], hosts)


def _words(
    change: Change, plan: Plan, parts: Parts, at: tuple[str, int, str], out: Complaints
) -> None:
    """Places, signals and parameters of one change."""
    places = parts.names("places", "place")
    if isinstance(change, SignalChange):
        if places is not None and not is_place_code(change.place, places):
            said = f"unknown place {shown(change.place)}{near(change.place, places)}"
            out.add(120, said, *at)
        if change.id in (parts.names("signals", "id") or ()):
            out.add(126, f"the signal {shown(change.id)} stands in signals.csv", *at)
    elif isinstance(change, SignalGone):
        _gone(change, plan, parts, at, out)
    elif isinstance(change, RegimeChange):
        unknown_place(change.place, places and places | {HOSTS}, at, out)
        if parts.spec is not None and change.place == parts.spec.origin:
            out.add(133, "a regime stands on the origin", *at)
        if not change.fields():
            out.add(102, "the change names no column of regimes.csv", *at)
    elif isinstance(change, MoneyChange):
        unknown_place(change.place, places and places | {HOSTS}, at, out)
        _money(change, parts, at, out)
    elif isinstance(change, ParamChange):
        _param(change, at, out)


def _gone(
    change: SignalGone, plan: Plan, parts: Parts, at: tuple[str, int, str], out: Complaints
) -> None:
    """A signal that is taken away is one of the case, and not older than the scenario."""
    ids = parts.names("signals", "id")
    if ids is not None and change.id not in ids:
        out.add(177, f"no signal {shown(change.id)}{near(change.id, ids)}", *at)
    for row in parts.signals:
        if row.it.id == change.id and row.it.date < plan.scenario.start:
            said = f"the signal of {row.it.date} is older than the scenario"
            out.add(175, said, *at)


def _money(change: MoneyChange, parts: Parts, at: tuple[str, int, str], out: Complaints) -> None:
    """There is something to multiply, and the origin has no exchange rate to itself."""
    origin = parts.spec.origin if parts.spec else ""
    if change.quantity == "exchange" and change.place == origin:
        out.add(177, "the exchange rate of the origin to itself is 1 by definition", *at)
    rows = {(row.it.place, row.it.quantity) for row in parts.money}
    if "money" not in parts.reading.broken and change.place != HOSTS:
        if (change.place, change.quantity) not in rows:
            out.add(177, f"money.csv has no {change.quantity} of {shown(change.place)}", *at)


def _param(change: ParamChange, at: tuple[str, int, str], out: Complaints) -> None:
    """The parameter exists, and no fit has learned it."""
    known, free = known_params(), open_params()
    if change.name not in known:
        out.add(124, f"unknown parameter {shown(change.name)}{near(change.name, free)}", *at)
    elif change.name not in free:
        said = f"{shown(change.name)} acts from the first day and belongs to the fit"
        out.add(178, said, *at)
