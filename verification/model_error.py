"""What cohorts get wrong of what people do, row by row: writes model_error.md.

    python verification/model_error.py CASE [--worlds 24]

At the same draws of the priors, agents with journeys and a network of contacts and the cohort
engine on the clock of the case each say what the sources would show. How far they lie apart is the
model's own error, of which the likelihood knows nothing (decision 041). The draws are others than
those of misspecified.py, which come before them.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from invented import LEARNED, NODES, PEOPLE, seen_worlds

from nostoi.base.numerics import prepare
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.engine.daily import daily, model_of, roads_of
from nostoi.infer.model import target_of
from nostoi.observe.panel import Panel
from nostoi.observe.scale import LINEAR
from nostoi.study.horizon import panel_on
from nostoi.study.worlds import Maker, parameters, record_of

TABLE = Path(__file__).with_suffix(".md")
SHORT = 31
"""Days of a short period."""

HEAD = """# What cohorts get wrong of what people do

Written by `python verification/model_error.py {case} --worlds {n}`.

{n} draws of the priors, the next after the {after} that misspecified.md passes over; {people:,}
agents with journeys, queues and networks of {nodes:,} contacts, and cohorts at the same parameters.
Difference of what both say that a row would show, on the row's scale (logs; logits for percentages;
balances are left out). "Scale": the scale of a Student t with four degrees of freedom that has the
same share beyond its 80 or 90 % interval; a careful source has 0.06.

| family | period | rows x draws | mean | scale by 80 % | scale by 90 % |
|---|---|---|---|---|---|
"""
ROWS_HEAD = """
## The rows that lie furthest apart

Quartiles over the draws of the same difference, of balances too, over the scale that the row's
residual has at those parameters. Where they are well above 1 the likelihood takes the cohort engine
for surer than it is; the sign is that of cohorts less people.

| row | source | period | lower quartile | median | upper quartile |
|---|---|---|---|---|---|
"""
SHOWN = 40
"""Rows that are listed."""

REACH = {80: 1.5332, 90: 2.1318}
"""Ends of the central intervals of a standard t with four degrees of freedom."""


def differences(case: Case, numbers: Sequence[int]) -> Iterator[tuple[Any, Any]]:
    """Cohorts less people, of every row on its scale, and the scale of its residual; each [row]."""
    target, maker = target_of(case), Maker(case, None, PEOPLE, contacts=NODES)
    today = daily(case, model_of(case))
    panel, roads = panel_on(today.world, case.evidence), roads_of(case)
    table = parameters(maker, target.model, target.panel, numbers)
    shown = jax.jit(
        lambda values: target.panel.centre_and_width(
            target.panel.read(target.record(values)), values
        )
    )
    seen = jax.jit(lambda record, values: panel.centre_and_width(panel.read(record), values)[0])
    for place, number in enumerate(numbers):
        values = {name: value[place] for name, value in table.items()}
        record = record_of(maker, today, values, number, roads)
        sys.stderr.write(f"\r{place + 1} of {len(numbers)} draws ")
        centre, width = (np.asarray(part) for part in shown(values))
        yield centre - np.asarray(seen(record, values)), width


def furthest(panel: Panel, apart: Any, widths: Any) -> str:
    """Rows of the table of those that lie furthest apart; `apart`, `widths` [draw, row]."""
    low, middle, high = np.quantile(apart / widths, (0.25, 0.5, 0.75), axis=0)
    lines = []
    for k in np.argsort(-np.abs(middle))[:SHOWN]:
        row = panel.rows[k]
        cells = " | ".join(f"{part[k]:+.1f}" for part in (low, middle, high))
        period = f"{row.period_start} to {row.period_end}"
        lines.append(f"| {row.id} | {panel.names[k]} {row.measure} | {period} | {cells} |\n")
    return "".join(lines)


def main(words: Sequence[str]) -> None:
    """Compare and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("--worlds", type=int, default=24)
    given = parser.parse_args(words)
    prepare()
    case = load(given.case)
    numbers = seen_worlds(case, given.worlds, LEARNED)
    apart, widths = (np.stack(part) for part in zip(*differences(case, numbers), strict=True))
    panel = target_of(case).panel
    scales = np.concatenate([observer.scales for observer in panel.observers])
    groups: dict[tuple[str, bool], list[float]] = defaultdict(list)
    for k, (row, family) in enumerate(zip(panel.rows, panel.families, strict=True)):
        if scales[k] != LINEAR:
            short = (row.period_end - row.period_start).days < SHORT
            groups[family, short] += list(apart[:, k])
    lines = []
    for (family, short), some in sorted(groups.items()):
        far = np.abs(some)
        cells = " | ".join(f"{np.quantile(far, p / 100) / end:.3f}" for p, end in REACH.items())
        period = f"to {SHORT} days" if short else "longer"
        lines.append(f"| {family} | {period} | {len(far)} | {np.mean(some):+.3f} | {cells} |")
    head = HEAD.format(case=given.case, n=len(numbers), after=LEARNED, people=PEOPLE, nodes=NODES)
    text = head + "\n".join(lines) + "\n" + ROWS_HEAD + furthest(panel, apart, widths)
    TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
