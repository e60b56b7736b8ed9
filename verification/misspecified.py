"""Coverage where the truth is known and the model is wrong: writes misspecified.md.

    python verification/misspecified.py FIT FOLDER [--worlds 60] [--after 60] [--near 0]
        [--chains 0]

Worlds of the agent engine (journeys with queues, rumours over contacts, savings of single people),
seen through the flagship's own sources, each fitted by `--quick`, and the first few
by more draws too. Their parameters are drawn from the priors; those of the `near` worlds from FIT.
FOLDER keeps one small file per fit; a second call goes on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from invented import (
    EDITION,
    LEARNED,
    LEFT,
    MASSES,
    PEOPLE,
    READ,
    SETTINGS,
    SHARED_ON,
    Plan,
    fitted,
    inside,
    scored,
    seen_worlds,
)

from nostoi.app.fitted import case_of_fit
from nostoi.base.numerics import prepare
from nostoi.infer.settings import QUICK_DRAWS, Settings

TABLE = Path(__file__).with_suffix(".md")
LEAST = 10
"""Least number of worlds, if so many were made, in which a quantity must be scored."""

AFTER = "worlds of the sequence that are passed over: what invented.READ says of them"

WANTED = {50: (40, 60), 80: (72, 88), 95: (90, 99)}
HEAD = """# Worlds that the model did not make

Written by `python verification/misspecified.py FIT FOLDER {words}`.

Each world is a run of the agent engine with {people:,} agents: journeys leg by leg with queues,
rumours over a network of contacts, 128 rungs of savings where the cohort engine has 24. The sources
publish what they would have seen, with biases and noise, on the same dates and with the same gaps.
Each world is then fitted **by `--quick`**: the sampler of the default fit with {draws} draws a
chain in place of {full} (decision 039).

Coverage in percent of worlds; wanted: 50 % intervals 40 to 60, 80 % 72 to 88, 95 % 90 to 99. Bias:
mean of log(median / truth). A truth below 100 persons is not scored. By chance alone, a coverage
of 80 % is seen in {n} worlds with a standard error of {error:.0f} points, and fewer than 60 worlds
say little about single rows.

## Parameters from the priors

Over worlds drawn from the priors an interval promises to hold the truth. Draws are passed over in
which fewer than {low:,.0f} or more than {high:,.0f} leave (by the cohort engine): nobody would read
them with this ledger. {different} of the {n} worlds have a truth of their own. The first {after}
such worlds are passed over: the width of the error that all sources share was learned on the first
{shared}, read without it (decision 042), the scatter of Serbia's stock on those up to number
{learned} (decision 044), and the sixty after them were read before figures lay anywhere in their
ranges. In the worlds the shared error is nought: it stands for what the cohort engine gets
wrong of people, and these are people.

"""

TABLE_HEAD = """\
| quantity | worlds | in 50 % | in 80 % | in 95 % | bias | sd of log(median / truth) |
|---|---|---|---|---|---|---|
"""

NEAR = """
## Parameters from the posterior of the flagship

{n} worlds whose truths lie where the flagship's fit lies: this is **how a world like ours would be
misread**. Their intervals promise less: the prior shaped the draws, and shapes each world's fit
once more. What evidence says little about (who of those who came back had stayed three or six
months) is drawn back to the middle of the prior, which lies {shift:+.2f} (three months) and
{shift6:+.2f} (six) from the middle of these truths, in logs of the share of all who came back.

"""

EARLIER = """
## Worlds that were passed over: edition {edition}

{n} worlds (other numbers of the same sequence), **made and read by an earlier state of the
program**: {state}. They stay in sight because some rows missed their ranges here.

"""
STATES = {
    2: "without the shared error, with ranges of counts that lay a few percent too low, by\nchains "
    "without second tries. The width of the shared error was learned on them",
    3: "people reached Israel without waiting for papers (decision 045), and the one\nstatement on "
    "Serbia's stock had no scatter of its own, which was learned on them",
    4: "what a source saw lay in the very middle of a published range, and not anywhere\nin it",
}
"""What earlier editions lacked."""

BOTH = """
## All together

{n} worlds, each read once, by the states above: what chance does to one part, it does less to all.
What is known of hosts and of the returned is far wider than the shared error, and is hardly touched
by it; all who left and all who are abroad are of two kinds here, and left out.

"""
MIXED = ("left", "abroad")

CHAINS = """
## The same worlds by more draws

The first {n} worlds, fitted by {settings.chains} chains of {settings.draws} draws as well (largest
R-hat of each: {rhat}). In the 80 % interval: number of worlds; bias as above; width: mean of
log(upper / lower end) of the 80 % interval.

