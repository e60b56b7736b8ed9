"""The look of every figure: palette, fans, intervals, and Vega to SVG without a browser."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import altair as alt
from altair.utils.schemapi import debug_mode

from nostoi.present.disclosure import Released, Row
from nostoi.present.summary import QUANTILES

INK, MUTED, GRID, PAPER = "#1b1f24", "#5b6470", "#e3e6ea", "#ffffff"
BLUE, VERMILION, GREEN, ORANGE = "#0072b2", "#d55e00", "#009e73", "#e69f00"
FONT = "Helvetica Neue, Arial, Liberation Sans, sans-serif"
WIDTH = 900
Scale = Literal["independent", "shared"]
MARGIN = 52
LETTER = 7.5
"""Pixels that a letter of a panel's name takes at most on average: 12.5 px, bold."""
LINES = "split(datum.label, '\\n')"
"""Vega's expression for a label of several lines, as `wrapped` leaves it."""
SPACING = {"row": 56, "column": 50}


@dataclass(frozen=True)
class Figure:
    """A figure that may leave: its picture, its data, its words.

    Attributes:
        name: file name without ending.
        alt: what a reader who cannot see it needs to know.
        data: the rows drawn, already through the gate.
        meta: definition and unit for the file beside the data.
    """

    name: str
    title: str
    alt: str
    svg: str
    data: Released
    meta: dict[str, str] = field(default_factory=dict)
    note: str = ""


def config() -> dict[str, Any]:
    """Vega-Lite configuration shared by all figures."""
    text = {"labelColor": MUTED, "titleColor": INK, "labelFont": FONT, "titleFont": FONT}
    return {
        "aria": False,
        "background": PAPER,
        "font": FONT,
        "view": {"stroke": None},
        "axis": text
        | {
            "gridColor": GRID, "domainColor": MUTED, "tickColor": MUTED, "labelFontSize": 11,
            "titleFontSize": 11, "titleFontWeight": "normal", "tickCount": 4, "labelLimit": 0,
        },
        "legend": text | {"labelFontSize": 12, "title": None, "orient": "top"},
        "header": text | {"labelFontSize": 12.5, "labelColor": INK, "labelAnchor": "start",
                          "labelFontWeight": 600, "title": None, "labelPadding": 4},
    }  # fmt: skip


def drawn(data: Released) -> list[Row]:
    """Rows for drawing: a withheld quantile lies below the threshold, so it is drawn as zero."""
    rows = []
    for row in data.rows:
        fill = {name: 0.0 for name in QUANTILES if name in row and row[name] is None}
        rows.append({**row, **fill})
    return rows


def values(rows: Sequence[Row]) -> alt.InlineData:
    """Rows as data inside the chart.

    A tuple, and made without Altair's check: it would copy and check every row, several times, for
    each layer that shares them.
    """
    with debug_mode(False):
        return alt.InlineData(values=tuple(dict(row) for row in rows))


def date_axis(span: tuple[str, str] | None = None, months: int = 6) -> alt.X:
    """Dates from left to right, over a span of dates or over the data; a tick every few months."""
    every = alt.TimeIntervalStep(interval="month", step=months)
    axis = alt.Axis(title=None, format="%b %y", grid=False, tickCount=every, labelOverlap=True)
    scale = alt.Scale(domain=list(span)) if span else alt.Scale()
    return alt.X("date:T", axis=axis, scale=scale)


def fan(color: str = BLUE, form: str = "~s", months: int = 6) -> list[alt.Chart]:
    """Light band of 90 %, dark band of 50 %, and the median, over dates."""
    x = date_axis(months=months)
    y = alt.Axis(title=None, format=form, labelFlush=True)
    blank = alt.Chart(alt.Undefined)
    layers = []
    for low, high, strength in (("low90", "high90", 0.22), ("low50", "high50", 0.38)):
        mark = blank.mark_area(color=color, opacity=strength, interpolate="monotone")
        layers.append(mark.encode(x, alt.Y(f"{low}:Q", axis=y), alt.Y2(f"{high}:Q")))
    line = blank.mark_line(color=color, strokeWidth=1.8, interpolate="monotone")
    return [*layers, line.encode(x, alt.Y("median:Q", axis=y))]


def moment(date: str) -> alt.Chart:
    """A dashed vertical line at a date."""
    mark = alt.Chart(alt.Undefined).mark_rule(color=MUTED, strokeDash=[3, 3])
    at: alt.Chart = mark.encode(x=alt.datum({"expr": f"toDate('{date}')"}, type="temporal"))
    return at


def wrapped(name: str, room: int) -> str:
    """The name of a panel on as many lines as it needs to be read whole in `room` pixels."""
    return "\n".join(textwrap.wrap(name, max(int(room / LETTER), 1)))


def in_lines(rows: Sequence[Row], room: int) -> list[Row]:
    """Rows for drawing with the names of their panels wrapped; draw them with `LINES`."""
    return [{**row, "panel": wrapped(str(row["panel"]), room)} for row in rows]


def panels(
    layers: Sequence[alt.Chart], rows: Sequence[Row], *, columns: int, height: int, scale: Scale
) -> alt.FacetChart:
    """Small panels, one per `panel`, in the order in which the rows name them."""
    width = (WIDTH - MARGIN * columns) // columns
    room = width + MARGIN // 2
    rows = in_lines(rows, room)
    order = list(dict.fromkeys(str(row["panel"]) for row in rows))
    layer = alt.layer(*layers).properties(width=width, height=height)
    lines = alt.Header(title=None, labelLimit=room, labelExpr=LINES)
    facet = alt.Facet("panel:N", sort=order, header=lines)
    grid: dict[str, Any] = {"columns": columns, "bounds": "flush", "spacing": SPACING}
    chart: alt.FacetChart = layer.facet(facet, data=values(rows), **grid)
    chart = chart.resolve_scale(y=scale).resolve_axis(x="independent", y="independent")
    return chart


def to_svg(chart: alt.TopLevelMixin | dict[str, Any], name: str, title: str, alt_text: str) -> str:
    """The chart as an SVG that says what it shows and shares no ids with other figures."""
    import vl_convert

    spec = dict(chart) if isinstance(chart, dict) else chart.to_dict(validate=False)
    spec["config"] = config()
    spec.setdefault("padding", 4)
    raw = str(vl_convert.vegalite_to_svg(spec))
    raw = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', raw)
    raw = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", raw)
    raw = re.sub(r"(-?\d+\.\d{2})\d+", r"\1", raw)
    head = f'<svg role="img" aria-label="{html.escape(alt_text)}" '
    words = f"<title>{html.escape(title)}</title><desc>{html.escape(alt_text)}</desc>"
    raw = re.sub(r"<svg\s", head, raw, count=1)
    return re.sub(r"(<svg[^>]*>)", lambda m: m.group(1) + words, raw, count=1)
