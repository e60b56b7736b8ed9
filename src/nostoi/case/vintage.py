"""A case as it was known on a day: what was published, signalled and in force by then.

A forecast is judged by figures that came later, so nothing of what came later may reach the fit:
rows published after the day, signals, rules of entry, prices and quotas dated after it. A row whose
publication is known by month or year counts from the last day of it.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from typing import Any

from nostoi.base.errors import Finding, NostoiError
from nostoi.case.case import Case
from nostoi.case.load import changed, load
from nostoi.case.quantities import latest_day

Rows = list[dict[str, Any]]


def load_as_of(folder: Any, day: dt.date | None, *, trust: bool = False) -> Case:
    """The case in a folder, as it was known on a day if one is given."""
    case = load(folder, trust=trust)
    return case if day is None else as_of(case, day)


def as_of(case: Case, day: dt.date) -> Case:
    """The case as it was known on the evening of `day`; it ends on that day.

    Towns and legs are left out: no fit reads them.

    Raises:
        NostoiError: N614 when the day is not between the event and the end of the case.
    """
    spec = case.spec
    if not spec.event < day <= spec.end:
        what = f"{day} is not after the event of {spec.event} and by the end, {spec.end}"
        raise NostoiError(Finding(614, what, do="choose a day between the two"))
    full = copy.deepcopy(case.full)
    full["case"]["end"] = day.isoformat()
    clock = full["case"]["clock"]
    clock["daily"] = [_ending(row, day) for row in clock["daily"] if row["from"] <= f"{day}"]
    full["case"]["call_ups"] = [
        _quota(row, day) for row in full["case"]["call_ups"] if row["from"] <= f"{day}"
    ]
    full["signals"] = [row for row in full["signals"] if row["date"] <= f"{day}"]
    full["regimes"] = _regimes(full["regimes"], day)
    full["money"] = _money(full["money"], day)
    full["routes"] = [
        row | ({"open_to": None} if (row["open_to"] or "") > f"{day}" else {})
        for row in full["routes"]
        if (row["open_from"] or "") <= f"{day}"
    ]
    full["observations"] = _known(full["observations"], day)
    for journeys in ("towns", "legs"):
        full.pop(journeys, None)
    return changed(case, full)


def _ending(row: dict[str, Any], day: dt.date) -> dict[str, Any]:
    """A period that ends by the day."""
    return row | {"to": min(row["to"], day.isoformat())}


def _quota(row: dict[str, Any], day: dt.date) -> dict[str, Any]:
    """The part of a quota that falls into the time up to the day."""
    start, end = (dt.date.fromisoformat(row[key]) for key in ("from", "to"))
    share = ((min(end, day) - start).days + 1) / ((end - start).days + 1)
    return _ending(row, day) | {"persons": row["persons"] * share}


def _regimes(rows: Rows, day: dt.date) -> Rows:
    """Rules in force up to the day; the last of each host ends with it."""
    return [_ending(row, day) for row in rows if row["from"] <= day.isoformat()]


def _money(rows: Rows, day: dt.date) -> Rows:
    """Values up to the day, and the first of a series that begins later."""
    kept = [row for row in rows if row["date"] <= day.isoformat()]
    have = {(row["place"], row["quantity"]) for row in kept}
    for row in sorted(rows, key=lambda row: str(row["date"])):
        if (row["place"], row["quantity"]) not in have:
            have.add((row["place"], row["quantity"]))
            kept.append(row)
    return kept


def _known(rows: Rows, day: dt.date) -> Rows:
    """Rows published by the day; what repeats a row that was not is left out too."""
    kept = [row for row in rows if latest_day(row["published"]) <= day and _inside(row, day)]
    names = _ids(kept)
    return [row for row in kept if not row["repeats"] or row["repeats"] in names]


def _inside(row: dict[str, Any], day: dt.date) -> bool:
    """Whether the period of a used row had ended by the day."""
    return not row["observer"] or str(row["period_end"]) <= day.isoformat()


def _ids(rows: Iterable[dict[str, Any]]) -> set[str]:
    return {str(row["id"]) for row in rows}