| quantity | worlds | held, quick | held, long | bias, quick | long | width, quick | long |
|---|---|---|---|---|---|---|---|
"""


def reachable(mass: int, n: int) -> bool:
    """Whether some share of n worlds lies in the range wanted of an interval."""
    low, high = WANTED[mass]
    return any(low <= 100 * k / n <= high for k in range(n + 1))


def by_chains(fit: Path, quick: Sequence[Any], folder: Path, numbers: Sequence[int]) -> str:
    """Some worlds by chains, beside the quick fits of the same worlds; text."""
    n = len(numbers)
    if n == 0:
        return ""
    long = [one for _, one in fitted(fit, [Plan(k, {}, chains=True) for k in numbers], folder)]
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


def coverage(found: Sequence[Any], without: Sequence[str] = ()) -> str:
    """Table of some worlds, and how many quantities have all three shares in their ranges."""
    lines, kept = [], 0
    for name in found[0]["truth"]:
        if name in without:
            continue
        some = [one for one in found if scored(one, name)]
        if len(some) < min(LEAST, len(found)):
            continue
        shares = [100 * np.mean([inside(one, name, mass) for one in some]) for mass in MASSES]
        kept += all(WANTED[m][0] <= s <= WANTED[m][1] for m, s in zip(MASSES, shares, strict=True))
        ratio = np.array([miss(one, name) for one in some])
        cells = " | ".join(f"{share:.1f}" for share in shares)
        lines.append(
            f"| {name} | {len(some)} | {cells} | {ratio.mean():+.2f} | {ratio.std():.2f} |"
        )
    tail = f"\n{kept} of {len(lines)} quantities have all three in their ranges."
    groups = {"returned, all rules": "back", "stocks, all hosts": "stock"}
    for words, start in groups.items():
        pairs = [(one, n) for one in found for n in one["truth"]
                 if n.startswith(start) and scored(one, n)]  # fmt: skip
        shares = [100 * np.mean([inside(one, n, mass) for one, n in pairs]) for mass in MASSES]
        cells = " | ".join(f"{share:.1f}" for share in shares)
        lines.append(f"| **{words}** | {len(pairs)} | {cells} | | |")
    return TABLE_HEAD + "\n".join([*lines, tail]) + "\n"


def earlier(folder: Path) -> dict[int, list[Any]]:
    """Kept honest worlds of earlier editions, by edition."""
    kept: dict[int, list[Any]] = {edition: [] for edition in STATES}
    for path in honest(folder):
        one = json.loads(path.read_text(encoding="utf-8"))
        edition = int(str(one["case"]).rpartition(" ")[2])
        if edition != EDITION:
            kept[edition].append(one)
    return {edition: some for edition, some in kept.items() if some}


def honest(folder: Path) -> list[Path]:
    """Files of worlds of the priors in which nobody lies and that no chains read again."""
    return sorted(path for path in folder.glob("world-*.json") if path.stem[6:].isdigit())


def shift(far: Sequence[Any], near: Sequence[Any], rule: str) -> float:
    """Median log share of a rule among those who came back, first worlds less second ones."""

    def middle(found: Sequence[Any]) -> float:
        pairs = [(one["truth"][f"back {rule}"], one["truth"]["back any"]) for one in found]
        return float(np.median([np.log(a / b) for a, b in pairs if min(a, b) >= 1.0]))

    return middle(far) - middle(near)


def main(words: Sequence[str]) -> None:
    """Fit all worlds and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fit", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--after", type=int, default=READ, help=AFTER)
    parser.add_argument("--near", type=int, default=0, help="worlds at draws of the fit")
    parser.add_argument("--chains", type=int, default=0, help="worlds that chains fit as well")
    given = parser.parse_args(words)
    if not 0 <= given.chains <= given.worlds:
        parser.error("--chains must lie between 0 and --worlds: chains fit the first worlds again")
    prepare()
    given.folder.mkdir(parents=True, exist_ok=True)
    numbers = seen_worlds(case_of_fit(given.fit), given.worlds, given.after)
    plans = [Plan(k, {}) for k in numbers]
    plans += [Plan(k, {}, near=True) for k in range(given.near)]
    both = [one for _, one in fitted(given.fit, plans, given.folder)]
    found, near = both[: given.worlds], both[given.worlds :]
    different = len({tuple(one["truth"].values()) for one in found})
    error = 100 * (0.8 * 0.2 / len(found)) ** 0.5
    names = ("worlds", "after", "near", "chains")
    words_ = " ".join(f"--{name} {getattr(given, name)}" for name in names)
    text = HEAD.format(
        words=words_, n=len(found), people=PEOPLE, low=LEFT[0], high=LEFT[1], different=different,
        error=error, after=given.after, shared=SHARED_ON, learned=LEARNED, draws=QUICK_DRAWS,
        full=Settings().draws,
    )  # fmt: skip
    text += coverage(found)
    if not all(reachable(mass, len(found)) for mass in WANTED):
        text += "No quantity can: so few worlds have no share that lies in each of the ranges.\n"
    before = earlier(given.folder)
    for edition, some in sorted(before.items(), reverse=True):
        text += EARLIER.format(edition=edition, n=len(some), state=STATES[edition])
        text += coverage(some)
    if before:
        together = [*found, *(one for some in before.values() for one in some)]
        text += BOTH.format(n=len(together)) + coverage(together, MIXED)
    text += by_chains(given.fit, found, given.folder, numbers[: given.chains])
    if near:
        shifts = [shift(found, near, rule) for rule in ("3m", "6m")]
        text += NEAR.format(n=len(near), shift=shifts[0], shift6=shifts[1])
        text += coverage(near)
    TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
