"""One publisher is wrong by a factor of two to four: writes liars.md.

    python verification/liars.py FIT FOLDER [--worlds 20] [--after 60]

The worlds are those of misspecified.py; in each, all figures of one publisher are multiplied (the
odds, for percentages). Is the truth still inside, and does the doctor name the liar?
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from invented import READ, Plan, fitted, inside, scored, seen_worlds

from nostoi.app.fitted import case_of_fit
from nostoi.base.numerics import prepare
from nostoi.case.case import Case
from nostoi.study.doctor.limits import limit

TABLE = Path(__file__).with_suffix(".md")
LEAST_ROWS = 3
SEED = 20230616
HEAD = """# One liar among the sources

Written by `python verification/liars.py FIT FOLDER --worlds {n} --after {after}` from {n}
invented worlds with parameters from the priors (see misspecified.md), with and without a liar. The
liar is drawn from the publishers with at least {least} used rows, the factor is between 2 and 4, up
or down. "Named": one of the doctor's findings N651 to N655 names the publisher. Fits are quick
(decision 039).

| what | wanted | with a liar | without |
|---|---|---|---|
"""


FACTORS = """\
## N655 alone, and where its limit lies

The factor on all figures of a publisher that fits everything else best, so many standard errors
from 1 and at least 1.5 either way. The doctor's limit is {limit:g}.

| standard errors | the liar is named, % | others named, mean per world | named in honest worlds |
|---|---|---|---|""".format(limit=limit("factor_sure"))
SURE = (2.0, 2.5, 3.0)


def off(one: Mapping[str, Any], sure: float) -> set[str]:
    """Publishers whose factor is large and lies more than so many standard errors from 1."""
    return {
        name
        for name, (shift, error) in one["factors"].items()
        if abs(shift) > np.log(limit("factor")) and abs(shift) > sure * error
    }


def plans_of(case: Case, n: int, after: int) -> list[Plan]:
    """A liar for every world."""
    rng = np.random.default_rng(SEED)
    rows = Counter(row.publisher for row in case.evidence.rows if row.used)
    able = sorted(name for name, count in rows.items() if count >= LEAST_ROWS)
    found = []
    for k in seen_worlds(case, n, after):
        factor = float(np.exp(rng.uniform(np.log(2), np.log(4)) * rng.choice([-1, 1])))
        found.append(Plan(k, {str(rng.choice(able)): round(factor, 2)}))
    return found


def main(words: Sequence[str]) -> None:
    """Fit all worlds and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--after", type=int, default=READ, help="worlds that are passed over")
    given = parser.parse_args(words)
    prepare()
    given.folder.mkdir(parents=True, exist_ok=True)
    plans = plans_of(case_of_fit(given.fit), given.worlds, given.after)
    lied = list(fitted(given.fit, plans, given.folder))
    honest = [
        one for _, one in fitted(given.fit, [Plan(p.number, {}) for p in plans], given.folder)
    ]
    both = ([one for _, one in lied], honest)
    lines = []
    for name in ("back any", "back 3m", "back 6m", "abroad", "left"):
        shares = [100 * np.mean([inside(one, name, 80) for one in some if scored(one, name)])
                  for some in both]  # fmt: skip
        wanted = "> 70" if name.startswith("back") else ""
        lines.append(
            f"| {name}: in the 80 % interval, % | {wanted} | {shares[0]:.0f} | {shares[1]:.0f} |"
        )
    named = [bool(set(plan.wrong) & set(one["named"])) for plan, one in lied]
    falsely = [len(set(one["named"]) - set(plan.wrong)) for plan, one in lied]
    calm = [len(one["named"]) for one in honest]
    lines.append(f"| the liar is named, % of worlds | >= 80 | {100 * np.mean(named):.0f} | |")
    lines.append(
        f"| others named, mean per world | | {np.mean(falsely):.1f} | {np.mean(calm):.1f} |"
    )
    lines += ["", FACTORS]
    for sure in SURE:
        hits = [set(plan.wrong) & off(one, sure) for plan, one in lied]
        others = [len(off(one, sure) - set(plan.wrong)) for plan, one in lied]
        calm = [len(off(one, sure)) for one in honest]
        lines.append(
            f"| {sure:.1f} | {100 * np.mean([bool(hit) for hit in hits]):.0f} | "
            f"{np.mean(others):.1f} | {np.mean(calm):.1f} |"
        )
    lines += ["", "| liar | factor | found by N655 | standard errors from 1 | named |",
              "|---|---|---|---|---|"]  # fmt: skip
    for (plan, one), hit in zip(lied, named, strict=True):
        name, factor = next(iter(plan.wrong.items()))
        shift, error = one["factors"][name]
        lines.append(
            f"| {name} | {factor:.2f} | {np.exp(shift):.2f} | {abs(shift) / error:.1f} | "
            f"{'yes' if hit else 'no'} |"
        )
    head = HEAD.format(n=len(plans), after=given.after, least=LEAST_ROWS)
    TABLE.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
