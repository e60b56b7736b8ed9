"""Scores of forecasters as a table and a plot that may leave; they count no persons."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from nostoi.present.chart import BLUE, WIDTH, Figure, to_svg, values
from nostoi.present.disclosure import Gate, Released, Row, uncounted
from nostoi.present.strings import text
from nostoi.present.summary import QUANTILES
from nostoi.present.table import Table, cell
from nostoi.study.score import Guess, Mark


def scores(found: Sequence[Mark]) -> Released:
    """One row per forecaster."""
    return uncounted([dict(one.__dict__) for one in found])


def table(found: Sequence[Mark]) -> Table:
    """The scores as the report shows them, lower is better but for the coverage."""
    body = [
        [cell(one.who), *(cell(words, style="number") for words in (
            f"{one.wis_log:.3f}", f"{one.wis:,.0f}", f"{one.crps:,.0f}",
            f"{100 * one.coverage:.0f}\N{NO-BREAK SPACE}%", f"{one.bias:+.2f}"))]
        for one in found
    ]  # fmt: skip
    head = [
        text(f"scores.{name}") for name in ("who", "wis_log", "wis", "crps", "coverage", "bias")
    ]
    return Table("scores", text("figures.scores"), head, body)


def forecasts(made: Sequence[Guess], gate: Gate) -> Released:
    """Every figure that was forecast, by everybody, with its interval, through the gate."""
    rows: list[Row] = []
    for guess in made:
        row, levels = guess.target.row, guess.quantiles()
        rows.append(
            {
                "as_of": guess.day.isoformat(),
                "id": row.id,
                "observer": row.observer,
                "measure": row.measure,
                "period_end": row.period_end.isoformat(),
                "weeks_ahead": round(guess.target.weeks, 1),
                "published": row.value,
                "who": guess.who,
                **{name: float(q) for name, q in zip(QUANTILES, levels, strict=True)},
            }
        )
    return gate.release(rows, counts=QUANTILES)


def plot(found: Sequence[Mark]) -> Figure:
    """Mean WIS of logs, one bar per forecaster."""
    table = scores(found)
    y = alt.Y("who:N", sort=[one.who for one in found], axis=alt.Axis(title=None))
    bars = alt.Chart(values(table.rows)).mark_bar(color=BLUE, opacity=0.6, height=16)
    chart = bars.encode(y=y, x=alt.X("wis_log:Q", axis=alt.Axis(title=text("figures.scores"))))
    chart = chart.properties(width=WIDTH - 240, height=30 * len(found))
    best = min(found, key=lambda one: one.wis_log)
    said = text("alt.scores", n=len(found), figures=found[0].figures, best=best.who)
    title = text("figures.scores")
    svg = to_svg(chart, "scores", title, said)
    return Figure("scores", title, said, svg, table, {"unit": "log"})
