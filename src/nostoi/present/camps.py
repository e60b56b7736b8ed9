"""Simulated and counted persons in camps as a table that may leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from nostoi.present.disclosure import Gate, Released, Row
from nostoi.study.camps import Ground
from nostoi.study.ensemble import Outcome

COLUMNS = ("date", "camp", "counted", "median", "low", "high")


def camps_table(ground: Ground, outcomes: Sequence[Outcome], gate: Gate) -> Released:
    """Rows of day and camp: persons counted, and median and 5 to 95 % range of the runs.

    The range is that of chance alone; the error of the model is many times wider.
    """
    space, scale = ground.stage.space, ground.hasten
    runs = np.stack([one.camps for one in outcomes]) * scale
    middle = np.median(runs, axis=0)
    low, high = np.quantile(runs, [0.05, 0.95], axis=0)
    rows: list[Row] = []
    for day in range(space.days):
        for k, site in enumerate(ground.counts.camps):
            rows.append(
                {
                    "date": str(space.start + timedelta(days=day)),
                    "camp": space.labels[site],
                    "counted": float(ground.counts.persons[day, k]),
                    "median": float(middle[day, k]),
                    "low": float(low[day, k]),
                    "high": float(high[day, k]),
                }
            )
    return gate.release(rows, counts=COLUMNS[2:])


def camps_csv(table: Released) -> str:
    """The table as text."""
    lines = [",".join(COLUMNS)]
    lines += [",".join(_cell(row.get(name)) for name in COLUMNS) for row in table.rows]
    return "\n".join(lines) + "\n"


def _cell(value: float | str | None) -> str:
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else value
    return f'"{text}"' if "," in text else text
