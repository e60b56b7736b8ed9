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
from invented import NODES, PEOPLE, seen_worlds

from nostoi.base.numerics import prepare
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.engine.daily import daily, model_of, roads_of
from nostoi.infer.model import target_of
from nostoi.observe.scale import LINEAR
from nostoi.study.horizon import panel_on
from nostoi.study.worlds import Maker, parameters, record_of

TABLE = Path(__file__).with_suffix(".md")
SHORT = 31
"""Days of a short period."""

SCORED = 60
"""Draws on which the shared error was learned (decision 042); those here come after them."""

HEAD = """# What cohorts get wrong of what people do

Written by `python verification/model_error.py {case} --worlds {n}`.

{n} draws of the priors, the next after the first sixty of misspecified.md; {people:,} agents with
journeys, queues and networks of {nodes:,} contacts, and the cohort engine at the same parameters.
Difference of what both say that a row would show, on the row's scale (logs; logits for percentages;
balances are left out). "Scale": the scale of a Student t with four degrees of freedom that has the
same share beyond its 80 or 90 % interval; a careful source has 0.06.

| family | period | rows x draws | mean | scale by 80 % | scale by 90 % |
|---|---|---|---|---|---|
"""
REACH = {80: 1.5332, 90: 2.1318}
"""Ends of the central intervals of a standard t with four degrees of freedom."""


def differences(case: Case, numbers: Sequence[int]) -> Iterator[Any]:
    """Cohorts less people, of every row on its scale; [row], for each draw."""
    target, maker = target_of(case), Maker(case, None, PEOPLE, contacts=NODES)
    today = daily(case, model_of(case))
    panel, roads = panel_on(today.world, case.evidence), roads_of(case)
    table = parameters(maker, target.model, target.panel, numbers)
    shown = jax.jit(lambda values: target.panel.centre_and_width(target.record(values), values)[0])
    seen = jax.jit(lambda record, values: panel.centre_and_width(record, values)[0])
    for place, number in enumerate(numbers):
        values = {name: value[place] for name, value in table.items()}
        record = record_of(maker, today, values, number, roads)
        sys.stderr.write(f"\r{place + 1} of {len(numbers)} draws ")
        yield np.asarray(shown(values)) - np.asarray(seen(record, values))


def main(words: Sequence[str]) -> None:
    """Compare and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("--worlds", type=int, default=24)
    given = parser.parse_args(words)
    prepare()
    case = load(given.case)
    numbers = seen_worlds(case, SCORED + given.worlds)[SCORED:]
    apart = np.stack(list(differences(case, numbers)))
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
    head = HEAD.format(case=given.case, n=len(numbers), people=PEOPLE, nodes=NODES)
    TABLE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
