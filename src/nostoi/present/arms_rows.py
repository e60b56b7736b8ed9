"""Rows of the honest arms: forecasts as forecast hubs read them, counts without peeking, scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nostoi.base.scores import HUB
from nostoi.present.disclosure import Row
from nostoi.present.summary import LEVELS, QUANTILES
from nostoi.study.arms.judge import HORIZONS, MODEL, Mark
from nostoi.study.arms.run import Arms, Error

Floats = NDArray[np.float64]

TOTAL = "all camps"
COUNT = ("value",)


def forecast_rows(arms: Arms) -> list[Row]:
    """One row for each quantile of each series at each horizon of each month's end."""
    names = (*arms.data.labels, TOTAL)
    rows: list[Row] = []
    for one in arms.made:
        for k, horizon in enumerate(HORIZONS):
            for s, name in enumerate(names):
                for level, value in zip(HUB, one.quantiles[k, :, s], strict=True):
                    rows.append({
                        "reference_date": arms.data.date(one.issue),
                        "target": "persons in camps",
                        "horizon": f"{horizon} days",
                        "target_end_date": arms.data.date(one.issue + horizon),
                        "location": name,
                        "output_type": "quantile",
                        "output_type_id": f"{level:g}",
                        "value": float(value),
                    })  # fmt: skip
    return rows


def shared_rows(arms: Arms) -> list[Row]:
    """One row for each camp on each day, for both ways to issue; with what came in hindsight."""
    came = arms.data.reports.in_hindsight()
    at = [HUB.index(level) for level in LEVELS]
    rows: list[Row] = []
    for issued, shared in arms.shared.items():
        for d, day in enumerate(shared.days.tolist()):
            for c, name in enumerate(arms.data.labels):
                said = {
                    quantile: float(shared.quantiles[k, d, c])
                    for quantile, k in zip(QUANTILES, at, strict=True)
                }
                date = arms.data.date(day)
                rows.append({"issued": issued, "date": date, "camp": name, **said,
                             "came": float(came[day, c])})  # fmt: skip
    return rows


def score_rows(marks: Sequence[Mark]) -> list[Row]:
    """Scores as a table; `wis_log` is a ratio scale, `bias` -1 to 1, `inside` shares."""
    return [
        {
            "forecaster": mark.forecaster,
            "horizon": float(mark.horizon),
            "scope": mark.scope,
            "forecasts": float(mark.forecasts),
            "crps": mark.crps,
            "wis": mark.wis,
            "wis_log": mark.wis_log,
            "error_of_median": mark.middle,
            "bias": mark.bias,
            "inside50": mark.covered[0],
            "inside80": mark.covered[1],
            "inside95": mark.covered[2],
        }
        for mark in marks
    ]


def error_rows(errors: Sequence[Error]) -> list[Row]:
    """Errors of camp counts when the total is known."""
    return [
        {"way": one.name, "ard": one.ard, "rescaled_ard": one.rescaled, "has_seen": one.sees}
        for one in errors
    ]


def page(arms: Arms, title: str) -> str:
    """The tables as a page of Markdown."""
    lines = [f"# {title}: camps, arm by arm", ""]
    if arms.errors:
        lines += [
            "## Arrivals known, camps not",
            "",
            "Errors of shares (rescaled ARD) and of counts (ARD) after day 30, held against the "
            "counts in hindsight.",
            "",
            "| way | rescaled ARD | ARD | has seen |",
            "|---|--:|--:|---|",
            *(f"| {e.name} | {e.rescaled:.3f} | {e.ard:.3f} | {e.sees} |" for e in arms.errors),
            "",
        ]
    if arms.scores:
        lines += [
            "## Forecasts from each month's end",
            "",
            "Held against the figures of the day. CRPS and WIS in persons; rivals are single "
            "figures, whose CRPS and WIS are their errors. `capacity` has seen the future where "
            "capacities were taken from the series.",
            "",
            *_marks(arms.scores),
        ]
    return "\n".join(lines) + "\n"


def _marks(marks: Sequence[Mark]) -> list[str]:
    """Scores of all forecasters; intervals only where there are any."""
    lines = [
        "| series | days ahead | forecaster | CRPS | WIS | WIS of logs | bias "
        "| in 50 % | in 80 % | in 95 % |",
        "|---|--:|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for mark in sorted(marks, key=lambda m: (m.scope, m.horizon)):
        has_intervals = mark.forecaster == MODEL
        inside = [f"{100 * share:.0f} %" if has_intervals else "" for share in mark.covered]
        lines.append(
            f"| {mark.scope} | {mark.horizon} | {mark.forecaster} | {mark.crps:,.0f} "
            f"| {mark.wis:,.0f} | {mark.wis_log:.3f} | {mark.bias:+.2f} | "
            + " | ".join(inside)
            + " |"
        )
    return [*lines, ""]
