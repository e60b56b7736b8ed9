"""A case under scenarios, and a case that goes on beyond its end: other full forms, checked again.

Changes are put into one order of their own before they are applied, so that scenarios in any order
give the same bytes; a set without changes gives back the case itself.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.case.load import changed
from nostoi.case.plans import HOSTS, Plan, clashes
from nostoi.case.scenario import (
    MoneyChange,
    ParamChange,
    QuotaChange,
    RegimeChange,
    SignalChange,
    SignalGone,
    first_day,
)

_DAY = dt.timedelta(days=1)
Full = dict[str, Any]
Rows = list[dict[str, Any]]


def patched(case: Case, plans: Sequence[Plan]) -> Case:
    """The case under one or several scenarios at once.

    Raises:
        NostoiError: N176 where two changes touch the same thing; N179 for a scenario that begins
            after the end; and whatever the changed case complains of.
    """
    late = [plan for plan in plans if plan.scenario.start > case.spec.end]
    found = [
        Finding(179, f"begins after {case.spec.end}", *plan.at("from"), do="give a later --until")
        for plan in late
    ]
    found += clashes(plans, [place.place for place in case.hosts])
    if found:
        raise NostoiError(*found)
    items = [(change, plan) for plan in plans for change in plan.scenario.changes]
    items.sort(key=lambda item: _order(*item))
    if not items:
        return case
    full = copy.deepcopy(case.full)
    for change, plan in items:
        _apply(full, change, first_day(change, plan.scenario), case)
    return case if full == case.full else changed(case, full)


def _order(change: Any, plan: Plan) -> str:
    """Key by which the changes of a set are sorted; none of the names of its scenarios."""
    plain = change.model_dump(mode="json", by_alias=True)
    first = first_day(change, plan.scenario)
    return json.dumps([plain["change"], str(first), plain], sort_keys=True)


def _apply(full: Full, change: Any, first: dt.date | None, case: Case) -> None:
    """One change of the full form."""
    start = first or case.spec.start
    end = case.spec.end
    if isinstance(change, SignalChange):
        full["signals"].append(_signal(change, start, end))
    elif isinstance(change, SignalGone):
        full["signals"] = [row for row in full["signals"] if row["id"] != change.id]
    elif isinstance(change, QuotaChange):
        _quota(full, change, start, end)
    elif isinstance(change, ParamChange):
        own = {"value": change.value, "sd": change.sd, "source": "the scenario"}
        full["params"] = full["params"] | {change.name: own}
    elif isinstance(change, RegimeChange):
        for place in _places(change.place, case):
            period = (start, min(change.end or end, end))
            full["regimes"] = _regimes(full["regimes"], place, period, change.fields())
    elif isinstance(change, MoneyChange) and change.factor != 1.0:
        for place in _places(change.place, case):
            full["money"] = _money(full["money"], place, start, change)


def _places(place: str, case: Case) -> tuple[str, ...]:
    return tuple(host.place for host in case.hosts) if place == HOSTS else (place,)


def _signal(change: SignalChange, start: dt.date, end: dt.date) -> dict[str, Any]:
    """A row of signals.csv. A signal of strength 0 says why it stands there."""
    last = change.end_date or start
    return {
        "id": change.id,
        "date": start.isoformat(),
        "end_date": last.isoformat(),
        "kind": change.kind,
        "place": change.place,
        "strength": change.strength,
        "half_life_days": change.half_life_days,
        "source_url": "",
        "description": change.description,
        "reason": "" if change.strength else "the scenario says so",
    }


def _quota(full: Full, change: QuotaChange, start: dt.date, end: dt.date) -> None:
    """A quota; the part that lies beyond the end of the run is left out."""
    last = min(change.end, end)
    if last < start:
        return
    share = ((last - start).days + 1) / ((change.end - start).days + 1)
    row = {
        "from": start.isoformat(),
        "to": last.isoformat(),
        "persons": change.persons * share,
        "source": "the scenario",
    }
    full["case"]["call_ups"] = [*full["case"]["call_ups"], row]


def _regimes(
    rows: Rows, place: str, period: tuple[dt.date, dt.date], fields: dict[str, Any]
) -> Rows:
    """Rows with other values in a period of one place; rows are split at its ends."""
    out: Rows = []
    new = {key: ("yes" if value else "no") if key == "visa_run" else value
           for key, value in fields.items()}  # fmt: skip
    for row in rows:
        start, end = (dt.date.fromisoformat(row[key]) for key in ("from", "to"))
        first, last = max(start, period[0]), min(end, period[1])
        if row["place"] != place or first > last:
            out.append(row)
            continue
        if start < first:
            out.append(row | {"to": (first - _DAY).isoformat()})
        out.append(row | new | {"from": first.isoformat(), "to": last.isoformat()})
        if last < end:
            out.append(row | {"from": (last + _DAY).isoformat()})
    return out


def _money(rows: Rows, place: str, start: dt.date, change: MoneyChange) -> Rows:
    """Rows with one series times a factor from a day on, and back to itself after its last day."""
    mine = [r for r in rows if (r["place"], r["quantity"]) == (place, change.quantity)]
    others = [r for r in rows if (r["place"], r["quantity"]) != (place, change.quantity)]
    if not mine:
        return rows
    known = sorted((dt.date.fromisoformat(r["date"]), float(r["value"])) for r in mine)
    like = mine[0] | {"source": "the scenario"}
    marks = {start - _DAY: 1.0, start: change.factor}
    if change.end is not None:
        marks |= {change.end: change.factor, change.end + _DAY: 1.0}

    def factor(day: dt.date) -> float:
        return change.factor if start <= day <= (change.end or dt.date.max) else 1.0

    made = [r | {"value": float(r["value"]) * factor(dt.date.fromisoformat(r["date"]))}
            for r in mine if dt.date.fromisoformat(r["date"]) not in marks]  # fmt: skip
    made += [
        like | {"date": day.isoformat(), "value": value_on(known, day) * times}
        for day, times in marks.items()
    ]
    return [*others, *sorted(made, key=lambda r: str(r["date"]))]


def value_on(known: Iterable[tuple[dt.date, float]], day: dt.date) -> float:
    """A series on a day as the world reads it: log-linear between its dates, flat outside."""
    before, after = None, None
    for date, value in known:
        if date <= day:
            before = (date, value)
        elif after is None:
            after = (date, value)
    if before is None or after is None:
        found = before or after
        if found is None:
            raise ValueError("a series without rows has no value")
        return found[1]
    share = (day - before[0]).days / (after[0] - before[0]).days
    return math.exp((1 - share) * math.log(before[1]) + share * math.log(after[1]))


def extended(case: Case, until: dt.date) -> Case:
    """The case with a later end: regimes go on as on the last day, money keeps its last values.

    Raises:
        NostoiError: N611 when the day is not after the end of the case.
    """
    end = case.spec.end
    if until <= end:
        raise NostoiError(
            Finding(611, f"{until} is not after the end of the case, {end}", do="give a later day")
        )
    full = copy.deepcopy(case.full)
    full["case"]["end"] = until.isoformat()
    full["regimes"] = [
        row | {"to": until.isoformat()}
        if dt.date.fromisoformat(row["from"]) <= end <= dt.date.fromisoformat(row["to"])
        else row
        for row in full["regimes"]
    ]
    return changed(case, full)
