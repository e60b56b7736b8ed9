"""Bands over time as columns: small enough to send, released like any table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np

from nostoi.present.disclosure import Cell, Gate, Row
from nostoi.present.summary import LEVELS, QUANTILES

Floats = Any
Json = dict[str, Any]
SHARE_DIGITS = 4


class Part(NamedTuple):
    """One line of a chart: a code, a name, and its draws [draw, date]."""

    key: str
    label: str
    draws: Floats


class Kind(NamedTuple):
    """What a chart shows: its unit, its definition, and whether its parts add up to a total."""

    unit: str
    definition: str
    whole: bool = False


def chart(kind: Kind, parts: Sequence[Part], dates: Sequence[str], gate: Gate) -> Json:
    """A chart as columns of five quantiles; withheld cells are None.

    Args:
        kind: unit, definition, whether the parts add up.
        parts: lines.
        dates: ISO dates.
        gate: the gate of the case.
    """
    counted = kind.unit != "share"
    rows: list[Row] = []
    for part in parts:
        found = np.quantile(np.asarray(part.draws, float), LEVELS, axis=0)
        for k, day in enumerate(dates):
            cells = zip(QUANTILES, (float(v) for v in found[:, k]), strict=True)
            rows.append({"part": part.key, "date": day, **dict(cells)})
    if kind.whole:
        rows = gate.together(rows, "date", QUANTILES)
    data = gate.release(rows, counts=QUANTILES if counted else ())
    n = len(dates)
    lines = [
        {"key": part.key, "label": part.label,
         **{q: [_short(row[q], counted) for row in data.rows[k * n : (k + 1) * n]]
            for q in QUANTILES}}
        for k, part in enumerate(parts)
    ]  # fmt: skip
    return {"unit": kind.unit, "definition": kind.definition, "dates": list(dates),
            "withheld": data.withheld, "parts": lines}  # fmt: skip


def whole_weeks(dates: Sequence[str]) -> list[str]:
    """Ends of weeks without a last one that the end of the run cut short: it would seem quiet."""
    days = [date.fromisoformat(day) for day in dates]
    cut = len(days) > 2 and days[-1] - days[-2] < days[-2] - days[-3]
    return list(dates[:-1] if cut else dates)


def _short(value: Cell, counted: bool) -> float | int | None:
    if not isinstance(value, float | int):
        return None
    return int(value) if counted and value == int(value) else round(float(value), SHARE_DIGITS)
