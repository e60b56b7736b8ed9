"""One figure for each camp: the arms side by side, as fans over dates, with what came."""

from __future__ import annotations

import re

import altair as alt
import numpy as np
from numpy.typing import NDArray

from nostoi.base.scores import HUB
from nostoi.present.chart import INK, Figure, date_axis, drawn, fan, panels, to_svg
from nostoi.present.disclosure import Gate, Row
from nostoi.present.summary import LEVELS, QUANTILES
from nostoi.study.arms.judge import HORIZONS
from nostoi.study.arms.run import Arms

Floats = NDArray[np.float64]

EVERY = 7
"""Days between the points of a fan that has one for each day."""
SHORT_NAMES = {
    "once": "no peeking, issued once",
    "day-30": "from the counts of day 30",
    "monthly": "no peeking, issued monthly",
}


def camp_figures(arms: Arms, gate: Gate) -> list[Figure]:
    """A figure for each camp; nothing where no arm was run."""
    rows_of = [_rows(arms, c) for c in range(len(arms.data.labels))]
    return [
        _figure(name, number, rows, gate)
        for number, (name, rows) in enumerate(zip(arms.data.labels, rows_of, strict=True), start=1)
        if rows
    ]


def _rows(arms: Arms, camp: int) -> list[Row]:
    """Panels of one camp."""
    data, reproduced = arms.data, arms.reproduced
    hindsight, of_the_day = data.reports.in_hindsight(), data.reports.of_the_day()
    at = [HUB.index(level) for level in LEVELS]
    rows: list[Row] = []
    if reproduced is not None:
        bands = np.quantile(reproduced[:, ::EVERY, camp], LEVELS, axis=0)
        days = np.arange(0, reproduced.shape[1], EVERY)
        came = hindsight[days, camp]
        rows += _panel("reproduce: Flee's inputs", [data.date(int(d)) for d in days], bands, came)
    for name, shared in arms.shared.items():
        pick = slice(None, None, EVERY)
        days = shared.days[pick]
        bands = shared.quantiles[at, pick, camp]
        came = hindsight[days, camp]
        rows += _panel(SHORT_NAMES[name], [data.date(int(d)) for d in days], bands, came)
    for k, horizon in enumerate(HORIZONS if arms.made else ()):
        targets = np.array([one.issue + horizon for one in arms.made])
        bands = np.stack([one.quantiles[k, at, camp] for one in arms.made], axis=1)
        inside = targets < data.reports.days
        came = np.where(
            inside, of_the_day[np.minimum(targets, data.reports.days - 1), camp], np.nan
        )
        dates = [data.date(day) for day in targets]
        rows += _panel(f"forecast, {horizon} days ahead", dates, bands, came)
    return rows


def _panel(panel: str, dates: list[str], bands: Floats, came: Floats) -> list[Row]:
    """Rows of one panel."""
    return [
        {
            "panel": panel,
            "date": date,
            **{name: float(v) for name, v in zip(QUANTILES, bands[:, t], strict=True)},
            "came": float(came[t]) if np.isfinite(came[t]) else None,
        }
        for t, date in enumerate(dates)
    ]


def _figure(camp: str, number: int, rows: list[Row], gate: Gate) -> Figure:
    """The figure of one camp."""
    data = gate.release(rows, counts=(*QUANTILES, "came"))
    truth = alt.Chart(alt.Undefined).mark_line(
        color=INK, strokeWidth=1.2, strokeDash=[4, 2], point={"size": 8, "color": INK}
    )
    line = truth.encode(date_axis(), alt.Y("came:Q", title=None))
    chart = panels([*fan(), line], drawn(data), columns=3, height=180, scale="shared")
    name = f"camp-{number:02d}-" + (re.sub(r"[^a-z0-9]+", "-", camp.lower()).strip("-") or "x")
    arms = ", ".join(dict.fromkeys(str(row["panel"]) for row in rows))
    alt_text = (
        f"Persons in {camp}: bands of 90 and 50 per cent and medians of {arms}; dashed, what came."
    )
    meta = {"unit": "persons", "definition": "Persons in the camp, by the way they were told."}
    return Figure(name, camp, alt_text, to_svg(chart, name, camp, alt_text), data, meta)
