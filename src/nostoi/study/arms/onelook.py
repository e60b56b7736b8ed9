"""Counts of camps after a single look at them, when the total is known: stay, and come by road.

    newcomers of day t  ~  e^(-(t - look) / days) * shares on the day of the look
                           + (1 - e^(-(t - look) / days)) * pull of the camps by road
    people who leave    ~  persons in the camp

Who is there stays where the look saw them; of newcomers the share that goes by what was seen
fades with time, and the map, outbreaks, closures and openings take over. Flows of single camps
are not learned here: a month of reports has one or two of a camp, and what the flow model of
`learn` makes of those goes astray over years.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from nostoi.infer.ensemble import MEMBERS
from nostoi.study.arms.flow import COMMON, prior, rates
from nostoi.study.arms.ground import Ground
from nostoi.study.arms.learn import ALL_ON, Belief, learn
from nostoi.study.arms.nopeek import AT_ONCE, REGISTERED_WITHIN, Shared, quantiles_of
from nostoi.study.arms.outlook import LONGEST_GAP, MONTH, errors_of, registered_anew
from nostoi.study.arms.reports import Reports
from nostoi.study.arms.trust import Trust

Floats = NDArray[np.float64]

FILE = "onelook.csv"


@dataclass(frozen=True)
class Split:
    """How newcomers are split: pull falls with distance to a power; what was seen fades in days."""

    power: float
    days: float


@dataclass(frozen=True)
class Look:
    """A look at the camps.

    Attributes:
        day: of the look.
        split: how newcomers are split after it; the shipped one by default.
        seen: persons in each camp on that day [camp]; by default what was published by then.
    """

    day: int
    split: Split | None = None
    seen: Floats | None = None


@cache
def shipped_split() -> Split:
    """The numbers learned on all public cases, for a case that is none of them."""
    text = files("nostoi.study.arms").joinpath(FILE).read_text(encoding="utf-8")
    return Split(**{row["name"]: float(row["chosen"]) for row in csv.DictReader(text.splitlines())})


def one_look(
    ground: Ground,
    reports: Reports,
    total: Floats,
    trust: Trust,
    look: Look,
    members: int = MEMBERS,
    seed: int = 1,
) -> Shared:
    """Counts from the day after the look to the last day of the case.

    Only `total[: t + 1]`, and news up to day t, enter the counts of day t.

    Args:
        ground, reports: of the case.
        total: persons in all camps [day].
        trust: what is believed before the case is seen.
        look: when, and what was seen.
        members: size of the cloud.
        seed: of all draws.

    Raises:
        ValueError: if no day follows the look.
    """
    if not 0 <= look.day < ground.days - 1:
        raise ValueError(f"no day of the case follows day {look.day}")
    belief = learn(ground, reports, look.day, trust, ALL_ON, members, seed)
    believed = look.split or shipped_split()
    cloud = prior(trust, len(ground.camps), members, seed)
    cloud[:, COMMON.index("distance")] += np.log(believed.power / trust.distance_power)
    pull = rates(ground, cloud, np.array([look.day]), look.day, ALL_ON).share[:, 0]
    if look.seen is None:
        persons = published(belief, pull, total)
    else:
        persons = np.repeat(np.asarray(look.seen, float)[None], members, 0)
    return _forward(belief, cloud, persons, total, believed, seed)


def published(belief: Belief, pull: Floats, total: Floats) -> Floats:
    """Persons on the day of the look by what was out then and the known total [member, camp].

    Those whom no report holds yet came since the last report of their camp; they are put where
    most can have come since, by road.
    """
    last, now = belief.last, float(total[belief.day])
    missing = now - last.sum()
    if missing < 0:
        return np.repeat(last[None] * now / last.sum(), len(pull), 0)
    since = np.maximum(now - total[belief.last_day], 0.0)
    weight = pull * since if (pull * since).sum(1).all() else pull
    return np.asarray(last + missing * weight / weight.sum(1, keepdims=True))


def _forward(
    belief: Belief, cloud: Floats, start: Floats, total: Floats, split: Split, seed: int
) -> Shared:
    """Day by day from the look on, with errors around the counts."""
    ground, look, trust = belief.ground, belief.day, belief.trust
    _, errors = errors_of(belief, seed)
    gap = np.minimum(look - belief.last_day, LONGEST_GAP)
    left = registered_anew(belief, REGISTERED_WITHIN, seed, 0)
    everybody = np.maximum(start.sum(1, keepdims=True), 1e-300)
    seen, persons, kept = start / everybody, start, []
    for begin in range(look + 1, ground.days, AT_ONCE):
        days = np.arange(begin, min(begin + AT_ONCE, ground.days))
        pull = rates(ground, cloud, days, int(days[-1]), ALL_ON).share
        for k, day in enumerate(days.tolist()):
            fresh = np.exp(-(day - look) / split.days)
            open_now = seen * ground.is_open[day]
            share = fresh * open_now + (1.0 - fresh) * pull[:, k]
            share = np.where(share.sum(1, keepdims=True) > 0, share, pull[:, k])
            share = share / np.maximum(share.sum(1, keepdims=True), 1e-300)
            persons = after_a_day(persons, float(total[day] - total[day - 1]), share)
            span = MONTH * ((day - look + gap) / MONTH) ** trust.scatter_power
            drawn = np.maximum(persons + errors * belief.scatter * span, 0.0) * left
            kept.append(quantiles_of(drawn, share, float(total[day])))
    return Shared(np.arange(look + 1, ground.days), np.stack(kept, axis=1))


def after_a_day(persons: Floats, come: float, share: Floats) -> Floats:
    """Persons [member, camp] after a day: newcomers by their shares, leavers by where they are.

    `come` is how many more there are in all, below 0 if fewer.
    """
    if come >= 0:
        return np.asarray(persons + come * share)
    everybody = np.maximum(persons.sum(1, keepdims=True), 1e-300)
    return np.asarray(persons * np.maximum(1.0 + come / everybody, 0.0))
