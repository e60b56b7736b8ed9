"""Figures of people over time: stocks, moves, returns, belief."""

from __future__ import annotations

import altair as alt
import numpy as np

from nostoi.present import words
from nostoi.present.caseview import CaseView
from nostoi.present.chart import BLUE, GREEN, ORANGE, VERMILION, Figure, drawn, fan, moment, to_svg
from nostoi.present.chart import panels as facet
from nostoi.present.disclosure import Gate, Released, Row
from nostoi.present.reading import Fit
from nostoi.present.strings import label, text
from nostoi.present.summary import QUANTILES, Floats, band_row, bands

RULES = ("any", "3m", "6m", "12m")


def series(panel: str, dates: list[str], draws: Floats) -> list[Row]:
    """Rows of one panel: one per date, with five quantiles."""
    found = bands(draws)
    return [{"panel": panel, "date": date, **band_row(found[:, t])} for t, date in enumerate(dates)]


def last_medians(data: Released, n: int = 4) -> str:
    """The last median of each panel, in words."""
    last = {str(row["panel"]): row for row in data.rows}
    shown = [f"{panel} {words.number(_float(row['median']), 1000)}" for panel, row in last.items()]
    return "; ".join(shown[:n])


def peak(data: Released, panel: str) -> tuple[str, float]:
    """Date and median of a panel's highest median."""
    rows = [row for row in data.rows if row["panel"] == panel]
    best = max(rows, key=lambda row: _float(row["median"]) or 0.0)
    return str(best["date"]), _float(best["median"]) or 0.0


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def by_rule(fit: Fit, case: CaseView, gate: Gate, name: str, variable: str, color: str) -> Figure:
    """One panel per residence rule, all on one scale."""
    rows: list[Row] = []
    for rule in fit.names("rule"):
        rows += series(label("rules", rule), fit.dates, fit.draws(variable, rule=rule))
    data = gate.release(rows, counts=QUANTILES)
    layers = [*fan(color), moment(case.event)]
    chart = facet(layers, drawn(data), columns=4, height=170, scale="shared")
    alt_text = text(f"alt.{name}", end=fit.dates[-1], values=last_medians(data))
    return _figure(name, chart, alt_text, data, "persons")


def stocks_rule(fit: Fit, case: CaseView, gate: Gate) -> Figure:
    """Persons abroad by residence rule."""
    return by_rule(fit, case, gate, "stocks_rule", "stock_rule", BLUE)


def returned(fit: Fit, case: CaseView, gate: Gate) -> Figure:
    """Persons returned by residence rule."""
    return by_rule(fit, case, gate, "returned", "returned_rule", GREEN)


def hosts_by_size(fit: Fit) -> list[str]:
    """Hosts from the largest to the smallest final stock (posterior mean)."""
    final = fit.draws("stock_place")[..., -1].mean(axis=(0, 1))
    return [fit.names("place")[i] for i in np.argsort(-final)]


def stocks_host(fit: Fit, case: CaseView, gate: Gate) -> Figure:
    """Persons abroad by host, the largest first."""
    rows: list[Row] = []
    for place in hosts_by_size(fit):
        rows += series(case.place(place), fit.dates, fit.draws("stock_place", place=place))
    data = gate.release(gate.together(rows, "date", QUANTILES), counts=QUANTILES)
    layers = [*fan(BLUE), moment(case.event)]
    chart = facet(layers, drawn(data), columns=4, height=110, scale="independent")
    n = len(fit.names("place"))
    alt_text = text("alt.stocks_host", n=n, end=fit.dates[-1], values=last_medians(data))
    return _figure("stocks_host", chart, alt_text, data, "persons", text("notes.own_scales"))


def moves(fit: Fit, case: CaseView, gate: Gate) -> Figure:
    """Departures, returns, onward moves and second departures per week."""
    rows: list[Row] = []
    names = ("leave_week", "home_week", "on_week", "again_week")
    for name in names:
        rows += series(label("panels", name), fit.dates, fit.draws(name))
    data = gate.release(rows, counts=QUANTILES)
    layers = [*fan(VERMILION), moment(case.event)]
    chart = facet(layers, drawn(data), columns=2, height=170, scale="independent")
    when, size = peak(data, label("panels", "leave_week"))
    alt_text = text("alt.moves", peak=when, value=words.number(size, 1000))
    return _figure("moves", chart, alt_text, data, "persons per week", text("notes.own_scales"))


def at_home(fit: Fit, case: CaseView) -> Floats:
    """Mean belief at home over the groups, weighted by persons at the start."""
    weights = np.array([case.persons.get(group, 1.0) for group in fit.names("group")])
    belief = fit.draws("belief_home")
    return np.asarray(np.einsum("cdgt,g->cdt", belief, weights / weights.sum()), float)


def belief(fit: Fit, case: CaseView, gate: Gate) -> Figure:
    """Perceived chance of a call-up and rumour level at home."""
    title, rumour = label("panels", "belief_home"), label("panels", "rumour_home")
    rows = series(title, fit.dates, at_home(fit, case))
    rows += series(rumour, fit.dates, fit.draws("rumour_home"))
    for group in fit.informed:
        panel = f"{title}: {case.group(group)}"
        rows += series(panel, fit.dates, fit.draws("belief_home", group=group))
    data = gate.release(rows)
    layers = [*fan(ORANGE, ".2f"), moment(case.event)]
    chart = facet(layers, drawn(data), columns=2, height=150, scale="independent")
    when, size = peak(data, title)
    alt_text = text("alt.belief", peak=when, value=f"{size:.2f}")
    return _figure("belief", chart, alt_text, data, "share 0..1")


def _figure(
    name: str,
    chart: alt.TopLevelMixin,
    alt_text: str,
    data: Released,
    unit: str,
    note: str = "",
) -> Figure:
    title = text(f"figures.{name}")
    svg = to_svg(chart, name, title, alt_text)
    return Figure(name, title, alt_text, svg, data, {"unit": unit}, note)
