"""Coverage where the truth is known and the model is wrong: writes misspecified.md.

    python verification/misspecified.py FIT FOLDER [--worlds 60] [--chains 0]

Worlds of the agent engine (journeys with queues, rumours over contacts, savings of single people),
at parameters drawn from FIT, seen through the flagship's own sources, each fitted by the quick
approximation, and the first few by chains too. FOLDER keeps one small file per fit; a second call
goes on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from invented import MASSES, PEOPLE, SETTINGS, Plan, fitted, inside, scored

from nostoi.base.numerics import prepare

TABLE = Path(__file__).with_suffix(".md")
LEAST = 10
"""Least number of worlds, if so many were made, in which a quantity must be scored."""

WANTED = {50: (40, 60), 80: (72, 88), 95: (90, 99)}
HEAD = """# Worlds that the model did not make

Written by `python verification/misspecified.py FIT FOLDER` from {n} worlds. Each is a run of the
agent engine with {people:,} agents: journeys leg by leg with queues, rumours over a network of
contacts, 128 rungs of savings where the cohort engine has 24. Parameters are draws of the posterior
of the flagship, so truths lie where that fit lies and not all over the prior. The sources publish
what they would have seen, with biases and noise, on the same dates and with the same gaps. Each
world is then fitted **by the quick approximation** (a normal curve in its middle), which is not the
default fit: the chains would take some ten hours for all worlds.

Coverage in percent of worlds; wanted: 50 % intervals 40 to 60, 80 % 72 to 88, 95 % 90 to 99. Bias:
mean of log(median / truth). A truth below 100 persons is not scored. {different} of the {n} worlds
have a truth of their own. By chance alone, a coverage of 80 % is seen in {n} worlds with a standard
error of {error:.0f} points, and fewer than 60 worlds say little about single rows.

| quantity | worlds | in 50 % | in 80 % | in 95 % | bias | sd of log(median / truth) |
|---|---|---|---|---|---|---|
"""

CHAINS = """
## The same worlds by chains

The first {n} worlds, fitted by {settings.chains} chains of {settings.draws} draws as well (largest
R-hat of each: {rhat}). In the 80 % interval: number of worlds; bias as above; width: mean of
log(upper / lower end) of the 80 % interval.

| quantity | worlds | held, quick | held, chains | bias, quick | chains | width, quick | chains |
|---|---|---|---|---|---|---|---|
"""


def reachable(mass: int, n: int) -> bool:
    """Whether some share of n worlds lies in the range wanted of an interval."""
    low, high = WANTED[mass]
    return any(low <= 100 * k / n <= high for k in range(n + 1))


def by_chains(fit: Path, quick: Sequence[Any], folder: Path, n: int) -> str:
    """The first n worlds by chains, beside the quick fits of the same worlds; text."""
    if n == 0:
        return ""
    long = [one for _, one in fitted(fit, [Plan(k, {}, chains=True) for k in range(n)], folder)]
    lines = []
    for name in quick[0]["truth"]:
        kept = [k for k in range(n) if scored(long[k], name)]
        if kept:
            two = [[some[k] for k in kept] for some in (quick, long)]
            hits = [sum(inside(one, name, 80) for one in some) for some in two]
            off = [np.array([miss(one, name) for one in some]) for some in two]
            width = [np.mean([wide(one, name) for one in some]) for some in two]
            lines.append(
                f"| {name} | {len(kept)} | {hits[0]} | {hits[1]} | {off[0].mean():+.2f} | "
                f"{off[1].mean():+.2f} | {width[0]:.2f} | {width[1]:.2f} |"
            )
    rhat = ", ".join(f"{one['rhat']:.3f}" for one in long)
    return CHAINS.format(n=n, settings=SETTINGS, rhat=rhat) + "\n".join(lines) + "\n"


def miss(found: Any, name: str) -> float:
    """Log of median over truth."""
    return float(np.log(max(found["intervals"][name]["0"][0], 1.0) / found["truth"][name]))


def wide(found: Any, name: str) -> float:
    """Width of the 80 % interval on the log scale."""
    low, high = (max(end, 1.0) for end in found["intervals"][name]["80"])
    return float(np.log(high / low))


def main(words: Sequence[str]) -> None:
    """Fit all worlds and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--chains", type=int, default=0, help="worlds that chains fit as well")
    given = parser.parse_args(words)
    if not 0 <= given.chains <= given.worlds:
        parser.error("--chains must lie between 0 and --worlds: chains fit the first worlds again")
    prepare()
    given.folder.mkdir(parents=True, exist_ok=True)
    plans = [Plan(k, {}) for k in range(given.worlds)]
    found = [one for _, one in fitted(given.fit, plans, given.folder)]
    lines, kept = [], 0
    for name in found[0]["truth"]:
        some = [one for one in found if scored(one, name)]
        if len(some) < min(LEAST, len(found)):
            continue
        shares = [100 * np.mean([inside(one, name, mass) for one in some]) for mass in MASSES]
        kept += all(WANTED[m][0] <= s <= WANTED[m][1] for m, s in zip(MASSES, shares, strict=True))
        ratio = np.array([miss(one, name) for one in some])
        cells = " | ".join(f"{share:.0f}" for share in shares)
        lines.append(
            f"| {name} | {len(some)} | {cells} | {ratio.mean():+.2f} | {ratio.std():.2f} |"
        )
    groups = {"returned, all rules": "back", "stocks, all hosts": "stock"}
    for words_, start in groups.items():
        pairs = [(one, n) for one in found for n in one["truth"]
                 if n.startswith(start) and scored(one, n)]  # fmt: skip
        shares = [100 * np.mean([inside(one, n, mass) for one, n in pairs]) for mass in MASSES]
        cells = " | ".join(f"{share:.0f}" for share in shares)
        lines.append(f"| **{words_}** | {len(pairs)} | {cells} | | |")
    tail = f"\n{kept} of {len(lines) - len(groups)} quantities have all three in their ranges.\n"
    if not all(reachable(mass, len(found)) for mass in WANTED):
        tail += "No quantity can: so few worlds have no share that lies in each of the ranges.\n"
    different = len({tuple(one["truth"].values()) for one in found})
    error = 100 * (0.8 * 0.2 / len(found)) ** 0.5
    head = HEAD.format(n=len(found), people=PEOPLE, different=different, error=error)
    tail += by_chains(given.fit, found, given.folder, given.chains)
    TABLE.write_text(head + "\n".join(lines) + "\n" + tail, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
