"""What measurements are worth, as a ranked table and a plot that may leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from nostoi.present.chart import BLUE, INK, WIDTH, Figure, to_svg, values
from nostoi.present.disclosure import Gate, Released, Row
from nostoi.present.strings import text
from nostoi.study.design import GOOD_ESS, Check, Verdict


def ranked(
    verdicts: Sequence[Verdict],
    checks: Mapping[str, Check],
    spread: float,
    gate: Gate,
    persons: bool = True,
) -> Released:
    """One row per candidate, the one with the largest cut per cost unit first.

    Args:
        verdicts: in that order.
        checks: replications by name of the candidate.
        spread: sd of the quantity before anything is measured; persons, or a share.
        gate: the gate.
        persons: the quantity, and so its sd, counts persons and not a share.
    """
    rows: list[Row] = []
    for place, verdict in enumerate(verdicts, 1):
        row: Row = {
            "rank": float(place),
            "candidate": verdict.candidate.name,
            "kind": verdict.candidate.kind,
            "cost": verdict.candidate.cost,
            "cut_per_cost": verdict.per_cost,
            "expected_cut": verdict.cut,
            "monte_carlo_error": verdict.error,
            "cut_if_normal": verdict.linear,
            "sd_before": spread,
            "sd_after": spread * max(1.0 - verdict.cut, 0.0) ** 0.5,
            "effective_draws": verdict.effective,
            "enough_draws": "yes" if verdict.sure else f"no (fewer than {GOOD_ESS:.0f})",
            "says": verdict.candidate.says,
        }
        check = checks.get(verdict.candidate.name)
        if check is not None:
            row |= {
                "realised_cut": check.realised,
                "realised_error": check.error,
                "least_effective_draws": float(check.effective.min()),
            }
        rows.append(row)
    return gate.release(rows, counts=("sd_before", "sd_after") if persons else ())


def plot(table: Released, quantity: str) -> Figure:
    """Expected cuts with their Monte-Carlo error and the realised ones, ranked."""
    rows: list[Row] = []
    for row in table.rows:
        cut, error = (row[key] for key in ("expected_cut", "monte_carlo_error"))
        if not isinstance(cut, float) or not isinstance(error, float):
            continue
        name = f"{row['candidate']} (cost {row['cost']:g})"
        rows.append({**row, "name": name, "low": cut - 2 * error, "high": cut + 2 * error})
    y = alt.Y("name:N", sort=[str(row["name"]) for row in rows],
              axis=alt.Axis(title=None))  # fmt: skip
    x = alt.Axis(title=text("notes.cut"), format="%")
    blank = alt.Chart(alt.Undefined)
    bars = blank.mark_bar(color=BLUE, opacity=0.5, height=12).encode(
        y=y, x=alt.X("expected_cut:Q", axis=x)
    )
    whiskers = blank.mark_rule(color=INK).encode(y=y, x="low:Q", x2="high:Q")
    points = blank.mark_point(color=INK, filled=True, size=40).encode(y=y, x="realised_cut:Q")
    chart = alt.layer(bars, whiskers, points, data=values(rows))
    chart = chart.properties(width=WIDTH - 340, height=26 * len(rows))
    title = text("figures.design", quantity=quantity)
    best = rows[0]["candidate"] if rows else ""
    described = text("alt.design", n=len(rows), best=best)
    svg = to_svg(chart, "design", title, described)
    return Figure("design", title, described, svg, table, {"unit": "share of the variance"})
