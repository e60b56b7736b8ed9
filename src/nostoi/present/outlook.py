"""A forecast as tables and fans that may leave: quantiles for a hub, peaks for a planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from nostoi.base.phases import RULES
from nostoi.present.chart import BLUE, GREEN, VERMILION, Figure, drawn, fan, panels, to_svg
from nostoi.present.contrast import quantiles
from nostoi.present.disclosure import Gate, Released, Row, uncounted
from nostoi.present.strings import text
from nostoi.present.summary import QUANTILES
from nostoi.study.forecast import Forecast, peaks
from nostoi.study.posts import PostPeak

HUB = ("reference_date", "target", "horizon", "target_end_date", "location", "output_type",
       "output_type_id", "value")  # fmt: skip
"""Columns of the quantile format of the forecast hubs (hubverse)."""

HUB_LEVELS = (0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975)
EVERYWHERE = "ALL"


def hub(found: Forecast, gate: Gate) -> Released:
    """Quantiles in the format of the hubs.

    A set of quantiles of which one must be withheld is left out as a whole: such files may have no
    gaps. The count of what was withheld stays.
    """
    rows: list[Row] = []
    withheld = 0
    for target, place, by_date in _targets(found):
        for k, day in enumerate(found.dates):
            made = _quantile_rows(found.reference, day, k + 1, (target, place), by_date[:, k])
            released = gate.release(made, counts=("value",))
            withheld += released.withheld
            if not released.withheld:
                rows += released.rows
    return Released(tuple(rows), withheld, str(gate))


def _targets(found: Forecast) -> Iterator[tuple[str, str, Any]]:
    """Target, location and its draws by date, [draw, date]."""
    weeks = found.weeks
    yield "wk inc departures", EVERYWHERE, weeks["leave"] + weeks["again"]
    yield "wk inc returns", EVERYWHERE, weeks["home"]
    yield "wk inc onward", EVERYWHERE, weeks["on"]
    yield "wk inc arrivals", EVERYWHERE, weeks["arrive"].sum(1)
    for k, rule in enumerate(RULES):
        yield f"stock abroad {rule}", EVERYWHERE, weeks["stock"][:, k]
        yield f"stock returned {rule}", EVERYWHERE, weeks["returned"][:, k]
    for k, host in enumerate(found.horizon.model.world.hosts):
        yield "wk inc arrivals", host, weeks["arrive"][:, k]
        yield "wk inc returns", host, weeks["home_place"][:, k]
        yield "stock abroad any", host, weeks["stock_place"][:, k]


def _quantile_rows(
    reference: date, day: date, horizon: int, of: tuple[str, str], draws: Any
) -> list[Row]:
    levels = np.quantile(draws, HUB_LEVELS)
    cells = (reference.isoformat(), of[0], float(horizon), day.isoformat(), of[1], "quantile")
    return [
        dict(zip(HUB, (*cells, level, float(value)), strict=True))
        for level, value in zip(HUB_LEVELS, levels, strict=True)
    ]


def peak_table(found: Forecast, gate: Gate, beds: float, desks: float) -> Released:
    """The busiest day and week of every host, and the beds and desks that they ask for.

    Args:
        found: the forecast.
        gate: the gate.
        beds: per 1,000 arrivals of the busiest week.
        desks: per 1,000 arrivals of the busiest day.
    """
    rows: list[Row] = []
    for peak in peaks(found):
        middle = found.days[int(np.median(peak.day))].isoformat()
        for what, draws in (("busiest day", peak.on_day), ("busiest week", peak.in_week)):
            row: Row = {"host": peak.host, "what": what, "middle_date": middle, "unit": "persons"}
            rows.append({**row, **quantiles(draws)})
    shown = gate.release(rows, counts=QUANTILES)
    more: list[Row] = []
    for row in shown.rows:
        ratio, unit = (desks, "desks") if row["what"] == "busiest day" else (beds, "beds")
        more.append({**row, "what": f"{unit} for the {row['what']}", "unit": unit,
                     **{name: _needed(row[name], ratio) for name in QUANTILES}})  # fmt: skip
    return uncounted([*shown.rows, *more], shown)


def post_table(found: Forecast, posts: Sequence[PostPeak], gate: Gate, desks: float) -> Released:
    """The busiest day and week of every border post, and the desks that they ask for.

    Args:
        found: the forecast.
        posts: peaks of its posts.
        gate: the gate.
        desks: per 1,000 arrivals of the busiest day.
    """
    rows: list[Row] = []
    for peak in posts:
        middle = found.days[int(np.median(peak.day))].isoformat()
        for what, draws in (("busiest day", peak.on_day), ("busiest week", peak.in_week)):
            row: Row = {
                "post": peak.post,
                "what": what,
                "middle_date": middle,
                "unit": "persons",
                "capacity_per_day": peak.capacity,
                "chance_over_capacity": peak.full,
            }
            rows.append({**row, **quantiles(draws)})
    shown = gate.release(rows, counts=QUANTILES)
    more: list[Row] = [
        {**row, "what": "desks for the busiest day", "unit": "desks",
         **{name: _needed(row[name], desks) for name in QUANTILES}}
        for row in shown.rows if row["what"] == "busiest day"
    ]  # fmt: skip
    return uncounted([*shown.rows, *more], shown)


def _needed(persons: Any, ratio: float) -> float | None:
    """Beds or desks for a released count: no finer than the count itself."""
    return None if persons is None else float(np.ceil(persons * ratio / 1000.0))


def ready_table(found: Forecast, gate: Gate) -> Released:
    """Of those returned on the last day, the share ready to leave again, and what is behind it."""
    back = float(np.quantile(found.weeks["returned"][:, 0, -1], 0.05))
    rows: list[Row] = []
    for name, draws in (("ready", found.ready), ("would", found.would), ("could", found.could)):
        cells = {key: gate.share(value, back) for key, value in quantiles(draws).items()}
        rows.append({"what": name, "unit": "share 0..1 of those returned", **cells})
    return uncounted(rows)


def fans(found: Forecast, gate: Gate) -> list[Figure]:
    """Fans of stocks, flows and arrivals by host."""
    weeks, dates = found.weeks, [day.isoformat() for day in found.dates]
    hosts = found.horizon.model.world.hosts
    order = np.argsort(-weeks["stock_place"][..., -1].mean(0))
    flows = [
        (text("panels.leave_week"), weeks["leave"] + weeks["again"]),
        (text("panels.home_week"), weeks["home"]),
        (text("panels.on_week"), weeks["on"]),
        (text("panels.again_week"), weeks["again"]),
    ]
    stocks = [(text(f"rules.{rule}"), weeks["stock"][:, k]) for k, rule in enumerate(RULES)]
    arrivals = [(hosts[k], weeks["arrive"][:, k]) for k in order]
    return [
        _figure("forecast_stocks", stocks, dates, gate, BLUE),
        _figure("forecast_moves", flows, dates, gate, VERMILION),
        _figure("forecast_arrivals", arrivals, dates, gate, GREEN),
    ]


def _figure(
    name: str, parts: Sequence[tuple[str, Any]], dates: list[str], gate: Gate, color: str
) -> Figure:
    rows: list[Row] = [
        {"panel": panel, "date": day, **quantiles(draws[:, k])}
        for panel, draws in parts
        for k, day in enumerate(dates)
    ]
    data = gate.release(rows, counts=QUANTILES)
    months = max(1, len(dates) // 13)
    chart = panels(
        fan(color, months=months), drawn(data), columns=4, height=130, scale="independent"
    )
    title = text(f"figures.{name}")
    alt = text(f"alt.{name}", end=dates[-1])
    return Figure(name, title, alt, to_svg(chart, name, title, alt), data, {"unit": "persons"})
