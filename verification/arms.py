"""The honest arms on Flee's public conflicts, each judged with what was learned on the others.

Run from the root, with the folder that holds the cases:

    python verification/arms.py FOLDER --jobs 2

It writes `verification/arms.md`. What is believed of a conflict before it is seen comes from
`verification/arms_candidates.csv`, by the rule of `verification/arms_learn.py`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from arms_learn import CASES, STILL, imported, learned, read_scores
from arms_once import read_errors, split_without
from arms_tables import (
    HORIZONS,
    OFF,
    Found,
    ablation,
    forecasts,
    no_peeking,
    pooled,
    ratio,
    small_clouds,
    together,
    wins,
)
from arms_widen import read_distances, widening_without

HONEST = ("no-peeking", "forecast")
PAGE = Path(__file__).with_suffix(".md")
MEMBERS, FEWER = 300, 100


def of_case(folder: Path) -> Found:
    """All runs of one conflict."""
    from nostoi.case.load import load
    from nostoi.study.arms.flow import Switches
    from nostoi.study.arms.judge import Mark, marks, rounds
    from nostoi.study.arms.run import data_of, run_arms

    name = folder.name
    scores = read_scores()
    trust, still = learned(scores, name), learned(scores, name, STILL)
    split = split_without(read_errors(), name)
    widening = widening_without(read_distances(), name)
    case = load(folder)
    found: dict[tuple[str, str, int, str], Mark] = {}
    kept: dict[bool, tuple[dict[str, float], float]] = {}
    for hindsight, members in ((False, MEMBERS), (True, FEWER)):
        data = data_of(case, hindsight)
        arms = run_arms(data, HONEST, trust, members, split=split, widening=widening)
        errors = {e.name: e.rescaled for e in arms.errors}
        shared = arms.shared["monthly"]
        came = data_of(case).reports.in_hindsight()[shared.days]
        low, high = shared.quantiles[3], shared.quantiles[-4]
        kept[hindsight] = errors, float(((low <= came) & (came <= high)).mean())
        variant = "hindsight" if hindsight else "all"
        found |= {(variant, m.forecaster, m.horizon, m.scope): m for m in arms.scores}
        if not hindsight:
            variants = [(off, trust, Switches(**{off: False})) for off in OFF]
            variants.append(("still", still, Switches(flows=False)))
            variants.append(("fewer", trust, Switches()))
            for variant, believed, on in variants:
                made = rounds(data.ground, data.reports, believed, data.capacity, on, FEWER)
                told = marks(made, data.reports.of_the_day())
                found |= {(variant, m.forecaster, m.horizon, m.scope): m for m in told}
    return Found(
        name,
        kept[False][0],
        kept[True][0],
        (kept[False][1], kept[True][1]),
        {k: (m.crps, m.wis_log, m.bias, m.covered, m.forecasts) for k, m in found.items()},
    )


def targets(every: Sequence[Found]) -> list[str]:
    """What was aimed at, and what came out."""
    lines = ["| aim | found |", "|---|---|"]
    for way in ("monthly", "day-30", "once"):
        below = wins(every, way)
        lines.append(
            f"| no peeking, `{way}`: rescaled ARD below `share30` and Flee on five of seven | "
            f"{len(below)}: {', '.join(below) or 'none'} |"
        )
    for rival, horizon in (("lag30", 30), ("share30", 60), ("share30", 90)):
        cells = []
        for scope in ("camps", "total"):
            told = partial(ratio, variant="all", base=rival, horizon=horizon, scope=scope)
            value = together(every, told)
            cells.append(f"{scope} {value:.2f}")
        lines.append(
            f"| forecast, {horizon} days: CRPS below `{rival}` (ratio, conflicts alike) | "
            f"{', '.join(cells)} |"
        )
    for scope in ("camps", "total"):
        shares = []
        for horizon in HORIZONS:
            rows = [one.scores["all", "nostoi", horizon, scope] for one in every]
            hit = sum(row[3][1] * row[4] for row in rows) / sum(row[4] for row in rows)
            shares.append(f"{100 * hit:.0f} %")
        lines.append(
            f"| 80 % intervals hold 70 to 90 % ({scope}; 30, 60, 90 days) | {', '.join(shares)} |"
        )
    return lines


def count_below(every: Sequence[Found], way: str, rival: str) -> int:
    """In how many conflicts a way has less error than a rival."""
    return sum(one.errors[way] < one.errors[rival] for one in every)


def page(every: Sequence[Found], count: int) -> str:
    """The page."""
    once, alike = wins(every, "once"), wins(every, "day-30")
    late = wins(every, "monthly", hindsight=True)
    last = [o.case for o in every if o.errors["monthly"] < o.errors["last reports"]]
    parts = [
        "# Honest arms on seven conflicts",
        "",
        "Written by `verification/arms.py`. Each conflict is forecast with what was learned on the "
        f"six others: of {count} candidates drawn without looking, the mean of the eight that "
        f"forecast those six best. Clouds of {MEMBERS} members, {FEWER} in ablations and in "
        "hindsight. The form of the model was made with all seven in view; conflicts that nobody "
        "here has seen are the "
        "real test. Counts come from UNHCR's portals, outbreaks from ACLED, populations from "
        "citypopulation.de, all by way of Flee's public cases; Flee's errors were measured outside "
        "this project.",
        "",
        *targets(every),
        "",
        "## No peeking: arrivals known, camps not",
        "",
        "Rescaled ARD after day 30, against the counts in hindsight. `monthly` has seen the "
        "reports out by the last month's end, `once` those out by day 30, `day-30` the counts of "
        "day 30 that `share30` reads; all the total, outbreaks, closures and openings up to the "
        "day itself, and no capacity. `last reports` "
        "has seen what `monthly` has and takes its shares as they are. `share30` and `lag30` are "
        "the rivals as published: they read the series in hindsight, and through straight lines "
        "the next report too. `capacity` and Flee have seen the maxima of the series. Last column: "
        "counts inside the 80 % intervals of `monthly`.",
        "",
        *no_peeking(every, False),
        "",
        f"Below `share30` and Flee: `monthly` {len(wins(every, 'monthly'))} of {len(every)}, "
        f"`once` {len(once)} ({', '.join(once) or 'none'}), `day-30` {len(alike)} "
        f"({', '.join(alike) or 'none'}). Below `share30`, which has seen as much or more: `once` "
        f"{count_below(every, 'once', 'share30')}, `day-30` "
        f"{count_below(every, 'day-30', 'share30')}. `monthly` below `last reports`, which "
        f"has seen the same: {len(last)} ({', '.join(last)}). `lag30`, which reads ahead, is below "
        f"`monthly` in {sum(o.errors['lag30'] < o.errors['monthly'] for o in every)}.",
        "",
        "### If all new registrations had been known, as for the rivals",
        "",
        *no_peeking(every, True),
        "",
        f"Below `share30` and Flee: `monthly` {len(late)}, "
        f"`once` {len(wins(every, 'once', hindsight=True))} of {len(every)}.",
        "",
        "## Forecast: arrivals unknown, from each month's end",
        "",
        "Against the figures of the day; only rows that were out on the day of issue are read. "
        "`lag30` is the last count, `share30` the last total in the shares of the first month, "
        "`capacity` that total split by capacity (it has seen the future), `still` the last count "
        "with errors around it, learned on the other conflicts in the same way. Rivals but `still` "
        "are single figures. `share30` is a weak rival where few camps had reported after a month; "
        "`lag30` and `still` are the bar at all horizons.",
        "",
        "### All conflicts together",
        "",
        "Camps:",
        "",
        *pooled(every, "all", "camps"),
        "",
        "Sum of the camps:",
        "",
        *pooled(every, "all", "total"),
        "",
        "### By conflict: CRPS of camps as a ratio, bias, and coverage",
        "",
        *forecasts(every, "all", "camps"),
        "",
        "### By conflict: CRPS of the total",
        "",
        *forecasts(every, "all", "total"),
        "",
        "### If all new registrations had been known, by conflict, camps",
        "",
        *forecasts(every, "hindsight", "camps"),
        "",
        "## What each mechanism is worth",
        "",
        "CRPS without it over CRPS with it, conflicts alike: above 1 it helps.",
        "",
        *ablation(every),
        "",
        "## Small clouds are too sure of themselves",
        "",
        "Ensemble Kalman inversion on a linear problem with 20 parameters and 40 data, 40 "
        "repetitions with the truth drawn from the prior; the exact posterior is known.",
        "",
        *small_clouds(),
        "",
    ]
    return "\n".join(parts)


def main() -> None:
    """Run all conflicts and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path, help="the folder that holds Flee's public cases")
    asked.add_argument("--jobs", type=int, default=2)
    given = asked.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as temporary:
        cases = [imported(given.folder, name, Path(temporary)) for name in CASES]
        with ProcessPoolExecutor(given.jobs, get_context("spawn")) as pool:
            found = list(pool.map(of_case, cases))
    count = len({line.candidate for line in read_scores()})
    PAGE.write_text(page(found, count), encoding="utf-8")


if __name__ == "__main__":
    main()
