"""A comparison as tables that may leave: every difference with its interval, through the gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nostoi.base.phases import RULES
from nostoi.present.chart import BLUE, Figure, drawn, fan, panels, to_svg
from nostoi.present.disclosure import Gate, Released, Row, uncounted
from nostoi.present.strings import text
from nostoi.present.summary import LEVELS, QUANTILES
from nostoi.study.carried import Share
from nostoi.study.compare import Comparison, Contrast

MOVES = {
    "leave": "leave for the first time",
    "again": "leave again",
    "home": "go home",
    "on": "move on to another host",
    "called": "are called up",
}
"""Flows, summed from the day on which the scenario parts from the base."""


def quantiles(draws: Any) -> dict[str, float]:
    """Five quantiles of [draw] as cells."""
    found = np.quantile(np.asarray(draws, float), LEVELS)
    return {name: float(q) for name, q in zip(QUANTILES, found, strict=True)}


def totals(found: Comparison, gate: Gate, informed: tuple[str, ...]) -> Released:
    """Who moves and where to: differences over the whole time, one row per number.

    Args:
        found: the comparison.
        gate: the gate.
        informed: groups that a source tells apart; no other group is shown by itself.
    """
    rows = [row for one in found.contrasts for row in _totals(found, one, informed)]
    return gate.release(rows, counts=QUANTILES)


def _row(one: Contrast, what: str, of: str, draws: Any) -> Row:
    return {"scenario": one.word, "what": what, "of": of, "unit": "persons", **quantiles(draws)}


def _totals(found: Comparison, one: Contrast, informed: tuple[str, ...]) -> Iterator[Row]:
    parts, world = one.parts, found.horizon.model.world
    for name, words in MOVES.items():
        yield _row(one, words, "", parts[name].sum(-1))
    for k, rule in enumerate(RULES):
        yield _row(one, "abroad at the end", rule, parts["stock"][:, k, -1])
    for k, rule in enumerate(RULES):
        yield _row(one, "returned at the end", rule, parts["returned"][:, k, -1])
    for k, host in enumerate(world.hosts):
        yield _row(one, "arrive", host, parts["arrive"][:, k].sum(-1))
    for k, host in enumerate(world.hosts):
        yield _row(one, "go home from", host, parts["home_place"][:, k].sum(-1))
    for k, host in enumerate(world.hosts):
        yield _row(one, "in the host at the end", host, parts["stock_place"][:, k, -1])
    for k, group in enumerate(world.groups):
        if group in informed:
            yield _row(one, "leave, of the group", group, parts["leave_group"][:, k].sum(-1))
            yield _row(one, "go home, of the group", group, parts["home_group"][:, k].sum(-1))


def weekly(found: Comparison, gate: Gate) -> Released:
    """When: the differences week by week from the day on which each scenario begins.

    Of a last week that is cut short only the stock is shown: its flows are not those of a week.
    """
    rows: list[Row] = []
    for one in found.contrasts:
        for k, day in enumerate(found.dates):
            if day < one.since:
                continue
            whole = found.horizon.model.world.clock.weeks()
            for name in ("leave", "again", "home", "on") if day in whole else ():
                row = _row(one, MOVES[name], "", one.parts[name][:, k])
                rows.append({"week_ending": day.isoformat(), **row})
            row = _row(one, "abroad", "any", one.parts["stock"][:, 0, k])
            rows.append({"week_ending": day.isoformat(), **row})
    return gate.release(rows, counts=QUANTILES)


def rules(found: Comparison, gate: Gate) -> Released:
    """Which rules carried it: the difference abroad at the end if one rule had not noticed."""
    rows: list[Row] = []
    for one, shares in zip(found.contrasts, found.why, strict=False):
        for share in shares:
            rows.append(
                {
                    "scenario": one.word,
                    "rule": share.rule.name,
                    "kind": share.rule.kind,
                    "difference": float(np.mean(share.whole)),
                    "without_it": float(np.mean(share.left)),
                    "draws": float(len(share.left)),
                    "says": share.rule.says,
                    "part": share.rule.part,
                    "source": share.rule.source,
                }
            )
    return gate.release(rows, counts=("difference", "without_it"))


def fans(found: Comparison, gate: Gate) -> Figure:
    """The difference in the stock abroad, one panel per scenario, each with a scale of its own."""
    rows: list[Row] = []
    for one in found.contrasts:
        for k, day in enumerate(found.dates):
            if day >= one.since:
                draws = one.parts["stock"][:, 0, k]
                rows.append({"panel": one.word, "date": day.isoformat(), **quantiles(draws)})
    data = gate.release(rows, counts=QUANTILES)
    chart = panels(fan(BLUE, months=2), drawn(data), columns=3, height=130, scale="independent")
    title = text("figures.contrasts")
    alt = text("alt.contrasts", n=len(found.contrasts), end=found.dates[-1].isoformat())
    svg = to_svg(chart, "contrasts", title, alt)
    return Figure("contrasts", title, alt, svg, data, {"unit": "persons"}, text("notes.own_scales"))


def pairing(found: Comparison) -> Released:
    """How much pairing gains: variance of the difference over that of two separate runs."""
    rows: list[Row] = [
        {"scenario": one.word, "what": name, "variance_ratio": ratio}
        for one in found.contrasts
        for name, ratio in one.ratios.items()
    ]
    return uncounted(rows)


def peak(one: Contrast, dates: Any, name: str) -> tuple[str, float]:
    """The week in which the mean difference of a flow is largest, and that mean."""
    mean = np.asarray(one.parts[name]).mean(0)
    k = int(np.argmax(np.abs(mean)))
    return dates[k].isoformat(), float(mean[k])


def said(row: Mapping[str, Any]) -> str:
    """A difference in words: median and 90 % interval."""
    low, median, high = (row[name] for name in ("low90", "median", "high90"))
    return f"{signed(median)} ({signed(low)} to {signed(high)})"


def signed(value: float | None) -> str:
    """A rounded difference with its sign; what the gate withheld is near zero."""
    return "about 0" if value is None else f"{value:+,.0f}"


def share_said(share: Share) -> str:
    """A rule's part as percent of the difference."""
    return f"{share.rule.name} {100 * share.carried:.0f} %"
