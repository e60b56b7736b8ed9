"""What-if questions on a fit of the flagship: writes verification/what_if.md.

    python verification/what_if.py FIT

Pairing of every shipped scenario, a scenario without changes, and the worth of measurements against
what simulated measurements realised. Takes about half a minute of two free cores.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

from nostoi.app.fitted import case_of_fit
from nostoi.base.numerics import prepare
from nostoi.case.candidates import read_candidates
from nostoi.case.case import Case

ROOT = Path(__file__).resolve().parents[1]
TABLE = Path(__file__).with_suffix(".md")
DRAWS, REPLICATIONS, SEED = 200, 20, 1
HEAD = """# What-if questions

Written by `python verification/what_if.py FIT` from a fit of {name} ({state}, R-hat
at most {rhat:.3f}), case {hash}.

## Pairing

{draws} draws of the fit, the same in both worlds. "ratio" is the variance of the paired
difference in the stock abroad (or returned, any stay) on the last day over the variance of the
difference of two separate runs. A ratio is small where a scenario moves few compared with what is
unknown of all who are abroad. Where it moves very many, how many is itself the unknown, and no
pairing takes that away.

| scenario | difference abroad, mean (persons) | its sd | ratio, abroad | ratio, returned |
|---|---|---|---|---|
"""
DESIGN = """
A scenario without changes differs from the case in {differs} of {numbers} numbers.

## Worth of measurements

`cases/russia-2022/design/hidden-return.yaml`: expected cut in the variance (weighted draws),
the same if all were linear and normal, and the mean cut of {replications} simulated
measurements in worlds (draws) that had no part in the expected one. "draws" is the least number of
effective draws behind a realised variance; below 50 weighting stands badly for a new fit.

| measurement | expected | if normal | realised | realised / expected | draws |
|---|---|---|---|---|---|
"""


def main(fit: Path) -> int:
    """Writes the page; 1 if a scenario without changes changes anything."""
    prepare()
    case = case_of_fit(fit)
    meta = json.loads((fit / "fit.json").read_text(encoding="utf-8"))
    found = meta["diagnostics"]
    state = "converged" if found["converged"] else "not converged"
    text = HEAD.format(
        name=case.spec.name, state=state, rhat=found["max_rhat"], hash=case.hash[:12], draws=DRAWS
    )
    pairs, differs, numbers = pairing(case, fit)
    text += pairs + DESIGN.format(differs=differs, numbers=numbers, replications=REPLICATIONS)
    text += worth(case, fit)
    TABLE.write_text(text, encoding="utf-8", newline="\n")
    return int(differs > 0)


def pairing(case: Case, fit: Path) -> tuple[str, int, int]:
    """Rows of the table of scenarios, and what a scenario without changes changes."""
    from tempfile import TemporaryDirectory

    from nostoi.study.compare import Order, compare

    with TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.yaml"
        nothing.write_text(
            f"title: Nothing\nsays: Nothing.\nsource: none\nfrom: {case.spec.event}\n",
            encoding="utf-8",
        )
        words = (*sorted(case.scenarios), str(nothing))
        found = compare(case, Order(words, fit, DRAWS, SEED))
    *shipped, empty = found.contrasts
    rows = ""
    for one in shipped:
        difference = one.parts["stock"][:, 0, -1]
        rows += (
            f"| {one.word} | {difference.mean():,.0f} | {difference.std():,.0f} | "
            f"{one.ratios['stock']:.4f} | {one.ratios['returned']:.4f} |\n"
        )
    parts = empty.parts.values()
    return rows, sum(int(np.count_nonzero(p)) for p in parts), sum(int(p.size) for p in parts)


def worth(case: Case, fit: Path) -> str:
    """Rows of the table of measurements."""
    from nostoi.study.design import check, evaluate, quantity_of, read_quantities, signal_of

    path = ROOT / "cases" / "russia-2022" / "design" / "hidden-return.yaml"
    asked = read_candidates(path, case)
    drawn = read_quantities(fit, case.hash)
    wanted = quantity_of(drawn, asked.quantity)
    rows = ""
    for verdict in evaluate(case, drawn, asked, SEED):
        signal = signal_of(case, drawn, verdict.candidate)
        made = check(verdict.candidate, wanted, signal, REPLICATIONS, SEED)
        near = verdict.cut < 3 * verdict.error
        ratio = "nothing to cut" if near else f"{made.realised / made.expected:.2f}"
        rows += (
            f"| {verdict.candidate.name} | {verdict.cut:.3f} ± {verdict.error:.3f} | "
            f"{verdict.linear:.3f} | {made.realised:.3f} ± {made.error:.3f} | {ratio} | "
            f"{made.effective.min():.0f} |\n"
        )
    return rows


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
