"""How far journeys of the flagship rest on numbers that no source gives.

Nobody counted by papers who left, nor what a day on the way was worth to them, nor who was bound
for a certain town. Each of the three has a range here that we hold possible; the agents run again
with each end of it, the same seed and prior medians, and the page says what changes. Run from the
root:

    python verification/roads_spread.py

It writes `verification/roads_spread.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nostoi.base.numerics import prepare
from nostoi.case.build import savings_of
from nostoi.case.case import Case
from nostoi.case.load import load
from nostoi.engine.agents.run import Settings, run
from nostoi.engine.agents.scene import Fields, mean_fields
from nostoi.engine.daily import RUNGS, daily, model_of, roads_of
from nostoi.engine.journeys.roads import Roads
from nostoi.engine.model import Model
from nostoi.infer.drive import prior_medians

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_suffix(".md")
PEOPLE, SEED = 680_000, 1
SHOWN = ("KAZ", "GEO", "ARM", "TUR", "SRB")


@dataclass(frozen=True)
class Found:
    """What one run says.

    Attributes:
        days: mean days on the way of a journey, waits included.
        wait: longest wait at any border post, days.
        share: of all arrivals by host.
        posts: persons who passed each gate.
        moved: moves of all kinds, persons.
    """

    days: float
    wait: float
    share: np.ndarray[Any, np.dtype[np.float64]]
    posts: np.ndarray[Any, np.dtype[np.float64]]
    moved: float


def variants(roads: Roads) -> dict[str, Roads]:
    """The roads as they are, and with each end of each range."""
    day = roads.day_value
    return {
        "as assumed": roads,
        "papers 70 / 25 / 5 %": replace(roads, papers=(0.7, 0.25, 0.05)),
        "papers 30 / 50 / 20 %": replace(roads, papers=(0.3, 0.5, 0.2)),
        "a day worth a third": replace(roads, day_value=day / 3),
        "a day worth three times": replace(roads, day_value=day * 3),
        "nobody bound for a town": replace(roads, bound=0.0),
        "all bound for a town": replace(roads, bound=1.0),
    }


def play(case: Case, model: Model, fields: Fields, roads: Roads, seed: int = SEED) -> Found:
    """A run over some roads."""
    done = run(
        model, prior_medians(model), Settings(seed=seed, people=PEOPLE),
        ladder=savings_of(case, RUNGS), fields=fields, roads=roads,
    )  # fmt: skip
    record, trips = done.record, done.trips
    if trips is None:
        raise ValueError("the case has no towns.csv")
    arrived = record.arrive.sum(0)
    journeys = done.weight * trips.set_out.sum()
    return Found(
        days=float(record.on_the_way.sum() / journeys),
        wait=float(trips.wait[:, roads.network.gates.post].max()),
        share=np.asarray(arrived / arrived.sum()),
        posts=done.weight * trips.passed.sum(0),
        moved=float(sum(part.sum() for part in (record.leave, record.again, record.go_home))),
    )


def half_of(a: Any, b: Any) -> float:
    """Half the summed difference of two distributions: the share of people who are elsewhere."""
    return float(0.5 * np.abs(a / a.sum() - b / b.sum()).sum())


def row(name: str, one: Found, base: Found, hosts: list[int]) -> str:
    """A row of the table."""
    cells = [f"{one.days:.3f}", f"{one.wait:.2f}"]
    cells += [f"{100 * one.share[h]:.2f}" for h in hosts]
    cells += [f"{100 * half_of(one.share, base.share):.2f}"]
    cells += [f"{100 * half_of(one.posts, base.posts):.1f}"]
    cells += [f"{100 * (one.moved / base.moved - 1):+.2f}"]
    return f"| {name} | {' | '.join(cells)} |"


def page() -> str:
    """The page as text."""
    prepare()
    case = load(ROOT / "cases" / "russia-2022")
    model, roads = daily(case, model_of(case)), roads_of(case)
    if roads is None:
        raise ValueError("the case has no towns.csv")
    every = variants(roads)
    fields = mean_fields(model, prior_medians(model))
    found = {name: play(case, model, fields, one) for name, one in every.items()}
    found["as assumed, another seed"] = play(case, model, fields, roads, SEED + 1)
    hosts = [model.world.hosts.index(code) for code in SHOWN]
    names = " | ".join(f"{code} %" for code in SHOWN)
    base = found["as assumed"]
    lines = [
        "# Journeys and what no source says of them",
        "",
        "Written by `python verification/roads_spread.py`: the flagship at prior medians, "
        f"{PEOPLE:,} agents,",
        f"one seed. A day is worth {roads.day_value:,.0f} RUB as assumed (a day's wage and a "
        "day's living); papers are",
        "the shares of those who hold an internal passport only, one for abroad, and a visa.",
        "Days are those of a mean journey with its waits, the wait is the longest at any border "
        "post;",
        "then the share of arrivals in five hosts, the share of all arrivals that are in another "
        "host,",
        "the share of crossings that are at another gate, and the change of all moves. The last "
        "row is chance.",
        "",
        f"| | days | longest wait | {names} | other host % | other gate % | moves % |",
        f"|---|{'---:|' * (len(SHOWN) + 5)}",
    ]
    lines += [row(name, one, base, hosts) for name, one in found.items()]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
