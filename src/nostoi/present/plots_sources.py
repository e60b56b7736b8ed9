"""Figures of the evidence: sources, polls, published shares, coverage, parameters, readiness."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from nostoi.present import chart as look
from nostoi.present.caseview import CaseView
from nostoi.present.chart import BLUE, GREEN, INK, MUTED, VERMILION, Figure, drawn, to_svg
from nostoi.present.disclosure import Gate, Released, Row
from nostoi.present.evidence import RETURNED, Observed, coverage, gated, rows
from nostoi.present.strings import label, text
from nostoi.present.summary import QUANTILES

SCALED = (*QUANTILES, "point", "published_low", "published_high")

NAMES = 400
"""Pixels for the names of published shares."""


def _bars(color: str, horizontal: bool = False) -> list[alt.Chart]:
    blank = alt.Chart(alt.Undefined)
    layers = []
    for low, high, size, strength in (("low90", "high90", 3, 0.35), ("low50", "high50", 5, 0.8)):
        mark = blank.mark_rule(color=color, strokeWidth=size, opacity=strength, clip=horizontal)
        if horizontal:
            layers.append(mark.encode(x=alt.X(f"{low}:Q"), x2=alt.X2(f"{high}:Q")))
        else:
            layers.append(mark.encode(y=alt.Y(f"{low}:Q"), y2=alt.Y2(f"{high}:Q")))
    return layers


def per_day(data: Released) -> list[Row]:
    """Rows for drawing: counts over a period become counts per day, so that periods compare."""
    out = []
    for row in drawn(data):
        days = row["days"]
        scale = days if isinstance(days, float) and days > 0 else 1.0
        numbers = {
            k: v / scale for k, v in row.items() if k in SCALED and isinstance(v, float | int)
        }
        out.append({**row, **numbers})
    return out


def _against(
    found: Sequence[Observed], case: CaseView, gate: Gate
) -> tuple[alt.FacetChart, Released]:
    """Published points over predictive bars, one panel per series, and the rows drawn."""
    data = gate.release(rows([gated(f, gate) for f in found]))
    axis = alt.Axis(title=None, format="~s", labelFlush=True)
    x = look.date_axis((case.start, case.end))
    bars = [bar.encode(x=x) for bar in _bars(BLUE)]
    blank = alt.Chart(alt.Undefined)
    span = blank.mark_rule(color=INK, strokeWidth=1).encode(
        x, alt.Y("published_low:Q", axis=axis), alt.Y2("published_high:Q")
    )
    period = blank.mark_rule(color=INK, strokeWidth=1, clip=True).encode(
        alt.X("start:T"), alt.Y("point:Q", axis=axis), x2=alt.X2("end:T")
    )
    dot = blank.mark_point(color=INK, filled=True, size=16, opacity=1).encode(
        x, alt.Y("point:Q", axis=axis)
    )
    layers = [*bars, span, period, dot]
    graph = look.panels(layers, per_day(data), columns=3, height=110, scale="independent")
    return graph, data


def sources(found: Sequence[Observed], case: CaseView, gate: Gate, family: str) -> Figure:
    """Every observer of a family: its figures over the predictive intervals."""
    name = f"sources_{family}"
    graph, data = _against(found, case, gate)
    words = label("families", family)
    inside = sum(f.inside(90) for f in found)
    alt_text = text("alt.sources", family=words, n=len(found), inside=inside)
    title = text("figures.sources", family=words)
    svg = to_svg(graph, name, title, alt_text)
    note = "per_day" if any(f.days for f in found) else "own_scales"
    return Figure(name, title, alt_text, svg, data, {"unit": "as published"}, text(f"notes.{note}"))


def polls(found: Sequence[Observed], case: CaseView, gate: Gate) -> Figure:
    """Polls over their predictive intervals."""
    graph, data = _against(found, case, gate)
    inside = sum(f.inside(90) for f in found)
    alt_text = text("alt.polls", n=len(found), inside=inside)
    title = text("figures.polls")
    svg = to_svg(graph, "polls", title, alt_text)
    return Figure("polls", title, alt_text, svg, data, {"unit": "percent or index, as published"})


def published_shares(found: Sequence[Observed], case: CaseView, gate: Gate) -> Figure:
    """Published shares of return beside the interval that the model expects each to show."""
    kept = [f for f in found if f.measure in RETURNED and not f.counts_persons]
    lines: list[Row] = [
        {**row, "panel": f"{case.publisher(f.publisher)}, {f.end[:7]}  ({f.id})"}
        for f, row in zip(kept, rows(kept), strict=True)
    ]
    data = gate.release(lines)
    shown = look.in_lines(drawn(data), NAMES)
    order = [str(row["panel"]) for row in shown]
    names = alt.Axis(title=None, labelExpr=look.LINES, ticks=False)
    y = alt.Y("panel:N", sort=order, axis=names)
    scale = alt.Scale(domain=[0, 100])
    bars = [bar.encode(y=y) for bar in _bars(GREEN, horizontal=True)]
    dot = alt.Chart(alt.Undefined).mark_point(color=VERMILION, filled=True, size=60, opacity=1)
    axis = alt.Axis(title=label("units", "percent"))
    point = dot.encode(alt.X("point:Q", scale=scale, axis=axis), y)
    graph = alt.layer(*bars, point, data=look.values(shown))
    sized = graph.properties(width=560, height=alt.Step(30))
    inside = sum(f.inside(90) for f in kept)
    alt_text = text("alt.shares", inside=inside, n=len(kept))
    title = text("figures.shares")
    return Figure("shares", title, alt_text, to_svg(sized, "shares", title, alt_text), data,
                  {"unit": "percent"})  # fmt: skip


def coverage_plot(families: dict[str, list[Observed]], gate: Gate) -> Figure:
    """Share of figures inside the predictive intervals, by family."""
    lines: list[Row] = [
        {"family": f"{label('families', name)} ({len(found)})", "mass": f"{mass} %",
         "inside": coverage(found, mass), "nominal": mass / 100}
        for name, found in families.items() for mass in (50, 90)
    ]  # fmt: skip
    data = gate.release(lines)
    axis = alt.Axis(title=None, format="%")
    colors = alt.Color("mass:N", scale=alt.Scale(domain=["50 %", "90 %"], range=[VERMILION, BLUE]))
    y = alt.Y("family:N", axis=alt.Axis(title=None), sort=None)
    x = alt.X("inside:Q", axis=axis, scale=alt.Scale(domain=[0, 1]))
    dot = alt.Chart(alt.Undefined).mark_point(filled=True, size=70, opacity=1).encode(x, y, colors)
    rule = alt.Chart(alt.Undefined).mark_rule(strokeDash=[3, 3]).encode(x="nominal:Q", color=colors)
    graph = alt.layer(rule, dot, data=look.values(list(data.rows)))
    sized = graph.properties(width=460, height=alt.Step(24))
    everything = [f for found in families.values() for f in found]
    shares = {f"c{mass}": f"{100 * coverage(everything, mass):.0f} %" for mass in (50, 90)}
    alt_text, title = text("alt.coverage", **shares), text("figures.coverage")
    svg = to_svg(sized, "coverage", title, alt_text)
    return Figure("coverage", title, alt_text, svg, data, {"unit": "share of figures"})


def readiness(lines: Sequence[Row], gate: Gate) -> Figure:
    """Would, could and ready (shares 0..1) by group, one panel each."""
    data = gate.release(lines)
    y = alt.Y("group:N", sort=None, axis=alt.Axis(title=None, ticks=False))
    scale = alt.Scale(domain=[0, 1])
    bars = [bar.encode(y=y) for bar in _bars(BLUE, horizontal=True)]
    x = alt.X("median:Q", scale=scale, axis=alt.Axis(title=None, format="%"))
    dot = alt.Chart(alt.Undefined).mark_point(color=INK, filled=True, size=50, opacity=1)
    layer = alt.layer(*bars, dot.encode(x, y)).properties(width=190, height=alt.Step(26))
    order = list(dict.fromkeys(str(row["panel"]) for row in data.rows))
    facet = alt.Facet("panel:N", sort=order, header=alt.Header(title=None))
    graph = layer.facet(facet, columns=3, data=look.values(drawn(data)), bounds="flush")
    groups = len({row["group"] for row in data.rows})
    alt_text, title = text("alt.ready", n=groups), text("figures.ready")
    svg = to_svg(graph, "ready", title, alt_text)
    return Figure("ready", title, alt_text, svg, data, {"unit": "share 0..1"})


def ratios(lines: Sequence[Row], gate: Gate) -> Figure:
    """Posterior over prior standard deviation, one dot per parameter."""
    data = gate.release(sorted(lines, key=lambda row: float(row["ratio"] or 0.0)))
    y = alt.Y("parameter:N", sort=None, axis=alt.Axis(title=None, labelFontSize=10))
    domain = ["learned", "partly", "prior"]
    legend = alt.Legend(labelExpr="datum.label == 'prior' ? 'prior-driven' : datum.label")
    colors = alt.Color("label:N", legend=legend,
                       scale=alt.Scale(domain=domain, range=[BLUE, GREEN, VERMILION]))  # fmt: skip
    x = alt.X("ratio:Q", axis=alt.Axis(title="posterior sd ÷ prior sd"), scale=alt.Scale(zero=True))
    dot = alt.Chart(alt.Undefined).mark_point(filled=True, size=46, opacity=1).encode(x, y, colors)
    limits = alt.Chart(alt.InlineData(values=[{"at": 0.5}, {"at": 0.8}])).mark_rule(
        color=MUTED, strokeDash=[3, 3]
    )
    graph = alt.layer(limits.encode(x="at:Q"), dot, data=look.values(list(data.rows)))
    sized = graph.properties(width=460, height=alt.Step(15))
    counts = {name: sum(row["label"] == name for row in data.rows) for name in domain}
    alt_text = text("alt.parameters", n=len(data.rows), **counts)
    title = text("figures.parameters")
    svg = to_svg(sized, "parameters", title, alt_text)
    return Figure("parameters", title, alt_text, svg, data, {"unit": "ratio"})
